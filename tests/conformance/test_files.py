"""Photos, documents and albums: what is taken, how big it may be, and what comes back by its id."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from bot.webchat import limits
from storage.database import Database
from tests.conformance.bench import Bench, opened
from tests.conformance.cases import CHAT, DOCUMENT, PAPER, PHOTO, PICTURE, Case, jpeg, judge, table
from tests.conformance.clients import CLIENTS, Client, File, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")

DIMENSIONS = "Bad Request: PHOTO_INVALID_DIMENSIONS"


def photo(name: str, file: Any, refusal: str = "", code: int = 400, **result: Any) -> Case:
    return Case(name, "sendPhoto", {"chat_id": CHAT, "photo": file}, refusal, code, result)


def document(name: str, file: Any, refusal: str = "", code: int = 400, **result: Any) -> Case:
    return Case(name, "sendDocument", {"chat_id": CHAT, "document": file}, refusal, code, result)


TOO_BIG = "Bad Request: file of size 10485761 bytes is too big for a photo; the maximum size is 10485760 bytes"

PHOTOS = (
    photo("A photo is sent in its sizes", PICTURE, photo=[{"width": 90, "height": 60}]),
    photo(
        "A big photo is made smaller", File(jpeg(2000, 1000)), photo=[{"width": 320}, {"width": 1280, "height": 640}]
    ),
    photo("A photo of 10 MiB passes", File(jpeg(size=10 * 2**20))),
    photo("A photo of one byte more does not", File(jpeg(size=10 * 2**20 + 1)), TOO_BIG),
    photo("Sides of 10000 together pass", File(jpeg(9000, 1000))),
    photo("Sides of 10001 together do not", File(jpeg(9001, 1000)), DIMENSIONS),
    photo("Twenty times as wide as high passes", File(jpeg(2000, 100))),
    photo("A little wider does not", File(jpeg(2001, 100)), DIMENSIONS),
    photo("Twenty times as high as wide passes", File(jpeg(100, 2000))),
    photo("A little higher does not", File(jpeg(100, 2001)), DIMENSIONS),
    photo("What is no picture is refused", File(b"no picture"), "Bad Request: IMAGE_PROCESS_FAILED"),
    photo("A photo can be sent again by its id", PHOTO, photo=[{"width": 90}]),
    photo("A document is no photo", DOCUMENT, "Bad Request: can't use file of type Document as Photo"),
    photo("An id that is none is refused", "nothing", "Bad Request: wrong file identifier/HTTP URL specified"),
    photo("What is not attached is not there", "attach://plan", "Bad Request: there is no photo in the request"),
    Case("A photo is needed", "sendPhoto", {"chat_id": CHAT}, "Bad Request: there is no photo in the request"),
)

DOCUMENTS = (
    document("A document keeps its name", PAPER, document={"file_name": "votes.csv", "file_size": 4}),
    document("A document can be sent again by its id", DOCUMENT, document={"file_name": "votes.csv"}),
    document("An empty document is refused", File(b"", "empty.txt"), "Bad Request: file must be non-empty"),
    document("A photo is no document", PHOTO, "Bad Request: can't use file of type Photo as Document"),
    Case("A document is needed", "sendDocument", {"chat_id": CHAT}, "Bad Request: there is no document in the request"),
)


def album(name: str, media: Any, refusal: str = "", result: Any = None, chat: str = CHAT) -> Case:
    return Case(name, "sendMediaGroup", {"chat_id": chat, "media": media}, refusal, result=result or [])


def item(media: Any = PHOTO, kind: str = "photo", **more: Any) -> dict[str, Any]:
    return {"type": kind, "media": media, **more}


INPUT = "Bad Request: can't parse InputMedia: "
ALBUMS = (
    album("Two photos are an album", [item(PICTURE), item(PICTURE, caption="b")], result=[{}, {"caption": "b"}]),
    album("Ten photos are an album", [item()] * 10, result=[{}] * 10),
    album("Eleven photos are too many", [item()] * 11, "Bad Request: too many messages to send as an album"),
    album(
        "Documents are an album too",
        [item(PAPER, "document")] * 2,
        result=[{"document": {"file_name": "votes.csv"}}] * 2,
    ),
    album(
        "Photos and documents do not mix",
        [item(), item(PAPER, "document")],
        "Bad Request: document can't be mixed with other media types",
    ),
    album("An album is a list", item("x"), "Bad Request: expected an Array of InputMedia"),
    album("An album has pictures", "[]", "Bad Request: there are no messages to send"),
    album("An album is JSON", "[{", "Bad Request: can't parse media JSON object"),
    album("What is in an album are objects", "[1]", INPUT + "expected an Object"),
    album("What is in an album has a kind", '[{"media": "x"}]', INPUT + 'Can\'t find field "type"'),
    album(
        "What is in an album has a kind that is known",
        [item("x", "hologram")],
        INPUT + 'type "hologram" is unsupported',
    ),
    album("What is in an album is there", [item("attach://plan")], INPUT + "media not found"),
    album(
        "A caption in an album is measured", [item(caption="x" * 1025)] * 2, "Bad Request: message caption is too long"
    ),
    Case("An album needs its media", "sendMediaGroup", {"chat_id": CHAT}, 'Bad Request: parameter "media" is required'),
)

FILES = (
    Case("A photo is found by its id", "getFile", {"file_id": PHOTO}, result={}),
    Case("A document is found by its id", "getFile", {"file_id": DOCUMENT}, result={"file_size": 4}),
    Case("Another id finds nothing", "getFile", {"file_id": "AgACnothing"}, "Bad Request: invalid file_id"),
    Case("No id finds nothing", "getFile", {}, "Bad Request: file_id not specified"),
)


@table(*PHOTOS)
async def test_photos_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*DOCUMENTS)
async def test_documents_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*ALBUMS)
async def test_albums_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*FILES)
async def test_files_are_found_by_their_id(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


async def test_one_message_of_an_album_has_no_group_and_more_share_one(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    one = await client.result("sendMediaGroup", chat_id=chat, media=[item(PICTURE)])
    two = await client.result("sendMediaGroup", chat_id=chat, media=[item(PICTURE), item(PICTURE)])
    assert ["media_group_id" in message for message in one] == [False]
    assert len({message["media_group_id"] for message in two}) == 1


async def test_files_are_downloaded_with_the_token_only(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    sent = await client.result("sendDocument", chat_id=chat, document=PAPER)
    file = await client.result("getFile", file_id=sent["document"]["file_id"])
    root = f"{bench.gateway.url}/file/bot"
    async with aiohttp.ClientSession() as session:
        answers = []
        for token, path in (
            (bench.gateway.token, file["file_path"]),
            ("1:wrong", file["file_path"]),
            (bench.gateway.token, "documents/nothing"),
        ):
            async with session.get(f"{root}{token}/{path}") as response:
                answers.append((response.status, await response.read()))
    assert answers[0] == (200, PAPER.data)
    assert answers[1] == (401, b'{"ok": false, "error_code": 401, "description": "Unauthorized"}')
    assert answers[2] == (404, b'{"ok": false, "error_code": 404, "description": "Not Found"}')


async def test_files_may_be_so_big() -> None:
    assert (limits.PHOTO_BYTES, limits.DOCUMENT_BYTES, limits.DOWNLOAD_BYTES) == (10 * 2**20, 50 * 2**20, 20 * 2**20)
    assert limits.REQUEST_BYTES > limits.DOCUMENT_BYTES


@pytest_asyncio.fixture(loop_scope="session")
async def small(ground: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bench]:
    """A gateway whose megabytes are thousandths, so that the test needs no gigabyte."""
    monkeypatch.setattr(limits, "DOCUMENT_BYTES", 50_000)
    monkeypatch.setattr(limits, "DOWNLOAD_BYTES", 20_000)
    monkeypatch.setattr(limits, "REQUEST_BYTES", 60_000)
    async with opened(ground) as bench:
        yield bench


@pytest.mark.parametrize("library", CLIENTS)
async def test_documents_and_downloads_have_a_size_at_most(small: Bench, library: str) -> None:
    client, chat = small.client(library), await small.person()

    async def send(size: int) -> str:
        sent = await client.result("sendDocument", chat_id=chat, document=File(b"x" * size, "big.bin"))
        small.clock.forward(10)
        return str(sent["document"]["file_id"])

    await client.result("getFile", file_id=await send(20_000))
    assert await client.refused("getFile", file_id=await send(20_001)) == Refusal(400, "Bad Request: file is too big")
    await send(50_000)
    for size in (50_001, 70_000):
        refusal = await client.refused("sendDocument", chat_id=chat, document=File(b"x" * size, "big.bin"))
        assert refusal == Refusal(413, "Request Entity Too Large")
