"""Composing: what people write waits in a draft; every composer shows it and offers what to do next."""

from markupsafe import Markup

from dialogs.address import TABLE, Rest, action, parse, screen
from dialogs.here import Here, button
from dialogs.quotes import excerpt, quote
from dialogs.screen import Button, Row, Screen, bold, italic
from participation import drafts, ideas
from participation.activities import current
from participation.refusals import Gone
from participation.words import LABEL_LENGTH
from storage.drafts import Draft

EXCERPT = 300
"""Characters that are shown of a text that is too long, so that what can be done about it stays in sight."""

TEXT, PHOTO, PLACE = "text", "photo", "place"


def start(here: Here, address: str) -> Screen:
    """From now on what the person sends goes to this composer."""
    here.become(drafts.begin(here.store, here.resident, address, here.now))
    return parse(address).visit(here)


def draft_at(here: Here, address: str) -> Draft:
    """The draft that waits at an address; an empty one where none does."""
    found = here.store.drafts.get(here.resident.id, address)
    return found or drafts.empty(here.resident.id, address, here.now)


def preview(here: Here, draft: Draft, limit: int, send: Button, who_sees: str, back: str) -> Screen:
    """What was written so far, who will see it, and Send, Edit, Place."""
    too_long = len(draft.text) > limit
    rows: list[Row] = [(send,)] if draft.parts and not too_long else []
    if too_long:
        rows.append(
            (
                button(
                    here.tr("Shorten to {limit} characters", limit=here.texts.number(limit)), "shorten", draft.address
                ),
            )
        )
    rows += _changing(here, draft)
    rows.append((button(here.tr("Delete my draft"), "drop", draft.address),))
    return here.screen(
        bold(here.tr("Your message so far")),
        _hint(here, draft, limit) if too_long else None,
        quote(excerpt(draft.text, EXCERPT) if too_long else draft.text) or None,
        _facts(here, draft),
        None if too_long else _hint(here, draft, limit),
        italic(who_sees),
        rows=rows,
        back=back,
        photo_id=draft.photo_id,
    )


def asking(here: Here, draft: Draft, invitation: str, back: str, begin: Button, *, waits: bool = True) -> Screen:
    """Asks for the first message; somebody who only followed a link taps to begin. ``waits``: there is no hurry."""
    waiting = here.resident.awaiting == draft.address
    replacing = here.tr("Send your new text. It takes the place of the old one.") if draft.replacing else invitation
    return here.screen(
        replacing,
        italic(here.tr("Take your time. What you write is kept.")) if waits else None,
        rows=[] if waiting else [(begin,)],
        back=back,
    )


@action("resume")
def resume(here: Here, address: Rest) -> Screen:
    """Go on with what was begun."""
    return start(here, composer(address))


@action("rewrite")
def rewrite(here: Here, address: Rest) -> Screen:
    """The next text takes the place of what was written."""
    here.become(drafts.begin(here.store, here.resident, composer(address), here.now))
    drafts.change(here.store, here.resident, address, here.now, replacing=True)
    return parse(address).visit(here)


@action("shorten")
def shorten(here: Here, address: Rest) -> Screen:
    """Keep as much of the text as can be sent."""
    limit = TABLE[composer(address).split("-")[0]].limit or 0
    drafts.shorten(here.store, here.resident, address, limit, here.now)
    return parse(address).visit(here)


@action("anonymous")
def anonymous(here: Here, hidden: int, address: Rest) -> Screen:
    """With or without my name."""
    drafts.change(here.store, here.resident, composer(address), here.now, anonymous=bool(hidden))
    return parse(address).visit(here)


@action("strip")
def strip(here: Here, what: str, address: Rest) -> Screen:
    """Take the photo or the place out of the draft."""
    draft = draft_at(here, composer(address))
    if what == "photo":
        drafts.change(here.store, here.resident, address, here.now, photo_id=None, photo_message_id=None, album=None)
        if draft.photo_id is not None:
            here.store.photos.remove(draft.photo_id)
    else:
        drafts.change(here.store, here.resident, address, here.now, latitude=None, longitude=None)
    return parse(address).visit(here)


@action("drop")
def drop(here: Here, address: Rest) -> Screen:
    """Throw away what was written."""
    drafts.drop(here.store, here.resident, composer(address))
    back = parse("home").visit(here)
    return back.saying(here.tr("Your draft is deleted."))


@screen("howplace")
def how_place(here: Here, address: Rest) -> Screen:
    """How to send a place."""
    return here.screen(
        here.tr("Tap + below and then Share place.")
        if here.account.channel == "web"
        else here.tr("Tap the paper clip and choose Location. Pick the place and send it."),
        here.tr("Your message is kept. The place is added to it."),
        back=composer(address),
    )


@screen("said", limit=ideas.LENGTH, accepts=(TEXT, PHOTO, PLACE))
def said(here: Here) -> Screen:
    """Words that nothing waited for: an idea, a question to the city, or the way home."""
    draft = draft_at(here, "said")
    if draft.is_empty:
        return parse("home").visit(here)
    calls = [one for one in current(here.store, here.now) if one.method == "ideas"]
    rows: list[Row] = []
    for one in calls[:4]:
        rows.append((button(excerpt(here.words(one.title), LABEL_LENGTH), "useas", f"compose-{one.id}"),))
    rows.append((button(here.tr("Ask the city a question"), "useas", "ask"),))
    rows.append((button(here.tr("Delete my draft"), "drop", "said"),))
    return here.screen(
        here.tr("You wrote:") if draft.parts else None,
        quote(draft.text) or None,
        _facts(here, draft),
        here.tr("What shall we do with it?"),
        rows=rows,
        photo_id=draft.photo_id,
    )


@action("useas", otherwise="said")
def use_as(here: Here, address: Rest) -> Screen:
    """Make what nothing waited for the beginning of an idea or a question."""
    here.become(drafts.move(here.store, here.resident, "said", composer(address), here.now))
    return parse(address).visit(here)


def composer(address: str) -> str:
    """The address, if it is one where people compose; Gone otherwise."""
    if parse(address).spot.limit is None:
        raise Gone
    return address


def _changing(here: Here, draft: Draft) -> list[Row]:
    """Edit, place, photo and name: what this composer takes."""
    accepts = parse(draft.address).spot.accepts
    first = [button(here.tr("Change the text"), "rewrite", draft.address)] if draft.parts else []
    if PLACE in accepts:
        if draft.latitude is None:
            first.append(button(here.tr("Add a place"), "howplace", draft.address))
        else:
            first.append(button(here.tr("Remove place"), "strip", "place", draft.address))
    rows = [tuple(first)] if first else []
    if draft.photo_id is not None:
        rows.append((button(here.tr("Remove photo"), "strip", "photo", draft.address),))
    if draft.address not in ("ask", "myname"):
        rows.append((_naming(here, draft),))
    return rows


def _naming(here: Here, draft: Draft) -> Button:
    if draft.anonymous:
        return button(here.tr("Show my name"), "anonymous", 0, draft.address)
    if not here.resident.name:
        return button(here.tr("Add my name"), "setname")
    return button(here.tr("Do not show my name"), "anonymous", 1, draft.address)


def _facts(here: Here, draft: Draft) -> Markup | None:
    if draft.latitude is None:
        return None
    return here.tr("A place is added.")


def _hint(here: Here, draft: Draft, limit: int) -> Markup | None:
    if len(draft.text) > limit:
        count, most = here.texts.number(len(draft.text)), here.texts.number(limit)
        return here.tr("This has {count} characters. It can have {limit}.", count=count, limit=most)
    return None if draft.parts else here.tr("Please add a few words about it.")
