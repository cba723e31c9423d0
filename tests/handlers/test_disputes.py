"""A lead changes a report; its author hears what, and answers by one press."""

from __future__ import annotations

from bot.chat.message import Press
from handlers.reports.actions import Change, Dispute, ForOther, Together
from tests.handlers.test_closing import corrects
from tests.handlers.test_reports import send
from tests.rig import Village

ITEMS = "SELECT count FROM report_items ORDER BY report_id"


async def test_a_lead_changes_it_and_its_author_answers(here: Village) -> None:
    await send(here.an, "12")
    await here.passes(minutes=20)
    await corrects(here.lan, "10")
    await here.lan.sees("em đã sửa B-0001", "08:20 thứ Hai 23/11 Nguyễn Thị Lan: 12 hồ sơ", "→ 10 hồ sơ")
    told = await here.an.sees("Nguyễn Thị Lan đã sửa lại báo cáo B-0001", "• 12 hồ sơ Nộp hồ sơ trực tuyến → 10 hồ sơ")
    assert "hình" not in told, "only what was changed"
    await here.an.presses("Chưa đúng", within="đã sửa lại")
    await here.an.sees("B-0001 chưa đúng chỗ nào", "em chuyển cho Nguyễn Thị Lan")
    await here.an.says("hôm đó em làm 12 thiệt mà")
    await here.an.sees("em đã nhắn Nguyễn Thị Lan xem lại B-0001", "Nguyễn Văn An thấy chưa đúng: “hôm đó em làm 12")
    await here.lan.sees("Nguyễn Văn An thấy báo cáo B-0001", "“hôm đó em làm 12 thiệt mà”", "Giờ đang ghi: 10 hồ sơ")
    assert not here.an.offers_now("Chưa đúng"), "it is said once"
    assert not any("hôm đó em làm" in str(message.text) for message in here.tam.told)
    await here.lan.presses("Sửa", within="hôm đó em làm 12")
    await here.lan.presses("10 hồ sơ")
    await here.lan.says("12")
    await here.lan.presses("Sửa lại")
    await here.an.sees("• 10 hồ sơ Nộp hồ sơ trực tuyến → 12 hồ sơ")
    assert await here.look(ITEMS) == [(12,)]


async def test_whoever_leads_now_hears_it_when_the_lead_is_gone(here: Village) -> None:
    await send(here.an, "12")
    await corrects(here.lan, "10")
    await here.an.sees("Nguyễn Thị Lan đã sửa lại")
    await here.store.run(lambda db: db.run("UPDATE posts SET until = 1 WHERE person_id = :lan", lan=here.lan.id))
    await here.an.presses("Chưa đúng", within="đã sửa lại")
    await here.an.presses("Số trước mới đúng")
    await here.an.sees("em đã nhắn Đoàn Văn Tâm xem lại B-0001")
    await here.tam.sees("“Số trước mới đúng”")


async def test_two_leads_at_once(here: Village) -> None:
    """The second sees what the first made of it before anything is written; the third press is old."""
    await send(here.an, "12")
    for who in (here.tam, here.lan):
        await who.says("B-0001")
        await who.presses("Sửa", within="B-0001")
        await who.presses("12 hồ sơ")
    await here.tam.says("10")
    await here.tam.presses("Sửa lại")
    await here.tam.sees("em đã sửa B-0001", "✔ 10 hồ sơ")
    await here.lan.says("9")
    await here.lan.sees("Trước: 10 hồ sơ", "✔ 9 hồ sơ")
    await here.lan.presses("Sửa lại")
    await here.lan.sees("B-0001 vừa có thay đổi", "Trước: 10 hồ sơ", "✔ 9 hồ sơ")
    assert await here.look(ITEMS) == [(10,)]
    await here.lan.presses("Sửa lại")
    await here.lan.sees("Đoàn Văn Tâm: 12 hồ sơ", "Nguyễn Thị Lan: 10 hồ sơ")
    assert await here.look(ITEMS) == [(9,)]


async def test_what_is_changed_while_a_lead_looks_at_it(here: Village) -> None:
    """A returned one that a lead puts right counts; one that was undone meanwhile stays undone, and is history."""
    await send(here.an, "12")
    await here.tam.says("B-0001")
    await here.tam.presses("Trả lại")
    await here.tam.says("đếm lại giúp")
    await corrects(here.lan, "11")
    await here.lan.sees("em đã sửa B-0001", "11 hồ sơ")
    await here.tam.sees("Nguyễn Thị Lan đã sửa lại B-0001")
    assert await here.look("SELECT state FROM reports") == [("kept",)]
    await here.lan.says("B-0001")
    await here.lan.presses("Sửa", within="B-0001")
    await here.lan.presses("11 hồ sơ")
    await here.an.presses("Hoàn tác", within="em ghi nhận B-0001")
    await here.lan.says("9")
    await here.lan.sees("báo cáo B-0001 đã được gỡ")
    await here.lan.says("B-0001")
    await here.lan.sees("đã được gỡ ra, không tính", "Nguyễn Văn An: 11 hồ sơ")
    assert not here.lan.offers_now("Sửa")
    assert not here.lan.offers_now("Nhận")


async def test_old_buttons_and_those_of_others(here: Village) -> None:
    await send(here.an, "12")
    await here.an.does(press=Press(Dispute(1).pack(), ""))
    await here.an.sees("B-0001 giờ đang ghi như anh/chị báo")
    for who in (here.hai, here.dung, here.bay):
        await who.does(press=Press(Change(1).pack(), ""))
        await who.sees("không tìm thấy B-0001")
    await corrects(here.tam, "10")
    for who in (here.tam, here.lan):
        await who.does(press=Press(Dispute(1).pack(), ""))
        await who.sees("B-0001 là của người khác")
        await who.does(press=Press(Together(1).pack(), ""))
        await who.sees("B-0001 là của người khác")
        await who.does(press=Press(ForOther(1).pack(), ""))
        await who.sees("B-0001 là của người khác")
    await corrects(here.an, "12")
    await here.an.sees("em đã sửa B-0001", "Nguyễn Văn An: 10 hồ sơ")
    await here.an.does(press=Press(Dispute(1).pack(), ""))
    await here.an.sees("B-0001 giờ đang ghi như anh/chị báo")


async def test_a_leads_own_report_is_theirs_like_anybodys(here: Village) -> None:
    await send(here.tam, "5")
    await here.turns_to("2026-12-18 09:00")
    await here.tam.does(press=Press(Change(1).pack(), ""))
    await here.tam.sees("kỳ của B-0001 đã khóa")
    await corrects(here.lan, "6")
    await here.tam.sees("Nguyễn Thị Lan đã sửa lại báo cáo B-0001", "5 hồ sơ")
