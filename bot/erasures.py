"""Whoever was erased stays so when a backup of before is brought back: a list of hashes, beside the backups too."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from storage import backup, dump, restore
from storage.db import StorageError

FILE = "erasures.txt"


def known(url: str, is_server: bool, *folders: Path) -> set[str]:
    """The hashes in the database that is there now and in the lists in these folders."""
    found = set(_in_database(url, is_server))
    for folder in folders:
        found |= _listed(folder / FILE)
    return found


def keep(url: str, is_server: bool, folder: Path, like: Path) -> None:
    """Add those of the database to the list in a folder, which belongs to whom `like` does."""
    file = folder / FILE
    found = _listed(file)
    signs = found | set(_in_database(url, is_server))
    if signs != found:
        new = file.with_suffix(".new")
        new.write_text("".join(f"{one}\n" for one in sorted(signs)), "utf-8")
        backup.give(new, like)
        new.replace(file)


def _in_database(url: str, is_server: bool) -> list[str]:
    """Nothing of a database that is not there, or cannot be read: that is why a backup is brought back."""
    with suppress(StorageError):
        return dump.erased(url) if is_server else restore.erased(Path(url))
    return []


def _listed(file: Path) -> set[str]:
    with suppress(FileNotFoundError):
        return {line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()}
    return set()
