"""Which place a message speaks of."""

from __future__ import annotations

from bot.rules.reading.message import Scan

# Where a team is at home: of "Tổ 3 - ấp 6" and "ấp 2 xã An Hiệp" the hamlet.
_OWN_LEVELS = ("Ấp", "Khu phố", "Khóm", "Thôn", "Khối")


def place_of(found: Scan) -> str | None:
    """The team's place as said, "Ấp 3"; None: none, or several."""
    denied = {end for _, end, name in found.marks if name == "denied"}
    places = [(at, name) for at, name in found.places if at not in denied]
    said = [name for at, name in places if not found.is_planned(at) and not name.startswith("Nhóm")]
    names = list(dict.fromkeys(said or [name for _, name in places]))
    own = [name for name in names if name.startswith(_OWN_LEVELS)]
    if len(own) == 1 and "" not in names:
        return own[0]
    communes = [name for name in names if name.startswith("Xã")]
    if len(own) > 1 and len(communes) == 1:
        return communes[0]  # "xã Hưng Nhượng: ấp 1 được 14, ấp 2 được 9"
    if len(names) == 1:
        return names[0]
    ranks = {name.split()[0] for name in names if name}
    return names[0] if names and len(ranks) == len(names) else None
