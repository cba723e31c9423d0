"""A message as a row of quantities and topics, with what stands between them and in which mood each was said."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.rules.reading.amounts import Amounts
from bot.rules.reading.beside import Beside
from bot.rules.reading.breaks import Breaks
from bot.rules.reading.message import COMMA, LINE, NONE, STOP, Said, Scan, Topic
from bot.rules.reading.moods import Moods
from bot.rules.reading.phrases import Hit, Lexicon
from bot.rules.reading.quantities import Quantity, is_marked, is_no_result
from bot.rules.reading.saiddays import TIMES, Days
from bot.rules.reading.skips import Names
from bot.rules.reading.topics import Topics
from bot.rules.reading.words import PERSON_UNITS
from bot.rules.vietnamese.days import (
    Lunar,
    Mention,
    Period,
    SomeDay,
    Weekday,
    Written,
    find_days,
)
from bot.rules.vietnamese.slips import repair
from bot.rules.vietnamese.text import normalise
from bot.rules.vietnamese.tokens import tokenise

# The words of the grammar that are marked where they stand.
_MARKS = (
    "plan", "done", "no", "not yet", "failed", "denied", "total", "parts", "each", "also", "background",
    "changed to", "cumulative", "handled", "unsure", "change", "remaining", "target", "wish", "leave", "announce",
    "correction", "question", "thanks", "nothing", "participants", "assign", "note", "gift", "invite", "in charge",
    "off by", "in turn",
)  # fmt: skip


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
        self.beside = Beside(found, self.names.has_case)
        self.days = Days(found, self.amounts.nouns, today)
        self.topics = Topics(found, lexicon, self.amounts.nouns)

    def run(self) -> None:
        self.breaks.find()
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
        Moods(self.found).settle()

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
        return bool(nouns) and not self.amounts.nouns.unit_at(at + 1)

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
        if (place := self.names.places.at(at)) is not None:
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
        if mention is None or self.days.is_amount(mention):
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
        name = "plan" if self.days.is_ahead(mention) else "done"
        if isinstance(mention.said, Period) and mention.first and self.tokens[mention.first - 1].says("từ"):
            self.found.marks.append((mention.first, mention.end, "cumulative"))
        if not isinstance(mention.said, Period) or name == "plan":
            self.found.marks.append((mention.first, mention.end, name))
        self._labelled(mention.first, "day")
        self.names.last_end = self.days.more(mention)
        return self.names.last_end

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

    def _amount(self, amount: Quantity, at: int) -> int:
        """Takes a quantity, if it is a result; returns where it ends."""
        if at and self.found.said and self.tokens[at - 1].says("em", "tui", "tôi") and self.found.breaks[at - 1]:
            self.label = at - 1  # "anh Sáu 3 hồ sơ, em 4 hồ sơ"
        if amount.noun == "place" and amount.whole is not None:
            self.found.said.append(Said(amount, label=self.label))
            return amount.end
        if self._are_groups(amount, at):
            self.found.said.append(Said(amount, is_off=True))
            return amount.end
        if amount.noun == "percent":
            self.found.marks.append((at, amount.end, "percent"))
        if any("gift" in hit.tags for place in range(at, amount.end) for hit in self.hits[place][:1]):
            self.found.marks.append((at, at, "gift"))
        if self._is_no_result(amount, at):
            return amount.end
        if self.beside.is_end_of_name(at, amount) or (amount.noun == "unknown" and self.tokens[at].says("một")):
            return at + 1
        amount = self._settled(amount, at)
        if (both := self.beside.with_last(amount)) is not None:
            self.found.said[-1].amount = both
            return amount.end
        self.found.said.append(Said(self._doubted(amount), label=self.label))
        if amount.noun == "bare":
            self.names.last_end = amount.end
        return max(amount.end, at + 1)

    def _are_groups(self, amount: Quantity, at: int) -> bool:
        """Groups that the team divides into: "chia 3 nhóm"."""
        is_loose = amount.unit == "nhóm" and not self.topics.has_groups()
        return is_loose or (amount.unit in ("nhóm", "đội") and at > 0 and self.tokens[at - 1].says("chia"))

    def _is_no_result(self, amount: Quantity, at: int) -> bool:
        """Money, time, things; "833 nhiệm vụ: 585 đã xong, 67 còn trong hạn"."""
        if is_no_result(amount) and amount.noun != "unknown":
            has_colon = amount.end < len(self.tokens) and self.tokens[amount.end].is_sign(":")
            self.things = amount.end if amount.noun == "thing" and has_colon else 0
            return True
        return amount.noun == "bare" and self.things > 0 and max(self.found.breaks[self.things : at + 1]) < LINE

    def _settled(self, amount: Quantity, at: int) -> Quantity:
        """How often a day, dossiers counted in sets, what stands after "mức 2:"."""
        if amount.why is None and amount.unit in TIMES and at and self.tokens[at - 1].says("ngày", "tuần"):
            return replace(amount, why="each", values=(amount.value,))
        if amount.unit == "bộ" and any(token.says("sơ", "hs") for token in self.tokens[max(0, at - 6) : at]):
            return replace(amount, own=self.lexicon.owner("hồ sơ"))
        if self.tokens[at - 1].is_sign(":") and self.names.last_end == at - 1 and at - 1 > 0 and self.is_level:
            return replace(amount, own=None, unit="")
        return amount

    def _doubted(self, amount: Quantity) -> Quantity:
        is_counted = amount.why is None and amount.noun == "unit" and not amount.is_volunteer
        if is_counted and self.beside.is_with_others(amount.first):
            return replace(amount, why="two_readings", values=(amount.value,))
        return amount

    def _is_after_topic(self, at: int) -> bool:
        return bool(self.found.topics) and self.found.topics[-1].end == at

    def _word(self, at: int) -> int:
        """Takes the word of the grammar or the name of a kind of activity that begins here."""
        token, hits = self.tokens[at], self.hits[at]
        if self._is_myself(at):
            self._labelled(at, "person")
        if token.text in self.lexicon.order and self.topics.is_headed(at + 1, is_unit=False):
            return self._code(at)
        if not hits or self._is_other_word(at, hits[0]):
            return at + 1
        hit = hits[0]
        if "part of day" in hit.tags:
            self.found.marks.append((at, hit.end, "part of day"))
            if not self._is_me(at):
                self._labelled(at, "part")
        if token.key == "sap" and token.is_bare and at and self.tokens[at - 1].kind == "number":
            return hit.end  # "6 sap" are stalls
        self._mark(at, hit)
        if hit.unit in ("hồ sơ", "tài khoản", "gian hàng", "thẻ", "mã"):
            self.found.mentioned.append(at)
        return self._named(at, hit)

    def _is_myself(self, at: int) -> bool:
        """ "chị Linh cài 4 vneid, mình cài 5" """
        if self.label == -1 or not self.found.said or not self.tokens[at].says("mình", "tui", "em", "tôi"):
            return False
        acts = at + 1 < len(self.hits) and any("verb" in hit.tags for hit in self.hits[at + 1][:1])
        is_person = self.label_kinds.get(self.label) == "person"
        return acts and is_person and max(self.found.breaks[self.label : at + 1]) < STOP

    def _code(self, at: int) -> int:
        """ "AT 60 người": the code itself, in capitals."""
        code = self.tokens[at].text
        unit = next((hit.unit for hit in self.hits[at] if code in hit.codes), "")
        self.found.topics.append(Topic(at, at + 1, code, unit=unit))
        return at + 1

    def _is_other_word(self, at: int, hit: Hit) -> bool:
        """Names, and words that only look like those of the grammar."""
        token = self.tokens[at]
        if token.key == "toi" and hit.end == at + 2 and self.tokens[at + 1].key == "day":
            return token.is_bare and self.tokens[at + 1].is_bare  # "tôi dạy" rather than "tới đây"
        if token.text[0].isupper() and self._is_in_name(at):
            return True
        if token.says("nhà") and "other" in hit.tags and any("kin" in one.tags for one in self.hits[at + 1]):
            self.found.marks.append((at, hit.end, "visited"))
            return True
        return False

    def _mark(self, at: int, hit: Hit) -> None:
        if "wish" in hit.tags:
            self.found.marks.append((at, hit.end, "plan"))
        self.found.marks += [(at, hit.end, name) for name in hit.tags.intersection(_MARKS)]

    def _named(self, at: int, hit: Hit) -> int:
        """Takes the kind of activity that the words name, if they do; returns where they end."""
        if hit.codes and "other" in hit.tags and not self.topics.is_headed(hit.end):
            return hit.end
        is_thing = bool(hit.unit) and hit.unit not in PERSON_UNITS
        if is_thing and not hit.codes and (owner := self.lexicon.owner(hit.unit)) and self.topics.is_headed(hit.end):
            hit = replace(hit, codes=(owner,))
        if hit.codes and hit.unit and at and self.tokens[at - 1].says("số") and self.topics.is_being_changed(hit.end):
            self.found.topics.append(Topic(at, hit.end, self.topics.chosen(hit.codes), unit=hit.unit))
            return hit.end
        if hit.codes and self.topics.runs_on(at, hit):
            return max(at + 1, hit.end - 1)
        if hit.codes:
            self.topics.take(at, hit)
        last = self.hits[hit.end - 1][:1] if hit.end > at + 1 else ()
        is_longer = any(one.end > hit.end and one.codes for one in last)
        return hit.end - 1 if is_longer else hit.end  # "lam ho so": làm hồ sơ, not làm hộ

    def _is_in_name(self, at: int) -> bool:
        """ "Giao Long": a capital in the middle of a sentence, beside another, is no word of the grammar."""
        if not self.names.has_case or self.hits[at][0].codes or self.hits[at][0].end > at + 1:
            return False
        is_first = at == 0 or self.found.breaks[at] or self.tokens[at - 1].kind == "sign"
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return not is_first and following is not None and following.text[0].isupper() and following.text[1:].islower()
