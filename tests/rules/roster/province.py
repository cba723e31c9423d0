"""An invented province's list, as large as wanted, in the ways offices write, with the truth about it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.rules.roster.records import Cell

FAMILIES = (
    "Nguyễn",
    "Trần",
    "Lê",
    "Phạm",
    "Huỳnh",
    "Võ",
    "Đặng",
    "Bùi",
    "Đỗ",
    "Hồ",
    "Ngô",
    "Dương",
    "Lý",
    "Phan",
    "Trương",
)
MIDDLES = (
    "Văn",
    "Thị",
    "Minh",
    "Ngọc",
    "Thanh",
    "Quốc",
    "Hữu",
    "Kim",
    "Mỹ",
    "Hoàng",
    "Đức",
    "Tấn",
    "Công",
    "Bảo",
    "Anh",
)
GIVEN = (
    "An",
    "Bình",
    "Chín",
    "Dũng",
    "Em",
    "Giang",
    "Hạnh",
    "Hai",
    "Khoa",
    "Lan",
    "Mai",
    "Nga",
    "Oanh",
    "Quý",
    "Sang",
    "Út",
)
HEADS = ("TT", "Tổ trưởng", "tổ trưởng", "Trưởng ấp - Tổ trưởng")
DEPUTIES = ("TP", "Tổ phó", "Phó tổ trưởng")
MEMBERS = ("TV", "Thành viên", "thành viên", "Tổ viên")
HEADER: list[Cell] = [
    "STT",
    "Họ và tên",
    "Năm sinh",
    "Chức vụ trong tổ",
    "Ấp/Khu phố",
    "Xã/Phường/TT",
    "Huyện/TP",
    "Số điện thoại",
    "Ghi chú",
]


@dataclass
class Truth:
    """What must come out."""

    people: int = 0
    leads: int = 0
    no_phone: int = 0
    bad_phone: int = 0
    duplicates: int = 0
    units: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("province", "district", "commune", "hamlet"), 0)
    )


@dataclass
class Province:
    """`rows()` gives the list once; `truth` is complete after it. Each commune has its own team and `hamlets` more."""

    people: int
    hamlets: int = 8
    communes: int = 15  # of a district
    seed: int = 1
    truth: Truth = field(default_factory=Truth)

    def __post_init__(self) -> None:
        self._dice = random.Random(self.seed)
        self._phone = 0

    def rows(self) -> Iterator[list[Cell]]:
        yield ["UBND TỈNH BẾN TRE"]
        yield ["DANH SÁCH THÀNH VIÊN TỔ CHUYỂN ĐỔI SỐ CỘNG ĐỒNG"]
        yield []
        yield HEADER
        self.truth.units["province"] = 1
        for district in range(10_000):
            for commune in range(self.communes):
                for hamlet in range(self.hamlets + 1):
                    if self.truth.people >= self.people:
                        yield [None, f"Tổng cộng: {self.truth.people} người"]
                        return
                    yield from self._team(district, commune, hamlet)

    def _team(self, district: int, commune: int, hamlet: int) -> Iterator[list[Cell]]:
        units = self.truth.units
        units["district"] += not commune and not hamlet
        units["commune"] += not hamlet
        units["hamlet"] += bool(hamlet)
        for place in range(min(5, self.people - self.truth.people)):
            row = self._person(place)
            # The commune stands in the first row of each of its teams only, the hamlet in each row.
            row[4:7] = [
                f"Ấp {hamlet}" if hamlet else None,
                self._commune(commune) if not place else None,
                f"Huyện {self._word(district)}",
            ]
            yield row
            if row[7] is not None and not self.truth.people % 300:
                self.truth.duplicates += 1
                yield [*row[:8], "trùng"]

    def _person(self, place: int) -> list[Cell]:
        dice, truth = self._dice, self.truth
        truth.people += 1
        role = dice.choice(HEADS if not place else DEPUTIES if place == 1 else MEMBERS)
        truth.leads += not place
        name = f"{dice.choice(FAMILIES)} {dice.choice(MIDDLES)} {dice.choice(GIVEN)} {dice.choice(GIVEN)}"
        return [
            truth.people,
            f"  {name.upper()} " if dice.random() < 0.1 else name,
            dice.randint(1950, 2005),
            role,
            None,
            None,
            None,
            self._number(),
        ]

    def _number(self) -> Cell:
        """A number of its own for each, in one of the dresses; sometimes none, or too short."""
        dice = self._dice
        self._phone += 1
        digits = f"{dice.choice('35789')}{self._phone * 7919 % 10**8:08}"
        lot = dice.random()
        if lot < 0.014:
            self.truth.no_phone += 1
            return None
        if lot < 0.022:
            self.truth.bad_phone += 1
            return "0" + digits[:6]
        dresses: tuple[Cell, ...] = (
            f"0{digits}", int(digits), f"+84{digits}", f"84{digits}", f" 0{digits}\u00a0",
            f"0{digits[:3]}.{digits[3:6]}.{digits[6:]}", f"0{digits[:3]} {digits[3:6]} {digits[6:]}",
        )  # fmt: skip
        return dice.choice(dresses)

    def _commune(self, commune: int) -> str:
        return f"Xã {self._word(commune)}"

    @staticmethod
    def _word(number: int) -> str:
        first = (
            "An",
            "Bình",
            "Tân",
            "Phú",
            "Long",
            "Mỹ",
            "Thạnh",
            "Hòa",
            "Vĩnh",
            "Phước",
            "Hưng",
            "Lộc",
            "Thới",
            "Giao",
            "Đại",
        )
        second = (
            "Thạnh",
            "Hòa",
            "Phú",
            "Lợi",
            "Thủy",
            "Định",
            "Quới",
            "Điền",
            "Trung",
            "Mỹ",
            "Khánh",
            "Đức",
            "Sơn",
            "Nhơn",
            "Tây",
        )
        rest, low = divmod(number, 15)
        name = f"{first[low]} {second[rest % 15]}"
        return name if number < 225 else f"{name} {number // 225}"
