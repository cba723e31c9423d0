"""Whatever people press and type about posts, absences and work, in any order: somebody with a post answers."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from tests import engine
from tests.rig import Someone, Village, text_of, village

COMMANDS = (
    "/doiviec", "/doiviec", "/vang", "/thanhvien", "/thanhvien an", "/thanhvien 0008", "/giaoviec", "/viec", "/doi",
    "/thanhvien Nguyễn Thị Ba 0912345678 tổ phó ấp 3", "/thanhvien le van nam 0913 456 789", "/choduyet",
)  # fmt: skip
WORDS = (
    "nguyễn văn an", "phạm thị bảy", "lê thị út", "đoàn văn tâm", "võ văn hai", "nguyễn thị lan", "trần thị huệ",
    "hôm nay", "mai", "hôm nay đến 30/11", "mai đến 26/11", "Treo pano", "25/12 17h", "0912345678", "ấp 1",
    "ấp 3", "Xong",
)  # fmt: skip
DULL = ("Bỏ", "Quay lại", "Trợ giúp", "Tiếp tục", "Sửa", "Hình chụp")
DECIDES = ("✅", "Đồng ý", "Đúng rồi")  # what a dialog ends with, or goes on to its end
SESSION = 14
KINDS = {"add", "role", "move", "left", "post", "away over"}  # all that a walk is to go through
MOST_MORE = 4  # walks, until it has

LEADS = (
    "SELECT 1 FROM posts o JOIN units w ON w.id = o.unit_id WHERE o.until IS NULL AND o.role IN ('head', 'deputy')"
    " AND SUBSTR(u.path, 1, LENGTH(w.path)) = w.path"
)

# What must never be: each with what it would mean.
WRONG = {
    "an open part is somebody's who holds no post": (
        "SELECT a.id, a.person_id FROM assignments a JOIN tasks t ON t.id = a.task_id WHERE a.state <> 'done'"
        " AND t.cancelled_at IS NULL AND NOT EXISTS"
        " (SELECT 1 FROM posts o WHERE o.person_id = a.person_id AND o.until IS NULL)"
    ),
    "a chat is linked as if they were still there to somebody who holds no post": (
        "SELECT i.person_id FROM identities i JOIN people p ON p.id = i.person_id WHERE p.left_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM posts o WHERE o.person_id = i.person_id AND o.until IS NULL)"
    ),
    "a unit has two heads": (
        "SELECT o.unit_id FROM posts o WHERE o.until IS NULL AND o.role = 'head' GROUP BY o.unit_id HAVING COUNT(*) > 1"
    ),
    "somebody has two posts in one team": (
        "SELECT o.person_id FROM posts o WHERE o.until IS NULL AND o.role <> 'admin'"
        " GROUP BY o.person_id, o.unit_id HAVING COUNT(*) > 1"
    ),
    "somebody answers on behalf of one who is not away": (
        "SELECT a.id FROM assignments a JOIN tasks t ON t.id = a.task_id WHERE a.state <> 'done'"
        " AND t.cancelled_at IS NULL AND a.stands_for IS NOT NULL AND NOT EXISTS (SELECT 1 FROM absences b"
        " WHERE b.person_id = a.stands_for AND b.stand_in_id = a.person_id AND b.state = 'on')"
    ),
    "somebody is away twice at once": (
        "SELECT b.person_id FROM absences b WHERE b.state = 'on' GROUP BY b.person_id HAVING COUNT(*) > 1"
    ),
    "who left holds a post, or who holds one left": (
        "SELECT p.id FROM people p JOIN posts o ON o.person_id = p.id WHERE o.until IS NULL AND p.left_at IS NOT NULL"
    ),
    "an open task is looked after by nobody who may, though there is somebody": (
        "SELECT t.id, t.giver_id, t.stands_for FROM tasks t JOIN units u ON u.id = t.unit_id"
        " WHERE t.cancelled_at IS NULL"
        " AND EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.state <> 'done')"
        f" AND NOT EXISTS ({LEADS} AND o.person_id = COALESCE(t.stands_for, t.giver_id)) AND EXISTS ({LEADS})"
    ),
    "a turn failed": "SELECT id, said FROM surprises",
}


async def does_something(who: Someone, dice: random.Random) -> str:
    """Press a button of the newest messages that have any, or type a name or a day; returns what."""
    shown = [message for message in who.told[-3:] if message.buttons]
    if shown and dice.random() < 0.8:
        message = shown[-1] if dice.random() < 0.8 else dice.choice(shown)
        labels = [button.label for row in message.buttons for button in row]
        worth = [at for at, label in enumerate(labels) if not any(dull in label for dull in DULL)]
        if worth:
            last = [at for at in worth if any(sign in labels[at] for sign in DECIDES)]
            at = dice.choice(last if last and dice.random() < 0.7 else worth)
            await who.village.phone.press(who.chat, message.id, at)
            return f"{who.name} presses {labels[at]!r}"
    said = dice.choice(WORDS)
    await who.says(said)
    return f"{who.name} says {said!r}"


async def walk(here: Village, dice: random.Random) -> set[object]:
    """Returns what was changed of posts, and how absences stand."""
    people = [here.lan, here.lan, here.tam, here.hai, here.hue, here.quan, here.an, here.ut, here.bay]
    story: list[str] = []
    for _ in range(28):
        who, said = dice.choice(people), dice.choice(COMMANDS)
        story.append(f"{who.name} says {said}")
        await who.says(said)
        for _ in range(SESSION):
            await here.quiet()
            story.append(await does_something(who, dice))
            await is_well(here, story)
        await here.passes(minutes=dice.choice((1, 1, 5, 60 * 9)))
        story.append(f"it is {here.time[0]}")
        await is_well(here, story)
    kinds = {row[0] for row in await here.look("SELECT kind FROM handovers WHERE state IN ('done', 'undone')")}
    return kinds | {f"away {row[0]}" for row in await here.look("SELECT state FROM absences")}


async def is_well(here: Village, story: list[str]) -> None:
    for what, sql in WRONG.items():
        found = await here.look(sql)
        last = "\n".join(text_of(message)[:200] for one in here.people.values() for message in one.told[-1:])
        assert found == [], (what, "\n".join(story[-20:]), last)


@pytest.mark.parametrize("first", [0, 10])
async def test_in_any_order_somebody_answers(tmp_path: Path, first: int) -> None:
    done: set[object] = set()
    fewest = int(os.environ.get("APSO_WALKS", "3"))
    for seed in range(first, first + fewest + MOST_MORE):
        if seed >= first + fewest and done >= KINDS:
            break
        async with village(tmp_path / f"{seed}") as here:
            done |= await walk(here, random.Random(seed))
        engine.forget()  # each walk begins in a village where nothing has happened
    assert done >= KINDS, f"it would prove nothing of {KINDS - done}"
