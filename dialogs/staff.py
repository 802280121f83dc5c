"""For the city's staff: accepting an invitation, what waits, publishing an idea, reading questions."""

from dialogs.address import action, screen
from dialogs.here import Here, button
from dialogs.quotes import excerpt, quote
from dialogs.screen import Row, Screen, bold, italic, lines
from locales import N_
from participation import staff

NAMES = {
    "owner": N_("owner"),
    "editor": N_("editor"),
    "moderator": N_("moderator"),
    "viewer": N_("viewer"),
}

SHOWN = 8
"""Questions, or ideas, on one screen."""


@screen("invite")
def invitation(here: Here, token: str) -> Screen:
    """Shows what one is invited to; accepting is a tap."""
    found = staff.invitation(here.store, token, here.now)
    return here.screen(
        bold(here.words(here.city.name)),
        here.tr("You are invited to join the staff of the city as {role}.", role=here.tr(NAMES[found.role])),
        here.tr("What you do as staff is linked to your name."),
        rows=[(button(here.tr("Accept the invitation"), "accept", token),)],
    )


@action("accept")
def accept(here: Here, token: str) -> Screen:
    """Become staff."""
    role = staff.accept(here.store, token, here.resident, here.now)
    return overview(here).saying(here.tr("Welcome. You are now staff of the city: {role}.", role=here.tr(NAMES[role])))


@screen("staff")
def overview(here: Here) -> Screen:
    """What waits for the staff."""
    role = staff.require(here.store, here.resident, staff.READING)
    ideas, questions = here.store.ideas.submitted(), here.store.questions.open()
    return here.screen(
        bold(here.tr("For staff")),
        here.tr("Your role: {role}", role=here.tr(NAMES[role])),
        here.ntr("{count} idea waits for you.", "{count} ideas wait for you.", len(ideas)),
        here.ntr("{count} question waits for you.", "{count} questions wait for you.", len(questions)),
        rows=[(button(here.tr("Ideas that wait"), "waiting"),), (button(here.tr("Questions that wait"), "asked"),)],
    )


@screen("waiting")
def waiting(here: Here) -> Screen:
    """The ideas that wait to be published, the oldest first."""
    staff.require(here.store, here.resident, staff.READING)
    found = here.store.ideas.submitted()[:SHOWN]
    said = [lines(bold(str(number)), quote(one.text)) for number, one in enumerate(found, 1)]
    rows: list[Row] = [
        (button(here.tr("Publish {number}", number=number), "publish", one.id),) for number, one in enumerate(found, 1)
    ]
    nothing = None if found else here.tr("Nothing waits.")
    return here.screen(bold(here.tr("Ideas that wait")), *said, nothing, rows=rows, back="staff")


@action("publish", otherwise="waiting")
def publish(here: Here, idea_id: int) -> Screen:
    """Publish an idea."""
    staff.publish(here.store, idea_id, here.resident)
    return waiting(here).saying(here.tr("The idea is published."))


@screen("asked")
def asked(here: Here) -> Screen:
    """The questions that wait for an answer, the oldest first."""
    staff.require(here.store, here.resident, staff.READING)
    found = here.store.questions.open()[:SHOWN]
    said = [lines(italic(here.texts.moment(one.at)), quote(excerpt(one.text, 400))) for one in found]
    nothing = None if found else here.tr("Nothing waits.")
    return here.screen(bold(here.tr("Questions that wait")), *said, nothing, back="staff")
