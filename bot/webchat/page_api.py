"""What the chat page asks of its server: the history, files, and the visitor's doings."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from urllib.parse import quote

from aiohttp import web

from bot.webchat import arguments, limits, pictures, visiting
from bot.webchat.addresses import check_own
from bot.webchat.api import Api, answered
from bot.webchat.arguments import Arguments, Upload
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import ApiError, BadRequestError
from bot.webchat.pictures import Picture
from bot.webchat.sessions import Door, Sessions
from bot.webchat.streams import Stream, tell_presence
from storage.webchat_tables import Chat

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Doing = Callable[[Desk, Chat, Arguments], Body]

_PNG = b"\x89PNG\r\n\x1a\n"


class PageApi:
    """The handlers under /api."""

    def __init__(self, api: Api, door: Door) -> None:
        self._api = api
        self._sessions = Sessions(api, door)

    def add_to(self, app: web.Application) -> None:
        router = app.router
        router.add_post("/api/session", _answered(self._sessions.open, changes=True))
        for name in ("recovery", "recover", "leave"):
            router.add_post(f"/api/{name}", _answered(getattr(self._sessions, name), changes=True))
        router.add_get("/api/logo", _answered(self.logo))
        router.add_get("/api/history", _answered(self.history))
        router.add_get("/api/events", _answered(self.events))
        router.add_get("/api/photo/{file_id}", _answered(self.photo))
        router.add_get("/api/document/{file_id}", _answered(self.document))
        router.add_post("/api/upload", _answered(self.upload, changes=True))
        router.add_post("/api/edit", _answered(self._doing(visiting.edit, once=False), changes=True))
        router.add_post("/api/read", _answered(self._doing(visiting.read, once=False, act=False), changes=True))
        app.cleanup_ctx.append(self._presence)
        for name in ("send", "place", "tap", "start"):
            router.add_post(f"/api/{name}", _answered(self._doing(getattr(visiting, name)), changes=True))

    async def history(self, request: web.Request) -> web.StreamResponse:
        given = Arguments(dict(request.query))
        before = given.integer("before") or None
        limit = min(max(given.integer("limit", 50), 1), limits.HISTORY)

        def work(desk: Desk, chat: Chat) -> Body:
            found = desk.webchats.history(chat.id, min(before, 2**62) if before else None, limit + 1)
            more = len(found) > limit
            shown = [visiting.shown(message) for message in found[-limit:]]
            history = {"messages": shown, "seq": chat.seq, "more": more}
            if before is None:
                unread = desk.webchats.count_unread(chat.id, chat.read_id)
                history |= {"keyboard": dict(chat.keyboard), "read_id": chat.read_id, "unread": unread}
            return history

        return web.json_response(await self._sessions.visit(request, work))

    async def events(self, request: web.Request) -> web.StreamResponse:
        after = request.headers.get("Last-Event-ID") or request.query.get("after", "")
        chat = await self._sessions.visit(request, lambda desk, chat: chat)
        return await Stream(self._api, chat, Arguments({"after": after}).integer("after")).serve(request)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        await self._sessions.visit(request, lambda desk, chat: None, act=True)
        form = await request.post()
        fields = [field for field in form.getall("file", []) if isinstance(field, web.FileField)]
        if not 1 <= len(fields) <= limits.ALBUM:
            raise BadRequestError("1 to 10 files are expected")
        uploads = [Upload(field.filename, field.content_type, field.file.read()) for field in fields]
        files = await _files(uploads, str(form.get("kind", "photo")))
        caption, client_id = str(form.get("caption", "")), str(form.get("client_id", ""))

        def work(desk: Desk, chat: Chat) -> Body:
            return visiting.once(desk, chat, client_id, lambda: visiting.album(desk, chat, files, caption))

        return web.json_response(await self._sessions.visit(request, work))

    async def logo(self, request: web.Request) -> web.StreamResponse:
        """The city's own logo; 404 where it has none."""

        def work(desk: Desk) -> bytes | None:
            city = desk.store.cities.get()
            return desk.store.photos.body(city.logo_id) if city and city.logo_id is not None else None

        body = await self._api.visit(work)
        if body is None:
            raise ApiError(404)
        headers = {"Cache-Control": "public, max-age=86400", "X-Content-Type-Options": "nosniff"}
        kind = "image/png" if body.startswith(_PNG) else "image/jpeg"
        return web.Response(body=body, content_type=kind, headers=headers)

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

        return await self._sessions.visit(request, work)

    async def _presence(self, _: web.Application) -> AsyncIterator[None]:
        """Look after the bot's presence as long as the page is served."""
        task = asyncio.create_task(tell_presence(self._api))
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    def _doing(self, doing: Doing, *, once: bool = True, act: bool = True) -> Handler:
        """A handler that lets the visitor do something: ``once`` for one ``client_id``, not too often if an ``act``."""

        async def handle(request: web.Request) -> web.StreamResponse:
            given = await arguments.read(request)

            def work(desk: Desk, chat: Chat) -> Body:
                if not once:
                    return doing(desk, chat, given)
                return visiting.once(desk, chat, given.text("client_id"), lambda: doing(desk, chat, given))

            return web.json_response(await self._sessions.visit(request, work, act=act))

        return handle


def _answered(handler: Handler, *, changes: bool = False) -> Handler:
    """Says a refusal as JSON; what changes something must come from our own page."""

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            if changes:
                check_own(request)
            response = await handler(request)
        except ApiError as error:
            response = answered(error.answer())
        if not response.prepared:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return handle


async def _files(uploads: list[Upload], kind: str) -> list[Picture]:
    """What was uploaded: photos are drawn anew, documents stay as they are."""
    if kind == "document":
        return [pictures.document(upload) for upload in uploads]
    if kind != "photo":
        raise BadRequestError("kind must be photo or document")
    return [await pictures.photo(upload, lenient=True) for upload in uploads]


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"
