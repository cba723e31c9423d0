"""Reforms in any order against simple models: totals, posts, trees and earlier weeks stay what they were."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from bot.rules.calendar import week_of
from bot.rules.people import home, office
from bot.rules.reforms import decide
from bot.rules.refused import Refused
from bot.rules.units import Levels
from storage import journal, people, reforms, reports, tasks, units
from storage.db import Db
from storage.reforms import Reform, Step
from storage.reports import Item
from tests.machines import PHASES
from tests.machines.desk import open_desk
from tests.rig import ZONE

HOUR_MS = 3_600_000
LEVELS = Levels()
ACTS = ("merge", "merge", "merge", "split", "rename", "move", "close", "open")
NAMES = ("Xã Sông Tiền", "Ấp Đông", "Huyện Mới", "Cụm Hai", "Phường Ba Lai", "Xã Mỹ An", "Khu phố 7")


@dataclass(frozen=True)
class Seen:
    """The tree of a moment, as a dictionary of open units: id → (parent, name)."""

    at: int
    tree: dict[int, tuple[int | None, str]]


@dataclass(frozen=True)
class Week:
    """What somebody read of a week right after its end, while they led the unit `office`."""

    who: str
    office: int
    monday: date
    ended_at: int
    text: str


class Reforms(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.desk = open_desk()
        self.totals: Counter[tuple[str, str]] = Counter()
        self.seen: list[Seen] = []
        self.weeks: list[Week] = []
        self.category = self.desk.look("SELECT code FROM categories ORDER BY position LIMIT 1")[0][0]
        self.desk.do(self.begin)
        self.look_at_tree()

    def teardown(self) -> None:
        self.desk.connection.close()

    def begin(self, db: Db) -> None:
        """More of everything: a second district, a person in two teams, a task for everybody."""
        now = self.desk.now - 60 * 24 * HOUR_MS
        top = units.top(db)
        assert top is not None
        self.top = top.id
        other = units.add(db, code="h2", name="Huyện Ba Tri", kind="huyện", level="district", parent=top, since=now)
        for number in range(2):
            xa = units.add(db, code=f"y{number}", name="Xã Mỹ An", kind="xã", level="commune", parent=other, since=now)
            for person in ("an", "hai", "dung")[number : number + 2]:
                person_id = int(self.desk.chats[person][1:])
                people.appoint(db, person_id, xa.id, "head" if person == "hai" else "member", now)

    # What people do meanwhile.

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        before = self.today()
        self.desk.now += hours * HOUR_MS
        if week_of(self.today()) != week_of(before):
            self.read_week("quan")
            self.read_week("hue")

    @rule(which=st.integers(0, 50), count=st.integers(1, 9))
    def somebody_reports(self, which: int, count: int) -> None:
        person = self.somebody(which)

        def report(db: Db) -> None:
            post = home(people.posts(db, person))
            if post is None:
                return
            item = Item(self.category, count, "hồ sơ")
            today, unit = self.today().isoformat(), post.unit.id
            reports.add(db, author_id=person, unit_id=unit, day=today, note="", items=(item,), now=self.desk.now)
            self.totals[self.category, "hồ sơ"] += count

        self.desk.do(report)

    @rule(which=st.integers(0, 50), how=st.sampled_from(["given", "accepted", "reported", "done", "cancelled"]))
    def work_is_given(self, which: int, how: str) -> None:
        """One task to all teams, in whatever state the last of its parts is."""

        def give(db: Db) -> None:
            giver = self.somebody(which)
            lead = office(people.posts(db, giver))
            if lead is None:
                return
            due = self.desk.now + 24 * HOUR_MS
            kept = tasks.add(
                db, title="V", giver_id=giver, unit_id=lead.unit.id, due_at=due, evidence="none", now=self.desk.now
            )
            top = units.top(db)
            assert top is not None
            for member in people.under(db, top):
                if member.role != "admin":
                    one = tasks.assign(db, kept.id, member.unit.id, member.person.id, self.desk.now)
                    state = how if how != "cancelled" and one.id % 3 == which % 3 else "given"
                    db.run(
                        "UPDATE assignments SET state = :state, count = :count WHERE id = :id",
                        state=state,
                        count=one.id if state == "reported" else None,
                        id=one.id,
                    )
            if how == "cancelled":
                tasks.cancel(db, kept.id, self.desk.now)

        self.desk.do(give)

    # What the administrator does.

    @rule(data=st.data())
    def reform(self, data: st.DataObject) -> None:
        self.carry_out(data)

    @rule(data=st.data())
    def reform_and_take_it_back(self, data: st.DataObject) -> None:
        """Every row of the touched tables is exactly as it was."""
        before = self.rows()
        made = self.carry_out(data)
        if made is not None:
            assert self.desk.do(lambda db: reforms.depends(db, made)) is None
            self.take_back(made)
            assert self.rows() == before

    @rule(which=st.integers(0, 50))
    def take_back_an_earlier_one(self, which: int) -> None:
        """Refused for a reason, or each row that was not changed since is as it was before it."""
        done = [one for one in self.desk.do(lambda db: reforms.latest(db, 50)) if one.state == "done"]
        if not done:
            return
        one = done[which % len(done)]
        if self.desk.do(lambda db: reforms.depends(db, one)) is not None:
            return
        changes = self.desk.do(lambda db: journal.changes(db, one.id))
        self.take_back(one)
        for change in changes:
            where = " AND ".join(f"{column} = ?" for column in journal.KEYS[change.table])
            columns = ", ".join(change.before or change.after or {})
            found = self.desk.look(f"SELECT {columns} FROM {change.table} WHERE {where}", *change.key)
            assert found == ([tuple(change.before.values())] if change.before is not None else []), change

    def carry_out(self, data: st.DataObject) -> Reform | None:
        open_units = [row[0] for row in self.desk.look("SELECT id FROM units WHERE until IS NULL ORDER BY id")]
        some = st.sampled_from(open_units)
        act = data.draw(st.sampled_from(ACTS), "act")
        unit, others = data.draw(some, "unit"), data.draw(st.lists(some, min_size=1, max_size=3, unique=True), "others")
        name = data.draw(st.sampled_from(NAMES), "name")
        whose = self.desk.look("SELECT person_id FROM posts WHERE until IS NULL AND unit_id = ? ORDER BY id", unit)
        step = {
            "merge": self.merger(unit, others, name, new=data.draw(st.booleans())),
            "split": Step(
                "split", unit, tuple(self.below(unit)[::2]), tuple({row[0] for row in whose[::2]}), name=name, kind="xã"
            ),
            "rename": Step("rename", unit, name=name),
            "move": Step("move", unit, parent=others[0]),
            "close": Step("close", unit, parent=others[0] if data.draw(st.booleans()) else 0),
            "open": Step("open", parent=unit, name=name),
        }[act]
        step = self.with_fitting_kind(step, unit)
        before = self.rows()

        def work(db: Db) -> Reform:
            kept = reforms.add(
                db,
                author_id=None,
                act=act,
                name=act,
                day=self.today().isoformat(),
                due_at=self.desk.now,
                steps=[step],
                now=self.desk.now,
            )
            reforms.carry_out(db, kept, partial(decide, [step], at=self.desk.now, levels=LEVELS), self.desk.now)
            made = reforms.get(db, kept.id)
            assert made is not None
            return made

        try:
            made: Reform = self.desk.do(work)
        except Refused:
            assert self.rows() == before
            return None
        self.look_at_tree()
        return made

    def merger(self, unit: int, chosen: list[int], name: str, *, new: bool) -> Step:
        """With one or two of its level: which, the ids chosen at random say."""
        mates = self.mates(unit)
        with_it = {mates[one % len(mates)] for one in chosen[:2]} if mates else set()
        return Step("merge", 0 if new else unit, tuple(sorted(with_it | ({unit} if new else set()))), name=name)

    def with_fitting_kind(self, step: Step, unit: int) -> Step:
        """A name of the level's kinds, so that few are refused."""
        if not step.name or step.act == "open":
            return step
        level = self.desk.look("SELECT level FROM units WHERE id = ?", unit)[0][0]
        kinds = LEVELS.kinds_at(level)
        name = f"{kinds[0].capitalize()} {LEVELS.bare(step.name)}" if kinds else step.name
        return Step(step.act, step.unit, step.others, step.people, name=name)

    def below(self, unit: int) -> list[int]:
        sql = "SELECT id FROM units WHERE parent_id = ? AND until IS NULL ORDER BY id"
        return [row[0] for row in self.desk.look(sql, unit)]

    def mates(self, unit: int) -> list[int]:
        sql = "SELECT id FROM units WHERE until IS NULL AND id <> ? AND level = (SELECT level FROM units WHERE id = ?)"
        return [row[0] for row in self.desk.look(f"{sql} ORDER BY id DESC", unit, unit)]

    def take_back(self, one: Reform) -> None:
        """What was seen since it was done is history that did not happen."""
        self.desk.do(lambda db: reforms.undo(db, one, self.desk.now))
        assert one.done_at is not None
        self.seen = [seen for seen in self.seen if seen.at < one.done_at]
        self.weeks = [week for week in self.weeks if week.ended_at <= one.done_at]
        self.look_at_tree()

    # What must be so.

    @invariant()
    def totals_are_what_was_reported(self) -> None:
        def count(db: Db) -> Counter[tuple[str, str]]:
            top = units.get(db, self.top)
            assert top is not None
            found: Counter[tuple[str, str]] = Counter()
            for figure in reports.figures_by_unit(db, top, "2000-01-01", "2100-01-01"):
                found[figure.category, figure.unit] += figure.count
            return found

        assert self.desk.do(count) == self.totals

    @invariant()
    def nobody_is_without_a_post(self) -> None:
        sql = "SELECT person_id, since, COALESCE(until, 9e18) FROM posts ORDER BY person_id, since"
        reached: dict[int, float] = {}
        for person, since, until in self.desk.look(sql):
            assert since <= reached.get(person, since), f"{person} had no post before {since}"
            reached[person] = max(until, reached.get(person, 0))
        assert set(reached.values()) <= {9e18}

    @invariant()
    def the_tree_is_whole(self) -> None:
        found = self.desk.look("SELECT id, parent_id, path, until FROM units")
        paths = {row[0]: row[2] for row in found}
        gone = {row[0]: row[3] is not None for row in found}
        edges = dict(self.desk.look("SELECT child_id, parent_id FROM unit_edges WHERE until IS NULL"))
        for one, parent, path, until in found:
            assert path == (f"{paths[parent]}{one}/" if parent else f"/{one}/")
            assert edges.get(one) == parent
            assert path.startswith(f"/{self.top}/")
            assert until is not None or parent is None or not gone[parent], f"{one} stands under a closed unit"

    @invariant()
    def open_work_is_in_open_units_and_once(self) -> None:
        live = "a.state <> 'done' AND t.cancelled_at IS NULL"
        joined = "FROM assignments a JOIN tasks t ON t.id = a.task_id JOIN units u ON u.id = a.unit_id"
        assert self.desk.look(f"SELECT a.id {joined} WHERE {live} AND u.until IS NOT NULL") == []
        assert (
            self.desk.look(
                "SELECT t.id FROM tasks t JOIN units u ON u.id = t.unit_id WHERE u.until IS NOT NULL AND"
                " t.cancelled_at IS NULL"
                " AND EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.state <> 'done')"
            )
            == []
        )
        assert (
            self.desk.look(
                "SELECT o.id FROM posts o JOIN units u ON u.id = o.unit_id WHERE o.until IS NULL AND u.until > 0"
            )
            == []
        )

    @invariant()
    def every_earlier_tree_is_as_it_was_seen(self) -> None:
        for seen in self.seen[-6:]:
            assert self.tree_of(seen.at) == seen.tree

    @invariant()
    def every_earlier_week_reads_the_same(self) -> None:
        for week in self.weeks[-4:]:
            if self.office_of(week.who) == week.office:
                assert self.text_of(week.who, week.monday) == week.text

    # How it is looked at.

    def today(self) -> date:
        return datetime.fromtimestamp(self.desk.now / 1000, ZONE).date()

    def somebody(self, which: int) -> int:
        everybody = [row[0] for row in self.desk.look("SELECT id FROM people ORDER BY id")]
        found: int = everybody[which % len(everybody)]
        return found

    def rows(self) -> list[Any]:
        return [sorted(self.desk.look(f"SELECT * FROM {table}"), key=repr) for table in journal.KEYS]

    def look_at_tree(self) -> None:
        rows = self.desk.look("SELECT id, parent_id, name FROM units WHERE until IS NULL")
        tree = {row[0]: (row[1], row[2]) for row in rows}
        self.seen = [seen for seen in self.seen if seen.at < self.desk.now]
        self.seen.append(Seen(self.desk.now, tree))

    def tree_of(self, at: int) -> dict[int, tuple[int | None, str]]:
        def read(db: Db) -> list[units.Unit]:
            top = units.get(db, self.top)
            assert top is not None
            return units.as_of(db, top, at)

        found = [one for one in self.desk.do(read) if one.closed_at is None]
        return {one.id: (None if one.id == self.top else one.parent_id, one.name) for one in found}

    def office_of(self, who: str) -> int:
        lead = office(self.desk.do(lambda db: people.posts(db, int(self.desk.chats[who][1:]))))
        return lead.unit.id if lead else 0

    def read_week(self, who: str) -> None:
        monday = week_of(self.today()).first - timedelta(days=7)
        ended = datetime.combine(monday + timedelta(days=7), datetime.min.time(), ZONE)
        if unit := self.office_of(who):
            text = self.text_of(who, monday)
            self.weeks.append(Week(who, unit, monday, int(ended.timestamp() * 1000), text))

    def text_of(self, who: str, monday: date) -> str:
        ago = (week_of(self.today()).first - monday).days // 7
        self.desk.says(who, f"/tuan {ago}")
        return self.desk.reads(who)


TestReforms = Reforms.TestCase
TestReforms.settings = settings(
    max_examples=60,
    stateful_step_count=25,
    deadline=None,
    derandomize=True,
    database=None,
    phases=PHASES,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
