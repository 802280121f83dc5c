"""One open transaction, and the repositories that read and write in it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Connection, CursorResult, Executable, Table
from sqlalchemy.dialects import postgresql, sqlite

if TYPE_CHECKING:
    from storage.activities import Activities
    from storage.arrivals import Arrivals
    from storage.choices import Choices
    from storage.cities import Cities
    from storage.comments import Comments
    from storage.consents import Consents
    from storage.documents import Documents
    from storage.drafts import Drafts
    from storage.ideas import Ideas
    from storage.menus import Menus
    from storage.pairings import Pairings
    from storage.photos import Photos
    from storage.projects import Projects
    from storage.questions import Questions
    from storage.reports import Reports
    from storage.residents import Residents
    from storage.sessions import Sessions
    from storage.staff import Staff
    from storage.visits import Visits
    from storage.webchat_queue import WebchatQueue
    from storage.webchats import Webchats

R = TypeVar("R")


class Store:
    """An open transaction. Its repositories are made when first asked for and live as long as it does."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def run(self, statement: Executable, values: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None) -> Any:
        """Execute one statement; every statement of a turn passes here."""
        return self.connection.execute(statement, values)

    def one(self, record: type[R], statement: Executable, values: Mapping[str, Any] | None = None) -> R | None:
        """The first row as a record, whose fields are the statement's columns in order; None where there is no row."""
        row = self.run(statement, values).first()
        return record(*row) if row is not None else None

    def all(self, record: type[R], statement: Executable, values: Mapping[str, Any] | None = None) -> tuple[R, ...]:
        """Every row as a record."""
        return tuple(record(*row) for row in self.run(statement, values))

    def changed(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Execute a statement that writes; the number of rows that it touched."""
        result: CursorResult[Any] = self.run(statement, values)
        return result.rowcount

    def upsert(self, table: Table) -> Any:
        """An INSERT of this engine's dialect, the only one that knows ON CONFLICT."""
        if self.connection.dialect.name == "sqlite":
            return sqlite.insert(table)
        return postgresql.insert(table)

    @cached_property
    def activities(self) -> "Activities":
        from storage.activities import Activities

        return Activities(self)

    @cached_property
    def arrivals(self) -> "Arrivals":
        from storage.arrivals import Arrivals

        return Arrivals(self)

    @cached_property
    def choices(self) -> "Choices":
        from storage.choices import Choices

        return Choices(self)

    @cached_property
    def cities(self) -> "Cities":
        from storage.cities import Cities

        return Cities(self)

    @cached_property
    def comments(self) -> "Comments":
        from storage.comments import Comments

        return Comments(self)

    @cached_property
    def consents(self) -> "Consents":
        from storage.consents import Consents

        return Consents(self)

    @cached_property
    def documents(self) -> "Documents":
        from storage.documents import Documents

        return Documents(self)

    @cached_property
    def drafts(self) -> "Drafts":
        from storage.drafts import Drafts

        return Drafts(self)

    @cached_property
    def ideas(self) -> "Ideas":
        from storage.ideas import Ideas

        return Ideas(self)

    @cached_property
    def menus(self) -> "Menus":
        from storage.menus import Menus

        return Menus(self)

    @cached_property
    def pairings(self) -> "Pairings":
        from storage.pairings import Pairings

        return Pairings(self)

    @cached_property
    def photos(self) -> "Photos":
        from storage.photos import Photos

        return Photos(self)

    @cached_property
    def projects(self) -> "Projects":
        from storage.projects import Projects

        return Projects(self)

    @cached_property
    def questions(self) -> "Questions":
        from storage.questions import Questions

        return Questions(self)

    @cached_property
    def reports(self) -> "Reports":
        from storage.reports import Reports

        return Reports(self)

    @cached_property
    def residents(self) -> "Residents":
        from storage.residents import Residents

        return Residents(self)

    @cached_property
    def sessions(self) -> "Sessions":
        from storage.sessions import Sessions

        return Sessions(self)

    @cached_property
    def staff(self) -> "Staff":
        from storage.staff import Staff

        return Staff(self)

    @cached_property
    def visits(self) -> "Visits":
        from storage.visits import Visits

        return Visits(self)

    @cached_property
    def webchat_queue(self) -> "WebchatQueue":
        from storage.webchat_queue import WebchatQueue

        return WebchatQueue(self)

    @cached_property
    def webchats(self) -> "Webchats":
        from storage.webchats import Webchats

        return Webchats(self)
