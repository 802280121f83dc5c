"""Activities: ``activity-N`` opens any of them; its method decides what is shown."""

from datetime import datetime

from markupsafe import Markup

from dialogs.address import METHODS, screen
from dialogs.here import Here, button
from dialogs.quotes import excerpt
from dialogs.screen import Button, Screen, bold
from participation.activities import find, phase
from participation.words import LABEL_LENGTH
from storage.activities import Activity


@screen("activity")
def activity(here: Here, activity_id: int) -> Screen:
    """Any activity, drawn by its method."""
    found = find(here.store, activity_id)
    return METHODS[found.method](here, activity_id)


def doing(here: Here, activity: Activity) -> Button:
    """The button to an activity: its short label, else its title, cut at a word where that is long."""
    label = here.words(activity.settings.get("label") or activity.title)
    return button(excerpt(label, LABEL_LENGTH), "activity", activity.id)


def heading(here: Here, activity: Activity) -> Markup:
    return bold(here.words(activity.title))


def when(here: Here, activity: Activity) -> Markup:
    """In words: from when or until when one can take part."""
    match phase(activity, here.now):
        case "coming":
            return here.tr("This starts on {moment}.", moment=here.texts.moment(activity.opens_at))
        case "closed":
            return here.tr("This closed on {moment}.", moment=closing(here, activity.closes_at))
    if activity.closes_at is None:
        return here.tr("You can take part at any time.")
    return here.tr("You can take part until {moment}.", moment=closing(here, activity.closes_at))


def closing(here: Here, moment: datetime | None) -> str:
    return here.texts.moment(moment) if moment else ""


def parent(activity: Activity) -> str:
    """Where Back leads from an activity."""
    return f"project-{activity.project_id}" if activity.project_id is not None else "home"
