"""Reads a city's file: every mistake with its key and its line."""

import re
import tomllib
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from locales import available
from participation.mistakes import every, mistakes
from participation.seeding import plant
from participation.seeds import Seed
from storage.store import Store

DEMO = Path(__file__).parent / "demo"

PLAIN = {"missing": "this is missing", "unexpected_keyword_argument": "this key is not known"}
"""What pydantic says, in plain words."""

_HEADER = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_.-]+)\s*=")


class BadSeed(Exception):
    """A city's file has mistakes; each line of the message names the file, the line and the key."""


def read(path: Path) -> Seed:
    """The file's content, checked. BadSeed lists everything that is wrong with it."""
    try:
        text = path.read_text("utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise BadSeed(f"{path}: cannot be read: {error.strerror}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSeed(f"{path}: this is not TOML: {error}") from None
    try:
        seed = TypeAdapter(Seed).validate_python(content)
    except ValidationError as error:
        found = [(tuple(one["loc"]), PLAIN.get(one["type"], one["msg"])) for one in error.errors(include_url=False)]
        raise BadSeed(_listed(path, text, found)) from None
    found = list(mistakes(seed, datetime.now(UTC))) + _missing_files(path, seed)
    unknown = sorted(set(seed.city.languages) - set(available()))
    found += [(("city", "languages"), f"Belleman does not speak {language} yet") for language in unknown]
    if found:
        raise BadSeed(_listed(path, text, found))
    return seed


def planting(path: Path, now: datetime) -> Callable[[Store], None]:
    """The turn that plants a city's file, all of it or nothing; safe to run twice. BadSeed for a file with mistakes."""
    seed = read(path)
    return lambda store: plant(store, seed, lambda name: (path.parent / name).read_bytes(), now)


def line_of(text: str, path: tuple[str | int, ...]) -> int:
    """The line, from 1, where a key stands; of its nearest parent where the key itself is missing."""
    best, depth = 1, 0
    table: tuple[str | int, ...] = ()
    seen: dict[tuple[str | int, ...], int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _opened(header[2].split("."), header[1] == "[[", seen)
            here = table
        elif key := _KEY.match(line):
            here = (*table, *key[1].split("."))
        else:
            continue
        shared = _shared(here, path)
        if shared > depth and shared >= min(len(here), len(path)):
            best, depth = number, shared
    return best


def _opened(names: list[str], is_array: bool, seen: dict[tuple[str | int, ...], int]) -> tuple[str | int, ...]:
    """The path of a table's header, every array of tables with the index of its latest element."""
    path: tuple[str | int, ...] = ()
    for index, name in enumerate(names):
        path = (*path, name)
        if index == len(names) - 1 and is_array:
            seen[path] = seen.get(path, -1) + 1
        if path in seen:
            path = (*path, seen[path])
    return path


def _shared(one: tuple[str | int, ...], other: tuple[str | int, ...]) -> int:
    count = 0
    for mine, yours in zip(one, other, strict=False):
        if mine != yours:
            break
        count += 1
    return count


def _listed(path: Path, text: str, found: list[tuple[tuple[str | int, ...], str]]) -> str:
    """One mistake a line, in the order of the file."""
    lines = sorted((line_of(text, where), _key(where), message) for where, message in found)
    return "\n".join(f"{path}:{number}: {key}: {message}" for number, key, message in lines)


def _key(path: tuple[str | int, ...]) -> str:
    """``projects[2].title``, counted from 1 as people do."""
    return "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def _missing_files(path: Path, seed: Seed) -> list[tuple[tuple[str | int, ...], str]]:
    """The files that the city's file names and that are not beside it."""
    return [
        (where, f"there is no file {name} beside this one")
        for where, name in every(seed)
        if where[-1] in ("photo", "logo", "file")
        and isinstance(name, str)
        and name
        and not (path.parent / name).is_file()
    ]
