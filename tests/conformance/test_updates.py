"""Updates that the bot asks for: confirmed, limited, hasty, contested, forgotten in time."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio
from aiogram.exceptions import ClientDecodeError

from bot.webchat import limits
from bot.webchat.strictness import STRICT
from storage.database import Database
from tests.conformance.bench import Bench, opened
from tests.conformance.clients import CLIENTS, Client, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")

OTHER_POLL = Refusal(
    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
)
WEBHOOK = Refusal(
    409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


def ids(updates: list[dict[str, Any]]) -> list[int]:
    return [update["update_id"] for update in updates]


async def waiting(bench: Bench, count: int = 1) -> None:
    """Until so many polls wait."""
    async with asyncio.timeout(5):
        while bench.gateway._api.presence.polls < count:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    await asyncio.sleep(0.02)


async def test_updates_come_again_until_they_are_confirmed(bench: Bench, client: Client) -> None:
    first = await bench.write(7, "a")
    await bench.write(7, "b")
    assert ids(await bench.poll(client)) == [first, first + 1]
    assert ids(await bench.poll(client, offset=first)) == [first, first + 1]
    assert ids(await bench.poll(client, offset=first + 1)) == [first + 1]
    assert ids(await bench.poll(client)) == [first + 1]
    assert await bench.poll(client, offset=first + 2) == []
    assert await bench.poll(client, offset=first) == []


async def test_an_offset_of_the_future_confirms_nothing(bench: Bench, client: Client) -> None:
    first = await bench.write(7, "a")
    assert ids(await bench.poll(client, offset=first + 1000)) == [first]


async def test_a_negative_offset_keeps_the_last_and_forgets_the_rest(bench: Bench, client: Client) -> None:
    first, *_ = [await bench.write(7, text) for text in "abcd"]
    assert ids(await bench.poll(client, offset=-2)) == [first + 2, first + 3]
    assert ids(await bench.poll(client)) == [first + 2, first + 3]


@pytest.mark.parametrize(("limit", "count"), [(0, 1), (1, 1), (100, 100), (101, 100)])
async def test_a_poll_gets_1_to_100_updates(bench: Bench, client: Client, limit: int, count: int) -> None:
    def fill(desk: Any) -> None:
        desk.met_chat(7)
        for _ in range(101):
            desk.enqueue(7, {"galaxy": {}})

    await bench.gateway._api.visit(fill)
    bench.clock.forward(4)
    await client.raw("getUpdates", limit=limit)
    assert len(client.wire[-1].answer["result"]) == count


async def test_a_poll_waits_50_seconds_at_most(bench: Bench, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert limits.POLL_SECONDS == 50
    monkeypatch.setattr(limits, "POLL_SECONDS", 0.05)
    assert await bench.poll(client, timeout=1000) == []
    assert await bench.poll(client, timeout=-5) == []


async def test_a_waiting_poll_wakes_at_once(bench: Bench, client: Client) -> None:
    poll = asyncio.create_task(bench.poll(client, timeout=30))
    await waiting(bench)
    await bench.write(7, "now")
    assert [update["message"]["text"] for update in await poll] == ["now"]


async def test_a_hasty_poll_waits_for_three_seconds(bench: Bench, client: Client) -> None:
    assert await bench.poll(client) == []
    bench.clock.forward(2.999)
    hasty = asyncio.create_task(client.result("getUpdates"))
    await waiting(bench)
    assert not hasty.done()
    await bench.write(7, "at last")
    assert len(await hasty) == 1


async def test_a_poll_after_three_seconds_is_not_hasty(bench: Bench, client: Client) -> None:
    assert await bench.poll(client) == []
    bench.clock.forward(3)
    assert await client.result("getUpdates") == []


async def test_another_offset_is_not_hasty(bench: Bench, client: Client) -> None:
    first = await bench.write(7, "a")
    assert ids(await bench.poll(client)) == [first]
    assert await client.result("getUpdates", offset=first + 1) == []


async def test_a_very_hasty_poll_gets_one_update(bench: Bench, client: Client) -> None:
    for text in "abc":
        await bench.write(7, text)
    assert len(await bench.poll(client)) == 3
    bench.clock.forward(0.499)
    assert len(await client.result("getUpdates")) == 1
    bench.clock.forward(0.5)
    assert len(await client.result("getUpdates")) == 3


async def test_a_newer_poll_ends_the_older(bench: Bench, client: Client, library: str) -> None:
    older = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await waiting(bench)
    newer = asyncio.create_task(bench.poll(bench.another(library), timeout=30, offset=5))
    assert await older == OTHER_POLL
    await bench.write(7, "now")
    assert len(await newer) == 1
    assert bench.slept == []


async def test_a_conflict_soon_after_another_is_told_late(bench: Bench, client: Client, library: str) -> None:
    polls = []
    for number in range(3):
        one = bench.another(library)
        polls.append(asyncio.create_task(one.refused("getUpdates", timeout=30, offset=number + 1)))
        await waiting(bench)
        await asyncio.sleep(0.02)
    last = asyncio.create_task(client.result("getUpdates", timeout=30))
    assert [await poll for poll in polls] == [OTHER_POLL] * 3
    assert bench.slept == [3.0, 3.0]
    await bench.write(7, "now")
    assert len(await last) == 1


async def test_nobody_polls_while_a_webhook_is_set(bench: Bench, client: Client) -> None:
    await client.result("setWebhook", url="http://127.0.0.1:9/hook")
    assert await client.refused("getUpdates") == WEBHOOK
    bench.clock.forward(4)
    await client.result("deleteWebhook")
    assert await bench.poll(client) == []


async def test_a_webhook_ends_the_poll_that_waits(bench: Bench, client: Client) -> None:
    poll = asyncio.create_task(client.refused("getUpdates", timeout=30))
    await waiting(bench)
    await client.result("setWebhook", url="http://127.0.0.1:9/hook")
    assert await poll == Refusal(409, "Conflict: terminated by setWebhook request")


async def test_kinds_are_chosen_when_an_update_is_made_and_remembered(bench: Bench, client: Client) -> None:
    person = {"id": 7, "is_bot": False, "first_name": "Anna"}
    tap = {"id": "1", "from": person, "chat_instance": "1", "data": "x"}
    await bench.write(7, "made before")
    await bench.poll(client, allowed_updates=["callback_query"])
    await bench.write(7, "never made")
    await bench.gateway.deliver(7, {"update": {"callback_query": tap}})
    assert [list(update)[1] for update in await bench.poll(client)] == ["message", "callback_query"]
    assert (await client.result("getWebhookInfo"))["allowed_updates"] == ["callback_query"]
    await bench.poll(client, allowed_updates=[])
    await bench.write(7, "made again")
    assert len(await bench.poll(client)) == 3


async def test_some_kinds_come_only_when_they_are_named(bench: Bench, client: Client) -> None:
    thumb = [{"type": "emoji", "emoji": "👍"}]
    chat = {"id": 7, "type": "private"}
    reaction = {"chat": chat, "message_id": 1, "date": 1, "old_reaction": thumb, "new_reaction": thumb}
    await bench.gateway.deliver(7, {"update": {"message_reaction": reaction}})
    assert await bench.poll(client) == []
    await bench.poll(client, allowed_updates=["message_reaction"])
    await bench.gateway.deliver(7, {"update": {"message_reaction": reaction}})
    assert len(await bench.poll(client)) == 1


async def test_kinds_that_are_no_json_change_nothing(bench: Bench, client: Client) -> None:
    bench.clock.forward(4)
    await client.raw("getUpdates", allowed_updates="[")
    await bench.write(7, "a")
    assert len(await bench.poll(client)) == 1


async def test_a_message_waits_for_24_hours_and_a_tap_for_150_seconds(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    message = (await client.result("sendMessage", chat_id=chat, text="Vote"))["message_id"]
    await bench.write(chat, "a")
    await bench.tap(chat, message)
    bench.clock.forward(145.9)
    assert len(await bench.poll(client)) == 2
    bench.clock.forward(0.1)
    assert [update["message"]["text"] for update in await client.result("getUpdates", offset=1)] == ["a"]
    bench.clock.forward(24 * 3600 - 150.1)
    assert len(await client.result("getUpdates")) == 1
    bench.clock.forward(0.1)
    assert await client.result("getUpdates", offset=2) == []


@pytest_asyncio.fixture(loop_scope="session")
async def narrow(ground: Database) -> AsyncIterator[Bench]:
    """A gateway whose queue takes three updates."""
    async with opened(ground, replace(STRICT, queue=3)) as bench:
        yield bench


@pytest.mark.parametrize("library", CLIENTS)
async def test_a_full_queue_drops_what_is_new(narrow: Bench, library: str) -> None:
    assert STRICT.queue == 100_000
    client = narrow.client(library)
    first, *_ = [await narrow.write(7, text) for text in "abcd"]
    assert ids(await narrow.poll(client)) == [first, first + 1, first + 2]
    await narrow.poll(client, offset=first + 1)
    await narrow.write(7, "e")
    assert [update["message"]["text"] for update in await narrow.poll(client)] == ["b", "c", "e"]


async def test_an_update_has_512_kib_at_most(bench: Bench, client: Client) -> None:
    assert limits.UPDATE_BYTES == 512 * 1024
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": ""}
    room = limits.UPDATE_BYTES - len(json.dumps({"message": message}))
    for size in (room, room + 1):
        await bench.gateway.deliver(7, {"update": {"message": message | {"text": "x" * size}}})
    assert [len(update["message"]["text"]) for update in await bench.poll(client)] == [room]


async def test_numbers_begin_anew_after_an_idle_week(
    bench: Bench, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert limits.FIRST_UPDATE_ID == (2_000_001, 1_000_000_000)
    first = await bench.write(7, "a")
    assert 2_000_001 < first <= 1_000_000_001
    bench.clock.forward(days=6, hours=23)
    assert await bench.write(7, "b") == first + 1
    await bench.poll(client, offset=first + 2)
    monkeypatch.setattr(limits, "FIRST_UPDATE_ID", (5, 5))
    bench.clock.forward(days=7)
    assert await bench.write(7, "c") == 6
    assert ids(await bench.poll(client, offset=first + 2)) == [6]


async def test_an_unknown_kind_of_update_is_handed_on(bench: Bench, client: Client) -> None:
    number = await bench.gateway.deliver(7, {"update": {"galaxy": {"kind": "spiral"}}})
    bench.clock.forward(4)
    [update] = await client.call("getUpdates")
    unknown = update.model_extra if client.name == "aiogram" else update.api_kwargs
    assert (update.update_id, dict(unknown)) == (number, {"galaxy": {"kind": "spiral"}})


async def test_an_update_that_cannot_be_decoded_stops_a_library_until_it_is_confirmed(
    bench: Bench, client: Client
) -> None:
    origin = {"type": "hidden_user", "date": 1}
    message = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}, "text": "x", "forward_origin": origin}
    number = await bench.gateway.deliver(7, {"update": {"message": message}})
    trouble: type[Exception] = ClientDecodeError if client.name == "aiogram" else TypeError
    with pytest.raises(trouble):
        await client.call("getUpdates")
    assert await bench.poll(client, offset=number + 1) == []


async def test_a_redelivered_update_comes_again_once(bench: Bench, client: Client) -> None:
    first = await bench.write(7, "a")
    await bench.poll(client, offset=first + 1)
    await bench.gateway.redeliver(first)
    assert ids(await bench.poll(client, offset=first + 1)) == [first]
    assert await bench.poll(client, offset=first + 1) == []
    with pytest.raises(LookupError):
        await bench.gateway.redeliver(first + 1)
