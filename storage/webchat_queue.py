"""The web chat's queue: updates that wait for the bot, taps that wait for an answer, and what was sent once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from storage.store import Store
from storage.webchat_tables import Query, Update, bots, queries, sent, updates

_UPDATE = select(updates.c.update_id, updates.c.lane, updates.c.body)
_PENDING = (
    _UPDATE.where(updates.c.confirmed.is_(False), updates.c.expires_at > bindparam("now"))
    .order_by(updates.c.update_id)
    .limit(bindparam("count"))
)
_BELOW = (
    update(updates)
    .where(updates.c.update_id < bindparam("below"), updates.c.confirmed.is_(False), updates.c.again.is_(False))
    .where(select(bots.c.last_update_id).scalar_subquery() >= bindparam("below") - 1)
    .values(confirmed=True)
)
_NEXT = (
    update(bots)
    .values(last_update_id=bots.c.last_update_id + 1, last_update_at=bindparam("now"))
    .returning(bots.c.last_update_id)
)
_QUERY = select(queries).where(queries.c.query_id == bindparam("query_id"))
_ANSWER = update(queries).where(queries.c.query_id == bindparam("known"))
_ANSWERED = (
    select(queries)
    .where(queries.c.chat_id == bindparam("chat_id"), queries.c.answered.is_(True), queries.c.seq > bindparam("after"))
    .order_by(queries.c.seq)
)
_SENT = select(sent.c.answer).where(sent.c.chat_id == bindparam("chat_id"), sent.c.client_id == bindparam("client_id"))


class WebchatQueue:
    """Updates by id, taps by query id, answers by the sender's own number. The statements that each tap needs are
    built once: on the web a vote takes twenty of them."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # updates

    def next_update_id(self, now: datetime) -> int:
        """One more than the last."""
        return int(self._store.run(_NEXT, {"now": now}).scalar_one())

    def numbering(self) -> tuple[int, datetime | None]:
        """The newest update's id and when it was made; None before the first."""
        last, at = self._store.run(select(bots.c.last_update_id, bots.c.last_update_at)).one()
        return int(last), at

    def number_updates_from(self, last: int) -> None:
        """Begin to number anew."""
        self._store.run(update(bots).values(last_update_id=last))

    def add_update(self, update_: Update, chat_id: int, now: datetime, expires_at: datetime) -> None:
        values = {name: getattr(update_, name) for name in Update.__slots__}
        values |= {"chat_id": chat_id, "at": now, "expires_at": expires_at, "confirmed": False, "again": False}
        self._store.run(insert(updates), values)

    def pending(self, now: datetime, limit: int, *, not_in: Collection[str] = ()) -> tuple[Update, ...]:
        """The oldest updates that still wait, without those of some lanes."""
        chosen = _PENDING.where(updates.c.lane.not_in(not_in)) if not_in else _PENDING
        return self._store.all(Update, chosen, {"now": now, "count": limit})

    def count_pending(self, now: datetime) -> int:
        waiting = (updates.c.confirmed.is_(False), updates.c.expires_at > now)
        return int(self._store.run(select(func.count()).select_from(updates).where(*waiting)).scalar_one())

    def confirm(self, update_id: int) -> None:
        self._store.run(update(updates).where(updates.c.update_id == update_id).values(confirmed=True))

    def confirm_below(self, offset: int) -> None:
        """Confirm what came before ``offset``, but for what has to be handed out again first.

        An offset beyond the next update confirms nothing: ids have begun anew since it was right.
        """
        self._store.run(_BELOW, {"below": offset})

    def handed_out(self, update_ids: Collection[int]) -> None:
        chosen = (updates.c.update_id.in_(update_ids), updates.c.again.is_(True))
        self._store.run(update(updates).where(*chosen).values(again=False))

    def keep_last(self, count: int) -> None:
        """Confirm all that wait but the newest few."""
        waiting = select(updates.c.update_id).where(updates.c.confirmed.is_(False))
        newest = waiting.order_by(updates.c.update_id.desc()).limit(count)
        chosen = (updates.c.confirmed.is_(False), updates.c.update_id.not_in(newest))
        self._store.run(update(updates).where(*chosen).values(confirmed=True))

    def redeliver(self, update_id: int, expires_at: datetime) -> int:
        """Put an update back in the queue; the number of updates that were there to put back: 0 or 1."""
        values = {"confirmed": False, "again": True, "expires_at": expires_at}
        return self._store.changed(update(updates).where(updates.c.update_id == update_id).values(**values))

    def purge(self, before: datetime) -> None:
        """Forget updates, taps and answers of long ago."""
        for table, moment in ((updates, updates.c.expires_at), (queries, queries.c.at), (sent, sent.c.at)):
            self._store.run(delete(table).where(moment < before))

    # taps, and what was sent once

    def query(self, query_id: int) -> Query | None:
        return self._store.one(Query, _QUERY, {"query_id": query_id})

    def add_query(self, query: Query) -> None:
        self._store.run(insert(queries), {name: getattr(query, name) for name in Query.__slots__})

    def answer_query(self, query_id: int, seq: int, text: str, alert: bool) -> None:
        values: dict[str, Any] = {"seq": seq, "answered": True, "text": text, "alert": alert}
        self._store.run(_ANSWER, {"known": query_id, **values})

    def answered_queries(self, chat_id: int, after: int) -> tuple[Query, ...]:
        """The taps that were answered after a ``seq``."""
        return self._store.all(Query, _ANSWERED, {"chat_id": chat_id, "after": after})

    def answer_to(self, chat_id: int, client_id: str) -> Mapping[str, Any] | None:
        """What was answered to a request that came before; None for a new one."""
        found = self._store.run(_SENT, {"chat_id": chat_id, "client_id": client_id}).first()
        return found[0] if found else None

    def remember_answer(self, chat_id: int, client_id: str, answer: Mapping[str, Any], now: datetime) -> None:
        self._store.run(insert(sent), {"chat_id": chat_id, "client_id": client_id, "answer": dict(answer), "at": now})
