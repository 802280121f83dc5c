"""Connecting chats: a code from one of them, typed or opened in the other, makes them one person's."""

from dataclasses import replace

from markupsafe import Markup

from dialogs.address import action, compose, screen
from dialogs.composing import TEXT, asking, draft_at, start
from dialogs.here import Here, button
from dialogs.home import home, unfinished
from dialogs.screen import Button, Row, Screen, bold, paragraphs
from locales import N_
from participation import codes, drafts, pairings

CODE_LENGTH = 40
"""Characters that somebody may type where a code of eight is asked for."""

NAMES = {"telegram": N_("Telegram"), "web": N_("The web page")}


@screen("connect")
def connect(here: Here) -> Screen:
    """What connecting is for, and both ways to do it."""
    accounts = here.store.residents.accounts_of(here.resident.id)
    names = list(dict.fromkeys(here.tr(NAMES.get(one.channel, one.channel)) for one in accounts))
    own: list[Row] = [(button(here.tr("Disconnect this chat"), "separate"),)] if len(accounts) > 1 else []
    return here.screen(
        bold(here.tr("Connect my chats")),
        here.tr("Do you write to us on Telegram and on the web page? Connect both chats."),
        here.tr("You are one person then: your vote counts once, and everything stays together."),
        here.tr("Connected now: {chats}", chats=Markup(", ").join(names)) if len(accounts) > 1 else None,
        rows=[(button(here.tr("Give me a code"), "code"), button(here.tr("I have a code"), "typecode")), *own],
        back="settings",
    )


@action("code", otherwise="connect")
def code(here: Here) -> Screen:
    """Make a code and show it, this once."""
    made = pairings.ask(here.store, here.resident, here.now)
    elsewhere = "telegram" if here.account.channel == "web" else "web"
    label = here.tr("Open it in Telegram") if elsewhere == "telegram" else here.tr("Open it on the web page")
    shown = here.screen(
        bold(here.tr("Your code: {code}", code=Markup("<code>{}</code>").format(codes.written(made)))),
        here.tr("It works once, within 15 minutes. Keep it to yourself."),
        here.tr("In your other chat, tap Settings, then Connect my chats, then I have a code."),
        rows=[(Button(label, compose("pair", made), elsewhere=elsewhere),)],
        back="connect",
    )
    return replace(shown, address="connect")


@screen("pair")
def pair(here: Here, made: str) -> Screen:
    """Where a code's link leads: connecting is a tap."""
    return here.screen(
        bold(here.tr("Connect this chat with your other one?")),
        here.tr("Code: {code}", code=codes.written(codes.typed(made))),
        here.tr("Only do this with a code that you made yourself. Both chats then see the same."),
        rows=[(button(here.tr("Yes, connect my chats"), "join", made),)],
        back="connect",
    )


@action("join", otherwise="connect")
def join(here: Here, made: str) -> Screen:
    """Become one person with the one who made the code; a wrong one is said, and another one asked for."""
    drafts.drop(here.store, here.resident, "mycode")
    acting = here.store.residents.get(here.resident.id) or here.resident
    joined = pairings.join(here.store, acting, made, here.now)
    if joined is None:
        here.become(acting)
        wrong = here.tr(pairings.WrongCode.sentence)
        shown = start(here, "mycode")
        return replace(shown, text=paragraphs(bold(wrong), shown.text)).saying(wrong)
    here.become(joined)
    said = here.tr("Your chats are connected. You are one person here now.")
    return replace(home(here).with_rows(*unfinished(here)).saying(said), news=(joined.id, "connected"))


@action("typecode", otherwise="connect")
def type_code(here: Here) -> Screen:
    """Begin to type a code, unless there were too many wrong ones."""
    pairings.check_tries(here.store, here.resident, here.now)
    drafts.drop(here.store, here.resident, "mycode")
    return start(here, "mycode")


@screen("mycode", limit=CODE_LENGTH, accepts=(TEXT,), single=True)
def my_code(here: Here) -> Screen:
    """A code that was typed, before it is used."""
    draft = draft_at(here, "mycode")
    code = codes.typed(draft.text)
    if draft.is_empty or not pairings.is_code(code):
        again = button(here.tr("I have a code"), "typecode")
        invitation = here.tr("Type the code of your other chat in a message. It has 8 letters and digits.")
        return asking(here, draft, invitation, "connect", again, waits=False)
    return pair(here, code)


@action("separate", otherwise="connect")
def separate(here: Here) -> Screen:
    """Take this chat out again."""
    here.become(pairings.separate(here.store, here.resident, here.account, here.now))
    return home(here).saying(here.tr("This chat is on its own again. Your votes and ideas stay with the other one."))


@screen("connected")
def connected(here: Here) -> Screen:
    """What the person's other chat is told."""
    return here.screen(
        here.tr("This chat is now connected with another one of yours."),
        here.tr("Was that not you? Then disconnect this chat."),
        rows=[(button(here.tr("Disconnect this chat"), "separate"),)],
    )
