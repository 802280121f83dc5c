"""Activities: when one is open, and taking part in it."""

from collections.abc import Sequence
from datetime import UTC, datetime

from locales import N_
from participation.refusals import Gone, Refused
from storage.activities import Activity
from storage.residents import Resident
from storage.store import Store


class NotOpenYet(Refused):
    """It opens later."""

    sentence = N_("This has not started yet. Please come back later.")


class Closed(Refused):
    """Its closing moment has come."""

    sentence = N_("This is closed. Taking part is no longer possible.")


def phase(activity: Activity, now: datetime) -> str:
    """coming, open or closed: open from ``opens_at`` until just before ``closes_at``."""
    if now < activity.opens_at:
        return "coming"
    return "open" if activity.closes_at is None or now < activity.closes_at else "closed"


def find(store: Store, activity_id: int, method: str | None = None, *, held: bool = False) -> Activity:
    """An activity that residents can see, of this method where one is named; Gone otherwise."""
    activity = store.activities.get(activity_id, held=held)
    if activity is None or activity.project_status not in (None, "published"):
        raise Gone
    if method is not None and activity.method != method:
        raise Gone
    return activity


def find_open(store: Store, activity_id: int, method: str, now: datetime) -> Activity:
    """An activity that takes contributions now, held so that closing it is a clean cut."""
    activity = find(store, activity_id, method, held=True)
    match phase(activity, now):
        case "coming":
            raise NotOpenYet
        case "closed":
            raise Closed
    return activity


def current(store: Store, now: datetime) -> list[Activity]:
    """What people can do now: the open activities of published projects and those that stand alone."""
    found = [one for project in store.projects.published() for one in store.activities.of(project.id)]
    return urgent([one for one in (*found, *store.activities.standing_alone()) if phase(one, now) == "open"])


def urgent(found: Sequence[Activity]) -> list[Activity]:
    """What closes soonest first, and a vote before a call that closes with it: it takes one tap."""
    never = datetime.max.replace(tzinfo=UTC)
    return sorted(found, key=lambda one: (one.closes_at or never, one.method != "choice", one.id))


def take_part(store: Store, resident: Resident, now: datetime) -> None:
    """Remember a person's first act; later ones change nothing."""
    if resident.took_part_at is None:
        store.residents.change(resident.id, took_part_at=now)
