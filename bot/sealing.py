"""Backups that only the holder of a key can read: by age for an "age1…" recipient, by GnuPG for any other."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from storage import program
from storage.db import StorageError

_AGE = "Install it (Debian: apt install age)."
_GPG = "Install it (Debian: apt install gpg)."


def ending(recipient: str) -> str:
    """What the name of a sealed file ends in ("" when nothing is sealed)."""
    if not recipient:
        return ""
    return ".age" if recipient.startswith("age1") else ".gpg"


def check(recipient: str) -> None:
    """Whether the program that seals is here. Raises StorageError."""
    if recipient:
        _command(recipient)


def try_out(recipient: str) -> None:
    """Seal something small, as only a key that can be used allows. Raises StorageError."""
    with TemporaryDirectory() as folder:
        plain = Path(folder, "plain")
        plain.write_bytes(b"apso")
        seal(plain, Path(folder, "sealed"), recipient)


def seal(plain: Path, into: Path, recipient: str, give_up: Event | None = None) -> None:
    """Write `plain` to `into` so that only the recipient can read it. Raises StorageError."""
    program.run(_command(recipient), into, out_of=plain, give_up=give_up)


def _command(recipient: str) -> list[str]:
    if ending(recipient) == ".age":
        return [program.find("age", _AGE), "--encrypt", "--recipient", recipient]
    always = ["--batch", "--no-tty", "--trust-model", "always", "--compress-level", "1"]
    return [program.find("gpg", _GPG), *always, "--recipient", recipient, "--encrypt"]


def is_sealed(file: Path) -> bool:
    return file.suffix in (".age", ".gpg")


def unseal(sealed: Path, into: Path, identity: Path | None) -> None:
    """Write what was sealed to `into`. `identity`: the file of age's secret key. Raises StorageError."""
    if sealed.suffix == ".gpg":
        if identity is not None:
            raise StorageError(
                f"GnuPG takes keys from its own keyring: gpg --import {identity}, then without --identity."
            )
        program.run([program.find("gpg", _GPG), "--quiet", "--decrypt", str(sealed)], into)
        return
    if identity is None:
        raise StorageError(f"{sealed.name} is sealed: add --identity and the file of the secret key.")
    program.run([program.find("age", _AGE), "--decrypt", "--identity", str(identity), str(sealed)], into)
