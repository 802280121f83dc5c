"""Every screen in every language: whole, plain, formal, and in one language only."""

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from sqlalchemy import update

import dialogs
from bot.courier import menus
from dialogs.address import parse
from dialogs.commands import COMMANDS
from dialogs.events import Content, Incoming, Linked, Odd, Tap
from dialogs.notices import _NOTICES
from dialogs.screen import Screen
from locales import HERE, Texts, available, catalogue
from participation.cities import city
from participation.drafts import Content as Brought
from participation.refusals import Refused
from storage.database import Database
from storage.projects import projects
from tests.clock import TestClock
from tests.phone import plain
from tests.test_addresses import ADDRESSES
from tests.towns import LANGUAGES
from tests.turning import take

with (HERE / "messages.pot").open("rb") as template:
    TEMPLATE = read_po(template)
EMOJI = re.compile("[\u2600-\u27bf\U0001f000-\U0001faff]")
FAMILIAR = {
    "nl": re.compile(r"\b(je|jij|jou|jouw|jullie)\b", re.I),
    "fr": re.compile(r"\b(tu|toi|ton|ta|tes|te)\b", re.I),
    "de": re.compile(r"\b(du|dich|dir|dein|deine|deinen|deiner|euch)\b", re.I),
    "en": re.compile(r"\b(thou|thy)\b", re.I),
}
"""Informal address, which no language uses here."""


@pytest.fixture
def engine() -> str:
    return "sqlite"


def sentences(language: str) -> dict[str, str]:
    """Every sentence of the code, and what a language makes of it; plurals by their first form."""
    known = catalogue(language)
    found = {}
    for message in TEMPLATE:
        if isinstance(message.id, tuple | list):
            found[message.id[0]] = known.counted(message.id[0], message.id[1], 5)
        elif message.id:
            found[str(message.id)] = known.of(str(message.id))
    return found


def test_the_four_languages_are_there() -> None:
    assert set(LANGUAGES) <= set(available())


@pytest.mark.parametrize("language", ["nl", "fr", "de"])
def test_every_sentence_is_translated_with_its_placeholders_and_plurals(language: str) -> None:
    with (HERE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        translated = read_po(file, locale=language)
    missing, broken = [], []
    for message in TEMPLATE:
        if not message.id:
            continue
        found = translated.get(message.id if isinstance(message.id, str) else message.id[0])
        forms = [] if found is None else [found.string] if isinstance(found.string, str) else list(found.string or ())
        if found is None or found.fuzzy or not forms or not all(forms):
            missing.append(message.id)
            continue
        wanted = fields(message.id if isinstance(message.id, str) else message.id[1])
        broken += [form for form in forms if fields(form) != wanted]
    assert (missing, broken) == ([], [])


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_the_template_holds_every_sentence_of_the_code_and_no_other() -> None:
    keywords = {"tr": None, "ntr": (1, 2), "N_": None}
    root = Path(dialogs.__file__).parent.parent
    found = set()
    for folder in ("dialogs", "participation", "bot"):
        for _, _, message, *_ in extract_from_dir(str(root / folder), [("**.py", "python")], keywords=keywords):
            found.add(message if isinstance(message, str) else message[0])
    known = {message.id if isinstance(message.id, str) else message.id[0] for message in TEMPLATE if message.id}
    assert found == known


@pytest.mark.parametrize("language", LANGUAGES)
def test_sentences_are_short_formal_and_without_emoji(language: str) -> None:
    for text in sentences(language).values():
        spoken = text.replace("\u00a0", "")
        for sentence in re.split(r"(?<=[.!?])\s", spoken):
            assert len(sentence.split()) <= 15, sentence
        assert not FAMILIAR[language].search(text), text
        assert not EMOJI.search(text), text
        assert not re.search(r"\b[A-ZÀ-Þ]{3,}\b", re.sub(r"\{\w+\}", "", text)), text


async def every_screen(town: Database, clock: TestClock, language: str) -> list[Screen]:
    """All screens that one resident can see: every address, empty and with a draft, refusals and notices."""
    shown: list[Screen] = []
    number = 0

    async def go(event: object) -> None:
        nonlocal number
        number += 1
        outcome = await take(town, Incoming("telegram", number, 50, "", language, event), clock())  # type: ignore[arg-type]
        shown.extend([outcome.screen] if outcome.screen else [])

    await go(Linked("", False))
    calm = [address for address in ADDRESSES if not address.startswith(("language", "erasenow", "stop", "drop"))]
    for address in calm:
        await go(Tap(address, 1, "text"))
    for composer in ("write-2", "discuss-1", "answer-1", "question", "setname"):
        await go(Tap(composer, 1, "text"))
        await go(Content(Brought(1000 + number, "1 2 3" * (400 if composer == "discuss-1" else 1))))
    await go(Tap("write-2", 1, "text"))
    await go(Content(Brought(2000, None, "file", album="a")))
    await go(Content(Brought(2001, None, place=(51.2, 5.3))))
    for kind in _NOTICES:
        await go(Odd(kind))
    for address in calm:
        await go(Tap(address, 1, "text"))
    clock.forward(days=30)
    for address in [*calm, "stop", "drop-compose-2", "erasenow-0"]:
        await go(Tap(address, 1, "text"))
    return shown


@pytest.mark.parametrize("language", LANGUAGES)
async def test_no_screen_speaks_another_language_or_leaves_a_placeholder(
    town: Database, clock: TestClock, language: str
) -> None:
    own = set(sentences(language).values())
    others = {
        text: other
        for other in LANGUAGES
        for text in sentences(other).values()
        if other != language and text not in own and "{" not in text and len(text) > 12
    }
    for screen in await every_screen(town, clock, language):
        text = plain(str(screen.text)) + "\n" + str(screen.said)
        labels = [button.label for row in screen.rows for button in row]
        assert not re.search(r"\{\w*\}", text + " ".join(labels)), text
        for line in [*text.splitlines(), *labels]:
            assert line not in others, (line, others.get(line))
        foreign = set(re.findall(r"«(\w\w) ", text)) - {language}
        assert not foreign, text
        for label in labels:
            assert len(label) <= 32, label
            assert not EMOJI.search(label[:-2]), label


async def test_staff_words_that_are_not_translated_fall_back_and_say_so(town: Database, clock: TestClock) -> None:
    only = {"nl": "Alleen in het Nederlands"}
    await town.turn(lambda store: store.run(update(projects).where(projects.c.id == 1).values(summary=only)))
    outcome = await take(town, Incoming("telegram", 1, 50, "", "fr", Linked("project-1", False)), clock())
    assert outcome.screen is not None
    text = plain(str(outcome.screen.text))
    assert "Alleen in het Nederlands" in text
    assert (
        str(Texts("fr", "UTC").tr("Part of this text is only available in {language}.", language="néerlandais")) in text
    )


@pytest.mark.parametrize(
    ("language", "day", "money", "number"),
    [
        ("nl", "1 mei 2026, 9:05", "€ 2.400.000", "1.500"),
        ("fr", "1er mai 2026, 9:05", "2 400 000 €", "1 500"),
        ("de", "1. Mai 2026, 9:05", "2.400.000 €", "1.500"),
        ("en", "1 May 2026, 9:05", "€2,400,000", "1,500"),
    ],
)
def test_dates_money_and_numbers_are_written_as_the_reader_writes_them(
    language: str, day: str, money: str, number: str
) -> None:
    texts = Texts(language, "Europe/Brussels")
    spaces = str.maketrans("\u00a0\u202f", "  ")
    assert texts.moment(datetime(2026, 5, 1, 7, 5, tzinfo=UTC)) == day
    assert texts.euros(2_400_000).translate(spaces) == money
    assert texts.number(1500).translate(spaces) == number


def test_plural_forms_follow_the_language() -> None:
    def said(language: str, count: int) -> str:
        return str(Texts(language, "UTC").ntr("{count} vote", "{count} votes", count))

    assert [said("nl", n) for n in (0, 1, 2)] == ["0 stemmen", "1 stem", "2 stemmen"]
    assert [said("fr", n) for n in (0, 1, 2)] == ["0 vote", "1 vote", "2 votes"]
    assert [said("de", n) for n in (0, 1, 2)] == ["0 Stimmen", "1 Stimme", "2 Stimmen"]
    assert [said("en", n) for n in (0, 1, 2)] == ["0 votes", "1 vote", "2 votes"]


async def test_menus_and_descriptions_fit_telegrams_limits_in_every_language(town: Database) -> None:
    for call in (await town.turn(lambda store: menus(city(store)))).values():
        assert len(call.get("description", "")) <= 512
        assert len(call.get("short_description", "")) <= 120
        for name, description in call.get("commands", []):
            assert re.fullmatch("[a-z0-9_]{1,32}", name)
            assert 1 <= len(description) <= 256


def test_every_command_is_a_door_that_exists() -> None:
    assert [str(parse(command.address)) for command in COMMANDS.values()] == [one.address for one in COMMANDS.values()]


def test_every_refusal_has_a_sentence_of_its_own_in_every_language() -> None:
    def kinds(parent: type[Refused]) -> list[type[Refused]]:
        return [parent, *(kind for child in parent.__subclasses__() for kind in kinds(child))]

    said = [kind.sentence for kind in kinds(Refused) if kind.__module__.startswith("participation")]
    assert len(said) == len(set(said))
    for language in ("nl", "fr", "de"):
        known = catalogue(language)
        assert [text for text in said if known.of(text) == text] == []
