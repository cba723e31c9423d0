"""A strict Telegram Bot API on loopback: it refuses what Telegram refuses, in Telegram's words."""

from tests.servers.bot_api.person import Person
from tests.servers.bot_api.server import TOKEN, BotApi, Call
from tests.servers.bot_api.world import Button, Chat, Message, Refusal, StoredFile

__all__ = ["TOKEN", "BotApi", "Button", "Call", "Chat", "Message", "Person", "Refusal", "StoredFile"]
