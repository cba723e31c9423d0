"""Lists taken over: the right people in the right posts, however often and in whatever order lists come."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.rules.roster.records import Cell
from storage import dependents, imports, invites, people, taking_back, tasks, units
from storage.db import Db
from tests.rules.roster.office import Office, office, rows
from tests.rules.roster.pages import Table
from tests.rules.roster.province import FAMILIES, GIVEN, MIDDLES, Province

TWO_TEAMS = """
Nguyễn Văn An  | 1970 | Tổ trưởng  | Ấp 1 | Xã Tân Thạch | Huyện Châu Thành | 0912000001
Trần Thị Bé    | 1980 | Thành viên | Ấp 1 | Xã Tân Thạch | Huyện Châu Thành | 0912000002
Lê Văn Chín    |      | Tổ trưởng  | Ấp 2 | Xã Tân Thạch | Huyện Châu Thành | 0912000003
Phạm Thị Dung  | 1990 | Thành viên | Ấp 2 | Xã Tân Thạch | Huyện Châu Thành |
"""


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Office]:
    async with office(tmp_path) as found:
        yield found


# The same list, and lists with small edits.


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_the_same_list_again_changes_nothing(here: Office, seed: int) -> None:
    listed = Table(list(Province(500, seed=seed).rows()))
    first = await here.loads(listed)
    assert (first.new, first.changed, first.left_out) == (500, 0, 0)
    assert first.units == first.units_new | {"province": 1}
    kept = await here.all_rows()
    again = await here.plan(listed)
    assert (again.counts.new, again.counts.changed, again.counts.gone, again.counts.same) == (0, 0, 0, 500)
    assert again.is_empty
    await here.loads(listed)
    assert await here.all_rows() == kept


@dataclass
class Row:
    name: str
    birth: int
    role: str
    hamlet: int
    phone: str

    def cells(self) -> tuple[Cell, ...]:
        said = {"head": "Tổ trưởng", "deputy": "Tổ phó", "member": "Thành viên"}[self.role]
        return (
            self.name,
            self.birth or None,
            said,
            f"Ấp {self.hamlet}",
            "Xã Tân Thạch",
            "Châu Thành",
            self.phone or None,
        )


class List:
    """People of six hamlets with edits made at random, and what must come of each."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.number = 0
        names = [f"{family} {middle} {given}" for family in FAMILIES for middle in MIDDLES for given in GIVEN]
        self.names = iter(self.dice.sample(names, len(names)))
        self.rows = [self.someone(1 + n // 5, "head" if not n % 5 else "member") for n in range(30)]
        self.told = dict.fromkeys(("new", "changed", "moved", "roles", "renamed", "renumbered", "gone"), 0)

    def someone(self, hamlet: int, role: str) -> Row:
        return Row(
            next(self.names), self.dice.choice((0, 1960, 1975)), role, hamlet, self.phone(self.dice.random() < 0.8)
        )

    def phone(self, has_one: bool = True) -> str:
        self.number += 1
        return f"09{self.number:08}" if has_one else ""

    def edit(self) -> None:
        """Each person at most once, so that each edit is one change."""
        people = self.dice.sample(self.rows, 8)
        for row in people:
            self._edit(row)
        for _ in range(self.dice.randint(0, 3)):
            self.rows.insert(self.dice.randrange(len(self.rows)), self.someone(self.dice.randint(1, 6), "member"))
            self.told["new"] += 1
        self.dice.shuffle(self.rows)

    def _edit(self, row: Row) -> None:
        what = self.dice.choice(("move", "role", "rename", "renumber", "leave"))
        if what == "move" and row.phone and row.role != "head":
            row.hamlet = row.hamlet % 6 + 1
            self._did("moved")
        elif what == "role" and row.role != "head":
            row.role = "deputy" if row.role == "member" else "member"
            self._did("roles")
        elif what == "rename" and row.phone:
            row.name = f"{row.name} Anh"
            self._did("renamed")
        elif what == "renumber":
            row.phone = self.phone()
            self._did("renumbered")
        elif what == "leave" and row.role != "head":
            self.rows.remove(row)
            self.told["gone"] += 1

    def _did(self, what: str) -> None:
        self.told[what] += 1
        self.told["changed"] += 1

    def table(self) -> Table:
        return rows(*(row.cells() for row in self.rows))

    def everybody(self) -> set[tuple[str, str, str, str]]:
        return {(row.name, row.phone, row.role, f"Ấp {row.hamlet}") for row in self.rows}


@pytest.mark.parametrize("seed", range(12))
async def test_small_edits_are_exactly_what_changes(here: Office, seed: int) -> None:
    listed = List(seed)
    await here.loads(listed.table())
    for _ in range(3):
        listed.told = dict.fromkeys(listed.told, 0)
        listed.edit()
        counts = await here.loads(listed.table(), remove_gone=True)
        assert {what: getattr(counts, what) for what in listed.told} == listed.told
        assert await here.everybody() == listed.everybody()
        assert (await here.plan(listed.table())).is_empty


# One person at a time.


async def test_who_moved_is_the_same_person_and_posts_end_and_begin_at_once(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    be = await here.someone("Trần Thị Bé")
    counts = await here.loads(TWO_TEAMS.replace("Thành viên | Ấp 1", "Tổ phó | Ấp 2"))
    assert (counts.moved, counts.changed, counts.new, counts.gone) == (1, 1, 0, 0)
    first, second = await here.posts(be.id)
    assert first[:2] == ("Ấp 1", "member")
    assert second[:2] == ("Ấp 2", "deputy")
    assert first[3] == second[2] is not None
    assert second[3] is None


async def test_a_corrected_name_a_new_number_and_a_number_left_out(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    listed = (
        TWO_TEAMS.replace("Trần Thị Bé ", "Trần Thị Bế ").replace("0912000003", "0912999999").replace("0912000001", "")
    )
    counts = await here.loads(listed)
    assert (counts.renamed, counts.renumbered, counts.changed, counts.new, counts.gone) == (1, 1, 2, 0, 0)
    assert (await here.someone("Nguyễn Văn An")).phone == "0912000001"
    assert (await here.someone("Lê Văn Chín")).phone == "0912999999"


async def test_a_list_without_marks_takes_none_away(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    counts = await here.loads(
        TWO_TEAMS.replace("Nguyễn Văn An", "NGUYEN VAN AN").replace("Xã Tân Thạch", "xa tan thach")
    )
    assert (counts.same, counts.changed, sum(counts.units_new.values())) == (4, 0, 0)


async def test_one_without_a_number_who_moved_is_known_by_the_year_of_birth(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    moved = TWO_TEAMS.replace("1990 | Thành viên | Ấp 2", "1990 | Thành viên | Ấp 1")
    assert (await here.plan(moved)).counts.moved == 1
    unsaid = moved.replace("1990", "    ")
    assert await here.doubts(unsaid) == ["maybe_moved Phạm Thị Dung"]
    assert (await here.plan(unsaid)).counts.new == 1


async def test_a_number_under_quite_another_name_is_not_handed_over(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    listed = TWO_TEAMS.replace("Trần Thị Bé  ", "Đỗ Công Minh ")
    assert await here.doubts(listed) == ["phone_taken Đỗ Công Minh"]
    counts = await here.loads(listed)
    assert (counts.new, counts.renamed, counts.gone) == (1, 0, 1)
    assert (await here.someone("Trần Thị Bé")).id != (await here.someone("Đỗ Công Minh")).id
    assert await here.doubts(listed) == []


async def test_brothers_who_share_a_telephone_stay_two(here: Office) -> None:
    listed = """
    Lê Văn Tám | | Tổ trưởng | Ấp 1 | Xã Tân Thạch | Châu Thành | 0912000009
    Lê Văn Năm | | Thành viên | Ấp 1 | Xã Tân Thạch | Châu Thành | 0912000009"""
    await here.loads(listed)
    assert (await here.plan(listed)).is_empty
    alone = "\n".join(listed.strip().split("\n")[:1])
    assert (await here.plan(alone.replace("Tám", "Chín"))).counts.renamed == 0


async def test_of_one_kept_twice_the_list_speaks_of_whom_it_says_just_what_is_kept_of(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    be = await here.someone("Trần Thị Bé")
    old, other = await here.unit("Ấp 2"), await here.someone("Lê Văn Chín")

    def keep_twice(db: Db) -> None:
        again = people.add(db, name=be.name, phone=be.phone, language="vi", now=5)
        people.appoint(db, again.id, old.id, "member", 5)
        db.run("UPDATE people SET phone = :phone WHERE id = :id", phone=be.phone, id=other.id)

    await here.store.run(keep_twice)
    counts = (await here.plan(TWO_TEAMS.replace("0912000003", "0912000002"))).counts
    assert (counts.same, counts.changed, counts.new, counts.gone) == (4, 0, 0, 1)


async def test_namesakes_in_one_team_stay_as_many_as_they_are(here: Office) -> None:
    listed = """
    Lê Văn Ba | 1960 | Tổ trưởng  | Ấp 1 | Xã Tân Thạch | Châu Thành |
    Lê Văn Ba | 1985 | Thành viên | Ấp 1 | Xã Tân Thạch | Châu Thành |
    Lê Văn Ba | 1990 | Thành viên | Ấp 1 | Xã Tân Thạch | Châu Thành | 0912000009"""
    assert (await here.loads(listed)).new == 3
    assert (await here.plan(listed)).is_empty


# Heads.


async def test_of_two_heads_the_first_leads_and_it_stays_so(here: Office) -> None:
    listed = TWO_TEAMS.replace("1980 | Thành viên", "1980 | Tổ trưởng")
    await here.loads(listed)
    assert await here.team("Ấp 1") == ["Nguyễn Văn An head", "Trần Thị Bé deputy"]
    swapped = "\n".join(sorted(listed.strip().split("\n"), reverse=True))
    assert (await here.plan(swapped)).is_empty


async def test_a_new_head_leaves_the_old_one_a_member_until_he_is_let_go(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    listed = (
        TWO_TEAMS.replace("Nguyễn Văn An ", "Hồ Kim Giang").replace("0912000001", "0912000077").replace("1970", "1971")
    )
    assert await here.doubts(listed) == ["head_follows Nguyễn Văn An"]
    await here.loads(listed)
    assert await here.team("Ấp 1") == ["Hồ Kim Giang head", "Nguyễn Văn An member", "Trần Thị Bé member"]
    assert (await here.plan(listed)).is_empty
    counts = await here.loads(listed, remove_gone=True)
    assert counts.gone == 1
    assert await here.team("Ấp 1") == ["Hồ Kim Giang head", "Trần Thị Bé member"]


async def test_administrators_are_left_alone(here: Office) -> None:
    listed = TWO_TEAMS + "Lê Minh Quân | 1965 | Tổ trưởng | Ấp 2 | Xã Tân Thạch | Châu Thành | 0999000001"
    assert "admin_kept Lê Minh Quân" in await here.doubts(listed)
    before = await here.someone("Lê Minh Quân")
    await here.loads(listed)
    await here.loads(TWO_TEAMS, remove_gone=True)
    assert await here.someone("Lê Minh Quân") == before
    assert [post[1] for post in await here.posts(before.id)] == ["admin"]


# Those who are not in the list.


async def test_a_list_of_one_commune_touches_only_that(here: Office) -> None:
    third = "Đỗ Văn Ẩn | | Thành viên | Ấp 3 | Xã Tân Thạch | Huyện Châu Thành | 0912000005\n"
    other = (
        TWO_TEAMS.replace("Tân Thạch", "Phú Túc").replace("09120", "09130").replace("Văn", "Hữu").replace("Thị", "Mỹ")
    )
    await here.loads(TWO_TEAMS + third + other)
    everybody = await here.everybody()
    an, _, chin, _ = TWO_TEAMS.strip().split("\n")
    assert (await here.plan(an)).counts.gone == 1, "a list of one hamlet is of that hamlet"
    counts = await here.loads(f"{an}\n{chin}", remove_gone=True)
    assert counts.gone == 3, "a list of several is of the commune's hamlets"
    assert {one[0] for one in everybody - await here.everybody()} == {"Trần Thị Bé", "Phạm Thị Dung", "Đỗ Văn Ẩn"}
    assert await here.team("Ấp 2, Xã Phú Túc") == ["Lê Hữu Chín head", "Phạm Mỹ Dung member"]


async def test_who_is_let_go_has_no_way_in_and_may_come_back(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    be = await here.someone("Trần Thị Bé")

    def join(db: Db) -> None:
        people.link(db, "phone", "p7", be.id, 5)
        invites.add(db, "ABCD-EFGH", be.id, 5, 10**15)

    await here.store.run(join)
    without = "\n".join(line for line in TWO_TEAMS.strip().split("\n") if "Bé" not in line)
    assert (await here.loads(without)).gone == 1
    assert await here.team("Ấp 1") == ["Nguyễn Văn An head", "Trần Thị Bé member"], "kept unless it is said"
    await here.loads(without, remove_gone=True)
    assert await here.team("Ấp 1") == ["Nguyễn Văn An head"]
    assert await here.store.run(lambda db: people.address(db, be.id)) is None
    assert await here.store.run(lambda db: invites.take(db, "ABCD-EFGH", 6)) is False
    left = await here.store.run(lambda db: db.one("SELECT left_at FROM people WHERE id = :id", id=be.id))
    assert left is not None
    assert left[0] is not None
    assert (await here.loads(TWO_TEAMS)).new == 0
    assert (await here.someone("Trần Thị Bé")).id == be.id
    assert await here.team("Ấp 1") == ["Nguyễn Văn An head", "Trần Thị Bé member"]


async def test_who_has_work_to_finish_is_not_let_go(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    be, an = await here.someone("Trần Thị Bé"), await here.someone("Nguyễn Văn An")
    hamlet = await here.unit("Ấp 1")

    def give(db: Db) -> None:
        task = tasks.add(db, title="Dán mã QR", giver_id=an.id, unit_id=hamlet.id, due_at=9, evidence="none", now=5)
        tasks.assign(db, task.id, hamlet.id, be.id, 5)

    await here.store.run(give)
    without = "\n".join(line for line in TWO_TEAMS.strip().split("\n") if "Bé" not in line)
    counts = await here.loads(without, remove_gone=True)
    assert (counts.gone, counts.busy) == (1, 1)
    assert await here.team("Ấp 1") == ["Nguyễn Văn An head", "Trần Thị Bé member"]


async def test_who_works_elsewhere_too_keeps_that(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    listed = "Trần Thị Bé | 1980 | Tổ trưởng | Ấp 1 | Xã Phú Túc | Huyện Châu Thành | 0912000002"
    assert await here.doubts(listed) == ["also_elsewhere Trần Thị Bé"]
    await here.loads(listed)
    assert await here.team("Ấp 1, Xã Phú Túc") == ["Trần Thị Bé head"]
    assert await here.team("Ấp 1, Xã Tân Thạch") == ["Nguyễn Văn An head", "Trần Thị Bé member"]


# Units.


async def test_the_province_may_be_called_a_little_or_quite_differently(here: Office) -> None:
    title = Table(
        [["UBND TỈNH BEN TRE"], *rows(("Lê Văn Ba", None, "TT", "Ấp 1", "Xã Tân Thạch", "Châu Thành", None)).rows]
    )
    assert await here.doubts(title) == []
    other = Table([["UBND TỈNH VĨNH LONG"], *list(title.rows)[1:]])
    assert await here.doubts(other) == ["unit_other Tỉnh Vĩnh Long"]
    await here.loads(other)
    assert (await here.unit("Huyện Châu Thành")).parent_id == here.top.id


async def test_what_is_not_ones_own_is_left_out(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    here.within = await here.unit("Xã Tân Thạch")
    listed = TWO_TEAMS + TWO_TEAMS.replace("Xã Tân Thạch", "Xã Phú Túc").replace("09120", "09130")
    assert await here.doubts(listed) == ["unit_outside Xã Phú Túc"]
    counts = await here.loads(listed)
    assert (counts.same, counts.left_out, counts.new) == (4, 4, 0)


async def test_a_commune_loads_its_own_list_without_saying_where_it_is(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    short = Table(
        [["XÃ TÂN THẠCH"], ["Họ tên", "Chức vụ", "Ấp", "SĐT"], ["Lê Văn Chín", "Tổ trưởng", "Ấp 2", "0912000003"]]
    )
    for unit in ("Xã Tân Thạch", "Tỉnh Bến Tre"):
        here.within = await here.unit(unit)
        counts = (await here.plan(short)).counts
        assert (counts.same, counts.new, sum(counts.units_new.values())) == (1, 0, 0)


async def test_two_communes_of_one_name_are_told_apart_or_asked_about(here: Office) -> None:
    both = TWO_TEAMS + TWO_TEAMS.replace("Châu Thành", "Chợ Lách").replace("09120", "09130").replace("Văn", "Hữu")
    await here.loads(both)
    assert (await here.plan(both)).is_empty
    unsaid = Table(
        [["Họ tên", "Chức vụ", "Ấp", "Xã", "SĐT"], ["Lê Văn Chín", "TT", "Ấp 2", "Xã Tân Thạch", "0912000003"]]
    )
    assert await here.doubts(unsaid) == ["unit_ambiguous Xã Tân Thạch"]
    assert (await here.plan(unsaid)).counts.left_out == 1
    assert (await here.plan(unsaid)).counts.gone == 0


async def test_a_quarter_beside_a_hamlet_of_its_number_is_new_and_doubtful(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    assert await here.doubts(TWO_TEAMS.replace("Ấp 2", "Khu phố 2")) == ["unit_alike Khu phố 2"]


async def test_a_hamlet_without_its_commune_is_not_made(here: Office) -> None:
    listed = Table([["Họ tên", "Chức vụ", "Ấp", "SĐT"], ["Lê Văn Ba", "Tổ trưởng", "Ấp 7", "0912000003"]])
    assert await here.doubts(listed) == ["unit_unplaced Ấp 7"]
    assert (await here.loads(listed)).left_out == 1


async def test_an_old_list_after_a_reform_finds_what_became_of_its_units(here: Office) -> None:
    both = TWO_TEAMS + TWO_TEAMS.replace("Tân Thạch", "Phú Túc").replace("09120", "09130").replace(
        "Văn", "Hữu"
    ).replace("Thị", "Mỹ")
    await here.loads(both)
    old, heir, district = [await here.unit(name) for name in ("Xã Tân Thạch", "Xã Phú Túc", "Huyện Châu Thành")]

    def reform(db: Db) -> None:
        """The commune is merged into the other, the district is abolished."""
        for hamlet in units.children(db, old):
            units.hang_under(db, hamlet, heir, 5_000)
        units.hang_under(db, heir, here.top, 5_000)
        moved = units.get(db, heir.id)
        assert moved is not None
        units.hang_under(db, old, moved, 5_000)
        for unit in (old, district):
            units.close(db, unit, 5_000)
        units.inherit(db, old.id, heir.id, 5_000)

    await here.store.run(reform)
    plan = await here.plan(TWO_TEAMS)
    assert [f"{one.kind} {one.said}" for one in plan.problems] == ["unit_follows Xã Tân Thạch"]
    assert (plan.counts.same, plan.counts.new, plan.counts.gone) == (4, 0, 0)
    assert plan.is_empty


# Taking back.


async def take_back(here: Office) -> str:
    def undo(db: Db) -> str:
        one = imports.get(db, here.last)
        assert one is not None
        if why := dependents.built_on(db, one):
            return ", ".join([why.what, *(name for _, name in why.joined)])
        taking_back.undo(db, one, None, "apso", 9_000, one.name)
        return ""

    return await here.store.run(undo)


def _invite_the_new(db: Db, import_id: int) -> None:
    one = imports.get(db, import_id)
    assert one is not None
    first, last = one.made.people
    invites.add_all(db, [(f"ABCD-{person_id:04d}", person_id) for person_id in range(first, last + 1)], 8_000, 10**15)


@pytest.mark.parametrize("seed", range(6))
async def test_an_import_taken_back_leaves_every_row_as_it_was(here: Office, seed: int) -> None:
    listed = List(seed)
    await here.loads(listed.table())
    someone = next(row for row in listed.rows if row.role == "member")
    person = await here.someone(someone.name)
    await here.store.run(lambda db: people.link(db, "phone", "p7", person.id, 9_000))
    before = await here.all_rows()
    listed.edit()
    if someone in listed.rows:
        listed.rows.remove(someone)
    await here.loads(listed.table(), remove_gone=True)
    taken, became = here.last, await here.all_rows()
    assert became != before
    await here.loads(listed.table(), remove_gone=True)
    assert await here.all_rows() == became, "the same list again changes nothing"
    here.last = taken
    await here.store.run(lambda db: _invite_the_new(db, taken))
    assert await take_back(here) == ""
    assert await here.all_rows() == before


async def test_codes_that_nobody_used_are_nothing_built_on_it(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    be, dung = await here.someone("Trần Thị Bé"), await here.someone("Phạm Thị Dung")
    without = "\n".join(line for line in TWO_TEAMS.strip().split("\n") if "Dung" not in line)
    await here.loads(without, remove_gone=True)
    before = await here.all_rows()
    await here.loads(TWO_TEAMS + "Hồ Kim Giang | | Thành viên | Ấp 2 | Xã Tân Thạch | Châu Thành | 0912000005")
    giang = await here.someone("Hồ Kim Giang")
    pairs = [("ABCD-EFGH", giang.id), ("ABCD-EFGK", dung.id), ("ABCD-EFGM", be.id)]
    await here.store.run(lambda db: invites.add_all(db, pairs, 8_000, 10**15))

    def left(db: Db) -> int:
        one = imports.get(db, here.last)
        assert one is not None
        return dependents.invited(db, one, 8_500)

    assert await here.store.run(left) == 2
    assert await take_back(here) == ""
    for code, works in (("ABCD-EFGH", False), ("ABCD-EFGK", False), ("ABCD-EFGM", True)):
        assert await here.store.run(lambda db, code=code: invites.take(db, code, 9_500)) is works  # type: ignore[misc]
    after = await here.all_rows()
    assert {name for name in after if after[name] != before[name]} == {"invites"}


async def test_who_came_back_and_in_keeps_it(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    be = await here.someone("Trần Thị Bé")
    without = "\n".join(line for line in TWO_TEAMS.strip().split("\n") if "Bé" not in line)
    await here.loads(without, remove_gone=True)
    await here.loads(TWO_TEAMS)
    await here.store.run(lambda db: invites.add(db, "ABCD-EFGH", be.id, 8_000, 10**15))
    assert await here.store.run(lambda db: invites.take(db, "ABCD-EFGH", 8_500))
    assert await take_back(here) == "joined, Trần Thị Bé"


async def test_the_first_import_taken_back_leaves_an_empty_province(here: Office) -> None:
    before = await here.all_rows()
    await here.loads(TWO_TEAMS)
    assert await take_back(here) == ""
    assert await here.all_rows() == before
    assert (await here.loads(TWO_TEAMS)).new == 4


async def test_what_is_built_upon_is_not_taken_back(here: Office) -> None:
    await here.loads(TWO_TEAMS)
    first, be = here.last, await here.someone("Trần Thị Bé")
    await here.store.run(lambda db: people.link(db, "phone", "p7", be.id, 5))
    assert await take_back(here) == "joined, Trần Thị Bé"
    await here.loads(TWO_TEAMS.replace("0912000003", "0912999999"))
    last = here.last
    await here.loads(TWO_TEAMS.replace("0912000003", "0912888888"))
    here.last = last
    assert await take_back(here) == "changed"
    here.last = first
    assert await take_back(here) == "joined, Trần Thị Bé"
