"""`apso reform` as an administrator uses it: a look first, then the reform, then taking it back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from handlers.reforms.announce import tell_the_rest
from tests.engine import peek, url_of
from tests.program import apso
from tests.rig import is_internal, village

PLAN = """old_district,old_code,old_ward,new_code,new_ward
Huyện Thạnh Phú,xa,Xã Đại Điền,xa,Xã Đại Điền
Huyện Thạnh Phú,xa2,Xã Mỹ An,xa,Xã Đại Điền
"""


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    async with village(tmp_path / "phones", url=str(tmp_path / "apso.db")):
        pass
    path = tmp_path / "config.toml"
    path.write_text(f'[storage]\nurl = "{url_of(tmp_path / "apso.db")}"\n', "utf-8")
    (tmp_path / "plan.csv").write_text(PLAN, "utf-8-sig")
    return path


def rows(tmp_path: Path) -> list[Any]:
    return [
        sorted(peek(tmp_path / "apso.db", f"SELECT * FROM {table}"), key=repr)
        for table in ("units", "unit_edges", "unit_heirs", "unit_names", "posts", "reforms", "reform_hearers", "audit")
    ]


async def test_a_look_changes_nothing_and_the_reform_is_taken_back(config: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    told = ("--date", "1/7/2025", "--under", "Tỉnh Bến Tre", "--config", config)
    before = rows(tmp_path)
    status, out, err = await apso("reform", plan, *told, "--dry-run")
    assert (status, err) == (0, "")
    assert "Xã Đại Điền ← Xã Mỹ An; head: Nguyễn Thị Lan\n" in out
    assert "2 rows read." in out
    assert "Units that take in others: 1; new: 0;" in out
    assert "Left empty, and closed (1):\n    Huyện Thạnh Phú" in out
    assert "Trương Văn Dũng: Xã Mỹ An → deputy of Xã Đại Điền" in out
    assert "Trần Thị Huệ: Huyện Thạnh Phú → member of Tỉnh Bến Tre" in out
    assert "nothing was changed" in out
    assert rows(tmp_path) == before

    status, out, err = await apso("reform", plan, *told, "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    (done,) = found["reforms"]
    assert (found["kept"], done["people_moved"], done["left_empty_and_closed"]) == (True, 2, ["Huyện Thạnh Phú"])
    assert peek(tmp_path / "apso.db", "SELECT name FROM units WHERE level = 'commune' AND until IS NULL") == [
        ("Xã Đại Điền",)
    ]

    number = peek(tmp_path / "apso.db", "SELECT id FROM reforms")[0][0]
    status, out, err = await apso("reform", "--undo", str(number), "--config", config)
    assert (status, err) == (0, "")
    assert rows(tmp_path)[:5] == before[:5]
    status, _, err = await apso("reform", "--undo", str(number), "--config", config)
    assert (status, "nothing to undo" in err) == (1, True)
    status, _, err = await apso("reform", "--undo", "99", "--config", config)
    assert (status, f"There is no reform 99. The latest: {number} (plan.csv, undone)." in err) == (1, True)


async def test_the_same_plan_again_says_what_became_of_its_units(config: Path, tmp_path: Path) -> None:
    told = ("--date", "1/7/2025", "--under", "Tỉnh Bến Tre", "--config", config)
    await apso("reform", tmp_path / "plan.csv", *told)
    status, out, _ = await apso("reform", tmp_path / "plan.csv", *told)
    assert status == 1
    assert "row 3: “xa2, Xã Mỹ An, Huyện Thạnh Phú” became xa Xã Đại Điền, Tỉnh Bến Tre on 01/07/2025.\n" in out
    plan = tmp_path / "plan.csv"
    plan.write_text("old_district,old_ward,new_ward\nHuyện Thạnh Phú,Xã Mỹ An,Xã Đại Điền\n", "utf-8")
    status, out, _ = await apso("reform", plan, *told)
    assert "row 2: “Xã Mỹ An, Huyện Thạnh Phú” became xa Xã Đại Điền, Tỉnh Bến Tre on 01/07/2025." in out
    status, _, err = await apso("invites", "--unit", "Xã Mỹ An", "--config", config)
    assert (status, "Xã Mỹ An became Xã Đại Điền, Tỉnh Bến Tre on 01/07/2025." in err) == (1, True)
    status, _, err = await apso("audit", "--unit", "Xã Mỹ An", "--config", config)
    assert (status, "Xã Mỹ An từ 01/07/2025 đã là: Xã Đại Điền, Tỉnh Bến Tre." in err) == (1, True)


async def test_the_log_says_what_the_command_line_did_and_where(config: Path, tmp_path: Path) -> None:
    await apso("reform", tmp_path / "plan.csv", "--date", "1/7/2025", "--config", config)
    number = peek(tmp_path / "apso.db", "SELECT id FROM reforms")[0][0]
    await apso("reform", "--undo", str(number), "--config", config)
    await apso("reform", tmp_path / "plan.csv", "--date", "1/7/2030", "--config", config)
    later = peek(tmp_path / "apso.db", "SELECT MAX(id) FROM reforms")[0][0]
    await apso("reform", "--undo", str(later), "--config", config)
    await apso("invite", "Trương Văn Dũng", "--config", config)
    _, out, _ = await apso("audit", "--config", config)
    lines = [line.split("  ", 1)[1] for line in out.splitlines()]
    who, how = "Người quản trị máy chủ", " · qua dòng lệnh"
    assert lines[-1] == (
        f"{who} sắp xếp đơn vị theo file, mã Đ-{number:04d}: plan.csv, hiệu lực từ 1/7/2025: gộp 1, đổi tên 0,"
        f" chuyển 0, đóng 1 đơn vị; 1 người đổi chức danh{how}"
    )
    assert lines[-2] == f"{who} hoàn tác lần sắp xếp đơn vị Đ-{number:04d}: plan.csv{how}"
    assert lines[-3] == f"{who} hẹn ngày sắp xếp đơn vị, mã Đ-{later:04d}: plan.csv, hiệu lực từ 1/7/2030{how}"
    assert lines[-4] == f"{who} bỏ lần sắp xếp đơn vị đã hẹn Đ-{later:04d}: plan.csv{how}"
    assert lines[-5].startswith(f"{who} tạo mã mời cho Trương Văn Dũng (Xã Mỹ An): dùng được tới ")
    assert not any(is_internal(line) for line in lines)
    units = {row[0] for row in peek(tmp_path / "apso.db", "SELECT unit_id FROM audit")}
    assert None not in units


async def test_the_people_hear_of_it_when_the_bot_runs_again(config: Path, tmp_path: Path) -> None:
    await apso("reform", tmp_path / "plan.csv", "--date", "1/7/2025", "--config", config)
    async with village(tmp_path / "phones", url=str(tmp_path / "apso.db"), at="2026-11-27 08:00") as here:
        await here.app.run_job(tell_the_rest)  # rung every few seconds
        await here.dung.sees("từ ngày 1/7/2025", "Xã Mỹ An nhập vào Xã Đại Điền", "cấp phó")


async def test_rows_that_cannot_be_understood_stop_it(config: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.csv"
    before = rows(tmp_path)
    plan.write_text(PLAN + "Huyện Thạnh Phú,,Xã Bình Thạnh,xa,Xã Đại Điền\n", "utf-8")
    status, out, _ = await apso("reform", plan, "--date", "1/7/2025", "--config", config)
    assert status == 1
    assert "row 4: “Xã Bình Thạnh, Huyện Thạnh Phú” is not kept here" in out
    assert "leave them out with --skip-unknown" in out
    assert rows(tmp_path) == before
    status, out, _ = await apso("reform", plan, "--date", "1/7/2025", "--skip-unknown", "--config", config)
    assert status == 0
    assert "Xã Đại Điền ← Xã Mỹ An" in out


async def test_a_day_to_come_waits(config: Path, tmp_path: Path) -> None:
    status, out, _ = await apso("reform", tmp_path / "plan.csv", "--date", "2030-07-01", "--config", config)
    assert (status, "waits for its day" in out, "Xã Đại Điền ← Xã Mỹ An" in out) == (0, True, True)
    assert peek(tmp_path / "apso.db", "SELECT state FROM reforms") == [("waiting",)]
    assert peek(tmp_path / "apso.db", "SELECT COUNT(*) FROM units WHERE until IS NOT NULL") == [(0,)]
    number = peek(tmp_path / "apso.db", "SELECT id FROM reforms")[0][0]
    status, out, _ = await apso("reform", "--undo", str(number), "--config", config)
    assert (status, "will not be done" in out) == (0, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--date", "mai"), "“mai” is no day. Write it like 2026-11-25, 25/11/2026 or 25/11."),
        (("--date", "1/7/2025", "--under", "Xã Nào"), "There is no unit called “Xã Nào”"),
    ],
)
async def test_what_is_wrong_is_said(arguments: tuple[str, ...], said: str, config: Path, tmp_path: Path) -> None:
    status, _, err = await apso("reform", tmp_path / "plan.csv", *arguments, "--config", config)
    assert (status, said in err) == (1, True), err


async def test_files_that_cannot_be_read(config: Path, tmp_path: Path) -> None:
    status, _, err = await apso("reform", tmp_path / "none.csv", "--date", "1/7/2025", "--config", config)
    assert (status, "none.csv cannot be read" in err) == (1, True)
    (tmp_path / "plan.csv").write_bytes(b"old_code,new_code\n1,2\nX\xe3 A,3\n")
    status, _, err = await apso("reform", tmp_path / "plan.csv", "--date", "1/7/2025", "--config", config)
    assert (status, "plan.csv, line 3: not UTF-8" in err) == (1, True)
    status, _, err = await apso("reform", "--config", config)
    assert (status, "Name the file with the plan" in err) == (1, True)
