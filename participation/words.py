"""What people type, made safe to keep: no control characters, no direction tricks."""

import re
import unicodedata

_KEPT = {"\n", "\u200c", "\u200d"}
"""Line ends, and the joiners that some scripts and emoji need."""

LABEL_LENGTH = 32
"""Characters on a button at most."""

NAME_LENGTH = 60
"""Characters of a name at most."""


def clean(text: str) -> str:
    """The text without control, format and private characters, at most one empty line in a row, ends trimmed; empty
    when nothing that can be seen is left."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    # What falls away can leave a letter beside its accent, so composing comes after.
    kept = unicodedata.normalize("NFC", "".join(filter(_is_kept, lines)))
    trimmed = re.sub(r"\n\s*\n\s*", "\n\n", kept).strip()
    return "" if all(one in _KEPT or one.isspace() for one in trimmed) else trimmed


def clean_name(text: str) -> str:
    """A name on one line; empty when nothing is left of it."""
    return re.sub(r"\s+", " ", clean(text)).strip()


def _is_kept(character: str) -> bool:
    if character in _KEPT:
        return True
    is_noncharacter = ord(character) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(character) <= 0xFDEF
    return not is_noncharacter and unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co")
