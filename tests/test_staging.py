"""The demo's stage: two people side by side, and a strip that shows what the promises mean."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp
import pytest

from bot.moments import VirtualClock, now
from bot.webchat import Gateway
from bot.webchat.staging import Stage, hire
from storage.database import Database
from tests.phone import OPEN, Bot
from tests.towns import VOTE, plant_town

OWN = {"X-Belleman": "1"}


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
def demo_clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def bot(db: Database, demo_clock: VirtualClock) -> AsyncIterator[Bot]:
    await plant_town(db, now())
    bot = Bot(db, demo_clock)
    bot.gateway = Gateway(db, clock=demo_clock, door=replace(OPEN, panes=True, arrive=hire), stage=Stage(demo_clock))
    async with bot:
        yield bot


async def act(bot: Bot, do: str, **given: Any) -> dict[str, Any]:
    async with bot.http.post(f"{bot.gateway.url}/demo/{do}", json=given, headers=OWN) as response:
        return {"status": response.status, **await response.json()}


async def votes(bot: Bot) -> int:
    return sum((await bot.db.turn(lambda store: store.choices.tally(VOTE))).values())


async def test_the_last_update_comes_again_and_counts_once(bot: Bot) -> None:
    assert (await act(bot, "again"))["again"] is False
    before = await votes(bot)
    phone = await bot.phone("en", f"activity-{VOTE}")
    await phone.tap("Vote for «en Plan A»")
    assert (await act(bot, "again"))["again"] is True
    await bot.settle()
    assert await votes(bot) == before + 1
    assert len([one for one in bot.gateway.calls if one[0] == "answerCallbackQuery"]) == 2


async def test_a_message_that_comes_again_gets_no_second_answer(bot: Bot) -> None:
    phone = await bot.phone("en", "help")
    before = [one["message_id"] for one in await phone.history()]
    assert (await act(bot, "again"))["again"] is True
    await bot.settle()
    assert [one["message_id"] for one in await phone.history()] == before


async def test_while_the_channel_is_down_nothing_is_lost_and_afterwards_everything_counts_once(bot: Bot) -> None:
    before = await votes(bot)
    phone = await bot.phone("en", f"activity-{VOTE}")
    assert (await act(bot, "weather", weather="down"))["weather"] == "down"
    label = (await phone.addresses())[0]
    await phone.tap_data(label)
    assert await votes(bot) == before
    await act(bot, "weather", weather="fine")
    await bot.settle()
    assert await votes(bot) == before + 1
    assert "Your choice" in await phone.text()


async def test_the_clock_goes_forward_for_everybody(bot: Bot, demo_clock: VirtualClock) -> None:
    phone = await bot.phone("en", f"activity-{VOTE}")
    button = (await phone.addresses())[0]
    told = await act(bot, "forward", hours=24 * 21)
    assert timedelta(days=20) < demo_clock() - now() < timedelta(days=22)
    assert abs(told["now"] - demo_clock().timestamp()) < 60
    assert await phone.tap_data(button) == "This is closed. Taking part is no longer possible."


@pytest.mark.parametrize(
    ("do", "given", "status"),
    [
        ("forward", {"hours": 0}, 400),
        ("forward", {"hours": -5}, 400),
        ("forward", {"hours": "soon"}, 400),
        ("forward", {"hours": 10**9}, 400),
        ("weather", {"weather": "rain"}, 400),
        ("party", {}, 404),
    ],
)
async def test_what_the_strip_cannot_do_is_refused(bot: Bot, do: str, given: dict[str, Any], status: int) -> None:
    assert (await act(bot, do, **given))["status"] == status


async def test_another_site_cannot_pull_the_strings(bot: Bot) -> None:
    for headers in ({}, OWN | {"Origin": "https://elsewhere.example"}, OWN | {"Sec-Fetch-Site": "cross-site"}):
        async with bot.http.post(f"{bot.gateway.url}/demo/forward", json={"hours": 1}, headers=headers) as response:
            assert response.status == 403


async def test_each_pane_has_a_person_of_its_own_and_the_clerk_works_for_the_city(bot: Bot) -> None:
    url = f"{bot.gateway.url}/api/session"
    people: dict[str, list[int]] = {}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as browser:
        for pane in ("resident", "staff", "resident"):
            headers = OWN | {"X-Pane": pane}
            async with browser.post(url, json={"language": "fr"}, headers=headers) as response:
                people.setdefault(pane, []).append((await response.json())["user_id"])
    assert len(set(people["resident"])) == 1
    assert people["staff"][0] not in people["resident"]
    clerk = await bot.db.turn(lambda store: store.residents.enter("web", people["staff"][0], 0))
    assert clerk is not None
    assert (clerk.resident.language, await bot.db.turn(lambda store: store.staff.role(clerk.resident.id))) == (
        "fr",
        "owner",
    )
    assert await bot.db.turn(lambda store: store.residents.enter("web", people["resident"][0], 0)) is None


async def test_without_a_stage_there_are_no_panes_and_no_strings(db: Database) -> None:
    await plant_town(db, now())
    async with Bot(db, now) as bot:
        async with bot.http.post(f"{bot.gateway.url}/demo/forward", json={"hours": 1}, headers=OWN) as response:
            assert response.status == 404
        async with bot.http.get(f"{bot.gateway.url}/demo") as response:
            assert response.status == 404
        headers = OWN | {"X-Pane": "staff"}
        async with bot.http.post(f"{bot.gateway.url}/api/session", json={}, headers=headers) as response:
            assert list(response.cookies) == ["session"]


def test_a_clock_is_put_forward_only() -> None:
    clock = VirtualClock()
    with pytest.raises(ValueError, match="forward only"):
        clock.forward(timedelta(seconds=-1))
