"""The people of the copy and their open work, while units change around them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.rules.reforms.outcome import Moved
from bot.rules.reforms.tree import Tree, grouped
from bot.rules.rights import RANKS
from bot.rules.units import Levels
from storage.journal import Cells, Copy

STATES = ("given", "accepted", "reported")  # of open work, how far it is


class Teams(Tree):
    """The posts and the open work of the units."""

    def __init__(self, rows: Copy, at: int, levels: Levels) -> None:
        super().__init__(rows, at, levels)
        self.posts = grouped(rows, "posts", "unit_id")
        self.work = grouped(rows, "assignments", "unit_id")

    def _posts(self, unit: Cells) -> list[Cells]:
        found = [post for post in self.posts.get(unit["id"], []) if post["until"] is None]
        return sorted(found, key=lambda post: (_rank(post["role"]), abs(post["id"])))

    def _head_of(self, before: Sequence[Cells]) -> int:
        heads = (post["person_id"] for unit in before for post in self._posts(unit) if post["role"] == "head")
        return next(heads, 0)

    def _keeper(self, before: Sequence[Cells], code: str) -> Cells:
        kept = [unit for unit in before if code and unit["code"] == code]
        return (kept or self._by_size(before))[0]

    def _by_size(self, before: Sequence[Cells]) -> list[Cells]:
        return sorted(before, key=lambda unit: (-self.rows.people_below.get(unit["id"], 0), unit["id"]))

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


def _rank(role: str) -> int:
    return [str(one) for one in RANKS].index(role)
