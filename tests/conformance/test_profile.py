"""What the bot says of itself: names, commands, menu buttons, chats."""

from typing import Any

import pytest

from tests.conformance.bench import Bench
from tests.conformance.cases import CHAT, GROUP, Case, judge, table
from tests.conformance.clients import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")


def command(command: Any = "vote", description: Any = "Vote") -> dict[str, Any]:
    return {"command": command, "description": description}


def commands(name: str, commands: Any, refusal: str = "", **more: Any) -> Case:
    return Case(name, "setMyCommands", {"commands": commands, **more}, refusal, result=True)


SCOPE = "Bad Request: can't parse BotCommandScope: "
LONG = "Bad Request: command description length must not exceed 256"

COMMANDS = (
    commands("100 commands are kept", [command(f"c{number}") for number in range(100)]),
    commands(
        "101 are too many", [command(f"c{number}") for number in range(101)], "Bad Request: BOT_COMMANDS_TOO_MUCH"
    ),
    commands("A command has 32 letters at most", [command("x" * 32)]),
    commands("33 letters are too many", [command("x" * 33)], "Bad Request: command length must not exceed 32"),
    commands("A command may begin with its stroke", [command("/" + "x" * 32)]),
    commands("A command has letters", [command("/")], "Bad Request: command must be non-empty"),
    commands(
        "A command is small letters, digits and underscores", [command("Help!")], "Bad Request: BOT_COMMAND_INVALID"
    ),
    commands("A description has 256 characters at most", [command(description="é" * 256)]),
    commands("257 characters are too many", [command(description="é" * 257)], LONG),
    commands(
        "A description says something", [command(description=" ")], "Bad Request: command description must be non-empty"
    ),
    commands(
        "A command needs its name",
        [{"description": "x"}],
        "Bad Request: can't parse BotCommand: Can't find field \"command\"",
    ),
    commands(
        "A command needs its description",
        [{"command": "x"}],
        "Bad Request: can't parse BotCommand: Can't find field \"description\"",
    ),
    commands("A command is an object", "[1]", "Bad Request: can't parse BotCommand: expected an Object"),
    commands("Commands are a list", '{"command": "x"}', "Bad Request: expected an Array of BotCommand"),
    commands("Commands are JSON", "[{", "Bad Request: can't parse commands JSON object"),
    commands("Commands have a language", [command()], language_code="nl"),
    commands(
        "A language has two letters", [command()], "Bad Request: invalid language code specified", language_code="nld"
    ),
    commands("Commands have a scope", [command()], scope={"type": "all_private_chats"}),
    commands("A chat can have its own commands", [command()], scope={"type": "chat", "chat_id": CHAT}),
    commands("A scope needs a kind", [command()], SCOPE + 'Can\'t find field "type"', scope={"chat_id": 1}),
    commands(
        "A scope has a kind that is known", [command()], SCOPE + "Unsupported type specified", scope={"type": "town"}
    ),
    commands("A scope is an object", [command()], SCOPE + "BotCommandScope must be an Object", scope="[1]"),
    commands("A scope is JSON", [command()], "Bad Request: can't parse BotCommandScope JSON object", scope="{"),
    commands("The scope of a chat names it", [command()], SCOPE + "Empty chat_id specified", scope='{"type": "chat"}'),
    commands(
        "The scope of a chat is a chat",
        [command()],
        "Bad Request: chat not found",
        scope={"type": "chat", "chat_id": 1},
    ),
)


def words(kind: str, field: str, limit: int) -> list[Case]:
    spoken = field.replace("_", " ")
    method = f"setMy{kind}"
    return [
        Case(f"A {spoken} of {limit} characters passes", method, {field: "é" * limit}, result=True),
        Case(
            f"A {spoken} of {limit + 1} does not",
            method,
            {field: "é" * (limit + 1)},
            {"name": NAME, "description": DESCRIPTION, "short_description": SHORT}[field],
        ),
        Case(f"A {spoken} in a language passes", method, {field: "x", "language_code": "nl"}, result=True),
        Case(
            f"A {spoken} in none does not",
            method,
            {field: "x", "language_code": "N"},
            "Bad Request: invalid language code specified",
        ),
    ]


NAME = "Bad Request: name is too long"
DESCRIPTION = "Bad Request: description is too long"
SHORT = "Bad Request: short description is too long"
WORDS = (
    *words("Name", "name", 64),
    *words("Description", "description", 512),
    *words("ShortDescription", "short_description", 120),
)


def menu(name: str, button: Any, refusal: str = "", **more: Any) -> Case:
    return Case(name, "setChatMenuButton", {"menu_button": button, **more}, refusal, result=True)


MENUS = (
    menu("The menu can show commands", {"type": "commands"}),
    menu("The menu can be as usual", {"type": "default"}, chat_id=CHAT),
    menu("A menu button is an object", "[1]", "Bad Request: can't parse menu button: MenuButton must be an Object"),
    menu("A menu button is JSON", "{", "Bad Request: can't parse menu button JSON object"),
    menu(
        "A menu button is known",
        '{"type": "clock"}',
        "Bad Request: can't parse menu button: MenuButton has unsupported type",
    ),
    menu("A menu button's chat is known", {"type": "commands"}, "Bad Request: chat not found", chat_id=1),
)

CHATS = (
    Case("A person's chat is private", "getChat", {"chat_id": CHAT}, result={"type": "private"}),
    Case("A group has a title", "getChat", {"chat_id": GROUP}, result={"type": "group", "title": "Group"}),
    Case("An unknown chat is not found", "getChat", {"chat_id": 1}, "Bad Request: chat not found"),
    Case("The bot knows itself", "getMe", {}, result={"is_bot": True, "username": "belleman_bot"}),
)


@table(*COMMANDS)
async def test_commands_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*WORDS)
async def test_names_and_descriptions_are_measured(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*MENUS)
async def test_menu_buttons_are_checked(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


@table(*CHATS)
async def test_chats_and_the_bot_itself_are_told(street: Bench, neighbour: Client, case: Case) -> None:
    await judge(street, neighbour, case)


async def test_commands_are_kept_by_scope_and_language(bench: Bench, client: Client) -> None:
    chat = await bench.person()
    scope = {"type": "chat", "chat_id": chat}
    await client.result("setMyCommands", commands=[command("a")], scope=scope, language_code="nl")
    await client.result("setMyCommands", commands=[command("b")])
    assert await client.result("getMyCommands", scope=scope, language_code="nl") == [command("a")]
    assert await client.result("getMyCommands", scope=scope) == []
    assert await client.result("getMyCommands") == [command("b")]
    await client.result("deleteMyCommands")
    assert await client.result("getMyCommands") == []


async def test_names_and_descriptions_are_kept_by_language(bench: Bench, client: Client) -> None:
    for write, read, field in (
        ("setMyName", "getMyName", "name"),
        ("setMyDescription", "getMyDescription", "description"),
        ("setMyShortDescription", "getMyShortDescription", "short_description"),
    ):
        await client.result(write, **{field: "Belleman"})
        await client.result(write, **{field: "De belleman"}, language_code="nl")
        assert await client.result(read, language_code="nl") == {field: "De belleman"}
        assert await client.result(read, language_code="fr") == {field: "Belleman"}
        await client.result(write, language_code="nl")
        assert await client.result(read, language_code="nl") == {field: "Belleman"}
    assert (await client.result("getMe"))["first_name"] == "Belleman"


async def test_menu_buttons_are_kept_by_chat(bench: Bench, client: Client) -> None:
    anna, bert = await bench.person(), await bench.person()
    assert await client.result("getChatMenuButton") == {"type": "default"}
    await client.result("setChatMenuButton", menu_button={"type": "commands"}, chat_id=anna)
    assert await client.result("getChatMenuButton", chat_id=anna) == {"type": "commands"}
    assert await client.result("getChatMenuButton", chat_id=bert) == {"type": "default"}
    assert await client.result("getChatMenuButton") == {"type": "default"}
