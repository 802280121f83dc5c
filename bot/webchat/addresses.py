"""Where a request came from, and whether it came from our own page."""

import hashlib
import hmac
from urllib.parse import urlsplit

from aiohttp import web

from bot.webchat.errors import ApiError

_JSON_OR_FORM = ("application/json", "multipart/form-data")


def address(request: web.Request, proxies: int) -> str:
    """The visitor's own address. ``proxies``: how many of ours stand before us; what others claim is not believed."""
    told = [one.strip() for one in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",") if one.strip()]
    if 0 < proxies <= len(told):
        return told[-proxies]
    return request.remote or ""


def is_secure(request: web.Request, proxies: int) -> bool:
    """Whether the visitor's browser speaks TLS, with us or with our proxy."""
    told = request.headers.get("X-Forwarded-Proto", "") if proxies else ""
    return (told or request.scheme) == "https"


def blurred(visitor: str, key: str) -> str:
    """An address as it is kept: enough to see that two are the same, nothing to find anybody by."""
    return hmac.new(key.encode(), visitor.encode(), hashlib.sha256).hexdigest()[:16]


def check_own(request: web.Request) -> None:
    """Refuse what another site makes a browser send: such a site cannot set our header, nor hide where it stands."""
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise ApiError(403, "this request comes from another site")
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ApiError(403, "this request comes from another site")
    if request.headers.get("X-Belleman") != "1" or request.content_type not in _JSON_OR_FORM:
        raise ApiError(403, "the header X-Belleman is missing")
