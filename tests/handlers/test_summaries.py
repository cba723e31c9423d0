"""The week in figures: to leads a sentence first, to members a line of thanks; once per person and week."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageColor

from bot import bars
from bot.chat import turn
from bot.chat.message import Press
from bot.chat.turn import Turn
from handlers.summaries.week import ShowWeek
from storage import people, periods, reports
from storage.db import Db
from storage.reports import Item
from tests.handlers.test_reports import send
from tests.handlers.test_targets import set_target
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
    assert sentence == "1 ấp chưa báo cáo: Ấp 3.\n1 việc quá hạn: V-0001 Ấp 2.\nĐầy đủ 66%: 2/3 tổ có báo cáo."
    assert figures.splitlines() == [
        "Cả Xã Đại Điền (4 báo cáo, +2 so với cùng kỳ tuần trước)",
        "• Đến nhà hướng dẫn: 5 hộ (+5)",
        "• Nộp hồ sơ trực tuyến: 1.204 hồ sơ (+1.185)",
    ]
    assert parts.splitlines() == [
        "Từng nơi",
        "• Ấp 1: 3 báo cáo (+2) – 1.200 hồ sơ Nộp hồ sơ trực tuyến, 5 hộ Đến nhà hướng dẫn",
        "• Ấp 2: 1 báo cáo (không đổi) – 4 hồ sơ Nộp hồ sơ trực tuyến",
        "• Ấp 3: 0 báo cáo (không đổi)",
    ]


async def test_a_hamlet_head_reads_person_by_person(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    text = await here.tam.sees(WEEK, "Ấp 1")
    assert "1 người chưa báo cáo: Đoàn Văn Tâm." in text
    assert "Không có việc nào quá hạn." in text
    assert "• Nguyễn Văn An: 2 báo cáo (+1) – 1.200 hồ sơ Nộp hồ sơ trực tuyến" in text
    assert "• Phạm Thị Bảy: 1 báo cáo (+1)" in text
    assert "Ấp 2" not in text, "roles do not see other units"


async def test_the_district_reads_commune_by_commune_and_the_administrator_all(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    text = await here.hue.sees(WEEK, "Huyện Thạnh Phú")
    assert "1 xã chưa báo cáo: Xã Mỹ An." in text
    assert "• Xã Đại Điền: 4 báo cáo (+2)" in text
    text = await here.quan.sees(WEEK, "Tỉnh Bến Tre", "1/1 huyện đã có báo cáo.")
    assert "Tất cả" not in text, "not all of its teams have"


async def test_a_member_reads_one_line_of_thanks(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    figures = "1.200 hồ sơ Nộp hồ sơ trực tuyến, 5 hộ Đến nhà hướng dẫn"
    assert await here.an.sees("Cảm ơn") == (
        f"Dạ, tuần này (23/11 – 27/11) anh/chị có 2 báo cáo: {figures}. Cả Ấp 1: {figures}. Cảm ơn anh/chị nhiều!"
    )
    assert await here.bay.sees("Cảm ơn") == (
        "Dạ, tuần này (23/11 – 27/11) anh/chị báo không có hoạt động, em ghi nhận rồi ạ."
        f" Cả Ấp 1: {figures}. Cảm ơn anh/chị nhiều!"
    )


async def test_a_silent_member_is_told_kindly_with_the_buttons_that_do_it(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    silent = await here.ut.sees("tuần này (23/11 – 27/11) em chưa thấy báo cáo của anh/chị. Cả Ấp 2: ", "3 câu là xong")
    assert "4 hồ sơ Nộp hồ sơ trực tuyến" in silent
    assert "Hai" not in silent, "nobody is compared by name"
    assert here.ut.choices()[:2] == ["📝 Báo cáo", "Không có hoạt động"]
    await here.ut.presses("Không có hoạt động")
    await here.ut.sees("Em ghi như vầy", "Không có hoạt động")
    await here.ut.presses("Gửi")
    await here.ut.sees("em ghi nhận B-")
    await here.ut.says("/tuan")
    await here.ut.sees("anh/chị báo không có hoạt động")


async def test_a_week_without_any_report_reads_well(here: Village) -> None:
    await here.turns_to(FRIDAY)
    assert (await here.hue.sees(WEEK)).split("\n\n")[:3] == [
        "📊 Tuần 23/11 – 27/11, Huyện Thạnh Phú",
        "2 xã chưa báo cáo: Xã Đại Điền, Xã Mỹ An.\nKhông có việc nào quá hạn.\nĐầy đủ 0%: 0/4 tổ có báo cáo.",
        "Cả Huyện Thạnh Phú (0 báo cáo, không đổi so với cùng kỳ tuần trước)\n• Chưa có con số nào.",
    ]
    told = await here.an.sees("em chưa thấy báo cáo của anh/chị")
    assert "Cả Ấp 1" not in told, "nothing to say of the team"


async def test_how_complete_a_week_was_and_how_much_of_it_came_in_time(here: Village) -> None:
    """Of last week: Ấp 1 said it on Sunday, Ấp 2 only on Monday, Ấp 3 nothing."""
    await two_weeks(here)
    sunday = moment("2026-11-22 23:59")
    await here.look("UPDATE reports SET created_at = :at WHERE author_id = :id", at=sunday, id=here.tam.id)
    await here.lan.says("/tuan 1")
    told = await here.lan.sees("Tuần 16/11 – 22/11")
    assert "Đầy đủ 66%: 2/3 tổ có báo cáo. Đúng hạn 33%: 1 tổ báo cáo ngay trong tuần." in told
    await here.lan.says("/tuan")
    assert "Đúng hạn" not in await here.lan.sees("Tuần 23/11", "Đầy đủ 0%"), "the week is not over"


async def test_what_a_hamlet_did_counts_all_the_way_up(here: Village) -> None:
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    for name, unit in (("lan", "Xã Đại Điền"), ("hue", "Huyện Thạnh Phú"), ("quan", "Tỉnh Bến Tre")):
        text = await here.people[name].sees(WEEK)
        assert f"Cả {unit} (4 báo cáo, +2 so với cùng kỳ tuần trước)" in text
        assert "• Nộp hồ sơ trực tuyến: 1.204 hồ sơ (+1.185)" in text
        assert "• Đến nhà hướng dẫn: 5 hộ (+5)" in text
    assert "0 báo cáo (không đổi)" in await here.dung.sees(WEEK, "Cả Xã Mỹ An (0 báo cáo")


async def test_a_number_in_a_name_stands_apart_from_the_count(here: Village) -> None:
    """ "Cài VNeID mức 2 12 tài khoản" could be read as 212."""
    await here.an.says("vneid 12")
    await here.an.presses("Gửi")
    await here.an.says("/ketqua")
    await here.an.sees("Cả Ấp 1 tuần này: 1 báo cáo – 12 tài khoản Cài VNeID mức 2")


async def test_who_is_in_two_teams_reads_of_both(here: Village) -> None:
    await two_weeks(here)

    def also(db: Db) -> None:
        units: dict[str, int] = dict(db.all("SELECT code, id FROM units"))
        for who, unit in ((here.an.id, "ap2"), (here.bay.id, "ap3"), (here.tam.id, "ap2"), (here.hai.id, "ap3")):
            people.appoint(db, who, units[unit], "member", moment(MONDAY))
        add(db, here.an.id, "ap2", "2026-11-26", 2)

    await here.store.run(also)
    await here.turns_to(FRIDAY)
    mine = "1.202 hồ sơ Nộp hồ sơ trực tuyến, 5 hộ Đến nhà hướng dẫn"
    both = "Cả Ấp 1: 1.200 hồ sơ Nộp hồ sơ trực tuyến, 5 hộ Đến nhà hướng dẫn. Cả Ấp 2: 6 hồ sơ Nộp hồ sơ trực tuyến."
    told = await here.an.sees("Cảm ơn")
    assert told == f"Dạ, tuần này (23/11 – 27/11) anh/chị có 3 báo cáo: {mine}. {both} Cảm ơn anh/chị nhiều!"
    await here.bay.sees(
        "báo không có hoạt động", "Cả Ấp 1: 1.200 hồ sơ Nộp hồ sơ trực tuyến", "Cả Ấp 3: chưa có con số."
    )
    await here.tam.sees(WEEK, "Ấp 1", "Cả Ấp 2: 6 hồ sơ Nộp hồ sơ trực tuyến.")  # leads one and is of another
    await here.hai.sees(WEEK, "Ấp 2", "Cả Ấp 3: chưa có con số.")
    await here.an.says("/tuan")
    assert await here.an.sees("Cảm ơn", mine, both)
    await here.an.says("/ketqua")
    await here.an.sees("Cả Ấp 1 tuần này: 3 báo cáo", "Cả Ấp 2 tuần này: 2 báo cáo")


async def test_a_name_or_unit_is_never_markup(here: Village) -> None:
    await here.look("UPDATE units SET name = '<b>Ấp</b> & _*[1' WHERE code = 'ap1'")
    await two_weeks(here)
    await here.turns_to(FRIDAY)
    await here.lan.sees("• <b>Ấp</b> & _*[1: 3 báo cáo")
    await here.an.sees("Cả <b>Ấp</b> & _*[1")


async def test_everybody_in_their_own_language(here: Village) -> None:
    await two_weeks(here)
    for who in (here.lan, here.an, here.bay, here.ut):
        await who.says("/english")
    await here.turns_to(FRIDAY)
    lead = await here.lan.sees("📊 Week 23/11 – 27/11", "1 ấp not reported yet: Ấp 3.\nNothing is overdue.")
    assert "(reports: 4, +2 against the same days of last week)" in lead
    figures = "1,200 dossiers Online public services, 5 households Home visits"
    assert await here.an.sees("Thank you!") == (
        f"Your reports, this week (23/11 – 27/11): 2 – {figures}. All of Ấp 1: {figures}. Thank you!"
    )
    await here.bay.sees("You reported that nothing was done, this week (23/11 – 27/11).")
    await here.ut.sees("There is no report of yours, this week (23/11 – 27/11).")
    await here.tam.sees("Tuần 23/11 – 27/11")


async def test_who_cannot_be_reached_gets_none_and_it_is_not_noted(here: Village) -> None:
    await here.look("UPDATE identities SET unreachable_at = 1 WHERE person_id = :id", id=here.an.id)
    await here.turns_to(FRIDAY)
    given = await here.look("SELECT person_id, week FROM summaries")
    assert len(given) == len(here.people) - 1
    assert (here.an.id, "2026-11-23") not in given


async def test_who_blocked_the_bot_keeps_nobody_else_from_theirs(here: Village) -> None:
    here.phone.blocked |= {here.quan.chat, here.tam.chat}
    await here.turns_to(FRIDAY)
    for name in ("hue", "lan", "an", "bay", "hai", "ut", "dung"):
        assert len(weeklies(here.people[name])) == 1, name
    assert here.tam.told == []


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
    await here.lan.sees("📊 Tuần 23/11, Xã Đại Điền")
    await here.lan.presses("Tuần trước")
    text = await here.lan.sees("Tuần 16/11 – 22/11", "• Ấp 1: 2 báo cáo (+2) – 60 hồ sơ Nộp hồ sơ trực tuyến")
    assert "quá hạn" not in text, "what is overdue today is not last week's business"
    await here.lan.presses("Tuần trước")
    await here.lan.sees("Tuần 9/11 – 15/11")
    await here.lan.presses("Tuần sau")
    await here.lan.sees("Tuần 16/11 – 22/11")
    await here.lan.presses("Tuần sau")
    await here.lan.sees("Tuần 23/11")
    assert not here.lan.offers_now("Tuần sau")
    weeks = [text for text in map(text_of, here.lan.told) if "📊 Tuần" in text]
    assert len(weeks) == (5 if here.phone.is_plain(here.lan.chat) else 1), "one card, turned over in place"


@pytest.mark.parametrize(
    ("said", "week"), [("/tuan 1", "16/11 – 22/11"), ("/tuan 2", "9/11 – 15/11"), ("/tuan xyz", "23/11")]
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
    assert "Tháng 12/2026 (15/11–14/12): 3 báo cáo – 1.210 hồ sơ Nộp hồ sơ trực tuyến" in text
    assert "Cả Ấp 1 tuần này: 2 báo cáo" in text
    codes = [choice for choice in here.an.choices() if choice.startswith("B-")]
    assert codes == ["B-0003", "B-0002", "B-0001"], "the newest day first"
    await here.an.presses("B-0003")
    await here.an.sees("Báo cáo B-0003 của Nguyễn Văn An", "5 hộ")


async def test_results_come_with_a_picture_too(here: Village) -> None:
    """A member sees their share of the team's month, a lead who reported; who has nothing is sent no empty picture."""
    await here.bay.says("/ketqua")
    await here.bay.sees("0 báo cáo")
    await two_weeks(here)
    await here.turns_to("2026-11-26 10:00")
    await here.an.says("/ketqua")
    await here.an.sees("Nguyễn Văn An · Tháng 12/2026 (15/11–14/12) · phần trong Ấp 1")
    await here.lan.says("/ketqua")
    await here.lan.sees("Xã Đại Điền · Tuần 23/11 – 26/11 · số báo cáo")
    shown = [message.files[0] for who in (here.bay, here.an, here.lan) for message in who.told if message.files]
    assert [(file.kind, file.name) for file in shown] == [("photo", "ket-qua.png")] * 2


async def drawn(here: Village, who: Someone) -> list[tuple[str, str]]:
    """What stands on the bars of the picture somebody asked for last."""
    kind = here.app.around.routes.errands["summaries.picture"]
    found: list[tuple[str, str]] = []
    ((params,),) = await here.look(
        "SELECT params FROM errands WHERE person_id = :id ORDER BY id DESC LIMIT 1", id=who.id
    )

    def job(one: Turn) -> None:
        one.become(people.get(one.db, who.id))
        assert kind.given is not None
        found.extend((row["label"], row["said"]) for row in kind.given(one, **json.loads(str(params)))["rows"])

    await here.store.run(lambda db: turn.ring(db, job, here.time[0], here.app.around))
    return found


async def test_words_and_picture_count_the_same_days(here: Village) -> None:
    """Those of the month of reporting that targets and closing go by, also once an office has cut it otherwise."""
    await two_weeks(here)
    await here.store.run(lambda db: add(db, here.an.id, "ap1", "2026-11-14", 7))  # the last day of the month before
    await here.turns_to("2026-11-26 10:00")
    await here.an.says("/ketqua")
    await here.an.sees("Tháng 12/2026 (15/11–14/12): 3 báo cáo – 1.210 hồ sơ Nộp hồ sơ trực tuyến, ")
    await here.an.sees("Tháng 12/2026 (15/11–14/12) · phần trong Ấp 1")
    assert await drawn(here, here.an) == [
        ("Nộp hồ sơ trực tuyến", "1.210/1.260 hồ sơ"),
        ("Đến nhà hướng dẫn", "5/5 hộ"),
    ]
    await here.store.run(lambda db: periods.put(db, periods.Cut("month", "2026-11-15", 20, 3)))
    await here.an.says("/ketqua")
    await here.an.sees("Tháng 12/2026 (15/11–19/12): 3 báo cáo")
    await here.turns_to("2026-12-20 10:00")
    await here.an.says("/ketqua")
    await here.an.sees("Tháng 1/2027 (20/12–19/1): 0 báo cáo – chưa có con số")
    await here.an.says("/english")
    await here.an.says("/ketqua")
    await here.an.sees("Month 1/2027 (20/12–19/1), reports: 0 – no figures yet")


async def test_a_picture_names_the_team_of_each_share(here: Village) -> None:
    """Who was of two teams reads each by itself; the words count both."""
    await two_weeks(here)
    await here.store.run(lambda db: add(db, here.an.id, "ap2", "2026-11-24", 2))
    await here.turns_to("2026-11-26 10:00")
    await here.an.says("/ketqua")
    await here.an.sees("4 báo cáo – 1.212 hồ sơ Nộp hồ sơ trực tuyến")
    await here.an.sees("phần trong Ấp 1, Ấp 2")
    assert await drawn(here, here.an) == [
        ("Ấp 1: Nộp hồ sơ trực tuyến", "1.210/1.260 hồ sơ"),
        ("Ấp 1: Đến nhà hướng dẫn", "5/5 hộ"),
        ("Ấp 2: Nộp hồ sơ trực tuyến", "2/15 hồ sơ"),
    ]


async def test_a_picture_names_the_period_of_each_target(here: Village) -> None:
    await set_target(here, "40")
    await two_weeks(here)
    await here.look("INSERT INTO targets SELECT unit_id, 'quarter', year, 4, category, 3000, unit FROM targets")
    await here.turns_to("2026-11-26 10:00")
    await here.an.says("/ketqua")
    await here.an.sees("Ấp 1 · Tháng 12/2026 (15/11–14/12), Quý 4/2026 (15/9–14/12)")
    assert await drawn(here, here.an) == [
        ("Tháng 12: Nộp hồ sơ trực tuyến", "1.260/40 hồ sơ"),
        ("Quý 4: Nộp hồ sơ trực tuyến", "1.260/3.000 hồ sơ"),
    ]


def test_a_picture_of_figures_is_small_and_shows_each() -> None:
    """Done is green, under way blue, nothing red; what does not fit is cut."""
    row = {"label": "Nộp hồ sơ " * 20, "said": "12/40 hồ sơ", "bar": 300, "track": 1000}
    rows = [row, row | {"bar": 1000}, row | {"bar": 0, "said": "chưa báo cáo"}]
    drawn = bars.make({"title": "Ấp 1", "under": "Tuần 23/11", "rows": rows, "foot": "và 3 dòng nữa"})
    picture = Image.open(io.BytesIO(drawn)).convert("RGB")
    colours = {picture.getpixel((bars.EDGE + 3, bars.HEAD + row * bars.ROW + 55)) for row in range(3)}
    assert all(_near(ImageColor.getrgb(one), colours) for one in (bars.DONE, bars.UNDER_WAY, bars.NONE))
    assert (picture.width, len(drawn) < 30_000) == (720, True)


def _near(wanted: tuple[int, ...], colours: set[Any]) -> bool:
    return any(all(abs(a - b) < 8 for a, b in zip(wanted, colour, strict=False)) for colour in colours)


async def test_an_undone_report_is_in_no_figure(here: Village) -> None:
    await two_weeks(here)
    await here.look("UPDATE reports SET state = 'undone' WHERE author_id = :id", id=here.an.id)
    await here.turns_to(FRIDAY)
    text = await here.lan.sees(WEEK)
    assert "1.200" not in text
    assert "• Ấp 1: 1 báo cáo (+1)" in text


async def test_an_undone_report_is_not_among_my_results(here: Village) -> None:
    await send(here.an, "5")
    await send(here.an, "7")
    await here.an.presses("Hoàn tác")
    await here.an.sees("em đã gỡ B-0002")
    await here.an.says("/ketqua")
    text = await here.an.sees("Tuần này (23/11): 1 báo cáo", "• 5 hồ sơ – Nộp hồ sơ trực tuyến")
    assert "7 hồ sơ" not in text
    assert not here.an.offers_now("B-0002")
    await here.an.presses("Tuần trước")
    await here.an.sees("tuần 16/11 – 22/11 em chưa thấy báo cáo của anh/chị")


async def test_results_before_the_first_report(here: Village) -> None:
    await here.an.says("/ketqua")
    await here.an.sees(
        "Tuần này (23/11): 0 báo cáo\n• Chưa có con số nào.", "(15/11–14/12): 0 báo cáo – chưa có con số"
    )


async def test_somebody_with_two_posts_gets_one_summary(here: Village) -> None:
    ((hamlet,),) = await here.look("SELECT id FROM units WHERE code = 'ap3'")
    assert isinstance(hamlet, int)
    await here.store.run(lambda db: people.appoint(db, here.lan.id, hamlet, "member", here.time[0]))
    await here.turns_to(FRIDAY)
    assert len(weeklies(here.lan)) == 1
    await here.lan.sees(WEEK, "Xã Đại Điền")


async def test_repeated_rings_and_runs_say_it_once(here: Village) -> None:
    await here.turns_to(FRIDAY)
    for _ in range(3):
        await here.app.clock.ring()
        await here.app.run_job(here.app.around.routes.timers["summaries.weekly"].run)
    await here.quiet()
    assert [len(weeklies(who)) for who in here.people.values()] == [1] * len(here.people)
