"""Who visits: the browser behind a cookie, a new visitor, or somebody who comes back with their recovery code."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from aiohttp import web

from bot.webchat import addresses, arguments, guards, visiting
from bot.webchat.api import Api
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import ApiError
from bot.webchat.guards import Allowance, Guard
from bot.webchat.profile import commands_for
from participation import codes
from storage.sessions import Session
from storage.webchat_tables import Chat

T = TypeVar("T")
Arrive = Callable[[Desk, Chat, str], None]
"""What happens when a new visitor comes: their chat, and the pane that they came through ('' but in the demo)."""

COOKIE = "session"
YEAR = 365 * 24 * 3600
SEEN_EVERY = timedelta(days=1)
"""How precisely the last visit of a browser is kept."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SESSION = re.compile(r"[0-9a-f]{32}")
_PANE = re.compile(r"[a-z]{0,16}")
_CODE_LENGTH = 16


@dataclass(frozen=True, slots=True)
class Door:
    """How visitors come in. ``proxies``: how many of ours stand before the page. ``panes``: the page may be open
    several times in one browser, each with a person of its own (the demo)."""

    proxies: int = 0
    visitors: Allowance = guards.VISITORS
    acts: Allowance = guards.ACTS
    panes: bool = False
    arrive: Arrive = lambda desk, chat, pane: None


class Sessions:
    """The handlers about sessions, and the turn of the visitor behind a cookie."""

    def __init__(self, api: Api, door: Door) -> None:
        self._api = api
        self._door = door
        self._guard = Guard(lambda: asyncio.get_running_loop().time())

    async def open(self, request: web.Request) -> web.StreamResponse:
        """POST /api/session: the visitor behind the cookie, or a new one."""
        language = (await arguments.read(request)).text("language")
        language = language if len(language) <= 35 and _LANGUAGE.fullmatch(language) else "en"
        digest = self._digest(request)
        if digest and (greeting := await self._api.visit(lambda desk: self._again(desk, digest, language))):
            return web.json_response(greeting)
        self._guard.pass_by(("visitors", self._from(request)), self._door.visitors)
        secret, pane = secrets.token_hex(16), self._pane(request)

        def first(desk: Desk) -> Body:
            chat = _new_chat(desk, language)
            self._remember(desk, request, chat, secret)
            self._door.arrive(desk, chat, pane)
            return self._greeting(desk, chat)

        return self._with_cookie(request, await self._api.visit(first), secret)

    async def recovery(self, request: web.Request) -> web.StreamResponse:
        """POST /api/recovery: a code that opens this chat in another browser; shown this once, an older one is over."""
        code = codes.written(codes.new(_CODE_LENGTH))

        def work(desk: Desk, chat: Chat) -> None:
            desk.webchats.change_chat(chat.id, recovery=_code_digest(code))

        await self.visit(request, work, act=True)
        return web.json_response({"code": code})

    async def recover(self, request: web.Request) -> web.StreamResponse:
        """POST /api/recover: come back to the chat of a recovery code. 400 for a wrong one, 429 after a few."""
        code = (await arguments.read(request)).text("code")
        self._guard.pass_by(("guesses", self._from(request)), guards.GUESSES)
        digest, secret = self._digest(request), secrets.token_hex(16)

        def work(desk: Desk) -> Body:
            chat = desk.webchats.chat_of_recovery(_code_digest(code))
            if chat is None:
                raise ApiError(400, "this recovery code is not known")
            if digest:
                desk.store.sessions.remove(digest)
            self._remember(desk, request, chat, secret)
            return self._greeting(desk, chat)

        return self._with_cookie(request, await self._api.visit(work), secret)

    async def leave(self, request: web.Request) -> web.StreamResponse:
        """POST /api/leave: this browser forgets the chat; the chat stays."""
        digest = self._digest(request)
        await self._api.visit(lambda desk: desk.store.sessions.remove(digest))
        response = web.json_response({"ok": True})
        response.del_cookie(self._cookie(request))
        return response

    async def visit(self, request: web.Request, work: Callable[[Desk, Chat], T], *, act: bool = False) -> T:
        """A turn of the visitor behind the cookie. Raises ``ApiError`` 401 where there is none, 429 for a hasty one."""
        digest = self._digest(request)
        if not digest:
            raise ApiError(401)
        if act:
            self._guard.pass_by(("acts", digest), self._door.acts)

        def with_chat(desk: Desk) -> T:
            chat = desk.store.sessions.chat(digest)
            if chat is None:
                raise ApiError(401)
            return work(desk, chat)

        return await self._api.visit(with_chat)

    def _again(self, desk: Desk, digest: str, language: str) -> Body | None:
        session = desk.store.sessions.get(digest)
        if session is None:
            return None
        if desk.now - session.seen_at > SEEN_EVERY:
            desk.store.sessions.seen(digest, desk.now)
        desk.webchats.change_chat(session.chat_id, language=language)
        return self._greeting(desk, desk.chat(session.chat_id))

    def _greeting(self, desk: Desk, chat: Chat) -> Body:
        """What the page needs to draw itself, in the language that the person chose in the conversation."""
        bot, language = desk.bot, desk.store.sessions.language(chat.id)
        name = bot.profile["name"].get(language[:2]) or bot.profile["name"].get("", "")
        awake = self._api.presence.awake(desk.now)
        return {
            "user_id": chat.id,
            "language": language,
            "city": visiting.city_in(desk, language),
            "commands": commands_for(bot.profile, chat, language),
            "bot": {"name": name, "username": bot.profile["username"], "awake": awake},
        }

    def _remember(self, desk: Desk, request: web.Request, chat: Chat, secret: str) -> None:
        came_from = addresses.blurred(self._from(request), desk.bot.token)
        desk.store.sessions.add(Session(_digested(secret), chat.id, came_from, desk.now, desk.now))

    def _from(self, request: web.Request) -> str:
        return addresses.address(request, self._door.proxies)

    def _pane(self, request: web.Request) -> str:
        pane = request.headers.get("X-Pane") or request.query.get("pane", "")
        return pane if self._door.panes and _PANE.fullmatch(pane) else ""

    def _cookie(self, request: web.Request) -> str:
        pane = self._pane(request)
        return f"{COOKIE}-{pane}" if pane else COOKIE

    def _digest(self, request: web.Request) -> str:
        """The digest of the cookie; empty where there is none, or none of ours."""
        secret = request.cookies.get(self._cookie(request), "")
        return _digested(secret) if _SESSION.fullmatch(secret) else ""

    def _with_cookie(self, request: web.Request, answer: Body, secret: str) -> web.Response:
        response = web.json_response(answer)
        options: dict[str, Any] = {"max_age": YEAR, "httponly": True, "samesite": "Lax"}
        secure = addresses.is_secure(request, self._door.proxies)
        response.set_cookie(self._cookie(request), secret, secure=secure, **options)
        return response


def _new_chat(desk: Desk, language: str) -> Chat:
    return desk.met_chat(2**51 + secrets.randbelow(2**51), language)


def _digested(secret: str) -> str:
    """What is kept of a session: a copy of the database opens nobody's chat."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _code_digest(code: str) -> str:
    return hashlib.sha256(f"recovery {codes.typed(code)}".encode()).hexdigest()
