"""A channel: a Bot API address and the token for it."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Channel:
    """``name`` is telegram or web; ``api_url`` has no slash at its end; the token is never printed.

    ``link`` is how an address is opened there from elsewhere, with ``{username}`` and ``{payload}`` in it; empty where
    nobody comes from elsewhere.
    """

    name: str
    api_url: str
    token: str = field(repr=False)
    link: str = ""
