"""What stands on sheets of invitations, as `bot.strips` draws them: a page or more per unit, a strip per person."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from bot.chat.texts import Voice
from storage import units
from storage.db import Db
from storage.people import Member
from storage.units import Unit


def sheets(
    db: Db,
    say: Voice,
    members: Sequence[Member],
    codes: Mapping[int, str],
    *,
    link: Callable[[str], str],
    team: str,
    until: date,
) -> dict[str, Any]:
    """All of it as text: the members in their order, each once, with the code of their id."""
    by_unit: dict[Unit, list[Member]] = {}
    for member in {m.person.id: m for m in reversed(members)}.values():
        by_unit.setdefault(member.unit, []).append(member)
    expiry = say.label("team.sheet.until", until=f"{until:%-d/%-m/%Y}")
    pages = [
        {
            "team": f"{team} – {_place(db, unit)}",
            "until": expiry,
            "strips": [_strip(say, member, codes[member.person.id], link) for member in reversed(found)],
        }
        for unit, found in sorted(by_unit.items(), key=lambda pair: pair[0].path)
    ]
    ways = {name: [say.label(f"team.sheet.{name}_{line}") for line in (1, 2, 3)] for name in ("link", "typed", "lead")}
    words = {name: say.label(f"team.sheet.{name}") for name in ("title", "cut", "once")}
    return {"pages": pages, "words": {**words, "how": ways}}


def _strip(say: Voice, member: Member, code: str, link: Callable[[str], str]) -> dict[str, str]:
    address = link(code)
    way = "typed" if not address else "link" if member.role == "member" else "lead"
    role = say.label(f"start.role.{member.role}")
    return {
        "name": member.person.name,
        "unit": f"{member.unit.name} · {role}",
        "code": code,
        "link": address,
        "how": way,
    }


def _place(db: Db, unit: Unit) -> str:
    above = units.get(db, unit.parent_id) if unit.parent_id else None
    return f"{unit.name}, {above.name}" if above else unit.name
