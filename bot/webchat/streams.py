"""Server-sent events: what changes in a chat, as long as its page is open."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.webchat import limits
from bot.webchat.desk import Desk
from bot.webchat.profile import commands_for
from bot.webchat.signals import PRESENCE, pause
from bot.webchat.visiting import city_in, shown
from storage.sessions import Glance
from storage.webchat_tables import Chat, Message, Query

if TYPE_CHECKING:
    from bot.webchat.api import Api

Event = tuple[int, dict[str, Any]]

_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream:
    """The events of one open page, from a ``seq`` on; it sleeps until something happens to its chat or to the bot."""

    def __init__(self, api: "Api", chat: Chat, after: int) -> None:
        self._api = api
        self._chat_id = chat.id
        self._seq = after
        self._awake: bool | None = None
        self._told: tuple[int, str] = (-1, "")
        """The version of the bot's profile and the language that the page knows."""
        self._keyboard: Mapping[str, Any] | None = None
        """None: not told yet, so that each stream begins with what is in force."""
        self._gone = False

    async def serve(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=_HEADERS)
        with suppress(ConnectionError), self._api.signals.listening(self._chat_id, PRESENCE) as ear:
            ear.set()
            await response.prepare(request)
            await response.write(b"retry: 1000\n\n")
            while request.transport is not None and not self._api.closing and not self._gone:
                await self._write(response, ear)
                await pause(ear, limits.KEEP_ALIVE)
                await asyncio.sleep(limits.GATHER)
        return response

    async def _write(self, response: web.StreamResponse, ear: asyncio.Event) -> None:
        """What happened; where nothing did, a sign of life that costs no look at the database."""
        if not ear.is_set():
            await response.write(b": still here\n\n")
            return
        ear.clear()
        for event in [*self._presence(), *await self._api.visit(self._look)]:
            await response.write(_written(event))

    def _presence(self) -> list[Event]:
        awake = self._api.presence.awake(self._api.clock())
        if awake == self._awake:
            return []
        self._awake = awake
        return [(self._seq, {"type": "bot", "awake": awake})]

    def _look(self, desk: Desk) -> list[Event]:
        """What changed since the last look, in the order in which it did."""
        glance = desk.store.sessions.glance(self._chat_id)
        if glance is None:
            self._gone = True
            return []
        events: list[Event] = []
        if glance.seq > self._seq:
            events += map(_message_event, desk.webchats.changed_messages(self._chat_id, self._seq))
            events += map(_answer_event, desk.queue.answered_queries(self._chat_id, self._seq))
        events.sort(key=lambda event: event[0])
        self._seq = max([self._seq, *(seq for seq, _ in events)])
        return [*events, *self._surroundings(desk, glance)]

    def _surroundings(self, desk: Desk, glance: Glance) -> list[Event]:
        """The language, the commands and the keyboard, where they are others than the page was told."""
        found: list[dict[str, Any]] = []
        version, language = self._told
        if glance.language != language:
            told = {"language": glance.language, "city": city_in(desk, glance.language)}
            found.append({"type": "language", **told})
        if (glance.version, glance.language) != (version, language):
            chat = desk.chat(self._chat_id)
            found.append({"type": "commands", "commands": commands_for(desk.bot.profile, chat, glance.language)})
        if glance.keyboard != self._keyboard:
            found.append({"type": "keyboard", "keyboard": dict(glance.keyboard)})
        self._told, self._keyboard = (glance.version, glance.language), glance.keyboard
        return [(self._seq, event) for event in found]


async def tell_presence(api: "Api") -> None:
    """Wake the open pages when the bot falls asleep or wakes up: one look a second for all of them."""
    before: bool | None = None
    while True:
        awake = api.presence.awake(api.clock())
        if awake != before:
            api.signals.wake([PRESENCE])
        before = awake
        await asyncio.sleep(limits.GLANCE)


def _message_event(message: Message) -> Event:
    if message.deleted:
        return message.seq, {"type": "deleted", "message_id": message.message_id}
    return message.seq, {"type": "message", "message": shown(message)}


def _answer_event(query: Query) -> Event:
    answer = {"type": "answer", "query_id": str(query.query_id), "text": query.text, "alert": query.alert}
    return query.seq, answer


def _written(event: Event) -> bytes:
    seq, data = event
    return f"id: {seq}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
