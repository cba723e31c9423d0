"""From a message to a reading: the only file that decides what kind of message it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time

from bot.rules.reading.figures import Figures
from bot.rules.reading.implied import Implied
from bot.rules.reading.message import Scan, Topic
from bot.rules.reading.phrases import Lexicon, lexicon
from bot.rules.reading.records import Category, Counted, Item, Kind, Question, Reading
from bot.rules.reading.register import MEMBERS, Register
from bot.rules.reading.scan import scan
from bot.rules.reading.sentences import Sentences
from bot.rules.reading.words import CLASS, DUTY, MEETING, OUTING, PERSON_UNITS
from bot.rules.vietnamese.dates import Unclear, day_of, place
from bot.rules.vietnamese.mentions import Mention, Offset, Period, SomeDay, Written
from storage import categories as storage
from storage import counted as storage_counted

# Where a team is at home: of "Tổ 3 - ấp 6" and "ấp 2 xã An Hiệp" the hamlet.
_OWN_LEVELS = ("Ấp", "Khu phố", "Khóm", "Thôn", "Khối")


def known(category: storage.Category) -> Category:
    """A kept kind of activity as the reader takes it: of a retired one nothing but what it was counted in."""
    units = (category.unit_vi, category.unit_en)
    if category.retired_at is not None:
        return Category(category.code, (), units, ())
    words = tuple(category.words.split("\n")) if category.words else ()
    return Category(category.code, (category.name_vi, category.name_en), units, words)


def known_unit(counted: storage_counted.Counted) -> Counted:
    """A kept unit of count as the reader takes it."""
    return Counted(counted.name, tuple(counted.words.split("\n")) if counted.words else ())


def read(text: str, today: date, categories: Sequence[Category], counted: Sequence[Counted] = ()) -> Reading:
    """What a message reports. What is not certain comes back as a question; nothing is guessed.

    >>> read("hum nay cài vneid 12 ng", date(2026, 11, 25), CATEGORIES).items
    (Item(category='VNE', count=12, unit='người', qualifier='', of=None),)
    """
    words = lexicon(tuple(categories), tuple(counted))
    found = scan(text, words, today)
    return _Reader(found, words, today).reading()


class _Reader:
    def __init__(self, found: Scan, words: Lexicon, today: date) -> None:
        self.found = found
        self.words = words
        self.today = today
        self.sentences = Sentences(found, words)
        self.is_correction = self.sentences.is_correction
        self.figures = Figures(found, words)

    def reading(self) -> Reading:
        self.sentences.settle()
        self._uncounted(self.figures.count())
        day, unclear = self._day()
        register = self._register()
        kind, items, ask = self._kind(), tuple(self.figures.items), self.figures.ask
        if kind in ("report", "correction"):
            days = tuple(due.day for due in unclear.candidates) if unclear else ()
            ask = [*ask, Question(None, "day", days=days)] if unclear else ask
            return Reading(
                kind,
                items,
                tuple(ask),
                day,
                self._unit(),
                None if register else self.figures.people,
                self.found.text,
                register,
            )
        if kind == "zero":
            return Reading(kind, items, (), day, self._unit(), note=self.found.text)
        if kind == "nothing" and register:
            return Reading(kind, day=day, unit=self._unit(), note=self.found.text, register=register)
        if kind == "plan":
            return Reading(kind, day=self._day_ahead(), unit=self._unit(), note=self.found.text)
        return Reading(kind, note=self.found.text)

    def _register(self) -> tuple[Item, ...]:
        """Numbers of the teams' register, and what is told of by them alone."""
        register, figures = Register(self.found, self.words), self.figures
        if self.is_correction:
            return ()
        items = register.items()
        if (on_duty := register.on_duty(figures.items)) is not None:
            figures.items.append(on_duty)
            figures.ask = [one for one in figures.ask if one.why != "missing"]
        for item in (*register.founded, *Implied(self.found, self.words).items(figures.items, figures.ask)):
            figures.ask = [one for one in figures.ask if one.category != item.category]
            figures.items += [] if item.category in {one.category for one in figures.items} else [item]
        members = {item.count for item in items if item.category == MEMBERS}
        figures.items = [one for one in figures.items if one.category != figures.general or one.count not in members]
        values = {one.value for one in register.counted}
        figures.ask = [one for one in figures.ask if not (one.category is None and set(one.values) & values)]
        return tuple(items)

    def _uncounted(self, left: list[Topic]) -> None:
        """Kinds of activity that were named without a number are asked for, unless they only say how or where."""
        found = self.found
        told = {item.category for item in self.figures.items} | {question.category for question in self.figures.ask}
        has_figures = bool(self.figures.items or self.figures.ask)
        events = {self.words.owner(word) for word in (CLASS, OUTING, DUTY, MEETING)}
        if not has_figures and any(
            found.has(mark) for mark in ("nothing", "clock", "announce", "telephone", "percent")
        ):
            return
        counted = {one.end for one in found.said if not one.is_off}
        for topic in left:
            is_sold = topic.is_aside and any(
                token.says("bán") for token in found.tokens[max(0, topic.first - 3) : topic.first]
            )
            if topic.is_off or topic.is_weak or topic.code in told or (topic.is_aside and (has_figures or not is_sold)):
                continue
            if has_figures and (topic.first in counted or self._says_where(topic)):
                # "9 tiểu thương chợ 4.0", "lên postmart 4 món": it only says which ones, or where.
                continue
            if not has_figures and not self._is_done(topic):
                continue
            is_label = topic.unit in PERSON_UNITS and found.tokens[topic.end : topic.end + 1]
            if has_figures and (topic.code in events or (is_label and found.tokens[topic.end].is_sign(":"))):
                continue
            if found.has("thanks") and not has_figures:
                continue
            if found.has("money", topic.end, topic.end + 5) and not any(found.breaks[topic.end : topic.end + 2]):
                continue  # "chuyển khoản mua bánh 250k"
            told.add(topic.code)
            self.figures.ask.append(Question(topic.code, "missing"))

    def _says_where(self, topic: Topic) -> bool:
        found = self.found
        posts = ("tin", "bài", "tin bài")
        is_group = self.words.own_unit[topic.code] == "nhóm" and topic.end == topic.first + 1
        if is_group and any(one.first == topic.end and one.amount.unit in posts for one in found.said):
            return True  # "zalo 2 tin"
        if any(
            one.amount.unit == "học viên"
            and not one.is_off
            and 0 <= topic.first - one.end <= 6
            and not any(found.breaks[one.end : topic.first + 1])
            and not any(one.end <= other.first < topic.first for other in found.said)
            for one in found.said
        ):
            return True  # "42 học viên biết dùng dịch vụ công"
        if any(name == "assign" and -16 <= at - topic.first < 0 for at, _, name in found.marks):
            return True  # "họp tổ phân công người đi từng nhà"
        return any(
            not said.is_off
            and said.amount.own is not None
            and said.amount.unit in ("sản phẩm", "món")
            and (-3 <= said.first - topic.end <= 2 or 0 <= topic.first - said.end <= 3)
            for said in found.said
        )

    def _is_done(self, topic: Topic) -> bool:
        """Whether the team did it, rather than somebody talks of it."""
        found = self.found
        if sum(token.kind == "word" for token in found.tokens) <= topic.end - topic.first + 2:
            return True
        first = max(0, topic.first - 16)
        while any(found.breaks[at] for at in range(first, max(first, topic.first - 7))):
            first += 1
        acted = any("action" in hit.tags for at in range(first, topic.first) for hit in found.hits[at])
        own = any("action" in hit.tags for hit in found.hits[topic.first])
        own = own or any(isinstance(day.said, Offset | Written) for day in found.days)
        after = found.tokens[topic.end : topic.end + 4]
        return (
            acted
            or own
            or any(token.text.lower() in ("rồi", "xong", "roi", "r", "rùi", "rui", "òi", "gòi") for token in after)
        )

    def _kind(self) -> Kind:
        found = self.found
        if self.figures.items or self.figures.ask:
            if self.is_correction:
                return "correction"
            if self.figures.items and not self.figures.ask and all(item.count == 0 for item in self.figures.items):
                return "zero"
            return "report"
        if found.has("asked") and self._is_planned_first():
            return "plan"
        if found.has("leave") or (found.has("asked") and not found.has("nothing")):
            return "nothing"
        nothing = [at for at, _, name in found.marks if name == "nothing"]
        is_left_out = bool(nothing) and all(self._is_planned(at) for at in nothing)
        if not is_left_out and (nothing or self._is_denied() or self._is_nil()):
            return "zero"
        if is_left_out and found.has("plan"):
            return "plan"
        if found.has("percent") and (not found.has("target") or any(token.says("đạt") for token in found.tokens)):
            return "nothing"
        off = any(one.is_off for one in found.everything)
        if found.has("clock") and found.has("plan") and not found.has("asked"):
            return "plan"
        if not found.has("asked") and any(self._is_to_come(day) for day in found.days):
            return "plan"
        wishes = {at for at, _, name in found.marks if name == "wish"}
        if any(name == "plan" and at not in wishes for at, _, name in found.marks) and (
            off or found.said or self._is_aim()
        ):
            return "plan"
        return "nothing"

    def _is_planned_first(self) -> bool:
        """ "Mai tui tính vô ấp 6 cài vneid cho 10 người, có ai rảnh đi chung hông" """
        found = self.found
        ahead = [
            mention.first
            for mention in found.days
            if any(at == mention.first for at, _, name in found.marks if name == "plan")
        ]
        meant = any(token.says("tính", "sẽ", "định", "dự") for token in found.tokens)
        is_told = any(one.amount.noun == "unit" for one in found.said) and not found.text.rstrip().endswith("?")
        return bool(ahead) and ahead[0] <= 1 and meant and is_told

    def _is_denied(self) -> bool:
        """ "chưa có phát sinh gì", "hổng cài được cho ai": nothing, in any words."""
        found = self.found
        last = next((at for at in reversed(range(len(found.tokens))) if not self._is_polite(at)), 0)
        is_answer = last > 0 and (found.tokens[last - 1].is_sign(":") or found.tokens[last - 1].says("báo", "là"))
        if is_answer and not found.topics and any(at == last and name == "no" for at, _, name in found.marks):
            return True  # "báo cáo ngày 25/11: không"
        for at, end, name in found.marks:
            if name == "not yet" and any(one.amount.value and at - 4 <= one.end <= at for one in found.said):
                continue  # "còn 5 nhà chưa đi"
            if name == "failed" and not found.everything and any(token.says("làm") for token in found.tokens[at:end]):
                return True  # "mất điện nên không làm được"
            if name in ("no", "not yet", "failed"):
                after = found.tokens[end : end + 7]
                if any(token.says("gì", "ai", "nào", "sinh", "chi", "hết") for token in after):
                    return True
                if after and after[0].says("làm", "đi", "hoạt", "triển", "tổ", "ra", "phát"):
                    return True
        return False

    def _is_to_come(self, day: Mention) -> bool:
        """ "sáng mai tổ đi ấp Long An"; not "mai em báo"."""
        found = self.found
        is_ahead = any(at == day.first and name == "plan" for at, _, name in found.marks)
        after = found.tokens[day.end : day.end + 6]
        return (
            is_ahead
            and any(token.text.lower() in ("đi", "xuống", "ra", "mở") for token in after)
            and not any(token.says("báo", "gửi", "gởi", "cộng") for token in after)
        )

    def _is_polite(self, at: int) -> bool:
        return self.found.tokens[at].kind == "sign" or any("filler" in hit.tags for hit in self.found.hits[at][:1])

    def _is_nil(self) -> bool:
        """ "số hôm nay là 0" """
        said = [one for one in self.found.said if not one.is_off]
        return bool(said) and all(one.amount.value == 0 and one.amount.why is None for one in said)

    def _is_aim(self) -> bool:
        found = self.found
        return found.has("target") and not any(
            token.says("đạt", "được", "xong", "thành", "vượt") for token in found.tokens
        )

    def _day(self) -> tuple[date | None, Unclear | None]:
        found = self.found
        ahead = {at for at, _, name in found.marks if name == "plan"}
        mentions = [mention for mention in found.days if mention.first not in ahead and not self._is_aside(mention)]
        clear = [mention for mention in mentions if not (isinstance(mention.said, SomeDay) and self._is_long(mention))]
        mentions = clear or mentions  # "hổm rày … nên bữa nay"
        day = day_of(found.text, found.tokens, mentions, self.today)
        if isinstance(day, Unclear):
            is_period = (
                found.has("length") or self._are_ends(mentions) or all(self._is_long(mention) for mention in mentions)
            )
            return None, None if is_period else day
        return day, None

    def _is_aside(self, mention: Mention) -> bool:
        """ "chiều thứ 6 tính làm tiếp", or in a correction "hồi nãy em ghi": no day of what is reported."""
        found = self.found
        telling = found.tokens[mention.first : mention.end]
        said_of_telling = self.is_correction and telling[0].says("hồi") and telling[-1].says("nãy")
        is_next = any(at == mention.end and name == "plan" for at, _, name in found.marks)
        return said_of_telling or (is_next and len(found.days) > 1)

    def _are_ends(self, mentions: list[Mention]) -> bool:
        """ "từ 1/7 đến 30/9": a time with its first and last day."""
        if len(mentions) != 2 or not all(isinstance(one.said, Written) for one in mentions):
            return False
        between = self.found.tokens[mentions[0].end : mentions[1].first]
        return 0 < len(between) < 3 and (between[0].says("đến", "tới") or between[0].is_sign("-–"))

    def _is_long(self, mention: Mention) -> bool:
        """A period, or the days until today: "hổm rày", "mấy bữa nay"."""
        until_now = self.found.tokens[mention.end - 1].says("rày", "nay", "giờ")
        return isinstance(mention.said, Period) or (isinstance(mention.said, SomeDay) and until_now)

    def _day_ahead(self) -> date | None:
        """The day a plan is for, where one and no longer time was said."""
        now = datetime.combine(self.today, time())
        days = {place(mention, now).day for mention in self.found.days if not isinstance(mention.said, Period)}
        return days.pop() if len(days) == 1 else None

    def _is_planned(self, at: int) -> bool:
        return any(first <= at < end for first, end in self.found.planned)

    def _unit(self) -> str | None:
        denied = {end for _, end, name in self.found.marks if name == "denied"}
        places = [(at, name) for at, name in self.found.places if at not in denied]
        said = [name for at, name in places if not self._is_planned(at) and not name.startswith("Nhóm")]
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
