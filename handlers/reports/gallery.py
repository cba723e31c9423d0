"""/hinh: the week's photos of a unit and all below, ten at a time, with who and what under them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import groupby

from bot.chat import pick
from bot.chat.message import Button, Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn, sent_files
from bot.rules import rights
from bot.rules.calendar import Week, week_of
from handlers.reports.actions import Gallery
from handlers.reports.cards import named, what
from storage import past, photos, units
from storage.files import StoredFile
from storage.past import Found
from storage.units import Unit

PAGE = 10  # what an album holds
OLDEST = 53  # weeks

router = Router("reports")


@router.command("hinh", about="photos.about", who=rights.has("watch"), rank=53, said=("xem hình",))
def show(turn: Turn) -> Said:
    """This week's; of several units the one that is chosen."""
    offices = rights.offices(turn.posts, "watch")
    if len(offices) == 1:
        return _page(turn, offices[0], 0, 0)
    places = zip(offices, pick.places(turn, offices, 1), strict=True)
    rows = tuple((Button(name[:40], Gallery(unit.id, 0, 0).pack()),) for unit, name in places)
    return Reply(turn.t("photos.which_unit"), rows, card="gallery")


@router.on(Gallery)
def turn_to(turn: Turn, pressed: Gallery) -> Said:
    """Another page, or another week."""
    unit = rights.check(turn.posts, "watch", units.get(turn.db, pressed.unit))
    return _page(turn, unit, max(0, min(pressed.ago, OLDEST)), max(0, pressed.page))


def _page(turn: Turn, unit: Unit, ago: int, page: int) -> Reply:
    week = week_of(turn.today - timedelta(weeks=ago))
    first, last = week.first.isoformat(), week.last.isoformat()
    count, shown = photos.in_days(turn.db, unit, first, last, page * PAGE, PAGE)
    if not shown and page:  # some went meanwhile
        return _page(turn, unit, ago, 0)
    rows = _rows(turn, unit, ago, page, count)
    if not shown:
        return Reply(turn.t("photos.gallery_none", unit=unit.name, **_days(week)), rows, card="gallery")
    heading = turn.t(
        "photos.gallery",
        unit=unit.name,
        count=count,
        **{"from": page * PAGE + 1, "to": page * PAGE + len(shown)},
        **_days(week),
    )
    text = paragraphs(heading, lines(*_lines(turn, shown, page * PAGE + 1)))
    return Reply(text, rows, sent_files([file for file, _ in shown]), card="gallery")


def _days(week: Week) -> dict[str, str]:
    return {"first": f"{week.first:%-d/%-m}", "last": f"{week.last:%-d/%-m}"}


def _lines(turn: Turn, shown: Sequence[tuple[StoredFile, int]], number: int) -> list[Text]:
    """Who and what, once for the photos of one report that stand together."""
    found = {one.report.id: one for one in past.whole(turn.db, list(dict.fromkeys(report for _, report in shown)))}
    rows = []
    for report_id, same in groupby(shown, key=lambda one: one[1]):
        of = len(list(same))
        rows.append(_line(turn, found[report_id], number, of))
        number += of
    return rows


def _line(turn: Turn, found: Found, number: int, of: int) -> Text:
    report = found.report
    about = {
        "name": found.author,
        "unit": found.unit,
        "day": date.fromisoformat(report.day),
        "what": what(turn.say, named(turn, report.items), report),
        "code": report.code,
    }
    if of > 1:
        return turn.t("photos.gallery_lines", first=number, last=number + of - 1, **about)
    return turn.t("photos.gallery_line", number=number, **about)


def _rows(turn: Turn, unit: Unit, ago: int, page: int, count: int) -> tuple[tuple[Button, ...], ...]:
    turning = []
    if page:
        turning.append(turn.button("photos.buttons.back", Gallery(unit.id, ago, page - 1)))
    if (page + 1) * PAGE < count:
        turning.append(turn.button("photos.buttons.next", Gallery(unit.id, ago, page + 1)))
    weeks = [turn.button("photos.buttons.week_before", Gallery(unit.id, ago + 1, 0))] if ago < OLDEST else []
    if ago:
        weeks.append(turn.button("photos.buttons.week_after", Gallery(unit.id, ago - 1, 0)))
    return tuple(tuple(row) for row in (turning, weeks) if row)
