"""Slow work that turns order: done once, whatever ends meanwhile, and never in the way of who is answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.chat.router import Done, Far
from bot.chat.router import Errand as Kind
from bot.chat.turn import Turn
from bot.errands import WorkFailed, work
from bot.rules.refused import Refused
from storage import audit, errands
from tests.rig import Village, village


def finish(turn: Turn, done: Done) -> None:
    audit.note(turn.db, turn.me.id, "tested", f"errand {done.id}", done.made.decode(), turn.now)


def given(turn: Turn, said: str) -> dict[str, str]:
    return {"said": said}


def know(here: Village, by: str, ends: object = finish) -> None:
    """The bot knows this work, too."""
    here.app.around.routes.errands["tests.work"] = Kind("tests.work", "tests", by, given, ends)  # type: ignore[arg-type]


async def order(here: Village, said: str = "x") -> None:
    await here.store.run(lambda db: errands.order(db, "tests.work", {"said": said}, here.tam.id, here.time[0]))


async def states(here: Village) -> list[tuple[object, ...]]:
    return await here.look("SELECT state, tries FROM errands ORDER BY id")


async def test_it_is_done_in_a_process_of_its_own_and_takes_effect_once(rich: Village) -> None:
    know(rich, "tests.works.echo")
    await order(rich, "chào")
    rich.app.errands.ring()
    await rich.quiet()
    assert await states(rich) == [("done", 1)]
    assert await rich.look("SELECT person_id, detail FROM audit") == [(rich.tam.id, "chào, no secrets")]


async def test_how_far_the_work_is_can_be_shown(rich: Village) -> None:
    def show(turn: Turn, far: Far) -> None:
        audit.note(turn.db, turn.me.id, "tested", f"errand {far.id}", f"{far.done}/{far.total}", turn.now)

    rich.app.around.routes.errands["tests.work"] = Kind(
        "tests.work", "tests", "tests.works.tells", given, finish, far=show
    )
    await order(rich)
    rich.app.errands.ring()
    await rich.quiet()
    told = await rich.look("SELECT detail FROM audit ORDER BY id")
    assert [row[0] for row in told] == ["5000/12000", "10000/12000", "all of it"]


async def test_two_who_do_the_same_let_it_take_effect_once(rich: Village) -> None:
    know(rich, "tests.works.echo")
    await order(rich)
    runner = rich.app.errands
    begun = await runner._turn(runner._begin)
    done = Done(begun[0].id, begun[0].params, begun[2], b"made")
    for _ in range(2):
        await runner._turn(lambda one: runner._finish(one, begun[1], done))
    await rich.quiet()
    assert await rich.look("SELECT COUNT(*) FROM audit") == [(1,)]


async def test_what_a_killed_program_had_begun_the_next_one_does(tmp_path: Path) -> None:
    file = str(tmp_path / "apso.db")
    async with village(tmp_path, url=file) as here:
        await here.app._end("clock")  # whoever does errands, too
        ((unit,),) = await here.look("SELECT id FROM units WHERE code = 'ap1'")
        sheet = {"unit": unit, "whole": False}
        await here.look("DELETE FROM identities WHERE person_id = :id", id=here.bay.id)
        await here.store.run(lambda db: errands.order(db, "team.sheet", sheet, here.tam.id, here.time[0]))
        assert (await here.app.errands._turn(here.app.errands._begin))[0].what == "team.sheet"
        assert await states(here) == [("ordered", 1)]
        assert await here.look("SELECT COUNT(*) FROM invites") == [(0,)]
    async with village(tmp_path, url=file) as here:
        await here.tam.sees("📄 Giấy mời của Ấp 1: 1 người")
        assert await states(here) == [("done", 2)]
        assert await here.look("SELECT COUNT(*) FROM invites") == [(1,)]


async def test_work_that_ends_its_process_is_given_up_and_told(rich: Village) -> None:
    know(rich, "tests.works.dies")
    await order(rich)
    for _ in range(4):
        await rich.app.errands.do_next()
    await rich.tam.sees("em làm mấy lần mà chưa xong")
    assert await states(rich) == [("failed", 3)]
    await order(rich)
    know(rich, "tests.works.echo")
    rich.app.errands.ring()
    await rich.quiet()
    assert (await states(rich))[1] == ("done", 1), "what cannot be done holds nothing else up"


async def test_what_cannot_even_begin_is_given_up(rich: Village) -> None:
    know(rich, "tests.works.echo")
    await rich.store.run(lambda db: errands.order(db, "tests.work", {"odd": 1}, rich.tam.id, rich.time[0]))
    for _ in range(4):
        await rich.app.errands.do_next()
    await rich.tam.sees("em làm mấy lần mà chưa xong")
    assert await states(rich) == [("failed", 3)]


async def test_a_fault_in_the_last_turn_leaves_nothing_behind(rich: Village) -> None:
    def breaks(turn: Turn, done: Done) -> None:
        finish(turn, done)
        raise RuntimeError("broken")

    know(rich, "tests.works.echo", breaks)
    await order(rich)
    with pytest.raises(RuntimeError):
        await rich.app.errands.do_next()
    assert await rich.look("SELECT COUNT(*) FROM audit") == [(0,)]
    assert (await states(rich))[0][0] == "ordered"


async def test_what_may_no_longer_be_done_is_said_and_undone(rich: Village) -> None:
    def refuses(turn: Turn, done: Done) -> None:
        finish(turn, done)
        raise Refused("chat.not_for_you")

    know(rich, "tests.works.echo", refuses)
    await order(rich)
    rich.app.errands.ring()
    await rich.tam.sees("không thuộc phần của anh/chị")
    assert await states(rich) == [("failed", 1)]
    assert await rich.look("SELECT COUNT(*) FROM audit") == [(0,)]


async def test_what_the_work_says_of_its_fault_is_not_repeated() -> None:
    with pytest.raises(WorkFailed) as failed:
        await work("tests.works.dies", {"said": "Nguyễn Văn An"})
    assert "An" not in str(failed.value)
    assert "ValueError" in str(failed.value)


async def test_an_order_is_not_given_twice(rich: Village) -> None:
    await rich.look("DELETE FROM identities WHERE person_id = :id", id=rich.bay.id)
    await rich.look(
        "INSERT INTO errands (what, params, person_id, state, tries, at, changed_at)"
        " VALUES ('team.sheet', '{\"unit\": 0, \"whole\": false}', :id, 'ordered', 99, 0, 0)",
        id=rich.tam.id,
    )
    await rich.tam.says("/moi")
    await rich.tam.presses("Giấy mời cho cả tổ")
    await rich.tam.presses("Làm giấy mời")
    await rich.tam.sees("em còn đang làm")
