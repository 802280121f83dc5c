"""Raw updates in: acknowledged only after their commit, each applied once, in order per person, poison put aside."""

import asyncio
import hmac
import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol
from weakref import WeakValueDictionary

import aiohttp
import structlog
from aiohttp import web

from bot.channels import Channel
from bot.metrics import ASIDE, TAKEN, TURN_SECONDS
from storage.database import Database, Unavailable

log = structlog.get_logger()

TRIES = 3
BODY = 1024 * 1024
"""Bytes of a webhook's body at most."""

KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of update that we ask for."""

POLL_SECONDS = 30
RETRY_SECONDS = 1.0
DRAIN_SECONDS = 20


class Talker(Protocol):
    """What takes the updates: the conversation, or a test's own."""

    async def handle(self, channel: str, raw: dict[str, Any]) -> dict[str, Any] | None: ...

    async def apologise(self, channel: str, raw: dict[str, Any]) -> None: ...

    async def execute(self, channel: str, answer: dict[str, Any]) -> None: ...


class Intake:
    """Takes raw updates of every channel to the talker, one person's after another, different people's side by side."""

    def __init__(self, db: Database, talker: Talker, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._talker = talker
        self._clock = clock
        self._lanes: WeakValueDictionary[tuple[str, int], asyncio.Lock] = WeakValueDictionary()

    async def take(self, channel: str, raw: dict[str, Any]) -> dict[str, Any] | None:
        """Take one update to its commit, or put it aside; its answer. Unavailable when it must come again."""
        lane = self._lanes.setdefault((channel, sender(raw)), asyncio.Lock())
        async with lane:
            with TURN_SECONDS.time():
                answer = await self._tried(channel, raw)
        TAKEN.labels(channel).inc()
        return answer

    async def execute(self, channel: str, answer: dict[str, Any]) -> None:
        """Answer by a call of its own."""
        await self._talker.execute(channel, answer)

    async def put_aside(self, channel: str, raw: dict[str, Any] | str, error: str) -> None:
        """Keep an update that cannot be taken, so that it blocks nobody."""
        known = raw if isinstance(raw, dict) else {}
        number = known.get("update_id")
        values = {
            "channel": channel,
            "update_id": number if isinstance(number, int) else None,
            "chat_id": sender(known) or None,
            "body": json.dumps(raw, ensure_ascii=True),
            "error": error[:500],
            "at": self._clock(),
        }
        await self._db.turn(lambda store: store.arrivals.put_aside(values))
        ASIDE.labels(channel).inc()
        log.error("update put aside", channel=channel, update=values["update_id"], error=error[:200])

    async def _tried(self, channel: str, raw: dict[str, Any]) -> dict[str, Any] | None:
        failure = ""
        for _ in range(TRIES):
            try:
                return await self._talker.handle(channel, raw)
            except Unavailable:
                raise
            except Exception as error:
                failure = type(error).__name__
                log.exception("update failed", channel=channel, update=raw.get("update_id"))
        await self.put_aside(channel, raw, failure)
        await self._talker.apologise(channel, raw)
        return None


def sender(raw: dict[str, Any]) -> int:
    """Whose update it is: the person's id, which is also their private chat's; 0 where nobody can be told."""
    for kind in KINDS:
        body = raw.get(kind)
        person = body.get("from") if isinstance(body, dict) else None
        number = person.get("id") if isinstance(person, dict) else None
        if isinstance(number, int):
            return number
    return 0


class Polling:
    """Long polling: the offset moves only past updates that were committed or put aside."""

    def __init__(self, intake: Intake, channel: Channel) -> None:
        self._intake = intake
        self._channel = channel
        self._offset = 0

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until ``stop`` is set; the batch in hand is finished and confirmed."""
        timeout = aiohttp.ClientTimeout(total=POLL_SECONDS + 20)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            await self._call(session, "deleteWebhook", {})
            while not stop.is_set():
                await self.take_round(session, POLL_SECONDS, stop)
            await self._call(session, "getUpdates", {"offset": self._offset, "timeout": 0, "limit": 1})

    async def take_round(self, session: aiohttp.ClientSession, seconds: int, stop: asyncio.Event) -> int:
        """Wait at most so many seconds for updates, and take what comes; how many came."""
        batch = await self._or_stop(self._updates(session, seconds), stop)
        if batch:
            await self._take_all(batch)
        return len(batch)

    async def _updates(self, session: aiohttp.ClientSession, seconds: int) -> list[dict[str, Any]]:
        asked = {"offset": self._offset, "timeout": seconds, "allowed_updates": list(KINDS)}
        found = await self._call(session, "getUpdates", asked)
        if found is None:
            await asyncio.sleep(RETRY_SECONDS)
        return found or []

    async def _call(self, session: aiohttp.ClientSession, method: str, values: dict[str, Any]) -> Any:
        """A call's result; None when it failed, which is logged without the token."""
        url = f"{self._channel.api_url}/bot{self._channel.token}/{method}"
        try:
            async with session.post(url, json=values) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            log.warning("channel not reached", channel=self._channel.name, method=method, error=type(error).__name__)
            return None
        if not isinstance(answer, dict) or not answer.get("ok"):
            said = answer.get("description") if isinstance(answer, dict) else "no object"
            log.warning("channel refused", channel=self._channel.name, method=method, said=said)
            return None
        return answer["result"]

    async def _take_all(self, batch: list[dict[str, Any]]) -> None:
        """Take a batch, again and again until the database holds all of it."""
        while True:
            taken = await asyncio.gather(*(self._take(raw) for raw in batch), return_exceptions=True)
            failed = [error for error in taken if isinstance(error, BaseException)]
            if not failed:
                break
            if not all(isinstance(error, Unavailable) for error in failed):
                raise next(error for error in failed if not isinstance(error, Unavailable))
            log.error("database unavailable", channel=self._channel.name, waiting=len(failed))
            await asyncio.sleep(RETRY_SECONDS)
        self._offset = batch[-1]["update_id"] + 1

    async def _take(self, raw: dict[str, Any]) -> None:
        answer = await self._intake.take(self._channel.name, raw)
        if answer is not None:
            await self._intake.execute(self._channel.name, answer)

    @staticmethod
    async def _or_stop(work: Awaitable[list[dict[str, Any]]], stop: asyncio.Event) -> list[dict[str, Any]]:
        """The work's result, or nothing as soon as ``stop`` is set."""
        polling, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
        await asyncio.wait({polling, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if polling.done():
            return polling.result()
        polling.cancel()
        await asyncio.gather(polling, return_exceptions=True)
        return []


class Webhook:
    """The webhook: the response is the acknowledgement, and carries the answer to a tap."""

    def __init__(self, intake: Intake, channel: Channel, secret: str) -> None:
        self._intake = intake
        self._channel = channel
        self._secret = secret.encode()
        self._runner: web.AppRunner | None = None

    def app(self) -> web.Application:
        """The aiohttp application; it answers POST on every path."""
        app = web.Application(client_max_size=BODY)
        app.add_routes([web.get("/healthz", self._health), web.post("/{path:.*}", self._receive)])
        return app

    async def start(self, host: str, port: int) -> int:
        """Listen; the port that was taken."""
        self._runner = web.AppRunner(self.app(), access_log=None, shutdown_timeout=DRAIN_SECONDS)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port)
        await site.start()
        return int(self._runner.addresses[0][1])

    async def register(self, url: str) -> bool:
        """Tell the channel where to deliver; whether it agreed. What is pending stays pending."""
        values = {"url": url, "secret_token": self._secret.decode(), "allowed_updates": list(KINDS)}
        api = f"{self._channel.api_url}/bot{self._channel.token}/setWebhook"
        try:
            async with aiohttp.ClientSession() as session, session.post(api, json=values) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            answer = {"ok": False, "description": type(error).__name__}
        if not answer.get("ok"):
            log.error("webhook not set", said=answer.get("description"))
        return bool(answer.get("ok"))

    async def close(self) -> None:
        """Stop listening; deliveries in hand are answered first."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _health(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _receive(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(secret, self._secret):
            return web.Response(status=401)
        body = await request.read()
        try:
            raw = json.loads(body)
        except ValueError as error:
            return await self._aside(body, type(error).__name__)
        if not isinstance(raw, dict):
            return await self._aside(body, "no object")
        try:
            answer = await self._intake.take(self._channel.name, raw)
        except Unavailable:
            return web.Response(status=503, headers={"Retry-After": "2"})
        return web.json_response(answer) if answer is not None else web.Response()

    async def _aside(self, body: bytes, error: str) -> web.Response:
        try:
            await self._intake.put_aside(self._channel.name, body.decode("utf-8", "replace"), error)
        except Unavailable:
            return web.Response(status=503)
        return web.Response()
