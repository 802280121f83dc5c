"""Promise 1: an update that was acknowledged is applied exactly once; poison is put aside and blocks nobody."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from bot.channels import Channel
from bot.intake import BODY, Intake, Polling, Webhook, sender
from bot.webchat import Gateway
from storage.database import Database, Unavailable
from tests.clock import TestClock


class Talker:
    """Takes updates as it is told: a list of what each text did, and the trouble that some texts make."""

    def __init__(self, db: Database, clock: Callable[[], datetime]) -> None:
        self._db = db
        self._clock = clock
        self.seen: list[str] = []
        self.trouble: dict[str, list[Exception]] = {}
        self.apologies: list[int] = []
        self.executed: list[dict[str, Any]] = []
        self.hold: dict[str, asyncio.Event] = {}

    async def handle(self, channel: str, raw: dict[str, Any]) -> dict[str, Any] | None:
        text = raw["message"]["text"]
        if text in self.hold:
            await self.hold[text].wait()
        if self.trouble.get(text):
            raise self.trouble[text].pop(0)
        await self._db.turn(lambda store: store.arrivals.add(channel, raw["update_id"], text, self._clock()))
        self.seen.append(text)
        return {"method": "sendMessage", "text": "ok"} if text == "answer me" else None

    async def apologise(self, channel: str, raw: dict[str, Any]) -> None:
        self.apologies.append(raw["update_id"])

    async def execute(self, channel: str, answer: dict[str, Any]) -> None:
        self.executed.append(answer)


@pytest.fixture
async def talker(db: Database, clock: TestClock) -> Talker:
    return Talker(db, clock)


@pytest.fixture
async def intake(db: Database, talker: Talker, clock: TestClock) -> Intake:
    return Intake(db, talker, clock)


@pytest.fixture
async def gateway(db: Database, clock: TestClock) -> AsyncIterator[Gateway]:
    gateway = Gateway(db, clock=clock)
    await gateway.start()
    yield gateway
    await gateway.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def update(number: int, text: str, person: int = 5) -> dict[str, Any]:
    return {"update_id": number, "message": {"message_id": number, "from": {"id": person}, "text": text}}


async def waiting(gateway: Gateway, http: aiohttp.ClientSession) -> list[int]:
    """The updates that the gateway would deliver again: those that were not acknowledged."""
    async with http.get(f"{gateway.url}/bot{gateway.token}/getUpdates") as response:
        return [one["update_id"] for one in (await response.json())["result"]]


async def test_the_offset_moves_only_past_what_was_committed(
    gateway: Gateway, talker: Talker, intake: Intake, http: aiohttp.ClientSession
) -> None:
    polling = Polling(intake, Channel("web", gateway.url, gateway.token))
    number = await gateway.deliver(5, {"text": "one"})
    talker.hold["one"] = asyncio.Event()
    taking = asyncio.create_task(polling.take_round(http, 0, asyncio.Event()))
    await asyncio.sleep(0.05)
    assert await waiting(gateway, http) == [number]
    talker.hold["one"].set()
    assert await taking == 1
    await polling.take_round(http, 0, asyncio.Event())
    assert await waiting(gateway, http) == []
    assert talker.seen == ["one"]


async def test_a_database_that_is_away_makes_updates_wait_and_never_puts_them_aside(
    db: Database,
    gateway: Gateway,
    talker: Talker,
    intake: Intake,
    http: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.intake.RETRY_SECONDS", 0)
    talker.trouble["one"] = [Unavailable("away") for _ in range(7)]
    await gateway.deliver(5, {"text": "one"})
    polling = Polling(intake, Channel("web", gateway.url, gateway.token))
    await polling.take_round(http, 0, asyncio.Event())
    assert talker.seen == ["one"]
    assert await db.turn(lambda store: store.arrivals.aside()) == ()


async def test_one_that_fails_three_times_is_put_aside_and_the_next_ones_are_taken(
    db: Database, gateway: Gateway, talker: Talker, intake: Intake, http: aiohttp.ClientSession
) -> None:
    talker.trouble["poison"] = [ValueError("bug") for _ in range(3)]
    polling = Polling(intake, Channel("web", gateway.url, gateway.token))
    numbers = [await gateway.deliver(5, {"text": text}) for text in ("before", "poison", "after")]
    await polling.take_round(http, 0, asyncio.Event())
    assert talker.seen == ["before", "after"]
    assert talker.apologies == [numbers[1]]
    aside = await db.turn(lambda store: store.arrivals.aside())
    assert [(one.channel, one.update_id, one.chat_id, one.error) for one in aside] == [
        ("web", numbers[1], 5, "ValueError")
    ]
    assert json.loads(aside[0].body)["message"]["text"] == "poison"


async def test_one_that_fails_twice_is_taken_at_the_third_try(db: Database, talker: Talker, intake: Intake) -> None:
    talker.trouble["shaky"] = [ValueError("once"), ValueError("twice")]
    await intake.take("web", update(1, "shaky"))
    assert talker.seen == ["shaky"]
    assert await db.turn(lambda store: store.arrivals.count_aside()) == 0


async def test_one_persons_updates_are_taken_in_order_and_others_go_on_meanwhile(
    talker: Talker, intake: Intake
) -> None:
    talker.hold["slow"] = asyncio.Event()
    mine = [
        asyncio.create_task(intake.take("web", update(n, text))) for n, text in enumerate(("slow", "second", "third"))
    ]
    await intake.take("web", update(9, "somebody else", person=6))
    assert talker.seen == ["somebody else"]
    talker.hold["slow"].set()
    await asyncio.gather(*mine)
    assert talker.seen == ["somebody else", "slow", "second", "third"]


async def test_sigterm_lets_the_batch_in_hand_finish_and_confirms_it(
    gateway: Gateway, talker: Talker, intake: Intake, http: aiohttp.ClientSession
) -> None:
    talker.hold["one"] = asyncio.Event()
    await gateway.deliver(5, {"text": "one"})
    stop = asyncio.Event()
    running = asyncio.create_task(Polling(intake, Channel("web", gateway.url, gateway.token)).run(stop))
    await asyncio.sleep(0.1)
    stop.set()
    talker.hold["one"].set()
    await asyncio.wait_for(running, 10)
    assert talker.seen == ["one"]
    assert await waiting(gateway, http) == []


@pytest.fixture
async def hook(intake: Intake, gateway: Gateway) -> AsyncIterator[str]:
    """The address of a webhook with the secret ``s3cret``."""
    webhook = Webhook(intake, Channel("web", gateway.url, gateway.token), "s3cret")
    port = await webhook.start("127.0.0.1", 0)
    yield f"http://127.0.0.1:{port}/hook"
    await webhook.close()


async def post(http: aiohttp.ClientSession, url: str, body: Any, secret: str | None = "s3cret") -> tuple[int, str]:
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret}
    data = BytesIO(body if isinstance(body, bytes) else json.dumps(body).encode())
    async with http.post(url, data=data, headers=headers) as response:
        return response.status, await response.text()


async def test_a_webhooks_response_comes_after_the_commit_and_carries_the_answer(
    db: Database, http: aiohttp.ClientSession, hook: str
) -> None:
    status, body = await post(http, hook, update(1, "answer me"))
    assert (status, json.loads(body)) == (200, {"method": "sendMessage", "text": "ok"})
    assert await db.turn(lambda store: store.arrivals.landed("web", 1)) == "answer me"


@pytest.mark.parametrize("secret", [None, "", "wrong", "s3cre", "s3crett", "é"])
async def test_a_wrong_secret_is_refused_before_anything_is_read(
    db: Database, talker: Talker, http: aiohttp.ClientSession, hook: str, secret: str | None
) -> None:
    assert (await post(http, hook, b"not even json", secret))[0] == 401
    assert talker.seen == []
    assert await db.turn(lambda store: store.arrivals.count_aside()) == 0


async def test_a_body_over_one_mebibyte_is_refused(http: aiohttp.ClientSession, hook: str, talker: Talker) -> None:
    assert (await post(http, hook, b" " * (BODY + 1)))[0] == 413
    assert talker.seen == []


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff\xfe", b"null", b'"text"'])
async def test_a_body_that_is_no_update_is_put_aside_and_acknowledged(
    db: Database, http: aiohttp.ClientSession, hook: str, body: bytes
) -> None:
    assert (await post(http, hook, body))[0] == 200
    assert await db.turn(lambda store: store.arrivals.count_aside()) == 1


async def test_a_webhook_asks_for_the_update_again_while_the_database_is_away(
    talker: Talker, http: aiohttp.ClientSession, hook: str
) -> None:
    talker.trouble["one"] = [Unavailable("away")]
    assert (await post(http, hook, update(1, "one")))[0] == 503
    assert (await post(http, hook, update(1, "one")))[0] == 200
    assert talker.seen == ["one"]


async def test_closing_the_webhook_waits_for_the_update_in_hand(
    talker: Talker, intake: Intake, gateway: Gateway, http: aiohttp.ClientSession
) -> None:
    webhook = Webhook(intake, Channel("web", gateway.url, gateway.token), "s3cret")
    port = await webhook.start("127.0.0.1", 0)
    talker.hold["slow"] = asyncio.Event()
    posting = asyncio.create_task(post(http, f"http://127.0.0.1:{port}/", update(1, "slow")))
    await asyncio.sleep(0.1)
    closing = asyncio.create_task(webhook.close())
    await asyncio.sleep(0.05)
    talker.hold["slow"].set()
    assert (await posting)[0] == 200
    await closing
    assert talker.seen == ["slow"]


async def test_registering_keeps_what_is_pending(gateway: Gateway, intake: Intake, http: aiohttp.ClientSession) -> None:
    await gateway.deliver(5, {"text": "before"})
    webhook = Webhook(intake, Channel("web", gateway.url, gateway.token), "s3cret")
    assert await webhook.register("http://127.0.0.1:9/hook")
    method, arguments, _ = next(call for call in reversed(gateway.calls) if call[0].lower() == "setwebhook")
    assert "drop_pending_updates" not in arguments
    assert method


def test_the_sender_is_found_in_every_kind_of_update_and_0_in_none() -> None:
    person = {"from": {"id": 7}}
    assert [sender({kind: person}) for kind in ("message", "edited_message", "callback_query", "my_chat_member")] == [
        7
    ] * 4
    assert [sender(raw) for raw in ({}, {"message": None}, {"message": {"from": "x"}}, {"poll": person})] == [0] * 4
