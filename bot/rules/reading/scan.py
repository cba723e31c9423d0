"""A message as a row of quantities and topics, with what stands between them and in which mood each was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.rules.reading.amounts import Amounts, Quantity, is_marked, is_no_result
from bot.rules.reading.breaks import Breaks
from bot.rules.reading.message import COMMA, LINE, NONE, STOP, Said, Scan, Topic
from bot.rules.reading.moods import Moods
from bot.rules.reading.phrases import Hit, Lexicon
from bot.rules.reading.skips import Names
from bot.rules.reading.words import DUTY, EVENT_UNITS, PERSON_UNITS, SHARED_UNITS
from bot.rules.vietnamese.days import (
    Lunar,
    Mention,
    Minutes,
    NoDay,
    Offset,
    Period,
    SomeDay,
    Weekday,
    Written,
    find_days,
)
from bot.rules.vietnamese.numerals import read_numeral
from bot.rules.vietnamese.slips import repair
from bot.rules.vietnamese.text import normalise
from bot.rules.vietnamese.tokens import tokenise

_TIMES = ("lần", "cữ", "buổi", "lượt", "bữa")
_SPOKEN = frozenset(("mot", "hai", "ba", "bon", "nam", "sau", "bai", "tam", "chin", "muoi", "ham", "tram"))
_MARKS = (
    "plan",
    "done",
    "no",
    "not yet",
    "failed",
    "denied",
    "total",
    "parts",
    "each",
    "also",
    "background",
    "changed to",
    "cumulative",
    "handled",
    "unsure",
    "change",
    "remaining",
)


def scan(text: str, lexicon: Lexicon, today: date) -> Scan:
    text = repair(normalise(text), lexicon.single)
    tokens = tokenise(text)
    found = Scan(text, tokens, lexicon.hits(tokens), breaks=[NONE] * (len(tokens) + 1))
    _forget_particles(found)
    _Scanner(found, lexicon, today).run()
    return found


def _forget_particles(found: Scan) -> None:
    """Among marked words "nha" is the particle, not a house."""
    if not is_marked(found.tokens):
        return
    for at, token in enumerate(found.tokens):
        if token.text.lower() == "nha":
            longer = tuple(hit for hit in found.hits[at] if "announce" in hit.tags)
            found.hits[at] = (*longer, Hit(at + 1, frozenset(("filler",))))


class _Scanner:
    def __init__(self, found: Scan, lexicon: Lexicon, today: date) -> None:
        self.found = found
        self.tokens = found.tokens
        self.hits = found.hits
        self.lexicon = lexicon
        self.today = today
        self.names = Names(found.tokens, found.hits, found.text)
        self.amounts = Amounts(found.tokens, found.hits, found.breaks, lexicon)
        self.breaks = Breaks(found)
        self.label = -1
        self.label_kinds: dict[int, str] = {}
        self.things = 0
        self.is_level = False
        self.clear_verbs = (lexicon.owner(DUTY), lexicon.owner("số hóa"))

    def run(self) -> None:
        self.breaks.find()
        for at in self.amounts.begins:
            self.found.breaks[at] = max(self.found.breaks[at], COMMA)
            for place in range(max(0, at - 4), at):
                self.hits[place] = tuple(hit for hit in self.hits[place] if hit.end <= at)
        days = {mention.first: mention for mention in find_days(self.tokens)}
        days = self._bare_todays() | days
        at = 0
        while at < len(self.tokens):
            end = (
                self._day_range(at, days)
                or self._telephone(at)
                or self._long_time(at)
                or self._day(days.get(at))
                or self._step(at)
            )
            at = max(end, at + 1)
        Moods(self.found).settle()

    def _bare_todays(self) -> dict[int, Mention]:
        """ "nay 8 nhà": today, where it begins what is said."""
        return {
            at: Mention(at, at + 1, Offset(0))
            for at, token in enumerate(self.tokens)
            if token.text.lower() == "nay"
            and (at == 0 or self.found.breaks[at] or self.tokens[at - 1].says("dạ", "em", "ơi", "thưa", "anh", "chị"))
        }

    def _day_range(self, at: int, days: dict[int, Mention]) -> int:
        """ "22-24/11": both are days."""
        last = days.get(at + 2)
        is_joined = self.tokens[at].text.isdecimal() and at + 2 < len(self.tokens) and self.tokens[at + 1].is_sign("-–")
        if last is None or not is_joined or not isinstance(last.said, Written) or last.said.month is None:
            return 0
        if len(self.tokens[at].text) > 2 or not 0 < int(self.tokens[at].text) < last.said.day:
            return 0
        self.found.days.append(Mention(at, at + 1, replace(last.said, day=int(self.tokens[at].text))))
        return self._day(last)

    def _telephone(self, at: int) -> int:
        end = self.names.telephone(at)
        if end:
            self.found.marks.append((at, end, "telephone"))
        return end

    def _long_time(self, at: int) -> int:
        """ "từ đầu tuần tới giờ" has no "tuần tới" in it."""
        hit = self.hits[at][0] if self.hits[at] else None
        if hit is not None and "denied" in hit.tags and self._is_none(hit.end - 1):
            return hit.end - 1  # "chứ không ai tới"
        if hit is None or not ({"cumulative", "denied"} & hit.tags) or hit.end < at + ("denied" in hit.tags) + 2:
            return 0
        return self._word(at) if "denied" in hit.tags or hit.end >= at + 4 else 0

    def _is_me(self, at: int) -> bool:
        """A bare "toi" is "tôi" rather than "tối", unless a time stands beside it."""
        if self.tokens[at].key != "toi" or not self.tokens[at].is_bare:
            return False
        after = self.tokens[at + 1 : at + 2]
        return not (
            any(token.says("nay", "qua") for token in after)
            or (at and self.tokens[at - 1].says("buổi", "sáng", "chiều", "trưa"))
        )

    def _is_rank(self, at: int) -> bool:
        """ "hồ sơ thứ 15"; a bare "thu 15 ho so" collects fifteen."""
        if not self.tokens[at - 1].is_bare:
            return True
        before = self.hits[at - 2][0] if at > 1 and self.hits[at - 2] else None
        longer = self.hits[at - 3][0] if at > 2 and self.hits[at - 3] else None
        nouns = [
            hit
            for hit in (before, longer)
            if hit is not None and hit.end == at - 1 and (hit.unit or "number name" in hit.tags)
        ]
        return bool(nouns) and not self.amounts.unit_at(at + 1)

    def _is_none(self, at: int) -> bool:
        return bool(self.hits[at]) and "nothing" in self.hits[at][0].tags

    def _labelled(self, at: int, kind: str) -> None:
        """Whose, where or when the figures that follow are. Where such a word led before, it begins something anew."""
        last = self.found.said[-1] if self.found.said else None
        leads = (
            last is not None
            and self.label_kinds.get(last.label) == self.label_kinds.get(self.found.said[0].label) == kind
        )
        if last is not None and leads and not any(self.found.breaks[last.end : at + 1]):
            self.found.breaks[at] = COMMA
        self.label = at
        self.label_kinds[at] = kind

    def _step(self, at: int) -> int:
        """Takes what begins at token `at`; returns where it ends."""
        if self.hits[at] and "nothing" in self.hits[at][0].tags:
            return self._word(at)
        if marker := self.breaks.list_marker(at):
            return marker
        if (place := self.names.place_at(at)) is not None:
            self.found.places.append((at, place[1]))
            self._labelled(at, "place")
            self.names.last_end = self._more_places(place[0])
            return self.names.last_end
        if end := self.names.end_at(at):
            if self.tokens[at].kind == "word":
                self._labelled(at, "person" if self.names.is_person else "name")
                if at and self.names.is_person and self.tokens[at - 1].says("nhà", "ghé", "gặp"):
                    self.found.marks.append((at, end, "visited"))
            elif self.tokens[end - 1].says("h", "g", "giờ") or (end - at >= 3 and self.tokens[at + 1].text in "hg:"):
                self.found.marks.append((at, end, "clock"))
            self.names.last_end = end
            self.is_level = self.tokens[at].says("mức", "cấp") and not self._is_after_topic(at)
            return end
        is_ordinal = at > 0 and self.tokens[at - 1].says("thứ") and self._is_rank(at)
        if not is_ordinal and (amount := self.amounts.at(at)) is not None:
            return self._amount(amount, at)
        return self._word(at)

    def _day(self, mention: Mention | None) -> int:
        if mention is None or self._is_amount_after_all(mention):
            return 0
        if (
            isinstance(mention.said, Lunar)
            and mention.first
            and self.tokens[mention.first - 1].says("dịp", "mùa", "đón")
        ):
            return mention.end
        if mention.first == self.names.document_end and isinstance(mention.said, Written):
            return mention.end
        if (
            mention.first >= 2
            and self.tokens[mention.first - 2].says("so")
            and self.tokens[mention.first - 1].says("với")
        ):
            return mention.end
        if mention.first and self.tokens[mention.first - 1].says("từ") and isinstance(mention.said, Weekday | Written):
            to = self.tokens[mention.end : mention.end + 2]
            if len(to) == 2 and to[0].says("tới", "đến") and to[1].says("giờ", "nay"):
                mention = replace(mention, said=SomeDay())
        self.found.days.append(mention)
        name = "plan" if self._is_ahead(mention) else "done"
        if isinstance(mention.said, Period) and mention.first and self.tokens[mention.first - 1].says("từ"):
            self.found.marks.append((mention.first, mention.end, "cumulative"))
        if not isinstance(mention.said, Period) or name == "plan":
            self.found.marks.append((mention.first, mention.end, name))
        self._labelled(mention.first, "day")
        self.names.last_end = self._more_days(mention)
        return self.names.last_end

    def _more_days(self, mention: Mention) -> int:
        """ "ngày 23, 24": the second number is a day too."""
        end = mention.end
        if not isinstance(mention.said, Written) or not self.tokens[mention.first].says("ngày"):
            return end
        while end + 1 < len(self.tokens) and (self.tokens[end].is_sign(",&+") or self.tokens[end].says("và")):
            number = self.tokens[end + 1].text
            is_day = number.isdecimal() and len(number) <= 2 and 0 < int(number) <= 31
            if not is_day or (end + 2 < len(self.tokens) and self._is_counted_at(end + 2)):
                break
            if end + 2 < len(self.tokens) and self.tokens[end + 2].is_sign("/"):
                break
            self.found.days.append(Mention(end + 1, end + 2, Written(int(number))))
            end += 2
        return end

    def _is_amount_after_all(self, mention: Mention) -> bool:
        """ "vneid 8/10" and "vneid 10-12" may be amounts, "buổi thứ 2" is the second."""
        said = mention.said
        after = self.tokens[mention.end : mention.end + 1]
        if isinstance(said, Written) and said.month is None and after and after[0].says(*_TIMES):
            return True  # "ngày 2 lần"
        before = self.hits[mention.first - 1] if mention.first else ()
        if isinstance(said, NoDay) and any(hit.unit for hit in before[:1]):
            return True
        is_led = any(isinstance(day.said, Weekday) for day in self.found.days)
        if isinstance(said, Weekday) and mention.first and self.tokens[mention.first].says("thứ") and not is_led:
            return self.tokens[mention.first - 1].says(
                "buổi", "lần", "lớp", "đợt", "hộ", "người", "sơ", "số", "khóa", "nhà", "điểm", "quán", "sạp", "ca"
            )
        if isinstance(said, Offset | SomeDay) and self.tokens[mention.first].kind == "number":
            return False
        if not isinstance(said, Written) or self.tokens[mention.first].kind != "number" or said.year is not None:
            return False
        if said.month is not None and (
            said.month > 12 or (said.day <= said.month and self._is_counted_after(mention.end, said))
        ):
            return True
        topic = self.found.topics[-1] if self.found.topics else None
        between = self.tokens[topic.end : mention.first] if topic else ()
        is_after_topic = topic is not None and all(
            one.is_sign(":=-") or one.says("được", "đạt", "dc", "đc", "là") for one in between
        )
        return is_after_topic or (said.is_doubtful and bool(self.amounts.unit_at(mention.end)))

    def _is_counted_after(self, at: int, said: Written) -> bool:
        return self.amounts.unit_at(at) or (said.day == said.month and self.amounts.topic_at(at))

    def _is_ahead(self, mention: Mention) -> bool:
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

    def _more_places(self, end: int) -> int:
        """ "ấp 1, 2 và 3": the further numbers are names too, unless something is counted there."""
        while end + 1 < len(self.tokens):
            link = self.tokens[end]
            number = self.tokens[end + 1]
            is_link = link.is_sign(",-&+") or link.says("và", "với")
            is_name = number.kind == "number" and number.text.isdecimal() and len(number.text) <= 2
            after = end + 2
            if not is_link or not is_name or (after < len(self.tokens) and self.tokens[after].is_sign("/")):
                break
            is_followed = after < len(self.tokens) and (
                self.tokens[after].kind == "word" or self.tokens[after].is_sign("/")
            )
            if is_followed and self._is_counted_at(after):
                break
            if not is_followed and link.is_sign(",") and not self._is_listed(after):
                break
            self.found.places.append((end + 1, ""))
            end += 2
        return end

    def _is_listed(self, at: int) -> bool:
        return at >= len(self.tokens) or self.tokens[at].is_sign(",.;:")

    def _is_counted_at(self, at: int) -> bool:
        if self.tokens[at].is_bare and self.tokens[at].key in ("di", "co", "ma"):
            return False
        return any(hit.unit or hit.codes for hit in self.hits[at][:1])

    def _amount(self, amount: Quantity, at: int) -> int:
        if at and self.found.said and self.tokens[at - 1].says("em", "tui", "tôi") and self.found.breaks[at - 1]:
            self.label = at - 1  # "anh Sáu 3 hồ sơ, em 4 hồ sơ"
        if amount.noun == "unknown" and self._is_capital_name(at, amount):
            return at + 1
        if amount.noun == "place" and amount.whole is not None:
            self.found.said.append(Said(amount, label=self.label))
            return amount.end
        if amount.why is None and amount.unit in _TIMES and at and self.tokens[at - 1].says("ngày", "tuần"):
            amount = replace(amount, why="each", values=(amount.value,))
        if amount.unit == "bộ" and any(token.says("sơ", "hs") for token in self.tokens[max(0, at - 6) : at]):
            amount = replace(amount, own=self.lexicon.owner("hồ sơ"))
        is_loose = amount.unit == "nhóm" and not self._has_groups()
        if is_loose or (amount.unit in ("nhóm", "đội") and at and self.tokens[at - 1].says("chia")):
            self.found.said.append(Said(amount, is_off=True))
            return amount.end
        if amount.noun == "percent":
            self.found.marks.append((at, amount.end, "percent"))
        if any("gift" in hit.tags for place in range(at, amount.end) for hit in self.hits[place][:1]):
            self.found.marks.append((at, at, "gift"))
        if is_no_result(amount) and amount.noun != "unknown":
            has_colon = amount.end < len(self.tokens) and self.tokens[amount.end].is_sign(":")
            self.things = amount.end if amount.noun == "thing" and has_colon else 0
            return amount.end
        if amount.noun == "unknown" and self.tokens[at].says("một"):
            return at + 1
        if amount.noun == "bare" and self.things and max(self.found.breaks[self.things : at + 1]) < LINE:
            # "833 nhiệm vụ: 585 đã xong, 67 còn trong hạn"
            return amount.end
        if self._is_end_of_name(at, amount):
            return at + 1
        if self.tokens[at - 1].is_sign(":") and self.names.last_end == at - 1 and at - 1 > 0 and self.is_level:
            amount = replace(amount, own=None, unit="")
        if (both := self._with_last(amount)) is not None:
            self.found.said[-1].amount = both
            return amount.end
        if (
            amount.why is None
            and amount.noun == "unit"
            and not amount.is_volunteer
            and self._is_with_others(amount.first)
        ):
            amount = replace(amount, why="two_readings", values=(amount.value,))
        self.found.said.append(Said(amount, label=self.label))
        if amount.noun == "bare":
            self.names.last_end = amount.end
        return max(amount.end, at + 1)

    def _has_groups(self) -> bool:
        """Whether groups on the net are spoken of, rather than groups of people."""
        words = ("zalo", "lập", "tạo", "mở", "oa", "facebook", "fb", "viber", "group")
        return any(token.says(*words) for token in self.tokens)

    def _is_after_topic(self, at: int) -> bool:
        return bool(self.found.topics) and self.found.topics[-1].end == at

    def _is_with_others(self, at: int) -> bool:
        """ "ba má với 2 đứa em", "cô giáo mầm non và 12 phụ huynh": the number is not all of them."""
        if at < 2 or not self.tokens[at - 1].says("với", "và", "cùng"):
            return False
        counted = self.found.said[-1].end if self.found.said else 0
        for place in range(at - 2, max(counted, at - 6) - 1, -1):
            if self.tokens[place].says("mình", "tui", "tôi") and self.tokens[place - 1].says("cho", "giúp"):
                return True
            hit = self.hits[place][0] if self.hits[place] else None
            if hit is None or hit.end > at - 1:
                continue
            if (hit.unit in PERSON_UNITS or "kin" in hit.tags) and not hit.is_bare:
                return place >= counted and max(self.found.breaks[place + 1 : at], default=NONE) == NONE
            if hit.codes or "verb" in hit.tags:
                return False
        return False

    def _with_last(self, amount: Quantity) -> Quantity | None:
        """ "2 ông 1 bà" are three people."""
        if not self.found.said:
            return None
        between = self.tokens[self.found.said[-1].end : amount.first]
        if len(between) > 1 or any(not token.is_sign(",&+") and not token.says("và", "với") for token in between):
            return None
        last = self.found.said[-1].amount
        both = (last, amount)
        is_step = amount.value == last.value + 1 and amount.unit == last.unit and not (amount.why or last.why)
        if is_step and not between and amount.noun == last.noun == "unit":
            # "3 nhà 4 nhà"
            return replace(amount, first=last.first, why="range", values=(last.value, amount.value))
        if any(one.unit != "người" or one.why or one.qualifier or one.is_volunteer for one in both):
            return None
        nouns = [self.tokens[one.end - 1].key for one in both]
        if nouns[0] == nouns[1] or {"nguoi", "ng", "con"} & set(nouns):
            return None
        return replace(amount, first=last.first, value=last.value + amount.value)

    def _is_capital_name(self, at: int, amount: Quantity) -> bool:
        return self._is_end_of_name(at, amount)

    def _is_end_of_name(self, at: int, amount: Quantity) -> bool:
        """ "nhà văn hóa Tân Thành 2": the number after a name in capitals that counts nothing."""
        if amount.noun not in ("bare", "unknown") or amount.value > 20 or not self.names.has_case or at < 2:
            return False
        if amount.end < len(self.hits) and any(hit.codes for hit in self.hits[amount.end][:1]):
            return False
        one, two = self.tokens[at - 1], self.tokens[at - 2]
        return all(
            token.kind == "word" and token.text[0].isupper() and not any(hit.codes for hit in self.hits[at - back])
            for back, token in ((1, one), (2, two))
        )

    def _word(self, at: int) -> int:
        hits = self.hits[at]
        is_me = self.tokens[at].says("mình", "tui", "em", "tôi") and bool(self.found.said) and self.label != -1
        acts = at + 1 < len(self.hits) and any("verb" in hit.tags for hit in self.hits[at + 1][:1])
        beside = self.label_kinds.get(self.label) == "person" and max(self.found.breaks[self.label : at + 1]) < STOP
        if is_me and acts and beside:
            self._labelled(at, "person")  # "chị Linh cài 4 vneid, mình cài 5"
        if self.tokens[at].text in self.lexicon.order and self._is_headed(at + 1, is_unit=False):
            # "AT 60 người": the code itself, in capitals.
            code = self.tokens[at].text
            unit = next((hit.unit for hit in hits if code in hit.codes), "")
            self.found.topics.append(Topic(at, at + 1, code, unit=unit))
            return at + 1
        if not hits:
            return at + 1
        if self.tokens[at].key == "toi" and hits[0].end == at + 2 and self.tokens[at + 1].key == "day":
            hits = () if self.tokens[at].is_bare and self.tokens[at + 1].is_bare else hits
            if not hits:
                return at + 1  # "tôi dạy" rather than "tới đây"
        hit = hits[0]
        if self.tokens[at].text[0].isupper() and self._is_in_name(at):
            return at + 1
        if self.tokens[at].says("nhà") and "other" in hit.tags and any("kin" in one.tags for one in self.hits[at + 1]):
            self.found.marks.append((at, hit.end, "visited"))
            return at + 1
        if "part of day" in hit.tags:
            self.found.marks.append((at, hit.end, "part of day"))
            if not self._is_me(at):
                self._labelled(at, "part")
        if self.tokens[at].key == "sap" and self.tokens[at].is_bare and at and self.tokens[at - 1].kind == "number":
            return hit.end  # "6 sap" are stalls
        if "wish" in hit.tags:
            self.found.marks.append((at, hit.end, "plan"))
        for name in hit.tags.intersection(
            (
                *_MARKS,
                "target",
                "wish",
                "leave",
                "announce",
                "correction",
                "question",
                "thanks",
                "nothing",
                "participants",
                "assign",
                "note",
                "gift",
                "invite",
                "off by",
                "in turn",
            )
        ):
            self.found.marks.append((at, hit.end, name))
        if hit.unit in ("hồ sơ", "tài khoản", "gian hàng", "thẻ", "mã"):
            self.found.mentioned.append(at)
        if hit.codes and "other" in hit.tags and not self._is_headed(hit.end):
            return hit.end
        is_thing = bool(hit.unit) and hit.unit not in PERSON_UNITS
        if is_thing and not hit.codes and (owner := self.lexicon.owner(hit.unit)) and self._is_headed(hit.end):
            hit = replace(hit, codes=(owner,))
        if hit.codes and hit.unit and at and self.tokens[at - 1].says("số") and self._is_being_changed(hit.end):
            self.found.topics.append(Topic(at, hit.end, self._chosen(hit.codes), unit=hit.unit))
            return hit.end
        if hit.codes and not self._runs_on(at, hit):
            self._topic(at, hit)
        elif hit.codes:
            return max(at + 1, hit.end - 1)
        return hit.end

    def _is_being_changed(self, at: int) -> bool:
        """ "sửa số hộ hôm qua từ 12 thành 14" """
        return any(token.says("từ") for token in self.tokens[at : at + 4]) and any(
            token.says("sửa", "đổi", "chỉnh") for token in self.tokens[:at]
        )

    def _is_in_name(self, at: int) -> bool:
        """ "Giao Long": a capital in the middle of a sentence, beside another, is no word of the grammar."""
        if not self.names.has_case or self.hits[at][0].codes or self.hits[at][0].end > at + 1:
            return False
        is_first = at == 0 or self.found.breaks[at] or self.tokens[at - 1].kind == "sign"
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return not is_first and following is not None and following.text[0].isupper() and following.text[1:].islower()

    def _runs_on(self, at: int, hit: Hit) -> bool:
        """ "đến nhà văn hóa" is no visit to a house: the last word begins a longer one."""
        if hit.end - at < 2:
            return False
        following = self.hits[hit.end - 1]
        return bool(following) and following[0].end > hit.end and bool({"place", "other"} & following[0].tags)

    def _topic(self, at: int, hit: Hit) -> None:
        is_general = bool(hit.unit) or "verb" in hit.tags or (hit.is_bare and hit.end == at + 1)
        is_context = bool(hit.unit) and hit.unit not in SHARED_UNITS and hit.unit not in PERSON_UNITS
        following = self.hits[at + 1][:1] if at + 1 < len(self.hits) else ()
        is_group = self.tokens[at].says("nhóm") and hit.end == at + 1
        if is_group and (not self._has_groups() or any("kin" in one.tags for one in following)):
            return  # "nhóm anh Ba"
        if is_context and not self._is_headed(hit.end):
            self.found.topics.append(Topic(at, hit.end, self._chosen(hit.codes), is_weak=True))
            return
        before = self.hits[at - 1] if at else ()
        is_made = any("action" in one.tags and one.end == at for one in before) and hit.unit in ("hồ sơ", "gian hàng")
        if (
            hit.unit
            and not is_made
            and (not self._is_headed(hit.end) or (at and self.tokens[at - 1].says("mỗi", "từng", "một")))
        ):
            return
        if hit.is_bare and not self._is_headed(hit.end, bool(hit.unit)) and not self._is_led(at):
            return
        before = self.hits[at - 1] if at else ()
        longer = self.hits[at - 2] if at > 1 else ()
        is_aside = any("aside" in one.tags and one.end == at for one in (*before[:1], *longer[:1]))
        if not is_aside and not hit.is_bare:
            is_aside = any(
                token.says("để", "nhằm") and max(self.found.breaks[place : at + 1]) == NONE
                for place, token in enumerate(self.tokens[max(0, at - 5) : at], max(0, at - 5))
            )
        is_used = at > 0 and self.tokens[at - 1].says("xài", "dùng", "dụng", "coi", "nghe", "xem")
        if at and self.tokens[at - 1].says("lên", "vào", "vô", "với", "qua") and (joins := self._joins(at)) is not None:
            if not any(topic.first > joins for topic in self.found.topics):
                return
            is_aside = True
        if is_used and self.lexicon.own_unit[hit.codes[0]] in EVENT_UNITS:
            is_aside = True
        if at >= 2 and not is_aside:
            is_aside = any("verb" in one.tags and one.end == at for one in before[:1]) and self._is_purpose(at - 1)
        is_market = self.tokens[at].says("chợ") and (at == 0 or self.found.breaks[at] > NONE)
        is_aside = is_aside or (is_market and not self._is_headed(hit.end))
        code = self._chosen(hit.codes)
        is_weak = is_general and not hit.unit and code not in self.clear_verbs
        self.found.topics.append(Topic(at, hit.end, code, is_weak, is_aside, unit=hit.unit))

    def _joins(self, at: int) -> int | None:
        """ "tích hợp thẻ bảo hiểm lên VNeID": where the joining begins; what it is joined to was not set up."""
        for place in range(at - 2, max(-1, at - 9), -1):
            if self.found.breaks[place + 1] or self.tokens[place].kind == "number":
                return None
            if self.tokens[place].says("hợp", "bộ") and place and self.tokens[place - 1].says("tích", "đồng"):
                return place
        return None

    def _chosen(self, codes: tuple[str, ...]) -> str:
        return min(codes, key=lambda code: self.lexicon.order[code])

    def _is_purpose(self, verb: int) -> bool:
        return bool(verb) and self.tokens[verb - 1].says("để", "nhằm")

    def _is_headed(self, at: int, is_unit: bool = True) -> bool:
        """A unit word is a topic only where its number follows: "ho: 20", "hồ sơ được 12"; not "bà con 6 hồ sơ"."""
        is_explicit = at < len(self.tokens) and self.tokens[at].is_sign(":=")
        if is_unit and at - 1 in self.amounts.heads:
            return True
        if is_unit and not is_explicit and self._is_label(at):
            return True
        if is_unit and self._is_kind_of(at):
            return True
        while at < len(self.tokens) and (
            self.tokens[at].is_sign(":=-–>")
            or self.tokens[at].says("là", "được", "đạt", "dc", "đc", "có", "khoảng", "thì")
        ):
            at += 1
        if at >= len(self.tokens) or self.found.breaks[at] != NONE:
            return False
        if self.tokens[at].kind == "word" and is_unit:
            return self._is_spoken(at)
        if self.tokens[at].kind not in ("number", "odd"):
            return False
        is_last = at + 1 < len(self.tokens) and self.found.breaks[at + 1] >= LINE
        return is_explicit or not is_unit or is_last or not self.amounts.unit_at(at + 1) or self._is_number(at + 2)

    def _is_kind_of(self, at: int) -> bool:
        """ "hồ sơ đất 2, hồ sơ hộ tịch 5": dossiers of a kind, each kind with its number."""
        if at < 2 or not self.tokens[at - 1].says("sơ", "khoản") or (at > 2 and not self.found.breaks[at - 2]):
            return False
        for place in range(at, min(at + 3, len(self.tokens))):
            if self.tokens[place].kind == "number":
                is_last = place + 1 >= len(self.tokens) or self.tokens[place + 1].is_sign(",;.")
                return place > at and is_last
            if self.tokens[place].kind != "word" or any(hit.codes for hit in self.hits[place][:1]):
                return False
        return False

    def _is_spoken(self, at: int) -> bool:
        """ "hộ ba mươi hai": a number in words that counts nothing after it."""
        token = self.tokens[at]
        is_clear = not token.is_bare or (self.amounts.is_marked and token.key in ("ba", "hai"))
        if token.key not in _SPOKEN or not is_clear:
            return False
        numeral = read_numeral(self.tokens, at)
        if numeral is None or numeral.value is None:
            return False
        return numeral.end >= len(self.tokens) or self.tokens[numeral.end].kind == "sign"

    def _is_number(self, at: int) -> bool:
        """ "hộ 120 người 200": each word before its number."""
        return at < len(self.tokens) and self.tokens[at].kind == "number" and not self.amounts.unit_at(at + 1)

    def _is_label(self, at: int) -> bool:
        """ "Hộ được tiếp cận: 26": a line's label begins with what is counted."""
        if at < 1 or (
            at > 1
            and not self.found.breaks[at - 1]
            and not self.tokens[at - 2].says("số")
            and not self.tokens[at - 2].is_sign(":")
        ):
            return False
        for place in range(at, min(at + 6, len(self.tokens) - 1)):
            if self.tokens[place].is_sign(":"):
                return self.tokens[place + 1].kind == "number"
            is_topic = any(hit.codes and "verb" not in hit.tags for hit in self.hits[place][:1])
            if self.tokens[place].kind != "word" or is_topic or self.found.breaks[place]:
                return False
        return False

    def _is_led(self, at: int) -> bool:
        at_work = at + 1 < len(self.tokens) and self.tokens[at + 1].says("ở", "tại", "ủy", "ubnd", "một", "bộ", "trung")
        if self.tokens[at].key == "truc" and at_work:
            return True
        if at == 0:
            return False
        before = self.tokens[at - 1]
        makes = before.kind == "word" and before.key in ("mo", "cai", "lam", "tao", "lap", "xai", "dung", "dk")
        is_counted = bool(self.found.said) and self.found.said[-1].end == at
        is_verb = any("verb" in hit.tags for hit in self.hits[at][:1])
        return makes or is_counted or (before.kind == "number" and not is_verb)
