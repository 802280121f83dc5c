"""Brings a database to today's schema: alembic's migrations, one path for both engines."""

import asyncio
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, inspect
from sqlalchemy.engine import make_url

from storage.database import sqlite_engine
from storage.schema import metadata
from storage.store import Store

MIGRATIONS = Path(__file__).parent / "migrations"

SUBJECTS = (
    *("activities", "arrivals", "choices", "cities", "comments", "consents", "documents", "drafts", "ideas"),
    *("menus", "pairings", "photos", "projects", "questions", "reports", "residents", "sessions", "staff", "visits"),
    "webchats",
)
"""The modules of storage/ that bring tables."""


def schema() -> MetaData:
    """Today's schema: every subject's tables in one MetaData."""
    for subject in SUBJECTS:
        __import__(f"storage.{subject}")
    return metadata


def migrate(url: str) -> None:
    """Bring the database to the newest migration; safe to run twice."""
    _with_connection(url, lambda connection: _alembic(connection, "upgrade", "head"))


def missing_migrations(url: str) -> tuple[str, ...]:
    """The names of the migrations that the database still lacks, the oldest first."""

    def look(connection: Connection) -> tuple[str, ...]:
        # alembic's own way to ask would load 6 MB that a running conversation never needs again.
        names = sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py"))
        if not inspect(connection).has_table("alembic_version"):
            return tuple(names)
        here = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
        return tuple(name for name in names if here is None or name > here)

    found: tuple[str, ...] = _with_connection(url, look)
    return found


def named(url: str) -> str | None:
    """The key of the city in a migrated database; None where nothing was seeded yet."""

    def look(connection: Connection) -> str | None:
        city = Store(connection).cities.get()
        return city.key if city else None

    found: str | None = _with_connection(url, look)
    return found


def _alembic(connection: Connection, command: str, revision: str) -> None:
    import alembic.command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    getattr(alembic.command, command)(config, revision)


def _with_connection(url: str, work: Any) -> Any:
    if make_url(url).get_backend_name() == "sqlite":
        engine = sqlite_engine(url)
        try:
            with engine.begin() as connection:
                return work(connection)
        finally:
            engine.dispose()
    return asyncio.run(_on_postgres(url, work))


async def _on_postgres(url: str, work: Any) -> Any:
    from sqlalchemy.ext.asyncio import create_async_engine

    engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()
