"""What time it is: the real time, or the demo's, which can be put forward."""

from datetime import UTC, datetime, timedelta


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


class VirtualClock:
    """The real time and what it was put forward by; never back, for what happened has happened."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return now() + self._ahead

    def forward(self, span: timedelta) -> None:
        if span < timedelta():
            raise ValueError("a clock is put forward only")
        self._ahead += span
