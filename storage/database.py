"""Opens turns: one transaction a turn, on SQLite in one writer thread, on PostgreSQL over asyncpg."""

import asyncio
import queue
import threading
from collections.abc import Callable
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
"""How many waiting turns share one commit on SQLite, at most."""


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
    """A turn that waits for the writer thread, and the future that its caller awaits."""

    __slots__ = ("error", "future", "result", "visit")

    def __init__(self, visit: Visit[Any], future: "asyncio.Future[Any]") -> None:
        self.visit = visit
        self.future = future
        self.result: Any = None
        self.error: BaseException | None = None

    def settle(self) -> None:
        if self.future.cancelled():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


class Sqlite:
    """All turns go through one writer thread, in order of arrival; those that wait together share a commit."""

    dialect = "sqlite"

    def __init__(self, url: str) -> None:
        self._engine = sqlite_engine(url)
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="writer", daemon=True)
        self._thread.start()

    async def turn(self, visit: Visit[T]) -> T:
        future: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.put(_Waiting(visit, future))
        return await future

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
                if len(batch) == 1:
                    batch[0].result = batch[0].visit(Store(connection))
                else:
                    for waiting in batch:
                        self._visit_in_savepoint(connection, waiting)
        except Exception as error:
            failed = Unavailable(str(error)) if _is_unavailable(error) else error
            for waiting in batch:
                waiting.error = waiting.error or failed

    @staticmethod
    def _visit_in_savepoint(connection: Connection, waiting: _Waiting) -> None:
        """One turn of several: what it raises undoes its own writes alone."""
        connection.exec_driver_sql("SAVEPOINT turn")
        try:
            waiting.result = waiting.visit(Store(connection))
        except Exception as error:
            if _is_unavailable(error):
                raise
            waiting.error = error
            connection.exec_driver_sql("ROLLBACK TO turn")
        connection.exec_driver_sql("RELEASE turn")


class Postgres:
    """Each turn holds a connection of the pool; turns of different people run side by side."""

    dialect = "postgresql"

    def __init__(self, url: str) -> None:
        from sqlalchemy.ext.asyncio import create_async_engine

        driver = make_url(url).set(drivername="postgresql+asyncpg")
        self._engine = create_async_engine(driver, pool_size=8, max_overflow=0, pool_timeout=60, hide_parameters=True)

    async def turn(self, visit: Visit[T]) -> T:
        for lost in range(TRIES):
            try:
                async with self._engine.begin() as connection:
                    return await connection.run_sync(lambda open_: visit(Store(open_)))
            except DBAPIError as error:
                if lost + 1 < TRIES and _lost_a_race(error):
                    continue
                if _is_unavailable(error):
                    raise Unavailable(str(error.orig)) from error
                raise
            except OSError as error:
                raise Unavailable(str(error)) from error
        raise AssertionError("unreachable")

    async def close(self) -> None:
        await self._engine.dispose()


def _settle_all(batch: list[_Waiting]) -> None:
    for waiting in batch:
        waiting.settle()


def _lost_a_race(error: DBAPIError) -> bool:
    """Whether taking the turn again can help: 40001 and 40P01, or a unique key that another turn took first."""
    return isinstance(error, IntegrityError) or getattr(error.orig, "sqlstate", None) in ("40001", "40P01")


def _is_unavailable(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and (
        error.connection_invalidated or isinstance(error, OperationalError | InterfaceError)
    )
