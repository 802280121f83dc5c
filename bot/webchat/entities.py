"""Reads Telegram's HTML: a text and its entities, whose offsets count UTF-16 units; errors count bytes."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.webchat.errors import BadRequestError

Entity = dict[str, Any]

_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_ARGUMENTS = {("a", "href"): "", ("code", "class"): "language-", ("span", "class"): "tg-", ("tg-emoji", "emoji-id"): ""}
"""Which attribute of a tag matters, and how its value begins."""
_ORDER = {"blockquote": 0, "text_link": 1, "bold": 2, "italic": 3, "underline": 4, "strikethrough": 5, "spoiler": 6}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|([a-zA-Z]+));?")
_SPACE = " \t\r\n\f\v"
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]+[^\s<>\".,;:!?)\]'])|(?<![\w/])(?P<bot_command>/[A-Za-z0-9_]{1,32})(?![\w/])"
)


@dataclass(slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    start: int


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as entities count."""
    return len(text) + sum(character > "\uffff" for character in text)


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text and its entities. Raises ``BadRequestError`` with the real server's words."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self.source = source
        self.at = 0
        self.offset = 0
        self.output: list[str] = []
        self.open: list[_Open] = []
        self.entities: list[Entity] = []

    def parse(self) -> tuple[str, list[Entity]]:
        while self.at < len(self.source):
            if self.source[self.at] == "<":
                self._tag()
            else:
                self._put(self._character())
        if self.open:
            raise _problem(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')
        self.entities.sort(key=lambda e: (e["offset"], -e["length"], _ORDER.get(e["type"], 9)))
        return "".join(self.output), self.entities

    def _put(self, character: str) -> None:
        self.output.append(character)
        self.offset += units(character)

    def _peek(self) -> str:
        return self.source[self.at] if self.at < len(self.source) else ""

    def _character(self) -> str:
        """One character, or what a reference such as ``&amp;`` stands for."""
        if self._peek() == "&" and (match := _REFERENCE.match(self.source, self.at)):
            decoded = _decoded(match)
            if decoded:
                self.at = match.end()
                return decoded
        self.at += 1
        return self.source[self.at - 1]

    def _until(self, stop: str) -> str:
        start = self.at
        while self._peek() and self._peek() not in stop:
            self.at += 1
        return self.source[start : self.at]

    def _skip_space(self) -> None:
        while self._peek() and self._peek() in _SPACE:
            self.at += 1

    def _where(self, position: int) -> str:
        return f" at byte offset {len(self.source[:position].encode())}"

    def _tag(self) -> None:
        begin = self.at
        self.at += 1
        name = self._until(_SPACE + ">")
        if not self._peek():
            raise _problem("Unclosed start tag" + self._where(begin))
        if name.startswith("/"):
            self._end(name[1:].lower(), begin)
        else:
            self._start(name.lower(), begin)

    def _start(self, tag: str, begin: int) -> None:
        if tag not in _TYPES:
            raise _problem(f'Unsupported start tag "{tag}"' + self._where(begin))
        argument = ""
        while self._peek() != ">":
            self._skip_space()
            if self._peek() == ">":
                break
            argument = self._attribute(tag, begin) or argument
        if tag == "span" and argument != "spoiler":
            raise _problem('Tag "span" must have class "tg-spoiler"' + self._where(begin))
        self.at += 1
        self.open.append(_Open(tag, argument, self.offset, len(self.output)))

    def _attribute(self, tag: str, begin: int) -> str:
        """Read one attribute; its value where it is the one that matters for this tag, else nothing."""
        name = self._until(_SPACE + "=>").lower()
        if not name and self._peek():
            raise _problem(f'Empty attribute name in the tag "{tag}"' + self._where(begin))
        self._skip_space()
        if self._peek() != "=":
            self._must_go_on(f'Unclosed start tag "{tag}"', begin)
            return "expandable" if (tag, name) == ("blockquote", "expandable") else ""
        self.at += 1
        self._skip_space()
        self._must_go_on(f'Unclosed start tag "{tag}"', begin)
        value = self._quoted() if self._peek() in "'\"" else self._token()
        self._must_go_on("Unclosed start tag", begin)
        prefix = _ARGUMENTS.get((tag, name))
        return value[len(prefix) :] if prefix is not None and value.startswith(prefix) else ""

    def _must_go_on(self, trouble: str, begin: int) -> None:
        if not self._peek():
            raise _problem(trouble + self._where(begin))

    def _token(self) -> str:
        begin = self.at
        while self._peek() and ((self._peek().isascii() and self._peek().isalnum()) or self._peek() in ".-"):
            self.at += 1
        if self._peek() and self._peek() not in _SPACE + ">":
            raise _problem("Unexpected end of name token" + self._where(begin))
        return self.source[begin : self.at].lower()

    def _quoted(self) -> str:
        quote = self._peek()
        self.at += 1
        value = ""
        while self._peek() and self._peek() != quote:
            value += self._character()
        if self._peek():
            self.at += 1
        return value

    def _end(self, name: str, begin: int) -> None:
        if not self.open:
            raise _problem("Unexpected end tag" + self._where(begin))
        self._skip_space()
        if self._peek() != ">":
            raise _problem("Unclosed end tag" + self._where(begin))
        self.at += 1
        opened = self.open.pop()
        if name and name != opened.tag:
            wrong = f'Unmatched end tag{self._where(begin)}, expected "</{opened.tag}>", found "</{name}>"'
            raise _problem(wrong)
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Entity = {"type": _TYPES[opened.tag], "offset": opened.offset, "length": self.offset - opened.offset}
        if opened.tag == "a":
            url = checked_link(opened.argument or "".join(self.output[opened.start :]))
            if url is None:
                return
            entity["url"] = url
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.argument
        elif opened.tag == "blockquote" and opened.argument:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "code" and opened.argument:
            entity["language"] = opened.argument
        elif opened.tag == "pre" and self._absorbs_code(entity):
            entity["language"] = self.entities.pop()["language"]
        self.entities.append(entity)

    def _absorbs_code(self, pre: Entity) -> bool:
        """``<pre><code class="language-x">`` is one entity."""
        last = self.entities[-1] if self.entities else {}
        return "language" in last and (last["offset"], last["length"]) == (pre["offset"], pre["length"])


def _problem(reason: str) -> BadRequestError:
    return BadRequestError("can't parse entities: " + reason)


def _decoded(match: re.Match[str]) -> str:
    """What a reference stands for; nothing where it stands for itself."""
    hexadecimal, decimal, name = match.groups()
    if name:
        return _NAMED.get(name, "") if match.group().endswith(";") or name in _NAMED else ""
    number = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return chr(number) if 0 < number < 0x10FFFF and not 0xD800 <= number < 0xE000 else ""


def checked_link(url: str) -> str | None:
    """A link that may be shown; None for one that is silently dropped, as the real server drops it."""
    url = url.strip()
    try:
        parts = urlsplit(url if "://" in url else "http://" + url)
        host = parts.hostname or ""
    except ValueError:
        return None
    if parts.scheme == "tg" and host:
        return url
    good = parts.scheme in ("http", "https") and "." in host.strip(".") and not re.search(r"[\s\"<>]", url)
    return parts.geturl() if good else None


def detect(text: str, known: list[Entity]) -> list[Entity]:
    """The entities with the commands and addresses that stand in plain text."""
    found: list[Entity] = []
    for match in _FOUND.finditer(text):
        offset, length = units(text[: match.start()]), units(match.group())
        if all(e["offset"] + e["length"] <= offset or offset + length <= e["offset"] for e in known):
            found.append({"type": match.lastgroup, "offset": offset, "length": length})
    return sorted(known + found, key=lambda e: (e["offset"], -e["length"])) if found else known
