"""Which message can become the screen: the one that was tapped, or the answer that an update got before."""

from dialogs.events import Incoming, Tap
from dialogs.screen import Screen
from dialogs.turns import Outcome

EDITABLE = {("text", "text"), ("text", "photo"), ("photo", "photo")}
"""Which kind of message can become which kind of screen, as the Bot API allows."""


def target(incoming: Incoming, outcome: Outcome, screen: Screen, living: int | None) -> int | None:
    """The message to edit; None where the screen needs a new one.

    An update that comes again and was answered (the living message is younger than what it brought) gets no second
    answer.
    """
    tap = incoming.event
    if isinstance(tap, Tap):
        fits = tap.message_id == (living or tap.message_id) and (tap.kind, screen.kind) in EDITABLE
        return tap.message_id if fits else None
    if not outcome.again or living is None or incoming.message_id is None:
        return None
    return living if living > incoming.message_id else None
