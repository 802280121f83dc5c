"""Help and privacy, in plain words."""

from dialogs.address import screen
from dialogs.here import Here, button
from dialogs.screen import Screen, bold


@screen("help")
def help(here: Here) -> Screen:  # noqa: A001 - the word that people type
    """What one can do here, and how to reach the city."""
    return here.screen(
        bold(here.tr("Help")),
        here.tr("Tap a button to go somewhere. Back and Home always bring you back."),
        here.tr("You vote with one tap. You can change your vote until it closes."),
        here.tr("You can also just write: we ask what to do with it."),
        here.words(here.city.contact),
        rows=[
            (button(here.tr("Ask the city a question"), "question"),),
            (button(here.tr("My questions"), "myquestions"),),
            (button(here.tr("Projects"), "projects"), button(here.tr("Privacy"), "privacy")),
        ],
        back="home",
        home=False,
    )


@screen("privacy")
def privacy(here: Here) -> Screen:
    """Who sees what, how long it is kept, and what one can ask."""
    return here.screen(
        bold(here.tr("Privacy")),
        here.tr("Your votes are secret. Only totals are shown."),
        here.tr("Ideas and comments are public. You choose to show your name or not."),
        here.tr("Only the city reads your questions."),
        here.tr("We write to you only if you say yes. You can stop at any time."),
        here.tr("We keep your data until you erase it. You can see and take along everything."),
        here.tr("The technical list of messages that arrived is kept for 48 hours."),
        here.words(here.city.contact),
        rows=[(button(here.tr("My data"), "mydata"),)],
        back="home",
        home=False,
    )
