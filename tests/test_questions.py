"""Questions to the city: kept for its staff, shown to nobody else."""

import pytest

from participation import drafts
from participation.drafts import Content, NothingToSend, TooLong
from participation.questions import LENGTH, ask
from storage.database import Database
from storage.questions import Question
from storage.residents import Resident
from storage.store import Store
from tests.clock import TestClock
from tests.test_ideas import write


@pytest.fixture
async def person(db: Database, clock: TestClock) -> Resident:
    return await db.turn(lambda store: store.residents.add("Ada", "fr", None, clock()))


async def test_a_question_is_its_draft_and_asking_is_no_taking_part(
    db: Database, clock: TestClock, person: Resident
) -> None:
    at = clock()

    def visit(store: Store) -> tuple[int, int | None]:
        writing = write(store, person, clock, Content(1, "Quand?", photo="f", place=(51.2, 5.3)), address="ask")
        draft = store.drafts.get(person.id, "ask")
        return ask(store, writing, at), draft.photo_id if draft else None

    question_id, photo_id = await db.turn(visit)
    assert await db.turn(lambda store: store.questions.of(person.id)) == (
        Question(question_id, person.id, "Quand?", "fr", photo_id, 51.2, 5.3, "open", at),
    )
    assert await db.turn(lambda store: store.residents.get(person.id)) == person
    assert await db.turn(lambda store: store.drafts.of(person.id)) == ()


async def test_a_question_needs_words_that_are_not_too_long(db: Database, clock: TestClock, person: Resident) -> None:
    with pytest.raises(NothingToSend):
        await db.turn(lambda store: ask(store, person, clock()))
    await db.turn(lambda store: write(store, person, clock, Content(1, photo="f"), address="ask"))
    with pytest.raises(NothingToSend):
        await db.turn(lambda store: ask(store, person, clock()))
    await db.turn(lambda store: write(store, person, clock, Content(2, "x" * (LENGTH + 1)), address="ask"))
    with pytest.raises(TooLong):
        await db.turn(lambda store: ask(store, person, clock()))
    await db.turn(lambda store: drafts.shorten(store, person, "ask", LENGTH, clock()))
    await db.turn(lambda store: ask(store, person, clock()))


async def test_staff_see_what_waits_for_an_answer_the_oldest_first(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> list[list[str]]:
        asked = []
        for words in ("one", "two", "three"):
            asked.append(ask(store, write(store, person, clock, Content(1, words), address="ask"), clock()))
        store.questions.change(asked[1], status="answered")
        waiting = [one.text for one in store.questions.open()]
        everything = [one.text for one in store.questions.of(person.id)]
        store.questions.remove_of(person.id)
        return [waiting, everything, [one.text for one in store.questions.open()]]

    assert await db.turn(visit) == [["one", "three"], ["one", "two", "three"], []]
