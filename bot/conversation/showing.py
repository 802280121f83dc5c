"""Draws screens: edits the person's living message where that is possible, sends a new one where it is not."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    AiogramError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramRetryAfter,
)
from aiogram.types import BufferedInputFile, InlineKeyboardMarkup, InputMediaPhoto, Message

from bot.conversation.calling import call, keyboard, venue
from bot.conversation.healing import BROKEN, Healing, is_unsent
from bot.conversation.linking import Links
from bot.conversation.targets import target
from dialogs.events import Incoming, Tap
from dialogs.screen import Screen
from dialogs.turns import Outcome
from storage.database import Database, Unavailable
from storage.residents import Account

log = structlog.get_logger()

PATIENCE = 30
"""Seconds that a drawing waits at most when the channel asks it to slow down; the next tap heals the rest."""

BARE: dict[str, list[Any]] = {"inline_keyboard": []}
HTML = {"parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}

Job = tuple[Incoming, Outcome]


class Showing:
    """One drawing at a time for each chat, always of its latest screen: what was overtaken is never drawn."""

    def __init__(
        self, db: Database, bots: dict[str, Bot], links: Links, follow: Callable[[Coroutine[Any, Any, None]], None]
    ) -> None:
        self._db = db
        self._bots = bots
        self._links = links
        self._follow = follow
        self._latest: dict[tuple[str, int], Job] = {}
        self._busy: set[tuple[str, int]] = set()
        self.healing = Healing(self.show)

    def show(self, incoming: Incoming, outcome: Outcome) -> None:
        """Have the outcome's screen drawn soon; nothing for an outcome without one."""
        if outcome.screen is None or outcome.account is None:
            return
        chat = (incoming.channel, incoming.chat_id)
        self.healing.overtaken(incoming)
        self._latest[chat] = (incoming, outcome)
        if chat not in self._busy:
            self._busy.add(chat)
            self._follow(self._draw_all(chat))

    async def answer(self, channel: str, answer: dict[str, Any]) -> None:
        """Answer a tap by a call, best effort: the query may be too old."""
        try:
            values = {name: value for name, value in answer.items() if name != "method"}
            await call(self._bots[channel], answer["method"], values)
        except (AiogramError, TelegramAPIError) as error:
            log.info("tap not answered", channel=channel, error=type(error).__name__)

    async def fetch(self, channel: str, photo_id: int) -> None:
        """Bring a resident's photo home: its bytes wait at the channel."""
        photo = await self._db.turn(lambda store: store.photos.get(photo_id))
        if photo is None or photo.file_id is None:
            return
        try:
            body = await self._bots[channel].download(photo.file_id)
        except (AiogramError, TelegramAPIError, OSError) as error:
            log.warning("photo not fetched", channel=channel, photo=photo_id, error=type(error).__name__)
            return
        if body is not None:
            content = body.read()
            await self._db.turn(lambda store: store.photos.fill(photo_id, content))

    async def tell(self, account: Account, screen: Screen) -> None:
        """Send somebody the answer that they asked for, once; whoever misses it finds it under their questions."""
        if account.channel not in self._bots:
            return
        screen = await self._links.resolved(screen)
        values = {"chat_id": account.chat_id, "text": str(screen.shown), "reply_markup": keyboard(screen)}
        try:
            await call(self._bots[account.channel], "sendMessage", values | HTML)
        except (AiogramError, TelegramAPIError) as error:
            log.warning("answer not told", channel=account.channel, error=_brief(error))

    async def reply_in_group(self, channel: str, chat_id: int, message_id: int, screen: Screen) -> None:
        """Answer in a group with a button that leads to the private chat."""
        try:
            reply = {"message_id": message_id, "allow_sending_without_reply": True}
            values = {"chat_id": chat_id, "text": str(screen.shown), "reply_parameters": reply}
            await call(self._bots[channel], "sendMessage", values | HTML | {"reply_markup": keyboard(screen)})
        except (AiogramError, TelegramAPIError) as error:
            log.info("group not answered", channel=channel, error=type(error).__name__)

    async def _draw_all(self, chat: tuple[str, int]) -> None:
        living: int | None = None
        try:
            while (job := self._latest.pop(chat, None)) is not None:
                living = await self._draw(job, living)
        finally:
            self._busy.discard(chat)

    async def _draw(self, job: Job, living: int | None) -> int | None:
        """Draw one screen; the living message's id as far as it is known."""
        incoming, outcome = job
        account, screen = outcome.account, outcome.screen
        if account is None or screen is None:
            return living
        screen = await self._links.resolved(screen)
        living = living or account.living_message_id
        try:
            if await self._edited(incoming, outcome, screen, living):
                return living
            return await self._sent(incoming, outcome, screen, living)
        except TelegramForbiddenError:
            await self._write(lambda store: _unreachable(store, incoming))
        except TelegramRetryAfter as error:
            chat = (incoming.channel, incoming.chat_id)
            if error.retry_after <= PATIENCE:
                await asyncio.sleep(error.retry_after)
                self._latest.setdefault(chat, job)
        except (AiogramError, TelegramAPIError, TimeoutError) as error:
            log.warning(
                "screen not drawn", channel=incoming.channel, update=incoming.update_id, error=repr(error)[:200]
            )
        return living

    async def _edited(self, incoming: Incoming, outcome: Outcome, screen: Screen, living: int | None) -> bool:
        """Whether a message that is there could become the screen."""
        message_id = target(incoming, outcome, screen, living)
        if message_id is None:
            return False
        try:
            await self._edit(incoming, outcome, screen, message_id)
        except TelegramBadRequest as error:
            return "message is not modified" in error.message
        except BROKEN:
            self.healing.later(incoming, outcome)
            raise
        if living is None:
            await self._write(lambda store: _lives(store, incoming, message_id))
        return True

    async def _edit(self, incoming: Incoming, outcome: Outcome, screen: Screen, message_id: int) -> None:
        bot, text = self._bots[incoming.channel], str(screen.shown)
        chat = {"chat_id": incoming.chat_id, "message_id": message_id, "reply_markup": keyboard(screen)}
        if screen.kind == "text":
            await call(bot, "editMessageText", chat | HTML | {"text": text})
        elif outcome.file_id:
            media = {"type": "photo", "media": outcome.file_id, "caption": text, **HTML}
            await call(bot, "editMessageMedia", chat | {"media": media})
        else:
            upload = InputMediaPhoto(media=_upload(outcome, "photo.jpg"), caption=text, parse_mode="HTML")
            edited = await bot.edit_message_media(
                upload, chat_id=incoming.chat_id, message_id=message_id, reply_markup=_markup(screen)
            )
            await self._learn(incoming, outcome, edited)

    async def _sent(self, incoming: Incoming, outcome: Outcome, screen: Screen, living: int | None) -> int:
        """Send the screen as a new message, and take the old keyboard off."""
        try:
            sent = await self._send(incoming, outcome, screen)
        except BROKEN as error:
            if is_unsent(error):
                self.healing.later(incoming, outcome)
            raise
        await self._write(lambda store: _lives(store, incoming, sent))
        tapped = incoming.event.message_id if isinstance(incoming.event, Tap) else None
        for old in {living, tapped} - {None, sent}:
            try:
                chat = {"chat_id": incoming.chat_id, "message_id": old, "reply_markup": BARE}
                await call(self._bots[incoming.channel], "editMessageReplyMarkup", chat)
            except TelegramBadRequest:
                continue
        return sent

    async def _send(self, incoming: Incoming, outcome: Outcome, screen: Screen) -> int:
        """Send the screen; the new message's id."""
        bot, chat_id = self._bots[incoming.channel], incoming.chat_id
        text = str(screen.shown if isinstance(incoming.event, Tap) else screen.spoken)
        chat = {"chat_id": chat_id, "reply_markup": keyboard(screen)}
        if screen.place is not None:
            return _id(await call(bot, "sendVenue", chat | venue(screen.place)))
        if screen.file is not None:
            file = _upload(outcome, screen.file.name)
            return (await bot.send_document(chat_id, file, caption=text, reply_markup=_markup(screen))).message_id
        if screen.kind == "text":
            return _id(await call(bot, "sendMessage", chat | HTML | {"text": text}))
        if outcome.file_id:
            photo = {"photo": outcome.file_id, "caption": text, "parse_mode": "HTML"}
            return _id(await call(bot, "sendPhoto", chat | photo))
        upload = _upload(outcome, "photo.jpg")
        sent = await bot.send_photo(chat_id, upload, caption=text, reply_markup=_markup(screen))
        await self._learn(incoming, outcome, sent)
        return sent.message_id

    async def _learn(self, incoming: Incoming, outcome: Outcome, sent: Message | bool) -> None:
        """Remember under which id the channel knows a photo that was uploaded just now."""
        photo_id = outcome.screen.photo_id if outcome.screen else None
        if outcome.file_id or photo_id is None or not isinstance(sent, Message) or not sent.photo:
            return
        file_id = sent.photo[-1].file_id
        await self._write(lambda store: store.photos.learn(photo_id, incoming.channel, file_id))

    async def _write(self, visit: Callable[[Any], Any]) -> None:
        """Note something about a drawing; when the database is away the next tap heals it."""
        try:
            await self._db.turn(visit)
        except Unavailable:
            log.warning("drawing not noted")


def _lives(store: Any, incoming: Incoming, message_id: int | None) -> None:
    store.residents.change_account(incoming.channel, incoming.chat_id, living_message_id=message_id)


def _unreachable(store: Any, incoming: Incoming) -> None:
    store.residents.change_account(incoming.channel, incoming.chat_id, reachable=False)


def _upload(outcome: Outcome, name: str) -> BufferedInputFile:
    return BufferedInputFile(outcome.body or b"", name)


def _id(sent: Any) -> int:
    return int(sent["message_id"])


def _markup(screen: Screen) -> InlineKeyboardMarkup:
    """The keyboard as aiogram wants it beside an upload."""
    return InlineKeyboardMarkup.model_validate(keyboard(screen))


def _brief(error: BaseException) -> str:
    """What went wrong, without the words that were to be shown."""
    said = error.message if isinstance(error, TelegramAPIError) else ""
    return f"{type(error).__name__} {said}"[:200]
