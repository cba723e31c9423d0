"""What stands in a column, told by its cells alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from bot.rules.roster.blocks import Row
from bot.rules.roster.names import looks_like_name
from bot.rules.roster.phones import looks_like_phone
from bot.rules.roster.places import names_team, read_place
from bot.rules.roster.roles import read_role
from bot.rules.vietnamese.units import split_kind

_TICKS = frozenset(("x", "v", "✓", "✔", "√", "+", "*", "•", "1", "có", "co", "yes", "●"))
_OFFICE = re.compile(
    r"\b(?:hội|đoàn|công an|trạm|trường|văn phòng|phòng|ban|vnpt|viettel|bưu điện|mttq|mặt trận|"
    r"chi bộ|quân sự|đảng ủy|hđnd|ccb|lhpn|hợp tác xã|htx|công ty|trung tâm)\b",
    re.I,
)


def is_ticked(column: int, sample: Sequence[Row]) -> bool:
    texts = texts_of(column, sample)
    return (
        bool(texts)
        and sum(text.casefold() in _TICKS for text in texts) * 2 > len(texts)
        and not all(text.isdigit() and text != "1" for text in texts)
    )


def is_counted(column: int, sample: Sequence[Row]) -> bool:
    """A column "Thành viên" that says how many."""
    texts = texts_of(column, sample)
    return bool(texts) and all(re.fullmatch(r"\d{1,3}", text) for text in texts)


def texts_of(column: int, sample: Sequence[Row]) -> list[str]:
    return [row[column] for row in sample if column < len(row) and row[column]]


def share(sample: Sequence[Row], columns: Iterable[int], fits: Callable[[str], bool]) -> float:
    texts = [text for column in columns for text in texts_of(column, sample)]
    return sum(1 for text in texts if fits(text)) / len(texts) if texts else 0.0


def level_said(column: int, sample: Sequence[Row]) -> str:
    """The lowest level that most of a column's names say themselves."""
    texts = texts_of(column, sample)
    found = Counter(
        place.units[-1][0] for text in texts if (place := read_place(text, "")).units and place.units[-1][1].kind
    )
    return found.most_common(1)[0][0] if found and found.total() * 2 >= len(texts) else ""


def says_offices(column: int, sample: Sequence[Row]) -> bool:
    """ "Đơn vị" that means where people work."""
    texts = texts_of(column, sample)
    return sum(1 for text in texts if _OFFICE.search(text) and not split_kind(text).kind) * 3 > len(texts)


def says_teams(column: int, sample: Sequence[Row]) -> bool:
    """Roles that name the team's place as well."""
    texts = texts_of(column, sample)
    return bool(texts) and sum(1 for text in texts if names_team(text)) * 2 > len(texts)


def says_units(column: int, sample: Sequence[Row]) -> bool:
    texts = texts_of(column, sample)
    return bool(texts) and sum(1 for text in texts if split_kind(text).kind or "," in text) * 2 > len(texts)


def looks(column: int, sample: Sequence[Row]) -> str:
    """What most of a column's cells are: phone, role, birth, number, name, a level, or ""."""
    texts = texts_of(column, sample)[:200]
    if len(texts) < 2:
        return ""
    kinds = Counter(_look(text) for text in texts)
    best, count = kinds.most_common(1)[0]
    return best if count * 10 >= len(texts) * 6 else ""


def _look(text: str) -> str:
    if re.fullmatch(r"\d{1,5}", text):
        return "birth" if 1925 <= int(text) <= 2015 else "number"
    if looks_like_phone(text):
        return "name" if len(text) > 18 and looks_like_name(text) else "phone"
    if read_role(text).role and len(text) < 40 and not looks_like_name(text):
        return "role"
    if (name := split_kind(text)).kind and len(name.name.split()) <= 4:
        return name.level
    return "name" if looks_like_name(text) else ""
