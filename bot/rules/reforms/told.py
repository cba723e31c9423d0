"""What came of a reform: who has another post, who is without a head, who is to hear what."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.reforms.acts import Acts
from bot.rules.reforms.outcome import Moved, Outcome
from storage.journal import Cells


class Told(Acts):
    """The copy when all is done."""

    def finish(self) -> Outcome:
        out = self.out
        out.changes = self.rows.changes()
        out.name = {key[0]: row["name"] for key, row in self.rows.rows["units"].items()}
        # Who went on from one unit to the next within one reform came from the first to the last.
        out.moved = _shortened(out.moved)
        left = [one.was_unit for one in out.moved if one.was_role == "head"]
        concerned = [self.rows.unit(one) for one in dict.fromkeys((*out.merged, *out.made, *left))]
        out.headless = [unit["id"] for unit in concerned if unit["until"] is None and not self._head_of([unit])]
        out.heads = {one: head for one in out.merged if (head := self._head_of([self.rows.unit(one)]))}
        self._facts()
        return out

    def _facts(self) -> None:
        out = self.out
        for one in out.moved:
            fact = {"about": "post", "unit": one.unit, "role": one.role, "was_role": one.was_role}
            was = "" if one.was_unit == one.unit else out.was_called.get(one.was_unit, "")
            out.of_people.setdefault(one.person, []).append({**fact, "was": was})
        for merged, others in out.merged.items():
            names = [out.was_called[other] for other in others if other in out.was_called]
            if names and merged > 0:
                self._tell_team(merged, {"about": "grown", "was": ", ".join(names)})
        for key, before in self.rows.was["units"].items():
            unit = self.rows.unit(key[0])
            if unit["until"] is not None:
                continue
            if unit["parent_id"] != before["parent_id"]:
                above = out.was_called.get(before["parent_id"], "")
                self._tell_team(key[0], {"about": "parent", "was": above})
            if unit["name"] != before["name"]:
                self._tell_team(key[0], {"about": "name", "was": before["name"]})
                for child in self._open_below(key[0]):
                    self._tell_team(child["id"], {"about": "parent", "was": before["name"]})

    def _tell_team(self, unit: int, fact: Cells) -> None:
        known = self.out.of_units.setdefault(unit, [])
        if not known:
            known.append({**fact, "unit": unit})
        elif fact["about"] == "name":
            known[0] = {**fact, "unit": unit}


def _shortened(moved: Sequence[Moved]) -> list[Moved]:
    found: list[Moved] = []
    for one in moved:
        before = next(
            (m for m in found if m.person == one.person and m.unit == one.was_unit and m.role == one.was_role), None
        )
        if before is not None:
            found.remove(before)
            one = Moved(one.person, before.was_unit, before.was_role, one.unit, one.role)
        found.append(one)
    return found
