"""`apso audit`: the log of changes on paper, while the bot runs or not."""

from __future__ import annotations

import asyncio
import csv
import re
import signal
import sys
from pathlib import Path

import pytest

from bot.ledger import guarded
from storage import audit, keeping
from storage.db import Db
from tests.program import ROOT
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


async def test_the_newest_come_first_as_sentences(tmp_path: Path) -> None:
    status, out, err = await (await here(tmp_path)).does("audit")
    assert (status, err) == (0, "")
    first, second, third = out.splitlines()
    assert first == ("2026-11-22 08:00:00  Nguyễn Văn An gửi báo cáo B-0003 (Ấp 1): =HYPERLINK(1) · qua điện thoại thử")
    assert "Trương Văn Dũng" in second
    assert "(Ấp 1)" in third


def codes(out: str) -> list[str]:
    return re.findall(r"B-\d+", out)


@pytest.mark.parametrize("since", ["2026-11-21", "21/11/2026", "21/11"])
async def test_since_a_day_as_people_write_it(since: str, tmp_path: Path) -> None:
    _, out, _ = await (await here(tmp_path)).does("audit", "--since", since, "--person", "nguyen van an")
    assert codes(out) == ["B-0003"]


async def test_a_day_that_is_none(tmp_path: Path) -> None:
    status, _, err = await (await here(tmp_path)).does("audit", "--since", "31/2")
    assert (status, err) == (
        1,
        "apso: “31/2” không phải là ngày. Ghi như 2026-11-25, 25/11/2026 hoặc 25/11.\n",
    )


@pytest.mark.parametrize(
    "unit",
    [
        "Xã Mỹ An",
        "my an",
        "xa2",
        "Xã Mỹ An, Huyện Thạnh Phú",
        "Xã Mỹ An (Huyện Thạnh Phú)",
        "Xã Mỹ An, Huyện Thạnh Phú, Tỉnh Bến Tre",
        "mỹ an thạnh phú",
    ],
)
async def test_a_unit_is_named_as_people_do(unit: str, tmp_path: Path) -> None:
    _, out, err = await (await here(tmp_path)).does("audit", "--unit", unit)
    assert (codes(out), err) == (["B-0002"], "")


async def test_what_is_called_so_is_listed_with_what_it_stands_in(tmp_path: Path) -> None:
    operator = await here(tmp_path)
    status, _, err = await operator.does("audit", "--unit", "ấp")
    assert (status, err.splitlines()[0]) == (
        1,
        "apso: Có 3 đơn vị tên “ấp”. Ghi kèm nơi ở trên, như dưới đây, hoặc ghi mã:",
    )
    for shown in err.splitlines()[1:]:
        status, _, err = await operator.does("audit", "--unit", shown.strip())
        assert (status, err) == (0, ""), "what is shown can be typed"
    status, _, err = await operator.does("audit", "--unit", "Xã Mỹ Ân")
    assert status == 1
    assert "Không có đơn vị nào tên “Xã Mỹ Ân”. Gần giống nhất là:\n  Xã Mỹ An, Huyện Thạnh Phú" in err


async def test_a_person_is_one_of_those_who_are_called_so(tmp_path: Path) -> None:
    operator = await here(tmp_path)
    status, _, err = await operator.does("audit", "--person", "Zorro")
    assert (status, err) == (1, "apso: Không có ai tên “Zorro”.\n")
    status, _, err = await operator.does("audit", "--person", "văn")
    assert (status, "Có mấy người tên “văn”. Ghi số đứng trước" in err) == (1, True)
    number = next(line.split()[0] for line in err.splitlines() if "Trương Văn Dũng, Xã Mỹ An" in line)
    _, out, _ = await operator.does("audit", "--person", number)
    assert codes(out) == ["B-0002"]


async def test_a_file_for_a_spreadsheet_holds_no_formulas(tmp_path: Path) -> None:
    operator = await here(tmp_path)
    file = tmp_path / "log.csv"
    status, out, _ = await operator.does("audit", "--csv", file)
    assert (status, out) == (0, f"{file}: 3 dòng\n")
    header, *rows = csv.reader(file.read_text("utf-8-sig").splitlines())
    assert header == ["lúc", "ai", "làm gì", "mã, người, đơn vị", "trước", "sau", "từ đâu", "đơn vị"]
    assert {row[5] for row in rows} == {"'=HYPERLINK(1)"}
    assert rows[0][2] == "gửi báo cáo B-0003 (Ấp 1): =HYPERLINK(1)"
    status, _, err = await operator.does("audit", "--csv", file)
    assert (status, err) == (1, f"apso: {file} đã có rồi. Đặt tên khác.\n")


async def test_whoever_reads_only_the_beginning_hears_nothing_wrong(tmp_path: Path) -> None:
    operator = await here(tmp_path)
    await operator.changes(much)
    piped = f'"{sys.executable}" -m bot audit --config "{operator.config}" | head -1; exit ${{PIPESTATUS[0]}}'
    process = await asyncio.create_subprocess_exec(
        "bash", "-c", piped, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert (out.count(b"\n"), err, process.returncode) == (1, b"", 128 + signal.SIGPIPE)


def much(db: Db) -> None:
    for _ in range(2000):
        audit.note(db, None, "reports.made", "B-0009", "", moment("2026-11-20 08:00"), after="5", channel="phone")


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
    assert "2026-11         12  dấu tin đã nhận" in out
    assert "[keep] audit_days = 730" in out
