"""The grammar of addresses, and a walk through every one of them."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import dialogs
from dialogs import turns
from dialogs.address import LENGTH, TABLE, Rest, compose, parse
from dialogs.commands import COMMANDS
from dialogs.events import Incoming, Linked, Tap
from dialogs.turns import Outcome
from participation.refusals import Gone
from storage.database import Database
from storage.migrating import schema
from storage.store import Store
from tests.clock import TestClock
from tests.turning import take

ARGUMENTS: dict[str, list[tuple[Any, ...]]] = {
    "activity": [(1,), (2,), (3,), (4,)],
    "agree": [(1, "activity-1"), (0, "home")],
    "anonymous": [(1, "compose-2")],
    "ideas": [(2, "new", 1), (2, "top", 1), (2, "near", 1)],
    "language": [("fr",)],
    "export": [("json",), ("html",)],
    "plan": [(1, 2)],
    "choose": [(1, 2)],
    "results": [(3,)],
    "report": [("idea-1",), ("remark-1",)],
    "reportnow": [("idea-1",)],
    "strip": [("photo", "compose-2"), ("place", "compose-2")],
    "erasenow": [(0,), (1,)],
    "writing": [(1,)],
    "document": [(1,)],
    "compose": [(2,)],
    "near": [(2,)],
    "nearby": [(2,)],
    "resume": [("compose-2",)],
    "write": [(2,)],
    "sendidea": [(2,)],
}
"""Arguments that lead somewhere in the test town; an address that is not here takes none, 1, or a composer."""


def arguments(name: str) -> list[tuple[Any, ...]]:
    kinds = TABLE[name].kinds
    return ARGUMENTS.get(name, [tuple("compose-2" if kind is Rest else 1 for kind in kinds)])


ADDRESSES = [compose(name, *given_) for name in sorted(TABLE) for given_ in arguments(name)]


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.mark.parametrize("address", ADDRESSES)
async def test_as_a_deep_link_it_changes_nothing_but_that_the_person_was_seen(
    town: Database, clock: TestClock, address: str
) -> None:
    async def open_link(update_id: int, link: str) -> Outcome:
        incoming = Incoming("telegram", update_id, 50, "An", "en", Linked(link, is_command=False))
        return await town.turn(lambda store: turns.take(incoming, clock, store))

    await open_link(1, "")
    before = await town.turn(memory)
    outcome = await open_link(2, f"{address}-from-station")
    assert await town.turn(memory) == before
    assert outcome.screen is not None
    assert parse(outcome.screen.address).spot.act is False
    assert outcome.screen.rows, "a dead end"


def memory(store: Store) -> dict[str, Any]:
    """All rows but those that say who was seen where, and which updates came."""
    return {
        table.name: [tuple(row) for row in store.run(table.select())]
        for table in schema().sorted_tables
        if table.name not in ("visits", "arrivals")
    }


@pytest.mark.parametrize("address", ADDRESSES)
async def test_as_a_tap_it_ends_at_a_screen_with_a_way_on(town: Database, clock: TestClock, address: str) -> None:
    """Promise 8: never a dead end, whatever the state; every button on the screen is an address that fits."""
    await take(town, Incoming("telegram", 1, 50, "An", "en", Linked("", False)), clock())
    outcome = await take(town, Incoming("telegram", 2, 50, "An", "en", Tap(address, 1, "text")), clock())
    assert outcome.screen is not None
    buttons = [button for row in outcome.screen.rows for button in row]
    assert buttons
    for button in buttons:
        assert button.url or parse(button.address)
        assert len(button.address.encode()) <= LENGTH
        assert 1 <= len(button.label) <= 32


def test_every_room_has_a_door() -> None:
    """Each address is named by a command, or somewhere in dialogs/ beside where it is registered."""
    parts = [path.read_text() for path in Path(dialogs.__file__).parent.glob("*.py")]
    source = re.sub(r'@(?:screen|action)\("[a-z]+"', "", "".join(parts))
    named = set(re.findall(r"[\"']([a-z]+)(?=[-\"'])", source)) | {one.address for one in COMMANDS.values()}
    assert sorted(set(TABLE) - named) == ["invite"], "the command line prints that one"


NAMES = st.from_regex(r"[a-z]{1,8}", fullmatch=True)
WORDS = st.from_regex(r"[A-Za-z0-9_]{1,6}", fullmatch=True)


@given(st.sampled_from(sorted(TABLE)), st.data())
def test_what_was_composed_is_parsed_to_the_same(name: str, data: st.DataObject) -> None:
    kinds = {int: st.integers(0, 10**12), str: WORDS, Rest: st.sampled_from(ADDRESSES)}
    chosen = tuple(data.draw(kinds[kind]) for kind in TABLE[name].kinds)
    source = data.draw(st.none() | WORDS)
    if len("-".join(map(str, (name, *chosen)))) + len(f"-from-{source}") > LENGTH:
        return
    found = parse(compose(name, *chosen, source=source))
    assert (found.spot.name, found.arguments, found.source) == (name, chosen, source)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_gone_and_nothing_else(text: str) -> None:
    with suppress(Gone):
        assert parse(text).spot.name in TABLE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "home-",
        "HOME",
        "project-4-from-",
        "project--4",
        "project-4-from-ü",
        "choose-1-" + "9" * 60,
        "project-٤",
    ],
)
def test_what_is_no_address_is_gone(text: str) -> None:
    with pytest.raises(Gone):
        parse(text)


def test_a_word_that_cannot_be_in_an_address_is_refused_when_it_is_made() -> None:
    for arguments_ in (("a b",), ("ü",), ("x" * 80,), ("-",)):
        with pytest.raises(ValueError, match="not an address"):
            compose("project", *arguments_)
