"""Visitors of the web: forgotten when they do nothing, counted as a channel, watched when they come in bursts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import forget
from participation import choices, staff
from participation.choices import ConnectFirst
from participation.drafts import Content
from participation.sessions import IDLE, VOTERS, WINDOW, Burst, bursts
from storage.database import Database
from storage.residents import Resident
from storage.sessions import Session, WebVote
from storage.store import Store
from storage.webchat_tables import Chat
from tests.clock import TestClock
from tests.phone import Bot, plain
from tests.test_ideas import write
from tests.towns import VOTE

START = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)


def visitor(store: Store, clock: TestClock, number: int, address: str = "a") -> Resident:
    """Somebody who opened the page from an address, and wrote."""
    chat_id = 2**51 + number
    store.webchats.add_chat(Chat(chat_id, "private", None, "en", 0, clock()))
    store.sessions.add(Session(f"digest {number}", chat_id, address, clock(), clock()))
    found = store.residents.add("", "en", None, clock())
    store.residents.open_account(found.id, "web", chat_id)
    return found


# forgetting


async def test_who_did_nothing_for_thirty_days_is_forgotten_and_nobody_else(town: Database, clock: TestClock) -> None:
    def come(store: Store) -> list[Resident]:
        idle, voted, asked, paired, clerk, returns, typing = (visitor(store, clock, n) for n in range(7))
        choices.choose(store, VOTE, voted, 1, "web", clock())
        store.questions.add(
            resident_id=asked.id, text="?", language="en", photo_id=None, latitude=None, longitude=None,
            status="open", at=clock(),
        )  # fmt: skip
        store.residents.open_account(paired.id, "telegram", 7)
        store.staff.put(clerk.id, "viewer", clock())
        write(store, typing, clock, Content(1, "Half an idea"))
        store.webchats.add_chat(Chat(2**51 + 90, "private", None, "en", 0, clock()))
        return [idle, voted, asked, paired, clerk, returns, typing]

    people = await town.turn(come)
    clock.forward(days=20)
    await town.turn(lambda store: store.sessions.seen("digest 5", clock()))
    clock.forward(days=9)
    assert await town.turn(lambda store: forget(clock(), store)) == 7
    clock.forward(days=2)
    await town.turn(lambda store: forget(clock(), store))

    def left(store: Store) -> tuple[list[bool], list[bool]]:
        met = [store.residents.get(person.id) is not None for person in people]
        return met, [store.webchats.chat(2**51 + number) is not None for number in (*range(7), 90)]

    stays = [False, True, True, True, True, True, False]
    assert await town.turn(left) == (stays, [*stays, False])
    clock.forward(days=20)
    await town.turn(lambda store: forget(clock(), store))
    assert (await town.turn(left))[0] == [False, True, True, True, True, False, False]
    assert timedelta(days=30) == IDLE


async def test_forgetting_twice_forgets_once(town: Database, clock: TestClock) -> None:
    await town.turn(lambda store: visitor(store, clock, 1))
    clock.forward(days=31)
    assert await town.turn(lambda store: forget(clock(), store)) == 1
    assert await town.turn(lambda store: forget(clock(), store)) == 0


# who may vote, and what the results say


async def restrict(town: Database, web_votes: bool) -> None:
    def visit(store: Store) -> None:
        activity = store.activities.get(VOTE)
        assert activity is not None
        store.activities.put(replace(activity, settings={**activity.settings, "web_votes": web_votes}))

    await town.turn(visit)


async def test_where_the_city_says_so_a_web_visitor_connects_before_the_vote_counts(
    town: Database, clock: TestClock, bot: Bot
) -> None:
    await restrict(town, False)
    phone = await bot.phone("en", f"activity-{VOTE}")
    assert "Vote for «en Plan A»" not in await phone.labels()
    assert await phone.tap_data(f"choose-{VOTE}-1") == "This vote needs Telegram. Please connect your Telegram first."
    await phone.tap("Connect Telegram to vote")
    assert "Connect both chats." in await phone.text()
    entrance = await town.turn(lambda store: store.residents.enter("web", phone.chat_id, 0))
    assert entrance is not None
    await town.turn(lambda store: store.residents.open_account(entrance.resident.id, "telegram", 5))
    await phone.start(f"activity-{VOTE}")
    assert await phone.tap("Vote for «en Plan A»") == "Your vote is counted."


async def test_the_rule_is_asked_again_when_the_vote_is_cast(town: Database, clock: TestClock) -> None:
    await restrict(town, False)
    person = await town.turn(lambda store: visitor(store, clock, 1))
    with pytest.raises(ConnectFirst):
        await town.turn(lambda store: choices.choose(store, VOTE, person, 1, "web", clock()))
    await town.turn(lambda store: choices.choose(store, VOTE, person, 1, "telegram", clock()))


async def test_results_tell_the_web_apart_unless_a_number_is_small(town: Database, clock: TestClock, bot: Bot) -> None:
    def vote(store: Store, web: int, telegram: int) -> None:
        for number in range(web):
            choices.choose(store, VOTE, visitor(store, clock, number), 1, "web", clock())
        for number in range(telegram):
            person = store.residents.add("", "en", None, clock())
            store.residents.open_account(person.id, "telegram", 900 + number)
            choices.choose(store, VOTE, person, 2, "telegram", clock())

    await town.turn(lambda store: vote(store, 6, 4))
    assert await town.turn(lambda store: choices.by_channel(store, VOTE)) == {}
    one = await town.turn(lambda store: store.residents.enter("web", 2**51, 0))
    assert one is not None
    await town.turn(lambda store: store.residents.open_account(one.resident.id, "telegram", 800))
    assert await town.turn(lambda store: choices.by_channel(store, VOTE)) == {"invented": 5, "telegram": 5, "web": 5}
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan A»")
    await phone.tap("See the results")
    assert "Invented for the demonstration: 5\nBy Telegram: 5\nBy the web page alone: 6" in plain(await phone.text())


# bursts


def at(minutes: float, address: str, person: int, activity_id: int = 1) -> WebVote:
    return WebVote(activity_id, address, person, START + timedelta(minutes=minutes))


def test_ten_voters_in_an_hour_from_one_address_are_a_burst_and_nine_are_none() -> None:
    assert bursts([at(n, "a", n) for n in range(9)]) == []
    assert bursts([at(n, "a", n) for n in range(10)]) == [Burst(1, 10, START)]
    assert bursts([at(n, f"a{n}", n) for n in range(30)]) == []
    assert bursts([at(7 * n, "a", n) for n in range(30)]) == []
    assert bursts([at(0, "a", 1) for _ in range(30)]) == []


VOTES = st.lists(
    st.builds(at, st.integers(0, 200), st.sampled_from("ab"), st.integers(1, 20), st.integers(1, 2)), max_size=80
)


@given(VOTES)
def test_a_burst_is_the_fullest_hour_of_its_address(votes: Sequence[WebVote]) -> None:
    votes = sorted(votes, key=lambda vote: vote.cast_at)

    def voters(last: WebVote) -> int:
        same = [one for one in votes if (one.activity_id, one.address) == (last.activity_id, last.address)]
        return len({one.resident_id for one in same if last.cast_at - WINDOW < one.cast_at <= last.cast_at})

    fullest: dict[tuple[int, str], int] = {}
    for vote in votes:
        key = (vote.activity_id, vote.address)
        fullest[key] = max(fullest.get(key, 0), voters(vote))
    expected = sorted(count for count in fullest.values() if count >= VOTERS)
    assert sorted(burst.voters for burst in bursts(votes)) == expected


async def test_staff_see_where_many_voted_at_once_from_one_address(town: Database, clock: TestClock, bot: Bot) -> None:
    def rush(store: Store) -> str:
        for number in range(12):
            choices.choose(store, VOTE, visitor(store, clock, number), 1, "web", clock())
        return staff.invite(store, "moderator", clock())

    clerk = await bot.phone("en", f"invite-{await town.turn(rush)}")
    await clerk.tap("Accept the invitation")
    assert "1 unusual vote count." in await clerk.text()
    await clerk.tap("Unusual votes")
    assert "«en Which plan?»: 12 people, from 12 May" in plain(await clerk.text())
    clock.forward(days=8)
    await town.turn(lambda store: forget(clock(), store))
    await clerk.start("staff")
    assert "unusual" not in await clerk.text()
    stranger = await bot.phone("en", "unusual")
    assert "12 people" not in await stranger.text()
