"""The file of units of count: a row each, by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from bot.rules import counted as rules
from bot.rules.refused import Refused
from bot.rules.settings.table import Table, flag
from bot.rules.wording import words_of
from storage.categories import Category
from storage.counted import Counted


class Units(Table):
    """Of those that are kept, retired ones too."""

    columns = ("name", "name_en", "words", "retired")
    needed = ("name",)

    def __init__(self, known: Mapping[str, Counted], categories: Iterable[Category], now: int) -> None:
        self.known = dict(known)
        self.categories = list(categories)
        self.now = now

    def parse(self, row: Mapping[str, str]) -> tuple[str, Counted]:
        """See `Table`."""
        name = " ".join(row["name"].casefold().split())
        if not name:
            raise Refused("wording.empty")
        one = self.known.get(name, Counted(name, ""))
        if "name_en" in row:
            one = replace(one, name_en=row["name_en"])
        if "words" in row:
            one = replace(one, words="\n".join(words_of(row["words"])))
        if "retired" in row:
            one = replace(one, retired_at=(one.retired_at or self.now) if flag(row["retired"]) else None)
        return name, one

    def check(self, one: Counted, everything: Sequence[Counted]) -> Counted:
        return rules.check(one, everything, self.categories)

    def cells(self, one: Counted) -> dict[str, str]:
        return {
            "name": one.name,
            "name_en": one.name_en,
            "words": ", ".join(words_of(one.words)),
            "retired": "" if one.retired_at is None else "x",
        }
