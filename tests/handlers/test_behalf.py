""" "báo giúp chị Bảy: 5 hộ": a message that says for whom it is becomes their report, as by [Báo giùm ai]."""

from __future__ import annotations

import pytest

from storage.db import Db
from tests.rig import JPEG, Village, text_of

WHOSE = "SELECT author_id, written_by FROM reports ORDER BY id"


async def rename(here: Village, person: int, name: str) -> None:
    def do(db: Db) -> None:
        db.run("UPDATE people SET name = :name WHERE id = :id", name=name, id=person)

    await here.store.run(do)


@pytest.mark.parametrize(
    "said",
    [
        *("báo giúp chị Bảy: cài vneid 5 hộ", "bao gium chi bay 5 ho cai vneid", "cài vneid 5 hộ, báo giùm cô Thị Bảy"),
        "chị Bảy nhờ em báo giùm: cài vneid 5 hộ",
    ],
)
async def test_the_card_proposes_the_team_mate_and_they_hear_of_it(here: Village, said: str) -> None:
    await here.an.says(said)
    card = await here.an.sees("Em ghi như vầy", "✔ 5 hộ", "👤 Báo giùm Phạm Thị Bảy")
    assert "Ghi chú" not in card
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 em ghi cho Phạm Thị Bảy", "👤 Của Phạm Thị Bảy (Nguyễn Văn An báo giùm)")
    await here.bay.sees("Nguyễn Văn An báo giùm anh/chị B-0001", "5 hộ Cài VNeID")
    await here.tam.sees("Phạm Thị Bảy: 5 hộ", "B-0001")
    assert await here.look(WHOSE) == [(here.bay.id, here.an.id)]
    assert await here.look("SELECT said FROM reports") == [(said,)]
    traces = await here.look("SELECT person_id, act, before, after FROM audit WHERE object = 'B-0001' ORDER BY id")
    assert [row[:2] for row in traces] == [(here.an.id, "reports.made"), (here.an.id, "reports.for_other")]
    assert traces[1][2:] == ("Nguyễn Văn An", "Phạm Thị Bảy")


async def test_nothing_done_by_a_team_mate(here: Village) -> None:
    """What they sent that day is asked about, and is not to be taken back by who did not write it."""
    await here.bay.says("dvc 3")
    await here.bay.presses("Gửi")
    await here.bay.sees("B-0001")
    await here.an.says("báo giùm chị Bảy hôm nay nghỉ")
    await here.an.sees("Không có hoạt động", "👤 Báo giùm Phạm Thị Bảy")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 của Phạm Thị Bảy: 3 hồ sơ")
    assert not here.an.offers_now("Gỡ ra")
    await here.an.presses("Để cả hai")
    await here.an.sees("B-0002 em ghi cho Phạm Thị Bảy")
    assert await here.look("SELECT state FROM reports") == [("kept",), ("kept",)]


async def test_of_several_with_that_name_it_is_asked(here: Village) -> None:
    """However much else is asked; a report typed instead goes onto the card, and the question stays."""
    await rename(here, here.tam.id, "Đoàn Văn Bảy")
    await here.an.says("báo giùm Bảy dvc 5 hồ sơ, cài vneid vài người")
    await here.an.sees("anh/chị báo giùm ai")
    assert [here.an.offers_now(name) for name in ("Phạm Thị Bảy", "Đoàn Văn Bảy", "Của tôi", "Hai")] == [True] * 3 + [
        False
    ]
    await here.an.says("qr 2 điểm")
    await here.an.sees("em ghi thêm rồi", "báo giùm ai ạ")
    await here.an.presses("Đoàn Văn Bảy")
    await here.an.sees("con số chắc")
    await here.an.presses("Bỏ qua")
    await here.an.sees("✔ 5 hồ sơ", "✔ 2 điểm", "👤 Báo giùm Đoàn Văn Bảy")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 em ghi cho Đoàn Văn Bảy")
    assert await here.look(WHOSE) == [(here.tam.id, here.an.id)]


async def test_oneself_may_be_meant_too(here: Village) -> None:
    await rename(here, here.an.id, "Nguyễn Văn Bảy")
    await here.an.says("báo giùm anh Bảy dvc 5 hồ sơ")
    await here.an.presses("Của tôi")
    assert "Báo giùm" not in await here.an.sees("Em ghi như vầy", "5 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await rename(here, here.bay.id, "Phạm Thị Tám")
    await here.an.says("báo giúp Bảy: vneid 3")
    await here.an.sees("Em ghi như vầy", "3 tài khoản")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0002")
    assert await here.look(WHOSE) == [(here.an.id, None)] * 2


async def test_nobody_of_that_name_is_a_note_and_the_card_says_whose_it_is_then(here: Village) -> None:
    """Also who is of another team."""
    for said in ("báo giúp chị Tư Lành: dvc 5", "báo giùm anh Hai: dvc 6"):
        await here.an.says(said)
        card = await here.an.sees("Em ghi như vầy", f"Ghi chú: {said.partition(':')[0]}", "không thấy ai tên vậy")
        assert "Báo giùm" not in card
        await here.an.presses("Gửi")
        await here.an.sees("em ghi nhận B-")
    assert await here.look(WHOSE) == [(here.an.id, None)] * 2


async def test_whose_it_is_is_chosen_where_nobody_is_called_so(here: Village) -> None:
    await here.an.says("báo giúp chị Tư Lành: dvc 5")
    await here.an.sees("không thấy ai tên vậy trong tổ, nên ghi là của anh/chị")
    await here.an.presses("Sửa")
    await here.an.sees("sửa phần nào")
    await here.an.presses("Của ai")
    await here.an.sees("của ai ạ")
    await here.an.presses("Phạm Thị Bảy")
    assert "không thấy ai" not in await here.an.sees("Em ghi như vầy", "👤 Báo giùm Phạm Thị Bảy")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 em ghi cho Phạm Thị Bảy")


async def test_a_number_that_might_be_a_name_stays_a_number(here: Village) -> None:
    await rename(here, here.bay.id, "Phạm Văn Năm")
    await here.an.says("báo giùm chú năm hộ vneid")
    assert "👤" not in await here.an.sees("Em ghi như vầy", "✔ 5 hộ")
    await here.an.says("/huy")
    await here.an.says("báo giùm chú Năm năm hộ vneid")
    await here.an.sees("Em ghi như vầy", "✔ 5 hộ", "👤 Báo giùm Phạm Văn Năm")


async def test_whose_it_is_is_changed_on_the_sheet(here: Village) -> None:
    await here.an.says("báo giúp chị Bảy: dvc 5")
    await here.an.presses("Sửa")
    await here.an.presses("Của ai")
    await here.an.presses("Quay lại")
    await here.an.presses("Của ai")
    await here.an.presses("Đoàn Văn Tâm")
    await here.an.sees("👤 Báo giùm Đoàn Văn Tâm")
    await here.an.presses("Sửa")
    await here.an.presses("Của ai")
    await here.an.presses("Của tôi")
    assert "👤" not in await here.an.sees("Em ghi như vầy", "5 hồ sơ")
    await here.an.says("báo giùm chị Bảy nha")
    await here.an.sees("👤 Báo giùm Phạm Thị Bảy", "5 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi cho Phạm Thị Bảy")


async def test_only_whose_it_is_was_said(here: Village) -> None:
    """Then what was done is asked; photos come along."""
    await here.an.says("báo giùm chị Bảy", JPEG)
    await here.an.sees("cái này là làm việc gì")
    await here.an.says("dvc 5")
    await here.an.sees("Em ghi như vầy", "5 hồ sơ", "1 hình", "👤 Báo giùm Phạm Thị Bảy")


async def test_somebody_else_s_is_a_report_of_its_own(here: Village) -> None:
    """One's own card first, then theirs; and of another day, theirs again."""
    await here.an.says("dvc 5")
    await here.an.says("báo giúp chị Bảy: hôm qua vneid 4, hôm nay vneid 6")
    await here.an.sees("Em ghi như vầy", "5 hồ sơ", "⏭ Xong báo cáo này em ghi tiếp: “báo giúp chị Bảy")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    await here.an.sees("4 tài khoản", "Chủ nhật 22/11", "👤 Báo giùm Phạm Thị Bảy")
    await here.an.presses("✅ Gửi")
    await here.an.sees("B-0002 em ghi cho Phạm Thị Bảy")
    await here.an.sees("6 tài khoản", "hôm nay", "👤 Báo giùm Phạm Thị Bảy")
    await here.an.says("hôm qua qr 2 điểm")
    await here.an.presses("Ghi riêng")
    await here.an.presses("✅ Gửi")
    await here.an.sees("B-0003 em ghi cho Phạm Thị Bảy")
    await here.an.sees("2 điểm", "Chủ nhật 22/11", "👤 Báo giùm Phạm Thị Bảy")
    await here.an.presses("✅ Gửi")
    await here.an.sees("B-0004")
    assert await here.look(WHOSE) == [(here.an.id, None)] + [(here.bay.id, here.an.id)] * 3


@pytest.mark.parametrize(
    ("said", "first", "then"),
    [
        ("báo giùm chị Bảy 5 hộ, anh Tâm 3 hộ", "✔ 5 hộ – Hộ dân", "✔ 3 hộ – Hộ dân"),
        ("báo giùm chị Bảy: cài vneid 5 hộ, anh Tâm 3 hộ", "✔ 5 hộ – Cài đặt", "✔ 3 hộ – Cài đặt"),
        ("báo giùm chị Bảy dvc 5\nbáo giùm anh Tâm vneid 3", "✔ 5 hồ sơ", "✔ 3 tài khoản"),
        ("bao gium chi bay dvc 5 hs va anh tam vneid 3 ng", "✔ 5 hồ sơ", "✔ 3 người"),
    ],
)
async def test_one_message_for_two(here: Village, said: str, first: str, then: str) -> None:
    """Each is a report of its own; the kind and the day that stand there once are those of both."""
    await here.an.says(f"hôm qua {said}")
    assert "✔" not in (await here.an.sees("Chủ nhật 22/11", first, "👤 Báo giùm Phạm Thị Bảy")).split(first)[1]
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 em ghi cho Phạm Thị Bảy")
    await here.an.sees("Chủ nhật 22/11", then, "👤 Báo giùm Đoàn Văn Tâm")
    await here.an.presses("✅ Gửi")
    await here.an.sees("B-0002 em ghi cho Đoàn Văn Tâm")
    assert await here.look(WHOSE) == [(here.bay.id, here.an.id), (here.tam.id, here.an.id)]


async def test_a_name_behind_the_figures_that_did_nothing_countable_parts_nothing(here: Village) -> None:
    await here.an.says("báo giùm chị Bảy dvc 5, anh Tâm đi cùng")
    card = await here.an.sees("✔ 5 hồ sơ", "👤 Báo giùm Phạm Thị Bảy")
    assert "⏭" not in card


async def test_who_left_the_team_meanwhile_is_not_reported_for(here: Village) -> None:
    await here.an.says("báo giúp chị Bảy: dvc 5")
    await here.an.sees("👤 Báo giùm Phạm Thị Bảy")
    await here.look("UPDATE posts SET until = 1 WHERE person_id = :id", id=here.bay.id)
    await here.an.presses("Gửi")
    assert "👤" not in await here.an.sees("không ở trong Ấp 1", "Em ghi như vầy", "5 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001")
    assert await here.look(WHOSE) == [(here.an.id, None)]


async def test_a_correction_that_says_whose(here: Village) -> None:
    await here.an.says("báo giúp chị Bảy: dvc 5")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001 em ghi cho")
    await here.an.says("dvc 8")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0002")
    await here.an.says("sửa lại của chị Bảy dvc 9")
    await here.an.sees("em sửa B-0001", "Trước: 5 hồ sơ", "✔ 9 hồ sơ")
    await here.an.presses("Sửa lại")
    await here.an.sees("em đã sửa B-0001", "9 hồ sơ")
    await here.bay.sees("Nguyễn Văn An sửa lại báo cáo B-0001", "→ 9 hồ sơ")
    await here.an.says("sửa lại của chị Bảy: dvc 9, anh Tâm vneid 3")
    await here.an.sees("em sửa B-0001", "✔ 9 hồ sơ", "✔ 3 tài khoản")
    await here.an.says("/huy")
    await here.an.says("vneid 3")
    await here.an.says("sửa lại của chị Bảy dvc 7")
    await here.an.sees("đó là báo cáo của người khác")
    await here.an.says("/huy")
    await here.quiet()
    assert await here.look("SELECT count FROM report_items ORDER BY report_id") == [(9,), (8,)]


async def test_while_practising_it_is_only_words(here: Village) -> None:
    await here.an.says("/tapsu")
    await here.an.says("báo giúp chị Bảy: dvc 5")
    await here.quiet()
    assert not any("👤" in text_of(message) for message in here.an.told)
    await here.an.presses("Gửi")
    await here.quiet()
    assert await here.look(WHOSE) == [(here.an.id, None)]
    assert await here.look("SELECT state FROM reports") == [("practice",)]


async def test_of_ones_other_team(here: Village) -> None:
    """Hai is of Ấp 2, as An is now too: it goes there."""
    await here.look(
        "INSERT INTO posts (person_id, unit_id, role, since) SELECT :id, id, 'member', 0 FROM units WHERE code = 'ap2'",
        id=here.an.id,
    )
    await here.an.says("báo giùm anh Hai: dvc 5")
    await here.an.sees("Ấp 2", "👤 Báo giùm Võ Văn Hai")
    await here.an.presses("tổ khác")
    await here.an.sees("Ấp 1", "👤 Báo giùm Võ Văn Hai")
    await here.an.presses("Gửi")
    await here.an.sees("không ở trong Ấp 1", "Em ghi như vầy")
