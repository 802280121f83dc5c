"""One update in, one answer out: aiogram decodes and routes, a turn decides, the screen is drawn afterwards."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from aiogram import Bot, Dispatcher, Router
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.dispatcher.event.bases import UNHANDLED
from aiogram.types import CallbackQuery, ChatMemberUpdated, Message, Update, User
from pydantic import ValidationError

from bot.channels import Channel
from bot.conversation import decoding
from bot.conversation.calling import PlainSession
from bot.conversation.linking import Links
from bot.conversation.showing import Showing
from dialogs import turns
from dialogs.events import Event, Incoming, Tap
from dialogs.screen import TOAST_LENGTH
from participation.refusals import Refused
from storage.database import Database

log = structlog.get_logger()


class Undecodable(Exception):
    """An update that aiogram cannot read; reading it again will not help."""


class Conversation:
    """Talks on every channel; one for a process."""

    def __init__(self, db: Database, channels: list[Channel], clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self._tasks: set[asyncio.Task[None]] = set()
        self.bots = {channel.name: _bot(channel) for channel in channels}
        self._usernames: dict[str, str] = {}
        self._showing = Showing(db, self.bots, Links(channels, self.bots), self._follow)
        self._dispatcher = Dispatcher(disable_fsm=True)
        self._dispatcher.include_router(self._router())

    async def handle(self, channel: str, raw: dict[str, Any]) -> dict[str, Any] | None:
        """Take one raw update to its commit; the call that answers it at once, for the webhook's response.

        Undecodable when aiogram cannot read it; Unavailable when the database is away.
        """
        bot = self.bots[channel]
        try:
            update = Update.model_validate(raw, context={"bot": bot})
        except ValidationError as error:
            raise Undecodable(str(error.errors(include_input=False, include_url=False))) from error
        answer = await self._dispatcher.feed_update(bot, update, channel=channel)
        return None if answer is UNHANDLED else answer

    async def apologise(self, channel: str, raw: dict[str, Any]) -> None:
        """Tell the person that we failed, as well as we can: their text is kept."""
        try:
            update = Update.model_validate(raw, context={"bot": self.bots[channel]})
            incoming = _incoming(update, channel)
            if incoming is not None:
                outcome = await self._db.turn(partial(turns.apologise, incoming, self._clock))
                self._showing.show(incoming, outcome)
        except Exception as error:
            log.warning("apology failed", channel=channel, update=raw.get("update_id"), error=type(error).__name__)

    async def execute(self, channel: str, answer: dict[str, Any]) -> None:
        """Make the call that a webhook's response would have carried; a query that is too old is nobody's fault."""
        await self._showing.answer(channel, answer)

    async def username(self, channel: str) -> str:
        """The bot's name, asked for once."""
        if channel not in self._usernames:
            self._usernames[channel] = (await self.bots[channel].get_me()).username or ""
        return self._usernames[channel]

    async def drain(self) -> None:
        """Wait for the drawings in flight."""
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def close(self) -> None:
        """Drain, and close the sessions."""
        await self._showing.healing.close()
        await self.drain()
        for bot in self.bots.values():
            await bot.session.close()

    def _router(self) -> Router:
        """One handler a kind of update, and no filters: aiogram runs each synchronous one in a thread."""
        router = Router()
        router.message.register(self._on_message)
        router.edited_message.register(self._on_edited)
        router.callback_query.register(self._on_tap)
        router.my_chat_member.register(self._on_membership)
        return router

    async def _on_message(self, message: Message, event_update: Update, channel: str) -> None:
        if not decoding.is_private(message):
            await self._on_group(message, event_update, channel)
        elif event := decoding.event_of(message):
            await self._visit(event, message.from_user, event_update.update_id, channel, message.message_id)

    async def _on_edited(self, message: Message, event_update: Update, channel: str) -> None:
        if decoding.is_private(message) and (event := decoding.event_of(message, edited=True)):
            await self._visit(event, message.from_user, event_update.update_id, channel)

    async def _on_tap(self, query: CallbackQuery, event_update: Update, channel: str) -> dict[str, Any]:
        said = await self._visit(decoding.tapped(query), query.from_user, event_update.update_id, channel)
        answer = {"method": "answerCallbackQuery", "callback_query_id": query.id}
        return answer | ({"text": said[:TOAST_LENGTH]} if said else {})

    async def _on_membership(self, changed: ChatMemberUpdated, event_update: Update, channel: str) -> None:
        if event := decoding.membership(changed):
            await self._visit(event, changed.from_user, event_update.update_id, channel)

    async def _visit(
        self, event: Event, user: User | None, update_id: int, channel: str, message_id: int | None = None
    ) -> str:
        """Take a turn and have its screen drawn; what was said by the act, for a toast."""
        if user is None:
            return ""
        name, language = decoding.full_name(user), user.language_code
        incoming = Incoming(channel, update_id, user.id, name, language, event, message_id)
        try:
            outcome = await self._db.turn(partial(turns.take, incoming, self._clock))
        except Refused as refusal:
            outcome = await self._db.turn(partial(turns.refuse, incoming, refusal, self._clock))
        self._showing.show(incoming, outcome)
        for account, screen in outcome.also:
            self._follow(self._showing.tell(account, screen))
        if outcome.fetch is not None:
            self._follow(self._showing.fetch(channel, outcome.fetch))
        return outcome.screen.plainly_said if outcome.screen else ""

    async def _on_group(self, message: Message, update: Update, channel: str) -> None:
        username = await self.username(channel)
        if not decoding.addresses_bot(message, username):
            return
        language = message.from_user.language_code if message.from_user else None
        incoming = Incoming(channel, update.update_id, 0, "", language, Tap("home", None, None))
        link = f"https://t.me/{username}?start=home"
        outcome = await self._db.turn(partial(turns.answer_in_group, incoming, link, self._clock))
        if outcome.screen is not None:
            self._follow(self._showing.reply_in_group(channel, message.chat.id, message.message_id, outcome.screen))

    def _follow(self, work: Coroutine[Any, Any, None]) -> None:
        """Run something after the turn; ``drain`` waits for it."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("drawing failed", exc_info=error)


def _bot(channel: Channel) -> Bot:
    kind = AiohttpSession if channel.api_url.startswith("https:") else PlainSession
    session = kind(api=TelegramAPIServer.from_base(channel.api_url), timeout=20)
    return Bot(channel.token, session, default=DefaultBotProperties(parse_mode="HTML", link_preview_is_disabled=True))


def _incoming(update: Update, channel: str) -> Incoming | None:
    """The update as an event, outside of the dispatcher; None for what nobody waits for an answer to."""
    event: Event | None = None
    if update.callback_query is not None:
        user, event = update.callback_query.from_user, decoding.tapped(update.callback_query)
    elif update.message is not None and update.message.from_user and decoding.is_private(update.message):
        user, event = update.message.from_user, decoding.event_of(update.message)
    if event is None:
        return None
    return Incoming(channel, update.update_id, user.id, decoding.full_name(user), user.language_code, event)
