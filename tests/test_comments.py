"""Comments: under an idea or under one another, and taken away by their author alone."""

from functools import partial

import pytest

from participation import drafts
from participation.comments import LENGTH, NotYours, comment, find, reply, take_away
from participation.drafts import Content, NothingToSend, TooLong
from participation.refusals import Gone
from storage.comments import Comment
from storage.database import Database
from storage.residents import Resident
from storage.store import Store
from tests.clock import TestClock
from tests.test_drafts import photos_kept
from tests.test_ideas import BENCHES, FOUNTAIN, write

PRAISE, THANKS = 1, 2
"""The comments of the test town, both under BENCHES: of its second resident, and its first resident's reply."""


@pytest.fixture
async def person(town: Database, clock: TestClock) -> Resident:
    return await town.turn(lambda store: store.residents.add("Ada", "fr", None, clock()))


def say(store: Store, person: Resident, clock: TestClock, words: str, address: str) -> int:
    """Write and send a comment or a reply."""
    writing = write(store, person, clock, Content(1, words), address=address)
    subject, _, number = address.partition("-")
    return (comment if subject == "comment" else reply)(store, int(number), writing, clock())


async def test_a_comment_is_its_draft_and_counts_as_taking_part(
    town: Database, clock: TestClock, person: Resident
) -> None:
    at, address = clock(), f"comment-{FOUNTAIN}"

    def visit(store: Store) -> tuple[int, Comment]:
        writing = write(store, person, clock, Content(1, "Oui!"), Content(2, "Vite."), address=address)
        drafts.change(store, writing, address, clock(), anonymous=True)
        comment_id = comment(store, FOUNTAIN, writing, at)
        return comment_id, find(store, comment_id)

    comment_id, found = await town.turn(visit)
    assert found == Comment(comment_id, FOUNTAIN, None, person.id, True, "Oui!\n\nVite.", "fr", "published", at, "Ada")
    assert await town.turn(lambda store: store.comments.of_idea(FOUNTAIN)) == (found,)
    assert await town.turn(lambda store: store.drafts.of(person.id)) == ()
    author = await town.turn(lambda store: store.residents.get(person.id))
    assert author is not None
    assert (author.awaiting, author.took_part_at) == (None, at)


async def test_a_reply_to_a_reply_stands_under_the_same_comment(
    town: Database, clock: TestClock, person: Resident
) -> None:
    first = await town.turn(lambda store: say(store, person, clock, "Moi aussi", f"reply-{PRAISE}"))
    second = await town.turn(lambda store: say(store, person, clock, "Et moi", f"reply-{first}"))
    thread = await town.turn(lambda store: store.comments.of_idea(BENCHES))
    assert [(one.id, one.parent_id) for one in thread] == [
        (PRAISE, None),
        (THANKS, PRAISE),
        (first, PRAISE),
        (second, PRAISE),
    ]
    assert await town.turn(lambda store: store.comments.count(BENCHES)) == 4


async def test_a_comment_needs_words_that_are_not_too_long(town: Database, clock: TestClock, person: Resident) -> None:
    for words, refusal in (("\u200b", NothingToSend), ("x" * (LENGTH + 1), TooLong)):
        with pytest.raises(refusal):
            await town.turn(partial(say, person=person, clock=clock, words=words, address=f"comment-{BENCHES}"))
        with pytest.raises(refusal):
            await town.turn(partial(say, person=person, clock=clock, words=words, address=f"reply-{PRAISE}"))
    await town.turn(lambda store: say(store, person, clock, "x" * LENGTH, f"comment-{BENCHES}"))


async def test_nobody_comments_on_what_they_cannot_read(town: Database, clock: TestClock, person: Resident) -> None:
    await town.turn(lambda store: store.ideas.change(FOUNTAIN, status="hidden"))
    await town.turn(lambda store: store.comments.change(THANKS, status="hidden"))
    for address in (f"comment-{FOUNTAIN}", "comment-99", f"reply-{THANKS}", "reply-99"):
        with pytest.raises(Gone):
            await town.turn(partial(say, person=person, clock=clock, words="Oui", address=address))
    await town.turn(lambda store: store.ideas.change(BENCHES, status="hidden"))
    with pytest.raises(Gone):
        await town.turn(lambda store: say(store, person, clock, "Oui", f"reply-{PRAISE}"))
    assert await town.turn(lambda store: store.comments.of(person.id)) == ()


async def test_only_its_author_takes_a_comment_away_and_the_replies_stay(town: Database, person: Resident) -> None:
    with pytest.raises(NotYours):
        await town.turn(lambda store: take_away(store, PRAISE, person))
    author = await town.turn(lambda store: store.residents.get(2))
    assert author is not None
    assert (await town.turn(lambda store: take_away(store, PRAISE, author))).text == "Goed idee!"
    with pytest.raises(Gone):
        await town.turn(lambda store: take_away(store, PRAISE, author))
    assert [one.id for one in await town.turn(lambda store: store.comments.of_idea(BENCHES))] == [THANKS]
    kept = await town.turn(lambda store: store.comments.get(PRAISE))
    assert kept is not None
    assert (kept.status, kept.text) == ("removed", "")


async def test_a_photo_that_came_with_a_comment_is_not_kept(town: Database, clock: TestClock, person: Resident) -> None:
    def visit(store: Store) -> list[str]:
        address = f"comment-{BENCHES}"
        writing = write(store, person, clock, Content(1, "Comme ici", photo="f"), address=address)
        comment(store, BENCHES, writing, clock())
        return photos_kept(store)

    assert await town.turn(visit) == []
