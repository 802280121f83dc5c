"""What the chat page asks of its server, asked over real HTTP."""

import gzip
import io
import json
import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from PIL import Image

from bot.webchat import Gateway, pages
from storage.cities import City
from storage.database import Database, open_database, sqlite_engine
from storage.migrating import schema
from storage.store import Store

PAGE = Path(pages.__file__).parent / "page"
NOW = datetime(2026, 5, 12, tzinfo=UTC)
OURS = {"X-Belleman": "1"}
LOMMEL = City(
    "lommel",
    {"nl": "Lommel"},
    {"nl": "Praat mee", "en": "Have your say"},
    {},
    {},
    "nl",
    ["nl"],
    ["nl", "en"],
    "Europe/Brussels",
    "#00695c",
    None,
    "20:00",
    "08:00",
    False,
    1,
)


@pytest.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite:///{tmp_path / 'webchat.db'}"
    engine = sqlite_engine(url)
    schema().create_all(engine)
    engine.dispose()
    db = open_database(url)
    yield db
    await db.close()


@pytest.fixture
async def gateway(db: Database) -> AsyncIterator[Gateway]:
    gateway = Gateway(db)
    await gateway.start()
    yield gateway
    await gateway.close()


class Visitor:
    """A browser, as far as the server can tell."""

    def __init__(self, gateway: Gateway, session: aiohttp.ClientSession) -> None:
        self.gateway, self.session = gateway, session
        self.greeting: dict[str, Any] = {}

    async def post(self, path: str, status: int = 200, **given: Any) -> dict[str, Any]:
        url = f"{self.gateway.url}/api/{path}"
        async with self.session.post(url, json=given, headers=OURS) as response:
            assert response.status == status, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer

    async def upload(self, *files: bytes, status: int = 200, name: str = "x.jpg", **fields: str) -> dict[str, Any]:
        form = aiohttp.FormData(fields, default_to_multipart=True, quote_fields=False)
        for data in files:
            form.add_field("file", io.BytesIO(data), filename=name, content_type="image/jpeg")
        async with self.session.post(f"{self.gateway.url}/api/upload", data=form, headers=OURS) as response:
            assert response.status == status, await response.text()
            answer: dict[str, Any] = await response.json()
            return answer

    async def get(self, path: str) -> tuple[int, str, bytes]:
        async with self.session.get(f"{self.gateway.url}/api/{path}") as response:
            return response.status, response.content_type, await response.read()

    async def history(self, query: str = "") -> dict[str, Any]:
        status, _, body = await self.get("history" + query)
        assert status == 200
        history: dict[str, Any] = json.loads(body)
        return history

    async def events(
        self, after: int, count: int, kinds: Sequence[str] = ("message", "deleted", "answer")
    ) -> list[dict[str, Any]]:
        """The next events of the wanted number, those about the surroundings aside."""
        seen: list[dict[str, Any]] = []
        async with self.session.get(f"{self.gateway.url}/api/events?after={after}") as response:
            async for line in response.content:
                if line.startswith(b"data: "):
                    event = json.loads(line[6:])
                    seen += [event] if event["type"] in kinds else []
                if len(seen) >= count:
                    break
        return seen

    async def bot(self, method: str, **arguments: Any) -> Any:
        url = f"{self.gateway.url}/bot{self.gateway.token}/{method}"
        async with self.session.post(url, json=arguments) as response:
            answer = await response.json()
            assert answer["ok"], answer
            return answer["result"]

    @property
    def chat_id(self) -> int:
        return int(self.greeting["user_id"])


@pytest.fixture
async def anna(gateway: Gateway) -> AsyncIterator[Visitor]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        visitor = Visitor(gateway, session)
        visitor.greeting = await visitor.post("session", language="nl-BE")
        yield visitor


def photo_of_a_phone() -> bytes:
    """Turned on its side, and it tells where it was taken."""
    image = Image.new("RGB", (2000, 1000), "teal")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif.get_ifd(0x8825)[2] = (51.0, 13.0, 47.0)
    output = io.BytesIO()
    image.save(output, "JPEG", exif=exif)
    return output.getvalue()


async def test_a_session_is_made_once_and_tells_about_the_city(anna: Visitor, db: Database) -> None:
    assert anna.greeting["city"] is None
    await db.turn(lambda store: store.cities.put(LOMMEL))
    await anna.bot("setMyCommands", commands=[{"command": "ideas", "description": "Ideeën"}], language_code="nl")
    assert await anna.post("session", language="en") == {
        "user_id": anna.chat_id,
        "language": "en",
        "city": {"name": "Lommel", "summary": "Have your say", "notice": "", "colour": "#00695c", "logo": None},
        "commands": [],
        "bot": {"name": "Belleman", "username": "belleman_bot", "awake": False},
    }
    again = await anna.post("session", language="nl")
    assert again["commands"] == [{"command": "ideas", "description": "Ideeën"}]
    assert 0 < anna.chat_id < 2**52
    [cookie] = anna.session.cookie_jar
    assert (cookie.key, len(cookie.value), cookie["httponly"], cookie["samesite"]) == ("session", 32, True, "Lax")


async def test_without_session_or_from_another_site_nothing_is_done(gateway: Gateway, anna: Visitor) -> None:
    async with aiohttp.ClientSession() as stranger:
        for path in ("history", "events", "photo/x", "document/x"):
            async with stranger.get(f"{gateway.url}/api/{path}") as response:
                assert response.status == 401
        for path in ("send", "place", "tap", "start", "edit"):
            async with stranger.post(f"{gateway.url}/api/{path}", json={}, headers=OURS) as response:
                assert response.status == 401
    for path in ("session", "send", "upload", "place", "tap", "start", "edit"):
        async with anna.session.post(f"{gateway.url}/api/{path}", json={}) as response:
            assert response.status == 403
        async with anna.session.post(f"{gateway.url}/api/{path}", data="{}", headers=OURS) as response:
            assert response.status == 403


async def test_what_is_sent_twice_arrives_once(anna: Visitor) -> None:
    answers = [await anna.post("send", text=" hallo ", client_id="1") for _ in range(2)]
    assert answers == [{"ok": True, "message_id": 1}] * 2
    await anna.post("start", payload="project-4", client_id="2")
    await anna.post("place", latitude=51.2, longitude=5.3, client_id="3")
    updates = await anna.bot("getUpdates")
    assert [u["message"].get("text") for u in updates] == ["hallo", "/start project-4", None]
    assert updates[1]["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert updates[0]["message"]["from"] == {
        "id": anna.chat_id,
        "is_bot": False,
        "first_name": "",
        "language_code": "nl-BE",
    }
    assert updates[2]["message"]["location"] == {"latitude": 51.2, "longitude": 5.3}


async def test_wrong_requests_are_refused(anna: Visitor) -> None:
    for path, given in (
        ("send", {"text": " ", "client_id": "1"}),
        ("send", {"text": "x"}),
        ("start", {"payload": "a b", "client_id": "1"}),
        ("start", {"payload": "a" * 65, "client_id": "1"}),
        ("place", {"latitude": 91, "longitude": 0, "client_id": "1"}),
        ("tap", {"message_id": 7, "data": "x", "client_id": "1"}),
        ("edit", {"message_id": 7, "text": "x"}),
    ):
        assert (await anna.post(path, 400, **given))["ok"] is False
    assert await anna.bot("getUpdates") == []


async def test_a_long_text_becomes_several_messages(anna: Visitor) -> None:
    await anna.post("send", text="woord " * 1000, client_id="1")
    assert [len(u["message"]["text"]) <= 4096 for u in await anna.bot("getUpdates")] == [True, True]


async def test_a_photo_loses_what_it_hid_and_stays_with_its_visitor(gateway: Gateway, anna: Visitor) -> None:
    await anna.upload(photo_of_a_phone(), photo_of_a_phone(), caption="Het plein", client_id="1")
    await anna.upload(photo_of_a_phone(), photo_of_a_phone(), caption="Het plein", client_id="1")
    first, second = [update["message"] for update in await anna.bot("getUpdates")]
    assert (first["caption"], "caption" in second) == ("Het plein", False)
    assert first["media_group_id"] == second["media_group_id"]
    assert [(size["width"], size["height"]) for size in first["photo"]] == [(160, 320), (640, 1280)]
    file_id = first["photo"][-1]["file_id"]
    status, kind, data = await anna.get(f"photo/{file_id}")
    assert (status, kind) == (200, "image/jpeg")
    assert b"SecretPhone" not in data
    with Image.open(io.BytesIO(data)) as image:
        assert dict(image.getexif()) == {}
    assert (await anna.get(f"document/{file_id}"))[0] == 404
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        other = Visitor(gateway, session)
        await other.post("session", language="en")
        assert (await other.get(f"photo/{file_id}"))[0] == 404


async def test_what_is_no_picture_is_refused(anna: Visitor) -> None:
    refused = await anna.upload(b"<script>", status=400, client_id="1")
    assert refused["description"] == "Bad Request: IMAGE_PROCESS_FAILED"
    assert (await anna.upload(status=400, client_id="1"))["ok"] is False
    assert (await anna.history())["messages"] == []


async def test_a_document_is_downloaded_never_shown(anna: Visitor) -> None:
    form = aiohttp.FormData({"chat_id": str(anna.chat_id)}, quote_fields=False)
    form.add_field("document", b"<script>", filename="votes é.html", content_type="text/html")
    url = f"{anna.gateway.url}/bot{anna.gateway.token}/sendDocument"
    async with anna.session.post(url, data=form) as response:
        file_id = (await response.json())["result"]["document"]["file_id"]
    async with anna.session.get(f"{anna.gateway.url}/api/document/{file_id}") as response:
        assert (response.content_type, await response.read()) == ("application/octet-stream", b"<script>")
        assert response.headers["Content-Disposition"] == "attachment; filename*=UTF-8''votes%20%C3%A9.html"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_a_tap_is_answered_and_the_message_edited_in_place(anna: Visitor) -> None:
    markup = {"inline_keyboard": [[{"text": "Stem", "callback_data": "choose-12-3"}]]}
    sent = await anna.bot(
        "sendMessage", chat_id=anna.chat_id, text="<b>Plan?</b>", parse_mode="HTML", reply_markup=markup
    )
    seq = (await anna.history())["seq"]
    tap = {"message_id": sent["message_id"], "data": "choose-12-3", "client_id": "1"}
    tapped = await anna.post("tap", **tap)
    assert await anna.post("tap", **tap) == tapped
    [update] = await anna.bot("getUpdates")
    query = update["callback_query"]
    assert (query["id"], query["data"], query["message"]["text"]) == (tapped["query_id"], "choose-12-3", "Plan?")
    await anna.bot("answerCallbackQuery", callback_query_id=query["id"], text="Geteld", show_alert=True)
    await anna.bot("editMessageText", chat_id=anna.chat_id, message_id=sent["message_id"], text="Dank u")
    answer, edited = await anna.events(seq, 2)
    assert answer == {"type": "answer", "query_id": query["id"], "text": "Geteld", "alert": True}
    assert (edited["message"]["html"], edited["message"]["mine"], edited["message"]["edited"]) == (
        "Dank u",
        False,
        True,
    )


async def test_after_a_reconnect_everything_that_changed_comes_again(anna: Visitor) -> None:
    sent = [await anna.bot("sendMessage", chat_id=anna.chat_id, text=text) for text in "abc"]
    seen = (await anna.history())["seq"]
    await anna.bot("deleteMessage", chat_id=anna.chat_id, message_id=sent[0]["message_id"])
    await anna.bot("editMessageText", chat_id=anna.chat_id, message_id=sent[1]["message_id"], text="B & <b>")
    await anna.post("send", text="d", client_id="1")
    events = await anna.events(seen, 3)
    assert events[0] == {"type": "deleted", "message_id": sent[0]["message_id"]}
    assert [(e["message"]["html"], e["message"]["mine"]) for e in events[1:]] == [
        ("B &amp; &lt;b&gt;", False),
        ("d", True),
    ]
    history = await anna.history()
    assert [message["text"] for message in history["messages"]] == ["B & <b>", "c", "d"]
    page = await anna.history(f"?limit=1&before={history['messages'][-1]['message_id']}")
    assert ([m["text"] for m in page["messages"]], page["more"]) == (["c"], True)


async def test_what_another_process_wrote_reaches_an_open_page(db: Database, anna: Visitor) -> None:
    other = Gateway(db, page=False)
    await other.start()
    stream = anna.session.get(f"{anna.gateway.url}/api/events?after=0")
    async with stream as response:
        await response.content.readuntil(b"commands")
        async with anna.session.post(
            f"{other.url}/bot{other.token}/sendMessage", json={"chat_id": anna.chat_id, "text": "elders"}
        ) as sent:
            assert sent.status == 200
        await response.content.readuntil(b"elders")
    await other.close()


async def test_own_words_can_be_edited(anna: Visitor) -> None:
    await anna.post("send", text="een", client_id="1")
    for _ in range(2):
        assert await anna.post("edit", message_id=1, text="twee") == {"ok": True, "message_id": 1}
    updates = await anna.bot("getUpdates")
    assert [next(k for k in u if k != "update_id") for u in updates] == ["message", "edited_message"]
    assert updates[1]["edited_message"]["text"] == "twee"


async def test_the_page_hears_whether_the_bot_is_awake(anna: Visitor) -> None:
    assert (await anna.post("session", language="nl"))["bot"]["awake"] is False
    await anna.bot("getUpdates")
    assert (await anna.post("session", language="nl"))["bot"]["awake"] is True


KEYS = {"keyboard": [[{"text": "Ja"}]], "one_time_keyboard": True}


async def test_a_keyboard_in_force_is_told_at_once_and_after_a_reconnect(anna: Visitor) -> None:
    assert (await anna.history())["keyboard"] == {}
    [before] = await anna.events(0, 1, ["keyboard"])
    assert before["keyboard"] == {}
    sent = await anna.bot("sendMessage", chat_id=anna.chat_id, text="Proper?", reply_markup=KEYS)
    shown = {**KEYS, "message_id": sent["message_id"]}
    seq = (await anna.history())["seq"]
    assert (await anna.history())["keyboard"] == shown
    assert (await anna.events(seq, 1, ["keyboard"]))[0]["keyboard"] == shown
    await anna.post("send", text="Ja", client_id="1")
    assert (await anna.history())["keyboard"] == {}


async def test_an_open_page_hears_of_a_keyboard(anna: Visitor) -> None:
    async with anna.session.get(f"{anna.gateway.url}/api/events?after=0") as response:
        await response.content.readuntil(b'"keyboard": {}')
        await anna.bot("sendMessage", chat_id=anna.chat_id, text="Proper?", reply_markup=KEYS)
        await response.content.readuntil(b'"one_time_keyboard": true')
        await anna.bot("sendMessage", chat_id=anna.chat_id, text="Dank u", reply_markup={"remove_keyboard": True})
        await response.content.readuntil(b'"keyboard": {}')


async def test_a_keyboard_for_more_than_once_stays(anna: Visitor) -> None:
    await anna.bot("sendMessage", chat_id=anna.chat_id, text="Proper?", reply_markup={"keyboard": [["Ja"]]})
    await anna.post("send", text="Ja", client_id="1")
    assert (await anna.history())["keyboard"]["keyboard"] == [[{"text": "Ja"}]]


async def test_the_answer_to_a_forced_reply_names_its_question(anna: Visitor) -> None:
    sent = await anna.bot("sendMessage", chat_id=anna.chat_id, text="Uw idee?", reply_markup={"force_reply": True})
    await anna.post("send", text="/help", client_id="1")
    await anna.post("send", text="iets anders", alone=True, client_id="2")
    await anna.post("send", text="een fontein", client_id="3")
    await anna.post("send", text="en bomen", client_id="4")
    answered = [update["message"].get("reply_to_message") for update in await anna.bot("getUpdates")]
    assert [reply and reply["message_id"] for reply in answered] == [None, None, sent["message_id"], None]
    assert (await anna.history())["messages"][-2]["reply_to_message"]["text"] == "Uw idee?"


async def test_a_photo_or_a_place_answers_a_forced_reply_too(anna: Visitor) -> None:
    for number, act in enumerate(("place", "upload")):
        sent = await anna.bot("sendMessage", chat_id=anna.chat_id, text="Waar?", reply_markup={"force_reply": True})
        if act == "place":
            await anna.post("place", latitude=51.2, longitude=5.3, client_id=str(number))
        else:
            await anna.upload(photo_of_a_phone(), client_id=str(number))
        [*_, update] = await anna.bot("getUpdates")
        assert update["message"]["reply_to_message"]["message_id"] == sent["message_id"]


async def test_a_question_that_is_gone_is_answered_by_plain_words(anna: Visitor) -> None:
    sent = await anna.bot("sendMessage", chat_id=anna.chat_id, text="Uw idee?", reply_markup={"force_reply": True})
    await anna.bot("deleteMessage", chat_id=anna.chat_id, message_id=sent["message_id"])
    await anna.post("send", text="een fontein", client_id="1")
    [update] = await anna.bot("getUpdates")
    assert "reply_to_message" not in update["message"]


async def test_what_was_read_stays_read(anna: Visitor) -> None:
    await anna.post("send", text="hallo", client_id="1")
    sent = [(await anna.bot("sendMessage", chat_id=anna.chat_id, text=text))["message_id"] for text in "abc"]
    history = await anna.history()
    assert (history["read_id"], history["unread"]) == (0, 3)
    for message_id in (sent[1], sent[0]):
        assert await anna.post("read", message_id=message_id) == {"ok": True}
    history = await anna.history()
    assert (history["read_id"], history["unread"]) == (sent[1], 1)
    for wrong in (0, -1, 10**20, sent[2] + 1):
        await anna.post("read", 400, message_id=wrong)
    assert "unread" not in await anna.history(f"?before={sent[0]}")


async def test_a_document_goes_up_as_it_is(anna: Visitor) -> None:
    page = b"<script>"
    await anna.upload(page, kind="document", caption="Mijn plan", client_id="1", name="plan.html")
    [update] = await anna.bot("getUpdates")
    document = update["message"]["document"]
    assert (document["file_name"], document["file_size"], update["message"]["caption"]) == (
        "plan.html",
        len(page),
        "Mijn plan",
    )
    async with anna.session.get(f"{anna.gateway.url}/api/document/{document['file_id']}") as response:
        assert (response.content_type, await response.read()) == ("application/octet-stream", page)
        assert response.headers["Content-Disposition"].startswith("attachment")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert (await anna.get(f"photo/{document['file_id']}"))[0] == 404


async def test_documents_that_belong_together_are_one_album(anna: Visitor) -> None:
    await anna.upload(b"1", b"2", kind="document", client_id="1", name="plan.pdf")
    first, second = [update["message"] for update in await anna.bot("getUpdates")]
    assert first["media_group_id"] == second["media_group_id"]


async def test_a_page_is_no_photo_and_too_much_is_refused(anna: Visitor) -> None:
    await anna.upload(b"<html>", status=400, client_id="1")
    await anna.upload(b"", status=400, kind="document", client_id="2")
    await anna.upload(b"x", status=400, kind="video", client_id="3")
    await anna.upload(b"x" * (50 * 1024 * 1024 + 1), status=413, kind="document", client_id="4")
    assert await anna.bot("getUpdates") == []


async def test_the_citys_logo_is_what_it_is(anna: Visitor, db: Database) -> None:
    assert (await anna.get("logo"))[0] == 404
    for kind in ("png", "jpeg"):
        body = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(body, kind.upper())

        def put(store: Store, body: bytes = body.getvalue()) -> None:
            logo_id = store.photos.add_body(body, {}, NOW)
            store.cities.put(replace(LOMMEL, logo_id=logo_id))

        await db.turn(put)
        assert await anna.get("logo") == (200, f"image/{kind}", body.getvalue())
        assert (await anna.post("session", language="nl"))["city"]["logo"].startswith("/api/logo?v=")


async def test_a_language_that_is_chosen_in_the_conversation_reaches_the_page(anna: Visitor, db: Database) -> None:
    await db.turn(lambda store: store.cities.put(LOMMEL))

    def choose(store: Store) -> None:
        resident = store.residents.add("", "de", None, NOW)
        store.residents.open_account(resident.id, "web", anna.chat_id)

    async with anna.session.get(f"{anna.gateway.url}/api/events?after=0") as response:
        await response.content.readuntil(b'"language": "nl-BE"')
        await db.turn(choose)
        sent = await anna.bot("sendMessage", chat_id=anna.chat_id, text="Guten Tag")
        await response.content.readuntil(b'"language": "de", "city": {"name": "Lommel"')
    messages = (await anna.history())["messages"]
    assert [(m["message_id"], m["language"]) for m in messages] == [(sent["message_id"], "de")]


async def test_idle_pages_ask_the_database_nothing(anna: Visitor, db: Database) -> None:
    """Two glances long no page is looked after, but for the one question of all of them together."""
    looks = 0
    visit = anna.gateway._api.visit

    async def counted(work: Any) -> Any:
        nonlocal looks
        looks += work.__qualname__.startswith("Stream.")
        return await visit(work)

    anna.gateway._api.visit = counted  # type: ignore[method-assign]
    streams = [await anna.session.get(f"{anna.gateway.url}/api/events?after=0") for _ in range(20)]
    for stream in streams:
        await stream.content.readuntil(b'"keyboard"')
    first = looks
    await anna.bot("sendMessage", chat_id=anna.chat_id, text="voor iedereen")
    for stream in streams:
        await stream.content.readuntil(b"voor iedereen")
        stream.close()
    assert (first >= 20, looks - first) == (True, 20)


async def test_the_page_comes_from_here_alone(gateway: Gateway, anna: Visitor) -> None:
    total = 0
    for path in sorted(PAGE.iterdir()):
        name = "" if path.name == "index.html" else path.name
        async with anna.session.get(f"{gateway.url}/{name}", auto_decompress=False) as response:
            assert response.status == 200
            assert response.headers["Content-Security-Policy"].startswith("default-src 'self'; ")
            assert response.headers["Content-Encoding"] == "gzip"
            body, tag = await response.read(), response.headers["ETag"]
        total += len(body)
        text = gzip.decompress(body).decode()
        assert text == path.read_text("utf-8")
        assert "<script>" not in text
        assert "style=" not in text
        assert not re.findall(r"https?://(?!www\.(?:w3|openstreetmap)\.org)(?!t\.me|t\\)", text)
        async with anna.session.get(f"{gateway.url}/{name}", headers={"If-None-Match": tag}) as response:
            assert response.status == 304
    assert total < 40_000


def test_the_page_says_the_same_in_every_language_and_in_short_sentences() -> None:
    page = (PAGE / "words.js").read_text("utf-8")
    blocks = re.findall(r"^  (\w\w): \{\n(.*?)^  \},$", page, re.DOTALL | re.MULTILINE)
    said = {language: dict(re.findall(r'(\w+): "([^"]*)"', block)) for language, block in blocks}
    assert sorted(said) == ["de", "en", "fr", "nl"]
    for words in said.values():
        assert words.keys() == said["en"].keys()
        for name, text in words.items():
            assert set(re.findall(r"\{\w\}", text)) == set(re.findall(r"\{\w\}", said["en"][name]))
            assert [part for part in re.split(r"(?<=[.?!]) ", text) if len(part.split()) > 15] == []
