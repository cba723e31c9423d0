"""The levels of units and the kinds that belong to each: configuration, for they change by law."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.rules import vietnamese
from bot.rules.vietnamese.units import KINDS as WRITTEN

GROUPING = "grouping"  # the level of what is no administrative unit: a khu vực of communes, a cụm of hamlets

KINDS: Mapping[str, tuple[str, ...]] = {
    "province": ("tỉnh", "thành phố"),
    **{
        level: tuple(kind for kind, (of, _) in WRITTEN.items() if of == level)
        for level in ("district", "commune", "hamlet")
    },
}
GROUPINGS = ("khu vực", "cụm")
SHORT = {"tt": "thị trấn", "tp": "thành phố", "tx": "thị xã", "kp": "khu phố", "h": "huyện", "x": "xã", "p": "phường"}


@dataclass(frozen=True)
class Levels:
    """`order`: from the top down; `kinds`: of each level; `groupings`: kinds that may stand anywhere between."""

    order: Sequence[str] = tuple(KINDS)
    kinds: Mapping[str, Sequence[str]] = field(default_factory=lambda: KINDS)
    groupings: Sequence[str] = GROUPINGS

    def kind_of(self, name: str) -> str:
        """The kind a name begins with: "TT. Ba Tri" is a thị trấn; "" when it begins with none."""
        said = f"{vietnamese.fold(_written_out(name))} "
        return next((kind for kind in self._longest_first() if said.startswith(f"{vietnamese.fold(kind)} ")), "")

    def bare(self, name: str) -> str:
        """The name without its kind: "Ba Tri" of "TT. Ba Tri" or "Thị trấn Ba Tri"; nothing else is left out."""
        words = _written_out(name).split()
        return " ".join(words[len(self.kind_of(name).split()) :]) or " ".join(words)

    def level_of(self, kind: str, above: str) -> str:
        """The level a new unit of this kind has under one of the level `above`: a thành phố is a province or, within
        one, a district. "": no level has it there."""
        is_lowest = above in self.order and list(self.order)[-2:-1] == [above]
        if kind in self.groupings and not (is_lowest and kind in self.kinds.get(self.order[-1], ())):
            return GROUPING  # a khu vực is one over communes, and a hamlet in a ward of Cần Thơ
        return next(
            (level for level in self.order if kind in self.kinds.get(level, ()) and self.fits(level, above)), ""
        )

    def fits(self, level: str, above: str) -> bool:
        """Whether one of that level may stand under one of the level `above` (""; the nearest that is no grouping)."""
        known = list(self.order)
        if level not in known or above not in known:
            return True
        return known.index(level) > known.index(above)

    def kinds_at(self, level: str) -> Sequence[str]:
        """What a unit of that level may be."""
        return self.groupings if level == GROUPING else self.kinds.get(level, ())

    def allows(self, kind: str, level: str) -> bool:
        """Whether a unit of that level may be of that kind; of a level nobody configured, anything."""
        allowed = self.kinds_at(level)
        return not allowed or kind in allowed

    def _longest_first(self) -> list[str]:
        found = {kind for level in self.order for kind in self.kinds.get(level, ())} | set(self.groupings)
        return sorted(found, key=lambda kind: (-len(kind), kind))


def _written_out(name: str) -> str:
    """With the long form of a short kind at its beginning."""
    words = name.replace(".", ". ").split()
    long = SHORT.get(words[0].rstrip(".").casefold()) if len(words) > 1 else None
    return " ".join([*long.split(), *words[1:]] if long else words)
