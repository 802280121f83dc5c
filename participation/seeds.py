"""A city's file as plain data: what it may say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Words = Mapping[str, str]
Path = tuple[str | int, ...]
STRICT = {"extra": "forbid"}
"""An unknown key is an error: a typo would live for years."""

_MOMENT = re.compile(r"([+-]?\d{1,5}) days (\d\d):(\d\d)")


@dataclass(frozen=True)
class SeedPlace:
    __pydantic_config__ = STRICT
    latitude: float
    longitude: float
    address: str = ""


@dataclass(frozen=True)
class SeedCity:
    __pydantic_config__ = STRICT
    key: str
    name: Words
    default_language: str
    time_zone: str
    summary: Words = field(default_factory=dict)
    notice: Words = field(default_factory=dict)
    contact: Words = field(default_factory=dict)
    official_languages: Sequence[str] = ()
    languages: Sequence[str] = ("nl", "fr", "de", "en")
    colour: str = "#1d4f5c"
    logo: str | None = None
    logo_description: Words = field(default_factory=dict)
    quiet_hours: tuple[str, str] = ("20:00", "08:00")
    two_person_rule: bool = True


@dataclass(frozen=True)
class SeedDocument:
    __pydantic_config__ = STRICT
    title: Words
    file: str | None = None
    url: str | None = None


@dataclass(frozen=True)
class SeedMilestone:
    __pydantic_config__ = STRICT
    at: str
    title: Words
    text: Words = field(default_factory=dict)


@dataclass(frozen=True)
class SeedOption:
    __pydantic_config__ = STRICT
    name: Words
    text: Words = field(default_factory=dict)
    photo: str | None = None
    photo_description: Words = field(default_factory=dict)


@dataclass(frozen=True)
class SeedActivity:
    __pydantic_config__ = STRICT
    key: str
    method: Literal["choice", "ideas"]
    title: Words
    opens: str
    text: Words = field(default_factory=dict)
    closes: str | None = None
    results: Literal["always", "after_voting", "after_closing"] = "after_voting"
    shuffled: bool = True
    web_votes: bool = True
    moderation: Literal["after", "before"] = "after"
    options: Sequence[SeedOption] = ()
    label: Words = field(default_factory=dict)


@dataclass(frozen=True)
class SeedProject:
    __pydantic_config__ = STRICT
    key: str
    title: Words
    summary: Words
    status: Literal["draft", "published", "archived"] = "published"
    body: Words = field(default_factory=dict)
    photo: str | None = None
    photo_description: Words = field(default_factory=dict)
    place: SeedPlace | None = None
    budget_euros: int | None = None
    partners: Sequence[str] = ()
    documents: Sequence[SeedDocument] = ()
    milestones: Sequence[SeedMilestone] = ()
    activities: Sequence[SeedActivity] = ()


@dataclass(frozen=True)
class SeedResident:
    __pydantic_config__ = STRICT
    key: str
    name: str
    language: str
    joined: str


@dataclass(frozen=True)
class SeedComment:
    __pydantic_config__ = STRICT
    by: str
    text: str
    at: str
    reply_to: int | None = None


@dataclass(frozen=True)
class SeedIdea:
    __pydantic_config__ = STRICT
    key: str
    activity: str
    by: str
    text: str
    at: str
    anonymous: bool = False
    status: Literal["published", "under_review", "accepted", "in_progress", "done", "declined"] = "published"
    photo: str | None = None
    photo_description: Words = field(default_factory=dict)
    place: SeedPlace | None = None
    supported_by: Sequence[str] = ()
    comments: Sequence[SeedComment] = ()


@dataclass(frozen=True)
class SeedVote:
    __pydantic_config__ = STRICT
    activity: str
    by: str
    option: int
    at: str


@dataclass(frozen=True)
class Seed:
    """A whole file."""

    __pydantic_config__ = STRICT
    city: SeedCity
    projects: Sequence[SeedProject] = ()
    residents: Sequence[SeedResident] = ()
    ideas: Sequence[SeedIdea] = ()
    votes: Sequence[SeedVote] = ()


def moment(text: str, zone: ZoneInfo, today: datetime) -> datetime:
    """A moment of the file: ``2026-05-12 19:00`` in the city's time, or ``-20 days 08:00`` counted from today.

    ValueError for anything else.
    """
    relative = _MOMENT.fullmatch(text)
    if relative is None:
        return datetime.fromisoformat(text).replace(tzinfo=zone)
    day = today.astimezone(zone) + timedelta(days=int(relative[1]))
    return day.replace(hour=int(relative[2]), minute=int(relative[3]), second=0, microsecond=0)
