"""What a counted vote costs the database: four statements and one commit."""

from typing import Any

from sqlalchemy import event, update
from sqlalchemy.engine import Engine

from dialogs.events import Incoming, Linked, Tap
from storage.activities import options
from storage.database import Database
from tests.towns import VOTE
from tests.turning import take


async def statements_of(town: Database, incoming: Incoming) -> tuple[list[str], int]:
    """The first words of the statements of one turn, and its commits."""
    statements: list[str] = []
    commits: list[Any] = []

    def count(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement.split(maxsplit=1)[0])

    def committed(connection: Any) -> None:
        commits.append(connection)

    event.listen(Engine, "before_cursor_execute", count)
    event.listen(Engine, "commit", committed)
    try:
        await take(town, incoming)
    finally:
        event.remove(Engine, "before_cursor_execute", count)
        event.remove(Engine, "commit", committed)
    return [one for one in statements if one != "BEGIN"], len(commits)


async def test_a_vote_of_somebody_who_took_part_before_is_four_statements_and_one_commit(town: Database) -> None:
    only_words = update(options).values(photo_id=None)
    await town.turn(lambda store: store.run(only_words))
    await take(town, Incoming("telegram", 1, 50, "An", "nl", Linked("", False)))
    await take(town, Incoming("telegram", 2, 50, "An", "nl", Tap("support-1", 1, "text")))
    vote = Incoming("telegram", 3, 50, "An", "nl", Tap(f"choose-{VOTE}-1", 1, "text"))
    assert await statements_of(town, vote) == (["SELECT", "SELECT", "INSERT", "INSERT"], 1)


async def test_a_first_act_and_a_picture_cost_one_statement_each(town: Database) -> None:
    await take(town, Incoming("telegram", 1, 50, "An", "nl", Linked("", False)))
    await town.turn(lambda store: [store.photos.learn(photo_id, "telegram", "x") for photo_id in range(1, 6)])
    vote = Incoming("telegram", 3, 50, "An", "nl", Tap(f"choose-{VOTE}-1", 1, "text"))
    assert await statements_of(town, vote) == (["SELECT", "SELECT", "INSERT", "UPDATE", "SELECT", "INSERT"], 1)
