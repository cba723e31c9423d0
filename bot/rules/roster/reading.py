"""Sheets into people: the header found, each row judged for what it is, each person with unit, role and number."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.rules.roster.cells import Lines, Spans, is_ditto
from bot.rules.roster.layout import Block, Layout, find_layout, guess_layout
from bot.rules.roster.names import Named, looks_like_name, read_people
from bot.rules.roster.phones import Phones, is_nothing, looks_like_phone, read_phones
from bot.rules.roster.places import NOWHERE, Place, read_section
from bot.rules.roster.records import LEVELS, Kind, Page, Problem, Role
from bot.rules.roster.roles import only_role, read_role
from bot.rules.roster.standing import Standing
from bot.rules.roster.titles import read_sheet_name, read_title
from bot.rules.roster.tree import Node, Tree
from bot.rules.vietnamese.text import fold
from bot.rules.vietnamese.units import UnitName, core_key, proper

SAMPLE = 3000  # rows by which a sheet is judged
PROGRESS = 5000  # rows between two words of how far it is

Row = Sequence[str]

_TOTAL = re.compile(
    r"^(?:tổng(?:\s+(?:cộng|số|sl))?(?:\s+(?:số|toàn|danh|người|thành|có|chung))?|"
    r"cộng(?:\s+(?:dồn|chung))?|total|sum|grand total)\s*(?:[:.(=–-]|\d|người|thành viên|ds|"
    r"danh sách|xã|ấp|huyện|cả|$)"
    r"|^(?:tong(?: cong| so)?|cong)\s*(?:[:.(=-]|\d|$)|^danh sách (?:này )?(?:có|gồm)\b|^ấn định\b",
    re.I,
)
_SIGNATURE = re.compile(
    r"^(?:nguoi (?:lap|tong hop|ky|viet|bao cao|duyet|kiem tra|thong ke)\b|(?:tm|kt|tl|tuq|"
    r"q)[. ]+\S|noi nhan\b|\(?ky\b.{0,30}(?:ten|dau)\b|xac nhan\b|thu truong\b|ke toan\b|"
    r"lap (?:bieu|bang|danh sach)\b"
    r"|(?:pho )?chu tich$|(?:pho )?chu tich ubnd\b.{0,40}$|giam doc$|can bo (?:lap|"
    r"phu trach)\b.{0,20}$|.{0,40}\bngay\b.{0,12}\bthang\b.{0,8}\bnam\b|duyet$|luu\s*:|- ?luu\b|"
    r"ghi chu\s*:|prepared by|approved by|signature)"
)
_COUNT = re.compile(r"^\d{1,5}(?:\s*(?:người|thành viên|tv|đ/c))?$", re.I)
_ROMAN = re.compile(r"^[IVXLC]{1,7}[.)]?$|^[A-HĐ][.)]?$")
_HEADER_WORD = re.compile(r"^(?:stt|tt|số tt|họ|ho |hovaten|tên|ten|full|name|no\.?$|tổ trưởng$|người)", re.I)


@dataclass(slots=True, eq=False)
class Found:
    """One person of one row, before it is known who is the same. `said`: the cell of a number that is none."""

    name: str
    phone: str
    other_phones: tuple[str, ...]
    standing: str
    said: str
    birth: int
    role: Role
    is_civil_head: bool
    node: Node | None
    sheet: str
    row: int
    column: int
    phone_column: int | None


class Reader:
    """Reads sheets one after another; what one says of province and district holds for those after it."""

    def __init__(self, progress: Callable[[int], None] = lambda _: None) -> None:
        self.tree = Tree()
        self.found: list[Found] = []
        self.problems: list[Problem] = []
        self._context: dict[str, UnitName] = {}
        self._progress = progress
        self._rows = 0

    def read(self, page: Page, is_only: bool) -> None:
        """One sheet. `is_only`: there is no other in the file."""
        if page.is_hidden:
            self._problem(page.name, 0, None, "hidden_sheet")
            return
        _Table(self, page, is_only).read()

    def seen(self) -> None:
        self._rows += 1
        if self._rows % PROGRESS == 0:
            self._progress(self._rows)

    @property
    def rows(self) -> int:
        return self._rows

    def _problem(self, sheet: str, row: int, column: int | None, kind: Kind, said: str = "", **values: object) -> None:
        self.problems.append(Problem(sheet, row, column, kind, said, values))

    problem = _problem

    def context(self, title: dict[str, UnitName]) -> dict[str, UnitName]:
        """What a title says, and above it what earlier sheets said."""
        top = min((LEVELS.index(level) for level in title), default=len(LEVELS))
        carried = {level: name for level, name in self._context.items() if LEVELS.index(level) < top}
        return {**carried, **title}

    def carry(self, title: dict[str, UnitName]) -> None:
        self._context = {level: name for level, name in self.context(title).items() if level != "hamlet"}


class _Table:
    """One sheet while it is read."""

    def __init__(self, reader: Reader, page: Page, is_only: bool) -> None:
        self._reader = reader
        self._name = page.name
        self._is_only = is_only
        self._merges = list(page.merged)
        self._lines = Lines(page.rows)
        self._at = 0  # the row to come, from 0
        self._group_role: Role | None = None
        self._has_ended = False
        self._last_role: dict[int, str] = {}

    def read(self) -> None:
        self._lines.find_font(200)
        sample = self._lines.peek(SAMPLE)
        layout = find_layout(sample, self._merges) or guess_layout(sample)
        if self._lines.font:
            self._reader.problem(
                self._name, 0, None, "old_font", font={"tcvn3": "TCVN3 (.VnTime)", "vni": "VNI"}[self._lines.font]
            )
        if layout is None:
            if any(any(row) for row in sample):
                self._learn_title(sample[:20])
                self._reader.problem(self._name, 0, None, "no_table")
            return
        before = len(self._reader.found)
        self._begin(layout, sample)
        for row in self._lines:
            self._row(row)
            self._at += 1
            self._reader.seen()
        if len(self._reader.found) == before:
            self._reader.problem(self._name, 0, None, "no_table")

    def _begin(self, layout: Layout, sample: Sequence[Row]) -> None:
        context = self._learn_title(sample[: layout.top], layout)
        self._layout = layout
        self._standing = Standing(self._reader.tree, context, Spans(self._merges))
        self._roles_merged = Spans(self._merges)
        self._standing.lay_out(layout, sample[layout.first :])
        self._lines.skip(layout.first)
        self._at = layout.first

    def _learn_title(self, rows: Sequence[Row], layout: Layout | None = None) -> dict[str, UnitName]:
        """Units in the lines above the table and in the sheet's name."""
        title = _said_most(place for row in rows for text in row if text and (place := read_title(text)))
        columns = layout.levels() if layout else set()
        place = read_sheet_name(self._name, self._named_level(columns, title))
        keys = {core_key(name.name) for name in title.values()}
        named = {level: name for level, name in place.units if level not in title and level not in columns}
        if not any(name.kind for name in named.values()):
            named = {level: name for level, name in named.items() if core_key(name.name) not in keys}
        title = {
            level: name for level, name in {**named, **title}.items() if level != "hamlet" or "hamlet" not in columns
        }
        context = self._reader.context(title)
        self._reader.carry(title)
        return context

    def _named_level(self, columns: set[str], title: dict[str, UnitName]) -> str:
        """The level a sheet's name without a kind belongs to; "" when it is more likely no unit."""
        known = columns | set(title)
        if columns:
            top = min(LEVELS.index(level) for level in columns)
            wanted = LEVELS[max(top - 1, 0)]
            return wanted if wanted not in known and wanted != "province" else ""
        if "commune" not in known:
            return "commune"
        return "" if self._is_only or "hamlet" in known else "hamlet"

    # One row.

    def _row(self, row: Row) -> None:
        texts = [text for text in row if text]
        if not texts or self._is_header(row, texts):
            return
        layout = self._layout
        names = [self._name_of(block, row) for block in layout.blocks]
        if len(texts) <= 4 and self._is_aside(row, texts, names):
            return
        if not any(names):
            self._nameless(row)
            return
        if self._has_ended and not (self._number(row) or any(map(looks_like_phone, texts))):
            return
        self._has_ended = False
        node = self._standing.node(row, self._at, self._name)
        for block, name in zip(layout.blocks, names, strict=True):
            if name:
                self._people(block, name, row, node)

    def _is_header(self, row: Row, texts: list[str]) -> bool:
        """The header again, or another one: then what follows is laid out in its way."""
        if not _HEADER_WORD.match(texts[0]) and not _HEADER_WORD.match(texts[min(1, len(texts) - 1)]):
            return False
        ahead = [row, *self._lines.peek(400)]
        layout = find_layout(ahead, [], 0, 1)
        if layout is None:
            return False
        if layout.header != self._layout.header:
            self._layout = layout
            self._standing.lay_out(layout, ahead[layout.first :])
        self._lines.skip(layout.first - 1)
        self._at += layout.first - 1
        self._has_ended = False
        return True

    def _number(self, row: Row) -> str:
        column = self._layout.number
        text = row[column] if column is not None and column < len(row) else ""
        return text if re.fullmatch(r"\d{1,6}[.)]?", text) else ""

    def _name_of(self, block: Block, row: Row) -> str:
        name = row[block.name] if block.name < len(row) else ""
        if block.given is not None and block.given < len(row) and row[block.given]:
            return f"{name} {row[block.given]}".strip()
        return name

    # Rows that are not people.

    def _is_aside(self, row: Row, texts: list[str], names: list[str]) -> bool:
        """A total, a signature, or the name of a group."""
        core = [
            text for text in texts if any(map(str.isalnum, text)) and not _COUNT.match(text) and not _ROMAN.match(text)
        ]
        if not core:
            return not any(map(looks_like_phone, texts)) and not any(names)
        if any(_TOTAL.match(text) for text in core):
            return True
        if not self._number(row) and self._is_signature(core, names):
            self._has_ended = True
            return True
        if len(core) > 2 or any(map(looks_like_phone, texts)):
            return False
        place = self._group(core[0], texts, row)
        if len(core) == 2 and place and not read_section(core[1]) and not _is_remark(core[1]):
            return False
        if place and (len(core) == 1 or not any(name == core[1] for name in names)):
            if len(core) == 2:
                together = {**dict(place.units), **dict(read_section(core[1]).units)}
                place = Place(tuple((level, together[level]) for level in LEVELS if level in together), place.ends)
            self._enter(place)
            return True
        return self._is_other_line(row, core, names)

    @staticmethod
    def _is_signature(core: list[str], names: list[str]) -> bool:
        """Who made the list, where and when; not somebody of it whose post is "Chủ tịch UBND xã"."""
        signed = [text for text in core if _SIGNATURE.match(fold(text))]
        return bool(signed) and all(name in signed for name in names if name)

    def _group(self, text: str, texts: list[str], row: Row) -> Place:
        if self._stands_in_units(text, row) or only_role(text.rstrip(": ")):
            return NOWHERE
        if len(text) > 25 and re.search(
            r"danh sách|tổ (?:công|chuyển|cn|cđ)|danh sach|to (?:cong|chuyen|cn)", text, re.I
        ):
            place = read_title(text)
            if place:
                return place
        place = read_section(text)
        if place:
            return place
        is_numbered = any(_ROMAN.match(one) for one in texts if one != text)
        if (
            is_numbered
            and not self._number(row)
            and len(text.split()) <= 5
            and not only_role(text)
            and not read_role(text).role
        ):
            level = next((level for level in ("commune", "hamlet") if not self._standing.known(level)), "")
            if level:
                return Place(((level, UnitName("", proper(text))),))
        return NOWHERE

    def _stands_in_units(self, text: str, row: Row) -> bool:
        """A value in a column of units, not the name of a group, unless it stands alone or in the first column."""
        return (
            any(column and column < len(row) and row[column] == text for column, _, _ in self._layout.units)
            and len([one for one in row if one]) > 1
        )

    def _enter(self, place: Place) -> None:
        self._standing.enter(place)
        self._group_role = None
        self._has_ended = False

    def _is_other_line(self, row: Row, core: list[str], names: list[str]) -> bool:
        """A line of one text that names nobody."""
        if len(core) > 1:
            return False
        text = core[0]
        role = only_role(text.rstrip(": "))
        if role:
            self._group_role = role
            return True
        if not any(names):
            return False
        if self._number(row) and len(row) > 2:
            return False
        people = read_people(text)
        return not (
            looks_like_name(text) or (len(people) == 1 and (people[0].phones or (people[0].role and people[0].name)))
        )

    def _nameless(self, row: Row) -> None:
        """Only units (a row that begins a group), only a number (the line above goes on), or a name left out."""
        units = [column for column, _, _ in self._layout.units if column < len(row) and row[column]]
        phones = [
            column for block in self._layout.blocks for column in block.phones if column < len(row) and row[column]
        ]
        roles = [column for block in self._layout.blocks for column in block.roles if column < len(row) and row[column]]
        last = self._reader.found[-1] if self._reader.found else None
        is_near = last is not None and last.sheet == self._name and last.row >= self._at
        if phones and not self._number(row) and not roles and not units and is_near and last is not None:
            more = read_phones(row[phones[0]])
            if more.standing == "good":
                numbers = tuple(dict.fromkeys((*filter(None, (last.phone,)), *last.other_phones, *more.numbers)))
                last.phone, last.other_phones, last.standing = numbers[0], numbers[1:], "good"
            return
        if units and not self._has_ended:
            self._standing.node(row, self._at, self._name)
        if (phones or (roles and read_role(row[roles[0]]).role)) and not self._has_ended:
            column = self._layout.blocks[0].name
            self._reader.problem(
                self._name, self._at + 1, column, "no_name", " | ".join(text for text in row if text)[:80]
            )

    # People.

    def _people(self, block: Block, text: str, row: Row, node: Node | None) -> None:
        named = read_people(text)
        if any(map(str.isalpha, text)) and (is_nothing(text) or only_role(text)):
            return  # nobody yet, or a label
        if not named or not any(one.name for one in named):
            self._reader.problem(self._name, self._at + 1, block.name, "name_odd", text[:80])
            return
        cells = [(column, row[column]) for column in block.phones if column < len(row) and row[column]]
        shares = _shares(named, cells)
        for one, (column, phones, said) in zip(named, shares, strict=True):
            if not one.name:
                continue
            role, is_civil_head = self._role(block, one, row)
            birth = one.birth or self._birth(block, row) if len(named) == 1 else one.birth
            self._doubt_name(one, block.name)
            self._keep(
                one,
                phones,
                said,
                column if column is not None else block.phones[0] if block.phones else None,
                birth,
                role,
                is_civil_head,
                node,
                block,
            )

    def _keep(
        self,
        one: Named,
        phones: Phones,
        said: str,
        phone_column: int | None,
        birth: int,
        role: Role,
        is_civil_head: bool,
        node: Node | None,
        block: Block,
    ) -> None:
        row = self._at + 1
        if phones.old:
            self._reader.problem(
                self._name, row, phone_column, "phone_renumbered", said, old=phones.old, new=phones.numbers[0]
            )
        if phones.standing == "whose":
            self._reader.problem(self._name, row, phone_column, "phone_whose", said, name=one.name)
        numbers = phones.numbers
        self._reader.found.append(
            Found(
                one.name,
                numbers[0] if numbers else "",
                numbers[1:],
                phones.standing,
                said if phones.standing == "bad" else "",
                birth,
                role,
                is_civil_head,
                node,
                self._name,
                row,
                block.name,
                phone_column,
            )
        )

    def _doubt_name(self, one: Named, column: int) -> None:
        if one.is_odd:
            self._reader.problem(self._name, self._at + 1, column, "name_odd", one.name)
        elif not re.search(r"[ '’]", one.name):
            self._reader.problem(self._name, self._at + 1, column, "name_short", one.name)

    def _birth(self, block: Block, row: Row) -> int:
        for column in block.births:
            text = row[column] if column < len(row) else ""
            if text and (match := re.search(r"(?<!\d)(?:19[2-9]\d|20[01]\d)(?!\d)", text)):
                return int(match[0])
        return 0

    def _role(self, block: Block, one: Named, row: Row) -> tuple[Role, bool]:
        """The team's role, and whether they are "trưởng ấp" without a word of the team."""
        if block.role:
            return (one.role if block.role == "member" and one.role else block.role), False
        for column, role in self._layout.ticks.items():
            if column < len(row) and row[column] and row[column] not in ("0", "-"):
                return role, False
        is_civil_head = one.is_civil_head
        unknown: tuple[int, str] | None = None
        for column in block.roles:
            text = self._role_text(column, row)
            if not text:
                continue
            said = read_role(text)
            if said.role is not None:
                return said.role, False
            is_civil_head = is_civil_head or said.is_civil_head
            if not said.is_known and unknown is None:
                unknown = (column, text)
        if one.role:
            return one.role, False
        for column in self._layout.notes:
            if column < len(row) and row[column] and (noted := _noted(row[column])):
                return noted, False
        if self._group_role:
            return self._group_role, False
        if unknown and not is_civil_head:
            self._reader.problem(self._name, self._at + 1, unknown[0], "role_unknown", unknown[1][:80])
        return "member", is_civil_head

    def _role_text(self, column: int, row: Row) -> str:
        text = row[column] if column < len(row) else ""
        if is_ditto(text) or (not text and self._roles_merged.covers(column, self._at)):
            return self._last_role.get(column, "")
        if text:
            self._last_role[column] = text
        return text


def _said_most(places: Iterable[Place]) -> dict[str, UnitName]:
    """Per level the unit named most often, of several the last."""
    names: dict[str, dict[str, UnitName]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for place in places:
        for level, name in place.units:
            key = core_key(name.name)
            names.setdefault(level, {}).pop(key, None)
            names[level][key] = name
            counts[level, key] += 1
    return {
        level: max(reversed(list(known.items())), key=lambda item: counts[level, item[0]])[1]
        for level, known in names.items()
    }


def _is_remark(text: str) -> bool:
    return len(text) > 12 or text.endswith(":")


def _noted(text: str) -> Role | None:
    """A role in the column of notes: only when the note says it plainly."""
    if re.search(r"nghỉ|thôi|trước đây|nguyên|cũ\b|thay|trùng", text, re.I):
        return None
    said = read_role(text)
    return said.role if said.role and len(text) < 60 else None


def _shares(named: list[Named], cells: list[tuple[int, str]]) -> list[tuple[int | None, Phones, str]]:
    """Which number is whose: (column, numbers, what was said) for each person of a cell."""
    if len(named) == 1:
        return [_alone(named[0], cells)]
    if not cells:
        return [_alone(one, []) for one in named]
    column, text = cells[0]
    lines = [line for line in re.split(r"[\n;]+", text) if line.strip()]
    if len(lines) != len(named):
        numbers = read_phones(text).numbers
        lines = list(numbers) if len(numbers) == len(named) else []
    if len(lines) == len(named):
        return [
            (column, read_phones(line), line.strip()) if not one.phones else _alone(one, [])
            for one, line in zip(named, lines, strict=True)
        ]
    # Not as many numbers as people: it cannot be told whose they are.
    return [_alone(one, []) if one.phones else (column, Phones("whose"), text) for one in named]


def _alone(one: Named, cells: list[tuple[int, str]]) -> tuple[int | None, Phones, str]:
    read: list[tuple[int | None, Phones, str]] = [(column, read_phones(text), text) for column, text in cells]
    if one.phones:
        read.append((None, read_phones(one.phones), one.phones))
    good = [item for item in read if item[1].standing == "good"]
    if good:
        said = dict.fromkeys(number for item in good for number in item[1].numbers)
        # A fixed line hears no message: where there are both, the mobile number is the person's.
        numbers = tuple(sorted(said, key=lambda number: number.startswith("02")))
        chosen = next(item for item in good if numbers[0] in item[1].numbers)
        return chosen[0], Phones("good", numbers, chosen[1].old), chosen[2]
    # Words in a second column ("Zalo: có") say nothing about the number.
    other = next(
        (item for at, item in enumerate(read) if item[1].standing != "none" and (not at or item[1].digits)), None
    )
    return other or (cells[0][0] if cells else None, Phones("none"), cells[0][1] if cells else "")
