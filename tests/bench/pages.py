"""Many open pages of the web chat, and people who tap on them: what one process takes.

    python -m tests.bench.pages [--pages 500] [--rate 200] [--seconds 30]

One process runs the web chat, the conversation and the clock on SQLite. Each page is a visitor with a stream of
events; taps come at a steady rate, each on the page of somebody else. A tap: posted, queued, taken by the bot as an
update, a vote counted, answered, the message edited, and both seen on the stream. The time runs from the tap to its
answer on the page. Afterwards the ballots, and what each page saw, are counted: nothing lost, nothing twice.
"""

import argparse
import asyncio
import json
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from tests.bench.town import people, town
from tests.bench.votes import cpu_seconds, memory_mb

OWN = {"X-Belleman": "1"}
PATIENCE = 60
"""Seconds that a page waits for what it should see."""


class Page:
    """One open page: its stream, and the taps that wait for their answers."""

    def __init__(self, url: str, http: aiohttp.ClientSession) -> None:
        self._url, self._http = url, http
        self._waiting: dict[str, float] = {}
        self._early: dict[str, float] = {}
        self._count = 0
        self.answers: Counter[str] = Counter()
        self.times: list[float] = []
        self.message_id = 0
        self.edits = 0
        self._cookie = ""
        self.ready = asyncio.Event()

    async def open(self) -> None:
        async with self._http.post(f"{self._url}/api/session", json={"language": "nl"}, headers=OWN) as response:
            assert response.status == 200, await response.text()
            self._cookie = f"session={response.cookies['session'].value}"
        self.streaming = asyncio.create_task(self._stream())
        await self._post("start", {"payload": "activity-1"})
        await asyncio.wait_for(self.ready.wait(), PATIENCE)

    async def tap(self, number: int) -> None:
        began = time.perf_counter()
        query = (await self._post("tap", {"message_id": self.message_id, "data": f"choose-1-{number}"}))["query_id"]
        if query in self._early:
            self.times.append(self._early.pop(query) - began)
        else:
            self._waiting[query] = began

    @property
    def open_taps(self) -> int:
        return len(self._waiting)

    async def _post(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self._count += 1
        headers = OWN | {"Cookie": self._cookie}
        given = body | {"client_id": str(self._count)}
        async with self._http.post(f"{self._url}/api/{path}", json=given, headers=headers) as response:
            assert response.status == 200, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer

    async def _stream(self) -> None:
        headers = {"Cookie": self._cookie}
        timeout = aiohttp.ClientTimeout(total=None)
        async with self._http.get(f"{self._url}/api/events?after=0", headers=headers, timeout=timeout) as response:
            async for line in response.content:
                if line.startswith(b"data: "):
                    self._take(json.loads(line[6:]))

    def _take(self, event: dict[str, Any]) -> None:
        now = time.perf_counter()
        if event["type"] == "answer":
            query = event["query_id"]
            self.answers[query] += 1
            if query in self._waiting:
                self.times.append(now - self._waiting.pop(query))
            else:
                self._early[query] = now
        elif event["type"] == "message" and not event["message"]["mine"]:
            self.message_id = event["message"]["message_id"]
            self.edits += 1
            self.ready.set()


@asynccontextmanager
async def channel(url: str) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    """The web chat, the conversation and the clock in one process."""
    settings = {"BELLEMAN_DATABASE_URL": url, "BELLEMAN_WEBCHAT_PORT": "0", "BELLEMAN_WEBCHAT_VISITORS": "0"}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BELLEMAN_")} | settings
    command = [sys.executable, "-m", "bot", "run", "conversation", "clock", "webchat"]
    pipes: dict[str, Any] = {"stdout": asyncio.subprocess.PIPE, "stderr": asyncio.subprocess.DEVNULL}
    process = await asyncio.create_subprocess_exec(*command, env=environment, **pipes)
    try:
        assert process.stdout is not None
        found = re.search(r"http://\S+", (await process.stdout.readline()).decode())
        assert found is not None
        yield found.group().rstrip("/"), process
    finally:
        process.terminate()
        await process.wait()


async def measure(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = f"sqlite:///{Path(folder) / 'bench.db'}"
        await town(database, 0)
        async with (
            channel(database) as (url, process),
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()) as http,
        ):
            pages = [Page(url, http) for _ in range(options.pages)]
            await pages[0].open()
            before = memory_mb(process.pid)
            for begin in range(1, len(pages), 20):
                await asyncio.gather(*(page.open() for page in pages[begin : begin + 20]))
            opened = memory_mb(process.pid)
            idle = cpu_seconds(process.pid)
            await asyncio.sleep(5)
            idle = (cpu_seconds(process.pid) - idle) / 5
            spent = cpu_seconds(process.pid)
            sent = await tapped(pages, options)
            spent = cpu_seconds(process.pid) - spent
            after = memory_mb(process.pid)
            for page in pages:
                page.streaming.cancel()
        cast = await people(database)
    report(pages, sent, cast)
    print(f"memory: {before:.0f} MB with one page, {opened:.0f} MB with {len(pages)}, {after:.0f} MB after the taps")
    print(f"cpu: {idle * 100:.1f} % of a core while idle, {spent / sent * 1000:.2f} ms a tap")
    print(f"load average {os.getloadavg()[0]:.2f}")


async def tapped(pages: list[Page], options: argparse.Namespace) -> int:
    """Tap at a steady rate, each on the next page; how many taps."""
    sent = options.rate * options.seconds
    tasks = []
    began = time.perf_counter()
    for number in range(sent):
        await asyncio.sleep(max(0.0, began + number / options.rate - time.perf_counter()))
        page = pages[number % len(pages)]
        tasks.append(asyncio.create_task(page.tap((number // len(pages)) % 3 + 1)))
    await asyncio.gather(*tasks)
    for _ in range(PATIENCE * 10):
        if not any(page.open_taps for page in pages):
            break
        await asyncio.sleep(0.1)
    print(f"{sent} taps in {time.perf_counter() - began:.1f} s on {len(pages)} pages")
    return sent


def report(pages: list[Page], sent: int, cast: int) -> None:
    times = sorted(one for page in pages for one in page.times)
    answers = Counter(count for page in pages for count in page.answers.values())
    p50, p99 = (times[int(len(times) * share)] * 1000 for share in (0.5, 0.99))
    print(f"from tap to answer on the page: p50 {p50:.1f} ms, p99 {p99:.1f} ms, longest {times[-1] * 1000:.0f} ms")
    print(
        f"answered {len(times)} of {sent}; seen so many times: {dict(answers)}; ballots {cast} of {len(pages)} people"
    )
    assert len(times) == sent, "an answer was lost"
    assert set(answers) == {1}, "an answer came twice"
    assert cast == len(pages), "a ballot was lost or doubled"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=500)
    parser.add_argument("--rate", type=int, default=200)
    parser.add_argument("--seconds", type=int, default=30)
    asyncio.run(measure(parser.parse_args()))


if __name__ == "__main__":
    main()
