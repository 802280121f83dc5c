"""The methods about the bot itself, its commands and its chats, and about files."""

import json
import re
from collections.abc import Mapping
from typing import Any

from bot.webchat import limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body, chat_object
from bot.webchat.errors import BadRequestError
from bot.webchat.methods import Call, method
from storage.webchat_tables import Chat

_COMMAND = re.compile(r"[a-z0-9_]+")
_LANGUAGE = re.compile(r"([a-z]{2})?")


@method("getMe")
def get_me(call: Call) -> Body:
    abilities = dict.fromkeys(
        ("can_read_all_group_messages", "supports_inline_queries", "can_connect_to_business", "has_main_web_app"), False
    )
    return {**call.desk.bot_user(), "can_join_groups": True, **abilities}


@method("setMyCommands", "commands scope language_code")
def set_commands(call: Call) -> bool:
    commands = [_command(raw) for raw in call.arguments.dictionaries("commands")]
    if len(commands) > limits.COMMANDS:
        raise BadRequestError("BOT_COMMANDS_TOO_MUCH")
    known = {**call.desk.bot.profile["commands"], _place(call.arguments): commands}
    call.desk.change_profile(commands=known)
    return True


@method("getMyCommands", "scope language_code")
def get_commands(call: Call) -> list[Body]:
    commands: list[Body] = call.desk.bot.profile["commands"].get(_place(call.arguments), [])
    return commands


@method("deleteMyCommands", "scope language_code")
def delete_commands(call: Call) -> bool:
    place = _place(call.arguments)
    call.desk.change_profile(commands={k: v for k, v in call.desk.bot.profile["commands"].items() if k != place})
    return True


@method("setChatMenuButton", "chat_id menu_button")
def set_menu_button(call: Call) -> bool:
    call.desk.change_profile(menu_button=call.arguments.json("menu_button") or {"type": "default"})
    return True


@method("getChatMenuButton", "chat_id")
def get_menu_button(call: Call) -> Body:
    button: Body = call.desk.bot.profile.get("menu_button", {"type": "default"})
    return button


@method("getChat", "chat_id")
def get_chat(call: Call) -> Body:
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": dict.fromkeys(gifts, False)}
    return {**chat_object(call.chat()), **more}


@method("getFile", "file_id")
def get_file(call: Call) -> Body:
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


def commands_for(profile: Mapping[str, Any], chat: Chat) -> list[Body]:
    """The commands that a visitor sees: those of the chat, of private chats, of everybody; in their language if any."""
    language = chat.language.split("-")[0].lower()
    kind = "all_private_chats" if chat.kind == "private" else "all_group_chats"
    scopes: list[Body] = [{"type": "chat", "chat_id": chat.id}, {"type": kind}, {"type": "default"}]
    for scope in scopes:
        for code in (language, ""):
            if found := profile["commands"].get(_key(scope, code)):
                return list(found)
    return []


def _command(raw: Body) -> Body:
    command, description = str(raw.get("command", "")).removeprefix("/"), str(raw.get("description", ""))
    if len(command) > limits.COMMAND:
        raise BadRequestError("command length must not exceed 32")
    if not _COMMAND.fullmatch(command):
        raise BadRequestError("BOT_COMMAND_INVALID")
    if len(description) > limits.COMMAND_DESCRIPTION:
        raise BadRequestError("command description length must not exceed 256")
    if not description:
        raise BadRequestError("command description must be non-empty")
    return {"command": command, "description": description}


def _language(arguments: Arguments) -> str:
    language = arguments.text("language_code")
    if not _LANGUAGE.fullmatch(language):
        raise BadRequestError("invalid language code specified")
    return language


def _place(arguments: Arguments) -> str:
    scope = arguments.json("scope") or {"type": "default"}
    if not isinstance(scope, dict) or not isinstance(scope.get("type"), str):
        raise BadRequestError('can\'t parse BotCommandScope: field "type" must be of type String')
    if "chat_id" in scope:
        scope = {**scope, "chat_id": Arguments(scope).integer("chat_id")}
    return _key(scope, _language(arguments))


def _key(scope: Body, language: str) -> str:
    return json.dumps(scope, sort_keys=True) + language
