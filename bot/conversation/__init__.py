"""The conversation: aiogram decodes and draws, a turn decides."""

from bot.conversation.talking import Conversation, Undecodable

__all__ = ["Conversation", "Undecodable"]
