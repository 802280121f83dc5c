"""python-telegram-bot: carries what was not asked for. Today that is the channel's own menus and descriptions."""

import asyncio
import hashlib
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import structlog

from bot.channels import Channel
from dialogs.commands import COMMANDS
from locales import Texts, texts
from participation.cities import city
from storage.cities import City
from storage.database import Database, Unavailable

if TYPE_CHECKING:
    from telegram import Bot

log = structlog.get_logger()

EVERY = 600
"""Seconds between two looks whether the menus are what the city says."""

DESCRIPTION_LENGTH = 512
ABOUT_LENGTH = 120


async def run(db: Database, channels: list[Channel], stop: asyncio.Event) -> None:
    """Keep every channel's menus as the city has them, until ``stop`` is set."""
    while not stop.is_set():
        for channel in channels:
            await _publish_safely(db, channel)
        try:
            await asyncio.wait_for(stop.wait(), EVERY)
        except TimeoutError:
            continue


async def publish_menus(db: Database, channel: Channel) -> int:
    """Write the menus that are not what they were; how many calls that took. Safe to run twice."""
    wanted, written = await db.turn(lambda store: (menus(city(store)), store.menus.of(channel.name)))
    changed = {name: call for name, call in wanted.items() if written.get(name) != _digest(call)}
    if not changed:
        return 0
    async with _bot(channel) as bot:
        for name, call in changed.items():
            await _write(bot, call)
            await _note(db, channel, name, _digest(call))
    return len(changed)


def menus(found: City) -> dict[str, dict[str, Any]]:
    """What each language's menu and descriptions should be; the city's own language also serves every other reader."""
    wanted: dict[str, dict[str, Any]] = {}
    for language in ("", *found.languages):
        reader = texts(language or found.default_language, found.time_zone)
        commands = [(name, str(reader.tr(command.description))) for name, command in COMMANDS.items()]
        code = {"language_code": language} if language else {}
        wanted[f"commands/{language}"] = {"do": "set_my_commands", "commands": commands, **code}
        wanted[f"description/{language}"] = {
            "do": "set_my_description",
            "description": _description(found, reader)[:DESCRIPTION_LENGTH],
            **code,
        }
        wanted[f"about/{language}"] = {
            "do": "set_my_short_description",
            "short_description": _words(found, found.summary, reader)[:ABOUT_LENGTH],
            **code,
        }
    return wanted


def _description(found: City, reader: Texts) -> str:
    """What a person reads before the first tap: the welcome's two sentences."""
    name = _words(found, found.name, reader)
    return "\n".join(
        (
            reader.tr("Welcome! Here you decide with {city} about its projects.", city=name).unescape(),
            reader.tr("Votes are secret; your ideas are public, with or without your name.").unescape(),
        )
    )


def _words(found: City, words: Any, reader: Texts) -> str:
    return str(words.get(reader.language) or words.get(found.default_language) or "")


def _digest(call: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(call, sort_keys=True).encode()).hexdigest()[:16]


async def _write(bot: "Bot", call: dict[str, Any]) -> None:
    values = {name: value for name, value in call.items() if name != "do"}
    await getattr(bot, call["do"])(**values)


async def _note(db: Database, channel: Channel, name: str, digest: str) -> None:
    await db.turn(lambda store: store.menus.put(channel.name, name, digest))


async def _publish_safely(db: Database, channel: Channel) -> None:
    from telegram.error import TelegramError

    try:
        calls = await publish_menus(db, channel)
        if calls:
            log.info("menus written", channel=channel.name, calls=calls)
    except (TelegramError, Unavailable) as error:
        log.warning("menus not written", channel=channel.name, error=type(error).__name__)


@asynccontextmanager
async def _bot(channel: Channel) -> AsyncIterator["Bot"]:
    """python-telegram-bot's Bot for a channel; the library is loaded when it is first needed."""
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    from telegram import Bot

    async with Bot(channel.token, base_url=f"{channel.api_url}/bot") as bot:
        yield bot
