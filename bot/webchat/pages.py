"""The chat page itself: a few files, nothing from elsewhere."""

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
}


def add_page(app: web.Application) -> None:
    """Serve the page at ``/`` and its style, script and icon beside it."""
    for path in sorted(_FOLDER.iterdir()):
        app.router.add_get("/" if path.name == "index.html" else f"/{path.name}", _Asset(path).serve)


class _Asset:
    """One file, read once."""

    def __init__(self, path: Path) -> None:
        self._text = path.read_text(encoding="utf-8")
        self._type = _TYPES[path.suffix]

    async def serve(self, request: web.Request) -> web.Response:
        response = web.Response(text=self._text, content_type=self._type, headers=_HEADERS)
        response.enable_compression()
        return response
