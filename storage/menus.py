"""What was last written to a channel's menus and descriptions, so that it is written again only when it changed."""

from sqlalchemy import Column, String, Table, select

from storage.schema import metadata
from storage.store import Store

menus = Table(
    "menus",
    metadata,
    Column("channel", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("digest", String, nullable=False),
)


class Menus:
    """Digests of what each channel shows, by name (``commands/nl``, ``description/fr``)."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, channel: str) -> dict[str, str]:
        chosen = select(menus.c.name, menus.c.digest).where(menus.c.channel == channel)
        return dict(self._store.run(chosen).all())

    def put(self, channel: str, name: str, digest: str) -> None:
        upsert = self._store.upsert(menus).values(channel=channel, name=name, digest=digest)
        self._store.run(upsert.on_conflict_do_update(index_elements=["channel", "name"], set_={"digest": digest}))
