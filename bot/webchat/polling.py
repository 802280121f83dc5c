"""Updates that the bot asks for: getUpdates, one poll at a time."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.webchat import limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import ApiError
from bot.webchat.signals import UPDATES, pause

if TYPE_CHECKING:
    from bot.webchat.api import Api

_OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class Polling:
    """The poll that waits, if one does; a newer one ends it."""

    def __init__(self, api: "Api") -> None:
        self._api = api
        self._turn = 0

    async def get_updates(self, arguments: Arguments, gone: Callable[[], bool]) -> list[Body]:
        """What waits for the bot, at once or when it comes; ``gone`` tells that nobody listens any more."""
        self._turn += 1
        mine = self._turn
        presence, signals = self._api.presence, self._api.signals
        signals.wake([UPDATES])
        presence.polls += 1
        try:
            return await self._wait(arguments, lambda: mine != self._turn, gone)
        finally:
            presence.polls -= 1
            presence.polled_at = self._api.clock()

    async def _wait(self, arguments: Arguments, ended: Callable[[], bool], gone: Callable[[], bool]) -> list[Body]:
        loop = asyncio.get_running_loop()
        until = loop.time() + min(max(arguments.integer("timeout"), 0), limits.POLL_SECONDS)
        with self._api.signals.listening(UPDATES) as ear:
            while True:
                ear.clear()
                if ended():
                    raise ApiError(409, _OTHER_POLL)
                updates = await self._api.visit(lambda desk: _take(desk, arguments))
                left = until - loop.time()
                if updates or left <= 0 or gone() or self._api.closing:
                    return updates
                await pause(ear, min(left, limits.GLANCE))


def _take(desk: Desk, arguments: Arguments) -> list[Body]:
    if desk.bot.webhook:
        raise ApiError(409, _WEBHOOK_SET)
    remember_kinds(desk, arguments)
    offset = arguments.integer("offset")
    if offset > 0:
        desk.webchats.confirm_below(min(offset, 2**62))
    elif offset < 0:
        desk.webchats.keep_last(min(-offset, 2**31))
    limit = min(max(arguments.integer("limit", limits.UPDATES), 1), limits.UPDATES)
    waiting = desk.webchats.pending(desk.now, limit)
    if waiting:
        desk.webchats.handed_out([update.update_id for update in waiting])
    return [dict(update.body) for update in waiting]


def remember_kinds(desk: Desk, arguments: Arguments) -> None:
    """``allowed_updates`` holds until the next call that names it."""
    allowed = arguments.json("allowed_updates") if "allowed_updates" in arguments.values else None
    if isinstance(allowed, list) and allowed != list(desk.bot.allowed_updates):
        desk.webchats.change_bot(allowed_updates=[str(kind) for kind in allowed])
