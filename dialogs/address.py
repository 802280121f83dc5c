"""Addresses: the grammar, and the one table of screens and actions that they lead to.

An address is a name, its arguments, and perhaps where the person came from: ``project-4``, ``choose-12-3-from-u17``.
The same string is a button's data, a deep link's payload and a QR code's target.
"""

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from typing import TYPE_CHECKING, Any, NewType, TypeVar, cast

from participation.refusals import Gone

if TYPE_CHECKING:
    from dialogs.here import Here
    from dialogs.screen import Screen

LENGTH = 64
"""Bytes of an address at most: Telegram's limit for both callback data and a link's payload."""

Rest = NewType("Rest", str)
"""A last argument that is an address itself and takes all that follows."""

F = TypeVar("F", bound="Callable[..., Screen]")

_GRAMMAR = re.compile(r"(?P<name>[a-z]+)(?P<arguments>(?:-[A-Za-z0-9_]+)*?)(?:-from-(?P<source>[A-Za-z0-9_]{1,24}))?")


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at a name. ``limit`` is set where a person composes: characters that can be sent.

    ``accepts``: what a message may bring there (text, photo, place); ``single``: a new text replaces the old one.
    ``otherwise``: the screen to show when the action is refused, with as many of the action's arguments as it takes.
    """

    name: str
    act: bool
    function: "Callable[..., Screen]"
    kinds: tuple[Any, ...]
    otherwise: str = "home"
    limit: int | None = None
    accepts: tuple[str, ...] = ()
    single: bool = False


@dataclass(frozen=True, slots=True)
class Address:
    """A parsed address: the spot, the arguments of their types, and the source word."""

    spot: Spot
    arguments: tuple[Any, ...]
    source: str | None = None

    def __str__(self) -> str:
        return compose(self.spot.name, *self.arguments)

    def visit(self, here: "Here") -> "Screen":
        """Run the screen or the action; the Screen it answers knows its own address, never an action's."""
        shown = self.spot.function(here, *self.arguments)
        return shown if shown.address else replace(shown, address="home")


TABLE: dict[str, Spot] = {}
METHODS: dict[str, "Callable[..., Screen]"] = {}
"""What ``activity-N`` shows, by the activity's method."""


def screen(
    name: str,
    *,
    method: str | None = None,
    limit: int | None = None,
    accepts: tuple[str, ...] = (),
    single: bool = False,
) -> Callable[[F], F]:
    """Register a safe function as the screen of a name (or of a method's activities)."""

    def register(function: F) -> F:
        @wraps(function)
        def addressed(here: "Here", *arguments: Any) -> "Screen":
            shown = function(here, *arguments)
            return shown if shown.address else replace(shown, address=compose(name, *arguments))

        if method is not None:
            METHODS[method] = addressed
        else:
            TABLE[name] = Spot(name, False, addressed, _kinds(function), limit=limit, accepts=accepts, single=single)
        return cast(F, addressed)

    return register


def action(name: str, *, otherwise: str = "home") -> Callable[[F], F]:
    """Register a function that changes something and then shows a screen."""

    def register(function: F) -> F:
        TABLE[name] = Spot(name, True, function, _kinds(function), otherwise=otherwise)
        return function

    return register


def compose(name: str, *arguments: object, source: str | None = None) -> str:
    """The address of a name with its arguments; ValueError for one that is no address."""
    address = "-".join([name, *(str(argument) for argument in arguments)])
    address += f"-from-{source}" if source else ""
    if len(address) > LENGTH or not _GRAMMAR.fullmatch(address):
        raise ValueError(f"not an address: {address!r}")
    return address


def parse(text: str) -> Address:
    """The address in a text; Gone for anything that leads nowhere."""
    found = _GRAMMAR.fullmatch(text) if len(text) <= LENGTH else None
    spot = TABLE.get(found["name"]) if found else None
    if found is None or spot is None:
        raise Gone
    words = found["arguments"].split("-")[1:]
    if spot.kinds and spot.kinds[-1] is Rest and len(words) >= len(spot.kinds):
        last = len(spot.kinds) - 1
        words = [*words[:last], "-".join(words[last:])]
    if len(words) != len(spot.kinds):
        raise Gone
    return Address(spot, tuple(map(_argument, spot.kinds, words)), found["source"])


def refused(address: Address) -> str:
    """Where somebody stands whose act was refused: the action's ``otherwise`` with its first arguments."""
    spot = TABLE[address.spot.otherwise]
    return compose(spot.name, *address.arguments[: len(spot.kinds)])


def _argument(kind: Any, word: str) -> Any:
    if kind is not int:
        return word
    if not re.fullmatch(r"[0-9]{1,15}", word):
        raise Gone
    return int(word)


def _kinds(function: "Callable[..., Screen]") -> tuple[Any, ...]:
    """The types of the arguments after ``here``."""
    parameters = list(inspect.signature(function).parameters.values())[1:]
    return tuple(parameter.annotation for parameter in parameters)
