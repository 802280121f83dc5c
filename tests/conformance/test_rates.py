"""How fast a bot may send, and what becomes of one that is faster."""

from typing import Any

import pytest

from tests.conformance.bench import Bench
from tests.conformance.cases import PICTURE
from tests.conformance.clients import Client, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")


def wait(seconds: int) -> Refusal:
    return Refusal(429, f"Too Many Requests: retry after {seconds}", {"retry_after": seconds}, str(seconds))


async def send(client: Client, chat: int, count: int = 1) -> None:
    for _ in range(count):
        await client.result("sendMessage", chat_id=chat, text="x")


async def held_up(client: Client, chat: int) -> Refusal:
    return await client.refused("sendMessage", chat_id=chat, text="x")


async def test_a_chat_takes_three_at_once_and_one_a_second(bench: Bench, client: Client) -> None:
    chat, other = await bench.person(), await bench.person()
    await send(client, chat, 3)
    assert await held_up(client, chat) == Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1}, "1")
    await send(client, other)
    bench.clock.forward(1)
    await send(client, chat)
    assert await held_up(client, chat) == wait(1)


async def test_asking_during_the_penalty_begins_it_anew(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    await send(client, chat, 3)
    assert await held_up(client, chat) == wait(1)
    for _ in range(3):
        bench.clock.forward(0.9)
        assert await held_up(client, chat) == wait(1)
    bench.clock.forward(1)
    await send(client, chat)


async def test_thirty_messages_a_second_in_all(bench: Bench, client: Client) -> None:
    chats = [await bench.person() for _ in range(32)]
    for chat in chats[:30]:
        await send(client, chat)
    assert await held_up(client, chats[30]) == wait(1)
    bench.clock.forward(1 / 29)
    await send(client, chats[31])
    assert await held_up(client, chats[30]) == wait(1)


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_twenty_messages_in_any_minute_of_a_group(bench: Bench, client: Client, kind: str) -> None:
    group = await bench.group(kind == "supergroup")
    for _ in range(20):
        await send(client, group)
        bench.clock.forward(1)
    assert await held_up(client, group) == wait(40)
    bench.clock.forward(40)
    await send(client, group)
    assert await held_up(client, group) == wait(1)
    bench.clock.forward(1)
    await send(client, group)


async def test_a_person_has_no_such_minute(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    for _ in range(25):
        await send(client, chat)
        bench.clock.forward(1)


async def test_an_album_counts_its_messages(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    media: list[dict[str, Any]] = [{"type": "photo", "media": PICTURE}] * 3
    await client.result("sendMediaGroup", chat_id=chat, media=media)
    assert await held_up(client, chat) == wait(1)
    bench.clock.forward(3)
    await send(client, chat)
    assert await client.refused("sendMediaGroup", chat_id=chat, media=media) == wait(1)


async def test_a_long_album_passes_when_the_chat_has_rested(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    await client.result("sendMediaGroup", chat_id=chat, media=[{"type": "photo", "media": PICTURE}] * 10)
    assert await held_up(client, chat) == wait(8)


async def test_edits_answers_and_actions_are_not_counted(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    message = (await client.result("sendMessage", chat_id=chat, text="x"))["message_id"]
    for number in range(5):
        query = await bench.tap(chat, message)
        await client.result("editMessageText", chat_id=chat, message_id=message, text=f"{number}")
        await client.result("answerCallbackQuery", callback_query_id=query)
        await client.result("sendChatAction", chat_id=chat, action="typing")
    await send(client, chat, 2)


async def test_what_is_refused_for_another_reason_is_not_counted(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    for _ in range(5):
        assert await client.refused("sendMessage", chat_id=chat, text="x" * 4097) == Refusal(
            400, "Bad Request: message is too long"
        )
    await send(client, chat, 3)


async def test_what_is_held_up_is_not_sent(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    await send(client, chat, 3)
    await held_up(client, chat)
    assert await bench.texts(chat) == ["x"] * 3
