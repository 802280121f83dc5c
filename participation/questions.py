"""Questions to the city: kept for its staff, who answer in the chat."""

from datetime import datetime

from participation import drafts
from storage.residents import Resident
from storage.store import Store

LENGTH = 1500
"""Characters of a question at most."""


def ask(store: Store, resident: Resident, now: datetime) -> int:
    """Send the draft of a question; its id. It is not a vote or an idea: asking is no taking part."""
    draft = drafts.sendable(store, resident, "ask", LENGTH, drafts.NothingToSend)
    question_id = store.questions.add(
        resident_id=resident.id,
        text=draft.text,
        language=resident.language,
        photo_id=draft.photo_id,
        latitude=draft.latitude,
        longitude=draft.longitude,
        status="open",
        at=now,
    )
    drafts.finish(store, resident, draft.address)
    return question_id
