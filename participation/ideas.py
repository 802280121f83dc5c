"""The method `ideas`: residents hand in, read, support."""

from collections.abc import Sequence
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from locales import N_
from participation import activities, drafts
from participation.activities import find_open, take_part
from participation.refusals import Gone, Refused
from storage.activities import Activity
from storage.ideas import PUBLIC, Idea
from storage.residents import Resident
from storage.store import Store

LENGTH = 1500
"""Characters of an idea at most: two screens of a phone."""


class NothingWritten(Refused):
    """An idea needs words; a photo or a place alone does not say what it is."""

    sentence = N_("Please write what your idea is. A few words are enough.")


class OwnIdea(Refused):
    """Nobody supports their own idea."""

    sentence = N_("This is your own idea. Others can support it.")


def hand_in(store: Store, activity_id: int, resident: Resident, now: datetime) -> int:
    """Send the draft of an idea; the new idea's id. The draft is gone afterwards."""
    activity = find_open(store, activity_id, "ideas", now)
    draft = drafts.sendable(store, resident, f"compose-{activity_id}", LENGTH, NothingWritten)
    idea_id = store.ideas.add(
        activity_id=activity_id,
        resident_id=resident.id,
        anonymous=draft.anonymous,
        text=draft.text,
        language=resident.language,
        photo_id=draft.photo_id,
        latitude=draft.latitude,
        longitude=draft.longitude,
        status=first_status(activity),
        at=now,
    )
    drafts.finish(store, resident, draft.address)
    take_part(store, resident, now)
    return idea_id


def first_status(activity: Activity) -> str:
    """Published at once, unless the city looks first."""
    return "submitted" if activity.settings.get("moderation") == "before" else "published"


def find(store: Store, idea_id: int, reader: Resident) -> Idea:
    """An idea that this person may read: a public one of a public project, or their own; staff every one."""
    idea = store.ideas.get(idea_id)
    if idea is None:
        raise Gone
    if idea.resident_id != reader.id:
        if idea.status not in PUBLIC and store.staff.role(reader.id) is None:
            raise Gone
        activities.find(store, idea.activity_id)
    return idea


def find_own(store: Store, idea_id: int, author: Resident) -> Idea:
    """An idea that this person wrote; Gone otherwise."""
    idea = find(store, idea_id, author)
    if idea.resident_id != author.id:
        raise Gone
    return idea


def take_away(store: Store, idea_id: int, author: Resident) -> None:
    """Its author takes an idea away, with its photo; its comments and support go with it."""
    idea = find_own(store, idea_id, author)
    store.ideas.remove(idea_id)
    if idea.photo_id is not None:
        store.photos.remove(idea.photo_id)


def support(store: Store, idea_id: int, resident: Resident, now: datetime) -> None:
    """Count this person's support once; safe to run twice."""
    idea = find(store, idea_id, resident)
    find_open(store, idea.activity_id, "ideas", now)
    if idea.resident_id == resident.id:
        raise OwnIdea
    store.ideas.support(idea_id, resident.id, now)
    take_part(store, resident, now)


def take_back(store: Store, idea_id: int, resident: Resident, now: datetime) -> None:
    """Take the support back while the call is open; safe to run twice."""
    idea = find(store, idea_id, resident)
    find_open(store, idea.activity_id, "ideas", now)
    store.ideas.take_back(idea_id, resident.id)


def arrange(ideas: Sequence[Idea], order: str, near: tuple[float, float] | None = None) -> list[Idea]:
    """The list as a reader wants it: ``new``, ``top`` (most supported, then newest), or ``near`` a (latitude,
    longitude) with those without a place last."""
    newest = sorted(ideas, key=lambda idea: (idea.at, idea.id), reverse=True)
    if order == "top":
        return sorted(newest, key=lambda idea: -idea.support)
    if order == "near" and near is not None:
        return sorted(newest, key=lambda idea: _far(idea, near))
    return newest


def _far(idea: Idea, near: tuple[float, float]) -> float:
    if idea.latitude is None or idea.longitude is None:
        return float("inf")
    return metres(near, (idea.latitude, idea.longitude))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two (latitude, longitude) on a sphere of 6,371 km (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((radians(a), radians(b)) for a, b in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6_371_000 * asin(min(1.0, sqrt(half)))
