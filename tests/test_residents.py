"""Residents: who is at the door, what they are called, what they read and what they allow."""

from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation import cities
from participation.drafts import Content, NothingToSend, TooLong
from participation.residents import (
    WRITING,
    WRITING_TEXT,
    NoName,
    NoSuchLanguage,
    answer_writing,
    choose_language,
    guess_language,
    rename,
)
from participation.words import NAME_LENGTH
from storage.cities import City
from storage.consents import Consent
from storage.database import Database
from storage.residents import Account, Entrance, Resident
from storage.store import Store
from storage.visits import Visit
from tests.clock import TestClock
from tests.test_drafts import photos_kept
from tests.test_ideas import write
from tests.towns import LANGUAGES, words

CITY = replace(cities.DEFAULT, default_language="nl", languages=LANGUAGES)


@pytest.fixture
async def person(db: Database, clock: TestClock) -> Resident:
    return await db.turn(lambda store: store.residents.add("Ada", "nl", "station", clock()))


async def stored(db: Database, resident_id: int) -> Resident | None:
    return await db.turn(lambda store: store.residents.get(resident_id))


# at the door


async def test_somebody_never_met_has_no_entrance(db: Database) -> None:
    assert await db.turn(lambda store: store.residents.enter("telegram", 5, 17)) is None
    assert await stored(db, 5) is None


async def test_the_entrance_tells_all_that_one_update_needs(town: Database, clock: TestClock) -> None:
    def visit(store: Store) -> tuple[Entrance | None, Entrance | None, Entrance]:
        person = store.residents.add("Ada", "nl", "station", clock())
        account = store.residents.open_account(person.id, "telegram", 5)
        store.arrivals.add("telegram", 17, "project-1", clock())
        expected = Entrance(person, account, 1, "project-1")
        return store.residents.enter("telegram", 5, 17), store.residents.enter("telegram", 5, 18), expected

    again, first, expected = await town.turn(visit)
    assert again == expected
    assert first == replace(expected, landed=None)
    assert await town.turn(lambda store: store.residents.enter("web", 5, 17)) is None


async def test_a_person_may_have_an_account_on_each_channel(db: Database, person: Resident) -> None:
    def visit(store: Store) -> tuple[Account, Account]:
        return (
            store.residents.open_account(person.id, "telegram", 5),
            store.residents.open_account(person.id, "web", 5),
        )

    telegram, web = await db.turn(visit)
    assert telegram == Account(telegram.id, "telegram", 5, person.id, None, True)
    assert await db.turn(lambda store: store.residents.change_account("web", 5, reachable=False)) == 1
    assert await db.turn(lambda store: store.residents.change_account("paper", 5, reachable=False)) == 0
    assert await db.turn(lambda store: store.residents.accounts_of(person.id)) == (
        telegram,
        replace(web, reachable=False),
    )


async def test_what_was_changed_in_a_turn_is_read_in_it_too(db: Database, person: Resident) -> None:
    def visit(store: Store) -> list[Resident | None]:
        seen = [store.residents.get(person.id), store.residents.change(person.id, name="Bea")]
        seen.append(store.residents.get(person.id))
        store.residents.remove(person.id)
        return [*seen, store.residents.get(person.id)]

    bea = replace(person, name="Bea")
    assert await db.turn(visit) == [person, bea, bea, None]


# language and name


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("fr", "fr"),
        ("fr-BE", "fr"),
        ("de_AT", "de"),
        ("EN", "en"),
        ("nl-be-x", "nl"),
        ("tr", "nl"),
        ("", "nl"),
        (None, "nl"),
    ],
)
def test_a_newcomer_reads_the_language_of_their_phone_where_the_city_has_it(code: str | None, language: str) -> None:
    assert guess_language(CITY, code) == language


@given(st.text() | st.none())
def test_whatever_a_phone_says_a_newcomer_reads_a_language_of_the_city(code: str | None) -> None:
    assert guess_language(CITY, code) in CITY.languages


async def test_a_person_chooses_one_of_the_city_s_languages(db: Database, person: Resident) -> None:
    chosen = await db.turn(lambda store: choose_language(store, CITY, person, "de"))
    assert chosen == replace(person, language="de") == await stored(db, person.id)
    for language in ("tr", "", "DE"):
        with pytest.raises(NoSuchLanguage):
            await db.turn(partial(choose_language, city=CITY, resident=person, language=language))
    assert await stored(db, person.id) == chosen


async def test_a_name_is_what_was_written_on_one_line(db: Database, clock: TestClock, person: Resident) -> None:
    def visit(store: Store) -> tuple[Resident, list[str]]:
        writing = write(store, person, clock, Content(1, "  Ada \n\u202e Lovelace", photo="f"), address="myname")
        return rename(store, writing), photos_kept(store)

    renamed, photos = await db.turn(visit)
    assert renamed == replace(person, name="Ada Lovelace") == await stored(db, person.id)
    assert photos == []
    assert await db.turn(lambda store: store.drafts.of(person.id)) == ()


@pytest.mark.parametrize("typed", ["x" * (NAME_LENGTH + 1), "x" * 11_000])
async def test_a_name_that_is_too_long_is_refused_and_can_be_written_again(
    db: Database, clock: TestClock, person: Resident, typed: str
) -> None:
    await db.turn(lambda store: write(store, person, clock, Content(1, typed), address="myname"))
    with pytest.raises((NoName, TooLong)):
        await db.turn(lambda store: rename(store, person))
    assert [one.address for one in await db.turn(lambda store: store.drafts.of(person.id))] == ["myname"]
    found = await stored(db, person.id)
    assert found is not None
    assert found.name == "Ada"


async def test_a_name_needs_something_that_can_be_read(db: Database, clock: TestClock, person: Resident) -> None:
    with pytest.raises(NothingToSend):
        await db.turn(lambda store: rename(store, person))
    await db.turn(lambda store: write(store, person, clock, Content(1, "\u200d\u202e "), address="myname"))
    with pytest.raises(NothingToSend):
        await db.turn(lambda store: rename(store, person))
    await db.turn(lambda store: write(store, person, clock, Content(2, photo="f"), address="myname"))
    with pytest.raises(NoName):
        await db.turn(lambda store: rename(store, person))


# consent and visits


async def test_every_answer_about_writing_is_kept_and_the_same_answer_once(
    db: Database, clock: TestClock, person: Resident
) -> None:
    moments = []
    now = person
    for answer in (True, True, False, False, True):
        at = clock()
        if now.may_write is not answer:
            moments.append(at)
        now = await db.turn(partial(answer_writing, resident=now, may_write=answer, now=at))
        assert now == replace(person, may_write=answer) == await stored(db, person.id)
    assert await db.turn(lambda store: store.consents.of(person.id)) == tuple(
        Consent(number, person.id, WRITING, answer, WRITING_TEXT, "nl", at)
        for number, (answer, at) in enumerate(zip((True, False, True), moments, strict=True), 1)
    )


async def test_the_first_visit_to_a_place_is_remembered_for_each_source(
    db: Database, clock: TestClock, person: Resident
) -> None:
    first, second = clock(), clock()

    def visit(store: Store) -> list[object]:
        other = store.residents.add("Bob", "nl", None, clock())
        saw = store.visits.saw
        saw(person.id, "project-1", None, first)
        saw(person.id, "project-1", None, clock())
        saw(person.id, "project-1", "station", second)
        saw(other.id, "project-1", None, clock())
        return [store.visits.of(person.id), store.visits.count("project-1"), store.visits.count("project-2")]

    expected = (Visit(person.id, "project-1", "", first), Visit(person.id, "project-1", "station", second))
    assert await db.turn(visit) == [expected, 2, 0]


# the city


async def test_a_city_that_was_never_seeded_has_sensible_defaults(db: Database) -> None:
    assert await db.turn(lambda store: cities.city(store)) == cities.DEFAULT


async def test_every_change_of_the_city_is_a_new_version_and_the_newest_is_read(db: Database) -> None:
    def visit(store: Store) -> list[City]:
        first = store.cities.put(CITY)
        read = cities.city(store, 1)
        second = store.cities.put(replace(first, name=words("Newtown")))
        return [first, read, second, cities.city(store, 2), cities.city(store, 2), cities.city(store)]

    first, read, second, *again = await db.turn(visit)
    assert (first.version, second.version) == (1, 2)
    assert [replace(read, languages=LANGUAGES, official_languages=("en",))] == [
        replace(first, languages=LANGUAGES, official_languages=("en",))
    ]
    assert again == [second] * 3
