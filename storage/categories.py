"""Kinds of activity: data, not code. A new database is given the usual ones."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib import resources

from storage.db import Db

_COLUMNS = "code, position, name_vi, name_en, about_vi, about_en, unit_vi, unit_en, words, usual"


@dataclass(frozen=True, slots=True)
class Category:
    """`name` fits a button, `about` says it in full. `unit`: what is counted ("": as the person says). `usual`: above
    this a day's count of one person is asked about. `words`: what members call it, one a line."""

    code: str
    position: int
    name_vi: str
    name_en: str
    about_vi: str
    about_en: str
    unit_vi: str
    unit_en: str
    words: str
    usual: int

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_vi

    def about(self, language: str) -> str:
        return self.about_en if language == "en" else self.about_vi

    def unit(self, language: str) -> str:
        return self.unit_en if language == "en" else self.unit_vi


def everything(db: Db) -> list[Category]:
    """Those in use, the most used by everybody first."""
    return [
        Category(*row)
        for row in db.all(f"SELECT {_COLUMNS} FROM categories WHERE retired_at IS NULL ORDER BY uses DESC, position")
    ]


def by_code(db: Db) -> dict[str, Category]:
    """All, retired ones too: history speaks of them."""
    return {row[0]: Category(*row) for row in db.all(f"SELECT {_COLUMNS} FROM categories")}


def get(db: Db, code: str) -> Category:
    """One of them, retired or not. Raises KeyError."""
    row = db.one(f"SELECT {_COLUMNS} FROM categories WHERE code = :code", code=code)
    if row is None:
        raise KeyError(code)
    return Category(*row)


def used_by(db: Db, person_id: int, since: str) -> list[str]:
    """Codes this person reported since that day (ISO), the most used first."""
    rows = db.all(
        "SELECT i.category FROM reports r JOIN report_items i ON i.report_id = r.id"
        " WHERE r.author_id = :person AND r.day >= :since AND r.state = 'kept'"
        " GROUP BY i.category ORDER BY COUNT(*) DESC, i.category",
        person=person_id,
        since=since,
    )
    return [row[0] for row in rows]


def count_uses(db: Db, since: str) -> None:
    """Recount how much each is used by everybody since that day; orders the choice for those who have no habit yet."""
    db.run(
        "UPDATE categories SET uses = (SELECT COUNT(*) FROM report_items i JOIN reports r ON r.id = i.report_id"
        " WHERE i.category = categories.code AND r.day >= :since AND r.state = 'kept')",
        since=since,
    )


def seed(db: Db) -> None:
    """Fill an empty table with the categories this program carries."""
    if db.one("SELECT 1 FROM categories") is not None:
        return
    text = (resources.files("storage") / "seed" / "categories.toml").read_text("utf-8")
    db.many(
        "INSERT INTO categories (code, position, name_vi, name_en, about_vi, about_en, unit_vi, unit_en, words, usual)"
        " VALUES (:code, :position, :name_vi, :name_en, :about_vi, :about_en, :unit_vi, :unit_en, :words, :usual)",
        (_row(entry) for entry in tomllib.loads(text)["category"]),
    )


def _row(entry: dict[str, object]) -> dict[str, object]:
    words = entry["words"]
    assert isinstance(words, list)
    return entry | {"position": entry["order"], "words": "\n".join(words)}
