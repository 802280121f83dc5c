"""The method `choice`: one option of several, changeable until it closes."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from locales import N_
from participation.activities import find, find_open, phase, take_part
from participation.pairings import is_known
from participation.refusals import Refused
from storage.activities import Activity, Option
from storage.choices import Ballot
from storage.residents import Resident
from storage.store import Store

FEWEST = 5
"""People in a breakdown's cell at least; a smaller one is not published."""


class NoSuchOption(Refused):
    """The number is not one of the options."""

    sentence = N_("That choice is not on the list.")


class ResultsHidden(Refused):
    """The city shows them later."""

    sentence = N_("The results are not public yet.")


@dataclass(frozen=True, slots=True)
class Tally:
    """How often each option was chosen, in the activity's own order; ``cast`` ballots in all."""

    counts: Sequence[tuple[Option, int]]
    cast: int


class ConnectFirst(Refused):
    """The city counts no votes of web visitors who are not connected to another chat."""

    sentence = N_("This vote needs Telegram. Please connect your Telegram first.")


def may_vote(store: Store, activity: Activity, resident: Resident, channel: str) -> bool:
    """Whether this person's vote would count here: unconnected web visitors' does unless the activity says no."""
    if channel != "web" or takes_web_votes(activity):
        return True
    return is_known(store.residents.accounts_of(resident.id))


def takes_web_votes(activity: Activity) -> bool:
    """Whether it counts visitors of the web who are known by nothing else: reach, or one person, one vote."""
    return bool(activity.settings.get("web_votes", True))


def choose(store: Store, activity_id: int, resident: Resident, number: int, channel: str, now: datetime) -> None:
    """Cast or change a resident's ballot. Safe to run twice."""
    activity = find_open(store, activity_id, "choice", now)
    if number not in (option.number for option in activity.options):
        raise NoSuchOption
    if not may_vote(store, activity, resident, channel):
        raise ConnectFirst
    store.choices.put(activity_id, resident.id, number, channel, now)
    take_part(store, resident, now)


def withdraw(store: Store, activity_id: int, resident: Resident, now: datetime) -> None:
    """Take the ballot back; safe to run twice."""
    find_open(store, activity_id, "choice", now)
    store.choices.remove(activity_id, resident.id)


def may_see_results(activity: Activity, ballot: Ballot | None, now: datetime) -> bool:
    """As the activity's ``results`` say: always, after_voting (the default; and once it closed), after_closing."""
    if phase(activity, now) == "closed":
        return True
    match activity.settings.get("results", "after_voting"):
        case "always":
            return True
        case "after_voting":
            return ballot is not None
    return False


def results(store: Store, activity_id: int, resident: Resident, now: datetime) -> Tally:
    """The tally, for whom may see it now; ResultsHidden otherwise."""
    activity = find(store, activity_id, "choice")
    if not may_see_results(activity, store.choices.get(activity_id, resident.id), now):
        raise ResultsHidden
    counts = store.choices.tally(activity_id)
    return Tally([(option, counts.get(option.number, 0)) for option in activity.options], sum(counts.values()))


def by_channel(store: Store, activity_id: int) -> Mapping[str, int]:
    """How many votes came through each channel, for a result that everybody may see.

    Empty where there is one channel only, or where a number would be so small that it tells about somebody.
    """
    counts = store.choices.by_channel(activity_id)
    return counts if len(counts) > 1 and min(counts.values()) >= FEWEST else {}


def order(activity: Activity, resident_id: int) -> Sequence[Option]:
    """The options as this person sees them: shuffled against order bias, yet always the same for one person."""
    if not activity.settings.get("shuffled", True):
        return activity.options

    def place(option: Option) -> bytes:
        return hashlib.sha256(f"{activity.id} {resident_id} {option.number}".encode()).digest()

    return sorted(activity.options, key=place)
