"""Texts, captions, keyboards, places and albums: each limit at its edge and one beyond, each refusal in its words."""

import json
from typing import Any

import pytest

from tests.conformance.bench import Bench
from tests.conformance.cases import CHAT, GONE, GROUP, MESSAGE, PICTURE, THEIRS, Case, judge, table
from tests.conformance.clients import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")

SEND = "sendMessage"
CANT = "Bad Request: can't parse entities: "


def text(name: str, text: str, refusal: str = "", result: Any = None, **more: Any) -> Case:
    return Case(name, SEND, {"chat_id": CHAT, "text": text, **more}, refusal, result=result or {})


def html(name: str, source: str, trouble: str) -> Case:
    return text(name, source, CANT + trouble, parse_mode="HTML")


def bold(count: int) -> list[dict[str, Any]]:
    return [{"type": "bold", "offset": 2 * number, "length": 1} for number in range(count)]


TEXTS = (
    text("4096 characters pass", "x" * 4096, result={"text": "x" * 4096}),
    text("4097 characters are too long", "x" * 4097, "Bad Request: message is too long"),
    text("4096 emoji pass, for characters are counted and not UTF-16 units", "😀" * 4096, result={"text": "😀" * 4096}),
    text("4097 emoji are too long", "😀" * 4097, "Bad Request: message is too long"),
    text("Markup does not count", "<b>" + "x" * 4096 + "</b>", result={"text": "x" * 4096}, parse_mode="HTML"),
    text("References count as what they stand for", "&amp;" * 4096, result={"text": "&" * 4096}, parse_mode="html"),
    text("Markup does not help", "<b>" + "x" * 4097 + "</b>", "Bad Request: message is too long", parse_mode="HTML"),
    text("32768 bytes are read", "x" * 8 + "<b></b>" * 4680, result={"text": "x" * 8}, parse_mode="HTML"),
    text("32769 bytes are not read", "x" * 9 + "<b></b>" * 4680, "Bad Request: text is too long", parse_mode="HTML"),
    text("No text at all is empty", "", "Bad Request: message text is empty"),
    text("Spaces are no text", " \n ", "Bad Request: text must be non-empty"),
    text("Empty markup is no text", "<b> </b>", "Bad Request: text must be non-empty", parse_mode="HTML"),
    text("Control characters become spaces", "a\tb\x01c\rd", result={"text": "a b cd"}),
    text("Another parse mode is refused", "x", "Bad Request: unsupported parse_mode", parse_mode="Word"),
    Case("Without a chat nothing is sent", SEND, {"text": "x"}, "Bad Request: chat_id is empty"),
    Case("A chat is a number here", SEND, {"chat_id": "@lommel", "text": "x"}, "Bad Request: chat not found"),
)

ENTITIES = (
    text("100 entities are kept", "x " * 100, result={"entities": bold(100)}, entities=bold(100)),
    text("The 101st entity is silently ignored", "x " * 101, result={"entities": bold(100)}, entities=bold(101)),
    text("Commands are found by the server", "/help me", result={"entities": [{"type": "bot_command"}]}),
    text(
        "Entities that the server finds itself are not taken from the caller",
        "plain",
        entities=[{"type": "mention", "offset": 0, "length": 5}, {"type": "bold", "offset": 0, "length": 5}],
        result={"entities": [{"type": "bold"}]},
    ),
    text(
        "An unknown kind of entity is refused",
        "x",
        "Bad Request: can't parse MessageEntity: Unsupported type specified",
        entities=[{"type": "galaxy", "offset": 0, "length": 1}],
    ),
    text(
        "An entity needs an offset",
        "x",
        "Bad Request: can't parse MessageEntity: Can't find field \"offset\"",
        entities=[{"type": "bold", "length": 1}],
    ),
    text(
        "An entity needs a length",
        "x",
        "Bad Request: can't parse MessageEntity: Can't find field \"length\"",
        entities=[{"type": "bold", "offset": 1}],
    ),
    text("Entities are objects", "x", "Bad Request: can't parse MessageEntity: expected an Object", entities=[1]),
    text("Entities are a list", "x", "Bad Request: expected an Array of MessageEntity", entities={"type": "bold"}),
    text("Entities are JSON", "x", "Bad Request: can't parse entities JSON object", entities="[{"),
)

MARKUP = (
    html("An unknown tag is told with the byte where it stands", "é<x>", 'Unsupported start tag "x" at byte offset 2'),
    html("Bytes are counted, not characters", "😀<x>", 'Unsupported start tag "x" at byte offset 4'),
    html("A sign that is no tag is taken for one", "1 < 2>", 'Unsupported start tag "" at byte offset 2'),
    html("A start tag has an end", "a<b", "Unclosed start tag at byte offset 1"),
    html("An end tag has an end", "<b>a</b ", "Unclosed end tag at byte offset 4"),
    html(
        "The wrong end tag is told",
        "<b>a</i>",
        'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"',
    ),
    html("Too many end tags", "a</b>", "Unexpected end tag at byte offset 1"),
    html("Too few end tags", "a<b>b", 'Can\'t find end tag corresponding to start tag "b"'),
    html("A span is a spoiler", "<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    html("An attribute has a name", '<a ="x">a</a>', 'Empty attribute name in the tag "a" at byte offset 0'),
    html("An attribute without an end", "<a href", 'Unclosed start tag "a" at byte offset 0'),
    html("An attribute without a value", "<a href= ", 'Unclosed start tag "a" at byte offset 0'),
    html("A value without an end", '<a href="x', "Unclosed start tag at byte offset 0"),
    html("A value without quotes is a name", "<a href=x/y>a</a>", "Unexpected end of name token at byte offset 8"),
    text(
        "A bad address is dropped and its words stay",
        '<a href="javascript:x">a</a>',
        result={"text": "a"},
        parse_mode="HTML",
    ),
)


def caption(name: str, caption: str, refusal: str = "", result: Any = None, **more: Any) -> Case:
    return Case(
        name, "sendPhoto", {"chat_id": CHAT, "photo": PICTURE, "caption": caption, **more}, refusal, result=result or {}
    )


CAPTIONS = (
    caption("A caption of 1024 characters passes", "x" * 1024, result={"caption": "x" * 1024}),
    caption("A caption of 1025 characters is too long", "x" * 1025, "Bad Request: message caption is too long"),
    caption("A caption of 1024 emoji passes", "😀" * 1024, result={"caption": "😀" * 1024}),
    caption("A caption of 1025 emoji is too long", "😀" * 1025, "Bad Request: message caption is too long"),
    caption("Markup of a caption does not count", "<i>" + "x" * 1024 + "</i>", parse_mode="HTML"),
    caption(
        "Entities of a caption are kept",
        "bold",
        caption_entities=[{"type": "bold", "offset": 0, "length": 4}],
        result={"caption_entities": [{"type": "bold", "offset": 0, "length": 4}]},
    ),
    Case(
        "A document has a caption too",
        "sendDocument",
        {"chat_id": CHAT, "document": PICTURE, "caption": "x" * 1025},
        "Bad Request: message caption is too long",
    ),
)


def keys(*rows: Any) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


def button(**fields: Any) -> dict[str, Any]:
    return {"text": "Vote", **fields}


def buttons(name: str, markup: Any, refusal: str = "") -> Case:
    return Case(name, SEND, {"chat_id": CHAT, "text": "x", "reply_markup": markup}, refusal)


B = button(callback_data="x")
WRONG = "Bad Request: can't parse inline keyboard button: "
UNALLOWED = WRONG + "Text buttons are unallowed in the inline keyboard"

BUTTONS = (
    buttons("64 bytes of data pass", keys([button(callback_data="x" * 64)])),
    buttons("65 bytes of data do not", keys([button(callback_data="x" * 65)]), "Bad Request: BUTTON_DATA_INVALID"),
    buttons("32 letters of two bytes pass", keys([button(callback_data="é" * 32)])),
    buttons(
        "33 letters of two bytes do not", keys([button(callback_data="é" * 33)]), "Bad Request: BUTTON_DATA_INVALID"
    ),
    buttons("Empty data is no action", keys([button(callback_data="")]), UNALLOWED),
    buttons("A button without action is refused", keys([button()]), UNALLOWED),
    buttons(
        "A button with two actions is refused", keys([button(callback_data="x", url="https://lommel.be")]), UNALLOWED
    ),
    buttons("256 characters can be copied", keys([button(copy_text={"text": "é" * 256})])),
    buttons("257 cannot", keys([button(copy_text={"text": "é" * 257})]), "Bad Request: BUTTON_COPY_TEXT_INVALID"),
    buttons(
        "Nothing cannot be copied", keys([button(copy_text={"text": ""})]), "Bad Request: BUTTON_COPY_TEXT_INVALID"
    ),
    buttons("8 buttons fit in a row", keys([B] * 8)),
    buttons("9 do not", keys([B] * 9), "Bad Request: reply markup is too long"),
    buttons("100 buttons fit in a message", keys(*[[B] * 5] * 20)),
    buttons("101 do not", keys(*[[B] * 5] * 20, [B]), "Bad Request: reply markup is too long"),
    buttons(
        "A button has words",
        keys([{"text": " ", "callback_data": "x"}]),
        "Bad Request: inline keyboard button text must be non-empty",
    ),
    buttons("A button needs its text", keys([{"callback_data": "x"}]), WRONG + 'Can\'t find field "text"'),
    buttons(
        "A button's text is text",
        keys([{"text": 1, "callback_data": "x"}]),
        WRONG + 'Field "text" must be of type String',
    ),
    buttons("A button is an object", keys(["Vote"]), WRONG + "InlineKeyboardButton must be an Object"),
    buttons("A known colour passes", keys([button(callback_data="x", style="success")])),
    buttons(
        "An unknown colour does not",
        keys([button(callback_data="x", style="pink")]),
        WRONG + "invalid button style specified",
    ),
    buttons("A link passes", keys([button(url="https://lommel.be/a?b=c")])),
    buttons(
        "A link that is none does not",
        keys([button(url="javascript:x")]),
        "Bad Request: inline keyboard button URL 'javascript:x' is invalid: Wrong HTTP URL",
    ),
    buttons(
        "Rows are rows",
        keys("Vote"),
        'Bad Request: field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
    ),
    buttons("A markup is an object", "[1]", "Bad Request: object expected as reply markup"),
    buttons("A markup is JSON", "{", "Bad Request: can't parse reply keyboard markup JSON object"),
    buttons("An empty keyboard is none", keys()),
)

KEY = "Bad Request: can't parse keyboard button: "

BELOW = (
    buttons("A reply keyboard may be words only", {"keyboard": [["Yes", "No"]]}),
    buttons(
        "A reply keyboard has options",
        {"keyboard": [[button()]], "resize_keyboard": True, "input_field_placeholder": "x" * 64},
    ),
    buttons("A reply keyboard takes 8 in a row", {"keyboard": [[button()] * 8]}),
    buttons(
        "A reply keyboard does not take 9", {"keyboard": [[button()] * 9]}, "Bad Request: reply markup is too long"
    ),
    buttons("A reply keyboard takes 100", {"keyboard": [[button()] * 5] * 20}),
    buttons(
        "A reply keyboard does not take 101",
        {"keyboard": [*[[button()] * 5] * 20, [button()]]},
        "Bad Request: reply markup is too long",
    ),
    buttons("A key is words or an object", {"keyboard": [[1]]}, KEY + "KeyboardButton must be a String or an Object"),
    buttons("A key has words", {"keyboard": [[""]]}, "Bad Request: keyboard button text must be non-empty"),
    buttons("A key needs its text", {"keyboard": [[{}]]}, KEY + 'Can\'t find field "text"'),
    buttons("A key's colour is known", {"keyboard": [[button(style="pink")]]}, KEY + "invalid button style specified"),
    buttons("Keys stand in rows", {"keyboard": ["Yes"]}, 'Bad Request: field "keyboard" must be an Array of Arrays'),
    buttons("A key may ask for a place", {"keyboard": [[button(request_location=True)]]}),
    buttons("A key may ask for a number", {"keyboard": [[button(request_contact=True)]]}),
    buttons("An answer can be asked for", {"force_reply": True, "input_field_placeholder": "Your idea"}),
    buttons("A keyboard can be taken away", {"remove_keyboard": True}),
    *(
        Case(
            f"A key asks for a {what} in private chats only",
            SEND,
            {"chat_id": GROUP, "text": "x", "reply_markup": {"keyboard": [[button(**asked)]]}},
            f"Bad Request: {what} can be requested in private chats only",
        )
        for what, asked in (
            ("phone number", {"request_contact": True}),
            ("location", {"request_location": True}),
            ("poll", {"request_poll": {"type": "quiz"}}),
        )
    ),
)


def reply(name: str, named: Any, refusal: str = "", **result: Any) -> Case:
    return Case(name, SEND, {"chat_id": CHAT, "text": "x", "reply_parameters": named}, refusal, result=result)


NOT_THERE = "Bad Request: message to be replied not found"
REPLIES = (
    reply("An own message can be answered", {"message_id": MESSAGE}, reply_to_message={"text": "before"}),
    reply("A person's message can be answered", {"message_id": THEIRS}, reply_to_message={"text": "mine"}),
    reply("A message that never was cannot be answered", {"message_id": 10**9}, NOT_THERE),
    reply("A deleted message cannot be answered", {"message_id": GONE}, NOT_THERE),
    reply("Unless that does not matter", {"message_id": 10**9, "allow_sending_without_reply": True}, text="x"),
    reply("An answer names a message", {"quote": "x"}, 'Bad Request: can\'t find field "message_id"'),
    reply("An answer is an object", "[1]", "Bad Request: object expected as reply parameters"),
    reply("An answer is JSON", "{", "Bad Request: can't parse reply parameters JSON object"),
)


def place(name: str, refusal: str = "", method: str = "sendLocation", **point: Any) -> Case:
    given = {"chat_id": CHAT, "latitude": 51.2, "longitude": 5.3, **point}
    return Case(name, method, {k: v for k, v in given.items() if v is not None}, refusal)


VENUE = {"method": "sendVenue", "title": "Hall", "address": "Square 1"}
PLACES = (
    place("A place is sent"),
    place("The poles are places", latitude=-90, longitude=180),
    place("Beyond the pole is nothing", "Bad Request: invalid location specified", latitude=90.1),
    place("Beyond the date line is nothing", "Bad Request: invalid location specified", longitude=-180.1),
    place("A place needs a latitude", "Bad Request: latitude is empty", latitude=None),
    place("A place needs a longitude", "Bad Request: longitude is empty", longitude=None),
    place("A venue is sent", **VENUE),
    place("A venue beyond the pole is nowhere", "Bad Request: wrong venue location specified", **VENUE, latitude=91),
    place("A venue has a title", "Bad Request: title must be non-empty", **(VENUE | {"title": " "})),
    place("A venue has an address", "Bad Request: address must be non-empty", **(VENUE | {"address": " "})),
)


def action(name: str, action: str, refusal: str = "", chat: str = CHAT) -> Case:
    return Case(name, "sendChatAction", {"chat_id": chat, "action": action}, refusal, result=True)


ACTIONS = (
    action("The bot may be typing", "typing"),
    action("The bot may be typing in a group", "typing", chat=GROUP),
    action("The bot cannot dance", "dancing", "Bad Request: wrong parameter action in request"),
)


@table(*TEXTS)
async def test_texts_are_measured_and_cleaned(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*ENTITIES)
async def test_entities_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*MARKUP)
async def test_html_errors_name_the_byte(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*CAPTIONS)
async def test_captions_are_measured(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*BUTTONS)
async def test_inline_keyboards_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*BELOW)
async def test_what_stands_below_the_chat_is_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*REPLIES)
async def test_messages_are_answered(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*PLACES)
async def test_places_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*ACTIONS)
async def test_actions_are_known(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


async def test_an_inline_keyboard_comes_back_as_it_was_sent(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    sent = keys(
        [button(callback_data="vote-1"), button(url="https://lommel.be/")], [button(copy_text={"text": "code"})]
    )
    message = await client.result("sendMessage", chat_id=chat, text="x", reply_markup=json.dumps(sent))
    assert message["reply_markup"] == sent


async def test_a_reply_keyboard_wins_over_an_inline_one(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    both = {"keyboard": [["Yes"]], "inline_keyboard": [[B]]}
    message = await client.result("sendMessage", chat_id=chat, text="x", reply_markup=json.dumps(both))
    assert "reply_markup" not in message
    forced = {"force_reply": True, "inline_keyboard": [[B]]}
    message = await client.result("sendMessage", chat_id=chat, text="x", reply_markup=json.dumps(forced))
    assert message["reply_markup"] == {"inline_keyboard": [[B]]}
