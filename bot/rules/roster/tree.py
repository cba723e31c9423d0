"""The units of a file as a tree, in which each is one however it is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.rules.roster.records import LEVELS, Problem, Unit
from bot.rules.vietnamese.units import UnitName, bare_core, core_key, is_bare


@dataclass(slots=True, eq=False)
class Node:
    """A unit while the file is being read."""

    level: str
    name: UnitName
    key: str
    parent: Node | None
    sheet: str = ""
    row: int = 0
    code: str = ""  # the official one, if the list says it
    children: dict[tuple[str, str], list[Node]] = field(default_factory=dict)
    became: Node | None = None  # the unit that it turned out to be another spelling of

    @property
    def real(self) -> Node:
        node = self
        while node.became is not None:
            node = node.became
        return node


NO_CODES: Mapping[str, str] = {}


class Tree:
    """Grows while rows are read; `settle` joins the spellings that can only be judged when all are known."""

    def __init__(self) -> None:
        self.root = Node("", UnitName("", ""), "", None)

    def find(
        self, chain: tuple[tuple[str, UnitName], ...], sheet: str, row: int, codes: Mapping[str, str] = NO_CODES
    ) -> Node | None:
        """The unit at the end of a chain from the top down; None for an empty one. `codes`: level → official code."""
        node = self.root
        for level, name in chain:
            node = self._child(node, level, name, codes.get(level, ""), sheet, row)
        return node if node is not self.root else None

    def _child(self, parent: Node, level: str, name: UnitName, code: str, sheet: str, row: int) -> Node:
        key = core_key(name.name)
        same = parent.children.setdefault((level, key), [])
        for node in same:
            if code and node.code and code != node.code:
                continue
            if node.name.kind == name.kind or not name.kind or not node.name.kind:
                if name.kind and not node.name.kind:
                    node.name = UnitName(name.kind, node.name.name)
                node.code = node.code or code
                return node
        node = Node(level, name, key, parent if parent is not self.root else None, sheet, row, code)
        same.append(node)
        return node

    def settle(self) -> list[Problem]:
        """Join names without marks to the one unit they can mean; a Problem for each that may be several.

        Also joins units whose parent was not said with those of the same name whose parent is known.
        """
        problems: list[Problem] = []
        self._adopt()
        pending = [self.root]
        while pending:
            node = pending.pop()
            problems += self._join_bare(node)
            pending += [child for child in children(node) if child.became is None]
        return problems

    def _adopt(self) -> None:
        """A commune of one sheet without its district is the only one of that name elsewhere."""
        for level in LEVELS[1:]:
            loose = [node for node in children(self.root) if node.level == level and node.became is None]
            if not loose:
                continue
            known: dict[str, list[Node]] = {}
            for node in self.all():
                if node.level == level and node.parent is not None:
                    known.setdefault(node.key, []).append(node)
            for node in loose:
                same = [other for other in known.get(node.key, ()) if kinds_agree(node, other)]
                if len(same) == 1 and level != "hamlet":
                    merge(node, same[0])

    def all(self) -> Iterator[Node]:
        pending = [self.root]
        while pending:
            for child in children(pending.pop()):
                if child.became is None:
                    yield child
                    pending.append(child)

    def _join_bare(self, parent: Node) -> list[Problem]:
        problems: list[Problem] = []
        by_bare: dict[tuple[str, str], list[Node]] = {}
        for node in children(parent):
            if node.became is None:
                by_bare.setdefault((node.level, bare_core(node.name.name)), []).append(node)
        for nodes in by_bare.values():
            if len(nodes) < 2:
                continue
            for node in [one for one in nodes if is_bare(one.name.name)]:
                others = [one for one in nodes if one is not node and one.key != node.key and kinds_agree(one, node)]
                others = [one for one in others if not is_bare(one.name.name)]
                if len(others) == 1:
                    merge(node, others[0])
                elif others:
                    choices = ", ".join(one.name.full for one in others)
                    problems.append(
                        Problem(node.sheet, node.row, None, "unit_ambiguous", node.name.full, {"choices": choices})
                    )
        return problems

    def units(self) -> dict[int, Unit]:
        """id(node) → Unit for every node that is left, from the top down."""
        made: dict[int, Unit] = {}
        order = sorted(self.all(), key=lambda node: LEVELS.index(node.level))
        for node in order:
            parent = made[id(node.parent.real)] if node.parent else None
            made[id(node)] = Unit(
                node.level, node.name.kind, node.name.full, node.key, parent, node.sheet, node.row, node.code
            )
        return made


def children(node: Node) -> list[Node]:
    return [child for same in node.children.values() for child in same]


def kinds_agree(one: Node, other: Node) -> bool:
    return one.name.kind == other.name.kind or not one.name.kind or not other.name.kind


def merge(node: Node, into: Node) -> None:
    """`node` is another spelling of `into`; what is below it moves over."""
    if node.name.kind and not into.name.kind:
        into.name = UnitName(node.name.kind, into.name.name)
    node.became = into
    for (level, key), children in node.children.items():
        for child in children:
            same = into.children.setdefault((level, key), [])
            twin = next((one for one in same if one.became is None and kinds_agree(one, child)), None)
            if twin is None:
                child.parent = into
                same.append(child)
            else:
                merge(child, twin)
