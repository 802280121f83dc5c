"""A city's file: planted whole, twice without a difference, and checked with errors that name key and line."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.seeding import DEMO, BadSeed, line_of, planting, read
from participation.seeding import Contradicted, plant
from participation.seeds import moment
from storage.database import Database
from storage.migrating import schema
from storage.store import Store
from tests.towns import read as bytes_of
from tests.towns import seed

NOW = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)


def everything(store: Store) -> dict[str, Any]:
    found = {}
    for table in schema().sorted_tables:
        columns = [column for column in table.c if column.name not in ("at", "version")]
        found[table.name] = [tuple(row) for row in store.run(table.select().with_only_columns(*columns))]
    return found


async def test_planting_twice_changes_nothing(db: Database) -> None:
    await db.turn(lambda store: plant(store, seed(), bytes_of, NOW))
    before = await db.turn(everything)
    await db.turn(lambda store: plant(store, seed(), bytes_of, NOW))
    assert await db.turn(everything) == before


async def test_planting_again_keeps_what_people_did_and_takes_over_what_staff_changed(db: Database) -> None:
    await db.turn(lambda store: plant(store, seed(), bytes_of, NOW))
    await db.turn(lambda store: store.choices.put(1, 1, 3, "telegram", NOW))
    shorter = seed()
    fewer = shorter.projects[0].__class__(**{**vars(shorter.projects[0]), "milestones": [], "documents": []})
    await db.turn(lambda store: plant(store, seed(projects=[fewer, *shorter.projects[1:]]), bytes_of, NOW))
    assert (await db.turn(lambda store: store.choices.get(1, 1))).option_number == 3  # type: ignore[union-attr]
    assert await db.turn(lambda store: store.projects.milestones_of(1)) == ()
    assert await db.turn(lambda store: store.documents.of(1)) == ()


@pytest.mark.parametrize("city", ["lommel", "sint-niklaas"])
async def test_the_demo_cities_are_planted_with_invented_people(db: Database, city: str) -> None:
    await db.turn(planting(DEMO / city / "city.toml", NOW))
    from storage.residents import residents

    people = await db.turn(lambda store: store.run(residents.select()).all())
    assert len(people) >= 30
    assert all(person.invented for person in people)


@pytest.mark.parametrize("city", ["lommel", "sint-niklaas"])
def test_the_demo_cities_speak_four_languages(city: str) -> None:
    found = read(DEMO / city / "city.toml")
    for project in found.projects:
        texts = [project.title, project.summary, project.body, project.photo_description]
        texts += [text for one in project.activities for text in (one.title, one.text)]
        texts += [text for one in project.activities for option in one.options for text in (option.name, option.text)]
        assert [text for text in texts if set(text) != {"nl", "fr", "de", "en"}] == []


GOOD = """
[city]
key = "x"
name = {nl="X"}
default_language = "nl"
time_zone = "Europe/Brussels"

[[projects]]
key = "one"
title = {nl="Een"}
summary = {nl="Een"}

[[projects.activities]]
key = "vote"
method = "choice"
title = {nl="Wat?"}
opens = "-3 days 08:00"

[[projects.activities.options]]
name = {nl="A"}

[[residents]]
key = "r1"
name = "An"
language = "nl"
joined = "-9 days 08:00"

[[votes]]
activity = "one/vote"
by = "r1"
option = 1
at = "-2 days 08:00"
"""


@pytest.mark.parametrize(
    ("right", "wrong", "line", "said"),
    [
        ('method = "choice"', 'method = "dance"', 15, "projects[1].activities[1].method: Input should be"),
        ('key = "vote"', 'key = "vote"\ncolour = "red"', 15, "projects[1].activities[1].colour: this key is not known"),
        ('opens = "-3 days 08:00"', 'opens = "soon"', 17, "projects[1].activities[1].opens: 'soon' is no moment"),
        ('summary = {nl="Een"}', 'summary = {fr="Un"}', 11, "projects[1].summary: the text in nl"),
        ('summary = {nl="Een"}', 'summary = {nl="Een", xx="?"}', 11, "projects[1].summary: xx is not among"),
        ("option = 1", "option = 4", 31, "votes[1].option: one/vote has 1 options"),
        ('by = "r1"', 'by = "r9"', 30, "votes[1].by: no resident has the key 'r9'"),
        ('activity = "one/vote"', 'activity = "one/x"', 29, "votes[1].activity: no activity of the method choice"),
        (
            'title = {nl="Een"}',
            'title = {nl="Een"}\nphoto = "no.jpg"',
            11,
            "projects[1].photo: there is no file no.jpg",
        ),
        ('time_zone = "Europe/Brussels"', "", 2, "city.time_zone: this is missing"),
        ("[[votes]]", "[[votes]", 28, "this is not TOML"),
    ],
)
def test_a_mistake_is_named_with_its_key_and_its_line(
    tmp_path: Path, right: str, wrong: str, line: int, said: str
) -> None:
    file = tmp_path / "city.toml"
    file.write_text(GOOD.replace(right, wrong, 1))
    with pytest.raises(BadSeed, match=r"city\.toml") as error:
        read(file)
    assert said in str(error.value)
    assert f":{line}:" in str(error.value) or "line 28" in str(error.value)


def test_the_good_file_is_good(tmp_path: Path) -> None:
    file = tmp_path / "city.toml"
    file.write_text(GOOD)
    assert read(file).city.key == "x"


def test_a_file_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BadSeed, match="cannot be read: No such file"):
        read(tmp_path / "none.toml")


def test_the_line_of_a_missing_key_is_its_tables() -> None:
    assert line_of(GOOD, ("projects", 0, "activities", 0, "closes")) == 13
    assert line_of(GOOD, ("nothing",)) == 1


def test_a_moment_is_local_time_on_both_nights_of_the_clock_change() -> None:
    zone = ZoneInfo("Europe/Brussels")
    before = datetime(2026, 3, 28, 12, 0, tzinfo=UTC)
    assert moment("+1 days 08:00", zone, before).astimezone(UTC) == datetime(2026, 3, 29, 6, 0, tzinfo=UTC)
    assert moment("0 days 08:00", zone, before).astimezone(UTC) == datetime(2026, 3, 28, 7, 0, tzinfo=UTC)
    assert moment("2026-10-25 08:00", zone, before).astimezone(UTC) == datetime(2026, 10, 25, 7, 0, tzinfo=UTC)
    assert moment("-400 days 08:00", zone, before) < before - timedelta(days=399)


def squares(*names: str, **changes: Any) -> Any:
    """The test town whose vote has these plans."""
    first, *rest = seed().projects
    vote, *others = first.activities
    plans = [replace(vote.options[0], name={"nl": name}, photo=None) for name in names]
    changed = replace(vote, options=plans, **changes)
    return seed(projects=[replace(first, activities=[changed, *others]), *rest], votes=[])


async def test_votes_stay_with_their_plan_however_the_file_is_reordered_or_reworded(db: Database) -> None:
    async def planted(*names: str) -> dict[str, int]:
        await db.turn(lambda store: plant(store, squares(*names), bytes_of, NOW))
        activity = await db.turn(lambda store: store.activities.get(1))
        tally = await db.turn(lambda store: store.choices.tally(1))
        assert activity is not None
        return {option.name["nl"]: tally.get(option.number, 0) for option in activity.options}

    await planted("Bos", "Speeltuin")
    await db.turn(lambda store: store.choices.put(1, 1, 2, "telegram", NOW))
    assert await planted("Speeltuin", "Bos") == {"Bos": 0, "Speeltuin": 1}
    assert await planted("Markt", "Speeltuin", "Bos") == {"Bos": 0, "Speeltuin": 1, "Markt": 0}
    assert await planted("Markt", "Speelplein", "Bos") == {"Bos": 0, "Speelplein": 1, "Markt": 0}
    assert await planted("Speelplein", "Bos") == {"Bos": 0, "Speelplein": 1}
    with pytest.raises(Contradicted, match="Speelplein"):
        await planted("Bos")
    assert await planted("Speelplein", "Bos") == {"Bos": 0, "Speelplein": 1}


async def test_an_activity_cannot_become_another_method(db: Database) -> None:
    await db.turn(lambda store: plant(store, squares("A", "B"), bytes_of, NOW))
    with pytest.raises(Contradicted, match="cannot change from choice to ideas"):
        await db.turn(lambda store: plant(store, squares("A", "B", method="ideas"), bytes_of, NOW))


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ('key = "x"', 'key = "x"\ncolour = "brown"', "city.colour: 'brown' is no colour"),
        ('key = "x"', 'key = "x"\nlanguages = ["nl", "xx"]', "city.languages: Belleman does not speak xx yet"),
        (
            'opens = "-3 days 08:00"',
            'opens = "-3 days 08:00"\ncloses = "-4 days 08:00"',
            "closes: it closes before it opens",
        ),
        (
            "[[residents]]",
            '[[projects]]\nkey = "one"\ntitle = {nl="x"}\nsummary = {nl="x"}\n[[residents]]',
            "is taken already",
        ),
    ],
)
def test_a_contradiction_within_the_file_is_named(tmp_path: Path, right: str, wrong: str, said: str) -> None:
    file = tmp_path / "city.toml"
    file.write_text(GOOD.replace(right, wrong, 1))
    with pytest.raises(BadSeed, match=re.escape(said)):
        read(file)
