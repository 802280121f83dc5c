"""The method `ideas`: the call, the list, one idea, and my own."""

from markupsafe import Markup

from dialogs.activities import heading, parent, when
from dialogs.address import action, screen
from dialogs.composing import PLACE, start
from dialogs.here import Here, button
from dialogs.quotes import excerpt, quote
from dialogs.screen import Place, Row, Screen, bold, italic, lines
from locales import N_
from participation import ideas
from participation.activities import find, phase
from participation.refusals import Gone
from storage.ideas import Idea

PAGE = 5
"""Ideas on one screen of the list."""

STATUS = {
    "submitted": N_("The city looks at it before it is published."),
    "published": N_("Published"),
    "under_review": N_("The city is looking into it"),
    "accepted": N_("Accepted"),
    "in_progress": N_("In progress"),
    "done": N_("Done"),
    "declined": N_("Not possible"),
    "merged": N_("Merged with another idea"),
    "hidden": N_("Hidden by the city"),
}


@screen("activity", method="ideas")
def call(here: Here, activity_id: int) -> Screen:
    """The call for ideas: what it is about, and how to hand in or read."""
    activity = find(here.store, activity_id, "ideas")
    count = here.store.ideas.count_public(activity_id)
    rows: list[Row] = []
    if phase(activity, here.now) == "open":
        rows.append((button(here.tr("Write an idea"), "write", activity_id),))
    if count:
        rows.append((button(here.tr("Read the ideas"), "ideas", activity_id, "new", 1),))
    return here.screen(
        heading(here, activity),
        here.words(activity.text),
        when(here, activity),
        here.ntr("There is {count} idea.", "There are {count} ideas.", count),
        rows=rows,
        back=parent(activity),
    )


@screen("ideas")
def listed(here: Here, activity_id: int, order: str, page: int) -> Screen:
    """The ideas, a page at a time: newest, most supported, or near a place that the person sent."""
    activity = find(here.store, activity_id, "ideas")
    draft = here.store.drafts.get(here.resident.id, f"near-{activity_id}")
    near = (
        (draft.latitude, draft.longitude)
        if draft and draft.latitude is not None and draft.longitude is not None
        else None
    )
    if order not in ("new", "top", "near") or page < 1:
        raise Gone
    found = ideas.arrange(here.store.ideas.public(activity_id), order, near)
    shown = found[(page - 1) * PAGE : page * PAGE]
    if not shown and page > 1:
        raise Gone
    said = [_summary(here, idea, near if order == "near" else None) for idea in shown]
    rows: list[Row] = [(button(excerpt(quote(idea.text), 30), "idea", idea.id),) for idea in shown]
    rows.append(_turning(here, activity_id, order, page, len(found)))
    rows.append(_ordering(here, activity_id, order))
    nothing = None if shown else here.tr("There are no ideas yet. Yours can be the first.")
    return here.screen(
        heading(here, activity), *said, nothing, rows=[row for row in rows if row], back=f"activity-{activity_id}"
    )


@screen("near", limit=0, accepts=(PLACE,))
def near(here: Here, activity_id: int) -> Screen:
    """Ideas near a place: asks for the place, and lists once it has come."""
    draft = here.store.drafts.get(here.resident.id, f"near-{activity_id}")
    if draft is not None and draft.latitude is not None:
        return listed(here, activity_id, "near", 1)
    find(here.store, activity_id, "ideas")
    return here.screen(
        here.tr("Send your location or a place, and see the ideas near it first."),
        here.tr("Only you see this place."),
        back=f"ideas-{activity_id}-new-1",
    )


@action("nearby", otherwise="activity")
def nearby(here: Here, activity_id: int) -> Screen:
    """Wait for a place to sort by; a place sent earlier is used again only if it is sent again."""
    here.store.drafts.remove(here.resident.id, f"near-{activity_id}")
    return start(here, f"near-{activity_id}")


@screen("idea")
def idea(here: Here, idea_id: int) -> Screen:
    """One idea, whole, with what one can do about it."""
    found = ideas.find(here.store, idea_id, here.resident)
    own = found.resident_id == here.resident.id
    rows = [] if own else [_supporting(here, found)]
    rows.append((button(_discussing(here, idea_id), "comments", idea_id),))
    extras = [button(here.tr("Show on the map"), "ideamap", idea_id)] if found.latitude is not None else []
    extras.append(
        button(here.tr("Delete my idea"), "retract", idea_id)
        if own
        else button(here.tr("Report this"), "report", f"idea-{idea_id}")
    )
    rows.append(tuple(extras))
    return here.screen(
        bold(here.author(found.author, found.anonymous)),
        quote(found.text),
        _facts(here, found),
        rows=[row for row in rows if row],
        back=f"ideas-{found.activity_id}-new-1",
        photo_id=found.photo_id,
    )


@screen("ideamap")
def ideamap(here: Here, idea_id: int) -> Screen:
    """Where an idea would be."""
    found = ideas.find(here.store, idea_id, here.resident)
    if found.latitude is None or found.longitude is None:
        raise Gone
    shown = here.screen(italic(quote(excerpt(found.text, 60))), back=f"idea-{idea_id}")
    place = Place(found.latitude, found.longitude, here.tr("The place of this idea"), here.words(here.city.name))
    return Screen(shown.text, shown.rows, place=place)


@screen("retract")
def retract(here: Here, idea_id: int) -> Screen:
    """Asks before an idea is taken away by its author."""
    ideas.find_own(here.store, idea_id, here.resident)
    return here.screen(
        here.tr("Do you want to delete your idea?"),
        here.tr("Its comments and its support go with it. This cannot be undone."),
        rows=[(button(here.tr("Yes, delete it"), "retractnow", idea_id),)],
        back=f"idea-{idea_id}",
    )


@action("retractnow", otherwise="mine")
def retract_now(here: Here, idea_id: int) -> Screen:
    """Take my own idea away."""
    ideas.take_away(here.store, idea_id, here.resident)
    return mine(here).saying(here.tr("Your idea is deleted."))


@action("support", otherwise="idea")
def support(here: Here, idea_id: int) -> Screen:
    """Support an idea; once a person."""
    ideas.support(here.store, idea_id, here.resident, here.now)
    return idea(here, idea_id).saying(here.tr("You support this idea."))


@action("unsupport", otherwise="idea")
def unsupport(here: Here, idea_id: int) -> Screen:
    """Take the support back."""
    ideas.take_back(here.store, idea_id, here.resident, here.now)
    return idea(here, idea_id).saying(here.tr("Your support is taken back."))


@screen("mine")
def mine(here: Here) -> Screen:
    """My own ideas with their status."""
    own = here.store.ideas.of(here.resident.id)
    said = [lines(quote(excerpt(one.text, 120)), italic(here.tr(STATUS[one.status]))) for one in own[:PAGE]]
    rows: list[Row] = [(button(excerpt(quote(one.text), 30), "idea", one.id),) for one in own[:20]]
    if not own:
        said = [here.tr("You have not shared an idea yet.")]
    return here.screen(bold(here.tr("My ideas")), *said, rows=rows, back="home", home=False)


def _summary(here: Here, found: Idea, near: tuple[float, float] | None) -> Markup:
    facts = here.ntr("{count} supporter", "{count} supporters", found.support)
    if near and found.latitude is not None and found.longitude is not None:
        away = here.texts.distance(ideas.metres(near, (found.latitude, found.longitude)))
        facts = here.tr("{facts}, {distance} away", facts=facts, distance=away)
    return lines(excerpt_of(found), italic(facts))


def excerpt_of(found: Idea) -> str:
    return quote(excerpt(found.text, 120))


def _facts(here: Here, found: Idea) -> Markup:
    said = here.tr("{day}.", day=here.texts.day(found.at))
    if found.support:
        said += " " + here.ntr("{count} person supports this.", "{count} people support this.", found.support)
    hidden = found.anonymous and found.resident_id == here.resident.id
    return lines(
        italic(here.tr(STATUS[found.status])),
        said,
        here.tr("Your name is not shown with this idea.") if hidden else None,
    )


def _discussing(here: Here, idea_id: int) -> str:
    count = here.store.comments.count(idea_id)
    return here.tr("Comments ({count})", count=count) if count else here.tr("Comments")


def _supporting(here: Here, found: Idea) -> Row:
    if here.store.ideas.supports(found.id, here.resident.id):
        return (button(here.tr("Take back my support"), "unsupport", found.id),)
    return (button(here.tr("Support this idea"), "support", found.id),)


def _turning(here: Here, activity_id: int, order: str, page: int, count: int) -> Row:
    row = []
    if page > 1:
        row.append(button(here.tr("Previous page"), "ideas", activity_id, order, page - 1))
    if page * PAGE < count:
        row.append(button(here.tr("Next page"), "ideas", activity_id, order, page + 1))
    return tuple(row)


def _ordering(here: Here, activity_id: int, order: str) -> Row:
    row = []
    if order != "new":
        row.append(button(here.tr("Newest first"), "ideas", activity_id, "new", 1))
    if order != "top":
        row.append(button(here.tr("Most support first"), "ideas", activity_id, "top", 1))
    row.append(button(here.tr("Nearest first"), "nearby", activity_id))
    return tuple(row)
