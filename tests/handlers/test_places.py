"""A place sent from the map: with the report that is open, rounded; else kept nowhere; never asked for."""

from __future__ import annotations

from tests.rig import Village

HERE = (9.931247, 106.343689)


async def test_a_place_goes_with_the_report_that_is_open(here: Village) -> None:
    await here.an.says("12 người cài vneid ở ấp 3")
    await here.an.sees("📍 Ấp 3")
    await here.an.sends_place(*HERE)
    await here.an.sees("Em ghi chỗ này vào báo cáo", "📍 Ấp 3 (9.931, 106.344)", "✔ 12 người")
    await here.an.sends_place(-9.93, 106.3)
    await here.an.sees("📍 Ấp 3 (-9.930, 106.300)")
    await here.an.says("ở ấp 2 dvc 3 hồ sơ")
    await here.an.sees("📍 Ấp 2 (-9.930, 106.300)", "✔ 3 hồ sơ")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0001", "📍 Ấp 2 (-9.930, 106.300)")
    assert await here.look("SELECT place FROM reports") == [("Ấp 2 (-9.930, 106.300)",)]


async def test_while_something_is_asked_it_is_noted_and_the_question_stays(here: Village) -> None:
    await here.an.says("cài vneid")
    await here.an.sees("được bao nhiêu tài khoản")
    await here.an.sends_place(*HERE)
    await here.an.sees("Em ghi chỗ này", "được bao nhiêu tài khoản")
    await here.an.says("7")
    await here.an.sees("✔ 7 tài khoản", "📍 9.931, 106.344")
    await here.an.presses("Sửa")
    await here.an.presses("Ghi chú")
    await here.an.presses("Bỏ ghi chú")
    assert "📍" not in await here.an.sees("✔ 7 tài khoản")


async def test_elsewhere_it_is_kept_nowhere(here: Village) -> None:
    await here.an.sends_place(*HERE)
    await here.an.sees("Giờ em chưa cần nên em không giữ")
    await here.an.says("/baocao")
    await here.an.sees("Câu 1/3")
    await here.an.sends_place(*HERE)
    await here.an.sees("em không giữ")
    await here.an.sees("Câu 1/3")
    await here.an.presses("Nộp hồ sơ")
    await here.an.sees("Câu 2/3")
    stranger = here.stranger()
    await stranger.sends_place(*HERE)
    await stranger.sees("ạ")
    kept = [await here.look(f"SELECT * FROM {table}") for table in ("drafts", "inbox", "audit", "outbox", "chats")]
    assert "9.93" not in str(kept)
