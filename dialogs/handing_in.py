"""Handing in an idea: beginning, composing, sending."""

from markupsafe import Markup

from dialogs.address import action, screen
from dialogs.composing import PHOTO, PLACE, TEXT, asking, draft_at, preview, start
from dialogs.here import Here, button
from dialogs.ideas import idea
from dialogs.quotes import quote
from dialogs.screen import Row, Screen
from participation import ideas
from participation.activities import current, find, find_open
from storage.drafts import Draft


@action("newidea")
def new_idea(here: Here) -> Screen:
    """/idea: begin at once where one call is open; choose first where there are several."""
    calls = [one for one in current(here.store, here.now) if one.method == "ideas"]
    if len(calls) == 1:
        return start(here, f"compose-{calls[0].id}")
    if not calls:
        question = button(here.tr("Ask the city a question"), "question")
        return here.screen(here.tr("There is no open call for ideas at the moment."), rows=[(question,)])
    rows: list[Row] = [(button(here.words(one.title), "write", one.id),) for one in calls]
    return here.screen(here.tr("What is your idea about?"), rows=rows)


@action("write", otherwise="activity")
def write(here: Here, activity_id: int) -> Screen:
    """From now on what the person sends is their idea."""
    find_open(here.store, activity_id, "ideas", here.now)
    return start(here, f"compose-{activity_id}")


@screen("compose", limit=ideas.LENGTH, accepts=(TEXT, PHOTO, PLACE))
def compose(here: Here, activity_id: int) -> Screen:
    """An idea in the making."""
    activity = find(here.store, activity_id, "ideas")
    draft = draft_at(here, f"compose-{activity_id}")
    back = f"activity-{activity_id}"
    if draft.is_empty or draft.replacing:
        invitation = here.tr("Write your idea in a message. You can add one photo and a place.")
        return asking(here, draft, invitation, back, button(here.tr("Write an idea"), "write", activity_id))
    send = button(here.tr("Send my idea"), "sendidea", activity_id)
    who = _who_sees(here, draft, activity.settings.get("moderation") == "before")
    return preview(here, draft, ideas.LENGTH, send, who, back)


@action("sendidea", otherwise="compose")
def send_idea(here: Here, activity_id: int) -> Screen:
    """Hand in the idea."""
    idea_id = ideas.hand_in(here.store, activity_id, here.resident, here.now)
    return idea(here, idea_id).saying(here.tr("Thank you. Your idea has arrived."))


def _who_sees(here: Here, draft: Draft, checked_first: bool) -> Markup:
    """Who will see the idea, and under which name."""
    if draft.anonymous or not here.resident.name:
        seen = here.tr("Everybody can read this, without your name. You still get the answers.")
    else:
        seen = here.tr("Everybody can read this, with your name: {name}.", name=quote(here.resident.name))
    return seen + " " + here.tr("The city reads it first.") if checked_first else seen
