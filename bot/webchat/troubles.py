"""What befalls a gateway and its chats when a test, or the demo's visitor, says so."""

from typing import TYPE_CHECKING, Any

from bot.webchat.desk import Body, Desk, chat_object, visitor
from bot.webchat.faults import Fault
from bot.webchat.signals import UPDATES

if TYPE_CHECKING:
    from bot.webchat.api import Api


class Troubles:
    """Faults of the wire, people who leave, groups that move, lanes that are late."""

    def __init__(self, api: "Api") -> None:
        self._api = api

    def script(self, *faults: Fault) -> None:
        """Add misfortunes of Bot API calls; they happen in the order in which they were added."""
        for fault in faults:
            self._api.faults.add(fault)

    def lift(self) -> None:
        """No misfortune any more; lanes that were held go on."""
        self._api.faults.clear()
        self._api.held.clear()
        self._api.signals.wake([UPDATES])

    def hold(self, kind: str) -> None:
        """Keep a webhook's updates of one kind of lane (chat, taps, membership) waiting, so that others overtake."""
        self._api.held.add(kind)

    def release(self, kind: str) -> None:
        self._api.held.discard(kind)
        self._api.signals.wake([UPDATES])

    def repeat(self, times: int = 1) -> None:
        """Post the next updates to the webhook twice each, though the first was taken."""
        self._api.repeats += times

    async def block(self, chat_id: int) -> None:
        """The person blocks the bot, or a group throws it out; the bot is told."""
        await self._api.visit(lambda desk: _changed(desk, chat_id, "kicked"))

    async def unblock(self, chat_id: int) -> None:
        """The person lets the bot in again, or a group does."""
        await self._api.visit(lambda desk: _changed(desk, chat_id, "member"))

    async def leave(self, chat_id: int) -> None:
        """The bot is no member of the group any more."""
        await self._api.visit(lambda desk: _changed(desk, chat_id, "left"))

    async def deactivate(self, chat_id: int) -> None:
        """The person's account is gone; nobody is told."""
        await self._api.visit(lambda desk: desk.webchats.change_chat(chat_id, status="deactivated"))

    async def delete(self, chat_id: int) -> None:
        """The group is gone; nobody is told."""
        await self._api.visit(lambda desk: desk.webchats.change_chat(chat_id, status="deleted"))

    async def migrate(self, chat_id: int) -> int:
        """The group becomes a supergroup; its new id."""
        moved_to = -(10**12) - abs(chat_id)

        def work(desk: Desk) -> None:
            group, supergroup = desk.chat(chat_id), desk.met_chat(moved_to)
            desk.webchats.change_chat(moved_to, status="member")
            old = desk.post(group, {"migrate_to_chat_id": moved_to}, outgoing=False)
            new = desk.post(supergroup, {"migrate_from_chat_id": chat_id}, outgoing=False)
            desk.webchats.change_chat(chat_id, status="migrated", moved_to=moved_to)
            desk.enqueue(chat_id, {"message": old})
            desk.enqueue(moved_to, {"message": new})

        await self._api.visit(work)
        return moved_to


def _changed(desk: Desk, chat_id: int, status: str) -> None:
    chat = desk.chat(chat_id)
    before = chat.status if chat.status in ("kicked", "left") else "member"
    if before == status:
        return
    desk.webchats.change_chat(chat_id, status=status)
    changed: dict[str, Any] = {
        "chat": chat_object(chat),
        "from": visitor(chat),
        "date": int(desk.now.timestamp()),
        "old_chat_member": _member(desk, before),
        "new_chat_member": _member(desk, status),
    }
    desk.enqueue(chat_id, {"my_chat_member": changed})


def _member(desk: Desk, status: str) -> Body:
    until = {"until_date": 0} if status == "kicked" else {}
    return {"user": desk.bot_user(), "status": status, **until}
