"""Whether the bot may write to a chat, edit there, or read about it; the words are those of the real server."""

from bot.webchat.errors import ApiError
from storage.webchat_tables import Chat

WRITE, EDIT, READ = "write", "edit", "read"

_GROUPS = {"kicked": "bot was kicked from the {kind} chat", "left": "bot is not a member of the {kind} chat"}


def check(chat: Chat, right: str, *, started: bool) -> None:
    """Raise the ``ApiError`` of a chat that this right does not reach; ``started``: only who pressed Start is met."""
    if chat.kind == "private":
        _check_private(chat, right, started)
    elif chat.kind == "group":
        _check_group(chat, right)
    elif chat.status in _GROUPS:
        raise ApiError(403, _GROUPS[chat.status].format(kind=chat.kind))


def _check_private(chat: Chat, right: str, started: bool) -> None:
    if chat.status == "deactivated" and right != READ:
        raise ApiError(403, "user is deactivated")
    if right != WRITE:
        return
    if chat.status == "kicked":
        raise ApiError(403, "bot was blocked by the user")
    if chat.status == "new" and started:
        raise ApiError(403, "bot can't initiate conversation with a user")


def _check_group(chat: Chat, right: str) -> None:
    if chat.status == "migrated" and right == WRITE:
        raise ApiError(400, "group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.moved_to or 0)
    if chat.status == "deleted" and right == WRITE:
        raise ApiError(403, "the group chat was deleted")
    if chat.status in _GROUPS and right != READ:
        raise ApiError(403, _GROUPS[chat.status].format(kind=chat.kind))
