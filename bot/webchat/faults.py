"""Misfortunes on demand: what a network and a busy server do to a call, by method, chat and n-th time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.webchat.errors import ApiError
from bot.webchat.guards import too_many

BEFORE = ("reset", "html", "error", "restart", "flood", "slow", "revoked")
"""What happens before anything is done: nothing was stored."""
AFTER = ("hang", "drop", "html after", "odd")
"""What happens when all is done and stored: only the answer is lost, late or odd."""

Sleep = Callable[[float], Awaitable[None]]

_LOOK = 0.05
"""Seconds between two looks whether the caller of a hanging call is still there."""
_HTML = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>"
_ODD = {"galaxy": {"kind": "spiral"}, "a_field_of_tomorrow": 7}
_ODD_ENTITIES = [{"type": "starlight", "offset": 0, "length": 1}]


_REFUSALS: dict[str, Callable[["Fault"], ApiError]] = {
    "error": lambda fault: ApiError(500),
    "restart": lambda fault: ApiError(500, "restart"),
    "flood": lambda fault: too_many(int(fault.seconds)),
    "revoked": lambda fault: ApiError(401),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One misfortune. ``kind`` is one of ``BEFORE`` or ``AFTER``; an empty method, or chat 0, is any.

    It befalls the calls that match from the ``nth`` on (1 is the first), ``times`` of them; None: until it is lifted.
    ``seconds`` is how long a slow answer takes, or what a flood's ``retry_after`` says.
    """

    kind: str
    method: str = ""
    chat_id: int = 0
    nth: int = 1
    times: int | None = 1
    seconds: float = 5.0

    def __post_init__(self) -> None:
        if self.kind not in (*BEFORE, *AFTER):
            raise ValueError(f"no such fault: {self.kind!r}")


class Faults:
    """The script: which misfortune is next."""

    def __init__(self) -> None:
        self._script: list[Fault] = []
        self._met: list[int] = []

    def add(self, fault: Fault) -> None:
        self._script.append(fault)
        self._met.append(0)

    def clear(self) -> None:
        self._script.clear()
        self._met.clear()

    def meet(self, method: str, chat_id: str) -> Fault | None:
        """The first fault of the script that befalls a call; those after it do not count this call."""
        for index, fault in enumerate(self._script):
            if fault.method.lower() not in ("", method.lower()) or str(fault.chat_id) not in ("0", chat_id):
                continue
            self._met[index] += 1
            late = self._met[index] - fault.nth
            if late >= 0 and (fault.times is None or late < fault.times):
                return fault
        return None


async def befall(fault: Fault, request: web.Request, sleep: Sleep) -> web.Response | None:
    """Let a fault happen to a call before it is made, or after; a response of its own where it has one."""
    if fault.kind in ("reset", "drop"):
        _cut(request)
    if fault.kind == "slow":
        await sleep(fault.seconds)
    if fault.kind == "hang":
        await _hang(request, sleep)
    if fault.kind in ("html", "html after"):
        return web.Response(status=502, text=_HTML, content_type="text/html")
    if fault.kind in _REFUSALS:
        raise _REFUSALS[fault.kind](fault)
    return None


def made_odd(result: object) -> object:
    """A success as tomorrow's server may tell it: with fields and kinds that no library knows yet."""
    if not isinstance(result, dict):
        return result
    return {**result, **_ODD} | ({"entities": _ODD_ENTITIES} if "text" in result else {})


async def _hang(request: web.Request, sleep: Sleep) -> None:
    """Say nothing until the caller goes away."""
    while request.transport is not None:
        await sleep(_LOOK)
    raise ConnectionResetError


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
    raise ConnectionResetError
