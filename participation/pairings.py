"""Pairing: two chats become one person's by a short one-time code, and what both did is counted once."""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from locales import N_
from participation import codes, drafts
from participation.activities import phase
from participation.refusals import Gone, Refused
from participation.staff import ROLES
from storage.pairings import Pairing
from storage.residents import Account, Resident
from storage.store import Store

VALID = timedelta(minutes=15)
"""How long a code waits to be typed."""

TRIES = 5
"""Wrong codes that one person may type in an hour: of 10^12 codes, nobody guesses one that lives a quarter."""

HOUR = timedelta(hours=1)

_LENGTH = 8


class WrongCode(Refused):
    """Unknown, used, or older than a quarter of an hour."""

    sentence = N_("This code is not valid. Please ask for a new one in your other chat.")


class TooManyTries(Refused):
    """Enough wrong codes for this hour."""

    sentence = N_("These were too many wrong codes. Please try again in an hour.")


class SameChat(Refused):
    """The code was made by this very person."""

    sentence = N_("Type this code in your other chat, not here.")


def ask(store: Store, resident: Resident, now: datetime) -> str:
    """Make a one-time code for this person, in place of an older one; kept as a digest only."""
    code = codes.new(_LENGTH)
    store.pairings.put(Pairing(_digest(code), resident.id, now + VALID))
    return code


def is_known(accounts: Sequence[Account]) -> bool:
    """Whether a person is more than a window of a browser, of which anybody can open as many as they like."""
    return any(one.channel != "web" for one in accounts)


def doorstep(accounts: Sequence[Account]) -> Account | None:
    """Where a person is told what they did not ask for: on Telegram, on the web only where Telegram does not reach."""
    reached = [one for one in accounts if one.reachable]
    return min(reached, key=lambda one: (one.channel != "telegram", one.id), default=None)


def is_code(text: str) -> bool:
    """Whether this could be a code of ours."""
    return len(text) == _LENGTH and set(text) <= set(codes.ALPHABET)


def check_tries(store: Store, resident: Resident, now: datetime) -> None:
    """Refuse whoever typed enough wrong codes for this hour."""
    if store.pairings.count_tries(resident.id, now - HOUR) >= TRIES:
        raise TooManyTries


def join(store: Store, resident: Resident, code: str, now: datetime) -> Resident | None:
    """Become one person with whoever made the code: the older of the two, with all that both did.

    None for a wrong code, which is counted against who typed it. Refused: TooManyTries, SameChat.
    """
    check_tries(store, resident, now)
    pairing = store.pairings.get(_digest(codes.typed(code)))
    if pairing is None or now >= pairing.expires_at:
        store.pairings.add_try(resident.id, now)
        return None
    if pairing.resident_id == resident.id:
        raise SameChat
    other = store.residents.hold(pairing.resident_id)
    if other is None:
        raise Gone
    return _become_one(store, resident, other, now)


def separate(store: Store, resident: Resident, account: Account, now: datetime) -> Resident:
    """Take one chat out again: it becomes a new person's, and all that was done stays where it is.

    The only chat of a person stays with them.
    """
    if len(store.residents.accounts_of(resident.id)) < 2:
        return resident
    alone = store.residents.add("", resident.language, None, now)
    store.residents.change_account(account.channel, account.chat_id, resident_id=alone.id)
    return alone


def _become_one(store: Store, acting: Resident, other: Resident, now: datetime) -> Resident:
    kept, gone = sorted((acting, other), key=lambda one: one.id)
    _join_ballots(store, kept, gone, now)
    _join_drafts(store, kept, gone)
    _join_roles(store, kept, gone, now)
    for subject in (store.ideas, store.comments, store.questions, store.reports, store.visits, store.consents):
        subject.move(gone.id, kept.id)
    store.residents.move_accounts(gone.id, kept.id)
    store.pairings.remove_of(kept.id)
    firsts = [one.took_part_at for one in (kept, gone) if one.took_part_at is not None]
    joined = store.residents.change(
        kept.id,
        name=acting.name or other.name,
        language=acting.language,
        came_from=kept.came_from or gone.came_from,
        awaiting=acting.awaiting or other.awaiting,
        took_part_at=min(firsts, default=None),
        may_write=_last_answer(store, kept),
        joined_at=min(kept.joined_at, gone.joined_at),
    )
    store.residents.remove(gone.id)
    return joined


def _join_ballots(store: Store, kept: Resident, gone: Resident, now: datetime) -> None:
    """One ballot for each activity: the later act wins. What closed stays as it was counted, without the person."""
    own = {ballot.activity_id: ballot for ballot in store.choices.of(kept.id)}
    for ballot in store.choices.of(gone.id):
        activity = store.activities.get(ballot.activity_id, held=True)
        before = own.get(ballot.activity_id)
        if before is None:
            store.choices.give(ballot.activity_id, gone.id, kept.id)
            continue
        earlier = kept if before.changed_at <= ballot.changed_at else gone
        if activity is not None and phase(activity, now) == "closed":
            store.choices.forget(ballot.activity_id, earlier.id)
        else:
            store.choices.remove(ballot.activity_id, earlier.id)
        if earlier is kept:
            store.choices.give(ballot.activity_id, gone.id, kept.id)


def _join_drafts(store: Store, kept: Resident, gone: Resident) -> None:
    """Whatever was half-written stays; where both wrote the same thing, the later words follow the earlier ones."""
    for draft in store.drafts.of(gone.id):
        there = store.drafts.get(kept.id, draft.address)
        if there is None:
            store.drafts.put(drafts.of(draft, kept.id))
        else:
            earlier, later = sorted((there, draft), key=lambda one: one.changed_at)
            store.drafts.put(drafts.of(drafts.together(earlier, later), kept.id, later.changed_at))
            if earlier.photo_id is not None and later.photo_id is not None:
                store.photos.remove(earlier.photo_id)
        store.drafts.remove(gone.id, draft.address)


def _join_roles(store: Store, kept: Resident, gone: Resident, now: datetime) -> None:
    """The higher role of the two stays."""
    roles = [role for role in (store.staff.role(kept.id), store.staff.role(gone.id)) if role is not None]
    if roles:
        store.staff.put(kept.id, min(roles, key=ROLES.index), now)


def _last_answer(store: Store, resident: Resident) -> bool | None:
    """Whether the bot may write unasked: as was answered last."""
    answers = [consent for consent in store.consents.of(resident.id) if consent.kind == "writing"]
    return max(answers, key=lambda one: (one.at, one.id)).answer if answers else None


def _digest(code: str) -> str:
    return hashlib.sha256(f"pairing {code}".encode()).hexdigest()
