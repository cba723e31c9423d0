"""/kybaocao: when periods begin and close, changed from the beginning of one on, in the chat and by a file."""

from __future__ import annotations

from bot.chat.message import Press
from handlers.periods import Change, Drop, Show
from tests.handlers.test_settings import gets, sends
from tests.rig import Village


async def to_the_calendar(here: Village) -> None:
    await here.quan.says("/kybaocao")
    await here.quan.sees("Tuần: từ thứ Hai tới Chủ nhật, khóa sau 2 ngày", "Tháng: từ ngày 15 của tháng liền trước")
    await here.quan.presses("Tháng")
    await here.quan.sees("Đang là: Tháng 12/2026 (15/11–14/12), sửa được tới hết thứ Năm 17/12")
    await here.quan.presses("Đổi")
    await here.quan.says("31")
    await here.quan.sees("là số từ 1 tới 28")
    await here.quan.presses("Ngày 1 đầu tháng")
    await here.quan.says("5 ngày")
    told = await here.quan.sees("từ thứ Ba 15/12", "• Tháng 12/2026 (15/11–14/12)", "• Tháng 1/2027 (15/12–31/1)")
    assert "Tháng 2/2027 (1/2–28/2) – khóa sau thứ Sáu 5/3" in told


async def test_the_month_becomes_that_of_the_calendar(here: Village) -> None:
    await to_the_calendar(here)
    await here.quan.presses("Lưu")
    await here.quan.sees("Đang là: Tháng 12/2026 (15/11–14/12)", "Từ thứ Ba 15/12: theo lịch, từ ngày 1")
    await here.turns_to("2026-12-15 08:00")
    await here.quan.says("/kybaocao")
    await here.quan.presses("Tháng")
    await here.quan.sees("Đang là: Tháng 1/2027 (15/12–31/1), sửa được tới hết thứ Sáu 5/2")
    await here.quan.says("/nhatky")
    await here.quan.sees("đổi kỳ báo cáo: Tháng, từ 15/12/2026: theo lịch, từ ngày 1, khóa sau 5 ngày")


async def test_what_is_planned_is_replaced_or_dropped(here: Village) -> None:
    await to_the_calendar(here)
    await here.quan.presses("Lưu")
    await here.quan.presses("Đổi")
    await here.quan.presses("Ngày 15 tháng trước")
    await here.quan.says("7")
    await here.quan.sees("Thay cho lần đổi đã hẹn")
    await here.quan.presses("Từ ngày khác")
    await here.quan.presses("15/1/2027")
    await here.quan.presses("Lưu")
    await here.quan.sees("Từ thứ Sáu 15/1: từ ngày 15 của tháng liền trước, khóa sau 7 ngày")
    assert await here.look("SELECT since, first_day FROM periods") == [("2027-01-15", 15)]
    await here.quan.presses("Bỏ lần đổi đã hẹn")
    await here.quan.sees("đã bỏ lần đổi đã hẹn")
    assert await here.look("SELECT COUNT(*) FROM periods") == [(0,)]


async def test_periods_by_a_file(here: Village) -> None:
    rows = await gets(here.quan, "File kỳ báo cáo")
    assert ["month", "", "15", "3"] in rows
    await sends(here.quan, rows, "kybaocao.xlsx")
    await here.quan.sees("không có gì để ghi")
    wrong = [*rows, ["Tháng", "1/12/2026", "1", "3"], ["Tuần", "", "1", "9"], ["tháng âm", "", "1", "3"]]
    await sends(here.quan, wrong, "kybaocao.csv")
    told = await here.quan.sees("Có 3 chỗ chưa đúng")
    assert "Dòng 7: 1/12/2026 đang ở giữa kỳ. Anh/chị đổi từ đầu kỳ: 15/11/2026 hoặc 15/12/2026" in told
    assert "Dòng 8: Dòng này nói về cùng một thứ với dòng 2" in told
    assert "Dòng 9: Em chưa có kỳ “tháng âm”" in told
    await sends(here.quan, [*rows, ["Quý", "15/12/2026", "1", "10"]], "kybaocao.xlsx")
    await here.quan.sees("thêm Quý, từ 15/12/2026: theo lịch, từ ngày 1, khóa sau 10 ngày")
    await here.quan.presses("Ghi vào")
    await here.quan.sees("đã ghi xong: 1 chỗ")
    assert await here.look("SELECT kind, since, first_day FROM periods") == [("quarter", "2026-12-15", 1)]
    again = await gets(here.quan, "File kỳ báo cáo")
    await sends(here.quan, again, "kybaocao.xlsx")
    await here.quan.sees("không có gì để ghi")


async def test_nobody_else_changes_periods(here: Village) -> None:
    for forged in (Show("month"), Change("month"), Drop("2026-12-15", "month")):
        await here.lan.does(press=Press(forged.pack(), ""))
        await here.lan.sees("chỉ quản trị của Tỉnh Bến Tre")
