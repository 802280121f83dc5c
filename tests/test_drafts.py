"""Drafts: whatever a person sends ends up in the draft, once, in the order in which it was written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from participation import drafts
from participation.drafts import FRESH, PARTS, Content, NothingToSend, TooLong, TooManyParts
from participation.refusals import Refused
from storage.database import Database
from storage.drafts import Draft, Part
from storage.residents import Resident
from storage.store import Store
from tests.clock import TestClock

WHERE = "compose-2"


class NoWords(Refused):
    """What a kind of contribution says when words are missing."""


def put(store: Store, person: Resident, clock: TestClock, *contents: Content, address: str = WHERE) -> Draft:
    """Send these messages one after the other; the draft as it is stored."""
    for content in contents:
        drafts.take(store, person, address, content, "telegram", clock())
    found = store.drafts.get(person.id, address)
    assert found is not None
    return found


def photos_kept(store: Store) -> list[str]:
    """The file ids of all photos that residents sent and that are still stored."""
    rows = store.run(text("SELECT file_id FROM photos WHERE file_id IS NOT NULL ORDER BY file_id"))
    return list(rows.scalars())


@pytest.fixture
async def person(db: Database, clock: TestClock) -> Resident:
    return await db.turn(lambda store: store.residents.add("Ada", "nl", None, clock()))


# any order, any number of times


@dataclass(frozen=True)
class Edit:
    """A message that was sent before gets other words."""

    message_id: int
    text: str


@st.composite
def conversations(draw: st.DrawFn) -> tuple[list[Content], list[Content | Edit]]:
    """What somebody wrote, and how it arrived: out of order, repeated, each edit somewhere after what it edits."""
    kinds = draw(st.lists(st.sampled_from(["text", "photo", "caption", "place", "album"]), min_size=1, max_size=7))
    written = [_content(number, kinds) for number in range(len(kinds))]
    arrived: list[Content | Edit] = list(draw(st.permutations(written)))
    for content in draw(st.lists(st.sampled_from(written), unique=True, max_size=4)):
        arrived.insert(draw(st.integers(arrived.index(content) + 1, len(arrived))), content)
        if content.text is not None:
            edit = Edit(content.message_id, f"other words {content.message_id}")
            arrived.insert(draw(st.integers(arrived.index(content) + 1, len(arrived))), edit)
    return written, arrived


def _content(number: int, kinds: Sequence[str]) -> Content:
    kind, message_id = kinds[number], number + 100
    first = number
    while first and kinds[first - 1] == "album":
        first -= 1
    return Content(
        message_id,
        text=f"words {message_id}" if kind in ("text", "caption") else None,
        photo=f"file {message_id}" if kind in ("photo", "caption", "album") else None,
        place=(message_id / 2, message_id / 4) if kind == "place" else None,
        album=f"album {first}" if kind == "album" else None,
    )


def _expected_photo(written: Iterable[Content]) -> str | None:
    """The last photo; of an album the first."""
    last: Content | None = None
    for content in written:
        if content.photo and not (last and content.album and last.album == content.album):
            last = content
    return last.photo if last else None


@given(conversations())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_draft_is_what_was_written_however_it_arrived(
    db: Database, clock: TestClock, conversation: tuple[list[Content], list[Content | Edit]]
) -> None:
    written, arrived = conversation

    def visit(store: Store) -> tuple[Draft | None, str | None, int]:
        before = len(photos_kept(store))
        someone = store.residents.add("Ada", "nl", None, clock())
        for one in arrived:
            if isinstance(one, Edit):
                drafts.edit(store, someone, Part(one.message_id, one.text, "telegram"), clock())
            else:
                drafts.take(store, someone, WHERE, one, "telegram", clock())
        draft = store.drafts.get(someone.id, WHERE)
        photo = store.photos.get(draft.photo_id) if draft and draft.photo_id else None
        return draft, photo.file_id if photo else None, len(photos_kept(store)) - before

    draft, photo, kept = await db.turn(visit)
    assert draft is not None
    edited = {one.message_id: one.text for one in arrived if isinstance(one, Edit)}
    assert [(part.message_id, part.text) for part in draft.parts] == [
        (one.message_id, edited.get(one.message_id, one.text)) for one in written if one.text is not None
    ]
    assert (photo, kept) == (_expected_photo(written), int(photo is not None))
    places = [one.place for one in written if one.place is not None]
    assert (draft.latitude, draft.longitude) == (places[-1] if places else (None, None))


# beginning and adding


async def test_a_draft_that_was_begun_waits_and_goes_on(db: Database, clock: TestClock, person: Resident) -> None:
    def visit(store: Store) -> list[object]:
        begun = drafts.begin(store, person, WHERE, clock())
        put(store, begun, clock, Content(7, "Meer banken."))
        elsewhere = drafts.begin(store, begun, "ask", clock())
        back = drafts.begin(store, elsewhere, WHERE, clock())
        found = store.drafts.get(person.id, WHERE)
        return [begun.awaiting, elsewhere.awaiting, back.awaiting, found.text if found else None]

    assert await db.turn(visit) == [WHERE, "ask", WHERE, "Meer banken."]
    assert [one.address for one in await db.turn(lambda store: store.drafts.of(person.id))] == ["ask", WHERE]


async def test_texts_are_cleaned_and_stand_apart(db: Database, clock: TestClock, person: Resident) -> None:
    contents = [Content(1, " One\u202e "), Content(2, "\u200b"), Content(3, "Two\n\n\n\nthree")]
    draft = await db.turn(lambda store: put(store, person, clock, *contents))
    assert (draft.text, draft.is_empty) == ("One\n\nTwo\n\nthree", False)


async def test_what_says_nothing_leaves_the_draft_empty(db: Database, clock: TestClock, person: Resident) -> None:
    assert (await db.turn(lambda store: put(store, person, clock, Content(1, " \n ")))).is_empty


async def test_a_full_draft_refuses_one_part_more_and_keeps_what_it_has(
    db: Database, clock: TestClock, person: Resident
) -> None:
    parts = [Content(number, f"{number}") for number in range(PARTS)]
    full = await db.turn(lambda store: put(store, person, clock, *parts))
    with pytest.raises(TooManyParts):
        await db.turn(lambda store: put(store, person, clock, Content(PARTS, "more")))
    assert await db.turn(lambda store: store.drafts.get(person.id, WHERE)) == full
    edited = await db.turn(lambda store: drafts.edit(store, person, Part(0, "other", "telegram"), clock()))
    assert edited is not None
    assert edited.text.startswith("other\n\n1\n\n2")


async def test_the_next_text_takes_the_place_of_all_parts_when_it_is_asked_to(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> list[str]:
        put(store, person, clock, Content(1, "one"), Content(2, "two"))
        drafts.change(store, person, WHERE, clock(), replacing=True)
        edited = drafts.edit(store, person, Part(1, "uno", "telegram"), clock())
        texts = [edited.text if edited else ""]
        texts.append(put(store, person, clock, Content(4, "four")).text)
        texts.append(put(store, person, clock, Content(3, "three")).text)
        return texts

    assert await db.turn(visit) == ["uno\n\ntwo", "four", "three\n\nfour"]


async def test_an_edit_changes_the_draft_that_holds_the_message_and_no_other(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> list[object]:
        put(store, person, clock, Content(1, "an idea"))
        put(store, person, clock, Content(2, "a question"), address="ask")
        changed = drafts.edit(store, person, Part(1, "a better idea", "telegram"), clock())
        emptied = drafts.edit(store, person, Part(2, "\u200b", "telegram"), clock())
        nothing = drafts.edit(store, person, Part(3, "never sent", "telegram"), clock())
        found = [(one.address, one.text) for one in (changed, emptied) if one]
        return [found, nothing]

    assert await db.turn(visit) == [[(WHERE, "a better idea"), ("ask", "a question")], None]


async def test_words_that_nothing_waited_for_start_anew_after_an_hour_and_leave_no_photo_behind(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store, content: Content) -> tuple[str, list[str]]:
        return put(store, person, clock, content, address="said").text, photos_kept(store)

    assert await db.turn(lambda store: visit(store, Content(1, "one", photo="f"))) == ("one", ["f"])
    clock.forward(seconds=FRESH.total_seconds() - 1)
    assert await db.turn(lambda store: visit(store, Content(2, "two"))) == ("one\n\ntwo", ["f"])
    clock.forward(seconds=FRESH.total_seconds() + 1)
    assert await db.turn(lambda store: visit(store, Content(3, "three"))) == ("three", [])


async def test_an_idea_waits_for_as_long_as_it_takes(db: Database, clock: TestClock, person: Resident) -> None:
    await db.turn(lambda store: put(store, person, clock, Content(1, "one")))
    clock.forward(days=400)
    assert (await db.turn(lambda store: put(store, person, clock, Content(2, "two")))).text == "one\n\ntwo"


# sending


async def test_a_draft_is_sent_only_with_words_and_within_its_length(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def send(store: Store) -> Draft:
        return drafts.sendable(store, person, WHERE, 10, NoWords)

    with pytest.raises(NothingToSend):
        await db.turn(send)
    await db.turn(lambda store: drafts.begin(store, person, WHERE, clock()))
    with pytest.raises(NothingToSend):
        await db.turn(send)
    await db.turn(lambda store: put(store, person, clock, Content(1, place=(0.0, 0.0))))
    with pytest.raises(NoWords):
        await db.turn(send)
    written = await db.turn(lambda store: put(store, person, clock, Content(2, "1234"), Content(3, "5678")))
    assert await db.turn(send) == written
    await db.turn(lambda store: put(store, person, clock, Content(4, "9")))
    with pytest.raises(TooLong) as refusal:
        await db.turn(send)
    assert refusal.value.values == {"length": 13, "limit": 10}


async def test_what_is_too_long_is_shortened_only_when_asked(db: Database, clock: TestClock, person: Resident) -> None:
    await db.turn(lambda store: put(store, person, clock, Content(1, "one"), Content(2, "two")))
    shorter = await db.turn(lambda store: drafts.shorten(store, person, WHERE, 5, clock()))
    assert shorter.parts == (Part(1, "one", "telegram"),)
    longest = await db.turn(lambda store: drafts.shorten(store, person, WHERE, 500, clock()))
    assert longest.text == "one"
    with pytest.raises(NothingToSend):
        await db.turn(lambda store: drafts.shorten(store, person, "ask", 5, clock()))


@pytest.mark.parametrize("awaited", [WHERE, "ask"])
async def test_what_was_sent_waits_no_more_and_nothing_else_stops_waiting(
    db: Database, clock: TestClock, person: Resident, awaited: str
) -> None:
    def visit(store: Store) -> tuple[object, str | None]:
        drafts.begin(store, person, WHERE, clock())
        now = drafts.begin(store, person, awaited, clock())
        drafts.finish(store, now, WHERE)
        found = store.residents.get(person.id)
        return store.drafts.get(person.id, WHERE), found.awaiting if found else ""

    assert await db.turn(visit) == (None, None if awaited == WHERE else "ask")


async def test_what_is_thrown_away_is_gone_with_its_photo_and_that_is_safe_to_do_twice(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> tuple[object, list[str]]:
        put(store, person, clock, Content(1, "one", photo="f"), Content(2, photo="g"))
        assert photos_kept(store) == ["g"]
        drafts.drop(store, person, WHERE)
        drafts.drop(store, person, WHERE)
        return store.drafts.get(person.id, WHERE), photos_kept(store)

    assert await db.turn(visit) == (None, [])


async def test_a_field_can_be_changed_of_a_draft_that_is_there(
    db: Database, clock: TestClock, person: Resident
) -> None:
    with pytest.raises(NothingToSend):
        await db.turn(lambda store: drafts.change(store, person, WHERE, clock(), anonymous=True))
    written = await db.turn(lambda store: put(store, person, clock, Content(1, "one")))
    at = clock()
    changed = await db.turn(lambda store: drafts.change(store, person, WHERE, at, anonymous=True))
    assert changed == replace(written, anonymous=True, changed_at=at)
    assert await db.turn(lambda store: store.drafts.get(person.id, WHERE)) == changed


# from one address to another


async def test_words_that_nothing_waited_for_become_the_beginning_of_an_idea(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> tuple[str | None, list[str], list[str]]:
        put(store, person, clock, Content(2, "two", photo="f"), Content(3, place=(51.0, 5.0)), address="said")
        moved = drafts.move(store, person, "said", WHERE, clock())
        draft = put(store, moved, clock, Content(4, "four"))
        assert (draft.latitude, draft.longitude, draft.photo_message_id) == (51.0, 5.0, 2)
        return moved.awaiting, [one.address for one in store.drafts.of(person.id)], [draft.text, *photos_kept(store)]

    assert await db.turn(visit) == (WHERE, [WHERE], ["two\n\nfour", "f"])
    with pytest.raises(NothingToSend):
        await db.turn(lambda store: drafts.move(store, person, "said", WHERE, clock()))


async def test_what_is_moved_joins_what_is_there_and_its_photo_takes_the_old_one_s_place(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> tuple[str, list[str]]:
        put(store, person, clock, Content(1, "one", photo="f"))
        drafts.change(store, person, WHERE, clock(), anonymous=True)
        put(store, person, clock, Content(2, "two", photo="g"), address="said")
        drafts.move(store, person, "said", WHERE, clock())
        draft = store.drafts.get(person.id, WHERE)
        assert draft is not None
        assert draft.anonymous
        return draft.text, photos_kept(store)

    assert await db.turn(visit) == ("one\n\ntwo", ["g"])


async def test_what_is_moved_without_a_photo_or_a_place_leaves_those_that_are_there(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def visit(store: Store) -> tuple[str, float | None, list[str]]:
        put(store, person, clock, Content(1, "one", photo="f"), Content(2, place=(51.0, 5.0)))
        put(store, person, clock, Content(3, "three"), address="said")
        drafts.move(store, person, "said", WHERE, clock())
        draft = store.drafts.get(person.id, WHERE)
        assert draft is not None
        return draft.text, draft.latitude, photos_kept(store)

    assert await db.turn(visit) == ("one\n\nthree", 51.0, ["f"])


async def test_no_words_are_lost_when_what_is_moved_does_not_fit(
    db: Database, clock: TestClock, person: Resident
) -> None:
    def fill(store: Store) -> None:
        put(store, person, clock, *(Content(number, f"{number}") for number in range(PARTS)))
        put(store, person, clock, Content(PARTS, "more"), address="said")

    await db.turn(fill)
    with pytest.raises(TooManyParts):
        await db.turn(lambda store: drafts.move(store, person, "said", WHERE, clock()))
    kept = await db.turn(lambda store: store.drafts.of(person.id))
    assert {one.address: len(one.parts) for one in kept} == {WHERE: PARTS, "said": 1}


async def test_drafts_are_listed_the_latest_first(db: Database, clock: TestClock, person: Resident) -> None:
    def visit(store: Store) -> list[str]:
        for address in ("ask", WHERE, "said"):
            put(store, person, clock, Content(1, "one"), address=address)
        clock.forward(seconds=timedelta(minutes=1).total_seconds())
        put(store, person, clock, Content(2, "two"), address="ask")
        return [one.address for one in store.drafts.of(person.id)]

    assert await db.turn(visit) == ["ask", "said", WHERE]
