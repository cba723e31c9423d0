"""How a table is laid out: where its header ends and which column holds what, by its words and by what stands below."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from bot.rules.roster.headings import Heading, read_heading
from bot.rules.roster.names import looks_like_name
from bot.rules.roster.phones import looks_like_phone
from bot.rules.roster.places import read_place
from bot.rules.roster.records import LEVELS, Merged, Role
from bot.rules.roster.roles import only_role, read_role
from bot.rules.vietnamese.units import split_kind

Row = Sequence[str]  # a row's cells as clean text, "" when empty
SEARCHED = 80  # rows in which a header is looked for
_TICKS = frozenset(("x", "v", "✓", "✔", "√", "+", "*", "•", "1", "có", "co", "yes", "●"))
_BESIDE = ("phone", "birth", "role", "role_team", "job", "note", "gender")


@dataclass(slots=True)
class Block:
    """The columns of one person in a row. Most tables have one; "Tổ trưởng | SĐT | Tổ phó | SĐT" has several."""

    name: int
    given: int | None = None
    role: Role | None = None  # of all in this column
    roles: list[int] = field(default_factory=list)  # columns that say it, the one of the team first
    phones: list[int] = field(default_factory=list)
    births: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Layout:
    """top: the first row of the header, first: the first below it (from 0). ticks: column → role, where an x marks it.

    units: column, level and kind, from the top level down.
    """

    first: int
    blocks: list[Block]
    top: int = 0
    number: int | None = None
    units: list[tuple[int, str, str]] = field(default_factory=list)
    address: int | None = None
    notes: list[int] = field(default_factory=list)
    ticks: dict[int, Role] = field(default_factory=dict)
    header: tuple[str, ...] = ()

    def levels(self) -> set[str]:
        return {level for _, level, _ in self.units}


def find_layout(rows: Sequence[Row], merged: Iterable[Merged], start: int = 0, most: int = SEARCHED) -> Layout | None:
    """The first table at or below `start`; None when no row looks like a header."""
    for at in range(start, min(len(rows), start + most)):
        if _is_header(rows[at]):
            return _layout(rows, at, list(merged))
    return None


def guess_layout(rows: Sequence[Row], start: int = 0) -> Layout | None:
    """The layout of a table without a header, by its content alone."""
    layout = Layout(start, [], start)
    _complete(layout, rows[start:], {})
    if not layout.blocks or not _is_convincing(layout, rows[start:]):
        return None
    column = layout.blocks[0].name
    named = (at for at in range(start, len(rows)) if column < len(rows[at]) and looks_like_name(rows[at][column]))
    first = next(named, start)
    while first > start and _says_role(rows[first - 1]):
        first -= 1
    layout.top = layout.first = first
    return layout


def _says_role(row: Row) -> bool:
    """A row "TỔ TRƯỞNG:" over who it is, or an empty one."""
    texts = [text for text in row if text]
    return not texts or (len(texts) == 1 and only_role(texts[0]) is not None)


def _is_convincing(layout: Layout, sample: Sequence[Row]) -> bool:
    """Names of communes look like people's: without a header there must be numbers, roles, or names of three words."""
    block = layout.blocks[0]
    if block.phones or block.roles:
        return True
    return _share(sample, [block.name], lambda text: looks_like_name(text) and len(text.split()) > 2) > 0.5


def _is_header(row: Row) -> bool:
    texts = [text for text in row if text]
    if len(texts) < 2:
        return False
    found = [heading for text in texts if (heading := read_heading(text))]
    fields = {heading.field for heading in found}
    if not fields & {"name", "people", "family", "loose"} or len(found) * 2 < len(texts):
        return False
    others = fields - {"people", "loose"}
    if "name" in fields or "family" in fields:
        return len(found) > 1
    if "people" in fields:  # "Tổ trưởng | Tổ phó": not a row that says somebody's role
        roles = {heading.role for heading in found if heading.field == "people"}
        return len(roles) > 1 or len(others) > 1 or (bool(others) and len(found) == len(texts))
    return len(others) > 1 and "phone" in fields


def _layout(rows: Sequence[Row], at: int, merged: list[Merged]) -> Layout:
    is_double = at + 1 < len(rows) and _continues(rows[at], rows[at + 1])
    parents = _filled(rows[at], at, merged, rows[at + 1]) if is_double else rows[at]
    above = rows[at - 1] if at else ()
    headings = {column: read_heading(text) for column, text in enumerate(parents) if text}
    if at and sum(1 for text in above if text and (one := read_heading(text)) and one.field == "people") > 1:
        headings = _together(_filled(above, at - 1, merged, rows[at]), rows[at])
    last = at + 1
    if is_double:
        headings = _together(parents, rows[last])
        last += 1
    if last < len(rows) and _numbers_columns(rows[last]):
        last += 1
    layout = Layout(last, [], at, header=tuple(rows[at]))
    _assign(layout, headings, rows[last : last + 400])
    _complete(layout, rows[last : last + 400], headings)
    return layout


def _filled(row: Row, at: int, merged: list[Merged], below: Row) -> list[str]:
    """A header's upper row with each text over all the columns it stands over."""
    width = max(len(row), len(below))
    filled = [row[column] if column < len(row) else "" for column in range(width)]
    for one in merged:
        if one.top <= at <= one.bottom and one.left < one.right and one.left < len(row):
            for column in range(one.left + 1, min(one.right + 1, width)):
                filled[column] = filled[column] or filled[one.left]
    for column in range(1, width):
        if (
            not filled[column]
            and column < len(below)
            and below[column]
            and not (row[column] if column < len(row) else "")
        ):
            filled[column] = filled[column - 1]
    return filled


def _continues(above: Row, row: Row) -> bool:
    """Whether a row is the header's second line: nothing in it but words of headers, under a gap or a wider one."""
    texts = [text for text in row if text]
    if not texts or any(re.search(r"\d{2}", text) for text in texts):
        return False
    headings = [read_heading(text) for text in texts]
    if any(heading is None for heading in headings):
        return False
    gaps = [column for column, text in enumerate(row) if text and (column >= len(above) or not above[column])]
    return bool(gaps) or len(texts) > 1


def _together(parents: Sequence[str], children: Row) -> dict[int, Heading | None]:
    headings: dict[int, Heading | None] = {}
    for column in range(max(len(parents), len(children))):
        upper = read_heading(parents[column]) if column < len(parents) else None
        text = children[column] if column < len(children) else ""
        lower = read_heading(text) if text else None
        if lower and upper and upper.field == "people" and lower.field in ("name", "people", "loose", "family"):
            headings[column] = Heading("people", role=upper.role)
        elif (lower and upper and upper.field == "birth" and lower.field == "gender") or (
            lower and lower.field == "loose" and upper
        ):
            headings[column] = upper
        else:
            headings[column] = lower or upper
    return headings


def _numbers_columns(row: Row) -> bool:
    """The row "(1) (2) (3)" or "A B 1 2" under a header."""
    texts = [text.strip("() .").upper() for text in row if text]
    if len(texts) < 3:
        return False
    numbers = [int(text) for text in texts if text.isdigit()]
    letters = [ord(text) for text in texts if re.fullmatch(r"[A-Z]", text)]
    return len(numbers) + len(letters) == len(texts) and _are_in_order(numbers) and _are_in_order(letters)


def _are_in_order(numbers: list[int]) -> bool:
    return numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else True


def _named_alone(known: dict[int, Heading]) -> dict[int, Heading]:
    """ "Họ và tên thành viên" beside a column of roles is where the names are, and says nobody's role."""
    people = [column for column, heading in known.items() if heading.field == "people"]
    fields = {heading.field for heading in known.values()}
    if len(people) != 1 or known[people[0]].role != "member" or "name" in fields or not fields & {"role", "role_team"}:
        return known
    return known | {people[0]: Heading("name")}


def _assign(layout: Layout, headings: dict[int, Heading | None], sample: Sequence[Row]) -> None:
    known = _named_alone({column: heading for column, heading in headings.items() if heading})
    has_name = any(heading.field in ("name", "family", "people") for heading in known.values())
    for column, heading in sorted(known.items()):
        match heading.field:
            case "number" if layout.number is None:
                layout.number = column
            case "people" if _is_ticked(column, sample):
                layout.ticks[column] = heading.role or "member"
            case "people" if not _is_counted(column, sample):
                layout.blocks.append(Block(column, role=heading.role))
            case "family":
                layout.blocks.append(Block(column))
            case "name":
                last = layout.blocks[-1] if layout.blocks else None
                before = known.get(last.name) if last else None
                if last and before and before.field == "family" and last.given is None:
                    last.given = column
                else:
                    layout.blocks.append(Block(column))
            case "loose" if not has_name and not layout.blocks:
                layout.blocks.append(Block(column))
            case "note":
                layout.notes.append(column)
            case "address" if layout.address is None:
                layout.address = column
    plain = [heading for heading in known.values() if heading.field == "name"]
    if plain and layout.blocks and any(block.role for block in layout.blocks) and len(plain) == 1:
        # A table with "Họ tên" and, besides, a column "Thành viên" that holds something else.
        names = [block for block in layout.blocks if block.role is None]
        if _share(sample, [block.name for block in layout.blocks if block.role], looks_like_name) < 0.5:
            layout.blocks = names
    _place_units(layout, known, sample)
    _place_beside(layout, known)
    _find_given(layout, headings, sample)


def _is_ticked(column: int, sample: Sequence[Row]) -> bool:
    texts = _texts(column, sample)
    return (
        bool(texts)
        and sum(text.casefold() in _TICKS for text in texts) * 2 > len(texts)
        and not all(text.isdigit() and text != "1" for text in texts)
    )


def _is_counted(column: int, sample: Sequence[Row]) -> bool:
    """A column "Thành viên" that says how many."""
    texts = _texts(column, sample)
    return bool(texts) and all(re.fullmatch(r"\d{1,3}", text) for text in texts)


def _texts(column: int, sample: Sequence[Row]) -> list[str]:
    return [row[column] for row in sample if column < len(row) and row[column]]


def _share(sample: Sequence[Row], columns: Iterable[int], fits: Callable[[str], bool]) -> float:
    texts = [text for column in columns for text in _texts(column, sample)]
    return sum(1 for text in texts if fits(text)) / len(texts) if texts else 0.0


def _place_units(layout: Layout, known: dict[int, Heading], sample: Sequence[Row]) -> None:
    taken: set[str] = set()
    for column, heading in sorted(known.items()):
        if heading.field == "unit" and heading.level != "any" and heading.level not in taken:
            taken.add(heading.level)
            layout.units.append((column, heading.level, heading.kind))
    for column, heading in sorted(known.items()):
        if heading.field == "unit" and heading.level == "any" and not _says_offices(column, sample):
            level = _level_said(column, sample) or ("commune" if "hamlet" in taken else "hamlet")
            if level not in taken:
                taken.add(level)
                layout.units.append((column, level, heading.kind if level == "hamlet" else ""))
    if (layout.address is not None and "hamlet" not in taken and not _says_units(layout.address, sample)) or (
        layout.address is not None and taken & {"hamlet", "commune"}
    ):
        layout.address = None
    if layout.address is not None:
        layout.units.append((layout.address, "hamlet", ""))
    layout.units.sort(key=lambda unit: LEVELS.index(unit[1]))


def _level_said(column: int, sample: Sequence[Row]) -> str:
    """The lowest level that most of a column's names say themselves."""
    texts = _texts(column, sample)
    found = Counter(
        place.units[-1][0] for text in texts if (place := read_place(text, "")).units and place.units[-1][1].kind
    )
    return found.most_common(1)[0][0] if found and found.total() * 2 >= len(texts) else ""


_OFFICE = re.compile(
    r"\b(?:hội|đoàn|công an|trạm|trường|văn phòng|phòng|ban|vnpt|viettel|bưu điện|mttq|mặt trận|"
    r"chi bộ|quân sự|đảng ủy|hđnd|ccb|lhpn|hợp tác xã|htx|công ty|trung tâm)\b",
    re.I,
)


def _says_offices(column: int, sample: Sequence[Row]) -> bool:
    """ "Đơn vị" that means where people work."""
    texts = _texts(column, sample)
    return sum(1 for text in texts if _OFFICE.search(text) and not split_kind(text).kind) * 3 > len(texts)


def _says_units(column: int, sample: Sequence[Row]) -> bool:
    texts = _texts(column, sample)
    return bool(texts) and sum(1 for text in texts if split_kind(text).kind or "," in text) * 2 > len(texts)


def _place_beside(layout: Layout, known: dict[int, Heading]) -> None:
    """Give each column about a person to the person it stands beside."""
    blocks = layout.blocks
    if not blocks:
        return
    by_field: dict[str, list[int]] = {}
    for column, heading in sorted(known.items()):
        if heading.field in _BESIDE:
            by_field.setdefault(heading.field, []).append(column)
    for kind, columns in by_field.items():
        for place, column in enumerate(columns):
            if len(columns) == len(blocks):
                block = blocks[place]
            else:
                block = max((one for one in blocks if one.name < column), key=lambda one: one.name, default=blocks[0])
            if kind == "phone":
                block.phones.append(column)
            elif kind == "birth":
                block.births.append(column)
            elif kind == "role_team":
                block.roles.insert(0, column)
            elif kind in ("role", "job"):
                block.roles.append(column)
    for block in blocks:
        # The word of the team goes before that of the office, whatever stands first.
        block.roles.sort(key=lambda column: {"role_team": 0, "role": 1}.get(known[column].field, 2))


def _find_given(layout: Layout, headings: dict[int, Heading | None], sample: Sequence[Row]) -> None:
    """ "Họ và tên" over two columns, the last word standing in the second."""
    for block in layout.blocks:
        right = block.name + 1
        if block.given is not None or (headings.get(right) and headings.get(right) != headings.get(block.name)):
            continue
        if any(right in (*one.phones, *one.births, *one.roles, one.name) for one in layout.blocks):
            continue
        pairs = [(row[block.name], row[right]) for row in sample if right < len(row) and row[block.name] and row[right]]
        words = [
            given
            for _, given in pairs
            if re.fullmatch(r"[^\W\d_]+(?:['’][^\W\d_]+)?(?: [A-Z])?", given) and not read_role(given).role
        ]
        rows = sum(1 for row in sample if block.name < len(row) and row[block.name])
        if pairs and len(words) * 10 >= len(pairs) * 8 and len(pairs) * 2 > rows:
            block.given = right
    taken = {block.given for block in layout.blocks}
    layout.blocks = [block for block in layout.blocks if block.name not in taken]


def _complete(layout: Layout, sample: Sequence[Row], headings: dict[int, Heading | None]) -> None:
    """Find by their content the columns that no known word stands over."""
    width = max((len(row) for row in sample), default=0)
    filled = sum(1 for row in sample if sum(map(bool, row)) > 1) or 1
    unknown = [column for column in range(width) if (one := headings.get(column)) is None or one.field == "loose"]
    free = [column for column in unknown if not _is_taken(layout, column)]
    looks = {column: _looks(column, sample) for column in free}
    wide = {column: found for column, found in looks.items() if found and len(_texts(column, sample)) * 5 >= filled}
    if not layout.blocks:
        names = [column for column, found in wide.items() if found == "name"]
        if not names:
            return
        layout.blocks.append(Block(names[0]))
    block = layout.blocks[0]
    for column, found in wide.items():
        if found == "phone" and not any(one.phones for one in layout.blocks):
            block.phones.append(column)
        elif found == "role" and len(layout.blocks) == 1 and not block.role and not layout.ticks:
            block.roles.append(column)
        elif found == "birth" and not block.births:
            block.births.append(column)
        elif found in LEVELS and found not in layout.levels():
            layout.units.append((column, found, ""))
        elif found == "number" and layout.number is None and column < block.name:
            layout.number = column
    layout.units.sort(key=lambda unit: LEVELS.index(unit[1]))
    if not headings:
        _find_given(layout, {}, sample)


def _is_taken(layout: Layout, column: int) -> bool:
    taken = {layout.number, layout.address, *layout.notes, *layout.ticks, *(unit[0] for unit in layout.units)}
    for block in layout.blocks:
        taken |= {block.name, block.given, *block.roles, *block.phones, *block.births}
    return column in taken


def _looks(column: int, sample: Sequence[Row]) -> str:
    """What most of a column's cells are: phone, role, birth, number, name, a level, or ""."""
    texts = _texts(column, sample)[:200]
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
