"""Residents: first contact, language, name, consent, and what the city knows about a person."""

from datetime import datetime
from typing import Any

from locales import N_, base_language
from participation import drafts, ideas
from participation.activities import phase
from participation.refusals import Refused
from participation.words import NAME_LENGTH, clean_name
from storage.cities import City
from storage.residents import Resident
from storage.store import Store

WRITING = "writing"
"""The consent that lets the bot write unasked."""

WRITING_TEXT = "2026-11"
"""The version of the question's words; a new wording gets a new one."""


class NoSuchLanguage(Refused):
    """The city does not speak it."""

    sentence = N_("This language is not available here.")


class NoName(Refused):
    """Nothing readable was left of the name."""

    sentence = N_("Please write a name of at most 60 characters.")


def guess_language(city: City, code: str | None) -> str:
    """The client's language where the city has it, else the city's default."""
    language = base_language(code)
    return language if language in city.languages else city.default_language


def choose_language(store: Store, city: City, resident: Resident, language: str) -> Resident:
    """The person reads this language from now on."""
    if language not in city.languages:
        raise NoSuchLanguage
    return store.residents.change(resident.id, language=language)


def rename(store: Store, resident: Resident) -> Resident:
    """Save the draft of a name."""
    draft = drafts.sendable(store, resident, "myname", 10_000, NoName)
    name = clean_name(draft.text)
    if not name or len(name) > NAME_LENGTH:
        raise NoName
    drafts.drop(store, resident, "myname")
    return store.residents.change(resident.id, name=name)


def answer_writing(store: Store, resident: Resident, may_write: bool, now: datetime) -> Resident:
    """Record whether the bot may write unasked; an answer given again is recorded once."""
    if resident.may_write is may_write:
        return resident
    store.consents.add(resident.id, WRITING, may_write, WRITING_TEXT, resident.language, now)
    return store.residents.change(resident.id, may_write=may_write)


def erase(store: Store, resident: Resident, *, keep_words: bool, now: datetime) -> None:
    """Forget a person: running votes are withdrawn, closed ones kept without a person; ideas and comments are kept
    without a name or removed; everything else goes."""
    for ballot in store.choices.of(resident.id):
        activity = store.activities.get(ballot.activity_id)
        if activity is not None and phase(activity, now) == "closed":
            store.choices.forget(ballot.activity_id, resident.id)
        else:
            store.choices.remove(ballot.activity_id, resident.id)
    _erase_words(store, resident, keep_words)
    for draft in store.drafts.of(resident.id):
        drafts.drop(store, resident, draft.address)
    for account in store.residents.accounts_of(resident.id):
        store.arrivals.forget_aside(account=(account.channel, account.chat_id))
        if account.channel == "web":
            store.webchats.forget(account.chat_id)
    store.residents.remove(resident.id)


def _erase_words(store: Store, resident: Resident, keep_words: bool) -> None:
    for idea in store.ideas.of(resident.id):
        if keep_words:
            store.ideas.change(idea.id, resident_id=None, anonymous=True)
        else:
            ideas.take_away(store, idea.id, resident)
    for comment in store.comments.of(resident.id):
        kept: dict[str, Any] = {} if keep_words else {"status": "removed", "text": ""}
        store.comments.change(comment.id, resident_id=None, anonymous=True, **kept)
    for question in store.questions.of(resident.id):
        if question.photo_id is not None:
            store.photos.remove(question.photo_id)
    store.questions.remove_of(resident.id)
