"""Choices: one ballot for each resident, and a tally that is the ballots."""

import asyncio
from collections import Counter
from datetime import timedelta
from functools import partial
from math import factorial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation.activities import Closed, NotOpenYet
from participation.choices import (
    NoSuchOption,
    ResultsHidden,
    choose,
    may_see_results,
    order,
    results,
    withdraw,
)
from participation.refusals import Gone
from storage.choices import Ballot
from storage.database import Database
from storage.residents import Resident
from storage.store import Store
from tests.clock import TestClock
from tests.test_activities import CLOSES, INSTANT, OPENS, an_activity
from tests.towns import CLOSED, IDEAS, VOTE

WITH_DATABASE = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
ACTS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, 1, 2, 3])), max_size=8)
"""Who does what: a resident of three, and an option, or None to take the ballot back."""


async def a_person(db: Database, clock: TestClock) -> Resident:
    """Somebody new in town."""
    return await db.turn(lambda store: store.residents.add("Ada", "nl", None, clock()))


vote = partial(choose, channel="telegram")


@given(ACTS)
@WITH_DATABASE
async def test_one_ballot_a_resident_whatever_they_do_and_the_tally_equals_the_ballots(
    db: Database, clock: TestClock, acts: list[tuple[int, int | None]]
) -> None:
    people = [await a_person(db, clock) for _ in range(3)]
    poll = an_activity(key=repr(people[0].id), opens_at=clock(), closes_at=None)
    activity_id = await db.turn(lambda store: store.activities.put(poll))
    expected: dict[int, int] = {}
    for index, number in acts:
        person = people[index]
        if number is None:
            await db.turn(partial(withdraw, activity_id=activity_id, resident=person, now=clock()))
            expected.pop(person.id, None)
        else:
            await db.turn(partial(vote, activity_id=activity_id, resident=person, number=number, now=clock()))
            expected[person.id] = number
    ballots = await db.turn(lambda store: [one for person in people for one in store.choices.of(person.id)])
    assert {one.resident_id: one.option_number for one in ballots} == expected
    assert len(ballots) == len(expected)
    assert await db.turn(lambda store: store.choices.tally(activity_id)) == Counter(expected.values())


async def test_a_vote_counts_and_is_the_first_act(town: Database, clock: TestClock) -> None:
    person, at = await a_person(town, clock), clock()
    await town.turn(lambda store: choose(store, VOTE, person, 2, "telegram", at))
    assert await town.turn(lambda store: store.choices.get(VOTE, person.id)) == Ballot(
        VOTE, person.id, 2, "telegram", at, at
    )
    found = await town.turn(lambda store: store.residents.get(person.id))
    assert found is not None
    assert found.took_part_at == at


async def test_a_changed_ballot_still_tells_when_it_was_cast(town: Database, clock: TestClock) -> None:
    person, cast, changed = await a_person(town, clock), clock(), clock()
    await town.turn(lambda store: choose(store, VOTE, person, 2, "telegram", cast))

    def change(store: Store) -> Ballot | None:
        choose(store, VOTE, person, 3, "web", changed)
        return store.choices.get(VOTE, person.id)

    expected = Ballot(VOTE, person.id, 3, "web", cast, changed)
    assert await town.turn(change) == expected
    assert await town.turn(lambda store: store.choices.get(VOTE, person.id)) == expected


async def test_votes_of_one_person_at_the_same_time_leave_one_ballot(town: Database, clock: TestClock) -> None:
    person = await a_person(town, clock)
    numbers = [1, 2, 3, 1, 2, 3]
    await asyncio.gather(
        *(town.turn(partial(vote, activity_id=VOTE, resident=person, number=n, now=clock())) for n in numbers)
    )
    assert len(await town.turn(lambda store: store.choices.of(person.id))) == 1
    assert sum((await town.turn(lambda store: store.choices.tally(VOTE))).values()) == 6


async def test_nobody_chooses_what_is_not_on_the_list(town: Database, clock: TestClock) -> None:
    person = await a_person(town, clock)
    for number in (0, 4, -1, 2**52):
        with pytest.raises(NoSuchOption):
            await town.turn(partial(vote, activity_id=VOTE, resident=person, number=number, now=clock()))
    assert await town.turn(lambda store: store.choices.of(person.id)) == ()


async def test_nobody_votes_or_withdraws_before_it_opens_after_it_closes_or_elsewhere(
    db: Database, clock: TestClock
) -> None:
    person = await a_person(db, clock)
    poll = await db.turn(lambda store: store.activities.put(an_activity()))
    call = await db.turn(lambda store: store.activities.put(an_activity(key="call", method="ideas", options=())))
    for activity_id, now, refusal in (
        (poll, OPENS - INSTANT, NotOpenYet),
        (poll, CLOSES, Closed),
        (call, OPENS, Gone),
    ):
        with pytest.raises(refusal):
            await db.turn(partial(vote, activity_id=activity_id, resident=person, number=1, now=now))
        with pytest.raises(refusal):
            await db.turn(partial(withdraw, activity_id=activity_id, resident=person, now=now))
    for now in (OPENS, CLOSES - INSTANT):
        await db.turn(partial(vote, activity_id=poll, resident=person, number=1, now=now))
        await db.turn(partial(withdraw, activity_id=poll, resident=person, now=now))


@pytest.mark.parametrize(
    ("setting", "before_voting", "after_voting", "once_closed"),
    [
        ("always", True, True, True),
        ("after_voting", False, True, True),
        ("after_closing", False, False, True),
        (None, False, True, True),
    ],
)
def test_results_are_shown_when_the_city_says(
    setting: str | None, before_voting: bool, after_voting: bool, once_closed: bool
) -> None:
    activity = an_activity(settings={"results": setting} if setting else {})
    ballot = Ballot(1, 1, 1, "telegram", OPENS, OPENS)
    seen = [may_see_results(activity, *one) for one in ((None, OPENS), (ballot, OPENS), (None, CLOSES))]
    assert seen == [before_voting, after_voting, once_closed]


async def test_results_are_the_tally_in_the_activity_s_order_for_whom_may_see_it(
    town: Database, clock: TestClock
) -> None:
    person = await a_person(town, clock)
    with pytest.raises(ResultsHidden):
        await town.turn(lambda store: results(store, VOTE, person, clock()))
    await town.turn(lambda store: choose(store, VOTE, person, 1, "telegram", clock()))
    tally = await town.turn(lambda store: results(store, VOTE, person, clock()))
    assert ([(option.number, count) for option, count in tally.counts], tally.cast) == ([(1, 2), (2, 2), (3, 2)], 6)
    closed = await town.turn(lambda store: results(store, CLOSED, person, clock()))
    assert ([(option.number, count) for option, count in closed.counts], closed.cast) == ([(1, 3), (2, 0)], 3)
    with pytest.raises(Gone):
        await town.turn(lambda store: results(store, IDEAS, person, clock()))


async def test_a_forgotten_person_s_ballot_still_counts(town: Database, clock: TestClock) -> None:
    before = await town.turn(lambda store: store.choices.tally(CLOSED))
    await town.turn(lambda store: store.choices.forget(CLOSED, 1))
    await town.turn(lambda store: store.choices.forget(CLOSED, 2))
    assert await town.turn(lambda store: store.choices.tally(CLOSED)) == before == {1: 3}
    assert await town.turn(lambda store: store.choices.get(CLOSED, 1)) is None
    assert [one.activity_id for one in await town.turn(lambda store: store.choices.of(1))] == [VOTE]


@given(st.integers(1, 2**52), st.integers(1, 2**52))
def test_a_person_always_sees_the_plans_in_the_same_order_and_all_of_them(activity_id: int, resident_id: int) -> None:
    activity = an_activity(id=activity_id)
    shown = order(activity, resident_id)
    assert sorted(shown, key=lambda option: option.number) == list(activity.options)
    assert order(an_activity(id=activity_id), resident_id) == shown
    assert order(an_activity(id=activity_id, settings={"shuffled": False}), resident_id) == activity.options


@given(st.integers(1, 2**52))
def test_every_order_of_the_plans_is_seen_by_somebody_and_no_plan_is_favoured(activity_id: int) -> None:
    activity = an_activity(id=activity_id)
    seen = Counter(tuple(option.number for option in order(activity, resident_id)) for resident_id in range(1, 301))
    assert len(seen) == factorial(3)
    assert max(seen.values()) < 2 * 300 / factorial(3)


async def test_closing_is_a_clean_cut(town: Database, clock: TestClock) -> None:
    person = await a_person(town, clock)
    closing = clock() + timedelta(days=30)
    with pytest.raises(Closed):
        await town.turn(lambda store: choose(store, VOTE, person, 1, "telegram", closing))
    assert await town.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 2, 3: 2}
