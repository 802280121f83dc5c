"""Calls without a file, as JSON through aiogram's own session.

aiogram builds a model of every button, encodes the call as a form and decodes the answer into models again: a third of
what a vote costs. A call that brings no file needs none of that; aiogram's transport and its errors stay.
"""

import json
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import SendMessage, TelegramMethod
from aiohttp import ClientError, ClientTimeout

from dialogs.screen import Button, Place, Screen

_ANY: TelegramMethod[Any] = SendMessage(chat_id=0, text="")
"""What aiogram's errors ask for: the method that failed. It reads nothing of it but its name."""


class PlainSession(AiohttpSession):
    """A session without TLS: aiogram's own waits a quarter of a second for TLS to say goodbye."""

    async def close(self) -> None:
        if self._session is not None and not self._session.closed:
            await self._session.close()


async def call(bot: Bot, method: str, values: dict[str, Any]) -> Any:
    """The call's result as plain data; aiogram's exceptions for a refusal, and for a network that failed."""
    session = bot.session
    assert isinstance(session, AiohttpSession)  # noqa: S101 - every bot of ours is made so
    client = await session.create_session()
    url = session.api.api_url(token=bot.token, method=method)
    try:
        async with client.post(url, json=values, timeout=ClientTimeout(session.timeout)) as response:
            status, text = response.status, await response.text()
    except TimeoutError as error:
        raise TelegramNetworkError(_ANY, f"{method}: timeout") from error
    except ClientError as error:
        raise TelegramNetworkError(_ANY, f"{method}: {type(error).__name__}") from error
    if status != 200:
        session.check_response(bot, _ANY, status, text)
    answer = json.loads(text)
    if not answer.get("ok"):
        session.check_response(bot, _ANY, status, text)
    return answer["result"]


def keyboard(screen: Screen) -> dict[str, Any]:
    """The screen's rows of buttons as the Bot API has them."""
    return {"inline_keyboard": [[_button(one) for one in row] for row in screen.rows]}


def venue(place: Place) -> dict[str, Any]:
    """A place as the Bot API has it."""
    values = {"latitude": place.latitude, "longitude": place.longitude}
    return values | {"title": place.title, "address": place.address}


def _button(button: Button) -> dict[str, str]:
    if button.url:
        return {"text": button.label, "url": button.url}
    return {"text": button.label, "callback_data": button.address}
