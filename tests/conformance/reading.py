"""Whether both libraries read all of an answer."""

from functools import cache
from typing import Any

import telegram
from aiogram import methods
from aiogram.types import TelegramObject
from pydantic import TypeAdapter


def both_understand(method: str, result: Any) -> None:
    """Each library reads all of a result: no field is unknown, none is lost."""
    for one, raw in zip(_each(_reader(method).validate_python(result)), _each(result), strict=True):
        if isinstance(raw, dict):
            assert _strangers(one) == [], f"aiogram does not know a field of {method}"
            kind = "MenuButton" if type(one).__name__.startswith("MenuButton") else type(one).__name__
            again = getattr(telegram, kind).de_json(raw, None).to_dict()
            assert_contains(again, raw)


@cache
def _reader(method: str) -> TypeAdapter[Any]:
    """What aiogram reads a method's result with."""
    return TypeAdapter(getattr(methods, method[0].upper() + method[1:]).__returning__)


def _each(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _strangers(value: Any) -> list[str]:
    if isinstance(value, list):
        return [stranger for item in value for stranger in _strangers(item)]
    if not isinstance(value, TelegramObject):
        return []
    known = [getattr(value, name) for name in value.model_fields_set]
    return [*(value.model_extra or {}), *(stranger for item in known for stranger in _strangers(item))]


def assert_contains(whole: Any, part: Any) -> None:
    """What is expected is there; of an object, only the named fields count."""
    if isinstance(part, dict):
        assert isinstance(whole, dict), whole
        for name, value in part.items():
            assert name in whole, (name, whole)
            assert_contains(whole[name], value)
    elif isinstance(part, list):
        assert len(whole) == len(part), (whole, part)
        for one, other in zip(whole, part, strict=True):
            assert_contains(one, other)
    else:
        assert whole == part, (whole, part)
