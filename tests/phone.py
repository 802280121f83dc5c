"""A phone that taps and types, and the bot at the other end: everything through the gateway's real HTTP."""

import asyncio
import re
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import datetime
from html import unescape
from typing import Any, Protocol

import aiohttp

from bot.channels import Channel
from bot.intake import Intake, Polling
from bot.webchat import Gateway
from bot.webchat.guards import Allowance
from bot.webchat.sessions import Door
from bot.webchat.strictness import STRICT
from storage.database import Database
from tests.towns import picture

UNHURRIED = replace(STRICT, paces=False)
"""Strict, but for what depends on how fast one asks: the clock of these tests stands still."""
FREELY = Allowance(0, 1)
OPEN = Door(acts=FREELY, visitors=FREELY)


class Bot:
    """Gateway, intake and conversation in one event loop; ``settle`` takes everything that waits.

    ``telegram`` is the database of a second gateway, which stands for Telegram beside the web chat.
    """

    def __init__(
        self,
        db: Database,
        clock: Callable[[], datetime],
        judge: Database | None = None,
        telegram: Database | None = None,
    ) -> None:
        self.db = db
        self.clock = clock
        self.telegram = Gateway(telegram, clock=clock, strictness=UNHURRIED, door=OPEN) if telegram else None
        self.gateway = Gateway(judge or db, clock=clock, strictness=UNHURRIED, door=OPEN)
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> "Bot":
        await self.gateway.start()
        self._stack.push_async_callback(self.gateway.close)
        if self.telegram is not None:
            await self.telegram.start()
            self._stack.push_async_callback(self.telegram.close)
        self.http = await self._stack.enter_async_context(aiohttp.ClientSession())
        await self.wake()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.conversation.close()
        await self._stack.aclose()

    async def wake(self) -> None:
        """Start the conversation, as after a restart: nothing of the last one's memory is left."""
        from bot.conversation import Conversation

        self.channel = Channel("web", self.gateway.url, self.gateway.token, f"{self.gateway.url}/?start={{payload}}")
        channels = [self.channel]
        if self.telegram is not None:
            link = "https://t.me/{username}?start={payload}"
            channels.append(Channel("telegram", self.telegram.url, self.telegram.token, link))
        self.conversation = Conversation(self.db, channels, self.clock)
        self.intake = Intake(self.db, self.conversation, self.clock)
        self.pollings = [Polling(self.intake, channel) for channel in channels]

    async def restart(self) -> None:
        """End the conversation and start another one."""
        await self.conversation.close()
        await self.wake()

    async def settle(self) -> None:
        """Take every update that waits, and draw every screen."""
        while any([await polling.take_round(self.http, 0, asyncio.Event()) for polling in self.pollings]):
            await self.conversation.drain()
        await self.conversation.drain()

    async def phone(self, language: str = "nl", start: str | None = "", channel: str = "web") -> "Phone":
        """A new person's phone, after /start (None: they have not written yet)."""
        phone = Phone(self, language, self.telegram if channel == "telegram" else None)
        await phone.open()
        if start is not None:
            await phone.start(start)
        return phone


class Line(Protocol):
    """What a phone is connected to: the gateway, and a way to wait until everything is answered."""

    gateway: Gateway
    http: aiohttp.ClientSession

    async def settle(self) -> None: ...


class Phone:
    """One person: what they see, and what their thumb can do."""

    def __init__(self, bot: Line, language: str, gateway: Gateway | None = None) -> None:
        self._bot = bot
        self._gateway = gateway or bot.gateway
        self._language = language
        self._session = ""
        self._count = 0
        self.chat_id = 0

    async def open(self) -> None:
        """Open the page."""
        url = f"{self._gateway.url}/api/session"
        async with self._bot.http.post(url, json={"language": self._language}, headers={"X-Belleman": "1"}) as response:
            assert response.status == 200, await response.text()
            self._session = response.cookies["session"].value
            self.chat_id = (await response.json())["user_id"]
        self._bot.http.cookie_jar.clear()

    async def start(self, payload: str = "") -> None:
        await self._post("start", {"payload": payload})

    async def type(self, text: str) -> int:
        """Send a text; its message id."""
        return int((await self._post("send", {"text": text})).get("message_id", 0))

    async def edit(self, message_id: int, text: str) -> None:
        await self._post("edit", {"message_id": message_id, "text": text})

    async def send_place(self, latitude: float, longitude: float) -> None:
        await self._post("place", {"latitude": latitude, "longitude": longitude})

    async def send_photos(self, count: int = 1, caption: str = "") -> None:
        form = aiohttp.FormData({"caption": caption, "client_id": self._client_id()})
        for number in range(count):
            form.add_field("file", picture(), filename=f"{number}.jpg", content_type="image/jpeg")
        await self._post("upload", form)

    async def send_odd(self, fields: dict[str, Any]) -> None:
        """Send a message that no page can: a sticker, a voice message, ..."""
        await self._gateway.deliver(self.chat_id, fields)
        await self._bot.settle()

    async def tap(self, label: str, *, settle: bool = True) -> str:
        """Tap the button with this label on the latest message that has it; the toast."""
        for message in reversed(await self.history()):
            for data, text in _buttons(message):
                if text == label:
                    return await self.tap_data(data, message["message_id"], settle=settle)
        raise AssertionError(f"no button {label!r} among {await self.labels()}")

    async def tap_data(self, data: str, message_id: int | None = None, *, settle: bool = True) -> str:
        """Tap a button by its data, forged or old; the toast."""
        message_id = message_id or (await self.screen())["message_id"]
        query = (await self._post("tap", {"message_id": message_id, "data": data}, settle=settle))["query_id"]
        for method, arguments, _ in reversed(self._gateway.calls):
            if method.lower() == "answercallbackquery" and str(arguments.get("callback_query_id")) == str(query):
                return str(arguments.get("text") or "")
        return ""

    async def tap_data_forged(self, data: str, message_id: int) -> None:
        """Tap on a message that is no longer there, as a slow client can."""
        person = {"id": self.chat_id, "is_bot": False, "first_name": "", "language_code": self._language}
        chat = {"id": self.chat_id, "type": "private"}
        message = {"message_id": message_id, "date": 1, "chat": chat, "text": "gone"}
        query = {"id": "1", "from": person, "chat_instance": "1", "message": message, "data": data}
        await self.send_odd({"update": {"callback_query": query}})

    async def history(self) -> list[dict[str, Any]]:
        async with self._bot.http.get(
            f"{self._gateway.url}/api/history?limit=200", cookies={"session": self._session}
        ) as response:
            assert response.status == 200, await response.text()
            return list((await response.json())["messages"])

    async def screen(self) -> dict[str, Any]:
        """The bot's latest message."""
        return next(message for message in reversed(await self.history()) if not message["mine"])

    async def text(self) -> str:
        """The words of the bot's latest message."""
        message = await self.screen()
        return str(message.get("text") or message.get("caption") or message.get("venue", {}).get("title") or "")

    async def labels(self) -> list[str]:
        return [text for _, text in _buttons(await self.screen())]

    async def addresses(self) -> list[str]:
        return [data for data, _ in _buttons(await self.screen())]

    def _client_id(self) -> str:
        self._count += 1
        return f"{self.chat_id}-{self._count}"

    async def _post(self, path: str, body: Any, *, settle: bool = True) -> dict[str, Any]:
        given = (
            {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body | {"client_id": self._client_id()}}
        )
        async with self._bot.http.post(
            f"{self._gateway.url}/api/{path}",
            cookies={"session": self._session},
            headers={"X-Belleman": "1"},
            **given,
        ) as response:
            assert response.status == 200, await response.text()
            answer = dict(await response.json())
        if settle:
            await self._bot.settle()
        return answer


def plain(html: str) -> str:
    """The words of a screen's markup."""
    return unescape(re.sub(r"<[^>]+>", "", html))


def _buttons(message: dict[str, Any]) -> list[tuple[str, str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [(button.get("callback_data", ""), button["text"]) for row in rows for button in row]
