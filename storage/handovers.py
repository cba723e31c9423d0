"""Posts that pass from one to another, people who leave: done at one moment, written down, taken back for a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from storage import absences, drafts, invites, joining, outbox, people, tasks
from storage.absences import Absence
from storage.db import Db
from storage.tasks import Assignment, Duty, Task

_COLUMNS = "h.id, h.kind, h.person_id, h.post_id, h.taker_id, h.by_id, h.day, h.leaves, h.state, h.changed_at"


@dataclass(frozen=True, slots=True)
class Handover:
    """kind: post, role, move or left. state: asked, planned, done, undone or void. `day`: ISO, the province's own."""

    id: int
    kind: str
    person_id: int
    post_id: int | None
    taker_id: int | None
    by_id: int
    day: str
    leaves: int
    state: str
    changed_at: int


@dataclass(frozen=True, slots=True)
class Begin:
    """A post to be given."""

    person_id: int
    unit_id: int
    role: str


@dataclass(frozen=True, slots=True)
class Change:
    """What is to happen at one moment. `ends`: posts; `heir`: who answers for what `person_id` answered for in
    `work_of` (units; None: everywhere); `looks`: task → who looks after it; `leaves`: nothing is left to the person."""

    person_id: int
    ends: Sequence[int] = ()
    begins: Sequence[Begin] = ()
    heir: int | None = None
    work_of: frozenset[int] | None = frozenset()
    looks: dict[int, int] = field(default_factory=dict)
    leaves: bool = False


@dataclass(frozen=True, slots=True)
class Passed:
    """What came of it: assignments as they were with how they are, tasks with their earlier givers, absences that
    ended with it."""

    parts: list[tuple[Duty, Assignment]]
    tasks: list[Task]
    ended: list[Ended]
    people: set[int]


@dataclass(frozen=True, slots=True)
class Ended:
    """An absence that is over, with the assignments that went back."""

    of: Absence
    parts: list[tuple[Duty, Assignment]]


def add(
    db: Db, *, kind: str, person_id: int, post_id: int | None, taker_id: int | None, by_id: int, day: str, leaves: bool,
    state: str, now: int,
) -> Handover:  # fmt: skip
    row = db.one(
        "INSERT INTO handovers"
        " (kind, person_id, post_id, taker_id, by_id, day, leaves, state, created_at, changed_at)"
        " VALUES (:kind, :person, :post, :taker, :by, :day, :leaves, :state, :now, :now) RETURNING id",
        kind=kind,
        person=person_id,
        post=post_id,
        taker=taker_id,
        by=by_id,
        day=day,
        leaves=int(leaves),
        state=state,
        now=now,
    )
    assert row is not None
    return Handover(row[0], kind, person_id, post_id, taker_id, by_id, day, int(leaves), state, now)


def get(db: Db, handover_id: int) -> Handover | None:
    row = db.one(f"SELECT {_COLUMNS} FROM handovers h WHERE h.id = :id", id=handover_id)
    return Handover(*row) if row else None


def waiting(db: Db, post_id: int) -> Handover | None:
    """What is asked or planned for a post."""
    row = db.one(
        f"SELECT {_COLUMNS} FROM handovers h WHERE h.post_id = :post AND h.state IN ('asked', 'planned')"
        " ORDER BY h.id DESC",
        post=post_id,
    )
    return Handover(*row) if row else None


def asked(db: Db) -> list[Handover]:
    """What waits for somebody's yes, the oldest first."""
    rows = db.all(
        f"SELECT {_COLUMNS} FROM handovers h WHERE h.state IN ('asked', 'planned') AND h.state = 'asked' ORDER BY h.id"
    )
    return [Handover(*row) for row in rows]


def due(db: Db, today: str) -> list[Handover]:
    """What was planned for a day that has come."""
    rows = db.all(  # said twice of the state: so the index of what waits is used
        f"SELECT {_COLUMNS} FROM handovers h WHERE h.state IN ('asked', 'planned') AND h.state = 'planned'"
        " AND h.day <= :today ORDER BY h.id",
        today=today,
    )
    return [Handover(*row) for row in rows]


def turn(db: Db, handover_id: int, state: str, now: int) -> None:
    db.hold(f"handover {handover_id}")
    db.run(
        "UPDATE handovers SET state = :state, changed_at = :now WHERE id = :id", state=state, now=now, id=handover_id
    )


def carry_out(db: Db, handover: Handover, change: Change, now: int) -> Passed:
    """Do it, and write down how it was."""
    involved = {change.person_id, *(one.person_id for one in change.begins), *change.looks.values()}
    for person_id in sorted(involved | ({change.heir} if change.heir else set())):
        people.keep(db, person_id)
    ended = _end_absences(db, change.person_id, now) if change.leaves else []
    for post_id in change.ends:
        people.dismiss(db, post_id, now)
        _note(db, handover.id, "ended", post_id, 0)
    for begin in change.begins:
        post_id = people.appoint(db, begin.person_id, begin.unit_id, begin.role, now)
        _note(db, handover.id, "begun", post_id, begin.person_id)
    parts = _pass_on(db, handover.id, change, now)
    given = _look_after(db, handover.id, change)
    if change.leaves:
        _leave(db, handover.id, change.person_id, now)
    turn(db, handover.id, "done", now)
    return Passed(parts, given, ended, involved)


def _pass_on(db: Db, handover_id: int, change: Change, now: int) -> list[tuple[Duty, Assignment]]:
    if change.heir is None:
        return []
    passed = []
    for duty in tasks.held_by(db, change.person_id, change.work_of):
        was = duty.assignment
        kept = tasks.pass_on(db, was, change.heir, now)
        _note(db, handover_id, "part", was.id, was.person_id, was.stands_for, kept.version)
        passed.append((duty, kept))
    return passed


def _look_after(db: Db, handover_id: int, change: Change) -> list[Task]:
    given = [task for task in tasks.looked_after_by(db, change.person_id) if task.id in change.looks]
    for task in given:
        _note(db, handover_id, "task", task.id, task.giver_id, task.stands_for, _state_of(db, task.id))
        tasks.look_after(db, task.id, *absences.accountable(db, change.looks[task.id]))
    return given


def _state_of(db: Db, task_id: int) -> int:
    """Counts up with whatever happens to the task."""
    return sum(part.assignment.version for part in tasks.parts(db, task_id))


def _leave(db: Db, handover_id: int, person_id: int, now: int) -> None:
    for chat in people.identities(db, person_id):
        _note(db, handover_id, "chat", 0, person_id, detail=f"{chat.channel} {chat.chat}")
    let_go(db, person_id, now)
    people.leave(db, person_id, now)


def silence(db: Db, person_id: int, now: int) -> None:
    """No chat and no code is theirs any more."""
    let_go(db, person_id, now)
    people.unlink(db, person_id)


def let_go(db: Db, person_id: int, now: int) -> None:
    """Nothing more is said in their chats, nothing begun there goes on, no code lets them in. Who leaves keeps the way
    to what is kept of them (`people.former`)."""
    for chat in people.identities(db, person_id):
        outbox.hush(db, chat.channel, chat.chat, now)
        drafts.forget(db, chat.channel, chat.chat)
    invites.take_back(db, person_id, now)
    for claim in joining.claims_for(db, person_id):
        joining.drop_claim(db, claim.channel, claim.chat)


def _end_absences(db: Db, person_id: int, now: int) -> list[Ended]:
    """Who leaves is not away, and stands in for nobody: what they did for others goes back."""
    going = [*absences.of_person(db, person_id), *absences.stood_in_by(db, person_id)]
    return [Ended(absence, come_back(db, absence, now)) for absence in going]


def go_away(db: Db, absence: Absence, now: int) -> list[tuple[Duty, Assignment]]:
    """It begins: what falls due meanwhile, and all that waits for a look, goes to the stand-in."""
    for person_id in sorted((absence.person_id, absence.stand_in_id)):
        people.keep(db, person_id)
    absences.turn(db, absence.id, "on", now)
    passed = []
    for duty in tasks.held_by(db, absence.person_id):
        own = duty.assignment.person_id == absence.person_id and duty.assignment.stands_for is None
        if own and duty.task.due_at < absence.ends_at:
            passed.append((duty, tasks.hand(db, duty.assignment, absence.stand_in_id, absence.person_id, now)))
    for task in tasks.looked_after_by(db, absence.person_id):
        if task.giver_id == absence.person_id and task.stands_for is None:
            tasks.look_after(db, task.id, absence.stand_in_id, absence.person_id)
    return passed


def come_back(db: Db, absence: Absence, now: int) -> list[tuple[Duty, Assignment]]:
    """It is over: what is not done goes back."""
    for person_id in sorted((absence.person_id, absence.stand_in_id)):
        people.keep(db, person_id)
    absences.turn(db, absence.id, "over", now)
    passed: list[tuple[Duty, Assignment]] = []
    if absence.state != "on":
        return passed
    for duty in tasks.held_by(db, absence.person_id):
        if duty.assignment.stands_for == absence.person_id:
            passed.append((duty, tasks.hand(db, duty.assignment, absence.person_id, None, now)))
    for task in tasks.looked_after_by(db, absence.person_id):
        if task.stands_for == absence.person_id:
            tasks.look_after(db, task.id, absence.person_id)
    return passed


def may_undo(db: Db, handover: Handover) -> bool:
    """Whether everything still is as it was left."""
    if handover.state != "done":
        return False
    for kind, thing, was, _, mark, detail in _handed(db, handover.id):
        if kind == "begun" and (people.post(db, thing) is None or _has_more(db, handover, was)):
            return False
        if kind == "part" and ((duty := tasks.duty(db, thing)) is None or duty.assignment.version != mark):
            return False
        if kind == "task" and _state_of(db, thing) != mark:
            return False
        if kind == "ended" and _is_taken(db, handover.id, thing):
            return False
        if kind == "chat" and people.linked(db, *detail.split(" ", 1)) not in (None, was):
            return False
    return True


def _has_more(db: Db, handover: Handover, person_id: int) -> bool:
    """Whether somebody who got a post with it was given work, or gave some, since."""
    handed = {thing for kind, thing, *_ in _handed(db, handover.id) if kind == "part"}
    work = [d.assignment for d in tasks.held_by(db, person_id) if d.assignment.id not in handed]
    given = tasks.looked_after_by(db, person_id)
    since = handover.changed_at
    return any(one.changed_at > since for one in work) or any(task.created_at > since for task in given)


def _is_taken(db: Db, handover_id: int, post_id: int) -> bool:
    """Whether the unit got another head since, where the ended post was the head's."""
    row = db.one("SELECT unit_id, role FROM posts WHERE id = :id", id=post_id)
    now_head = people.head(db, row[0]) if row and row[1] == "head" else None
    begun = {thing for kind, thing, *_ in _handed(db, handover_id) if kind == "begun"}
    return now_head is not None and now_head.id not in begun


def undo(db: Db, handover: Handover, now: int) -> Passed:
    """Everything is as it was before; the word about it stays said."""
    parts: list[tuple[Duty, Assignment]] = []
    given: list[Task] = []
    ended: list[Ended] = []
    involved = {handover.person_id}
    for kind, thing, was, stood_for, _, detail in _handed(db, handover.id):
        match kind:
            case "ended":
                people.reinstate(db, thing)
                held = people.post(db, thing)
                involved |= {held.person_id} if held else set()
            case "begun":
                people.withdraw(db, thing)
                people.keep(db, was)
                involved.add(was)
            case "part":
                duty = tasks.duty(db, thing)
                assert duty is not None
                parts.append((duty, tasks.hand(db, duty.assignment, was, stood_for, now)))
            case "task":
                task = tasks.get(db, thing)
                assert task is not None
                given.append(task)
                tasks.look_after(db, thing, was, stood_for)
            case "chat":
                channel, chat = detail.split(" ", 1)
                people.link(db, channel, chat, was, now)
    if handover.leaves:
        people.back(db, handover.person_id)
    for kind, _, whose, *_ in _handed(db, handover.id):
        if kind == "begun" and not people.posts(db, whose):  # new with it: they are not of any team after all
            ended += _end_absences(db, whose, now)
            silence(db, whose, now)
            people.leave(db, whose, now)
    turn(db, handover.id, "undone", now)
    return Passed(parts, given, ended, involved)


def places(db: Db, handover_id: int) -> list[int]:
    """The units of the posts that changed with it."""
    rows = db.all(
        "SELECT DISTINCT o.unit_id FROM handed d JOIN posts o ON o.id = d.thing"
        " WHERE d.handover_id = :id AND d.kind IN ('ended', 'begun') ORDER BY o.unit_id",
        id=handover_id,
    )
    return [row[0] for row in rows]


def forget_chats(db: Db, before: int) -> None:
    """Which chats a leaver had is known only for as long as it can be taken back."""
    db.run(
        "DELETE FROM handed WHERE kind = 'chat' AND handover_id IN"
        " (SELECT h.id FROM handovers h WHERE h.changed_at < :before)",
        before=before,
    )


def _note(
    db: Db, handover_id: int, kind: str, thing: int, was: int, stood_for: int | None = None, mark: int = 0,
    detail: str = "",
) -> None:  # fmt: skip
    db.run(
        "INSERT INTO handed (handover_id, kind, thing, was, stood_for, mark, detail)"
        " VALUES (:handover, :kind, :thing, :was, :stood_for, :mark, :detail)",
        handover=handover_id,
        kind=kind,
        thing=thing,
        was=was,
        stood_for=stood_for,
        mark=mark,
        detail=detail,
    )


def _handed(db: Db, handover_id: int) -> list[tuple[str, int, int, int | None, int, str]]:
    rows = db.all(
        "SELECT kind, thing, was, stood_for, mark, detail FROM handed WHERE handover_id = :id ORDER BY kind, thing",
        id=handover_id,
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]
