"""A lead looks at reports: accepts one or all, returns one with a reason; the author hears it and mends it."""

from __future__ import annotations

import pytest

from bot.chat.message import Press
from handlers.reports.actions import Accept, AcceptAll, SendBack, Waiting
from tests.handlers.test_reports import send
from tests.rig import JPEG, Village, log_in_words


async def total(here: Village) -> object:
    return await here.look(
        "SELECT COALESCE(SUM(i.count), 0) FROM reports r JOIN report_items i ON i.report_id = r.id"
        " WHERE r.state = 'kept'"
    )


async def test_accepted_and_the_author_hears_it(here: Village) -> None:
    await send(here.an, "12")
    await here.tam.says("/duyet")
    await here.tam.sees("Ấp 1: 1 báo cáo chưa xem", "• B-0001 thứ Hai 23/11, Nguyễn Văn An (Ấp 1): 12 hồ sơ")
    await here.tam.presses("B-0001")
    await here.tam.presses("Nhận")
    await here.tam.sees("Báo cáo B-0001 của Nguyễn Văn An", "👍 Đoàn Văn Tâm đã nhận")
    await here.an.sees("👍 Đoàn Văn Tâm đã nhận báo cáo B-0001 của anh/chị")
    await here.an.says("B-0001")
    await here.an.sees("👍 Đoàn Văn Tâm đã nhận")
    await here.tam.says("/duyet")
    await here.tam.sees("Ấp 1 không còn báo cáo nào chờ xem")
    assert any("nhận báo cáo B-0001" in line for line in await here.store.run(log_in_words))


async def test_returned_mended_and_counted_again(here: Village) -> None:
    """Returned it counts nowhere; its author mends it by the button in the message; whoever returned it hears so."""
    await send(here.an, "12")
    await here.lan.says("/duyet")
    await here.lan.presses("B-0001")
    await here.lan.presses("Trả lại")
    await here.lan.sees("B-0001 cần sửa gì ạ")
    await here.lan.presses("Con số chưa đúng")
    await here.lan.sees("em đã gửi lại B-0001 cho Nguyễn Văn An", "⚠️ Được trả lại, chưa tính: Con số chưa đúng")
    assert await total(here) == [(0,)]
    await here.an.sees(
        "Nguyễn Thị Lan nhờ anh/chị xem lại báo cáo B-0001 (thứ Hai 23/11: 12 hồ sơ", "“Con số chưa đúng”"
    )
    await here.an.presses("Sửa", within="xem lại báo cáo")
    await here.an.sees("sửa phần nào")
    await here.an.presses("12 hồ sơ")
    await here.an.says("2")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "2 hồ sơ")
    assert await total(here) == [(2,)]
    await here.lan.sees("Nguyễn Văn An đã sửa lại B-0001")
    await here.lan.says("/duyet")
    await here.lan.sees("1 báo cáo chưa xem", "B-0001")


async def test_the_photo_that_was_asked_for_brings_the_card_that_sends_it(here: Village) -> None:
    await here.an.says("dvc 6 hồ sơ")
    await here.an.presses("Gửi")
    await here.lan.says("b 1")
    await here.lan.presses("Trả lại")
    await here.lan.presses("Cho xin thêm hình")
    await here.an.presses("Sửa", within="xem lại báo cáo B-0001")
    await here.an.sees("muốn sửa phần nào")
    await here.an.says("", JPEG)
    await here.an.sees("em sửa B-0001", "📷 1 hình")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "📷 1 hình")
    await here.lan.sees("đã sửa lại B-0001")


async def test_the_photo_that_was_asked_for_is_sent_without_a_word(here: Village) -> None:
    await here.an.says("dvc 6 hồ sơ")
    await here.an.presses("Gửi")
    await here.lan.says("b 1")
    await here.lan.presses("Trả lại")
    await here.lan.presses("Cho xin thêm hình")
    await here.an.sees("xem lại báo cáo B-0001")
    await here.an.says("", JPEG)
    await here.an.sees("em sửa B-0001", "📷 1 hình")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "📷 1 hình")
    await here.lan.sees("đã sửa lại B-0001")
    assert await here.look("SELECT COUNT(*) FROM reports") == [(1,)]


async def test_what_is_mended_while_the_reason_is_asked_is_looked_at_first(here: Village) -> None:
    """And a reason that is too long is not cut: it is asked for anew."""
    await send(here.an, "12")
    await here.tam.says("B-0001")
    await here.tam.presses("Trả lại")
    await here.tam.says("sai rồi " * 50)
    await here.tam.sees("em giữ được 300 thôi", "B-0001 cần sửa gì ạ")
    await here.an.presses("Sửa")
    await here.an.presses("12 hồ sơ")
    await here.an.says("2")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001")
    await here.tam.says("con số chưa đúng")
    await here.tam.sees("B-0001 vừa được sửa, nên em chưa trả lại", "2 hồ sơ")
    assert await total(here) == [(2,)]


async def test_returned_and_dropped(here: Village) -> None:
    await send(here.an, "12")
    await here.passes(minutes=60)
    await here.tam.says("B-0001")
    await here.tam.presses("Trả lại")
    await here.tam.says("hôm qua báo rồi mà em")
    await here.an.sees("“hôm qua báo rồi mà em”")
    await here.an.presses("Bỏ báo cáo này")
    await here.an.sees("em đã gỡ B-0001")
    assert await total(here) == [(0,)]
    await here.an.presses("Đưa trở lại")
    await here.an.sees("em đã đưa B-0001 trở lại", "Được trả lại, chưa tính: hôm qua báo rồi mà em")
    assert await total(here) == [(0,)], "put back is not mended"
    await here.an.presses("Sửa", within="trở lại")
    await here.an.says("dvc 5 hồ sơ")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001")
    assert await total(here) == [(5,)]


async def test_all_at_once_and_one_message_to_each(here: Village) -> None:
    for count in ("12", "13"):
        await send(here.an, count)
    await send(here.hai, "4")
    await here.lan.says("/duyet")
    await here.lan.sees("Xã Đại Điền: 3 báo cáo chưa xem")
    await here.lan.presses("Nhận cả 3")
    await here.lan.sees("anh/chị đã nhận 3 báo cáo của 2 người")
    await here.an.sees("Nguyễn Thị Lan đã nhận 2 báo cáo của anh/chị: B-0001, B-0002")
    await here.hai.sees("đã nhận báo cáo B-0003")
    assert await here.look("SELECT COUNT(*) FROM reports WHERE accepted_at IS NOT NULL") == [(3,)]


async def test_more_than_a_page_is_asked_about_before_all_are_accepted(here: Village) -> None:
    for count in range(11, 18):
        await send(here.an, str(count))
    await here.lan.says("/duyet")
    await here.lan.sees("7 báo cáo chưa xem")
    await here.lan.presses("Nhận cả 7")
    await here.lan.sees("nhiều hơn một trang")
    assert await here.look("SELECT COUNT(*) FROM reports WHERE accepted_at IS NOT NULL") == [(0,)]
    await here.lan.presses("Xem tiếp")
    await here.lan.sees("B-0001")
    await here.lan.presses("Nhận cả 7")
    await here.lan.sees("nhiều hơn một trang")
    await here.lan.presses("Nhận cả 7")
    await here.lan.sees("đã nhận 7 báo cáo của 1 người")


async def test_what_came_or_changed_since_is_looked_at_first(here: Village) -> None:
    """The button of before accepts nothing that was not seen."""
    await send(here.an, "12")
    await here.tam.says("/duyet")
    await here.tam.presses("B-0001")
    await here.an.presses("Sửa")
    await here.an.sees("sửa phần nào")
    await here.an.presses("12 hồ sơ")
    await here.an.says("20")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa")
    ((unit,),) = await here.look("SELECT id FROM units WHERE code = 'ap1'")
    assert isinstance(unit, int)
    await here.tam.does(press=Press(Accept(1, 1).pack(), ""))
    await here.tam.sees("20 hồ sơ")
    for count, versions in ((2, 2), (1, 1)):  # one that was there is gone; the one that was there was changed
        await here.tam.does(press=Press(AcceptAll(unit, 1, count, versions).pack(), ""))
        await here.tam.sees("1 báo cáo chưa xem")
    assert await here.look("SELECT accepted_at FROM reports") == [(None,)]
    await send(here.bay, "3")
    await here.tam.says("/duyet")
    await here.tam.sees("2 báo cáo chưa xem")
    await here.bay.presses("Sửa")
    await here.bay.presses("3 hồ sơ")
    await here.bay.says("300")
    await here.bay.presses("Sửa lại")
    await here.bay.sees("em đã sửa")
    await here.tam.presses("Nhận cả 2")
    await here.tam.sees("2 báo cáo chưa xem", "300 hồ sơ")
    await here.tam.presses("Nhận cả 2")
    await here.tam.sees("đã nhận 2 báo cáo của 2 người")


@pytest.mark.parametrize("who", ["an", "bay", "hai", "dung", "quan"])
async def test_nobody_judges_what_is_not_theirs(rich: Village, who: str) -> None:
    """Not the author, a team-mate, a neighbour or an administrator."""
    await send(rich.an, "12")
    somebody = getattr(rich, who)
    ((unit,),) = await rich.look("SELECT id FROM units WHERE code = 'ap1'")
    assert isinstance(unit, int)
    for button in (Accept(1, 1), SendBack(1, 1), AcceptAll(unit, 1, 1, 1), Waiting(unit, 0)):
        await somebody.does(press=Press(button.pack(), ""))
    assert await rich.look("SELECT state, accepted_at FROM reports") == [("kept", None)]
    await somebody.says("/duyet")
    assert not somebody.offers_now("B-0001")


async def test_a_head_does_not_accept_their_own(here: Village) -> None:
    await send(here.tam, "12")
    await here.tam.says("/duyet")
    await here.tam.sees("không còn báo cáo nào chờ xem")
    await here.tam.does(press=Press(Accept(1, 1).pack(), ""))
    assert await here.look("SELECT accepted_at FROM reports") == [(None,)]
