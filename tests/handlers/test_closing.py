"""A report is its author's to change until its period closes; from then on it is for whoever leads the unit."""

from __future__ import annotations

from bot.chat.message import Press
from handlers.reports.actions import Change
from tests.handlers.test_reports import send
from tests.rig import Someone, Village

OPEN, CLOSED = "2026-12-17 09:00", "2026-12-18 09:00"  # Tháng 12: 15/11–14/12 and three days


async def corrects(who: Someone, count: str, code: str = "B-0001") -> None:
    await who.says(code)
    await who.presses("Sửa", within=code)
    await who.presses("hồ sơ")
    await who.says(count)
    await who.presses("Sửa lại")


async def test_until_the_period_closes_its_author_changes_it(here: Village) -> None:
    await send(here.an, "5")
    await here.turns_to(OPEN)
    await corrects(here.an, "6")
    await here.an.sees("đã sửa B-0001", "6 hồ sơ")
    await here.tam.says("B-0001")
    await here.tam.sees("6 hồ sơ")
    assert here.tam.offers_now("Sửa")


async def test_afterwards_the_lead_does_and_the_author_hears_of_it(here: Village) -> None:
    await send(here.an, "5")
    await here.turns_to(CLOSED)
    await here.an.says("B-0001")
    await here.an.sees("🔒 Tháng 12/2026 (15/11–14/12) đã khóa")
    assert not here.an.offers_now("Sửa")
    await here.an.does(press=Press(Change(1).pack(), ""))
    await here.an.sees("kỳ của B-0001 đã khóa sau thứ Năm 17/12")
    await here.bay.does(press=Press(Change(1).pack(), ""))
    await here.bay.sees("không")
    await corrects(here.tam, "7")
    await here.tam.sees("đã sửa B-0001", "7 hồ sơ")
    await here.an.sees("Đoàn Văn Tâm đã sửa lại báo cáo B-0001", "5 hồ sơ", "7 hồ sơ")
    await here.an.says("B-0001")
    await here.an.sees("5 hồ sơ", "7 hồ sơ")
    assert await here.look("SELECT author_id, count FROM reports JOIN report_items ON report_id = id") == [
        (here.an.id, 7)
    ]


async def test_one_that_was_returned_is_its_authors_again(here: Village) -> None:
    await send(here.an, "5")
    await here.turns_to(CLOSED)
    await here.tam.says("B-0001")
    await here.tam.presses("Trả lại")
    await here.tam.says("đếm lại giúp")
    await here.an.sees("đếm lại giúp")
    await corrects(here.an, "8")
    await here.an.sees("8 hồ sơ")


async def test_nobody_corrects_their_own_after_it_closed(here: Village) -> None:
    await send(here.tam, "5")
    await here.turns_to(CLOSED)
    await here.tam.does(press=Press(Change(1).pack(), ""))
    await here.tam.sees("kỳ của B-0001 đã khóa")
    await corrects(here.lan, "9")
    await here.lan.sees("9 hồ sơ")
