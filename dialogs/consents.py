"""Consent: may the bot write unasked? Asked once, after a person's first act."""

from dialogs.address import Rest, action, parse
from dialogs.here import Here, button
from dialogs.screen import Screen
from participation import residents


def with_question(here: Here, shown: Screen) -> Screen:
    """The screen after a first act, with the one question below it."""
    question = here.tr("May we write to you here about what happens next? You can stop it at any time.")
    yes = button(here.tr("Yes, write to me"), "agree", 1, shown.address)
    no = button(here.tr("Not now"), "agree", 0, shown.address)
    return shown.with_lines(question).with_rows((yes, no))


@action("agree")
def agree(here: Here, answer: int, address: Rest) -> Screen:
    """Record the answer, and go on where the person was."""
    where = parse(address)
    residents_answer = residents.answer_writing(here.store, here.resident, bool(answer), here.now)
    here.become(residents_answer)
    shown = parse("home").visit(here) if where.spot.act else where.visit(here)
    return shown.saying(thanks(here, bool(answer)))


def thanks(here: Here, may_write: bool) -> str:
    """What the person's answer means, in words."""
    if may_write:
        return here.tr("We write to you when there is news. Send /stop to end it.")
    return here.tr("We do not write to you. You can change this in the settings.")
