"""Edits that met a broken line: the act counts at once, and its screen comes when the line is back."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.conversation import healing
from bot.webchat.faults import Fault
from storage.database import Database
from tests.clock import TestClock
from tests.phone import Bot, Phone, plain
from tests.towns import VOTE

MINE = "Your choice: «en Plan A»"


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
async def bot(town: Database, clock: TestClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    monkeypatch.setattr(healing, "PAUSES", (0.01, 0.01, 0.01, 0.01))
    async with Bot(town, clock) as started:
        yield started


async def shown(phone: Phone, words: str) -> None:
    for _ in range(500):
        if words in plain(await phone.text()):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(await phone.text())


def edits(bot: Bot) -> int:
    return sum(name.startswith("editMessage") for name, _, _ in bot.gateway.calls)


@pytest.mark.parametrize("kind", ["html", "error", "restart", "reset", "drop", "html after"])
async def test_the_screen_of_a_vote_comes_when_the_line_is_back_and_no_message_is_doubled(bot: Bot, kind: str) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    before = len(await phone.history())
    bot.gateway.troubles.script(Fault(kind, "editMessageText", times=2), Fault(kind, "editMessageMedia", times=2))
    await phone.tap("Vote for «en Plan A»")
    await shown(phone, MINE)
    assert len(await phone.history()) == before


@pytest.mark.parametrize("kind", ["html", "error", "restart"])
async def test_the_answer_to_a_message_comes_when_the_line_is_back(bot: Bot, kind: str) -> None:
    phone = await bot.phone("en")
    before = len(await phone.history())
    bot.gateway.troubles.script(Fault(kind, "sendMessage", times=2))
    await phone.type("A fountain would be nice")
    await shown(phone, "You wrote:")
    assert len(await phone.history()) == before + 2


@pytest.mark.parametrize("kind", ["reset", "drop"])
async def test_an_answer_that_may_have_arrived_is_not_sent_twice(bot: Bot, kind: str) -> None:
    phone = await bot.phone("en")
    before = len(await phone.history())
    bot.gateway.troubles.script(Fault(kind, "sendMessage"))
    await phone.type("A fountain would be nice")
    await asyncio.sleep(0.1)
    assert len(await phone.history()) == before + 1 + (kind == "drop")


async def test_who_has_gone_on_is_not_brought_back(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    bot.gateway.troubles.script(Fault("html", "editMessageText", times=1), Fault("html", "editMessageMedia", times=1))
    await phone.tap("Vote for «en Plan A»")
    await phone.tap_data("help")
    for _ in range(5):
        await asyncio.sleep(0.02)
        assert "Tap a button to go somewhere." in await phone.text()


async def test_after_a_few_tries_it_is_left_to_the_next_tap(bot: Bot) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    bot.gateway.troubles.script(
        Fault("html", "editMessageText", times=None), Fault("html", "editMessageMedia", times=None)
    )
    await phone.tap("Vote for «en Plan A»")
    await asyncio.sleep(0.3)
    assert MINE not in plain(await phone.text())
    bot.gateway.troubles.lift()
    await phone.tap_data(f"activity-{VOTE}")
    assert MINE in plain(await phone.text())


async def test_closing_waits_for_no_healing(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(healing, "PAUSES", (3600.0,))
    await bot.restart()
    phone = await bot.phone("en", f"activity-{VOTE}")
    bot.gateway.troubles.script(Fault("html", "editMessageText"), Fault("html", "editMessageMedia"))
    await phone.tap("Vote for «en Plan A»")
    async with asyncio.timeout(5):
        await bot.restart()
