"""The methods that send."""

import secrets
from collections.abc import Sequence
from typing import Any

from bot.webchat import limits
from bot.webchat.arguments import Arguments
from bot.webchat.desk import Body
from bot.webchat.errors import BadRequestError
from bot.webchat.methods import MESSAGE, SENDING, WORDS, Call, method
from storage.webchat_tables import File

_CAPTION = "caption parse_mode caption_entities"
_PHOTO = "photo show_caption_above_media has_spoiler"
_DOCUMENT = "document thumbnail disable_content_type_detection"
_LOCATION = "latitude longitude horizontal_accuracy live_period heading proximity_alert_radius"
_VENUE = "latitude longitude title address foursquare_id foursquare_type google_place_id google_place_type"
_ACTIONS = (
    "typing upload_photo record_video upload_video record_audio upload_audio record_voice upload_voice upload_document "
    "choose_sticker find_location pick_up_location record_video_note upload_video_note cancel"
)


@method("sendMessage", f"{MESSAGE} {WORDS}")
def send_message(call: Call) -> Body:
    call.chat()
    return call.post(call.text())


@method("sendPhoto", f"{MESSAGE} {_CAPTION} {_PHOTO}", photos=True)
def send_photo(call: Call) -> Body:
    call.chat()
    return call.post(photo_content(call, "photo") | call.caption())


@method("sendDocument", f"{MESSAGE} {_CAPTION} {_DOCUMENT}")
def send_document(call: Call) -> Body:
    call.chat()
    return call.post(document_content(call, "document") | call.caption())


@method("sendLocation", f"{MESSAGE} {_LOCATION}")
def send_location(call: Call) -> Body:
    call.chat()
    return call.post({"location": location(call.arguments)})


@method("sendVenue", f"{MESSAGE} {_VENUE}")
def send_venue(call: Call) -> Body:
    call.chat()
    title, address = call.arguments.text("title").strip(), call.arguments.text("address").strip()
    if not title:
        raise BadRequestError("title must be non-empty")
    if not address:
        raise BadRequestError("address must be non-empty")
    try:
        place = location(call.arguments)
    except BadRequestError as error:
        raise BadRequestError("wrong venue location specified") from error
    venue = {"location": place, "title": title[: limits.VENUE], "address": address[: limits.VENUE]}
    return call.post({"location": place, "venue": venue})


@method("sendMediaGroup", f"{SENDING} media", photos=True)
def send_media_group(call: Call) -> list[Body]:
    chat = call.chat()
    if not call.arguments.has("media"):
        raise BadRequestError('parameter "media" is required')
    media = call.arguments.dictionaries("media", "InputMedia")
    if not media:
        raise BadRequestError("there are no messages to send")
    if len(media) > limits.ALBUM:
        raise BadRequestError("too many messages to send as an album")
    contents = [media_content(call, item) for item in media]
    if len({next(iter(content)) for content in contents}) > 1:
        raise BadRequestError("document can't be mixed with other media types")
    together = {} if len(media) == 1 else {"media_group_id": str(secrets.randbelow(2**60))}
    together |= call.reply(chat)
    call.pace(chat, len(contents))
    return [call.desk.post(chat, content | together, outgoing=True) for content in contents]


@method("sendChatAction", "chat_id action business_connection_id message_thread_id")
def send_chat_action(call: Call) -> bool:
    if call.arguments.text("action") not in _ACTIONS.split():
        raise BadRequestError("wrong parameter action in request")
    call.chat()
    return True


def media_content(call: Call, item: dict[str, Any]) -> Body:
    """The fields of an InputMedia: a photo or a document, with its caption."""
    own = Call(call.desk, Arguments(item, call.arguments.uploads), call.pictures)
    if "type" not in item:
        raise BadRequestError("can't parse InputMedia: Can't find field \"type\"")
    match item["type"]:
        case "photo":
            return photo_content(own, "media") | own.caption()
        case "document":
            return document_content(own, "media") | own.caption()
        case other:
            raise BadRequestError(f'can\'t parse InputMedia: type "{other}" is unsupported')


def photo_content(call: Call, field: str) -> Body:
    return {"photo": photo_sizes(_files(call, field, photo=True))}


def photo_sizes(files: Sequence[File]) -> list[Body]:
    """A photo as the Bot API tells of it, the smallest size first."""
    return [
        {
            "file_id": file.file_id,
            "file_unique_id": file.unique_id,
            "width": file.width,
            "height": file.height,
            "file_size": file.size,
        }
        for file in files
    ]


def document_content(call: Call, field: str) -> Body:
    return {"document": document_of(_files(call, field, photo=False)[0])}


def document_of(file: File) -> Body:
    """A document as the Bot API tells of it."""
    return {
        "file_id": file.file_id,
        "file_unique_id": file.unique_id,
        "file_name": file.name,
        "mime_type": file.mime,
        "file_size": file.size,
    }


def _files(call: Call, field: str, *, photo: bool) -> Sequence[File]:
    """What came with the call under a field, or is known already by its file id."""
    reference = call.arguments.text(field)
    if picture := call.pictures.get(reference.removeprefix("attach://") or field):
        return call.desk.keep(picture)
    if not reference or reference.startswith("attach://"):
        if field == "media":
            raise BadRequestError("can't parse InputMedia: media not found")
        raise BadRequestError(f"there is no {field} in the request")
    file = call.desk.webchats.file(reference)
    if file is None:
        raise BadRequestError("wrong file identifier/HTTP URL specified")
    if photo != bool(file.width):
        kinds = ("Photo", "Document") if file.width else ("Document", "Photo")
        raise BadRequestError("can't use file of type {} as {}".format(*kinds))
    return call.desk.webchats.sizes(file.photo_id) if photo else [file]


def location(arguments: Arguments) -> Body:
    """A point on earth. Raises ``BadRequestError`` for what is none."""
    for name in ("latitude", "longitude"):
        if not arguments.has(name):
            raise BadRequestError(f"{name} is empty")
    latitude, longitude = arguments.number("latitude"), arguments.number("longitude")
    if latitude is None or longitude is None or not (abs(latitude) <= 90 and abs(longitude) <= 180):
        raise BadRequestError("invalid location specified")
    return {"latitude": latitude, "longitude": longitude}
