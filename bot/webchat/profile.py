"""The methods about the bot itself, its commands and its chats, and about files."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.webchat import access, limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, chat_object
from bot.webchat.errors import BadRequestError
from bot.webchat.methods import Call, method
from storage.webchat_tables import Chat

_COMMAND = re.compile(r"[a-z0-9_]+")
_SCOPES = ("default", "all_private_chats", "all_group_chats", "all_chat_administrators")
_CHAT_SCOPES = ("chat", "chat_administrators", "chat_member")
_MENU_BUTTONS = ("default", "commands", "web_app")
_LANGUAGE = re.compile(r"([a-z]{2})?")


@method("getMe")
def get_me(call: Call) -> Body:
    abilities = dict.fromkeys(
        ("can_read_all_group_messages", "supports_inline_queries", "can_connect_to_business", "has_main_web_app"), False
    )
    return {**call.desk.bot_user(), "can_join_groups": True, **abilities}


@method("setMyCommands", "commands scope language_code")
def set_commands(call: Call) -> bool:
    commands = [_command(raw) for raw in call.arguments.dictionaries("commands", "BotCommand")]
    if not all(_COMMAND.fullmatch(command["command"]) for command in commands):
        raise BadRequestError("BOT_COMMAND_INVALID")
    if len(commands) > limits.COMMANDS:
        raise BadRequestError("BOT_COMMANDS_TOO_MUCH")
    known = {**call.desk.bot.profile["commands"], _place(call): commands}
    call.desk.change_profile(commands=known)
    return True


@method("getMyCommands", "scope language_code")
def get_commands(call: Call) -> list[Body]:
    commands: list[Body] = call.desk.bot.profile["commands"].get(_place(call), [])
    return commands


@method("deleteMyCommands", "scope language_code")
def delete_commands(call: Call) -> bool:
    place = _place(call)
    call.desk.change_profile(commands={k: v for k, v in call.desk.bot.profile["commands"].items() if k != place})
    return True


@method("setChatMenuButton", "chat_id menu_button")
def set_menu_button(call: Call) -> bool:
    button = call.arguments.json("menu_button") or {"type": "default"}
    if not isinstance(button, dict):
        raise BadRequestError("can't parse menu button: MenuButton must be an Object")
    if button.get("type") not in _MENU_BUTTONS:
        raise BadRequestError("can't parse menu button: MenuButton has unsupported type")
    buttons = call.desk.bot.profile.get("menu_buttons", {})
    call.desk.change_profile(menu_buttons={**buttons, _person(call): button})
    return True


@method("getChatMenuButton", "chat_id")
def get_menu_button(call: Call) -> Body:
    """The button of a chat; where it has none of its own, that of everybody."""
    buttons = call.desk.bot.profile.get("menu_buttons", {})
    button: Body = buttons.get(_person(call)) or buttons.get("") or {"type": "default"}
    return button


@method("getChat", "chat_id")
def get_chat(call: Call) -> Body:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return {**chat_object(call.chat(access.READ)), **more}


@method("getFile", "file_id")
def get_file(call: Call) -> Body:
    if not call.arguments.has("file_id"):
        raise BadRequestError("file_id not specified")
    file = call.desk.webchats.file(call.arguments.text("file_id"))
    if file is None:
        raise BadRequestError("invalid file_id")
    if file.size > limits.DOWNLOAD_BYTES:
        raise BadRequestError("file is too big")
    path = f"photos/{file.file_id}.jpg" if file.width else f"documents/{file.file_id}"
    return {"file_id": file.file_id, "file_unique_id": file.unique_id, "file_size": file.size, "file_path": path}


def _wording(title: str, field: str, limit: int) -> None:
    """Enter the pair of methods that write and read one text of the bot, by language."""

    def write(call: Call) -> bool:
        text, language = call.arguments.text(field), _language(call.arguments)
        if len(text) > limit:
            raise BadRequestError(f"{field.replace('_', ' ')} is too long")
        words = {**call.desk.bot.profile[field], language: text}
        call.desk.change_profile(**{field: {k: v for k, v in words.items() if v}})
        return True

    def read(call: Call) -> Body:
        words = call.desk.bot.profile[field]
        return {field: words.get(_language(call.arguments)) or words.get("", "")}

    method(f"setMy{title}", f"{field} language_code")(write)
    method(f"getMy{title}", "language_code")(read)


_wording("Name", "name", limits.NAME)
_wording("Description", "description", limits.DESCRIPTION)
_wording("ShortDescription", "short_description", limits.SHORT_DESCRIPTION)


def commands_for(profile: Mapping[str, Any], chat: Chat, language: str) -> list[Body]:
    """The commands that a visitor sees: those of the chat, of private chats, of everybody; in their language if any."""
    language = language.split("-")[0].lower()
    kind = "all_private_chats" if chat.kind == "private" else "all_group_chats"
    scopes: list[Body] = [{"type": "chat", "chat_id": chat.id}, {"type": kind}, {"type": "default"}]
    for scope in scopes:
        for code in (language, ""):
            if found := profile["commands"].get(_key(scope, code)):
                return list(found)
    return []


def _command(raw: Body) -> Body:
    for name in ("command", "description"):
        if not isinstance(raw.get(name), str):
            raise BadRequestError(f"can't parse BotCommand: Can't find field \"{name}\"")
    command, description = raw["command"].strip().removeprefix("/"), raw["description"].strip()
    if not command:
        raise BadRequestError("command must be non-empty")
    if len(command) > limits.COMMAND:
        raise BadRequestError("command length must not exceed 32")
    if not description:
        raise BadRequestError("command description must be non-empty")
    if len(description) > limits.COMMAND_DESCRIPTION:
        raise BadRequestError("command description length must not exceed 256")
    return {"command": command, "description": description}


def _language(arguments: Arguments) -> str:
    language = arguments.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise BadRequestError("invalid language code specified")
    return language


def _person(call: Call) -> str:
    """Whose menu button a call is about: a chat's, or everybody's."""
    return str(call.chat(access.READ).id) if call.arguments.has("chat_id") else ""


def _place(call: Call) -> str:
    """Where commands hold: a scope and a language."""
    scope = call.arguments.json("scope") or {"type": "default"}
    if not isinstance(scope, dict):
        raise _wrong_scope("BotCommandScope must be an Object")
    if not isinstance(scope.get("type"), str):
        raise _wrong_scope('Can\'t find field "type"')
    if scope["type"] in _CHAT_SCOPES:
        if not Arguments(scope).has("chat_id"):
            raise _wrong_scope("Empty chat_id specified")
        scope = {**scope, "chat_id": replace(call, arguments=Arguments(scope)).chat(access.READ).id}
    elif scope["type"] not in _SCOPES:
        raise _wrong_scope("Unsupported type specified")
    return _key(scope, _language(call.arguments))


def _wrong_scope(reason: str) -> BadRequestError:
    return BadRequestError(f"can't parse BotCommandScope: {reason}")


def _key(scope: Body, language: str) -> str:
    return json.dumps(scope, sort_keys=True) + language
