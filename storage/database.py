"""Opens turns: one transaction a turn, on SQLite in one writer thread, on PostgreSQL over asyncpg."""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError

from storage.store import Store

T = TypeVar("T")
Visit = Callable[[Store], T]

TRIES = 4
"""How often a turn that lost a race (a deadlock, a row that another turn inserted first) is taken."""

BATCH = 16
"""How many waiting turns share one commit, at most."""

CONNECTIONS = 4
"""How many turns, or batches of them, run side by side on PostgreSQL."""

AWAY = ("08", "25006", "28", "3D", "53", "57P")
"""How the SQLSTATEs begin of a PostgreSQL that cannot be used now: no connection, read-only, no entrance, no such
database (yet), out of room or connections, starting or stopping."""


class Unavailable(Exception):
    """The database cannot be reached or written now; nothing is wrong with the turn itself."""


class Database(Protocol):
    """Turns on one database; ``turn`` may be awaited from any task of one event loop."""

    dialect: str

    async def turn(self, visit: Visit[T]) -> T:
        """Run ``visit`` in one transaction and commit it; what it raises rolls it back and comes out here.

        ``visit`` may be run again when it lost a race, so it changes nothing but the store.
        Raises ``Unavailable`` when the database itself is the trouble.
        """
        ...

    async def close(self) -> None: ...


def open_database(url: str) -> Database:
    """The database at a ``sqlite:///path`` or ``postgresql://...`` address; its schema is the migrations' business."""
    if make_url(url).get_backend_name() == "sqlite":
        return Sqlite(url)
    return Postgres(url)


def sqlite_engine(url: str) -> Engine:
    """An engine whose transactions are BEGIN IMMEDIATE: one that reads and then writes never meets a locked file."""
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": 30, "check_same_thread": False})

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-8000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


class _Waiting:
    """A turn that waits, and the future that its caller awaits."""

    __slots__ = ("error", "future", "result", "visit")

    def __init__(self, visit: Visit[Any]) -> None:
        self.visit = visit
        self.future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def _run_all(batch: list[_Waiting], connection: Connection) -> None:
    """Every turn of a batch in one transaction. What one raises undoes them all: they are then taken one by one."""
    for waiting in batch:
        waiting.result = waiting.visit(Store(connection))


class Sqlite:
    """All turns go through one writer thread, in order of arrival; those that wait together share a commit."""

    dialect = "sqlite"

    def __init__(self, url: str) -> None:
        self._engine = sqlite_engine(url)
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    async def turn(self, visit: Visit[T]) -> T:
        waiting = _Waiting(visit)
        self._waiting.put(waiting)
        result: T = await waiting.future
        return result

    async def close(self) -> None:
        self._waiting.put(None)
        await asyncio.to_thread(self._thread.join)
        self._engine.dispose()

    def _write(self) -> None:
        while (first := self._waiting.get()) is not None:
            batch = [first]
            closing = False
            while len(batch) < BATCH and not self._waiting.empty():
                following = self._waiting.get()
                if following is None:
                    closing = True
                    break
                batch.append(following)
            self._commit(batch)
            loop = first.future.get_loop()
            if not loop.is_closed():
                loop.call_soon_threadsafe(_settle_all, batch)
            if closing:
                return

    def _commit(self, batch: list[_Waiting]) -> None:
        try:
            with self._engine.begin() as connection:
                _run_all(batch, connection)
        except Exception as error:
            if len(batch) == 1:
                batch[0].error = Unavailable(type(error).__name__) if _is_unavailable(error) else error
                return
            for waiting in batch:
                self._commit([waiting])


class Postgres:
    """A few connections take the turns; those that wait together share a transaction, as on SQLite."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        from sqlalchemy.ext.asyncio import create_async_engine

        driver = make_url(url).set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(driver, pool_size=CONNECTIONS, max_overflow=0, hide_parameters=True)
        self._waiting: deque[_Waiting] = deque()
        self._working: set[asyncio.Task[None]] = set()

    async def turn(self, visit: Visit[T]) -> T:
        waiting = _Waiting(visit)
        self._waiting.append(waiting)
        # Those that are done leave the set a moment later, and would not look at what waits again.
        if sum(not task.done() for task in self._working) < CONNECTIONS:
            task = asyncio.get_running_loop().create_task(self._work())
            self._working.add(task)
            task.add_done_callback(self._working.discard)
        result: T = await waiting.future
        return result

    async def close(self) -> None:
        while self._working:
            await asyncio.gather(*self._working)
        await self._engine.dispose()

    async def _work(self) -> None:
        while self._waiting:
            batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            await self._commit(batch, 1 if len(batch) > 1 else TRIES)
            _settle_all(batch)

    async def _commit(self, batch: list[_Waiting], tries: int) -> None:
        try:
            async with self._engine.begin() as connection:
                await connection.run_sync(partial(_run_all, batch))
        except Exception as error:
            if len(batch) > 1:
                for waiting in batch:
                    await self._commit([waiting], TRIES)
            elif tries > 1 and _lost_a_race(error):
                await self._commit(batch, tries - 1)
            else:
                batch[0].error = Unavailable(type(error).__name__) if _is_unavailable(error) else error


def _settle_all(batch: list[_Waiting]) -> None:
    for waiting in batch:
        waiting.settle()


def _lost_a_race(error: Exception) -> bool:
    """Whether taking the turn again can help: 40001 and 40P01, or a unique key that another turn took first."""
    if not isinstance(error, DBAPIError):
        return False
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in ("40001", "40P01")


def _is_unavailable(error: Exception) -> bool:
    """Whether the database is the trouble: it cannot be reached, or went away."""
    if isinstance(error, DBAPIError):
        state = getattr(error.orig, "sqlstate", None) or ""
        gone = error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
        return gone or state.startswith(AWAY)
    return isinstance(error, OSError)
