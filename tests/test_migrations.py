"""Migrations: an empty database becomes exactly what the tables say, on both engines."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import create_async_engine

from storage.database import sqlite_engine
from storage.migrating import MIGRATIONS, SUBJECTS, migrate, missing_migrations, schema
from tests.conftest import Engines

ALL = tuple(sorted(path.stem.partition("_")[0] for path in (MIGRATIONS / "versions").glob("*.py")))
NOT_SUBJECTS = {"__init__", "database", "migrating", "schema", "store", "webchat_queue", "webchat_tables"}


@pytest.fixture
def empty(engines: Engines, engine: str, tmp_path: Path) -> str:
    """The address of a database without tables."""
    if engine == "sqlite":
        return f"sqlite:///{tmp_path}/100%25.db"
    url = engines.fresh(engine)

    async def clear() -> None:
        connection = await asyncpg.connect(url)
        await connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
        await connection.close()

    asyncio.run(clear())
    return url


def look(url: str, at: Callable[[Connection], Any]) -> Any:
    """What there is to see in a database."""
    if url.startswith("sqlite"):
        engine = sqlite_engine(url)
        with engine.begin() as connection:
            found = at(connection)
        engine.dispose()
        return found

    async def over_there() -> Any:
        engine = create_async_engine(make_url(url).set(drivername="postgresql+asyncpg"))
        async with engine.begin() as connection:
            found = await connection.run_sync(at)
        await engine.dispose()
        return found

    return asyncio.run(over_there())


def differences(connection: Connection) -> list[Any]:
    """What alembic would still change."""
    return list(compare_metadata(MigrationContext.configure(connection), schema()))


def columns(connection: Connection) -> set[tuple[str, str]]:
    """Each table with each of its columns."""
    seen = inspect(connection)
    return {(table, column["name"]) for table in seen.get_table_names() for column in seen.get_columns(table)}


def test_migrations_make_exactly_the_schema_of_the_tables(empty: str) -> None:
    migrate(empty)
    assert look(empty, differences) == []
    expected = {(table.name, column.name) for table in schema().tables.values() for column in table.c}
    assert look(empty, columns) == expected | {("alembic_version", "version_num")}


def test_an_empty_database_lacks_all_migrations_and_a_migrated_one_none(empty: str) -> None:
    assert missing_migrations(empty) == ALL
    migrate(empty)
    assert missing_migrations(empty) == ()
    assert ALL[0] == "0001"


def test_migrating_twice_is_safe(empty: str) -> None:
    migrate(empty)
    before = look(empty, columns)
    migrate(empty)
    assert (look(empty, columns), missing_migrations(empty)) == (before, ())


def test_ids_that_may_not_come_back_are_kept_from_coming_back_on_sqlite(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/belleman.db"
    migrate(url)

    def counted(connection: Connection) -> set[str]:
        query = "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        return set(connection.exec_driver_sql(query).scalars())

    expected = {name for name, table in schema().tables.items() if table.dialect_options["sqlite"]["autoincrement"]}
    assert look(url, counted) == expected >= {"ideas", "comments", "residents", "photos"}


def test_every_subject_of_storage_is_known_to_the_migrations() -> None:
    modules = {path.stem for path in MIGRATIONS.parent.glob("*.py")}
    assert set(SUBJECTS) == modules - NOT_SUBJECTS
