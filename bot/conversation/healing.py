"""Answers that met a broken line are tried again for a while: the act is counted, and the person should see it.

An edit can be repeated without harm. A new message is repeated only where the first one hardly arrived: no connection
was made, or something on the way refused it; one that may have been stored is left to the next tap. Always with the
screen of the act itself, and never once the person has gone on.
"""

import asyncio
from collections.abc import Callable

from aiogram.exceptions import ClientDecodeError, TelegramNetworkError, TelegramServerError
from aiohttp import ClientConnectorError

from dialogs.events import Incoming
from dialogs.turns import Outcome

BROKEN = (ClientDecodeError, TelegramNetworkError, TelegramServerError)
"""What a broken line looks like: no connection, a 5xx, or a proxy's page."""

PAUSES = (2.0, 5.0, 15.0, 40.0)
"""Seconds before each new try."""


def is_unsent(error: BaseException) -> bool:
    """Whether a new message that ended so hardly arrived."""
    if isinstance(error, TelegramNetworkError):
        return isinstance(error.__cause__, ClientConnectorError)
    return isinstance(error, ClientDecodeError | TelegramServerError)


Show = Callable[[Incoming, Outcome], None]


class Healing:
    """The screens that wait for another try, one for each chat."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._pauses = PAUSES
        self._waiting: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._tries: dict[tuple[str, int], tuple[int, int]] = {}

    def later(self, incoming: Incoming, outcome: Outcome) -> None:
        """Try once more after a pause, unless this was tried often enough."""
        chat = (incoming.channel, incoming.chat_id)
        update_id, tries = self._tries.get(chat, (incoming.update_id, 0))
        tries = tries if update_id == incoming.update_id else 0
        if tries < len(self._pauses):
            self._tries[chat] = (incoming.update_id, tries + 1)
            self._waiting[chat] = asyncio.create_task(self._again(self._pauses[tries], incoming, outcome))

    def overtaken(self, incoming: Incoming) -> None:
        """The person has gone on: what waited for them is not drawn any more."""
        chat = (incoming.channel, incoming.chat_id)
        if self._tries.get(chat, (incoming.update_id, 0))[0] != incoming.update_id:
            del self._tries[chat]
            if task := self._waiting.pop(chat, None):
                task.cancel()

    async def close(self) -> None:
        """Give up what waits; the next tap shows it."""
        for task in self._waiting.values():
            task.cancel()
        await asyncio.gather(*self._waiting.values(), return_exceptions=True)

    async def _again(self, seconds: float, incoming: Incoming, outcome: Outcome) -> None:
        await asyncio.sleep(seconds)
        del self._waiting[incoming.channel, incoming.chat_id]
        self._show(incoming, outcome)
