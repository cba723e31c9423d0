"""Who took part, on which days, and whom a report was made for."""

from __future__ import annotations

from bot.chat.message import Press
from handlers.reports.actions import ForOther, Month, Together
from tests.handlers.test_reports import send
from tests.rig import JPEG, Village, text_of


async def test_who_took_part_is_ticked_by_name(here: Village) -> None:
    await send(here.an, "12")
    await here.an.presses("Ai cùng làm")
    await here.an.sees("ai cùng làm trong B-0001")
    await here.an.presses("Phạm Thị Bảy")
    await here.an.presses("Xong")
    await here.an.sees("em ghi tên rồi ạ (B-0001)", "👥 Cùng làm (2): Nguyễn Văn An, Phạm Thị Bảy")
    await here.tam.says("/ngaycong")
    told = await here.tam.sees("Tháng 11/2026, Ấp 1: 2 người tham gia", "• Nguyễn Văn An: 1 ngày (23)")
    assert "• Phạm Thị Bảy: 1 ngày (23)" in told


async def test_photos_and_a_report_are_no_name(here: Village) -> None:
    """While it is asked who took part, photos go to what was just sent, and words that report become a card."""
    await send(here.an, "12")
    await here.an.presses("Ai cùng làm")
    await here.an.sees("đủ rồi thì", "Xong")
    await here.an.says("", JPEG)
    await here.an.sees("B-0001", "1 hình")
    assert await here.look("SELECT COUNT(*) FROM report_files") == [(1,)]
    await here.an.presses("Báo giùm ai")
    await here.an.says("vneid 7")
    await here.an.sees("Em ghi như vầy", "✔ 7 tài khoản")
    await here.an.presses("✅ Gửi")
    await here.an.sees("em ghi nhận B-0002")


async def test_days_are_counted_once_and_of_what_counts(here: Village) -> None:
    """Two reports of a day are one day; nobody named: the author; undone, and nothing done, is no day."""
    await send(here.an, "1")
    await send(here.an, "2")
    await send(here.bay, "3")
    await here.bay.presses("Hoàn tác")
    await here.hai.says("/khongcoviec")
    await here.lan.says("/ngaycong")
    told = await here.lan.sees("Xã Đại Điền: 1 người tham gia", "• Nguyễn Văn An: 1 ngày (23)")
    assert "Bảy" not in told
    assert "Hai" not in told
    await here.lan.presses("Tháng trước")
    await here.lan.sees("Tháng 10/2026, Xã Đại Điền: 0 người tham gia", "Chưa có ai")
    await here.lan.presses("Tháng sau")
    await here.lan.presses("Ấp 2")
    await here.lan.sees("Tháng 11/2026, Ấp 2: 0 người")


async def test_a_report_for_a_team_mate_is_theirs(here: Village) -> None:
    await send(here.tam, "12")
    await here.tam.presses("Báo giùm ai")
    await here.tam.sees("B-0001 là việc của ai")
    await here.tam.presses("Phạm Thị Bảy")
    await here.tam.sees("B-0001 em ghi cho Phạm Thị Bảy", "👤 Của Phạm Thị Bảy (Đoàn Văn Tâm báo giùm)")
    assert here.tam.offers_now("Ai cùng làm")
    assert not here.tam.offers_now("Báo giùm ai")
    await here.bay.sees("Đoàn Văn Tâm báo giùm anh/chị B-0001 (thứ Hai 23/11): 12 hồ sơ")
    await here.passes(minutes=60)
    await here.bay.presses("Bỏ báo cáo này")
    await here.bay.sees("em đã gỡ B-0001")
    await here.bay.presses("Đưa trở lại")
    await here.bay.says("/ketqua")
    await here.bay.sees("Tuần này (23/11): 1 báo cáo")
    await here.tam.says("/ketqua")
    await here.tam.sees("Tuần này (23/11): 0 báo cáo")


async def test_whose_report_it_is_took_part_in_it(here: Village) -> None:
    """Named were the writer, as its author, and An; then it is Bảy's: the days are those of Bảy and An."""
    await send(here.tam, "12")
    await here.tam.presses("Ai cùng làm")
    await here.tam.presses("Nguyễn Văn An")
    await here.tam.presses("Xong")
    await here.tam.presses("Báo giùm ai")
    await here.tam.presses("Phạm Thị Bảy")
    card = await here.tam.sees("B-0001 em ghi cho Phạm Thị Bảy", "👥 Cùng làm (2): ")
    assert "Phạm Thị Bảy" in card.split("Cùng làm (2): ")[1]
    await here.tam.says("/ngaycong")
    days = await here.tam.sees("2 người tham gia", "• Phạm Thị Bảy: 1 ngày (23)", "• Nguyễn Văn An: 1 ngày (23)")
    assert "Tâm" not in days


async def test_only_ones_own_report_and_only_the_own_team(here: Village) -> None:
    await send(here.an, "12")
    for button in (Together(1), ForOther(1)):
        for who in (here.bay, here.tam, here.hai):
            await who.does(press=Press(button.pack(), ""))
            await who.sees("Dạ")
    await here.an.presses("Báo giùm ai")
    await here.an.says("Võ Văn Hai")
    await here.an.sees("Dạ")
    assert await here.look("SELECT author_id, written_by FROM reports") == [(here.an.id, None)]
    assert await here.look("SELECT COUNT(*) FROM report_people") == [(0,)]


async def test_days_of_a_unit_that_is_not_ones_own(rich: Village) -> None:
    ((unit,),) = await rich.look("SELECT id FROM units WHERE code = 'ap1'")
    assert isinstance(unit, int)
    await send(rich.an, "12")
    for who in (rich.an, rich.hai, rich.dung):
        await who.does(press=Press(Month(unit, 0).pack(), ""))
        await who.says("/ngaycong")
        assert "Nguyễn Văn An: 1 ngày" not in " ".join(str(message.text) for message in who.told)


# What was reported for somebody is mended by words


async def for_bay(here: Village, said: str = "12") -> None:
    """Tâm reports for Bảy."""
    await send(here.tam, said)
    await here.tam.presses("Báo giùm ai")
    await here.tam.presses("Phạm Thị Bảy")
    await here.tam.sees("em ghi cho Phạm Thị Bảy")


async def test_what_was_written_for_a_team_mate_is_mended_by_saying_so(here: Village) -> None:
    """They hear of it, with the buttons that put it right; the card says who changed it."""
    await for_bay(here, "21")
    await here.turns_to("2026-11-24 09:00")
    await here.tam.says("sửa lại hôm qua 12 chứ hỏng phải 21")
    await here.tam.sees("em sửa B-0001", "Trước: 21 hồ sơ", "✔ 12 hồ sơ", "👤 Của Phạm Thị Bảy")
    await here.tam.presses("Sửa lại")
    await here.tam.sees("em đã sửa B-0001", "👤 Của Phạm Thị Bảy (Đoàn Văn Tâm báo giùm)")
    await here.bay.sees("Đoàn Văn Tâm sửa lại báo cáo B-0001", "21 hồ sơ", "→ 12 hồ sơ", "Chưa đúng thì")
    await here.bay.presses("Sửa", within="Đoàn Văn Tâm sửa lại")
    await here.bay.says("dvc 13")
    await here.bay.presses("Sửa lại")
    await here.bay.sees("em đã sửa B-0001", "Đoàn Văn Tâm: 21 hồ sơ", "Phạm Thị Bảy: 12 hồ sơ")
    assert await here.look("SELECT author_id, written_by FROM reports") == [(here.bay.id, here.tam.id)]
    changed = await here.look("SELECT person_id FROM audit WHERE act = 'reports.changed' ORDER BY id")
    assert changed == [(here.tam.id,), (here.bay.id,)]


async def test_ones_own_and_a_mate_s_fit_so_it_is_asked_whose(here: Village) -> None:
    """Also where the mate's is of another day; a number or a kind that only one has says which."""
    await for_bay(here)
    await here.turns_to("2026-11-24 09:00")
    await here.tam.says("dvc 5")
    await here.tam.presses("Gửi")
    await here.tam.says("sửa lại dvc 7")
    await here.tam.sees("muốn sửa báo cáo của ai")
    await here.tam.presses("B-0001 · Phạm Thị Bảy")
    await here.tam.sees("em sửa B-0001", "Trước: 12 hồ sơ", "✔ 7 hồ sơ")
    await here.tam.says("/huy")
    await here.tam.says("sửa lại dvc 7")
    await here.tam.presses("B-0002 · của anh/chị")
    await here.tam.sees("em sửa B-0002", "Trước: 5 hồ sơ", "✔ 7 hồ sơ")
    await here.tam.says("/huy")
    await here.tam.says("sửa lại 13 chứ hỏng phải 12")
    await here.tam.sees("em sửa B-0001", "✔ 13 hồ sơ")


async def test_sua_lai_alone_asks_whose_where_both_were_sent_that_day(here: Village) -> None:
    await for_bay(here)
    await here.tam.says("vneid 3")
    await here.tam.presses("Gửi")
    await here.tam.says("sửa lại")
    await here.tam.sees("muốn sửa báo cáo của ai")
    await here.tam.presses("Phạm Thị Bảy")
    await here.tam.sees("muốn sửa phần nào")
    await here.tam.says("dvc 4")
    await here.tam.sees("em sửa B-0001", "✔ 4 hồ sơ")


async def test_the_writer_may_no_longer_once_it_is_gone(here: Village) -> None:
    """It is looked at again when the button is pressed."""
    await for_bay(here)
    await send(here.tam, "5")
    await here.tam.says("sửa lại dvc 7")
    await here.tam.sees("muốn sửa báo cáo của ai")
    await here.bay.presses("Bỏ báo cáo này")
    await here.bay.sees("em đã gỡ B-0001")
    await here.tam.presses("Phạm Thị Bảy")
    await here.quiet()
    assert await here.look("SELECT count FROM report_items ORDER BY report_id") == [(12,), (5,)]
    assert not any("em sửa B-0001" in text_of(message) for message in here.tam.told)


async def test_photos_go_to_what_this_person_sent_not_to_what_was_sent_for_them(here: Village) -> None:
    await send(here.bay, "5")
    await here.passes(minutes=2)
    await for_bay(here)
    await here.bay.says("", JPEG)
    await here.bay.sees("em thêm 1 hình vào B-0001")
    await here.tam.says("", JPEG)
    await here.tam.sees("em thêm 1 hình vào B-0002")
