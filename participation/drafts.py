"""Drafts: whatever a person sends goes into what they are composing, and waits there until it is sent or dropped."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from locales import N_
from participation.refusals import Refused
from participation.words import clean
from storage.drafts import Draft
from storage.residents import Resident
from storage.store import Store

PARTS = 20
"""Messages in one draft at most; beyond that people are asked to shorten first."""

FRESH = timedelta(hours=1)
"""How long words that nothing waited for are added to, before new ones start anew."""


class NothingToSend(Refused):
    """The draft is empty, or was sent already."""

    sentence = N_("There is nothing to send yet. Please write your message first.")


class TooLong(Refused):
    """Longer than this kind of contribution may be; nothing is cut without asking."""

    sentence = N_("Your text has {length} characters. It can have {limit}. Please make it shorter.")


class TooManyParts(Refused):
    """The draft holds all that it can."""

    sentence = N_("Your draft is full. Please send it or start again.")


@dataclass(frozen=True, slots=True)
class Content:
    """What one message brought; ``photo`` is the channel's file id, ``place`` is (latitude, longitude)."""

    message_id: int
    text: str | None = None
    photo: str | None = None
    place: tuple[float, float] | None = None
    album: str | None = None


def begin(store: Store, resident: Resident, address: str, now: datetime) -> Resident:
    """From now on what the person sends goes into the draft at this address; a draft begun earlier goes on."""
    if store.drafts.get(resident.id, address) is None:
        store.drafts.put(empty(resident.id, address, now))
    return store.residents.change(resident.id, awaiting=address)


def empty(resident_id: int, address: str, now: datetime) -> Draft:
    """A draft with nothing in it."""
    return Draft(resident_id, address, (), None, None, None, None, None, None, False, False, now)


def take(store: Store, resident: Resident, address: str, content: Content, channel: str, now: datetime) -> Draft:
    """Put what a message brought into the draft: text is added (or replaces), a later photo or place takes the old
    one's place; of an album the first photo stays. Runs twice, and in any order, without a difference."""
    draft = store.drafts.get(resident.id, address) or empty(resident.id, address, now)
    if address == "said" and now - draft.changed_at > FRESH:
        if draft.photo_id is not None:
            store.photos.remove(draft.photo_id)
        draft = empty(resident.id, address, now)
    if content.text is not None and content.message_id not in (number for number, _ in draft.parts):
        draft = with_text(draft, content.message_id, clean(content.text))
    if content.place is not None and content.message_id > (draft.place_message_id or 0):
        latitude, longitude = content.place
        draft = replace(draft, latitude=latitude, longitude=longitude, place_message_id=content.message_id)
    if content.photo is not None and _is_wanted(draft, content):
        draft = with_photo(store, draft, content, channel, now)
    draft = replace(draft, changed_at=now)
    store.drafts.put(draft)
    return draft


def with_text(draft: Draft, message_id: int, text: str) -> Draft:
    """The draft with this message's text: its own part again, or one part more, or instead of all parts."""
    if not text:
        return draft
    if draft.replacing:
        return replace(draft, parts=((message_id, text),), replacing=False)
    parts = tuple((number, text if number == message_id else old) for number, old in draft.parts)
    if message_id not in (number for number, _ in parts):
        if len(parts) >= PARTS:
            raise TooManyParts
        # Messages of one person may overtake each other; their ids still tell the order in which they were written.
        parts = tuple(sorted((*parts, (message_id, text))))
    return replace(draft, parts=parts)


def _is_wanted(draft: Draft, content: Content) -> bool:
    """Whether this photo takes the place of the draft's own: the last one does, of an album the first."""
    if draft.photo_message_id is None:
        return True
    if content.album and content.album == draft.album:
        return content.message_id < draft.photo_message_id
    return content.message_id > draft.photo_message_id


def with_photo(store: Store, draft: Draft, content: Content, channel: str, now: datetime) -> Draft:
    """The draft with a new photo instead of the old one."""
    photo_id = store.photos.add_file(channel, content.photo or "", now)
    old = draft.photo_id
    changed = replace(draft, photo_id=photo_id, photo_message_id=content.message_id, album=content.album)
    store.drafts.put(changed)
    if old is not None:
        store.photos.remove(old)
    return changed


def edit(store: Store, resident: Resident, message_id: int, text: str, now: datetime) -> Draft | None:
    """A person edited a message that they sent: the draft that holds it changes along; None where none does."""
    for draft in store.drafts.of(resident.id):
        if message_id in (number for number, _ in draft.parts):
            changed = replace(with_text(replace(draft, replacing=False), message_id, clean(text)), changed_at=now)
            changed = replace(changed, replacing=draft.replacing)
            store.drafts.put(changed)
            return changed
    return None


def sendable(store: Store, resident: Resident, address: str, limit: int, nothing: type[Refused]) -> Draft:
    """The draft, ready to send; refused when it is empty, has no words, or is too long."""
    draft = store.drafts.get(resident.id, address)
    if draft is None or draft.is_empty:
        raise NothingToSend
    if not draft.parts:
        raise nothing
    if len(draft.text) > limit:
        raise TooLong(length=len(draft.text), limit=limit)
    return draft


def finish(store: Store, resident: Resident, address: str) -> None:
    """The draft was sent: nothing waits at its address any more."""
    store.drafts.remove(resident.id, address)
    if resident.awaiting == address:
        store.residents.change(resident.id, awaiting=None)


def drop(store: Store, resident: Resident, address: str) -> None:
    """Throw the draft away, with its photo; safe to run twice."""
    draft = store.drafts.get(resident.id, address)
    finish(store, resident, address)
    if draft is not None and draft.photo_id is not None:
        store.photos.remove(draft.photo_id)


def change(store: Store, resident: Resident, address: str, now: datetime, **values: object) -> Draft:
    """Write the named fields of a draft that is there; NothingToSend otherwise."""
    draft = store.drafts.get(resident.id, address)
    if draft is None:
        raise NothingToSend
    changed = replace(draft, changed_at=now, **values)  # type: ignore[arg-type]
    store.drafts.put(changed)
    return changed


def shorten(store: Store, resident: Resident, address: str, limit: int, now: datetime) -> Draft:
    """Keep the first characters of a text that is too long."""
    draft = store.drafts.get(resident.id, address)
    if draft is None or not draft.parts:
        raise NothingToSend
    return change(store, resident, address, now, parts=((draft.parts[0][0], draft.text[:limit].rstrip()),))


def move(store: Store, resident: Resident, address: str, to: str, now: datetime) -> Resident:
    """Make a draft that waited at one address the draft of another, with what is there already; TooManyParts when it
    does not fit."""
    moved = store.drafts.get(resident.id, address)
    if moved is None:
        raise NothingToSend
    there = store.drafts.get(resident.id, to) or empty(resident.id, to, now)
    kept = {name: getattr(moved, name) for name in ("photo_id", "photo_message_id", "album") if moved.photo_id}
    if moved.latitude is not None:
        kept |= {name: getattr(moved, name) for name in ("latitude", "longitude", "place_message_id")}
    parts = tuple(sorted((*there.parts, *moved.parts)))
    if len(parts) > PARTS:
        raise TooManyParts
    store.drafts.put(replace(there, parts=parts, changed_at=now, **kept))
    store.drafts.remove(resident.id, address)
    if moved.photo_id is not None and there.photo_id is not None:
        store.photos.remove(there.photo_id)
    return store.residents.change(resident.id, awaiting=to)
