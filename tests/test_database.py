"""Turns: whole or not at all, one after the other for one person, on both engines."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from storage.database import BATCH, Database, Unavailable, open_database
from storage.residents import Resident
from storage.store import Store
from tests.clock import TestClock

LARGEST = 2**52 - 1
"""Telegram's ids have at most 52 significant bits."""


class Broken(Exception):
    """What a visit with a bug raises."""


def add(store: Store, clock: TestClock, name: str = "Ada") -> Resident:
    return store.residents.add(name, "nl", None, clock())


def named(store: Store, clock: TestClock, name: str) -> str:
    return add(store, clock, name).name


def names(store: Store) -> list[str]:
    """The names of all residents."""
    return list(store.run(text("SELECT name FROM residents ORDER BY name")).scalars())


# whole or not at all


async def test_a_turn_is_committed_and_gives_what_its_visit_gives(db: Database, clock: TestClock) -> None:
    person = await db.turn(lambda store: add(store, clock))
    assert await db.turn(lambda store: store.residents.get(person.id)) == person


async def test_what_a_visit_raises_rolls_everything_back_and_comes_out(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> None:
        add(store, clock)
        add(store, clock)
        raise Broken

    with pytest.raises(Broken):
        await db.turn(visit)
    assert await db.turn(names) == []


async def test_a_statement_that_fails_rolls_back_what_came_before_it(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> None:
        person = add(store, clock)
        store.residents.open_account(person.id, "telegram", 5)
        store.residents.open_account(person.id, "telegram", 5)

    with pytest.raises(IntegrityError):
        await db.turn(visit)
    assert await db.turn(names) == []


async def test_what_points_to_nothing_is_refused_on_both_engines(db: Database) -> None:
    with pytest.raises(IntegrityError):
        await db.turn(lambda store: store.residents.open_account(99, "telegram", 5))


async def test_a_statement_that_is_wrong_is_a_bug_and_not_a_database_that_is_away(db: Database) -> None:
    with pytest.raises((StatementError, OverflowError)) as raised:
        await db.turn(lambda store: store.residents.get(2**70))
    assert not isinstance(raised.value, Unavailable)


# waiting together


@contextmanager
def commits() -> Iterator[list[Connection]]:
    """The commits that any engine makes meanwhile."""
    seen: list[Connection] = []

    def count(connection: Connection) -> None:
        seen.append(connection)

    event.listen(Engine, "commit", count)
    try:
        yield seen
    finally:
        event.remove(Engine, "commit", count)


async def together(db: Database, visits: list[Callable[[Store], object]]) -> list[object]:
    """Take these turns while the writer is busy, so that they wait together; what each gave or raised."""
    if db.dialect == "postgresql":
        return await asyncio.gather(*map(db.turn, visits), return_exceptions=True)
    started, go_on = threading.Event(), threading.Event()

    def busy(_store: Store) -> None:
        started.set()
        go_on.wait(10)

    first = asyncio.create_task(db.turn(busy))
    await asyncio.to_thread(started.wait, 10)
    waiting = [asyncio.create_task(db.turn(visit)) for visit in visits]
    await asyncio.sleep(0)
    go_on.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_turns_that_wait_together_share_a_commit(db: Database, clock: TestClock) -> None:
    with commits() as seen:
        given_ = await together(db, [partial(named, clock=clock, name=f"n{n}") for n in range(BATCH)])
    assert given_ == [f"n{n}" for n in range(BATCH)]
    assert len(seen) == 2
    assert len(await db.turn(names)) == BATCH


async def test_a_turn_that_raises_undoes_only_its_own_writes(db: Database, clock: TestClock) -> None:
    def broken(store: Store) -> None:
        add(store, clock, "broken")
        raise Broken

    def twice(store: Store) -> None:
        person = add(store, clock, "twice")
        store.residents.open_account(person.id, "telegram", 5)
        store.residents.open_account(person.id, "telegram", 5)

    def one(store: Store) -> str:
        return add(store, clock, "one").name

    def two(store: Store) -> str:
        return add(store, clock, "two").name

    given_ = await together(db, [one, broken, twice, two])
    assert [given_[0], type(given_[1]), type(given_[2]), given_[3]] == ["one", Broken, IntegrityError, "two"]
    assert await db.turn(names) == ["one", "two"]


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_a_caller_who_stopped_waiting_does_not_stop_the_others(db: Database, clock: TestClock) -> None:
    started, go_on = threading.Event(), threading.Event()

    def busy(store: Store) -> None:
        started.set()
        go_on.wait(10)
        add(store, clock, "busy")

    first = asyncio.create_task(db.turn(busy))
    await asyncio.to_thread(started.wait, 10)
    first.cancel()
    go_on.set()
    assert await db.turn(names) == ["busy"]
    assert first.cancelled()


@pytest.mark.parametrize("engine", ["sqlite"])
async def test_turns_that_wait_when_the_database_closes_are_still_taken(url: str, clock: TestClock) -> None:
    db = open_database(url)
    waiting = [asyncio.create_task(db.turn(partial(named, clock=clock, name=f"n{n}"))) for n in range(3)]
    await asyncio.sleep(0)
    await db.close()
    assert await asyncio.gather(*waiting) == ["n0", "n1", "n2"]


# one person, many updates


async def test_updates_of_one_person_at_the_same_time_do_not_overlap(db: Database, clock: TestClock) -> None:
    def meet(store: Store) -> None:
        store.residents.open_account(add(store, clock).id, "telegram", LARGEST)

    def count(store: Store) -> None:
        entrance = store.residents.enter("telegram", LARGEST, 1)
        assert entrance is not None
        before = int(entrance.resident.awaiting or 0)
        store.residents.change(entrance.resident.id, awaiting=str(before + 1))

    await db.turn(meet)
    await asyncio.gather(*(db.turn(count) for _ in range(20)))
    entrance = await db.turn(lambda store: store.residents.enter("telegram", LARGEST, 1))
    assert entrance is not None
    assert entrance.resident.awaiting == "20"


async def test_the_same_update_at_the_same_time_is_applied_once(db: Database, clock: TestClock) -> None:
    def meet(store: Store) -> None:
        store.residents.open_account(add(store, clock).id, "telegram", 5)

    def visit(store: Store) -> str:
        entrance = store.residents.enter("telegram", 5, 17)
        assert entrance is not None
        if entrance.landed is not None:
            return entrance.landed
        store.residents.change(entrance.resident.id, awaiting=(entrance.resident.awaiting or "") + "x")
        store.arrivals.add("telegram", 17, "home", clock())
        return "first"

    await db.turn(meet)
    given_ = await asyncio.gather(*(db.turn(visit) for _ in range(4)))
    assert sorted(given_) == ["first", "home", "home", "home"]
    entrance = await db.turn(lambda store: store.residents.enter("telegram", 5, 18))
    assert entrance is not None
    assert (entrance.resident.awaiting, entrance.landed) == ("x", None)


async def test_two_first_updates_of_one_person_make_one_resident(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> int:
        entrance = store.residents.enter("telegram", 5, 1)
        if entrance is not None:
            return entrance.resident.id
        person = add(store, clock)
        store.residents.open_account(person.id, "telegram", 5)
        return person.id

    assert len(set(await asyncio.gather(*(db.turn(visit) for _ in range(4))))) == 1
    assert await db.turn(names) == ["Ada"]


async def test_everybody_gets_an_answer_however_many_come_together(db: Database) -> None:
    async def one_after_the_other(turns: int) -> None:
        for _ in range(turns):
            await db.turn(lambda store: store.run(text("SELECT 1")).scalar())

    async with asyncio.timeout(20):
        for people in (3, 4, 5, 9):
            await asyncio.gather(*(one_after_the_other(turns) for turns in range(people)))
            await asyncio.gather(*(one_after_the_other(3) for _ in range(people)))


# when the database is away


async def test_a_server_that_does_not_answer_is_unavailable() -> None:
    db = open_database("postgresql://belleman@127.0.0.1:1/belleman")
    with pytest.raises(Unavailable):
        await db.turn(names)
    await db.close()


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_server_that_lets_nobody_in_is_unavailable(url: str) -> None:
    for away in (make_url(url).set(database="not-there-yet"), make_url(url).set(username="nobody")):
        db = open_database(away.render_as_string(hide_password=False))
        with pytest.raises(Unavailable):
            await db.turn(names)
        await db.close()


@pytest.mark.parametrize("engine", ["postgresql"])
async def test_a_connection_that_breaks_is_unavailable_and_the_next_turn_has_a_new_one(
    db: Database, clock: TestClock
) -> None:
    def visit(store: Store) -> None:
        add(store, clock)
        store.run(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(Unavailable):
        await db.turn(visit)
    assert await db.turn(names) == []


async def test_a_file_that_cannot_be_opened_is_unavailable_until_it_can(tmp_path: Path) -> None:
    folder = tmp_path / "missing"
    db = open_database(f"sqlite:///{folder}/belleman.db")
    with pytest.raises(Unavailable):
        await db.turn(lambda store: store.run(text("SELECT 1")).scalar())
    folder.mkdir()
    assert await db.turn(lambda store: store.run(text("SELECT 1")).scalar()) == 1
    await db.close()


async def test_a_database_that_gives_way_in_one_turn_does_not_take_the_others_along(
    db: Database, clock: TestClock
) -> None:
    def full(_store: Store) -> None:
        raise DBAPIError("INSERT", None, Exception("disk is full"), connection_invalidated=True)

    given_ = await together(db, [partial(named, clock=clock, name="one"), full, names])
    assert [given_[0], type(given_[1]), given_[2]] == ["one", Unavailable, ["one"]]
    assert await db.turn(names) == ["one"]


# what is kept comes back


@given(
    st.datetimes(
        datetime(1970, 1, 2),
        datetime(2200, 1, 1),
        timezones=st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes))),
    )
)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_moment_comes_back_in_utc_whatever_zone_it_went_in(db: Database, moment: datetime) -> None:
    person = await db.turn(lambda store: store.residents.add("Ada", "nl", None, moment))
    found = await db.turn(lambda store: store.residents.get(person.id))
    assert found is not None
    assert found == person
    assert (found.joined_at, found.joined_at.tzinfo, found.took_part_at) == (moment, UTC, None)


async def test_a_time_without_a_zone_is_refused(db: Database) -> None:
    with pytest.raises(StatementError, match="a moment needs its time zone"):
        await db.turn(lambda store: store.residents.add("Ada", "nl", None, datetime(2026, 5, 12, 7, 30)))


@given(st.integers(-LARGEST, LARGEST), st.integers(0, LARGEST))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_ids_of_52_bits_come_back_as_they_were(
    db: Database, clock: TestClock, chat_id: int, message_id: int
) -> None:
    def visit(store: Store) -> object:
        channel = f"channel {clock()}"
        account = store.residents.open_account(add(store, clock).id, channel, chat_id)
        assert account.chat_id == chat_id
        assert store.residents.change_account(channel, chat_id, living_message_id=message_id) == 1
        entrance = store.residents.enter(channel, chat_id, message_id)
        assert entrance is not None
        return entrance.account.chat_id, entrance.account.living_message_id

    assert await db.turn(visit) == (chat_id, message_id)


async def test_an_id_is_never_given_twice(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> list[int]:
        question = {"text": "?", "language": "nl", "status": "open", "at": clock()}
        made = [add(store, clock).id, store.photos.add_file("t", "f", clock()), store.questions.add(**question)]
        store.questions.change(made[2], resident_id=made[0])
        store.questions.remove_of(made[0])
        store.residents.remove(made[0])
        store.photos.remove(made[1])
        return made

    first, second = await db.turn(visit), await db.turn(visit)
    assert [later - earlier for earlier, later in zip(first, second, strict=True)] == [1, 1, 1]
