"""For the city's staff: accepting an invitation, what waits, publishing an idea, reading questions."""

from dataclasses import replace

from markupsafe import Markup

from dialogs.address import action, screen
from dialogs.composing import TEXT, asking, draft_at, preview, start
from dialogs.here import Here, button
from dialogs.quotes import excerpt, quote
from dialogs.screen import Row, Screen, bold, italic, paragraphs
from locales import N_
from participation import questions, sessions, staff

NAMES = {
    "owner": N_("owner"),
    "editor": N_("editor"),
    "moderator": N_("moderator"),
    "viewer": N_("viewer"),
}

LISTED = 10
"""Bursts of votes on one screen at most."""


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
    unusual = sessions.recent_bursts(here.store, here.now)
    look: list[Row] = [(button(here.tr("Unusual votes"), "unusual"),)] if unusual else []
    return here.screen(
        bold(here.tr("For staff")),
        here.tr("Your role: {role}", role=here.tr(NAMES[role])),
        here.ntr("{count} idea waits for you.", "{count} ideas wait for you.", len(ideas)),
        here.ntr("{count} question waits for you.", "{count} questions wait for you.", len(questions)),
        here.ntr("{count} unusual vote count.", "{count} unusual vote counts.", len(unusual)) if unusual else None,
        rows=[
            (button(here.tr("Ideas that wait"), "waiting"),),
            (button(here.tr("Questions that wait"), "asked"),),
            *look,
        ],
    )


@screen("unusual")
def unusual_votes(here: Here) -> Screen:
    """Where many people voted at once from one internet address."""
    staff.require(here.store, here.resident, staff.READING)
    found = sessions.recent_bursts(here.store, here.now)
    return here.screen(
        bold(here.tr("Unusual votes")),
        here.tr("Many people voted within an hour from one internet address."),
        here.tr("That can be a workshop or a library. It can also be one person with many windows."),
        *(_burst(here, one) for one in found[:LISTED]),
        back="staff",
    )


def _burst(here: Here, one: sessions.Burst) -> Markup:
    activity = here.store.activities.get(one.activity_id)
    title = here.words(activity.title) if activity else ""
    voters = here.ntr("{count} person", "{count} people", one.voters)
    return here.tr(
        "{activity}: {voters}, from {moment}", activity=title, voters=voters, moment=here.texts.moment(one.at)
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
    """The oldest question that waits for an answer."""
    role = staff.require(here.store, here.resident, staff.READING)
    found = here.store.questions.open()
    if not found:
        return here.screen(bold(here.tr("Questions that wait")), here.tr("Nothing waits."), back="staff")
    question = found[0]
    rows: list[Row] = []
    if role in staff.ANSWERING:
        rows.append((button(here.tr("Answer this question"), "respond", question.id),))
    return here.screen(
        bold(here.tr("Question 1 of {count}", count=here.texts.number(len(found)))),
        quote(question.text),
        here.texts.moment(question.at),
        rows=rows,
        back="staff",
        photo_id=question.photo_id,
    )


@action("respond", otherwise="asked")
def respond(here: Here, question_id: int) -> Screen:
    """Begin an answer."""
    staff.require(here.store, here.resident, staff.ANSWERING)
    questions.find(here.store, question_id)
    return start(here, f"response-{question_id}")


@screen("response", limit=questions.LENGTH, accepts=(TEXT,))
def response(here: Here, question_id: int) -> Screen:
    """An answer in the making, under its question."""
    staff.require(here.store, here.resident, staff.ANSWERING)
    asked_for = italic(quote(excerpt(questions.find(here.store, question_id).text, 300)))
    draft = draft_at(here, f"response-{question_id}")
    if draft.is_empty or draft.replacing:
        begin = button(here.tr("Answer this question"), "respond", question_id)
        shown = asking(here, draft, here.tr("Write your answer in a message."), "asked", begin)
    else:
        send = button(here.tr("Send the answer"), "sendresponse", question_id)
        who = here.tr("Only the person who asked reads this. It comes from the city.")
        shown = preview(here, draft, questions.LENGTH, send, who, "asked")
    return replace(shown, text=paragraphs(asked_for, shown.text))


@action("sendresponse", otherwise="response")
def send_response(here: Here, question_id: int) -> Screen:
    """Send the answer; the person who asked is told in their chat."""
    question = questions.answer(here.store, question_id, here.resident, here.now)
    shown = asked(here).saying(here.tr("The answer is sent."))
    if question.resident_id is None:
        return shown
    return replace(shown, news=(question.resident_id, f"answered-{question_id}"))
