"""An office's list comes as a file: whose it is, and that it is read outside the turn."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from bot.chat.action import Action
from bot.chat.message import Button, File
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn, sent_file
from bot.rules import rights
from bot.rules.refused import Refused
from storage import files, units
from storage.units import Unit

TABLE = re.compile(r"\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv)$", re.IGNORECASE)
TABLE_TYPES = ("spreadsheet", "excel", "text/csv")
MOST_BYTES = 20_000_000  # more a Telegram bot is not given

router = Router("roster")


@dataclass(frozen=True, slots=True)
class Load(Action, code="il"):
    """The list in this file is of this unit."""

    file: int
    unit: int


@router.command("danhsach", about="roster.about", who=rights.has("roster"), rank=85)
def how(turn: Turn) -> Said:
    """What to send."""
    return Reply(turn.t("roster.how"))


@router.said(rank=40)
def list_comes(turn: Turn) -> Said:
    """Somebody sent a table: the list of an administrator, else told kindly whose it would be."""
    at = next((at for at, file in enumerate(turn.incoming.files) if _is_table(file)), None)
    if at is None:
        return None
    offices = rights.offices(turn.posts, "roster")
    if not offices:
        return Reply(turn.t("roster.not_yours"))
    file = turn.incoming.files[at]
    if file.size > MOST_BYTES:
        raise Refused("roster.too_heavy", size=-(-file.size // 1_000_000))
    file_id = turn.keep_files()[at]
    if len(offices) == 1:
        return _read(turn, file_id, offices[0])
    buttons = tuple((Button(unit.name[:24], Load(file_id, unit.id).pack()),) for unit in offices)
    return Reply(turn.t("roster.whose", name=file_name(file.name)), buttons)


def _is_table(file: File) -> bool:
    return bool(TABLE.search(file.name)) or any(kind in file.mime for kind in TABLE_TYPES)


def file_name(name: str) -> str:
    """As it is shown."""
    return PurePath(name).name[:60] or "?"


@router.on(Load)
def load(turn: Turn, pressed: Load) -> Said:
    """It is said whose list it is."""
    return _read(turn, pressed.file, rights.check_open(turn.posts, "roster", units.get(turn.db, pressed.unit)))


def _read(turn: Turn, file_id: int, unit: Unit) -> Reply:
    file = files.get(turn.db, file_id)
    if file is None:
        raise Refused("chat.stale_button")
    card = turn.order("roster.read", file=file_id, unit=unit.id)
    return Reply(turn.t("roster.reading", name=file_name(file.name)), card=card)


def to_read(turn: Turn, file: int, unit: int, **more: Any) -> dict[str, Any]:
    """What whoever reads the file has to know. Raises Refused."""
    rights.check_open(turn.posts, "roster", units.get(turn.db, unit))
    stored = files.get(turn.db, file)
    if stored is None:
        raise Refused("chat.no_file")
    return {"file": asdict(sent_file(stored)), "language": turn.me.language, **more}
