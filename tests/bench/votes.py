"""Complete counted votes through the webhook, beside a bare aiogram echo bot in the same run.

    python -m tests.bench.votes [--votes 4000] [--residents 2000] [--rounds 3]

A vote: identify the resident, apply the update exactly once, write the ballot, commit, answer with the toast in the
webhook's response, and edit the message with the re-rendered screen in Dutch. An echo: one message in, one out.
"""

import argparse
import asyncio
import itertools
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.bench.town import people, postgres, town

SINK, BOT = 18081, 18082
TICKS = os.sysconf("SC_CLK_TCK")
numbers = itertools.count(1_000_000)


def vote(resident: int) -> bytes:
    """A tap on a plan by one of the residents."""
    number = next(numbers)
    person = {"id": 10_000 + resident, "is_bot": False, "first_name": "An", "language_code": "nl"}
    chat = {"id": 10_000 + resident, "type": "private", "first_name": "An"}
    message = {"message_id": 7, "date": 1_790_000_000, "chat": chat, "text": "Welk plan kiest u?"}
    query = {"id": str(number), "from": person, "chat_instance": "1", "message": message}
    query["data"] = f"choose-1-{number % 3 + 1}"
    return json.dumps({"update_id": number, "callback_query": query}).encode()


def text(resident: int) -> bytes:
    """A message to echo."""
    number = next(numbers)
    person = {"id": 10_000 + resident, "is_bot": False, "first_name": "An", "language_code": "nl"}
    chat = {"id": 10_000 + resident, "type": "private", "first_name": "An"}
    message = {"message_id": number, "date": 1_790_000_000, "chat": chat, "from": person, "text": "Welk plan kiest u?"}
    return json.dumps({"update_id": number, "message": message}).encode()


@contextmanager
def process(*command: str, environment: dict[str, str] | None = None, ready: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process of its own, until its address answers; ended by its process id."""
    started = subprocess.Popen(command, env=os.environ | (environment or {}), stderr=subprocess.DEVNULL)
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(ready, timeout=1).close()
            except urllib.error.HTTPError:
                break
            except OSError:
                time.sleep(0.1)
            else:
                break
        yield started
    finally:
        started.terminate()
        started.wait(30)


def load(bodies: list[bytes], rate: float = 0) -> dict[str, Any]:
    """Run the load from a process of its own."""
    command = [sys.executable, "-m", "tests.bench.load", f"http://127.0.0.1:{BOT}/", str(rate)]
    done = subprocess.run(command, input=b"\n".join(bodies), capture_output=True, check=True)
    return dict(json.loads(done.stdout))


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def memory_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(started: subprocess.Popen[bytes], make: Any, options: argparse.Namespace) -> dict[str, float]:
    """One bot's figures: as fast as possible, then at 100 a second."""
    load([make(number % options.residents) for number in range(500)])
    before = cpu_seconds(started.pid)
    fast = load([make(number % options.residents) for number in range(options.votes)])
    spent = cpu_seconds(started.pid) - before
    calm = load([make(number % options.residents) for number in range(1000)], rate=100)
    return {
        "per_second": fast["per_second"],
        "cpu_ms": spent / options.votes * 1000,
        "p99_at_100": calm["p99_ms"],
        "p50_at_100": calm["p50_ms"],
        "memory_mb": memory_mb(started.pid),
        "failures": fast["failures"] + calm["failures"],
    }


def echo(mode: str, options: argparse.Namespace) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.bench.echo", str(BOT), f"http://127.0.0.1:{SINK}", mode]
    with process(*command, ready=f"http://127.0.0.1:{BOT}/") as started:
        return measure(started, text, options)


def votes(url: str, options: argparse.Namespace) -> dict[str, float]:
    """Our conversation on one database."""
    asyncio.run(town(url, options.residents))
    environment = {
        "BELLEMAN_BOT_TOKEN": "1:bench",
        "BELLEMAN_TELEGRAM_API_URL": f"http://127.0.0.1:{SINK}",
        "BELLEMAN_DATABASE_URL": url,
        "BELLEMAN_WEBHOOK_URL": f"http://127.0.0.1:{BOT}/",
        "BELLEMAN_WEBHOOK_SECRET": "bench",
        "BELLEMAN_WEBHOOK_PORT": str(BOT),
        "BELLEMAN_WEBHOOK_HOST": "127.0.0.1",
    }
    command = [sys.executable, "-m", "bot", "run", "conversation"]
    with process(*command, environment=environment, ready=f"http://127.0.0.1:{BOT}/healthz") as started:
        figures = measure(started, vote, options)
    assert asyncio.run(people(url)) == min(options.residents, options.votes), "a vote was lost"
    return figures


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--votes", type=int, default=4000)
    parser.add_argument("--residents", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    found: dict[str, list[dict[str, float]]] = {}
    print(f"load average {os.getloadavg()[0]:.2f}; {options.residents} residents, {options.votes} votes a round")
    folder = Path(tempfile.mkdtemp(prefix="belleman-bench-"))
    sink = [sys.executable, "-m", "tests.bench.sink", str(SINK)]
    try:
        with postgres(folder) as server, process(*sink, ready=f"http://127.0.0.1:{SINK}/botx/getMe"):
            for turn in range(options.rounds):
                runs = {
                    "echo, aiogram's defaults": lambda: echo("background", options),
                    "echo, acknowledged after": lambda: echo("inline", options),
                    "votes, SQLite": lambda turn=turn: votes(f"sqlite:///{folder}/votes{turn}.db", options),
                    "votes, PostgreSQL": lambda turn=turn: votes(server(f"votes{turn}"), options),
                }
                for name, run in runs.items():
                    found.setdefault(name, []).append(run())
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    report(found)


def report(found: dict[str, list[dict[str, float]]]) -> None:
    """Medians, and the ratio to each echo of the same round."""
    first, second = list(found)[:2]
    for name, rounds in found.items():
        row = {key: statistics.median(one[key] for one in rounds) for key in rounds[0]}
        figures = "  ".join(f"{key} {value:.2f}" for key, value in row.items())
        print(f"{name:28} {figures}")
        if name in (first, second):
            continue
        for other in (first, second):
            pairs = list(zip(rounds, found[other], strict=True))
            rate = statistics.median(mine["per_second"] / theirs["per_second"] for mine, theirs in pairs)
            slow = statistics.median(mine["p99_at_100"] / theirs["p99_at_100"] for mine, theirs in pairs)
            more = statistics.median(mine["memory_mb"] - theirs["memory_mb"] for mine, theirs in pairs)
            print(f"    beside {other}: rate x{rate:.2f}, p99 at 100/s x{slow:.2f}, memory {more:+.0f} MB")


if __name__ == "__main__":
    main()
