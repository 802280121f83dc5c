"""Questions to the city: kept for its staff, who answer in the chat."""

from datetime import datetime

from participation import drafts, staff
from participation.refusals import Gone
from storage.questions import Question
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


def find(store: Store, question_id: int) -> Question:
    """A question that waits for its answer; Gone otherwise."""
    question = store.questions.get(question_id)
    if question is None or question.status != "open":
        raise Gone
    return question


def answer(store: Store, question_id: int, colleague: Resident, now: datetime) -> Question:
    """Send the draft of an answer; the question as it was. Owners, editors and moderators answer."""
    staff.require(store, colleague, staff.ANSWERING)
    question = find(store, question_id)
    draft = drafts.sendable(store, colleague, f"response-{question_id}", LENGTH, drafts.NothingToSend)
    store.questions.change(question_id, status="answered", answer=draft.text, answered_at=now)
    drafts.finish(store, colleague, draft.address)
    return question


def find_own(store: Store, question_id: int, resident: Resident) -> Question:
    """A question that this person asked; Gone otherwise."""
    question = store.questions.get(question_id)
    if question is None or question.resident_id != resident.id:
        raise Gone
    return question
