"""The main job on the real program and three phones in a real browser: once with buttons, once all "như Zalo"."""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.screen import OnePhone, opened
from tests.demo.process import running
from tests.web.echo import png

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.timeout(300)]

COMMUNE = "xã Đại Điền"
WORK = "Phát tờ rơi phòng lừa đảo"
NEWS = "Thứ Bảy này ra quân, mời bà con tới nhà văn hóa ấp."


async def get(page: Page, path: str, **query: Any) -> Any:
    """What the interface of the phones answers."""
    answer = await page.request.get(f"{page.url}/api/{path}", params=query)
    assert answer.ok, f"{path}: {answer.status}"
    return await answer.json()


@pytest.mark.parametrize("plain", [False, True], ids=["buttons", "like_zalo"])
async def test_from_a_report_to_the_weekly_summary(browser: Browser, tmp_path: Path, plain: bool) -> None:
    async with running(folder=tmp_path) as program:
        async with opened(browser, program.url) as page:
            member, lead, admin = [OnePhone(page, one["id"]) for one in await get(page, "people", limit=3)]
            for phone, role in ((member, "Thành viên"), (lead, "Đầu mối xã"), (admin, "Quản trị")):
                await expect(phone.part("role")).to_have_text(role)
                await phone.sees("Dạ")
            head = await open_the_heads_phone(page)
            if plain:
                for phone in (member, lead, admin, head):
                    await phone.turns_plain()

            await report(member)
            await report_a_place(member)
            code = await hand_out(lead, head)
            await do_it_twice(head, lead, code)
            await broadcast(page, admin)
            await turn_the_clock(page, member, lead, admin)
        assert await program.stop(signal.SIGTERM) == (0, "")
    assert os.listdir(tmp_path) == [], "nothing is left behind"


async def open_the_heads_phone(page: Page) -> OnePhone:
    """The phone of the head of the member's hamlet, as a fourth: tasks for the hamlet go there."""
    await page.get_by_test_id("add-phone").click()
    await page.get_by_test_id("chooser-search").fill("ap 1 dai dien")
    found = page.get_by_test_id("chooser-person").filter(has_text=f"Tổ trưởng · Ấp 1, {COMMUNE}")
    person = await found.get_attribute("data-person")
    assert person is not None
    await found.click()
    head = OnePhone(page, person)
    await expect(head.node).to_be_visible()
    return head


async def report(member: OnePhone) -> None:
    await member.begins("Báo cáo")
    await member.chooses("Cài VNeID", "Câu 1/3")
    await member.sees("Câu 2/3", "tài khoản")
    await member.says("12")
    await member.sees("Câu 3/3")
    await member.says("lam chung voi chi Bay", png(320))
    await member.chooses("Xong", "chi Bay", "1 hình")
    await member.chooses("Gửi", "chi Bay", "12 tài khoản", "Đúng rồi")
    await member.sees("B-", "12 tài khoản", "Ấp 1", "1 hình")


async def report_a_place(member: OnePhone) -> None:
    """In words, and the place after them by the button of the page."""
    await member.says("dvc 3 ho so o cho")
    await member.sees("✔ 3 hồ sơ")
    await member.part("place").click()
    await member.page.get_by_test_id("place-point").filter(has_text="Chợ xã").click()
    await member.chooses("Gửi", "✔ 3 hồ sơ", "📍 9.937, 106.339", "Đúng rồi")
    await member.sees("em ghi nhận B-", "3 hồ sơ", "📍 9.937, 106.339")


async def hand_out(lead: OnePhone, head: OnePhone) -> str:
    """The lead gives work to the member's hamlet, whose head answers for it; returns its code."""
    await lead.begins("Giao việc")
    await lead.sees("Câu 1/4")
    await lead.says(WORK)
    await lead.chooses("Chọn từng nơi", "Câu 2/4")
    await lead.chooses("Ấp 1", "những nơi nhận việc")
    await lead.chooses("Xong (1)", "những nơi nhận việc")
    await lead.chooses("Mai 17:00", "Hạn tới lúc nào")
    await lead.chooses("Hình chụp", "cần gì để kiểm tra")
    name = await head.part("owner").inner_text()
    await lead.chooses("Gửi", WORK, "1 người nhận", f"Ấp 1 – {name}")
    given = re.search(r"V-\d{4}", await lead.sees("V-", WORK, "chưa nhận", name))
    assert given is not None
    return given[0]


async def do_it_twice(head: OnePhone, lead: OnePhone, code: str) -> None:
    """Accepted, finished with a photo, returned with the reason, finished again, accepted by the lead."""
    await head.chooses("Đã nhận", code, "Chưa nhận")
    await head.sees(code, "Đang làm")
    await expect(lead.told(code, "chưa nhận")).to_have_count(1 if await plainly(lead) else 0)
    await head.chooses("Xong", code, "Đang làm")
    await evidence(head, "da phat 120 to")
    await head.sees(code, "đang chờ duyệt")

    await lead.chooses("Trả lại", "da phat 120 to")
    await lead.sees("lý do")
    await lead.says("Hình mờ quá, nhờ chị chụp lại")
    await lead.sees(code, "em đã chuyển lại", "Hình mờ quá")

    await head.chooses("Xong", code, "Cần làm lại", "Hình mờ quá")
    await evidence(head, "chup lai roi")
    await lead.chooses("Nhận kết quả", "chup lai roi")
    await lead.sees("chup lai roi", "đã nhận kết quả")
    await head.sees(code, "đã nhận kết quả", "Cảm ơn")


async def evidence(head: OnePhone, note: str) -> None:
    await expect(head.told("gửi hình", WORK).last).to_be_attached()
    await head.says(note, png(320))
    await head.chooses("Xong", note, "1 hình")


async def plainly(phone: OnePhone) -> bool:
    return await phone.part("plain-switch").is_checked()


async def broadcast(page: Page, admin: OnePhone) -> None:
    """The number in the preview, the number in the result and the phones that show it are the same."""
    await admin.begins("Thông báo")
    await admin.sees("Câu 1/2")
    await admin.says("xa dai dien")
    await admin.sees("Câu 2/2")
    await admin.says(NEWS)
    preview = re.search(r"Gửi tới (\d+) người", await admin.sees(NEWS, "Gửi tới"))
    assert preview is not None
    await admin.chooses("Gửi", NEWS, "Gửi tới")
    await admin.sees("đã gửi xong", f"Đã gửi {preview[1]}", "Không tới được 0", "Chưa rõ 0", f"Tổng {preview[1]}")
    people = await get(page, "people", q="dai dien", limit=500)
    commune = [one["id"] for one in people if COMMUNE.lower() in one["unit"].lower()]
    phones = [await get(page, f"{person}/messages") for person in commune]
    times = Counter(sum(NEWS in one["text"] for one in messages) for messages in phones)
    assert times == Counter({1: int(preview[1]), 0: len(commune) - int(preview[1])})


async def turn_the_clock(page: Page, member: OnePhone, lead: OnePhone, admin: OnePhone) -> None:
    await page.get_by_test_id("clock-tomorrow").click()
    await expect(page.get_by_test_id("clock-now")).to_have_text("07:00")
    await member.sees("hôm nay tới hạn", "dán mã QR")
    await page.get_by_test_id("clock-friday").click()
    await expect(page.get_by_test_id("clock-now")).to_have_text("16:00")
    await expect(page.get_by_test_id("clock-day")).to_contain_text("Thứ Sáu")
    await member.sees("Cả Ấp 1", "12 tài khoản")
    await lead.sees("Tuần", "Xã Đại Điền", "chưa báo cáo: Ấp 5, Ấp 6")
    await admin.sees("Tuần", "Tỉnh Bến Tre", "báo cáo")
    await expect(member.told("hôm nay tới hạn")).to_have_count(1)
    await expect(member.told("Cả Ấp 1")).to_have_count(1)
