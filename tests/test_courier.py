"""The courier's menus: written in every language, and again only when they changed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot import clock as ticking
from bot import courier
from bot.channels import Channel
from bot.courier import publish_menus
from bot.webchat import Gateway
from storage.database import Database
from tests.clock import TestClock


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
async def channel(town: Database, clock: TestClock) -> AsyncIterator[Channel]:
    gateway = Gateway(town, clock=clock)
    await gateway.start()
    yield Channel("web", gateway.url, gateway.token)
    await gateway.close()


async def test_menus_are_written_once_in_every_language_and_for_every_other_reader(
    town: Database, channel: Channel
) -> None:
    assert await publish_menus(town, channel) == 15
    assert await publish_menus(town, channel) == 0


async def test_only_what_changed_is_written_again(town: Database, channel: Channel) -> None:
    await publish_menus(town, channel)

    def rename(store: object) -> None:
        from dataclasses import replace

        city = store.cities.get()  # type: ignore[attr-defined]
        store.cities.put(replace(city, summary={"nl": "Nieuw", "fr": "Nouveau"}))  # type: ignore[attr-defined]

    await town.turn(rename)
    assert await publish_menus(town, channel) == 5


async def test_a_channel_that_is_away_is_tried_again_later_and_stops_nobody(town: Database) -> None:
    stop = asyncio.Event()
    running = asyncio.create_task(courier.run(town, [Channel("web", "http://127.0.0.1:9", "1:x")], stop))
    await asyncio.sleep(0.2)
    assert not running.done()
    stop.set()
    await asyncio.wait_for(running, 5)


async def test_the_clock_forgets_what_is_kept_for_a_time_only(town: Database, clock: TestClock) -> None:
    await town.turn(lambda store: store.arrivals.add("t", 1, "home", clock()))
    clock.forward(hours=47)
    await town.turn(lambda store: store.arrivals.add("t", 2, "home", clock()))
    assert await town.turn(lambda store: ticking.forget(clock(), store)) == 0
    clock.forward(hours=2)
    assert await town.turn(lambda store: ticking.forget(clock(), store)) == 1
    assert await town.turn(lambda store: ticking.forget(clock(), store)) == 0
    assert await town.turn(lambda store: store.arrivals.landed("t", 2)) == "home"


async def test_the_clock_runs_until_it_is_stopped(town: Database, clock: TestClock) -> None:
    await town.turn(lambda store: store.arrivals.add("t", 1, "home", clock()))
    clock.forward(days=3)
    stop = asyncio.Event()
    running = asyncio.create_task(ticking.run(town, clock, stop))
    for _ in range(500):
        if await town.turn(lambda store: store.arrivals.landed("t", 1)) is None:
            break
        await asyncio.sleep(0.01)
    stop.set()
    await asyncio.wait_for(running, 5)
    assert await town.turn(lambda store: store.arrivals.landed("t", 1)) is None
