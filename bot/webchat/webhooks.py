"""Updates that the bot is sent: the webhook's methods, and who carries updates to it."""

import asyncio
import logging
import random
import re
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

import aiohttp

from bot.webchat import limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import ApiError, BadRequestError
from bot.webchat.methods import Call, method
from bot.webchat.polling import remember_kinds
from bot.webchat.signals import UPDATES, pause
from storage.database import Unavailable
from storage.webchat_tables import Update

if TYPE_CHECKING:
    from bot.webchat.api import Api

Outcome = tuple[str, float]
"""Nothing where an update arrived; else what was wrong, and how many seconds the bot asks to be left alone."""

log = logging.getLogger(__name__)

_SECRET = re.compile(r"[A-Za-z0-9_-]*")
_NOT_IN_ANSWERS = ("setwebhook", "deletewebhook", "close", "logout")


@method("setWebhook", "url secret_token max_connections allowed_updates drop_pending_updates ip_address certificate")
def set_webhook(call: Call) -> bool:
    arguments = call.arguments
    url, secret = arguments.text("url"), arguments.text("secret_token")
    if not url:
        call.desk.webchats.change_bot(webhook={})
        return _drop_and_wake(call)
    if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
        raise BadRequestError("invalid webhook URL specified")
    if len(secret.encode()) > limits.WEBHOOK_SECRET:
        raise BadRequestError("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise BadRequestError("secret token contains unallowed characters")
    asked = arguments.integer("max_connections", limits.WEBHOOK_CONNECTIONS)
    connections = min(max(asked, 1), limits.WEBHOOK_CONNECTIONS_AT_MOST)
    remember_kinds(call.desk, arguments)
    call.desk.webchats.change_bot(webhook={"url": url, "secret_token": secret, "max_connections": connections})
    return _drop_and_wake(call)


@method("deleteWebhook", "drop_pending_updates")
def delete_webhook(call: Call) -> bool:
    call.desk.webchats.change_bot(webhook={})
    return _drop_and_wake(call)


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Body:
    bot = call.desk.bot
    told = {name: value for name, value in bot.webhook.items() if name != "secret_token"}
    waiting = call.desk.queue.count_pending(call.desk.now)
    info = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting, **told}
    return info | ({"allowed_updates": list(bot.allowed_updates)} if bot.allowed_updates else {})


def _drop_and_wake(call: Call) -> bool:
    if call.arguments.flag("drop_pending_updates"):
        call.desk.queue.keep_last(0)
    call.desk.touched.add(UPDATES)
    return True


def _waiting(desk: Desk, now: datetime, held: Collection[str]) -> tuple[Mapping[str, Any], Sequence[Update]]:
    """The webhook, and what can be posted to it now; nothing is looked for where updates are polled."""
    webhook = desk.bot.webhook
    return webhook, desk.queue.pending(now, limits.UPDATES, not_in=held) if webhook else ()


class Deliverer:
    """Posts updates to the webhook: one at a time in each lane, a failing one again until it expires."""

    def __init__(self, api: "Api") -> None:
        self._api = api
        self._url = ""
        self._busy: dict[str, asyncio.Task[None]] = {}
        self._not_before: dict[str, datetime] = {}
        self._delays: dict[int, float] = {}
        """By update that failed: how long it waited last; a second where it was tried again at once."""
        self._gone_since: datetime | None = None

    async def run(self) -> None:
        timeout = aiohttp.ClientTimeout(total=limits.WEBHOOK_TIMEOUT)
        try:
            async with aiohttp.ClientSession(timeout=timeout) as session:
                with self._api.signals.listening(UPDATES) as ear:
                    while not self._api.closing:
                        ear.clear()
                        await self._round(session)
                        await pause(ear, limits.GLANCE)
        finally:
            for task in list(self._busy.values()):
                task.cancel()
            await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _round(self, session: aiohttp.ClientSession) -> None:
        now = self._api.clock()
        held = set(self._busy) | {lane for lane, moment in self._not_before.items() if moment > now}
        webhook, waiting = await self._api.visit(lambda desk: _waiting(desk, now, held))
        self._notice(webhook)
        if not webhook:
            return
        for update in waiting:
            if update.lane.partition(":")[0] in self._api.held:
                continue
            if update.lane not in self._busy and len(self._busy) < webhook["max_connections"]:
                self._busy[update.lane] = asyncio.create_task(self._carry(session, webhook, update))

    def _notice(self, webhook: Mapping[str, Any]) -> None:
        """A webhook that was set anew counts as awake until it fails."""
        if webhook.get("url", "") != self._url:
            self._url = webhook.get("url", "")
            self._not_before.clear()
            self._delays.clear()
            self._gone_since = None
            self._api.presence.webhook = bool(self._url)

    async def _carry(self, session: aiohttp.ClientSession, webhook: Mapping[str, Any], update: Update) -> None:
        """Post one update; its lane is held until what became of it is written down."""
        try:
            trouble, wait = await self._try(session, webhook, update)
            if not trouble and self._api.repeats > 0:
                self._api.repeats -= 1
                await self._try(session, webhook, update)
            if trouble:
                await self._failed(update, trouble, wait)
            else:
                await self._arrived(update)
        except Unavailable:
            log.warning("the database cannot be written; update %s is posted again", update.update_id)
        finally:
            del self._busy[update.lane]
            self._api.signals.wake([UPDATES])

    async def _try(self, session: aiohttp.ClientSession, webhook: Mapping[str, Any], update: Update) -> Outcome:
        try:
            return await self._post(session, webhook, update)
        except TimeoutError:
            return "Read timeout expired", 0.0
        except (aiohttp.ClientError, OSError):
            return "Connection failed", 0.0

    async def _post(self, session: aiohttp.ClientSession, webhook: Mapping[str, Any], update: Update) -> Outcome:
        headers = {}
        if webhook["secret_token"]:
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret_token"]
        async with session.post(webhook["url"], json=dict(update.body), headers=headers) as response:
            self._notice_gone(response.status)
            if response.status // 100 == 2:
                await self._execute(response)
                return "", 0.0
            asked = response.headers.get("Retry-After", "")
            wait = min(float(asked), limits.RETRY_AFTER) if asked.isdigit() else 0.0
            return f"Wrong response from the webhook: {response.status} {response.reason}", wait

    def _notice_gone(self, status: int) -> None:
        """Remember since when a webhook has said nothing but 410."""
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = self._api.clock()

    async def _execute(self, response: aiohttp.ClientResponse) -> None:
        """Run the method that an answer names; its result goes nowhere."""
        with suppress(ApiError, ValueError, aiohttp.ClientError):
            arguments = await _answered(response)
            name = arguments.text("method").lower()
            if name and not name.startswith("get") and name not in _NOT_IN_ANSWERS:
                await self._api.perform(name, arguments.without("method"))

    async def _arrived(self, update: Update) -> None:
        self._api.presence.webhook = bool(self._url)
        self._delays.pop(update.update_id, None)
        self._not_before.pop(update.lane, None)
        await self._api.visit(lambda desk: desk.queue.confirm(update.update_id))

    def _doubled(self, update_id: int) -> float:
        """Seconds until an update is tried again: none the first time, then twice as long as before."""
        if update_id not in self._delays:
            return 0.0
        cap = random.uniform(*limits.RETRY_CAP)  # noqa: S311
        self._delays[update_id] = min(self._delays[update_id] * 2, cap)
        return self._delays[update_id]

    async def _failed(self, update: Update, trouble: str, wait: float) -> None:
        """Keep the lane waiting: the first retry is made at once, then after 2, 4, 8 ... seconds."""
        self._api.presence.webhook = False
        wait = wait or self._doubled(update.update_id)
        self._delays.setdefault(update.update_id, 1.0)
        now = self._api.clock()
        if self._gone_since is not None and now - self._gone_since > limits.WEBHOOK_GONE:
            await self._api.visit(lambda desk: desk.webchats.change_bot(webhook={}))
            return
        self._not_before[update.lane] = now + timedelta(seconds=wait)
        told = {"last_error_date": int(now.timestamp()), "last_error_message": trouble}
        await self._api.visit(
            lambda desk: desk.webchats.change_bot(webhook={**desk.bot.webhook, **told}) if desk.bot.webhook else None
        )


async def _answered(response: aiohttp.ClientResponse) -> Arguments:
    """The arguments in a webhook's answer: JSON, a form, or a multipart form without files."""
    if response.content_type == "application/json":
        value = await response.json()
        return Arguments(value if isinstance(value, dict) else {})
    if response.content_type == "multipart/form-data":
        return Arguments(await _parts(response))
    if response.content_type == "application/x-www-form-urlencoded":
        return Arguments(dict(parse_qsl(await response.text())))
    return Arguments({})


async def _parts(response: aiohttp.ClientResponse) -> dict[str, str]:
    values = {}
    reader = aiohttp.MultipartReader.from_response(response)
    while (part := await reader.next()) is not None:
        if isinstance(part, aiohttp.BodyPartReader) and part.name:
            values[part.name] = (await part.read(decode=True)).decode("utf-8", "replace")
    return values
