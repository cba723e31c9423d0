"""Units whose codes and names disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot.rules.roster.tree import Node, Tree, kinds_agree, merge


def judge_codes(tree: Tree, people: Iterable[Node | None]) -> list[tuple[Node, Node]]:
    """Units whose code and name disagree, each with the unit that the code says; they are joined by their name.

    Of several names beside a code the one of most people is its own. `people`: where each stands.
    """
    coded: dict[tuple[str, str], list[Node]] = {}
    for node in tree.all():
        if node.code:
            coded.setdefault((node.level, node.code), []).append(node)
    if not coded:
        return []
    counts = _counted(list(people))
    doubted: list[tuple[Node, Node]] = []
    for (_, code), nodes in coded.items():
        named = [node for node in nodes if node.name.name != code] or nodes
        main = max(named, key=lambda node: counts[id(node)])
        for node in nodes:
            if node.name.name == code and node is not main:
                merge(node, main)  # only its code was written
            elif node.key != main.key:
                node.code = ""
                doubted.append((node, main))
    return [*doubted, *_mistyped(tree, counts)]


def _mistyped(tree: Tree, counts: Counter[int]) -> list[tuple[Node, Node]]:
    """Units of one name below one: one without a code is the other, and so is one whose code stands in few rows."""
    doubted: list[tuple[Node, Node]] = []
    for parent in [tree.root, *tree.all()]:
        for same in parent.children.values():
            nodes = sorted(
                (node for node in same if node.became is None), key=lambda node: -counts[id(node)] * bool(node.code)
            )
            for node in nodes[1:]:
                if not kinds_agree(node, nodes[0]) or not nodes[0].code:
                    continue
                if node.code and counts[id(node)] * 4 <= counts[id(nodes[0])] and counts[id(node)] < 3:
                    doubted.append((node, nodes[0]))
                elif node.code:
                    continue
                merge(node, nodes[0])
    return doubted


def _counted(people: list[Node | None]) -> Counter[int]:
    """id(unit) → how many people stand in it or below."""
    counts: Counter[int] = Counter(id(node) for node in people if node is not None)
    totals: Counter[int] = Counter()
    nodes = {id(node): node for node in people if node is not None}
    for key, count in counts.items():
        at: Node | None = nodes[key]
        while at is not None:
            totals[id(at)] += count
            at = at.parent
    return totals
