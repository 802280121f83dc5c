"""How long a first try takes: from the command to the page, and to the first answer in the chat.

    python -m tests.bench.start [--rounds 3]

Each round starts `python -m bot demo` on a fresh data folder. Served: GET / and POST /api/session answer 200.
Answered: the bot's first message, with its buttons, is in the history of a visitor who came at once.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
WAIT = 60
"""Seconds after which a start is given up."""


def ask(url: str, body: dict[str, Any] | None = None, cookie: str = "") -> tuple[bytes, str]:
    """One request: the answer, and the cookie that it set."""
    headers = {"X-Belleman": "1", "Content-Type": "application/json", "Cookie": cookie}
    data = None if body is None else json.dumps(body).encode()
    with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=WAIT) as response:
        return response.read(), (response.headers["Set-Cookie"] or "").partition(";")[0]


def start(data: Path) -> tuple[float, float]:
    """Start the demo once: seconds to the page served, and to the first answer."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("BELLEMAN_")}
    command = [sys.executable, "-m", "bot", "demo", "--port", "0", "--data", str(data)]
    began = time.perf_counter()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[-1].rstrip("/")
            ask(f"{url}/")
            _, cookie = ask(f"{url}/api/session", {"language": "nl"})
            served = time.perf_counter() - began
            ask(f"{url}/api/start", {"payload": "", "client_id": "first"}, cookie)
            while time.perf_counter() - began < WAIT:
                history = json.loads(ask(f"{url}/api/history", cookie=cookie)[0])["messages"]
                if any(not message["mine"] and message.get("reply_markup") for message in history):
                    return served, time.perf_counter() - began
                time.sleep(0.02)
            raise TimeoutError("no answer in the chat")
        finally:
            process.terminate()


def main() -> None:
    """Measure, and print the medians beside the load."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    found = []
    for number in range(1, rounds + 1):
        with tempfile.TemporaryDirectory() as folder:
            found.append(start(Path(folder)))
        print(f"round {number}: page served after {found[-1][0]:.2f} s, first answer after {found[-1][1]:.2f} s")
    served, answered = (statistics.median(times) for times in zip(*found, strict=True))
    load = ", ".join(f"{one:.2f}" for one in os.getloadavg())
    print(f"median: page served after {served:.2f} s, first answer after {answered:.2f} s (load average {load})")


if __name__ == "__main__":
    main()
