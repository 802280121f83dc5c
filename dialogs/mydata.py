"""My data: see it, take it along, correct it, erase it."""

import json
from typing import Any

from markupsafe import Markup

from dialogs.address import action, screen
from dialogs.here import Here, button
from dialogs.screen import File, Screen, bold
from participation import mydata, residents
from participation.refusals import Gone


@screen("mydata")
def my_data(here: Here) -> Screen:
    """What is stored, in numbers, and what one can do with it."""
    data = mydata.about(here.store, here.resident)
    said = [
        here.ntr("{count} vote", "{count} votes", len(data["votes"])),
        here.ntr("{count} idea", "{count} ideas", len(data["ideas"])),
        here.ntr("{count} comment", "{count} comments", len(data["comments"])),
        here.ntr("{count} question", "{count} questions", len(data["questions"])),
        here.ntr("{count} draft", "{count} drafts", len(data["drafts"])),
    ]
    return here.screen(
        bold(here.tr("My data")),
        here.tr("This is what we keep about you: {things}.", things=here.texts.listing([str(one) for one in said])),
        here.tr("We also keep your language, your name and which pages you saw."),
        here.tr("To correct something: change your name, or delete a comment."),
        rows=[
            (
                button(here.tr("Read all my data"), "export", "html"),
                button(here.tr("Download as data file"), "export", "json"),
            ),
            (button(here.tr("Change my name"), "setname"),),
            (button(here.tr("Erase my data"), "erase"),),
        ],
        back="settings",
    )


@screen("export")
def export(here: Here, form: str) -> Screen:
    """All that is stored, as a file: JSON for programs, or a page to read."""
    data = mydata.about(here.store, here.resident)
    match form:
        case "json":
            body = json.dumps(data, ensure_ascii=False, indent=2)
        case "html":
            body = page(here, data)
        case _:
            raise Gone
    shown = here.screen(here.tr("Here is all that we keep about you."), back="mydata")
    return Screen(shown.text, shown.rows, file=File(f"belleman.{form}", body=body.encode()))


def page(here: Here, data: dict[str, Any]) -> str:
    """A readable page of everything; words are escaped, nothing is loaded."""
    names = {
        "person": here.tr("You"),
        "accounts": here.tr("Your chats"),
        "browsers": here.tr("Browsers that open your chat"),
        "consents": here.tr("Your consent"),
        "votes": here.tr("Your votes"),
        "ideas": here.tr("Your ideas"),
        "supported_ideas": here.tr("Ideas that you support"),
        "comments": here.tr("Your comments"),
        "questions": here.tr("Your questions"),
        "reports": here.tr("What you reported"),
        "drafts": here.tr("Your drafts"),
        "codes": here.tr("Codes to connect your chats"),
        "wrong_codes": here.tr("Wrong codes that you typed"),
        "put_aside": here.tr("Messages that we could not read"),
        "visits": here.tr("Pages that you saw"),
    }
    parts = [Markup("<h2>{}</h2>{}").format(names[subject], _table(content)) for subject, content in data.items()]
    return Markup(
        '<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>{title}</title><style>body{{font:16px sans-serif;max-width:45em;margin:auto;padding:1em}}"
        "td{{padding:.2em .8em .2em 0;vertical-align:top;overflow-wrap:anywhere}}</style><h1>{title}</h1>{parts}</html>"
    ).format(lang=here.resident.language, title=here.tr("My data"), parts=Markup("").join(parts))


@screen("erase")
def erase(here: Here) -> Screen:
    """Asks what shall happen with what the person wrote."""
    return here.screen(
        bold(here.tr("Erase my data")),
        here.tr("Your votes that still run are withdrawn. Closed votes stay, without you."),
        here.tr("What should we do with your ideas and comments?"),
        here.tr("Your questions, drafts and settings go too. This cannot be undone."),
        rows=[
            (button(here.tr("Remove what I wrote"), "erasenow", 0),),
            (button(here.tr("Keep them without my name"), "erasenow", 1),),
        ],
        back="mydata",
    )


@action("erasenow")
def erase_now(here: Here, keep_words: int) -> Screen:
    """Forget the person."""
    residents.erase(here.store, here.resident, keep_words=bool(keep_words), now=here.now)
    shown = here.screen(
        here.tr("Everything about you is erased."),
        here.tr("If you write again, we start from the beginning."),
        home=False,
    )
    return Screen(shown.text, ((button(here.tr("Start again"), "home"),),), address="home")


def _table(content: Any) -> Markup:
    rows = content if isinstance(content, list) else [content]
    return Markup("").join(_record(row) for row in rows) or Markup("<p>-</p>")


def _record(row: Any) -> Markup:
    if not isinstance(row, dict):
        return Markup("<p>{}</p>").format(row)
    cells = [Markup("<tr><td>{}</td><td>{}</td></tr>").format(name, _value(value)) for name, value in row.items()]
    return Markup("<table>{}</table><hr>").format(Markup("").join(cells))


def _value(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list | tuple) else str(value)
