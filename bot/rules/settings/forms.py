"""The file of forms: a row each, by its code."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace

from bot.rules import forms as rules
from bot.rules.categories import check_code
from bot.rules.settings.periods import kind_of
from bot.rules.settings.table import Table, flag
from bot.rules.vietnamese import fold
from storage.categories import Category
from storage.forms import Form
from storage.units import Unit


class Forms(Table):
    """Of those that are kept, retired ones too."""

    columns = ("code", "name_vi", "name_en", "period", "level", "unit_code", "categories", "retired")
    needed = ("code", "name_vi", "period", "categories")

    def __init__(
        self,
        known: Mapping[str, Form],
        categories: Mapping[str, Category],
        levels: Mapping[str, str],
        names: Mapping[str, str],
        find: Callable[[str, str], Unit],
        codes: Callable[[int], str],
        now: int,
    ) -> None:
        self.known = dict(known)
        self.categories, self.levels, self.names = categories, levels, names
        # `levels`: folded name in any language → level
        self.find, self.codes, self.now = find, codes, now

    def parse(self, row: Mapping[str, str]) -> tuple[Hashable, Form]:
        """See `Table`."""
        code = check_code(row["code"])
        one = self.known.get(code, Form(code, "", "", "", "", None, ""))
        one = replace(one, name_vi=row["name_vi"], name_en=row.get("name_en", one.name_en))
        one = replace(one, kind=kind_of(row["period"], self.names), level=self._level(row.get("level", one.level)))
        one = replace(one, categories="\n".join(rules.codes_of(row["categories"])))
        if "unit_code" in row:
            unit = self.find(row["unit_code"], "") if row["unit_code"] else None
            one = replace(
                one,
                unit_id=unit.id if unit else None,
                place=unit.name if unit else "",
                path=unit.path if unit else "/",
            )
        if "retired" in row:
            one = replace(one, retired_at=(one.retired_at or self.now) if flag(row["retired"]) else None)
        return code, one

    def _level(self, said: str) -> str:
        return self.levels.get(fold(said), said)

    def check(self, one: Form, everything: Sequence[Form]) -> Form:
        return rules.check(one, everything, self.categories, list(dict.fromkeys(self.levels.values())))

    def cells(self, one: Form) -> dict[str, str]:
        return {
            "code": one.code,
            "name_vi": one.name_vi,
            "name_en": one.name_en,
            "period": one.kind,
            "level": one.level,
            "unit_code": self.codes(one.unit_id) if one.unit_id else "",
            "categories": ", ".join(one.codes),
            "retired": "" if one.retired_at is None else "x",
        }
