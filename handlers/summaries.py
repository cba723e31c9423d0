"""The week in figures: to each lead on Friday a sentence, then the figures; to each member a line of thanks."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.chat import pick
from bot.chat.action import Action, Typed
from bot.chat.message import Button, Span, Text
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines, paragraphs, some
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules.calendar import Week, week_of
from bot.rules.refused import Refused
from storage import categories, reports, summaries, tasks, units
from storage import people as roster
from storage.categories import Category
from storage.people import Member
from storage.reports import Figure
from storage.units import Unit

Sums = Counter[tuple[str, str]]
"""(category, unit of count) → how many."""

MOST_PARTS = 40
MOST_FIGURES = 3
MOST_LATEST = 6
OLDEST_WEEKS = 52

router = Router("summaries")


@dataclass(frozen=True, slots=True)
class ShowWeek(Action, code="wk"):
    """The week so many weeks ago."""

    ago: int


@dataclass
class Figures:
    """What happened in some days, counted once for the whole tree: sums and reports per unit and per author.

    Units' own figures are folded upwards, so that every unit's include those below it.
    """

    by_unit: Mapping[int, Sums]
    by_author: Mapping[int, Sums]
    reports_by_unit: Mapping[int, int]
    reports_by_author: Mapping[int, int]


def figures(turn: Turn, top: Unit, days: Week, tree: list[Unit] | None = None, at: int | None = None) -> Figures:
    """Count the days in the subtree of `top`; in the `tree` of a moment, `at`, or in today's."""
    first, last = days.first.isoformat(), days.last.isoformat()
    tree = units.under(turn.db, top, closed=True) if tree is None else tree
    paths = {unit.id: _ids(unit.path) for unit in tree}
    by_unit: defaultdict[int, Sums] = defaultdict(Counter)
    for figure in reports.figures_by_unit(turn.db, top, first, last, at):
        for unit_id in paths[figure.key]:
            by_unit[unit_id][figure.category, figure.unit] += figure.count
    counts: Counter[int] = Counter()
    for unit_id, count in reports.counts_by_unit(turn.db, top, first, last, at).items():
        for above in paths[unit_id]:
            counts[above] += count
    return Figures(
        by_unit,
        _by_key(reports.figures_by_author(turn.db, top, first, last, at)),
        counts,
        Counter(reports.counts_by_author(turn.db, top, first, last, at)),
    )


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]


def _by_key(found: Iterable[Figure]) -> defaultdict[int, Sums]:
    sums: defaultdict[int, Sums] = defaultdict(Counter)
    for figure in found:
        sums[figure.key][figure.category, figure.unit] += figure.count
    return sums


@dataclass
class Weekly:
    """Everything that summaries of one week are made of, read once for all of them."""

    turn: Turn
    top: Unit
    week: Week
    now: Figures
    before: Figures
    known: dict[str, Category]
    children: Mapping[int, list[Unit]]
    teams: Mapping[int, list[Member]]
    overdue: list[tuple[Unit, str]]

    @property
    def is_over(self) -> bool:
        """An earlier week: what is overdue now is not its business."""
        return self.week.last < week_of(self.turn.today).first


def gather(turn: Turn, top: Unit, week: Week) -> Weekly:
    """Read what the summaries of a week need, for the subtree of `top`; the week before counts up to the same day.

    A week that is over is seen in the units, names and teams of its end, whatever became of them.
    """
    end = week.last + timedelta(days=1)
    at = None if end > turn.today else turn.moment(datetime.combine(end, time())) - 1
    tree = units.under(turn.db, top, closed=True) if at is None else units.as_of(turn.db, top, at)
    children: defaultdict[int, list[Unit]] = defaultdict(list)
    for unit in tree:
        if unit.parent_id is not None and unit.closed_at is None:
            children[unit.parent_id].append(unit)
    teams: defaultdict[int, list[Member]] = defaultdict(list)
    for member in roster.under(turn.db, top, at):
        if member.role != "admin":
            teams[member.unit.id].append(member)
    now = figures(turn, top, week, tree, at)
    for member in _gone(turn, top, week, at, {member.person.id for team in teams.values() for member in team}):
        if now.reports_by_author[member.person.id]:
            teams[member.unit.id].append(member)
    last_week = week.moved(-1)
    late = [(part.unit, f"{task.code} {part.unit.name}") for task, part in tasks.overdue(turn.db, turn.now)]
    known = categories.by_code(turn.db)
    return Weekly(
        turn,
        next((unit for unit in tree if unit.id == top.id), top),
        week,
        now,
        figures(turn, top, last_week, tree, at),
        known,
        children,
        teams,
        late,
    )


def _gone(turn: Turn, top: Unit, week: Week, at: int | None, there: set[int]) -> list[Member]:
    """Who left in these days and is in no team of these any more: what they did until then is still theirs."""
    first = turn.moment(datetime.combine(week.first, time()))
    left = roster.dismissed(turn.db, top, first, turn.now if at is None else at)
    return [one for one in pick.once(left) if one.role != "admin" and one.person.id not in there]


@router.weekly("fri 16:00")
def weekly(turn: Turn) -> None:
    """To everybody, once a week; rung late, it is still about the week it was due in."""
    top = units.top(turn.db)
    if top is None:
        return
    week = week_of(turn.when(turn.slot or turn.now).date())
    found = gather(turn, top, week.until(turn.today))
    for member in {member.person.id: member for member in roster.under(turn.db, top)}.values():
        posts = roster.posts(turn.db, member.person.id)
        view = _for(found, posts)
        if not member.reachable or view is None:
            continue
        if summaries.take(turn.db, member.person.id, week.first.isoformat(), turn.now):
            turn.tell(member.person.id, view, kind=Kind.SUMMARY)


def _for(found: Weekly, posts: list[roster.Post]) -> View | None:
    led = people.led(posts)
    if led:
        return lambda say: Reply(paragraphs(*(lead_text(found, say, post.unit) for post in led)), card="")
    home = people.home(posts)
    if home is None:
        return None
    return lambda say: _for_member(found, say, home)


@router.command("tuan", about="summaries.about_week", rank=35)
def this_week(turn: Turn) -> Said:
    """The summary on demand; "/tuan 1" is the week before."""
    asked = turn.incoming.text.split()[-1]
    return _week(turn, int(asked) if asked.isdecimal() and len(asked) < 4 else 0)


@router.on(ShowWeek)
def another_week(turn: Turn, pressed: ShowWeek) -> Said:
    return _week(turn, pressed.ago)


def _week(turn: Turn, ago: int) -> Reply:
    if not 0 <= ago <= OLDEST_WEEKS:
        raise Refused("summaries.no_week", most=OLDEST_WEEKS)
    week = week_of(turn.today).moved(-ago)
    shown = week.until(turn.today) if ago == 0 else week
    led = people.led(turn.posts)
    home = people.home(turn.posts)
    if led:
        found = [gather(turn, post.unit, shown) for post in led]
        told = Reply(paragraphs(*(lead_text(one, turn.say, one.top) for one in found)))
    elif home is not None:
        told = _for_member(gather(turn, home.unit, shown), turn.say, home)
    else:
        raise Refused("reports.no_team")
    row = [turn.button("summaries.buttons.week_before", ShowWeek(ago + 1))]
    if ago:
        row.append(turn.button("summaries.buttons.week_after", ShowWeek(ago - 1)))
    return replace(told, buttons=(*told.buttons, tuple(row)), card="week")


def lead_text(found: Weekly, say: Voice, unit: Unit) -> Text:
    """A sentence first, then the figures of the unit, then each unit (or person) below."""
    children = found.children.get(unit.id, [])
    heading = say("summaries.week", days=_days(found.week), unit=unit.name)
    sentence = lines(_silent(found, say, unit, children), _late(found, say, unit))
    change = found.now.reports_by_unit[unit.id] - found.before.reports_by_unit[unit.id]
    total = say(
        "summaries.total_title", unit=unit.name, count=found.now.reports_by_unit[unit.id], change=_signed(say, change)
    )
    sums = found.now.by_unit.get(unit.id, Counter())
    earlier = found.before.by_unit.get(unit.id, Counter())
    rows = [
        say(
            "summaries.figure",
            category=found.known[category].name(say.language),
            count=sums[category, counted],
            unit=_counted(found.known, say, category, counted),
            change=_signed(say, sums[category, counted] - earlier[category, counted]),
        )
        for category, counted in sorted(sums, key=lambda key: (found.known[key[0]].position, key))
    ]
    return paragraphs(
        heading,
        sentence,
        lines(total, *(rows or [say("summaries.no_figures")])),
        _parts(found, say, unit, children),
    )


def _silent(found: Weekly, say: Voice, unit: Unit, children: list[Unit]) -> Text:
    if children:
        silent = [child for child in children if not found.now.reports_by_unit[child.id]]
        kinds = {child.kind for child in silent}
        kind = kinds.pop() if len(kinds) == 1 else say.label("summaries.place")
        names = [child.name for child in silent]
        said = say("summaries.silent_units", count=len(names), kind=kind, names=some(names))
    else:
        team = found.teams.get(unit.id, [])
        if not team:
            return ()  # nobody is there to report
        names = [m.person.name for m in team if not found.now.reports_by_author[m.person.id]]
        said = say("summaries.silent_people", count=len(names), names=some(names))
    return said if names else say("summaries.all_reported")


def _late(found: Weekly, say: Voice, unit: Unit) -> Text:
    if found.is_over:
        return ()
    late = [name for where, name in found.overdue if unit.holds(where)]
    return say("summaries.overdue_some", count=len(late), names=some(late)) if late else say("summaries.overdue_none")


def _parts(found: Weekly, say: Voice, unit: Unit, children: list[Unit]) -> Text:
    now, before = found.now, found.before
    if children:
        title = "summaries.by_unit"
        parts = [
            (c.name, now.reports_by_unit[c.id], before.reports_by_unit[c.id], now.by_unit.get(c.id, Counter()))
            for c in children
        ]
    else:
        title = "summaries.by_person"
        parts = [
            (
                m.person.name,
                now.reports_by_author[m.person.id],
                before.reports_by_author[m.person.id],
                now.by_author.get(m.person.id, Counter()),
            )
            for m in found.teams.get(unit.id, [])
        ]
    rows = [
        say(
            "summaries.part",
            name=name,
            reports=count,
            change=_signed(say, count - earlier),
            figures=f" – {_few(found.known, say, sums)}" if sums else "",
        )
        for name, count, earlier, sums in parts[:MOST_PARTS]
    ]
    more = say("summaries.more_parts", count=len(parts) - MOST_PARTS) if len(parts) > MOST_PARTS else ()
    return lines(say(title), *rows, more) if rows else ()


def _for_member(found: Weekly, say: Voice, home: roster.Post) -> Reply:
    """One line: one's own figures and the team's. Who has not reported yet this week is given the buttons that do."""
    reported = found.now.reports_by_author[home.person_id]
    sums = found.now.by_author.get(home.person_id, Counter())
    which = "summaries.that_week" if found.is_over else "summaries.this_week"
    week = say(which, days=_days(found.week))
    all_sums = found.now.by_unit.get(home.unit.id, Counter())
    team = say("summaries.team", unit=home.unit.name, figures=_few(found.known, say, all_sums)) if all_sums else ()
    if sums:
        mine = say("summaries.mine", week=week, reports=reported, mine=_few(found.known, say, sums))
        return Reply(_sentences(mine, team, say("summaries.thanks")))
    if reported:
        return Reply(_sentences(say("summaries.mine_nothing", week=week), team, say("summaries.thanks")))
    silent = say("summaries.mine_silent", week=week)
    if found.is_over:
        return Reply(_sentences(silent, team))
    report = Button(say.label("summaries.buttons.report"), Typed("/baocao").pack())
    nothing = Button(say.label("summaries.buttons.nothing"), Typed("/khongcoviec").pack())
    return Reply(_sentences(silent, team, say("summaries.report_hint")), ((report,), (nothing,)))


def _sentences(*texts: Text) -> Text:
    """One after the other on a line; empty ones leave no gap."""
    spans: list[Span] = []
    for text in filter(None, texts):
        spans += [Span(" "), *text] if spans else text
    return tuple(spans)


@router.command("ketqua", about="summaries.about_results", menu="summaries.menu.results", rank=30)
def results(turn: Turn) -> Said:
    """My week and month, my team's week, my latest reports."""
    home = people.home(turn.posts)
    if home is None:
        raise Refused("reports.no_team")
    week = week_of(turn.today).until(turn.today)
    month = Week(turn.today.replace(day=1), turn.today)
    mine = reports.of_author(turn.db, turn.me.id, min(month.first, week.first).isoformat(), turn.today.isoformat())
    known = categories.by_code(turn.db)
    in_week = [one for one in mine if one.day >= week.first.isoformat()]
    in_month = [one for one in mine if one.day >= month.first.isoformat()]
    team = figures(turn, home.unit, week)
    heading = turn.t("summaries.mine_week", days=_days(week), count=len(in_week))
    latest = mine[:MOST_LATEST]
    text = paragraphs(
        lines(heading, *_rows(turn.say, known, _sum(in_week))),
        turn.t("summaries.mine_month", count=len(in_month), figures=_few(known, turn.say, _sum(in_month), most=9)),
        turn.t(
            "summaries.team_week",
            unit=home.unit.name,
            count=team.reports_by_unit[home.unit.id],
            figures=_few(known, turn.say, team.by_unit.get(home.unit.id, Counter()), most=9),
        ),
        turn.t("summaries.latest") if latest else (),
    )
    buttons = [Button(one.code, Typed(one.code).pack()) for one in latest]
    rows = tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3))
    week_row = (turn.button("summaries.buttons.week_before", ShowWeek(1)),)
    return Reply(text, (*rows, week_row), card="results")


def _sum(found: Iterable[reports.Report]) -> Sums:
    sums: Sums = Counter()
    for report in found:
        for item in report.items:
            sums[item.category, item.unit] += item.count
    return sums


def _rows(say: Voice, known: dict[str, Category], sums: Sums) -> list[Text]:
    if not sums:
        return [say("summaries.no_figures")]
    return [
        (Span(f"• {say.write(count)} {_counted(known, say, category, counted)} – {_name(known, say, category)}"),)
        for (category, counted), count in sums.most_common()
    ]


def _name(known: dict[str, Category], say: Voice, category: str) -> str:
    return known[category].name(say.language)


def _few(known: dict[str, Category], say: Voice, sums: Sums, most: int = MOST_FIGURES) -> str:
    if not sums:
        return say.label("summaries.nothing_yet")
    shown = [
        f"{_name(known, say, category)} {say.write(count)} {_counted(known, say, category, counted)}"
        for (category, counted), count in sums.most_common(most)
    ]
    return ", ".join(shown) + (" …" if len(sums) > most else "")


def _counted(known: dict[str, Category], say: Voice, category: str, counted: str) -> str:
    return known[category].unit(say.language) if counted == known[category].unit_vi else counted


def _signed(say: Voice, change: int) -> str:
    return f"{'+' if change > 0 else '−'}{say.write(abs(change))}" if change else say.label("summaries.no_change")


def _days(week: Week) -> str:
    return " – ".join(dict.fromkeys(f"{day.day}/{day.month}" for day in (week.first, week.last)))
