"""The documents are under test: what they name is there, and what is there they name."""

import re
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import app
from storage.cities import City
from storage.migrating import schema

ROOT = Path(__file__).parent.parent
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])


def test_every_place_in_the_readmes_table_is_there() -> None:
    table = (ROOT / "README.md").read_text().split("## Where is ...?")[1]
    places = re.findall(r"`((?:bot|dialogs|participation|storage|locales|tests|docs)/[\w./-]*)`", table)
    assert len(places) > 15
    assert [place for place in places if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_picture_leads_somewhere(page: Path) -> None:
    targets = re.findall(r'\]\(([^)#:]+)\)|src="([^"]+)"', page.read_text())
    assert [one or two for one, two in targets if not (page.parent / (one or two)).exists()] == []


def test_every_command_is_in_the_operators_page() -> None:
    operating = (ROOT / "docs" / "operating.md").read_text()
    commands = get_command(app).commands  # type: ignore[attr-defined]
    assert [name for name in commands if f"belleman {name}" not in operating] == []


def test_every_part_of_the_citys_file_is_in_the_staffs_page() -> None:
    from dataclasses import fields

    from participation.seeds import SeedActivity, SeedCity

    demo = (ROOT / "bot" / "demo" / "lommel" / "city.toml").read_text()
    staff = (ROOT / "docs" / "staff.md").read_text()
    for name in (field.name for kind in (SeedCity, SeedActivity) for field in fields(kind)):
        assert re.search(rf"\b{name}\b", demo + staff), name
    assert City.__slots__


def test_every_kind_of_data_about_people_is_in_the_privacy_page() -> None:
    """A new table with people in it needs a line on the privacy page, and an entry here that says which."""
    page = (ROOT / "docs" / "privacy.md").read_text()
    line = {
        "accounts": "the chat's number on its channel",
        "choice_ballots": "votes",
        "comments": "comments",
        "consents": "may we write to you?",
        "drafts": "half-written messages",
        "ideas": "ideas",
        "pairing_tries": "wrong codes",
        "pairings": "code that connects",
        "questions": "questions",
        "reports": "reports",
        "staff": "role",
        "supports": "support",
        "visits": "first seen",
    }
    assert {name for name, table in schema().tables.items() if "resident_id" in table.c} == set(line)
    assert [words for words in line.values() if words not in page] == []


def test_pins_are_names_and_versions_alone() -> None:
    for name in ("requirements.txt", "requirements-test.txt"):
        lines = (ROOT / name).read_text().splitlines()
        assert [line for line in lines if not re.fullmatch(r"[a-z0-9_-]+==[\w.]+", line)] == []


def test_no_module_outgrows_its_room() -> None:
    folders = ("bot", "dialogs", "participation", "storage", "locales")
    modules = [path for folder in folders for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts]
    assert [path.name for path in modules if len(path.read_text().splitlines()) > 250] == []
