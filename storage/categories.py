"""Kinds of activity: data, not code. A new database is given the usual ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import resources

from storage import counted
from storage.db import Db

_COLUMNS = (
    "code, position, name_vi, name_en, about_vi, about_en, unit_vi, unit_en, words, usual,"
    " question_vi, question_en, answers, may_skip, retired_at"
)
_NAMES = _COLUMNS.replace(" ", "").split(",")
_VALUES = ", ".join(f":{column}" for column in _NAMES)
_CHANGED = ", ".join(f"{column} = excluded.{column}" for column in _NAMES[1:])


@dataclass(frozen=True, slots=True)
class Category:
    """`name` fits a button, `about` says it in full. `unit`: what is counted ("": as the person says). `usual`: above
    this a day's count of one person is asked about. `words`: what members call it, one a line.

    `question`: one more, of its own ("": none), answered by a number or by one of the `answers` (one a line);
    `may_skip` 1: or not at all. `retired_at`: since when it is no longer offered nor read (None: it is).
    `english`: what units of count are called in English, its own or not.
    """

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
    question_vi: str = ""
    question_en: str = ""
    answers: str = ""
    may_skip: int = 1
    retired_at: int | None = None
    english: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_vi

    def about(self, language: str) -> str:
        return self.about_en if language == "en" else self.about_vi

    def unit(self, language: str) -> str:
        return self.unit_en if language == "en" else self.unit_vi

    def counted(self, unit: str, language: str) -> str:
        """What was counted, in the hearer's language; "": its own unit of count. A word that is no unit stays."""
        if unit in ("", self.unit_vi):
            return self.unit(language)
        return self.english.get(unit, unit) if language == "en" else unit

    def question(self, language: str) -> str:
        return self.question_en if language == "en" else self.question_vi


def everything(db: Db) -> list[Category]:
    """Those in use, the most used by everybody first."""
    english = counted.english(db)
    return [
        replace(Category(*row), english=english)
        for row in db.all(f"SELECT {_COLUMNS} FROM categories WHERE retired_at IS NULL ORDER BY uses DESC, position")
    ]


def by_code(db: Db) -> dict[str, Category]:
    """All in their own order, retired ones too: history speaks of them."""
    english = counted.english(db)
    rows = db.all(f"SELECT {_COLUMNS} FROM categories ORDER BY position, code")
    return {row[0]: replace(Category(*row), english=english) for row in rows}


def get(db: Db, code: str) -> Category:
    """One of them, retired or not. Raises KeyError."""
    row = db.one(f"SELECT {_COLUMNS} FROM categories WHERE code = :code", code=code)
    if row is None:
        raise KeyError(code)
    return replace(Category(*row), english=counted.english(db))


def put(db: Db, category: Category) -> None:
    """Add it, or write it in place of what had its code."""
    db.run(
        f"INSERT INTO categories ({_COLUMNS}) VALUES ({_VALUES}) ON CONFLICT (code) DO UPDATE SET {_CHANGED}",
        **{name: getattr(category, name) for name in _NAMES},
    )


def reported(db: Db, code: str) -> int:
    """In how many kept reports it stands."""
    row = db.one(
        "SELECT COUNT(DISTINCT r.id) FROM report_items i JOIN reports r ON r.id = i.report_id"
        " WHERE i.category = :code AND r.state = 'kept'",
        code=code,
    )
    return row[0] if row else 0


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
    """Fill an empty table with the categories this program carries, and with what they are counted in."""
    if db.one("SELECT 1 FROM categories") is not None:
        return
    text = (resources.files("storage") / "seed" / "categories.toml").read_text("utf-8")
    entries = tomllib.loads(text)["category"]
    db.many(
        "INSERT INTO categories (code, position, name_vi, name_en, about_vi, about_en, unit_vi, unit_en, words, usual)"
        " VALUES (:code, :position, :name_vi, :name_en, :about_vi, :about_en, :unit_vi, :unit_en, :words, :usual)",
        (_row(entry) for entry in entries),
    )
    named = {entry["unit_vi"]: entry["unit_en"] for entry in reversed(entries) if entry["unit_vi"]}
    db.many(
        "INSERT INTO counted (name, name_en, words) VALUES (:name, :name_en, '')",
        ({"name": name, "name_en": name_en} for name, name_en in named.items()),
    )


def _row(entry: dict[str, object]) -> dict[str, object]:
    words = entry["words"]
    assert isinstance(words, list)
    return entry | {"position": entry["order"], "words": "\n".join(words)}
