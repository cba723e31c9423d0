"""Saying, editing and fetching: one Message is one call of the Bot API."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from telegram import Bot, BotCommandScopeChat, InputFile, InputMediaDocument, InputMediaPhoto, MessageEntity
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.channel import Failed, SendError, Unsent
from bot.channels.telegram import render
from bot.channels.telegram.errors import classify, has_no_text, is_no_such_file, is_not_modified
from bot.channels.telegram.hear import NAME
from bot.channels.telegram.transport import MAX_DOWNLOAD, Call
from bot.chat.message import KEPT, File, Message

T = TypeVar("T")
Uploads = Callable[[File], Awaitable[bytes]]

_NO_PREVIEW = {"is_disabled": True}


async def sent(call: Awaitable[T]) -> T:
    """The result of a Bot method; its errors as SendErrors."""
    try:
        return await call
    except TelegramError as error:
        raise classify(error) from error


class Speaking:
    """What the channel says. Everything raises SendError. What is said often goes by `call`, the rest by `bot`."""

    def __init__(self, bot: Bot, call: Call, uploads: Uploads | None) -> None:
        self.uploads = uploads
        self._bot, self._call = bot, call

    async def send(self, chat: str, message: Message) -> str:
        """Say it; the id of the message, of the first one of an album, or "" for a list of commands.

        A photo whose handle Telegram takes no more is uploaded, where the bot has a copy of its own.
        """
        try:
            return await self._with_handles(int(chat), message)
        except ValueError as error:
            raise Failed(str(error)) from error
        except TelegramError as error:
            raise classify(error) from error

    async def _with_handles(self, chat: int, message: Message) -> str:
        try:
            return await self._send(chat, message)
        except BadRequest as error:
            if not is_no_such_file(error) or not any(file.kept for file in message.files):
                raise
        files = tuple(replace(file, channel=KEPT, ref=file.kept) if file.kept else file for file in message.files)
        return await self._send(chat, replace(message, files=files))

    async def edit(self, chat: str, message_id: str, message: Message) -> None:
        """Replace text (or caption) and buttons; a message without text replaces only the buttons."""
        try:
            await self._edit(int(chat), int(message_id), message)
        except ValueError as error:
            raise Failed(str(error)) from error
        except TelegramError as error:
            if not is_not_modified(error):
                raise classify(error) from error

    async def set_commands(self, commands: Sequence[tuple[str, str]], language: str = "") -> None:
        """The command list of everyone who has none of their own. Raises SendError."""
        try:
            await sent(self._bot.set_my_commands(render.commands(commands), language_code=language or None))
        except ValueError as error:
            raise Failed(str(error)) from error

    async def _send(self, chat: int, message: Message) -> str:
        if message.commands:
            await self._bot.set_my_commands(render.commands(message.commands), scope=BotCommandScopeChat(chat))
            return ""
        if len(message.files) > 1:
            return await self._send_album(chat, message)
        markup = render.markup(message)
        if not message.files:
            text, entities = render.words(message.text, render.TEXT_LIMIT)
            if not text.strip():
                raise ValueError("there is nothing to say")
            return _id(
                await self._call(
                    "sendMessage",
                    chat_id=chat,
                    text=text,
                    entities=entities or None,
                    reply_markup=markup,
                    link_preview_options=_NO_PREVIEW,
                )
            )
        caption, entities = render.words(message.text, render.CAPTION_LIMIT)
        file = message.files[0]
        kind = "photo" if file.kind == "photo" else "document"
        return _id(
            await self._call(
                f"send{kind.title()}",
                chat_id=chat,
                caption=caption or None,
                caption_entities=entities or None,
                reply_markup=markup,
                **{kind: await self._content(file)},
            )
        )

    async def _send_album(self, chat: int, message: Message) -> str:
        if len(message.files) > render.ALBUM_LIMIT or message.buttons or message.menu is not None:
            raise ValueError("a Telegram album has two to ten files and no buttons")
        if len({file.kind for file in message.files}) > 1:
            raise ValueError("a Telegram album is of photos or of documents, not of both")
        caption, entities = render.words(message.text, render.CAPTION_LIMIT)
        kind = InputMediaPhoto if message.files[0].kind == "photo" else InputMediaDocument
        media = [kind(await self._content(file, attach=True)) for file in message.files]
        styled = [MessageEntity(**entity) for entity in entities]
        posted = await self._bot.send_media_group(chat, media, caption=caption or None, caption_entities=styled)
        return str(posted[0].message_id)

    async def _edit(self, chat: int, message_id: int, message: Message) -> None:
        markup = render.buttons(message.buttons) if message.buttons else None
        at: dict[str, Any] = {"chat_id": chat, "message_id": message_id, "reply_markup": markup}
        if not any(span.text for span in message.text):
            await self._call("editMessageReplyMarkup", **at)
            return
        limit = render.CAPTION_LIMIT if message.files else render.TEXT_LIMIT
        text, entities = render.words(message.text, limit)
        if not message.files:
            try:
                styled = {"text": text, "entities": entities or None, "link_preview_options": _NO_PREVIEW}
                await self._call("editMessageText", **styled, **at)
                return
            except BadRequest as error:  # it was sent with a picture
                if not has_no_text(error) or render.utf16(text) > render.CAPTION_LIMIT:
                    raise
        await self._call("editMessageCaption", caption=text, caption_entities=entities or None, **at)

    async def fetch(self, file: File) -> bytes:
        """Download a file people sent or were sent; at most 20 MB."""
        if file.channel != NAME:
            raise Failed(f"a file of {file.channel} is not Telegram's to fetch")
        if file.size > MAX_DOWNLOAD:
            raise Failed("the file has more than 20 MB, which Telegram does not give to bots")
        found = await sent(self._bot.get_file(file.ref))
        try:
            return bytes(await found.download_as_bytearray())
        except InvalidToken as error:  # how the library reads the 404 of a path that is no longer there
            raise Failed("the file is no longer there") from error
        except TelegramError as error:
            raise classify(error) from error

    async def _content(self, file: File, attach: bool = False) -> str | InputFile:
        if file.channel == NAME:
            return file.ref
        if self.uploads is None:
            raise Failed(f"there is no way to a file that {file.channel} keeps")
        try:
            content = await self.uploads(file)
        except Failed as error:  # of the other channel: not this person, not this bot
            raise Failed(f"{file.channel} does not give the file: {error}") from error
        except SendError as error:
            raise Unsent(f"a file could not be fetched from {file.channel} first") from error
        return InputFile(content, file.name or ("photo.jpg" if file.kind == "photo" else "file"), attach=attach)


def _id(posted: Any) -> str:
    return str(posted["message_id"])
