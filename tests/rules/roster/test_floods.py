"""Cells that no office writes: read in no time, and nobody is lost beside them."""

from __future__ import annotations

import pytest

from bot.rules.roster.records import Cell
from tests.rules.roster.pages import Table, read

FLOODS = (
    "(", "a ", "1 ", "- ", "xã ", "An ", "0", ".", "tổ trưởng ", "ngày ", "\n", "1.a\n",
    " ", "tổng ", "có 1 ", "Xã A, ", "ấp 1 xã ", "a-", "sinh năm ", "(sn ", "a; ", "0912345678 ", "x\u0301", "\u200b",
)  # fmt: skip


@pytest.mark.parametrize("piece", FLOODS, ids=ascii)
def test_a_flooded_cell(piece: str) -> None:
    # A pattern that runs away here runs into the time limit of the tests.
    flood = piece * (30_000 // len(piece)) + "z"
    rows: list[list[Cell]] = [["XÃ TÂN THẠCH"], [flood], ["STT", "Họ và tên", "Chức vụ", "Ấp", "SĐT", "Ghi chú"]]
    for column in list(range(6)) * 20:
        rows.append([flood if place == column else "x" for place in range(6)])
    rows += [[1, "Nguyễn Văn An", "TT", "Ấp 1", "0912345678"], [flood]]
    roster = read(Table(rows))
    assert "Nguyễn Văn An" in [person.name for person in roster.people]
