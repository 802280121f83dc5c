"""What is drawn when things go wrong, or in a group: best effort, and the next tap heals it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from aiohttp import web

from bot.channels import Channel
from bot.conversation import Conversation
from storage.database import Database
from tests.clock import TestClock
from tests.phone import Bot
from tests.towns import VOTE


@pytest.fixture
def engine() -> str:
    return "sqlite"


GROUP = {"chat": {"id": -100, "type": "supergroup", "title": "Buurt"}}


@pytest.mark.parametrize(
    ("text", "answered"),
    [
        ("/start", True),
        ("/start@belleman_bot", True),
        ("/start@other_bot", False),
        ("Hello @Belleman_Bot, what is this?", True),
        ("Just talking among ourselves", False),
    ],
)
async def test_in_a_group_it_answers_only_when_it_is_meant_and_points_to_the_private_chat(
    bot: Bot, text: str, answered: bool
) -> None:
    person = {"from": {"id": 77, "is_bot": False, "first_name": "An", "language_code": "en"}}
    number = await bot.gateway.deliver(-100, GROUP | person | {"text": text})
    await bot.settle()
    sent = [arguments for method, arguments, _ in bot.gateway.calls if method.lower() == "sendmessage"]
    assert len(sent) == int(answered)
    if answered:
        assert sent[0]["text"].startswith("We answer in a private chat")
        assert "https://t.me/belleman_bot?start=home" in str(sent[0]["reply_markup"])
        await bot.gateway.redeliver(number)
        await bot.settle()
        assert len([1 for method, _, _ in bot.gateway.calls if method.lower() == "sendmessage"]) == 1
    assert await bot.db.turn(lambda store: store.residents.enter("web", 77, 0)) is None


async def test_a_living_message_that_is_gone_is_answered_by_a_new_one(bot: Bot) -> None:
    phone = await bot.phone("en")
    gone = (await phone.screen())["message_id"]
    await bot.conversation.bots["web"].delete_message(phone.chat_id, gone)
    await phone.tap_data_forged("settings", gone)
    assert "Settings" in await phone.text()
    assert (await phone.screen())["message_id"] != gone


async def test_a_button_under_an_announcement_is_answered_by_a_new_message_and_the_announcement_stays(bot: Bot) -> None:
    phone = await bot.phone("en")
    living = (await phone.screen())["message_id"]
    row = [[{"text": "See it", "callback_data": "about-1"}]]
    sent = await bot.conversation.bots["web"].send_message(
        phone.chat_id,
        "News!",
        reply_markup={"inline_keyboard": row},  # type: ignore[arg-type]
    )
    await phone.tap("See it")
    found = {one["message_id"]: one for one in await phone.history()}
    assert found[sent.message_id]["text"] == "News!"
    assert not found[sent.message_id].get("reply_markup", {}).get("inline_keyboard")
    assert not found[living].get("reply_markup", {}).get("inline_keyboard")
    assert "«en All about it»" in await phone.text()


async def test_two_taps_at_once_draw_the_later_screen(bot: Bot) -> None:
    phone = await bot.phone("en")
    for data in ("settings", "help", "privacy"):
        await phone.tap_data(data, settle=False)
    await bot.settle()
    assert "Your votes are secret." in await phone.text()


class Refusing:
    """A Bot API that answers each method as it is told."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Callable[[], web.Response]]] = {}
        self.calls: list[str] = []

    async def answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        self.calls.append(method)
        if self.answers.get(method):
            return self.answers[method].pop(0)()
        message = {"message_id": 9, "date": 1, "chat": {"id": 50, "type": "private"}, "text": "x"}
        return web.json_response({"ok": True, "result": message})


def refusal(code: int, description: str, **parameters: Any) -> Callable[[], web.Response]:
    body = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return lambda: web.json_response(body, status=code)


@pytest.fixture
async def refusing(town: Database, clock: TestClock) -> AsyncIterator[tuple[Refusing, Conversation]]:
    server = Refusing()
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", server.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    conversation = Conversation(town, [Channel("telegram", url, "1:x")], clock)
    yield server, conversation
    await conversation.close()
    await runner.cleanup()


def tap(number: int, data: str) -> dict[str, Any]:
    person = {"id": 50, "is_bot": False, "first_name": "An", "language_code": "en"}
    message = {"message_id": 9, "date": 1, "chat": {"id": 50, "type": "private"}, "text": "old"}
    query = {"id": str(number), "from": person, "chat_instance": "1", "message": message, "data": data}
    return {"update_id": number, "callback_query": query}


async def reachable(town: Database) -> bool:
    entrance = await town.turn(lambda store: store.residents.enter("telegram", 50, 0))
    assert entrance is not None
    return entrance.account.reachable


@pytest.mark.parametrize(
    ("answer", "calls"),
    [
        (refusal(429, "Too Many Requests: retry after 0", retry_after=0.01), None),
        (refusal(400, "Bad Request: message is not modified"), ["editMessageText"]),
        (refusal(400, "Bad Request: message to edit not found"), ["editMessageText", "sendMessage"]),
        (refusal(502, "Bad Gateway"), ["editMessageText"]),
        (lambda: web.Response(status=502, text="<html>", content_type="text/html"), ["editMessageText"]),
        (refusal(403, "Forbidden: bot was blocked by the user"), ["editMessageText"]),
    ],
)
async def test_a_drawing_that_fails_loses_no_vote_and_the_next_tap_heals_it(
    town: Database, refusing: tuple[Refusing, Conversation], answer: Callable[[], web.Response], calls: list[str] | None
) -> None:
    server, conversation = refusing
    server.answers["editMessageText"] = [answer]
    await conversation.handle("telegram", tap(1, "settings"))
    assert await conversation.handle("telegram", tap(2, f"choose-{VOTE}-1")) is not None
    await conversation.drain()
    assert await town.turn(lambda store: store.choices.tally(VOTE)) == {1: 2, 2: 2, 3: 2}
    await conversation.handle("telegram", tap(3, "settings"))
    await conversation.drain()
    assert server.calls[-1] == "editMessageText"


async def test_somebody_who_blocked_the_bot_is_kept_as_unreachable(
    town: Database, refusing: tuple[Refusing, Conversation]
) -> None:
    server, conversation = refusing
    server.answers["editMessageText"] = [refusal(403, "Forbidden: bot was blocked by the user")]
    await conversation.handle("telegram", tap(1, "settings"))
    await conversation.drain()
    assert await reachable(town) is False


async def test_asked_to_slow_down_it_waits_and_draws_the_latest(
    refusing: tuple[Refusing, Conversation], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, conversation = refusing
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("bot.conversation.showing.asyncio.sleep", sleep)
    server.answers["editMessageText"] = [refusal(429, "Too Many Requests: retry after 3", retry_after=3)]
    await conversation.handle("telegram", tap(1, "settings"))
    await conversation.drain()
    assert slept == [3]
    assert server.calls == ["editMessageText", "editMessageText"]


async def test_a_channel_that_is_away_costs_nothing_but_the_drawing(town: Database, clock: TestClock) -> None:
    conversation = Conversation(town, [Channel("telegram", "http://127.0.0.1:9", "1:x")], clock)
    answer = await conversation.handle("telegram", tap(1, f"choose-{VOTE}-1"))
    await conversation.drain()
    await conversation.execute("telegram", answer or {})
    assert await town.turn(lambda store: store.choices.tally(VOTE)) == {1: 2, 2: 2, 3: 2}
    await conversation.close()
    await asyncio.sleep(0)
