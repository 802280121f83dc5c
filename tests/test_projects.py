"""Projects: what residents see, and where each stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participation.activities import phase
from participation.projects import Moment, find, timeline
from participation.refusals import Gone
from storage.database import Database
from storage.documents import Document
from storage.projects import Milestone, Project
from storage.store import Store
from tests.clock import TestClock
from tests.test_activities import an_activity
from tests.towns import PROJECT, words

NOW = datetime(2026, 5, 12, 7, 30, tzinfo=UTC)
HOURS = st.integers(-5, 5).map(lambda hours: NOW + timedelta(hours=hours))
ACTIVITIES = st.lists(
    st.builds(lambda opens, closes: an_activity(opens_at=opens, closes_at=closes), HOURS, HOURS | st.none()), max_size=5
)
MILESTONES = st.lists(st.builds(lambda at: Milestone(0, 1, 0, at, {}, {}), HOURS), max_size=5)


@given(ACTIVITIES.map(tuple), MILESTONES.map(tuple))
def test_a_timeline_shows_everything_once_past_before_now_before_next_each_in_order_of_time(
    activities: tuple[object, ...], milestones: tuple[Milestone, ...]
) -> None:
    shown = timeline(activities, milestones, NOW)  # type: ignore[arg-type]
    assert sorted(map(repr, (moment.what for moment in shown))) == sorted(map(repr, (*activities, *milestones)))
    place = [(["past", "now", "next"].index(moment.phase), moment.at) for moment in shown]
    assert place == sorted(place)
    assert all(moment.phase == _expected(moment) for moment in shown)


def _expected(moment: Moment) -> str:
    if isinstance(moment.what, Milestone):
        return "past" if moment.at <= NOW else "next"
    return {"closed": "past", "open": "now", "coming": "next"}[phase(moment.what, NOW)]


def test_a_milestone_is_past_from_its_very_moment() -> None:
    reached = Milestone(1, 1, 0, NOW, {}, {})
    coming = Milestone(2, 1, 1, NOW + timedelta(microseconds=1), {}, {})
    alone = an_activity(opens_at=NOW, closes_at=None)
    assert timeline((alone,), (coming, reached), NOW) == [
        Moment("past", NOW, None, reached),
        Moment("now", NOW, None, alone),
        Moment("next", coming.at, None, coming),
    ]


async def test_the_square_has_a_past_a_present_and_a_future(town: Database, clock: TestClock) -> None:
    def visit(store: Store) -> list[tuple[str, str]]:
        activities, milestones = store.activities.of(PROJECT), store.projects.milestones_of(PROJECT)
        return [(one.phase, one.what.title["en"]) for one in timeline(activities, milestones, clock())]

    assert await town.turn(visit) == [
        ("past", "«en A walk»"),
        ("past", "«en What first?»"),
        ("now", "«en Which plan?»"),
        ("now", "«en Your idea»"),
        ("next", "«en The council decides»"),
    ]


async def test_residents_see_published_projects_in_the_city_s_order(town: Database) -> None:
    assert [one.key for one in await town.turn(lambda store: store.projects.published())] == ["square", "art"]


async def test_a_project_that_is_not_public_or_not_there_is_gone(town: Database) -> None:
    secret = await town.turn(lambda store: store.projects.by_key("secret"))
    assert secret is not None
    for project_id in (secret.id, 99):
        with pytest.raises(Gone):
            await town.turn(partial(find, project_id=project_id))
    assert (await town.turn(lambda store: find(store, PROJECT))).key == "square"


async def test_a_project_written_again_keeps_its_id(db: Database) -> None:
    project = Project(
        0, "park", 1, "draft", words("Park"), {}, {}, None, 51.2, 5.3, "Street 1", 3_000_000_000, ["Stad"]
    )
    first = await db.turn(lambda store: store.projects.put(project))
    later = replace(project, status="published", budget_euros=None, latitude=None, longitude=None, partners=[])
    assert await db.turn(lambda store: store.projects.put(later)) == first
    assert await db.turn(lambda store: store.projects.get(first)) == replace(later, id=first)
    assert await db.turn(lambda store: store.projects.by_key("lake")) is None


async def test_milestones_come_in_order_of_time_and_can_be_dropped_from_a_number_on(
    town: Database, clock: TestClock
) -> None:
    def visit(store: Store) -> list[list[str]]:
        put, now = store.projects.put_milestone, clock()
        put(Milestone(0, PROJECT, 0, now, words("Now"), {}))
        put(Milestone(0, PROJECT, 2, now - timedelta(days=300), words("Long ago"), {}))
        found = [[one.title["en"] for one in store.projects.milestones_of(PROJECT)]]
        store.projects.remove_milestones_from(PROJECT, 1)
        return [*found, [one.title["en"] for one in store.projects.milestones_of(PROJECT)]]

    assert await town.turn(visit) == [["«en Long ago»", "«en Now»", "«en The council decides»"], ["«en Now»"]]


async def test_a_document_has_bytes_or_an_address_and_keeps_its_id(town: Database) -> None:
    def visit(store: Store) -> None:
        plan, web = store.documents.of(PROJECT)
        assert (plan.number, plan.file_name, plan.url, web.file_name, web.url) == (
            0,
            "plan.pdf",
            None,
            "",
            "https://example.org/",
        )
        assert (store.documents.body(plan.id), store.documents.body(web.id)) == (b"%PDF-1.4 plan", None)
        changed = Document(0, PROJECT, 0, words("New"), "new.pdf", None)
        store.documents.put(changed, b"new")
        assert store.documents.get(plan.id) == replace(changed, id=plan.id)
        assert store.documents.body(plan.id) == b"new"
        store.documents.remove_from(PROJECT, 1)
        assert store.documents.of(PROJECT) == (replace(changed, id=plan.id),)
        assert (store.documents.get(web.id), store.documents.body(web.id)) == (None, None)

    await town.turn(visit)
