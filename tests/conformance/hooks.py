"""A bot's webhook that answers as it is told and remembers what came."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web

Answer = Callable[[dict[str, Any]], web.Response | Awaitable[web.Response]]


class Hook:
    """``answer`` decides by update; without it every update is taken."""

    def __init__(self) -> None:
        self.url = ""
        self.secrets: list[str | None] = []
        self.updates: list[dict[str, Any]] = []
        self.answer: Answer = lambda update: web.Response()

    @property
    def texts(self) -> list[str]:
        """What came: the words of a message, the data of a tap, else the kind."""
        return [_said(update) for update in self.updates]

    async def handle(self, request: web.Request) -> web.Response:
        update = await request.json()
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.updates.append(update)
        answered = self.answer(update)
        return answered if isinstance(answered, web.Response) else await answered

    async def saw(self, count: int) -> list[str]:
        """What came, as soon as so many came; a moment later it is still so many."""
        async with asyncio.timeout(5):
            while len(self.updates) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        await asyncio.sleep(0.01)
        assert len(self.updates) == count, self.texts
        return self.texts


def failing(status: int = 500, **options: Any) -> Answer:
    return lambda update: web.Response(status=status, **options)


def _said(update: dict[str, Any]) -> str:
    kind = next(name for name in update if name != "update_id")
    return str(update[kind].get("text") or update[kind].get("data") or kind)


@asynccontextmanager
async def listening() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()
