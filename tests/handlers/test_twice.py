"""Before a report is sent: whoever says what a team-mate, or they themselves, said that day is asked whether it is one
work."""

from __future__ import annotations

from bot.chat.dialog import Answer
from bot.chat.message import Press
from tests.handlers.test_reports import ITEMS, fill, send
from tests.rig import JPEG, Someone, Village

COUNT = "SELECT COUNT(*) FROM reports WHERE state = 'kept'"


async def tell(who: Someone, said: str) -> str:
    await who.says(said)
    return await who.sees("Em ghi như vầy")


async def tell_and_send(who: Someone, said: str) -> str:
    await tell(who, said)
    await who.presses("Gửi")
    return await who.sees("em ghi nhận B-")


async def test_a_team_mate_said_the_same(here: Village) -> None:
    """Dropped with a way back; put back and sent anyway, it is not asked about again."""
    await tell_and_send(here.bay, "dvc 12")
    await tell(here.an, "giup 12 nguoi nop dvc")
    await here.an.presses("Gửi")
    await here.an.sees(
        "Hôm nay đã có báo cáo giống con số này", "B-0001 của Phạm Thị Bảy: 12 hồ sơ", "cùng một việc không"
    )
    await here.an.presses("Cùng một việc")
    await here.an.sees("em không gửi thêm, vì đã có B-0001")
    assert await here.look(COUNT) == [(1,)]
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("Em ghi như vầy", "12 người")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0002")
    await here.an.presses("Sửa", within="B-0002")
    await here.an.says("thêm 3 người cài vneid")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0002", "12 người", "3 người")


async def test_sent_anyway_by_button_or_by_words(here: Village) -> None:
    await tell_and_send(here.an, "dvc 12")
    for number, (said, code) in enumerate((("Vẫn gửi", "B-0002"), ("dạ không phải", "B-0003"))):
        await tell(here.an, "dvc 12")
        await here.an.says("đúng rồi")
        await here.an.sees("B-0001 của anh/chị: 12 hồ sơ")
        await (here.an.says(said) if number else here.an.presses(said))
        await here.an.sees(f"em ghi nhận {code}")
    assert await here.look(COUNT) == [(3,)]


async def test_by_three_questions_it_is_asked_too(here: Village) -> None:
    await send(here.bay, "12")
    await fill(here.an, "12")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 của Phạm Thị Bảy: 12 hồ sơ")
    await here.an.says("", JPEG)
    await here.an.sees("Em đã nhận 1 hình", "cùng một việc không")
    await here.an.presses("Quay lại")
    await here.an.sees("Em ghi như vầy", "12 hồ sơ", "1 hình")
    await here.an.says("thêm 2 hồ sơ dvc")
    await here.an.sees("14 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0002", "14 hồ sơ", "1 hình")


async def test_of_several_figures_only_the_same_go(here: Village) -> None:
    """Words of another day are a report of their own, even where nothing of the first is left."""
    await tell_and_send(here.bay, "dvc 12, vneid 4")
    await tell(here.an, "hôm nay dvc 12, qr 3 điểm")
    await here.an.says("hôm qua vneid 5")
    await here.an.presses("Ghi riêng")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 của Phạm Thị Bảy: 12 hồ sơ")
    await here.an.says("phải rồi")
    assert "12 hồ sơ Nộp" in (card := await here.an.sees("em bỏ 12 hồ sơ", "vì đã có ở B-0001", "✔ 3 điểm"))
    assert "✔ 12" not in card
    await here.an.says("vneid 4")
    await here.an.presses("Sửa")
    await here.an.presses("3 điểm")
    await here.an.presses("Bỏ mục này")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0002", "4 tài khoản")
    await here.an.sees("Em ghi như vầy", "5 tài khoản", "Chủ nhật 22/11")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0003")


async def test_what_was_told_of_another_day_comes_though_the_first_is_dropped(here: Village) -> None:
    await tell_and_send(here.bay, "dvc 12")
    await tell(here.an, "hôm nay dvc 12")
    await here.an.says("hôm qua vneid 5")
    await here.an.presses("Ghi riêng")
    await here.an.presses("Gửi")
    await here.an.presses("Cùng một việc")
    await here.an.sees("em không gửi thêm, vì đã có B-0001")
    await here.an.sees("Em ghi như vầy", "5 tài khoản", "Chủ nhật 22/11")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0002")


async def test_other_work_is_not_asked_about(here: Village) -> None:
    """Another number, kind, day or team; what was undone; that nothing was done."""
    await tell_and_send(here.bay, "dvc 12")
    for said in ("dvc 13", "vneid 12", "hôm qua dvc 12"):
        await tell_and_send(here.an, said)
    await tell_and_send(here.ut, "dvc 12")
    for who in (here.tam, here.bay):
        await tell_and_send(who, "hôm qua không có gì")
    await tell_and_send(here.bay, "qr 3 điểm")
    await here.bay.presses("Hoàn tác")
    await here.bay.sees("em đã gỡ")
    await tell_and_send(here.an, "qr 3 điểm")


async def test_a_returned_one_is_asked_about_and_what_went_meanwhile_is_not(here: Village) -> None:
    await tell_and_send(here.bay, "dvc 12")
    await here.tam.says("B-0001")
    await here.tam.presses("Trả lại")
    await here.tam.says("đếm lại giúp")
    await tell(here.an, "dvc 12")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 của Phạm Thị Bảy: 12 hồ sơ Nộp hồ sơ trực tuyến (trả lại)")
    await here.bay.presses("Bỏ báo cáo này")
    await here.bay.sees("em đã gỡ B-0001")
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    await here.an.does(press=Press(Answer(draft, "twice", "same").pack(), ""))
    await here.an.sees("Em ghi như vầy", "✔ 12 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0002")
    assert [row[:2] for row in await here.look(ITEMS + " WHERE r.state = 'kept'")] == [("DVC", 12)]


async def test_what_is_practised_is_not_asked_about(here: Village) -> None:
    await send(here.bay, "12")
    await here.an.says("/tapsu")
    await fill(here.an, "12")
    await here.an.presses("Gửi")
    assert "cùng một việc" not in await here.an.sees("em ghi nhận B-")
    assert await here.look(COUNT) == [(1,)]
