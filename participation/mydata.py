"""What is stored about a person, as plain data that can be shown and exported."""

from datetime import datetime
from typing import Any

from storage.residents import Resident
from storage.store import Store


def about(store: Store, resident: Resident) -> dict[str, Any]:
    """All that the city remembers of a resident, by subject; moments as ISO 8601 in UTC."""
    accounts = store.residents.accounts_of(resident.id)
    web = [account.chat_id for account in accounts if account.channel == "web"]
    aside = [one for account in accounts for one in store.arrivals.aside_of(account.channel, account.chat_id)]
    return {
        "person": _plain(resident) | {"staff": [_plain(role) for role in store.staff.of(resident.id)]},
        "accounts": [_plain(account) for account in accounts],
        "browsers": [_plain(one, without="digest") for one in store.sessions.of(web)],
        "consents": [_plain(consent) for consent in store.consents.of(resident.id)],
        "votes": [_vote(store, ballot) for ballot in store.choices.of(resident.id)],
        "ideas": [_plain(idea) for idea in store.ideas.of(resident.id)],
        "supported_ideas": [_plain(support) for support in store.ideas.supports_of(resident.id)],
        "comments": [_plain(comment) for comment in store.comments.of(resident.id)],
        "questions": [_plain(question) for question in store.questions.of(resident.id)],
        "reports": [_plain(report) for report in store.reports.of(resident.id)],
        "drafts": [_plain(draft) for draft in store.drafts.of(resident.id)],
        "codes": [_plain(code, without="digest") for code in store.pairings.of(resident.id)],
        "wrong_codes": [_plain(one) for one in store.pairings.tries_of(resident.id)],
        "put_aside": [_plain(one) for one in aside],
        "visits": [_plain(visit) for visit in store.visits.of(resident.id)],
    }


def _plain(record: Any, without: str = "") -> dict[str, Any]:
    """A record's fields as JSON knows them, but for one that is a secret."""
    fields = {name: getattr(record, name) for name in record.__slots__ if name != without}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in fields.items()}


def _vote(store: Store, ballot: Any) -> dict[str, Any]:
    activity = store.activities.get(ballot.activity_id)
    names = {option.number: dict(option.name) for option in activity.options} if activity else {}
    return _plain(ballot) | {
        "activity": dict(activity.title) if activity else {},
        "option": names.get(ballot.option_number, {}),
    }
