"""A bare Bot API that accepts everything: what both bots talk to while they are measured."""

import json
import sys

from aiohttp import web

MESSAGE = {
    "message_id": 7,
    "date": 1_790_000_000,
    "chat": {"id": 1, "type": "private", "first_name": "An"},
    "from": {"id": 1, "is_bot": True, "first_name": "Bot", "username": "bench_bot"},
    "text": "ok",
}
ME = {"id": 1, "is_bot": True, "first_name": "Bot", "username": "bench_bot"}
ANSWERS = {
    "getme": json.dumps({"ok": True, "result": ME}),
    "setwebhook": json.dumps({"ok": True, "result": True}),
    "answercallbackquery": json.dumps({"ok": True, "result": True}),
}
SENT = json.dumps({"ok": True, "result": MESSAGE})


async def answer(request: web.Request) -> web.Response:
    await request.read()
    text = ANSWERS.get(request.match_info["method"].lower(), SENT)
    return web.Response(text=text, content_type="application/json")


if __name__ == "__main__":
    app = web.Application()
    app.router.add_route("*", "/bot{token}/{method}", answer)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
