"""What the night is for: forgetting what nobody needs, recounting what is used most."""

from __future__ import annotations

from datetime import timedelta

from bot.chat.router import Router
from bot.chat.turn import DRAFT_LIVES_MS, Turn
from storage import categories, chats, drafts, errands, invites, outbox

DAY_MS = 24 * 3600 * 1000
SEEN_DAYS = 8  # Telegram keeps an update for a day; a week without news makes its numbers start anew
SENT_DAYS = 30
TRIED_DAYS = 1  # tries of a code are counted by the hour
SURPRISE_DAYS = 30
HABIT_DAYS = 60

router = Router("upkeep")


@router.daily("03:00")
def tidy(turn: Turn) -> None:
    chats.forget_seen(turn.db, turn.now - SEEN_DAYS * DAY_MS)
    drafts.drop_silent(turn.db, turn.now - DRAFT_LIVES_MS)
    outbox.forget_sent(turn.db, turn.now - SENT_DAYS * DAY_MS)
    invites.forget_tries(turn.db, turn.now - TRIED_DAYS * DAY_MS)
    errands.forget(turn.db, turn.now - SENT_DAYS * DAY_MS)
    chats.forget_surprises(turn.db, turn.now - SURPRISE_DAYS * DAY_MS)
    categories.count_uses(turn.db, (turn.today - timedelta(days=HABIT_DAYS)).isoformat())


@router.every(60)
def hand_over(turn: Turn) -> None:
    """What an errand made, such as a sheet of codes, is kept no longer than until it was sent."""
    errands.forget_sent(turn.db, turn.now - 60_000)
