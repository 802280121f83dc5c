"""A Screen: what a person sees and can tap, as plain data."""

from dataclasses import dataclass, replace
from html.parser import HTMLParser

from markupsafe import Markup, escape

from participation.words import LABEL_LENGTH

TEXT_LENGTH = 4096
CAPTION_LENGTH = 1024
TOAST_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Button:
    """A label and where it leads: an address of ours, or a link. Labels are at most 32 characters.

    ``elsewhere`` is the channel in which the address opens, when it is not this one; where the city does not have that
    channel there is no such button.
    """

    label: str
    address: str = ""
    url: str = ""
    elsewhere: str = ""

    def __post_init__(self) -> None:
        if len(self.label) > LABEL_LENGTH:
            cut = self.label[: LABEL_LENGTH - 1].rstrip()
            object.__setattr__(self, "label", f"{cut}…")


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the map with what stands there."""

    latitude: float
    longitude: float
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class File:
    """A file to hand over: kept (``document_id``), or made for this screen (``body``)."""

    name: str
    document_id: int | None = None
    body: bytes = b""


Row = tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Screen:
    """One place of the conversation. ``said`` is what an act answers: a toast after a tap, the first line otherwise.

    ``news``: a resident whom the act concerns, and the address that they are shown, as an answer to what they asked.
    """

    text: Markup
    rows: tuple[Row, ...] = ()
    photo_id: int | None = None
    place: Place | None = None
    file: File | None = None
    said: str = ""
    address: str = ""
    news: tuple[int, str] | None = None

    @property
    def kind(self) -> str:
        """text, photo, place or document: a message of one kind cannot always become one of another."""
        if self.place is not None:
            return "place"
        if self.file is not None:
            return "document"
        if self.photo_id is not None and length(self.text) <= CAPTION_LENGTH:
            return "photo"
        return "text"

    def saying(self, said: str) -> "Screen":
        return replace(self, said=said)

    def with_lines(self, *lines: Markup) -> "Screen":
        """The same with more paragraphs at the end."""
        return replace(self, text=Markup("\n\n").join([self.text, *lines]))

    def with_rows(self, *rows: Row) -> "Screen":
        """The same with more rows on top."""
        return replace(self, rows=(*rows, *self.rows))

    @property
    def plainly_said(self) -> str:
        """What was said, for a toast: without markup."""
        return self.said.unescape() if isinstance(self.said, Markup) else self.said

    @property
    def spoken(self) -> Markup:
        """The text with what was said in front, for an answer that has no toast; cut to what a message can hold."""
        text = self.text if not self.said else escape(self.said) + Markup("\n\n") + self.text
        return clip(text, TEXT_LENGTH if self.kind == "text" else CAPTION_LENGTH)

    @property
    def shown(self) -> Markup:
        """The text, cut to what a message can hold."""
        return clip(self.text, TEXT_LENGTH if self.kind == "text" else CAPTION_LENGTH)


def paragraphs(*texts: Markup | str | None) -> Markup:
    """The texts that are there, an empty line between them."""
    return Markup("\n\n").join(text for text in texts if text)


def lines(*texts: Markup | str | None) -> Markup:
    """The texts that are there, each on a line."""
    return Markup("\n").join(text for text in texts if text)


def bold(text: str) -> Markup:
    return Markup("<b>{}</b>").format(text)


def italic(text: str) -> Markup:
    return Markup("<i>{}</i>").format(text)


def length(text: Markup) -> int:
    """Characters that the reader sees."""
    return len(text.unescape()) if "<" not in text else len(_Cut(text, TEXT_LENGTH * 4).plain)


def clip(text: Markup, limit: int) -> Markup:
    """The text with at most ``limit`` visible characters, tags closed; what was cut ends in an ellipsis."""
    if len(text) <= limit:
        return text
    cut = _Cut(text, limit)
    return text if cut.fits else cut.markup


class _Cut(HTMLParser):
    """Copies markup until the limit is reached."""

    def __init__(self, text: Markup, limit: int) -> None:
        super().__init__(convert_charrefs=True)
        self._limit = limit
        self._written: list[str] = []
        self._open: list[str] = []
        self.plain = ""
        self.fits = True
        self.feed(str(text))
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.fits:
            self._written.append(f"<{tag}>")
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.fits:
            self._written.append(f"</{tag}>")
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self.fits:
            return
        room = self._limit - len(self.plain)
        if len(data) > room:
            self.fits = False
            data = data[: max(0, room - 1)].rstrip() + "…"
        self.plain += data
        self._written.append(str(escape(data)))

    @property
    def markup(self) -> Markup:
        closing = [f"</{tag}>" for tag in reversed(self._open)]
        return Markup("".join(self._written + closing))  # noqa: S704 - made of escaped pieces
