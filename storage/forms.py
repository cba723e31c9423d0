"""Forms: which categories units report in each period of a kind."""

from __future__ import annotations

from dataclasses import dataclass, field

from storage.db import Db, Row

_READ = (
    "SELECT f.code, f.name_vi, f.name_en, f.kind, f.level, f.unit_id, f.categories, f.retired_at, u.name, u.path"
    " FROM forms f LEFT JOIN units u ON u.id = f.unit_id ORDER BY f.code"
)


@dataclass(frozen=True, slots=True)
class Form:
    """Units of the `level` ("": every one) in a unit and below (None: everywhere) report the `categories` (codes, one a
    line, in the order they are offered) in each period of the `kind`. `place` and `path` are that unit's."""

    code: str
    name_vi: str
    name_en: str
    kind: str
    level: str
    unit_id: int | None
    categories: str
    retired_at: int | None = None
    place: str = field(default="", compare=False)
    path: str = field(default="/", compare=False)

    def name(self, language: str) -> str:
        return self.name_en if language == "en" else self.name_vi

    @property
    def codes(self) -> list[str]:
        return [code for code in self.categories.split("\n") if code]


def by_code(db: Db) -> dict[str, Form]:
    """All, retired ones too."""
    return {row[0]: _form(row) for row in db.all(_READ)}


def _form(row: Row) -> Form:
    code, name_vi, name_en, kind, level, unit_id, categories, retired_at, place, path = row
    return Form(code, name_vi, name_en, kind, level, unit_id, categories, retired_at, place or "", path or "/")


def everything(db: Db) -> list[Form]:
    """Those in use."""
    return [one for one in by_code(db).values() if one.retired_at is None]


def put(db: Db, one: Form) -> None:
    """Add it, or write it in place of what had its code."""
    db.run(
        "INSERT INTO forms (code, name_vi, name_en, kind, level, unit_id, categories, retired_at)"
        " VALUES (:code, :name_vi, :name_en, :kind, :level, :unit, :categories, :retired) ON CONFLICT (code)"
        " DO UPDATE SET name_vi = excluded.name_vi, name_en = excluded.name_en, kind = excluded.kind,"
        " level = excluded.level, unit_id = excluded.unit_id, categories = excluded.categories,"
        " retired_at = excluded.retired_at",
        code=one.code,
        name_vi=one.name_vi,
        name_en=one.name_en,
        kind=one.kind,
        level=one.level,
        unit=one.unit_id,
        categories=one.categories,
        retired=one.retired_at,
    )
