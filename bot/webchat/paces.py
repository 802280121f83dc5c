"""How fast a bot may send: 30 messages a second in all, one a second in a chat, 20 a minute in a group.

The numbers are those of Telegram's FAQ for bots; its server may change them at any time. How edits are limited is not
published, so that they are not counted. The clock is the gateway's own: a test moves it by hand.
"""

import math
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.webchat.errors import ApiError
from bot.webchat.guards import too_many
from storage.webchat_tables import Chat

OVERALL = 30
"""Messages a second, and at once."""
BURST = 3
"""Messages at once in one chat, where one a second is the pace."""
GROUP = 20
MINUTE = timedelta(minutes=1)


class _Bucket:
    def __init__(self, size: int, rate: float, now: datetime) -> None:
        self._size, self._rate = size, rate
        self._left, self._since = float(size), now

    def wait(self, count: int, now: datetime) -> float:
        """Seconds until so many pass; what does not fit in the bucket at all passes when it is full."""
        left = min(self._left + (now - self._since).total_seconds() * self._rate, self._size)
        self._left, self._since = left, now
        return max(0.0, (min(count, self._size) - left) / self._rate)

    def take(self, count: int) -> None:
        self._left -= count


class _Window:
    def __init__(self, size: int, span: timedelta) -> None:
        self._size, self._span = size, span
        self._taken: deque[datetime] = deque()

    def wait(self, count: int, now: datetime) -> float:
        while self._taken and self._taken[0] <= now - self._span:
            self._taken.popleft()
        over = len(self._taken) + min(count, self._size) - self._size
        return (self._taken[over - 1] + self._span - now).total_seconds() if over > 0 else 0.0

    def take(self, count: int, now: datetime) -> None:
        self._taken.extend([now] * count)


class Paces:
    """Raises ``ApiError`` 429 for a bot that sends too fast; asking again during the penalty begins it anew."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._overall = _Bucket(OVERALL, OVERALL, clock())
        self._chats: dict[int, _Bucket] = {}
        self._groups: dict[int, _Window] = {}
        self._penalties: dict[int, tuple[datetime, int]] = {}
        self._webhook_at: datetime | None = None

    def send(self, chat: Chat, count: int = 1) -> None:
        """Let so many messages pass to a chat, or none of them."""
        now = self._clock()
        until, seconds = self._penalties.get(chat.id, (now, 0))
        if now < until:
            raise self._penalised(chat.id, seconds, now)
        bucket = self._chats.setdefault(chat.id, _Bucket(BURST, 1, now))
        window = self._groups.setdefault(chat.id, _Window(GROUP, MINUTE)) if chat.id < 0 else None
        waits = [self._overall.wait(count, now), bucket.wait(count, now), window.wait(count, now) if window else 0.0]
        if max(waits) > 0:
            raise self._penalised(chat.id, math.ceil(max(waits)), now)
        self._overall.take(count)
        bucket.take(count)
        if window:
            window.take(count, now)

    def set_webhook(self) -> None:
        """One webhook a second."""
        now = self._clock()
        if self._webhook_at is not None and now < self._webhook_at + timedelta(seconds=1):
            raise too_many(1)
        self._webhook_at = now

    def _penalised(self, chat_id: int, seconds: int, now: datetime) -> ApiError:
        self._penalties[chat_id] = (now + timedelta(seconds=seconds), seconds)
        return too_many(seconds)
