"""Projects: which ones residents see, and where each stands."""

from dataclasses import dataclass
from datetime import datetime

from participation.activities import phase
from participation.refusals import Gone
from storage.activities import Activity
from storage.projects import Milestone, Project
from storage.store import Store


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of a timeline. ``phase``: past, now, next; ``until`` is None for a milestone and for one without end."""

    phase: str
    at: datetime
    until: datetime | None
    what: Activity | Milestone


def find(store: Store, project_id: int) -> Project:
    """A project that residents can see; Gone otherwise."""
    project = store.projects.get(project_id)
    if project is None or project.status != "published":
        raise Gone
    return project


def timeline(activities: tuple[Activity, ...], milestones: tuple[Milestone, ...], now: datetime) -> list[Moment]:
    """Past, now and next in order of time: an open activity is now, a milestone is past once its moment came."""
    names = {"closed": "past", "open": "now", "coming": "next"}
    moments = [Moment(names[phase(one, now)], one.opens_at, one.closes_at, one) for one in activities]
    moments += [Moment("past" if one.at <= now else "next", one.at, None, one) for one in milestones]
    order = {"past": 0, "now": 1, "next": 2}
    return sorted(moments, key=lambda moment: (order[moment.phase], moment.at))
