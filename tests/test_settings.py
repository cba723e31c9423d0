"""`apso settings`: categories and units of count from a file, as whoever runs the machine uses it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.engine import peek, url_of
from tests.program import apso
from tests.rig import is_internal, village


@pytest.fixture
async def config(tmp_path: Path) -> Path:
    async with village(tmp_path / "phones", url=str(tmp_path / "apso.db")):
        pass
    path = tmp_path / "config.toml"
    path.write_text(f'[storage]\nurl = "{url_of(tmp_path / "apso.db")}"\n', "utf-8")
    return path


async def test_a_file_goes_round_changes_and_says_what_is_wrong(config: Path, tmp_path: Path) -> None:
    for name in ("out.csv", "out.xlsx"):
        file = tmp_path / name
        status, out, err = await apso("settings", "categories", file, "--export", "--config", config)
        assert (status, out, err) == (0, f"{file}: 31 dòng.\n", "")
        status, out, err = await apso("settings", "categories", file, "--config", config)
        assert (status, err) == (0, "")
        assert "không có gì để ghi" in out
    status, _, err = await apso("settings", "categories", tmp_path / "out.csv", "--export", "--config", config)
    assert (status, "đã có rồi" in err) == (1, True)

    changed = (tmp_path / "out.csv").read_text("utf-8-sig").replace("Cài VNeID mức 2,", "Làm VNeID,")
    (tmp_path / "in.csv").write_text(changed, "utf-8")
    for more in (["--dry-run"], [], []):
        status, out, err = await apso("settings", "categories", tmp_path / "in.csv", *more, "--config", config)
        assert (status, err) == (0, "")
        assert ("Làm VNeID / VNeID level 2" in out) == (more == ["--dry-run"] or "đã ghi xong: 1" in out)
    assert "không có gì để ghi" in out
    assert peek(tmp_path / "apso.db", "SELECT name_vi FROM categories WHERE code = 'VNE'") == [("Làm VNeID",)]
    traces = peek(tmp_path / "apso.db", "SELECT before, after, channel FROM audit WHERE act = 'categories.changed'")
    assert traces == [("Cài VNeID mức 2 / VNeID level 2", "Làm VNeID / VNeID level 2", "apso")]
    assert not is_internal(f"{traces[0][0]} → {traces[0][1]}")

    (tmp_path / "bad.csv").write_text("Mã;Tên;Đếm bằng\nA1;Trồng cây;điểm\nA2;Vá đường;cây\n", "utf-8")
    status, out, err = await apso("settings", "categories", tmp_path / "bad.csv", "--config", config)
    assert (status, "Dòng 3: Em chưa có đơn vị đếm “cây”" in out) == (1, True)
    assert "Chưa ghi gì hết" in err
    assert peek(tmp_path / "apso.db", "SELECT COUNT(*) FROM categories") == [(31,)]
    status, _, err = await apso("settings", "counted", tmp_path / "none.csv", "--config", config)
    assert (status, "Không mở được file" in err) == (1, True)
