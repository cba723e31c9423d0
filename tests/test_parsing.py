"""`apso parse` as somebody runs it in a shell."""

from __future__ import annotations

import json
from pathlib import Path

from tests.program import apso


async def parse(*arguments: str | Path, said: str | bytes = "") -> tuple[int, str, str]:
    return await apso("parse", *arguments, answer=said)


async def test_each_line_gets_one_reading() -> None:
    said = "hum nay chỉ dc 12 ng cài vneid, 5 ng xài ví\n\ncài vneid cho bà con ấp 4\n"
    status, out, err = await parse("--today", "2026-11-25", said=said)
    assert (status, err) == (0, "")
    first, empty, last = map(json.loads, out.splitlines())
    assert first == {
        "kind": "report",
        "items": [
            {"category": "VNE", "count": 12, "unit": "người", "qualifier": ""},
            {"category": "TTS", "count": 5, "unit": "người", "qualifier": ""},
        ],
        "ask": [],
        "day": "2026-11-25",
        "unit": None,
    }
    assert empty["kind"] == "nothing"
    assert (last["ask"], last["unit"]) == ([{"category": "VNE", "why": "missing"}], "Ấp 4")


async def test_a_file_without_a_day(tmp_path: Path) -> None:
    path = tmp_path / "said.txt"
    path.write_text("dvc 7\r\nhộ 3", "utf-8")
    status, out, _ = await parse(path)
    assert status == 0
    assert [json.loads(line)["items"][0]["count"] for line in out.splitlines()] == [7, 3]


async def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path: Path) -> None:
    status, _, err = await parse(tmp_path / "none.txt")
    assert status == 1
    assert "none.txt cannot be read" in err
    status, _, err = await parse(said=b"\xff\xfe\n")
    assert status == 1
    assert "not UTF-8" in err
