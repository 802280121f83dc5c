"""What people see and tap, as plain data: one module a subject. Importing this registers every address."""

from dialogs import (
    activities,
    choices,
    comments,
    composing,
    consents,
    handing_in,
    help,  # noqa: A004
    home,
    ideas,
    mydata,
    pairings,
    projects,
    questions,
    reports,
    settings,
    staff,
)

__all__ = [
    "activities",
    "choices",
    "comments",
    "composing",
    "consents",
    "handing_in",
    "help",
    "home",
    "ideas",
    "mydata",
    "pairings",
    "projects",
    "questions",
    "reports",
    "settings",
    "staff",
]
