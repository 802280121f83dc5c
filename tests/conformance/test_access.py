"""Whom the bot may write to, and what it is told when that changes."""

from typing import Any

import pytest

from tests.conformance.bench import Bench
from tests.conformance.clients import Client, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")

STRANGER = 2**52 - 1
"""The highest number that a person can have."""
BLOCKED = Refusal(403, "Forbidden: bot was blocked by the user")


async def write(client: Client, chat: int) -> Refusal:
    return await client.refused("sendMessage", chat_id=chat, text="x")


async def told(bench: Bench) -> list[tuple[str, str]]:
    """From what to what the bot's membership went, as its updates tell."""
    changes = [update["my_chat_member"] for update in await bench.pending() if "my_chat_member" in update]
    return [(change["old_chat_member"]["status"], change["new_chat_member"]["status"]) for change in changes]


async def test_nobody_is_written_to_who_was_never_met(bench: Bench, client: Client) -> None:
    assert await write(client, STRANGER) == Refusal(400, "Bad Request: chat not found")


async def test_nobody_is_written_to_who_did_not_press_start(bench: Bench, client: Client) -> None:
    await bench.gateway._api.visit(lambda desk: desk.met_chat(STRANGER))
    assert await write(client, STRANGER) == Refusal(403, "Forbidden: bot can't initiate conversation with a user")
    await bench.write(STRANGER, "/start")
    assert (await client.result("sendMessage", chat_id=STRANGER, text="x"))["chat"]["id"] == STRANGER


async def test_a_bot_is_not_written_to(bench: Bench, client: Client) -> None:
    own = int(bench.gateway.token.partition(":")[0])
    assert await write(client, own) == Refusal(403, "Forbidden: the bot can't send messages to the bot")


async def test_who_blocked_the_bot_is_not_written_to_until_they_come_back(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    message = (await client.result("sendMessage", chat_id=chat, text="x"))["message_id"]
    await bench.troubles.block(chat)
    await bench.troubles.block(chat)
    assert await write(client, chat) == BLOCKED
    assert await client.refused("sendChatAction", chat_id=chat, action="typing") == BLOCKED
    assert await client.refused("deleteMessage", chat_id=chat, message_id=message) == BLOCKED
    await client.result("editMessageText", chat_id=chat, message_id=message, text="y")
    await client.result("getChat", chat_id=chat)
    await bench.troubles.unblock(chat)
    await client.result("sendMessage", chat_id=chat, text="x")
    assert await told(bench) == [("member", "kicked"), ("kicked", "member")]


async def test_who_deleted_their_account_is_not_written_to(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    message = (await client.result("sendMessage", chat_id=chat, text="x"))["message_id"]
    await bench.troubles.deactivate(chat)
    gone = Refusal(403, "Forbidden: user is deactivated")
    assert await write(client, chat) == gone
    assert await client.refused("editMessageText", chat_id=chat, message_id=message, text="y") == gone
    assert (await client.result("getChat", chat_id=chat))["id"] == chat
    assert await told(bench) == []


async def test_a_group_that_became_a_supergroup_says_where_it_is(bench: Bench, client: Client) -> None:
    group = await bench.group()
    moved_to = await bench.troubles.migrate(group)
    moved = Refusal(400, "Bad Request: group chat was upgraded to a supergroup chat", {"migrate_to_chat_id": moved_to})
    assert await write(client, group) == moved
    assert (await client.result("sendMessage", chat_id=moved_to, text="x"))["chat"]["type"] == "supergroup"
    messages = [update["message"] for update in await bench.pending()]
    assert [(m["chat"]["id"], m.get("migrate_to_chat_id"), m.get("migrate_from_chat_id")) for m in messages] == [
        (group, moved_to, None),
        (moved_to, None, group),
    ]


async def test_a_group_that_is_gone_is_not_written_to(bench: Bench, client: Client) -> None:
    group = await bench.group()
    await bench.troubles.delete(group)
    assert await write(client, group) == Refusal(403, "Forbidden: the group chat was deleted")


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_that_threw_the_bot_out_is_not_written_to(bench: Bench, client: Client, kind: str) -> None:
    group = await bench.group(kind == "supergroup")
    await bench.troubles.block(group)
    expected = {
        "group": "Forbidden: bot was kicked from the group chat",
        "supergroup": "Forbidden: bot was kicked from the supergroup chat",
    }
    assert await write(client, group) == Refusal(403, expected[kind])
    await bench.troubles.unblock(group)
    await client.result("sendMessage", chat_id=group, text="x")
    assert await told(bench) == [("member", "kicked"), ("kicked", "member")]


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_group_that_the_bot_left_is_not_written_to(bench: Bench, client: Client, kind: str) -> None:
    group = await bench.group(kind == "supergroup")
    await bench.troubles.leave(group)
    expected = {
        "group": "Forbidden: bot is not a member of the group chat",
        "supergroup": "Forbidden: bot is not a member of the supergroup chat",
    }
    assert await write(client, group) == Refusal(403, expected[kind])
    read: Any = await client.result("getChat", chat_id=group) if kind == "group" else None
    assert read is None or read["type"] == "group"
    assert await told(bench) == [("member", "left")]


async def test_both_libraries_read_how_a_membership_changed(bench: Bench, client: Client) -> None:
    chat, group = await bench.person(), await bench.group()
    for one in (chat, group):
        await bench.troubles.block(one)
    updates = await client.call("getUpdates")
    assert [update.my_chat_member.new_chat_member.status for update in updates] == ["kicked", "kicked"]
    assert [update.my_chat_member.chat.id for update in updates] == [chat, group]
    assert all(update.my_chat_member.from_user.id > 0 for update in updates)
