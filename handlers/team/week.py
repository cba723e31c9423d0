"""My team this week: who reported, and a reminder for those who have not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.chat import pick
from bot.chat.action import Action, Typed
from bot.chat.message import Button, Span, Text
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines, paragraphs, some
from bot.chat.turn import Turn
from bot.rules import people, rights
from bot.rules.calendar import week_of
from bot.rules.refused import Refused
from handlers.team.board import Board, Waiting, asking, office_of, waiting_line, watched
from storage import absences, audit, reports, units
from storage import people as roster
from storage.people import Member
from storage.units import Unit

MOST_LINES = 40

router = Router("team")


@dataclass(frozen=True, slots=True)
class Nudge(Action, code="mn"):
    """Remind those under this unit who have not reported this week."""

    unit: int


@dataclass(frozen=True, slots=True)
class Look(Action, code="mt"):
    """Another of the units one leads."""

    unit: int


@dataclass(frozen=True, slots=True)
class Part:
    """A unit below, or a member of the team: with this week's reports and whom to remind."""

    name: str
    count: int
    line: Text
    remind: Member | None
    unit: Unit


@router.command("doi", about="team.about_team", menu="team.menu.team", who=rights.has("watch"), rank=50)
def show(turn: Turn) -> Said:
    """A sentence first, then a line per unit or person."""
    return _show(turn, office_of(turn))


@router.on(Look)
def look(turn: Turn, pressed: Look) -> Said:
    return _show(turn, watched(turn, pressed.unit))


def _show(turn: Turn, office: Unit) -> Reply:
    parts = _parts(turn, office)
    week = week_of(turn.today)
    heading = turn.t("team.heading", unit=office.name, first=f"{week.first:%-d/%-m}", last=f"{week.last:%-d/%-m}")
    silent = [part.name for part in parts if not part.count]
    sentence = _sentence(turn, len(parts), silent)
    rows: list[tuple[Button, ...]] = []
    if silent and rights.may(turn.posts, "remind", office):
        rows.append((turn.button("team.buttons.nudge", Nudge(office.id)),))
    rows.append(
        (turn.button("team.buttons.waiting", Waiting(office.id, 0)), turn.button("team.buttons.invite", Typed("/moi")))
    )
    rows.append((turn.button("team.buttons.board", Board(office.id, 0)), *asking(turn, office)))
    row = [turn.button("team.buttons.week", Typed("/tuan"))]
    if rights.may(turn.posts, "assign", office):
        row.append(turn.button("judging.buttons.waiting", Typed("/duyet")))
    rows.append(tuple(row))
    others = [post.unit for post in people.led(turn.posts) if post.unit.id != office.id]
    rows += [
        (Button(name[:40], Look(unit.id).pack()),)
        for unit, name in zip(others, pick.places(turn, others, 1), strict=True)
    ]
    text = paragraphs(
        lines(heading, sentence), lines(*(part.line for part in parts[:MOST_LINES]), _more(turn, len(parts)))
    )
    return Reply(text, tuple(rows), card="my team")


def _sentence(turn: Turn, total: int, silent: list[str]) -> Text:
    if not total:
        return turn.t("team.alone")
    if not silent:
        return turn.t("team.reported_all", total=total)
    return turn.t("team.reported", done=total - len(silent), total=total, names=some(silent))


def _parts(turn: Turn, office: Unit) -> list[Part]:
    week = week_of(turn.today)
    first, last = week.first.isoformat(), week.last.isoformat()
    children = units.children(turn.db, office)
    if not children:
        made = reports.counts_by_author(turn.db, office, first, last)
        team = [m for m in roster.team(turn.db, office) if m.role != "admin" and m.person.id != turn.me.id]
        return [_person(turn, member, made.get(member.person.id, 0)) for member in team]
    counts = reports.counts_by_unit(turn.db, office, first, last)
    below: dict[int, list[Member]] = {child.id: [] for child in children}
    made_below = dict.fromkeys(below, 0)
    for unit in units.under(turn.db, office):
        child = next((child.id for child in children if child.holds(unit)), None)
        if child is not None:
            made_below[child] += counts.get(unit.id, 0)
    for member in roster.under(turn.db, office):
        child = next((child.id for child in children if child.holds(member.unit)), None)
        if child is not None:
            below[child].append(member)
    return [_unit(turn, child, below[child.id], made_below[child.id]) for child in children]


def _person(turn: Turn, member: Member, count: int) -> Part:
    away: Text = ()
    if not member.joined:
        away = turn.t("team.not_joined")
    elif not member.reachable:
        away = turn.t("team.not_reachable")
    away += _is_away(turn, member)
    line = turn.t("team.person_line", sign=_sign(count), name=member.person.name, reports=count, away=away)
    return Part(member.person.name, count, line, member, member.unit)


def _is_away(turn: Turn, member: Member) -> Text:
    absence = absences.now_on(turn.db, member.person.id)
    until = date.fromisoformat(absence.last_day) if absence else turn.today
    return turn.t("team.is_away", until=until, name=absence.stand_in) if absence else ()


def _unit(turn: Turn, unit: Unit, members: list[Member], count: int) -> Part:
    accountable = next((m for m in members if m.unit.id == unit.id and m.role != "admin"), None)
    head = accountable if accountable and accountable.role in rights.LEADS else None
    once = {member.person.id: member for member in members}.values()
    line = turn.t(
        "team.unit_line",
        sign=_sign(count),
        unit=unit.name,
        reports=count,
        joined=sum(member.joined for member in once),
        people=len(once),
        head=(Span(head.person.name), *_is_away(turn, head)) if head else turn.t("team.no_head"),
    )
    return Part(unit.name, count, line, accountable, unit)


def _sign(count: int) -> str:
    return "✅" if count else "▫️"


@router.on(Nudge)
def nudge(turn: Turn, pressed: Nudge) -> Said:
    """Remind only those who have not reported, in private, once a day."""
    office = watched(turn, pressed.unit)
    rights.check_open(turn.posts, "remind", office)
    silent = [part for part in _parts(turn, office) if not part.count]
    if not silent:
        return Reply(turn.t("team.nobody_to_nudge"))
    mark = f"nudge {office.id} {turn.today}"
    if not audit.is_first(turn.db, mark):
        raise Refused("team.nudged_already")
    turn.note("team.nudged", mark, after=turn.house.label("audit.fact.reminded", count=len(silent)), unit=office.id)
    key = "team.nudge_unit" if units.children(turn.db, office) else "team.nudge"
    away = [part for part in silent if not part.remind or not _told(turn, part.remind, key, part.unit)]
    return Reply(lines(_reminded(turn, len(silent) - len(away)), _to_call(turn, away)))


def _told(turn: Turn, member: Member, key: str, unit: Unit) -> bool:
    whom, _ = absences.accountable(turn.db, member.person.id)
    return turn.tell(whom, _reminder(key, unit), kind=Kind.REMINDER)


def _reminder(key: str, unit: Unit) -> View:
    def view(say: Voice) -> Reply:
        report = Button(say.label("team.buttons.report"), Typed("/baocao").pack())
        nothing = Button(say.label("team.buttons.nothing"), Typed("/khongcoviec").pack())
        return Reply(say(key, unit=unit.name), ((report,), (nothing,)))

    return view


def _reminded(turn: Turn, count: int) -> Text:
    later = turn.undisturbed()
    if count and later:
        return turn.t("team.nudged_later", count=count, at=turn.when(later))
    return turn.t("team.nudged", count=count) if count else ()


def _to_call(turn: Turn, away: list[Part]) -> Text:
    if not away:
        return ()
    rows = [
        waiting_line(turn, part.remind) if part.remind else turn.t("team.empty_line", unit=part.name)
        for part in away[:MOST_LINES]
    ]
    return lines(turn.t("team.nudged_away"), *rows, _more(turn, len(away)))


def _more(turn: Turn, count: int) -> Text:
    return turn.t("team.and_more", count=count - MOST_LINES) if count > MOST_LINES else ()
