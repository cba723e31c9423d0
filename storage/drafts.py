"""Answers given so far in a dialog: one going on and one put aside per chat; of who practises one more waits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from storage.db import Db, Row

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: it is used at each turn

_COLUMNS = "id, channel, chat, dialog, params, answers, view, asked, parked, touched_at"


DROPPED = "dropped"  # in the view of a draft that is not to be gone on with by itself
GIVEN = "given"  # an answer's third part, when it was there before anything was asked


@dataclass(slots=True)
class Draft:
    """`answers`: key -> [value, what it was answered about]; `view`: what is shown (page, picks), not an answer."""

    id: int
    channel: str
    chat: str
    dialog: str
    params: dict[str, Any]
    answers: dict[str, list[Any]]
    view: dict[str, Any]
    asked: str
    parked: bool
    touched_at: int

    @property
    def is_answered(self) -> bool:
        """Whether the person put anything into it: only then is it worth coming back to."""
        return any(GIVEN not in kept[2:] for kept in self.answers.values())


def begin(db: Db, channel: str, chat: str, dialog: str, params: dict[str, Any], now: int) -> Draft:
    """A new draft; one that was going on in this chat is put aside in place of an older one."""
    park(db, channel, chat)
    row = db.one(
        "INSERT INTO drafts (channel, chat, dialog, params, answers, view, asked, parked, touched_at)"
        " VALUES (:channel, :chat, :dialog, :params, '{}', '{}', '', 0, :now) RETURNING id",
        channel=channel,
        chat=chat,
        dialog=dialog,
        params=_text(params),
        now=now,
    )
    assert row is not None
    return Draft(row[0], channel, chat, dialog, params, {}, {}, "", False, now)


def active(db: Db, channel: str, chat: str) -> Draft | None:
    return _of_chat(db, channel, chat, parked=0)


def parked(db: Db, channel: str, chat: str) -> Draft | None:
    return _of_chat(db, channel, chat, parked=1)


def _of_chat(db: Db, channel: str, chat: str, parked: int) -> Draft | None:
    row = db.one(
        f"SELECT {_COLUMNS} FROM drafts WHERE channel = :channel AND chat = :chat AND parked = :parked",
        channel=channel,
        chat=chat,
        parked=parked,
    )
    return _draft(row) if row else None


def _draft(row: Row) -> Draft:
    params, answers, view = (json.loads(row[index]) for index in (4, 5, 6))
    return Draft(row[0], row[1], row[2], row[3], params, answers, view, row[7], bool(row[8]), row[9])


def save(db: Db, draft: Draft, now: int) -> None:
    db.run(
        "UPDATE drafts SET answers = :answers, view = :view, asked = :asked, touched_at = :now WHERE id = :id",
        answers=_text(draft.answers),
        view=_text(draft.view),
        asked=draft.asked,
        now=now,
        id=draft.id,
    )


def park(db: Db, channel: str, chat: str) -> bool:
    """Put the draft going on aside; one put aside earlier is dropped. False when there was none."""
    if active(db, channel, chat) is None:
        return False
    db.run("DELETE FROM drafts WHERE channel = :channel AND chat = :chat AND parked = 1", channel=channel, chat=chat)
    db.run(
        "UPDATE drafts SET parked = 1 WHERE channel = :channel AND chat = :chat AND parked = 0",
        channel=channel,
        chat=chat,
    )
    return True


def resume(db: Db, draft: Draft, now: int) -> None:
    """Go on with a draft that was put aside; the one going on is put aside for it, if anything was answered in it."""
    going = active(db, draft.channel, draft.chat)
    if going is not None and not going.is_answered:
        drop(db, going.id)
    elif going is not None:
        db.run("UPDATE drafts SET parked = 2 WHERE id = :id", id=going.id)  # no two may be in one place
    db.run("UPDATE drafts SET parked = 0, touched_at = :now WHERE id = :id", id=draft.id, now=now)
    if going is not None:
        db.run("UPDATE drafts SET parked = 1 WHERE id = :id", id=going.id)


def untouched(db: Db, dialog: str, before: int, most: int) -> list[Draft]:
    """Drafts of a dialog that were not touched since that moment, nor dropped."""
    rows = db.all(
        f"SELECT {_COLUMNS} FROM drafts WHERE touched_at < :before AND dialog = :dialog"
        f" AND view NOT LIKE '%\"{DROPPED}\":true%' ORDER BY touched_at LIMIT :most",
        before=before,
        dialog=dialog,
        most=most,
    )
    return [_draft(row) for row in rows]


def set_aside(db: Db, draft: Draft, now: int) -> None:
    """Put a draft aside as dropped now: it can be taken back for a while."""
    draft.view[DROPPED] = True
    save(db, draft, now)
    if not draft.parked:
        park(db, draft.channel, draft.chat)


def forget(db: Db, channel: str, chat: str) -> None:
    """Nothing of this chat is kept, neither going on nor put aside."""
    db.run("DELETE FROM drafts WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat)


def put_away(db: Db, person_id: int) -> None:
    """What this person began, in each of their chats, waits until `bring_back`: neither going on nor put aside."""
    for channel, chat in _chats(db, person_id):
        park(db, channel, chat)
        db.run(
            "DELETE FROM drafts WHERE channel = :channel AND chat = :chat AND parked = 3", channel=channel, chat=chat
        )
        db.run("UPDATE drafts SET parked = 3 WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat)


def bring_back(db: Db, person_id: int) -> None:
    """What was put away is put aside, as before; what was begun since is dropped."""
    for channel, chat in _chats(db, person_id):
        db.run(
            "DELETE FROM drafts WHERE channel = :channel AND chat = :chat AND parked < 3", channel=channel, chat=chat
        )
        db.run("UPDATE drafts SET parked = 1 WHERE channel = :channel AND chat = :chat", channel=channel, chat=chat)


def _chats(db: Db, person_id: int) -> list[tuple[str, str]]:
    rows = db.all("SELECT channel, chat FROM identities WHERE person_id = :person", person=person_id)
    return [(row[0], row[1]) for row in rows]


def drop(db: Db, draft_id: int) -> None:
    db.run("DELETE FROM drafts WHERE id = :id", id=draft_id)


def _text(value: object) -> str:
    return _encode(value)
