"""`apso audit`: the log of changes on paper, while the bot runs or not."""

from __future__ import annotations

import csv
from pathlib import Path

from bot.ledger import guarded
from storage import audit, keeping
from storage.db import Db
from tests.rig import moment
from tests.test_restore import Operator, operator


def changes(db: Db) -> None:
    units: dict[str, int] = {row[0]: row[1] for row in db.all("SELECT code, id FROM units")}
    people: dict[str, int] = {row[0]: row[1] for row in db.all("SELECT name, id FROM people")}
    for number, (name, unit) in enumerate(
        [("Nguyễn Văn An", "ap1"), ("Trương Văn Dũng", "xa2"), ("Nguyễn Văn An", "ap1")]
    ):
        at = moment(f"2026-11-2{number} 08:00")
        audit.note(
            db,
            people[name],
            "reports.made",
            f"B-000{number + 1}",
            "",
            at,
            after="=HYPERLINK(1)",
            channel="phone",
            unit_id=units[unit],
        )
    keeping.count(db, "2026-11-24", "seen", 12, more=False)


async def here(place: Path) -> Operator:
    found = await operator(place)
    await found.changes(changes)
    return found


async def test_the_newest_come_first_with_names_and_words(tmp_path: Path) -> None:
    status, out, err = await (await here(tmp_path)).does("audit")
    assert (status, err) == (0, "")
    first, second, third = out.splitlines()
    assert first.startswith("2026-11-22 08:00:00  Nguyễn Văn An  gửi báo cáo  B-0003")
    assert "Trương Văn Dũng" in second
    assert third.endswith("Ấp 1")


async def test_since_person_and_unit(tmp_path: Path) -> None:
    operator = await here(tmp_path)
    _, out, _ = await operator.does("audit", "--since", "2026-11-21", "--person", "nguyen van an")
    assert [line.split("  ")[3] for line in out.splitlines()] == ["B-0003"]
    _, out, _ = await operator.does("audit", "--unit", "Xã Mỹ An")
    assert [line.split("  ")[3] for line in out.splitlines()] == ["B-0002"]
    status, _, err = await operator.does("audit", "--person", "Zorro")
    assert (status, err) == (1, "apso: Nobody and nothing is called 'Zorro'.\n")
    status, _, err = await operator.does("audit", "--unit", "ấp")
    assert status == 1
    assert "3 are called 'ấp'" in err


async def test_a_file_for_a_spreadsheet_holds_no_formulas(tmp_path: Path) -> None:
    operator = await here(tmp_path)
    file = tmp_path / "log.csv"
    status, out, _ = await operator.does("audit", "--csv", file)
    assert (status, out) == (0, f"{file}: 3 entries\n")
    header, *rows = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert header == ["time", "person", "act", "object", "before", "after", "from", "unit"]
    assert {row[5] for row in rows} == {"'=HYPERLINK(1)"}
    status, _, err = await operator.does("audit", "--csv", file)
    assert (status, err) == (1, f"apso: {file} is there already. Name another file.\n")


def test_every_beginning_of_a_formula_is_guarded() -> None:
    assert guarded(["=1", "+1", "-1", "@a", "\tx", "\rx", "a=1", ""]) == [
        "'=1",
        "'+1",
        "'-1",
        "'@a",
        "'\tx",
        "'\rx",
        "a=1",
        "",
    ]


async def test_what_was_forgotten(tmp_path: Path) -> None:
    status, out, err = await (await here(tmp_path)).does("audit", "--kept")
    assert (status, err) == (0, "")
    assert "2026-11  seen              12" in out
    assert "[keep] audit_days = 730" in out
