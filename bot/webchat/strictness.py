"""How exactly the gateway is Telegram: strict where tests judge, kind where people try things out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Strictness:
    """What is enforced beyond what can be sent at all. ``queue``: updates that wait for the bot at most.

    ``parameters``: a parameter that a method does not have is an error (the real server ignores it, and typos live
    for years). ``access``: nobody is written to who has not pressed Start. ``paces``: what depends on how fast one
    asks, such as 429s, hasty polls and webhooks. ``numbering``: update ids begin anew after an idle week.
    """

    parameters: bool
    access: bool
    paces: bool
    numbering: bool
    queue: int = 100_000


KIND = Strictness(parameters=False, access=False, paces=False, numbering=False)
STRICT = Strictness(parameters=True, access=True, paces=True, numbering=True)
