"""/vang: from when to when, and who stands in; it ends by itself, or by [Tôi đã về]. Why: storage/absences.py."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.chat import passing, pick
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option, Unsure
from bot.chat.message import Button, Text
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, below, paragraphs
from bot.chat.turn import Turn
from bot.rules import away as rules
from bot.rules import people, rights, vietnamese
from bot.rules.refused import Refused
from storage import absences, audit, handovers, tasks, units
from storage import people as roster
from storage.absences import Absence
from storage.people import Member, Post
from storage.units import Unit

router = Router("away")


@dataclass(frozen=True, slots=True)
class Back(Action, code="vb"):
    """[Tôi đã về], or what was planned is not."""

    absence: int


@dataclass(frozen=True, slots=True)
class Anew(Action, code="vn"):
    """Other days, or somebody else."""


@router.command("vang", about="away.about", who=people.is_member, rank=82, said=("vắng",))
def show(turn: Turn) -> Said:
    """What is planned or going on; else the two questions."""
    own = absences.of_person(turn.db, turn.me.id)
    return _card(turn, own[0])(turn.say) if own else away.begin(turn)


@router.on(Anew)
def anew(turn: Turn, pressed: Anew) -> Said:
    return away.begin(turn)


@router.dialog("away", questions=2)
def away(turn: Turn, ask: Ask, /) -> Said:
    """Which days, and who stands in."""
    ask.still("days", lambda days: _holds(turn, days))
    days = ask.value("days", "away.which_days", lambda said: _days(turn, said), quick=lambda: _quick(turn))
    first, last = map(date.fromisoformat, days.split("/"))
    helping = rules.overlapping(absences.stood_in_by(turn.db, turn.me.id), first, last)
    if helping is not None:
        raise Refused("away.you_stand_in", name=helping.person, last=date.fromisoformat(helping.last_day))
    member = _stand_in(turn, ask, days, first, last)
    ends_at = turn.moment(datetime.combine(last + timedelta(days=1), time()))
    ask.confirm(
        "away.check",
        first=first,
        last=last,
        name=member.person.name,
        goes=_goes(turn, ends_at),
        unreached=() if member.reachable else below(turn.t("away.unreached", name=member.person.name)),
    )
    for earlier in absences.of_person(turn.db, turn.me.id):
        turn.around.routes.passed(turn, handovers.come_back(turn.db, earlier, turn.now))
        if earlier.stand_in_id != member.person.id:
            turn.tell(earlier.stand_in_id, lambda say: Reply(say("away.not_you", name=turn.me.name)))
    kept = absences.add(
        turn.db,
        person_id=turn.me.id,
        stand_in_id=member.person.id,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        ends_at=ends_at,
        now=turn.now,
    )
    away = turn.house.label("audit.fact.away", first=first, last=last, name=member.person.name)
    turn.note("away.planned", audit.person(turn.me.id), after=away)
    turn.tell(member.person.id, lambda say: Reply(_asked(say, turn.me.name, first, last)))
    _tell_lead(turn, kept)
    if first <= turn.today:
        _begin(turn, kept)
    return _card(turn, absences.get(turn.db, kept.id) or kept)(turn.say)


def _asked(say: Voice, name: str, first: date, last: date) -> Text:
    return say("away.stand_in_please", name=name, first=first, last=last)


def _holds(turn: Turn, days: str) -> bool:
    return date.fromisoformat(days.split("/")[1]) >= turn.today


def _days(turn: Turn, said: str) -> str:
    """ "2026-11-26/2026-11-30" from a button, "mai đến 30/11", "30/11" (from today). Raises Refused."""
    first, _, last = said.partition("/")
    try:
        days = date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        days = _typed(turn, said)
    rules.check_days(*days, turn.today)
    return f"{days[0].isoformat()}/{days[1].isoformat()}"


def _typed(turn: Turn, said: str) -> tuple[date, date]:
    read = vietnamese.read_due(said[:200], turn.local)
    if isinstance(read, vietnamese.Due):
        return read.since or turn.today, read.day
    if read is None:
        raise Refused("away.unread", said=said[:40])
    if read.reason == "past":
        raise Refused("away.past", last=said[:40])
    found = [(due.since or turn.today, due.day) for due in read.candidates if due.day >= turn.today]
    options = [
        Option(f"{first.isoformat()}/{last.isoformat()}", turn.say.label("away.from_to", first=first, last=last))
        for first, last in found
    ]
    raise Unsure("away.which_of_days" if options else "away.unread", options, said=said[:40])


def _quick(turn: Turn) -> list[Option]:
    today = turn.today
    sunday = today + timedelta(days=6 - today.weekday())
    spans = {
        "today": (today, today),
        "tomorrow": (today + timedelta(days=1),) * 2,
        "this_week": (today, sunday),
        "next_week": (sunday + timedelta(days=1), sunday + timedelta(days=7)),
    }
    return [
        Option(f"{first.isoformat()}/{last.isoformat()}", turn.say.label(f"away.buttons.{name}"))
        for name, (first, last) in spans.items()
    ]


def _stand_in(turn: Turn, ask: Ask, days: str, first: date, last: date) -> Member:
    """Somebody of one's teams or a lead above, who is there in these days."""
    teams = [post.unit for post in turn.posts if post.role != "admin"]
    above = {unit.id: unit for team in teams for unit in units.above(turn.db, team)}

    def fits(member: Member) -> bool:
        return rules.may_stand_in(turn.posts, turn.me.id, member, list(above)) and not rules.overlapping(
            absences.of_person(turn.db, member.person.id), first, last
        )

    near = pick.once([*(m for team in teams for m in passing.successors(turn, team, turn.me.id))])
    if not any(fits(member) for member in near):
        raise Refused("away.nobody")
    within = [*teams, *above.values()]
    return pick.person(turn, ask, "stand_in", "away.who", within, near=lambda: near, fits=fits, of=days)


def _goes(turn: Turn, ends_at: int) -> Text:
    """What the stand-in takes over, in numbers."""
    own = [duty for duty in tasks.held_by(turn.db, turn.me.id) if duty.task.due_at < ends_at]
    given = tasks.looked_after_by(turn.db, turn.me.id)
    return below(
        turn.t("away.goes_work", count=len(own)) if own else (),
        turn.t("away.goes_given", count=len(given)) if given else (),
    )


def _card(turn: Turn, absence: Absence) -> View:
    first, last = date.fromisoformat(absence.first_day), date.fromisoformat(absence.last_day)

    def view(say: Voice) -> Reply:
        if absence.state == "over":
            return Reply(say("away.over"), card=f"away:{absence.id}")
        going_on = absence.state == "on"
        text = say("away.going_on" if going_on else "away.will_be", first=first, last=last, name=absence.stand_in)
        back = Button(say.label("away.buttons.back" if going_on else "away.buttons.not"), Back(absence.id).pack())
        other = Button(say.label("away.buttons.anew"), Anew().pack())
        return Reply(text, ((back,), (other,)), card=f"away:{absence.id}")

    return view


def _tell_lead(turn: Turn, absence: Absence) -> None:
    """The nearest lead of each team knows who is away and who stands in."""
    told = {turn.me.id, absence.stand_in_id}
    for post in turn.posts:
        lead = _lead(turn, post, told)
        if lead is not None:
            told.add(lead.person.id)
            turn.tell(lead.person.id, lambda say: Reply(_will_be(say, absence)))


def _will_be(say: Voice, absence: Absence) -> Text:
    return say(
        "away.colleague",
        name=absence.person,
        first=date.fromisoformat(absence.first_day),
        last=date.fromisoformat(absence.last_day),
        stand_in=absence.stand_in,
    )


def _lead(turn: Turn, post: Post, but: set[int]) -> Member | None:
    if post.role == "admin":
        return None
    places: list[Unit] = [post.unit, *units.above(turn.db, post.unit)]
    leads = [m for unit in places[:2] for m in roster.team(turn.db, unit) if m.role in rights.LEADS]
    return next((m for m in leads if m.person.id not in but), None)


def _begin(turn: Turn, absence: Absence) -> None:
    """It begins: the work goes to the stand-in, who hears of it with buttons to it."""
    passed = handovers.go_away(turn.db, absence, turn.now)
    _note(turn, absence, "away.begun", "audit.fact.away_now")
    given = tasks.looked_after_by(turn.db, absence.person_id)
    turn.around.routes.passed(turn, passed, given)
    codes = [duty.task.code for duty, _ in passed] + [task.code for task in given]
    last = date.fromisoformat(absence.last_day)
    if codes:
        turn.tell(
            absence.stand_in_id,
            lambda say: Reply(
                say("away.yours_now", name=absence.person, last=last, work=len(passed), given=len(given)),
                passing.work_buttons(say, codes),
            ),
            kind=Kind.TASK,
        )


def _end(turn: Turn, absence: Absence) -> int:
    """It is over: what is not done goes back; returns how much."""
    passed = handovers.come_back(turn.db, absence, turn.now)
    turn.around.routes.passed(turn, passed, tasks.looked_after_by(turn.db, absence.person_id))
    _note(turn, absence, "away.over", "audit.state.done")
    return len(passed)


def _note(turn: Turn, absence: Absence, act: str, after: str) -> None:
    """By the person, or by the clock, which needs to be told the unit."""
    home = people.home(roster.posts(turn.db, absence.person_id))
    label = turn.house.label(after)
    turn.note(act, audit.person(absence.person_id), after=label, unit=home.unit.id if home else None)


@router.on(Back)
def back(turn: Turn, pressed: Back) -> Said:
    """[Tôi đã về]: only whose absence it is."""
    absence = absences.get(turn.db, pressed.absence)
    if absence is None or absence.person_id != turn.me.id:
        raise Refused("chat.not_for_you")
    if absence.state == "over":
        raise Refused("away.over_already")
    count = _end(turn, absence)
    turn.tell(absence.stand_in_id, lambda say: Reply(say("away.is_back", name=absence.person)))
    return replace(_welcome(turn.say, count), card=f"away:{absence.id}")


def _welcome(say: Voice, count: int) -> Reply:
    """`count`: how much is theirs again."""
    text = paragraphs(say("away.welcome_back"), say("away.yours_again", count=count) if count else ())
    return Reply(text, passing.work_buttons(say, []) if count else ())


@router.daily("00:06")
def turn_the_page(turn: Turn) -> None:
    """What begins today begins, what ended yesterday is over."""
    for absence in absences.due(turn.db, turn.today.isoformat()):
        if absence.last_day < turn.today.isoformat():
            _over(turn, absence)
        else:
            _begin(turn, absence)


def _over(turn: Turn, absence: Absence) -> None:
    count = _end(turn, absence)
    if absence.state != "on":
        return
    turn.tell(absence.person_id, lambda say: _welcome(say, count))
    turn.tell(absence.stand_in_id, lambda say: Reply(say("away.is_back", name=absence.person)))
