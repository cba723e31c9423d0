"""What the bot has to say, kept in the turn that decided it; and the cards, things shown once per chat.

queued → (commit) sending → the wire → (commit) sent | failed | unknown; certainly unsent goes back to queued.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from storage import leaders
from storage.db import Db

State = Literal["queued", "sending", "sent", "failed", "unknown", "dropped"]

_COLUMNS = (
    "o.id, o.lane, o.kind, o.channel, o.chat, o.person_id, o.broadcast_id, o.body, o.card, o.edits, o.attempts, o.epoch"
)
SENDER = "sender"  # what its process leads


@dataclass(frozen=True, slots=True)
class Letter:
    """One message to one chat. `body` is the message as JSON; `target` the card's message id now ("": never shown).

    `epoch`: of the sender that has it in hand.
    """

    id: int
    lane: int
    kind: str
    channel: str
    chat: str
    person_id: int | None
    broadcast_id: int | None
    body: str
    card: str
    edits: int
    attempts: int
    epoch: int
    target: str


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a letter on the wire. `lost`: the chat cannot be reached; `moved`: its new id."""

    letter: Letter
    state: State
    message_id: str = ""
    error: str = ""
    lost: bool = False
    moved: str = ""


def add(
    db: Db,
    *,
    lane: int,
    kind: str,
    channel: str,
    chat: str,
    person_id: int | None,
    body: str,
    card: str,
    edits: bool,
    epoch: int,
    not_before: int,
    now: int,
    broadcast_id: int | None = None,
) -> int:
    """Put a letter in; with an `epoch` it is born claimed by that sender (0: queued for whichever sender comes)."""
    row = db.one(
        "INSERT INTO outbox (lane, kind, channel, chat, person_id, broadcast_id, body, card, edits, state, epoch,"
        " attempts, not_before, created_at, changed_at, message_id, error)"
        " VALUES (:lane, :kind, :channel, :chat, :person, :broadcast, :body, :card, :edits, :state, :epoch,"
        " 0, :not_before, :now, :now, '', '') ON CONFLICT DO NOTHING RETURNING id",
        lane=lane,
        kind=kind,
        channel=channel,
        chat=chat,
        person=person_id,
        broadcast=broadcast_id,
        body=body,
        card=card,
        edits=int(edits),
        state="sending" if epoch else "queued",
        epoch=epoch,
        not_before=not_before,
        now=now,
    )
    return row[0] if row else 0


def replace_queued(db: Db, channel: str, chat: str, card: str, body: str, now: int) -> bool:
    """Let a queued letter of the same card say this instead; False when none waits."""
    return (
        db.run(
            "UPDATE outbox SET body = :body, changed_at = :now WHERE channel = :channel AND state = 'queued'"
            " AND chat = :chat AND card = :card",
            body=body,
            now=now,
            channel=channel,
            chat=chat,
            card=card,
        )
        > 0
    )


def put_off(db: Db, channel: str, chat: str, card: str, body: str, due: int, most: int, now: int) -> bool:
    """Let the answer that waits with this card say this instead, and not before it is due; it waits no longer than
    `most` ms in all. False when none waits."""
    return (
        db.run(
            "UPDATE outbox SET body = :body, changed_at = :now,"
            " not_before = CASE WHEN created_at + :most < :due THEN created_at + :most ELSE :due END"
            " WHERE channel = :channel AND state = 'queued' AND chat = :chat AND card = :card AND lane = 0",
            body=body,
            due=due,
            most=most,
            now=now,
            channel=channel,
            chat=chat,
            card=card,
        )
        > 0
    )


def put_off_cards(db: Db, channel: str, chat: str) -> list[str]:
    """The cards of answers that wait in a chat until nothing more comes."""
    rows = db.all(
        "SELECT card FROM outbox WHERE channel = :channel AND state = 'queued' AND chat = :chat AND card <> ''"
        " AND lane = 0 AND not_before > 0 ORDER BY id",
        channel=channel,
        chat=chat,
    )
    return [row[0] for row in rows]


def let_go(db: Db, channel: str, chat: str, card: str, now: int) -> None:
    """An answer that waits with this card is not said any more."""
    db.run(
        "UPDATE outbox SET state = 'dropped', changed_at = :now"
        " WHERE channel = :channel AND state = 'queued' AND chat = :chat AND card = :card AND lane = 0",
        now=now,
        channel=channel,
        chat=chat,
        card=card,
    )


def claim(db: Db, channel: str, epoch: int, now: int, most: int) -> list[Letter]:
    """Take the next letters of a channel for the wire: replies first, then tasks, then broadcasts, oldest first.

    Nothing for a sender that is not the newest. What was meant for somebody whose chat it is no more is not said: they
    may have left while it was being put in.
    """
    if leaders.epoch(db, SENDER) != epoch:
        return []
    rows = db.all(
        f"SELECT {_COLUMNS}, COALESCE(c.message_id, ''), o.lane = 0 OR o.person_id IS NULL OR o.person_id = COALESCE("
        "(SELECT i.person_id FROM identities i WHERE i.channel = o.channel AND i.chat = o.chat), 0) FROM outbox o"
        " LEFT JOIN cards c ON c.channel = o.channel AND c.chat = o.chat AND c.card = o.card AND o.card <> ''"
        " WHERE o.channel = :channel AND o.state = 'queued' AND o.not_before <= :now ORDER BY o.lane, o.id LIMIT :most"
        + db.skip_locked,
        channel=channel,
        now=now,
        most=most,
    )
    gone = [row[0] for row in rows if not row[-1]]
    db.many(
        "UPDATE outbox SET state = 'failed', error = 'hushed', changed_at = :now WHERE id = :id",
        ({"id": letter_id, "now": now} for letter_id in gone),
    )
    letters = [replace(Letter(*row[:-1]), epoch=epoch) for row in rows if row[-1]]
    db.many(
        "UPDATE outbox SET state = 'sending', epoch = :epoch, changed_at = :now WHERE id = :id",
        ({"id": letter.id, "epoch": epoch, "now": now} for letter in letters),
    )
    return letters


def release(db: Db, letters: Iterable[Letter], now: int) -> None:
    """Put claimed letters that certainly did not go to the wire back in the queue, unless a later sender has them."""
    db.many(
        "UPDATE outbox SET state = 'queued', changed_at = :now WHERE id = :id AND state = 'sending' AND epoch = :epoch",
        ({"id": letter.id, "epoch": letter.epoch, "now": now} for letter in letters),
    )


def settle(db: Db, results: Iterable[Result], now: int) -> None:
    """Record what became of letters, and where their cards are shown now.

    What a later sender decided about a letter stays, but for the doubt: who said it knows that it was said.
    """
    results = list(results)
    db.many(
        "UPDATE outbox SET state = :state, message_id = :message_id, error = :error, attempts = attempts + 1,"
        " changed_at = :now WHERE id = :id AND epoch = :epoch AND state IN ('sending', 'unknown')",
        (
            {
                "id": r.letter.id,
                "epoch": r.letter.epoch,
                "state": r.state,
                "message_id": r.message_id,
                "error": r.error,
                "now": now,
            }
            for r in results
        ),
    )
    for result in results:
        if result.state != "sent" or not result.letter.card or result.message_id in ("", result.letter.target):
            continue
        db.hold(f"{result.letter.channel}:{result.letter.chat}")
        # A press may have come before this record, and the message shows something else already.
        if not shown(db, result.letter.channel, result.letter.chat, result.message_id):
            show(db, result.letter.channel, result.letter.chat, result.letter.card, result.message_id, now)


def repeat(db: Db, letter: Letter, now: int) -> bool:
    """Whoever has it in hand says it once more; False when a later sender has it."""
    return (
        db.run(
            "UPDATE outbox SET attempts = attempts + 1, changed_at = :now"
            " WHERE id = :id AND epoch = :epoch AND state = 'sending'",
            id=letter.id,
            epoch=letter.epoch,
            now=now,
        )
        == 1
    )


def again(db: Db, letter: Letter, now: int) -> None:
    """Queue a letter once more whose fate is unknown."""
    db.run(
        "UPDATE outbox SET state = 'queued', attempts = attempts + 1, changed_at = :now WHERE id = :id",
        id=letter.id,
        now=now,
    )


def hush(db: Db, channel: str, chat: str, now: int) -> None:
    """What still waits to be said in this chat is said no more: nobody there wants to hear it."""
    db.run(
        "UPDATE outbox SET state = 'failed', error = 'hushed', changed_at = :now"
        " WHERE channel = :channel AND chat = :chat AND state = 'queued'",
        channel=channel,
        chat=chat,
        now=now,
    )


def redirect(db: Db, letter: Letter, channel: str, chat: str, now: int) -> None:
    """Queue a letter that failed for another chat of the same person."""
    db.run(
        "UPDATE outbox SET state = 'queued', channel = :channel, chat = :chat, edits = 0, changed_at = :now"
        " WHERE id = :id AND epoch = :epoch AND state = 'failed'",
        channel=channel,
        chat=chat,
        now=now,
        id=letter.id,
        epoch=letter.epoch,
    )


def in_flight_before(db: Db, epoch: int) -> list[Letter]:
    """What an earlier sender had in hand when it ended: perhaps said, perhaps not."""
    rows = db.all(
        f"SELECT {_COLUMNS}, '' FROM outbox o WHERE o.state = 'sending' AND o.epoch < :epoch ORDER BY o.id", epoch=epoch
    )
    return [Letter(*row) for row in rows]


def last_touched(db: Db, epoch: int) -> int:
    """When an earlier sender last took something in hand or said it, as far as the newest letters and those still in
    its hand show; 0: never."""
    row = db.one(
        "SELECT MAX(changed_at) FROM (SELECT changed_at FROM outbox WHERE state = 'sending' AND epoch < :epoch"
        " UNION ALL SELECT changed_at FROM (SELECT changed_at, state FROM outbox ORDER BY id DESC LIMIT 100) newest"
        " WHERE state <> 'queued') touched",
        epoch=epoch,
    )
    return row[0] or 0 if row else 0


def shown(db: Db, channel: str, chat: str, message_id: str) -> str:
    """Which card a message shows ("": none, or an older showing of it)."""
    row = db.one(
        "SELECT card FROM cards WHERE channel = :channel AND chat = :chat AND message_id = :message",
        channel=channel,
        chat=chat,
        message=message_id,
    )
    return row[0] if row else ""


def unsaid(db: Db, channel: str, chat: str, card: str) -> str:
    """Whether a letter that shows the card waits ("queued") or is on its way ("sending"); "": neither."""
    for state in ("queued", "sending"):
        if db.one(
            f"SELECT 1 FROM outbox WHERE state = '{state}' AND channel = :channel AND chat = :chat AND card = :card",
            channel=channel,
            chat=chat,
            card=card,
        ):
            return state
    return ""


def showing(db: Db, channel: str, chat: str, card: str) -> tuple[str, int] | None:
    """Where and since when a card is shown in a chat."""
    row = db.one(
        "SELECT message_id, shown_at FROM cards WHERE channel = :channel AND chat = :chat AND card = :card",
        channel=channel,
        chat=chat,
        card=card,
    )
    return (row[0], row[1]) if row else None


def newest_card(db: Db, person_id: int, channel: str, chat: str) -> str:
    """What the message that stands lowest in a person's chat shows ("": no card)."""
    row = db.one(
        "SELECT card FROM outbox WHERE person_id = :person AND channel = :channel AND chat = :chat AND edits = 0"
        " ORDER BY id DESC LIMIT 1",
        person=person_id,
        channel=channel,
        chat=chat,
    )
    return row[0] if row else ""


def newest_showing(db: Db, person_id: int | None, channel: str, chat: str, card: str) -> str:
    """What a card says in a person's chat, or is about to say ("": none, or nobody knows whether it arrived)."""
    row = db.one(
        "SELECT CASE WHEN state IN ('queued', 'sending', 'sent') THEN body ELSE '' END FROM outbox"
        " WHERE person_id = :person AND channel = :channel AND chat = :chat AND card = :card ORDER BY id DESC LIMIT 1",
        person=person_id,
        channel=channel,
        chat=chat,
        card=card,
    )
    return row[0] if row else ""


def show(db: Db, channel: str, chat: str, card: str, message_id: str, now: int) -> None:
    """The card is shown by this message from now on; what else was to be shown there is not any more."""
    db.run(
        "UPDATE outbox SET state = 'dropped', changed_at = :now WHERE channel = :channel AND chat = :chat"
        " AND state = 'queued' AND edits = 1 AND card IN (SELECT card FROM cards WHERE channel = :channel"
        " AND chat = :chat AND message_id = :message AND card <> :card)",
        channel=channel,
        chat=chat,
        message=message_id,
        card=card,
        now=now,
    )
    db.run(
        "DELETE FROM cards WHERE channel = :channel AND chat = :chat AND message_id = :message AND card <> :card",
        channel=channel,
        chat=chat,
        message=message_id,
        card=card,
    )
    db.run(
        "INSERT INTO cards (channel, chat, card, message_id, shown_at) VALUES (:channel, :chat, :card, :message, :now)"
        " ON CONFLICT (channel, chat, card)"
        " DO UPDATE SET message_id = excluded.message_id, shown_at = excluded.shown_at",
        channel=channel,
        chat=chat,
        card=card,
        message=message_id,
        now=now,
    )


def counts(db: Db) -> dict[tuple[str, str], int]:
    """How many letters are in each (channel, state)."""
    rows = db.all("SELECT channel, state, COUNT(*) FROM outbox GROUP BY channel, state")
    return {(row[0], row[1]): row[2] for row in rows}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a kind is still to be said, or (state "sending") was in hand, and since when the oldest."""

    lane: int
    kind: str
    state: State
    count: int
    oldest: int


def waiting(db: Db) -> list[Waiting]:
    """In the order in which it would be said."""
    rows = db.all(
        "SELECT lane, kind, state, COUNT(*), MIN(created_at) FROM outbox WHERE state IN ('queued', 'sending')"
        " GROUP BY lane, kind, state ORDER BY lane, kind, state"
    )
    return [Waiting(*row) for row in rows]


def discard(db: Db, before: int, now: int) -> int:
    """What waits since before then is said no more, and what was in hand stays unknown; returns how many."""
    return sum(
        db.run(
            "UPDATE outbox SET state = :then, error = 'discarded', changed_at = :now"
            " WHERE state = :state AND created_at < :before",
            then=then,
            state=state,
            before=before,
            now=now,
        )
        for state, then in (("queued", "dropped"), ("sending", "unknown"))
    )
