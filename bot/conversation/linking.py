"""Buttons that open an address in another channel become links there, or fall away where the city has none."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from aiogram import Bot
from aiogram.exceptions import AiogramError, TelegramAPIError

from bot.channels import Channel
from dialogs.screen import Button, Row, Screen


class Links:
    """The ways from one channel to another."""

    def __init__(self, channels: Sequence[Channel], bots: Mapping[str, Bot]) -> None:
        self._links = {channel.name: channel.link for channel in channels if channel.link}
        self._bots = bots

    async def resolved(self, screen: Screen) -> Screen:
        """The screen with every button that leads elsewhere as a link."""
        if not any(one.elsewhere for row in screen.rows for one in row):
            return screen
        rows = [await self._row(row) for row in screen.rows]
        return replace(screen, rows=tuple(row for row in rows if row))

    async def _row(self, row: Row) -> Row:
        found = [await self._button(one) if one.elsewhere else one for one in row]
        return tuple(one for one in found if one is not None)

    async def _button(self, button: Button) -> Button | None:
        template = self._links.get(button.elsewhere)
        if template is None:
            return None
        try:
            username = (await self._bots[button.elsewhere].me()).username or ""
        except (AiogramError, TelegramAPIError):
            return None
        return Button(button.label, url=template.format(username=username, payload=button.address))
