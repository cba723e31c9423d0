"""The lists of lists.txt and offices.txt: one case a list, what is read beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.roster.pages import Joined, Table, cells, doubts, lines, read

CASES = dict(
    case.strip("\n").split("\n", 1)
    for name in ("lists.txt", "offices.txt")
    for case in Path(__file__).with_name(name).read_text("utf-8").split("### ")[1:]
)


def sheets(text: str) -> list[Table]:
    found: list[Table] = []
    for part in text.split(">> ")[1:]:
        name, *rest = part.rstrip("\n").split("\n")
        merged = [Joined(*map(int, line[3:].split())) for line in rest if line.startswith("== ")]
        found.append(Table(cells("\n".join(line for line in rest if not line.startswith("== "))), name, merged))
    return found


@pytest.mark.parametrize("name", CASES)
def test_a_list(name: str) -> None:
    told, _, rest = CASES[name].partition("\n=>")
    people, _, doubted = rest.partition("!!")
    roster = read(*sheets(told))
    assert lines(roster) == people.strip("\n").splitlines()
    assert ", ".join(f"{row} {kind}" for row, kind in doubts(roster)) == doubted.strip()
