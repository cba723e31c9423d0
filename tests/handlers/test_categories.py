"""/hangmuc and /donvidem: what is reported and counted is data, changed by the administrator of all, at once."""

from __future__ import annotations

from datetime import date

from bot.chat.message import Press
from bot.rules.reading import known, known_unit, read
from handlers.categories.actions import Add, Back, Do, Find, Page, Retire, Show
from handlers.counted import Switch
from storage import categories, counted
from storage.db import Db
from tests.handlers.test_reports import send
from tests.rig import Village


async def plant(here: Village) -> None:
    """Trees are reported from now on, in trees."""
    await here.quan.says("/donvidem")
    await here.quan.presses("Thêm đơn vị đếm")
    await here.quan.says("Cây")
    await here.quan.says("gốc cây, cây giống")
    await here.quan.sees("cây (tiếng Anh: cây)", "gốc cây, cây giống", "Chưa hạng mục nào dùng")
    await here.quan.presses("Lưu")
    await here.quan.sees("đã thêm đơn vị đếm cây")
    await here.quan.says("/hangmuc")
    await here.quan.presses("Thêm hạng mục")
    await here.quan.says("Trồng cây xanh")
    await here.quan.sees("Câu 2/3")
    await here.quan.says("cây")
    await here.quan.sees("Câu 3/3")
    await here.quan.says("trồng cây, cây xanh")
    await here.quan.sees("Trồng cây xanh (mã TCX)", "Đếm bằng: cây", "trồng cây, cây xanh")
    await here.quan.presses("Lưu")
    await here.quan.sees("đã thêm hạng mục Trồng cây xanh")


async def reading(here: Village, text: str) -> list[tuple[str, int, str]]:
    """What the reader makes of it now."""

    def look(db: Db) -> list[tuple[str, int, str]]:
        kinds = [known(one) for one in categories.by_code(db).values()]
        units = [known_unit(one) for one in counted.everything(db)]
        found = read(text, date(2026, 11, 23), kinds, units)
        return [(item.category, item.count, item.unit) for item in found.items]

    return await here.store.run(look)


async def test_a_new_category_is_offered_and_read_at_once(here: Village) -> None:
    await plant(here)
    assert await reading(here, "trồng được 12 gốc cây") == [("TCX", 12, "cây")]
    assert await reading(here, "hôm nay trồng cây 30 cây") == [("TCX", 30, "cây")]
    await here.an.says("báo cáo")
    await here.an.says("trồng cây")
    await here.an.sees("Trồng cây xanh", "Bao nhiêu cây")
    await here.an.says("25 cây")
    await here.an.presses("Không có thêm")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "25 cây – Trồng cây xanh")
    await here.quan.says("/nhatky")
    await here.quan.sees("thêm hạng mục TCX", "thêm đơn vị đếm cây")


async def test_a_word_is_never_two_categories(here: Village) -> None:
    await here.quan.says("/hangmuc wifi")
    await here.quan.presses("Chữ gọi")
    await here.quan.says("internet công cộng, vneid")
    await here.quan.sees("“vneid” đang là của hạng mục “Cài VNeID mức 2” (mã VNE)", "Chữ gọi của")
    await here.quan.says("không")
    await here.quan.sees("em sẽ đọc lầm báo cáo")
    await here.quan.says("-chợ nổi")
    await here.quan.sees("em không thấy chữ “chợ nổi” để bỏ")
    await here.quan.says("internet công cộng, -wifi")
    said = await here.quan.sees("Hạng mục sẽ như vầy", "internet công cộng")
    assert ", wifi," not in said
    await here.quan.presses("Lưu")
    await here.quan.sees("đã sửa hạng mục")
    assert await reading(here, "lắp 2 điểm internet công cộng") == [("WIFI", 2, "điểm")]
    await here.quan.says("/nhatky")
    await here.quan.sees("sửa hạng mục WIFI", "chữ gọi: wifi → chữ gọi: internet công cộng")
    await here.quan.says("/hangmuc")
    await here.quan.presses("Thêm hạng mục")
    await here.quan.says("Cài VNeID mức 2")
    await here.quan.sees("trùng với hạng mục “Cài VNeID mức 2” (mã VNE)", "Hạng mục mới tên gì")


async def test_retired_it_stays_in_history_and_comes_back_with_its_own_words_only(here: Village) -> None:
    await send(here.an, "5")
    await here.quan.says("/hangmuc dvc")
    await here.quan.presses("Ngưng dùng")
    await here.quan.sees("1 báo cáo đã có vẫn còn nguyên")
    await here.quan.presses("Ngưng dùng thật")
    await here.quan.sees("đã ngưng dùng")
    await here.an.says("báo cáo")
    await here.an.says("nộp hồ sơ trực tuyến")
    await here.an.sees("việc gì ạ")
    await here.an.presses("Bỏ")
    assert await reading(here, "nộp dvc 7 hồ sơ") == []
    await here.an.says("B-0001")
    await here.an.sees("5 hồ sơ – Hỗ trợ nộp hồ sơ")
    await here.quan.says("/hangmuc wifi")
    await here.quan.presses("Chữ gọi")
    await here.quan.says("dvctt")
    await here.quan.presses("Lưu")
    await here.quan.says("/hangmuc")
    await here.quan.presses("Đã ngưng (1)")
    await here.quan.presses("DVC")
    await here.quan.presses("Dùng lại")
    await here.quan.sees("“dvctt” đang là của hạng mục", "(mã WIFI)")
    await here.quan.says("/hangmuc wifi")
    await here.quan.presses("Chữ gọi")
    await here.quan.says("-dvctt")
    await here.quan.presses("Lưu")
    await here.quan.says("/hangmuc dvc")
    await here.quan.presses("Dùng lại")
    await here.quan.sees("dùng lại được rồi")
    assert await reading(here, "nộp dvc 7 hồ sơ") == [("DVC", 7, "hồ sơ")]


async def test_a_unit_of_a_retired_kind_makes_no_figure_of_it(here: Village) -> None:
    """Only the model villages are counted in "mô hình": retired, such a figure is asked about, and stays a figure."""
    await here.quan.says("/hangmuc mô hình số")
    await here.quan.presses("Ngưng dùng")
    await here.quan.presses("Ngưng dùng thật")
    await here.quan.sees("đã ngưng dùng")
    await here.an.says("làm được 3 mô hình")
    await here.an.sees("3 mô hình", "việc gì")
    await here.an.says("việc khác")
    await here.an.sees("✔ 3 mô hình – ")


async def test_names_units_and_limits_change_and_history_keeps_its_unit(here: Village) -> None:
    await send(here.an, "5")
    await here.quan.says("/hangmuc dvc")
    await here.quan.presses("Đổi tên")
    await here.quan.says("Giúp làm hồ sơ số")
    await here.quan.presses("Tên tiếng Anh")
    await here.quan.says("Digital dossiers")
    await here.quan.presses("Lưu")
    await here.quan.sees("Giúp làm hồ sơ số", "Digital dossiers")
    await here.quan.presses("Đơn vị đếm")
    await here.quan.says("lượt người")
    await here.quan.sees("em không quy đổi")
    await here.quan.presses("Lưu")
    await here.quan.presses("Mức hỏi lại")
    await here.quan.says("60")
    await here.quan.presses("Lưu")
    await here.quan.sees("Một ngày trên 60")
    await here.an.says("B-0001")
    await here.an.sees("5 hồ sơ – Hỗ trợ nộp hồ sơ")
    await here.an.says("báo cáo")
    await here.an.says("giúp làm hồ sơ số")
    await here.an.sees("Bao nhiêu lượt người")


async def ask_more(here: Village, *steps: str) -> None:
    """The category of public services asks one more question."""
    await here.quan.says("/hangmuc dvc")
    await here.quan.presses("Câu hỏi thêm")
    for step in steps:
        await (here.quan.presses(step[1:]) if step.startswith(">") else here.quan.says(step))
    await here.quan.presses("Lưu")
    await here.quan.sees("đã sửa hạng mục Nộp hồ sơ trực tuyến")


async def count_dossiers(here: Village, count: str) -> None:
    await here.an.says("báo cáo")
    await here.an.presses("Nộp hồ sơ trực tuyến")
    await here.an.says(count)


async def test_a_category_asks_a_question_of_its_own(here: Village) -> None:
    await ask_more(here, ">Trả lời bằng con số", "Mấy người trên 60 tuổi?", ">bỏ qua được")
    await count_dossiers(here, "12")
    await here.an.sees("Câu 3/4", "Mấy người trên 60 tuổi?")
    await here.an.says("nhiều lắm")
    await here.an.sees("Mấy người trên 60 tuổi?", "số")
    await here.an.says("năm người")
    await here.an.presses("Không có thêm")
    await here.an.sees("12 hồ sơ", "↳ Mấy người trên 60 tuổi? 5")
    await here.an.presses("Gửi")
    await here.an.sees("B-0001", "↳ Mấy người trên 60 tuổi? 5")
    await here.an.presses("Sửa")
    await here.an.presses("Câu hỏi thêm: 5")
    await here.an.presses("Bỏ qua câu này")
    await here.an.presses("Sửa lại")
    shown = await here.an.sees("đã sửa B-0001", "hỏi thêm: 5")
    assert "↳" not in shown

    await ask_more(here, ">Chọn một trong", "Làm ở đâu?", "Ở nhà, Ở trụ sở", ">phải trả lời")
    await count_dossiers(here, "3")
    await here.an.sees("Làm ở đâu?")
    assert not here.an.offers_now("Bỏ qua")
    await here.an.presses("Ở trụ sở")
    await here.an.presses("Không có thêm")
    await here.an.presses("Gửi")
    await here.an.sees("↳ Làm ở đâu? Ở trụ sở")
    await here.an.says("hôm nay nộp dvc 7 hồ sơ, cài vneid 2 người")
    await here.an.sees("7 hồ sơ. Em hỏi thêm một câu thôi: Làm ở đâu?")
    await here.an.says("ngoài chợ")
    await here.an.sees("Làm ở đâu?")
    await here.an.presses("Ở nhà")
    await here.an.sees("7 hồ sơ", "↳ Làm ở đâu? Ở nhà", "2 người")
    await here.an.presses("Gửi")
    await here.an.sees("em ghi nhận B-0003", "↳ Làm ở đâu? Ở nhà")

    await here.quan.says("/hangmuc dvc")
    await here.quan.presses("Câu hỏi thêm")
    await here.quan.presses("Thôi không hỏi nữa")
    await here.quan.presses("Lưu")
    await count_dossiers(here, "4")
    await here.an.sees("Câu 3/3")


async def test_a_number_is_asked_anew_when_it_was_of_another_unit(here: Village) -> None:
    await send(here.an, "6")
    await count_dossiers(here, "5")
    await here.an.sees("hình hay muốn ghi chú")
    await here.quan.says("/hangmuc dvc")
    await here.quan.presses("Đơn vị đếm")
    await here.quan.says("lượt người")
    await here.quan.presses("Lưu")
    await here.quan.sees("đã sửa")
    await here.an.presses("Không có thêm")
    await here.an.sees("Bao nhiêu lượt người")
    await here.an.says("4")
    await here.an.presses("Không có thêm")
    await here.an.sees("4 lượt người")
    await here.an.presses("Gửi")
    await here.an.says("B-0001")
    await here.an.presses("Sửa")
    await here.an.presses("6 hồ sơ")
    await here.an.says("8")
    await here.an.presses("Sửa lại")
    await here.an.sees("đã sửa B-0001", "8 hồ sơ")


async def test_a_unit_of_count_in_use_is_not_retired_and_words_are_told_apart(here: Village) -> None:
    await here.quan.says("/donvidem")
    await here.quan.presses("gian hàng")
    await here.quan.presses("Ngưng dùng")
    await here.quan.sees("“gian hàng” chưa ngưng được", "(mã SAN)")
    await here.quan.says("/donvidem")
    await here.quan.presses("Thêm đơn vị đếm")
    await here.quan.says("bộ hồ sơ")
    await here.quan.sees("“bộ hồ sơ” em đang hiểu là “hồ sơ”")
    await here.quan.says("chuyến đò")
    await here.quan.presses("Không có chữ nào khác")
    await here.quan.presses("Tên tiếng Anh")
    await here.quan.says("ferry trips")
    await here.quan.presses("Lưu")
    await here.quan.sees("chuyến đò (tiếng Anh: ferry trips)")
    await here.quan.presses("Ngưng dùng")
    await here.quan.sees("đã ngưng dùng")
    await here.quan.presses("Dùng lại")
    await here.quan.sees("dùng lại được rồi")


async def test_nobody_else_may(here: Village) -> None:
    for who in (here.lan, here.an):
        await who.says("/hangmuc")
        await who.sees("không")
        for forged in (
            *(Page(0, 0), Show("DVC"), Find(), Add(), Do("names", "DVC"), Retire(1, "DVC"), Back("DVC")),
            Switch("lớp"),
        ):
            await who.does(press=Press(forged.pack(), ""))
            await who.sees("ạ")
    assert await here.look("SELECT COUNT(*) FROM categories WHERE retired_at IS NOT NULL") == [(0,)]
    assert await here.look("SELECT COUNT(*) FROM audit WHERE act LIKE 'categories.%'") == [(0,)]
