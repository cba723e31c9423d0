"""That nothing was done, where figures of that day were sent, and the other way round: it is asked which counts."""

from __future__ import annotations

from bot.chat.dialog import Answer
from bot.chat.message import Press
from tests.handlers.test_reports import fill, send
from tests.handlers.test_twice import tell, tell_and_send
from tests.rig import JPEG, Village, text_of

STATES = "SELECT id, state FROM reports ORDER BY id"


async def test_nothing_done_after_figures_and_they_stay(here: Village) -> None:
    """Nothing is sent; what was told is kept for whoever pressed by mistake."""
    await tell_and_send(here.an, "dvc 12")
    await tell(here.an, "hôm nay nghỉ")
    await here.an.presses("Gửi")
    await here.an.sees("Hôm nay đã có báo cáo rồi", "B-0001 của anh/chị: 12 hồ sơ", "Em giữ như vậy, hay gỡ ra")
    await here.an.presses("Giữ báo cáo đó")
    await here.an.sees("em giữ B-0001, không ghi gì thêm")
    assert await here.look(STATES) == [(1, "kept")]
    await here.an.presses("Tiếp tục phần dở")
    await here.an.sees("Em ghi như vầy", "Không có hoạt động")
    await here.an.presses("Gửi")
    await here.an.sees("Em giữ như vậy, hay gỡ ra")


async def test_nothing_done_after_figures_and_they_go(here: Village) -> None:
    """All of that day and team by this person, with a trace, and one press puts them back; also an hour later."""
    await tell_and_send(here.bay, "dvc 7")
    await tell_and_send(here.an, "hôm qua dvc 4")
    await tell_and_send(here.an, "dvc 12")
    await tell_and_send(here.an, "vneid 3")
    await here.passes(minutes=60)
    await tell(here.an, "hôm nay không có gì")
    await here.an.presses("Gửi")
    asked = await here.an.sees("B-0004 của anh/chị: 3 tài khoản", "B-0003 của anh/chị: 12 hồ sơ")
    assert "B-0001" not in asked
    assert "B-0002" not in asked
    await here.an.presses("Gỡ ra, ghi không có")
    await here.an.sees("em ghi nhận B-0005", "Không có hoạt động")
    assert await here.look(STATES) == [(1, "kept"), (2, "kept"), (3, "undone"), (4, "undone"), (5, "kept")]
    gone = await here.look("SELECT person_id, object, before FROM audit WHERE act = 'reports.undone' ORDER BY object")
    assert [row[:2] for row in gone] == [(here.an.id, "B-0003"), (here.an.id, "B-0004")]
    assert str(gone[0][2]).startswith("12 hồ sơ")
    await here.an.presses("Đưa trở lại", within="B-0003")
    await here.an.sees("B-0003", "12 hồ sơ")
    assert (3, "kept") in await here.look(STATES)


async def test_both_may_stand(here: Village) -> None:
    await tell_and_send(here.an, "dvc 12")
    await here.an.says("/khongcoviec")
    await here.an.presses("Gửi")
    await here.an.sees("Hôm nay đã có báo cáo rồi")
    await here.an.presses("Để cả hai")
    await here.an.sees("em ghi nhận B-0002", "Không có hoạt động")
    assert await here.look(STATES) == [(1, "kept"), (2, "kept")]


async def test_figures_after_nothing_was_done(here: Village) -> None:
    """By button or by agreeing; in one message or by three questions; photos come along."""
    await here.an.says("/khongcoviec")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await fill(here.an, "12")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 của anh/chị: không có hoạt động", "em ghi số mới thay cho báo cáo đó nha")
    await here.an.says("", JPEG)
    await here.an.sees("Em đã nhận 1 hình", "thay cho báo cáo đó")
    await here.an.says("dạ đúng rồi")
    await here.an.sees("em ghi nhận B-0002", "12 hồ sơ", "1 hình")
    assert await here.look(STATES) == [(1, "undone"), (2, "kept")]
    await tell_and_send(here.bay, "hôm nay nghỉ")
    await tell(here.bay, "vneid 3")
    await here.bay.presses("Gửi")
    await here.bay.presses("Quay lại")
    await here.bay.sees("Em ghi như vầy", "3 tài khoản")
    await here.bay.presses("Gửi")
    await here.bay.presses("Thay báo cáo đó")
    await here.bay.sees("em ghi nhận B-0004", "3 tài khoản")
    assert (await here.look(STATES))[2:] == [(3, "undone"), (4, "kept")]


async def test_a_team_mate_s_and_another_day_s_say_nothing_against_it(here: Village) -> None:
    await tell_and_send(here.bay, "dvc 12")
    await tell_and_send(here.an, "hôm qua dvc 3")
    await tell_and_send(here.an, "hôm nay nghỉ")
    await tell_and_send(here.an, "hôm qua vneid 4")


async def test_the_same_as_a_team_mate_s_and_against_ones_own(here: Village) -> None:
    """One question after the other, then it is sent."""
    await tell_and_send(here.bay, "dvc 12")
    await tell_and_send(here.an, "hôm nay nghỉ")
    await tell(here.an, "dvc 12")
    await here.an.presses("Gửi")
    await here.an.sees("cùng một việc không")
    await here.an.presses("Vẫn gửi")
    await here.an.sees("B-0002 của anh/chị: không có hoạt động")
    await here.an.presses("Thay báo cáo đó")
    await here.an.sees("em ghi nhận B-0003", "12 hồ sơ")
    assert await here.look(STATES) == [(1, "kept"), (2, "undone"), (3, "kept")]


async def test_what_went_meanwhile_is_not_taken_back_again(here: Village) -> None:
    await tell_and_send(here.an, "dvc 12")
    await tell(here.an, "hôm nay nghỉ")
    await here.an.presses("Gửi")
    await here.an.sees("Em giữ như vậy, hay gỡ ra")
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    await here.look("UPDATE reports SET state = 'undone'")
    await here.an.does(press=Press(Answer(draft, "against", "instead").pack(), ""))
    await here.an.sees("Em ghi như vầy", "Không có hoạt động")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0002")
    assert await here.look("SELECT act FROM audit WHERE act = 'reports.undone'") == []


async def test_what_is_closed_is_not_offered_to_be_taken_back(here: Village) -> None:
    """Of a press that comes all the same nothing comes."""
    await tell_and_send(here.an, "hôm nay dvc 12")
    await here.turns_to("2026-12-18 09:00")
    await tell(here.an, "ngày 23/11 không có hoạt động")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 của anh/chị: 12 hồ sơ")
    assert not here.an.offers_now("Gỡ ra")
    ((draft,),) = await here.look("SELECT id FROM drafts")
    assert isinstance(draft, int)
    await here.an.does(press=Press(Answer(draft, "against", "instead").pack(), ""))
    await here.quiet()
    assert await here.look(STATES) == [(1, "kept")]
    await here.an.presses("Để cả hai")
    await here.an.sees("em ghi nhận B-0002")


async def test_a_sent_report_that_becomes_one_of_nothing(here: Village) -> None:
    """Only where another of that day says figures; a change of its figures alone asks nothing."""
    await tell_and_send(here.an, "dvc 12")
    await here.an.presses("Sửa")
    await here.an.says("hôm nay nghỉ")
    await here.an.presses("Phải, bỏ hết")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "Không có hoạt động")
    await tell(here.an, "vneid 3")
    await here.an.presses("Gửi")
    await here.an.presses("Để cả hai")
    await here.an.sees("em ghi nhận B-0002")
    await here.an.presses("Sửa", within="B-0002")
    await here.an.says("vneid 4")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0002", "4 tài khoản")
    await here.an.says("B-0001")
    await here.an.presses("Sửa")
    await here.an.says("dvc 12")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "12 hồ sơ")
    await here.an.says("B-0001")
    await here.an.presses("Sửa")
    await here.an.says("hôm nay nghỉ")
    await here.an.presses("Phải, bỏ hết")
    await here.an.presses("Sửa lại")
    await here.an.sees("B-0002 của anh/chị: 4 tài khoản")
    await here.an.presses("Gỡ ra, ghi không có")
    await here.an.sees("em đã sửa B-0001", "Không có hoạt động")
    assert await here.look(STATES) == [(1, "kept"), (2, "undone")]


async def test_a_report_for_a_team_mate_is_theirs_here_too(here: Village) -> None:
    """Bảy hears when Tâm takes back what he reported for her; her own day off is asked about what he reported."""
    await send(here.tam, "12")
    await here.tam.presses("Báo giùm ai")
    await here.tam.presses("Phạm Thị Bảy")
    await tell_and_send(here.tam, "hôm nay nghỉ")
    await tell(here.bay, "hôm nay nghỉ")
    await here.bay.presses("Gửi")
    await here.bay.sees("B-0001 của anh/chị: 12 hồ sơ")
    await here.bay.presses("Gỡ ra, ghi không có")
    await here.bay.sees("em ghi nhận B-0003")
    await fill(here.tam, "5")
    await here.tam.presses("Gửi")
    await here.tam.presses("Để cả hai")
    await here.tam.presses("Báo giùm ai")
    await here.tam.presses("Phạm Thị Bảy")
    await here.tam.presses("Hoàn tác", within="B-0004")
    await here.bay.sees("Đoàn Văn Tâm đã gỡ báo cáo B-0004")
    await here.bay.presses("Đưa trở lại", within="đã gỡ báo cáo B-0004")
    assert any("B-0004" in text_of(message) for message in here.bay.told)
    assert (4, "kept") in await here.look(STATES)


async def test_what_is_practised_is_against_nothing(here: Village) -> None:
    await tell_and_send(here.an, "dvc 12")
    await here.an.says("/tapsu")
    await here.an.says("/khongcoviec")
    await here.an.presses("Gửi")
    assert "đã có báo cáo" not in await here.an.sees("em ghi nhận B-")
    assert await here.look("SELECT state FROM reports WHERE id = 1") == [("kept",)]
