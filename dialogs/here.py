"""Here: who stands where, in which language, with the turn's open store."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup, escape

from dialogs.address import compose
from dialogs.quotes import quote
from dialogs.screen import Button, Row, Screen, italic, paragraphs
from locales import Texts, texts
from storage.cities import City
from storage.residents import Account, Resident
from storage.schema import Words
from storage.store import Store


@dataclass(slots=True)
class Here:
    """What a screen or an action may look at. ``resident`` is as the turn last wrote them."""

    store: Store
    city: City
    resident: Resident
    account: Account
    now: datetime
    texts: Texts = field(init=False)
    untranslated: bool = False

    def __post_init__(self) -> None:
        self.texts = texts(self.resident.language, self.city.time_zone)

    def become(self, resident: Resident) -> None:
        """The person has changed: their language, their name, what they compose."""
        self.resident = resident
        self.texts = texts(resident.language, self.city.time_zone)

    def tr(self, sentence: str, **values: object) -> Markup:
        return self.texts.tr(sentence, **values)

    def ntr(self, one: str, many: str, count: int, **values: object) -> Markup:
        return self.texts.ntr(one, many, count, **values)

    def words(self, words: Words) -> str:
        """A text of the staff in the reader's language, else in the city's; the screen then says so."""
        found = words.get(self.resident.language)
        if found:
            return found
        fallback = words.get(self.city.default_language) or next(iter(words.values()), "")
        self.untranslated = self.untranslated or bool(fallback)
        return fallback

    def author(self, name: str | None, anonymous: bool) -> str:
        """How a contribution names its author to the public."""
        return quote(name) if name and not anonymous else self.tr("A resident")

    def screen(
        self,
        *texts: Markup | str | None,
        rows: Sequence[Row] = (),
        back: str | None = None,
        home: bool = True,
        photo_id: int | None = None,
    ) -> Screen:
        """A screen of these paragraphs; the last row leads back and home."""
        said = list(texts)
        if photo_id is not None:
            photo = self.store.photos.get(photo_id)
            described = self.words(photo.description) if photo else ""
            said.append(italic(self.tr("In the picture: {description}", description=described)) if described else None)
        if self.untranslated:
            name = self.texts.language_name(self.city.default_language)
            said.append(italic(self.tr("Part of this text is only available in {language}.", language=name)))
        last = [Button(self.tr("Back"), back)] if back else []
        last += [Button(self.tr("Home"), "home")] if home else []
        return Screen(
            paragraphs(*(escape(text) if text else None for text in said)),
            (*rows, *((tuple(last),) if last else ())),
            photo_id,
        )


def button(label: str, name: str, *arguments: object) -> Button:
    """A button that leads to the address of a name with its arguments."""
    return Button(label, compose(name, *arguments))
