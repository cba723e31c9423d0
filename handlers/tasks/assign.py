"""/giaoviec: what, to whom, until when and with which evidence; then one card per accountable person."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.chat import pick
from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.message import Span, Text
from bot.chat.reply import Kind, Reply
from bot.chat.router import Router, Said
from bot.chat.texts import paragraphs, some
from bot.chat.turn import Turn
from bot.rules import people, rights, vietnamese
from bot.rules.refused import Refused
from handlers.tasks.cards import board, duty_card
from storage import absences, tasks, units
from storage import people as roster
from storage.people import Member
from storage.tasks import Duty, Task
from storage.units import Unit

MINUTES = "%Y-%m-%dT%H:%M"
END_OF_DAY = time(17)  # when an office day ends; a due day without an hour means this

router = Router("tasks")


@dataclass(frozen=True, slots=True)
class Audience:
    """Who gets the task: one accountable person per unit, or the persons chosen; units where there is nobody."""

    members: list[tuple[Unit, Member]]
    empty: list[Unit]


@router.command(
    "giaoviec",
    about="tasks.about_assign",
    menu="tasks.menu.assign",
    who=rights.has("assign"),
    rank=40,
    practice=rights.has("assign"),
)
@router.dialog("assign", questions=4)
def assign(turn: Turn, ask: Ask, /) -> Said:
    """Hand out a task in half a minute."""
    office = _office(turn, ask)
    title = ask.text("title", "tasks.what", most=200)
    audience = _audience(turn, ask, office)
    if not audience.members:
        raise Refused("tasks.nobody_chosen")
    ask.still("due", lambda due: datetime.fromisoformat(due) > turn.local.replace(tzinfo=None))
    due = datetime.fromisoformat(
        ask.value("due", "tasks.when", lambda said: _due(turn, said), quick=lambda: _quick(turn))
    )
    evidence = ask.choice("evidence", "tasks.evidence", lambda: _evidence(turn), columns=3)
    ask.confirm(
        "tasks.check",
        button="chat.buttons.send",
        title=title,
        due=due,
        evidence=turn.t(f"tasks.need.{evidence}"),
        count=len(audience.members),
        names=_names(turn, audience),
    )
    if turn.practice is not None:
        turn.did("assigned")
        return Reply(turn.t("practice.task_not_given", title=title, count=len(audience.members)))
    task = tasks.add(
        turn.db,
        title=title,
        giver_id=turn.me.id,
        unit_id=office.id,
        due_at=turn.moment(due),
        evidence=evidence,
        now=turn.now,
    )
    _give(turn, task, audience)
    given = turn.house.label("audit.fact.task", title=title, due=due, count=len(audience.members))
    turn.note("tasks.given", task.code, after=given, unit=office.id)
    return board(turn, task, heading="tasks.given")(turn.say)


def _give(turn: Turn, task: Task, audience: Audience) -> None:
    for unit, member in audience.members:
        assignment = tasks.assign(turn.db, task.id, unit.id, member.person.id, turn.now)
        away = member.person.name if assignment.stands_for else ""
        duty = Duty(assignment, task, turn.me.name, away)
        turn.tell(assignment.person_id, duty_card(turn, duty, "tasks.new_duty"), kind=Kind.TASK)
    for unit in audience.empty:
        tasks.leave_vacant(turn.db, task.id, unit.id)


def _office(turn: Turn, ask: Ask) -> Unit:
    """The unit whose work is handed out; who leads several of equal height says which."""
    led = {str(post.unit.id): post.unit for post in people.led(turn.posts)}
    chosen = next(iter(led), "")
    if len(led) > 1:
        ask.questions += 1
        options = [
            Option(unit_id, name) for unit_id, name in zip(led, pick.places(turn, list(led.values())), strict=True)
        ]
        chosen = ask.choice("office", "tasks.which_office", lambda: options, columns=1)
    return rights.check_open(turn.posts, "assign", led.get(chosen))


def _audience(turn: Turn, ask: Ask, office: Unit) -> Audience:
    below = units.children(turn.db, office)
    if not below and not _team(turn, office):
        raise Refused("tasks.nobody_below")
    whom = ask.choice("whom", "tasks.whom", lambda: _whom(turn, office, below), columns=1) if below else "people"
    if below and whom != "all":
        ask.questions += 1
    # Of what was chosen, a unit may be merged and somebody gone elsewhere by now: then it is asked again.
    ask.still("units", lambda ids: set(ids) <= {str(unit.id) for unit in below})
    ask.still("people", lambda ids: set(ids) <= {option.id for option in _people(turn, office, below)})
    if whom == "people":
        chosen = ask.many("people", "tasks.which_people", lambda: _people(turn, office, below), of=whom)
        picked = set(map(int, chosen))
        everybody = [*_team(turn, office), *(m for unit in below for m in _team(turn, unit))]
        once = {member.person.id: member for member in reversed(everybody) if member.person.id in picked}
        return Audience([(member.unit, member) for member in reversed(once.values())], [])
    if whom == "units":
        ids = {int(one) for one in ask.many("units", "tasks.which_units", lambda: _units(below), of=whom)}
        below = [unit for unit in below if unit.id in ids]
    accountable = roster.leaders(turn.db, [unit.id for unit in below])
    members = [(unit, accountable[unit.id]) for unit in below if unit.id in accountable]
    return Audience(members, [unit for unit in below if unit.id not in accountable])


def _team(turn: Turn, unit: Unit) -> list[Member]:
    return [m for m in roster.team(turn.db, unit) if m.role != "admin" and m.person.id != turn.me.id]


def _whom(turn: Turn, office: Unit, below: list[Unit]) -> list[Option]:
    return [
        Option("all", turn.say.label("tasks.buttons.to_all", count=len(below))),
        Option("units", turn.say.label("tasks.buttons.to_units")),
        Option("people", turn.say.label("tasks.buttons.to_people")),
    ]


def _units(below: list[Unit]) -> list[Option]:
    return [Option(str(unit.id), unit.name) for unit in below]


def _people(turn: Turn, office: Unit, below: list[Unit]) -> list[Option]:
    near = [Option(str(m.person.id), m.person.name) for m in _team(turn, office)]
    far = [Option(str(m.person.id), f"{m.person.name} ({unit.name})") for unit in below for m in _team(turn, unit)]
    return [*near, *far]


def _evidence(turn: Turn) -> list[Option]:
    return [Option(need, turn.say.label(f"tasks.buttons.need_{need}")) for need in ("none", "count", "photo")]


def _quick(turn: Turn) -> list[Option]:
    today = turn.today
    friday = today + timedelta(days=(4 - today.weekday()) % 7)
    month_end = date(today.year, today.month, monthrange(today.year, today.month)[1])
    days = [
        ("tasks.buttons.today_17", today),
        ("tasks.buttons.tomorrow_17", today + timedelta(days=1)),
        ("tasks.buttons.friday_17", friday),
        ("tasks.buttons.end_of_month", month_end),
    ]
    labels: dict[datetime, str] = {}
    for key, day in days:
        labels.setdefault(datetime.combine(day, END_OF_DAY), turn.say.label(key))  # on a Friday "today" says it
    now = turn.local.replace(tzinfo=None)
    return [Option(f"{at:%Y-%m-%dT%H:%M}", label) for at, label in labels.items() if at > now]


def _due(turn: Turn, said: str) -> str:
    try:
        due = datetime.strptime(said, MINUTES)  # noqa: DTZ007 - local time, as it was offered
    except ValueError:
        due = _typed(turn, said)
    if due <= turn.local.replace(tzinfo=None):
        raise Refused("tasks.when_past", said=said[:40])
    return due.strftime(MINUTES)


def _typed(turn: Turn, said: str) -> datetime:
    read = vietnamese.read_due(said[:200], turn.local)
    if isinstance(read, vietnamese.Due):
        return _end(read)
    if read is None:
        raise Refused("tasks.when_unread", said=said[:40])
    key = {"lunar": "tasks.when_lunar", "past": "tasks.when_past"}.get(
        read.reason, "tasks.when_which" if read.candidates else "tasks.when_unread"
    )
    ends = [end for end in map(_end, read.candidates) if end > turn.local.replace(tzinfo=None)]
    raise Unsure(key, [Option(end.strftime(MINUTES), turn.say.write(end)) for end in ends], said=said[:40])


def _end(due: vietnamese.Due) -> datetime:
    return datetime.combine(due.day, due.time or END_OF_DAY)


def _names(turn: Turn, audience: Audience) -> Text:
    who, away = [], []
    for unit, member in audience.members:
        absence = absences.now_on(turn.db, member.person.id)
        name = member.person.name
        reachable = member.reachable
        if absence is not None:  # whoever stands in answers for it
            name = turn.say.label("tasks.in_place_of", name=absence.stand_in, away=name)
            reachable = roster.address(turn.db, absence.stand_in_id) is not None
        who.append(f"{unit.name} – {name}")
        away += [] if reachable else [name]
    later = turn.undisturbed()
    return paragraphs(
        (Span(some(who)),),
        turn.t("tasks.said_later", at=turn.when(later)) if later else (),
        turn.t("tasks.unreached", names=some(away)) if away else (),
        turn.t("tasks.empty_units", names=some([unit.name for unit in audience.empty])) if audience.empty else (),
    )
