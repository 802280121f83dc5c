"""A strict gateway with a clock that is moved by hand, and what the cases need in it."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from bot.webchat import Gateway
from bot.webchat.desk import Desk
from bot.webchat.signals import UPDATES
from bot.webchat.strictness import STRICT, Strictness
from storage.database import Database
from storage.migrating import schema
from storage.store import Store
from tests.conformance.clients import CLIENTS, Client


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float = 0.0, **span: float) -> None:
        self.now += timedelta(seconds=seconds, **span)


class Bench:
    """A gateway and the clients that are connected to it."""

    def __init__(self, gateway: Gateway, clock: Clock) -> None:
        self.gateway = gateway
        self.clock = clock
        self.troubles = gateway.troubles
        self.slept: list[float] = []
        self.clients: dict[str, Client] = {}
        self._chats = itertools.count(2**52 - 10_000)
        self._groups = itertools.count(-1000, -1)
        gateway._api.sleep = self._sleep

    async def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0.005)

    def client(self, name: str) -> Client:
        if name not in self.clients:
            self.clients[name] = CLIENTS[name](self.gateway)
        return self.clients[name]

    def another(self, name: str) -> Client:
        """One more client of a library, with connections of its own."""
        made = self.clients[f"{name} {len(self.clients)}"] = CLIENTS[name](self.gateway)
        return made

    async def poll(self, client: Client, **arguments: Any) -> list[dict[str, Any]]:
        """A poll that is not hasty."""
        self.clock.forward(4)
        return list(await client.result("getUpdates", **arguments))

    def wake(self) -> None:
        """Let the server look at the clock."""
        self.gateway._api.signals.wake([UPDATES])

    async def person(self) -> int:
        """Somebody who has pressed Start; the queue stays as it was."""
        return await self._met(next(self._chats))

    async def group(self, supergroup: bool = False) -> int:
        return await self._met(next(self._groups) - (10**12 if supergroup else 0))

    async def _met(self, chat_id: int) -> int:
        def work(desk: Desk) -> None:
            desk.met_chat(chat_id)
            desk.webchats.change_chat(chat_id, status="member")

        await self.gateway._api.visit(work)
        return chat_id

    async def texts(self, chat_id: int) -> list[str]:
        """What the bot said in a chat."""
        found = await self.gateway._api.visit(lambda desk: desk.webchats.history(chat_id, None, 100))
        return [str(message.body.get("text", "")) for message in found if message.outgoing]

    async def tap(self, chat_id: int, message_id: int, data: str = "x") -> str:
        """Somebody taps a button; the id of the query."""

        def work(desk: Any) -> int:
            return int(desk.tap(desk.chat(chat_id), desk.webchats.message(chat_id, message_id), data))

        return str(await self.gateway._api.visit(work))

    async def write(self, chat_id: int, text: str) -> int:
        return await self.gateway.deliver(chat_id, {"text": text})

    async def pending(self) -> list[dict[str, Any]]:
        """The updates that wait, without a poll."""
        waiting = await self.gateway._api.visit(lambda desk: desk.queue.pending(desk.now, 10**6))
        return [dict(update.body) for update in waiting]


@asynccontextmanager
async def opened(db: Database, strictness: Strictness = STRICT) -> AsyncIterator[Bench]:
    """A gateway in an emptied database; one database for many tests, because a new one learns its statements anew."""
    await db.turn(_emptied)
    clock = Clock()
    gateway = Gateway(db, clock=clock, strictness=strictness, page=False)
    await gateway.start()
    bench = Bench(gateway, clock)
    yield bench
    for client in bench.clients.values():
        await client.close()
    await gateway.close()


def _emptied(store: Store) -> None:
    for table in reversed(schema().sorted_tables):
        if table.name.startswith("webchat_"):
            store.run(delete(table))
