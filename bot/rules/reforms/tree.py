"""The units of the copy while they are worked on: found, checked, made, called otherwise, hung elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.reforms.outcome import Outcome
from bot.rules.refused import Refused
from bot.rules.units import GROUPING, Levels
from storage import keys
from storage.journal import Cells, Copy
from storage.reforms import Step


class Tree:
    """The rows of units, and what came of them so far."""

    def __init__(self, rows: Copy, at: int, levels: Levels) -> None:
        self.rows, self.at, self.levels = rows, at, levels
        self.out = Outcome()
        self.out.was_called = {key[0]: row["name"] for key, row in rows.was["units"].items()}
        self.had = {parent: bool(self._open_below(parent)) for parent in rows.below}
        self.edges = grouped(rows, "unit_edges", "child_id")

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

    def _check_kind(self, kind: str, level: str, name: str) -> None:
        if kind and not self.levels.allows(kind, level):
            raise Refused("reforms.which_kind", said=name, kinds=", ".join(self.levels.kinds_at(level)))

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


def grouped(rows: Copy, table: str, column: str) -> dict[int, list[Cells]]:
    found: dict[int, list[Cells]] = {}
    for row in rows.rows[table].values():
        found.setdefault(row[column], []).append(row)
    return found
