"""A clock for tests."""

from datetime import datetime, timedelta


class TestClock:
    """Stands still; each look is a microsecond later, so that moments keep their order."""

    __test__ = False

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __call__(self) -> datetime:
        self._now += timedelta(microseconds=1)
        return self._now

    def forward(self, **span: float) -> None:
        """Go on: ``forward(days=3)``."""
        self._now += timedelta(**span)
