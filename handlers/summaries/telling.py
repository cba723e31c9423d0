"""The words of a week: to a lead a sentence first, then the figures; to a member one line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from bot.chat import pick
from bot.chat.action import Typed
from bot.chat.message import Button, Span, Text
from bot.chat.reply import Reply
from bot.chat.texts import Voice, lines, paragraphs, some
from handlers.summaries.figures import counted_in, days_of, few, signed
from handlers.summaries.weekly import Weekly
from storage import people as roster
from storage.units import Unit

MOST_PARTS = 40


def lead_text(found: Weekly, say: Voice, unit: Unit) -> Text:
    """A sentence first, then the figures of the unit, then each unit (or person) below."""
    children = found.children.get(unit.id, [])
    heading = say("summaries.week", days=days_of(found.week), unit=unit.name)
    sentence = lines(_silent(found, say, unit, children), _late(found, say, unit), _rates(found, say, unit))
    change = found.now.reports_by_unit[unit.id] - found.before.reports_by_unit[unit.id]
    total = say(
        "summaries.total_title", unit=unit.name, count=found.now.reports_by_unit[unit.id], change=signed(say, change)
    )
    sums = found.now.by_unit.get(unit.id, Counter())
    earlier = found.before.by_unit.get(unit.id, Counter())
    rows = [
        say(
            "summaries.figure",
            category=found.known[category].name(say.language),
            count=sums[category, counted],
            unit=counted_in(found.known, say, category, counted),
            change=signed(say, sums[category, counted] - earlier[category, counted]),
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
        if not silent:
            return say("summaries.all_units_reported", count=len(children), kind=_kind(say, children))
        kind = _kind(say, silent)
        names = [child.name for child in silent]
        said = say("summaries.silent_units", count=len(names), kind=kind, names=some(names))
    else:
        team = found.teams.get(unit.id, [])
        if not team:
            return ()  # nobody is there to report
        names = [m.person.name for m in team if not found.now.reports_by_author[m.person.id]]
        said = say("summaries.silent_people", count=len(names), names=some(names))
    return said if names else say("summaries.all_reported")


def _kind(say: Voice, those: list[Unit]) -> str:
    """What all of them are; of several kinds only that they are places."""
    kinds = {one.kind for one in those}
    return kinds.pop() if len(kinds) == 1 else say.label("summaries.place")


def _late(found: Weekly, say: Voice, unit: Unit) -> Text:
    if found.is_over:
        return ()
    late = [name for where, name in found.overdue if unit.holds(where)]
    return say("summaries.overdue_some", count=len(late), names=some(late)) if late else say("summaries.overdue_none")


def _rates(found: Weekly, say: Voice, unit: Unit) -> Text:
    """How complete the week is, and of one that is over how much of it was said in time; of several teams only."""
    expected = found.expected(unit)
    if len(expected) < 2:
        return ()
    there = sum(bool(found.now.reports_by_unit[team]) for team in expected)
    complete = say("summaries.complete", percent=100 * there // len(expected), count=there, of=len(expected))
    if not found.is_over:
        return complete
    count = sum(team in found.on_time for team in expected)
    return _sentences(complete, say("summaries.on_time", percent=100 * count // len(expected), count=count))


def _parts(found: Weekly, say: Voice, unit: Unit, children: list[Unit]) -> Text:
    parts = found.parts(unit)
    rows = [
        say(
            "summaries.part",
            name=part.name,
            reports=part.now,
            change=signed(say, part.now - part.before),
            figures=f" – {few(found.known, say, part.sums)}" if part.sums else "",
        )
        for part in parts[:MOST_PARTS]
    ]
    more = say("summaries.more_parts", count=len(parts) - MOST_PARTS) if len(parts) > MOST_PARTS else ()
    title = say("summaries.by_unit" if children else "summaries.by_person")
    return lines(title, *rows, more) if rows else ()


def for_member(teams: Sequence[tuple[Weekly, roster.Post]], say: Voice) -> Reply:
    """One line: one's own figures and those of each team. Who has not reported yet this week is given the buttons that
    do."""
    found, person_id = teams[0][0], teams[0][1].person_id
    read = {one.top.id: one for one, _ in teams}.values()  # what was read for several teams at once counts once
    reported = sum(one.now.reports_by_author[person_id] for one in read)
    sums = sum((Counter(one.now.by_author.get(person_id, Counter())) for one in read), Counter())
    week = say("summaries.that_week" if found.is_over else "summaries.this_week", days=days_of(found.week))
    is_told = len(teams) > 1 or found.now.by_unit.get(teams[0][1].unit.id)
    theirs = team_lines(teams, say) if is_told else ()
    if sums:
        mine = say("summaries.mine", week=week, reports=reported, mine=few(found.known, say, sums))
        return Reply(_sentences(mine, theirs, say("summaries.thanks")))
    if reported:
        return Reply(_sentences(say("summaries.mine_nothing", week=week), theirs, say("summaries.thanks")))
    silent = say("summaries.mine_silent", week=week)
    if found.is_over:
        return Reply(_sentences(silent, theirs))
    report = Button(say.label("summaries.buttons.report"), Typed("/baocao").pack())
    nothing = Button(say.label("summaries.buttons.nothing"), Typed("/khongcoviec").pack())
    return Reply(_sentences(silent, theirs, say("summaries.report_hint")), ((report,), (nothing,)))


def team_lines(teams: Sequence[tuple[Weekly, roster.Post]], say: Voice) -> Text:
    """The figures of each of somebody's teams, also of one that has none yet, so that none seems forgotten."""
    names = pick.places(teams[0][0].turn, [post.unit for _, post in teams]) if teams else []
    return _sentences(
        *(
            say(
                "summaries.team",
                unit=name,
                figures=few(found.known, say, found.now.by_unit.get(post.unit.id, Counter())),
            )
            for name, (found, post) in zip(names, teams, strict=True)
        )
    )


def _sentences(*texts: Text) -> Text:
    """One after the other on a line; empty ones leave no gap."""
    spans: list[Span] = []
    for text in filter(None, texts):
        spans += [Span(" "), *text] if spans else text
    return tuple(spans)
