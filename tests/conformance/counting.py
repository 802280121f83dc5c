"""Counts the cases of the suite without running it, and keeps the table in docs/conformance.md.

``python -m tests.conformance.counting`` writes the table anew. A case of a table counts for its method; a test without
a table counts for every method that it names, once for each set of its other parameters. Both libraries run each case.
"""

import ast
import importlib
import inspect
import math
import textwrap
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from bot.webchat.gateway import METHOD_MODULES
from bot.webchat.methods import METHODS
from tests.conformance.clients import CLIENTS

FOLDER = Path(__file__).parent
PAGE = FOLDER.parent.parent / "docs" / "conformance.md"
BEGIN, END = "<!-- counted: begin -->", "<!-- counted: end -->"
NAMES = {method.name for method in METHODS.values()} | {"getUpdates"} if METHOD_MODULES else set()
_HIDDEN = {
    "poll": "getUpdates",
    "held_up": "sendMessage",
    "send": "sendMessage",
    "write": "sendMessage",
    "connect": "setWebhook",
}
"""Helpers of tests, and the method that each calls with the client."""


def modules() -> list[ModuleType]:
    """Every module of tests here."""
    return [importlib.import_module(f"{__package__}.{path.stem}") for path in sorted(FOLDER.glob("test_*.py"))]


def tests(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, value in vars(module).items():
        if name.startswith("test_") and inspect.isfunction(value) and value.__module__ == module.__name__:
            yield name, value


def names() -> list[str]:
    """Every test of the suite, by its name."""
    return [name for module in modules() for name, _ in tests(module)]


def counted() -> dict[str, Counter[str]]:
    """The number of cases by client and method."""
    found: dict[str, Counter[str]] = {client: Counter() for client in CLIENTS}
    for module in modules():
        for _, test in tests(module):
            if {"client", "neighbour", "library"} & inspect.signature(test).parameters.keys():
                for one in found.values():
                    one.update(_methods(test))
    return found


def drawn() -> str:
    """The table, as Markdown."""
    found = counted()
    rows = [f"| method | {' | '.join(found)} |", "|---|" + "---:|" * len(found)]
    for method in sorted(NAMES, key=str.lower):
        rows.append(f"| {method} | {' | '.join(str(one[method]) for one in found.values())} |")
    rows.append(f"| all | {' | '.join(str(one.total()) for one in found.values())} |")
    return "\n".join(rows)


def _methods(test: Callable[..., Any]) -> Counter[str]:
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    tables = [mark.args[1] for mark in marks if mark.args[0] == "case"]
    if tables:
        return Counter(case.method for table in tables for case in table)
    times = math.prod(len(mark.args[1]) for mark in marks if mark.args[0] != "library")
    return Counter(dict.fromkeys(_named(test) & NAMES, times))


def _named(test: Callable[..., Any]) -> set[str]:
    """The methods that a test names, and those that its helpers call."""
    named = set()
    for node in ast.walk(ast.parse(textwrap.dedent(inspect.getsource(test)))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            named |= {name for name in NAMES if name.lower() == node.value.lower()}
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            named.add(_HIDDEN.get(called, ""))
    return named


def main() -> None:
    before, _, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n{drawn()}\n{END}{after}")


if __name__ == "__main__":
    main()
