"""How calls travel: four ways for arguments, names in any case, tokens, and what is not there."""

import json
from typing import Any

import aiohttp
import pytest

from tests.conformance.bench import Bench
from tests.conformance.clients import Client, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARKUP = {"inline_keyboard": [[{"text": "Vote", "callback_data": "x"}]]}
NOT_FOUND = (404, {"ok": False, "error_code": 404, "description": "Not Found"})


def ways(fields: dict[str, str]) -> list[tuple[str, dict[str, Any]]]:
    return [
        ("GET", {"params": fields}),
        ("POST", {"params": fields}),
        ("POST", {"data": aiohttp.FormData(fields)}),
        ("POST", {"data": aiohttp.FormData(fields, default_to_multipart=True)}),
        ("POST", {"json": fields}),
    ]


async def ask(bench: Bench, path: str, verb: str = "POST", **way: Any) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.request(verb, bench.gateway.url + path, **way) as response:
        assert response.content_type == "application/json"
        return response.status, await response.json()


@pytest.mark.parametrize("number", range(5), ids=["query of GET", "query of POST", "form", "multipart", "JSON"])
async def test_arguments_travel_in_every_way_as_text(bench: Bench, number: int) -> None:
    fields = {
        "chat_id": str(await bench.person()),
        "text": "é & 😀",
        "reply_markup": json.dumps(MARKUP),
        "disable_notification": "true",
        "reply_parameters": json.dumps({"message_id": "999", "allow_sending_without_reply": "True"}),
    }
    verb, way = ways(fields)[number]
    status, answer = await ask(bench, f"/bot{bench.gateway.token}/sendMessage", verb, **way)
    assert (status, answer["ok"], answer["result"]["text"]) == (200, True, "é & 😀")
    assert answer["result"]["reply_markup"] == MARKUP


@pytest.mark.parametrize("yes", [True, "true", "True", "1", "yes"])
async def test_yes_is_said_in_many_ways(bench: Bench, yes: Any) -> None:
    given = {"chat_id": await bench.person(), "text": "x", "reply_parameters": {"message_id": 999}}
    path = f"/bot{bench.gateway.token}/sendMessage"
    assert (await ask(bench, path, json=given))[0] == 400
    given["reply_parameters"] = {"message_id": 999, "allow_sending_without_reply": yes}
    assert (await ask(bench, path, json=given))[0] == 200


async def test_nested_objects_in_json_are_objects_or_text(bench: Bench) -> None:
    chat = await bench.person()
    for markup in (MARKUP, json.dumps(MARKUP)):
        given = {"chat_id": chat, "text": "x", "reply_markup": markup}
        _, answer = await ask(bench, f"/bot{bench.gateway.token}/sendMessage", json=given)
        assert answer["result"]["reply_markup"] == MARKUP


@pytest.mark.parametrize(
    ("body", "trouble"),
    [("{", "Bad Request: can't parse JSON object"), ("[1]", "Bad Request: JSON object expected")],
)
async def test_a_body_that_is_no_json_object_is_refused(bench: Bench, body: str, trouble: str) -> None:
    headers = {"Content-Type": "application/json"}
    status, answer = await ask(bench, f"/bot{bench.gateway.token}/getMe", data=body, headers=headers)
    assert (status, answer) == (400, {"ok": False, "error_code": 400, "description": trouble})


async def test_method_names_are_the_same_in_any_case(bench: Bench, client: Client) -> None:
    for name in ("getme", "GETME", "gEtMe"):
        assert (await client.raw(name)) is not None
    assert [call[0] for call in bench.gateway.calls] == ["getMe"] * 3


async def test_an_unknown_method_is_not_found(bench: Bench, client: Client) -> None:
    assert await client.refused("sendStars") == Refusal(404, "Not Found: method not found")


async def test_an_unknown_parameter_is_refused(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    refusal = await client.refused("sendMessage", chat_id=chat, text="x", parsemode="HTML")
    assert refusal == Refusal(400, 'Bad Request: there is no parameter "parsemode" in this method')
    refusal = await client.refused("getUpdates", ofset=1)
    assert refusal == Refusal(400, 'Bad Request: there is no parameter "ofset" in this method')


async def test_a_parameter_of_old_is_taken_because_aiogram_sends_it(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    given: dict[str, Any] = {"chat_id": chat, "disable_web_page_preview": True}
    message = await client.result("sendMessage", text="x", **given)
    await client.result("editMessageText", message_id=message["message_id"], text="y", **given)


@pytest.mark.parametrize("token", ["nonsense", "123:" + "x" * 77, "123:x y"])
async def test_a_token_that_is_none_is_refused(bench: Bench, client: Client, token: str) -> None:
    client.use(token)
    assert await client.refused("getMe") == Refusal(401, "Unauthorized: invalid token specified")


async def test_a_token_of_80_characters_is_looked_at(bench: Bench, client: Client) -> None:
    client.use("123:" + "x" * 76)
    assert await client.refused("getMe") == Refusal(401, "Unauthorized")


async def test_a_token_of_another_bot_is_refused(bench: Bench, client: Client) -> None:
    client.use("123:wrong")
    assert await client.refused("getMe") == Refusal(401, "Unauthorized")
    client.use(bench.gateway.token)
    assert (await client.result("getMe"))["is_bot"] is True


@pytest.mark.parametrize("path", ["/", "/elsewhere", "/bot", "/bot1:x", "/bot1:x/a/b", "/file/bot1:x"])
async def test_everything_else_is_not_found(bench: Bench, path: str) -> None:
    assert await ask(bench, path) == NOT_FOUND


async def test_what_breaks_inside_is_an_error_of_the_server(
    bench: Bench, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench.gateway._api, "visit", None)
    assert await client.refused("getMe") == Refusal(500, "Internal Server Error")


async def test_numbers_have_52_bits(bench: Bench, client: Client) -> None:
    await bench.write(2**52 - 1, "hello")
    [update] = await client.call("getUpdates")
    assert update.message.chat.id == 2**52 - 1
    assert (await client.result("sendMessage", chat_id=2**52 - 1, text="x"))["chat"]["id"] == 2**52 - 1
