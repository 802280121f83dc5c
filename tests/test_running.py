"""The whole program in a process of its own, behind a webhook: killed, restarted, told to stop."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import pytest

from bot.webchat import Gateway
from storage.database import Database, open_database
from tests.conftest import Engines
from tests.phone import Phone
from tests.towns import VOTE, plant_town

ROOT = Path(__file__).parent.parent


@pytest.fixture
def url(engines: Engines, engine: str) -> str:
    """A database of its own: the program that is killed leaves connections behind."""
    return engines.fresh(engine)


class Telegram:
    """The gateway as Telegram, and the program that it delivers to."""

    def __init__(self, gateway: Gateway, http: aiohttp.ClientSession, url: str) -> None:
        self.gateway = gateway
        self.http = http
        self._url = url
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.program: asyncio.subprocess.Process | None = None

    async def settle(self) -> None:
        """Answers come when they come: ``until`` waits for them."""

    async def start(self) -> None:
        """Start the program, and wait until it listens."""
        environment = os.environ | {
            "BELLEMAN_BOT_TOKEN": self.gateway.token,
            "BELLEMAN_TELEGRAM_API_URL": self.gateway.url,
            "BELLEMAN_DATABASE_URL": self._url,
            "BELLEMAN_WEBHOOK_URL": f"http://127.0.0.1:{self._port}/hook",
            "BELLEMAN_WEBHOOK_SECRET": "s3cret",
            "BELLEMAN_WEBHOOK_PORT": str(self._port),
            "BELLEMAN_WEBHOOK_HOST": "127.0.0.1",
        }
        command = (sys.executable, "-m", "bot", "run")
        self.program = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=environment)
        await until(self._listens)

    async def stop(self, with_signal: signal.Signals) -> int:
        """End the program by its process id; its exit code."""
        assert self.program is not None
        if self.program.returncode is None:
            self.program.send_signal(with_signal)
        return await self.program.wait()

    async def _listens(self) -> bool:
        try:
            async with self.http.get(f"http://127.0.0.1:{self._port}/healthz") as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False


async def until(true: Callable[[], Awaitable[bool]]) -> None:
    """Wait for something to become true; half a minute at most."""
    for _ in range(600):
        if await true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it never came")


@pytest.fixture
async def city(url: str) -> AsyncIterator[Database]:
    """The program's own database, planted, open beside it."""
    db = open_database(url)
    await plant_town(db, datetime.now(UTC))
    yield db
    await db.close()


@pytest.fixture
async def telegram(engines: Engines, city: Database, url: str) -> AsyncIterator[Telegram]:
    judge = open_database(engines.fresh("sqlite"))
    gateway = Gateway(judge)
    await gateway.start()
    async with aiohttp.ClientSession() as http:
        telegram = Telegram(gateway, http, url)
        await telegram.start()
        yield telegram
        await telegram.stop(signal.SIGKILL)
    await gateway.close()
    await judge.close()


async def test_killed_after_a_vote_and_started_again_nothing_is_lost_or_counted_twice(
    telegram: Telegram, city: Database
) -> None:
    phone = Phone(telegram, "en")
    await phone.open()
    await phone.start(f"activity-{VOTE}")

    async def shows(text: str) -> bool:
        messages = [one for one in await phone.history() if not one["mine"]]
        return bool(messages) and text in str(messages[-1])

    await until(lambda: shows("Vote for «en Plan B»"))
    before = await city.turn(lambda store: store.choices.tally(VOTE))
    await phone.tap("Vote for «en Plan B»")
    await until(lambda: shows("Your choice: «en Plan B»."))
    await telegram.stop(signal.SIGKILL)
    assert await city.turn(lambda store: store.choices.tally(VOTE)) == before | {2: before[2] + 1}

    await phone.tap("Change to «en Plan C»")  # nobody is there; Telegram keeps it and delivers again
    await telegram.start()
    await until(lambda: shows("Your choice: «en Plan C»."))
    assert await city.turn(lambda store: store.choices.tally(VOTE)) == before | {3: before[3] + 1}
    assert await telegram.stop(signal.SIGTERM) == 0
