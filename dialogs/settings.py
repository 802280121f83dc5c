"""Settings: language, name, and whether the bot may write."""

from dialogs.address import action, screen
from dialogs.composing import TEXT, asking, draft_at, preview, start
from dialogs.consents import thanks
from dialogs.here import Here, button
from dialogs.home import home, unfinished
from dialogs.quotes import quote
from dialogs.screen import Row, Screen, bold
from locales import NAMES
from participation import residents
from participation.words import NAME_LENGTH


@screen("settings")
def settings(here: Here) -> Screen:
    """What a person can set."""
    person = here.resident
    name = quote(person.name) if person.name else here.tr("no name")
    writes = here.tr("We write to you when there is news.") if person.may_write else here.tr("We do not write to you.")
    staff: list[Row] = [(button(here.tr("For staff"), "staff"),)] if here.store.staff.role(person.id) else []
    switch = button(here.tr("Stop writing to me"), "writing", 0)
    if not person.may_write:
        switch = button(here.tr("Yes, write to me"), "writing", 1)
    return here.screen(
        bold(here.tr("Settings")),
        here.tr("Language: {language}", language=NAMES.get(person.language, person.language)),
        here.tr("Name: {name}", name=name),
        writes,
        rows=[
            (button(here.tr("Language"), "languages"), button(here.tr("My name"), "setname")),
            (switch,),
            (button(here.tr("Connect my chats"), "connect"),),
            (button(here.tr("My data"), "mydata"),),
            *staff,
        ],
        back="home",
        home=False,
    )


@screen("languages")
def languages(here: Here) -> Screen:
    """The languages of the city, each in its own name."""
    rows = [(button(NAMES.get(code, code), "language", code),) for code in here.city.languages]
    return here.screen(here.tr("In which language would you like to read?"), rows=rows, back="settings")


@action("language", otherwise="languages")
def language(here: Here, code: str) -> Screen:
    """Read this language from now on."""
    here.become(residents.choose_language(here.store, here.city, here.resident, code))
    return home(here).saying(here.tr("From now on you read English."))


@action("setname")
def set_name(here: Here) -> Screen:
    """Begin a name."""
    return start(here, "myname")


@screen("myname", limit=NAME_LENGTH, accepts=(TEXT,), single=True)
def my_name(here: Here) -> Screen:
    """A name in the making."""
    draft = draft_at(here, "myname")
    begin = button(here.tr("My name"), "setname")
    if draft.is_empty or draft.replacing:
        invitation = here.tr("Write the name that others may see with your ideas.")
        return asking(here, draft, invitation, "settings", begin)
    who = here.tr("This name stands with your ideas and comments, unless you hide it.")
    return preview(here, draft, NAME_LENGTH, button(here.tr("Save my name"), "savename"), who, "settings")


@action("savename", otherwise="myname")
def save_name(here: Here) -> Screen:
    """Use this name from now on, and go on with what the person was writing."""
    here.become(residents.rename(here.store, here.resident))
    return settings(here).with_rows(*unfinished(here)).saying(here.tr("Your name is saved."))


@action("writing", otherwise="settings")
def writing(here: Here, answer: int) -> Screen:
    """Allow or stop unasked messages."""
    here.become(residents.answer_writing(here.store, here.resident, bool(answer), here.now))
    return settings(here).saying(thanks(here, bool(answer)))


@action("stop")
def stop(here: Here) -> Screen:
    """/stop: nothing unasked any more."""
    here.become(residents.answer_writing(here.store, here.resident, False, here.now))
    return here.screen(
        here.tr("We do not write to you any more."),
        here.tr("You can still vote, share ideas and read. Nothing is lost."),
        rows=[(button(here.tr("Yes, write to me"), "writing", 1),), (button(here.tr("Erase my data"), "erase"),)],
    )
