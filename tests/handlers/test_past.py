"""/lichsu: one's own reports page by page and by words; a lead's of a unit, and nobody else's."""

from __future__ import annotations

import pytest

from bot.chat.action import Action
from bot.chat.message import Press
from handlers.reports import past as searching
from handlers.reports.actions import Find, Past
from storage import reports
from storage.db import Db
from storage.reports import Item
from tests.rig import MONDAY, Village, moment, text_of


async def a_past(here: Village) -> None:
    """An made eight reports in eight days, of VNeID the odd ones; Hai one with a note, of Ấp 2."""

    def made(db: Db) -> None:
        units: dict[str, int] = dict(db.all("SELECT code, id FROM units"))
        for day in range(1, 9):
            items = (Item("VNE", day, "người") if day % 2 else Item("DVC", day, "hồ sơ"),)
            _add(db, here.an.id, units["ap1"], f"2026-11-{day:02d}", items)
        _add(db, here.hai.id, units["ap2"], "2026-10-30", (Item("VNE", 5, "người"),), note="tại nhà bà Tư")

    await here.store.run(made)


def _add(db: Db, who: int, unit: int, day: str, items: tuple[Item, ...], note: str = "") -> None:
    reports.add(db, author_id=who, unit_id=unit, day=day, note=note, items=items, now=moment(MONDAY))


async def test_my_reports_page_by_page(here: Village) -> None:
    await a_past(here)
    await here.an.says("/lichsu")
    first = await here.an.sees("Báo cáo của anh/chị: 8", "Trang 1/2", "• B-0008 Chủ nhật 8/11: 8 hồ sơ")
    assert "B-0002 " not in first
    await here.an.presses("Cũ hơn")
    await here.an.sees("Trang 2/2", "• B-0002 thứ Hai 2/11: 2 hồ sơ", "• B-0001")
    await here.an.presses("Mới hơn")
    await here.an.sees("Trang 1/2")
    await here.an.presses("B-0007")
    await here.an.sees("Báo cáo B-0007 của Nguyễn Văn An", "7 người")


async def test_by_words_and_days(here: Village) -> None:
    await a_past(here)
    await here.an.says("/lichsu vneid")
    assert "B-0002 " not in await here.an.sees("Báo cáo của anh/chị: 4 có chữ “vneid”", "B-0001", "B-0007")
    await here.an.presses("Tìm")
    await here.an.sees("anh/chị muốn tìm báo cáo nào")
    await here.an.says("Hồ sơ 4/11")
    await here.an.sees("Báo cáo của anh/chị: 1", "• B-0004")
    await here.an.presses("Xem tất cả")
    await here.an.sees("Báo cáo của anh/chị: 8")
    await here.an.says("/lichsu tháng 9")
    await here.an.sees("em không thấy báo cáo nào")


async def test_a_search_that_does_not_see_all_says_so(rich: Village, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_SEARCHED", 4)
    await a_past(rich)
    await rich.an.says("/lichsu vneid")
    await rich.an.sees("Báo cáo của anh/chị: 2 có chữ “vneid”", "Em tìm trong 4 báo cáo mới nhất", "ghi thêm tháng")


async def test_what_was_undone_is_shown_to_its_author_only(here: Village) -> None:
    await a_past(here)
    await here.look("UPDATE reports SET state = 'undone' WHERE id = 8")
    await here.look("UPDATE reports SET state = 'practice' WHERE id = 7")
    await here.an.says("/lichsu")
    assert "B-0007" not in await here.an.sees("Báo cáo của anh/chị: 7", "• B-0008 Chủ nhật 8/11", "(đã gỡ)")
    await here.tam.says("/lichsu")
    await here.tam.presses("Ấp 1")
    assert "B-0008" not in await here.tam.sees("Báo cáo của Ấp 1: 6", "Nguyễn Văn An (Ấp 1)")


async def test_a_lead_looks_through_the_unit(here: Village) -> None:
    await a_past(here)
    await here.lan.says("/lichsu bà tư")
    await here.lan.presses("Xã Đại Điền")
    await here.lan.sees("Báo cáo của Xã Đại Điền: 1 có chữ “ba tu”", "B-0009 thứ Sáu 30/10, Võ Văn Hai (Ấp 2): 5 người")
    await here.lan.presses("Của tôi")
    await here.lan.sees("Báo cáo của anh/chị: 0 có chữ “ba tu”")
    await here.quan.says("/lichsu hai")
    await here.quan.sees("Báo cáo của Tỉnh Bến Tre: 1 có chữ “hai”", "B-0009")


async def test_nobody_looks_into_a_unit_that_is_not_theirs(here: Village) -> None:
    """Neither a member nor a neighbouring head, whatever button they come by."""
    await a_past(here)
    for who, code in ((here.an, "ap1"), (here.hai, "ap1"), (here.dung, "xa"), (here.tam, "xa")):
        ((unit,),) = await here.look("SELECT id FROM units WHERE code = :code", code=code)
        assert isinstance(unit, int)
        buttons: tuple[Action, ...] = (Past(unit, 0, "vneid"), Find(unit))
        for button in buttons:
            await who.does(press=Press(button.pack(), ""))
            await who.sees("Dạ")
            assert "🗂" not in text_of(who.told[-1])
            assert not who.offers_now("Hủy"), "no question is asked"
