"""The real program and a real browser for tests: visitors who read, tap and type, and the bot's end of the wire."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Callable, Coroutine
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest
from playwright.sync_api import Browser, Locator, expect

from bot.webchat import Gateway
from locales import texts
from storage.cities import City
from storage.database import open_database, sqlite_engine
from storage.migrating import schema

T = TypeVar("T")

ROOT = Path(__file__).parent.parent
CITY = ROOT / "bot" / "demo" / "lommel"
PROJECT = tomllib.loads((CITY / "city.toml").read_text("utf-8"))["projects"][0]
VOTE, IDEAS = PROJECT["activities"][0], PROJECT["activities"][1]
LANGUAGES = ("nl", "fr", "de", "en")
SIZES = {"small": (320, 640), "phone": (390, 844), "desk": (1280, 900)}
HERE = {"latitude": 51.2304, "longitude": 5.3143}
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TESTDORP = City(
    "testdorp",
    {"nl": "Testdorp", "en": "Test Village"},
    {"nl": "Praat mee", "en": "Have your say"},
    {},
    {},
    "nl",
    ["nl"],
    ["nl", "en"],
    "Europe/Brussels",
    "#00695c",
    None,
    "20:00",
    "08:00",
    False,
    1,
)
SPY = """document.addEventListener("securitypolicyviolation", (event) => console.error(`CSP: ${event.blockedURI}`))"""

expect.set_options(timeout=8_000)

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_size = pytest.mark.parametrize("size", ["phone", "desk"])


class Program:
    """`python -m bot demo` as a user starts it; ``url`` is the address that it prints."""

    def __init__(self, data: Path, port: int = 0) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("BELLEMAN_")}
        command = [sys.executable, "-m", "bot", "demo", "--port", str(port), "--data", str(data)]
        data.mkdir(parents=True, exist_ok=True)
        self._log = (data / "log").open("a")
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=self._log, text=True
        )
        assert self.process.stdout is not None
        said = self.process.stdout.readline()
        found = re.search(r"http://[\d.]+:(\d+)", said)
        assert found, f"no address in {said!r}"
        self.url, self.port = found[0], int(found[1])

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it by a signal; its exit code."""
        self.process.send_signal(how)
        code = self.process.wait(20)
        if self.process.stdout is not None:
            self.process.stdout.close()
        self._log.close()
        return code


class Stage:
    """The web chat alone, in a thread of its own: the test itself is the bot, and writes the history it wants."""

    def __init__(self, path: Path) -> None:
        url = f"sqlite:///{path}"
        engine = sqlite_engine(url)
        schema().create_all(engine)
        engine.dispose()
        self._path = path
        self._offset = 0
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._db = open_database(url)
        self.gateway = Gateway(self._db)
        self.run(self._db.turn(lambda store: store.cities.put(TESTDORP)))
        self.run(self.gateway.start())
        self.url = self.gateway.url
        self.gateway._api.presence.webhook = True  # no banner about a bot that sleeps

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    def ask(self, method: str, **arguments: Any) -> Any:
        """Call a method of the Bot API as the bot does."""
        url, headers = f"{self.url}/bot{self.gateway.token}/{method}", {"Content-Type": "application/json"}
        request = urllib.request.Request(url, json.dumps(arguments).encode(), headers)
        with urllib.request.urlopen(request, timeout=20) as response:
            return json.loads(response.read())["result"]

    def send(self, visitor: "Visitor", text: str, **more: Any) -> int:
        """Let the bot write something; the message's id."""
        return int(self.ask("sendMessage", chat_id=visitor.chat_id, text=text, **more)["message_id"])

    def updates(self, visitor: "Visitor", count: int) -> list[dict[str, Any]]:
        """So many updates of a visitor, as soon as they are there, but for the first /start; all are confirmed."""
        found: list[dict[str, Any]] = []
        while len(found) < count:
            for update in self.ask("getUpdates", timeout=20, offset=self._offset):
                self._offset = update["update_id"] + 1
                given = next(value for name, value in update.items() if name != "update_id")
                if given["from"]["id"] == visitor.chat_id and given.get("text") != "/start":
                    found.append(update)
        return found

    def database(self) -> sqlite3.Connection:
        """The database, from beside the program."""
        return sqlite3.connect(self._path, timeout=20)

    def settle_first(self, visitor: "Visitor", text: str = "Welcome") -> None:
        """Let a visitor open the page for the first time, and greet them."""
        visitor.open(until="#log .mine")
        visitor.chat_id = int(visitor.post("session", {"language": visitor.language})["user_id"])
        self.send(visitor, text)
        expect(visitor.page.locator(".theirs")).to_have_count(1)

    def end(self) -> None:
        self.run(self.gateway.close())
        self.run(self._db.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


KEYS = {
    "resize_keyboard": True,
    "keyboard": [
        ["Yes", "No"],
        [{"text": "Here it is", "request_location": True}, {"text": "Call me", "request_contact": True}],
    ],
}
VOTING = {
    "inline_keyboard": [
        [{"text": "Plan A", "callback_data": "choose-1-1"}, {"text": "Plan B", "callback_data": "choose-1-2"}],
        [{"text": "Copy the link", "copy_text": {"text": "https://example.org/"}}],
        [{"text": "The council's page", "url": "https://example.org/"}],
    ]
}


class Visitor:
    """Somebody with a browser that was never here: what they do is counted, what goes wrong is kept."""

    def __init__(self, browser: Browser, url: str, language: str, size: str = "phone", **options: Any) -> None:
        width, height = SIZES[size]
        self.language = language
        self.tr = texts(language, "Europe/Brussels").tr
        self.doings = 0
        self.troubles: list[str] = []
        self._url = url
        self.chat_id = 0
        self.context = browser.new_context(
            locale=f"{language}-BE",
            viewport={"width": width, "height": height},
            geolocation=HERE,
            permissions=["geolocation"],
            **options,
        )
        self.context.add_init_script(SPY)
        self.context.on("request", self._asked)
        self.page = self.context.new_page()
        self.page.set_default_timeout(30_000)
        self.page.on("console", lambda said: self.troubles.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))

    def open(self, path: str = "/", until: str = ".theirs .key") -> None:
        self.page.goto(self._url + path)
        self.page.locator(until).first.wait_for(state="attached")

    def post(self, path: str, given: dict[str, Any]) -> dict[str, Any]:
        """Ask the server something in the visitor's name, from beside the page."""
        headers = {"X-Belleman": "1", "Content-Type": "application/json"}
        answer = self.context.request.post(f"{self._url}/api/{path}", data=json.dumps(given), headers=headers)
        return dict(answer.json())

    def history(self) -> dict[str, Any]:
        """What the server knows of the visitor's chat."""
        return dict(self.context.request.get(f"{self._url}/api/history?limit=100").json())

    def tap(self, sentence: str, **values: object) -> None:
        """Tap the button that says this in the visitor's language."""
        self.key(sentence, **values).click()
        self.doings += 1

    def tap_activity(self, activity: dict[str, Any]) -> None:
        """Tap the button to an activity, which shows its short label."""
        self.tap(activity["label"][self.language])

    def write(self, text: str) -> None:
        """Write a message and send it."""
        self.page.locator("#text").fill(text)
        self.page.locator("#send").click()
        self.doings += 1

    def key(self, sentence: str, **values: object) -> Locator:
        label = self.tr(sentence, **values).unescape()
        return self.page.locator("#log").get_by_role("button", name=label, exact=True).last

    def sees(self, sentence: str, **values: object) -> None:
        """The last message of the bot says this, in the visitor's language."""
        expect(self.page.locator(".theirs").last).to_contain_text(self.tr(sentence, **values).unescape())

    def is_told(self, sentence: str) -> None:
        """A toast says this, and all of it can be seen."""
        toast = self.page.locator("#toast")
        expect(toast).to_have_text(self.tr(sentence).unescape())
        expect(toast).to_have_css("opacity", "1")
        expect(toast).to_be_in_viewport(ratio=1)

    def is_well(self) -> None:
        """Nothing went wrong, nothing was fetched from elsewhere, and nothing is wider than the page."""
        for box in ("html", "main"):
            assert self.page.locator(box).evaluate("(box) => box.scrollWidth - box.clientWidth") == 0
        assert self.troubles == [], self.troubles

    def _asked(self, request: Any) -> None:
        if not request.url.startswith((self._url + "/", "data:", "blob:")):
            self.troubles.append(f"asked elsewhere: {request.url}")


Visit = Callable[..., Visitor]
