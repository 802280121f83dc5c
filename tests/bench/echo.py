"""The measure: a bare aiogram echo bot behind aiogram's own webhook handler."""

import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler
from aiohttp import web

dispatcher = Dispatcher()


@dispatcher.message()
async def echo(message: Message) -> None:
    await message.answer(message.text or "")


if __name__ == "__main__":
    port, sink, background = int(sys.argv[1]), sys.argv[2], sys.argv[3] == "background"
    bot = Bot("1:bench", AiohttpSession(api=TelegramAPIServer.from_base(sink)))
    app = web.Application()
    handler = SimpleRequestHandler(dispatcher, bot, handle_in_background=background, secret_token="bench")
    handler.register(app, path="/")
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)
