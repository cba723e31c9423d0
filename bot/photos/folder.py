"""The folder of photos: outside of anything that is served, each file under the hash of its content."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from pathlib import Path

_HASH = re.compile(r"[0-9a-f]{64}")
_KEPT = re.compile(r"([0-9a-f]{64})(?:\.small)?\.jpg")
_HALF_WRITTEN = re.compile(r"\.[0-9a-f]{64}(?:\.small)?\.jpg\.[0-9a-f]{16}")
_PART = re.compile(r"[0-9a-f]{2}")

MS = 1_000_000  # in nanoseconds


class Folder:
    """Photos and their thumbnails. The folder is made when the first comes, for its owner alone (0700, files 0600). A
    file's time is when it was put there last, by the program's own clock (`now`, UTC ms)."""

    mark = ".apso"  # in it stands whose folder it is

    def __init__(self, where: Path) -> None:
        self.where = where

    def path(self, hash: str, *, small: bool = False) -> Path:
        """Where it is, or would be. Nothing but the hash decides that: raises ValueError for what is none."""
        if not _HASH.fullmatch(hash):
            raise ValueError("no hash of a photo")
        return self.where / hash[:2] / f"{hash}{'.small' if small else ''}.jpg"

    def keep(self, hash: str, content: bytes, small: bytes, now: int) -> None:
        """Keep it, safely on the disk; what is there already is not written again. Raises OSError."""
        for bytes_, is_small in ((content, False), (small, True)):
            target = self.path(hash, small=is_small)
            if target.exists() and target.stat().st_size == len(bytes_):
                os.utime(target, ns=_times(now))
            else:
                _write(target, bytes_, now)

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

    # What lies in it

    def parts(self) -> list[str]:
        """The folders in it that hold photos."""
        if not self.where.is_dir():
            return []
        return sorted(one.name for one in os.scandir(self.where) if _PART.fullmatch(one.name) and one.is_dir())

    def old(self, part: str, before: int) -> list[tuple[Path, str]]:
        """What was put into a part before that moment, each with its hash ("": it was never written to its end). Files
        of others are left out."""
        found = []
        for one in os.scandir(self.where / part):
            kept = _KEPT.fullmatch(one.name)
            if (kept or _HALF_WRITTEN.fullmatch(one.name)) and one.stat().st_mtime_ns < before * MS:
                found.append((Path(one.path), kept[1] if kept else ""))
        return found

    def name(self) -> str:
        """Whose folder it is; "": nobody's yet."""
        try:
            return (self.where / self.mark).read_text("ascii", "replace").strip()
        except FileNotFoundError:
            return ""

    def call(self, name: str, now: int) -> None:
        """From now on it is that one's. Raises OSError."""
        _write(self.where / self.mark, f"{name}\n".encode(), now)


def _times(now: int) -> tuple[int, int]:
    return now * MS, now * MS


def _write(target: Path, content: bytes, now: int) -> None:
    """Under another name first: whoever looks sees all of it or nothing."""
    _make(target.parent)
    made = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        number = os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(content)
            file.flush()
            os.utime(number, ns=_times(now))
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
