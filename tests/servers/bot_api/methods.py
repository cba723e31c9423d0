"""The Bot API methods: each takes its parameters and returns the result, or raises Telegram's refusal."""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlsplit

from tests.servers.bot_api.limits import (
    Throttle,
    commands_of,
    entities_of,
    integer,
    markup_of,
    parsed,
    text_of,
)
from tests.servers.bot_api.updates import Updates, Webhook
from tests.servers.bot_api.world import Chat, Json, Message, Refusal, StoredFile, World, bad

QUERY_LIFE = 30.0
MAX_DOWNLOAD = 20 * 1024 * 1024
_MAX_UPLOAD = {"photo": 10 * 1024 * 1024, "document": 50 * 1024 * 1024}
_ACTIONS = {"typing", "upload_photo", "upload_document", "find_location", "choose_sticker"}
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
_OLD_QUERY = "query is too old and response timeout expired or query ID is invalid"
_SENT = {"chat_id", "disable_notification", "protect_content", "reply_parameters", "reply_markup", "message_thread_id"}
_EDITED = {"chat_id", "message_id", "reply_markup"}
_CAPTION = {"caption", "caption_entities"}

Method = Callable[[Json], Any]


class Upload:
    """A file that came with a multipart request."""

    def __init__(self, content: bytes, name: str, mime: str) -> None:
        self.content, self.name, self.mime = content, name, mime


class Methods:
    """One bot's methods by name, with the parameters each knows. parse_mode is not among them: this bot needs none."""

    def __init__(self, world: World, updates: Updates, throttle: Throttle) -> None:
        self.world, self.updates, self.throttle = world, updates, throttle
        self.webhook_retry = 0.1
        self.webhook_patience = 60.0
        self.webhook_at = ""  # where a proxy before the webhook's address brings what comes ("": there is none)
        scope = {"scope", "language_code"}
        self.table: dict[str, tuple[Method, set[str]]] = {
            "getme": (lambda _: self.world.me | {"can_join_groups": False}, set()),
            "getupdates": (self.get_updates, {"offset", "limit", "timeout", "allowed_updates"}),
            "sendmessage": (self.send_message, _SENT | {"text", "entities", "link_preview_options"}),
            "sendphoto": (self.send_photo, _SENT | _CAPTION | {"photo"}),
            "senddocument": (self.send_document, _SENT | _CAPTION | {"document"}),
            "sendmediagroup": (self.send_media_group, _SENT - {"reply_markup"} | {"media"}),
            "sendchataction": (self.send_chat_action, {"chat_id", "action"}),
            "editmessagetext": (self.edit_text, _EDITED | {"text", "entities", "link_preview_options"}),
            "editmessagecaption": (self.edit_caption, _EDITED | _CAPTION),
            "editmessagereplymarkup": (self.edit_markup, _EDITED),
            "deletemessage": (self.delete_message, {"chat_id", "message_id"}),
            "answercallbackquery": (self.answer_query, {"callback_query_id", "text", "show_alert", "cache_time"}),
            "setmycommands": (self.set_commands, scope | {"commands"}),
            "getmycommands": (self.get_commands, scope),
            "deletemycommands": (self.delete_commands, scope),
            "getfile": (self.get_file, {"file_id"}),
            "setwebhook": (
                self.set_webhook,
                {"url", "secret_token", "allowed_updates", "max_connections", "drop_pending_updates"},
            ),
            "deletewebhook": (self.delete_webhook, {"drop_pending_updates"}),
            "getwebhookinfo": (self.webhook_info, set()),
        }

    async def call(self, name: str, params: Json, uploads: dict[str, Upload]) -> Any:
        """Carry out a method; raises Refusal."""
        found = self.table.get(name.lower())
        if found is None:
            raise Refusal(404, "Not Found")
        method, known = found
        unknown = params.keys() - known
        unknown |= {field for field in uploads.keys() - known if f"attach://{field}" not in str(params)}
        if unknown:
            raise bad(f"unknown parameters {sorted(unknown)}")
        result = method(params | uploads if uploads else params)
        return await result if isinstance(result, Awaitable) else result

    # Updates

    async def get_updates(self, params: Json) -> list[bytes]:
        self._allow(params)
        limit = min(100, max(1, integer(params, "limit", 100)))
        return await self.updates.get(integer(params, "offset", 0), limit, integer(params, "timeout", 0))

    async def set_webhook(self, params: Json) -> bool:
        url, secret = params.get("url", ""), params.get("secret_token", "")
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname != "127.0.0.1":
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not re.fullmatch(r"[A-Za-z0-9_-]*", secret):
            raise bad("secret token contains unallowed characters")
        self._allow(params)
        if parsed(params.get("drop_pending_updates")):
            self.updates.pending.clear()
        connections = min(100, max(1, integer(params, "max_connections", 40)))
        hook = Webhook(self.webhook_at or url, secret, connections, self.webhook_retry, self.webhook_patience)
        await self.updates.set_webhook(hook)
        return True

    async def delete_webhook(self, params: Json) -> bool:
        await self.updates.set_webhook(None)
        if parsed(params.get("drop_pending_updates")):
            self.updates.pending.clear()
        return True

    def webhook_info(self, _: Json) -> Json:
        hook = self.updates.webhook
        known = {"url": hook.url if hook else "", "has_custom_certificate": False}
        known["pending_update_count"] = self.updates.count
        return known | ({"last_error_message": hook.last_error} if hook and hook.last_error else {})

    def _allow(self, params: Json) -> None:
        if "allowed_updates" in params:
            self.updates.allowed = set(parsed(params["allowed_updates"])) or None

    # Messages

    def send_message(self, params: Json) -> Json:
        chat = self.world.chat(integer(params, "chat_id"))
        text = text_of(params, "text", 4096, "message is too long")
        if not text.strip():
            raise bad("message text is empty")
        entities = entities_of(params, "entities", text) if params.get("entities") else []
        markup = markup_of(params) if params.get("reply_markup") else {}
        self.throttle.take(chat.id)
        return self.world.json(chat, self.world.post(chat, True, text=text, entities=entities, **markup))

    def send_photo(self, params: Json) -> Json:
        return self._send_file(params, "photo")

    def send_document(self, params: Json) -> Json:
        return self._send_file(params, "document")

    def _send_file(self, params: Json, kind: str) -> Json:
        chat = self.world.chat(integer(params, "chat_id"))
        file = self._file(params.get(kind), kind, params)
        markup = markup_of(params)
        said = self._caption(params)
        self.throttle.take(chat.id)
        return self.world.json(chat, self.world.post(chat, True, file=file, **said, **markup))

    def send_media_group(self, params: Json) -> list[Json]:
        chat = self.world.chat(integer(params, "chat_id"))
        media = parsed(params.get("media"))
        if not isinstance(media, list) or not 2 <= len(media) <= 10:
            raise bad("group of media must include 2-10 items")
        kinds = {item["type"] for item in media}
        if len(kinds) > 1 or not kinds <= {"photo", "document"}:
            raise bad("document can't be mixed with other media types")
        files = [self._file(item["media"], item["type"], params) for item in media]
        said = [self._caption(item) for item in media]
        self.throttle.take(chat.id, len(media))
        posted = [self.world.post(chat, True, file=file, **words) for file, words in zip(files, said, strict=True)]
        return [self.world.json(chat, message) for message in posted]

    def send_chat_action(self, params: Json) -> bool:
        self.world.chat(integer(params, "chat_id"))
        if params.get("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def _caption(self, params: Json) -> Json:
        text = text_of(params, "caption", 1024, "message caption is too long")
        return {"text": text, "entities": entities_of(params, "caption_entities", text)}

    def _file(self, what: Any, kind: str, params: Json) -> StoredFile:
        if isinstance(what, str) and what.startswith("attach://"):
            what = params.get(what.removeprefix("attach://"))
        if isinstance(what, Upload):
            if not what.content:
                raise bad("file must be non-empty")
            if len(what.content) > _MAX_UPLOAD[kind]:
                raise Refusal(413, "Request Entity Too Large")
            return self.world.store(kind, what.content, what.name, what.mime)
        if not what:
            raise bad(f"there is no {kind} in the request")
        file = self.world.files.get(what)
        if file is None:
            raise bad("wrong remote file identifier specified: Wrong string length")
        if file.kind != kind:
            raise bad(f"can't use file of type {file.kind.title()} as {kind.title()}")
        return file

    # Edits

    def edit_text(self, params: Json) -> Json:
        chat, message = self._editable(params)
        if message.file:
            raise bad("there is no text in the message to edit")
        text = text_of(params, "text", 4096, "MESSAGE_TOO_LONG")
        if not text.strip():
            raise bad("message text is empty")
        return self._edit(chat, message, text, entities_of(params, "entities", text), params)

    def edit_caption(self, params: Json) -> Json:
        chat, message = self._editable(params)
        if not message.file:
            raise bad("there is no caption in the message to edit")
        said = self._caption(params)
        return self._edit(chat, message, said["text"], said["entities"], params)

    def edit_markup(self, params: Json) -> Json:
        chat, message = self._editable(params)
        return self._edit(chat, message, message.text, message.entities, params)

    def _editable(self, params: Json) -> tuple[Chat, Message]:
        chat = self.world.chat(integer(params, "chat_id"))
        message = chat.messages.get(integer(params, "message_id"))
        if message is None:
            raise bad("message to edit not found")
        # Also what was sent with a keyboard for the input cannot be edited.
        if not message.from_bot or message.keyboard is not None:
            raise bad("message can't be edited")
        return chat, message

    def _edit(self, chat: Chat, message: Message, text: str, entities: list[Json], params: Json) -> Json:
        rows = markup_of(params, only_inline=True).get("rows", [])
        if (text, entities, rows) == (message.text, message.entities, message.rows):
            raise bad(_NOT_MODIFIED)
        self.throttle.take(chat.id)
        message.edits.append(message.text)
        message.text, message.entities, message.rows = text, entities, rows
        chat.happened(message)
        return self.world.json(chat, message) | {"edit_date": int(time.time())}

    def delete_message(self, params: Json) -> bool:
        chat = self.world.chat(integer(params, "chat_id"))
        message = chat.messages.pop(integer(params, "message_id"), None)
        if message is None:
            raise bad("message to delete not found")
        return True

    # The rest

    def answer_query(self, params: Json) -> bool:
        text = text_of(params, "text", 200, "MESSAGE_TOO_LONG")
        chat, asked = self.world.queries.get(str(params.get("callback_query_id")), (None, 0.0))
        if chat is None or time.monotonic() - asked > QUERY_LIFE:
            raise bad(_OLD_QUERY)
        if text:
            chat.toasts.append(text)
            chat.changed.set()
        return True

    def set_commands(self, params: Json) -> bool:
        commands = commands_of(params)
        self._scope(params, commands)
        return True

    def get_commands(self, params: Json) -> list[Json]:
        return self.world.commands.get(self._scope(params, None), [])

    def delete_commands(self, params: Json) -> bool:
        self._scope(params, [])
        return True

    def _scope(self, params: Json, commands: list[Json] | None) -> str:
        scope = parsed(params.get("scope")) or {"type": "default"}
        if scope["type"] == "chat":
            chat = self.world.chat(scope["chat_id"])
            if commands is not None:
                chat.commands = commands
        elif scope["type"] not in ("default", "all_private_chats"):
            raise bad("unsupported BotCommandScope type specified")
        name = f"{scope['type']}/{scope.get('chat_id', '')}/{params.get('language_code', '')}"
        if commands is not None:
            self.world.commands[name] = commands
        return name

    def get_file(self, params: Json) -> Json:
        file = self.world.files.get(params.get("file_id", ""))
        if file is None:
            raise bad("wrong file_id or the file is temporarily unavailable")
        if len(file.content) > MAX_DOWNLOAD:
            raise bad("file is too big")
        known = {"file_id": file.id, "file_unique_id": file.unique, "file_size": len(file.content)}
        return known | {"file_path": file.path}
