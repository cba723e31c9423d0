"""The photos and documents on the demo's phones: kept under names of our own, told apart by their first bytes."""

from __future__ import annotations

import hashlib
import re
import secrets
import unicodedata
from pathlib import Path

from bot.chat.message import File

_MIME = {
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".pdf": "application/pdf",
}
_REF = re.compile(r"[0-9a-f]{32}\.(jpg|png|webp|gif|pdf|bin)")


class Album:
    """A folder of files. A `ref` is 32 random hexadecimal digits and an ending that fixes the content type."""

    def __init__(self, folder: Path, channel: str) -> None:
        self._folder = folder
        self._channel = channel
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, name: str, content: bytes) -> File:
        """Write `content` down; `name` becomes a label only. What its first bytes show to be a picture is a photo."""
        ending = _ending(content)
        ref = secrets.token_hex(16) + ending
        (self._folder / ref).write_bytes(content)
        return File(
            kind="document" if ending in (".pdf", ".bin") else "photo",
            channel=self._channel,
            ref=ref,
            unique=hashlib.sha256(content).hexdigest()[:32],
            name=_label(name),
            mime=_MIME.get(ending, "application/octet-stream"),
            size=len(content),
        )

    def find(self, ref: str) -> tuple[Path, str] | None:
        """The place and the content type of a kept file; None when there is no such file."""
        if not _REF.fullmatch(ref):
            return None
        path = self._folder / ref
        return (path, _MIME.get(path.suffix, "application/octet-stream")) if path.is_file() else None


def _ending(content: bytes) -> str:
    if content.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ".png"
    if content.startswith((b"GIF87a", b"GIF89a")):
        return ".gif"
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return ".webp"
    return ".pdf" if content.startswith(b"%PDF-") else ".bin"


def _label(name: str) -> str:
    """The last part of a path, without control and direction characters, 80 characters at most."""
    last = re.split(r"[/\\]", name)[-1]
    return "".join(c for c in last if unicodedata.category(c)[0] != "C").strip()[:80]
