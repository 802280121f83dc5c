"""Pairing: two chats become one person's, votes are counted once, and nothing that either did is lost."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from participation import choices, comments, drafts, ideas, pairings, questions, reports, staff
from participation.codes import typed, written
from participation.drafts import Content
from participation.pairings import SameChat, TooManyTries, ask, doorstep, join
from participation.residents import answer_writing
from storage.activities import Activity
from storage.database import Database, open_database
from storage.residents import Account, Resident
from storage.schema import metadata
from storage.store import Store
from tests.clock import TestClock
from tests.conftest import Engines
from tests.phone import Bot, Phone, plain
from tests.towns import CLOSED, IDEAS, VOTE

CODE = r"[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}"


def person(store: Store, clock: TestClock, channel: str, chat_id: int, name: str = "") -> Resident:
    found = store.residents.add(name, "nl", None, clock())
    store.residents.open_account(found.id, channel, chat_id)
    return found


def paired(store: Store, first: Resident, second: Resident, now: datetime) -> Resident:
    """Both as one: the second types the code that the first was given."""
    joined = join(store, fresh(store, second), ask(store, first, now), now)
    assert joined is not None
    return joined


def fresh(store: Store, resident: Resident) -> Resident:
    found = store.residents.get(resident.id)
    assert found is not None
    return found


def tallied(store: Store, activity_id: int) -> dict[int, int]:
    return dict(store.choices.tally(activity_id))


# the rules


async def test_of_two_votes_the_later_one_counts_whoever_asked_for_the_code(town: Database, clock: TestClock) -> None:
    def visit(store: Store, asks_first: bool) -> tuple[dict[int, int], int]:
        before = tallied(store, VOTE)
        web = person(store, clock, "web", 2**51 + asks_first)
        phone = person(store, clock, "telegram", 40 + asks_first)
        choices.choose(store, VOTE, phone, 2, "telegram", clock())
        choices.choose(store, VOTE, web, 3, "web", clock())
        joined = paired(store, *((web, phone) if asks_first else (phone, web)), clock())
        after = tallied(store, VOTE)
        assert {number: after.get(number, 0) - before.get(number, 0) for number in (2, 3)} == {2: 0, 3: 1}
        ballot = store.choices.get(VOTE, joined.id)
        assert ballot is not None
        return after, ballot.option_number

    for asks_first in (True, False):
        assert (await town.turn(partial(visit, asks_first=asks_first)))[1] == 3


async def test_a_vote_that_closed_stays_as_it_was_counted(town: Database, clock: TestClock) -> None:
    def visit(store: Store) -> tuple[dict[int, int], dict[int, int], int]:
        web, phone = person(store, clock, "web", 2**51), person(store, clock, "telegram", 40)
        at = clock() - timedelta(days=30)
        choices.choose(store, CLOSED, phone, 1, "telegram", at)
        choices.choose(store, CLOSED, web, 2, "web", at + timedelta(hours=1))
        before = tallied(store, CLOSED)
        joined = paired(store, web, phone, clock())
        ballot = store.choices.get(CLOSED, joined.id)
        assert ballot is not None
        return before, tallied(store, CLOSED), ballot.option_number

    before, after, own = await town.turn(visit)
    assert (before, own) == (after, 2)


async def test_every_table_that_names_a_resident_is_one_persons_afterwards(town: Database, clock: TestClock) -> None:
    def live(store: Store, who: Resident, number: int) -> None:
        for address, text in ((f"compose-{IDEAS}", "a bench"), ("ask", "a question")):
            who = store.residents.change(who.id, awaiting=address)
            drafts.take(store, who, address, Content(number, f"{text} {number}"), "web", clock())
            _ = ideas.hand_in(store, IDEAS, who, clock()) if address != "ask" else questions.ask(store, who, clock())
        ideas.support(store, 1, who, clock())
        drafts.take(store, who, "comment-1", Content(number, "yes"), "web", clock())
        comments.comment(store, 1, who, clock())
        reports.report(store, "idea-2", who, clock())
        store.visits.saw(who.id, "project-1", f"poster{number % 2}", clock())
        store.visits.saw(who.id, "project-1", "", clock())
        drafts.take(store, who, "said", Content(number, f"words {number}"), "web", clock())
        choices.choose(store, VOTE, who, number, "web", clock())
        store.staff.put(who.id, "viewer" if number == 1 else "editor", clock())
        answer_writing(store, fresh(store, who), number == 1, clock())
        join(store, who, "WRONG", clock())

    def visit(store: Store) -> tuple[Resident, int, set[str]]:
        web, phone = person(store, clock, "web", 2**51, "Ada"), person(store, clock, "telegram", 40)
        live(store, web, 1)
        live(store, phone, 2)
        supporters = len(store.ideas.supports_of(web.id)) + len(store.ideas.supports_of(phone.id))
        joined = paired(store, web, phone, clock())
        named = {
            table.name
            for table in metadata.sorted_tables
            if "resident_id" in table.c
            and store.run(table.select().where(table.c.resident_id == phone.id)).first() is not None
        }
        assert supporters == 2
        return joined, phone.id, named

    joined, gone, left = await town.turn(visit)
    assert left == set()
    assert await town.turn(lambda store: store.residents.get(gone)) is None

    def looked(store: Store) -> tuple[object, ...]:
        said = store.drafts.get(joined.id, "said")
        return (
            sorted(idea.text for idea in store.ideas.of(joined.id)),
            [one.idea_id for one in store.ideas.supports_of(joined.id)],
            [comment.text for comment in store.comments.of(joined.id)],
            [question.text for question in store.questions.of(joined.id)],
            sorted((one.address, one.source) for one in store.visits.of(joined.id)),
            said.text if said else None,
            store.staff.role(joined.id),
            sorted((one.channel, one.chat_id) for one in store.residents.accounts_of(joined.id)),
            [consent.answer for consent in store.consents.of(joined.id)],
        )

    assert await town.turn(looked) == (
        ["a bench 1", "a bench 2"],
        [1],
        ["yes", "yes"],
        ["a question 1", "a question 2"],
        [("project-1", ""), ("project-1", "poster0"), ("project-1", "poster1")],
        "words 1\n\nwords 2",
        "editor",
        [("telegram", 40), ("web", 2**51)],
        [True, False],
    )
    assert (joined.name, joined.may_write) == ("Ada", False)


async def test_a_code_works_once_and_for_a_quarter_of_an_hour(town: Database, clock: TestClock) -> None:
    def visit(store: Store) -> list[bool]:
        first, second, third = (person(store, clock, "telegram", 40 + number) for number in range(3))
        code = ask(store, first, clock())
        late = join(store, second, code, clock() + pairings.VALID) is not None
        older, newer = ask(store, first, clock()), ask(store, first, clock())
        replaced = join(store, second, older, clock()) is not None
        joined = join(store, fresh(store, second), f" {written(newer).lower()} ", clock()) is not None
        again = join(store, third, newer, clock()) is not None
        return [late, replaced, joined, again]

    assert await town.turn(visit) == [False, False, True, False]


async def test_after_five_wrong_codes_even_the_right_one_is_refused_for_an_hour(
    town: Database, clock: TestClock
) -> None:
    def visit(store: Store) -> tuple[Resident, str]:
        first, second = person(store, clock, "telegram", 40), person(store, clock, "web", 2**51)
        for _ in range(pairings.TRIES):
            assert join(store, second, "ABCDEFGH", clock()) is None
        return second, ask(store, first, clock())

    guessing, code = await town.turn(visit)
    with pytest.raises(TooManyTries):
        await town.turn(lambda store: join(store, guessing, code, clock()))
    clock.forward(hours=1)
    assert await town.turn(lambda store: join(store, guessing, "ABCDEFGH", clock())) is None


async def test_ones_own_code_is_for_the_other_chat(town: Database, clock: TestClock) -> None:
    def visit(store: Store) -> None:
        someone = person(store, clock, "telegram", 40)
        join(store, someone, ask(store, someone, clock()), clock())

    with pytest.raises(SameChat):
        await town.turn(visit)


def test_a_code_is_understood_however_it_is_typed() -> None:
    assert [typed(text) for text in ("abcd-efgh", " ABCD EFGH ", "a b c d\ne f g h", "")] == ["ABCDEFGH"] * 3 + [""]


def test_the_doorstep_is_telegram_unless_it_does_not_reach() -> None:
    web, lost = Account(1, "web", 5, 1, None, True), Account(2, "telegram", 6, 1, None, False)
    telegram = replace(lost, id=3, reachable=True)
    assert doorstep([web, lost, telegram]) == telegram
    assert doorstep([web, lost]) == web
    assert doorstep([lost]) is None


ACTS = st.lists(st.tuples(st.integers(0, 2), st.sampled_from([None, 1, 2, 3])), max_size=8)


@given(acts=ACTS, pairs=st.permutations([(0, 1), (1, 2), (0, 2)]), after=st.integers(0, 8))
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
async def test_whatever_they_did_and_in_whatever_order_they_pair_one_ballot_is_left_the_last_one(
    db: Database,
    clock: TestClock,
    acts: list[tuple[int, int | None]],
    pairs: list[tuple[int, int]],
    after: int,
) -> None:
    def visit(store: Store) -> tuple[dict[int, int], int | None]:
        people = [person(store, clock, "telegram", int(clock().timestamp() * 1e6) % 2**40 + n) for n in range(3)]
        poll = store.activities.put(_poll(people[0].id, clock()))
        last: dict[int, tuple[datetime, int]] = {}
        for who, number in acts[:after]:
            _act(store, clock, poll, people[who], number, last)
        for one, other in pairs:
            if people[one].id != people[other].id:
                gone = {people[one].id, people[other].id}
                joined = paired(store, people[one], people[other], clock())
                _merge(last, gone, joined.id)
                people = [joined if each.id in gone else each for each in people]
        for who, number in acts[after:]:
            _act(store, clock, poll, people[who], number, last)
        assert len({each.id for each in people}) == 1
        return tallied(store, poll), last[people[0].id][1] if people[0].id in last else None

    tally, last = await db.turn(visit)
    assert tally == ({last: 1} if last is not None else {})


def _poll(key: int, now: datetime) -> Activity:
    from tests.test_activities import an_activity

    return an_activity(key=f"poll {key}", opens_at=now, closes_at=None)


def _act(
    store: Store, clock: TestClock, poll: int, who: Resident, number: int | None, last: dict[int, tuple[datetime, int]]
) -> None:
    if number is None:
        choices.withdraw(store, poll, who, clock())
        last.pop(who.id, None)
    else:
        now = clock()
        choices.choose(store, poll, who, number, "telegram", now)
        last[who.id] = (now, number)


def _merge(last: dict[int, tuple[datetime, int]], gone: set[int], kept: int) -> None:
    found = [last.pop(one) for one in gone if one in last]
    if found:
        last[kept] = max(found)


# in both chats


@pytest.fixture
async def city(town: Database, clock: TestClock, engines: Engines) -> AsyncIterator[Bot]:
    """The bot with both channels: the web chat, and a gateway that stands for Telegram."""
    judge = open_database(engines.fresh("sqlite"))
    async with Bot(town, clock, telegram=judge) as started:
        yield started
    await judge.close()


async def code_of(phone: Phone) -> str:
    await phone.start("settings")
    for label in ("Connect my chats", "Give me a code"):
        await phone.tap(label)
    return plain(await phone.text()).split("Your code: ")[1].split("\n")[0]


async def test_typing_the_code_connects_and_the_vote_is_there_in_both_chats(city: Bot, clock: TestClock) -> None:
    web, phone = await city.phone("en"), await city.phone("en", channel="telegram")
    await web.start(f"activity-{VOTE}")
    await web.tap("Vote for «en Plan B»")
    await web.start()
    code = await code_of(web)
    await phone.start("settings")
    for label in ("Connect my chats", "I have a code"):
        await phone.tap(label)
    await phone.type(code.lower())
    assert "Only do this with a code that you made yourself." in await phone.text()
    said = await phone.tap("Yes, connect my chats")
    assert said == "Your chats are connected. You are one person here now."
    assert "connected with another one of yours" in await web.text()
    await phone.start(f"activity-{VOTE}")
    assert "Your choice: «en Plan B»" in plain(await phone.text())
    await phone.tap("Change to «en Plan A»")
    await web.start(f"activity-{VOTE}")
    assert "Your choice: «en Plan A»" in plain(await web.text())


async def test_a_link_carries_the_code_from_one_chat_to_the_other(city: Bot) -> None:
    web, phone = await city.phone("en"), await city.phone("en", channel="telegram")
    await code_of(web)
    rows = (await web.screen())["reply_markup"]["inline_keyboard"]
    link = next(button["url"] for row in rows for button in row if "url" in button)
    assert link.startswith("https://t.me/belleman_bot?start=pair-")
    await phone.start(link.partition("start=")[2])
    await phone.tap("Yes, connect my chats")
    entered = await city.db.turn(lambda store: store.residents.enter("telegram", phone.chat_id, 0))
    assert entered is not None
    accounts = await city.db.turn(lambda store: store.residents.accounts_of(entered.resident.id))
    assert [(one.channel, one.chat_id) for one in accounts] == [("web", web.chat_id), ("telegram", phone.chat_id)]


async def test_a_wrong_code_is_said_kindly_and_counted(city: Bot) -> None:
    phone = await city.phone("en", "settings")
    for label in ("Connect my chats", "I have a code"):
        await phone.tap(label)
    await phone.type("hello there")
    assert "It has 8 letters and digits." in await phone.text()
    await phone.type("aaaa-aaaa")
    wrong = "This code is not valid. Please ask for a new one in your other chat."
    assert await phone.tap("Yes, connect my chats") == wrong
    assert plain(await phone.text()).startswith(wrong)
    await phone.type("BBBBBBBB")
    assert "Code: BBBB-BBBB" in await phone.text()
    for _ in range(4):
        await phone.tap_data("join-BBBBBBBB")
    enough = "These were too many wrong codes. Please try again in an hour."
    assert await phone.tap_data("join-BBBBBBBB") == enough
    await phone.start("connect")
    assert await phone.tap("I have a code") == enough


async def test_a_chat_that_was_connected_by_mistake_is_disconnected_in_one_tap(city: Bot) -> None:
    web, phone = await city.phone("en"), await city.phone("en", channel="telegram")
    await web.start(f"activity-{VOTE}")
    await web.tap("Vote for «en Plan B»")
    await web.start()
    code = await code_of(web)
    await phone.start(f"pair-{typed(code)}")
    await phone.tap("Yes, connect my chats")
    await web.tap("Disconnect this chat")
    await web.start(f"activity-{VOTE}")
    assert "Your choice" not in plain(await web.text())
    await phone.start(f"activity-{VOTE}")
    assert "Your choice: «en Plan B»" in plain(await phone.text())


async def test_the_answer_to_a_question_comes_on_telegram_once(city: Bot, clock: TestClock) -> None:
    web, phone = await city.phone("en"), await city.phone("en", channel="telegram")
    await phone.start(f"pair-{typed(await code_of(web))}")
    await phone.tap("Yes, connect my chats")
    await web.start("help")
    await web.tap("Ask the city a question")
    await web.type("When does it open?")
    await web.tap("Send my question")
    clerk = await city.phone("en")

    def hire(store: Store) -> str:
        return staff.invite(store, "owner", clock())

    await clerk.start(f"invite-{await city.db.turn(hire)}")
    await clerk.tap("Accept the invitation")
    before = len(await web.history())
    await clerk.tap("Questions that wait")
    await clerk.tap("Answer this question")
    await clerk.type("Tomorrow.")
    await clerk.tap("Send the answer")
    assert "Tomorrow." in await phone.text()
    assert len(await web.history()) == before
