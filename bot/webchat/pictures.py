"""Uploads become files: a photo is drawn anew, small and large, so that nothing hidden in it stays."""

import asyncio
import io
import secrets
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from bot.webchat import limits
from bot.webchat.arguments import Upload
from bot.webchat.errors import ApiError, BadRequestError
from storage.webchat_tables import File

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """A file, ready to be written."""

    file: File
    data: bytes


Picture = tuple[Stored, ...]
"""The sizes of one photo, the smallest first; of a document, the one file."""


async def photo(upload: Upload, *, lenient: bool = False) -> Picture:
    """The sizes of an uploaded photo; ``lenient`` takes the big ones of telephones, as chat apps do before they send.

    Raises ``BadRequestError`` for what is no picture, too big or too long.
    """
    if len(upload.data) > limits.PHOTO_BYTES:
        size = f"file of size {len(upload.data)} bytes is too big for a photo"
        raise BadRequestError(f"{size}; the maximum size is {limits.PHOTO_BYTES} bytes")
    return await asyncio.to_thread(_photo, upload.data, lenient)


def document(upload: Upload) -> Picture:
    """An uploaded document, as it is."""
    if not upload.data:
        raise BadRequestError("file must be non-empty")
    if len(upload.data) > limits.DOCUMENT_BYTES:
        raise ApiError(413)
    name = "".join(c for c in upload.name.replace("\\", "/").rsplit("/", 1)[-1] if c.isprintable())[:128] or "file"
    return (_stored(name, upload.mime or "application/octet-stream", 0, 0, upload.data, _identifier("BQ")),)


def _photo(data: bytes, lenient: bool) -> Picture:
    photo_id = _identifier("AQ")
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as opened:
            if not lenient:
                _check_sides(opened.size)
            opened.draft("RGB", (limits.PHOTO_LARGE, limits.PHOTO_LARGE))
            if opened.width * opened.height > limits.PHOTO_PIXELS:
                raise BadRequestError("PHOTO_INVALID_DIMENSIONS")
            drawn = _opaque(ImageOps.exif_transpose(opened))
    except _UNREADABLE as error:
        raise BadRequestError("IMAGE_PROCESS_FAILED") from error
    sides = [side for side in (limits.PHOTO_SMALL, limits.PHOTO_LARGE) if side < max(drawn.size)]
    sides = sides if len(sides) == 2 else [*sides, max(drawn.size)]
    return tuple(_size(drawn, side, photo_id) for side in sides)


def _check_sides(size: tuple[int, int]) -> None:
    if sum(size) > limits.PHOTO_SIDES or max(size) > limits.PHOTO_RATIO * min(size):
        raise BadRequestError("PHOTO_INVALID_DIMENSIONS")


def _opaque(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA", "P", "PA"):
        coloured = image.convert("RGBA")
        ground = Image.new("RGBA", coloured.size, "white")
        return Image.alpha_composite(ground, coloured).convert("RGB")
    return image.convert("RGB")


def _size(image: Image.Image, side: int, photo_id: str) -> Stored:
    scaled = image.copy()
    scaled.thumbnail((side, side), Image.Resampling.LANCZOS)
    clean = Image.new("RGB", scaled.size)
    clean.paste(scaled)
    output = io.BytesIO()
    clean.save(output, "JPEG", quality=85, optimize=True)
    return _stored("photo.jpg", "image/jpeg", clean.width, clean.height, output.getvalue(), photo_id)


def _stored(name: str, mime: str, width: int, height: int, data: bytes, photo_id: str) -> Stored:
    file_id = _identifier("AgAC" if width else "BQAC")
    unique_id = secrets.token_urlsafe(12)
    return Stored(File(file_id, unique_id, photo_id, name, mime, width, height, len(data)), data)


def _identifier(prefix: str) -> str:
    return prefix + secrets.token_urlsafe(30)
