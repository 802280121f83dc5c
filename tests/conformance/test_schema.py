"""The table of methods and the limits, beside what the libraries know of the real server."""

import aiogram.methods
import pytest
from telegram import constants

from bot.webchat import limits, paces
from bot.webchat.gateway import METHOD_MODULES
from bot.webchat.methods import METHODS
from bot.webchat.polling import PARAMETERS

assert METHOD_MODULES

NOT_OURS = {"ephemeral_message_parameters", "rich_message"}
"""Parameters of what the web chat does not have: messages for one member of a group, pages as messages."""
OF_OLD = {"disable_web_page_preview"}
"""What is going away, but aiogram sends it by itself where link previews are off for the whole bot."""

SAME = {
    "text": (limits.TEXT, constants.MessageLimit.MAX_TEXT_LENGTH),
    "caption": (limits.CAPTION, constants.MessageLimit.CAPTION_LENGTH),
    "entities": (limits.ENTITIES, constants.MessageLimit.MESSAGE_ENTITIES),
    "deep link": (limits.PAYLOAD, constants.MessageLimit.DEEP_LINK_LENGTH),
    "callback data": (limits.CALLBACK_DATA, constants.InlineKeyboardButtonLimit.MAX_CALLBACK_DATA),
    "copied text": (limits.COPY_TEXT, constants.InlineKeyboardButtonLimit.MAX_COPY_TEXT),
    "buttons": (limits.BUTTONS, constants.InlineKeyboardMarkupLimit.TOTAL_BUTTON_NUMBER),
    "buttons in a row": (limits.BUTTONS_IN_ROW, constants.InlineKeyboardMarkupLimit.BUTTONS_PER_ROW),
    "placeholder": (limits.PLACEHOLDER, constants.ReplyLimit.MAX_INPUT_FIELD_PLACEHOLDER),
    "answer": (limits.ANSWER, constants.CallbackQueryLimit.ANSWER_CALLBACK_QUERY_TEXT_LENGTH),
    "album": (limits.ALBUM, constants.MediaGroupLimit.MAX_MEDIA_LENGTH),
    "commands": (limits.COMMANDS, constants.BotCommandLimit.MAX_COMMAND_NUMBER),
    "command": (limits.COMMAND, constants.BotCommandLimit.MAX_COMMAND),
    "command description": (limits.COMMAND_DESCRIPTION, constants.BotCommandLimit.MAX_DESCRIPTION),
    "name": (limits.NAME, constants.BotNameLimit.MAX_NAME_LENGTH),
    "description": (limits.DESCRIPTION, constants.BotDescriptionLimit.MAX_DESCRIPTION_LENGTH),
    "short description": (limits.SHORT_DESCRIPTION, constants.BotDescriptionLimit.MAX_SHORT_DESCRIPTION_LENGTH),
    "updates": (limits.UPDATES, constants.PollingLimit.MAX_LIMIT),
    "secret": (limits.WEBHOOK_SECRET, constants.WebhookLimit.MAX_SECRET_TOKEN_LENGTH),
    "messages a second": (paces.OVERALL, constants.FloodLimit.MESSAGES_PER_SECOND),
    "messages a minute in a group": (paces.GROUP, constants.FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP),
}
MEGABYTES = {
    "upload": (limits.DOCUMENT_BYTES, constants.FileSizeLimit.FILESIZE_UPLOAD),
    "download": (limits.DOWNLOAD_BYTES, constants.FileSizeLimit.FILESIZE_DOWNLOAD),
    "photo": (limits.PHOTO_BYTES, constants.FileSizeLimit.PHOTOSIZE_UPLOAD),
}


@pytest.mark.parametrize("method", [*(method.name for method in METHODS.values()), "getUpdates"])
def test_a_method_takes_the_parameters_that_it_has(method: str) -> None:
    fields = getattr(aiogram.methods, method[0].upper() + method[1:]).model_fields
    current = {
        name
        for name, field in fields.items()
        if not (field.deprecated or (field.json_schema_extra or {}).get("deprecated"))
    }
    ours = PARAMETERS if method == "getUpdates" else METHODS[method.lower()].parameters
    assert ours == (current - NOT_OURS) | (OF_OLD & fields.keys())


@pytest.mark.parametrize("limit", SAME)
def test_a_limit_is_the_one_that_is_known(limit: str) -> None:
    ours, known = SAME[limit]
    assert ours == int(known)


@pytest.mark.parametrize("limit", MEGABYTES)
def test_a_file_limit_is_the_known_number_of_mebibytes(limit: str) -> None:
    ours, known = MEGABYTES[limit]
    assert ours == int(known) // 10**6 * 2**20


def test_a_local_server_takes_more_connections_than_telegrams() -> None:
    assert limits.WEBHOOK_CONNECTIONS_AT_MOST >= constants.WebhookLimit.MAX_CONNECTIONS_LIMIT
    assert limits.WEBHOOK_CONNECTIONS <= constants.WebhookLimit.MAX_CONNECTIONS_LIMIT
