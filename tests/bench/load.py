"""Posts updates to a webhook, as fast as it answers or at a fixed rate, and takes the times."""

import asyncio
import json
import sys
import time
from typing import Any

import aiohttp

CONNECTIONS = 40
"""Telegram's default for a webhook."""


async def drive(url: str, bodies: list[bytes], rate: float) -> dict[str, Any]:
    """Post every body once; ``rate`` a second, 0 for as fast as possible. Seconds from post to answer, per body."""
    times: list[float] = []
    failures = 0
    connector = aiohttp.TCPConnector(limit=0 if rate else CONNECTIONS)
    headers = {"X-Telegram-Bot-Api-Secret-Token": "bench", "Content-Type": "application/json"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def post(body: bytes) -> None:
            nonlocal failures
            begun = time.perf_counter()
            async with session.post(url, data=body) as response:
                await response.read()
                failures += response.status != 200
            times.append(time.perf_counter() - begun)

        begun = time.perf_counter()
        if rate:
            tasks = []
            for number, body in enumerate(bodies):
                await asyncio.sleep(max(0.0, begun + number / rate - time.perf_counter()))
                tasks.append(asyncio.create_task(post(body)))
            await asyncio.gather(*tasks)
        else:
            waiting = iter(bodies)

            async def work() -> None:
                for body in waiting:
                    await post(body)

            await asyncio.gather(*(work() for _ in range(CONNECTIONS)))
        seconds = time.perf_counter() - begun
    times.sort()
    return {
        "count": len(times),
        "failures": failures,
        "per_second": len(times) / seconds,
        "p50_ms": times[len(times) // 2] * 1000,
        "p99_ms": times[int(len(times) * 0.99)] * 1000,
    }


if __name__ == "__main__":
    lines = sys.stdin.buffer.read().splitlines()
    print(json.dumps(asyncio.run(drive(sys.argv[1], lines, float(sys.argv[2])))))
