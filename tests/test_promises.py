"""Promises 1, 4 and 6 through the whole conversation: twice is once, any interleaving, any words."""

import asyncio
from functools import partial
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dialogs.address import TABLE
from dialogs.events import Content, Incoming, Linked, Tap
from dialogs.screen import Screen
from participation.drafts import Content as Brought
from participation.words import clean
from storage.database import Database, open_database
from storage.migrating import schema
from storage.residents import residents
from storage.store import Store
from tests.conftest import Engines
from tests.phone import Bot
from tests.towns import IDEAS, VOTE, plant_town
from tests.turning import NOW, take

QUIET = settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


async def test_a_redelivered_vote_shows_its_screen_again_and_counts_once(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan B»")
    await phone.tap("Change to «en Plan C»")
    first = min(one.update_id for one in await _pending_history(bot))
    await bot.gateway.redeliver(first + 1)
    await bot.settle()
    assert (await bot.db.turn(lambda store: store.choices.get(VOTE, 7))).option_number == 3  # type: ignore[union-attr]
    assert await bot.db.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 2, 3: 3}


async def test_a_crash_between_commit_and_answer_is_healed_by_the_redelivery(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    with monkeypatch.context() as patch:
        patch.setattr(bot.conversation._showing, "show", lambda *_: None)
        await phone.tap("Vote for «en Plan B»")
    assert "Your choice" not in await phone.text()
    await bot.restart()
    await bot.gateway.redeliver(max(one.update_id for one in await _pending_history(bot)))
    await bot.settle()
    assert "Your choice: «en Plan B»." in await phone.text()
    assert await bot.db.turn(lambda store: store.choices.tally(VOTE)) == {1: 1, 2: 3, 3: 2}


async def test_an_update_that_aiogram_cannot_read_is_put_aside_and_the_next_is_answered(bot: Bot) -> None:
    phone = await bot.phone("en")
    hidden = {"type": "hidden_user", "date": 1_770_000_000}
    await phone.send_odd({"text": "forwarded", "forward_origin": hidden})
    await phone.type("/help")
    assert "Help" in await phone.text()
    aside = await bot.db.turn(lambda store: store.arrivals.aside())
    assert [(one.chat_id, one.error) for one in aside] == [(phone.chat_id, "Undecodable")]


async def test_a_bug_of_ours_is_answered_with_an_apology_and_the_text_is_kept(
    bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = await bot.phone("en", f"activity-{IDEAS}")
    await phone.tap("Write an idea")

    def broken(*_: Any) -> Screen:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setitem(
            TABLE, "compose", TABLE["compose"].__class__("compose", False, broken, (int,), limit=9, accepts=("text",))
        )  # type: ignore[arg-type]
        await phone.type("More benches")
    assert (await phone.text()).startswith("Something went wrong on our side. What you wrote is kept.")
    assert [one.text for one in await bot.db.turn(lambda store: store.drafts.of(7))] == ["More benches"]
    assert await bot.db.turn(lambda store: store.arrivals.count_aside()) == 1


async def test_different_people_first_contact_at_once_makes_each_one_resident(town: Database) -> None:
    incoming = [Incoming("telegram", n, 100 + n % 4, "An", "nl", Linked("", False)) for n in range(24)]
    await asyncio.gather(*(take(town, one) for one in incoming))
    assert await town.turn(lambda store: len([store.residents.enter("telegram", 100 + n, 0) for n in range(4)])) == 4
    assert await town.turn(lambda store: len(store.run(residents.select()).all())) == 6 + 4


TAPS = st.sampled_from(
    [
        *(f"choose-{VOTE}-{number}" for number in (1, 2, 3, 9)),
        f"withdraw-{VOTE}",
        "support-1",
        "unsupport-1",
        f"write-{IDEAS}",
        f"sendidea-{IDEAS}",
        f"anonymous-1-compose-{IDEAS}",
        f"strip-place-compose-{IDEAS}",
        "agree-1-home",
        "stop",
        "project-1",
        "mine",
    ]
)
TEXTS = st.sampled_from(["a pond", "<b>bold</b>", "a\n\nb", "x" * 1600])
ACTS = st.lists(st.tuples(st.sampled_from(["tap", "text"]), TAPS, TEXTS), min_size=1, max_size=12)


@pytest.fixture
def towns(engines: Engines) -> Any:
    """Opens the test town anew for each example."""

    async def fresh() -> Database:
        db = open_database(engines.fresh("sqlite"))
        await plant_town(db, NOW)
        return db

    return fresh


@QUIET
@given(acts=ACTS, order=st.randoms(use_true_random=False))
async def test_each_update_twice_and_any_interleaving_keep_the_ballots_the_draft_and_the_invariants(
    towns: Any, acts: list[tuple[str, str, str]], order: Any
) -> None:
    """Telegram keeps the order of taps and the order of texts; between the two anything may happen."""
    numbers = count(1)
    taps = [Tap(tap, 1, "text") for kind, tap, _ in acts if kind == "tap"]
    texts = [Content(Brought(1000 + n, text)) for n, (kind, _, text) in enumerate(acts) if kind == "text"]
    queues = [[(next(numbers), event) for event in queue] for queue in (taps, texts)]
    db = await towns()
    once = await towns()
    typed = [event.content.text for queue in queues for _, event in queue if isinstance(event, Content)]
    try:
        await take(db, Incoming("t", 0, 50, "An", "en", Linked("", False)))
        await take(once, Incoming("t", 0, 50, "An", "en", Linked("", False)))
        taken: list[Incoming] = []
        while any(queues):
            queue = order.choice([queue for queue in queues if queue])
            number, event = queue.pop(0)
            incoming = Incoming("t", number, 50, "An", "en", event)
            await take(once, incoming)
            await take(db, incoming)
            taken.append(incoming)
            if order.random() < 0.5:
                await take(db, order.choice(taken))
        assert await db.turn(memory) == await once.turn(memory)
        await db.turn(partial(invariants, typed))
    finally:
        await db.close()
        await once.close()


def memory(store: Store) -> list[Any]:
    """All that the city remembers, but for ids of arrivals."""
    found = []
    for table in schema().sorted_tables:
        if table.name not in ("arrivals", "photos", "photo_files", "options", "cities"):
            found.append([tuple(row) for row in store.run(table.select().order_by(*table.primary_key.columns))])
    return found


def invariants(typed: list[str], store: Store) -> None:
    """One ballot and one support a person, awaiting names a draft that is there, and nothing typed is lost."""
    entrance = store.residents.enter("t", 50, 0)
    assert entrance is not None
    person = entrance.resident
    assert len(store.choices.of(person.id)) <= 1
    assert store.ideas.supported_by(person.id) in ((), (1,))
    drafts = {draft.address: draft.text for draft in store.drafts.of(person.id)}
    assert person.awaiting is None or person.awaiting in drafts
    kept = [*drafts.values(), *(idea.text for idea in store.ideas.of(person.id))]
    assert [text for text in typed if not any(clean(text) in one for one in kept)] == []


HARD = st.text(
    alphabet=st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("<>&\"'/@#_*`[]()~|\u202e\u2066\u200f\u0000\ufeff\u00ad🏳️‍🌈𝔘"),
    ),
    min_size=1,
    max_size=80,
).flatmap(lambda text: st.sampled_from([text, text * (4096 // len(text)), text * (5000 // len(text) + 1)]))


@pytest.mark.parametrize("engine", ["sqlite"])
@settings(QUIET, max_examples=40)
@given(text=HARD, name=st.text(max_size=80))
async def test_no_words_break_a_message_or_reach_another_person_as_markup(bot: Bot, text: str, name: str) -> None:
    bot.gateway.calls.clear()
    author = await bot.phone("en", f"activity-{IDEAS}")
    await author.tap("Write an idea")
    for begin in range(0, len(text), 4096):
        await author.send_odd({"text": text[begin : begin + 4096]})
    if "Shorten to 1,500 characters" in await author.labels():
        await author.tap("Shorten to 1,500 characters")
    if "Send my idea" in await author.labels():
        await author.tap("Send my idea")
    await author.tap_data("setname")
    await author.send_odd({"text": name or "An"})
    if "Save my name" in await author.labels():
        await author.tap("Save my name")
    reader = await bot.phone("en", f"ideas-{IDEAS}-new-1")
    screen = await reader.screen()
    kinds = {one["type"] for one in screen.get("entities", [])}
    assert kinds <= {"bold", "italic", "bot_command"}, kinds
    refused = [answer for _, _, answer in bot.gateway.calls if not answer.get("ok")]
    assert [one for one in refused if "not modified" not in one["description"]] == []
    assert not set(str(screen.get("text"))) & set("\u202a\u202b\u202d\u202e\u2067\u0000")


async def _pending_history(bot: Bot) -> Any:
    """Every update that the gateway ever queued, the confirmed ones too."""
    from storage.webchat_tables import updates

    return await bot.db.turn(lambda store: store.run(updates.select().order_by(updates.c.update_id)).all())
