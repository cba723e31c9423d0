"""The practice room, as people go through it: everything is tried, nothing counts."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.message import Press
from handlers.reports.actions import Undo
from storage import invites, people, practice
from tests.rig import JPEG, Someone, Village, text_of, village

SAID = "hôm nay giúp 5 người cài VNeID"
MARK = "🎓 Tập thử\n"
STATES = "SELECT state FROM reports ORDER BY id"


async def clock(here: Village) -> None:
    """What the clock does each minute, now."""
    await here.app.run_job(here.app.around.routes.timers["practice.end_silent"].run)


async def marked(who: Someone) -> None:
    """Whatever came since is marked as practice."""
    await who.village.quiet()
    for text in who._new():
        assert text.startswith(MARK), text


async def test_a_member_goes_through_all_the_lessons(here: Village) -> None:
    """Seven lessons: nothing but practice is kept, nobody else hears a word, no trace is left."""
    an = here.an
    await an.says("/tapsu")
    await an.sees(MARK, "không con số nào", "Thoát tập", "Bài 1/7")
    await marked(an)
    await an.says(SAID)
    await an.sees(MARK, "✔ 5 người", "em hiểu liền", "Bài 2/7")
    await an.presses("Sửa")
    asked = await an.sees(MARK, "muốn sửa phần nào")
    assert "Bài 2/7" not in asked
    await an.presses("5 người")
    await an.says("6")
    await an.sees("✔ 6 người", "Sửa gọn quá", "Bài 3/7")
    await an.presses("Gửi")
    await an.sees("em ghi nhận B-TẬP-1", "Bài 4/7")
    assert not an.offers("Chuyển cho người khác")
    await an.presses("Hoàn tác")
    undone = await an.sees("em đã gỡ B-TẬP-1 ra. Lúc làm thật cũng", "Lỡ tay", "Bài 5/7")
    assert "không tính vào tổng nữa" not in undone.partition("Lúc làm thật")[0]
    await an.presses("Đưa trở lại")
    await an.sees("6 người")
    await an.says("", JPEG)
    await an.sees(MARK, "nhận được hình", "Bài 6/7")
    await marked(an)
    await an.says("/huy")
    await an.says("hôm nay không có gì")
    await an.sees("Không có hoạt động", "Bài 6/7", "Gửi nữa là xong bài này")
    await an.presses("Gửi")
    await an.sees("Việc tập", "chị Hoa", "Bài 7/7")
    await an.presses("Đã nhận")
    await an.sees("Đang làm")
    await an.presses("Xong")
    await an.sees("đã được duyệt", "gọn gàng", "tập đủ 7 bài")
    await marked(an)
    assert await here.look(STATES) == [("practice",), ("practice",)]
    assert await here.look("SELECT * FROM audit") == []
    assert await here.look("SELECT * FROM tasks") == []
    assert not here.tam.told
    assert not here.lan.told
    await an.presses("Thoát tập")
    await an.sees("nhắn gì là em ghi thật")
    await an.says("/lichsu")
    past = await an.sees("báo cáo")
    assert "B-TẬP" not in past
    assert MARK not in past
    await an.says("b tap 1")
    await an.sees("B-TẬP-1 là báo cáo tập thử")


async def test_a_practice_report_is_its_authors_alone(here: Village) -> None:
    await here.an.says("/tapsu")
    await here.an.says(SAID)
    await here.an.presses("Gửi")
    await here.an.sees("B-TẬP-1")
    for other in (here.tam, here.lan, here.bay):
        await other.says("B-TẬP-1")
        await other.sees("không", "B-TẬP-1")
    await here.lan.says("/duyet")
    await here.lan.sees("không còn báo cáo nào")
    await here.lan.says("/lichsu")
    assert "B-TẬP" not in await here.lan.sees("báo cáo")


async def test_what_is_no_lesson_is_done_after_leaving_by_one_press(here: Village) -> None:
    """Never half: the command, typed words and buttons of real things wait for the way out."""
    lan, an = here.lan, here.an
    await an.says(SAID)
    await an.presses("Gửi")
    await an.sees("B-0001")
    await an.says("/tapsu")
    for said in ("/dulieu", "/vang", "xong V-0001", "B-0001", "xin vắng 28/11 đến 2/12"):
        await an.says(said)
        await an.sees(MARK, "không có trong bài tập", "em chưa làm gì")
    await an.does(press=Press(Undo(1).pack(), "1"))
    await an.sees("không có trong bài tập")
    assert await here.look(STATES) == [("kept",)]
    await an.presses("Thoát tập, làm thật")
    await an.sees("đã gỡ B-0001")
    assert await here.look(STATES) == [("undone",)]
    await an.says("/tapsu")
    await an.says("B-0001")
    await an.presses("Thoát tập, làm thật")
    await an.sees("B-0001", "không tính vào tổng")
    await lan.says("/tapsu")
    await lan.says("/thanhvien")
    await lan.presses("Thoát tập, làm thật")
    await lan.sees("nhắn gì là em ghi thật")
    assert await here.look("SELECT person_id FROM practice WHERE ended_at IS NULL") == []


async def test_a_lead_hands_out_and_judges_invented_work(here: Village) -> None:
    lan = here.lan
    await lan.says("/tapsu")
    await lan.sees("Bài 1/9")
    await lan.presses("Các bài")
    await lan.presses("Bài 8: Giao việc")
    await lan.sees("mình tập Giao việc", "Bài 8/9")
    await lan.says("Giao việc")
    await lan.says("Tuyên truyền VNeID")
    await lan.presses("Tất cả")
    await lan.presses("Mai 17:00")
    await lan.presses("Không cần")
    await lan.presses("Gửi")
    await lan.sees("“Tuyên truyền VNeID” đã giao cho 2 nơi nhận", "không gửi cho ai")
    await lan.sees("B-TẬP", "anh Minh", "Bài 9/9")
    await lan.presses("Trả lại")
    await lan.says("thiếu hình")
    await lan.sees("trả lại với lời: “thiếu hình”", "chu đáo")
    await lan.says("/duyet")
    await lan.presses("Nhận")
    await lan.sees("nhận báo cáo này", "không gửi cho ai")
    assert await here.look("SELECT * FROM tasks") == []
    assert not here.tam.told
    assert not here.hai.told


async def test_an_administrator_reports_and_broadcasts_in_practice(here: Village) -> None:
    quan = here.quan
    await quan.says("/tapsu")
    await quan.sees("Bài 1/8")
    await quan.says(SAID)
    await quan.presses("Gửi")
    await quan.sees("B-TẬP-1", "Bài 2/8")
    await quan.says("/thongbao")
    await quan.presses("Tỉnh Bến Tre")
    await quan.says("Chào cả nhà")
    await quan.presses("Gửi")
    await quan.sees("thông báo đã gửi tới 8 người", "không gửi cho ai")
    assert await here.look("SELECT * FROM broadcasts") == []
    assert not here.an.told
    await quan.says("/giaoviec")
    await quan.sees("")
    await quan.says("/thoat")
    await quan.says(SAID)
    await here.quiet()
    assert await here.look(STATES) == [("practice",)]


async def test_an_hour_of_silence_ends_it(here: Village) -> None:
    """By the clock, and where that is late by the next message, which is real then."""
    an = here.an
    await an.says("/tapsu")
    await an.says(SAID)
    await here.passes(minutes=59)
    await an.says("dvc 7")
    await an.sees(MARK, "7 hồ sơ")
    await an.reads()
    await here.passes(minutes=61)
    await clock(here)
    await an.sees("em tắt tập thử")
    await an.presses("Gửi", within="7 hồ sơ")
    await an.sees("")
    assert await here.look(STATES) == []
    await an.says("/tapsu")
    here.time[0] += 61 * 60_000
    await an.says(SAID)
    await an.sees("em tắt tập thử")
    await an.presses("Gửi", within="Em ghi như vầy")
    await an.sees("em ghi nhận B-0001")
    assert await here.look(STATES) == [("kept",)]
    assert not text_of(an.told[-1]).startswith(MARK)


async def test_what_was_begun_in_earnest_waits_and_goes_on(here: Village) -> None:
    an = here.an
    await an.says("hôm nay giúp 9 người cài VNeID")
    await an.says("/tapsu")
    await an.says(SAID)
    await an.says("/baocao")
    await an.says("/huy")
    await an.says("/baocao")
    await an.presses("Cài VNeID")
    await an.says("/thoat")
    await an.sees("làm dở em vẫn giữ")
    assert sum("làm dở em vẫn giữ" in text_of(message) for message in an.told) == 1, "only of what is real"
    await an.presses("Tiếp tục")
    await an.sees("9 người")
    await an.presses("Gửi")
    await an.sees("em ghi nhận B-0001", "9 người")
    assert await here.look(STATES) == [("kept",)]


async def test_what_was_begun_in_practice_is_never_finished_in_earnest(here: Village) -> None:
    """Not by a button that is still shown, nor where the chat was unlinked in between."""
    an, now = here.an, here.time[0]
    await an.says("/tapsu")
    await an.says(SAID)
    await here.store.run(lambda db: people.unlink(db, an.id))
    await here.store.run(lambda db: practice.end(db, an.id, now))
    await here.store.run(lambda db: people.link(db, "phone", an.chat, an.id, now))
    await an.presses("Gửi", within="Em ghi như vầy")
    await an.sees("")
    assert await here.look(STATES) == []
    assert await here.look("SELECT * FROM drafts") == []
    await an.says("/tapsu")
    await an.says(SAID)
    await an.says("/thoat")
    await an.presses("Gửi", within="Em ghi như vầy")
    await an.sees("")
    assert await here.look(STATES) == []


async def test_real_work_that_comes_meanwhile_is_real(here: Village) -> None:
    an, tam = here.an, here.tam
    await an.says("/tapsu")
    await an.reads()
    await tam.says("/giaoviec")
    await tam.says("Dọn nhà văn hóa")
    await tam.presses("Nguyễn Văn An")
    await tam.presses("Xong")
    await tam.presses("Mai 17:00")
    await tam.presses("Không cần")
    await tam.presses("Gửi")
    card = await an.sees("V-0001", "Dọn nhà văn hóa")
    assert not card.startswith(MARK)
    await an.presses("Đã nhận", within="V-0001")
    await an.sees("không có trong bài tập")
    assert await here.look("SELECT state FROM assignments") == [("given",)]
    await an.presses("Thoát tập, làm thật")
    await an.sees("V-0001", "Đang làm")
    assert await here.look("SELECT state FROM assignments") == [("accepted",)]


@pytest.mark.parametrize("plain", [False, True])
async def test_who_has_just_come_in_is_offered_it(tmp_path: Path, plain: bool) -> None:
    async with village(tmp_path, plain=plain, joined=False) as here:
        an, now = here.an, here.time[0]
        await here.store.run(lambda db: invites.add(db, "K7MQ-2XHB", an.id, now, now + 10**9))
        await an.starts("K7MQ-2XHB")
        await an.presses("Đồng ý")
        await an.sees("Muốn làm thử trước")
        await an.presses("Tập thử")
        await an.sees(MARK, "Bài 1/7")


async def test_lessons_are_skipped_and_repeated_and_in_english(here: Village) -> None:
    an = here.an
    await an.says("/english")
    await an.says("/tapsu")
    await an.sees("🎓 Practice", "No figure counts", "Lesson 1/7")
    await an.presses("Skip this lesson")
    await an.sees("Lesson 2/7")
    await an.presses("Lessons")
    await an.sees("1. One message", "7. A task")
    await an.presses("Lesson 7: A task")
    await an.sees("Practice task", "Lesson 7/7")
    await an.presses("Done")
    await an.sees("Lesson 1/7")
    await an.presses("Lessons")
    await an.sees("✅ 7. A task", "▫️ 1. One message")
    await an.presses("Leave practice")
    await an.sees("everything is real")
    await an.says("/thoat")
    await an.sees("not practising")


async def test_it_is_forgotten_after_some_days(here: Village) -> None:
    an = here.an
    await an.says("/tapsu")
    await an.says(SAID, JPEG)
    await an.presses("Gửi")
    await an.sees("B-TẬP-1")
    await here.passes(minutes=61)
    await clock(here)
    await here.turns_to("2026-11-29 04:00")
    assert await here.look(STATES) == [("practice",)]
    await here.turns_to("2026-12-02 04:00")
    for table in ("reports", "report_items", "report_files", "practice", "files"):
        assert await here.look(f"SELECT * FROM {table}") == [], table


async def test_practice_uses_up_no_number(here: Village) -> None:
    """The first real report is the first, and the next real one the second, whoever practised before and between."""
    an, bay = here.an, here.bay
    for who, code in ((an, "B-TẬP-1"), (bay, "B-TẬP-2")):
        await who.says("/tapsu")
        await who.says(SAID)
        await who.presses("Gửi")
        await who.sees(f"em ghi nhận {code}")
    await here.hai.says("hôm nay giúp 9 người cài VNeID")
    await here.hai.presses("Gửi")
    await here.hai.sees("em ghi nhận B-0001")
    await an.says("dvc 7")
    await an.presses("Gửi", within="7 hồ sơ")
    await an.sees("em ghi nhận B-TẬP-3")
    await an.says("sửa lại")  # what was sent last
    await an.sees("muốn sửa phần nào")
    assert an.offers("7 hồ sơ")
    await an.says("/thoat")
    await an.says("dvc 8")
    await an.presses("Gửi", within="8 hồ sơ")
    await an.sees("em ghi nhận B-0002")


async def test_numbers_that_are_given_again_are_of_new_cards(here: Village) -> None:
    """Once practice is forgotten its numbers begin anew, below what was said before, not on a card of last week."""
    an = here.an
    for _ in range(2):
        await an.says("/tapsu")
        await an.says(SAID)
        await an.presses("Gửi", within="Em ghi như vầy")
        await an.sees("em ghi nhận B-TẬP-1")
        await an.says("/thoat")
        await an.reads()
        await here.turns_to("2026-12-02 04:00")
    shown = [text_of(message) for message in an.told if "em ghi nhận B-TẬP-1" in text_of(message)]
    assert len(shown) == 2


async def test_what_is_looked_at_shows_what_was_practised(here: Village) -> None:
    """/ketqua, /tuan, /lichsu of a member: the practised reports, and what stands there in earnest."""
    an = here.an
    await an.says("hôm nay giúp 9 người cài VNeID")
    await an.presses("Gửi")
    await an.says("/tapsu")
    await an.says("Kết quả")
    await an.sees(
        MARK, "Tuần này (23/11): 0 báo cáo", "báo cáo tập, không tính vào đâu", "số của Tháng 12/2026 (15/11–14/12)"
    )
    await an.says("/tuan")
    await an.sees(MARK, "em chưa thấy báo cáo của anh/chị", "mỗi tuần em gửi")
    await an.says("/lichsu")
    await an.sees(MARK, "mọi báo cáo anh/chị đã gửi nằm ở đây")
    await an.says(SAID, JPEG)
    await an.presses("Gửi", within="5 người")
    await an.sees("em ghi nhận B-TẬP-1")
    await an.says("ket qua")
    told = await an.sees("Tuần này (23/11): 1 báo cáo", "• 5 người – Cài VNeID")
    assert "9 người" not in told, "what is real is not shown beside it"
    await an.says("/tuan")
    await an.sees("tuần này (23/11) anh/chị có 1 báo cáo: 5 người Cài VNeID", "Đây mới là số tập")
    await an.says("/lichsu vneid")
    assert "B-0001" not in await an.sees("• B-TẬP-1", "5 người Cài VNeID")
    await an.presses("B-TẬP-1")
    await an.sees("Báo cáo B-TẬP-1", "1 hình")
    for said in ("/duyet", "/hinh", "/doi", "/thanhvien"):
        await an.says(said)
        await an.sees(MARK, "không thuộc phần của anh/chị")
    await marked(an)
    assert await here.look("SELECT * FROM errands") == [], "no picture of practice is drawn"


async def test_a_lead_looks_at_an_invented_team(here: Village) -> None:
    lan = here.lan
    await lan.says("/tapsu")
    for said in ("/tuan", "Đội của tôi"):
        await lan.says(said)
        told = await lan.sees(MARK, "Ấp Mẫu (không có thật)", "Đây là thí dụ")
        assert "Đại Điền" not in told
    await lan.says("/hinh")
    await lan.sees(MARK, "hình trong tuần của nơi anh/chị phụ trách")
    assert not any(message.files for message in lan.told)
    await lan.says(SAID, JPEG)
    await lan.presses("Gửi", within="5 người")
    await lan.says("/hinh")
    await lan.sees("Trên đây là hình anh/chị gửi lúc tập")
    assert [len(message.files) for message in lan.told if message.files] == [1]
    await lan.says("/thanhvien")
    await lan.sees("Dạ, chỗ này là để “Thêm, sửa, chuyển, cho nghỉ thành viên”")
    assert lan.offers("Thoát tập, làm thật")
    await marked(lan)


async def test_a_lesson_names_the_button_that_stands_there(here: Village) -> None:
    """On what was sent already it is not called Gửi."""
    an = here.an
    await an.says("/tapsu")
    await an.says(SAID)
    await an.presses("Gửi")
    await an.sees("Bài 2/7: ở báo cáo vừa gửi")
    await an.presses("Sửa")
    await an.sees("sửa phần nào")
    await an.says("vneid 6")
    await an.sees("Bài 4/7: báo cáo ở trên thì", "Sửa lại trước đã")
    await an.presses("Sửa lại")
    await an.sees("Bài 4/7: lỡ gửi thì")


async def test_a_lesson_says_what_has_to_be_there_first(here: Village) -> None:
    an = here.an
    await an.says("/tapsu")
    await an.says("bài 4")
    await an.sees("mình tập Hoàn tác", "Bài 4/7: nhắn em một tin trước", "Xong rồi: lỡ gửi thì")
    await an.says(SAID)
    await an.sees("Bài 4/7: báo cáo ở trên thì", "Gửi trước đã")
    await an.presses("Gửi")
    await an.sees("Bài 4/7: lỡ gửi thì")
    await an.says("lesson 2")
    await an.sees("mình tập Sửa con số", "Bài 2/7: ở báo cáo vừa gửi, con số chưa đúng thì")
    await an.says("bai 3")
    await an.sees("mình tập Gửi báo cáo", "Bài 3/7: nhắn em một tin trước")
    await an.says("bài 9")
    assert "mình tập" not in await an.sees("")
    await an.says("/thoat")
    await an.says("bài 4")
    assert "mình tập" not in await an.sees("")


async def test_another_lesson_begins_with_nothing_in_its_way(here: Village) -> None:
    """What is told but not sent is not there any more, nor is a question asked; what is real waits as before."""
    an = here.an
    await an.says("hôm nay giúp 9 người cài VNeID")
    await an.says("/tapsu")
    await an.says("dvc 7")
    await an.says("/tapsu")
    await an.presses("Bài 6")
    await an.sees("mình tập Không có việc", "Bài 6/7: hôm nào không có việc")
    await an.says("hôm nay không có gì")
    assert "7 hồ sơ" not in await an.sees("Em ghi như vầy", "Không có hoạt động")
    await an.presses("Gửi", within="Không có hoạt động")
    await an.sees("em ghi nhận B-TẬP-1")
    await here.passes(minutes=11)  # a photo after that is of nothing that was sent
    await an.says("", JPEG)
    asked = await an.sees("Em đã nhận 1 hình", "nhận được hình rồi")
    assert "👉" not in asked, "one question at a time"
    await an.says("/thoat")
    await an.sees("làm dở em vẫn giữ")
    await an.presses("Tiếp tục")
    await an.sees("9 người")


async def test_the_invented_task_is_not_late_already(here: Village) -> None:
    await here.turns_to("2026-11-23 19:00")
    await here.an.says("/tapsu")
    await here.an.says("/viec")
    await here.an.sees("Việc tập", "17:00 thứ Ba 24/11")


async def test_what_is_looked_at_in_practice_is_no_real_card(here: Village) -> None:
    """The real card stays as it is, with its buttons, also where practice begins right after it."""
    an = here.an
    await an.says("/ketqua")
    await an.says("/lichsu")
    await an.says("/tapsu")
    await an.says("/ketqua")
    await an.says("/lichsu")
    await marked(an)
    for real in ("Tháng 12/2026 (15/11–14/12): 0 báo cáo", "Báo cáo của anh/chị: 0"):
        shown = [text for text in map(text_of, an.told) if real in text]
        assert len(shown) == 1, real
        assert not shown[0].startswith(MARK)
    if not here.phone.is_plain(an.chat):
        assert an.offers("Báo cáo cũ")


async def test_practice_for_a_team_mate_reaches_nobody(here: Village) -> None:
    """ "Báo giúp chị Bảy" is tried like the rest: whoever tries it sees what it becomes, and Bảy hears nothing."""
    an, bay = here.an, here.bay
    await an.says("/tapsu")
    await an.says("báo giúp Bảy: 5 hộ")
    await an.reads()
    await an.presses("Gửi")
    await an.sees("em ghi nhận B-TẬP-1")
    await an.says("b tập 1")
    await an.sees("B-TẬP-1")
    await an.presses("Hoàn tác")
    await an.sees("em đã gỡ B-TẬP-1 ra")
    await marked(an)
    assert not bay.told
    assert not here.tam.told
