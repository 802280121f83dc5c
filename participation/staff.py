"""Staff: who may do what, and how one becomes one of them."""

import hashlib
import secrets
from datetime import datetime, timedelta

from locales import N_
from participation import residents
from participation.cities import city
from participation.refusals import Gone, Refused
from storage.ideas import Idea
from storage.residents import Resident
from storage.staff import Invitation
from storage.store import Store

ROLES = ("owner", "editor", "moderator", "viewer")

VALID = timedelta(hours=72)
"""How long an invitation waits."""

READING = ROLES
MODERATING = ("owner", "moderator")
ANSWERING = ("owner", "editor", "moderator")


class NotStaff(Refused):
    """The page is for the city's staff with this role."""

    sentence = N_("This page is for staff of the city.")


class NotYourRole(Refused):
    """Somebody of the staff, but with another role."""

    sentence = N_("Your role does not include this.")


class InvitationOver(Refused):
    """It was used, or it is older than 72 hours."""

    sentence = N_("This invitation is no longer valid. Please ask for a new one.")


def invite(store: Store, role: str, now: datetime) -> str:
    """Make a one-time invitation; its token of 128 bits, which is kept as a digest only."""
    token = secrets.token_hex(16)
    store.staff.invite(_digest(token), role, now + VALID)
    return token


def invitation(store: Store, token: str, now: datetime) -> Invitation:
    """An invitation that can still be accepted; InvitationOver otherwise."""
    found = store.staff.invitation(_digest(token))
    if found is None or found.used_at is not None or now >= found.expires_at:
        raise InvitationOver
    return found


def accept(store: Store, token: str, resident: Resident, now: datetime) -> str:
    """Become staff by an invitation, once; the role."""
    found = invitation(store, token, now)
    store.staff.use(found.digest, now)
    store.staff.put(resident.id, found.role, now)
    return found.role


def hire(store: Store, channel: str, chat_id: int, language: str, role: str, now: datetime) -> None:
    """Make staff of somebody who has not written yet; the demo's clerk comes this way."""
    resident = store.residents.add("", residents.guess_language(city(store), language), None, now)
    store.residents.open_account(resident.id, channel, chat_id)
    store.staff.put(resident.id, role, now)


def require(store: Store, resident: Resident, roles: tuple[str, ...]) -> str:
    """The person's role as it is at this very act, if it is one of these; NotStaff or NotYourRole otherwise."""
    role = store.staff.role(resident.id)
    if role is None:
        raise NotStaff
    if role not in roles:
        raise NotYourRole
    return role


def decide(store: Store, idea_id: int, resident: Resident, status: str) -> Idea:
    """Publish or hide an idea that waits; safe to run twice. Gone for one that was decided otherwise."""
    require(store, resident, MODERATING)
    idea = store.ideas.get(idea_id)
    if idea is None or idea.status not in ("submitted", status):
        raise Gone
    store.ideas.change(idea_id, status=status)
    return idea


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
