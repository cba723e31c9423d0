"""Days that a message says: which of them are amounts after all, and which are to come."""

from __future__ import annotations

from datetime import date

from bot.rules.reading.message import Scan
from bot.rules.reading.nouns import Nouns
from bot.rules.vietnamese.mentions import Lunar, Mention, Minutes, NoDay, Offset, Period, SomeDay, Weekday, Written

# After these "nay" is no day of its own: tuần nay, đến nay, hôm nay.
_BEFORE_NOW = (
    "tuần", "năm", "tháng", "đến", "tới", "hiện", "lâu", "xưa", "ngày", "hôm", "hum", "bữa", "hồi", "từ", "giờ", "mấy",
    "việc", "cái", "lúc", "khi", "đời", "sáng", "trưa", "chiều", "tối", "quý", "xã", "hổm", "số", "đợt", "lần", "buổi",
)  # fmt: skip
# After these a bare "nay" is "này" rather than today.
_THIS = (
    "ap", "xom", "xa", "to", "nha", "ho", "ong", "ba", "lop", "mon", "quan", "cho", "nguoi", "may", "thang", "phuong",
    "thon", "khom", "khoi", "doi", "nhom", "chuyen", "kieu", "loai", "app", "vu", "khu", "pho", "kp", "truong", "don",
)  # fmt: skip
TIMES = ("lần", "cữ", "buổi", "lượt", "bữa")


class Days:
    """Those of one message."""

    def __init__(self, found: Scan, nouns: Nouns, today: date) -> None:
        self.found = found
        self.tokens = found.tokens
        self.hits = found.hits
        self.nouns = nouns
        self.today = today

    def bare_todays(self) -> dict[int, Mention]:
        """ "nay 8 nhà", "mưa quá nay hổng đi được": today, said by its last word only."""
        found = {at: Mention(at, at + 1, Offset(0)) for at in range(len(self.tokens)) if self._is_today(at)}
        first = self.tokens[:2]
        if len(first) == 2 and all(token.is_bare for token in first) and [one.key for one in first] == ["toi", "nay"]:
            found[0] = Mention(0, 2, Offset(0))  # tối nay, tôi nay
        return found

    def _is_today(self, at: int) -> bool:
        token, before = self.tokens[at], self.tokens[at - 1] if at else None
        if token.text.lower() != "nay":
            return False
        if (
            before is None
            or self.found.breaks[at]
            or before.is_sign(":")
            or before.says("dạ", "em", "ơi", "thưa", "anh", "chị")
        ):
            return True
        is_market = before.text.endswith(".0")  # "chợ 4.0 nay thêm 7 tiểu thương"
        is_place = at > 1 and before.kind == "number" and any("unit name" in hit.tags for hit in self.hits[at - 2])
        if not is_market and not is_place and (before.kind != "word" or before.says(*_BEFORE_NOW)):
            return False
        if not self.nouns.is_marked and before.key in _THIS:
            return False  # or "này", as in "xom nay"
        following = self.hits[at + 1][:1] if at + 1 < len(self.tokens) else ()
        is_number = at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number"
        goes_on = any(
            {"verb", "action", "no", "failed", "nothing", "also", "done", "filler", "unit name"} & hit.tags
            for hit in following
        )
        return (
            is_number or goes_on or (at + 1 < len(self.tokens) and self.tokens[at + 1].says("có", "thêm", "ghé", "tổ"))
        )

    def more(self, mention: Mention) -> int:
        """ "ngày 23, 24": the second number is a day too."""
        end = mention.end
        if not isinstance(mention.said, Written) or not self.tokens[mention.first].says("ngày"):
            return end
        while end + 1 < len(self.tokens) and (self.tokens[end].is_sign(",&+") or self.tokens[end].says("và")):
            number = self.tokens[end + 1].text
            is_day = number.isdecimal() and len(number) <= 2 and 0 < int(number) <= 31
            if not is_day or (end + 2 < len(self.tokens) and self.is_counted_at(end + 2)):
                break
            if end + 2 < len(self.tokens) and self.tokens[end + 2].is_sign("/"):
                break
            self.found.days.append(Mention(end + 1, end + 2, Written(int(number))))
            end += 2
        return end

    def is_amount(self, mention: Mention) -> bool:
        """ "vneid 8/10" and "vneid 10-12" may be amounts, "buổi thứ 2" is the second."""
        said = mention.said
        after = self.tokens[mention.end : mention.end + 1]
        if (
            after
            and self.tokens[mention.end - 1].says("năm")
            and after[0].says("chục", "mươi", "trăm", "ngàn", "nghìn")
        ):
            return True  # "phát hết năm chục tờ rơi"
        if isinstance(said, Written) and said.month is None and after and after[0].says(*TIMES):
            return True  # "ngày 2 lần"
        before = self.hits[mention.first - 1] if mention.first else ()
        if isinstance(said, NoDay) and any(hit.unit for hit in before[:1]):
            return True
        is_led = any(isinstance(day.said, Weekday) for day in self.found.days)
        if isinstance(said, Weekday) and mention.first and self.tokens[mention.first].says("thứ") and not is_led:
            return self.tokens[mention.first - 1].says(
                "buổi",
                "lần",
                "lớp",
                "đợt",
                "hộ",
                "người",
                "sơ",
                "số",
                "khóa",
                "nhà",
                "điểm",
                "quán",
                "sạp",
                "ca",
                "xếp",
                "cụ",
                "em",
                "con",
                "hạng",
                "đứng",
            )
        if isinstance(said, Offset | SomeDay) and self.tokens[mention.first].kind == "number":
            return False
        if not isinstance(said, Written) or self.tokens[mention.first].kind != "number" or said.year is not None:
            return False
        if "," in self.tokens[mention.first].text or said.day > 31:
            return True  # "87,5 phần trăm"
        if said.month is not None and (
            said.month > 12 or (said.day <= said.month and self._is_counted_after(mention.end, said))
        ):
            return True
        topic = self.found.topics[-1] if self.found.topics else None
        between = self.tokens[topic.end : mention.first] if topic else ()
        is_after_topic = topic is not None and all(
            one.is_sign(":=-") or one.says("được", "đạt", "dc", "đc", "là") for one in between
        )
        return is_after_topic or (said.is_doubtful and bool(self.nouns.unit_at(mention.end)))

    def _is_counted_after(self, at: int, said: Written) -> bool:
        start = next((day for day in range(at - 1, -1, -1) if self.tokens[day].kind == "word"), 0)
        is_day = self.tokens[start].says("sáng", "trưa", "chiều", "tối", "ngày", "hôm", "đến", "tới", "từ")
        is_place = not is_day and at < len(self.hits) and any("unit name" in hit.tags for hit in self.hits[at][:1])
        if is_place and not (at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number"):
            return True  # "6/9 ấp gửi báo cáo"
        return self.nouns.unit_at(at) or (said.day == said.month and self.nouns.topic_at(at))

    def is_ahead(self, mention: Mention) -> bool:
        match mention.said:
            case Offset(days, months):
                return days > 0 or months > 0
            case Minutes(minutes):
                return minutes > 0
            case Weekday(number, week, near):
                is_later = (week == 0 or near == "this") and number > self.today.weekday()
                return (week or 0) > 0 or near == "coming" or is_later
            case Written(day, month, year, _, ahead):
                if ahead is not None:
                    return ahead > 0
                try:
                    return date(year or self.today.year, month or self.today.month, day) > self.today
                except ValueError:
                    return False
            case Period(unit, number, ahead, year, _, _):
                if year is not None:
                    return year > self.today.year
                is_later = unit == "month" and number is not None and number > self.today.month
                return ahead > 0 or (is_later and not mention.said.is_named)
            case SomeDay(near):
                text = self.tokens[mention.first].text.lower()
                return (near or 0) > 0 or text in ("mai", "mơi", "moi")
            case Lunar():
                return False
            case _:
                return False

    def is_counted_at(self, at: int) -> bool:
        if self.tokens[at].is_bare and self.tokens[at].key in ("di", "co", "ma"):
            return False
        return any(hit.unit or hit.codes for hit in self.hits[at][:1])
