"""Codes that people read from one screen and type on another."""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Nothing that is mistaken for something else."""


def new(length: int) -> str:
    """A random code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def written(code: str) -> str:
    """A code as it is shown: in groups of four that can be read aloud."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def typed(text: str) -> str:
    """A code as it was meant: small letters, spaces and hyphens make no difference."""
    return re.sub(r"[^0-9A-Z]", "", text.upper())
