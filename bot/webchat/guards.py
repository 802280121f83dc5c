"""Guards at the page's door: how often one browser, or one address, may do what."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from bot.webchat.errors import ApiError


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many at once; a used one comes back after ``seconds`` divided by ``count``."""

    count: int
    seconds: float


ACTS = Allowance(60, 60)
"""What one browser may send, tap or upload."""
GUESSES = Allowance(5, 600)
"""Recovery codes that one browser, or one address, may try."""
VISITORS = Allowance(200, 600)
"""New visitors from one address: a workshop on the town hall's own network has fifty."""
KNOWN = 10_000
"""Keys that are remembered at most; the fullest are forgotten first."""


class Guard:
    """Token buckets by key, in this process's memory; ``ApiError`` 429 for who asks too often."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._left: dict[Hashable, tuple[float, float]] = {}

    def pass_by(self, key: Hashable, allowance: Allowance) -> None:
        """Take one of what the key has left. Raises ``ApiError`` 429 with the seconds to wait."""
        if allowance.count <= 0:
            return
        now, rate = self._clock(), allowance.count / allowance.seconds
        left, since = self._left.get(key, (float(allowance.count), now))
        left = min(left + (now - since) * rate, float(allowance.count))
        if left < 1:
            raise too_many(math.ceil((1 - left) / rate))
        self._left.pop(key, None)
        self._left[key] = (left - 1, now)
        if len(self._left) > KNOWN:
            del self._left[next(iter(self._left))]


def too_many(seconds: int) -> ApiError:
    """The answer to who has to wait; the same words as the Bot API's."""
    return ApiError(429, f"retry after {seconds}", retry_after=seconds)
