"""Wakes who waits in this process: a poll for updates, the page of a chat."""

import asyncio
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

from bot.webchat import limits

UPDATES = "updates"
"""What a poll and the webhook wait for; the page of a chat waits for its chat id."""
PRESENCE = "presence"
"""What every open page waits for besides: the bot fell asleep or woke up."""


class Signals:
    """Who listens to what."""

    def __init__(self) -> None:
        self._ears: defaultdict[Hashable, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def listening(self, *subjects: Hashable) -> Iterator[asyncio.Event]:
        """An event that is set whenever a subject changed; clear it before looking, wait for it after."""
        ear = asyncio.Event()
        for subject in subjects:
            self._ears[subject].add(ear)
        try:
            yield ear
        finally:
            for subject in subjects:
                self._ears[subject].discard(ear)
                if not self._ears[subject]:
                    del self._ears[subject]

    def wake(self, subjects: Iterable[Hashable]) -> None:
        for subject in subjects:
            for ear in self._ears.get(subject, ()):
                ear.set()

    def wake_all(self) -> None:
        self.wake(list(self._ears))

    def open_chats(self) -> list[int]:
        """The chats whose page is open."""
        return [subject for subject in self._ears if isinstance(subject, int)]


async def pause(ear: asyncio.Event, seconds: float) -> None:
    """Wait for an event, at most so long; unlike ``wait_for`` of Python 3.11 this never swallows a cancellation."""
    with suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, 0.0)):
            await ear.wait()


class Presence:
    """Whether the bot listens: it polls, or it polled a moment ago, or its webhook takes what comes."""

    def __init__(self) -> None:
        self.polls = 0
        self.polled_at: datetime | None = None
        self.webhook = False

    def awake(self, now: datetime) -> bool:
        recently = self.polled_at is not None and now - self.polled_at < limits.AWAKE
        return self.webhook or self.polls > 0 or recently
