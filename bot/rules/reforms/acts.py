"""The acts of a reform, each done on the copy."""

from __future__ import annotations

from bot.rules.reforms.teams import Teams
from bot.rules.refused import Refused
from storage.journal import Cells
from storage.reforms import Step


class Acts(Teams):
    """The copy while it is worked on; each method is one act of a step."""

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


def _as_merged(post: Cells, head: int) -> str:
    if post["role"] == "admin":
        return "admin"
    if post["person_id"] == head:
        return "head"
    role: str = post["role"]
    return "deputy" if role == "head" else role
