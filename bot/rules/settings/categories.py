"""The file of categories: a row each, by its code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.rules import categories as rules
from bot.rules.settings.table import Table, flag, whole
from bot.rules.wording import words_of
from storage.categories import Category
from storage.counted import Counted

_TEXTS = ("name_vi", "name_en", "about_vi", "about_en", "question_vi", "question_en")


class Categories(Table):
    """Of those that are kept, retired ones too."""

    columns = (
        *("code", "name_vi", "name_en", "about_vi", "about_en", "counted", "unit_en", "words", "usual"),
        *("question_vi", "question_en", "answers", "must_answer", "position", "retired"),
    )
    needed = ("code", "name_vi")

    def __init__(self, known: Mapping[str, Category], counted: Mapping[str, Counted], now: int) -> None:
        self.known = dict(known)
        self.counted = counted
        self.now = now

    def parse(self, row: Mapping[str, str]) -> tuple[str, Category]:
        """See `Table`. A new one stands behind the others and in use, unless the row says otherwise."""
        code = rules.check_code(row["code"])
        last = max((one.position for one in self.known.values()), default=0) + 1
        blank = Category(code, last, "", "", "", "", "", "", "", rules.USUAL)
        one = replace(self.known.get(code, blank), **{field: row[field] for field in _TEXTS if field in row})
        if "counted" in row:
            one = self._counted(one, row["counted"])
        if row.get("unit_en") and one.unit_vi:
            one = replace(one, unit_en=row["unit_en"])
        if "words" in row:
            one = replace(one, words="\n".join(words_of(row["words"])))
        if row.get("usual"):
            one = replace(one, usual=whole(row["usual"], 1, rules.MOST_USUAL))
        if "answers" in row:
            one = replace(one, answers="\n".join(part.strip() for part in row["answers"].split("|") if part.strip()))
        if "must_answer" in row:
            one = replace(one, may_skip=int(not (one.question_vi and flag(row["must_answer"]))))
        if row.get("position"):
            one = replace(one, position=whole(row["position"], 1, 100_000))
        if "retired" in row:
            one = replace(one, retired_at=(one.retired_at or self.now) if flag(row["retired"]) else None)
        return code, one

    def _counted(self, one: Category, said: str) -> Category:
        if not said:
            return replace(one, unit_vi="", unit_en="")
        if said == one.unit_vi:
            return one
        unit = rules.check_unit(said, self.counted)
        return replace(one, unit_vi=unit.name, unit_en=unit.name_en)

    def check(self, one: Category, everything: Sequence[Category]) -> Category:
        return rules.check(one, everything)

    def cells(self, one: Category) -> dict[str, str]:
        return {
            **{field: getattr(one, field) for field in ("code", *_TEXTS, "unit_en")},
            "counted": one.unit_vi,
            "words": ", ".join(words_of(one.words)),
            "usual": str(one.usual),
            "answers": " | ".join(line for line in one.answers.split("\n") if line),
            "must_answer": "" if one.may_skip else "x",
            "position": str(one.position),
            "retired": "" if one.retired_at is None else "x",
        }
