"""My data: everything about a person can be taken along, and erased without touching anybody else."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from participation import choices, comments, drafts, ideas, mydata, pairings, questions, reports, residents
from participation.drafts import Content
from storage.database import Database
from storage.migrating import schema
from storage.residents import Resident
from storage.store import Store
from tests.clock import TestClock
from tests.test_comments import PRAISE, say
from tests.test_ideas import BENCHES, COMPOSE, FOUNTAIN, write
from tests.towns import CLOSED, IDEAS, VOTE

MARK = "zyx"
"""In every word of the person who is going to leave; nobody else uses it."""
CHAT = 777_000_111

SECTIONS = {
    "accounts": "accounts",
    "choice_ballots": "votes",
    "comments": "comments",
    "consents": "consents",
    "drafts": "drafts",
    "ideas": "ideas",
    "pairing_tries": "wrong_codes",
    "pairings": "codes",
    "questions": "questions",
    "reports": "reports",
    "staff": "staff",
    "supports": "supported_ideas",
    "visits": "visits",
}
"""Every table that names a resident, and where the export shows its rows."""
OURS = {"id", "seed_key", "digest"}
"""Columns that say nothing about a person."""

Rows = dict[str, list[dict[str, Any]]]


def everything(store: Store) -> Rows:
    """Every row of every table."""
    return {name: [dict(row._mapping) for row in store.run(select(table))] for name, table in schema().tables.items()}


def settle_in(store: Store, clock: TestClock) -> Resident:
    """A person does all that one can do in town."""
    moment = clock()
    person = store.residents.add(f"{MARK} name", "nl", f"{MARK}-source", moment)
    store.staff.put(person.id, "viewer", moment)
    store.residents.open_account(person.id, "telegram", CHAT)
    store.residents.change_account("telegram", CHAT, living_message_id=12)
    person = residents.answer_writing(store, person, True, clock())
    person = residents.answer_writing(store, person, False, clock())
    choices.choose(store, VOTE, person, 2, "telegram", clock())
    choices.choose(store, CLOSED, person, 1, "telegram", moment - timedelta(days=30))
    photo = f"{MARK} idea photo"
    write(store, person, clock, Content(1, f"{MARK} an idea", photo=photo, place=(51.2, 5.3)))
    idea_id = ideas.hand_in(store, IDEAS, person, clock())
    hidden = ideas.hand_in(store, IDEAS, write(store, person, clock, Content(9, f"{MARK} hidden idea")), clock())
    store.ideas.change(hidden, status="hidden")
    ideas.support(store, BENCHES, person, clock())
    first = say(store, person, clock, f"{MARK} a comment", f"comment-{FOUNTAIN}")
    say(store, person, clock, f"{MARK} a reply", f"reply-{PRAISE}")
    comments.take_away(store, say(store, person, clock, f"{MARK} oops", f"comment-{FOUNTAIN}"), person)
    write(store, person, clock, Content(2, f"{MARK} a question", photo=f"{MARK} question photo"), address="ask")
    questions.ask(store, person, clock())
    for address in (f"idea-{BENCHES}", f"remark-{PRAISE}"):
        reports.report(store, address, person, clock())
    pairings.join(store, person, "WRONG", clock())
    pairings.ask(store, person, clock())
    store.visits.saw(person.id, "project-1", f"{MARK}-poster", clock())
    write(store, person, clock, Content(3, f"{MARK} said", photo=f"{MARK} said photo"), address="said")
    person = write(store, person, clock, Content(4, f"{MARK} half an idea", photo=f"{MARK} new photo", album="a"))
    drafts.take(store, person, COMPOSE, Content(5, place=(51.0, 5.0)), "telegram", clock())
    row = {"channel": "telegram", "update_id": 1, "body": f"{MARK} body", "error": "of a bug", "at": clock()}
    store.arrivals.put_aside(row | {"chat_id": CHAT})
    store.arrivals.put_aside(row | {"chat_id": CHAT + 1, "body": "of a neighbour"})
    _neighbour_answers(store, clock, idea_id, first)
    found = store.residents.get(person.id)
    assert found is not None
    return found


def _neighbour_answers(store: Store, clock: TestClock, idea_id: int, comment_id: int) -> None:
    """Somebody else supports, reports and answers what the person wrote, and writes on their own."""
    neighbour = store.residents.get(3)
    assert neighbour is not None
    ideas.support(store, idea_id, neighbour, clock())
    say(store, neighbour, clock, "A neighbour's reply", f"reply-{comment_id}")
    reports.report(store, f"remark-{comment_id}", neighbour, clock())
    write(store, neighbour, clock, Content(1, "Half an idea", photo="neighbour's photo"))
    write(store, neighbour, clock, Content(2, "A question"), address="ask")
    questions.ask(store, neighbour, clock())


def plain(value: Any) -> Any:
    """A value as JSON knows it."""
    return value.isoformat() if isinstance(value, datetime) else value


# taking along


async def test_the_export_holds_every_row_that_names_the_person(town: Database, clock: TestClock) -> None:
    person = await town.turn(lambda store: settle_in(store, clock))
    rows = await town.turn(everything)
    exported = json.loads(json.dumps(await town.turn(lambda store: mydata.about(store, person))))
    exported |= {"staff": exported["person"]["staff"]}
    assert {name for name, table in schema().tables.items() if "resident_id" in table.c} == set(SECTIONS)
    assert [one["body"] for one in exported["put_aside"]] == [f"{MARK} body"]
    for table, section in SECTIONS.items():
        own = [_told(row, row) for row in rows[table] if row["resident_id"] == person.id]
        assert own, f"the person has nothing in {table}"
        shown = [_told(entry, rows[table][0]) for entry in exported[section]]
        assert sorted(shown, key=repr) == sorted(own, key=repr)


def _told(row: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, in one form and order for the database and the export."""
    return {name: plain(row[name]) for name in sorted(columns) if name not in OURS}


async def test_the_export_tells_who_the_person_is_and_what_they_voted_for(town: Database, clock: TestClock) -> None:
    person = await town.turn(lambda store: settle_in(store, clock))
    exported = await town.turn(lambda store: mydata.about(store, person))
    role = {"resident_id": person.id, "role": "viewer", "since": plain(person.joined_at)}
    own = {name: plain(getattr(person, name)) for name in Resident.__slots__}
    assert exported["person"] == own | {"staff": [role]}
    assert exported["person"]["awaiting"] == COMPOSE
    votes = [(one["activity"]["en"], one["option"]["en"]) for one in exported["votes"]]
    assert votes == [("«en Which plan?»", "«en Plan B»"), ("«en What first?»", "«en Trees»")]


async def test_the_export_holds_nothing_of_anybody_else(town: Database, clock: TestClock) -> None:
    person = await town.turn(lambda store: settle_in(store, clock))
    told = json.dumps(await town.turn(lambda store: mydata.about(store, person)), ensure_ascii=False)
    words = ("Inwoner", "banken", "fontaine", "Goed idee", "neighbour", "A question")
    assert [one for one in words if one in told] == []


async def test_the_export_of_a_newcomer_is_short(db: Database, clock: TestClock) -> None:
    person = await db.turn(lambda store: store.residents.add("Ada", "nl", None, clock()))
    exported = await db.turn(lambda store: mydata.about(store, person))
    assert {section for section, content in exported.items() if content} == {"person"}
    assert set(exported) == {"person", "put_aside", "browsers", *SECTIONS.values()} - {"staff"}
    assert exported["person"]["staff"] == []


# erasing


@pytest.fixture(params=[True, False], ids=["words stay", "words go"])
def keep_words(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


async def leave(town: Database, clock: TestClock, keep_words: bool) -> tuple[Resident, Rows, Rows]:
    """The person comes, does everything and is erased; all rows before and after."""
    person = await town.turn(lambda store: settle_in(store, clock))
    before = await town.turn(everything)
    await town.turn(lambda store: residents.erase(store, person, keep_words=keep_words, now=clock()))
    return person, before, await town.turn(everything)


async def test_no_row_names_an_erased_person(town: Database, clock: TestClock, keep_words: bool) -> None:
    person, _, after = await leave(town, clock, keep_words)
    named = [
        (table, row)
        for table, rows in after.items()
        for row in rows
        if row.get("resident_id") == person.id or (table == "residents" and row["id"] == person.id)
    ]
    assert named == []
    assert f"{MARK} name" not in repr(after)
    assert str(CHAT) not in repr({table: rows for table, rows in after.items() if table != "put_aside"})
    assert [row["chat_id"] for row in after["put_aside"]] == [CHAT + 1]


async def test_what_an_erased_person_wrote_goes_or_stays_without_a_name(
    town: Database, clock: TestClock, keep_words: bool
) -> None:
    _, _, after = await leave(town, clock, keep_words)
    kept = {
        table: [row for row in rows if MARK in repr(row)]
        for table, rows in after.items()
        if any(MARK in repr(row) for row in rows)
    }
    if not keep_words:
        assert kept == {}
        return
    assert sorted(kept) == ["comments", "ideas", "photo_files", "photos"]
    assert sorted(row["text"] for row in kept["ideas"]) == [f"{MARK} an idea", f"{MARK} hidden idea"]
    assert sorted(row["text"] for row in kept["comments"]) == [f"{MARK} a comment", f"{MARK} a reply"]
    assert [row["file_id"] for row in kept["photos"]] == [f"{MARK} idea photo"]
    assert {(row["resident_id"], row["anonymous"]) for row in (*kept["ideas"], *kept["comments"])} == {(None, True)}


async def test_running_votes_are_withdrawn_and_closed_ones_stay(
    town: Database, clock: TestClock, keep_words: bool
) -> None:
    person = await town.turn(lambda store: settle_in(store, clock))
    assert await town.turn(lambda store: (store.choices.tally(VOTE), store.choices.tally(CLOSED))) == (
        {1: 1, 2: 3, 3: 2},
        {1: 4},
    )
    await town.turn(lambda store: residents.erase(store, person, keep_words=keep_words, now=clock()))
    assert await town.turn(lambda store: (store.choices.tally(VOTE), store.choices.tally(CLOSED))) == (
        {1: 1, 2: 2, 3: 2},
        {1: 4},
    )


async def test_everything_of_others_stays_as_it_was(town: Database, clock: TestClock, keep_words: bool) -> None:
    person, before, after = await leave(town, clock, keep_words)
    own_ideas = {row["id"] for row in before["ideas"] if row["resident_id"] == person.id}
    lost = [
        (table, row)
        for table, rows in before.items()
        for row in rows
        if row not in after[table]
        and not (row.get("resident_id") == person.id or MARK in repr(row))
        and not (table == "supports" and row["idea_id"] in own_ideas and not keep_words)
    ]
    new = [(table, row) for table, rows in after.items() for row in rows if row not in before[table]]
    assert lost == []
    changed = {(table, row["resident_id"]) for table, row in new}
    assert changed == {("choice_ballots", None), ("comments", None)} | ({("ideas", None)} if keep_words else set())


async def test_who_comes_back_after_erasing_starts_from_the_beginning(
    town: Database, clock: TestClock, keep_words: bool
) -> None:
    person, _, _ = await leave(town, clock, keep_words)
    assert await town.turn(lambda store: store.residents.enter("telegram", CHAT, 99)) is None
    again = await town.turn(lambda store: store.residents.add(f"{MARK} name", "nl", None, clock()))
    assert again.id > person.id
    exported = await town.turn(lambda store: mydata.about(store, again))
    assert {section for section, content in exported.items() if content} == {"person"}
