"""Nothing is given to one who is just leaving, whichever comes first; on PostgreSQL two processes do it at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from storage import absences, handovers, invites, people, tasks
from storage.db import Db, Store
from storage.handovers import Change
from tests.engine import open_engine
from tests.handlers.test_tasks import fill
from tests.rig import MONDAY, Village, moment, settle, text_of

NOW = moment(MONDAY)
HELD_BY_NOBODY = (
    "SELECT a.id FROM assignments a WHERE a.state <> 'done' AND NOT EXISTS"
    " (SELECT 1 FROM posts o WHERE o.person_id = a.person_id AND o.until IS NULL)"
)

Found = dict[str, tuple[int, str]]


def give(found: Found, look_s: float) -> Callable[[Db], bool]:
    """Lan gives Hai a task, if he is there; between the look and the deed some time goes by."""

    def work(db: Db) -> bool:
        hai, lan = found["hai"][0], found["lan"][0]
        posts = people.posts(db, hai)
        time.sleep(look_s)
        if not posts:
            return False
        (office,) = people.posts(db, lan)
        task = tasks.add(
            db, title="Treo pano", giver_id=lan, unit_id=office.unit.id, due_at=NOW + 10**8, evidence="none", now=NOW
        )
        tasks.assign(db, task.id, posts[0].unit.id, hai, NOW)
        return True

    return work


def leave(found: Found, look_s: float) -> Callable[[Db], bool]:
    """Hai leaves, and Út answers for what he had."""

    def work(db: Db) -> bool:
        hai, ut = found["hai"][0], found["ut"][0]
        (post,) = people.posts(db, hai)
        time.sleep(look_s)
        kept = handovers.add(
            db, kind="left", person_id=hai, post_id=post.id, taker_id=ut, by_id=found["lan"][0], day="2026-11-23",
            leaves=True, state="planned", now=NOW,
        )  # fmt: skip
        handovers.carry_out(db, kept, Change(hai, [post.id], heir=ut, work_of=None, leaves=True), NOW)
        return True

    return work


async def two(tmp_path: Path) -> tuple[Store, Store, Found]:
    """Two processes, as far as the engine has them, and the village."""
    one = await open_engine(tmp_path / "apso.db", NOW)
    found = await one.run(lambda db: settle(db, NOW))
    other = one if one.single else await open_engine(tmp_path / "apso.db", NOW)
    return one, other, found


@pytest.mark.parametrize(("giving_s", "leaving_s"), [(0.1, 0.0), (0.0, 0.1), (0.05, 0.05)])
async def test_giving_and_leaving_at_once(tmp_path: Path, giving_s: float, leaving_s: float) -> None:
    one, other, found = await two(tmp_path)
    try:
        given, left = await asyncio.gather(
            one.run(give(found, giving_s), line="lan"), other.run(leave(found, leaving_s), line="hue")
        )
        assert left
        assert await one.run(lambda db: db.all(HELD_BY_NOBODY)) == []
        rows = await one.run(lambda db: db.all("SELECT person_id FROM assignments"))
        assert rows == ([(found["ut"][0],)] if given else []), "given before he left it is Út's, after it is not given"
    finally:
        await one.close()
        if other is not one:
            await other.close()


@pytest.mark.parametrize("first", ["give", "leave"])
async def test_one_after_the_other(tmp_path: Path, first: str) -> None:
    one, other, found = await two(tmp_path)
    try:
        works = {"give": give(found, 0), "leave": leave(found, 0)}
        await one.run(works[first])
        said = await other.run(works["leave" if first == "give" else "give"])
        assert said is (first == "give")
        rows = await one.run(lambda db: db.all("SELECT person_id FROM assignments"))
        assert rows == ([(found["ut"][0],)] if first == "give" else [])
    finally:
        await one.close()
        if other is not one:
            await other.close()


async def test_two_who_take_leave_of_each_other_s_work(tmp_path: Path) -> None:
    """Hai leaves to Út while Út leaves to Hai: one is refused by what the other did, and no work is nobody's."""
    one, other, found = await two(tmp_path)

    def to(giver: str, taker: str) -> Callable[[Db], bool]:
        def work(db: Db) -> bool:
            if not people.posts(db, found[taker][0]):
                return False
            (post,) = people.posts(db, found[giver][0])
            time.sleep(0.05)
            kept = handovers.add(
                db, kind="left", person_id=post.person_id, post_id=post.id, taker_id=found[taker][0],
                by_id=found["lan"][0], day="2026-11-23", leaves=True, state="planned", now=NOW,
            )  # fmt: skip
            change = Change(post.person_id, [post.id], heir=found[taker][0], work_of=None, leaves=True)
            handovers.carry_out(db, kept, change, NOW)
            return True

        return work

    try:
        await one.run(give(found, 0))
        told = await asyncio.gather(one.run(to("hai", "ut"), line="lan"), other.run(to("ut", "hai"), line="hue"))
        assert sorted(told) == [False, True]
        assert await one.run(lambda db: db.all(HELD_BY_NOBODY)) == []
    finally:
        await one.close()
        if other is not one:
            await other.close()


async def test_a_code_used_while_its_owner_leaves_links_nobody_without_a_post(tmp_path: Path) -> None:
    one, other, found = await two(tmp_path)
    hai = found["hai"][0]

    def join(db: Db) -> bool:
        invite = invites.find(db, "K7MQ-2XHB")
        if invite is None or not invites.take(db, "K7MQ-2XHB", NOW) or not people.posts(db, invite.person_id):
            return False
        time.sleep(0.05)
        people.link(db, "phone", "p77", invite.person_id, NOW)
        return True

    try:
        await one.run(lambda db: invites.add(db, "K7MQ-2XHB", hai, NOW, NOW + 10**9))
        await asyncio.gather(one.run(join, line="p77"), other.run(leave(found, 0.02), line="hue"))
        assert await one.run(lambda db: people.heard(db, "phone", "p77", NOW)) is None
    finally:
        await one.close()
        if other is not one:
            await other.close()


async def test_away_begins_while_work_is_given(tmp_path: Path) -> None:
    one, other, found = await two(tmp_path)
    hai, ut = found["hai"][0], found["ut"][0]

    def go(db: Db) -> None:
        absence = absences.add(
            db, person_id=hai, stand_in_id=ut, first_day="2026-11-23", last_day="2026-11-30", ends_at=NOW + 10**9,
            now=NOW,
        )  # fmt: skip
        time.sleep(0.05)
        handovers.go_away(db, absence, NOW)

    try:
        await asyncio.gather(one.run(give(found, 0.02), line="lan"), other.run(go, line="hai"))
        assert await one.run(lambda db: db.all("SELECT person_id, stands_for FROM assignments")) == [(ut, hai)]
    finally:
        await one.close()
        if other is not one:
            await other.close()


async def test_two_make_a_head_at_once(tmp_path: Path) -> None:
    one, other, found = await two(tmp_path)

    def make_head(name: str) -> Callable[[Db], None]:
        """As it is done in chat: who is head becomes deputy."""

        def work(db: Db) -> None:
            unit = people.posts(db, found["hai"][0])[0].unit
            before = people.head(db, unit.id)
            time.sleep(0.05)
            if before is not None:
                people.dismiss(db, before.id, NOW)
                people.appoint(db, before.person_id, unit.id, "deputy", NOW)
            people.appoint(db, found[name][0], unit.id, "head", NOW)

        return work

    try:
        await asyncio.gather(one.run(make_head("ut"), line="lan"), other.run(make_head("bay"), line="hue"))
        heads = "SELECT COUNT(*) FROM posts WHERE role = 'head' AND until IS NULL AND unit_id = :unit"
        (post, *_) = await one.run(lambda db: people.posts(db, found["hai"][0]))
        assert await one.run(lambda db: db.all(heads, unit=post.unit.id)) == [(1,)]
    finally:
        await one.close()
        if other is not one:
            await other.close()


async def test_two_leads_press_at_once(here: Village) -> None:
    """The same through the bot: Lan sends the task off while Huệ lets the head go."""
    await fill(here.lan)
    await here.hue.says("/thanhvien")
    await here.hue.presses("Tìm người")
    await here.hue.says("võ văn hai")
    await here.hue.presses("Cho rời tổ")
    await here.hue.sees("Võ Văn Hai sẽ rời tổ")
    await asyncio.gather(here.lan.presses("Gửi"), here.hue.presses("Cho rời tổ", within="sẽ rời tổ"))
    await here.quiet()
    if "Ai làm tiếp" in text_of(here.hue.told[-1]):  # the task came first: who goes on is asked
        await here.hue.presses("Lê Thị Út")
        await here.hue.presses("Cho rời tổ", within="sẽ rời tổ")
        await here.quiet()
    assert await here.look(HELD_BY_NOBODY) == []
    assert await here.look("SELECT COUNT(*) FROM posts WHERE person_id = :id AND until IS NULL", id=here.hai.id) == [
        (0,)
    ]
