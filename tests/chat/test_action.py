"""Buttons: packed into 64 bytes, and nothing a stranger packs breaks the reading."""

from __future__ import annotations

from dataclasses import dataclass, fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import find_routers
from bot.chat.action import MOST_BYTES, Action, Stale, Typed, unpack
from bot.chat.dialog import Answer


def test_there_and_back() -> None:
    action = Answer(12345, "category", "~fix:day=2026-11-22")
    assert unpack(action.pack()) == action


@given(st.text(max_size=200))
def test_whatever_is_pressed_is_an_action_or_stale(packed: str) -> None:
    try:
        action = unpack(packed)
    except Stale:
        return
    assert isinstance(action, Action)


@pytest.mark.parametrize("packed", ["", "1", "2a:1:x:y", "1a:1:x", "1a:x:y:z", "1zz:1", "1ru:1:2", "1ru:", "a:1:x:y"])
def test_tampered_or_of_another_version_is_stale(packed: str) -> None:
    with pytest.raises(Stale):
        unpack(packed)


def test_too_long_is_refused_when_it_is_built() -> None:
    with pytest.raises(ValueError, match="a button carries 64"):
        Typed("x" * MOST_BYTES).pack()


def test_two_actions_cannot_share_a_code() -> None:
    with pytest.raises(AssertionError, match="two actions are called 't'"):

        @dataclass(frozen=True, slots=True)
        class Other(Action, code="t"):
            words: str


def test_every_button_has_a_handler() -> None:
    find_routers()
    handled = {action for router in find_routers() for action in router.actions}
    own = {"Answer", "Resume", "Typed"}
    for kind in Action.registry.values():
        if kind.__module__.startswith("handlers"):
            assert kind in handled, kind
        else:
            assert kind in handled or kind.__name__ in own or not kind.code or kind.__module__.startswith("tests"), kind


def test_the_longest_button_of_a_large_country_fits() -> None:
    """Ids grow with 460,000 people and years of reports."""
    find_routers()
    for kind in Action.registry.values():
        if kind.__module__.startswith("handlers"):
            values: list[object] = [
                10**10 if of == "int" else "x" * 12 for of in (field.type for field in fields(kind))
            ]
            assert kind(*values).pack()
    assert Answer(10**9, "category", "~fix:day=2026-11-22").pack()
