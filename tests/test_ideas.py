"""Ideas: handed in with words, read by everybody, supported once by each person."""

from datetime import UTC, datetime, timedelta
from functools import partial
from math import inf, isclose, pi

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation import drafts
from participation.activities import Closed, NotOpenYet
from participation.drafts import Content, NothingToSend, TooLong
from participation.ideas import (
    LENGTH,
    NothingWritten,
    OwnIdea,
    arrange,
    find,
    find_own,
    first_status,
    hand_in,
    metres,
    support,
    take_away,
    take_back,
)
from participation.refusals import Gone
from storage.database import Database
from storage.ideas import PUBLIC, Idea
from storage.residents import Resident
from storage.store import Store
from tests.clock import TestClock
from tests.test_activities import ART, an_activity
from tests.towns import CLOSED, IDEAS, VOTE

BENCHES, FOUNTAIN = 1, 2
"""The ideas of the test town: of its first and of its second resident."""
COMPOSE = f"compose-{IDEAS}"


@pytest.fixture
async def person(town: Database, clock: TestClock) -> Resident:
    return await town.turn(lambda store: store.residents.add("Ada", "fr", None, clock()))


def write(store: Store, person: Resident, clock: TestClock, *contents: Content, address: str = COMPOSE) -> Resident:
    """Compose at an address what these messages bring."""
    composing = drafts.begin(store, person, address, clock())
    for content in contents:
        drafts.take(store, composing, address, content, "telegram", clock())
    return composing


# handing in


async def test_an_idea_is_the_draft_and_the_draft_is_gone(town: Database, clock: TestClock, person: Resident) -> None:
    at = clock()

    def visit(store: Store) -> tuple[Idea | None, Idea]:
        writing = write(
            store, person, clock, Content(1, "Bancs."), Content(2, "Et arbres.", photo="f", place=(51.2, 5.3))
        )
        draft = drafts.change(store, writing, COMPOSE, clock(), anonymous=True)
        idea_id = hand_in(store, IDEAS, writing, at)
        expected = Idea(
            id=idea_id,
            activity_id=IDEAS,
            resident_id=person.id,
            anonymous=True,
            text="Bancs.\n\nEt arbres.",
            language="fr",
            photo_id=draft.photo_id,
            latitude=51.2,
            longitude=5.3,
            status="published",
            at=at,
            author="Ada",
            support=0,
        )
        return store.ideas.get(idea_id), expected

    found, expected = await town.turn(visit)
    assert found == expected
    assert await town.turn(lambda store: store.drafts.of(person.id)) == ()
    author = await town.turn(lambda store: store.residents.get(person.id))
    assert author is not None
    assert (author.awaiting, author.took_part_at) == (None, at)


async def test_an_idea_needs_words_that_are_not_too_long(town: Database, clock: TestClock, person: Resident) -> None:
    with pytest.raises(NothingToSend):
        await town.turn(lambda store: hand_in(store, IDEAS, person, clock()))
    await town.turn(lambda store: write(store, person, clock, Content(1, photo="f")))
    with pytest.raises(NothingWritten):
        await town.turn(lambda store: hand_in(store, IDEAS, person, clock()))
    await town.turn(lambda store: write(store, person, clock, Content(2, "x" * LENGTH), Content(3, "y")))
    with pytest.raises(TooLong):
        await town.turn(lambda store: hand_in(store, IDEAS, person, clock()))
    assert await town.turn(lambda store: store.ideas.of(person.id)) == ()
    await town.turn(lambda store: drafts.shorten(store, person, COMPOSE, LENGTH, clock()))
    idea_id = await town.turn(lambda store: hand_in(store, IDEAS, person, clock()))
    idea = await town.turn(lambda store: store.ideas.get(idea_id))
    assert idea is not None
    assert idea.text == "x" * LENGTH


async def test_an_idea_that_came_too_early_or_too_late_waits_in_its_draft(
    town: Database, clock: TestClock, person: Resident
) -> None:
    await town.turn(lambda store: write(store, person, clock, Content(1, "Art!"), address=f"compose-{ART}"))
    await town.turn(lambda store: write(store, person, clock, Content(2, "Late")))
    with pytest.raises(NotOpenYet):
        await town.turn(lambda store: hand_in(store, ART, person, clock()))
    clock.forward(days=30)
    with pytest.raises(Closed):
        await town.turn(lambda store: hand_in(store, IDEAS, person, clock()))
    for activity_id in (VOTE, CLOSED, 99):
        with pytest.raises(Gone):
            await town.turn(partial(hand_in, activity_id=activity_id, resident=person, now=clock()))
    assert [one.text for one in await town.turn(lambda store: store.drafts.of(person.id))] == ["Late", "Art!"]


async def test_where_the_city_looks_first_only_the_author_reads_an_idea(
    town: Database, clock: TestClock, person: Resident
) -> None:
    clock.forward(days=6)
    await town.turn(lambda store: write(store, person, clock, Content(1, "Art!"), address=f"compose-{ART}"))
    idea_id = await town.turn(lambda store: hand_in(store, ART, person, clock()))
    own = await town.turn(lambda store: find(store, idea_id, person))
    assert own.status == "submitted"
    neighbour = await town.turn(lambda store: store.residents.get(1))
    assert neighbour is not None
    with pytest.raises(Gone):
        await town.turn(lambda store: find(store, idea_id, neighbour))
    assert await town.turn(lambda store: (store.ideas.public(ART), store.ideas.count_public(ART))) == ((), 0)
    assert await town.turn(lambda store: store.ideas.of(person.id)) == (own,)


def test_ideas_are_public_at_once_unless_the_city_looks_first() -> None:
    looks: list[dict[str, str]] = [{}, {"moderation": "after"}, {"moderation": "before"}]
    statuses = [first_status(an_activity(settings=one)) for one in looks]
    assert statuses == ["published", "published", "submitted"]


# reading and taking away


@pytest.mark.parametrize("status", [*PUBLIC, "submitted", "hidden"])
async def test_everybody_reads_public_ideas_and_the_author_reads_every_idea(
    town: Database, person: Resident, status: str
) -> None:
    await town.turn(lambda store: store.ideas.change(BENCHES, status=status))
    author = await town.turn(lambda store: store.residents.get(1))
    assert author is not None
    assert (await town.turn(lambda store: find(store, BENCHES, author))).status == status
    assert (await town.turn(lambda store: find_own(store, BENCHES, author))).status == status
    listed = [one.id for one in await town.turn(lambda store: store.ideas.public(IDEAS))]
    assert listed == ([FOUNTAIN, BENCHES] if status in PUBLIC else [FOUNTAIN])
    assert await town.turn(lambda store: store.ideas.count_public(IDEAS)) == len(listed)
    with pytest.raises(Gone):
        await town.turn(lambda store: find_own(store, BENCHES, person))
    if status not in PUBLIC:
        with pytest.raises(Gone):
            await town.turn(lambda store: find(store, BENCHES, person))


async def test_only_its_author_takes_an_idea_away_with_its_photo_comments_and_support(
    town: Database, person: Resident
) -> None:
    with pytest.raises(Gone):
        await town.turn(lambda store: take_away(store, BENCHES, person))

    def visit(store: Store) -> list[object]:
        author, idea = store.residents.get(1), store.ideas.get(BENCHES)
        assert author is not None
        assert idea is not None
        assert idea.photo_id is not None
        assert store.photos.body(idea.photo_id)
        take_away(store, BENCHES, author)
        return [
            store.ideas.get(BENCHES),
            store.photos.get(idea.photo_id),
            store.comments.of_idea(BENCHES),
            store.ideas.supported_by(2),
        ]

    assert await town.turn(visit) == [None, None, (), ()]
    with pytest.raises(Gone):
        await town.turn(lambda store: find(store, BENCHES, person))
    second = await town.turn(lambda store: store.residents.get(2))
    assert second is not None
    await town.turn(lambda store: take_away(store, FOUNTAIN, second))


async def test_the_address_of_an_idea_that_was_taken_away_never_leads_to_another(
    town: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> int:
        writing = write(store, person, clock, Content(1, "Mine"))
        idea_id = hand_in(store, IDEAS, writing, clock())
        take_away(store, idea_id, writing)
        return idea_id

    gone = await town.turn(visit)
    assert await town.turn(visit) > gone


# support


ACTS = st.lists(st.tuples(st.integers(0, 2), st.booleans()), max_size=8)
"""Who supports (True) or takes the support back (False): a resident of three."""


@given(ACTS)
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_support_counts_each_person_once_whatever_they_do(
    town: Database, clock: TestClock, acts: list[tuple[int, bool]]
) -> None:
    def visit(store: Store) -> list[object]:
        before = store.ideas.get(FOUNTAIN)
        assert before is not None
        people = [store.residents.add("Ada", "nl", None, clock()) for _ in range(3)]
        for index, given_ in acts:
            if given_:
                support(store, FOUNTAIN, people[index], clock())
            else:
                take_back(store, FOUNTAIN, people[index], clock())
        after = store.ideas.get(FOUNTAIN)
        assert after is not None
        supporting = [store.ideas.supports(FOUNTAIN, one.id) for one in people]
        assert [bool(store.ideas.supported_by(one.id)) for one in people] == supporting
        took_part = [one.took_part_at is not None for one in map(store.residents.get, [p.id for p in people]) if one]
        return [after.support - before.support, supporting, took_part]

    last = dict(acts)
    supporting = [last.get(index, False) for index in range(3)]
    assert await town.turn(visit) == [sum(supporting), supporting, [(index, True) in acts for index in range(3)]]


async def test_nobody_supports_their_own_idea_nor_one_that_cannot_be_read_nor_after_the_call(
    town: Database, clock: TestClock, person: Resident
) -> None:
    author = await town.turn(lambda store: store.residents.get(1))
    assert author is not None
    with pytest.raises(OwnIdea):
        await town.turn(lambda store: support(store, BENCHES, author, clock()))
    await town.turn(lambda store: store.ideas.change(FOUNTAIN, status="hidden"))
    for idea_id in (FOUNTAIN, 99):
        with pytest.raises(Gone):
            await town.turn(partial(support, idea_id=idea_id, resident=person, now=clock()))
    clock.forward(days=30)
    with pytest.raises(Closed):
        await town.turn(lambda store: support(store, BENCHES, person, clock()))
    with pytest.raises(Closed):
        await town.turn(lambda store: take_back(store, BENCHES, person, clock()))
    idea = await town.turn(lambda store: store.ideas.get(BENCHES))
    assert idea is not None
    assert idea.support == 2


# arranging


LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
PLACES = st.tuples(LATITUDES, LONGITUDES)
NOW = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)


def an_idea(number: int, hours: int = 0, supporters: int = 0, place: tuple[float, float] | None = None) -> Idea:
    """A public idea without an author."""
    latitude, longitude = place or (None, None)
    at = NOW - timedelta(hours=hours)
    return Idea(number, IDEAS, None, True, "x", "nl", None, latitude, longitude, "published", at, None, supporters)


LISTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), PLACES | st.none()).map(lambda values: values), max_size=8
).map(lambda rows: [an_idea(number, *row) for number, row in enumerate(rows)])


@given(LISTS, st.sampled_from(["new", "top", "near", "upside-down"]), PLACES | st.none())
def test_every_arrangement_shows_every_idea_once(
    ideas: list[Idea], order: str, near: tuple[float, float] | None
) -> None:
    arranged = arrange(ideas, order, near)
    assert sorted(arranged, key=lambda idea: idea.id) == ideas
    assert arranged == arrange(ideas[::-1], order, near)


@given(LISTS, PLACES)
def test_the_newest_most_supported_or_nearest_come_first(ideas: list[Idea], near: tuple[float, float]) -> None:
    newest, top, nearest = (arrange(ideas, order, near) for order in ("new", "top", "near"))
    assert [one.at for one in newest] == sorted((one.at for one in ideas), reverse=True)
    assert [(-one.support, NOW - one.at) for one in top] == sorted((-one.support, NOW - one.at) for one in ideas)
    far = [inf if one.latitude is None else metres(near, (one.latitude, one.longitude or 0)) for one in nearest]
    assert far == sorted(far)
    assert arrange(ideas, "near") == newest


@given(PLACES, PLACES)
def test_a_distance_is_the_same_there_and_back_and_nothing_to_the_same_place(
    one: tuple[float, float], other: tuple[float, float]
) -> None:
    assert metres(one, other) == metres(other, one)
    assert metres(one, one) == 0
    assert 0 <= metres(one, other) <= pi * 6_371_000


def test_a_distance_is_what_a_map_says() -> None:
    brussels, antwerp = (50.8467, 4.3525), (51.2213, 4.3997)
    assert isclose(metres(brussels, antwerp), 41_800, rel_tol=0.01)
    assert isclose(metres((0, 179.5), (0, -179.5)), 111_195, rel_tol=0.001)
