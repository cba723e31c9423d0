"""Coming in on Telegram: the link, the own number, the family's number, and the sheet as a document."""

from __future__ import annotations

import io
import re
from pathlib import Path

from pypdf import PdfReader

from storage import invites
from tests.test_whole_job import Town, town

ROSTER = "84999000"


async def invite(here: Town, name: str, code: str) -> str:
    now = here.time[0]
    await here.store.run(lambda db: invites.add(db, code, here.ids[name], now, now + 86_400_000))
    return code


async def test_a_head_comes_by_the_link_and_the_own_number(tmp_path: Path) -> None:
    async with town(tmp_path, joined=False) as here:
        tam = here.tam
        await tam.starts(await invite(here, "tam", "K7MQ-2XHB"))
        await tam.sees("đồng ý không ạ?")
        await here.presses(tam, "Đồng ý")
        await tam.sees("Còn một bước")
        assert tam.keyboard == [["📱 Gửi số của tôi"]]
        await tam.shares_contact(f"{ROSTER}004", own=False)
        await tam.sees("chỉ nhận số của chính anh/chị")
        assert await here.look("SELECT * FROM identities") == []
        await tam.shares_contact(f"{ROSTER}004")
        await tam.sees("em nhận ra rồi: Đoàn Văn Tâm, tổ trưởng Ấp 1")
        assert ["📝 Báo cáo", "📋 Việc của tôi"] in tam.keyboard


async def test_two_of_one_number_choose_by_a_button(tmp_path: Path) -> None:
    async with town(tmp_path, joined=False) as here:
        await here.look("UPDATE people SET phone = '0999000005' WHERE name = 'Phạm Thị Bảy'")
        bay = here.bay
        await bay.starts()
        await bay.sees("đồng ý không ạ?")
        await here.presses(bay, "Đồng ý")
        await bay.sees("mã cá nhân")
        await bay.shares_contact(f"+{ROSTER}005")
        asked = await bay.sees("2 người dùng chung")
        assert asked.labels == ["Nguyễn Văn An", "Phạm Thị Bảy"]
        await here.presses(bay, "Phạm Thị Bảy")
        await bay.sees("em nhận ra rồi: Phạm Thị Bảy")


async def test_the_sheet_comes_as_a_document_with_links_that_work(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.look("DELETE FROM identities WHERE person_id IN (SELECT id FROM people WHERE name LIKE '%Bảy')")
        lan = here.lan
        await lan.says("/moi")
        await lan.sees("mời ai vào")
        await here.presses(lan, "Giấy mời cho tất cả")
        await lan.sees("làm giấy mời cho 1 người")
        await here.presses(lan, "Làm giấy mời")
        sheet = await lan.sees("📄 Giấy mời của Xã Đại Điền", timeout=20)
        assert sheet.file is not None
        assert (sheet.file.kind, sheet.file.name) == ("document", "giay-moi-xa-dai-dien.pdf")
        (page,) = PdfReader(io.BytesIO(sheet.file.content)).pages
        text = page.extract_text()
        assert "quét hình vuông" in text
        code = re.search(r"[A-Z2-9]{4}-[A-Z2-9]{4}", text)
        assert code is not None
        new = here.api.person(6_000_000_001, "Chị Bảy")
        await new.starts(code[0])
        await new.sees("đồng ý không ạ?")
        await here.presses(new, "Đồng ý")
        await new.sees("em nhận ra rồi: Phạm Thị Bảy, thành viên Ấp 1")


async def test_a_stranger_is_let_in_with_menu_and_commands(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        new = here.api.person(6_000_000_001, "Anh Mới")
        await new.starts()
        await new.sees("đồng ý không ạ?")
        await here.presses(new, "Đồng ý")
        await new.sees("Chưa có mã cũng không sao")
        await here.presses(new, "Xin vào tổ")
        await new.sees("tổ ở đâu")
        await new.says("ap 1")
        await new.sees("họ và tên")
        await new.says("Lê Văn Mới")
        await new.sees("số điện thoại")
        await here.presses(new, "Bỏ qua")
        await new.sees("em gửi lời xin vào như vầy")
        await here.presses(new, "Gửi")
        await here.tam.sees("🙋 Lê Văn Mới xin vào Ấp 1")
        card = await here.presses(here.tam, "Nhận")
        await here.tam.sees("em đã nhận Lê Văn Mới")
        assert not card.labels, "nothing is left to press"
        await new.sees("em nhận ra rồi: Lê Văn Mới")
        await here.quiet()
        assert ["📝 Báo cáo", "📋 Việc của tôi"] in new.keyboard
        assert "baocao" in {command["command"] for command in new.chat.commands}


async def test_words_for_the_group_have_the_bots_link(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.look("DELETE FROM identities WHERE person_id IN (SELECT id FROM people WHERE name LIKE '%Bảy')")
        await here.tam.says("/vaobot")
        await here.tam.sees("2/3 người đã vào")
        await here.presses(here.tam, "Lời nhắn cho nhóm")
        await here.tam.sees("1. Mở https://t.me/apso_bot\n")
