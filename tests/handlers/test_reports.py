"""Reports, as members make them."""

from __future__ import annotations

from tests.rig import JPEG, Village


async def test_three_questions_and_it_counts(here: Village) -> None:
    await here.an.says("bao cao")
    await here.an.sees("Câu 1/3", "làm việc gì")
    await here.an.presses("Nộp hồ sơ")
    await here.an.sees("Bao nhiêu hồ sơ")
    await here.an.says("mười hai")
    await here.an.sees("hình hay muốn ghi chú")
    await here.an.says("", JPEG)
    await here.an.sees("Em đã nhận 1 hình")
    await here.an.presses("Xong")
    await here.an.sees("12 hồ sơ", "1 hình", "hôm nay, thứ Hai 23/11", "Ấp 1")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "12 hồ sơ")
    await here.tam.sees("có 1 báo cáo", "Nguyễn Văn An: 12 hồ sơ", "B-0001")
    assert await here.look("SELECT category, count, unit FROM report_items") == [("DVC", 12, "hồ sơ")]
