"""The City record: what the city itself decides, one row."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Integer, String, Table, select

from storage.schema import Id, Json, Words, metadata
from storage.store import Store


@dataclass(frozen=True, slots=True)
class City:
    """One city. ``version`` grows with every change, so that a cached copy knows when it is old.

    ``quiet_from`` and ``quiet_until`` are local times as ``HH:MM``; ``colour`` is ``#rrggbb``; ``languages`` are
    offered in this order, ``official_languages`` need a text before anything is published.
    """

    key: str
    name: Words
    summary: Words
    notice: Words
    contact: Words
    default_language: str
    official_languages: Sequence[str]
    languages: Sequence[str]
    time_zone: str
    colour: str
    logo_id: int | None
    quiet_from: str
    quiet_until: str
    two_person_rule: bool
    version: int


cities = Table(
    "cities",
    metadata,
    Column("id", Id, primary_key=True),
    Column("key", String, nullable=False),
    Column("name", Json, nullable=False),
    Column("summary", Json, nullable=False),
    Column("notice", Json, nullable=False),
    Column("contact", Json, nullable=False),
    Column("default_language", String, nullable=False),
    Column("official_languages", Json, nullable=False),
    Column("languages", Json, nullable=False),
    Column("time_zone", String, nullable=False),
    Column("colour", String, nullable=False),
    Column("logo_id", Id),
    Column("quiet_from", String, nullable=False),
    Column("quiet_until", String, nullable=False),
    Column("two_person_rule", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)

_GET = select(*[column for column in cities.c if column.name != "id"])


class Cities:
    """The one City."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def get(self) -> City | None:
        """The City; None in a database that was never seeded."""
        return self._store.one(City, _GET)

    def put(self, city: City) -> City:
        """Write the City, one version on."""
        before = self.get()
        values = {name: getattr(city, name) for name in City.__slots__} | {
            "version": before.version + 1 if before else 1
        }
        values |= {name: dict(values[name]) for name in ("name", "summary", "notice", "contact")}
        values |= {name: list(values[name]) for name in ("official_languages", "languages")}
        upsert = self._store.upsert(cities).values(id=1, **values)
        self._store.run(upsert.on_conflict_do_update(index_elements=["id"], set_=values))
        return City(**values)
