"""Nothing of the practice room enters a total, ever: each place of storage that reads reports is named here, with what
it says before and after somebody practised, or with the reason why it tells nobody a total."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from storage import categories, files, mydata, past, photos, practice, reforms, reports, restore, units
from storage.db import Db
from storage.past import Shelf
from storage.reports import Item
from tests.engine import open_engine
from tests.rig import MONDAY, moment, settle

NOW = moment(MONDAY)
DAY = "2026-11-23"
LOOKS = 0x0F0F_1234_5678_9ABC
ITEMS = (Item("HO", 3, "hộ"), Item("VNE", 5, "người"))
STORAGE = Path(__file__).parent.parent.parent / "storage"
READS = re.compile(r"\b(FROM|JOIN) (reports|report_items|report_files|report_people)\b")


class Place:
    """A hamlet, a member of it who reports, and what is asked about them."""

    def __init__(self, db: Db) -> None:
        self.db = db
        found = settle(db, NOW)
        (self.hamlet,) = units.with_code(db, "ap1")
        self.an, self.head = found["an"][0], found["tam"][0]

    def makes(self, state: str) -> int:
        """A report of everything: figures, a photo, people who took part."""
        one = reports.add(
            self.db,
            author_id=self.an,
            unit_id=self.hamlet.id,
            day=DAY,
            note="",
            items=ITEMS,
            now=NOW,
            state=state,
        )
        file = files.add(
            self.db,
            kind="photo",
            channel="phone",
            ref=f"r{one.id}",
            unique=f"u{one.id}",
            name="",
            mime="image/jpeg",
            size=9,
            now=NOW,
            person_id=self.an,
            is_picture=True,
        )
        files.attach(self.db, "report_files", "report_id", one.id, [file])
        photos.keep(self.db, file, photos.Photo(f"hash{one.id}", 9, 9, 9, LOOKS), NOW)
        reports.took_part(self.db, one.id, [self.an, self.head])
        return one.id

    def uses(self) -> object:
        categories.count_uses(self.db, DAY)
        return self.db.all("SELECT code, uses FROM categories ORDER BY code")


Total = Callable[[Place], object]

TOTALS: dict[str, Total] = {
    "categories.reported": lambda it: categories.reported(it.db, "VNE"),
    "categories.used_by": lambda it: categories.used_by(it.db, it.an, DAY),
    "categories.count_uses": lambda it: it.uses(),
    "mydata.held": lambda it: mydata.held(it.db, it.an).reports,
    "past.waiting": lambda it: past.waiting(it.db, it.hamlet, it.head, DAY),
    "past.count": lambda it: (
        past.count(it.db, Shelf(person=it.an)),
        past.count(it.db, Shelf(unit=it.hamlet)),
    ),
    "past.page": lambda it: (
        past.page(it.db, Shelf(person=it.an), 0, 9),
        past.page(it.db, Shelf(unit=it.hamlet), 0, 9),
    ),
    "photos.near": lambda it: photos.near(it.db, LOOKS),
    "photos.in_days": lambda it: photos.in_days(it.db, it.hamlet, DAY, DAY, 0, 9),
    "reforms.report_since": lambda it: reforms.report_since(it.db, [it.hamlet.id], [], [], 0),
    "reports.of_author": lambda it: reports.of_author(it.db, it.an, DAY, DAY),
    "reports.open_of": lambda it: reports.open_of(it.db, it.an, DAY, DAY, practice=False),
    "reports.made": lambda it: reports.made(it.db, it.an, it.hamlet.id),
    "reports.of_unit": lambda it: reports.of_unit(it.db, it.hamlet.id, DAY, 9),
    "reports.sent": lambda it: reports.sent(it.db, it.hamlet.id, DAY),
    "reports._figures": lambda it: (
        reports.figures_by_unit(it.db, it.hamlet, DAY, DAY),
        reports.figures_by_author(it.db, it.hamlet, DAY, DAY),
    ),
    "reports.on_time": lambda it: reports.on_time(it.db, it.hamlet, DAY, DAY, NOW + 1),
    "reports.authors_under": lambda it: reports.authors_under(it.db, it.hamlet),
    "reports._counts": lambda it: (
        reports.counts_by_unit(it.db, it.hamlet, DAY, DAY),
        reports.counts_by_author(it.db, it.hamlet, DAY, DAY),
    ),
    "reports.days_together": lambda it: reports.days_together(it.db, it.hamlet, DAY, DAY),
    "restore.CONTENTS": lambda it: it.db.one(restore.CONTENTS),
}
NO_TOTAL = {
    "dump.contents": "the same as restore.CONTENTS, of PostgreSQL's own dump",
    "files.of_report": "the photos of one report",
    "files.late": "the photos of one report",
    "keeping.drop_practice": "forgets it",
    "keeping._loose_photos": "photos of nothing",
    "keeping.drop_files": "forgets photos",
    "mydata._REPORTS": "what is one's own, to be shown to oneself and erased",
    "mydata._PHOTOS": "what is one's own, to be shown to oneself and erased",
    "mydata.PARTS": "what is one's own, to be shown to oneself and erased",
    "mydata._cut_words": "erases",
    "past.whole": "those that were found before",
    "photos.looks_of": "the photos of one report",
    "photos.report_of": "the report of one photo",
    "reports._next_of_practice": "the numbers of practice alone",
    "reports.save": "one report",
    "reports.get": "one report",
    "reports._items": "one report",
    "reports.several": "those that were found before",
    "reports.participants": "one report",
    "reports.took_part": "one report",
}


def reading() -> Iterator[str]:
    """Every function or constant of storage whose SQL reads reports, or that names the table to read it."""
    for path in sorted(STORAGE.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            said = [one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)]
            if READS.search(" ".join(said)) or "reports" in said or "report_files" in said:
                yield f"{path.stem}.{_called(node)}"


def _called(node: ast.stmt) -> str:
    if isinstance(node, ast.Assign):
        return ast.unparse(node.targets[0])
    if isinstance(node, ast.AnnAssign):
        return ast.unparse(node.target)
    return str(getattr(node, "name", ast.unparse(node)))


def test_whatever_reads_reports_is_tried_or_named_with_a_reason() -> None:
    found = set(reading())
    assert found == TOTALS.keys() | NO_TOTAL.keys(), found ^ (TOTALS.keys() | NO_TOTAL.keys())
    assert not TOTALS.keys() & NO_TOTAL.keys()


@pytest.mark.parametrize("name", TOTALS)
async def test_a_total_without_practice(name: str, tmp_path: Path) -> None:
    """The same before and after somebody practised, beside what is real; and not the same once more is real."""
    store = await open_engine(tmp_path / "apso.db", NOW)

    def work(db: Db) -> None:
        place, total = Place(db), TOTALS[name]
        nothing = total(place)
        for state in practice.STATES:
            place.makes(state)
            assert total(place) == nothing, f"{name} has {state} in it"
        place.makes("kept")
        real = total(place)
        assert real != nothing, f"{name} does not see what is real"
        for state in practice.STATES:
            place.makes(state)
            assert total(place) == real, f"{name} has {state} in it"

    await store.run(work)
    await store.close()


async def test_who_is_erased_leaves_no_practice(tmp_path: Path) -> None:
    store = await open_engine(tmp_path / "apso.db", NOW)

    def work(db: Db) -> None:
        place = Place(db)
        place.makes("practice")
        kept = place.makes("kept")
        practice.begin(db, place.an, NOW)
        mydata.erase(db, place.an, "Người đã xóa 0001", NOW)
        assert db.all("SELECT id, state FROM reports") == [(kept, "kept")]
        assert db.all("SELECT DISTINCT report_id FROM report_items") == [(kept,)]
        assert db.all("SELECT * FROM practice") == []

    await store.run(work)
    await store.close()
