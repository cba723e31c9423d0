"""Photos as people meet them: refused with a reason, noticed when they come again, looked at by those who lead."""

from __future__ import annotations

import io

from PIL import Image

from bot.chat.message import KEPT
from tests.pictures import located, moving, photo, saved, scene
from tests.rig import Someone, Village, text_of

SECRETS = (b"Exif", b"Nokia of the hamlet", b"the house of Mrs Ba")


async def reports(who: Someone, count: str, *photos: bytes) -> None:
    """Report so many applications, with photos that are known by the time it is sent."""
    await who.says("báo cáo")
    await who.presses("Nộp hồ sơ")
    await who.says(count)
    if photos:
        await who.says("", *photos)
        await who.village.photos_settle()
    await who.presses("Xong" if photos else "Không có thêm")
    await who.presses("Gửi")


def albums(who: Someone) -> list[int]:
    """How many photos each message of the bot has that has any."""
    return [len(message.files) for message in who.told if message.files]


async def test_what_is_no_photo_is_said_to_be_so_and_the_report_stays(here: Village) -> None:
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("12")
    await here.an.says("", photo(1), photo(2)[:-2000], b"%PDF-1.7 a contract")
    await here.an.sees("Em đã nhận 3 hình")
    await here.photos_settle()
    await here.an.sees("tấm hình thứ 2 trong 3 tấm gửi lúc 8:00 em không giữ được: hình bị hỏng")
    assert any(
        "tấm hình thứ 3 trong 3 tấm" in text and "không phải là hình" in text for text in map(text_of, here.an.told)
    )
    await here.an.presses("Xong")
    assert "📷 1 hình" in await here.an.sees("Em ghi như vầy")
    await here.an.presses("Gửi")
    assert "📷 1 hình" in await here.an.sees("ghi nhận B-0001")


async def test_what_could_not_be_kept_is_counted_no_more(here: Village) -> None:
    """Neither where it is asked what they are of, nor where photos are changed, nor beside a question."""
    an = here.an
    await an.says("", photo(1), b"%PDF-1.7 a contract")
    await an.sees("Em đã nhận 2 hình")
    await here.photos_settle()
    await an.says("zzz")
    await an.sees("Em đã nhận 1 hình")
    await an.says("vài người cài vneid")
    await an.sees("con số chắc")
    await an.says("", photo(2))
    await an.sees("Em đã nhận 2 hình", "con số chắc")
    await an.says("3")
    await an.sees("✔ 3 người", "📷 2 hình")
    await an.presses("✏️ Sửa" if an.offers("✏️ Sửa") else "Sửa")
    await an.presses("Hình")
    await an.sees("đang có 2 hình")


async def test_a_photo_that_turns_out_bad_after_its_report_was_sent(here: Village) -> None:
    await here.app._end("clock")  # nobody fetches photos for a while
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("12")
    await here.an.says("", photo(1), moving())
    await here.an.presses("Xong")
    await here.an.presses("Gửi")
    assert "📷 2 hình" in await here.an.sees("ghi nhận B-0001")
    await here.app.photos.do_all()
    said = await here.an.sees("thứ 2 trong 2 tấm gửi lúc 8:00 (B-0001) em không giữ được: đây là hình động")
    assert "vẫn còn nguyên" in said
    await here.an.presses("Sửa", within="hình động")
    await here.an.sees("muốn sửa phần nào")
    await here.lan.says("b 1")
    assert "📷 1 hình" in await here.lan.sees("Báo cáo B-0001")
    rows = await here.look("SELECT person_id, act, object, after FROM audit WHERE act = 'photos.refused'")
    assert rows == [(None, "photos.refused", "B-0001", "còn 1 hình")]


async def test_a_bad_photo_of_a_task(here: Village) -> None:
    await here.app._end("clock")
    await here.lan.says("/giaoviec")
    await here.lan.says("Dán mã QR")
    await here.lan.presses("Tất cả")
    await here.lan.presses("Mai 17:00")
    await here.lan.presses("Hình chụp")
    await here.lan.presses("Gửi")
    await here.tam.presses("Đã nhận")
    await here.tam.presses("✅ Xong")
    await here.tam.says("", photo(1), photo(2)[:-2000])
    await here.tam.presses("Xong")
    await here.tam.sees("em đã báo là xong")
    await here.app.photos.do_all()
    await here.tam.sees("thứ 2 trong 2 tấm gửi lúc 8:00 (V-0001) em không giữ được: hình bị hỏng")
    await here.lan.presses("Xem hình")
    await here.quiet()
    assert albums(here.lan) == [1]


async def test_the_same_photo_twice_in_a_day_is_asked_about_and_an_old_one_shown_to_the_lead_alone(
    here: Village,
) -> None:
    await reports(here.an, "12", photo(7))
    await here.an.sees("ghi nhận B-0001")
    again = saved(scene(7).resize((500, 375)), quality=50)
    await reports(here.bay, "13", again)
    asked = await here.bay.sees("ghi nhận B-0002")
    assert "giống hình của B-0001 cùng ngày (Nguyễn Văn An)" in asked
    assert "hai việc khác nhau thì cứ để vậy" in asked
    assert "giống" not in text_of(here.an.told[-1])
    await here.turns_to("2026-11-25 09:00")
    await reports(here.an, "5", photo(8), again)
    assert "giống" not in await here.an.sees("ghi nhận B-0003"), "whoever sent it is not accused"
    await here.tam.says("b 3")
    seen = await here.tam.sees("Hình giống hình cũ")
    assert "B-0001, thứ Hai 23/11, Nguyễn Văn An (Ấp 1)" in seen
    assert "B-0002, thứ Hai 23/11, Phạm Thị Bảy (Ấp 1)" in seen
    await reports(here.ut, "5", again)
    await here.hai.says("b 4")
    assert "B-0001" not in await here.hai.sees("Báo cáo B-0004"), "nobody hears of what they may not see"
    await here.lan.says("b 4")
    assert "B-0001" in await here.lan.sees("Báo cáo B-0004")


async def test_a_copy_that_is_known_only_after_the_report_is_asked_about_once(here: Village) -> None:
    await reports(here.an, "12", photo(7))
    await here.app._end("clock")
    await here.bay.says("báo cáo")
    await here.bay.presses("Nộp hồ sơ")
    await here.bay.says("13")
    await here.bay.says("", photo(7), photo(7, quality=70))
    await here.bay.presses("Xong")
    await here.bay.presses("Gửi")
    assert "giống" not in await here.bay.sees("ghi nhận B-0002")
    await here.app.photos.do_all()
    await here.bay.sees("hình trong B-0002 giống hình của B-0001 cùng ngày (Nguyễn Văn An)")
    assert sum("giống hình" in text_of(message) for message in here.bay.told) == 1
    await here.bay.presses("B-0002", within="giống hình")
    assert "giống hình của B-0001" in await here.bay.sees("Báo cáo B-0002")
    await here.bay.presses("Hoàn tác")
    await here.bay.sees("đã gỡ B-0002")


async def test_the_gallery_of_a_week(here: Village) -> None:
    await here.lan.says("/hinh")
    await here.lan.sees("tuần 23/11 – 29/11 Xã Đại Điền chưa có hình nào")
    await reports(here.an, "12", *(photo(seed) for seed in range(1, 10)))
    await reports(here.ut, "4", photo(20), photo(21))
    await here.lan.says("xem hình")
    page = await here.lan.sees("Hình của Xã Đại Điền", "1–10 trong 11 tấm")
    assert "Hình 1–2: Lê Thị Út (Ấp 2), thứ Hai 23/11: 4 hồ sơ" in page
    assert "Hình 3–10: Nguyễn Văn An (Ấp 1), thứ Hai 23/11: 12 hồ sơ" in page
    assert albums(here.lan) == [10]
    await here.lan.presses("Xem tiếp")
    assert "Hình 11: Nguyễn Văn An" in await here.lan.sees("11–11 trong 11 tấm")
    assert albums(here.lan) == [10, 1]
    assert {file.channel for message in here.lan.told for file in message.files} == {KEPT}, "cleaned ones alone"
    await here.tam.says("/hinh")
    assert "Út" not in await here.tam.sees("Hình của Ấp 1", "1–9 trong 9 tấm"), "nobody sees another team's"
    await here.dung.says("/hinh")
    await here.dung.sees("Xã Mỹ An chưa có hình nào")
    await here.an.says("/hinh")
    await here.an.sees("không thuộc phần của anh/chị")
    await here.turns_to("2026-12-01 09:00")
    await here.lan.says("/hinh")
    await here.lan.presses("Tuần trước")
    await here.lan.sees("tuần 23/11 – 29/11: 1–10 trong 11 tấm")


async def test_a_page_of_somebody_elses_photos_is_not_turned_to(rich: Village) -> None:
    await reports(rich.an, "12", photo(1))
    ((unit,),) = await rich.look("SELECT id FROM units WHERE code = 'ap1'")
    from bot.chat.message import Press
    from handlers.reports.actions import Gallery

    for who in (rich.hai, rich.bay, rich.dung):
        await who.does(press=Press(Gallery(int(str(unit)), 0, 0).pack(), ""))
        await who.sees("không thuộc phần của anh/chị")
        assert albums(who) == []


async def test_a_picture_sent_as_a_file_is_shown_once_it_is_cleaned(rich: Village) -> None:
    await rich.app._end("clock")
    await reports_raw(rich)
    await rich.lan.says("b 1")
    await rich.lan.presses("Xem hình")
    await rich.lan.sees("còn 1 hình em đang nhận")
    assert albums(rich.lan) == []
    await rich.look("UPDATE files SET mime = 'image/jpeg'")
    await rich.app.photos.do_all()
    await rich.lan.presses("Xem hình")
    await rich.quiet()
    assert albums(rich.lan) == [1]


async def reports_raw(here: Village) -> None:
    """A report with a picture that came as a file."""
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ")
    await here.an.says("12")
    await here.an.says("", photo(3))
    await here.look("UPDATE files SET kind = 'document'")
    await here.an.presses("Xong")
    await here.an.presses("Gửi")


async def test_photos_and_a_document_come_as_two_messages(rich: Village) -> None:
    await rich.an.says("báo cáo")
    await rich.an.presses("Nộp hồ sơ")
    await rich.an.says("12")
    paper = await rich.phone.keep("kế hoạch.pdf", b"%PDF-1.7 a plan")
    await rich.an.says("", photo(1), photo(2))
    await rich.an._do_say("", [paper])
    await rich.photos_settle()
    await rich.an.presses("Xong")
    await rich.an.presses("Gửi")
    await rich.an.presses("Xem hình")
    await rich.quiet()
    assert albums(rich.an) == [2, 1]


async def test_the_same_number_with_the_same_photo_is_asked_about_once(here: Village) -> None:
    """Before it is sent, with both reasons; neither its card nor a photo that is known late asks again."""
    await reports(here.an, "12", photo(7))
    await here.an.sees("ghi nhận B-0001")
    await here.bay.says("dvc 12", photo(7, quality=60))
    await here.bay.sees("Em ghi như vầy")
    await here.photos_settle()
    await here.bay.presses("Gửi")
    await here.bay.sees("B-0001 của Nguyễn Văn An: 12 hồ sơ Nộp hồ sơ trực tuyến, hình cũng giống")
    await here.bay.presses("Vẫn gửi")
    assert "giống" not in await here.bay.sees("ghi nhận B-0002")
    await here.bay.says("B-0002")
    assert "giống" not in await here.bay.sees("Báo cáo B-0002")


async def test_a_number_that_was_asked_about_is_not_asked_about_again_for_its_photo(here: Village) -> None:
    await reports(here.an, "12", photo(7))
    await here.an.sees("ghi nhận B-0001")
    await here.app._end("clock")
    await here.bay.says("dvc 12", photo(7, quality=60))
    await here.bay.presses("Gửi")
    assert "hình" not in (await here.bay.sees("B-0001 của Nguyễn Văn An: 12 hồ sơ")).split("Có phải")[0]
    await here.bay.presses("Vẫn gửi")
    await here.bay.sees("ghi nhận B-0002")
    await here.app.photos.do_all()
    await here.quiet()
    assert not any("giống hình" in text_of(message) for message in here.bay.told)


async def test_a_photo_says_nothing_of_where_it_was_taken_and_goes_when_its_time_is_over(rich: Village) -> None:
    """From the telephone to the folder and out of it: upright, with the pixels and nothing else, for a year."""
    an, lan, folder = rich.an, rich.lan, rich.app.photos.folder
    sent = located(1)
    assert all(secret in sent for secret in SECRETS)
    await an.says("hôm nay giúp 12 người nộp dvc", sent)
    await an.presses("Gửi")
    await an.sees("ghi nhận B-0001", "1 hình")
    await rich.photos_settle()
    ((hash,),) = await rich.look("SELECT hash FROM files")
    for small in (False, True):
        kept = folder.read(str(hash), small=small)
        assert kept is not None
        assert not any(secret in kept for secret in SECRETS)
        picture = Image.open(io.BytesIO(kept))
        assert not picture.getexif()
        assert picture.height > picture.width, "held on its side, it is shown upright"
    await lan.says("B-0001")
    await lan.presses("Xem hình")
    assert albums(lan) == [1]

    await rich.turns_to("2027-11-22 03:00")
    assert folder.find(str(hash)), "a day before its time is over"
    await rich.turns_to("2027-11-24 03:00")
    await rich.photos_settle()
    assert list(folder.where.rglob("*.jpg")) == []
    await lan.presses("Xem hình")  # of the old card
    await lan.sees("mấy hình này em không còn giữ nữa", "Con số với ghi chú vẫn còn nguyên")
    await lan.says("B-0001")
    card = await lan.sees("Báo cáo B-0001", "12 người")
    assert "hình" not in card
    assert not lan.offers_now("Xem hình")
    assert albums(lan) == [1]
