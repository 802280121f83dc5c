"""The gateway: one server for the Bot API and for the chat page."""

import asyncio
import logging
import random
import secrets
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime
from typing import Any

from aiohttp import web

from bot.moments import now
from bot.webchat import editing, limits, profile, sending
from bot.webchat.api import Api
from bot.webchat.desk import Desk
from bot.webchat.errors import ApiError
from bot.webchat.page_api import PageApi
from bot.webchat.pages import add_page
from bot.webchat.sessions import Door
from bot.webchat.staging import Stage
from bot.webchat.strictness import KIND, Strictness
from bot.webchat.troubles import Troubles
from bot.webchat.webhooks import Deliverer
from storage.database import Database
from storage.webchat_tables import Bot

log = logging.getLogger(__name__)

METHOD_MODULES = (editing, profile, sending)
"""Importing them fills the table of methods."""


OPEN_DOOR = Door()
LINGER = 1.0
"""Seconds in which a client that still sends what was refused may read why."""


class Gateway:
    """The Bot API and the chat page on one port; its state is the database's."""

    def __init__(
        self,
        db: Database,
        *,
        clock: Callable[[], datetime] = now,
        page: bool = True,
        username: str = "belleman_bot",
        name: str = "Belleman",
        door: Door = OPEN_DOOR,
        strictness: Strictness = KIND,
        stage: Stage | None = None,
    ) -> None:
        """``username`` and ``name`` are those of a bot that is made now; one that is known keeps its own."""
        self._api = Api(db, clock, strictness)
        self.troubles = Troubles(self._api)
        self._page = page
        self._door = door
        self._stage = stage
        self._found = {"username": username, "name": {"": name}}
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None
        self._bound = ("", 0)
        self._tasks: list[asyncio.Task[None]] = []
        self.url = ""
        self.token = ""

    @property
    def calls(self) -> deque[tuple[str, dict[str, Any], dict[str, Any]]]:
        """The last calls of Bot API methods: (method, arguments, answer)."""
        return self._api.calls

    async def start(self, host: str = "127.0.0.1", port: int = 0) -> None:
        """Listen; port 0 takes a free one. Afterwards ``url`` and ``token`` are known."""
        self.token = self._api.token = await self._api.visit(self._token)
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=2, lingering_time=LINGER)
        await self._runner.setup()
        await self._listen(host, port)
        bound = self._runner.addresses[0][1]
        self._bound = (host, bound)
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{bound}"
        self._tasks = [asyncio.create_task(_keep_at(work)) for work in (Deliverer(self._api).run, self._api.watch)]

    async def refuse(self) -> None:
        """Refuse connections, as a server that is down; what is open stays open."""
        if self._site is not None:
            await self._site.stop()
            self._site = None

    async def accept(self) -> None:
        """Take connections again, at the same address."""
        if self._site is None:
            await self._listen(*self._bound)

    async def _listen(self, host: str, port: int) -> None:
        if self._runner is not None:
            self._site = web.TCPSite(self._runner, host, port)
            await self._site.start()

    async def close(self) -> None:
        """Stop listening; polls and pages that wait are let go."""
        self._api.closing = True
        self._api.signals.wake_all()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._runner is not None:
            await self._runner.cleanup()

    async def deliver(self, chat_id: int, fields: dict[str, Any]) -> int:
        """Queue a message with these fields, or ``{"update": {...}}`` as it is; its update id. A new chat is made."""

        def work(desk: Desk) -> int:
            chat = desk.met_chat(chat_id)
            if "update" in fields:
                return desk.enqueue(chat_id, fields["update"])
            return desk.enqueue(chat_id, {"message": desk.post(chat, fields, outgoing=False)})

        return await self._api.visit(work)

    async def redeliver(self, update_id: int) -> None:
        """Queue an update that was confirmed once more. Raises LookupError for one that is not known any more."""
        await self._api.visit(lambda desk: desk.redeliver(update_id))

    def _token(self, desk: Desk) -> str:
        user_id = 10**9 + secrets.randbelow(9 * 10**9)
        texts: dict[str, Any] = {"description": {}, "short_description": {}, "commands": {}}
        fresh = Bot(user_id, f"{user_id}:{secrets.token_urlsafe(26)}", {**self._found, **texts}, {}, [], 1)
        first = random.randint(*limits.FIRST_UPDATE_ID)  # noqa: S311
        desk.webchats.found_bot(fresh, first)
        return desk.bot.token

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[_not_found], client_max_size=limits.REQUEST_BYTES)
        app.router.add_route("*", "/bot{token:[^/]*}/{method:[^/]+}", self._api.handle)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self._api.handle_file)
        if self._page:
            PageApi(self._api, self._door).add_to(app)
            add_page(app)
            if self._stage is not None:
                self._stage.add_to(app, self._api)
        return app


async def _keep_at(work: Callable[[], Awaitable[None]]) -> None:
    """Begin again what failed, because a database may be away for a while."""
    while True:
        try:
            return await work()
        except Exception:
            log.exception("the web chat begins again")
            await asyncio.sleep(limits.GLANCE)


@web.middleware
async def _not_found(request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
    """What is not there, and what is too much, is said as the Bot API says it."""
    try:
        if (request.content_length or 0) > limits.REQUEST_BYTES:
            raise web.HTTPRequestEntityTooLarge(limits.REQUEST_BYTES)
        response: web.StreamResponse = await handler(request)
    except web.HTTPException as error:
        code = error.status if error.status in (404, 413) else 404 if error.status == 405 else 0
        if not code:
            raise
        return web.json_response(ApiError(code).answer(), status=code)
    return response
