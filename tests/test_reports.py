"""Reports: one a person and contribution, of what that person can read."""

from functools import partial

import pytest

from participation.refusals import Gone
from participation.reports import report
from storage.database import Database
from storage.reports import Report
from storage.residents import Resident
from tests.clock import TestClock
from tests.test_comments import PRAISE
from tests.test_ideas import BENCHES


@pytest.fixture
async def person(town: Database, clock: TestClock) -> Resident:
    return await town.turn(lambda store: store.residents.add("Ada", "nl", None, clock()))


async def test_a_report_counts_each_person_once(town: Database, clock: TestClock, person: Resident) -> None:
    other = await town.turn(lambda store: store.residents.add("Bob", "nl", None, clock()))
    first, idea, remark = clock(), f"idea-{BENCHES}", f"remark-{PRAISE}"
    await town.turn(lambda store: report(store, idea, person, first))
    await town.turn(lambda store: report(store, idea, person, clock()))
    await town.turn(lambda store: report(store, idea, other, clock()))
    second = clock()
    await town.turn(lambda store: report(store, remark, person, second))
    assert await town.turn(lambda store: (store.reports.count(idea), store.reports.count(remark))) == (2, 1)
    assert await town.turn(lambda store: store.reports.of(person.id)) == (
        Report(idea, person.id, first),
        Report(remark, person.id, second),
    )


@pytest.mark.parametrize(
    "address",
    ["idea-99", "remark-99", "idea-", "idea", "", "idea-1-2", "idea--1", "idea-١", "project-1", "idea-" + "9" * 40],
)
async def test_what_is_not_there_cannot_be_reported(
    town: Database, clock: TestClock, person: Resident, address: str
) -> None:
    with pytest.raises(Gone):
        await town.turn(lambda store: report(store, address, person, clock()))
    assert await town.turn(lambda store: store.reports.of(person.id)) == ()


async def test_what_is_hidden_already_cannot_be_reported(town: Database, clock: TestClock, person: Resident) -> None:
    await town.turn(lambda store: store.ideas.change(BENCHES, status="hidden"))
    await town.turn(lambda store: store.comments.change(PRAISE, status="hidden"))
    for address in (f"idea-{BENCHES}", f"remark-{PRAISE}"):
        with pytest.raises(Gone):
            await town.turn(partial(report, address=address, resident=person, now=clock()))
