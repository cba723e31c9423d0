"""The last look at a reform, in numbers and names; then it is done, or kept for its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial

from bot.chat.dialog import Ask
from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Said
from bot.chat.texts import counted, lines, some
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.reforms import Outcome, decide
from handlers.reforms.actions import Show
from handlers.reforms.announce import tell_some, trace
from handlers.reforms.latest import undo_button
from handlers.reforms.questions import ask_day, look
from storage import reforms, units
from storage.reforms import Step


def finish(
    turn: Turn,
    ask: Ask,
    step: Step,
    *,
    names: str,
    to: str = "",
    head: bool = False,
    quick: Sequence[tuple[str, str]] = (),
) -> Said:
    day = ask_day(turn, ask)
    for one in sorted(step.touches):
        rights.check_open(turn.posts, "units", units.get(turn.db, one))
    out = look(turn, step)
    also = [("reforms.buttons.other_day", "day"), *quick, *([("reforms.buttons.other_head", "head")] if head else [])]
    if step.act in ("split", "rename", "open"):
        also.append(("reforms.buttons.code", "code"))
    change = turn.t(f"reforms.check.{step.act}", names=names, name=step.name, to=to)
    due = turn.moment(datetime.combine(day, time()))
    ask.confirm(
        "reforms.look",
        button="reforms.buttons.do",
        quick=also,
        change=change,
        day=f"{day:%-d/%-m/%Y}",
        figures=figures(turn, out, step),
        later=turn.t("reforms.done_then" if due > turn.now else "reforms.done_now"),
    )
    name = turn.house.label(f"reforms.named.{step.act}", names=names, name=step.name, to=to)
    return _do(turn, step, name, day, due)


def figures(turn: Turn, out: Outcome, step: Step) -> Text:
    """In numbers and names, what a reform does."""
    called = reforms.name_people(turn.db, out.people | {step.head, *out.heads.values()})
    told = [
        turn.say.label(
            "reforms.lead_becomes",
            name=called[one.person],
            role=turn.say.label(f"start.role.{one.role}"),
            unit=out.name[one.unit],
        )
        for one in out.demoted
    ]
    new = [one.person for one in out.moved if one.role == "head" and one.was_role != "head"]
    heads = [called[one] for one in dict.fromkeys([*out.heads.values(), *new])]
    return lines(
        _moves(turn, out),
        turn.t("reforms.heads", names=some(heads)) if heads else (),
        turn.t("reforms.leads_become", names=some(told)) if told else (),
        turn.t("reforms.joined", count=out.joined) if out.joined else (),
        turn.t("reforms.headless", names=some([out.name[one] for one in out.headless])) if out.headless else (),
    )


def _moves(turn: Turn, out: Outcome) -> Text:
    what = counted(
        turn.say,
        {
            "reforms.moves_units": len(set(out.hung) - set(out.closed)),
            "reforms.moves_people": len(out.people),
            "reforms.moves_tasks": len(out.tasks),
        },
        " · ",
    )
    return turn.t("reforms.moves", what=what) if what else turn.t("reforms.moves_nothing")


def _do(turn: Turn, step: Step, name: str, day: date, due: int) -> Reply:
    turn.db.alone()
    kept = reforms.add(
        turn.db,
        author_id=turn.me.id,
        act=step.act,
        name=name,
        day=day.isoformat(),
        due_at=due,
        steps=[step],
        now=turn.now,
    )
    if due > turn.now:
        turn.note("reforms.planned", kept.code, after=trace(turn.house, kept), unit=reforms.office(turn.db, kept))
        text = turn.t("reforms.waits", code=kept.code, name=name, day=f"{day:%-d/%-m/%Y}")
        return Reply(text, ((undo_button(turn, kept),),))
    out, ids = reforms.carry_out(
        turn.db, kept, partial(decide, [step], at=turn.now, levels=turn.settings.levels), turn.now
    )
    turn.note(f"reforms.{kept.act}", kept.code, after=trace(turn.house, kept), unit=reforms.office(turn.db, kept))
    turn.become(turn.me)  # one's own posts may be others now
    hearers = reforms.hearers(turn.db, kept.id)
    tell_some(turn)
    text = turn.t(
        "reforms.done", code=kept.code, name=name, told=turn.t("reforms.telling", people=hearers) if hearers else ""
    )
    made = [ids.get(one, one) for one in (*out.made, *out.merged)]
    gone = step.unit in out.closed
    seen = next(one for one in (*made, 0 if gone else step.unit, step.parent) if one > 0)
    row = (undo_button(turn, replace(kept, state="done")), turn.button("reforms.buttons.show", Show(seen, 0)))
    return Reply(text, (row,))
