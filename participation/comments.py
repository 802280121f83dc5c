"""Comments under ideas, and replies."""

from datetime import datetime

from locales import N_
from participation import drafts, ideas
from participation.activities import take_part
from participation.refusals import Gone, Refused
from storage.comments import Comment
from storage.residents import Resident
from storage.store import Store

LENGTH = 1000
"""Characters of a comment at most."""


class NotYours(Refused):
    """Only its author takes a comment away."""

    sentence = N_("Only the person who wrote this can delete it.")


def find(store: Store, comment_id: int) -> Comment:
    """A comment that everybody can read; Gone otherwise."""
    comment = store.comments.get(comment_id)
    if comment is None or comment.status != "published":
        raise Gone
    return comment


def comment(store: Store, idea_id: int, resident: Resident, now: datetime) -> int:
    """Send the draft of a comment under an idea; the comment's id."""
    ideas.find(store, idea_id, resident)
    return _add(store, f"comment-{idea_id}", idea_id, None, resident, now)


def reply(store: Store, comment_id: int, resident: Resident, now: datetime) -> int:
    """Send the draft of a reply; a reply to a reply stands under the same comment."""
    answered = find(store, comment_id)
    ideas.find(store, answered.idea_id, resident)
    return _add(store, f"reply-{comment_id}", answered.idea_id, answered.parent_id or comment_id, resident, now)


def take_away(store: Store, comment_id: int, resident: Resident) -> Comment:
    """Its author takes a comment away; the replies to it stay."""
    found = find(store, comment_id)
    if found.resident_id != resident.id:
        raise NotYours
    store.comments.change(comment_id, status="removed", text="")
    return found


def _add(store: Store, address: str, idea_id: int, parent: int | None, resident: Resident, now: datetime) -> int:
    draft = drafts.sendable(store, resident, address, LENGTH, drafts.NothingToSend)
    comment_id = store.comments.add(
        idea_id=idea_id,
        parent_id=parent,
        resident_id=resident.id,
        anonymous=draft.anonymous,
        text=draft.text,
        language=resident.language,
        status="published",
        at=now,
    )
    drafts.drop(store, resident, address)
    take_part(store, resident, now)
    return comment_id
