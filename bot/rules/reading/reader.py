"""From a message to a reading: the only file that decides what kind of message it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.rules.reading.pair import Group, Pair, pair
from bot.rules.reading.phrases import Lexicon, lexicon
from bot.rules.reading.records import Category, Item, Kind, Question, Reading
from bot.rules.reading.scan import LINE, STOP, Said, Scan, Topic, scan
from bot.rules.reading.words import ATTENDEE, CLASS, DUTY, EVENT_UNITS, GENERAL, MEETING, OUTING
from bot.rules.vietnamese.dates import Unclear, day_of
from bot.rules.vietnamese.days import Offset, Period
from storage import categories as storage


def known(category: storage.Category) -> Category:
    """A kept kind of activity as the reader takes it."""
    return Category(
        category.code,
        (category.name_vi, category.name_en),
        (category.unit_vi, category.unit_en),
        tuple(category.words.split("\n")),
    )


def read(text: str, today: date, categories: Sequence[Category]) -> Reading:
    """What a message reports. What is not certain comes back as a question; nothing is guessed.

    >>> read("hum nay cài vneid 12 ng", date(2026, 11, 25), CATEGORIES).items
    (Item(category='VNE', count=12, unit='người', qualifier='', of=None),)
    """
    words = lexicon(tuple(categories))
    found = scan(text, words, today)
    return _Reader(found, words, today).reading()


_MOST_ALIKE = 20


class _Reader:
    def __init__(self, found: Scan, words: Lexicon, today: date) -> None:
        self.found = found
        self.words = words
        self.today = today
        self.items: list[Item] = []
        self.ask: list[Question] = []
        self.people: int | None = None
        self.done: list[tuple[Pair, Item]] = []
        self.words_said = sum(
            token.kind == "word" and not any("filler" in hit.tags or "classifier" in hit.tags for hit in hits[:1])
            for token, hits in zip(found.tokens, found.hits, strict=True)
        )
        self.class_code, self.attendee = words.owner(CLASS), words.owner(ATTENDEE)
        self.general = words.owner(GENERAL)

    def reading(self) -> Reading:
        found = self.found
        is_correction = found.has("correction") or found.has("denied") or self._is_arrow()
        self._drop_questions()
        if any(not one.is_off and not one.is_cumulative for one in found.said):
            for one in found.said:
                one.is_off = one.is_off or one.is_cumulative
        if is_correction:
            self._drop_replaced()
        self._split_asides()
        self._drop_named()
        pairs, left = pair(found, self.words)
        self._doubt_about(pairs, left)
        paired = {one.said.first for one in pairs}
        self._count_people([one for one in found.said if not one.is_off and one.first not in paired])
        self._settle_totals(pairs)
        whole: Pair | None = None
        for place, one in enumerate(pairs):
            one.previous = pairs[place - 1] if place else None
            one.following = pairs[place + 1] if place + 1 < len(pairs) else None
            one.whole = whole
            whole = whole if one.said.is_part else one
        self._settle_many(pairs)
        for one in pairs:
            self._take(one)
        self._sum_up()
        self._nothing_done(left)
        self._uncounted(left)
        day, unclear = self._day()
        kind = self._kind(is_correction)
        if kind in ("report", "correction") and unclear is not None:
            days = tuple(due.day for due in unclear.candidates)
            self.ask.append(Question(None, "day", days=days))
        if kind in ("plan", "nothing", "zero"):
            self.ask = []
        items = tuple(self.items) if kind != "plan" else ()
        if kind in ("plan", "nothing"):
            day = None
        unit = self._unit() if kind != "nothing" else None
        return Reading(kind, items, tuple(self.ask), day, unit, self.people, found.text)

    # What does not count.

    def _drop_questions(self) -> None:
        """A sentence that asks tells no figures."""
        found = self.found
        starts = [0, *(at for at in range(1, len(found.tokens)) if found.breaks[at] in (LINE, STOP))]
        for start, stop in zip(starts, [*starts[1:], len(found.tokens)], strict=True):
            if stop > start and self._is_question(start, stop):
                for one in (*found.said, *found.topics):
                    if start <= one.first < stop:
                        one.is_off = True
                found.marks.append((start, stop, "asked"))

    def _is_question(self, start: int, stop: int) -> bool:
        tokens = self.found.tokens
        ends = {token.text for token in tokens[max(start, stop - 2) : stop] if token.kind == "sign"}
        has_word = any(name == "question" and start <= at < stop for at, _, name in self.found.marks)
        certain = any(
            one.amount.why is None and one.amount.noun == "unit" and start <= one.first < stop and not one.is_off
            for one in self.found.said
        )
        if "?" in ends:
            return not certain or has_word
        words = [token for token in tokens[start:stop] if token.kind == "word"]
        while words and words[-1].says("ạ", "anh", "chị", "em", "ta", "vậy", "nhỉ", "mn"):
            words.pop()
        is_yes_no = (
            len(words) > 2
            and words[-1].says("không", "ko", "hông", "hok", "hong", "chưa", "k")
            and any(word.says("có", "biết", "được", "còn", "ai") for word in words[:-1])
        )
        has_colon = any(token.is_sign(":") for token in tokens[start:stop])
        return (has_word and not certain) or (is_yes_no and not certain and not has_colon)

    def _drop_replaced(self) -> None:
        """Of "21 thành 12" and "21 nhầm, 12 mới đúng" the first is no more."""
        found = self.found
        said = [one for one in found.said if not one.is_off]
        for one in said:
            after = found.tokens[one.end : one.end + 3]
            is_wrong = any(token.says("nhầm", "lộn", "sai", "trật") for token in after[:2])
            if is_wrong and not any(token.is_sign(",;.") for token in after[:1]):
                one.is_off = True
        for left, right in zip(said, said[1:], strict=False):
            between = found.tokens[left.end : right.first]
            slip = any(token.says("nhầm", "lộn", "sửa", "quên") for token in between)
            rest = ("à", "nhầm", "lộn", "quên", "sửa", "lại", "ủa", "ý", "í", "là", "em", "chết", "xin", "dạ", "tui")
            if slip and all(token.says(*rest) or token.is_sign(",.;!…") for token in between):
                left.is_off = True
            links = ("thành", "sang", "lên", "xuống", "còn", "mới", "đúng", "là", "mà", "sửa", "lại", "đổi", "phải")
            if between and all(token.says(*links) or token.is_sign("-=>→➡👉") for token in between):
                left.is_off = True

    def _is_arrow(self) -> bool:
        """ "vneid 8 → 10" """
        said = self.found.said
        return any(
            "".join(token.text for token in self.found.tokens[left.end : right.first]) in ("→", "->", "=>", "➡", "-->")
            for left, right in zip(said, said[1:], strict=False)
        )

    def _doubt_about(self, pairs: list[Pair], left: list[Topic]) -> None:
        """ "40 người dự, tui nói về lừa đảo": perhaps they were told of it, perhaps not."""
        about = [topic for topic in left if topic.is_aside and self.found.tokens[topic.first - 1].says("về")]
        counted = [one for one in pairs if one.group is not None]
        people = [one for one in pairs if one.group is None and one.said.amount.own == self.general]
        if about and not counted and len(people) == 1 and self.general:
            people[0].group = Group(about[:1])
            people[0].is_doubtful = True

    def _drop_named(self) -> None:
        """The kind of activity goes with the figure that does not count."""
        ends = {one.end: one for one in self.found.said}
        starts = {one.first: one for one in self.found.said}
        for topic in self.found.topics:
            after, before = starts.get(topic.end), ends.get(topic.first)
            if (before is not None and before.is_off) or (before is None and after is not None and after.is_off):
                topic.is_off = True

    def _split_asides(self) -> None:
        """What a class, a post or a leaflet is about is no activity of its own: 2 bài về lừa đảo, 1 lớp VNeID."""
        found = self.found
        for said in found.said:
            own = said.amount.own
            if own is None or said.is_off or self.words.own_unit[own] not in EVENT_UNITS:
                continue
            for topic in found.topics:
                level = max(found.breaks[said.end : topic.first + 1], default=0)
                if topic.first < said.end or level:
                    continue
                if any(said.end <= other.first < topic.first for other in found.said):
                    continue
                if said.amount.unit == self.words.own_unit[topic.code] or topic.code in (own, self.attendee):
                    continue
                opened = any(token.says("mở", "chức", "dạy") for token in found.tokens[max(0, said.first - 2) : said.first])
                if said.amount.unit in ("buổi", "đợt", "cuộc", "lượt", "lần") and not opened:
                    continue
                topic.is_off = True

    # Totals.

    def _settle_many(self, pairs: list[Pair]) -> None:
        """ "cài vneid đông lắm, em cài được 16 người": the number said next is how many."""
        for one in pairs:
            after = one.following
            if one.said.amount.why != "vague" or one.said.amount.noun != "bare" or one.group is None or after is None:
                continue
            if after.group is None and (after.said.amount.is_person or after.said.amount.noun == "bare"):
                after.group, one.said.is_off = one.group, True

    def _settle_totals(self, pairs: list[Pair]) -> None:
        """A total is not summed with its parts."""
        totals = [one for one in pairs if one.said.is_total and one.said.amount.why is None]
        rest = [one for one in pairs if not one.said.is_total and one.said.amount.why is None]
        for total in totals:
            parts = [one for one in rest if self._is_result(one)]
            if len(parts) > 1 and sum(one.said.amount.value for one in parts) == total.said.amount.value:
                same = {self._code(one) for one in parts}
                drop = parts if same == {self._code(total)} or same == {None} else [total]
                for one in drop:
                    one.said.is_off = True
            elif parts and all(one.said.is_more for one in parts):
                # "thêm 3 mã nữa, tổng là 12": the total is of a longer time.
                total.said.is_off = True

    def _is_result(self, one: Pair) -> bool:
        return one.group is not None or one.said.amount.noun in ("unit", "bare")

    def _code(self, one: Pair) -> str | None:
        return one.group.topics[0].code if one.group else one.said.amount.own

    # Each quantity.

    def _take(self, one: Pair) -> None:
        amount = one.said.amount
        if one.said.is_off or self._is_repeated_part(one):
            return
        if one.group is None and (amount.noun in ("unknown", "place") or self._is_idle(one)):
            return
        if one.group is None and (self._is_own_people(one) or self._is_membership(one)):
            return
        if amount.noun == "unknown" and one.group is not None:
            self._question(one.group.topics[0].code, "missing", one)
            return
        codes = self._codes(one)
        if not codes:
            if amount.noun == "bare" and ((amount.value == 0 and amount.why is None) or amount.is_weak or self._is_chat(one) or one.said.is_part):
                return
            self._question(None, amount.why or "category", one)
            return
        if self.attendee in codes and amount.is_person and self._is_meeting():
            self.people = (self.people or 0) + (amount.value if amount.why is None else 0)
            return
        for code in codes:
            if amount.why is not None:
                self._question(code, amount.why, one)
            elif one.is_doubtful or one.said.is_cumulative or self._is_unshared(one, codes) or self._is_odd(one, code):
                self._question(code, "two_readings", one)
            else:
                said = next((topic.unit for topic in one.group.topics if topic.unit), "") if one.group else ""
                unit = amount.unit or said or self.words.own_unit[code]
                item = Item(code, amount.value, unit, amount.qualifier, amount.whole)
                self.done.append((one, item))

    def _is_idle(self, one: Pair) -> bool:
        """How often, of nothing that is counted: "ra chợ 2 lần"."""
        return one.said.amount.unit == "lần" and self._continued(one) is None

    def _is_chat(self, one: Pair) -> bool:
        """A lone number in the middle of talk, not an answer."""
        found = self.found
        words = self.words_said
        if self._is_listed(one.said):
            return False
        has_reason = any(found.has(mark) for mark in ("done", "correction", "total"))
        return words > 2 and not has_reason and not found.topics

    def _is_listed(self, said: Said) -> bool:
        """ "khai sinh 3, kết hôn 1": a short name and its number, whatever it names."""
        breaks = self.found.breaks
        start = said.first
        while start > 0 and not breaks[start]:
            start -= 1
        is_last = said.end >= len(self.found.tokens) or self.found.tokens[said.end].kind == "sign"
        return is_last and 1 <= said.first - start <= 3 and any(
            token.is_sign(",;:") for token in self.found.tokens
        )

    def _is_meeting(self) -> bool:
        codes = {topic.code for topic in self.found.topics} | {one.amount.own for one in self.found.said}
        return self.words.owner(MEETING) in codes and self.class_code not in codes

    def _is_odd(self, one: Pair, code: str) -> bool:
        """ "cài zalo cho 6 cụ" makes no six groups."""
        if one.said.amount.is_piece and self.words.own_unit[code] in ("lượt phát", "buổi", "đợt", "cuộc"):
            return True
        things = ("nhóm", "mô hình", "tin bài", "tờ", "lượt phát", "cuộc", "đợt", "sản phẩm")
        return one.said.amount.is_person and one.group is not None and self.words.own_unit[code] in things

    def _is_unshared(self, one: Pair, codes: list[str]) -> bool:
        """Several kinds share one number only where the same people did them all."""
        if len(codes) < 2:
            return False
        amount = one.said.amount
        shares = amount.is_person or amount.unit in ("hộ", "tiểu thương", "hộ kinh doanh")
        return not shares

    def _question(self, code: str | None, why: str, one: Pair) -> None:
        amount = one.said.amount
        values = amount.values or ((amount.value,) if amount.why is None else ())
        question = Question(code, why, values, amount.unit)  # type: ignore[arg-type]
        if question not in self.ask[-_MOST_ALIKE:]:
            self.ask.append(question)
        if one.is_doubtful:
            self.ask += [Question(other, "two_readings", values, amount.unit) for other in one.others]

    def _codes(self, one: Pair) -> list[str]:
        amount = one.said.amount
        if one.group is None and (before := self._continued(one)) is not None:
            return self._codes(before)
        if one.group is None:
            codes = [amount.own] if amount.own else []
        else:
            codes = list(dict.fromkeys(topic.code for topic in one.group.topics))
            if amount.own in codes and amount.unit not in ("người", "lượt người"):
                codes = [amount.own] if len(codes) > 1 else codes
            strong = [topic.code for topic in one.group.topics if not topic.is_weak]
            codes = list(dict.fromkeys(strong)) or codes
        return [self._attending(code, one) for code in codes]

    def _continued(self, one: Pair) -> Pair | None:
        """ "sáng 5 người cài vneid, chiều 3 người nữa": the same as before, at another time or place."""
        if one.following is not None and self._is_listed_with(one, one.following):
            return one.following
        last = one.previous
        if last is None or last.group is None:
            return None
        is_more = one.said.is_more or one.said.label not in (-1, last.said.label)
        same = one.said.amount.unit == last.said.amount.unit
        near = max(self.found.breaks[last.said.end : one.said.first + 1], default=0) < STOP
        return last if is_more and same and near else None

    def _is_listed_with(self, one: Pair, following: Pair) -> bool:
        """ "7 bà con ấp 2 và 5 bà con ấp 3 cài vneid" """
        if following.group is None or following.is_after or following.said.amount.unit != one.said.amount.unit:
            return False
        if one.said.amount.noun != "unit" or not (self.found.places or one.said.amount.own is None):
            return False
        places = {at for at, _ in self.found.places}
        between = range(one.said.end, following.said.first)
        rest = [at for at in between if at not in places and at - 1 not in places]
        return all(self.found.tokens[at].says("và", "với") or self.found.tokens[at].is_sign(",&+") for at in rest)

    def _attending(self, code: str, one: Pair) -> str:
        """People counted for a class are those who came to it."""
        amount = one.said.amount
        is_learner = amount.is_person or amount.unit == "tiểu thương"
        if self.attendee is None or not is_learner or amount.is_volunteer:
            return code
        if code == self.class_code:
            return self.attendee
        if code == self.general and one.group is None:
            before = one.previous
            if before is not None and self._code(before) == self.class_code and not before.said.is_off:
                return self.attendee
            topics = [topic for topic in self.found.topics if topic.code == self.class_code and not topic.is_off]
            if topics and not before:
                return self.attendee
        return code

    def _is_membership(self, one: Pair) -> bool:
        """ "mô hình … có 40 chị em", "1 nhóm Zalo, 120 người": who belongs to it was not helped."""
        if not one.said.amount.is_person or one.said.amount.unit != "người":
            return False
        before = [topic for topic in self.found.topics if topic.end <= one.said.first]
        if not before or self.words.own_unit[before[-1].code] not in ("nhóm", "mô hình"):
            return False
        between = self.found.tokens[before[-1].end : one.said.first]
        return any(token.says("có", "gồm", "với") for token in between) or len(between) <= 1

    def _count_people(self, said: list[Said]) -> None:
        """The team's own people: who took part, or those taught in a class."""
        found = self.found
        codes = {topic.code for topic in found.topics}
        meeting = self.words.owner(MEETING) in codes
        has_class = bool(codes & {self.class_code, self.attendee}) and not meeting
        for one in said:
            if one.amount.why is not None:
                continue
            if has_class and self.attendee is not None:
                item = Item(self.attendee, one.amount.value, one.amount.unit, one.amount.qualifier)
                self.done.append((Pair(one), item))
            else:
                self.people = (self.people or 0) + one.amount.value

    def _is_own_people(self, one: Pair) -> bool:
        """The team's own people: who took part, not who was helped."""
        amount = one.said.amount
        found = self.found
        near = any(
            name == "participants" and 0 <= at - amount.end <= 3 for at, _, name in found.marks
        ) and amount.is_person
        before = found.tokens[max(0, amount.first - 3) : amount.first]
        names = ("tổ", "đội", "tụi", "nhóm", "team", "hình")
        start = amount.first - len(before)
        named = [place for place, token in enumerate(before, start) if token.says(*names)]
        of_team = amount.is_person and bool(named) and not any(
            "action" in hit.tags for place in range(named[-1] + 1, amount.first) for hit in found.hits[place]
        )
        after = found.tokens[amount.end : amount.end + 1]
        has_class = any(topic.code in (self.class_code, self.attendee) for topic in found.topics)
        near = (near and not has_class and amount.unit == "người") or (amount.is_person and any(token.text.lower() in ("đi", "chia") for token in after))
        if not (amount.is_volunteer or near or of_team):
            return False
        if amount.why is None and not one.said.is_off:
            self.people = (self.people or 0) + amount.value
        return True

    def _is_repeated_part(self, one: Pair) -> bool:
        """A part that only tells its total again: 20 người, trong đó 12 nữ."""
        if not one.said.is_part:
            return False
        parent = one.whole
        if parent is None:
            return False
        amount = one.said.amount
        if one.group is not None:
            codes = {topic.code for topic in one.group.topics}
            return codes == {self._code(parent)}
        return amount.noun != "unit" or amount.own in (None, self._code(parent)) or amount.unit == parent.said.amount.unit

    # All of them together.

    def _sum_up(self) -> None:
        """One figure for each kind and unit; two that contradict one another are asked."""
        together: dict[tuple[str, str, str], list[tuple[Pair, Item]]] = {}
        for one, item in self.done:
            together.setdefault((item.category, item.unit, item.qualifier), []).append((one, item))
        for same in together.values():
            first = same[0][1]
            if self._is_shown(first, together):
                first = replace(first, category=self.general or first.category)
            if len(same) == 1:
                self.items.append(first)
                continue
            labels = [one.said.label for one, _ in same]
            is_added = all(one.said.is_more for one, _ in same[1:])
            named = {self._wording(one) for one, _ in same}
            is_added = is_added or all(
                one.group is None and one.said.amount.own is None for one, _ in same[:-1]
            ) or (len(named) == len(same) and "" not in named)
            values = tuple(item.count for _, item in same)
            if is_added or len(set(labels)) == len(labels):
                wholes = [item.of for _, item in same]
                whole = sum(part for part in wholes if part) if all(wholes) else None
                self.items.append(replace(first, count=sum(values), of=whole))
            else:
                self.ask.append(Question(first.category, "two_readings", values, first.unit))

    def _wording(self, one: Pair) -> str:
        """The words of its topic: two wallets of different banks add up."""
        if one.group is None:
            return ""
        return " ".join(token.key for token in self.found.tokens[one.group.first : one.group.end])

    def _is_shown(self, item: Item, others: dict[tuple[str, str, str], list[tuple[Pair, Item]]]) -> bool:
        """ "hướng dẫn 10 bà con làm dvc, nộp được 7 hồ sơ": the ten were shown how, the seven are the result."""
        own = self.words.own_unit[item.category]
        return (
            item.unit in ("người", "lượt người")
            and own not in ("người", "lượt người")
            and any(code == item.category and unit == own for code, unit, _ in others)
            and any(token.says("dẫn", "chỉ", "giúp", "trợ", "phụ") for token in self.found.tokens)
        )

    def _nothing_done(self, left: list[Topic]) -> None:
        """ "dvc không có": none of it, said as such."""
        found = self.found
        for topic in left:
            if topic.is_weak or topic.is_off:
                continue
            at = topic.end
            while at < len(found.tokens) and (found.tokens[at].is_sign(":=-") or found.tokens[at].says("thì", "là")):
                at += 1
            none = [end for start, end, name in found.marks if start == at and name in ("no", "nothing")]
            if not none or any(topic.end <= said.first < none[0] + 2 for said in found.said):
                continue
            end = none[0]
            while end < len(found.tokens) and found.tokens[end].says("có", "ai", "ạ", "hết", "luôn", "nào", "em"):
                end += 1
            if end >= len(found.tokens) or found.breaks[end] or found.tokens[end].kind == "sign":
                self.items.append(Item(topic.code, 0, self.words.own_unit[topic.code]))
                topic.is_off = True

    def _uncounted(self, left: list[Topic]) -> None:
        """Kinds of activity that were named without a number are asked for, unless they only say how or where."""
        found = self.found
        told = {item.category for item in self.items} | {question.category for question in self.ask}
        has_figures = bool(self.items or self.ask)
        events = {self.words.owner(word) for word in (CLASS, OUTING, DUTY, MEETING)}
        if not has_figures and any(found.has(mark) for mark in ("nothing", "clock", "announce")):
            return
        counted = {one.end for one in found.said if not one.is_off}
        for topic in left:
            if topic.is_off or topic.is_aside or topic.is_weak or topic.code in told:
                continue
            if has_figures and (topic.first in counted or self._says_where(topic)):
                # "9 tiểu thương chợ 4.0", "lên postmart 4 món": it only says which ones, or where.
                continue
            if not has_figures and not self._is_done(topic):
                continue
            if has_figures and topic.code in events:
                continue
            if found.has("thanks") and not has_figures:
                continue
            told.add(topic.code)
            self.ask.append(Question(topic.code, "missing"))

    def _says_where(self, topic: Topic) -> bool:
        found = self.found
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
        first = max(0, topic.first - 7)
        acted = any("action" in hit.tags for at in range(first, topic.first) for hit in found.hits[at])
        own = any("action" in hit.tags for hit in found.hits[topic.first][:1])
        own = own or any(isinstance(day.said, Offset) for day in found.days)
        after = found.tokens[topic.end : topic.end + 4]
        return acted or own or any(token.text.lower() in ("rồi", "xong", "roi") for token in after)

    def _kind(self, is_correction: bool) -> Kind:
        found = self.found
        if self.items or self.ask:
            if is_correction:
                return "correction"
            if self.items and not self.ask and all(item.count == 0 for item in self.items):
                return "zero"
            return "report"
        if found.has("leave") or (found.has("asked") and not found.has("nothing")):
            return "nothing"
        if found.has("nothing") or self._is_denied() or self._is_nil():
            return "zero"
        off = any(one.is_off for one in (*found.said, *found.topics))
        wishes = {at for at, _, name in found.marks if name == "wish"}
        if any(name == "plan" and at not in wishes for at, _, name in found.marks) and (off or found.said or self._is_aim()):
            return "plan"
        return "nothing"

    def _is_nil(self) -> bool:
        """ "số hôm nay là 0" """
        said = [one for one in self.found.said if not one.is_off]
        return bool(said) and all(one.amount.value == 0 and one.amount.why is None for one in said)

    def _is_denied(self) -> bool:
        """ "chưa có phát sinh gì", "hổng cài được cho ai": nothing, in any words."""
        found = self.found
        for at, end, name in found.marks:
            if name in ("no", "not yet", "failed"):
                after = found.tokens[end : end + 7]
                if any(token.says("gì", "ai", "nào", "sinh", "chi", "hết") for token in after):
                    return True
                if after and after[0].says("làm", "đi", "hoạt", "triển", "tổ", "ra", "phát"):
                    return True
        return False

    def _is_aim(self) -> bool:
        found = self.found
        return found.has("target") and not any(token.says("đạt", "được") for token in found.tokens)

    def _day(self) -> tuple[date | None, Unclear | None]:
        found = self.found
        ahead = {at for at, _, name in found.marks if name == "plan"}
        mentions = [mention for mention in found.days if mention.first not in ahead]
        day = day_of(found.text, found.tokens, mentions, self.today)
        if isinstance(day, Unclear):
            is_period = all(isinstance(mention.said, Period) for mention in mentions)
            return None, None if is_period else day
        return day, None

    def _unit(self) -> str | None:
        names = list(dict.fromkeys(name for _, name in self.found.places))
        if len(names) == 1:
            return names[0]
        ranks = {name.split()[0] for name in names if name}
        return names[0] if names and len(ranks) == len(names) else None


_ = (DUTY, MEETING, OUTING, Said)
