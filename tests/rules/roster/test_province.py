"""A whole invented province gives exactly its truth; and every kind of doubt has its words."""

from __future__ import annotations

from dataclasses import asdict
from typing import get_args

import pytest

from bot.chat.texts import LANGUAGES, load
from bot.rules.roster import Kind
from tests.rules.roster.pages import Table, read
from tests.rules.roster.province import Province


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_truth_comes_out(seed: int) -> None:
    province = Province(2_906, seed=seed)
    rows = list(province.rows())
    roster = read(Table(rows, "DS to CNSCD"))
    assert asdict(roster.figures) == asdict(province.truth)
    assert {problem.kind for problem in roster.problems} <= {"no_phone", "bad_phone", "duplicate"}


def test_every_doubt_has_words() -> None:
    keys = load().keys()
    for kind in get_args(Kind):
        assert {f"roster.wrong.{kind}", f"roster.right.{kind}"} <= keys, kind
    assert set(LANGUAGES) == {"vi", "en"}
