"""What the chat page asks of its server: a session, the history, and the visitor's doings."""

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from bot.webchat import arguments, limits, pictures, visiting
from bot.webchat.api import Api
from bot.webchat.arguments import Arguments, Upload
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import ApiError, BadRequestError
from bot.webchat.profile import commands_for
from bot.webchat.streams import Stream
from storage.webchat_tables import Chat

T = TypeVar("T")
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Doing = Callable[[Desk, Chat, Arguments], Body]

COOKIE = "session"
_YEAR = 365 * 24 * 3600
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SESSION = re.compile(r"[0-9a-f]{32}")


class PageApi:
    """The handlers under /api."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def add_to(self, app: web.Application) -> None:
        router = app.router
        router.add_post("/api/session", _answered(self.session, changes=True))
        router.add_get("/api/history", _answered(self.history))
        router.add_get("/api/events", _answered(self.events))
        router.add_get("/api/photo/{file_id}", _answered(self.photo))
        router.add_get("/api/document/{file_id}", _answered(self.document))
        router.add_post("/api/upload", _answered(self.upload, changes=True))
        router.add_post("/api/edit", _answered(self._doing(visiting.edit, once=False), changes=True))
        for name in ("send", "place", "tap", "start"):
            router.add_post(f"/api/{name}", _answered(self._doing(getattr(visiting, name)), changes=True))

    async def session(self, request: web.Request) -> web.StreamResponse:
        """Who visits: the visitor behind the cookie, or a new one."""
        language = (await arguments.read(request)).text("language")
        language = language if len(language) <= 35 and _LANGUAGE.fullmatch(language) else "en"
        secret = _cookie(request)
        fresh = secrets.token_hex(16)

        def work(desk: Desk) -> tuple[bool, Body]:
            chat = desk.webchats.chat_of(_digest(secret)) if secret else None
            if chat is not None:
                desk.webchats.change_chat(chat.id, language=language)
                return False, self._greeting(desk, desk.chat(chat.id))
            return True, self._greeting(desk, _new_visitor(desk, language, _digest(fresh)))

        is_new, greeting = await self._api.visit(work)
        response = web.json_response(greeting)
        if is_new:
            secure = request.headers.get("X-Forwarded-Proto", request.scheme) == "https"
            response.set_cookie(COOKIE, fresh, max_age=_YEAR, httponly=True, samesite="Lax", secure=secure)
        return response

    async def history(self, request: web.Request) -> web.StreamResponse:
        given = Arguments(dict(request.query))
        before = given.integer("before") or None
        limit = min(max(given.integer("limit", 50), 1), limits.HISTORY)

        def work(desk: Desk, chat: Chat) -> Body:
            found = desk.webchats.history(chat.id, min(before, 2**62) if before else None, limit + 1)
            more = len(found) > limit
            shown = [visiting.shown(message) for message in found[-limit:]]
            return {"messages": shown, "seq": chat.seq, "more": more}

        return web.json_response(await self._visit(request, work))

    async def events(self, request: web.Request) -> web.StreamResponse:
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        chat = await self._visit(request, lambda desk, chat: chat)
        return await Stream(self._api, chat, Arguments({"after": after}).integer("after")).serve(request)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        await self._visit(request, lambda desk, chat: None)
        form = await request.post()
        fields = [field for field in form.getall("file", []) if isinstance(field, web.FileField)]
        if not 1 <= len(fields) <= limits.ALBUM:
            raise BadRequestError("1 to 10 files are expected")
        uploads = [Upload(field.filename, field.content_type, field.file.read()) for field in fields]
        photos = [await pictures.photo(upload, lenient=True) for upload in uploads]
        caption, client_id = str(form.get("caption", "")), str(form.get("client_id", ""))

        def work(desk: Desk, chat: Chat) -> Body:
            return visiting.once(desk, chat, client_id, lambda: visiting.album(desk, chat, photos, caption))

        return web.json_response(await self._visit(request, work))

    async def photo(self, request: web.Request) -> web.StreamResponse:
        return await self._file(request, photo=True)

    async def document(self, request: web.Request) -> web.StreamResponse:
        return await self._file(request, photo=False)

    async def _file(self, request: web.Request, *, photo: bool) -> web.StreamResponse:
        """A file that a message of this very chat shows; any other is not found."""
        file_id = request.match_info["file_id"]

        def work(desk: Desk, chat: Chat) -> web.Response:
            file = desk.webchats.shown(chat.id, file_id)
            data = desk.webchats.data(file_id)
            if file is None or data is None or photo != bool(file.width):
                raise ApiError(404)
            response = web.Response(body=data, content_type="image/jpeg" if photo else "application/octet-stream")
            response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
            response.headers["X-Content-Type-Options"] = "nosniff"
            if not photo:
                response.headers["Content-Disposition"] = _attachment(file.name)
            return response

        return await self._visit(request, work)

    def _doing(self, doing: Doing, *, once: bool = True) -> Handler:
        """A handler that lets the visitor do something: at most once for one ``client_id``."""

        async def handle(request: web.Request) -> web.StreamResponse:
            given = await arguments.read(request)

            def work(desk: Desk, chat: Chat) -> Body:
                if not once:
                    return doing(desk, chat, given)
                return visiting.once(desk, chat, given.text("client_id"), lambda: doing(desk, chat, given))

            return web.json_response(await self._visit(request, work))

        return handle

    async def _visit(self, request: web.Request, work: Callable[[Desk, Chat], T]) -> T:
        """A turn of the visitor behind the cookie. Raises ``ApiError`` 401 where there is none."""
        secret = _cookie(request)
        if not secret:
            raise ApiError(401)

        def with_chat(desk: Desk) -> T:
            chat = desk.webchats.chat_of(_digest(secret))
            if chat is None:
                raise ApiError(401)
            return work(desk, chat)

        return await self._api.visit(with_chat)

    def _greeting(self, desk: Desk, chat: Chat) -> Body:
        bot = desk.bot
        awake = self._api.presence.awake(desk.now)
        name = bot.profile["name"].get(chat.language[:2]) or bot.profile["name"].get("", "")
        return {
            "user_id": chat.id,
            "city": _city(desk, chat.language),
            "commands": commands_for(bot.profile, chat),
            "bot": {"name": name, "username": bot.profile["username"], "awake": awake},
        }


def _answered(handler: Handler, *, changes: bool = False) -> Handler:
    """Says a refusal as JSON; what changes something must come from our own page."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            if changes and not _is_from_our_page(request):
                raise ApiError(403, "the header X-Belleman is missing")
            response = await handler(request)
        except ApiError as error:
            response = web.json_response(error.answer(), status=error.code)
        if not response.prepared:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


def _is_from_our_page(request: web.Request) -> bool:
    """Another site cannot set this header, nor send JSON, without asking first."""
    own_header = request.headers.get("X-Belleman") == "1"
    return own_header and request.content_type in ("application/json", "multipart/form-data")


def _new_visitor(desk: Desk, language: str, digest: str) -> Chat:
    user_id = 2**51 + secrets.randbelow(2**51)
    return desk.met_chat(user_id, language, digest)


def _city(desk: Desk, language: str) -> Body | None:
    city = desk.store.cities.get()
    if city is None:
        return None
    words = {"name": city.name, "summary": city.summary, "notice": city.notice}
    said = {name: visiting.in_language(text, language, city.default_language) for name, text in words.items()}
    return {**said, "colour": city.colour}


def _cookie(request: web.Request) -> str:
    secret = request.cookies.get(COOKIE, "")
    return secret if _SESSION.fullmatch(secret) else ""


def _digest(secret: str) -> str:
    """What is kept of a session: a copy of the database opens nobody's chat."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
