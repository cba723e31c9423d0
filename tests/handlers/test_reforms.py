"""Units in the administrator's hand: the tree, the dialogs, what people are told, and taking it back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.chat.message import Press
from handlers.reforms.actions import Sure, Undo
from storage import journal, people, tasks, units
from storage.db import Db
from tests.rig import Village, village


async def merge_into_dai_dien(here: Village) -> None:
    """Xã Mỹ An goes up in Xã Đại Điền, from today."""
    await here.quan.says("/donvi xa my an")
    await here.quan.sees("Xã Mỹ An", "Phụ trách: Trương Văn Dũng")
    await here.quan.presses("Gộp")
    await here.quan.sees("Câu 1/3", "Gộp Xã Mỹ An với đơn vị nào")
    await here.quan.says("đại điền")
    await here.quan.presses("Xong")
    await here.quan.sees("Gộp vào đơn vị nào")
    await here.quan.presses("Vào Xã Đại Điền")
    await here.quan.sees("tên gì")
    await here.quan.presses("Xã Đại Điền")


async def test_the_tree(here: Village) -> None:
    await here.quan.says("/donvi")
    await here.quan.sees("Tỉnh Bến Tre", "Huyện Thạnh Phú – 5 đơn vị, 8 người, 5 phụ trách")
    await here.quan.presses("Huyện Thạnh Phú")
    await here.quan.sees("Thuộc: Tỉnh Bến Tre", "Trực thuộc (1–2 trong 2)", "Xã Mỹ An – 1 người, 1 phụ trách")
    await here.quan.says("/donvi ap 3 dai dien")
    await here.quan.sees("Ấp 3", "Thuộc: Xã Đại Điền", "Phụ trách: chưa có", "Không có đơn vị nào trực thuộc")
    await here.lan.says("/donvi")
    await here.lan.sees("không thuộc phần của anh/chị")


async def test_a_merger_is_looked_at_done_and_told(here: Village) -> None:
    await merge_into_dai_dien(here)
    await here.quan.sees(
        "Gộp Xã Mỹ An, Xã Đại Điền thành Xã Đại Điền",
        "1 người đổi chức danh",
        "Trương Văn Dũng thành tổ phó Xã Đại Điền",
    )
    await here.quan.presses("Thực hiện")
    await here.quan.sees("em đã làm Đ-0001", "2 người liên quan")
    await here.dung.sees(
        "từ ngày 23/11/2026", "Xã Mỹ An nhập vào Xã Đại Điền", "Cảm ơn anh/chị", "Phụ trách Xã Đại Điền: Nguyễn Thị Lan"
    )
    await here.lan.sees("Xã Đại Điền có thêm Xã Mỹ An")
    await here.an.sees_nothing_new()
    await here.quan.presses("Xem đơn vị")
    await here.quan.sees("Xã Đại Điền", "Nhập từ: Xã Mỹ An", "3 đơn vị · 7 người")


async def test_what_is_merged_or_moved_is_picked_one_by_one(here: Village) -> None:
    """All communes of a district into one, or all hamlets into the new half, is nothing to do by one press."""
    await here.quan.says("/gop")
    await here.quan.says("xa2")
    await here.quan.sees("Gộp Xã Mỹ An với đơn vị nào")
    assert not here.quan.offers_now("Chọn hết")
    await here.quan.presses("Xã Đại Điền")
    await here.quan.sees("Gộp Xã Mỹ An")
    assert here.quan.offers_now("Xong (1)")
    assert not here.quan.offers_now("Chọn hết")
    await here.quan.says("/tach")
    await here.quan.says("xa dai dien")
    await here.quan.says("Xã Đại Điền Hạ")
    await here.quan.sees("Những nơi nào về đơn vị mới")
    assert here.quan.offers_now("Ấp 1")
    assert not here.quan.offers_now("Chọn hết")


async def test_it_is_taken_back(here: Village) -> None:
    before = await rows(here)
    await merge_into_dai_dien(here)
    await here.quan.presses("Thực hiện")
    done = await rows(here)
    await here.quan.presses("Hoàn tác Đ-0001")
    await here.quan.sees(
        "chắc muốn hoàn tác Đ-0001 (Gộp Xã Mỹ An, Xã Đại Điền thành Xã Đại Điền, hiệu lực từ 23/11/2026)",
        "Đơn vị hoạt động lại: 1",
        "Người về lại chức danh cũ: 1",
        "Người em đã báo, nay em báo lại: 2",
    )
    await here.quan.presses("Không, để vậy")
    await here.quan.sees("em để Đ-0001 nguyên như vậy")
    assert await rows(here) == done
    await here.passes(minutes=60)
    await here.quan.does(press=Press(Undo(1).pack(), ""))
    await here.quan.presses("Hoàn tác thật")
    await here.quan.sees("em đã hoàn tác Đ-0001")
    await here.dung.sees(
        "thay đổi ở Xã Mỹ An (hiệu lực từ 23/11/2026) mà em báo anh/chị ngày 23/11/2026 nay đã được hoàn tác"
    )
    await here.lan.sees("thay đổi ở Xã Đại Điền", "đã được hoàn tác")
    assert await rows(here) == before
    await here.quan.does(press=Press(Sure(1, 1).pack(), ""))
    await here.quan.sees("không còn gì để hoàn tác")
    await here.quan.does(press=Press(Undo(1).pack(), ""))
    await here.quan.sees("không còn gì để hoàn tác")


async def rows(here: Village) -> list[object]:
    def read(db: Db) -> list[object]:
        return [sorted(db.all(f"SELECT * FROM {table}"), key=repr) for table in journal.KEYS]

    return await here.store.run(read)


async def test_what_was_built_on_it_keeps_it(here: Village) -> None:
    await merge_into_dai_dien(here)
    await here.quan.presses("Thực hiện")
    await here.passes(minutes=1)
    await here.dung.says("/khongcoviec")
    await here.dung.presses("Gửi")
    await here.dung.sees("B-0001")
    await here.quan.presses("Hoàn tác Đ-0001")
    await here.quan.sees("chưa hoàn tác được, vì đã có báo cáo B-0001")


async def test_a_new_unit_keeps_a_code_and_gets_another_head(here: Village) -> None:
    await here.quan.says("/gop")
    await here.quan.says("xa2")
    await here.quan.says("đại điền")
    await here.quan.presses("Xong")
    await here.quan.presses("Lập đơn vị mới")
    await here.quan.says("Ấp Sông Tiền")
    await here.quan.sees("chưa biết là loại đơn vị gì", "xã, phường, thị trấn")
    await here.quan.says("xã sông tiền")
    await here.quan.sees("Đơn vị mang mã nào")
    await here.quan.says("xa")
    await here.quan.sees("Xã sông tiền", "Trương Văn Dũng thành tổ phó")
    await here.quan.presses("Đổi người đứng đầu")
    await here.quan.says("Dũng")
    await here.quan.sees("Nguyễn Thị Lan thành tổ phó")
    await here.quan.presses("Thực hiện")
    await here.dung.sees("người đứng đầu Xã sông tiền")
    await here.lan.sees("Xã Đại Điền nhập vào Xã sông tiền", "cấp phó")
    await here.an.sees("Ấp 1 thuộc Xã sông tiền (trước là Xã Đại Điền)", "Phụ trách Xã sông tiền: Trương Văn Dũng")
    await here.dung.says("/doi")
    await here.dung.sees("Xã sông tiền")


async def test_a_day_to_come_is_kept_and_done_by_the_clock(here: Village) -> None:
    await merge_into_dai_dien(here)
    await here.quan.presses("Ngày khác")
    await here.quan.says("hôm nào đó")
    await here.quan.sees("chưa hiểu là ngày nào")
    await here.quan.says("26/11/2026")
    await here.quan.sees("Hiệu lực từ 26/11/2026", "Tới ngày đó em mới làm")
    await here.quan.presses("Thực hiện")
    await here.quan.sees("Tới 26/11/2026 em làm")
    await here.turns_to("2026-11-25 23:00")
    await here.dung.sees_nothing_new()
    await here.turns_to("2026-11-26 00:01")
    await here.turns_to("2026-11-26 07:00")
    await here.dung.sees("từ ngày 26/11/2026", "cấp phó")
    await here.quan.sees("đã làm Đ-0001")


async def test_one_that_waits_is_dropped(here: Village) -> None:
    await merge_into_dai_dien(here)
    await here.quan.presses("Ngày khác")
    await here.quan.says("26/11/2026")
    await here.quan.presses("Thực hiện")
    await here.quan.presses("Bỏ Đ-0001")
    await here.quan.sees("bỏ việc Gộp", "ngày 26/11/2026 phải không ạ")
    await here.quan.presses("Giữ lại")
    await here.quan.sees("để Đ-0001 nguyên như vậy")
    await here.quan.says("/donvi")
    await here.quan.presses("Thay đổi gần đây")
    await here.quan.presses("Bỏ Đ-0001")
    await here.quan.presses("Bỏ việc này")
    await here.quan.sees("em bỏ Đ-0001")
    await here.quan.does(press=Press(Sure(1, 2).pack(), "1"))
    await here.quan.sees("Đ-0001 không còn chờ nữa")
    await here.turns_to("2026-11-26 07:00")
    await here.dung.sees_nothing_new()


async def test_one_that_cannot_be_done_any_more_says_why(here: Village) -> None:
    await merge_into_dai_dien(here)
    await here.quan.presses("Ngày khác")
    await here.quan.says("26/11/2026")
    await here.quan.presses("Thực hiện")
    await here.quan.says("/dong")
    await here.quan.says("mỹ an")
    await here.quan.says("thạnh phú")
    await here.quan.sees("Đóng Xã Mỹ An, mọi thứ về Huyện Thạnh Phú", "Trương Văn Dũng thành thành viên")
    await here.quan.presses("Thực hiện")
    await here.turns_to("2026-11-26 07:00")
    await here.quan.sees("em không làm được", "Xã Mỹ An đã sáp nhập hoặc không còn hoạt động")


async def test_a_split_by_member(here: Village) -> None:
    await here.quan.says("/donvi ap 1")
    await here.quan.presses("Tách")
    await here.quan.says("Ấp 1A")
    await here.quan.sees("Những ai về đơn vị mới")
    await here.quan.says("Nguyễn Văn An")
    await here.quan.says("Đoàn Văn Tâm")
    await here.quan.presses("Xong")
    await here.quan.sees("Tách Ấp 1A ra từ Ấp 1", "2 người đổi chức danh", "Chưa có người đứng đầu: Ấp 1")
    await here.quan.presses("Thực hiện")
    await here.tam.sees("người đứng đầu Ấp 1A")
    await here.quan.presses("Xem đơn vị")
    await here.quan.sees("Ấp 1A", "Phụ trách: Đoàn Văn Tâm")
    await here.an.sees("Ấp 1 nay thuộc về Ấp 1A; anh/chị là thành viên", "Phụ trách Ấp 1A: Đoàn Văn Tâm")
    await here.bay.sees_nothing_new()


async def test_rename_move_add_and_a_chain(here: Village) -> None:
    await here.quan.says("/donvi xa my an")
    await here.quan.presses("Đổi tên")
    await here.quan.says("Thị trấn Mỹ An")
    assert "Chuyển theo" not in await here.quan.sees("Không có ai hay việc nào phải chuyển theo")
    await here.quan.presses("Thực hiện")
    await here.dung.sees("Xã Mỹ An gọi là Thị trấn Mỹ An")
    await here.quan.says("/donvi ap 3")
    await here.quan.presses("Chuyển")
    await here.quan.says("Ấp 2")
    await here.quan.sees("không đặt dưới Ấp 2 được")
    await here.quan.says("Mỹ An")
    await here.quan.presses("Thực hiện")
    await here.quan.says("/donvi my an")
    await here.quan.presses("Thêm đơn vị")
    await here.quan.says("Cụm 2")
    await here.quan.presses("Thực hiện")
    await here.quan.presses("Xem đơn vị")
    await here.quan.sees("Cụm 2 (mã xa2-02)", "Thuộc: Thị trấn Mỹ An")
    await here.quan.says("/donvi ap 3")
    await here.quan.presses("Thay đổi gần đây")
    await here.quan.sees("Đ-0003", "Đ-0002", "Đ-0001")
    await here.quan.presses("Hoàn tác Đ-0001")
    await here.quan.presses("Hoàn tác thật")
    await here.quan.sees("em đã hoàn tác Đ-0001")
    await here.dung.sees("đã được hoàn tác")


async def test_open_work_moves_with_its_unit(here: Village) -> None:
    await here.hue.says("giao việc")
    await here.hue.says("Dán mã QR")
    await here.hue.presses("Tất cả")
    await here.hue.presses("Mai 17:00")
    await here.hue.presses("Không cần")
    await here.hue.presses("Gửi")
    await merge_into_dai_dien(here)
    await here.quan.sees("1 việc đang làm")
    await here.quan.presses("Thực hiện")
    assert await here.look("SELECT COUNT(DISTINCT unit_id), COUNT(*) FROM assignments") == [(1, 2)]
    await here.dung.presses("Đã nhận")
    await here.dung.presses("Xong")
    await here.hue.sees("Trương Văn Dũng (Xã Đại Điền) báo xong")


async def test_the_same_task_of_the_same_person_becomes_one_and_nothing_is_lost(tmp_path: Path) -> None:
    """Dũng answers for the task in both communes; in one he has reported 5 already."""
    async with village(tmp_path) as here:

        def give(db: Db) -> None:
            xa, xa2 = (units.with_code(db, code)[0] for code in ("xa", "xa2"))
            people.appoint(db, here.dung.id, xa.id, "member", here.time[0])
            due = here.time[0] + 86_400_000
            task = tasks.add(
                db,
                title="Dán mã QR",
                giver_id=here.hue.id,
                unit_id=xa.parent_id or 0,
                due_at=due,
                evidence="count",
                now=1,
            )
            one = tasks.assign(db, task.id, xa.id, here.dung.id, here.time[0])
            other = tasks.assign(db, task.id, xa2.id, here.dung.id, here.time[0])
            tasks.save(db, replace(one, state="accepted", stuck="thiếu giấy"), here.time[0])
            tasks.save(db, replace(other, state="reported", count=5, note="đã dán"), here.time[0])

        await here.store.run(give)
        before = await rows(here)
        await merge_into_dai_dien(here)
        await here.quan.sees("1 phần việc trùng người", "Trương Văn Dũng thành tổ phó")
        await here.quan.presses("Thực hiện")
        found = await here.look(
            "SELECT a.state, a.count, a.note, u.name FROM assignments a JOIN units u ON u.id = a.unit_id"
        )
        assert found == [("reported", 5, "đã dán\nXã Đại Điền: thiếu giấy", "Xã Đại Điền")]
        held = await here.look("SELECT role FROM posts WHERE person_id = :id AND until IS NULL", id=here.dung.id)
        assert held == [("deputy",)]
        await here.quan.presses("Hoàn tác Đ-0001")
        await here.quan.sees("Việc về lại nơi cũ: 1")
        await here.quan.presses("Hoàn tác thật")
        assert await rows(here) == before


async def test_a_draft_of_a_closed_unit_writes_nothing_there(here: Village) -> None:
    """A task half given to a commune that is merged meanwhile goes to who answers there now, or is asked again."""
    await here.hue.says("giao việc")
    await here.hue.says("Dán mã QR")
    await here.hue.presses("Chọn từng nơi")
    await here.hue.says("mỹ an")
    await here.hue.presses("Xong")
    await here.hue.sees("Hạn tới lúc nào")
    await merge_into_dai_dien(here)
    await here.quan.presses("Thực hiện")
    await here.hue.presses("Mai 17:00")
    await here.quiet()
    await here.hue.sees("những nơi nhận việc")  # what was chosen is not there any more: it is asked again
    assert await here.look("SELECT COUNT(*) FROM assignments") == [(0,)]
    await here.hue.says("đại điền")
    await here.hue.presses("Xong")
    await here.hue.presses("Mai 17:00")
    await here.hue.presses("Không cần")
    await here.hue.presses("Gửi")
    assert await here.look("SELECT u.name FROM assignments a JOIN units u ON u.id = a.unit_id") == [("Xã Đại Điền",)]


async def test_whoever_has_not_the_right_changes_nothing(rich: Village) -> None:
    await rich.lan.does(text="/gop")
    await rich.lan.sees("không thuộc phần của anh/chị")


@pytest.mark.parametrize("day", ["1/7/2025", "ngày 1 tháng 7 năm 2025"])
async def test_an_official_date_long_ago_counts_from_now(day: str, tmp_path: Path) -> None:
    async with village(tmp_path) as here:
        await merge_into_dai_dien(here)
        await here.quan.presses("Ngày khác")
        await here.quan.says(day)
        await here.quan.presses("Thực hiện")
        await here.dung.sees("từ ngày 1/7/2025")
        assert await here.look("SELECT day, done_at FROM reforms") == [("2025-07-01", here.time[0])]
        assert await here.look("SELECT since FROM posts WHERE role = 'deputy'") == [(here.time[0],)]
