"""What a reform does to units, posts and open work: decided on a copy of the rows, before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.rules.refused import Refused
from bot.rules.rights import RANKS
from bot.rules.units import GROUPING, Levels
from storage import keys
from storage.journal import Cells, Change, Copy
from storage.reforms import Step

STATES = ("given", "accepted", "reported")  # of open work, how far it is


@dataclass(frozen=True, slots=True)
class Moved:
    """A person's post ended and another began at the same moment, or none where they have a better one there."""

    person: int
    was_unit: int
    was_role: str
    unit: int
    role: str


@dataclass
class Outcome:
    """What a reform would do. Units that would be new have ids below zero; `name` and `was_called` name them all.

    `of_units`, `of_people`: what teams and persons are to hear, as facts of storage.reforms.
    """

    changes: list[Change] = field(default_factory=list)
    moved: list[Moved] = field(default_factory=list)
    made: list[int] = field(default_factory=list)
    merged: dict[int, list[int]] = field(default_factory=dict)
    renamed: list[int] = field(default_factory=list)
    hung: list[int] = field(default_factory=list)
    closed: list[int] = field(default_factory=list)
    swept: list[int] = field(default_factory=list)
    headless: list[int] = field(default_factory=list)
    tasks: set[int] = field(default_factory=set)
    assignments: int = 0
    joined: int = 0
    name: dict[int, str] = field(default_factory=dict)
    was_called: dict[int, str] = field(default_factory=dict)
    of_units: dict[int, list[Cells]] = field(default_factory=dict)
    of_people: dict[int, list[Cells]] = field(default_factory=dict)

    @property
    def demoted(self) -> list[Moved]:
        """Heads who become deputies, or members of a team above."""
        return [one for one in self.moved if one.was_role == "head" and one.role != "head"]

    @property
    def people(self) -> set[int]:
        """Whose post is another now."""
        return {one.person for one in self.moved}


def decide(steps: Sequence[Step], rows: Copy, *, at: int, levels: Levels) -> Outcome:
    """Do the steps one after the other on the copy. Raises Refused where one cannot be."""
    doing = _Doing(rows, at, levels)
    for step in steps:
        getattr(doing, step.act)(step)
    return doing.finish()


class _Doing:
    """The copy while it is worked on; each public method is one act of a step."""

    def __init__(self, rows: Copy, at: int, levels: Levels) -> None:
        self.rows, self.at, self.levels = rows, at, levels
        self.out = Outcome()
        self.out.was_called = {key[0]: row["name"] for key, row in rows.was["units"].items()}
        self.had = {parent: bool(self._open_below(parent)) for parent in rows.below}
        self.edges = _grouped(rows, "unit_edges", "child_id")
        self.posts = _grouped(rows, "posts", "unit_id")
        self.work = _grouped(rows, "assignments", "unit_id")

    # The acts.

    def merge(self, step: Step) -> None:
        """`others` go up in `unit`, or all in a new one. One of its heads stays head, the others are deputies."""
        before = [self._open(one) for one in (step.unit, *step.others) if one]
        if len({unit["id"] for unit in before}) < 2:
            raise Refused("reforms.two_needed")
        self._check_level(before)
        keeper = before[0] if step.unit else self._keeper(before, step.code)
        if step.unit:
            target = keeper
            self._call(target, step)
            if step.parent and step.parent != target["parent_id"]:
                self.move(Step("move", target["id"], parent=step.parent))
        else:
            parent = self._open(step.parent or keeper["parent_id"])
            target = self._new(step, keeper["level"], parent, keeper["kind"])
        for unit in before:
            if unit is not target and target["path"].startswith(unit["path"]):
                raise Refused("reforms.under_itself", unit=unit["name"], above=target["name"])
        head = step.head or self._head_of([keeper, *self._by_size(before)])
        self._lead(target, head)
        for unit in before:
            if unit is not target:
                self._give_over(unit, target, lambda post: _as_merged(post, head))
        self.out.merged.setdefault(target["id"], []).extend(one["id"] for one in before if one is not target)

    def split(self, step: Step) -> None:
        """A new unit beside `unit`, with some of what stands below it and some of its people and their open work."""
        unit = self._open(step.unit)
        if unit["parent_id"] is None:
            raise Refused("reforms.not_the_top")
        for child in step.others:
            if self._open(child)["parent_id"] != unit["id"]:
                raise Refused("reforms.not_below", unit=self._open(child)["name"], above=unit["name"])
        target = self._new(step, unit["level"], self._open(step.parent or unit["parent_id"]), unit["kind"])
        self._inherit(unit, target)
        for child in step.others:
            self._hang(self._open(child), target)
        head = step.head or next(
            (
                post["person_id"]
                for post in self._posts(unit)
                if post["role"] == "head" and post["person_id"] in step.people
            ),
            0,
        )
        for post in self._posts(unit):
            if post["person_id"] in step.people:
                self._move_post(post, target, "head" if post["person_id"] == head else post["role"])
        self._move_work(unit, target, set(step.people))
        self.out.merged.setdefault(target["id"], [])

    def rename(self, step: Step) -> None:
        """It is called otherwise from now on."""
        self._call(self._open(step.unit), step)

    def move(self, step: Step) -> None:
        """It stands under another from now on, with all below it."""
        unit, parent = self._open(step.unit), self._open(step.parent)
        self._call(unit, step)
        self._check_place(unit["level"], parent, unit["name"])
        if parent["path"].startswith(unit["path"]):
            raise Refused("reforms.under_itself", unit=unit["name"], above=parent["name"])
        if unit["parent_id"] is None:
            raise Refused("reforms.not_the_top")
        if unit["parent_id"] == parent["id"]:
            raise Refused("reforms.stands_there", unit=unit["name"], above=parent["name"])
        self._hang(unit, parent)

    def close(self, step: Step) -> None:
        """It is no more: its figures count in `parent`, what stood below it stands there, its people are members."""
        unit = self._open(step.unit)
        if unit["parent_id"] is None:
            raise Refused("reforms.not_the_top")
        target = self._open(step.parent or unit["parent_id"])
        if target["path"].startswith(unit["path"]):
            raise Refused("reforms.under_itself", unit=unit["name"], above=target["name"])
        self._give_over(unit, target, lambda post: "member")

    def open(self, step: Step) -> None:
        """A new unit under `parent`, without anybody yet."""
        parent = self._open(step.parent)
        kind = step.kind or self.levels.kind_of(step.name)
        level = step.level or self.levels.level_of(kind, self._administrative(parent))
        if not kind or not level:
            raise Refused("reforms.which_kind", said=step.name, kinds=", ".join(self._kinds_below(parent)))
        self._new(step, level, parent, kind)

    def sweep(self, step: Step) -> None:
        """Close what the steps before left empty, as the districts were."""
        for one in sorted(step.others, key=lambda one: -len(self.rows.unit(one)["path"])):
            unit = self.rows.unit(one)
            empty = self.had.get(one, False) and not self._open_below(one)
            if empty and unit["until"] is None and unit["parent_id"] is not None:
                self.close(Step("close", one))
                self.out.swept.append(one)

    # What they are made of.

    def _open(self, unit_id: int) -> Cells:
        unit = self.rows.rows["units"].get((unit_id,))
        if unit is None:
            raise Refused("reforms.no_such_unit")
        if unit["until"] is not None:
            raise Refused("chat.unit_closed", unit=unit["name"])
        return unit

    def _open_below(self, unit_id: int) -> list[Cells]:
        found = (self.rows.unit(child) for child in sorted(self.rows.below.get(unit_id, ())))
        return [unit for unit in found if unit["until"] is None and unit["parent_id"] == unit_id]

    def _check_level(self, before: Sequence[Cells]) -> None:
        for unit in before[1:]:
            if unit["level"] != before[0]["level"]:
                raise Refused("reforms.other_level", one=before[0]["name"], other=unit["name"])
        if any(unit["parent_id"] is None for unit in before):
            raise Refused("reforms.not_the_top")

    def _check_place(self, level: str, parent: Cells, name: str) -> None:
        if not self.levels.fits(level, self._administrative(parent)):
            raise Refused("reforms.too_low", unit=name, above=parent["name"])

    def _administrative(self, unit: Cells) -> str:
        """The level of the nearest from `unit` upwards that is no grouping."""
        while unit["level"] == GROUPING and unit["parent_id"] is not None:
            unit = self.rows.unit(unit["parent_id"])
        level: str = unit["level"]
        return level

    def _kinds_below(self, parent: Cells) -> list[str]:
        above = self._administrative(parent)
        levels = [level for level in self.levels.order if level != above and self.levels.fits(level, above)]
        return [kind for level in levels for kind in self.levels.kinds_at(level)]

    def _keeper(self, before: Sequence[Cells], code: str) -> Cells:
        kept = [unit for unit in before if code and unit["code"] == code]
        return (kept or self._by_size(before))[0]

    def _by_size(self, before: Sequence[Cells]) -> list[Cells]:
        return sorted(before, key=lambda unit: (-self.rows.people_below.get(unit["id"], 0), unit["id"]))

    def _posts(self, unit: Cells) -> list[Cells]:
        found = [post for post in self.posts.get(unit["id"], []) if post["until"] is None]
        return sorted(found, key=lambda post: (_rank(post["role"]), abs(post["id"])))

    def _head_of(self, before: Sequence[Cells]) -> int:
        heads = (post["person_id"] for unit in before for post in self._posts(unit) if post["role"] == "head")
        return next(heads, 0)

    def _new(self, step: Step, level: str, parent: Cells, kind: str) -> Cells:
        kind = step.kind or self.levels.kind_of(step.name) or kind
        self._check_kind(kind, level, step.name)
        self._check_place(level, parent, step.name)
        new = self.rows.add(
            "units",
            code=step.code or self._free_code(parent),
            name=step.name,
            kind=kind,
            level=level,
            parent_id=parent["id"],
            path="",
            since=self.at,
            until=None,
            key=keys.key(step.name),
        )
        unit = self.rows.unit(new)
        unit["path"] = f"{parent['path']}{new}/"
        self.rows.below.setdefault(parent["id"], set()).add(new)
        self._edge(new, parent["id"])
        self.out.made.append(new)
        return unit

    def _free_code(self, parent: Cells) -> str:
        """The parent's with a running number: for a unit that has no official one."""
        taken = {unit["code"] for unit in self.rows.rows["units"].values()}
        number = 1 + len(self.rows.below.get(parent["id"], ()))
        while f"{parent['code']}-{number:02}" in taken:
            number += 1
        return f"{parent['code']}-{number:02}"

    def _check_kind(self, kind: str, level: str, name: str) -> None:
        if kind and not self.levels.allows(kind, level):
            raise Refused("reforms.which_kind", said=name, kinds=", ".join(self.levels.kinds_at(level)))

    def _call(self, unit: Cells, step: Step) -> None:
        code, name = step.code or unit["code"], step.name or unit["name"]
        kind = step.kind or self.levels.kind_of(name) or unit["kind"]
        if (code, name, kind) == (unit["code"], unit["name"], unit["kind"]):
            return
        if kind != unit["kind"]:
            self._check_kind(kind, unit["level"], name)
        own = [row["until"] for key, row in self.rows.rows["unit_names"].items() if key[0] == unit["id"]]
        since = max(own, default=unit["since"])
        if since < self.at:
            before = {"code": unit["code"], "name": unit["name"], "kind": unit["kind"]}
            self.rows.add("unit_names", unit_id=unit["id"], since=since, until=self.at, **before)
        unit.update(code=code, name=name, kind=kind, key=keys.key(name))
        self.out.renamed.append(unit["id"])

    def _hang(self, unit: Cells, parent: Cells) -> None:
        for edge in self.edges.get(unit["id"], []):
            if edge["until"] is None and edge["since"] >= self.at:
                self.rows.remove("unit_edges", edge)
            elif edge["until"] is None:
                edge["until"] = self.at
        self._edge(unit["id"], parent["id"])
        self.rows.below.get(unit["parent_id"], set()).discard(unit["id"])
        self.rows.below.setdefault(parent["id"], set()).add(unit["id"])
        unit["parent_id"] = parent["id"]
        self._carry(unit, parent)
        if unit["until"] is None:
            self.out.hung.append(unit["id"])

    def _edge(self, child: int, parent: int) -> None:
        self.rows.add("unit_edges", child_id=child, parent_id=parent, since=self.at, until=None)
        self.edges[child] = [
            edge for edge in self.edges.get(child, []) if edge["until"] is not None and edge["since"] != self.at
        ]
        self.edges[child].append(self.rows.rows["unit_edges"][child, self.at])

    def _carry(self, unit: Cells, parent: Cells) -> None:
        """It and all below get their new paths."""
        unit["path"] = f"{parent['path']}{unit['id']}/"
        for child in self.rows.below.get(unit["id"], ()):
            self._carry(self.rows.unit(child), unit)

    def _inherit(self, unit: Cells, heir: Cells) -> None:
        row = self.rows.rows["unit_heirs"].get((unit["id"], heir["id"]))
        if row is not None:
            row["at"] = self.at
        else:
            self.rows.add("unit_heirs", unit_id=unit["id"], heir_id=heir["id"], at=self.at)

    def _give_over(self, unit: Cells, target: Cells, role: Any) -> None:
        """`unit` is no more: what stands below it, its people and its open work go to `target`, it hangs below it."""
        for child in self._open_below(unit["id"]):
            self._check_place(child["level"], target, child["name"])
            self._hang(child, target)
        for post in self._posts(unit):
            self._move_post(post, target, role(post))
        self._move_work(unit, target)
        unit["until"] = self.at
        if unit["parent_id"] != target["id"]:
            self._hang(unit, target)
        self._inherit(unit, target)
        self.out.closed.append(unit["id"])

    def _lead(self, target: Cells, head: int) -> None:
        """Of the people the unit has, `head` leads it, if one of them; those who did are deputies."""
        for post in self._posts(target):
            if post["role"] == "head" and head and post["person_id"] != head:
                self._move_post(post, target, "deputy")
            elif post["person_id"] == head and post["role"] not in ("head", "admin"):
                self._move_post(post, target, "head")

    def _move_post(self, post: Cells, target: Cells, role: str) -> None:
        """It ends and one begins at the same moment; where they have as good a one there, that one goes on."""
        self._end(post)
        have = [one for one in self._posts(target) if one["person_id"] == post["person_id"]]
        same = [one for one in have if (one["role"] == "admin") == (role == "admin")]
        kept = next((one for one in same if _rank(one["role"]) <= _rank(role)), None)
        if kept is None:
            for one in same:
                self._end(one)
            held = {"person_id": post["person_id"], "unit_id": target["id"], "role": role, "since": self.at}
            new = self.rows.add("posts", **held, until=None)
            self.posts.setdefault(target["id"], []).append(self.rows.rows["posts"][new,])
        now = kept["role"] if kept else role
        self.out.moved.append(Moved(post["person_id"], post["unit_id"], post["role"], target["id"], now))

    def _end(self, post: Cells) -> None:
        if post["id"] < 0:  # it began in this very reform
            self.rows.remove("posts", post)
            self.posts[post["unit_id"]].remove(post)
        else:
            post["until"] = self.at

    def _move_work(self, unit: Cells, target: Cells, people: set[int] | None = None) -> None:
        """Open assignments (those of `people` only) and, of a unit that is no more, its open tasks."""
        for task in self.rows.rows["tasks"].values():
            if people is None and task["unit_id"] == unit["id"]:
                task["unit_id"] = target["id"]
                self.out.tasks.add(task["id"])
        for one in list(self.work.get(unit["id"], [])):
            if people is None or one["person_id"] in people:
                self._move_assignment(one, unit, target)

    def _move_assignment(self, one: Cells, unit: Cells, target: Cells) -> None:
        self.out.tasks.add(one["task_id"])
        self.out.assignments += 1
        there = self.work.setdefault(target["id"], [])
        twin = (one["task_id"], one["person_id"])
        other = next((a for a in there if (a["task_id"], a["person_id"]) == twin), None)
        self.work[unit["id"]].remove(one)
        there.append(one)
        one["unit_id"] = target["id"]
        if other is not None:
            self._join(one, other, {one["id"]: unit["name"], other["id"]: target["name"]})
            self.out.joined += 1

    def _join(self, one: Cells, other: Cells, places: dict[int, str]) -> None:
        """The same person has the same task twice in what is one unit now: they answer for it once, the further one
        goes on, and what was said, counted and shown in the other goes with it. Counts are never added up."""
        kept, gone = (one, other) if STATES.index(one["state"]) > STATES.index(other["state"]) else (other, one)
        said = [str(gone["count"])] if gone["count"] is not None else []
        said += [words for words in (gone["note"], gone["stuck"], gone["returned"]) if words]
        if said:
            kept["note"] = "\n".join(filter(None, (kept["note"], f"{places[gone['id']]}: {' · '.join(said)}")))
        for row in [r for r in self.rows.rows["assignment_files"].values() if r["assignment_id"] == gone["id"]]:
            self.rows.remove("assignment_files", row)
            if (kept["id"], row["file_id"]) not in self.rows.rows["assignment_files"]:
                self.rows.add("assignment_files", assignment_id=kept["id"], file_id=row["file_id"])
        for row in [r for r in self.rows.rows["reminded"].values() if r["assignment_id"] == gone["id"]]:
            self.rows.remove("reminded", row)
        self.rows.remove("assignments", gone)
        self.work[gone["unit_id"]].remove(gone)

    # What came of it.

    def finish(self) -> Outcome:
        out = self.out
        out.changes = self.rows.changes()
        out.name = {key[0]: row["name"] for key, row in self.rows.rows["units"].items()}
        # Who went on from one unit to the next within one reform came from the first to the last.
        out.moved = _shortened(out.moved)
        left = [one.was_unit for one in out.moved if one.was_role == "head"]
        concerned = [self.rows.unit(one) for one in dict.fromkeys((*out.merged, *out.made, *left))]
        out.headless = [unit["id"] for unit in concerned if unit["until"] is None and not self._head_of([unit])]
        self._facts()
        return out

    def _facts(self) -> None:
        out = self.out
        for one in out.moved:
            fact = {"about": "post", "unit": one.unit, "role": one.role, "was_role": one.was_role}
            was = "" if one.was_unit == one.unit else out.was_called.get(one.was_unit, "")
            out.of_people.setdefault(one.person, []).append({**fact, "was": was})
        for merged, others in out.merged.items():
            names = [out.was_called[other] for other in others if other in out.was_called]
            if names and merged > 0:
                self._tell_team(merged, {"about": "grown", "was": ", ".join(names)})
        for key, before in self.rows.was["units"].items():
            unit = self.rows.unit(key[0])
            if unit["until"] is not None:
                continue
            if unit["parent_id"] != before["parent_id"]:
                above = out.was_called.get(before["parent_id"], "")
                self._tell_team(key[0], {"about": "parent", "was": above})
            if unit["name"] != before["name"]:
                self._tell_team(key[0], {"about": "name", "was": before["name"]})
                for child in self._open_below(key[0]):
                    self._tell_team(child["id"], {"about": "parent", "was": before["name"]})

    def _tell_team(self, unit: int, fact: Cells) -> None:
        known = self.out.of_units.setdefault(unit, [])
        if not known:
            known.append({**fact, "unit": unit})
        elif fact["about"] == "name":
            known[0] = {**fact, "unit": unit}


def _grouped(rows: Copy, table: str, column: str) -> dict[int, list[Cells]]:
    found: dict[int, list[Cells]] = {}
    for row in rows.rows[table].values():
        found.setdefault(row[column], []).append(row)
    return found


def _rank(role: str) -> int:
    return [str(one) for one in RANKS].index(role)


def _as_merged(post: Cells, head: int) -> str:
    if post["role"] == "admin":
        return "admin"
    if post["person_id"] == head:
        return "head"
    role: str = post["role"]
    return "deputy" if role == "head" else role


def _shortened(moved: Sequence[Moved]) -> list[Moved]:
    found: list[Moved] = []
    for one in moved:
        before = next(
            (m for m in found if m.person == one.person and m.unit == one.was_unit and m.role == one.was_role), None
        )
        if before is not None:
            found.remove(before)
            one = Moved(one.person, before.was_unit, before.was_role, one.unit, one.role)
        found.append(one)
    return found
