"""A message as a row of quantities and topics, with what stands between them and in which mood each was said."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from bot.rules.reading.amounts import Amounts
from bot.rules.reading.breaks import Breaks
from bot.rules.reading.compared import Compared
from bot.rules.reading.labels import Labels
from bot.rules.reading.marks import Marks
from bot.rules.reading.message import COMMA, NONE, Scan
from bot.rules.reading.moods import Moods
from bot.rules.reading.phrases import Hit, Lexicon
from bot.rules.reading.quantities import is_marked
from bot.rules.reading.results import Results
from bot.rules.reading.saiddays import Days
from bot.rules.reading.skips import Names
from bot.rules.reading.tables import told_in_lines
from bot.rules.reading.topics import Topics
from bot.rules.vietnamese.days import find_days
from bot.rules.vietnamese.mentions import Lunar, Mention, Offset, Period, SomeDay, Weekday, Written
from bot.rules.vietnamese.slips import repair
from bot.rules.vietnamese.text import normalise
from bot.rules.vietnamese.tokens import tokenise

_BOTH = re.compile(r"(?<![^\W\d_])a/c(?:/e)?(?![^\W_])", re.IGNORECASE)  # "6a/c"
_CIRCLED = re.compile("[\u2460-\u2473\u2776-\u277f]")  # ① hộ 9 ② vneid 5
_INTO = re.compile(r"(?<![^\W_])(?:zô|zo)(?![^\W_])", re.IGNORECASE)
_WITH = re.compile(r"(?<![^\W_])(?:vs|zới|dới)(?![^\W_])", re.IGNORECASE)


def scan(text: str, lexicon: Lexicon, today: date) -> Scan:
    text = _CIRCLED.sub("\n- ", text)
    text = _WITH.sub("với", _INTO.sub("vô", _BOTH.sub("anh chị", normalise(told_in_lines(text)))))
    text = repair(text, lexicon.single)
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
        self.today = today
        self.breaks = Breaks(found)
        self.breaks.find()
        self.names = Names(found.tokens, found.hits, found.text)
        self.amounts = Amounts(found.tokens, found.hits, found.breaks, lexicon)
        self.labels = Labels(found)
        self.days = Days(found, self.amounts.nouns, today)
        self.topics = Topics(found, lexicon, self.amounts.nouns)
        self.results = Results(found, lexicon, self.names, self.labels, self.topics)
        self.marks = Marks(found, lexicon, self.names, self.labels, self.topics)
        self._last_name = -1

    def run(self) -> None:
        for at in self.amounts.nouns.begins:
            self.found.breaks[at] = max(self.found.breaks[at], COMMA)
            for place in range(max(0, at - 4), at):
                self.hits[place] = tuple(hit for hit in self.hits[place] if hit.end <= at)
        days = {mention.first: mention for mention in find_days(self.tokens)}
        days = self.days.bare_todays() | days
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
        Compared(self.found, self.today).settle()
        Moods(self.found).settle()

    def _day_range(self, at: int, days: dict[int, Mention]) -> int:
        """ "22-24/11": both are days."""
        last = days.get(at + 2)
        is_joined = self.tokens[at].text.isdecimal() and at + 2 < len(self.tokens)
        is_joined = is_joined and (self.tokens[at + 1].is_sign("-–") or self._are_both_days(at))
        if last is None or not is_joined or not isinstance(last.said, Written) or last.said.month is None:
            return 0
        if len(self.tokens[at].text) > 2 or not 0 < int(self.tokens[at].text) < last.said.day:
            return 0
        self.found.days.append(Mention(at, at + 1, replace(last.said, day=int(self.tokens[at].text))))
        return self._day(last)

    def _are_both_days(self, at: int) -> bool:
        """ "trong 2 ngày 21 và 22/11" """
        is_led = any(end == at and name == "length" for _, end, name in self.found.marks)
        is_from = at > 0 and self.tokens[at - 1].says("từ", "ngày") and self.tokens[at + 1].says("đến", "tới")
        return is_from or (is_led and (self.tokens[at + 1].says("và") or self.tokens[at + 1].is_sign(",&+")))

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
        return self.marks.take(at) if "denied" in hit.tags or hit.end >= at + 4 else 0

    def _is_rank(self, at: int) -> bool:
        """ "hồ sơ thứ 15"; a bare "thu 15 ho so" collects fifteen."""
        if not self.tokens[at - 1].is_bare:
            return True
        if at > 1 and self.tokens[at - 2].key in ("buoi", "lan", "dot", "khoa"):
            return True
        before = self.hits[at - 2][0] if at > 1 and self.hits[at - 2] else None
        longer = self.hits[at - 3][0] if at > 2 and self.hits[at - 3] else None
        nouns = [
            hit
            for hit in (before, longer)
            if hit is not None and hit.end == at - 1 and (hit.unit or "number name" in hit.tags)
        ]
        return bool(nouns) and not self.amounts.nouns.unit_at(at + 1)

    def _is_none(self, at: int) -> bool:
        return bool(self.hits[at]) and "nothing" in self.hits[at][0].tags

    def _step(self, at: int) -> int:
        """Takes what begins at token `at`; returns where it ends."""
        if self.hits[at] and "nothing" in self.hits[at][0].tags:
            return self.marks.take(at)
        if marker := self.breaks.list_marker(at):
            return marker
        if (place := self.names.places.at(at)) is not None:
            self.found.places.append((at, place[1]))
            self.labels.begin(at, "place")
            self.names.last_end = self._more_places(place[0])
            return self.names.last_end
        if end := self.names.end_at(at):
            if self.tokens[at].kind == "word":
                self.labels.begin(at, "person" if self.names.is_person else "name")
                if self.names.is_person:
                    self._join_names(at)
                if at and self.names.is_person and self.tokens[at - 1].says("nhà", "ghé", "gặp"):
                    self.found.marks.append((at, end, "visited"))
            elif self.tokens[end - 1].says("h", "g", "giờ") or (end - at >= 3 and self.tokens[at + 1].text in "hg:"):
                self.found.marks.append((at, end, "clock"))
            self.names.last_end = end
            self.results.is_level = self.tokens[at].says("mức", "cấp") and not self._is_after_topic(at)
            return end
        is_ordinal = at > 0 and self.tokens[at - 1].says("thứ") and self._is_rank(at)
        if not is_ordinal and (amount := self.amounts.at(at)) is not None:
            return self.results.take(amount, at)
        return self.marks.take(at)

    def _join_names(self, at: int) -> None:
        """ "cho ông Bảy, bà Chín, cô Ba Lê, cả thảy 3 người": the comma between two names parts nothing."""
        is_next = at > 1 and self.tokens[at - 1].is_sign(",") and self.names.last_end == at - 1
        if is_next and self.labels.kinds.get(self._last_name) == "person":
            self.found.breaks[at - 1] = self.found.breaks[at] = NONE
        self._last_name = at

    def _day(self, mention: Mention | None) -> int:
        if mention is None or self.days.is_amount(mention):
            return 0
        if (
            isinstance(mention.said, Lunar)
            and mention.first
            and self.tokens[mention.first - 1].says("dịp", "mùa", "đón")
        ):
            return mention.end
        last = self.found.days[-1] if self.found.days else None
        if (
            last is not None
            and last.end == mention.first
            and self.days.is_ahead(last)
            and isinstance(mention.said, Weekday)
        ):
            return mention.end  # "ngày mai chủ nhật"
        if self._is_length(mention):
            self.found.marks.append((mention.first, mention.end, "length"))
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
        is_spoken_of = mention.first > 0 and self.tokens[mention.first - 1].says("chuyện", "về")
        if is_spoken_of and self.days.is_ahead(mention):
            self.found.days.pop()
            return mention.end  # "họp tổ một cuộc bàn chuyện tháng tới"
        name = "plan" if self.days.is_ahead(mention) else "done"
        if isinstance(mention.said, Period) and mention.first and self.tokens[mention.first - 1].says("từ"):
            self.found.marks.append((mention.first, mention.end, "cumulative"))
        if not isinstance(mention.said, Period) or name == "plan":
            self.found.marks.append((mention.first, mention.end, name))
        self.labels.begin(mention.first, "day")
        self.names.last_end = self.days.more(mention)
        return self.names.last_end

    def _is_length(self, mention: Mention) -> bool:
        """ "trong 5 ngày cao điểm": how long it took."""
        return (
            isinstance(mention.said, Offset)
            and mention.said.days > 0
            and (
                self.tokens[mention.first].says("trong")
                or (self.tokens[mention.first].says("sau") and mention.first == 0)
            )
            and not any(token.says("sẽ", "phải", "xong", "hạn") for token in self.tokens)
        )

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
            if is_followed and self.days.is_counted_at(after):
                break
            if not is_followed and link.is_sign(",") and not self._is_listed(after):
                break
            self.found.places.append((end + 1, ""))
            end += 2
        return end

    def _is_listed(self, at: int) -> bool:
        return at >= len(self.tokens) or self.tokens[at].is_sign(",.;:")

    def _is_after_topic(self, at: int) -> bool:
        return bool(self.found.topics) and self.found.topics[-1].end == at
