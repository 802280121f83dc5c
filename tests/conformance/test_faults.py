"""Misfortunes on demand: what each library makes of them, and whether the message was stored all the same."""

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from aiogram import exceptions as aiogram_errors
from telegram import error as telegram_errors

from bot.webchat.faults import AFTER, BEFORE, Fault
from tests.conformance.bench import Bench
from tests.conformance.clients import Client, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass(frozen=True)
class Outcome:
    """What a fault comes to: the error of each library (None: an answer) and whether the message is there."""

    aiogram: type[Exception] | None
    ptb: type[Exception] | None
    stored: bool


OUTCOMES: Mapping[str, Outcome] = {
    "reset": Outcome(aiogram_errors.TelegramNetworkError, telegram_errors.NetworkError, False),
    "html": Outcome(aiogram_errors.ClientDecodeError, telegram_errors.NetworkError, False),
    "error": Outcome(aiogram_errors.TelegramServerError, telegram_errors.NetworkError, False),
    "restart": Outcome(aiogram_errors.RestartingTelegram, telegram_errors.NetworkError, False),
    "flood": Outcome(aiogram_errors.TelegramRetryAfter, telegram_errors.RetryAfter, False),
    "revoked": Outcome(aiogram_errors.TelegramUnauthorizedError, telegram_errors.InvalidToken, False),
    "slow": Outcome(None, None, True),
    "hang": Outcome(aiogram_errors.TelegramNetworkError, telegram_errors.TimedOut, True),
    "drop": Outcome(aiogram_errors.TelegramNetworkError, telegram_errors.NetworkError, True),
    "html after": Outcome(aiogram_errors.ClientDecodeError, telegram_errors.NetworkError, True),
    "odd": Outcome(None, None, True),
}


async def happen(client: Client, chat: int, expected: type[Exception] | None) -> None:
    if expected is None:
        await client.call("sendMessage", chat_id=chat, text="x")
        return
    with pytest.raises(expected) as trouble:
        await client.call("sendMessage", chat_id=chat, text="x")
    assert type(trouble.value) is expected


@pytest.mark.parametrize("kind", OUTCOMES)
async def test_a_fault_befalls_one_call(bench: Bench, client: Client, kind: str) -> None:
    assert OUTCOMES.keys() == {*BEFORE, *AFTER}
    chat, outcome = await bench.person(), OUTCOMES[kind]
    bench.troubles.script(Fault(kind, seconds=7))
    client.patience = 0.15 if kind == "hang" else client.patience
    await happen(client, chat, outcome.aiogram if client.name == "aiogram" else outcome.ptb)
    assert await bench.texts(chat) == (["x"] if outcome.stored else [])
    assert (7 in bench.slept) is (kind == "slow")
    client.patience = 20
    await client.result("sendMessage", chat_id=chat, text="y")


async def test_the_words_and_headers_of_faults(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    for kind, refusal in (
        ("error", Refusal(500, "Internal Server Error")),
        ("flood", Refusal(429, "Too Many Requests: retry after 86400", {"retry_after": 86400}, "86400")),
        ("revoked", Refusal(401, "Unauthorized")),
    ):
        bench.troubles.script(Fault(kind, seconds=86400))
        assert await client.refused("sendMessage", chat_id=chat, text="x") == refusal
    bench.troubles.script(Fault("restart"), Fault("html"))
    with pytest.raises(client.restarting, match="restart"):
        await client.call("sendMessage", chat_id=chat, text="x")
    assert client.wire[-1].answer["description"] == "Internal Server Error: restart"
    with pytest.raises(client.html):
        await client.call("sendMessage", chat_id=chat, text="x")
    assert (client.wire[-1].status, client.wire[-1].body[:6]) == (502, b"<html>")


async def test_both_libraries_take_what_they_do_not_know_in_an_answer(bench: Bench, client: Client) -> None:
    bench.troubles.script(Fault("odd"))
    message = await client.call("sendMessage", chat_id=await bench.person(), text="x")
    unknown = message.model_extra if client.name == "aiogram" else message.api_kwargs
    assert dict(unknown) == {"galaxy": {"kind": "spiral"}, "a_field_of_tomorrow": 7}
    assert (message.text, [entity.type for entity in message.entities]) == ("x", ["starlight"])


async def test_faults_choose_method_chat_and_time(bench: Bench, client: Client) -> None:
    anna, bert = await bench.person(), await bench.person()
    bench.troubles.script(Fault("error", method="SendMessage", chat_id=anna, nth=2, times=2))
    heard = []
    for chat in (anna, bert, anna, anna, anna):
        bench.clock.forward(5)
        await client.result("sendChatAction", chat_id=chat, action="typing")
        try:
            await client.result("sendMessage", chat_id=chat, text="x")
            heard.append("sent")
        except client.errors[500]:
            heard.append("failed")
    assert heard == ["sent", "sent", "failed", "failed", "sent"]


async def test_a_fault_may_last_until_it_is_lifted(bench: Bench, client: Client) -> None:
    bench.troubles.script(Fault("error", times=None))
    for _ in range(4):
        assert await client.refused("getMe") == Refusal(500, "Internal Server Error")
    bench.troubles.lift()
    await client.result("getMe")


async def test_a_poll_can_be_befallen_and_loses_nothing(bench: Bench, client: Client) -> None:
    await bench.write(7, "a")
    bench.troubles.script(Fault("drop", method="getUpdates"))
    with pytest.raises((aiogram_errors.TelegramNetworkError, telegram_errors.NetworkError)):
        await client.call("getUpdates")
    assert [update["message"]["text"] for update in await bench.poll(client)] == ["a"]


async def test_a_server_that_is_down_refuses_connections(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    await bench.gateway.refuse()
    await bench.gateway.refuse()
    expected = {"aiogram": aiogram_errors.TelegramNetworkError}.get(client.name, telegram_errors.NetworkError)
    await happen(client, chat, expected)
    await bench.gateway.accept()
    await client.result("sendMessage", chat_id=chat, text="x")
    assert await bench.texts(chat) == ["x"]


async def test_there_are_no_other_faults() -> None:
    with pytest.raises(ValueError, match="no such fault"):
        Fault("earthquake")
