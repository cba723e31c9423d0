"""/donvi: the tree of units page by page, and a unit's card."""

from __future__ import annotations

from bot.chat import pick
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import counted, lines, paragraphs, some
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.reforms.actions import Begin, Latest, Show
from storage import people, units
from storage.units import Unit

PAGE = 8
ACTS = ("merge", "split", "rename", "move", "close", "open")

router = Router("reforms")


@router.command(
    "donvi", about="reforms.about", menu="reforms.menu.units", who=rights.has("units"), rank=55, said=("don vi",)
)
def tree(turn: Turn) -> Said:
    """The top of one's units; with words after it, the unit that is called so."""
    tops = rights.offices(turn.posts, "units")
    _, _, said = turn.incoming.text.strip().partition(" ")
    if not turn.incoming.text.startswith("/") or not said.strip():
        return card(turn, _checked(turn, tops[0].id), 0)
    found = pick.find_units(turn, tops, said)
    if not found:
        raise Refused("chat.no_such_unit", said=said[:60])
    if len(found) == 1:
        return card(turn, found[0], 0)
    labels = pick.places(turn, found[:PAGE], 1)
    rows = [(Button(label, Show(one.id, 0).pack()),) for label, one in zip(labels, found, strict=False)]
    return Reply(turn.t("chat.which_of_these"), tuple(rows), card="unit")


@router.on(Show)
def show(turn: Turn, pressed: Show) -> Said:
    return card(turn, _checked(turn, pressed.unit), pressed.page)


def _checked(turn: Turn, unit_id: int) -> Unit:
    return rights.check(turn.posts, "units", units.get(turn.db, unit_id))


def card(turn: Turn, unit: Unit, page: int, heading: Text = ()) -> Reply:
    """What it is, what came of it, what can be done with it, and what stands below it."""
    below = units.children(turn.db, unit)
    first = page * PAGE if 0 <= page * PAGE < len(below) else 0
    shown = below[first : first + PAGE]
    text = paragraphs(heading, _about(turn, unit), _below(turn, shown, first, len(below)))
    return Reply(text, _buttons(turn, unit, shown, first, len(below)), card="unit")


def _about(turn: Turn, unit: Unit) -> Text:
    above = units.above(turn.db, unit)
    within = units.count(turn.db, unit)
    lead = people.leaders(turn.db, [unit.id]).get(unit.id)
    head = lead.person.name if lead and lead.role in rights.LEADS else turn.say.label("reforms.no_lead")
    before = [one.name for one in units.came_from(turn.db, unit) if one.closed_at is not None]
    heirs = units.heirs(turn.db, unit) if unit.closed_at is not None else []
    return lines(
        turn.t("reforms.unit", name=unit.name, code=unit.code)
        if unit.code
        else turn.t("reforms.unit_uncoded", name=unit.name),
        turn.t("reforms.stands_in", above=", ".join(one.name for one in above)) if above else (),
        turn.t("reforms.since", day=_day(turn, units.since(turn.db, unit))),
        turn.t("reforms.came_from", names=some(before)) if before else (),
        turn.t("reforms.lead", name=head),
        turn.t("reforms.counts", units=within.units, people=within.people, leads=within.leads),
        turn.t("reforms.closed", day=_day(turn, unit.closed_at), names=some([one.name for one in heirs]))
        if unit.closed_at is not None
        else (),
    )


def _day(turn: Turn, at: int) -> str:
    return f"{turn.when(at):%-d/%-m/%Y}"


def _below(turn: Turn, shown: list[Unit], first: int, total: int) -> Text:
    if not total:
        return turn.t("reforms.nothing_below")
    rows = [turn.t("reforms.below_line", name=unit.name, what=_inside(turn, unit)) for unit in shown]
    return lines(turn.t("reforms.below", first=first + 1, last=first + len(shown), total=total), *rows)


def _inside(turn: Turn, unit: Unit) -> str:
    found = units.count(turn.db, unit)
    counts = {"units": found.units, "people": found.people, "leads": found.leads}
    said = counted(turn.say, {f"reforms.inside.{what}": count for what, count in counts.items()})
    return said or turn.say.label("reforms.inside.nobody")


def _buttons(turn: Turn, unit: Unit, shown: list[Unit], first: int, total: int) -> tuple[tuple[Button, ...], ...]:
    names = [Button(one.name, Show(one.id, 0).pack()) for one in shown]
    rows = list(in_rows(names, 2))
    page = first // PAGE
    turns = [turn.button("chat.buttons.previous", Show(unit.id, page - 1))] if first else []
    turns += [turn.button("chat.buttons.next", Show(unit.id, page + 1))] if first + PAGE < total else []
    rows.append(tuple(turns))
    if unit.closed_at is None:
        acts = [act for act in ACTS if unit.parent_id is not None or act in ("rename", "open")]
        do = [turn.button(f"reforms.buttons.{act}", Begin(unit.id, act)) for act in acts]
        rows += list(in_rows(do, 3))
    up = units.get(turn.db, unit.parent_id) if unit.parent_id else None
    last = []
    if up is not None and rights.may(turn.posts, "units", up):
        last.append(turn.button("reforms.buttons.up", Show(up.id, 0)))
    last.append(turn.button("reforms.buttons.latest", Latest()))
    return tuple(row for row in (*rows, tuple(last)) if row)
