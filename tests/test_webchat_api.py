"""The Bot API over real HTTP, as both client libraries and a bare client see it."""

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from PIL import Image

from bot.webchat import Gateway
from storage.database import open_database, sqlite_engine
from storage.migrating import schema

ANNA = 2**51 + 7


class Clock:
    """A clock that a test moves by hand."""

    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


class Bench:
    """A gateway with a bare client; ``call`` answers what the server said, whatever it was."""

    def __init__(self, gateway: Gateway, clock: Clock, session: aiohttp.ClientSession) -> None:
        self.gateway, self.clock, self.session = gateway, clock, session

    async def call(self, method: str, token: str | None = None, **arguments: Any) -> dict[str, Any]:
        url = f"{self.gateway.url}/bot{token or self.gateway.token}/{method}"
        async with self.session.post(url, json=arguments) as response:
            answer: dict[str, Any] = await response.json()
            assert response.status == (200 if answer["ok"] else answer["error_code"])
            return answer

    async def ok(self, method: str, **arguments: Any) -> Any:
        answer = await self.call(method, **arguments)
        assert answer["ok"], answer
        return answer["result"]

    async def refusal(self, method: str, **arguments: Any) -> str:
        answer = await self.call(method, **arguments)
        assert answer == {"ok": False, "error_code": 400, "description": answer["description"]}
        return str(answer["description"])


@asynccontextmanager
async def gateway_at(path: Path, clock: Clock) -> AsyncIterator[Gateway]:
    url = f"sqlite:///{path / 'webchat.db'}"
    engine = sqlite_engine(url)
    schema().create_all(engine)
    engine.dispose()
    db = open_database(url)
    gateway = Gateway(db, clock=clock)
    await gateway.start()
    yield gateway
    await gateway.close()
    await db.close()


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    clock = Clock()
    async with gateway_at(tmp_path, clock) as gateway, aiohttp.ClientSession() as session:
        yield Bench(gateway, clock, session)


def jpeg(width: int = 900, height: int = 600) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(output, "JPEG")
    return output.getvalue()


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


async def test_aiogram_understands_every_answer(bench: Bench) -> None:
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import TelegramBadRequest
    from aiogram.types import (
        BotCommand,
        BufferedInputFile,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        InputMediaPhoto,
    )

    gateway = bench.gateway
    await gateway.deliver(ANNA, {"text": "/start project-4"})
    session = AiohttpSession(api=TelegramAPIServer.from_base(gateway.url))
    async with Bot(gateway.token, session=session) as bot:
        me = await bot.get_me()
        assert (me.username, me.is_bot) == ("belleman_bot", True)
        [update] = await bot.get_updates(timeout=5)
        assert update.message is not None
        assert (update.message.text, update.message.chat.id) == ("/start project-4", ANNA)
        markup = InlineKeyboardMarkup(
            inline_keyboard=[[InlineKeyboardButton(text="Stem", callback_data="choose-12-3")]]
        )
        sent = await bot.send_message(ANNA, "<b>Hallo</b> 😀", parse_mode="HTML", reply_markup=markup)
        assert sent.html_text == "<b>Hallo</b> 😀"
        assert sent.reply_markup is not None
        assert sent.reply_markup.model_dump(exclude_none=True) == markup.model_dump(exclude_none=True)
        photo = BufferedInputFile(jpeg(), "plan.jpg")
        edited = await bot.edit_message_media(InputMediaPhoto(media=photo, caption="Plan"), None, ANNA, sent.message_id)
        assert not isinstance(edited, bool)
        assert edited.photo is not None
        assert [(size.width, size.height) for size in edited.photo] == [(320, 213), (900, 600)]
        with pytest.raises(TelegramBadRequest, match="there is no text in the message to edit"):
            await bot.edit_message_text("x", None, ANNA, sent.message_id)
        downloaded = await bot.download(edited.photo[-1].file_id)
        assert downloaded is not None
        assert downloaded.read()[:2] == b"\xff\xd8"
        album = await bot.send_media_group(ANNA, [InputMediaPhoto(media=edited.photo[-1].file_id)] * 2)
        assert album[0].media_group_id == album[1].media_group_id
        assert (await bot.send_venue(ANNA, 51.2, 5.3, "Station", "Plein 1")).venue is not None
        await bot.set_my_commands([BotCommand(command="ideas", description="Ideas")], language_code="nl")
        assert [c.command for c in await bot.get_my_commands(language_code="nl")] == ["ideas"]
        assert (await bot.get_chat(ANNA)).type == "private"
        assert (await bot.get_webhook_info()).pending_update_count == 1


async def test_python_telegram_bot_understands_every_answer(bench: Bench) -> None:
    from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaDocument
    from telegram.error import BadRequest, InvalidToken

    gateway = bench.gateway
    await gateway.deliver(ANNA, {"text": "hallo"})
    base: dict[str, Any] = {"base_url": f"{gateway.url}/bot", "base_file_url": f"{gateway.url}/file/bot"}
    async with Bot(gateway.token, **base) as bot:
        assert bot.username == "belleman_bot"
        [update] = await bot.get_updates()
        assert update.message is not None
        assert update.message.text == "hallo"
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Open", callback_data="project-4")]])
        photo = await bot.send_photo(ANNA, jpeg(), caption="<i>Nieuws</i>", parse_mode="HTML", reply_markup=markup)
        assert (photo.caption_html, len(photo.photo)) == ("<i>Nieuws</i>", 2)
        document = await bot.send_document(ANNA, b"a,b\n", filename="votes.csv")
        assert document.document is not None
        assert (document.document.file_name, document.document.file_size) == ("votes.csv", 4)
        file = await bot.get_file(document.document.file_id)
        assert bytes(await file.download_as_bytearray()) == b"a,b\n"
        await bot.edit_message_caption(ANNA, photo.message_id, caption="Anders")
        files = [InputMediaDocument(b"1", filename="1.txt"), InputMediaDocument(b"2", filename="2.txt")]
        group = await bot.send_media_group(ANNA, files)
        assert [m.document.file_name for m in group if m.document] == ["1.txt", "2.txt"]
        assert (await bot.send_location(ANNA, 51.2, 5.3)).location is not None
        assert await bot.set_my_description("Hallo")
        assert (await bot.get_my_description()).description == "Hallo"
        assert await bot.delete_message(ANNA, photo.message_id)
        with pytest.raises(BadRequest, match=r"[Cc]hat not found"):
            await bot.send_message(1, "x")
    with pytest.raises(InvalidToken):
        async with Bot("1:wrong", **base):
            pass


async def test_tokens_and_methods_are_refused_as_the_server_does(bench: Bench) -> None:
    assert await bench.call("getMe", token="nonsense") == {
        "ok": False,
        "error_code": 401,
        "description": "Unauthorized: invalid token specified",
    }
    assert await bench.call("getMe", token="1:wrong") == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert (await bench.call("sendStars"))["description"] == "Not Found: method not found"
    async with bench.session.get(f"{bench.gateway.url}/elsewhere") as response:
        assert (response.status, await response.json()) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )


async def test_arguments_travel_in_every_form(bench: Bench) -> None:
    await bench.gateway.deliver(ANNA, {"text": "hallo"})
    url = f"{bench.gateway.url}/bot{bench.gateway.token}/SENDMESSAGE"
    markup = json.dumps(keyboard([{"text": "x", "callback_data": "y"}]))
    fields = {"chat_id": str(ANNA), "text": "é", "reply_markup": markup, "unknown": "1"}
    form = aiohttp.FormData(fields)
    multipart = aiohttp.FormData(fields, default_to_multipart=True)
    bodies: list[dict[str, Any]] = []
    ways: tuple[dict[str, Any], ...] = ({"params": fields}, {"data": form}, {"data": multipart}, {"json": fields})
    for way in ways:
        async with bench.session.post(url, **way) as response:
            bodies.append((await response.json())["result"])
    assert [body["message_id"] for body in bodies] == [2, 3, 4, 5]
    assert all((b["text"], json.dumps(b["reply_markup"])) == ("é", markup) for b in bodies)
    assert [call[0] for call in bench.gateway.calls] == ["sendMessage"] * 4


UNALLOWED = "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"


@pytest.mark.parametrize(
    ("button", "reason"),
    [
        ({"text": "x", "callback_data": "é" * 33}, "BUTTON_DATA_INVALID"),
        ({"text": "x", "callback_data": ""}, UNALLOWED),
        ({"text": "x"}, UNALLOWED),
        ({"text": "x", "copy_text": {"text": ""}}, "BUTTON_COPY_TEXT_INVALID"),
        ({"text": "x", "url": "javascript:x"}, "inline keyboard button URL 'javascript:x' is invalid: Wrong HTTP URL"),
    ],
)
async def test_a_wrong_button_is_refused(bench: Bench, button: dict[str, Any], reason: str) -> None:
    await bench.gateway.deliver(ANNA, {"text": "hallo"})
    refused = await bench.refusal("sendMessage", chat_id=ANNA, text="x", reply_markup=keyboard([button]))
    assert refused == f"Bad Request: {reason}"


async def test_edits_are_refused_as_the_server_does(bench: Bench) -> None:
    await bench.gateway.deliver(ANNA, {"text": "mine"})
    sent = await bench.ok("sendMessage", chat_id=ANNA, text="<b>x</b>", parse_mode="HTML")
    frozen = await bench.ok("sendMessage", chat_id=ANNA, text="x", reply_markup={"keyboard": [[{"text": "a"}]]})
    edit = {"chat_id": ANNA, "message_id": sent["message_id"], "text": "<b>x</b>", "parse_mode": "HTML"}
    assert await bench.refusal("editMessageText", **edit) == (
        "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
        "as a current content and reply markup of the message"
    )
    for message_id, reason in (
        (1, "message can't be edited"),
        (frozen["message_id"], "message can't be edited"),
        (99, "message to edit not found"),
    ):
        refused = await bench.refusal("editMessageText", **(edit | {"message_id": message_id}))
        assert refused == f"Bad Request: {reason}"
    assert await bench.refusal("editMessageText", **(edit | {"chat_id": 5})) == "Bad Request: chat not found"
    bench.clock.now += timedelta(days=90)
    edited = await bench.ok("editMessageText", **(edit | {"text": "y"}))
    assert (edited["text"], edited["edit_date"] - edited["date"]) == ("y", 90 * 86400)
    old = {"chat_id": ANNA, "message_id": sent["message_id"]}
    assert await bench.refusal("deleteMessage", **old) == "Bad Request: message can't be deleted for everyone"


async def test_pictures_are_checked(bench: Bench) -> None:
    await bench.gateway.deliver(ANNA, {"text": "mine"})
    url = f"{bench.gateway.url}/bot{bench.gateway.token}/sendPhoto"
    for data, reason in ((b"no picture", "IMAGE_PROCESS_FAILED"), (jpeg(2100, 100), "PHOTO_INVALID_DIMENSIONS")):
        form = aiohttp.FormData({"chat_id": str(ANNA)})
        form.add_field("photo", data, filename="x.jpg")
        async with bench.session.post(url, data=form) as response:
            assert (await response.json())["description"] == f"Bad Request: {reason}"
    refused = await bench.refusal("sendPhoto", chat_id=ANNA, photo="nothing")
    assert refused == "Bad Request: wrong file identifier/HTTP URL specified"


async def test_updates_wait_until_they_are_confirmed(bench: Bench) -> None:
    ids = [await bench.gateway.deliver(ANNA, {"text": text}) for text in "abc"]
    assert ids == [ids[0], ids[0] + 1, ids[0] + 2]
    assert 2_000_001 <= ids[0] <= 1_000_000_001
    for _ in range(2):
        assert [u["update_id"] for u in await bench.ok("getUpdates")] == ids
    assert [u["message"]["text"] for u in await bench.ok("getUpdates", offset=ids[0] + 1, limit=1)] == ["b"]
    assert [u["update_id"] for u in await bench.ok("getUpdates", offset=-1)] == ids[2:]
    assert await bench.ok("getUpdates", offset=ids[2] + 1) == []
    await bench.gateway.redeliver(ids[0])
    assert [u["update_id"] for u in await bench.ok("getUpdates", offset=ids[2] + 1)] == ids[:1]
    assert await bench.ok("getUpdates", offset=ids[0] + 1) == []


async def test_updates_expire_and_unwanted_kinds_are_never_made(bench: Bench) -> None:
    await bench.gateway.deliver(ANNA, {"update": {"callback_query": {"id": "1"}}})
    await bench.gateway.deliver(ANNA, {"update": {"message_reaction": {}}})
    await bench.gateway.deliver(ANNA, {"update": {"something_new": {}}})
    assert [list(u)[1] for u in await bench.ok("getUpdates")] == ["callback_query", "something_new"]
    bench.clock.now += timedelta(seconds=151)
    assert [list(u)[1] for u in await bench.ok("getUpdates")] == ["something_new"]
    await bench.ok("getUpdates", allowed_updates=["callback_query"], offset=-1)
    await bench.gateway.deliver(ANNA, {"text": "unwanted"})
    assert len(await bench.ok("getUpdates")) == 1


async def test_a_waiting_poll_wakes_at_once_and_a_second_one_ends_it(bench: Bench) -> None:
    first = asyncio.create_task(bench.call("getUpdates", timeout=30))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(bench.ok("getUpdates", timeout=30))
    assert (await first)["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await bench.gateway.deliver(ANNA, {"text": "now"})
    assert [u["message"]["text"] for u in await second] == ["now"]


async def test_commands_are_checked_and_kept_by_scope_and_language(bench: Bench) -> None:
    await bench.gateway.deliver(ANNA, {"text": "hallo"})
    commands = [{"command": "help", "description": "Help"}]
    await bench.ok("setMyCommands", commands=commands, scope={"type": "chat", "chat_id": str(ANNA)})
    assert await bench.ok("getMyCommands", scope={"chat_id": ANNA, "type": "chat"}) == commands
    assert await bench.ok("getMyCommands") == []
    wrong = [{"command": "Help!", "description": "Help"}]
    assert await bench.refusal("setMyCommands", commands=wrong) == "Bad Request: BOT_COMMAND_INVALID"


class Hook:
    """A bot's webhook that answers as it is told, and remembers what came."""

    def __init__(self) -> None:
        self.seen: list[tuple[str | None, dict[str, Any]]] = []
        self.answers: list[web.Response] = []

    async def handle(self, request: web.Request) -> web.Response:
        self.seen.append((request.headers.get("X-Telegram-Bot-Api-Secret-Token"), await request.json()))
        return self.answers.pop(0) if self.answers else web.Response()

    async def saw(self, count: int) -> list[str]:
        async with asyncio.timeout(5):
            while len(self.seen) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        return [update["message"]["text"] for _, update in self.seen]


@pytest.fixture
async def hook() -> AsyncIterator[tuple[Hook, str]]:
    hook, app = Hook(), web.Application()
    app.router.add_post("/hook", hook.handle)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield hook, f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    await runner.cleanup()


async def test_a_webhook_gets_updates_in_order_and_again_until_they_arrive(
    bench: Bench, hook: tuple[Hook, str]
) -> None:
    bot, url = hook
    spoken = {"method": "sendMessage", "chat_id": ANNA, "text": "answered"}
    bot.answers = [web.Response(status=500), web.json_response(spoken)]
    await bench.ok("setWebhook", url=url, secret_token="s3cret")
    assert (await bench.call("getUpdates"))["error_code"] == 409
    await bench.gateway.deliver(ANNA, {"text": "a"})
    await bench.gateway.deliver(ANNA, {"text": "b"})
    assert await bot.saw(3) == ["a", "a", "b"]
    assert {secret for secret, _ in bot.seen} == {"s3cret"}
    assert [(call[0], call[2]["ok"]) for call in bench.gateway.calls] == [("setWebhook", True), ("getUpdates", False)]
    info = await bench.ok("getWebhookInfo")
    assert (info["url"], info["last_error_message"]) == (
        url,
        "Wrong response from the webhook: 500 Internal Server Error",
    )
    edited = await bench.ok("editMessageText", chat_id=ANNA, message_id=3, text="the answer was sent")
    assert edited["message_id"] == 3


async def test_a_webhook_that_asks_for_rest_gets_it(bench: Bench, hook: tuple[Hook, str]) -> None:
    bot, url = hook
    bot.answers = [web.Response(status=503, headers={"Retry-After": "30"})]
    await bench.ok("setWebhook", url=url)
    await bench.gateway.deliver(ANNA, {"text": "a"})
    await bench.gateway.deliver(ANNA + 1, {"text": "of somebody else"})
    await bot.saw(2)
    await asyncio.sleep(0.2)
    assert len(bot.seen) == 2
    bench.clock.now += timedelta(seconds=31)
    assert (await bot.saw(3))[-1] == "a"


async def test_token_and_messages_survive_a_restart(tmp_path: Path) -> None:
    async with gateway_at(tmp_path, Clock()) as gateway:
        token = gateway.token
        first = await gateway.deliver(ANNA, {"text": "a"})
    async with gateway_at(tmp_path, Clock()) as gateway:
        assert gateway.token == token
        assert await gateway.deliver(ANNA, {"text": "b"}) == first + 1
