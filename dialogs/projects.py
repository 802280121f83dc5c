"""Projects: what the city works on, where it stands, what you can do."""

from markupsafe import Markup

from dialogs.activities import doing
from dialogs.address import screen
from dialogs.here import Here, button
from dialogs.screen import Button, File, Place, Row, Screen, bold, italic, lines
from participation.activities import phase, urgent
from participation.projects import Moment, find, timeline
from participation.refusals import Gone
from storage.projects import Milestone, Project


@screen("project")
def project(here: Here, project_id: int) -> Screen:
    """A project: its picture and summary, and what one can do now."""
    found = find(here.store, project_id)
    activities = here.store.activities.of(project_id)
    current = urgent([one for one in activities if phase(one, here.now) == "open"])
    rows: list[Row] = [(doing(here, one),) for one in current]
    rows += [(doing(here, one),) for one in activities if phase(one, here.now) == "closed" and one.method == "choice"]
    rows.append(
        (
            button(here.tr("About this project"), "about", project_id),
            button(here.tr("Timeline"), "timeline", project_id),
        )
    )
    rows.append(tuple(_extras(here, found)))
    return here.screen(
        bold(here.words(found.title)),
        here.words(found.summary),
        None if current else here.tr("There is nothing to take part in at the moment."),
        rows=[row for row in rows if row],
        back="projects",
        photo_id=found.photo_id,
    )


@screen("about")
def about(here: Here, project_id: int) -> Screen:
    """The project at length, with its budget and its partners."""
    found = find(here.store, project_id)
    facts = [
        here.tr("Place: {address}", address=found.address) if found.address else None,
        here.tr("Budget: {amount}", amount=here.texts.euros(found.budget_euros)) if found.budget_euros else None,
        here.tr("Partners: {names}", names=here.texts.listing(list(found.partners))) if found.partners else None,
    ]
    return here.screen(
        bold(here.words(found.title)), here.words(found.body), lines(*facts), back=f"project-{project_id}"
    )


@screen("timeline")
def stands(here: Here, project_id: int) -> Screen:
    """Where the project stands: past, now and next."""
    found = find(here.store, project_id)
    moments = timeline(here.store.activities.of(project_id), here.store.projects.milestones_of(project_id), here.now)
    names = {"past": here.tr("Past"), "now": here.tr("Now"), "next": here.tr("Next")}
    said = [
        lines(bold(names[name]), *(_line(here, one) for one in moments if one.phase == name))
        for name in names
        if any(one.phase == name for one in moments)
    ]
    nothing = None if said else here.tr("Nothing is planned yet.")
    return here.screen(bold(here.words(found.title)), *said, nothing, back=f"project-{project_id}")


@screen("map")
def on_the_map(here: Here, project_id: int) -> Screen:
    """Where the project is."""
    found = find(here.store, project_id)
    if found.latitude is None or found.longitude is None:
        raise Gone
    shown = here.screen(bold(here.words(found.title)), back=f"project-{project_id}")
    place = Place(found.latitude, found.longitude, here.words(found.title), found.address or here.words(here.city.name))
    return Screen(shown.text, shown.rows, place=place)


@screen("documents")
def documents(here: Here, project_id: int) -> Screen:
    """The project's documents, a button for each."""
    found = find(here.store, project_id)
    rows: list[Row] = []
    for one in here.store.documents.of(project_id):
        title = here.words(one.title)
        rows.append((Button(title, url=one.url) if one.url else button(title, "document", one.id),))
    said = here.tr("Tap a document to open it.") if rows else here.tr("There are no documents yet.")
    return here.screen(bold(here.words(found.title)), said, rows=rows, back=f"project-{project_id}")


@screen("document")
def document(here: Here, document_id: int) -> Screen:
    """One document, handed over as a file."""
    found = here.store.documents.get(document_id)
    if found is None or found.url:
        raise Gone
    find(here.store, found.project_id)
    shown = here.screen(bold(here.words(found.title)), back=f"documents-{found.project_id}")
    return Screen(shown.text, shown.rows, file=File(found.file_name, document_id))


def _extras(here: Here, project: Project) -> list[Button]:
    found = []
    if project.latitude is not None:
        found.append(button(here.tr("Show on the map"), "map", project.id))
    if here.store.documents.of(project.id):
        found.append(button(here.tr("Documents"), "documents", project.id))
    return found


def _line(here: Here, moment: Moment) -> Markup:
    day, title = here.texts.day(moment.at), here.words(moment.what.title)
    if isinstance(moment.what, Milestone) and moment.what.text:
        return lines(here.tr("{day}: {title}", day=day, title=title), italic(here.words(moment.what.text)))
    if moment.phase == "now" and moment.until is not None:
        return here.tr("{title} (until {day})", title=title, day=here.texts.day(moment.until))
    return here.tr("{day}: {title}", day=day, title=title)
