"""The Bot API's way of saying no."""

from typing import Any

_PREFIXES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
}


class ApiError(Exception):
    """A request that is answered with ``ok: false``; ``code`` is the HTTP status as well."""

    def __init__(self, code: int, reason: str = "", **parameters: int) -> None:
        super().__init__(reason)
        self.code = code
        self.description = ": ".join(filter(None, (_PREFIXES[code], _lowered(reason))))
        self.parameters = parameters

    def answer(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


class BadRequestError(ApiError):
    def __init__(self, reason: str) -> None:
        super().__init__(400, reason)


def _lowered(reason: str) -> str:
    """The first letter is small, unless the word is an acronym or a constant such as BUTTON_DATA_INVALID."""
    if len(reason) > 1 and (reason[1].isupper() or reason[1] == "_"):
        return reason
    return reason[:1].lower() + reason[1:]
