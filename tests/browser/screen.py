"""The page of phones in the browser, as a person uses it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, ConsoleMessage, Locator, Page, expect

WIDE, NARROW, SMALL = (1400, 900), (390, 844), (360, 640)


@asynccontextmanager
async def opened(browser: Browser, url: str, size: tuple[int, int] = WIDE, **options: Any) -> AsyncIterator[Page]:
    """The page, ready; no error and no broken policy may be heard of until it is closed."""
    context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, **options)
    context.set_default_timeout(10_000)
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if _is_fault(message) else None)
    await page.goto(f"{url}/phone")
    await page.locator("body[data-ready]").wait_for()
    yield page
    await context.close()
    assert faults == []


def _is_fault(message: ConsoleMessage) -> bool:
    # An answer of 4xx is told on the console too; the page shows its sentence.
    return message.type == "error" and "Failed to load resource" not in message.text


class OnePhone:
    """One phone of the page, as a person uses it: `says`, `sees`, `chooses`."""

    def __init__(self, page: Page, person: str) -> None:
        self.page = page
        self.person = person
        self.node = page.locator(f'[data-testid="phone"][data-person="{person}"]')
        self.messages = self.part("message")
        self.input = self.part("input")

    def part(self, name: str) -> Locator:
        return self.node.get_by_test_id(name)

    def message(self, number: int) -> Locator:
        return self.node.locator(f'[data-testid="message"][data-message-id="{number}"]')

    def told(self, *words: str) -> Locator:
        """What the bot said with all these words in it."""
        found = self.node.locator('[data-testid="message"][data-from="bot"]')
        for one in words:
            found = found.filter(has_text=one)
        return found

    async def says(self, text: str, *photos: bytes) -> None:
        if photos:
            files = [{"name": f"{n}.png", "mimeType": "image/png", "buffer": photo} for n, photo in enumerate(photos)]
            await self.part("file-input").set_input_files(files)  # type: ignore[arg-type]
            await expect(self.part("preview")).to_have_count(len(photos))
        await self.input.fill(text)
        await self.input.press("Enter")

    async def sees(self, *words: str) -> str:
        """Wait for a message of the bot with all these words; returns the last one's text."""
        await expect(self.told(*words).last, f"{self.person} sees {words}").to_be_attached()
        return await self.told(*words).last.get_by_test_id("message-text").inner_text()

    async def turns_plain(self) -> None:
        """Be like Zalo from now on."""
        await self.part("plain-switch").check()
        await expect(self.node).to_have_class(re.compile("plain"))

    async def begins(self, label: str) -> None:
        """Press a button of the menu; where there is none, write its words."""
        if await self.part("plain-switch").is_checked():
            await self.says(label)
        else:
            await self.part("menu-button").filter(has_text=label).click()

    async def chooses(self, label: str, *under: str) -> None:
        """Press the button under the message with these words; where there is none, type its number or its words."""
        if not await self.part("plain-switch").is_checked():
            await self.told(*under).last.get_by_test_id("message-button").filter(has_text=label).click()
            return
        text = await self.sees(*under, label)
        line = next((one for one in text.splitlines() if label in one and re.match(r"\d+\. |• ", one)), None)
        assert line is not None, f"{label!r} is not among the lines of\n{text}"
        await self.says(line.split(".")[0] if line[0].isdigit() else line[2:])
