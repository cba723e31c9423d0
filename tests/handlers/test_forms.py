"""/bieumau: what teams report in each period, offered first and reckoned."""

from __future__ import annotations

from bot.chat.message import Press
from handlers.forms import Add, Change, List, Show, Switch
from tests.handlers.test_reports import send
from tests.handlers.test_settings import gets, sends
from tests.rig import Village


async def add_form(here: Village, *steps: str, kind: str = "Tháng") -> None:
    await here.quan.says("/bieumau")
    await here.quan.presses("Thêm biểu mẫu")
    await here.quan.says("Báo cáo của tổ")
    await here.quan.presses(kind)
    await here.quan.presses("cấp ấp, khu phố")
    for said in ("wifi", "nộp hồ sơ trực tuyến"):
        await here.quan.says(said)
    await here.quan.presses("Xong")
    for step in steps:
        await (here.quan.presses(step[1:]) if step.startswith(">") else here.quan.says(step))
    await here.quan.presses("Lưu")
    await here.quan.sees("đã thêm biểu mẫu Báo cáo của tổ")


async def test_what_a_form_asks_for_is_offered_first_and_reckoned(here: Village) -> None:
    await add_form(here)
    await here.quan.sees("Tháng 12/2026 (15/11–14/12): 0/3 nơi đã báo đủ", "▫️ Ấp 1")
    await here.an.says("báo cáo")
    await here.an.sees("việc gì ạ")
    offered = here.an.choices()
    assert "Nộp hồ sơ trực tuyến" in offered[:2]
    assert any("Wi-Fi" in one for one in offered[:2])
    await here.an.presses("Bỏ")
    await send(here.an, "5")
    await send(here.bay, "1", "Wi-Fi")
    await send(here.ut, "3")
    await here.quan.says("/bieumau")
    await here.quan.presses("Báo cáo của tổ")
    told = await here.quan.sees("1/3 nơi đã báo đủ", "▫️ Ấp 2", "▫️ Ấp 3", "còn thiếu")
    assert "▫️ Ấp 1" not in told
    await here.quan.presses("Ngưng dùng")
    await here.quan.sees("đã ngưng dùng")
    await here.quan.presses("Dùng lại")
    await here.quan.sees("dùng lại được rồi")
    await here.quan.presses("Đổi hạng mục, kỳ")
    await here.quan.presses("Kỳ")
    await here.quan.presses("Quý")
    await here.quan.presses("Lưu")
    await here.quan.sees("đã sửa biểu mẫu", "Mỗi quý", "Quý 4/2026")


async def test_a_form_of_one_place_and_of_the_week_closes_its_reports_there(here: Village) -> None:
    await add_form(here, ">Chỉ một nơi", "ấp 1", kind="Tuần")
    await here.quan.sees("cấp ấp, khu phố, Ấp 1", "0/1 nơi đã báo đủ")
    await send(here.an, "5")
    await send(here.ut, "3")
    await here.turns_to("2026-12-02 09:00")  # the week ended on Sunday and closed two days later
    await here.an.says("B-0001")
    await here.an.sees("🔒 Tuần 48/2026 (23/11–29/11) đã khóa")
    await here.ut.says("B-0002")
    await here.ut.sees("B-0002")
    assert here.ut.offers_now("Sửa")


async def test_forms_by_a_file(here: Village) -> None:
    head = (await gets(here.quan, "File biểu mẫu"))[0]
    assert head == ["Mã", "Tên", "Tên tiếng Anh", "Kỳ", "Cấp", "Mã đơn vị", "Các hạng mục", "Ngưng dùng"]
    wrong = [
        ["T1", "Tháng", "", "Tháng", "cấp thôn", "", "HO", ""],
        ["T2", "Tháng hai", "", "Tháng", "", "", "HO, XYZ", ""],
        ["T3", "Tháng ba", "", "Tháng", "", "", "", ""],
        ["T4", "Tháng tư", "", "Tháng", "", "ap9", "HO", ""],
    ]
    await sends(here.quan, [head, *wrong], "bieumau.xlsx")
    told = await here.quan.sees("Có 4 chỗ chưa đúng")
    for one in ("Dòng 2: Em chưa có cấp “cấp thôn”", "Dòng 3: “XYZ” không phải mã", "Dòng 4: Biểu mẫu cần ít nhất"):
        assert one in told
    right = [["T1", "Báo cáo tháng", "Monthly", "Tháng", "cấp xã, phường", "huyen", "ho, vne", ""]]
    await sends(here.quan, [head, *right], "bieumau.csv")
    await here.quan.sees(
        "thêm T1: Báo cáo tháng / Monthly · mỗi tháng · cấp xã, phường · trong Huyện Thạnh Phú · gồm HO"
    )
    await here.quan.presses("Ghi vào")
    await here.quan.sees("đã ghi xong")
    rows = await gets(here.quan, "File biểu mẫu")
    assert rows[1][4:7] == ["commune", "huyen", "HO, VNE"]
    await sends(here.quan, rows, "bieumau.xlsx")
    await here.quan.sees("không có gì để ghi")


async def test_nobody_else_changes_forms(here: Village) -> None:
    await add_form(here)
    ((code,),) = await here.look("SELECT code FROM forms")
    for forged in (List(), Add(), Show(str(code)), Change(str(code)), Switch(str(code))):
        await here.lan.does(press=Press(forged.pack(), ""))
        await here.lan.sees("chỉ quản trị của Tỉnh Bến Tre")
