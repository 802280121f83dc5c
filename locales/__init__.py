"""The languages: sentences by gettext, dates, numbers and money by Babel. A leaf: it knows nothing of the rest."""

import re
import unicodedata
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers
from babel.messages.pofile import read_po
from markupsafe import Markup, escape

HERE = Path(__file__).parent
SOURCE = "en"
"""The language of the sentences in the code; it needs no catalogue."""

REGION = {"en": "en_GB", "nl": "nl_BE", "fr": "fr_BE", "de": "de_BE"}
"""Whose dates and numbers a language uses; any other language uses its own."""

NAMES = {"nl": "Nederlands", "fr": "Français", "de": "Deutsch", "en": "English"}
"""What a language calls itself."""

_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for 'translate this later'
    """Mark a sentence for translation; it is translated where it is shown."""
    return sentence


def available() -> tuple[str, ...]:
    """The languages that have a catalogue, and the source language."""
    found = {path.parent.parent.name for path in HERE.glob("*/LC_MESSAGES/messages.po")}
    return tuple(sorted(found | {SOURCE}))


class _Catalogue:
    """The sentences of one language; one that is missing stays as it is in the code."""

    def __init__(self, language: str) -> None:
        self.singular: dict[str, str] = {}
        self.plural: dict[str, tuple[str, ...]] = {}
        self.plural_form = Locale.parse(language).plural_form
        path = HERE / language / "LC_MESSAGES" / "messages.po"
        if not path.exists():
            return
        with path.open("rb") as file:
            for message in read_po(file, locale=language):
                if isinstance(message.id, tuple | list):
                    self.plural[message.id[0]] = tuple(message.string or ())
                elif message.id and message.string:
                    self.singular[message.id] = str(message.string)

    def of(self, sentence: str) -> str:
        return self.singular.get(sentence, sentence)

    def counted(self, one: str, many: str, count: int) -> str:
        forms = self.plural.get(one, (one, many))
        return forms[0 if self.plural_form(count) == "one" else -1]


@cache
def catalogue(language: str) -> _Catalogue:
    """The sentences of a language, read once."""
    return _Catalogue(language)


class Texts:
    """Everything that one reader's language decides. Times are shown in the city's zone."""

    def __init__(self, language: str, time_zone: str) -> None:
        self.language = language
        self._catalogue = catalogue(language)
        self._locale = Locale.parse(REGION.get(language, language))
        self._zone = ZoneInfo(time_zone)

    def tr(self, sentence: str, **values: object) -> Markup:
        """The sentence in this language; a value that is not Markup is escaped, and cannot change what is around it."""
        return _fill(self._catalogue.of(sentence), values)

    def ntr(self, one: str, many: str, count: int, **values: object) -> Markup:
        """The sentence for this many; ``{count}`` is the number as this language writes it."""
        return _fill(self._catalogue.counted(one, many, count), {"count": self.number(count), **values})

    def number(self, value: float) -> str:
        return numbers.format_decimal(value, locale=self._locale)

    def percent(self, part: int, whole: int) -> str:
        """A share of the whole, in whole percents."""
        return numbers.format_percent(part / whole if whole else 0, locale=self._locale)

    def euros(self, amount: int) -> str:
        """Whole euros."""
        pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
        return numbers.format_currency(amount, "EUR", pattern, locale=self._locale, currency_digits=False)

    def day(self, moment: datetime) -> str:
        """A day with its month and year: '12 mei 2026'."""
        return _day(moment, self._locale, self._zone)

    def moment(self, moment: datetime) -> str:
        """A day and the time on it."""
        return f"{_day(moment, self._locale, self._zone)}, {_time(moment, self._locale, self._zone)}"

    def listing(self, things: list[str]) -> str:
        """'a, b and c'."""
        return lists.format_list(things, locale=self._locale)

    def distance(self, metres: float) -> str:
        """Metres up to a kilometre, then kilometres with one decimal."""
        if metres < 1000:
            return f"{self.number(round(metres, -1))} m"
        return f"{self.number(round(metres / 1000, 1))} km"

    def language_name(self, language: str) -> str:
        """What a language is called in this one."""
        return str(self._locale.languages.get(language, language))


@cache
def texts(language: str, time_zone: str) -> Texts:
    """The texts of a language in a time zone, made once."""
    return Texts(language, time_zone)


@lru_cache(4096)
def _day(moment: datetime, locale: Locale, zone: ZoneInfo) -> str:
    said = dates.format_date(moment.astimezone(zone).date(), "long", locale=locale)
    return f"1er{said[1:]}" if locale.language == "fr" and said.startswith("1 ") else said


@lru_cache(4096)
def _time(moment: datetime, locale: Locale, zone: ZoneInfo) -> str:
    return dates.format_time(moment, "H:mm", tzinfo=zone, locale=locale)


@cache
def _parts(sentence: str) -> tuple[tuple[str, str | None], ...]:
    """A sentence as its pieces, each with the name of the value behind it; taken apart once."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(sentence))


def _fill(sentence: str, values: dict[str, object]) -> Markup:
    pieces = []
    for literal, name in _parts(sentence):
        pieces.append(literal)
        if name is not None:
            pieces.append(escape(_isolated(values[name])))
    return Markup("".join(pieces))  # noqa: S704 - sentences are our catalogues', values are escaped


def _isolated(value: object) -> object:
    """A word that runs from right to left keeps its direction to itself."""
    if isinstance(value, str) and not isinstance(value, Markup) and _RIGHT_TO_LEFT.search(value):
        return f"\u2068{value}\u2069"
    return value


def base_language(code: str | None) -> str:
    """The plain language of a client's code: 'nl' of 'nl-BE'; empty for none."""
    return unicodedata.normalize("NFKC", code or "").replace("_", "-").split("-")[0].lower()
