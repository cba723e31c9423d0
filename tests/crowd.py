"""A commune at work on its telephones while the program dies under it, and what must be true of it afterwards.

Everybody does what a patient person does: answers what is asked as soon as it is asked, presses what is shown, and
begins anew when nothing comes for a while. Whatever they send has words of its own, so that it is known again.
"""

from __future__ import annotations

import asyncio
import os
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from bot.chat import wire
from storage import categories, consents, people, tasks, units
from storage.db import Db
from tests.rig import ZONE
from tests.servers.bot_api import BotApi, Message, Person

FIRST_CHAT = 5_000_000_000
HAMLETS, TEAM = 5, 6
PATIENCE_S = 6.0
SOON_DUE = "Việc sắp tới hạn"
OVERTAKEN = "phần này mình đã làm xong hoặc đã bỏ rồi"
TWICE = "cho em hỏi lại cho chắc"
DAY_MS = 24 * 3600 * 1000
AGAIN = {"REPLY", "NOTICE", "TASK", "REMINDER"}  # what may be said once more when nobody knows whether it arrived

# A broadcast is over when its author has been told so, which is a letter more.
NOT_OVER = (
    "SELECT id, kind, state FROM outbox WHERE state IN ('queued', 'sending')"
    " UNION ALL SELECT id, 'BROADCAST', 'running' FROM broadcasts WHERE finished_at IS NULL"
)


def crowded() -> float:
    """How much longer than on an idle machine things may take now."""
    return max(1.0, os.getloadavg()[0] / len(os.sched_getaffinity(0)))


class NothingCame(Exception):
    """Somebody waited long enough."""


def settle(db: Db, now: int) -> dict[str, int]:
    """A province, a commune and its hamlets, everybody linked; returns who they are.

    Each hamlet has something due tomorrow, to be reminded of.
    """
    categories.seed(db)
    top = units.add(db, code="tinh", name="Tỉnh Bến Tre", kind="tỉnh", level="province", parent=None, since=now)
    commune = units.add(db, code="xa", name="Xã Đại Điền", kind="xã", level="commune", parent=top, since=now)
    found = {"quan": _appoint(db, "Lê Minh Quân", top.id, "admin", now)}
    found["lan"] = _appoint(db, "Nguyễn Thị Lan", commune.id, "head", now)
    task = tasks.add(
        db, title=SOON_DUE, giver_id=found["lan"], unit_id=commune.id, due_at=now + DAY_MS, evidence="none", now=now
    )
    for h in range(1, HAMLETS + 1):
        hamlet = units.add(db, code=f"ap{h}", name=f"Ấp {h}", kind="ấp", level="hamlet", parent=commune, since=now)
        found[f"head{h}"] = _appoint(db, f"Trưởng Ấp {h}", hamlet.id, "head", now)
        tasks.assign(db, task.id, hamlet.id, found[f"head{h}"], now)
        for m in range(1, TEAM):
            found[f"member{h}{m}"] = _appoint(db, f"Thành Viên {h}{m}", hamlet.id, "member", now)
    return found


def _appoint(db: Db, name: str, unit_id: int, role: str, now: int) -> int:
    person = people.add(db, name=name, phone="", language="vi", now=now)
    people.appoint(db, person.id, unit_id, role, now)
    chat = str(FIRST_CHAT + person.id)
    people.link(db, "telegram", chat, person.id, now)
    consents.give(db, "telegram", chat, "2026-11", now)
    return person.id


@dataclass
class Sent:
    """What somebody pressed [Gửi] on. `code`: what they were told it is called ("": nothing came)."""

    words: str
    count: int = 0
    code: str = ""


class Somebody:
    """A person, their telephone, and what they remember. This one reports, again and again."""

    def __init__(self, key: str, person_id: int, phone: Person, dice: Random) -> None:
        self.key, self.id, self.phone, self.dice = key, person_id, phone, dice
        self.sent: list[Sent] = []
        self.gave_up: list[str] = []
        self._seen = 0

    async def lives(self, evening: asyncio.Event) -> None:
        """Do one thing after the other until the evening."""
        while not evening.is_set():
            try:
                await self.does_something(evening)
            except NothingCame as what:
                self.gave_up.append(str(what))

    async def does_something(self, evening: asyncio.Event) -> None:
        """What this person is there for."""
        await self.reports()

    async def reports(self) -> None:
        """By buttons, with a note like no other."""
        words, count = self.own_words(), self.dice.randint(1, 30)
        await self.says("/baocao")
        await self.sees("Câu 1/3")
        await self.presses("Nộp hồ sơ")
        await self.sees("Bao nhiêu hồ sơ")
        await self.says(str(count))
        await self.sees("hình hay muốn ghi chú")
        await self.says(words)
        await self.sees(f"Ghi chú: {words}")
        await self.presses("Xong")
        shown = await self.sees("Em ghi như vầy", f"{count} hồ sơ", words)
        await self.sends(Sent(words, count), shown, rf"em ghi nhận (B-\d+)(?s:.*){words}$")

    def own_words(self) -> str:
        """Words nobody else says, nor this person ever again."""
        return f"{self.key} {len(self.sent)}/{len(self.gave_up)}"

    async def sends(self, what: Sent, shown: Message, told: str, *, in_place: bool = False) -> None:
        """Press [Gửi], sometimes twice, and remember what it was called; `in_place`: the pressed message says so."""
        pressed = next(button for button in shown.buttons if "Gửi" in button.label)
        await self.presses("Gửi", shown)
        self.sent.append(what)
        if self.dice.random() < 0.1:
            await self.phone.presses_data(pressed.data, shown)
        said = await self.sees(f"{told}|{TWICE}", among=[shown] if in_place else None)
        if TWICE in said.text:
            await self.presses("Vẫn gửi", said)
            said = await self.sees(told)
        answer = re.search(told, said.text)
        assert answer is not None
        what.code = answer[1]

    async def says(self, text: str) -> None:
        """Write; what was shown before is answered by that."""
        self._seen = len(self.phone.chat.events)
        await self.phone.says(text)

    async def presses(self, label: str, message: Message | None = None) -> None:
        """Press the newest button with these words, or that of `message`."""
        for shown in [message] if message else reversed(self.phone.messages):
            for at, words in enumerate(shown.labels):
                if label in words:
                    self._seen = len(self.phone.chat.events)
                    self.phone.press_button(at, shown)
                    return
        raise NothingCame(f"no button {label}")

    async def sees(self, *patterns: str, among: Sequence[Message] | None = None) -> Message:
        """The first message with all of these that came or changed since this person last did something."""
        end = time.monotonic() + PATIENCE_S
        while True:
            for message in self.phone.chat.events[self._seen :]:
                if among is not None and message not in among:
                    continue
                if all(re.search(pattern, message.text) for pattern in patterns):
                    return message
            if not await self.hears_something(end - time.monotonic()):
                raise NothingCame(" & ".join(patterns))

    async def hears_something(self, seconds: float) -> bool:
        """Whether anything comes or changes within this time."""
        self.phone.chat.changed.clear()
        with suppress(TimeoutError):
            return await asyncio.wait_for(self.phone.chat.changed.wait(), max(0.0, seconds))
        return False

    def may_still_send(self, words: str) -> bool:
        """Whether it is shown again to be looked at: a press that was overtaken sends nothing."""
        return any(words in message.text for message, _ in self.shown("", "Gửi"))

    def shown(self, pattern: str, label: str = "") -> list[tuple[Message, re.Match[str]]]:
        """The messages of the bot that look like this now, and have such a button."""
        return [
            (message, found)
            for message in self.phone.messages
            if message.from_bot
            and (not label or any(label in one for one in message.labels))
            and (found := re.search(pattern, message.text))
        ]


class Head(Somebody):
    """Reports too, but first does what the lead asks: each task once, and again when it is returned."""

    def __init__(self, key: str, person_id: int, phone: Person, dice: Random) -> None:
        super().__init__(key, person_id, phone, dice)
        self.finished: Counter[str] = Counter()  # by task: how often they were told it is reported
        self._done: set[tuple[str, str]] = set()

    async def does_something(self, evening: asyncio.Event) -> None:
        """A task that waits, else a report."""
        for message, found in self.shown(r"việc mới(?s:.*)(V-\d+)()") + self.shown(r"làm lại (V-\d+): (.*)"):
            code, why = found.groups()
            if (code, why) not in self._done:
                await self.finishes(code, message)
                self._done.add((code, why))
                return
        await self.reports()

    async def finishes(self, code: str, message: Message) -> None:
        """[Xong], and the number that is asked for; nothing to do where it is reported already."""
        if self.dice.random() < 0.5 and any("Xong" in label for label in message.labels):
            await self.presses("Xong", message)
        else:
            await self.says(f"xong {code}")
        answer = await self.sees("làm được bao nhiêu|đang chờ duyệt|đã được duyệt")
        if "bao nhiêu" in answer.text:
            await self.says(str(self.dice.randint(1, 99)))
            await self.sees(f"em đã báo là xong(?s:.*){code}")
            self.finished[code] += 1


class Lead(Somebody):
    """Hands out tasks and judges what was done."""

    def __init__(self, key: str, person_id: int, phone: Person, dice: Random) -> None:
        super().__init__(key, person_id, phone, dice)
        self.accepted: list[tuple[str, str]] = []  # (name, code) they were told is accepted
        self._judged: set[int] = set()
        self._gives_at = 0.0

    async def does_something(self, evening: asyncio.Event) -> None:
        """A look at work that waits for it, else a new task every few seconds."""
        for message, found in self.shown(r"^📨 (.+) \(.*\) báo xong (V-\d+)", "Nhận kết quả"):
            if message.id not in self._judged:
                self._judged.add(message.id)
                await self.judges(message, found[1], found[2])
                return
        if time.monotonic() >= self._gives_at:
            self._gives_at = time.monotonic() + 3.0
            await self.gives()
        else:
            await self.hears_something(0.2)

    async def judges(self, message: Message, name: str, code: str) -> None:
        """Mostly it is good enough."""
        if self.dice.random() < 0.7:
            await self.presses("Nhận kết quả", message)
            await self.sees(f"^📨 {name} .*{code}(?s:.*)(đã nhận kết quả này)")
            self.accepted.append((name, code))
        else:
            await self.presses("Trả lại", message)
            await self.sees("cần làm lại chỗ nào")
            why = f"chưa đủ {message.id}"
            await self.says(why)
            await self.sees(f"chuyển lại cho {name}: {why}")

    async def gives(self) -> None:
        """A task for every hamlet, with a number as its evidence."""
        title = self.own_words()
        await self.says("/giaoviec")
        await self.sees("muốn giao việc gì")
        await self.says(title)
        await self.sees("Giao cho ai")
        await self.presses("Tất cả")
        await self.sees("Hạn tới lúc nào")
        await self.says(f"{datetime.now(ZONE) + timedelta(days=10):%d/%m} 17h")
        await self.sees("cần gì để kiểm tra")
        await self.presses("Con số")
        shown = await self.sees("người nhận", title)
        await self.sends(Sent(title), shown, rf"em đã giao (V-\d+)(?s:.*){title}")


class Administrator(Somebody):
    """Says something to everybody now and then."""

    async def does_something(self, evening: asyncio.Event) -> None:
        """One announcement, then some quiet."""
        text = f"Thông báo {self.own_words()}"
        await self.says("/thongbao")
        await self.sees("gửi thông báo cho đơn vị nào")
        await self.presses("Tỉnh Bến Tre")
        await self.sees("nội dung thông báo")
        await self.says(text)
        shown = await self.sees("Người nhận sẽ thấy như vầy", text)
        await self.sends(Sent(text), shown, r"^📢 (T-\d+)", in_place=True)
        with suppress(TimeoutError):
            await asyncio.wait_for(evening.wait(), self.dice.uniform(1, 3))


class Crowd:
    """Everybody of the commune with a telephone in hand.

    `in_order`: Telegram brings everything in the order it happened, as it does to who polls. To a webhook presses and
    messages come in two queues: who presses [Gửi], hears nothing and goes on to something else may overtake the press.
    """

    def __init__(self, api: BotApi, found: dict[str, int], dice: Random, *, in_order: bool = True) -> None:
        kinds: dict[str, type[Somebody]] = {"quan": Administrator, "lan": Lead, "head": Head}
        self.api, self.in_order = api, in_order
        self.people = [
            kinds.get(key.rstrip("0123456789"), Somebody)(
                key, person_id, api.person(FIRST_CHAT + person_id, key, started=True), Random(dice.random())
            )
            for key, person_id in found.items()
        ]
        self._evening = asyncio.Event()
        self._lives: list[asyncio.Task[None]] = []

    def of(self, kind: type[Somebody]) -> list[Any]:
        """Those of exactly this kind."""
        return [one for one in self.people if type(one) is kind]

    def begins(self) -> None:
        """The day begins."""
        self._lives = [asyncio.create_task(one.lives(self._evening), name=one.key) for one in self.people]

    async def ends(self) -> None:
        """Everybody brings what they do to an end."""
        self._evening.set()
        await asyncio.gather(*self._lives)

    def written(self, by: str | None = None) -> list[float]:
        """When the bot (None: whichever process) wrote something, new or in place of something."""
        calls = [call for call in self.api.calls if call.method in WRITES and call.status == 200]
        return [call.at for call in calls if by in (None, call.via)]

    @property
    def figures(self) -> str:
        """What happened, in a line."""
        reports = sum(len(one.sent) for one in self.people if type(one) in (Somebody, Head))
        (lead,), (admin,) = self.of(Lead), self.of(Administrator)
        return (
            f"updates {self.api.updates.added}, reports {reports}, tasks {len(lead.sent)},"
            f" broadcasts {len(admin.sent)},"
            f" messages and edits {len(self.written())}, gave up waiting {sum(len(one.gave_up) for one in self.people)}"
        )


WRITES = {"sendMessage", "editMessageText", "editMessageReplyMarkup"}


@dataclass(frozen=True)
class Letter:
    """A row of the outbox, with its words."""

    id: int
    kind: str
    chat: int
    person_id: int | None
    broadcast_id: int | None
    words: str
    card: str
    edits: int
    state: str
    attempts: int
    message_id: int
    error: str


def letters(db: Db) -> list[Letter]:
    """The whole outbox."""
    rows = db.all(
        "SELECT id, kind, chat, person_id, broadcast_id, body, card, edits, state, attempts, message_id, error"
        " FROM outbox ORDER BY id"
    )
    return [
        Letter(id, kind, int(chat), who, of, _words(body), card, edits, state, attempts, int(message or 0), error)
        for id, kind, chat, who, of, body, card, edits, state, attempts, message, error in rows
    ]


def _words(body: str) -> str:
    return "".join(span.text for span in wire.unpack(body).text)


def check_kept(db: Db, crowd: Crowd) -> None:
    """What people sent is kept exactly once, in the order they sent it, and called what they were told."""
    assert db.all("SELECT * FROM surprises") == []
    _check_reports(db, crowd)
    _check_tasks(db, crowd)
    _check_broadcasts(db, crowd)


def _check_reports(db: Db, crowd: Crowd) -> None:
    kept = defaultdict(list)
    for id, author, note, count in db.all(
        "SELECT r.id, r.author_id, r.note, i.count FROM reports r LEFT JOIN report_items i ON i.report_id = r.id"
        " WHERE r.state = 'kept' ORDER BY r.id"
    ):
        kept[author].append(Sent(note, count, f"B-{id:04d}"))
    for one in [*crowd.of(Somebody), *crowd.of(Head)]:
        _are_the_same(kept.pop(one.id, []), one, crowd)
    assert kept == {}


def _are_the_same(kept: list[Sent], who: Somebody, crowd: Crowd) -> None:
    """What is kept and what was sent, in order; the codes that its sender never heard do not count."""
    told = {one.words: one.code for one in who.sent}
    kept = [Sent(one.words, one.count, one.code if told.get(one.words) else "") for one in kept]
    # Asked whether it is the same work after they had given up waiting, nobody said that it is to be sent.
    unsaid = TWICE if crowd.in_order else f"{OVERTAKEN}|{TWICE}"
    sent = [one for one in who.sent if one.code or one in kept]
    lost = [one for one in who.sent if one not in sent and (crowd.in_order or not who.may_still_send(one.words))]
    asked = [one for one in who.phone.messages if any(re.search(unsaid, text) for text in (*one.edits, one.text))]
    assert len(lost) <= len(asked), (who.key, "pressed, and not refused either")
    assert kept == sent, (who.key, [one for one in (*kept, *sent) if one not in kept or one not in sent])


def _check_tasks(db: Db, crowd: Crowd) -> None:
    (lead,) = crowd.of(Lead)
    given = db.all("SELECT id, title FROM tasks WHERE title <> :soon ORDER BY id", soon=SOON_DUE)
    _are_the_same([Sent(title, 0, f"V-{id:04d}") for id, title in given], lead, crowd)
    acts = defaultdict(list)
    for act, detail in db.all("SELECT act, detail FROM audit WHERE detail LIKE 'assignment %' ORDER BY id"):
        acts[int(detail.split()[1])].append(act.removeprefix("tasks."))
    parts = db.all(
        "SELECT a.id, a.task_id, a.person_id, p.name, a.state, a.version FROM assignments a"
        " JOIN people p ON p.id = a.person_id ORDER BY a.id"
    )
    assert Counter(task for _, task, *_ in parts) == dict.fromkeys((1, *(id for id, _ in given)), HAMLETS)
    for id, _, _, name, state, version in parts:
        story = " ".join(acts[id])
        assert re.fullmatch(r"((reported returned )*reported( approved| returned)?)?", story), (id, story)
        assert version == 1 + len(acts[id]), (id, story)
        assert (state == "done") == story.endswith("approved"), (name, story)
    done = {(name, f"V-{task:04d}") for _, task, _, name, state, _ in parts if state == "done"}
    assert set(lead.accepted) <= done
    for head in crowd.of(Head):
        mine = {f"V-{task:04d}": acts[id].count("reported") for id, task, person, *_ in parts if person == head.id}
        assert all(mine[code] >= times for code, times in head.finished.items()), head.key


def _check_broadcasts(db: Db, crowd: Crowd) -> None:
    (admin,) = crowd.of(Administrator)
    kept = db.all("SELECT id, text FROM broadcasts ORDER BY id")
    _are_the_same([Sent(text, 0, f"T-{id:04d}") for id, text in kept], admin, crowd)
    copies = db.all("SELECT broadcast_id, COUNT(*) FROM outbox WHERE broadcast_id IS NOT NULL GROUP BY broadcast_id")
    assert dict(copies) == {id: len(crowd.people) - 1 for id, _ in kept}


@dataclass
class Twins:
    """What arrived more often than it was written down. `extra`: more than it was surely said; `twice`: by kind."""

    extra: int = 0
    twice: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    @property
    def figures(self) -> str:
        """What arrived more often than it should, in a line."""
        twice = {kind: count for kind, count in self.twice.items() if count}
        return f"said twice {twice}, unknown {dict(self.unknown)}, more than surely said {self.extra}"


def check_said(db: Db, crowd: Crowd) -> Twins:
    """Everything decided on was said, or stands there as unknown; returns what was said more than once."""
    outbox, twins = letters(db), Twins()
    assert {one.state for one in outbox} <= {"sent", "unknown", "dropped"}, [o for o in outbox if o.state == "failed"]
    assert all(one.card for one in outbox if one.state == "dropped" and one.words)
    twins.unknown.update(one.kind for one in outbox if one.state == "unknown")
    for chat_id, chat in crowd.api.world.chats.items():
        mine = [one for one in outbox if one.chat == chat_id and one.words]
        shown = {m.id: [*m.edits, m.text] for m in chat.messages.values() if m.from_bot}
        for one in mine:
            assert one.state != "sent" or one.words in shown[one.message_id], one
        _count_twins(mine, shown, twins)
        _check_cards(db, str(chat_id), mine, shown)
    return twins


def _began(one: Letter, shown: dict[int, list[str]]) -> bool:
    return one.state == "sent" and shown[one.message_id][0] == one.words


def _count_twins(mine: Sequence[Letter], shown: dict[int, list[str]], twins: Twins) -> None:
    new = [one for one in mine if not one.edits]
    known = {one.message_id for one in new}
    came = Counter(texts[0] for texts in shown.values())
    # An edit whose message is gone, or was never known, comes as a message of its own.
    alone = [one for one in mine if one.edits and one.words in came and one.message_id not in known]
    new += [one for one in alone if one.state != "sent"]
    # Of several that say the same of one message the first began it; the others changed nothing.
    new += {one.message_id: one for one in reversed(alone) if _began(one, shown)}.values()
    # A notice that was queued again may have been brought up to date before it was said again.
    renewed = sum(one.kind == "NOTICE" and one.card != "" and one.attempts > 1 for one in mine)
    nowhere = [words for words in came.elements() if words not in {one.words for one in new}]
    # An edit may have come as a message first, and in its place when it was said again.
    first = {one.words for one in mine if one.edits and one.attempts > 1}
    assert sum(words not in first for words in nowhere) <= renewed, nowhere
    twins.extra += len(nowhere)
    for words, of in _by_words(new):
        sure = sum(one.state == "sent" for one in of)
        perhaps = sum(one.state != "sent" for one in of)
        assert came[words] >= sure, f"lost: {of}"
        twins.extra += came[words] - sure
        twice = max(0, came[words] - sure - perhaps)
        twins.twice[of[0].kind] += twice
        if of[0].kind not in AGAIN:
            assert not twice, f"said twice: {of}"
        assert came[words] <= 2 * (sure + perhaps), f"said a third time: {of}"


def _by_words(of: Iterable[Letter]) -> list[tuple[str, list[Letter]]]:
    found = defaultdict(list)
    for one in of:
        found[one.words].append(one)
    return list(found.items())


def _check_cards(db: Db, chat: str, mine: Sequence[Letter], shown: dict[int, list[str]]) -> None:
    """What a card shows is what was last said of it; the questions of a dialog make way for what comes of them.

    Not so where something of it was said twice: whoever says it again knows only the card's last recorded message.
    """
    newest = {one.card: one for one in mine if one.card and one.state != "dropped"}
    doubtful = {one.card for one in mine if one.attempts > 1 or one.state == "unknown"}
    for card, message in db.all("SELECT card, message_id FROM cards WHERE chat = :chat", chat=chat):
        last = newest.get(card)
        if last is not None and card not in doubtful and not card.startswith("dialog:"):
            assert shown[int(message)][-1] == last.words, (last, shown[int(message)])
