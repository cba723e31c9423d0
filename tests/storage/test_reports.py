"""What is kept of a report, and that only what counts is counted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage import categories, mydata, reports, units
from storage.db import Db
from storage.reports import Item, Report
from storage.units import Unit
from tests.engine import open_engine
from tests.rig import MONDAY, moment, settle

NOW = moment(MONDAY)
DAY = "2026-11-23"
ITEMS = (Item("HO", 3, "hộ", "hơn"), Item("VNE", 5, "người", answer="ở nhà văn hóa"))


def village(db: Db) -> tuple[Unit, int, int]:
    """A hamlet, a member of it and its head."""
    found = settle(db, NOW)
    (hamlet,) = units.with_code(db, "ap1")
    return hamlet, found["an"][0], found["tam"][0]


def made(db: Db, state: str = "kept") -> tuple[Report, Unit]:
    hamlet, an, head = village(db)
    kept = reports.add(
        db,
        author_id=an,
        unit_id=hamlet.id,
        day=DAY,
        note="vui lắm",
        items=ITEMS,
        now=NOW,
        said="5 ng cai vneid",
        place="ấp 4",
        written_by=head,
        state=state,
    )
    return kept, hamlet


async def test_a_report_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    store = await open_engine(tmp_path / "apso.db", NOW)

    def work(db: Db) -> None:
        kept, _ = made(db)
        assert reports.get(db, kept.id) == kept
        changed = replace(kept, returned="thiếu hình", state="returned", accepted_at=NOW, accepted_by=kept.written_by)
        saved = reports.save(db, changed, NOW + 1)
        assert reports.get(db, kept.id) == saved == replace(changed, version=2, changed_at=NOW + 1)
        reports.took_part(db, kept.id, [kept.author_id, kept.author_id, saved.written_by or 0])
        assert set(reports.participants(db, kept.id)) == {kept.author_id, saved.written_by}

    await store.run(work)
    await store.close()


@pytest.mark.parametrize("state", ["kept", "undone", "returned", "practice"])
async def test_only_what_is_kept_counts(state: str, tmp_path: Path) -> None:
    store = await open_engine(tmp_path / "apso.db", NOW)

    def work(db: Db) -> None:
        one, hamlet = made(db, state)
        categories.count_uses(db, DAY)
        totals = {
            "figures by unit": reports.figures_by_unit(db, hamlet, DAY, DAY),
            "figures by author": reports.figures_by_author(db, hamlet, DAY, DAY),
            "counts by unit": reports.counts_by_unit(db, hamlet, DAY, DAY),
            "counts by author": reports.counts_by_author(db, hamlet, DAY, DAY),
            "who ever reported": reports.authors_under(db, hamlet),
            "the author's own": reports.of_author(db, one.author_id, DAY, DAY),
            "how many ever": reports.made(db, one.author_id, hamlet.id),
            "the team's day": reports.of_unit(db, hamlet.id, DAY, 10)[0],
            "habits": categories.used_by(db, one.author_id, DAY),
            "uses": db.all("SELECT code FROM categories WHERE uses > 0"),
        }
        assert {name: bool(total) for name, total in totals.items()} == dict.fromkeys(totals, state == "kept")

    await store.run(work)
    await store.close()


async def test_of_who_is_erased_no_words_and_no_days_are_left(tmp_path: Path) -> None:
    store = await open_engine(tmp_path / "apso.db", NOW)

    def work(db: Db) -> None:
        kept, hamlet = made(db)
        assert kept.written_by is not None
        reports.took_part(db, kept.id, [kept.author_id, kept.written_by])
        mydata.erase(db, kept.author_id, "Người đã xóa 0001", NOW)
        left = reports.get(db, kept.id)
        assert left is not None
        assert (left.note, left.said, left.place, left.returned) == ("", "", "", "")
        assert reports.participants(db, kept.id) == [kept.written_by]
        assert [figure.count for figure in reports.figures_by_unit(db, hamlet, DAY, DAY)] == [3, 5]

    await store.run(work)
    await store.close()
