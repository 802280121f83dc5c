"""The Bot API over HTTP: tokens, arguments, answers; every call passes through here."""

import asyncio
import hmac
import logging
import re
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from aiohttp import web

from bot.webchat import arguments, limits, pictures
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Desk
from bot.webchat.errors import ApiError
from bot.webchat.faults import AFTER, BEFORE, Faults, Sleep, befall, made_odd
from bot.webchat.methods import METHODS, Call, Method
from bot.webchat.paces import Paces
from bot.webchat.pictures import Picture
from bot.webchat.polling import Polling
from bot.webchat.signals import Presence, Signals
from bot.webchat.strictness import KIND, Strictness
from storage.database import Database
from storage.store import Store
from storage.webchat_tables import Chat

T = TypeVar("T")
log = logging.getLogger(__name__)

_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")


class Api:
    """The gateway's core: turns at the desk, and the methods that run in them."""

    def __init__(self, db: Database, clock: Callable[[], datetime], strictness: Strictness = KIND) -> None:
        self.clock = clock
        self.strictness = strictness
        self.paces = Paces(clock)
        self.faults = Faults()
        self.held: set[str] = set()
        """Kinds of lanes whose updates are not posted to a webhook for now."""
        self.repeats = 0
        """How many of the next updates are posted to a webhook twice."""
        self.sleep: Sleep = asyncio.sleep
        self.token = ""
        self.signals = Signals()
        self.presence = Presence()
        self.polling = Polling(self)
        self.calls: deque[tuple[str, dict[str, Any], dict[str, Any]]] = deque(maxlen=1000)
        self.closing = False
        self._db = db

    async def visit(self, work: Callable[[Desk], T]) -> T:
        """Run ``work`` at the desk, in one transaction; then wake whom it concerns."""

        def turn(store: Store) -> tuple[T, Desk]:
            desk = Desk(store, self.clock(), self.strictness)
            return work(desk), desk

        result, desk = await self._db.turn(turn)
        if desk.profile_changed:
            self.signals.wake_all()
        self.signals.wake(desk.touched)
        return result

    async def perform(self, name: str, given: Arguments, gone: Callable[[], bool] = lambda: False) -> Any:
        """Run one method of the table. Raises ``ApiError``."""
        if name.lower() == "getupdates":
            return await self.polling.get_updates(given, gone)
        method = METHODS.get(name.lower())
        if method is None:
            raise ApiError(404, "method not found")
        known = given.only(method.parameters, strict=self.strictness.parameters)
        if method.name == "setWebhook" and known.has("url") and self.strictness.paces:
            self.paces.set_webhook()
        prepared = await _prepared(method, known)
        return await self.visit(lambda desk: method.work(Call(desk, known, prepared, self._pace)))

    async def handle(self, request: web.Request) -> web.Response:
        """Answer one call, unless a fault does it instead."""
        name = request.match_info["method"]
        given = Arguments({})
        try:
            self.check_token(request.match_info["token"])
            given = await arguments.read(request)
            fault = self.faults.meet(name, given.text("chat_id"))
            if fault and fault.kind in BEFORE and (instead := await befall(fault, request, self.sleep)):
                return instead
            result = await self.perform(name, given, lambda: request.transport is None)
            if fault and fault.kind in AFTER and (instead := await befall(fault, request, self.sleep)):
                return instead
            answer = {"ok": True, "result": made_odd(result) if fault and fault.kind == "odd" else result}
        except ApiError as error:
            answer = error.answer()
        except (web.HTTPException, ConnectionError):
            raise
        except Exception:
            log.exception("the method %s failed", name)
            answer = ApiError(500).answer()
        self.calls.append((METHODS[name.lower()].name if name.lower() in METHODS else name, given.values, answer))
        return answered(answer)

    async def handle_file(self, request: web.Request) -> web.Response:
        """GET /file/bot<token>/<file_path>"""
        try:
            self.check_token(request.match_info["token"])
        except ApiError as error:
            return answered(error.answer())
        file_id = request.match_info["path"].rsplit("/", 1)[-1].removesuffix(".jpg")
        data = await self.visit(lambda desk: desk.webchats.data(file_id))
        if data is None:
            return answered(ApiError(404).answer())
        return web.Response(body=data, content_type="application/octet-stream")

    def _pace(self, chat: Chat, count: int) -> None:
        if self.strictness.paces:
            self.paces.send(chat, count)

    def check_token(self, token: str) -> None:
        if len(token) > limits.TOKEN or not _TOKEN.fullmatch(token):
            raise ApiError(401, "invalid token specified")
        if not hmac.compare_digest(token, self.token):
            raise ApiError(401)

    async def watch(self) -> None:
        """Once a second, wake the pages and polls whose chat another process wrote to; forget old updates hourly."""
        known: dict[int, int] = {}
        version, purged = 0, self.clock()
        await self.visit(lambda desk: desk.queue.purge(desk.now - limits.PURGE_AFTER))
        while True:
            await asyncio.sleep(limits.GLANCE)
            if self.clock() - purged > limits.PURGE_EVERY:
                purged = self.clock()
                await self.visit(lambda desk: desk.queue.purge(desk.now - limits.PURGE_AFTER))
            if chat_ids := self.signals.open_chats():
                seen, latest = await self.visit(lambda d, ids=chat_ids: (d.webchats.seqs(ids), d.bot.version))  # type: ignore[misc]
                self.signals.wake(chat_ids if latest != version else [i for i in seen if seen[i] != known.get(i)])
                known, version = seen, latest


async def _prepared(method: Method, given: Arguments) -> Mapping[str, Picture]:
    """The uploads as files: drawing a photo takes time, so that it is done before the transaction is open."""
    documents = _documents(given) if "media" in method.parameters else set()
    return {
        name: await pictures.photo(upload) if method.photos and name not in documents else pictures.document(upload)
        for name, upload in given.uploads.items()
    }


def _documents(given: Arguments) -> set[str]:
    """The names of the uploads that an InputMedia shows as documents; media that cannot be read show none."""
    try:
        media = given.json("media")
    except ApiError:
        return set()
    items = [item for item in (media if isinstance(media, list) else [media]) if isinstance(item, dict)]
    return {str(item.get("media", "")).removeprefix("attach://") for item in items if item.get("type") != "photo"}


def answered(answer: Mapping[str, Any]) -> web.Response:
    """An answer of the Bot API over HTTP: its status is the error code, and who has to wait is told in a header too."""
    headers = {}
    if "retry_after" in answer.get("parameters", {}):
        headers["Retry-After"] = str(answer["parameters"]["retry_after"])
    return web.json_response(answer, status=200 if answer["ok"] else answer["error_code"], headers=headers)
