"""What can be changed and deleted, and for how long; and the one answer to a tap."""

from typing import Any

import pytest

from tests.conformance.bench import Bench
from tests.conformance.cases import (
    CHAT,
    GONE,
    KEYS,
    MESSAGE,
    PAPER,
    PHOTO,
    PICTURE,
    PICTURED,
    PLACE,
    PLAIN,
    TAP,
    THEIRS,
    Case,
    judge,
    table,
)
from tests.conformance.clients import Client, Refusal

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAME = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)
NOT_FOUND = "Bad Request: message to edit not found"
CANT = "Bad Request: message can't be edited"
NAMELESS = "Bad Request: message identifier is not specified"
VOTE = {"inline_keyboard": [[{"text": "Vote", "callback_data": "x"}]]}
OTHER = {"inline_keyboard": [[{"text": "Other", "callback_data": "y"}]]}


def edit(name: str, what: str, message: Any, refusal: str = "", result: Any = None, **more: Any) -> Case:
    given = {"chat_id": CHAT, "message_id": message, **more}
    return Case(name, f"editMessage{what}", given, refusal, result=result or {})


EDITS = (
    edit("A text can be changed", "Text", PLAIN, text="after", result={"text": "after"}),
    edit(
        "The keyboard goes when the text is changed without it",
        "Text",
        MESSAGE,
        text="before",
        result={"text": "before"},
    ),
    edit("The same text is no change", "Text", PLAIN, SAME, text="before"),
    edit("The same text and keyboard are no change", "Text", MESSAGE, SAME, text="before", reply_markup=VOTE),
    edit("The same text with another keyboard is a change", "Text", MESSAGE, text="before", reply_markup=OTHER),
    edit("A text of 4096 characters passes", "Text", PLAIN, text="x" * 4096),
    edit("A text of 4097 does not", "Text", PLAIN, "Bad Request: message is too long", text="x" * 4097),
    edit("A text cannot become empty", "Text", PLAIN, "Bad Request: message text is empty"),
    edit("A photo has no text", "Text", PICTURED, "Bad Request: there is no text in the message to edit", text="x"),
    edit("What was never sent cannot be changed", "Text", 10**9, NOT_FOUND, text="x"),
    edit("What was deleted cannot be changed", "Text", GONE, NOT_FOUND, text="x"),
    edit("Without a number no message is found", "Text", 0, NOT_FOUND, text="x"),
    edit("What others wrote cannot be changed", "Text", THEIRS, CANT, text="x"),
    edit("What stands over a reply keyboard cannot be changed", "Text", KEYS, CANT, text="x"),
    edit(
        "Another kind of keyboard cannot come",
        "Text",
        PLAIN,
        "Bad Request: inline keyboard expected",
        text="x",
        reply_markup={"remove_keyboard": True},
    ),
    Case("A message is named by chat and number", "editMessageText", {"text": "x"}, NAMELESS),
    Case(
        "A number alone names no message",
        "editMessageText",
        {"message_id": 5, "text": "x"},
        "Bad Request: chat_id is empty",
    ),
    edit("A caption can be changed", "Caption", PICTURED, caption="after", result={"caption": "after"}),
    edit("A caption can go", "Caption", PICTURED, result={"photo": [{}]}),
    edit("The same caption is no change", "Caption", PICTURED, SAME, caption="before"),
    edit("A caption of 1024 characters passes", "Caption", PICTURED, caption="x" * 1024),
    edit(
        "A caption of 1025 does not",
        "Caption",
        PICTURED,
        "Bad Request: message caption is too long",
        caption="x" * 1025,
    ),
    edit(
        "A text has no caption",
        "Caption",
        PLAIN,
        "Bad Request: there is no caption in the message to edit",
        caption="x",
    ),
    edit(
        "A photo can be changed", "Media", PICTURED, media={"type": "photo", "media": PICTURE}, result={"photo": [{}]}
    ),
    edit("A text can become a photo", "Media", PLAIN, media={"type": "photo", "media": PHOTO}, result={"photo": [{}]}),
    edit(
        "A photo can become a document",
        "Media",
        PICTURED,
        media={"type": "document", "media": PAPER},
        result={"document": {}},
    ),
    edit("A place cannot become a photo", "Media", PLACE, CANT, media={"type": "photo", "media": PHOTO}),
    edit("New media are needed", "Media", PICTURED, 'Bad Request: parameter "media" is required'),
    edit("New media are JSON", "Media", PICTURED, "Bad Request: can't parse input media JSON object", media="{"),
    edit(
        "New media are an object",
        "Media",
        PICTURED,
        "Bad Request: can't parse InputMedia: expected an Object",
        media="[1]",
    ),
    edit(
        "New media are there",
        "Media",
        PICTURED,
        "Bad Request: can't parse InputMedia: media not found",
        media='{"type": "photo"}',
    ),
    edit(
        "A keyboard can be changed",
        "ReplyMarkup",
        MESSAGE,
        reply_markup=OTHER,
        result={"text": "before", "reply_markup": OTHER},
    ),
    edit("A keyboard can go", "ReplyMarkup", MESSAGE, result={"text": "before"}),
    edit("The same keyboard is no change", "ReplyMarkup", MESSAGE, SAME, reply_markup=VOTE),
    edit("No keyboard instead of none is no change", "ReplyMarkup", PLAIN, SAME),
    edit("A keyboard can come to a place", "ReplyMarkup", PLACE, reply_markup=VOTE, result={"reply_markup": VOTE}),
)


def delete(name: str, message: Any, refusal: str = "", **more: Any) -> Case:
    return Case(name, "deleteMessage", {"chat_id": CHAT, "message_id": message, **more}, refusal, result=True)


DELETIONS = (
    delete("An own message can be deleted", PLAIN),
    delete("A person's message can be deleted", THEIRS),
    delete("What was deleted is gone", GONE, "Bad Request: message to delete not found"),
    delete("What never was is not there", 10**9, "Bad Request: message to delete not found"),
    delete("What is deleted has a number", 0, NAMELESS),
    Case(
        "What is deleted has a chat",
        "deleteMessage",
        {"message_id": 5},
        "Bad Request: chat identifier is not specified",
    ),
)

LATE = "Bad Request: query is too old and response timeout expired or query ID is invalid"


def answer(name: str, query: Any, refusal: str = "", **more: Any) -> Case:
    return Case(name, "answerCallbackQuery", {"callback_query_id": query, **more}, refusal, result=True)


ANSWERS = (
    answer("A tap is answered", TAP),
    answer("A tap is answered with 200 characters", TAP, text="é" * 200, show_alert=True),
    answer("201 are too many", TAP, "Bad Request: MESSAGE_TOO_LONG", text="é" * 201),
    answer("A tap that never was is not answered", "12345", LATE),
    answer("A tap has a number", "abc", LATE),
)


@table(*EDITS)
async def test_messages_are_changed(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*DELETIONS)
async def test_messages_are_deleted(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*ANSWERS)
async def test_taps_are_answered(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


async def test_a_text_is_changed_after_a_year(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    sent = await client.result("sendMessage", chat_id=chat, text="before")
    bench.clock.forward(days=365)
    edited = await client.result("editMessageText", chat_id=chat, message_id=sent["message_id"], text="after")
    assert edited["edit_date"] - edited["date"] == 365 * 86400


@pytest.mark.parametrize("kind", ["private", "group", "supergroup"])
async def test_a_message_is_deleted_within_48_hours(bench: Bench, client: Client, kind: str) -> None:
    chat = await bench.person() if kind == "private" else await bench.group(kind == "supergroup")
    first, second = [
        (await client.result("sendMessage", chat_id=chat, text=text))["message_id"] for text in ("first", "second")
    ]
    bench.clock.forward(hours=48)
    assert await client.result("deleteMessage", chat_id=chat, message_id=first) is True
    bench.clock.forward(1)
    late = {"chat_id": chat, "message_id": second}
    if kind == "supergroup":
        assert await client.result("deleteMessage", **late) is True
    else:
        refusal = Refusal(400, "Bad Request: message can't be deleted for everyone")
        assert await client.refused("deleteMessage", **late) == refusal


async def test_a_tap_is_answered_once_within_15_seconds(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    message = (await client.result("sendMessage", chat_id=chat, text="Vote"))["message_id"]
    early, late = await bench.tap(chat, message), await bench.tap(chat, message)
    bench.clock.forward(15)
    assert await client.result("answerCallbackQuery", callback_query_id=early, text="Counted") is True
    assert await client.refused("answerCallbackQuery", callback_query_id=early) == Refusal(400, LATE)
    bench.clock.forward(0.001)
    assert await client.refused("answerCallbackQuery", callback_query_id=late) == Refusal(400, LATE)


async def test_a_tap_on_a_deleted_message_is_answered(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    message = (await client.result("sendMessage", chat_id=chat, text="Vote"))["message_id"]
    query = await bench.tap(chat, message)
    await client.result("deleteMessage", chat_id=chat, message_id=message)
    assert await client.result("answerCallbackQuery", callback_query_id=query) is True
