"""What can be wrong with a city's file though every type is right."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

from participation.seeds import Path, Seed, SeedActivity, SeedIdea, moment
from participation.words import LABEL_LENGTH


def mistakes(seed: Seed, today: datetime) -> Iterator[tuple[Path, str]]:
    """What is wrong though every type is right: the place in the file, and what to do about it."""
    if seed.city.time_zone not in available_timezones():
        yield ("city", "time_zone"), "this time zone is not known; write one such as Europe/Brussels"
        return
    yield from _words(seed)
    yield from _labels(seed)
    yield from _moments(seed, today)
    yield from _spans(seed, today)
    yield from _references(seed)


def _words(seed: Seed) -> Iterator[tuple[Path, str]]:
    """Every text needs the city's own language; every language must be one of the city's."""
    default, known = seed.city.default_language, set(seed.city.languages)
    if default not in known:
        yield ("city", "default_language"), f"{default} is not among the city's languages"
    for path, words in every(seed):
        if not isinstance(words, Mapping):
            continue
        if words and not words.get(default):
            yield path, f"the text in {default}, the city's language, is missing"
        for language in set(words) - known:
            yield path, f"{language} is not among the city's languages"


def every(thing: object, path: Path = ()) -> Iterator[tuple[Path, object]]:
    """Each value of a file with its place in it: texts per language as one, and all that is no list or table."""
    if isinstance(thing, list | tuple):
        for index, one in enumerate(thing):
            yield from every(one, (*path, index))
    elif hasattr(thing, "__dataclass_fields__"):
        for name in thing.__dataclass_fields__:
            yield from every(getattr(thing, name), (*path, name))
    else:
        yield path, thing


def _labels(seed: Seed) -> Iterator[tuple[Path, str]]:
    """What stands on a button fits on it."""
    for number, project in enumerate(seed.projects):
        for index, activity in enumerate(project.activities):
            for language, text in activity.label.items():
                if len(text) > LABEL_LENGTH:
                    path = ("projects", number, "activities", index, "label", language)
                    yield path, f"{len(text)} characters; a button has room for {LABEL_LENGTH}"


def _spans(seed: Seed, today: datetime) -> Iterator[tuple[Path, str]]:
    """An activity closes after it opens; colours are what the page expects."""
    if not re.fullmatch("#[0-9a-fA-F]{6}", seed.city.colour):
        yield ("city", "colour"), f"{seed.city.colour!r} is no colour; write one such as #1f5c4d"
    zone = ZoneInfo(seed.city.time_zone)
    for number, project in enumerate(seed.projects):
        for index, one in enumerate(project.activities):
            with suppress(ValueError):  # a moment that is none is said elsewhere
                if one.closes is not None and moment(one.closes, zone, today) <= moment(one.opens, zone, today):
                    yield ("projects", number, "activities", index, "closes"), "it closes before it opens"


def _moments(seed: Seed, today: datetime) -> Iterator[tuple[Path, str]]:
    zone = ZoneInfo(seed.city.time_zone)
    for path, text in every(seed):
        if path[-1] not in ("at", "opens", "closes", "joined") or not isinstance(text, str):
            continue
        try:
            moment(text, zone, today)
        except ValueError:
            yield path, f"{text!r} is no moment; write '2026-05-12 19:00' or '-20 days 08:00'"


def _references(seed: Seed) -> Iterator[tuple[Path, str]]:
    """Every key that the file names exists, and keys of projects are different."""
    people = [one.key for one in seed.residents]
    activities = {f"{project.key}/{one.key}": one for project in seed.projects for one in project.activities}
    yield from _twice(("projects",), [one.key for one in seed.projects])
    yield from _twice(("residents",), people)
    yield from _twice(("ideas",), [one.key for one in seed.ideas])
    for index, project in enumerate(seed.projects):
        yield from _twice(("projects", index, "activities"), [one.key for one in project.activities])
    for index, idea in enumerate(seed.ideas):
        yield from _contribution(("ideas", index), idea.activity, "ideas", idea.by, activities, people)
        yield from _idea(("ideas", index), idea, people)
    for index, vote in enumerate(seed.votes):
        yield from _contribution(("votes", index), vote.activity, "choice", vote.by, activities, people)
        found = activities.get(vote.activity)
        if found is not None and not 1 <= vote.option <= len(found.options):
            yield ("votes", index, "option"), f"{vote.activity} has {len(found.options)} options"


def _twice(path: Path, keys: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """A key names one thing among its neighbours."""
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield (*path, index, "key"), f"the key {key!r} is taken already"


def _idea(path: Path, idea: SeedIdea, people: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Its supporters and commenters exist, and a reply follows what it answers."""
    for number, comment in enumerate(idea.comments):
        if comment.by not in people:
            yield (*path, "comments", number, "by"), f"no resident has the key {comment.by!r}"
        if comment.reply_to is not None and not 1 <= comment.reply_to <= number:
            yield (*path, "comments", number, "reply_to"), "it must name an earlier comment"
    for supporter in sorted(set(idea.supported_by) - set(people)):
        yield (*path, "supported_by"), f"no resident has the key {supporter!r}"


def _contribution(
    path: Path, activity: str, method: str, by: str, activities: Mapping[str, SeedActivity], people: Sequence[str]
) -> Iterator[tuple[Path, str]]:
    if activity not in activities or activities[activity].method != method:
        yield (*path, "activity"), f"no activity of the method {method} is called {activity!r}"
    if by not in people:
        yield (*path, "by"), f"no resident has the key {by!r}"
