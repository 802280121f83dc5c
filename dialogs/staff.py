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
    """The oldest idea that waits, whole: with its picture, its place and its author."""
    role = staff.require(here.store, here.resident, staff.READING)
    found = here.store.ideas.submitted()
    if not found:
        return here.screen(bold(here.tr("Ideas that wait")), here.tr("Nothing waits."), back="staff")
    idea = found[0]
    rows: list[Row] = []
    if role in staff.MODERATING:
        rows.append(
            (
                button(here.tr("Publish this idea"), "publish", idea.id),
                button(here.tr("Hide this idea"), "hide", idea.id),
            )
        )
    if idea.latitude is not None:
        rows.append((button(here.tr("Show on the map"), "ideamap", idea.id),))
    return here.screen(
        bold(here.tr("Idea 1 of {count}", count=here.texts.number(len(found)))),
        bold(here.author(idea.author, idea.anonymous)),
        quote(idea.text),
        here.texts.moment(idea.at),
        rows=rows,
        back="staff",
        photo_id=idea.photo_id,
    )


@action("publish", otherwise="waiting")
def publish(here: Here, idea_id: int) -> Screen:
    """Publish an idea."""
    staff.decide(here.store, idea_id, here.resident, "published")
    return waiting(here).saying(here.tr("The idea is published."))


@action("hide", otherwise="waiting")
def hide(here: Here, idea_id: int) -> Screen:
    """Keep an idea from the public; its author still sees it."""
    staff.decide(here.store, idea_id, here.resident, "hidden")
    return waiting(here).saying(here.tr("The idea is hidden."))


@screen("asked")
def asked(here: Here) -> Screen:
    """The questions that wait for an answer, the oldest first."""
    staff.require(here.store, here.resident, staff.READING)
    found = here.store.questions.open()[:SHOWN]
    said = [lines(italic(here.texts.moment(one.at)), quote(excerpt(one.text, 400))) for one in found]
    nothing = None if found else here.tr("Nothing waits.")
    return here.screen(bold(here.tr("Questions that wait")), *said, nothing, back="staff")
