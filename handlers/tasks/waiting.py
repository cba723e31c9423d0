"""What of the tasks waits for somebody who comes in: their own work, and results for their look."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import passing
from bot.chat.reply import Reply, View
from bot.chat.router import Router
from bot.chat.texts import Voice, lines
from bot.chat.turn import Turn
from storage import tasks
from storage.people import Post
from storage.tasks import Task

router = Router("tasks")


@router.waits(rank=10)
def work(turn: Turn, person_id: int, posts: Sequence[Post]) -> View | None:
    """Open tasks and reviews, a button to each."""
    duties = [duty for duty in tasks.open_duties(turn.db, person_id) if duty.assignment.state != "reported"]
    looks = [(task, count) for task in tasks.looked_after_by(turn.db, person_id) if (count := _to_see(turn, task))]
    if not duties and not looks:
        return None
    codes = [duty.task.code for duty in duties] + [task.code for task, _ in looks]

    def view(say: Voice) -> Reply:
        mine = say("tasks.wait_for_you", count=len(duties)) if duties else ()
        theirs = say("tasks.wait_for_your_look", count=sum(count for _, count in looks)) if looks else ()
        return Reply(lines(mine, theirs), passing.work_buttons(say, codes))

    return view


def _to_see(turn: Turn, task: Task) -> int:
    """How many parts are reported, or stuck."""
    parts = [part.assignment for part in tasks.parts(turn.db, task.id)]
    return sum(part.state == "reported" or bool(part.stuck) for part in parts)
