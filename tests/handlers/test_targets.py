"""/chitieu: targets of a unit in a period, set in the chat and by a file, against what was done."""

from __future__ import annotations

from bot.chat.message import Press
from handlers.targets import Look, Set
from tests.handlers.test_reports import send
from tests.handlers.test_settings import gets, sends
from tests.rig import Village


async def set_target(here: Village, count: str, *, unit: str = "ấp 1", period: str = "Tháng 12/2026") -> None:
    await here.quan.says("/chitieu")
    await here.quan.presses("Đặt chỉ tiêu")
    await here.quan.presses("Quay lại")
    await here.quan.says(unit)
    await here.quan.presses("Tháng")
    await here.quan.presses(period)
    await here.quan.says("nộp hồ sơ trực tuyến")
    await here.quan.says(count)
    await here.quan.presses("Lưu")


async def test_a_target_is_set_and_what_is_done_counts_towards_it(here: Village) -> None:
    await set_target(here, "40 hồ sơ")
    await here.quan.sees("đã ghi chỉ tiêu", "Chỉ tiêu của Ấp 1", "Tháng 12/2026 (15/11–14/12)", "0/40 hồ sơ (0 %)")
    await send(here.an, "5")
    await send(here.bay, "6")
    await send(here.ut, "7")
    await here.look("UPDATE report_items SET unit = 'người' WHERE count = 6")
    await here.tam.says("/chitieu")
    await here.tam.sees("Nộp hồ sơ trực tuyến: 5/40 hồ sơ (12 %)", "còn số ghi bằng người, không cộng chung")
    assert not here.tam.offers_now("Đặt chỉ tiêu")
    await here.an.says("/ketqua")
    await here.an.sees("Chỉ tiêu Tháng 12/2026 (15/11–14/12)", "Nộp hồ sơ trực tuyến: 5/40 hồ sơ (12 %)")
    await here.an.sees("Ấp 1 · Tháng 12/2026 (15/11–14/12)")
    await here.tam.says("/chitieu")
    await here.tam.presses("Tháng sau")
    await here.tam.sees("Chưa có chỉ tiêu nào trong Tháng 1/2027")
    await set_target(here, "100", unit="đại điền")
    await here.lan.says("/chitieu")
    await here.lan.sees("Chỉ tiêu của Xã Đại Điền", "12/100 hồ sơ (12 %)")
    await here.lan.presses("Đơn vị khác")
    await here.lan.says("ấp 1")
    await here.lan.sees("5/40 hồ sơ")
    await here.quan.says("/nhatky")
    await here.quan.sees("giao chỉ tiêu: Ấp 1, Tháng 12/2026: 40 hồ sơ Nộp hồ sơ trực tuyến")

    await set_target(here, "60")
    await here.quan.sees("5/60 hồ sơ")
    await set_target(here, "0")
    await here.quan.sees("đã bỏ chỉ tiêu đó", "Chưa có chỉ tiêu nào")


async def test_a_target_keeps_its_unit_of_count(here: Village) -> None:
    await set_target(here, "40")
    await send(here.an, "5")
    await here.quan.says("/hangmuc dvc")
    await here.quan.presses("Đơn vị đếm")
    await here.quan.says("lượt người")
    await here.quan.presses("Lưu")
    await here.quan.sees("đã sửa")
    await here.tam.says("/chitieu")
    await here.tam.sees("5/40 hồ sơ")


async def test_targets_by_a_file(here: Village) -> None:
    head = (await gets(here.quan, "File chỉ tiêu"))[0]
    assert head == ["Mã đơn vị", "Đơn vị", "Mã hạng mục", "Kỳ", "Kỳ số", "Chỉ tiêu"]
    wrong = [
        ["ap9", "", "DVC", "Tháng", "12/2026", "40"],
        ["", "ấp 1, đại điền", "XYZ", "Tháng", "12/2026", "40"],
        ["ap1", "", "DVC", "Tháng", "13/2026", "40"],
        ["ap1", "", "DVC", "Quý", "cuối năm", "40"],
        ["ap1", "", "KHAC", "Quý", "4/2026", "40"],
        ["", "", "DVC", "Quý", "4/2026", "40"],
    ]
    await sends(here.quan, [head, *wrong], "chitieu.xlsx")
    told = await here.quan.sees("Có 6 chỗ chưa đúng")
    for one in (
        "Dòng 2: Em không thấy đơn vị “ap9”",
        "Dòng 3: Em không thấy hạng mục mã “XYZ”",
        "Dòng 4: Không có kỳ 13/2026",
        "Dòng 5: “cuối năm” em chưa hiểu là kỳ nào",
        "Dòng 6: Hạng mục “Việc khác” không có đơn vị đếm riêng",
        "Dòng 7: Chưa ghi đơn vị",
    ):
        assert one in told
    right = [
        ["ap1", "", "DVC", "Tháng", "12/2026", "40"],
        ["", "Ấp 2, Xã Đại Điền", "VNE", "Quý", "4/2026", "1.200"],
        ["xa", "", "HO", "Năm", "2026", "3000"],
    ]
    await sends(here.quan, [head, *right], "chitieu.csv")
    await here.quan.sees("Sẽ thay đổi 3 chỗ", "thêm Ấp 2, Quý 4/2026: 1.200 tài khoản Cài VNeID mức 2")
    await here.quan.presses("Ghi vào")
    await here.quan.sees("đã ghi xong: 3 chỗ")
    rows = await gets(here.quan, "File chỉ tiêu")
    await sends(here.quan, rows, "chitieu.xlsx")
    await here.quan.sees("3 dòng", "không có gì để ghi")
    gone = [[*row[:5], "0"] if "DVC" in row else row for row in rows]
    await sends(here.quan, gone, "chitieu.xlsx")
    await here.quan.sees("bỏ Ấp 1, Tháng 12/2026: 40 hồ sơ Nộp hồ sơ trực tuyến")
    await here.quan.presses("Ghi vào")
    await here.quan.sees("đã ghi xong: 1 chỗ")
    assert await here.look("SELECT COUNT(*) FROM targets") == [(2,)]


async def test_whose_they_are(here: Village) -> None:
    ((ap1,),) = await here.look("SELECT id FROM units WHERE code = 'ap1'")
    assert isinstance(ap1, int)
    for who in (here.an, here.hai):
        await who.does(press=Press(Look(ap1, "2026-11-23").pack(), ""))
        await who.sees("không")
    await here.lan.does(press=Press(Set(ap1).pack(), ""))
    await here.lan.sees("không")
    await here.tam.does(press=Press(Look(ap1, "hôm nay").pack(), ""))
    await here.tam.sees("nút")
