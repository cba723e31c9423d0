"""The folder of photos: outside of anything that is served, each file under the hash of its content."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")


class Folder:
    """Photos and their thumbnails. The folder is made when the first comes, for its owner alone (0700, files 0600)."""

    def __init__(self, where: Path) -> None:
        self.where = where

    def path(self, hash: str, *, small: bool = False) -> Path:
        """Where it is, or would be. Nothing but the hash decides that: raises ValueError for what is none."""
        if not _HASH.fullmatch(hash):
            raise ValueError("no hash of a photo")
        return self.where / hash[:2] / f"{hash}{'.small' if small else ''}.jpg"

    def keep(self, hash: str, content: bytes, small: bytes) -> None:
        """Keep it, safely on the disk; what is there already is not written again. Raises OSError."""
        for bytes_, is_small in ((content, False), (small, True)):
            target = self.path(hash, small=is_small)
            if not (target.exists() and target.stat().st_size == len(bytes_)):
                _write(target, bytes_)

    def read(self, hash: str, *, small: bool = False) -> bytes | None:
        """Its content; None when it is not there."""
        try:
            return self.path(hash, small=small).read_bytes()
        except FileNotFoundError:
            return None

    def find(self, hash: str, small: bool = False) -> Path | None:
        """Where it is; None when there is none, or that is no hash."""
        if not _HASH.fullmatch(hash):
            return None
        path = self.path(hash, small=small)
        return path if path.is_file() else None

    def forget(self, hash: str) -> None:
        """Remove it, the thumbnail too. Raises OSError."""
        for small in (False, True):
            self.path(hash, small=small).unlink(missing_ok=True)


def _write(target: Path, content: bytes) -> None:
    """Under another name first: whoever looks sees all of it or nothing."""
    _make(target.parent)
    made = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        number = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(number)
        made.replace(target)
    finally:
        with suppress(FileNotFoundError):
            made.unlink()
    _on_disk(target.parent)


def _make(folder: Path) -> None:
    for one in (folder.parent, folder):
        one.mkdir(mode=0o700, parents=True, exist_ok=True)


def _on_disk(folder: Path) -> None:
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
