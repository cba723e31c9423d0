"""The page of phones in a real browser; an echo stands for the bot."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from bot.channels.phone import Phone
from bot.chat.message import Button, Location, Message, Span
from bot.web.app import build
from bot.web.phone.pages import PhonePages
from bot.web.server import Server
from tests.browser.screen import NARROW, SMALL, WIDE, OnePhone, opened
from tests.web.echo import MENU, ZONE, Demo, demo, people, png

CARD = ((Button("Gửi", "keep"), Button("Sửa", "change")),)

pytestmark = pytest.mark.asyncio(loop_scope="module")  # one browser for all


@pytest_asyncio.fixture(loop_scope="module")
async def served(tmp_path: Path) -> AsyncIterator[Demo]:
    async with demo(tmp_path) as running:
        yield running


@pytest_asyncio.fixture(loop_scope="module")
async def page(browser: Browser, served: Demo) -> AsyncIterator[Page]:
    async with opened(browser, served.url) as page:
        yield page


@pytest.fixture
def an(page: Page) -> OnePhone:
    return OnePhone(page, "p12")


@pytest.fixture
def lan(page: Page) -> OnePhone:
    return OnePhone(page, "p13")


async def test_the_suggested_phones_are_open(page: Page, an: OnePhone) -> None:
    await expect(page.get_by_test_id("phone")).to_have_count(2)
    await expect(an.part("owner")).to_have_text("Nguyễn Văn An")
    await expect(an.part("role")).to_have_text("Thành viên")
    await expect(page.get_by_role("region", name="Điện thoại của Nguyễn Văn An")).to_be_visible()
    await expect(page.get_by_test_id("clock-now")).to_have_text("16:00")
    await expect(page.get_by_test_id("clock-day")).to_have_text("Thứ Sáu 27/11/2026")


async def test_starting_brings_the_menu(an: OnePhone) -> None:
    await an.part("start").click()
    await an.sees("Chào")
    await expect(an.part("menu-button")).to_have_text(["Báo cáo", "Việc của tôi", "Kết quả", "Trợ giúp"])
    await an.part("menu-button").get_by_text("Kết quả").click()
    await an.sees("Bạn nói: Kết quả")
    await an.part("contact-button").click()
    await an.sees("Số 0912345678")
    await expect(an.part("contact-button")).to_have_count(0)
    await an.part("menu-toggle").click()
    await expect(an.part("menu")).to_be_hidden()


async def test_words_are_only_words(served: Demo, an: OnePhone) -> None:
    evil = '<img src=x onerror="document.title=1"><b>đậm</b> & javascript:alert(1)'
    await an.says(evil)
    await expect(an.message(1).get_by_test_id("message-text")).to_have_text(evil)
    await an.sees(f"Bạn nói: {evil}")
    await served.phone.send("p12", Message((Span("Mã "), Span("B-1234", "code"), Span(" đã nhận", "b"))))
    await expect(an.message(3).locator("code")).to_have_text("B-1234")
    await expect(an.message(3).locator("b")).to_have_text("đã nhận")


async def test_shift_enter_begins_a_line(an: OnePhone) -> None:
    await an.input.fill("một")
    await an.input.press("Shift+Enter")
    await an.input.press_sequentially("hai")
    await an.part("send").click()
    await expect(an.message(1).get_by_test_id("message-text")).to_have_text(re.compile("một\nhai"))
    await expect(an.input).to_have_value("")


async def test_a_card_is_pressed_and_edited_in_place(an: OnePhone) -> None:
    await an.says("thẻ")
    card = an.message(2)
    await expect(card.get_by_test_id("message-button")).to_have_text(["Gửi", "Sửa", "Bỏ"])
    await expect(card.get_by_test_id("edited-mark")).to_have_count(0)
    await card.get_by_role("button", name="Gửi").click()
    await expect(an.part("toast")).to_have_text("Đã gửi")
    await expect(card).to_contain_text("Đã gửi. Mã B-1234")
    await expect(card.get_by_test_id("edited-mark")).to_have_text("đã sửa")
    await expect(card.get_by_test_id("message-button")).to_have_count(0)
    await expect(an.messages).to_have_count(2)


async def test_a_card_is_pressed_with_the_keyboard_alone(an: OnePhone) -> None:
    await an.says("thẻ")
    await expect(an.message(2).get_by_test_id("message-button")).to_have_count(3)
    await an.input.press("ArrowUp")
    await expect(an.message(2).get_by_role("button", name="Gửi")).to_be_focused()
    await an.page.keyboard.press("Tab")
    await an.page.keyboard.press("Tab")
    await an.page.keyboard.press("Enter")
    await expect(an.input).to_be_focused()
    await an.page.keyboard.type("thẻ")
    await an.page.keyboard.press("Enter")
    await expect(an.message(4).get_by_test_id("message-button")).to_have_count(3)
    await an.input.press("ArrowUp")
    await an.page.keyboard.press("Enter")
    await expect(an.message(4)).to_contain_text("Đã gửi. Mã B-1234")
    await expect(an.input).to_be_focused()


async def test_the_bot_is_seen_thinking(served: Demo, an: OnePhone) -> None:
    await an.says("đợi")
    await expect(an.message(1)).to_contain_text("đợi")
    await expect(an.part("typing")).to_be_visible()
    served.echo.go.set()
    await an.sees("Bạn nói: đợi")
    await expect(an.part("typing")).to_be_hidden()


async def test_photos_are_previewed_sent_and_enlarged(served: Demo, page: Page, an: OnePhone) -> None:
    files = [{"name": f"{i}.png", "mimeType": "image/png", "buffer": png(i + 1)} for i in range(3)]
    await an.part("file-input").set_input_files(files)  # type: ignore[arg-type]
    await expect(an.part("preview")).to_have_count(3)
    await an.part("preview").nth(0).get_by_test_id("preview-remove").click()
    await an.says("buổi ra quân")
    await expect(an.part("preview")).to_have_count(0)
    await expect(an.message(1).get_by_test_id("photo")).to_have_count(2)
    await an.sees("Đã nhận 2 tệp")
    assert await served.phone.fetch(served.echo.heard[0].files[0]) == png(2)
    await an.message(1).get_by_test_id("photo").nth(0).click()
    photo = page.get_by_test_id("viewer-photo")
    await expect(photo).to_have_js_property("naturalWidth", 2)
    await page.keyboard.press("ArrowRight")
    await expect(photo).to_have_js_property("naturalWidth", 3)
    await page.keyboard.press("Escape")
    await expect(page.get_by_test_id("viewer")).to_be_hidden()


async def test_photos_are_dropped_on_the_phone(page: Page, an: OnePhone) -> None:
    dragged = await page.evaluate_handle(
        """() => {
            const dragged = new DataTransfer();
            dragged.items.add(new File(["x"], "a.png", { type: "image/png" }));
            return dragged;
        }"""
    )
    await an.node.dispatch_event("dragenter", {"dataTransfer": dragged})
    await expect(an.node.get_by_text("Thả ảnh vào đây")).to_be_visible()
    await an.node.dispatch_event("drop", {"dataTransfer": dragged})
    await expect(an.node.get_by_text("Thả ảnh vào đây")).to_be_hidden()
    await expect(an.part("preview")).to_have_count(1)


async def test_more_than_ten_photos_are_not_taken(an: OnePhone) -> None:
    files = [{"name": f"{i}.png", "mimeType": "image/png", "buffer": png()} for i in range(12)]
    await an.part("file-input").set_input_files(files)  # type: ignore[arg-type]
    await expect(an.part("preview")).to_have_count(10)
    await expect(an.part("toast")).to_have_text("Mỗi lần gửi được nhiều nhất 10 ảnh.")


async def test_a_document_can_be_fetched(served: Demo, page: Page, an: OnePhone) -> None:
    paper = await served.phone.keep("báo cáo tuần.xlsx", b"PK")
    await served.phone.send("p12", Message((Span("Số liệu"),), files=(paper,)))
    async with page.expect_download() as download:
        await an.part("document").click()
    assert (await download.value).suggested_filename == "báo cáo tuần.xlsx"


async def test_on_a_small_telephone_what_is_said_has_the_room(browser: Browser, served: Demo) -> None:
    """Once the bars took two thirds of 360 × 640, and the button for the language stood half outside."""
    async with opened(browser, served.url, SMALL) as page:
        an = OnePhone(page, "p12")
        await served.phone.send("p12", Message((Span("Chào anh"),), menu=MENU))
        await expect(an.part("menu-button")).to_have_count(4)
        language = await page.get_by_test_id("language").bounding_box()
        assert language is not None
        assert language["x"] + language["width"] <= SMALL[0]
        said = await an.node.locator(".scroll").bounding_box()
        assert said is not None
        assert said["height"] >= SMALL[1] * 0.4
        await expect(an.part("place")).to_be_visible()
        await an.input.fill("hôm nay vneid 12")
        await expect(an.part("place")).to_be_hidden()
        await an.input.fill("")
        await expect(an.part("place")).to_be_visible()


async def test_a_picture_is_shown_whole_and_a_hamlet_on_one_line(served: Demo, an: OnePhone) -> None:
    tall = await served.phone.keep("kết quả.png", png(320))
    await served.phone.send("p12", Message((Span("Kết quả của Ấp 1"),), files=(tall,)))
    await expect(an.part("photo").locator("img")).to_have_js_property("complete", True)
    shown = await an.part("photo").locator("img").bounding_box()
    assert shown is not None
    assert abs(shown["width"] - shown["height"]) <= 1
    await expect(an.message(1).locator(".together")).to_have_text("Ấp 1")


async def test_the_place_where_the_telephone_is_is_sent(browser: Browser, served: Demo) -> None:
    where = {"latitude": 9.931247, "longitude": 106.343689}
    async with opened(browser, served.url, SMALL, geolocation=where, permissions=["geolocation"]) as page:
        an = OnePhone(page, "p12")
        await an.part("place").click()
        await page.get_by_test_id("place-here").click()
        await expect(page.get_by_test_id("place-dialog")).to_be_hidden()
        await expect(an.message(1)).to_contain_text("📍 9.93125, 106.34369")
        await an.sees("Chỗ 9.931247, 106.343689")


async def test_where_the_place_is_not_told_one_is_chosen_or_typed(browser: Browser, served: Demo) -> None:
    async with opened(browser, served.url, SMALL) as page:
        an, trouble = OnePhone(page, "p12"), page.get_by_test_id("place-trouble")
        await an.part("place").click()
        await expect(trouble).to_be_hidden()
        await page.get_by_test_id("place-here").click()
        await expect(trouble).to_contain_text("Máy không cho trang này biết vị trí")
        await expect(page.get_by_test_id("place-send")).to_be_in_viewport()
        await page.get_by_test_id("place-point").filter(has_text="Chợ xã").click()
        await an.sees("Chỗ 9.9368, 106.3391")
        await an.part("place").click()
        await expect(trouble).to_be_hidden()
        for unread in ("", "gần chợ", "9, 106", "99.5, 106.5"):
            await page.get_by_test_id("place-typed").fill(unread)
            await page.get_by_test_id("place-send").click()
            await expect(trouble).to_contain_text("Em chưa đọc được tọa độ")
        for typed in ("9.25 106.5", "9,25; 106,5", "https://maps.example/@9.25,106.5,15z"):
            await page.get_by_test_id("place-typed").fill(typed)
            await page.keyboard.press("Enter")
            await an.sees("Chỗ 9.25, 106.5")
            await expect(an.messages.last).to_contain_text("Chỗ 9.25, 106.5")
            await an.part("place").click()
        await page.keyboard.press("Escape")
        await expect(page.get_by_test_id("place-dialog")).to_be_hidden()
        assert [heard.location for heard in served.echo.heard[1:]] == [Location(9.25, 106.5)] * 3


async def test_what_is_not_looked_at_is_counted(served: Demo, page: Page, an: OnePhone, lan: OnePhone) -> None:
    await an.input.click()
    await served.phone.send("p13", Message((Span("một"),)))
    await served.phone.send("p13", Message((Span("hai"),)))
    await expect(lan.part("unread")).to_have_text("2")
    await expect(page).to_have_title("(2) Ấp Số")
    await lan.input.click()
    await expect(lan.part("unread")).to_be_hidden()
    await expect(page).to_have_title("Ấp Số")


async def test_what_came_while_scrolled_up_is_counted(served: Demo, an: OnePhone) -> None:
    await an.says("nhiều 30")
    await expect(an.messages).to_have_count(31)
    await an.message(1).scroll_into_view_if_needed()
    await expect(an.part("jump")).to_be_visible()
    await served.phone.send("p12", Message((Span("tin cuối"),)))
    await expect(an.part("jump")).to_contain_text("1 tin mới")
    await expect(an.part("unread")).to_have_text("1")
    await an.part("jump").click()
    await expect(an.message(32)).to_be_in_viewport()
    await expect(an.part("unread")).to_be_hidden()
    await expect(an.part("jump")).to_be_hidden()


async def test_earlier_messages_are_fetched_on_demand(served: Demo, page: Page, an: OnePhone) -> None:
    for i in range(120):
        await served.phone.send("p12", Message((Span(f"tin {i}"),)))
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    await expect(an.messages).to_have_count(100)
    await an.part("earlier").click()
    await expect(an.messages).to_have_count(120)
    await expect(an.part("earlier")).to_be_hidden()
    await expect(an.messages.first).to_have_attribute("data-message-id", "1")


async def test_like_zalo_there_are_no_buttons(served: Demo, an: OnePhone) -> None:
    await served.phone.send("p12", Message((Span("Đúng chưa?"),), CARD, menu=MENU))
    await expect(an.part("menu-button")).to_have_count(4)
    await an.part("plain-switch").check()
    await expect(an.part("message-button").first).to_be_hidden()
    await expect(an.part("menu")).to_be_hidden()
    assert served.phone.is_plain("p12")
    await an.part("plain-switch").uncheck()
    await expect(an.part("message-button").first).to_be_visible()
    await expect(an.part("menu")).to_be_visible()


async def test_the_clock_is_moved_and_days_are_drawn(page: Page, an: OnePhone) -> None:
    await an.says("hôm nay")
    await page.get_by_test_id("clock-tomorrow").click()
    await expect(page.get_by_test_id("clock-now")).to_have_text("07:00")
    await an.says("hôm sau")
    await expect(an.part("day").filter(visible=True)).to_have_text(["Thứ Sáu 27/11/2026", "Thứ Bảy 28/11/2026"])
    await expect(an.message(3).get_by_test_id("message-time")).to_have_text("07:00")
    await page.get_by_test_id("clock-hour").click()
    await expect(page.get_by_test_id("clock-now")).to_have_text("08:00")
    await page.get_by_test_id("clock-input").fill("2026-12-24T18:30")
    await page.get_by_test_id("clock-set").click()
    await expect(page.get_by_test_id("clock-day")).to_have_text("Thứ Năm 24/12/2026")


async def test_further_phones_are_opened_closed_and_remembered(served: Demo, page: Page, an: OnePhone) -> None:
    await served.phone.send("p9", Message((Span("có việc mới"),)))
    await expect(page.get_by_test_id("elsewhere")).to_have_text("1")
    await page.get_by_test_id("add-phone").click()
    await page.get_by_test_id("chooser-search").fill("muoi")
    await expect(page.get_by_test_id("chooser-person")).to_have_count(1)
    await page.get_by_test_id("chooser-search").press("Enter")
    await expect(page.get_by_test_id("phone")).to_have_count(3)
    ninth = OnePhone(page, "p9")
    await ninth.sees("có việc mới")
    await ninth.part("menu-start").click()
    await expect(ninth.part("menu-button")).to_have_count(4)
    await expect(page.get_by_test_id("elsewhere")).to_be_hidden()
    await an.part("close-phone").click()
    await expect(page.get_by_test_id("phone")).to_have_count(2)
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    assert await page.get_by_test_id("phone").evaluate_all("all => all.map(one => one.dataset.person)") == ["p13", "p9"]


async def test_hints_show_where_to_press_until_they_are_put_away(
    served: Demo, page: Page, an: OnePhone, lan: OnePhone
) -> None:
    await served.phone.send("p12", Message((Span("Chào anh"),), menu=MENU))
    await served.phone.send("p13", Message((Span("Chào chị"),), menu=(("📝 Báo cáo", "📌 Giao việc"),)))
    await expect(lan.part("menu-button")).to_have_count(2)
    await page.get_by_test_id("hint-report").click()
    await expect(an.part("menu-button").get_by_text("Báo cáo")).to_be_focused()
    await page.get_by_test_id("hint-assign").click()
    await expect(lan.part("menu-button").get_by_text("Giao việc")).to_be_focused()
    await lan.part("plain-switch").check()
    await page.get_by_test_id("hint-assign").click()
    await expect(lan.input).to_have_value("📌 Giao việc")
    await page.get_by_test_id("hint-tomorrow").click()
    await expect(page.get_by_test_id("clock-day")).to_have_text("Thứ Bảy 28/11/2026")
    await page.get_by_test_id("hint-friday").click()
    await expect(page.get_by_test_id("clock-day")).to_have_text("Thứ Sáu 4/12/2026")
    await page.get_by_test_id("hints-close").click()
    await page.reload()
    await page.locator("body[data-ready]").wait_for()
    await expect(page.get_by_test_id("hints")).to_be_hidden()


async def test_the_page_speaks_english_too(page: Page, an: OnePhone) -> None:
    await an.says("thẻ")
    await page.get_by_test_id("language").click()
    await expect(page.get_by_test_id("add-phone")).to_have_text("Open a phone")
    await expect(an.input).to_have_attribute("placeholder", "Write a message")
    await expect(an.part("day").first).to_have_text("Friday 27/11/2026")


async def test_a_fault_is_told_and_the_words_are_not_lost(served: Demo, an: OnePhone) -> None:
    await served.phone.stop()
    await an.says("giúp 5 người")
    await expect(an.part("toast")).to_have_text("Bot chưa sẵn sàng. Xin thử lại sau ít giây.")
    await expect(an.input).to_have_value("giúp 5 người")
    await expect(an.part("pending")).to_have_count(0)


async def test_narrow_one_phone_at_a_time(browser: Browser, served: Demo) -> None:
    async with opened(browser, served.url, NARROW, has_touch=True, is_mobile=True) as page:
        an, lan = OnePhone(page, "p12"), OnePhone(page, "p13")
        assert await page.evaluate("document.documentElement.scrollWidth") == NARROW[0]
        await expect(an.node).to_be_in_viewport(ratio=0.9)
        await expect(lan.node).not_to_be_in_viewport()
        await served.phone.send("p13", Message((Span("Tin của Lan"),)))
        tab = page.locator('[data-testid="tab"][data-person="p13"]')
        await expect(tab.get_by_test_id("tab-unread")).to_have_text("1")
        await tab.click()
        await expect(lan.node).to_be_in_viewport(ratio=0.9)
        await expect(tab).to_have_attribute("aria-selected", "true")
        await expect(tab.get_by_test_id("tab-unread")).to_be_hidden()
        await page.get_by_test_id("clock-toggle").click()
        await page.get_by_test_id("clock-hour").click()
        await expect(page.get_by_test_id("clock-now")).to_have_text("17:00")
        await expect(page.get_by_test_id("clock-hour")).to_be_hidden()


@dataclass
class Outage:
    """A phone that lost its connection to the first bot, and `again`, the bot after its restart."""

    an: OnePhone
    again: Phone
    second: Server


@asynccontextmanager
async def outage(browser: Browser, folder: Path) -> AsyncIterator[Outage]:
    """A card is on the phone when the connection is lost; it is back once `second` is started."""
    async with demo(folder) as first, opened(browser, first.url) as page:
        an = OnePhone(page, "p12")
        await an.says("thẻ")
        await an.sees("Em hiểu thế này")
        await first.server.stop()
        await expect(page.get_by_test_id("offline")).to_be_visible()
        again = Phone(folder, first.clock.now)
        second = Server(build(phone=PhonePages(again, people, first.clock, ZONE)), port=first.server.port)
        yield Outage(an, again, second)
        await page.goto("about:blank")
        await second.stop()


async def test_after_a_restart_everything_missed_is_caught_up(browser: Browser, tmp_path: Path) -> None:
    """New and edited messages of the time without connection, without a reload."""
    async with outage(browser, tmp_path) as lost:
        await lost.again.edit("p12", "2", Message((Span("Đã khác"),)))
        await lost.again.send("p12", Message((Span("Tin lúc mất mạng"),)))
        await lost.second.start()
        await lost.an.sees("Tin lúc mất mạng")
        await expect(lost.an.message(2)).to_contain_text("Đã khác")
        await expect(lost.an.page.get_by_test_id("offline")).to_be_hidden()


async def test_an_answer_long_on_its_way_does_not_undo_what_was_told_meanwhile(
    browser: Browser, tmp_path: Path
) -> None:
    async with outage(browser, tmp_path) as lost:
        card, late = lost.an.message(2), asyncio.Event()

        async def slowly(route: Route) -> None:
            answer = await route.fetch()
            await lost.again.edit("p12", "2", Message((Span("Đã khác"),)))
            await expect(card).to_contain_text("Đã khác")
            await route.fulfill(response=answer)
            late.set()

        await lost.an.page.route("**/p12/messages?after=*", slowly)
        await lost.second.start()
        await asyncio.wait_for(late.wait(), 30)
        await lost.again.send("p12", Message((Span("Tin sau cùng"),)))
        await lost.an.sees("Tin sau cùng")
        await expect(card).to_contain_text("Đã khác")
        await expect(card.get_by_test_id("message-button")).to_have_count(0)


@pytest.mark.parametrize("size", [WIDE, NARROW])
async def test_everything_to_press_has_a_name_and_room(browser: Browser, served: Demo, size: tuple[int, int]) -> None:
    await served.phone.send("p12", Message((Span("Đúng chưa?"),), CARD, menu=MENU, contact="Gửi số"))
    async with opened(browser, served.url, size) as page:
        bad = await page.evaluate(
            """() => [...document.querySelectorAll("button, input, textarea, a")]
                .filter((one) => one.offsetParent && one.type !== "file")
                .filter((one) => {
                    const { width, height } = one.getBoundingClientRect();
                    const name = one.getAttribute("aria-label") || one.textContent.trim() || one.placeholder;
                    return !name || width < 24 || height < 32;
                })
                .map((one) => one.outerHTML)"""
        )
        assert bad == []
