"""Both clients, and strict gateways for them."""

import functools
import gc
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from storage.database import Database, open_database, sqlite_engine
from storage.migrating import schema
from tests.conformance.bench import Bench, opened
from tests.conformance.clients import CLIENTS, Client


@pytest.fixture(scope="session", autouse=True)
def quick() -> Iterator[None]:
    """Read the machine's certificates once, not for every client, and leave the libraries out of garbage collection."""
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", functools.cache(ssl.create_default_context))
        yield
    gc.unfreeze()


@asynccontextmanager
async def database(path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{path}"
    engine = sqlite_engine(url)
    schema().create_all(engine)
    engine.dispose()
    db = open_database(url)
    yield db
    await db.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def street(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bench]:
    """One gateway for all tables: each case has a chat and a minute of its own."""
    async with database(tmp_path_factory.mktemp("street") / "webchat.db") as db, opened(db) as bench:
        yield bench


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def ground(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Database]:
    """The database in which gateways are set up, one after the other."""
    async with database(tmp_path_factory.mktemp("ground") / "webchat.db") as db:
        yield db


@pytest_asyncio.fixture(loop_scope="session")
async def bench(ground: Database) -> AsyncIterator[Bench]:
    """A gateway for this test alone."""
    async with opened(ground) as bench:
        yield bench


@pytest.fixture(params=CLIENTS)
def library(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def client(bench: Bench, library: str) -> Client:
    """A client of the test's own gateway, of each library."""
    return bench.client(library)


@pytest.fixture
def neighbour(street: Bench, library: str) -> Client:
    """A client of the gateway that the tables share, of each library."""
    return street.client(library)
