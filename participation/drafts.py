"""Drafts: whatever a person sends goes into what they are composing, and waits there until it is sent or dropped."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from locales import N_
from participation.refusals import Refused
from participation.words import clean
from storage.drafts import Draft, Part
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
    if content.text is not None and not _holds(draft, content.message_id, channel):
        draft = with_text(draft, Part(content.message_id, clean(content.text), channel))
    if content.place is not None and _is_later(content, channel, draft.place_message_id, draft.place_channel):
        latitude, longitude = content.place
        where = {"latitude": latitude, "longitude": longitude, "place_channel": channel}
        draft = replace(draft, **where, place_message_id=content.message_id)  # type: ignore[arg-type]
    if content.photo is not None and _is_wanted(draft, content, channel):
        draft = with_photo(store, draft, content, channel, now)
    draft = replace(draft, changed_at=now)
    store.drafts.put(draft)
    return draft


def with_text(draft: Draft, new: Part) -> Draft:
    """The draft with this message's text: its own part again, or one part more, or instead of all parts."""
    if not new.text:
        return draft
    if draft.replacing:
        return replace(draft, parts=(new,), replacing=False)
    if _holds(draft, new.message_id, new.channel):
        return replace(draft, parts=tuple(new if _same(part, new) else part for part in draft.parts))
    if len(draft.parts) >= PARTS:
        raise TooManyParts
    return replace(draft, parts=_put_in(draft.parts, new))


def _put_in(parts: Sequence[Part], new: Part) -> tuple[Part, ...]:
    """Messages of one person may overtake each other; within a channel their ids still tell how they were written."""
    later = (place for place, part in enumerate(parts) if part.channel == new.channel and part > new)
    place = next(later, len(parts))
    return (*parts[:place], new, *parts[place:])


def _same(one: Part, other: Part) -> bool:
    return one.message_id == other.message_id and (one.channel == other.channel or not one.channel)


def _holds(draft: Draft, message_id: int, channel: str) -> bool:
    return any(_same(part, Part(message_id, "", channel)) for part in draft.parts)


def _is_later(content: Content, channel: str, before: int | None, there: str | None) -> bool:
    """Whether a message was written after the one that brought what is there; on another channel what comes is."""
    return before is None or there not in (None, channel) or content.message_id > before


def _is_wanted(draft: Draft, content: Content, channel: str) -> bool:
    """Whether this photo takes the place of the draft's own: the last one does, of an album the first."""
    if draft.photo_message_id is not None and content.album and content.album == draft.album:
        return content.message_id < draft.photo_message_id
    return _is_later(content, channel, draft.photo_message_id, draft.photo_channel)


def with_photo(store: Store, draft: Draft, content: Content, channel: str, now: datetime) -> Draft:
    """The draft with a new photo instead of the old one."""
    photo_id = store.photos.add_file(channel, content.photo or "", now)
    old = draft.photo_id
    brought = {"photo_message_id": content.message_id, "photo_channel": channel, "album": content.album}
    changed = replace(draft, photo_id=photo_id, **brought)  # type: ignore[arg-type]
    store.drafts.put(changed)
    if old is not None:
        store.photos.remove(old)
    return changed


def edit(store: Store, resident: Resident, new: Part, now: datetime) -> Draft | None:
    """A person edited a message that they sent: the draft that holds it changes along; None where none does."""
    for draft in store.drafts.of(resident.id):
        if _holds(draft, new.message_id, new.channel):
            cleaned = new._replace(text=clean(new.text))
            changed = replace(with_text(replace(draft, replacing=False), cleaned), changed_at=now)
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
    return change(store, resident, address, now, parts=(draft.parts[0]._replace(text=draft.text[:limit].rstrip()),))


def move(store: Store, resident: Resident, address: str, to: str, now: datetime) -> Resident:
    """Make a draft that waited at one address the draft of another, with what is there already; TooManyParts when it
    does not fit."""
    moved = store.drafts.get(resident.id, address)
    if moved is None:
        raise NothingToSend
    there = store.drafts.get(resident.id, to) or empty(resident.id, to, now)
    joined = together(there, moved)
    if len(joined.parts) > PARTS:
        raise TooManyParts
    store.drafts.put(replace(joined, changed_at=now))
    store.drafts.remove(resident.id, address)
    if moved.photo_id is not None and there.photo_id is not None:
        store.photos.remove(there.photo_id)
    return store.residents.change(resident.id, awaiting=to)


def together(there: Draft, added: Draft) -> Draft:
    """A draft with what another one holds: all texts, and the other's photo and place where it has them."""
    parts = there.parts
    for part in added.parts:
        parts = _put_in(parts, part)
    photo = ("photo_id", "photo_message_id", "photo_channel", "album") if added.photo_id is not None else ()
    place = ("latitude", "longitude", "place_message_id", "place_channel") if added.latitude is not None else ()
    return replace(there, parts=tuple(parts), **{name: getattr(added, name) for name in (*photo, *place)})


def of(draft: Draft, resident_id: int, changed_at: datetime | None = None) -> Draft:
    """The same draft as another person's."""
    return replace(draft, resident_id=resident_id, changed_at=changed_at or draft.changed_at)
