"""The web chat's doors: what a stranger, another site, or a forged request gets. Nothing, with the right status."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.webchat import Gateway, guards, limits
from bot.webchat.addresses import blurred
from bot.webchat.errors import ApiError
from bot.webchat.guards import Allowance, Guard
from bot.webchat.sessions import Door
from storage.database import Database
from tests.conftest import Engines

OWN = {"X-Belleman": "1"}


@pytest.fixture
def engine() -> str:
    return "sqlite"


@pytest.fixture
async def gateway(db: Database) -> AsyncIterator[Gateway]:
    started = Gateway(db)
    await started.start()
    yield started
    await started.close()


@pytest.fixture
async def browser() -> AsyncIterator[aiohttp.ClientSession]:
    async with new_browser() as session:
        yield session


def new_browser() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


async def post(
    browser: aiohttp.ClientSession, gateway: Gateway, path: str, given: Any = None, **headers: str
) -> tuple[int, dict[str, Any]]:
    url = f"{gateway.url}/api/{path}"
    async with browser.post(url, json=given or {}, headers=OWN | headers) as response:
        return response.status, await response.json()


async def came_in(browser: aiohttp.ClientSession, gateway: Gateway) -> int:
    status, greeting = await post(browser, gateway, "session", {"language": "en"})
    assert status == 200
    return int(greeting["user_id"])


# sessions


async def test_the_cookie_is_128_random_bits_that_no_script_and_no_other_site_gets(gateway: Gateway) -> None:
    cookies = set()
    for _ in range(2):
        async with (
            new_browser() as browser,
            browser.post(f"{gateway.url}/api/session", json={}, headers=OWN) as response,
        ):
            morsel = response.cookies["session"]
            assert (len(bytes.fromhex(morsel.value)), morsel["httponly"], morsel["samesite"]) == (16, True, "Lax")
            assert (morsel["secure"], morsel["path"]) == ("", "/")
            cookies.add(morsel.value)
    assert len(cookies) == 2


async def test_behind_tls_the_cookie_is_secure_and_only_our_own_proxy_is_believed_about_it(db: Database) -> None:
    for proxies, secure in ((0, ""), (1, True)):
        gateway = Gateway(db, door=Door(proxies=proxies))
        await gateway.start()
        headers = OWN | {"X-Forwarded-Proto": "https"}
        async with (
            new_browser() as browser,
            browser.post(f"{gateway.url}/api/session", json={}, headers=headers) as response,
        ):
            assert response.cookies["session"]["secure"] == secure
        await gateway.close()


@pytest.mark.parametrize("forged", ["", "0" * 32, "f" * 31, "F" * 32, "' OR 1=1 --", "../" * 10, "a" * 5000])
async def test_a_forged_cookie_opens_nobodys_chat(gateway: Gateway, forged: str) -> None:
    async with aiohttp.ClientSession() as stranger:
        for path in ("history", "events", "photo/x", "document/x"):
            headers = {"Cookie": f"session={forged}"}
            async with stranger.get(f"{gateway.url}/api/{path}", headers=headers) as response:
                assert response.status == 401
        for path in ("send", "tap", "recovery", "read"):
            headers = OWN | {"Cookie": f"session={forged}"}
            async with stranger.post(f"{gateway.url}/api/{path}", json={"text": "x"}, headers=headers) as response:
                assert response.status == 401


async def test_the_database_alone_opens_no_chat(gateway: Gateway, db: Database, browser: aiohttp.ClientSession) -> None:
    chat_id = await came_in(browser, gateway)
    kept = (await db.turn(lambda store: store.sessions.of([chat_id])))[0]
    async with aiohttp.ClientSession() as thief:
        for stolen in (kept.digest, kept.digest[:32]):
            async with thief.get(f"{gateway.url}/api/history", headers={"Cookie": f"session={stolen}"}) as response:
                assert response.status == 401
    assert kept.address == blurred("127.0.0.1", gateway.token)
    assert "127" not in (kept.address or "")


# coming back


async def test_a_recovery_code_opens_the_chat_in_another_browser_and_both_go_on(gateway: Gateway) -> None:
    async with new_browser() as first, new_browser() as second:
        chat_id = await came_in(first, gateway)
        await post(first, gateway, "send", {"text": "hello", "client_id": "1"})
        code = (await post(first, gateway, "recovery"))[1]["code"]
        assert len(code.replace("-", "")) == 16
        await came_in(second, gateway)
        status, greeting = await post(second, gateway, "recover", {"code": f" {code.lower().replace('-', ' ')} "})
        assert (status, greeting["user_id"]) == (200, chat_id)
        for browser in (first, second):
            async with browser.get(f"{gateway.url}/api/history") as response:
                assert [one["text"] for one in (await response.json())["messages"]] == ["hello"]


async def test_a_new_recovery_code_ends_the_old_one(gateway: Gateway, browser: aiohttp.ClientSession) -> None:
    await came_in(browser, gateway)
    old, new = [(await post(browser, gateway, "recovery"))[1]["code"] for _ in range(2)]
    assert (await post(browser, gateway, "recover", {"code": old}))[0] == 400
    assert (await post(browser, gateway, "recover", {"code": new}))[0] == 200


async def test_guessing_recovery_codes_ends_after_five_whatever_the_guesser_claims(gateway: Gateway) -> None:
    async with new_browser() as owner:
        await came_in(owner, gateway)
        code = (await post(owner, gateway, "recovery"))[1]["code"]
    seen = []
    for number in range(7):
        async with new_browser() as guesser:
            given = {"code": code if number == 6 else f"AAAA-AAAA-AAAA-AAA{number}"}
            seen.append(await post(guesser, gateway, "recover", given, **{"X-Forwarded-For": f"10.0.0.{number}"}))
    assert [status for status, _ in seen] == [400] * 5 + [429] * 2
    assert seen[-1][1]["parameters"]["retry_after"] > 0


async def test_behind_a_proxy_each_visitor_is_counted_by_their_own_address(db: Database) -> None:
    gateway = Gateway(db, door=Door(proxies=1, visitors=Allowance(1, 600)))
    await gateway.start()
    statuses = []
    for told in ("198.51.100.7", "198.51.100.8", "203.0.113.9, 198.51.100.7", "198.51.100.7"):
        async with new_browser() as browser:
            statuses.append((await post(browser, gateway, "session", **{"X-Forwarded-For": told}))[0])
    assert statuses == [200, 200, 429, 429]
    await gateway.close()


async def test_leaving_closes_this_browser_and_the_chat_stays(gateway: Gateway) -> None:
    async with new_browser() as first, new_browser() as second:
        chat_id = await came_in(first, gateway)
        code = (await post(first, gateway, "recovery"))[1]["code"]
        assert (await post(first, gateway, "leave"))[0] == 200
        async with first.get(f"{gateway.url}/api/history") as response:
            assert response.status == 401
        assert (await post(second, gateway, "recover", {"code": code}))[1]["user_id"] == chat_id


# haste


async def test_who_acts_too_fast_waits_and_others_do_not(db: Database) -> None:
    gateway = Gateway(db, door=Door(acts=Allowance(3, 300)))
    await gateway.start()
    async with new_browser() as hasty, new_browser() as other:
        await came_in(hasty, gateway)
        await came_in(other, gateway)
        seen = [await post(hasty, gateway, "send", {"text": "x", "client_id": str(n)}) for n in range(4)]
        assert [status for status, _ in seen] == [200, 200, 200, 429]
        assert 0 < seen[3][1]["parameters"]["retry_after"] <= 100
        assert (await post(other, gateway, "send", {"text": "x", "client_id": "1"}))[0] == 200
    await gateway.close()


def test_a_guard_lets_through_what_comes_back_with_time_and_forgets_the_oldest() -> None:
    now = [0.0]
    guard = Guard(lambda: now[0])
    for _ in range(5):
        guard.pass_by("a", guards.GUESSES)
    with pytest.raises(ApiError) as refused:
        guard.pass_by("a", guards.GUESSES)
    assert (refused.value.code, refused.value.parameters) == (429, {"retry_after": 120})
    now[0] = 120.0
    guard.pass_by("a", guards.GUESSES)
    for number in range(guards.KNOWN + 5):
        guard.pass_by(number, guards.GUESSES)
    for _ in range(5):
        guard.pass_by("a", guards.GUESSES)


# other sites, tricks and sizes


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Belleman": "1", "Origin": "https://elsewhere.example"},
        {"X-Belleman": "1", "Origin": "null"},
        {"X-Belleman": "1", "Sec-Fetch-Site": "cross-site"},
        {"X-Belleman": "1", "Sec-Fetch-Site": "same-site"},
        {"X-Belleman": "0"},
    ],
)
async def test_another_site_makes_nobody_act(
    gateway: Gateway, browser: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    await came_in(browser, gateway)
    for path in ("send", "tap", "start", "place", "edit", "upload", "session", "recovery", "recover", "leave", "read"):
        async with browser.post(f"{gateway.url}/api/{path}", json={"text": "x"}, headers=headers) as response:
            assert response.status == 403
    form = {"text": "x", "client_id": "1"}
    async with browser.post(f"{gateway.url}/api/send", data=form, headers=OWN) as response:
        assert response.status == 403
    async with browser.get(f"{gateway.url}/api/history") as response:
        assert (await response.json())["messages"] == []
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_an_upload_of_60_megabytes_is_refused_and_nothing_is_kept(
    gateway: Gateway, browser: aiohttp.ClientSession
) -> None:
    await came_in(browser, gateway)

    async def much() -> AsyncIterator[bytes]:
        head = '--b\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n'
        yield head.encode()
        for _ in range(60):
            yield bytes(1024 * 1024)
        yield b"\r\n--b--\r\n"

    headers = OWN | {"Content-Type": "multipart/form-data; boundary=b", "Content-Length": str(61 * 1024 * 1024)}
    status = 0
    try:
        async with browser.post(f"{gateway.url}/api/upload?kind=document", data=much(), headers=headers) as response:
            status = response.status
    except aiohttp.ClientConnectionError:
        status = 413  # the answer came while the body was still under way
    assert status == 413
    async with browser.get(f"{gateway.url}/api/history") as response:
        assert (await response.json())["messages"] == []
    assert limits.REQUEST_BYTES < 60 * 1024 * 1024


END = b"Host: x\r\nConnection: close\r\n\r\n"
RAW = {
    "a path that climbs": b"GET /../../etc/passwd HTTP/1.1\r\n" + END,
    "a path that climbs in disguise": b"GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + END,
    "a source file": b"GET /gateway.py HTTP/1.1\r\n" + END,
    "a file of the bot without its token": b"GET /file/bot1:x/photos/a.jpg HTTP/1.1\r\n" + END,
    "a file beside the bot's": b"GET /file/bot1:x/../../etc/passwd HTTP/1.1\r\n" + END,
    "a method in a header": b"GET /api/leave HTTP/1.1\r\nX-HTTP-Method-Override: POST\r\nX-Belleman: 1\r\n" + END,
    "two lengths": b"POST /api/session HTTP/1.1\r\nContent-Length: 2\r\nContent-Length: 20\r\n" + END + b"{}",
    "length and chunks": (
        b"POST /api/session HTTP/1.1\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n" + END + b"0\r\n\r\n"
    ),
    "a header broken in two": b"GET / HTTP/1.1\r\nCookie: a\r\n b: c\x00\r\n" + END,
    "a very long header": b"GET / HTTP/1.1\r\nCookie: " + b"a" * 20_000 + b"\r\n" + END,
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n",
}
REFUSED = {
    "a path that climbs": 404,
    "a path that climbs in disguise": 404,
    "a source file": 404,
    "a file of the bot without its token": 401,
    "a file beside the bot's": 401,
    "a method in a header": 404,
}
"""Those that are no HTTP are 400; what is HTTP and leads nowhere is said as the Bot API says it."""


@pytest.mark.parametrize("trick", RAW)
async def test_a_trick_on_the_wire_is_refused(gateway: Gateway, trick: str) -> None:
    host, port = gateway.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(RAW[trick])
    answer = await reader.read(65536)
    writer.close()
    status = int(answer.split(b" ", 2)[1])
    assert status == REFUSED.get(trick, 400)
    assert b"root:" not in answer
    assert b"Traceback" not in answer


async def test_a_page_shows_the_files_of_its_own_chat_alone(db: Database, engines: Engines) -> None:
    gateway = Gateway(db, door=replace(Door(), visitors=Allowance(0, 1)))
    await gateway.start()
    async with new_browser() as anna, new_browser() as eve:
        await came_in(anna, gateway)
        await came_in(eve, gateway)
        form = aiohttp.FormData({"client_id": "1", "kind": "document"}, default_to_multipart=True)
        form.add_field("file", b"secret", filename="a.txt", content_type="text/plain")
        async with anna.post(f"{gateway.url}/api/upload", data=form, headers=OWN) as response:
            assert response.status == 200
        async with anna.get(f"{gateway.url}/api/history") as response:
            file_id = (await response.json())["messages"][0]["document"]["file_id"]
        for browser, status in ((anna, 200), (eve, 404)):
            async with browser.get(f"{gateway.url}/api/document/{file_id}") as response:
                assert response.status == status
    await gateway.close()


def test_the_words_of_a_429_are_the_bot_apis() -> None:
    assert json.loads(json.dumps(guards.too_many(7).answer())) == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }
