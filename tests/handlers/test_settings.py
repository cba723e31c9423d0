"""/cauhinh: settings by a file – got, changed in a spreadsheet, sent back, looked at, written on a press."""

from __future__ import annotations

import csv
import io

import openpyxl

from bot.chat.message import Press
from handlers.settings import Get, Write
from tests.rig import Someone, Village

Rows = list[list[str]]


async def sends(who: Someone, rows: Rows, name: str) -> None:
    """Send rows as a file, CSV or Excel by its name."""
    await who.reads()
    file = await who.village.phone.keep(name, packed(rows, name))
    await who.village.phone.say(who.chat, "", [file])


def packed(rows: Rows, name: str) -> bytes:
    if name.endswith(".csv"):
        text = io.StringIO()
        csv.writer(text).writerows(rows)
        return text.getvalue().encode("utf-8-sig")
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


async def gets(who: Someone, button: str) -> Rows:
    """The file of a kind, as the bot hands it out."""
    await who.says("/cauhinh")
    await who.presses("Sửa bằng file")
    await who.presses(button)
    await who.sees("đây ạ")
    message = next(one for one in reversed(who.told) if one.files)
    content = await who.village.phone.fetch(message.files[0])
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page is not None
    return [["" if cell.value is None else str(cell.value) for cell in row] for row in page.rows]


def cell(rows: Rows, heading: str, code: str) -> tuple[int, int]:
    """Where the cell of a row and a column is."""
    return next(at for at, row in enumerate(rows) if code in row), rows[0].index(heading)


def put(rows: Rows, heading: str, code: str, value: str) -> None:
    row, column = cell(rows, heading, code)
    rows[row][column] = value


async def test_categories_go_round_and_change_by_a_file(here: Village) -> None:
    rows = await gets(here.quan, "File hạng mục")
    await sends(here.quan, rows, "hangmuc (1).xlsx")
    await here.quan.sees("hangmuc (1).xlsx: 31 dòng", "không có gì để ghi")

    put(rows, "Tên", "WIFI", "Wi-Fi cho bà con")
    put(rows, "Ngưng dùng", "LOA", "x")
    put(rows, "Câu hỏi thêm", "LOP", "Mấy người trên 60 tuổi?")
    new = dict.fromkeys(rows[0], "")
    new |= {"Mã": "cay", "Tên": "Trồng cây", "Đếm bằng": "điểm", "Chữ gọi": "trồng cây; cây xanh"}
    await sends(here.quan, [*rows, list(new.values())], "hangmuc.csv")
    told = await here.quan.sees("Sẽ thay đổi 4 chỗ", "thêm CAY: Trồng cây", "đếm bằng điểm / points")
    assert "LOA: đang dùng → ngưng dùng" in told
    assert "LOP: không hỏi thêm → hỏi thêm “Mấy người trên 60 tuổi?” – trả lời bằng con số, bỏ qua được" in told
    assert await here.look("SELECT COUNT(*) FROM categories WHERE code = 'CAY'") == [(0,)]
    await here.quan.presses("Ghi vào")
    await here.quan.sees("hangmuc.csv đã ghi xong: 4 chỗ thay đổi")
    assert await here.look("SELECT words, usual, retired_at FROM categories WHERE code = 'CAY'") == [
        ("trồng cây\ncây xanh", 40, None)
    ]
    await here.quan.says("/hangmuc loa")
    await here.quan.sees("Ngưng dùng từ")
    await here.quan.says("/nhatky")
    await here.quan.sees("thêm hạng mục CAY", "sửa hạng mục LOA: đang dùng → ngưng dùng")
    rows = await gets(here.quan, "File hạng mục")
    await sends(here.quan, rows, "hangmuc.xlsx")
    await here.quan.sees("32 dòng", "không có gì để ghi")


async def test_each_wrong_row_is_told_and_nothing_is_written(here: Village) -> None:
    rows = [
        ["Danh mục của tỉnh"],
        ["Mã", "Tên", "Đếm bằng", "Chữ gọi", "Trên số này thì hỏi lại", "Ngưng dùng"],
        ["A1", "Trồng cây", "cây", "trồng cây", "40", ""],
        ["A2", "Sửa điện thoại giúp bà con trong ấp", "điểm", "", "", ""],
        ["A3", "Thăm hộ nghèo", "hộ", "thăm hộ, vneid", "", ""],
        ["1", "Không mã", "hộ", "", "", ""],
        ["A4", "Vá đường", "điểm", "", "nhiều", ""],
        ["A5", "Dọn rác", "điểm", "", "", "chắc vậy"],
        ["A5", "Dọn rác", "điểm", "", "", ""],
        ["A6", "Dọn rạch", "điểm", "", "", ""],
        ["A6", "Dọn kinh", "điểm", "", "", ""],
    ]
    await sends(here.quan, rows, "hangmuc.xlsx")
    told = await here.quan.sees("Có 7 chỗ chưa đúng", "Em chưa ghi gì hết")
    assert "Dòng 3: Em chưa có đơn vị đếm “cây”" in told
    assert "Dòng 4: “Sửa điện thoại giúp bà c…” dài 35 ký tự, tối đa 24" in told
    assert "Dòng 5: Chữ “vneid” đang là của hạng mục “Cài VNeID mức 2” (mã VNE)" in told
    assert "Dòng 6: “1” không làm mã được" in told
    assert "Dòng 7: “nhiều” không phải số từ 1 tới 100.000" in told
    assert "Dòng 8: “chắc vậy” em chưa hiểu. Ghi x là có" in told
    assert "Dòng 11: Dòng này nói về cùng một thứ với dòng 10" in told
    assert not here.quan.offers_now("Ghi vào")
    assert await here.look("SELECT COUNT(*) FROM categories") == [(31,)]
    await sends(here.quan, [["Tên", "Họ"], ["x", "y"]], "hangmuc.csv")
    await here.quan.sees("chưa thấy dòng tiêu đề", "“Mã”, “Tên”")


async def test_units_of_count_by_a_file_and_a_change_meanwhile_is_shown_anew(here: Village) -> None:
    rows = await gets(here.quan, "File đơn vị đếm")
    await sends(here.quan, [*rows, ["cây", "trees", "gốc cây", ""]], "donvidem.xlsx")
    await here.quan.sees("thêm cây: cây / trees · chữ gọi: gốc cây")
    await here.look("INSERT INTO counted (name, name_en, words) VALUES ('cây', 'tree', '')")
    await here.quan.presses("Ghi vào")
    await here.quan.sees("dữ liệu đã thay đổi", "cây: cây / tree · chưa có chữ nào → cây / trees · chữ gọi: gốc cây")
    await here.quan.presses("Ghi vào")
    await here.quan.sees("donvidem.xlsx đã ghi xong: 1 chỗ")
    assert await here.look("SELECT name_en, words FROM counted WHERE name = 'cây'") == [("trees", "gốc cây")]


async def test_only_the_administrator_of_all_sets_anything(here: Village) -> None:
    await sends(here.lan, [["Mã", "Tên"], ["A1", "Trồng cây"]], "hangmuc.csv")
    await here.lan.sees("ạ")
    for forged in (Get("categories"), Write(1, "categories", "0" * 12)):
        await here.lan.does(press=Press(forged.pack(), ""))
        await here.lan.sees("chỉ quản trị của Tỉnh Bến Tre sửa được")
    await here.quan.does(press=Press(Get("nonsense").pack(), ""))
    await here.quan.sees("nút")
