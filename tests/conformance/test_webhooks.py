"""Updates that the bot is sent: what counts as taken, when one comes again, and in which order."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from bot.webchat import limits
from storage.database import Database
from tests.conformance.bench import Bench, opened
from tests.conformance.clients import CLIENTS, Client, Refusal
from tests.conformance.hooks import Hook, failing, listening

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest_asyncio.fixture(loop_scope="session")
async def hook() -> AsyncIterator[Hook]:
    async with listening() as hook:
        yield hook


async def connect(bench: Bench, client: Client, hook: Hook, **more: Any) -> None:
    bench.clock.forward(2)
    await client.result("setWebhook", url=hook.url, **more)


@pytest.mark.parametrize("secret", ["", "x", "Az09_-", "x" * 256])
async def test_a_secret_is_sent_with_every_update(bench: Bench, client: Client, hook: Hook, secret: str) -> None:
    await connect(bench, client, hook, **({"secret_token": secret} if secret else {}))
    for text in "ab":
        await bench.write(7, text)
    await hook.saw(2)
    assert hook.secrets == [secret or None] * 2


@pytest.mark.parametrize(
    ("given", "trouble"),
    [
        ({"secret_token": "x" * 257}, "Bad Request: secret token is too long"),
        ({"secret_token": "a b"}, "Bad Request: secret token contains unallowed characters"),
        ({"secret_token": "é"}, "Bad Request: secret token contains unallowed characters"),
        ({"url": "ftp://127.0.0.1/hook"}, "Bad Request: invalid webhook URL specified"),
        ({"url": "https://"}, "Bad Request: invalid webhook URL specified"),
    ],
)
async def test_a_webhook_is_checked(bench: Bench, client: Client, given: dict[str, Any], trouble: str) -> None:
    webhook = {"url": "http://127.0.0.1:9/hook", **given}
    assert await client.refused("setWebhook", **webhook) == Refusal(400, trouble)
    assert (await client.result("getWebhookInfo"))["url"] == ""


@pytest.mark.parametrize(("asked", "kept"), [(None, 40), (-1, 1), (1, 1), (100_000, 100_000), (100_001, 100_000)])
async def test_connections_are_limited(bench: Bench, client: Client, hook: Hook, asked: int | None, kept: int) -> None:
    await connect(bench, client, hook, **({} if asked is None else {"max_connections": asked}))
    assert (await client.result("getWebhookInfo"))["max_connections"] == kept


async def test_a_webhook_is_set_once_a_second(bench: Bench, client: Client, hook: Hook) -> None:
    await connect(bench, client, hook)
    bench.clock.forward(0.9)
    again = await client.refused("setWebhook", url=hook.url)
    assert again == Refusal(429, "Too Many Requests: retry after 1", {"retry_after": 1}, "1")
    await client.result("setWebhook", url="")
    await client.result("deleteWebhook")
    bench.clock.forward(0.1)
    await client.result("setWebhook", url=hook.url)


async def test_a_webhook_is_taken_away(bench: Bench, client: Client, hook: Hook) -> None:
    for way, given in (("deleteWebhook", {}), ("setWebhook", {"url": ""})):
        await connect(bench, client, hook)
        assert await client.result(way, **given) is True
        assert (await client.result("getWebhookInfo"))["url"] == ""
    await bench.write(7, "to be polled")
    assert len(await bench.poll(client)) == 1
    await hook.saw(0)


@pytest.mark.parametrize("way", ["setWebhook", "deleteWebhook"])
async def test_what_waits_is_dropped_when_asked(bench: Bench, client: Client, hook: Hook, way: str) -> None:
    await bench.write(7, "old")
    assert (await client.result("getWebhookInfo"))["pending_update_count"] == 1
    given = {"url": hook.url} if way == "setWebhook" else {}
    await client.result(way, drop_pending_updates=True, **given)
    assert (await client.result("getWebhookInfo"))["pending_update_count"] == 0


@pytest.mark.parametrize("status", [200, 201, 204, 299])
async def test_any_2xx_is_a_yes(bench: Bench, client: Client, hook: Hook, status: int) -> None:
    hook.answer = failing(status)
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await bench.write(7, "b")
    assert await hook.saw(2) == ["a", "b"]
    info = await client.result("getWebhookInfo")
    assert (info["pending_update_count"], "last_error_message" in info) == (0, False)


@pytest.mark.parametrize("status", [302, 400, 404, 500, 503])
async def test_everything_else_is_a_no_and_told(bench: Bench, client: Client, hook: Hook, status: int) -> None:
    hook.answer = failing(status, reason="Because")
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await hook.saw(2)
    info = await client.result("getWebhookInfo")
    assert info["last_error_message"] == f"Wrong response from the webhook: {status} Because"
    assert (info["last_error_date"], info["pending_update_count"]) == (int(bench.clock.now.timestamp()), 1)


async def test_nobody_at_the_other_end_is_told(bench: Bench, client: Client) -> None:
    await client.result("setWebhook", url="http://127.0.0.1:9/hook")
    await bench.write(7, "a")
    async with asyncio.timeout(5):
        while "last_error_message" not in (info := await client.result("getWebhookInfo")):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert info["last_error_message"] == "Connection failed"


@pytest_asyncio.fixture(loop_scope="session")
async def impatient(ground: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """A gateway that waits for a webhook's answer for a moment only."""
    monkeypatch.setattr(limits, "WEBHOOK_TIMEOUT", 0.05)
    async with opened(ground) as bench:
        yield bench


@pytest.mark.parametrize("library", CLIENTS)
async def test_a_webhook_that_says_nothing_is_told(impatient: Bench, hook: Hook, library: str) -> None:
    async def late(update: dict[str, Any]) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response()

    hook.answer, client = late, impatient.client(library)
    await connect(impatient, client, hook)
    await impatient.write(7, "a")
    async with asyncio.timeout(5):
        while "last_error_message" not in (info := await client.result("getWebhookInfo")):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    assert info["last_error_message"] == "Read timeout expired"


async def test_a_failing_update_comes_again_after_0_2_4_8_seconds(
    bench: Bench, client: Client, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.RETRY_CAP == (60, 120)
    monkeypatch.setattr(limits, "RETRY_CAP", (70, 70))
    hook.answer = failing()
    await connect(bench, client, hook)
    await bench.write(7, "a")
    seen = 2
    await hook.saw(seen)
    for pause in (2, 4, 8, 16, 32, 64, 70, 70):
        bench.clock.forward(pause - 0.1)
        bench.wake()
        await hook.saw(seen)
        bench.clock.forward(0.1)
        bench.wake()
        seen += 1
        await hook.saw(seen)


@pytest.mark.parametrize(("asked", "waited"), [("30", 30), ("3600", 3600), ("86400", 3600)])
async def test_a_webhook_that_asks_for_rest_gets_up_to_an_hour(
    bench: Bench, client: Client, hook: Hook, asked: str, waited: int
) -> None:
    hook.answer = failing(503, headers={"Retry-After": asked})
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await hook.saw(1)
    bench.clock.forward(waited - 1)
    bench.wake()
    await hook.saw(1)
    bench.clock.forward(1)
    bench.wake()
    await hook.saw(2)


async def test_an_update_that_fails_until_it_expires_is_dropped(bench: Bench, client: Client, hook: Hook) -> None:
    hook.answer = failing()
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await hook.saw(2)
    bench.clock.forward(hours=24)
    bench.wake()
    await hook.saw(2)
    assert (await client.result("getWebhookInfo"))["pending_update_count"] == 0


async def test_a_webhook_that_is_gone_for_23_hours_is_deleted(bench: Bench, client: Client, hook: Hook) -> None:
    hook.answer = failing(410)
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await hook.saw(2)
    bench.clock.forward(hours=23)
    bench.wake()
    await hook.saw(3)
    assert (await client.result("getWebhookInfo"))["url"] == hook.url
    bench.clock.forward(200)
    bench.wake()
    await hook.saw(4)
    assert (await client.result("getWebhookInfo"))["url"] == ""
    assert len(await bench.poll(client)) == 1


async def test_another_answer_in_between_keeps_the_webhook(bench: Bench, client: Client, hook: Hook) -> None:
    hook.answer = failing(410)
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await hook.saw(2)
    bench.clock.forward(hours=12)
    hook.answer = failing(500)
    bench.wake()
    await hook.saw(3)
    hook.answer = failing(410)
    bench.clock.forward(hours=11, seconds=200)
    bench.wake()
    await hook.saw(4)
    assert (await client.result("getWebhookInfo"))["url"] == hook.url


async def test_updates_of_a_chat_come_in_order_and_a_failing_one_holds_its_own_chat_only(
    bench: Bench, client: Client, hook: Hook
) -> None:
    anna, bert = await bench.person(), await bench.person()
    message = (await client.result("sendMessage", chat_id=anna, text="Vote"))["message_id"]
    hook.answer = lambda update: web.Response(status=500 if "Anna 1" in str(update) else 200)
    await connect(bench, client, hook)
    for chat, text in ((anna, "Anna 1"), (anna, "Anna 2"), (bert, "Bert 1"), (bert, "Bert 2")):
        await bench.write(chat, text)
    await bench.tap(anna, message, "Anna taps")
    seen = await hook.saw(5)
    assert sorted(seen) == ["Anna 1", "Anna 1", "Anna taps", "Bert 1", "Bert 2"]
    assert seen.index("Bert 1") < seen.index("Bert 2")
    hook.answer = failing(200)
    bench.clock.forward(2)
    bench.wake()
    assert (await hook.saw(7))[5:] == ["Anna 1", "Anna 2"]


async def test_a_tap_overtakes_a_text(bench: Bench, client: Client, hook: Hook) -> None:
    chat = await bench.person()
    message = (await client.result("sendMessage", chat_id=chat, text="Vote"))["message_id"]
    bench.troubles.hold("chat")
    await connect(bench, client, hook)
    await bench.write(chat, "first")
    await bench.tap(chat, message, "second")
    assert await hook.saw(1) == ["second"]
    bench.troubles.release("chat")
    assert await hook.saw(2) == ["second", "first"]


async def test_a_membership_has_a_lane_of_its_own(bench: Bench, client: Client, hook: Hook) -> None:
    chat = await bench.person()
    bench.troubles.hold("chat")
    await connect(bench, client, hook)
    await bench.write(chat, "first")
    await bench.troubles.block(chat)
    assert await hook.saw(1) == ["my_chat_member"]
    bench.troubles.lift()
    assert await hook.saw(2) == ["my_chat_member", "first"]


async def test_no_more_connections_than_asked_for(bench: Bench, client: Client, hook: Hook) -> None:
    gate = asyncio.Event()

    async def wait(update: dict[str, Any]) -> web.Response:
        await gate.wait()
        return web.Response()

    hook.answer = wait
    await connect(bench, client, hook, max_connections=2)
    for number in range(4):
        await bench.write(7 + number, str(number))
    await hook.saw(2)
    gate.set()
    assert sorted(await hook.saw(4)) == ["0", "1", "2", "3"]


async def test_an_update_may_come_twice_though_it_was_taken(bench: Bench, client: Client, hook: Hook) -> None:
    bench.troubles.repeat()
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await bench.write(7, "b")
    assert await hook.saw(3) == ["a", "a", "b"]
    assert hook.updates[0] == hook.updates[1]


def spoken(way: str, method: str, **arguments: Any) -> web.Response:
    """An answer to a webhook that calls a method."""
    fields = {"method": method, **arguments}
    if way == "JSON":
        return web.json_response(fields)
    if way == "form":
        form = "&".join(f"{name}={value}" for name, value in fields.items())
        return web.Response(text=form, content_type="application/x-www-form-urlencoded")
    with aiohttp.MultipartWriter("form-data") as writer:
        for name, value in fields.items():
            writer.append(str(value)).set_content_disposition("form-data", name=name)
    return web.Response(body=writer)


@pytest.mark.parametrize("way", ["JSON", "form", "multipart"])
async def test_an_answer_may_call_a_method(bench: Bench, client: Client, hook: Hook, way: str) -> None:
    chat = await bench.person()
    hook.answer = lambda update: spoken(way, "sendMessage", chat_id=chat, text="answered")
    await connect(bench, client, hook)
    await bench.write(chat, "a")
    await hook.saw(1)
    assert await bench.texts(chat) == ["answered"]


@pytest.mark.parametrize("method", ["getMe", "getUpdates", "setWebhook", "DeleteWebhook", "close", "logOut", ""])
async def test_an_answer_may_not_call_every_method(
    bench: Bench, client: Client, hook: Hook, method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook.answer = lambda update: spoken("JSON", method, url="")
    await connect(bench, client, hook)
    called: list[str] = []

    async def perform(name: str, *_: Any) -> None:
        called.append(name)

    with monkeypatch.context() as patch:
        patch.setattr(bench.gateway._api, "perform", perform)
        await bench.write(7, "a")
        await hook.saw(1)
    assert called == []
    assert (await client.result("getWebhookInfo"))["url"] == hook.url


async def test_an_answer_that_calls_wrongly_is_a_yes_all_the_same(bench: Bench, client: Client, hook: Hook) -> None:
    hook.answer = lambda update: spoken("JSON", "sendMessage", chat_id=1, text="to nobody")
    await connect(bench, client, hook)
    await bench.write(7, "a")
    await bench.write(7, "b")
    assert await hook.saw(2) == ["a", "b"]


async def test_kinds_are_chosen_with_the_webhook_too(bench: Bench, client: Client, hook: Hook) -> None:
    await connect(bench, client, hook, allowed_updates=["my_chat_member"])
    chat = await bench.person()
    await bench.write(chat, "unwanted")
    await bench.troubles.block(chat)
    assert await hook.saw(1) == ["my_chat_member"]
    assert (await client.result("getWebhookInfo"))["allowed_updates"] == ["my_chat_member"]
