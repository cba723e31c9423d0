"""Answers given so far in a dialog: one going on per chat, a few that were put aside, and more of who practises."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from storage.db import Db, Row

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: it is used at each turn

_COLUMNS = "id, channel, chat, dialog, params, answers, view, asked, parked, touched_at"


MOST_ASIDE = 5  # of a chat
_OF_CHAT = "channel = :channel AND chat = :chat"

AWAY = 1000  # so far below the others are those that wait for the end of practice
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
    """A new draft; one that was going on in this chat is put aside."""
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
    row = db.one(
        f"SELECT {_COLUMNS} FROM drafts WHERE channel = :channel AND chat = :chat AND parked = 0",
        channel=channel,
        chat=chat,
    )
    return _draft(row) if row else None


def parked(db: Db, channel: str, chat: str) -> Draft | None:
    """The one that was put aside last."""
    return next(iter(aside(db, channel, chat)), None)


def aside(db: Db, channel: str, chat: str) -> list[Draft]:
    """All that were put aside, the last first."""
    rows = db.all(
        f"SELECT {_COLUMNS} FROM drafts WHERE channel = :channel AND chat = :chat AND parked > 0 ORDER BY parked",
        channel=channel,
        chat=chat,
    )
    return [_draft(row) for row in rows]


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
    """Put the draft going on aside, above those put aside earlier. False when there was none."""
    going = active(db, channel, chat)
    if going is not None:
        _put_above(db, going)
    return going is not None


def resume(db: Db, draft: Draft, now: int) -> None:
    """Go on with a draft that was put aside; the one going on is put aside for it, if anything was answered in it."""
    going = active(db, draft.channel, draft.chat)
    db.run("UPDATE drafts SET parked = -1 WHERE id = :id", id=draft.id)  # no two may be in one place
    if going is not None and going.is_answered:
        _put_above(db, going)
    elif going is not None:
        drop(db, going.id)
    db.run("UPDATE drafts SET parked = 0, touched_at = :now WHERE id = :id", id=draft.id, now=now)


def _put_above(db: Db, going: Draft) -> None:
    """On top of those that were put aside in the chat; the lowest goes when there are too many."""
    for place, one in reversed(list(enumerate(aside(db, going.channel, going.chat), 1))):
        if place >= MOST_ASIDE:
            drop(db, one.id)
        else:
            db.run("UPDATE drafts SET parked = :place WHERE id = :id", place=place + 1, id=one.id)
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
        db.run(f"DELETE FROM drafts WHERE {_OF_CHAT} AND parked < -1", channel=channel, chat=chat)
        db.run(f"UPDATE drafts SET parked = parked - {AWAY} WHERE {_OF_CHAT}", channel=channel, chat=chat)


def bring_back(db: Db, person_id: int) -> None:
    """What was put away is put aside, as before; what was begun since is dropped."""
    for channel, chat in _chats(db, person_id):
        clear(db, channel, chat)
        db.run(f"UPDATE drafts SET parked = parked + {AWAY} WHERE {_OF_CHAT}", channel=channel, chat=chat)


def clear(db: Db, channel: str, chat: str) -> None:
    """Drop what goes on or was put aside in a chat; what was put away stays."""
    db.run(f"DELETE FROM drafts WHERE {_OF_CHAT} AND parked >= -1", channel=channel, chat=chat)


def _chats(db: Db, person_id: int) -> list[tuple[str, str]]:
    rows = db.all("SELECT channel, chat FROM identities WHERE person_id = :person", person=person_id)
    return [(row[0], row[1]) for row in rows]


def drop(db: Db, draft_id: int) -> None:
    db.run("DELETE FROM drafts WHERE id = :id", id=draft_id)


def _text(value: object) -> str:
    return _encode(value)
