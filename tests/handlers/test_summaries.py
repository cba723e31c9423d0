"""The week in figures: to leads a sentence first, to members a line of thanks; once per person and week."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.message import Press
from handlers.summaries import ShowWeek
from storage import reports
from storage.db import Db
from storage.reports import Item
from tests.handlers.test_tasks import give
from tests.rig import MONDAY, Someone, Village, moment, text_of, village

FRIDAY = "2026-11-27 16:00"
WEEK = "Tuần 23/11 – 27/11"


def add(db: Db, who: int, unit: str, day: str, count: int, kind: str = "DVC", counted: str = "hồ sơ") -> None:
    ((unit_id,),) = db.all("SELECT id FROM units WHERE code = :code", code=unit)
    items = (Item(kind, count, counted),) if count else ()
    reports.add(db, author_id=who, unit_id=unit_id, day=day, note="", items=items, now=moment(MONDAY))


async def two_weeks(here: Village) -> None:
    """An reported more than last week, Hai less; Ấp 3 and Mỹ An nothing."""

    def made(db: Db) -> None:
        add(db, here.an.id, "ap1", "2026-11-17", 10)
        add(db, here.an.id, "ap1", "2026-11-24", 1200)
        add(db, here.an.id, "ap1", "2026-11-25", 5, "HO", "hộ")
        add(db, here.hai.id, "ap2", "2026-11-18", 9)
        add(db, here.hai.id, "ap2", "2026-11-26", 4)
        add(db, here.tam.id, "ap1", "2026-11-21", 50)  # a Saturday: after this Friday's weekday
        add(db, here.bay.id, "ap1", "2026-11-27", 0)

    await here.store.run(made)


def weeklies(who: Someone) -> list[str]:
    """The summaries on the phone that came by themselves or were asked for."""
    return [text_of(message) for message in who.told if "23/11" in text_of(message)]


async def test_a_lead_reads_a_sentence_first_then_the_figures(here: Village) -> None:
    await two_weeks(here)
    await give(here.lan, "24/11 17h")
    await here.tam.says("xong V-0001")
    await here.tam.sees("em đã báo là xong")
    await here.turns_to("2026-11-27 15:59")
    assert not any(WEEK in text_of(message) for message in here.lan.told)
    await here.turns_to(FRIDAY)
    text = await here.lan.sees(WEEK)
    heading, sentence, figures, parts = text.split("\n\n")
    assert heading == "📊 Tuần 23/11 – 27/11, Xã Đại Điền"
    assert sentence == "1 ấp chưa báo cáo: Ấp 3.\n1 việc quá hạn: V-0001 Ấp 2."
    assert figures.splitlines() == [
        "Cả Xã Đại Điền (4 báo cáo, +2 so với cùng kỳ tuần trước)",
        "• Đến nhà hướng dẫn: 5 hộ (+5)",
        "• Nộp hồ sơ trực tuyến: 1.204 hồ sơ (+1.185)",
    ]
    assert parts.splitlines() == [
        "Từng nơi",
        "• Ấp 1: 3 báo cáo (+2) – 1.200 hồ sơ Nộp hồ sơ trực tuyến, 5 hộ Đến nhà hướng dẫn",
        "• Ấp 2: 1 báo cáo (±0) – 4 hồ sơ Nộp hồ sơ trực tuyến",
        "• Ấp 3: 0 báo cáo (±0)",
    ]


async def test_a_hamlet_head_reads_person_by_person(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    text = await here.tam.sees(WEEK, "Ấp 1")
    assert "1 người chưa báo cáo: Đoàn Văn Tâm." in text
    assert "Không có việc nào quá hạn." in text
    assert "• Nguyễn Văn An: 2 báo cáo (+1) – 1.200 hồ sơ" in text
    assert "• Phạm Thị Bảy: 1 báo cáo (+1)" in text
    assert "Ấp 2" not in text, "roles do not see other units"


async def test_the_district_reads_commune_by_commune_and_the_administrator_all(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    text = await here.hue.sees(WEEK, "Huyện Thạnh Phú")
    assert "1 xã chưa báo cáo: Xã Mỹ An." in text
    assert "• Xã Đại Điền: 4 báo cáo (+2)" in text
    await here.quan.sees(WEEK, "Tỉnh Bến Tre", "Tất cả đã có báo cáo")


async def test_a_member_reads_one_line_of_thanks(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    thanks = await here.an.sees("tuần này (23/11 – 27/11) anh/chị có 2 báo cáo", "Cảm ơn anh/chị nhiều")
    assert "1.200 hồ sơ Nộp hồ sơ trực tuyến" in thanks
    assert "Cả Ấp 1:" in thanks
    assert "\n" not in thanks
    silent = await here.ut.sees("tuần này (23/11 – 27/11) em chưa thấy báo cáo của anh/chị", "3 câu là xong")
    assert "Cả Ấp 2: 4 hồ sơ" in silent
    assert "Hai" not in silent, "nobody is compared by name"


async def test_a_name_or_unit_is_never_markup(here: Village) -> None:
    await here.look("UPDATE units SET name = '<b>Ấp</b> & _*[1' WHERE code = 'ap1'")
    await here.turns_to(FRIDAY)
    await here.lan.sees("• <b>Ấp</b> & _*[1: 0 báo cáo")
    await here.an.sees("Cả <b>Ấp</b> & _*[1")


async def test_everybody_in_their_own_language(here: Village) -> None:
    await here.lan.says("/english")
    await here.turns_to(FRIDAY)
    await here.lan.sees("Week 23/11 – 27/11", "3 ấp not reported yet: Ấp 1, Ấp 2, Ấp 3", "Nothing is overdue")
    await here.tam.sees("Tuần 23/11")


async def test_who_cannot_be_reached_gets_none_and_it_is_not_noted(here: Village) -> None:
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.an.id)
    await here.turns_to(FRIDAY)
    given = await here.look("SELECT person_id, week FROM summaries")
    assert len(given) == len(here.people) - 1
    assert (here.an.id, "2026-11-23") not in given


@pytest.mark.parametrize("plain", [False, True])
async def test_once_per_person_and_week_whatever_restarts(tmp_path: Path, plain: bool) -> None:
    url, phones = str(tmp_path / "apso.db"), tmp_path / "phones"
    async with village(phones, plain=plain, url=url) as here:
        await here.turns_to(FRIDAY)
    for at in (FRIDAY, "2026-11-27 16:30", "2026-11-29 09:00"):
        async with village(phones, plain=plain, url=url, at=at) as here:
            await here.app.run_job(here.app.around.routes.timers["summaries.weekly"].run)
            await here.quiet()
            for who in here.people.values():
                assert len(weeklies(who)) == 1, who.name
    async with village(phones, plain=plain, url=url, at="2026-12-04 16:00") as here:
        await here.lan.sees("Tuần 30/11 – 4/12")


@pytest.mark.parametrize("plain", [False, True])
async def test_missed_on_friday_it_is_still_of_that_week(tmp_path: Path, plain: bool) -> None:
    url, phones = str(tmp_path / "apso.db"), tmp_path / "phones"
    async with village(phones, plain=plain, url=url) as here:
        await two_weeks(here)
    async with village(phones, plain=plain, url=url, at="2026-11-30 08:00") as here:
        text = await here.lan.sees("Tuần 23/11 – 29/11", "1 ấp chưa báo cáo: Ấp 3.")
        assert "quá hạn" not in text
        thanks = await here.an.sees("tuần 23/11 – 29/11 anh/chị có 2 báo cáo")
        assert "tuần này" not in thanks
        await here.turns_to("2026-12-04 16:00")
        await here.lan.sees("Tuần 30/11 – 4/12")


async def test_a_week_on_demand_and_pages_back_and_forth(here: Village) -> None:
    await two_weeks(here)
    await here.lan.says("/tuan")
    await here.lan.sees("Tuần 23/11 – 23/11, Xã Đại Điền")
    await here.lan.presses("Tuần trước")
    text = await here.lan.sees("Tuần 16/11 – 22/11", "• Ấp 1: 2 báo cáo (+2) – 60 hồ sơ")
    assert "quá hạn" not in text, "what is overdue today is not last week's business"
    await here.lan.presses("Tuần trước")
    await here.lan.sees("Tuần 9/11 – 15/11")
    await here.lan.presses("Tuần sau")
    await here.lan.sees("Tuần 16/11 – 22/11")
    await here.lan.presses("Tuần sau")
    await here.lan.sees("Tuần 23/11 – 23/11")
    assert not here.lan.offers_now("Tuần sau")


@pytest.mark.parametrize(
    ("said", "week"), [("/tuan 1", "16/11 – 22/11"), ("/tuan 2", "9/11 – 15/11"), ("/tuan xyz", "23/11 – 23/11")]
)
async def test_an_earlier_week_by_its_number(here: Village, said: str, week: str) -> None:
    await here.lan.says(said)
    await here.lan.sees(f"Tuần {week}")
    await here.an.says(said)
    await here.an.sees(week, "em chưa thấy báo cáo của anh/chị")


async def test_a_week_out_of_reach_is_refused(here: Village) -> None:
    await here.lan.says("/tuan 99")
    await here.lan.sees("xem lại được tới 52 tuần trước thôi")
    for ago in (-1, 53):
        await here.lan.does(press=Press(ShowWeek(ago).pack(), "0"))
        await here.lan.sees("xem lại được tới 52 tuần trước thôi")


async def test_asking_does_not_replace_what_comes_by_itself(here: Village) -> None:
    await here.an.says("/tuan")
    await here.an.sees("tuần này")
    await here.turns_to(FRIDAY)
    await here.an.sees("tuần này (23/11 – 27/11)")


async def test_results_of_mine_and_of_my_team(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to("2026-11-25 09:00")
    await here.an.says("ket qua")
    text = await here.an.sees("Tuần này (23/11 – 25/11): 2 báo cáo")
    assert "• 1.200 hồ sơ – Nộp hồ sơ trực tuyến" in text
    assert "Tháng này: 3 báo cáo – 1.210 hồ sơ" in text
    assert "Cả Ấp 1 tuần này: 2 báo cáo" in text
    await here.an.presses("B-0003")
    await here.an.sees("Báo cáo B-0003 của Nguyễn Văn An", "5 hộ")


async def test_an_undone_report_is_in_no_figure(here: Village) -> None:
    await two_weeks(here)
    await here.look("UPDATE reports SET state = 'undone' WHERE author_id = :id", id=here.an.id)
    await here.turns_to(FRIDAY)
    text = await here.lan.sees(WEEK)
    assert "1.200" not in text
    assert "• Ấp 1: 1 báo cáo (+1)" in text
