"""/cauhinh: what is set by a file: got, changed in a spreadsheet, sent back, looked at, and written on a press."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import PurePath
from typing import Any

from bot.chat import settings
from bot.chat.action import Action, Typed
from bot.chat.message import Button, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Done, Router, Said
from bot.chat.settings import KINDS, Kind
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import Turn, errand_card, made_card, sent_file
from bot.rules import rights
from bot.rules.refused import Refused
from bot.rules.settings import Read
from storage import files, units
from storage.units import Unit

TABLE = re.compile(r"\.(xlsx|xlsm|xls|xlsb|ods|csv|tsv)$", re.IGNORECASE)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_BYTES = 20_000_000  # more a Telegram bot is not given
MOST_LINES = 12
BY_FILE = "/cauhinh file"

router = Router("settings")


@dataclass(frozen=True, slots=True)
class Get(Action, code="sg"):
    """The file of a kind of settings."""

    kind: str


@dataclass(frozen=True, slots=True)
class Write(Action, code="sx"):
    """Write what a file says, as it was shown."""

    file: int
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class Leave(Action, code="sl"):
    """Do nothing with it."""


@router.command("cauhinh", about="settings.about", who=rights.has("settings"), rank=86)
def begin(turn: Turn) -> Said:
    """What can be set, in the chat; "/cauhinh file": by a file, and how."""
    _office(turn)
    if turn.incoming.text.strip().casefold().endswith(" file"):
        buttons = [turn.button(f"settings.buttons.file_{kind}", Get(kind)) for kind in KINDS]
        return Reply(turn.t("settings.how"), _in_pairs(buttons), card="settings")
    buttons = [turn.button(f"settings.buttons.{kind.name}", Typed(kind.command)) for kind in KINDS.values()]
    return Reply(
        turn.t("settings.what"),
        _in_pairs([*buttons, turn.button("settings.buttons.file", Typed(BY_FILE))]),
        card="settings",
    )


def _in_pairs(buttons: list[Button]) -> tuple[tuple[Button, ...], ...]:
    return in_rows(buttons, 2)


def _office(turn: Turn) -> Unit:
    top = units.top(turn.db)
    if top is None or not rights.may(turn.posts, "settings", top):
        raise Refused("settings.only_the_top", unit=top.name if top else "?")
    return top


def _kind(turn: Turn, name: str) -> Kind:
    _office(turn)
    if name not in KINDS:
        raise Refused("chat.stale_button")
    return KINDS[name]


# A file goes out


@router.on(Get)
def get(turn: Turn, pressed: Get) -> Said:
    kind = _kind(turn, pressed.kind)
    return Reply(turn.t("settings.making"), card=turn.order("settings.sheet", kind=kind.name))


def _to_make(turn: Turn, kind: str) -> dict[str, Any]:
    found = _kind(turn, kind)
    return {"name": found.file, "rows": settings.sheet(turn.say, found.table(turn.db, turn.now, turn.today))}


@router.errand("sheet", by="bot.tabling", given=_to_make)
def hand_sheet(turn: Turn, done: Done) -> None:
    """The file is made."""
    made = turn.made(done, f"{done.given['name']}.xlsx", XLSX)
    turn.refresh(turn.me.id, lambda say: Reply(say("settings.was_made"), card=errand_card(done.id)))
    turn.tell(
        turn.me.id,
        lambda say: Reply(say("settings.sheet", name=made.name), files=(made,), card=made_card(done.id)),
        urgent=True,
    )


# A file comes back


@router.said(rank=35)
def file_comes(turn: Turn) -> Said:
    """A table called like one of these files, from whoever may set something."""
    if not rights.has("settings")(turn.posts):
        return None
    for at, file in enumerate(turn.incoming.files):
        kind = _of_name(file.name)
        if kind is None:
            continue
        _office(turn)
        if file.size > MOST_BYTES:
            raise Refused("roster.too_heavy", size=-(-file.size // 1_000_000))
        card = turn.order("settings.look", file=turn.keep_files()[at], kind=kind.name)
        return Reply(turn.t("settings.reading", name=_name(file.name)), card=card)
    return None


def _of_name(name: str) -> Kind | None:
    if not TABLE.search(name):
        return None
    return next((kind for kind in KINDS.values() if PurePath(name).name.casefold().startswith(kind.file)), None)


def _name(name: str) -> str:
    return PurePath(name).name[:60]


def _to_read(turn: Turn, file: int, kind: str, **more: str) -> dict[str, Any]:
    _kind(turn, kind)
    stored = files.get(turn.db, file)
    if stored is None:
        raise Refused("chat.no_file")
    return {"file": asdict(sent_file(stored))}


def _judged(turn: Turn, done: Done) -> tuple[Kind, str, Read]:
    kind = _kind(turn, done.params["kind"])
    told = json.loads(done.made)
    if "refused" in told:
        raise Refused(f"roster.refused.{told['refused']}", **told["values"])
    turn.db.hold(settings.LOCK)
    found = settings.judge(turn.db, kind, turn.say.texts, told["rows"], turn.now, turn.today)
    return kind, _name(done.given["file"]["name"]), found


@router.errand("look", by="bot.tabling", given=_to_read, fetches=True)
def show(turn: Turn, done: Done) -> None:
    """The file has been read: what it would change is shown."""
    kind, name, found = _judged(turn, done)
    turn.refresh(turn.me.id, lambda say: Reply(say("settings.was_read", name=name), card=errand_card(done.id)))
    turn.tell(turn.me.id, lambda say: _preview(say, done, kind, name, found), urgent=True)


def _preview(say: Voice, done: Done, kind: Kind, name: str, found: Read, *, again: bool = False) -> Reply:
    title = say("settings.read", name=name, rows=found.rows)
    if found.problems:
        said = [(say("settings.problem", said=settings.wrong(say, one))) for one in found.problems[:MOST_LINES]]
        left = len(found.problems) - len(said)
        more = say("settings.more", count=left) if left > 0 else ()
        wrong = say("settings.wrong", count=len(found.problems))
        return Reply(paragraphs(title, lines(wrong, *said, more), say("settings.put_right")))
    if not found.changes:
        return Reply(paragraphs(title, say("settings.nothing")))
    write = Write(done.params["file"], kind.name, settings.digest(found))
    buttons = (
        Button(say.label("settings.buttons.write"), write.pack()),
        Button(say.label("settings.buttons.leave"), Leave().pack()),
    )
    heading = say("settings.meanwhile") if again else ()
    return Reply(
        paragraphs(heading, title, _changes(say, kind, found), say("settings.write_it")),
        (buttons,),
        card=f"settings file:{done.params['file']}",
    )


def _changes(say: Voice, kind: Kind, found: Read) -> Any:
    some = [settings.described(say, kind, change) for change in found.changes[:MOST_LINES]]
    left = len(found.changes) - len(some)
    more = say("settings.more", count=left) if left > 0 else ()
    return lines(
        say("settings.changes", count=len(found.changes)), *(say("settings.change", said=said) for said in some), more
    )


@router.on(Leave)
def leave(turn: Turn, pressed: Leave) -> Said:
    return Reply(turn.t("settings.left"))


@router.on(Write)
def order_to_write(turn: Turn, pressed: Write) -> Said:
    """The file is read again: nothing of it was kept."""
    kind = _kind(turn, pressed.kind)
    card = turn.order("settings.write", file=pressed.file, kind=kind.name, digest=pressed.digest)
    return Reply(turn.t("settings.writing"), card=card)


@router.errand("write", by="bot.tabling", given=_to_read, fetches=True)
def write(turn: Turn, done: Done) -> None:
    """All of it, if it still is what was shown."""
    kind, name, found = _judged(turn, done)
    top = _office(turn)
    if found.problems or settings.digest(found) != done.params["digest"]:
        turn.tell(turn.me.id, lambda say: _preview(say, done, kind, name, found, again=True), urgent=True)
        return
    for change in found.changes:
        settings.write(turn.db, kind, change.was, change.to, turn.house, turn.note, top.id)
    turn.refresh(turn.me.id, lambda say: Reply(say("settings.was_read", name=name), card=errand_card(done.id)))
    count = len(found.changes)
    turn.tell(turn.me.id, lambda say: Reply(say("settings.written", name=name, count=count)), urgent=True)
