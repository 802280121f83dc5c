"""One update's turn without a channel, as the conversation takes it."""

from datetime import UTC, datetime
from functools import partial

from dialogs import turns
from dialogs.events import Incoming
from dialogs.turns import Outcome
from participation.refusals import Refused
from storage.database import Database

NOW = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
"""The moment at which the test town is planted."""


async def take(db: Database, incoming: Incoming, now: datetime = NOW) -> Outcome:
    """Take the turn; a refusal is shown as the person sees it."""
    try:
        return await db.turn(partial(turns.take, incoming, lambda: now))
    except Refused as refusal:
        return await db.turn(partial(turns.refuse, incoming, refusal, lambda: now))
