"""Visitors of the web page: how long they are remembered, and which votes look like one person with many windows."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from participation.residents import erase
from storage.sessions import WebVote
from storage.store import Store

IDLE = timedelta(days=30)
"""A visitor who did nothing is forgotten after so long."""

ADDRESS_KEPT = timedelta(days=7)
"""How long the blurred address of a browser is kept after its last visit."""

AT_ONCE = 500
"""Visitors that are forgotten in one turn at most."""

WINDOW = timedelta(hours=1)
VOTERS = 10
"""So many people in one hour from one address are worth a look: a workshop, a library, or one person."""


@dataclass(frozen=True, slots=True)
class Burst:
    """The most voters of one activity that came from one address within an hour; ``at`` is the first one's moment."""

    activity_id: int
    voters: int
    at: datetime


def forget_idle(store: Store, now: datetime) -> int:
    """Forget who did nothing for 30 days, and where browsers came from after 7; how many. Safe to run twice."""
    idle = store.sessions.idle(now - IDLE, AT_ONCE)
    for chat_id, resident_id in idle:
        resident = store.residents.get(resident_id) if resident_id is not None else None
        if resident is not None:
            erase(store, resident, keep_words=False, now=now)
        store.webchats.remove_chat(chat_id)
    return len(idle) + store.sessions.forget_addresses(now - ADDRESS_KEPT)


def recent_bursts(store: Store, now: datetime) -> list[Burst]:
    """The bursts of the days for which addresses are kept."""
    return bursts(store.sessions.votes(now - ADDRESS_KEPT))


def bursts(votes: Iterable[WebVote]) -> list[Burst]:
    """Where many voted at once from one address, the most first; ``votes`` come in order of casting."""
    found: dict[tuple[int, str], Burst] = {}
    windows: defaultdict[tuple[int, str], deque[WebVote]] = defaultdict(deque)
    for vote in votes:
        key = (vote.activity_id, vote.address)
        window = windows[key]
        window.append(vote)
        while window[0].cast_at <= vote.cast_at - WINDOW:
            window.popleft()
        voters = len({one.resident_id for one in window})
        if voters >= VOTERS and (key not in found or voters > found[key].voters):
            found[key] = Burst(vote.activity_id, voters, window[0].cast_at)
    return sorted(found.values(), key=lambda burst: (-burst.voters, burst.activity_id, burst.at))
