"""What people do every day reads no table from end to end: with a whole country inside, a turn takes what it took."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from storage import moving
from storage.sqlite import SqliteDb, blank
from tests import rig
from tests.rig import Village

ONE_ENGINE = True  # the plans are those of SQLite

# These never hold much: what is set, one row per process, what is wrong now, parts of albums on their way.
SMALL = {"categories", "counted", "periods", "forms", "senders", "pauses", "pulses", "troubles", "inbox"}
LARGE = {table.name for table in moving.tables()} - SMALL

Statement = tuple[str, Mapping[str, Any]]


async def report(here: Village) -> None:
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("mười hai")
    await here.an.sees("hình hay muốn ghi chú")
    await here.an.says("", rig.JPEG)
    await here.an.presses("Xong")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.presses("Sửa")
    await here.an.sees("muốn sửa phần nào")
    await here.tam.says("b 1")
    await here.tam.sees("B-0001")


async def undo(here: Village) -> None:
    await here.an.says("/khongcoviec")
    await here.an.presses("Gửi")
    await here.an.presses("Hoàn tác")
    await here.an.sees("em đã gỡ B-0001")


async def task(here: Village) -> None:
    await here.lan.says("giao việc")
    await here.lan.says("Dán mã QR")
    await here.lan.presses("Chọn từng nơi")
    await here.lan.says("ấp 1")
    await here.lan.presses("Xong")
    await here.lan.presses("Mai 17:00")
    await here.lan.sees("cần gì để kiểm tra")
    await here.lan.presses("Không cần")
    await here.lan.presses("Gửi")
    await here.tam.sees("việc mới")
    await here.tam.presses("Đã nhận")
    await here.tam.presses("Xong")
    await here.tam.sees("đã báo là xong")
    await here.lan.presses("Nhận kết quả")
    await here.tam.sees("đã nhận kết quả")


async def look(here: Village) -> None:
    for command in ("/viec", "/trogiup"):
        await here.tam.says(command)
        await here.quiet()


async def posts(here: Village) -> None:
    await task(here)
    await here.tam.says("/doiviec")
    await here.tam.presses("tổ trưởng")
    await here.tam.says("phạm thị bảy")
    await here.tam.presses("Hôm nay")
    await here.tam.presses("Ở lại làm thành viên")
    await here.tam.presses("Bàn giao")
    await here.lan.presses("Đồng ý")
    await here.lan.sees("nay là tổ trưởng")
    await here.lan.presses("Hoàn tác")
    await here.lan.sees("như cũ")
    await here.lan.says("/thanhvien")
    await here.lan.presses("Lê Thị Út")
    await here.lan.presses("Cho rời tổ")
    await here.lan.presses("Cho rời tổ")
    await here.lan.sees("rời tổ")


async def away(here: Village) -> None:
    await task(here)
    await here.tam.says("/vang")
    await here.tam.says("hôm nay đến 24/11")
    await here.tam.says("phạm thị bảy")
    await here.tam.presses("Lưu")
    await here.tam.presses("Tôi đã về")
    await here.tam.sees("mừng anh/chị")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[Statement]:
    """Every statement as the store is given it, places for values included: what a value is may change the plan."""
    found: list[Statement] = []
    do, many = SqliteDb._do, SqliteDb.many

    def listening(self: SqliteDb, sql: str, values: Mapping[str, Any], take: Callable[[sqlite3.Cursor], Any]) -> Any:
        found.append((sql, values))
        return do(self, sql, values, take)

    def listening_to_many(self: SqliteDb, sql: str, rows: Iterable[Mapping[str, Any]]) -> None:
        rows = list(rows)
        found.extend((sql, values) for values in rows[:1])
        many(self, sql, rows)

    monkeypatch.setattr(SqliteDb, "_do", listening)
    monkeypatch.setattr(SqliteDb, "many", listening_to_many)
    return found


def scanned(statements: Iterable[Statement]) -> dict[str, str]:
    """Statements that read a large table from end to end, and how. A partial index holds but the few rows it is for."""
    found = {}
    with blank() as db:
        partial = {
            row[0] for row in db.all("SELECT name FROM sqlite_schema WHERE type = 'index' AND sql LIKE '%WHERE%'")
        }
        for sql, values in dict(statements).items():
            if not re.match(r"SELECT|INSERT|UPDATE|DELETE|WITH", sql):
                continue
            for *_, step in db.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values):
                read = re.match(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?", step)
                if not read or _table(sql, read[1]) not in LARGE or read[2] in partial:
                    continue
                if sql.startswith("INSERT") and read[1] not in sql:
                    continue  # who may refer to the new row is looked up only while something refers to nothing
                found[sql] = step
    return found


def _table(sql: str, name: str) -> str:
    """The table that a statement calls so."""
    called = dict(re.findall(r"(?:FROM|JOIN) (\w+) (\w+)", sql))
    return next((table for table, alias in called.items() if alias == name), name)


@pytest.mark.parametrize("does", [report, undo, task, look, posts, away])
async def test_no_large_table_is_read_from_end_to_end(
    does: Callable[[Village], Any], tmp_path: Path, said: list[Statement]
) -> None:
    async with rig.village(tmp_path) as here:
        await here.quiet()
        said.clear()
        await does(here)
        await here.quiet()
        done = list(said)
    assert len({sql for sql, _ in done}) > 10
    assert {step: sql for sql, step in scanned(_without_the_test_s_own(done)).items()} == {}


def _without_the_test_s_own(done: list[Statement]) -> list[Statement]:
    return [one for one in done if not one[0].startswith("SELECT 1 FROM outbox WHERE state = 'sending' OR")]


def test_what_would_be_found() -> None:
    wrong: list[Statement] = [
        ("SELECT * FROM people WHERE name = :name", {"name": "An"}),
        ("SELECT p.id FROM people p JOIN posts o ON o.person_id = p.id WHERE o.role = :role", {"role": "head"}),
        ("UPDATE outbox SET state = 'sent' WHERE chat = :chat", {"chat": "p1"}),
        ("DELETE FROM seen WHERE at < :at", {"at": 1}),
    ]
    right: list[Statement] = [
        ("SELECT * FROM people WHERE id = :id", {"id": 1}),
        ("SELECT * FROM categories", {}),
        ("SELECT COUNT(*) FROM outbox WHERE state = 'queued'", {}),
    ]
    assert list(scanned(wrong + right)) == [sql for sql, _ in wrong]
