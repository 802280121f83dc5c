"""The Bot API on loopback and a chat page: the demo, the test server, the channel without Telegram."""

from bot.webchat.gateway import Gateway

__all__ = ["Gateway"]
