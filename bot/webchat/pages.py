"""The chat page itself: a few files, nothing from elsewhere."""

import gzip
import hashlib
from pathlib import Path

from aiohttp import web

_FOLDER = Path(__file__).parent / "page"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
}


def add_page(app: web.Application) -> None:
    """Serve the page at ``/`` and its style, scripts and icon beside it."""
    for path in sorted(_FOLDER.iterdir()):
        app.router.add_get("/" if path.name == "index.html" else f"/{path.name}", Asset(path).serve)


class Asset:
    """One file, read and compressed once; a browser that has it already is told so."""

    def __init__(self, path: Path) -> None:
        self._plain = path.read_bytes()
        self._small = gzip.compress(self._plain, mtime=0)
        self._type = _TYPES[path.suffix]
        self._tag = hashlib.sha256(self._plain).hexdigest()[:16]

    async def serve(self, request: web.Request) -> web.Response:
        headers = _HEADERS | {"ETag": f'"{self._tag}"'}
        if any(tag.value == self._tag for tag in request.if_none_match or ()):
            return web.Response(status=304, headers=headers)
        small = "gzip" in request.headers.get("Accept-Encoding", "")
        if small:
            headers["Content-Encoding"] = "gzip"
        body = self._small if small else self._plain
        return web.Response(body=body, content_type=self._type, charset="utf-8", headers=headers)
