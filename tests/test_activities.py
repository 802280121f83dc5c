"""Activities: open from the first moment until just before the last."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from participation.activities import Closed, NotOpenYet, current, find, find_open, phase, take_part
from participation.refusals import Gone
from storage.activities import Activity, Option
from storage.database import Database
from storage.store import Store
from tests.clock import TestClock
from tests.towns import CLOSED, IDEAS, VOTE, words

OPENS = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
CLOSES = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
ART, SECRET = 4, 5
"""More ids in the test town: a call for ideas that opens later, and a vote of a project that is not public."""


def an_activity(**changes: Any) -> Activity:
    """A choice of three plans that belongs to no project."""
    options = [Option(number, words(f"Plan {number}"), {}, None) for number in (1, 2, 3)]
    made = Activity(0, "alone", None, "choice", words("Which?"), {}, OPENS, CLOSES, {}, None, tuple(options))
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (OPENS - INSTANT, "coming"),
        (OPENS, "open"),
        (OPENS + INSTANT, "open"),
        (CLOSES - INSTANT, "open"),
        (CLOSES, "closed"),
        (CLOSES + INSTANT, "closed"),
    ],
)
def test_it_is_open_from_its_first_moment_until_just_before_its_last(now: datetime, expected: str) -> None:
    assert phase(an_activity(), now) == expected


MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))


@given(st.lists(MOMENTS, min_size=1), MOMENTS, MOMENTS | st.none())
def test_time_takes_an_activity_from_coming_to_open_to_closed_and_never_back(
    moments: list[datetime], opens: datetime, closes: datetime | None
) -> None:
    activity = an_activity(opens_at=opens, closes_at=closes)
    phases = [phase(activity, now) for now in sorted(moments)]
    assert phases == sorted(phases, key=["coming", "open", "closed"].index)
    assert closes is not None or "closed" not in phases


async def test_residents_find_what_is_public_and_of_the_method_that_the_address_names(town: Database) -> None:
    assert (await town.turn(lambda store: find(store, VOTE))).title == words("Which plan?")
    assert (await town.turn(lambda store: find(store, VOTE, "choice"))).id == VOTE


@pytest.mark.parametrize(("activity_id", "method"), [(VOTE, "ideas"), (SECRET, None), (SECRET, "choice"), (99, None)])
async def test_what_is_not_there_not_public_or_of_another_method_is_gone(
    town: Database, activity_id: int, method: str | None
) -> None:
    with pytest.raises(Gone):
        await town.turn(lambda store: find(store, activity_id, method))


async def test_only_an_open_activity_takes_contributions(town: Database, clock: TestClock) -> None:
    assert (await town.turn(lambda store: find_open(store, IDEAS, "ideas", clock()))).id == IDEAS
    with pytest.raises(NotOpenYet):
        await town.turn(lambda store: find_open(store, ART, "ideas", clock()))
    with pytest.raises(Closed):
        await town.turn(lambda store: find_open(store, CLOSED, "choice", clock()))
    with pytest.raises(Gone):
        await town.turn(lambda store: find_open(store, SECRET, "choice", clock()))


async def test_what_people_can_do_now_are_the_open_activities_of_projects_and_those_that_stand_alone(
    town: Database, clock: TestClock
) -> None:
    def visit(store: Store) -> tuple[int, int, Sequence[int]]:
        now = clock()
        alone = store.activities.put(an_activity(opens_at=now, closes_at=None))
        over = store.activities.put(an_activity(key="over", opens_at=OPENS, closes_at=now))
        return alone, over, [one.id for one in current(store, now)]

    alone, over, open_now = await town.turn(visit)
    assert open_now == [VOTE, IDEAS, alone]
    assert over not in open_now


async def test_the_first_act_is_remembered_and_later_ones_change_nothing(db: Database, clock: TestClock) -> None:
    def visit(store: Store) -> tuple[datetime | None, datetime]:
        person, first = store.residents.add("Ada", "nl", None, clock()), clock()
        take_part(store, person, first)
        again = store.residents.get(person.id)
        assert again is not None
        take_part(store, again, clock())
        found = store.residents.get(person.id)
        return (found.took_part_at if found else None), first

    remembered, first = await db.turn(visit)
    assert remembered == first


async def test_an_activity_written_again_keeps_its_id_and_loses_the_options_that_were_left_out(db: Database) -> None:
    first = await db.turn(lambda store: store.activities.put(an_activity()))
    fewer = an_activity(title=words("Now?"), settings={"results": "always"}, options=an_activity().options[:2])
    again = await db.turn(lambda store: store.activities.put(fewer))
    assert again == first
    assert await db.turn(lambda store: store.activities.get(first)) == replace(fewer, id=first)


async def test_an_activity_without_options_has_none(db: Database) -> None:
    call = an_activity(method="ideas", closes_at=None, options=())
    put = await db.turn(lambda store: store.activities.put(call))
    assert await db.turn(lambda store: store.activities.get(put)) == replace(call, id=put)
    assert await db.turn(lambda store: store.activities.standing_alone()) == (replace(call, id=put),)
    assert await db.turn(lambda store: store.activities.get(put + 1)) is None


async def test_an_activity_that_was_read_before_is_still_held_when_somebody_takes_part(town: Database) -> None:
    def visit(store: Store) -> bool:
        store.activities.get(VOTE)
        store.activities.get(VOTE, held=True)
        held = "SELECT xmax::text = pg_current_xact_id()::xid::text FROM activities WHERE id = 1"
        return bool(store.run(text(held)).scalar_one())

    # On SQLite the one writer holds everything.
    assert town.dialect == "sqlite" or await town.turn(visit)
