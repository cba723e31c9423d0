"""How a task looks: to the one who answers for it, to the one who gave it, and when it waits for a look."""

from __future__ import annotations

from collections import Counter
from datetime import date

from bot.chat.message import Button, Text, in_rows, plain
from bot.chat.reply import Reply, View
from bot.chat.texts import LABEL_LIMIT, Voice, lines, paragraphs, some
from bot.chat.turn import Turn
from bot.rules import tasks as rules
from handlers.tasks.actions import (
    Accept,
    Approve,
    ApproveAll,
    Board,
    Cancel,
    Finish,
    GetStuck,
    Give,
    Nudge,
    Photos,
    Review,
    SendBack,
)
from storage import absences, files, tasks
from storage.tasks import Assignment, Duty, Part, Task
from storage.units import Unit

MOST_TO_REVIEW = 6
SIGNS = {"on_time": "✅", "late": "☑️", "waiting": "📨", "working": "🔄", "overdue": "⏳"}


def duty_card(turn: Turn, duty: Duty, heading: str = "", **values: object) -> View:
    """An assignment as its accountable person sees it, with what can be done about it now."""
    assignment, task = duty.assignment, duty.task

    def view(say: Voice) -> Reply:
        text = say(
            "tasks.duty",
            code=task.code,
            title=task.title,
            giver=_for(say, duty.giver, duty.giver_away),
            due=turn.when(task.due_at),
            evidence=say(f"tasks.need.{task.evidence}"),
            status=status(turn, say, duty),
        )
        rows: tuple[tuple[Button, ...], ...] = ()
        if assignment.state in ("given", "accepted") and task.cancelled_at is None:
            accept = (
                [_button(say, "tasks.buttons.accept", Accept(assignment.id))] if assignment.state == "given" else []
            )
            finish = _button(say, "tasks.buttons.finish", Finish(assignment.id))
            stuck = _button(say, "tasks.buttons.stuck", GetStuck(assignment.id))
            rows = ((*accept, finish), (stuck,))
        first = say(heading, **values) if heading else ()
        away = _stands_in(turn, say, duty)
        return Reply(paragraphs(first, text, away), rows, card=f"duty:{assignment.id}", code=task.code)

    return view


def _for(say: Voice, name: str, away: str) -> str:
    """ "Lê Thị Út (thay Đoàn Văn Tâm)": who stands in is named so."""
    return say.label("tasks.in_place_of", name=name, away=away) if away else name


def _stands_in(turn: Turn, say: Voice, duty: Duty) -> Text:
    until = _until(turn, duty.assignment)
    return say("tasks.you_stand_in", away=duty.away, until=until) if until else ()


def _until(turn: Turn, assignment: Assignment) -> date | None:
    """The last day of the absence during which somebody stands in."""
    absence = absences.now_on(turn.db, assignment.stands_for) if assignment.stands_for else None
    return date.fromisoformat(absence.last_day) if absence else None


def status(turn: Turn, say: Voice, duty: Duty) -> Text:
    """Where the assignment stands, in a few words."""
    assignment, task = duty.assignment, duty.task
    if task.cancelled_at is not None:
        return say("tasks.status.cancelled")
    if assignment.state in ("reported", "done"):
        return say(f"tasks.status.{assignment.state}")
    if assignment.stuck:
        return say("tasks.status.stuck", why=assignment.stuck)
    if assignment.returned:
        return say("tasks.status.returned", why=assignment.returned)
    if turn.now > task.due_at:
        return say("tasks.status.overdue")
    return say(f"tasks.status.{assignment.state}")


def note(turn: Turn, was: Duty, duty: Duty, act: str) -> None:
    """Leave a trace of a change of one part of a task."""
    before, after = (plain(status(turn, turn.house, one)) for one in (was, duty))
    if duty.assignment.count is not None and act == "tasks.reported":
        after = turn.house.label("audit.fact.with_count", what=after, count=duty.assignment.count)
    own_words = any(words for one in (was.assignment, duty.assignment) for words in (one.stuck, one.returned))
    turn.note(
        act,
        duty.task.code,
        before=before,
        after=after,
        detail=f"assignment {duty.assignment.id}",
        unit=duty.assignment.unit_id,
        private=own_words,
    )


def board(turn: Turn, task: Task, *, whole: bool = False, heading: str = "") -> View:
    """A task as its giver sees it: figures that sum to the whole, and who has not started."""
    parts = tasks.parts(turn.db, task.id)
    vacant = tasks.vacancies(turn.db, task.id) if task.cancelled_at is None else []
    orphans = [p for p in parts if not p.held and p.assignment.state != "done" and task.cancelled_at is None]
    tally = rules.tally((part.assignment for part in parts), task.due_at, turn.now)

    def view(say: Voice) -> Reply:
        figures = say(
            "tasks.board",
            code=task.code,
            title=task.title,
            due=turn.when(task.due_at),
            on_time=tally.on_time,
            late=tally.late,
            working=tally.working,
            waiting=tally.waiting,
            overdue=tally.overdue,
            total=tally.total,
        )
        about: Text = ()
        if task.cancelled_at is not None:
            about = say("tasks.board_cancelled")
        elif whole:
            about = lines(*(_part(turn, say, task, part) for part in parts))
        elif tally.not_started:
            waiting = [part for part in parts if part.assignment.state == "given"]
            about = say(
                "tasks.not_started",
                count=len(waiting),
                names=some([f"{part.unit.name} – {_for(say, part.person, part.away)}" for part in waiting]),
            )
        elif tally.is_finished:
            about = say("tasks.all_done")
        nobody = [unit.name for unit in [*vacant, *(part.unit for part in orphans)]]
        unheld = say("tasks.nobody_holds", count=len(nobody), names=some(nobody)) if nobody else ()
        text = paragraphs(say(heading, code=task.code) if heading else (), figures, about, unheld)
        buttons = _board_buttons(say, task, tally, whole, _to_review(parts) + _to_give(task, vacant, orphans))
        return Reply(text, buttons, card=f"task:{task.id}", code=task.code)

    return view


def _to_give(task: Task, vacant: list[Unit], orphans: list[Part]) -> list[Button]:
    """A button to each part that nobody answers for."""
    places = [(unit.name, Give(task.id, unit.id, 0)) for unit in vacant]
    places += [(part.unit.name, Give(task.id, part.unit.id, part.assignment.id)) for part in orphans]
    return [Button(f"👤 {name}"[:LABEL_LIMIT], action.pack()) for name, action in places[:MOST_TO_REVIEW]]


def _to_review(parts: list[Part]) -> list[Button]:
    """A button to each piece of work that waits for a look, the longest waiting first."""
    waiting = sorted(
        (p for p in parts if p.assignment.state == "reported"), key=lambda p: p.assignment.reported_at or 0
    )
    units = Counter(part.unit.id for part in waiting)
    names = [(part.unit.name if units[part.unit.id] == 1 else part.person, part) for part in waiting]
    return [
        Button(f"📨 {name}"[:LABEL_LIMIT], Review(part.assignment.id).pack()) for name, part in names[:MOST_TO_REVIEW]
    ]


def _board_buttons(
    say: Voice, task: Task, tally: rules.Tally, whole: bool, to_review: list[Button]
) -> tuple[tuple[Button, ...], ...]:
    show = "tasks.buttons.short" if whole else "tasks.buttons.list"
    listed = _button(say, show, Board(task.id, int(not whole)))
    if task.cancelled_at is not None:
        return ((listed,),)
    rows = list(in_rows(to_review, 2))
    if tally.waiting > 1:
        rows.append((Button(say.label("tasks.buttons.approve_all", count=tally.waiting), ApproveAll(task.id).pack()),))
    if tally.working + tally.overdue:
        rows.append((_button(say, "tasks.buttons.nudge", Nudge(task.id)),))
        rows.append((listed, _button(say, "tasks.buttons.cancel", Cancel(task.id, 0))))
    else:
        rows.append((listed,))
    return tuple(rows)


def _part(turn: Turn, say: Voice, task: Task, part: Part) -> Text:
    assignment = part.assignment
    about: Text = ()
    if assignment.stuck:
        about = say("tasks.part_stuck", why=assignment.stuck)
    elif assignment.count is not None:
        about = say("tasks.part_count", count=assignment.count)
    sign = SIGNS[rules.standing(assignment, task.due_at, turn.now)]
    until = _until(turn, assignment)
    name = _for(say, part.person, part.away)
    if until:
        name = say.label("tasks.stands_in", name=part.person, away=part.away, until=until)
    elif assignment.state != "done":
        name = _or_away(turn, say, part)
    return say("tasks.part", sign=sign, unit=part.unit.name, name=name, about=about)


def _or_away(turn: Turn, say: Voice, part: Part) -> str:
    """Who is away while their part is not due yet is shown so; who is gone, too."""
    absence = absences.now_on(turn.db, part.assignment.person_id)
    if not part.held:
        return say.label("tasks.left", name=part.person)
    if absence is None:
        return _for(say, part.person, part.away)
    until = date.fromisoformat(absence.last_day)
    return say.label("tasks.is_away", name=part.person, until=until, stand_in=absence.stand_in)


def review(turn: Turn, duty: Duty, part: Part) -> View:
    """Work that was reported, for its giver to accept or return."""
    assignment, task = duty.assignment, duty.task
    photos = files.of_assignment(turn.db, assignment.id)

    def view(say: Voice) -> Reply:
        heading = say(
            "tasks.review",
            name=_for(say, part.person, part.away),
            unit=part.unit.name,
            code=task.code,
            title=task.title,
        )
        late = (assignment.reported_at or 0) > task.due_at
        facts = lines(
            say("tasks.review_late" if late else "tasks.review_due", due=turn.when(task.due_at)),
            say("tasks.review_count", count=assignment.count) if assignment.count is not None else (),
            say("tasks.review_photos", count=len(photos)) if photos else (),
            say("tasks.review_note", note=assignment.note) if assignment.note else (),
        )
        rows: list[tuple[Button, ...]] = []
        if assignment.state == "reported":
            approve = _button(say, "tasks.buttons.approve", Approve(assignment.id, assignment.version))
            back = _button(say, "tasks.buttons.send_back", SendBack(assignment.id, assignment.version))
            rows.append((approve, back))
        if photos:
            rows.append((_button(say, "tasks.buttons.photos", Photos(assignment.id)),))
        verdict: Text = ()
        if assignment.state == "done":
            verdict = say("tasks.approved")
        elif assignment.returned:
            verdict = say("tasks.sent_back", name=part.person, why=assignment.returned)
        return Reply(
            paragraphs(lines(heading, facts), verdict), tuple(rows), card=f"review:{assignment.id}", code=task.code
        )

    return view


def _button(
    say: Voice, key: str, action: Accept | Finish | GetStuck | Approve | SendBack | Photos | Board | Nudge | Cancel
) -> Button:
    return Button(say.label(key), action.pack())
