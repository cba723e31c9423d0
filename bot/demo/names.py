"""Names for people who do not exist, as often as the South uses them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate
from random import Random


def words(text: str) -> tuple[str, ...]:
    """The words of a long list, kept readable."""
    return tuple(text.split())


# Roughly how many in a thousand bear each family name between the rivers Tiền and Hậu.
_FAMILY = {
    "Nguyễn": 330, "Trần": 112, "Lê": 92, "Phạm": 66, "Huỳnh": 62, "Võ": 54, "Phan": 46, "Đặng": 27, "Bùi": 24,
    "Trương": 24, "Hồ": 22, "Dương": 20, "Ngô": 18, "Đoàn": 16, "Đỗ": 14, "Lý": 12, "Cao": 11, "Mai": 10, "Lâm": 9,
    "Châu": 7, "Đinh": 7, "Tô": 5, "Lương": 5, "Kiều": 4, "Tạ": 3,
}  # fmt: skip
_MIDDLE_MEN = {
    "Văn": 300, "Minh": 80, "Thanh": 75, "Hoàng": 65, "Quốc": 60, "Hữu": 55, "Thành": 50, "Tấn": 45, "Công": 40,
    "Trọng": 30, "Phước": 30, "Ngọc": 30, "Chí": 25, "Đức": 25, "Duy": 20, "Nhật": 15, "Trung": 15, "Phú": 15,
}  # fmt: skip
_MIDDLE_WOMEN = {
    "Thị": 330, "Thị Kim": 60, "Thị Ngọc": 60, "Thị Mỹ": 40, "Ngọc": 75, "Kim": 60, "Thị Thanh": 40, "Hồng": 35,
    "Bích": 30, "Cẩm": 25, "Thùy": 25, "Mỹ": 25, "Phương": 20, "Thị Hồng": 30, "Thị Bích": 25, "Tuyết": 15,
}  # fmt: skip
_GIVEN_MEN = words(
    "An Bình Bảo Chánh Công Cường Danh Dũng Đạt Đông Đức Giàu Hải Hào Hiền Hiếu Hòa Hoàng Hùng Hưng Khánh Khoa Kiệt "
    "Lâm Lập Liêm Linh Lộc Lợi Luân Mẫn Minh Nam Nghĩa Nhân Nhựt Phong Phúc Phước Quân Quang Quí Sang Sơn Tài Tâm Tấn "
    "Thạnh Thảo Thắng Thiện Thọ Thuận Tiến Tính Toàn Trí Trung Trường Tuấn Út Vinh Vũ"
)
_GIVEN_WOMEN = words(
    "An Anh Bông Châu Chi Cúc Diễm Diệu Dung Duyên Đào Giang Hà Hạnh Hằng Hiền Hoa Hồng Huệ Hương Kiều Lan Lành Lài "
    "Liên Linh Loan Lụa Mai Mận My Nga Ngân Nguyệt Nhi Nhung Như Oanh Phấn Phượng Quyên Sương Tâm Thảo Thắm Thoa Thơ "
    "Thủy Thúy Tiên Trang Trinh Trúc Tuyền Tươi Út Vân Vy Xuân Yến"
)


def _bag(weights: dict[str, int]) -> tuple[list[str], list[int]]:
    return list(weights), list(accumulate(weights.values()))


def people_names(random: Random) -> Iterator[str]:
    """Full names, a few more men than women; two people may well share one, as they do in life."""
    families, men, women = _bag(_FAMILY), _bag(_MIDDLE_MEN), _bag(_MIDDLE_WOMEN)
    while True:
        is_man = random.random() < 0.54
        middles, middle_sums = men if is_man else women
        family = random.choices(families[0], cum_weights=families[1])[0]
        middle = random.choices(middles, cum_weights=middle_sums)[0]
        given = random.choice([name for name in (_GIVEN_MEN if is_man else _GIVEN_WOMEN) if name not in middle])
        yield f"{family} {middle} {given}"
