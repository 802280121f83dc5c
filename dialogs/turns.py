"""A turn: one update's visit, from the door to the screen, in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dialogs.address import Address, parse, refused
from dialogs.answers import answer, composing, sentence
from dialogs.events import Content, Event, Incoming, Linked, Membership, Tap
from dialogs.here import Here
from dialogs.home import languages, welcoming
from dialogs.screen import Button, Screen, paragraphs
from locales import N_, texts
from participation import drafts, residents
from participation.cities import city
from participation.pairings import doorstep
from participation.refusals import Refused
from participation.words import NAME_LENGTH, clean_name
from storage.residents import Account
from storage.store import Store

SEEN = ("project", "activity", "idea")
"""The places whose first visit is remembered: turnout counts who looked."""

SORRY = N_("Something went wrong on our side. What you wrote is kept. Please try again later.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the channel has to show; no screen where nothing is said (a second photo of an album).

    ``file_id`` is under which id the channel knows the picture; ``body`` are the bytes of a picture that it does not
    know, or of a document. ``fetch`` is a photo of the resident whose bytes wait at the channel.
    ``also``: what somebody else is told, who asked for it. ``again``: this update was answered before.
    """

    screen: Screen | None = None
    account: Account | None = None
    file_id: str | None = None
    body: bytes | None = None
    fetch: int | None = None
    also: tuple[tuple[Account, Screen], ...] = ()
    again: bool = False


SILENT = Outcome()


@dataclass(frozen=True, slots=True)
class Door:
    """Who came in. ``landed``: where this very update landed before. ``is_new``: first contact."""

    here: Here
    landed: str | None
    is_new: bool


def take(incoming: Incoming, clock: Callable[[], datetime], store: Store) -> Outcome:
    """Take one update. Refused comes out when a rule said no: ``refuse`` then shows the sentence."""
    door = _enter(incoming, clock(), store)
    if door is None:
        return SILENT
    if door.landed is not None:
        return _shown_again(door.here, door.landed)
    here = door.here
    shown, address = answer(incoming.event, here)
    if shown is not None and door.is_new:
        shown = _welcoming(here, shown)
    store.arrivals.add(incoming.channel, incoming.update_id, shown.address if shown else "", here.now)
    if shown is None:
        return replace(SILENT, fetch=_fetch(here, incoming.event))
    _remember(here, incoming.event, address, shown)
    drawn = _drawn(here, shown, incoming.event)
    return replace(drawn, also=_told(here, *shown.news)) if shown.news else drawn


def refuse(incoming: Incoming, refusal: Refused, clock: Callable[[], datetime], store: Store) -> Outcome:
    """A rule said no: show where the person stands, with the sentence."""
    door = _enter(incoming, clock(), store)
    if door is None:
        return SILENT
    here = door.here
    if door.landed is not None:
        return _shown_again(here, door.landed)
    shown = _after_refusal(here, incoming.event).saying(sentence(here, refusal))
    store.arrivals.add(incoming.channel, incoming.update_id, shown.address, here.now)
    return _drawn(here, shown, incoming.event)


def apologise(incoming: Incoming, clock: Callable[[], datetime], store: Store) -> Outcome:
    """We failed three times: say so, and keep what the person wrote."""
    door = _enter(incoming, clock(), store)
    if door is None or door.landed is not None:
        return SILENT
    here = door.here
    if isinstance(incoming.event, Content):
        address = here.resident.awaiting or "said"
        drafts.take(store, here.resident, address, incoming.event.content, incoming.channel, here.now)
    shown = parse("home").visit(here).saying(here.tr(SORRY))
    store.arrivals.add(incoming.channel, incoming.update_id, "home", here.now)
    return _drawn(here, shown, incoming.event)


def answer_in_group(incoming: Incoming, link: str, clock: Callable[[], datetime], store: Store) -> Outcome:
    """Mentioned or commanded in a group: point to the private chat. Nobody becomes a resident by it."""
    if store.arrivals.landed(incoming.channel, incoming.update_id) is not None:
        return SILENT
    store.arrivals.add(incoming.channel, incoming.update_id, "", clock())
    found = city(store)
    said = texts(residents.guess_language(found, incoming.language), found.time_zone)
    sentence = said.tr("We answer in a private chat, so that nobody sees your vote.")
    return Outcome(Screen(sentence, ((Button(said.tr("Open the private chat"), url=link),),)))


def _enter(incoming: Incoming, now: datetime, store: Store) -> Door | None:
    """Who is at the door. None: an update of somebody erased that comes again, or a block by somebody never met."""
    entrance = store.residents.enter(incoming.channel, incoming.chat_id, incoming.update_id)
    if entrance is not None:
        here = Here(store, city(store, entrance.city_version), entrance.resident, entrance.account, now)
        return Door(here, entrance.landed, False)
    if store.arrivals.landed(incoming.channel, incoming.update_id) is not None:
        return None
    if isinstance(incoming.event, Membership):
        store.arrivals.add(incoming.channel, incoming.update_id, "", now)
        return None
    found = city(store)
    language = residents.guess_language(found, incoming.language)
    linked = _linked(incoming.event)
    name = clean_name(incoming.name)[:NAME_LENGTH].strip()
    resident = store.residents.add(name, language, linked.source if linked else None, now)
    account = store.residents.open_account(resident.id, incoming.channel, incoming.chat_id)
    return Door(Here(store, found, resident, account, now), None, True)


def _welcoming(here: Here, shown: Screen) -> Screen:
    """A screen at first contact: the two sentences of the welcome, and a row to change the language."""
    if shown.address == "welcome":
        return shown
    text = paragraphs(welcoming(here), shown.text)
    return replace(shown, text=text, rows=(*shown.rows, languages(here)))


def _after_refusal(here: Here, event: Event) -> Screen:
    try:
        if isinstance(event, Tap):
            return parse(refused(parse(event.address))).visit(here)
        return composing(here)
    except Refused:
        return parse("home").visit(here)


def _shown_again(here: Here, landed: str) -> Outcome:
    """A known update comes again: show where it landed, change nothing."""
    if not landed:
        return SILENT
    try:
        shown = parse(landed).visit(here)
    except Refused:
        shown = parse("home").visit(here)
    return replace(_drawn(here, shown, None), again=True)


def _remember(here: Here, event: Event, address: Address | None, shown: Screen) -> None:
    """That the person saw a place, and the link's source word."""
    if address is None or address.spot.act:
        return
    source = address.source if isinstance(event, Linked) else None
    if address.spot.name in SEEN or source is not None:
        here.store.visits.saw(here.resident.id, shown.address, source, here.now)


def _drawn(here: Here, shown: Screen, event: Event | None) -> Outcome:
    """The outcome with what the channel needs to draw its picture or file."""
    fetch = _fetch(here, event)
    if shown.kind == "photo" and shown.photo_id is not None:
        photo = here.store.photos.get(shown.photo_id)
        file_id = photo.files.get(here.account.channel) if photo else None
        body = None if file_id else here.store.photos.body(shown.photo_id)
        if file_id is None and body is None:
            return Outcome(replace(shown, photo_id=None), here.account, fetch=fetch)
        return Outcome(shown, here.account, file_id, body, fetch)
    if shown.file is not None:
        kept = shown.file.document_id
        body = shown.file.body if kept is None else here.store.documents.body(kept)
        return Outcome(shown, here.account, None, body, fetch)
    return Outcome(shown, here.account, fetch=fetch)


def _told(here: Here, resident_id: int, news: str) -> tuple[tuple[Account, Screen], ...]:
    """What the act's news look like to the resident whom they concern, in their language: on the chat where they are
    reached first, or on their other chats where they concern the person who acts."""
    concerned = here.store.residents.get(resident_id)
    if concerned is None:
        return ()
    accounts = here.store.residents.accounts_of(concerned.id)
    told = [one for one in accounts if one.reachable and one.id != here.account.id]
    if concerned.id != here.resident.id:
        first = doorstep(accounts)
        told = [first] if first is not None else []
    address = parse(news)
    return tuple((one, address.visit(Here(here.store, here.city, concerned, one, here.now))) for one in told)


def _fetch(here: Here, event: Event | None) -> int | None:
    """The photo that this message brought, if it went into a draft."""
    if not isinstance(event, Content) or event.content.photo is None:
        return None
    draft = here.store.drafts.get(here.resident.id, here.resident.awaiting or "said")
    return draft.photo_id if draft and draft.photo_message_id == event.content.message_id else None


def _linked(event: Event) -> Address | None:
    try:
        return parse(event.address) if isinstance(event, Linked) else None
    except Refused:
        return None
