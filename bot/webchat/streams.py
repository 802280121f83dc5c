"""Server-sent events: what changes in a chat, as long as its page is open."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.webchat import limits
from bot.webchat.desk import Desk
from bot.webchat.profile import commands_for
from bot.webchat.signals import pause
from bot.webchat.visiting import shown
from storage.webchat_tables import Chat

if TYPE_CHECKING:
    from bot.webchat.api import Api

Event = tuple[int, dict[str, Any]]

_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class Stream:
    """The events of one open page, from a ``seq`` on."""

    def __init__(self, api: "Api", chat: Chat, after: int) -> None:
        self._api = api
        self._chat = chat
        self._seq = after
        self._version = -1
        self._awake: bool | None = None

    async def serve(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        with suppress(ConnectionError), self._api.signals.listening(self._chat.id) as ear:
            ear.set()
            await self._flow(request, response, ear)
        return response

    async def _flow(self, request: web.Request, response: web.StreamResponse, ear: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        written = loop.time()
        await response.write(b"retry: 1000\n\n")
        while request.transport is not None and not self._api.closing:
            events = [*self._presence()]
            if ear.is_set():
                ear.clear()
                events += await self._api.visit(self._look)
            for event in events:
                await response.write(_written(event))
                written = loop.time()
            if loop.time() - written >= limits.KEEP_ALIVE:
                await response.write(b": still here\n\n")
                written = loop.time()
            await pause(ear, limits.GLANCE)

    def _presence(self) -> Iterator[Event]:
        awake = self._api.presence.awake(self._api.clock())
        if awake != self._awake:
            self._awake = awake
            yield self._seq, {"type": "bot", "awake": awake}

    def _look(self, desk: Desk) -> list[Event]:
        """What changed since the last look, in the order in which it did."""
        changed = desk.webchats.changed_messages(self._chat.id, self._seq)
        answered = desk.webchats.answered_queries(self._chat.id, self._seq)
        events: list[Event] = [
            (
                message.seq,
                {"type": "deleted", "message_id": message.message_id}
                if message.deleted
                else {"type": "message", "message": shown(message)},
            )
            for message in changed
        ]
        for query in answered:
            answer = {"type": "answer", "query_id": str(query.query_id), "text": query.text, "alert": query.alert}
            events.append((query.seq, answer))
        events.sort(key=lambda event: event[0])
        bot = desk.bot
        self._seq = max([self._seq, *(seq for seq, _ in events)])
        if bot.version != self._version:
            self._version = bot.version
            events.append((self._seq, {"type": "commands", "commands": commands_for(bot.profile, self._chat)}))
        return events


def _written(event: Event) -> bytes:
    seq, data = event
    return f"id: {seq}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
