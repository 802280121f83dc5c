"""Updates that the bot asks for: getUpdates, one poll at a time."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from bot.webchat import limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, Desk
from bot.webchat.errors import ApiError, BadRequestError
from bot.webchat.signals import UPDATES, pause

if TYPE_CHECKING:
    from bot.webchat.api import Api

_WEBHOOK_COMES = "terminated by setWebhook request"
_OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK_SET = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


PARAMETERS = frozenset(("offset", "limit", "timeout", "allowed_updates"))


class Polling:
    """The poll that waits, if one does; a newer one ends it."""

    def __init__(self, api: "Api") -> None:
        self._api = api
        self._turn = 0
        self._cuts = 0
        self._last: tuple[int, datetime] | None = None
        self._conflict_at: datetime | None = None

    def cut(self) -> None:
        """End the poll that waits, with nothing: its line is cut."""
        self._cuts += 1
        self._api.signals.wake([UPDATES])

    async def get_updates(self, arguments: Arguments, gone: Callable[[], bool]) -> list[Body]:
        """What waits for the bot, at once or when it comes; ``gone`` tells that nobody listens any more."""
        self._turn += 1
        mine = self._turn
        if self._api.strictness.paces:
            arguments = self._slowed(arguments.only(PARAMETERS, strict=True))
        presence, signals = self._api.presence, self._api.signals
        signals.wake([UPDATES])
        presence.polls += 1
        try:
            return await self._wait(arguments, lambda: mine != self._turn, gone)
        except ApiError:
            await self._told_late()
            raise
        finally:
            presence.polls -= 1
            presence.polled_at = self._api.clock()

    async def _wait(self, arguments: Arguments, ended: Callable[[], bool], gone: Callable[[], bool]) -> list[Body]:
        loop = asyncio.get_running_loop()
        until = loop.time() + min(max(arguments.integer("timeout"), 0), limits.POLL_SECONDS)
        waited, cuts = False, self._cuts
        with self._api.signals.listening(UPDATES) as ear:
            while True:
                ear.clear()
                if ended():
                    raise ApiError(409, _OTHER_POLL)
                if cuts != self._cuts:
                    return []
                conflict = _WEBHOOK_COMES if waited else _WEBHOOK_SET
                updates = await self._api.visit(lambda desk, why=conflict: _take(desk, arguments, why))  # type: ignore[misc]
                waited = True
                left = until - loop.time()
                if updates or left <= 0 or gone() or self._api.closing:
                    return updates
                await pause(ear, min(left, limits.GLANCE))

    def _slowed(self, arguments: Arguments) -> Arguments:
        """The same poll again within moments waits for 3 seconds at least, within half a second for one update."""
        now, offset = self._api.clock(), arguments.integer("offset")
        changed = {}
        if self._last is not None and self._last[0] == offset:
            since = (now - self._last[1]).total_seconds()
            if since < limits.HASTY_POLL:
                changed["timeout"] = str(max(arguments.integer("timeout"), int(limits.HASTY_POLL)))
            if since < limits.HASTIEST_POLL:
                changed["limit"] = "1"
        self._last = (offset, now)
        return Arguments(arguments.values | changed)

    async def _told_late(self) -> None:
        """A conflict soon after another one is told late, so that two pollers do not fight at full speed."""
        now = self._api.clock()
        if not self._api.strictness.paces:
            return
        if self._conflict_at is not None and (now - self._conflict_at).total_seconds() < limits.HASTY_POLL:
            await self._api.sleep(limits.HASTY_POLL)
        else:
            self._conflict_at = now


def _take(desk: Desk, arguments: Arguments, conflict: str) -> list[Body]:
    if desk.bot.webhook:
        raise ApiError(409, conflict)
    remember_kinds(desk, arguments)
    offset = arguments.integer("offset")
    if offset > 0:
        desk.queue.confirm_below(min(offset, 2**62))
    elif offset < 0:
        desk.queue.keep_last(min(-offset, 2**31))
    limit = min(max(arguments.integer("limit", limits.UPDATES), 1), limits.UPDATES)
    waiting = desk.queue.pending(desk.now, limit)
    if waiting and (offset <= 0 or waiting[0].update_id < offset):  # one of them comes again
        desk.queue.handed_out([update.update_id for update in waiting])
    return [dict(update.body) for update in waiting]


def remember_kinds(desk: Desk, arguments: Arguments) -> None:
    """``allowed_updates`` holds until the next call that names it."""
    try:
        allowed = arguments.json("allowed_updates")
    except BadRequestError:
        return
    if arguments.values.get("allowed_updates") in ([], "[]"):
        allowed = []
    if isinstance(allowed, list) and allowed != list(desk.bot.allowed_updates):
        desk.webchats.change_bot(allowed_updates=[str(kind) for kind in allowed])
