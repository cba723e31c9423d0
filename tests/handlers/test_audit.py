"""/nhatky: administrators read who changed what, within their units."""

from __future__ import annotations

from bot.chat.message import Press
from handlers.audit import Find, Page
from storage import people
from tests.handlers.test_reforms import merge_into_dai_dien
from tests.handlers.test_reports import send
from tests.handlers.test_tasks import give
from tests.rig import Village, text_of


async def test_the_newest_changes_come_first_in_words(here: Village) -> None:
    await send(here.an, "5")
    await here.an.presses("Hoàn tác")
    await here.an.sees("em đã gỡ B-0001")
    await here.quan.says("/nhatky")
    said = await here.quan.sees("Nhật ký Tỉnh Bến Tre", "Nguyễn Văn An gửi báo cáo B-0001", "điện thoại thử")
    assert said.index("gỡ báo cáo B-0001") < said.index("gửi báo cáo B-0001")
    assert "→ đã gỡ, không tính" in said


async def test_a_change_says_what_it_was_and_became(here: Village) -> None:
    await send(here.an, "5")
    await here.an.presses("Sửa")
    await here.an.presses("5 hồ sơ")
    await here.an.says("8")
    await here.an.presses("Sửa lại")
    await here.an.sees("B-0001")
    await here.quan.says("/nhatky B-0001")
    await here.quan.sees("Nhật ký về B-0001", "5 hồ sơ", "→ 8 hồ sơ")


async def test_only_leads_of_the_log_may_read_it(here: Village) -> None:
    await send(here.an, "5")
    for forged in (Page(0, ""), Page(0, "B-0001"), Page(0, f"p{here.an.id}"), Find()):
        await here.lan.does(press=Press(forged.pack(), ""))
        await here.lan.sees("không")
    await here.lan.says("/nhatky B-0001")
    await here.lan.sees("không")
    assert not any("Nhật ký" in text_of(message) for message in here.lan.told)


async def test_it_is_found_by_name_and_by_code(here: Village) -> None:
    await send(here.an, "5")
    await send(here.bay, "6")
    await give(here.lan)
    await here.quan.says("/nhatky")
    await here.quan.presses("Tìm mã, tên")
    await here.quan.says("nguyen van an")
    said = await here.quan.sees("Nhật ký về Nguyễn Văn An", "B-0001")
    assert "B-0002" not in said
    await here.quan.says("/nhatky v 1")
    await here.quan.sees("Nhật ký về V-0001", "giao việc V-0001")


async def test_of_several_people_of_the_name_one_is_chosen(here: Village) -> None:
    await send(here.an, "5")
    await here.quan.says("/nhatky nguyen")
    await here.quan.sees("mấy tên giống vậy")
    assert here.quan.offers("Nguyễn Thị Lan")
    await here.quan.presses("Nguyễn Văn An")
    await here.quan.sees("Nhật ký về Nguyễn Văn An", "B-0001")


async def test_a_name_that_is_nobodys_is_answered_kindly(here: Village) -> None:
    await here.quan.says("/nhatky")
    await here.quan.presses("Tìm mã, tên")
    await here.quan.says("Zorro")
    await here.quan.sees("không thấy mã hay người nào là “Zorro”")


async def test_an_administrator_of_a_district_sees_theirs_only(here: Village) -> None:
    commune = (await here.look("SELECT id FROM units WHERE code = 'xa2'"))[0][0]
    await here.store.run(lambda db: people.appoint(db, here.dung.id, int(str(commune)), "admin", here.time[0]))
    await send(here.an, "5")
    await here.dung.says("/nhatky B-0001")
    await here.dung.sees("chưa có gì")
    await here.dung.says("/nhatky Nguyễn Văn An")
    await here.dung.sees("đơn vị của anh/chị")


async def test_whoever_administers_a_unit_sees_the_reforms_that_changed_it(here: Village) -> None:
    """Noted where all that a reform names stands, which is above each unit of it."""
    rows = await here.look("SELECT id FROM units WHERE code IN ('xa', 'ap2') ORDER BY code")
    hamlet, commune = (int(str(row[0])) for row in rows)
    await here.store.run(lambda db: people.appoint(db, here.lan.id, commune, "admin", here.time[0]))
    await here.store.run(lambda db: people.appoint(db, here.hai.id, hamlet, "admin", here.time[0]))
    await merge_into_dai_dien(here)
    await here.quan.presses("Thực hiện")
    await here.quan.sees("em đã làm Đ-0001")
    await here.lan.says("/nhatky")
    await here.lan.sees("sáp nhập đơn vị, mã Đ-0001", "Xã Mỹ An")
    for said in ("Đ-0001", "d1", "đ 0001"):
        await here.lan.says(f"/nhatky {said}")
        await here.lan.sees("sáp nhập đơn vị, mã Đ-0001")
    await here.hai.says("/nhatky")
    await here.hai.sees("chưa có gì trong nhật ký")  # nothing of the hamlet became otherwise
    await here.quan.says("/donvi ap 1")
    await here.quan.presses("Tách")
    for said in ("Ấp 1A", "Nguyễn Văn An", "Xong"):
        await here.quan.says(said)
    await here.quan.presses("Thực hiện")
    await here.quan.sees("em đã làm Đ-0002")
    made = (await here.look("SELECT id FROM units WHERE name = 'Ấp 1A'"))[0][0]
    await here.store.run(lambda db: people.appoint(db, here.hai.id, int(str(made)), "admin", here.time[0]))
    await here.hai.says("/nhatky")
    await here.hai.sees("tách đơn vị, mã Đ-0002")


async def test_more_than_a_page(here: Village) -> None:
    for _ in range(10):
        await here.an.says("/english")
        await here.an.sees("English")
        await here.an.says("/tiengviet")
        await here.an.sees("tiếng Việt")
    await here.quan.says("/nhatky")
    await here.quan.sees("Nhật ký")
    await here.quan.presses("Cũ hơn")
    await here.quan.sees("Nguyễn Văn An đổi ngôn ngữ (Ấp 1): Tiếng Việt → Tiếng Anh")
    await here.quan.presses("Mới nhất")
    await here.quan.sees("Tiếng Anh → Tiếng Việt")
