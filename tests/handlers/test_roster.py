"""An administrator sends the office's list in chat: shown first, taken over on a press, taken back on another."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

import openpyxl
import pytest

from bot.backup import back_up
from bot.channels.phone import Kept
from bot.config import Config
from storage import errands, imports, invites, people
from storage.db import Db
from tests.engine import url_of
from tests.rig import Someone, Village, text_of, village
from tests.storage.test_dump import PG_DUMP

HEADER = "Họ và tên;Chức vụ;Ấp;Xã;Huyện;SĐT"
AP_2 = """
Võ Văn Hai;Tổ trưởng;Ấp 2;Xã Đại Điền;Huyện Thạnh Phú;0999000007
Lê Thị Út;Tổ phó;Ấp 2;Xã Đại Điền;Huyện Thạnh Phú;0999000008
Lê Văn Mới;Thành viên;Ấp 2;Xã Đại Điền;Huyện Thạnh Phú;0912000001
"""
EVERYBODY = (
    AP_2
    + """
Đoàn Văn Tâm;Tổ trưởng;Ấp 1;Xã Đại Điền;Huyện Thạnh Phú;0999000004
Nguyễn Văn An;Thành viên;Ấp 1;Xã Đại Điền;Huyện Thạnh Phú;0999000005
Phạm Thị Bảy;Thành viên;Ấp 1;Xã Đại Điền;Huyện Thạnh Phú;0999000006
"""
)


async def sends(who: Someone, content: str | bytes, name: str = "ds.csv") -> None:
    """Send a file, in CSV with the usual header when it is text."""
    await who.reads()
    raw = content if isinstance(content, bytes) else f"{HEADER}\n{content.strip()}".encode()
    file = await who.village.phone.keep(name, raw)
    await who.village.phone.say(who.chat, "", [file])


async def team(here: Village, code: str) -> list[tuple[object, ...]]:
    return await here.look(
        "SELECT p.name, o.role FROM posts o JOIN people p ON p.id = o.person_id JOIN units u ON u.id = o.unit_id"
        " WHERE u.code = :code AND o.until IS NULL ORDER BY p.id",
        code=code,
    )


async def test_a_list_is_shown_first_and_taken_over_on_a_press(here: Village) -> None:
    before = await team(here, "ap2")
    await sends(here.quan, EVERYBODY)
    told = await here.quan.sees("ds.csv: 6 người", "1 người mới", "1 người đổi chức vụ", "Nhập danh sách này không")
    assert "Lê Thị Út: thành viên Ấp 2 → tổ phó Ấp 2" in told
    assert "4 người giữ nguyên" in told
    assert await team(here, "ap2") == before
    await here.quan.presses("Nhập")
    await here.quan.sees("ds.csv (DS-0001) đã vào dữ liệu: 1 người mới, 1 người có thay đổi")
    assert await team(here, "ap2") == [("Võ Văn Hai", "head"), ("Lê Thị Út", "deputy"), ("Lê Văn Mới", "member")]
    await sends(here.quan, EVERYBODY)
    await here.quan.sees("không có gì để nhập")
    assert not here.quan.offers_now("Nhập")


async def test_what_comes_next_is_a_press_away(here: Village) -> None:
    await sends(here.quan, EVERYBODY)
    await here.quan.presses("Nhập")
    await here.quan.sees("in giấy mời")
    await here.quan.presses("In giấy mời")
    await here.quan.sees("mời ai vào")


async def test_a_list_is_dropped(here: Village) -> None:
    await sends(here.quan, EVERYBODY)
    await here.quan.presses("Bỏ")
    await here.quan.sees("em bỏ danh sách ds.csv")
    assert len(await team(here, "ap2")) == 2
    assert await here.look("SELECT state, content FROM imports") == [("dropped", "")]


async def test_who_is_not_in_the_list_stays_unless_it_is_said(here: Village) -> None:
    without = EVERYBODY.replace("Phạm Thị Bảy;Thành viên;Ấp 1;Xã Đại Điền;Huyện Thạnh Phú;0999000006\n", "")
    await sends(here.quan, without)
    await here.quan.sees("1 người đang có mà không có tên trong danh sách", "giữ lại")
    await here.quan.presses("Cho thôi 1 người")
    await here.quan.sees("cho thôi 1 người")
    await here.quan.presses("Giữ lại 1 người")
    await here.quan.sees("giữ lại")
    await here.quan.presses("Cho thôi 1 người")
    await here.quan.presses("Nhập")
    await here.quan.sees("1 người cho thôi")
    assert await team(here, "ap1") == [("Đoàn Văn Tâm", "head"), ("Nguyễn Văn An", "member")]
    await here.bay.says("báo cáo")
    await here.bay.sees("Phạm Thị Bảy không còn trong tổ nào")


async def test_an_import_is_taken_back_while_nothing_is_built_on_it(here: Village) -> None:
    before = await team(here, "ap2")
    await sends(here.quan, EVERYBODY)
    await here.quan.presses("Nhập")
    await here.quan.presses("Hoàn tác")
    await here.quan.sees("Đã hoàn tác ds.csv (DS-0001)")
    assert await team(here, "ap2") == before
    await sends(here.quan, EVERYBODY)
    await here.quan.presses("Nhập")
    await here.quan.sees("DS-0002")
    ((new,),) = await here.look("SELECT id FROM people WHERE name = 'Lê Văn Mới'")
    await here.store.run(lambda db: people.link(db, "phone", "p99", int(str(new)), here.time[0]))
    await here.quan.presses("Hoàn tác")
    await here.quan.sees("Không hoàn tác ds.csv (DS-0002) được nữa", "vào bot: Lê Văn Mới. Em giữ lại")
    assert len(await team(here, "ap2")) == 3


async def test_invitations_that_nobody_used_go_with_an_import_that_is_taken_back(here: Village) -> None:
    before = await team(here, "ap2")
    await sends(here.quan, EVERYBODY)
    await here.quan.presses("Nhập")
    await here.quan.sees("DS-0001")
    ((new,),) = await here.look("SELECT id FROM people WHERE name = 'Lê Văn Mới'")
    await here.store.run(lambda db: invites.add(db, "ABCD-EFGH", int(str(new)), here.time[0], 10**15))
    await here.quan.presses("Hoàn tác")
    await here.quan.sees("Đã hoàn tác ds.csv (DS-0001)", "1 người đã có giấy mời mà chưa dùng", "không còn dùng được")
    assert await team(here, "ap2") == before
    assert await here.store.run(lambda db: invites.find(db, "ABCD-EFGH")) is None
    await here.quan.says("/nhatky")
    await here.quan.sees("hoàn tác danh sách đã nạp DS-0001 (Tỉnh Bến Tre): ds.csv, 1 giấy mời chưa dùng hết hiệu lực")


async def test_what_changed_between_showing_and_pressing_is_shown_anew(here: Village) -> None:
    await sends(here.quan, EVERYBODY)
    await here.quan.sees("1 người mới")
    await here.look("UPDATE posts SET role = 'deputy' WHERE person_id = :id", id=here.ut.id)
    await here.quan.presses("Nhập")
    told = await here.quan.sees("Trong lúc chờ, dữ liệu đã thay đổi", "5 người giữ nguyên")
    assert "đổi chức vụ" not in told
    assert len(await team(here, "ap2")) == 2
    await here.quan.presses("Nhập")
    await here.quan.sees("DS-0001")
    assert len(await team(here, "ap2")) == 3


async def test_before_it_is_written_a_copy_is_made_and_without_one_nothing_is(tmp_path: Path) -> None:
    file, folder = tmp_path / "apso.db", tmp_path / "copies"
    folder.write_text("no folder", "utf-8")
    told = {"storage": {"url": url_of(file)}, "backup": {"dir": str(folder), "pg_dump": PG_DUMP}}
    config = Config.model_validate(told)
    async with village(tmp_path, url=str(file)) as here:
        here.app.errands._copy = lambda: back_up(config, here.time[0])
        await sends(here.quan, EVERYBODY)
        await here.quan.presses("Nhập")
        await here.quan.sees("em chưa ghi gì của ds.csv", "copies")
        assert len(await team(here, "ap2")) == 2
        folder.unlink()
        await here.quan.presses("Nhập")
        said = await here.quan.sees("DS-0001", "Đã sao lưu trước khi nhập: apso-")
        assert len(await team(here, "ap2")) == 3
        copies = [one.name for one in await asyncio.to_thread(lambda: list(folder.glob("apso-*")))]
        assert len(copies) == 1
        assert copies[0] in said


async def test_a_press_twice_takes_it_over_once(here: Village) -> None:
    await sends(here.quan, EVERYBODY)
    await here.quan.sees("1 người mới")
    ((number,),) = await here.look("SELECT id FROM imports")
    await here.quan.presses("Nhập")
    await here.quan.sees("DS-0001")
    await here.quan.does(press=press(f"it:{number}:0"))
    await here.quan.sees("này xong rồi")
    assert len(await team(here, "ap2")) == 3


def press(action: str) -> object:
    from bot.chat.message import Press

    return Press(f"1{action}", "")


async def copy_of(who: Someone, name: str) -> Kept:
    await who.sees("Bản có đánh dấu")
    return next(message for message in reversed(who.told) if any(file.name == name for file in message.files))


async def test_doubtful_rows_are_said_and_marked_in_a_copy(here: Village) -> None:
    listed = EVERYBODY.replace("0912000001", "0912")
    await sends(here.quan, listed)
    found = await copy_of(here.quan, "ds-danh-dau.xlsx")
    shown = next(text for text in map(text_of, here.quan.told) if "Chỗ cần xem lại: 1" in text)
    assert "Dòng 4: “0912” không phải số điện thoại: có 4 chữ số. Số di động có 10 số" in shown
    content = await here.phone.fetch(found.files[0])
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page is not None
    assert page["F4"].fill.fgColor.rgb == "FFFFE699"
    assert page["F4"].comment is not None
    assert page["F3"].comment is None


async def test_what_the_comparison_finds_is_in_the_copy_too(here: Village) -> None:
    await sends(here.quan, EVERYBODY.replace("Lê Văn Mới", "Lê Văn Mười").replace("0912000001", "0999000009"))
    found = await copy_of(here.quan, "ds-danh-dau.xlsx")
    content = await here.phone.fetch(found.files[0])
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    assert page is not None
    assert "đang là số của Trương Văn Dũng" in str([cell.value for cell in page[4]])


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"%PDF-1.7 not a table", "Đây là file PDF"),
        (b"", "File này trống"),
        (b"PK\x03\x04 broken", "File bị hỏng"),
        ("tin nhắn không có ai".encode(), "không thấy người nào"),
    ],
)
async def test_a_file_that_is_no_list_gets_a_sentence(here: Village, content: bytes, says: str) -> None:
    await sends(here.quan, content or b" ", "ds.xlsx")
    await here.quan.sees(says)
    assert not here.quan.offers_now("Nhập")


async def test_who_may_not_load_lists_is_told_kindly(here: Village) -> None:
    for who in (here.an, here.lan):
        await sends(who, EVERYBODY)
        await who.sees("chỉ quản trị nạp được")
    assert await here.look("SELECT COUNT(*) FROM errands") == [(0,)]


async def test_a_file_beyond_what_the_channel_gives_is_refused_at_once(here: Village) -> None:
    from dataclasses import replace

    file = await here.phone.keep("ds.xlsx", b"PK\x03\x04")
    await here.quan.does(files=(replace(file, size=30_500_000),))
    await here.quan.sees("nặng 31 MB", "tới 20 MB")


async def test_a_picture_of_an_administrator_is_no_list(here: Village) -> None:
    await here.quan.says("/danhsach")
    await here.quan.sees("Excel .xlsx")
    await here.quan.says("", b"\xff\xd8\xff" + b"x" * 40)
    await here.quan.reads()
    assert await here.look("SELECT COUNT(*) FROM errands") == [(0,)]


async def test_a_commune_administrator_loads_their_own_commune_only(here: Village) -> None:
    def appoint(db: Db) -> None:
        ((unit,),) = db.all("SELECT id FROM units WHERE code = 'xa'")
        people.appoint(db, here.dung.id, unit, "admin", here.time[0])

    await here.store.run(appoint)
    other = EVERYBODY + "Hồ Thị Sáu;Tổ trưởng;Ấp 1;Xã Mỹ An;Huyện Thạnh Phú;0912000006\n"
    await sends(here.dung, other)
    await here.dung.sees("1 người mới", "1 người chưa nhập", "Xã Mỹ An không nằm trong Xã Đại Điền")
    await here.dung.presses("Nhập")
    await here.dung.sees("DS-0001")
    assert await here.look("SELECT COUNT(*) FROM people WHERE name = 'Hồ Thị Sáu'") == [(0,)]


async def test_whoever_looks_after_two_places_is_asked_which(here: Village) -> None:
    def appoint(db: Db) -> None:
        for code in ("xa", "xa2"):
            ((unit,),) = db.all("SELECT id FROM units WHERE code = :code", code=code)
            people.appoint(db, here.dung.id, unit, "admin", here.time[0])

    await here.store.run(appoint)
    await sends(here.dung, EVERYBODY)
    await here.dung.sees("là của nơi nào")
    await here.dung.presses("Xã Đại Điền")
    await here.dung.sees("1 người mới")


async def test_who_is_no_longer_administrator_takes_nothing_over(here: Village) -> None:
    await sends(here.quan, EVERYBODY)
    await here.quan.sees("1 người mới")
    ((number,),) = await here.look("SELECT id FROM imports")
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.quan.id)
    await here.quan.does(press=press(f"it:{number}:1"))
    await here.quan.sees("không thuộc phần của anh/chị")
    await here.an.does(press=press(f"it:{number}:1"))
    await here.an.sees("không thuộc phần của anh/chị")
    assert len(await team(here, "ap2")) == 2


async def test_a_list_nobody_decided_about_is_forgotten_after_a_day(here: Village) -> None:
    await sends(here.quan, EVERYBODY)
    await here.quan.sees("1 người mới")
    await here.turns_to("2026-11-24 10:00")
    await here.app.run_job(here.app.around.routes.timers["roster.forget"].run)
    assert await here.look("SELECT state, content FROM imports") == [("dropped", "")]
    await here.quan.presses("Nhập")
    await here.quan.sees("để quá một ngày")
    assert len(await team(here, "ap2")) == 2


async def test_what_a_killed_program_was_reading_the_next_one_shows_once(tmp_path: Path) -> None:
    file = str(tmp_path / "apso.db")
    async with village(tmp_path, url=file) as here:
        await here.app._end("clock")  # whoever does errands, too
        sent = await here.phone.keep("ds.csv", f"{HEADER}\n{EVERYBODY}".encode())
        await here.phone.say(here.quan.chat, "", [sent])
        begun = await here.app.errands._turn(here.app.errands._begin)
        assert begun[0].what == "roster.read"
        assert await here.look("SELECT state, tries FROM errands") == [("ordered", 1)]
        assert await here.look("SELECT COUNT(*) FROM imports") == [(0,)]
    async with village(tmp_path, url=file) as here:
        await here.quan.sees("ds.csv: 6 người")
        assert await here.look("SELECT state FROM imports") == [("read",)]
        await here.quan.presses("Nhập")
        await here.quan.sees("DS-0001")
        assert len(await team(here, "ap2")) == 3


async def test_a_file_the_channel_no_longer_has_is_asked_for_again(here: Village) -> None:
    def gone(db: Db) -> None:
        ((unit,),) = db.all("SELECT id FROM units WHERE code = 'tinh'")
        ((file,),) = db.all(
            "INSERT INTO files (kind, channel, ref, uniq, name, mime, size, created_at)"
            " VALUES ('document', 'phone', 'gone', '', 'ds.csv', 'text/csv', 9, 0) RETURNING id"
        )
        errands.order(db, "roster.read", {"file": file, "unit": unit}, here.quan.id, here.time[0])

    await here.store.run(gone)
    here.app.errands.ring()
    await here.quan.sees("em không lấy được file này")
    assert await here.look("SELECT state, tries FROM errands") == [("failed", 1)]


async def test_every_import_leaves_its_trace(here: Village) -> None:
    without = EVERYBODY.replace("Phạm Thị Bảy;Thành viên;Ấp 1;Xã Đại Điền;Huyện Thạnh Phú;0999000006\n", "")
    await sends(here.quan, without)
    await here.quan.presses("Cho thôi 1 người")
    await here.quan.presses("Nhập")
    await here.quan.sees("DS-0001")
    await here.quan.says("/nhatky")
    told = await here.quan.sees(
        "Lê Minh Quân nạp danh sách", "DS-0001 (Tỉnh Bến Tre): file ds.csv, 1 người mới, 1 người có thay đổi"
    )
    assert "đổi thông tin của Lê Thị Út theo danh sách" in told
    assert "thành viên Ấp 2 → tổ phó Ấp 2" in told
    assert "cho Phạm Thị Bảy thôi theo danh sách" in told
    ((detail,),) = await here.look("SELECT detail FROM audit WHERE act = 'roster.imported'")
    one = await here.store.run(lambda db: imports.get(db, 1))
    assert one is not None
    assert detail == one.sha256


async def test_after_a_month_what_would_be_put_back_is_forgotten(here: Village) -> None:
    await sends(here.quan, EVERYBODY)
    await here.quan.presses("Nhập")
    await here.quan.sees("DS-0001")
    assert await here.look("SELECT COUNT(*) FROM import_changes") == [(1,)]
    await here.turns_to("2026-12-25 10:00")
    await here.app.run_job(here.app.around.routes.timers["roster.forget"].run)
    assert await here.look("SELECT COUNT(*) FROM import_changes") == [(0,)]
    assert await here.look("SELECT state FROM imports") == [("final",)]
    await here.quan.presses("Hoàn tác")
    await here.quan.sees("này xong rồi")
