"""Answering an event: a tap, a command or a link, something written, something odd."""

from dialogs.address import Address, parse
from dialogs.composing import PLACE
from dialogs.consents import with_question
from dialogs.events import Content, Event, Linked, Membership, Odd, Tap
from dialogs.here import Here
from dialogs.notices import notice
from dialogs.screen import Screen
from participation import drafts
from participation.refusals import Gone, Refused
from storage.drafts import Part


def answer(event: Event, here: Here) -> tuple[Screen | None, Address | None]:
    """The screen that answers an event, and the address that was asked for, if one was."""
    match event:
        case Tap(address=text):
            return _act(here, parse(text))
        case Linked():
            return _open(here, event)
        case Content():
            return _compose(here, event), None
        case Odd(kind=kind):
            return composing(here).saying(here.tr(notice(kind))), None
        case Membership(reachable=reachable):
            here.store.residents.change_account(here.account.channel, here.account.chat_id, reachable=reachable)
            return None, None


def _act(here: Here, address: Address) -> tuple[Screen, Address]:
    """Run a tap's screen or action; after the first act of all, one question asks for consent."""
    never_took_part = here.resident.took_part_at is None
    shown = address.visit(here)
    if address.spot.act and never_took_part and here.resident.may_write is None:
        after = here.store.residents.get(here.resident.id)
        if after is not None and after.took_part_at is not None:
            shown = with_question(here, shown)
    return shown, address


def _open(here: Here, event: Linked) -> tuple[Screen, Address | None]:
    """Open what a command or a link names. A link opens screens, never runs actions."""
    if here.resident.awaiting is not None and (event.is_command or not event.address):
        # Commands and texts travel in one queue: whoever goes elsewhere by a command has stopped writing, for now.
        here.become(here.store.residents.change(here.resident.id, awaiting=None))
    if not event.address:
        never_before = here.resident.joined_at == here.now
        return parse("welcome" if never_before else "home").visit(here), None
    try:
        address = parse(event.address)
        if address.spot.act and not event.is_command:
            raise Gone
        return address.visit(here), address
    except Refused as refusal:
        return parse("home").visit(here).saying(sentence(here, refusal)), None


def _compose(here: Here, event: Content) -> Screen | None:
    """Put what was sent into what the person is composing; an edited message changes its own part."""
    content = event.content
    if event.edited:
        if content.text is None:
            return None
        part = Part(content.message_id, content.text, here.account.channel)
        changed = drafts.edit(here.store, here.resident, part, here.now)
        return parse(changed.address).visit(here) if changed else composing(here).saying(here.tr(notice("sent")))
    address = here.resident.awaiting or "said"
    accepts = parse(address).spot.accepts
    if accepts == (PLACE,) and content.place is None:
        # Only a place is waited for, and words have come: they are the commonest thing of all, never an error.
        address, accepts = "said", parse("said").spot.accepts
    brought = {"text": content.text, "photo": content.photo, "place": content.place}
    if not any(brought[kind] is not None for kind in accepts):
        return composing(here).saying(here.tr(notice("not here")))
    before = here.store.drafts.get(here.resident.id, address)
    if parse(address).spot.single and content.text is not None and before is not None and before.parts:
        drafts.change(here.store, here.resident, address, here.now, replacing=True)
    drafts.take(here.store, here.resident, address, content, here.account.channel, here.now)
    if here.resident.awaiting != address:
        here.become(here.store.residents.change(here.resident.id, awaiting=address))
    if content.album and before is not None and before.album == content.album:
        return None
    shown = parse(address).visit(here)
    return shown.saying(here.tr(notice("album"))) if content.album else shown


def composing(here: Here) -> Screen:
    """Where the person is: at what they compose, or at home."""
    try:
        return parse(here.resident.awaiting or "home").visit(here)
    except Refused:
        return parse("home").visit(here)


def sentence(here: Here, refusal: Refused) -> str:
    """What a refusal says, in the reader's language."""
    shown = {
        key: here.texts.number(value) if isinstance(value, int) else value for key, value in refusal.values.items()
    }
    return here.tr(refusal.sentence, **shown)
