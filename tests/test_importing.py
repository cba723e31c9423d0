"""`apso import FILE --dry-run` as an office's clerk runs it."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import openpyxl

from tests.rules.roster.province import Province
from tests.test_command_line import apso
from tests.test_sheets import bomb


def province(path: Path) -> Province:
    """A list of 700 people as an Excel file."""
    told = Province(700)
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in told.rows():
        page.append(row)
    book.save(path)
    return told


async def test_a_file_is_tried_and_its_truth_printed(tmp_path: Path) -> None:
    truth = asdict(province(tmp_path / "ds.xlsx").truth)
    status, out, err = await apso("import", tmp_path / "ds.xlsx", "--dry-run", "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    rows = told.pop("rows")
    truth["units"].pop("province")
    assert told == truth
    assert len(rows) == truth["no_phone"] + truth["bad_phone"] + truth["duplicates"]
    bad = next(row for row in rows if row["kind"] == "bad_phone")
    assert bad["column"] == "H"
    assert bad["wrong"] == f"“{bad['said']}” không phải số điện thoại: có 7 chữ số."
    assert "0912 345 678" in bad["right"]


async def test_the_marked_copy_shows_each_doubtful_cell(tmp_path: Path) -> None:
    province(tmp_path / "ds.xlsx")
    marked = tmp_path / "marked.xlsx"
    status, out, _ = await apso("import", tmp_path / "ds.xlsx", "--dry-run", "--json", "--marked", marked)
    assert status == 0
    page = openpyxl.load_workbook(marked).active
    assert page is not None
    for row in json.loads(out)["rows"]:
        cell = page[f"{row['column']}{row['row']}"]
        assert cell.comment is not None
        assert row["wrong"] in cell.comment.text
        assert cell.fill.fgColor.rgb == "FFFFE699"
    assert page["B5"].comment is None


async def test_a_person_reads_figures_and_doubts(tmp_path: Path) -> None:
    lines = ["XÃ TÂN THẠCH", "Họ và tên;Chức vụ;Ấp;SĐT", "Nguyễn Văn An;TT;Ấp 1;0912345678", "Trần Thị Bé;TV;Ấp 1;0912"]
    (tmp_path / "ds.csv").write_text("\n".join(lines), "utf-8")
    status, out, _ = await apso("import", tmp_path / "ds.csv", "--dry-run")
    assert status == 0
    assert out.splitlines()[0].startswith("Đọc được 2 người: 0 tỉnh, 0 huyện, 1 xã/phường, 1 ấp/khu phố; 1 tổ trưởng")
    assert out.splitlines()[1].startswith("Dòng 4: “0912” không phải số điện thoại")
    _, english, _ = await apso("import", tmp_path / "ds.csv", "--dry-run", "--language", "en")
    assert "Row 4: “0912” is no telephone number" in english


async def test_a_refused_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ds.xlsx").write_bytes(bomb())
    status, out, err = await apso("import", tmp_path / "ds.xlsx", "--dry-run", "--json")
    assert status == 1
    assert json.loads(out)["refused"] == "zip_bomb"
    assert err.startswith("apso: File nén lại thì nhỏ mà mở ra thì lớn bất thường")


async def test_nothing_is_written_so_far(tmp_path: Path) -> None:
    province(tmp_path / "ds.xlsx")
    status, out, err = await apso("import", tmp_path / "ds.xlsx")
    assert (status, out) == (1, "")
    assert "--dry-run" in err
    assert os.listdir(tmp_path) == ["ds.xlsx"]
