"""The people of the commune: they look at their phones, decide, and forget nothing of what they were promised."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.chat.message import Press
from tests.simulation.ledger import Given, Meant
from tests.simulation.network import Shown

if TYPE_CHECKING:
    from tests.simulation.world import World

PATIENCE_S = 240.0
KINDS = (("Nộp hồ sơ", "DVC"), ("Cài VNeID mức 2", "VNE"), ("Đến nhà hướng dẫn", "HO"))
GONE = "đã làm xong hoặc đã bỏ"
TWICE = "cho em hỏi lại cho chắc"


@dataclass
class Actor:
    """One person with a phone, doing one thing at a time."""

    world: World
    key: str
    id: int
    chat: str
    busy: bool = False
    reports: list[Meant] = field(default_factory=list)
    _seen: int = 0

    async def does(self, act: Callable[[Actor], Awaitable[None]]) -> None:
        """Something, unless they are in the middle of something else."""
        if self.busy:
            return
        self.busy = True
        try:
            await act(self)
        finally:
            self.busy = False

    async def thinks(self, most: float = 40.0) -> None:
        await self.world.pause(self.world.random.uniform(2, most))

    def says(self, text: str) -> None:
        self._seen = self.world.network.changes
        self.world.note(f"{self.key} says {text!r}")
        self.world.network.does(self.chat, text=text)

    def presses(self, label: str, within: str = "") -> bool:
        """The newest button with these words, or what is to be typed for it; sometimes twice, as old people do."""
        for shown in reversed(self.phone):
            if within not in shown.text:
                continue
            for button in (one for row in shown.buttons for one in row):
                if label in button.label:
                    self._seen = self.world.network.changes
                    for _ in range(2 if self.world.random.random() < 0.04 else 1):
                        self.world.note(f"{self.key} presses {button.label!r}")
                        self.world.network.does(self.chat, press=Press(button.action, str(shown.id)))
                    return True
            numbered = re.search(rf"^(\d+)\. [^\n]*{re.escape(label)}", shown.text, re.MULTILINE)
            if numbered and shown is self.phone[-1]:
                self.says(numbered[1])
                return True
        return False

    @property
    def phone(self) -> list[Shown]:
        """What it shows, in the order in which it changed."""
        return sorted(self.world.network.phones.get(self.chat, {}).values(), key=lambda shown: shown.changed)

    async def sees(self, *fragments: str, either: tuple[str, ...] = ()) -> str:
        """A new or changed message with all of this; "" when one of `either` comes, or none for long."""
        until = self.world.time() + PATIENCE_S
        while self.world.time() < until:
            for shown in self.phone:
                if shown.changed > self._seen:
                    if all(fragment in shown.text for fragment in fragments):
                        return shown.text
                    if any(one in shown.text for one in either):
                        return ""
            await self.world.change(self.chat, until)
        self.world.note(f"{self.key} waited in vain for {fragments}")
        return ""

    async def answers(self, question: str, *fragments: str, say: str = "", press: str = "") -> bool:
        """Wait for a question, think, and answer it."""
        if not await self.sees(question, *fragments):
            return False
        await self.thinks()
        if press and self.presses(press):
            return True
        if say or press:
            self.says(say or press)
        return True


async def reports(who: Actor) -> None:
    """Three questions, one look at what was understood, and only then [Gửi]."""
    dice, ledger = who.world.random, who.world.ledger
    label, code = dice.choice(KINDS)
    meant = Meant(who.id, who.world.token(), code, dice.randint(1, 9))
    ledger.reports[meant.token] = meant
    who.says("/baocao")
    if not await who.answers("Câu 1/3", press=label):
        return
    if not await who.answers("Bao nhiêu", say=str(meant.count)):
        return
    if not await who.answers("Câu 3/3", say=f"ghi chú {meant.token}"):
        return
    if not await who.answers(meant.token, press="Xong"):
        return
    check = await who.sees("Em ghi như vầy")
    if not check:
        return
    await who.thinks()
    if meant.token not in check or f"✔ {meant.count} " not in check:
        who.presses("Bỏ", within="Em ghi như vầy")
        return
    if not who.presses("Gửi", within=meant.token):
        return
    meant.pressed = True
    said = await who.sees(meant.token, "em ghi nhận B-", either=(GONE, TWICE))
    if not said and who.presses("Vẫn gửi", within=TWICE):
        said = await who.sees(meant.token, "em ghi nhận B-", either=(GONE,))
    if said:
        meant.code = re.search(r"B-(\d+)", said)[0]  # type: ignore[index]
        who.reports.append(meant)
        await _reconsiders(who, meant)


async def _reconsiders(who: Actor, meant: Meant) -> None:
    fate = who.world.random.random()
    if fate < 0.1:
        await who.thinks(300)
        if who.presses("Hoàn tác", within=meant.token):
            meant.undo_pressed = True
            meant.undone = bool(await who.sees(f"em đã gỡ {meant.code}"))
    elif fate < 0.3:
        await who.thinks(1800)
        await _changes(who, meant)


async def _changes(who: Actor, meant: Meant) -> None:
    if not who.presses("Sửa", within=meant.code):
        return
    if not await who.answers("sửa phần nào", press=f"{meant.count} "):
        return
    new = meant.count + 10
    if not await who.answers("Anh/chị nhắn số mới", say=str(new)):
        return
    check = await who.sees("như vầy", meant.token)
    if not check or f"✔ {new} " not in check:
        return
    await who.thinks()
    meant.maybe = new
    if who.presses("Sửa lại", within=meant.code) and await who.sees(f"em đã sửa {meant.code}"):
        meant.count, meant.changed = new, True


async def gives(who: Actor) -> None:
    """A task for every hamlet."""
    dice = who.world.random
    given = Given(who.id, who.world.token())
    who.world.ledger.tasks[given.token] = given
    who.says("/giaoviec")
    if not await who.answers("giao việc gì", say=f"Dán mã {given.token}"):
        return
    if not await who.answers("Giao cho ai", press="Tất cả"):
        return
    if not await who.answers("Hạn tới lúc nào", press=dice.choice(("Mai 17:00", "Mai 17:00", "Cuối tháng", "Thứ Sáu"))):
        return
    if not await who.answers("cần gì để kiểm tra", press=dice.choice(("Không cần", "Con số"))):
        return
    check = await who.sees("Em giao như vầy")
    await who.thinks()
    if given.token not in check or not who.presses("Gửi", within=given.token):
        return
    given.pressed = True
    said = await who.sees(given.token, "em đã giao V-", either=(GONE,))
    if said:
        given.code = re.search(r"V-(\d+)", said)[0]  # type: ignore[index]


async def works(who: Actor) -> None:
    """Takes on what is there, or reports it done."""
    if who.presses("Đã nhận"):
        await who.sees("Đang làm")
        return
    shown = next((s for s in reversed(who.phone) if any("✅ Xong" in b.label for r in s.buttons for b in r)), None)
    if shown is None or not who.presses("✅ Xong", within=shown.text):
        return
    asked = await who.sees("Nhắn con số giúp em", either=("em đã báo là xong",))
    if asked:
        await who.thinks()
        who.says(str(who.world.random.randint(1, 20)))
        await who.sees("em đã báo là xong")


async def judges(who: Actor) -> None:
    """Accepts what waits for a look, or returns it with a reason."""
    shown = next((s for s in reversed(who.phone) if "báo xong" in s.text and s.buttons), None)
    if shown is None:
        return
    code = re.search(r"V-\d+", shown.text)
    name = shown.text.split(" (")[0].removeprefix("📨 ")
    if code is None:
        return
    if who.world.random.random() < 0.8:
        if who.presses("Nhận kết quả", within=shown.text) and await who.sees("đã nhận kết quả này", code[0], name):
            who.world.ledger.approved.add((code[0], name))
    elif who.presses("Trả lại", within=shown.text) and await who.answers("cần làm lại chỗ nào", say="còn thiếu"):
        await who.sees("em đã chuyển lại")


async def broadcasts(who: Actor) -> None:
    """Words to the whole commune."""
    token = who.world.token()
    who.says("/thongbao")
    if not await who.answers("cho đơn vị nào", say="Xã Đại Điền"):
        return
    if not await who.answers("nội dung thông báo", say=f"Họp {token}"):
        return
    check = await who.sees("Người nhận sẽ thấy như vầy", token)
    await who.thinks()
    if check and who.presses("Gửi", within=token):
        who.world.ledger.broadcasts[token] = ""
        said = await who.sees("📢 T-")
        if said:
            who.world.ledger.broadcasts[token] = re.search(r"T-\d+", said)[0]  # type: ignore[index]


async def leaves_and_comes_back(who: Actor) -> None:
    """Blocks the bot for some hours, then speaks to it again."""
    who.world.note(f"{who.key} blocks the bot")
    who.world.network.blocked.add(who.chat)
    await who.world.pause(who.world.random.uniform(3600, 30 * 3600))
    who.world.network.blocked.discard(who.chat)
    who.says("chào em")
    await who.sees("")


async def gossips(who: Actor) -> None:
    """Words that are no answer to anything, several at once."""
    for text in who.world.random.sample(("trời mưa quá", "/help", "kết quả", "/tuan", "/viec", "B-0001", "0"), 2):
        who.says(text)
        await asyncio.sleep(0)
    await who.sees("")
