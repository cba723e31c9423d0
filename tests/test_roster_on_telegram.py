"""The office's list on Telegram: a document comes in, the marked copy goes out as one."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl

from bot.rules.roster.records import Cell
from tests.test_sheets import bomb
from tests.test_whole_job import Town, town

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def listed(*people: tuple[Cell, ...]) -> bytes:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["UBND TỈNH BẾN TRE"])
    page.append(["STT", "Họ và tên", "Chức vụ", "Ấp", "Xã", "Huyện", "Số điện thoại"])
    for number, one in enumerate(people, 1):
        page.append([number, *one])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def people_of(here: Town, unit: str) -> list[tuple[object, ...]]:
    rows = await here.look(
        "SELECT p.name, p.phone, o.role, u.name FROM posts o JOIN people p ON p.id = o.person_id"
        " JOIN units u ON u.id = o.unit_id WHERE o.until IS NULL ORDER BY p.name"
    )
    return [row[:3] for row in rows if row[3] == unit]


async def test_an_administrator_sends_an_excel_file(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        content = listed(
            ("Trần Văn Khá", "Tổ trưởng", "Ấp 9", "Xã Đại Điền", "Huyện Thạnh Phú", "0912 000 001"),
            ("Lê Thị Mơ", "Thành viên", "Ấp 9", "Xã Đại Điền", "Huyện Thạnh Phú", "0912"),
        )
        await here.quan.sends_document(content, "DS tổ.xlsx", XLSX)
        shown = await here.quan.sees("DS tổ.xlsx: 2 người", timeout=20)
        assert "Lập mới: 1 ấp/khu phố" in shown.text
        assert shown.labels == ["Nhập", "Bỏ"]
        copy = await here.quan.sees("Bản có đánh dấu", timeout=20)
        assert copy.file is not None
        assert (copy.file.kind, copy.file.name) == ("document", "DS tổ-danh-dau.xlsx")
        page = openpyxl.load_workbook(io.BytesIO(copy.file.content)).active
        assert page is not None
        assert page["G4"].fill.fgColor.rgb == "FFFFE699"
        assert page["G4"].comment is not None
        await here.presses(here.quan, "Nhập")
        await here.quan.sees("DS tổ.xlsx (DS-0001) đã vào dữ liệu: 2 người mới")
        assert await people_of(here, "Ấp 9") == [("Lê Thị Mơ", "", "member"), ("Trần Văn Khá", "0912000001", "head")]
        await here.presses(here.quan, "Hoàn tác")
        await here.quan.sees("Đã hoàn tác")
        assert await people_of(here, "Ấp 9") == []


async def test_a_hostile_file_is_turned_away_with_a_sentence(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.quan.sends_document(bomb(), "ds.xlsx", XLSX)
        await here.quan.sees("mở ra thì lớn bất thường", timeout=20)
        await here.an.sends_document(listed(), "ds.xlsx", XLSX)
        await here.an.sees("chỉ quản trị nạp được")
        assert await here.look("SELECT COUNT(*) FROM imports") == [(0,)]
