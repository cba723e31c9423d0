"""Levels and kinds of units, as they are configured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, ConfigError, load
from bot.rules.units import GROUPING, Levels

LEVELS = Levels()


@pytest.mark.parametrize(
    ("name", "kind", "bare"),
    [
        ("Thị trấn Ba Tri", "thị trấn", "Ba Tri"),
        ("TT. Ba Tri", "thị trấn", "Ba Tri"),
        ("thi tran ba tri", "thị trấn", "ba tri"),
        ("Tổ dân phố 5", "tổ dân phố", "5"),
        ("Tổ 5", "tổ", "5"),
        ("KP 3", "khu phố", "3"),
        ("Khu vực Bến Tre", "khu vực", "Bến Tre"),
        ("Xã", "xã", "Xã"),
        ("Bến Tre", "", "Bến Tre"),
        ("Ấpsố", "", "Ấpsố"),
    ],
)
def test_the_kind_a_name_begins_with(name: str, kind: str, bare: str) -> None:
    assert (LEVELS.kind_of(name), LEVELS.bare(name)) == (kind, bare)


@pytest.mark.parametrize(
    ("kind", "above", "level"),
    [
        ("thành phố", "", "province"),
        ("thành phố", "province", "district"),
        ("xã", "province", "commune"),
        ("xã", "district", "commune"),
        ("cụm", "commune", GROUPING),
        ("khu vực", "province", GROUPING),
        ("khu vực", "commune", "hamlet"),
        ("huyện", "commune", ""),
        ("ấp", "hamlet", ""),
        ("phố", "district", ""),
    ],
)
def test_the_level_of_a_kind_is_said_by_where_it_stands(kind: str, above: str, level: str) -> None:
    assert LEVELS.level_of(kind, above) == level


def test_levels_are_configuration() -> None:
    told = {"units": {"levels": ["tinh", "xa"], "kinds": {"tinh": ["tỉnh"], "xa": ["xã", "phường"]}}}
    levels = Config.model_validate(told).units.as_levels
    assert levels.level_of("phường", "tinh") == "xa"
    assert levels.allows("xã", "xa")
    assert not levels.allows("ấp", "xa")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ('[units]\nlevels = ["tinh"]', "there is no level 'province'; levels has tinh"),
        ('[units]\nlevels = ["tinh"]\nkinds = {}', "say which kinds 'tinh' has"),
        ("[units]\nlevels = []", "[units] levels:"),
    ],
)
def test_what_is_wrong_is_said(told: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(told, "utf-8")
    with pytest.raises(ConfigError) as error:
        load(path)
    assert said in str(error.value)
