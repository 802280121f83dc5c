"""Planting a city's file: everything is found again by its key, so that it is safe to do twice."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from zlib import crc32
from zoneinfo import ZoneInfo

from participation.seeds import Seed, SeedActivity, SeedCity, SeedIdea, SeedOption, SeedProject, SeedResident, moment
from storage.activities import Activity, Option
from storage.cities import City
from storage.documents import Document
from storage.projects import Milestone, Project
from storage.residents import Resident
from storage.schema import Words
from storage.store import Store

CHANNEL = "invented"
"""The channel of the residents that a file brings: nobody can write to them."""

Read = Callable[[str], bytes]
"""The bytes of a file that the city's file names."""


class Contradicted(Exception):
    """The file contradicts what people already did; nothing was planted."""


@dataclass
class _Garden:
    """What is being planted, and the ids that were given so far."""

    store: Store
    seed: Seed
    read: Read
    now: datetime
    people: dict[str, Resident] = field(default_factory=dict)
    activities: dict[str, int] = field(default_factory=dict)
    options: dict[str, list[int]] = field(default_factory=dict)

    def moment(self, text: str) -> datetime:
        return moment(text, ZoneInfo(self.seed.city.time_zone), self.now)

    def photo(self, path: str | None, description: Words) -> int | None:
        return self.store.photos.add_body(self.read(path), description, self.now) if path else None


def plant(store: Store, seed: Seed, read: Read, now: datetime) -> None:
    """Write the city, its projects and the invented residents with what they did. Safe to run twice.

    Moments that count from today count from ``now`` each time; what residents did is planted once.
    """
    garden = _Garden(store, seed, read, now)
    store.cities.put(_city(garden, seed.city))
    for number, project in enumerate(seed.projects):
        _project(garden, number, project)
    for resident in seed.residents:
        garden.people[resident.key] = _resident(garden, resident)
    for idea in seed.ideas:
        _idea(garden, idea)
    for vote in seed.votes:
        activity_id, person = garden.activities[vote.activity], garden.people[vote.by]
        if store.choices.get(activity_id, person.id) is None:
            number = garden.options[vote.activity][vote.option - 1]
            store.choices.put(activity_id, person.id, number, CHANNEL, garden.moment(vote.at))


def _city(garden: _Garden, city: SeedCity) -> City:
    return City(
        key=city.key,
        name=city.name,
        summary=city.summary,
        notice=city.notice,
        contact=city.contact,
        default_language=city.default_language,
        official_languages=city.official_languages or (city.default_language,),
        languages=city.languages,
        time_zone=city.time_zone,
        colour=city.colour,
        logo_id=garden.photo(city.logo, city.logo_description),
        quiet_from=city.quiet_hours[0],
        quiet_until=city.quiet_hours[1],
        two_person_rule=city.two_person_rule,
        version=0,
    )


def _project(garden: _Garden, number: int, project: SeedProject) -> None:
    place = project.place
    project_id = garden.store.projects.put(
        Project(
            id=0,
            key=project.key,
            number=number,
            status=project.status,
            title=project.title,
            summary=project.summary,
            body=project.body,
            photo_id=garden.photo(project.photo, project.photo_description),
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            address=place.address if place else None,
            budget_euros=project.budget_euros,
            partners=project.partners,
        )
    )
    _papers(garden, project, project_id)
    for activity in project.activities:
        name = f"{project.key}/{activity.key}"
        planted = _activity(garden, project_id, activity)
        garden.activities[name] = garden.store.activities.put(planted)
        garden.options[name] = [option.number for option in planted.options]


def _papers(garden: _Garden, project: SeedProject, project_id: int) -> None:
    """The project's milestones and documents."""
    projects, documents = garden.store.projects, garden.store.documents
    for number, one in enumerate(project.milestones):
        projects.put_milestone(Milestone(0, project_id, number, garden.moment(one.at), one.title, one.text))
    projects.remove_milestones_from(project_id, len(project.milestones))
    for number, paper in enumerate(project.documents):
        body = garden.read(paper.file) if paper.file else None
        name = paper.file.rpartition("/")[2] if paper.file else ""
        documents.put(Document(0, project_id, number, paper.title, name, paper.url), body)
    documents.remove_from(project_id, len(project.documents))


def _activity(garden: _Garden, project_id: int, activity: SeedActivity) -> Activity:
    known = next((one for one in garden.store.activities.of(project_id) if one.key == activity.key), None)
    if known is not None and known.method != activity.method:
        raise Contradicted(f"the activity {activity.key!r} cannot change from {known.method} to {activity.method}")
    settings: dict[str, object] = {"moderation": activity.moderation}
    if activity.method == "choice":
        settings = {"results": activity.results, "shuffled": activity.shuffled, "web_votes": activity.web_votes}
    settings |= {"label": dict(activity.label)} if activity.label else {}
    return Activity(
        id=0,
        key=activity.key,
        project_id=project_id,
        method=activity.method,
        title=activity.title,
        text=activity.text,
        opens_at=garden.moment(activity.opens),
        closes_at=garden.moment(activity.closes) if activity.closes else None,
        settings=settings,
        project_status=None,
        options=_options(garden, activity, known),
    )


def _options(garden: _Garden, activity: SeedActivity, known: Activity | None) -> list[Option]:
    """The options, each with the number that it had: by its name, wherever it stands now. Votes stay where they are."""
    language = garden.seed.city.default_language
    before = {option.name.get(language): option.number for option in known.options} if known else {}
    names = [option.name.get(language) for option in activity.options]
    lost = [name for name in before if name not in names]
    fresh = [name for name in names if name not in before]
    if len(lost) == len(fresh):
        # As many new names as old ones are gone: they were renamed, in their order.
        before |= {new: before[old] for old, new in zip(lost, fresh, strict=True)}
    elif known is not None and (voted := garden.store.choices.tally(known.id).keys() & {before[name] for name in lost}):
        named = [name for name in lost if before[name] in voted]
        raise Contradicted(f"{activity.key!r}: people voted for {', '.join(map(str, named))}; it can only be renamed")
    free = count(max(before.values(), default=0) + 1)
    return [_option(garden, before.get(option.name.get(language)) or next(free), option) for option in activity.options]


def _option(garden: _Garden, number: int, option: SeedOption) -> Option:
    return Option(number, option.name, option.text, garden.photo(option.photo, option.photo_description))


def _resident(garden: _Garden, resident: SeedResident) -> Resident:
    """An invented person, known again by their key."""
    chat_id = crc32(f"{garden.seed.city.key}/{resident.key}".encode())
    known = garden.store.residents.enter(CHANNEL, chat_id, 0)
    if known is not None:
        return known.resident
    joined = garden.moment(resident.joined)
    added = garden.store.residents.add(resident.name, resident.language, None, joined, invented=True)
    garden.store.residents.open_account(added.id, CHANNEL, chat_id)
    return added


def _idea(garden: _Garden, idea: SeedIdea) -> None:
    seed_key = f"{garden.seed.city.key}/{idea.key}"
    if garden.store.ideas.seeded(seed_key) is not None:
        return
    author = garden.people[idea.by]
    idea_id = garden.store.ideas.add(
        activity_id=garden.activities[idea.activity],
        resident_id=author.id,
        anonymous=idea.anonymous,
        text=idea.text,
        language=author.language,
        photo_id=garden.photo(idea.photo, idea.photo_description),
        latitude=idea.place.latitude if idea.place else None,
        longitude=idea.place.longitude if idea.place else None,
        status=idea.status,
        at=garden.moment(idea.at),
        seed_key=seed_key,
    )
    for supporter in idea.supported_by:
        garden.store.ideas.support(idea_id, garden.people[supporter].id, garden.moment(idea.at))
    _comments(garden, idea, idea_id)


def _comments(garden: _Garden, idea: SeedIdea, idea_id: int) -> None:
    written: list[int] = []
    for comment in idea.comments:
        author = garden.people[comment.by]
        written.append(
            garden.store.comments.add(
                idea_id=idea_id,
                parent_id=written[comment.reply_to - 1] if comment.reply_to else None,
                resident_id=author.id,
                anonymous=False,
                text=comment.text,
                language=author.language,
                status="published",
                at=garden.moment(comment.at),
            )
        )
