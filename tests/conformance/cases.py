"""Cases as data, and what stands in them for things that are made for each case."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pytest
from PIL import Image

from tests.conformance.bench import Bench
from tests.conformance.clients import Client, File, Refusal
from tests.conformance.reading import assert_contains


@cache
def jpeg(width: int = 90, height: int = 60, size: int = 0) -> bytes:
    """A picture; with so many bytes, if it is told."""
    output = io.BytesIO()
    Image.new("L", (width, height), 99).save(output, "JPEG")
    return output.getvalue().ljust(size, b"\0")


PICTURE = File(jpeg())
PAPER = File(b"a,b\n", "votes.csv")

Held = Callable[[Bench, Client, int], Any]


async def _sent(client: Client, method: str, **arguments: Any) -> dict[str, Any]:
    await client.call(method, **arguments)
    return dict(client.wire[-1].answer["result"])


async def _message(bench: Bench, client: Client, chat: int) -> int:
    buttons = {"inline_keyboard": [[{"text": "Vote", "callback_data": "x"}]]}
    return int((await _sent(client, "sendMessage", chat_id=chat, text="before", reply_markup=buttons))["message_id"])


async def _plain(bench: Bench, client: Client, chat: int) -> int:
    return int((await _sent(client, "sendMessage", chat_id=chat, text="before"))["message_id"])


async def _picture(bench: Bench, client: Client, chat: int) -> int:
    return int((await _sent(client, "sendPhoto", chat_id=chat, photo=PICTURE, caption="before"))["message_id"])


async def _place(bench: Bench, client: Client, chat: int) -> int:
    return int((await _sent(client, "sendLocation", chat_id=chat, latitude=51, longitude=5))["message_id"])


async def _keys(bench: Bench, client: Client, chat: int) -> int:
    keys = {"keyboard": [[{"text": "a"}]]}
    return int((await _sent(client, "sendMessage", chat_id=chat, text="keys", reply_markup=keys))["message_id"])


async def _gone(bench: Bench, client: Client, chat: int) -> int:
    message_id = await _plain(bench, client, chat)
    await client.call("deleteMessage", chat_id=chat, message_id=message_id)
    return message_id


async def _theirs(bench: Bench, client: Client, chat: int) -> int:
    await bench.write(chat, "mine")
    return int((await bench.pending())[-1]["message"]["message_id"])


async def _photo(bench: Bench, client: Client, chat: int) -> str:
    return str((await _sent(client, "sendPhoto", chat_id=chat, photo=PICTURE))["photo"][-1]["file_id"])


async def _document(bench: Bench, client: Client, chat: int) -> str:
    return str((await _sent(client, "sendDocument", chat_id=chat, document=PAPER))["document"]["file_id"])


async def _tap(bench: Bench, client: Client, chat: int) -> str:
    return await bench.tap(chat, await _message(bench, client, chat))


async def _group(bench: Bench, client: Client, chat: int) -> int:
    return await bench.group()


async def _chat(bench: Bench, client: Client, chat: int) -> int:
    return chat


CHAT, GROUP, MESSAGE, PLAIN, PICTURED, PLACE = "<chat>", "<group>", "<message>", "<plain>", "<pictured>", "<place>"
KEYS, GONE, THEIRS, PHOTO, DOCUMENT, TAP = "<keys>", "<gone>", "<theirs>", "<photo>", "<document>", "<tap>"
_HELD: Mapping[str, Held] = {
    CHAT: _chat,
    GROUP: _group,
    MESSAGE: _message,
    PLAIN: _plain,
    PICTURED: _picture,
    PLACE: _place,
    KEYS: _keys,
    GONE: _gone,
    THEIRS: _theirs,
    PHOTO: _photo,
    DOCUMENT: _document,
    TAP: _tap,
}
"""What stands for something that is made for each case: a chat, a message in it, a file."""


async def filled(bench: Bench, client: Client, value: Any, chat: int) -> Any:
    """Arguments with the things that they stand for."""
    if isinstance(value, str) and value in _HELD:
        made = await _HELD[value](bench, client, chat)
        bench.clock.forward(10)
        return made
    if isinstance(value, dict):
        return {name: await filled(bench, client, item, chat) for name, item in value.items()}
    return [await filled(bench, client, item, chat) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Case:
    """One call and what it must come to: a refusal in these very words, or a result with these fields."""

    name: str
    method: str
    arguments: Mapping[str, Any]
    refusal: str = ""
    code: int = 400
    result: Any = field(default_factory=dict)


async def judge(bench: Bench, client: Client, case: Case) -> None:
    """Run a case in a chat of its own, a minute after the last."""
    bench.clock.forward(60)
    chat = await bench.person()
    arguments = await filled(bench, client, dict(case.arguments), chat)
    if case.refusal:
        assert await client.refused(case.method, **arguments) == Refusal(case.code, case.refusal)
    else:
        assert_contains(await client.result(case.method, **arguments), case.result)


def table(*cases: Case) -> pytest.MarkDecorator:
    """Each case of a table is a test with its own name."""
    return pytest.mark.parametrize("case", cases, ids=[case.name.replace(" ", "_") for case in cases])
