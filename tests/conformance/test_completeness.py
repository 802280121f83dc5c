"""Whether the suite is whole: every method with both clients, every text of an error, every test in the document."""

import ast
import re
from pathlib import Path

import pytest

import bot.webchat
from bot.webchat.methods import METHODS
from tests.conformance import counting
from tests.conformance.bench import Bench
from tests.conformance.cases import PAPER, PICTURE
from tests.conformance.clients import Client

SOURCE = Path(bot.webchat.__file__).parent
OF_THE_BOT_API = [
    *(
        "access",
        "api",
        "arguments",
        "desk",
        "editing",
        "entities",
        "errors",
        "faults",
        "guards",
        "keyboards",
        "methods",
    ),
    *("paces", "pictures", "polling", "profile", "sending", "webhooks", "wording"),
]
"""The modules that answer bots; the others answer the page."""
SAYING = ("ApiError", "BadRequestError", "_problem", "_wrong", "_wrong_entity", "_wrong_scope", "_must_go_on")
"""What is called with the words of an error."""


@pytest.mark.asyncio(loop_scope="session")
async def test_every_method_is_called_with_both_clients(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    to: dict[str, int] = {"chat_id": chat}
    bench.clock.forward(10)
    text = {**to, "message_id": (await client.result("sendMessage", **to, text="x"))["message_id"]}
    photo = await client.result("sendPhoto", **to, photo=PICTURE)
    shown = {**to, "message_id": photo["message_id"]}
    query = await bench.tap(chat, text["message_id"])
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    for method, arguments in (
        ("sendDocument", {**to, "document": PAPER}),
        ("sendLocation", {**to, "latitude": 51, "longitude": 5}),
        ("sendVenue", {**to, "latitude": 51, "longitude": 5, "title": "Hall", "address": "Square"}),
        ("sendMediaGroup", {**to, "media": [{"type": "photo", "media": PICTURE}] * 2}),
        ("sendChatAction", {**to, "action": "typing"}),
        ("editMessageText", {**text, "text": "y"}),
        ("editMessageReplyMarkup", {**text, "reply_markup": keys}),
        ("editMessageCaption", {**shown, "caption": "y"}),
        ("editMessageMedia", {**shown, "media": {"type": "photo", "media": PICTURE}}),
        ("answerCallbackQuery", {"callback_query_id": query}),
        ("deleteMessage", text),
        ("getMe", {}),
        ("setMyCommands", {"commands": [{"command": "a", "description": "b"}]}),
        ("getMyCommands", {}),
        ("deleteMyCommands", {}),
        ("setMyName", {"name": "x"}),
        ("getMyName", {}),
        ("setMyDescription", {"description": "x"}),
        ("getMyDescription", {}),
        ("setMyShortDescription", {"short_description": "x"}),
        ("getMyShortDescription", {}),
        ("setChatMenuButton", {"menu_button": {"type": "commands"}}),
        ("getChatMenuButton", {}),
        ("getChat", to),
        ("getFile", {"file_id": photo["photo"][-1]["file_id"]}),
        ("getUpdates", {}),
        ("setWebhook", {"url": "http://127.0.0.1:9/hook"}),
        ("getWebhookInfo", {}),
        ("deleteWebhook", {}),
    ):
        bench.clock.forward(1.3)
        await client.result(method, **arguments)
    assert client.raws == 0, "every call went through the library's own method"
    called = {method for method, _, answer in bench.gateway.calls if answer["ok"]}
    assert called == {method.name for method in METHODS.values()} | {"getUpdates"}


def test_every_error_is_expected_by_some_case() -> None:
    said = {text for module in counting.FOLDER.glob("test_*.py") for text in _constants(module)}
    missing = [
        pattern
        for module in OF_THE_BOT_API
        for pattern in _errors(SOURCE / f"{module}.py")
        if not any(
            re.fullmatch(f"([A-Z][A-Za-z ]+: )?(can't parse entities: )?{pattern}", text, re.IGNORECASE)
            for text in said
        )
    ]
    assert missing == []


def test_every_method_is_counted_for_both_clients() -> None:
    for client, found in counting.counted().items():
        assert counting.NAMES - found.keys() == set(), client


def test_the_document_names_every_test_and_no_other() -> None:
    page = counting.PAGE.read_text()
    named = set(re.findall(r"`(test_\w+)`", page))
    assert named == set(counting.names())


def test_the_table_of_cases_in_the_document_is_true() -> None:
    page = counting.PAGE.read_text()
    assert page.partition(counting.BEGIN)[2].partition(counting.END)[0].strip() == counting.drawn()


def _constants(path: Path) -> set[str]:
    """Every string of a module, also where several are added up."""
    tree = ast.parse(path.read_text())
    named = {
        target.id: statement.value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
    }
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found.add(node.value)
        if isinstance(node, ast.BinOp) and isinstance(node.left, ast.Name) and isinstance(node.right, ast.Constant):
            first = named.get(node.left.id)
            if isinstance(first, ast.Constant) and isinstance(first.value, str):
                found.add(f"{first.value}{node.right.value!s}")
    return found


def _errors(path: Path) -> list[str]:
    """The texts of a module's errors as patterns; what is filled in may be anything."""
    tree = ast.parse(path.read_text())
    constants = {
        target.id: value
        for statement in tree.body
        if isinstance(statement, ast.Assign)
        for target in statement.targets
        if isinstance(target, ast.Name)
        for value in [statement.value]
    }
    patterns = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in SAYING and node.args:
            argument = node.args[-1]
            pattern = _pattern(argument, constants)
            if pattern.strip(".*: "):
                patterns.append(pattern)
    if path.stem in ("access", "polling"):
        patterns += [
            re.sub(r"\\{kind\\}", ".*", re.escape(node.value))
            for value in constants.values()
            for node in ast.walk(value)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.count(" ") > 2
        ]
    return patterns


def _pattern(node: ast.AST, constants: dict[str, ast.expr]) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return str(re.escape(node.value))
    if isinstance(node, ast.Name) and node.id in constants:
        return _pattern(constants[node.id], {})
    if isinstance(node, ast.JoinedStr):
        return "".join(_pattern(part, constants) for part in node.values)
    if isinstance(node, ast.BinOp):
        return _pattern(node.left, constants) + _pattern(node.right, constants)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
        return re.sub(r"\\{\w*\\}", ".*", _pattern(node.func.value, constants))
    return ".*"
