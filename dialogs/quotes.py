"""Residents' words, shown to others: never a link, a mention or a command, however they were typed."""

import re

_JOINER = "\u2060"
"""Word joiner: invisible, of no width, and enough that no client makes a link of what it parts."""

_DOTTED = re.compile(r"(?<=\w)([.:])(?=[\w/])")
_MARKED = re.compile(r"([@#/$])(?=\w)")


def quote(text: str) -> str:
    """The words with every would-be link parted: addresses, @names, #tags, /commands and $cashtags."""
    return _MARKED.sub(rf"\1{_JOINER}", _DOTTED.sub(rf"\1{_JOINER}", text))


def excerpt(text: str, limit: int) -> str:
    """The beginning of the words on one line, at most ``limit`` characters, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    cut = line[: limit - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut[limit // 2 :] else cut).rstrip(" ,;:.") + "…"
