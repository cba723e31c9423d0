"""The file of periods: a row for each kind and each day from which other rules hold."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import date

from bot.rules import periods as rules
from bot.rules.refused import Refused
from bot.rules.settings.table import Table, day, whole
from bot.rules.vietnamese import fold
from storage.periods import Cut


class Periods(Table):
    """Of the usual rules and all changes."""

    columns = ("period", "since", "first_day", "closes_after")
    needed = ("period", "first_day", "closes_after")

    def __init__(self, changed: Sequence[Cut], today: date, names: Mapping[str, str]) -> None:
        """`names`: folded name in any language → kind."""
        self.known = {(cut.kind, cut.since): cut for kind in rules.KINDS for cut in rules.cuts_of(kind, changed)}
        self.today = today
        self.names = names

    def parse(self, row: Mapping[str, str]) -> tuple[Hashable, Cut]:
        """See `Table`."""
        kind = kind_of(row["period"], self.names)
        since = day(row["since"]).isoformat() if row.get("since") else rules.ALWAYS
        first_day = whole(row["first_day"], 1, rules.LAST_FIRST_DAY)
        closes_after = whole(row["closes_after"], 0, rules.MOST_CLOSING)
        return (kind, since), Cut(kind, since, first_day, closes_after)

    def check(self, one: Cut, everything: Sequence[Cut]) -> Cut:
        if one.since == rules.ALWAYS:
            now = rules.period_of(self.today, [rules.USUAL[one.kind]])
            raise Refused("periods.is_past", day="…", first=rules.day_of(now.first))
        return rules.check(one, [other for other in everything if other != one], self.today)

    def cells(self, one: Cut) -> dict[str, str]:
        return {
            "period": one.kind,
            "since": "" if one.since == rules.ALWAYS else one.since,
            "first_day": str(one.first_day),
            "closes_after": str(one.closes_after),
        }


def kind_of(said: str, names: Mapping[str, str]) -> str:
    """The kind of period that is meant. Raises Refused."""
    if fold(said) not in names:
        raise Refused("periods.no_such_kind", said=said[:20])
    return names[fold(said)]
