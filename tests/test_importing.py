"""`apso import FILE` as an office's clerk runs it."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import sys
import termios
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import asdict
from pathlib import Path

import openpyxl

from tests.engine import is_postgres, open_engine, peek, url_of
from tests.program import ROOT, apso
from tests.rules.roster.province import Province
from tests.storage.test_dump import PG_DUMP
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
    assert out.splitlines()[0].startswith("Đọc được 2 người, 1 xã/phường, 1 ấp/khu phố, 1 tổ trưởng")
    assert out.splitlines()[1] == "Chỗ cần xem lại: 1"
    assert out.splitlines()[2].startswith("Dòng 4: “0912” không phải số điện thoại")
    _, english, _ = await apso("import", tmp_path / "ds.csv", "--dry-run", "--language", "en")
    assert "Row 4: “0912” is no telephone number" in english


async def test_each_trouble_is_told_once_with_the_first_of_its_rows(tmp_path: Path) -> None:
    wrong = [f"{name};TV;Ấp 1;0912" for name in ("Trần Thị Bé", "Lê Văn Chín", "Hồ Kim Giang", "Đỗ Văn Ẩn")]
    config, file = await begin(tmp_path), listed(tmp_path, *wrong[1:], "Phạm Thị Dung;TV;Ấp 1;", *wrong[:0])
    _, out, _ = await apso("import", file, "--config", config, "--dry-run", "--language", "vi")
    assert "Chỗ cần xem lại: 5" in out
    assert out.count("không phải số điện thoại") == 1
    assert "Còn 3 chỗ như vậy: dòng 5, 6, 7\n" in out
    assert "--marked" in out
    _, out, _ = await apso("import", file, "--config", config, "--dry-run", "--json")
    assert [row["row"] for row in json.loads(out)["rows"]] == [4, 5, 6, 7, 8]


async def test_a_list_of_which_nobody_can_be_taken_over_is_no_success(tmp_path: Path) -> None:
    config, file = await begin(tmp_path), tmp_path / "ds.csv"
    for content, what in (("Họ và tên;Chức vụ;SĐT\nTrần Thị Bé;TV;0912000002", "left"), ("Họ và tên;SĐT", "empty")):
        file.write_text(content, "utf-8")
        for options in (["--yes"], ["--dry-run"], ["--yes", "--json"]):
            status, out, err = await apso("import", file, "--config", config, *options)
            assert status == 1, (what, options, out, err)
            assert ("Em không thấy người nào để nhập" in out + err) is (options != ["--dry-run"])
        assert people(tmp_path) == [("Lê Minh Quân", "admin")]


async def test_without_a_copy_of_before_nothing_is_written(tmp_path: Path) -> None:
    config, file = await begin(tmp_path), listed(tmp_path)
    (tmp_path / "no-folder").write_text("a file", "utf-8")
    told = config.read_text("utf-8").replace(f'dir = "{tmp_path}"', f'dir = "{tmp_path}/no-folder"')
    config.write_text(told, "utf-8")
    status, _, err = await apso("import", file, "--config", config, "--yes")
    assert (status, "Chưa sao lưu được nên chưa ghi gì vào dữ liệu" in err) == (1, True)
    assert people(tmp_path) == [("Lê Minh Quân", "admin")]


async def test_the_terminal_shows_in_figures_how_far_it_is(tmp_path: Path) -> None:
    config, file = await begin(tmp_path), listed(tmp_path)
    told = config.read_text("utf-8") + '[bot]\nlanguage = "vi"\n'
    config.write_text(told, "utf-8")
    terminal, inside = pty.openpty()
    termios.tcsetwinsize(inside, (24, 100))
    line = [sys.executable, "-m", "bot", "import", str(file), "--config", str(config), "--yes"]
    process = await asyncio.create_subprocess_exec(*line, stdin=DEVNULL, stdout=DEVNULL, stderr=inside, cwd=ROOT)
    os.close(inside)
    assert await process.wait() == 0
    shown = os.read(terminal, 100_000).decode()
    os.close(terminal)
    for said in ("Đã đọc 2/3 dòng", "Đang so với dữ liệu", "Đang ghi 2/2 đơn vị", "Đang ghi 2/2 người"):
        assert said in shown, shown


async def test_a_refused_file_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "ds.xlsx").write_bytes(bomb())
    status, out, err = await apso("import", tmp_path / "ds.xlsx", "--dry-run", "--json")
    assert status == 2
    assert json.loads(out)["refused"] == "zip_bomb"
    assert err.startswith("apso: File nén lại thì nhỏ mà mở ra thì lớn bất thường")


async def begin(folder: Path) -> Path:
    """A database as `apso init` makes it; returns the settings."""
    config = folder / "config.toml"
    config.write_text(
        f'[storage]\nurl = "{url_of(folder / "apso.db")}"\n[backup]\ndir = "{folder}"\npg_dump = "{PG_DUMP}"\n', "utf-8"
    )
    status, _, err = await apso("init", "Tỉnh Bến Tre", "--admin", "Lê Minh Quân", "--config", config)
    assert status == 0, err
    return config


def people(folder: Path) -> list[tuple[str, str]]:
    sql = "SELECT p.name, o.role FROM posts o JOIN people p ON p.id = o.person_id WHERE o.until IS NULL ORDER BY o.id"
    return [(row[0], row[1]) for row in peek(folder / "apso.db", sql)]


LINES = ["XÃ TÂN THẠCH", "Họ và tên;Chức vụ;Ấp;SĐT", "Nguyễn Văn An;TT;Ấp 1;0912345678", "Trần Thị Bé;TV;Ấp 1;0912"]


def listed(folder: Path, *more: str) -> Path:
    file = folder / "ds.csv"
    file.write_text("\n".join([*LINES, *more]), "utf-8")
    return file


async def test_a_list_is_taken_over_once_and_again_changes_nothing(tmp_path: Path) -> None:
    config, file = await begin(tmp_path), listed(tmp_path)
    status, out, _ = await apso("import", file, "--config", config, "--yes")
    assert status == 0
    assert "Lập mới: 1 xã/phường, 1 ấp/khu phố" in out
    assert "Đã nhập ds.csv (DS-0001): 2 người mới" in out
    assert "apso invites" in out
    assert people(tmp_path) == [("Lê Minh Quân", "admin"), ("Nguyễn Văn An", "head"), ("Trần Thị Bé", "member")]
    assert (await apso("import", file, "--config", config, "--yes"))[1].endswith("không có gì để nhập.\n")
    status, out, _ = await apso("import", file, "--config", config, "--yes", "--json")
    told = json.loads(out)
    assert (told["state"], told["plan"]["same"], told["plan"]["new"]) == ("unchanged", 2, 0)


async def test_nothing_is_written_without_a_yes(tmp_path: Path) -> None:
    config, file = await begin(tmp_path), listed(tmp_path)
    for options in (["--dry-run"], []):
        status, out, err = await apso("import", file, "--config", config, *options)
        assert "2 người mới" in out
        assert (status, "--yes" in err) == ((0, False) if options else (1, True))
        assert people(tmp_path) == [("Lê Minh Quân", "admin")]


async def test_it_asks_on_the_terminal(tmp_path: Path) -> None:
    config, file = await begin(tmp_path), listed(tmp_path)
    for answer, then in (("không", 1), ("có", 3)):
        terminal, inside = pty.openpty()
        line = [sys.executable, "-m", "bot", "import", str(file), "--config", str(config)]
        process = await asyncio.create_subprocess_exec(*line, stdin=inside, stdout=DEVNULL, stderr=PIPE, cwd=ROOT)
        os.close(inside)
        os.write(terminal, f"{answer}\n".encode())
        assert process.stderr is not None
        assert "Gõ có hoặc không" in (await process.stderr.read()).decode()
        assert await process.wait() == (0 if then == 3 else 1)
        os.close(terminal)
        assert len(people(tmp_path)) == then


async def test_who_is_not_in_the_list_stays_unless_it_is_said(tmp_path: Path) -> None:
    config = await begin(tmp_path)
    await apso("import", listed(tmp_path, "Lê Văn Chín;TV;Ấp 1;0912000003"), "--config", config, "--yes")
    shorter = listed(tmp_path)
    _, out, _ = await apso("import", shorter, "--config", config, "--dry-run")
    assert "1 người đang có mà không có tên trong danh sách" in out
    assert "giữ lại" in out
    status, out, err = await apso("import", shorter, "--config", config, "--yes", "--remove-gone")
    assert status == 0, err
    assert "1 người cho thôi" in out
    assert "Đã sao lưu trước khi nhập" in err
    assert ("Lê Văn Chín", "member") not in people(tmp_path)
    status, out, _ = await apso("import", "--undo", "--config", config)
    assert (status, ("Lê Văn Chín", "member") in people(tmp_path)) == (0, True), out


async def test_a_list_for_one_unit(tmp_path: Path) -> None:
    config = await begin(tmp_path)
    await apso("import", listed(tmp_path), "--config", config, "--yes")
    for under, says in (("Xã Tân", "Đọc được"), ("Xã Không Có", "Không có đơn vị nào tên “Xã Không Có”")):
        status, out, err = await apso("import", listed(tmp_path), "--config", config, "--dry-run", "--under", under)
        assert says in out + err
        assert status == (0 if "Đọc" in says else 1)


async def test_while_the_bot_holds_the_file_it_says_what_to_do(tmp_path: Path) -> None:
    config, file = await begin(tmp_path), listed(tmp_path)
    store = await open_engine(tmp_path / "apso.db", 1)  # as a running bot does
    try:
        status, _, err = await apso("import", file, "--config", config, "--yes")
        if is_postgres():
            assert (status, len(people(tmp_path))) == (0, 3)
        else:
            assert (status, "gửi file này cho bot" in err) == (1, True)
            status, out, err = await apso("import", file, "--config", config, "--dry-run")
            assert (status, "Đọc được 2 người" in out, "Bot đang chạy" in err) == (0, True, True)
    finally:
        await store.close()


async def test_without_a_database_it_says_how_to_begin(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\nurl = "{tmp_path / "none.db"}"\n', "utf-8")
    status, _, err = await apso("import", listed(tmp_path), "--config", config)
    assert (status, "apso init" in err) == (1, True)
