"""Home: the welcome, what people can do now, and the city's projects."""

from dialogs.activities import doing
from dialogs.address import screen
from dialogs.here import Here, button
from dialogs.screen import Row, Screen, bold, lines
from locales import NAMES
from participation.activities import current

SHORTCUTS = 4
"""Things to do that home offers at once."""


@screen("home")
def home(here: Here) -> Screen:
    """The start: what one can do now first, then the projects."""
    here.words(here.city.name)
    rows = unfinished(here)
    rows += [(doing(here, activity),) for activity in current(here.store, here.now)[:SHORTCUTS]]
    rows += _projects(here)
    if here.store.staff.role(here.resident.id):
        rows.append((button(here.tr("For staff"), "staff"),))
    rows.append((button(here.tr("My ideas"), "mine"), button(here.tr("Settings"), "settings")))
    rows.append((button(here.tr("Help"), "help"), button(here.tr("Privacy"), "privacy")))
    return here.screen(
        bold(here.words(here.city.name)),
        here.words(here.city.summary),
        here.tr("What would you like to do?"),
        rows=rows,
        home=False,
    )


@screen("welcome")
def welcome(here: Here) -> Screen:
    """First contact: two sentences, the projects at once, and a row to change the language."""
    rows: list[Row] = [(doing(here, activity),) for activity in current(here.store, here.now)[:SHORTCUTS]]
    rows += _projects(here)
    rows.append(languages(here))
    rows.append((button(here.tr("Help"), "help"), button(here.tr("Privacy"), "privacy")))
    return here.screen(
        welcoming(here),
        None if here.account.channel == "web" else here.words(here.city.notice),
        rows=rows,
        home=False,
    )


@screen("projects")
def projects(here: Here) -> Screen:
    """The list of current projects."""
    found = here.store.projects.published()
    if not found:
        return here.screen(here.tr("There are no projects at the moment."))
    said = [lines(bold(here.words(one.title)), here.words(one.summary)) for one in found]
    return here.screen(*said, rows=_projects(here), home=True)


def welcoming(here: Here) -> str:
    """Two sentences: what this is, and who sees what you do."""
    return lines(
        here.tr("Welcome! Here you decide with {city} about its projects.", city=here.words(here.city.name)),
        here.tr("Votes are secret; your ideas are public, with or without your name."),
    )


def languages(here: Here) -> Row:
    """One button for each language of the city but the reader's own, named in that language."""
    others = [code for code in here.city.languages if code != here.resident.language]
    return tuple(button(NAMES.get(code, code), "language", code) for code in others)


def unfinished(here: Here) -> list[Row]:
    """A button back to what the person began to write, if there is anything in it."""
    for draft in here.store.drafts.of(here.resident.id):
        if not draft.is_empty and draft.address != "said":
            return [(button(here.tr("Continue my message"), "resume", draft.address),)]
    return []


def _projects(here: Here) -> list[Row]:
    return [(button(here.words(one.title), "project", one.id),) for one in here.store.projects.published()]
