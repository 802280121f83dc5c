"""The doctor: looks at everything that a city needs to run, and names a remedy for whatever is wrong."""

import os
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from json import loads
from typing import Any

from bot.settings import PREFIX, BadSetting, Settings, token
from locales import SOURCE, available, catalogue
from storage.migrating import missing_migrations, named

CLOCK_SECONDS = 30
"""How far this machine's clock may be from the channel's."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what was seen, and the remedy where it is not."""

    name: str
    well: bool
    seen: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, in the order in which one would mend them."""
    looks: tuple[Callable[[Settings], Iterator[Finding]], ...] = (_data, _database, _languages, _telegram)
    for look in looks:
        yield from look(settings)


def _data(settings: Settings) -> Iterator[Finding]:
    """The data folder can be written, and by its owner alone."""
    folder = settings.data
    if settings.database_url:
        return
    if not folder.is_dir():
        yield Finding("data folder", False, f"{folder} is not there", "run: belleman migrate")
        return
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        yield Finding("data folder", False, f"{folder}: {error.strerror}", f"chown it to this user: {os.getuid()}")
        return
    mode = folder.stat().st_mode & 0o777
    well = not mode & 0o007
    yield Finding("data folder", well, f"{folder}, rights {mode:o}", "" if well else f"chmod 750 {folder}")


def _database(settings: Settings) -> Iterator[Finding]:
    """The database answers and has every migration."""
    try:
        missing = missing_migrations(settings.database)
    except Exception as error:
        remedy = "check BELLEMAN_DATABASE_URL, and that the server is running"
        yield Finding("database", False, f"{type(error).__name__}: {str(error)[:120]}", remedy)
        return
    yield Finding("database", True, settings.database.split("@")[-1])
    seen = "up to date" if not missing else "missing: " + ", ".join(missing)
    yield Finding("migrations", not missing, seen, "" if not missing else "run: belleman migrate")
    if not missing:
        name = named(settings.database)
        yield Finding("city", name is not None, name or "there is none yet", "" if name else "run: belleman seed FILE")


def _languages(settings: Settings) -> Iterator[Finding]:
    """Every language has a catalogue with sentences in it."""
    for language in available():
        count = len(catalogue(language).singular)
        well = language == SOURCE or count > 0
        seen = "the language of the code" if language == SOURCE else f"{count} sentences"
        yield Finding(
            f"language {language}", well, seen, "" if well else f"the file of {language} is damaged: install anew"
        )


def _telegram(settings: Settings) -> Iterator[Finding]:
    """The token is right, the clocks agree, the webhook is what the settings say."""
    try:
        value = token(settings)
    except BadSetting as error:
        yield Finding("token", False, "not usable", str(error))
        return
    try:
        me, date = _ask(settings, value, "getMe")
        hook, _ = _ask(settings, value, "getWebhookInfo")
    except OSError as error:
        remedy = f"can this machine reach {settings.telegram_api_url}? Check its network and proxy"
        yield Finding("telegram", False, type(error).__name__, remedy)
        return
    if not me.get("ok"):
        yield Finding("token", False, str(me.get("description")), "ask @BotFather for the token again: /token")
        return
    yield Finding("token", True, f"@{me['result'].get('username')}")
    yield from _clock(date)
    yield _webhook(settings, hook.get("result", {}))


def username(settings: Settings) -> str | None:
    """The bot's name on Telegram; None while Telegram cannot be reached. BadSetting for a token that it refuses."""
    value = token(settings)
    try:
        me, _ = _ask(settings, value, "getMe")
    except OSError:
        return None
    if not me.get("ok"):
        raise BadSetting(f"{PREFIX}BOT_TOKEN: Telegram says: {me.get('description')}. Copy it anew from @BotFather.")
    return str(me["result"].get("username"))


def _clock(date: str | None) -> Iterator[Finding]:
    if date is None:
        return
    off = abs((datetime.now(UTC) - parsedate_to_datetime(date)).total_seconds())
    well = off <= CLOCK_SECONDS
    yield Finding(
        "clock", well, f"{off:.0f} s off", "" if well else "set this machine's clock, for instance with chrony"
    )


def _webhook(settings: Settings, info: dict[str, Any]) -> Finding:
    set_to, wanted = info.get("url", ""), settings.webhook_url
    if set_to != wanted:
        seen = f"set to {set_to or 'nothing'}, wanted {wanted or 'long polling'}"
        return Finding("webhook", False, seen, "belleman run sets it at its start")
    if error := info.get("last_error_message"):
        remedy = "is the address reachable from outside, with a valid certificate?"
        return Finding("webhook", False, f"{error}; {info.get('pending_update_count')} waiting", remedy)
    return Finding("webhook", True, wanted or "none: long polling")


def _ask(settings: Settings, value: str, method: str) -> tuple[dict[str, Any], str | None]:
    """A call's answer, and what the server thinks the time is; OSError when it cannot be reached."""
    url = f"{settings.telegram_api_url}/bot{value}/{method}"
    try:
        with urllib.request.urlopen(url, timeout=10) as response:  # noqa: S310 - the address is a setting
            return loads(response.read()), response.headers.get("Date")
    except urllib.error.HTTPError as error:
        with error:
            try:
                return loads(error.read()), error.headers.get("Date")
            except ValueError:
                return {"ok": False, "description": f"HTTP {error.code}"}, None
