"""Units of count: data, not code. What is counted in one is never converted into another."""

from __future__ import annotations

import tomllib
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources

from storage.db import Db

_COLUMNS = "name, name_en, words, retired_at"


@dataclass(frozen=True, slots=True)
class Counted:
    """`name`: Vietnamese, as reports keep it: it never changes. `words`: what is typed for it besides, one a line."""

    name: str
    name_en: str
    words: str = ""
    retired_at: int | None = None


def everything(db: Db) -> list[Counted]:
    """Those in use, by name."""
    return [one for one in by_name(db).values() if one.retired_at is None]


def by_name(db: Db) -> dict[str, Counted]:
    """All, retired ones too."""
    return {row[0]: Counted(*row) for row in db.all(f"SELECT {_COLUMNS} FROM counted ORDER BY name")}


def english(db: Db) -> dict[str, str]:
    """What each is called in English: as the office says, else as it is commonly said."""
    own = {name: name_en for name, name_en in db.all("SELECT name, name_en FROM counted") if name_en not in ("", name)}
    return _common() | own


@cache
def _common() -> dict[str, str]:
    text = (resources.files("storage") / "seed" / "units.toml").read_text("utf-8")
    return {name: str(name_en) for name, name_en in tomllib.loads(text).items()}


def put(db: Db, one: Counted) -> None:
    """Add it, or write it in place of what had its name."""
    db.run(
        f"INSERT INTO counted ({_COLUMNS}) VALUES (:name, :name_en, :words, :retired_at) ON CONFLICT (name)"
        " DO UPDATE SET name_en = excluded.name_en, words = excluded.words, retired_at = excluded.retired_at",
        **asdict(one),
    )
