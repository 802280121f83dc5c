"""Arrivals: each update is known once, for as long as it may come again; and what a channel shows is known."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from storage.arrivals import PutAside
from storage.database import Database
from storage.store import Store
from tests.clock import TestClock


async def test_an_update_is_known_once_for_each_channel(db: Database, clock: TestClock) -> None:
    await db.turn(lambda store: store.arrivals.add("telegram", 17, "project-4", clock()))
    await db.turn(lambda store: store.arrivals.add("web", 17, "home", clock()))
    assert await db.turn(
        lambda store: [store.arrivals.landed(*key) for key in (("telegram", 17), ("web", 17), ("telegram", 18))]
    ) == ["project-4", "home", None]


async def test_a_second_record_of_an_update_undoes_its_whole_turn(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> None:
        store.residents.add("Ada", "nl", None, clock())
        store.arrivals.add("telegram", 17, "home", clock())

    await db.turn(visit)
    with pytest.raises(IntegrityError):
        await db.turn(visit)
    people = await db.turn(lambda store: [store.residents.get(1), store.residents.get(2), store.residents.get(9)])
    assert [one is not None for one in people] == [True, False, False]


UPDATES = st.lists(st.tuples(st.sampled_from(["telegram", "web"]), st.integers(0, 2**52 - 1)), unique=True, max_size=6)


@given(UPDATES)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_updates_are_known_by_their_own_id_and_not_by_their_order(
    db: Database, clock: TestClock, updates: list[tuple[str, int]]
) -> None:
    def visit(store: Store) -> list[str | None]:
        store.arrivals.forget_before(clock())
        for number, (channel, update_id) in enumerate(updates):
            assert store.arrivals.landed(channel, update_id) is None
            store.arrivals.add(channel, update_id, f"project-{number}", clock())
        return [store.arrivals.landed(*update) for update in updates]

    assert await db.turn(visit) == [f"project-{number}" for number in range(len(updates))]


async def test_what_arrived_before_a_moment_is_forgotten(db: Database, clock: TestClock) -> None:
    now = clock()

    def visit(store: Store) -> list[object]:
        for update_id, age in ((1, 49), (2, 48), (3, 47)):
            store.arrivals.add("telegram", update_id, "home", now - timedelta(hours=age))
        limit = now - timedelta(hours=48)
        dropped = [store.arrivals.forget_before(limit), store.arrivals.forget_before(limit)]
        return [*dropped, [store.arrivals.landed("telegram", one) for one in (1, 2, 3)]]

    assert await db.turn(visit) == [1, 0, [None, "home", "home"]]


async def test_what_was_put_aside_is_kept_as_it_came_until_it_is_forgotten(db: Database, clock: TestClock) -> None:
    now = clock()
    before = now - timedelta(days=40)
    rows: list[dict[str, object]] = [
        {"channel": "telegram", "update_id": 1, "chat_id": 5, "body": "{", "error": "no JSON", "at": before},
        {"channel": "telegram", "update_id": None, "chat_id": None, "body": "?", "error": "no id", "at": now},
        {"channel": "web", "update_id": 2, "chat_id": 5, "body": "{}", "error": "of a bug", "at": now},
        {"channel": "telegram", "update_id": 2, "chat_id": 2**52 - 1, "body": "{}", "error": "of a bug", "at": now},
    ]

    def visit(store: Store) -> list[object]:
        for row in rows:
            store.arrivals.put_aside(row)
        kept: list[object] = [store.arrivals.aside(), store.arrivals.count_aside()]
        kept.append(store.arrivals.forget_aside(before=now - timedelta(days=30)))
        kept.append(store.arrivals.forget_aside(account=("web", 5)))
        kept.append(store.arrivals.forget_aside(account=("web", 5)))
        return [*kept, [one.update_id for one in store.arrivals.aside()], store.arrivals.count_aside()]

    expected = tuple(PutAside(id=number, **row) for number, row in enumerate(rows, 1))  # type: ignore[arg-type]
    assert await db.turn(visit) == [expected, 4, 1, 1, 0, [None, 2], 2]


async def test_what_a_channel_s_menus_show_is_known_by_name(db: Database) -> None:
    def visit(store: Store) -> list[dict[str, str]]:
        for channel, name, digest in (
            ("telegram", "commands/nl", "old"),
            ("telegram", "commands/fr", "a"),
            ("web", "commands/nl", "b"),
            ("telegram", "commands/nl", "new"),
        ):
            store.menus.put(channel, name, digest)
        return [store.menus.of(channel) for channel in ("telegram", "web", "paper")]

    assert await db.turn(visit) == [{"commands/nl": "new", "commands/fr": "a"}, {"commands/nl": "b"}, {}]
