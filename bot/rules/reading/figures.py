"""From paired quantities to items and questions: whose people, which part of which total, what adds up."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.reading.costs import Group
from bot.rules.reading.message import LINE, STOP, Said, Scan, Topic
from bot.rules.reading.pair import Pair, pair
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.records import Item, Question
from bot.rules.reading.words import ATTENDEE, CLASS, DUTY, EVENT_UNITS, GENERAL, MEETING
from bot.rules.vietnamese.text import fold

_MOST_ALIKE = 20
# What people cannot be counted in, unless the category's own words name people (tiểu thương).
_THINGS = ("nhóm", "mô hình", "tin bài", "tờ", "lượt phát", "cuộc", "đợt", "sản phẩm", "điểm", "bộ", "tin")


class Figures:
    """The figures of one message. `left`: the topics that nobody counted."""

    def __init__(self, found: Scan, words: Lexicon) -> None:
        self.found = found
        self.words = words
        self.items: list[Item] = []
        self.ask: list[Question] = []
        self.people: int | None = None
        self.done: list[tuple[Pair, Item]] = []
        self.class_code, self.attendee = words.owner(CLASS), words.owner(ATTENDEE)
        self.general = words.owner(GENERAL)
        self.words_said = sum(
            token.kind == "word" and not any("filler" in hit.tags or "classifier" in hit.tags for hit in hits[:1])
            for token, hits in zip(found.tokens, found.hits, strict=True)
        )

    def count(self) -> list[Topic]:
        """Fills `items`, `ask` and `people`; returns the topics without a number."""
        found = self.found
        pairs, left = pair(found, self.words)
        self._doubt_about(pairs, left)
        paired = {one.said.first for one in pairs}
        self._count_people([one for one in found.said if not one.is_off and one.first not in paired])
        self._settle_totals(pairs)
        self._settle_enclosed(pairs)
        _link(pairs)
        self._link_lists(pairs)
        self._link_labels(pairs)
        self._settle_many(pairs)
        for one in pairs:
            self._take(one)
        self._sum_up()
        self._drop_twins()
        self._nothing_done(left)
        return left

    def _doubt_about(self, pairs: list[Pair], left: list[Topic]) -> None:
        """ "40 người dự, tui nói về lừa đảo": perhaps they were told of it, perhaps not."""
        about = [topic for topic in left if topic.is_aside and self.found.tokens[topic.first - 1].says("về")]
        counted = [one for one in pairs if one.group is not None]
        people = [one for one in pairs if one.group is None and one.said.amount.own == self.general]
        listed = [
            one
            for one in people
            if self.found.tokens[one.said.end : one.said.end + 1] and (self.found.tokens[one.said.end].is_sign(":"))
        ]
        named = [topic for topic in left if listed and topic.first > listed[0].said.end and not topic.is_off]
        about = about or named[:1]
        if about and not counted and len(people) == 1 and self.general:
            people[0].group = Group(about[:1])
            people[0].is_doubtful = True

    def _settle_many(self, pairs: list[Pair]) -> None:
        """ "cài vneid đông lắm, em cài được 16 người": the number said next is how many."""
        for one in pairs:
            after = one.following
            if after is not None and self._is_outcome(one, after):
                one.said.amount = replace(
                    one.said.amount, why="two_readings", values=(one.said.amount.value, after.said.amount.value)
                )
                after.said.is_off = True
                continue
            if one.said.amount.why != "vague" or one.said.amount.noun != "bare" or one.group is None or after is None:
                continue
            if after.group is None and (after.said.amount.is_person or after.said.amount.noun == "bare"):
                after.group, one.said.is_off = one.group, True

    def _is_outcome(self, one: Pair, after: Pair) -> bool:
        """ "làm cho 10 người, 7 thành công", "12 người tới nộp hồ sơ mà nộp được 9 người" """
        if self._is_despite(one, after) or self._is_reached(one, after):
            return True
        same = after.said.amount.noun == "bare" or after.said.amount.unit == one.said.amount.unit
        if one.said.amount.why is not None or after.said.amount.why is not None or not same or after.group is not None:
            return False
        following = self.found.tokens[after.said.end : after.said.end + 2]
        near = max(self.found.breaks[one.said.end : after.said.first + 1], default=0) < LINE
        return near and bool(following) and (following[0].says("được", "xong", "đạt") or following[-1].says("công"))

    def _is_reached(self, one: Pair, after: Pair) -> bool:
        """ "3 ca nộp hồ sơ, xong 2" """
        amount = after.said.amount
        if after.group is not None or amount.noun != "bare" or amount.why is not None or amount.first == 0:
            return False
        is_known = one.group is not None or one.said.amount.own is not None
        near = max(self.found.breaks[one.said.end : after.said.first + 1], default=0) < LINE
        less = amount.value < one.said.amount.value and one.said.label == after.said.label
        return is_known and near and less and self.found.tokens[amount.first - 1].says("xong", "được", "đc", "dc")

    def _is_despite(self, one: Pair, after: Pair) -> bool:
        tokens = self.found.tokens
        if one.group is None or after.group is not None or one.is_after or one.said.amount.why is not None:
            return False
        if one.said.amount.unit != after.said.amount.unit or after.said.amount.why is not None:
            return False
        between = tokens[one.said.end : after.said.first]
        before = tokens[max(0, one.said.first - 2) : one.said.first]
        if len(before) == 2 and before[0].says("trong") and before[1].says("số"):
            return True
        is_told = bool(between) and between[-1].says("được", "xong")
        return is_told and any(token.says("mà", "nhưng") for token in between)

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

    def _settle_enclosed(self, pairs: list[Pair]) -> None:
        """ "12 người (8 VNeID, 4 ví)": the parts are the result, where they make up the whole."""
        for place, one in enumerate(pairs):
            parts = []
            for after in pairs[place + 1 :]:
                if not after.said.is_part:
                    break
                parts.append(after)
            is_named = len(parts) > 1 and all(part.group is not None for part in parts)
            if not is_named or one.said.is_part or one.group is not None or one.said.amount.why is not None:
                continue
            if (
                one.said.amount.own == self.general
                and sum(part.said.amount.value for part in parts) == one.said.amount.value
            ):
                one.said.is_off = True

    def _is_result(self, one: Pair) -> bool:
        return one.group is not None or one.said.amount.noun in ("unit", "bare")

    def _code(self, one: Pair) -> str | None:
        return one.group.topics[0].code if one.group else one.said.amount.own

    def _take(self, one: Pair) -> None:
        amount = one.said.amount
        if one.said.is_off or self._is_repeated_part(one):
            return
        if one.group is None and (amount.noun in ("unknown", "place") or self._is_idle(one)):
            return
        if one.group is None and (self._is_given(one.said) or self._is_population(one.said)):
            return
        if one.group is None and (self._is_own_people(one) or self._is_membership(one)):
            return
        if one.group is not None and self._is_where(one):
            self._question(one.group.topics[0].code, "missing", one)
            return
        if amount.unit == "đội" and self._codes(one) == [self.attendee]:
            return
        if amount.noun == "unknown" and one.group is not None:
            self._question(one.group.topics[0].code, "missing", one)
            return
        after = one.following
        if after is not None and not after.said.is_more and self._is_begun(one, after):
            self._question(after.group.topics[0].code if after.group else None, "two_readings", one)
            return
        if amount.why is None and self._is_for_something(one):
            self._question(amount.own, "two_readings", one)
            return
        is_home = amount.why is None and one.group is None and amount.unit == "hộ"
        if is_home and (self._have_things(one.said.end) or self._got_something(one.said)):
            self._question(amount.own, "two_readings", one)
            return
        if amount.why is None and one.group is None and self._is_same_again(one):
            return
        if amount.why is None and (after := one.following) is not None and self._is_parallel(one, after):
            assert after.group is not None
            self._question(after.group.topics[0].code, "two_readings", one)
            after.is_doubtful = True
            return
        if amount.why is None and one.group is None and self._opens_something(one.said):
            self._question(None, "two_readings", one)
            return
        if amount.why is None and (meant := self._left_out(one)) is not None:
            self._question(meant, "two_readings", one)
            return
        codes = self._codes(one)
        if not codes:
            if amount.noun == "bare" and (
                (amount.value == 0 and amount.why is None)
                or self._is_weak(one)
                or self._is_chat(one)
                or one.said.is_part
            ):
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

    def _left_out(self, one: Pair) -> str | None:
        """ "cô Tư chưa có vneid, 18 người cài xong": what they did is what was spoken of before."""
        found = self.found
        after = found.tokens[one.said.end : one.said.end + 2]
        last = one.previous
        if one.group is None and last is not None and last.group is not None and self._is_alike(one, last):
            return last.group.topics[0].code
        if one.group is not None or not one.said.amount.is_person or not after:
            return None
        is_short = after[0].says("cài", "làm", "nộp", "mở") and (len(after) < 2 or after[1].says("xong", "được", "rồi"))
        before = [topic for topic in found.topics if topic.end <= one.said.first and topic.is_off]
        return before[-1].code if is_short and before else None

    def _is_alike(self, one: Pair, last: Pair) -> bool:
        """ "lên sàn được 2 hộ bán bưởi 1 hộ bán kẹo": of the same kind, perhaps."""
        same = one.said.amount.unit == last.said.amount.unit and one.said.amount.noun == "unit"
        return same and last.is_after and not any(self.found.breaks[last.said.end : one.said.first + 1])

    def _is_for_something(self, one: Pair) -> bool:
        """ "mở tài khoản cho 8 hộ": of which kind is not said."""
        amount = one.said.amount
        if one.group is not None or not (amount.is_person or amount.unit == "hộ"):
            return False
        start = one.said.first
        while start > 0 and not self.found.breaks[start]:
            start -= 1
        for_whom = any(token.says("cho") for token in self.found.tokens[max(0, one.said.first - 2) : one.said.first])
        return for_whom and any(start <= at < one.said.first for at in self.found.mentioned)

    def _got_something(self, said: Said) -> bool:
        """ "tặng 2 điện thoại cho 2 hộ": were they visited?"""
        tokens = self.found.tokens
        start = said.first
        while start > 0 and not self.found.breaks[start]:
            start -= 1
        is_given = any(token.says("tặng", "trao") for token in tokens[start : said.first])
        return is_given and said.first > 0 and tokens[said.first - 1].says("cho")

    def _is_where(self, one: Pair) -> bool:
        """ "lắp camera ở 6 điểm": six places, and how many cameras?"""
        amount = one.said.amount
        if amount.unit != "điểm" or one.group is None or not one.is_after or amount.first == 0:
            return False
        units = {self.words.own_unit[topic.code] for topic in one.group.topics}
        return "điểm" not in units and self.found.tokens[amount.first - 1].says("ở", "tại")

    def _have_things(self, at: int) -> bool:
        """ "312 hộ có điện thoại thông minh": were they visited?"""
        words = self.found.tokens[at : at + 3]
        while words and words[0].says("đều", "đã"):
            words = words[1:]
        return (
            len(words) > 1
            and words[0].says("có")
            and words[1].says("điện", "mạng", "internet", "đt", "smartphone", "máy")
        )

    def _is_same_again(self, one: Pair) -> bool:
        """ "5 cụ đến hỏi sổ sức khỏe, cài xong cho 5 cụ": those spoken of before."""
        last = one.previous
        if last is None or last.group is None or last.said.amount.value != one.said.amount.value:
            return False
        same = last.said.amount.unit == one.said.amount.unit and one.said.amount.is_person
        between = self.found.tokens[last.group.end : one.said.first]
        return same and any(token.says("xong", "hết") for token in between)

    def _are_two_kinds(self, one: Pair, after: Pair) -> bool:
        """ "1 anh khuyết tật và 2 cụ già" are three people."""
        tokens = self.found.tokens
        nouns = {tokens[one.said.end - 1].key, tokens[after.said.end - 1].key}
        is_linked = tokens[after.said.first - 1].says("và", "với") and after.said.first - one.said.end <= 3
        return is_linked and len(nouns) == 2 and not nouns & {"nguoi", "ng", "con", "dan"}

    def _is_parallel(self, one: Pair, after: Pair) -> bool:
        """ "cho một chị bán cá một chị bán thịt mã QR": the last alone, or both?"""
        tokens = self.found.tokens
        if one.group is not None or after.group is None or after.is_after or not one.said.amount.is_person:
            return False
        between = tokens[one.said.end : after.said.first]
        same = (
            tokens[one.said.end - 1].key == tokens[after.said.end - 1].key
            and one.said.amount.value == after.said.amount.value == 1
        )
        return same and len(between) <= 3 and not any(self.found.breaks[one.said.end : after.said.first + 1])

    def _opens_something(self, said: Said) -> bool:
        """ "28 tiểu thương mở tài khoản": of which kind is not said."""
        found = self.found
        if not (said.amount.is_person or said.amount.unit in ("hộ", "tiểu thương", "hộ kinh doanh")):
            return False
        for at in found.mentioned:
            is_near = said.end <= at <= said.end + 8 and not any(found.breaks[said.end : at + 1])
            is_label = 0 < said.first - at <= 3 and found.tokens[said.first - 1].is_sign(":")
            if (
                (is_near or is_label)
                and found.tokens[at].says("tài", "tk")
                and found.tokens[at - 1].says("mở", "tạo", "lập")
            ):
                return True
        return False

    def _is_loose_session(self, one: Pair) -> bool:
        """ "livestream 2 buổi": a session of what, where nobody is taught?"""
        if one.said.amount.unit != "buổi" or one.said.amount.own != self.class_code:
            return False
        taught = ("mở", "dạy", "huấn", "học", "lớp", "chức", "dẫn", "truyền", "bdhvs", "kns", "chỉ")
        return not any(token.says(*taught) for token in self.found.tokens)

    def _is_idle(self, one: Pair) -> bool:
        """How often, or for whom, of nothing that is counted: "ra chợ 2 lần", "3 mã QR cho 3 quán"."""
        amount = one.said.amount
        if one.previous is not None and amount.own is None and amount.unit in ("quán", "sạp", "điểm", "tuyến đường"):
            return self.found.tokens[amount.first - 1].says("cho", "của", "ở", "tại")
        return one.said.amount.unit == "lần" and self._continued(one) is None

    def _is_population(self, said: Said) -> bool:
        """ "ấp em có 450 hộ mà mới được 120 hộ": how many live there."""
        found = self.found
        at = said.first - 1
        if said.amount.unit not in ("hộ", "người") or at < 1 or not found.tokens[at].says("có"):
            return False
        while at > 0 and found.tokens[at - 1].says("em", "mình", "tui", "tôi", "con", "này", "ta"):
            at -= 1
        is_place = any("unit name" in hit.tags for hit in found.hits[at - 1][:1])
        is_place = is_place or any(name == "visited" and end in (at - 1, at, at + 1) for _, end, name in found.marks)
        is_place = is_place or any(place in (at - 1, at - 2) for place, _ in found.places)
        after = found.tokens[said.end : said.end + 1]
        is_all = not after or after[0].kind == "sign" or after[0].says("mà", "với", "và", "nhưng", "thì")
        return is_place and is_all and any(one.first > said.first and not one.is_off for one in found.said)

    def _is_given(self, said: Said) -> bool:
        """ "tặng quà cho 20 hộ" """
        breaks = self.found.breaks
        return any(
            name == "gift" and at < said.first and not any(breaks[at + 1 : said.first + 1])
            for at, _, name in self.found.marks
        )

    def _is_chat(self, one: Pair) -> bool:
        """A lone number in the middle of talk, not an answer."""
        found = self.found
        words = self.words_said
        if self._is_listed(one.said):
            return False
        has_reason = any(found.has(mark) for mark in ("done", "correction", "total"))
        return words > 2 and not has_reason and not found.topics

    def _is_weak(self, one: Pair) -> bool:
        """A bare digit word that nothing makes a number; "duoc nam nha" may be five."""
        before = self.found.tokens[max(0, one.said.first - 1)]
        return one.said.amount.is_weak and not before.says("được", "đc", "dc")

    def _is_listed(self, said: Said) -> bool:
        """ "khai sinh 3, kết hôn 1": a short name and its number, whatever it names."""
        breaks = self.found.breaks
        start = said.first
        while start > 0 and not breaks[start]:
            start -= 1
        is_last = said.end >= len(self.found.tokens) or self.found.tokens[said.end].kind == "sign"
        return is_last and 1 <= said.first - start <= 3 and any(token.is_sign(",;:") for token in self.found.tokens)

    def _is_meeting(self) -> bool:
        codes = {topic.code for topic in self.found.topics} | {one.amount.own for one in self.found.said}
        return self.words.owner(MEETING) in codes and self.class_code not in codes

    def _is_odd(self, one: Pair, code: str) -> bool:
        """ "cài zalo cho 6 cụ" makes no six groups."""
        if one.said.amount.is_piece and self.words.own_unit[code] in ("lượt phát", "buổi", "đợt", "cuộc"):
            return True
        if self._names_another(one, code):
            return True
        if not one.said.amount.is_person or one.group is None or code == self.attendee:
            return False
        if code == self.words.owner(DUTY):
            return not one.said.amount.is_volunteer
        return self.words.own_unit[code] in _THINGS and code not in self.words.of_people

    def _names_another(self, one: Pair, code: str) -> bool:
        """ "25 tiểu thương cài ví, tạo mã QR": who is counted belongs to another kind, which is named as well."""
        own = one.said.amount.own
        if own in (None, code, self.general, self.words.owner("hộ")) or one.group is None:
            return False
        after = [topic for topic in self.found.topics if topic.code == own and topic.first > one.said.end]
        return bool(after) and max(self.found.breaks[one.said.end : after[0].first + 1]) < LINE

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
            codes = [amount.own] if amount.own and not self._is_loose_session(one) else []
        else:
            codes = list(dict.fromkeys(topic.code for topic in one.group.topics))
            if amount.own in codes and amount.unit not in ("người", "lượt người"):
                codes = [amount.own] if len(codes) > 1 else codes
            if (whole := self._spread(one)) is not None:
                return [whole]
            strong = [topic.code for topic in one.group.topics if not topic.is_weak]
            codes = list(dict.fromkeys(strong)) or codes
        return [self._attending(code, one) for code in codes]

    def _spread(self, one: Pair) -> str | None:
        """ "16 tài khoản trên Cổng dịch vụ công": together they are a kind of their own."""
        if one.group is None or one.is_after or one.said.amount.unit != "tài khoản" or len(one.group.topics) > 1:
            return None
        topic = one.group.topics[0]
        named = " ".join(token.text.lower() for token in self.found.tokens[topic.first : topic.end])
        between = self.found.tokens[one.said.end : topic.first]
        is_at = bool(between) and between[0].says("trên", "ở", "của", "tại", "vào", "cổng")
        return self.words.owner(fold(f"tài khoản {named}")) if is_at or not between else None

    def _continued(self, one: Pair) -> Pair | None:
        """ "sáng 5 người cài vneid, chiều 3 người nữa": the same as before, at another time or place."""
        after = one.following
        if one.listing is not None or (after is not None and self._is_begun(one, after)):
            return one.listing or after
        last = one.previous
        if last is not None and self._does_the_same(last, one):
            return last
        if last is None or last.group is None:
            return None
        is_more = one.said.is_more or one.said.label not in (-1, last.said.label)
        same = one.said.amount.unit == last.said.amount.unit
        near = max(self.found.breaks[last.said.end : one.said.first + 1], default=0) < STOP
        return last if is_more and same and near else None

    def _does_the_same(self, last: Pair, one: Pair) -> bool:
        """ "em nộp 4 cái hồ sơ, chị Nhung nộp 3 cái" """
        if last.group is not None or last.said.amount.own is None or one.said.amount.noun != "bare":
            return False
        is_other = one.said.label not in (-1, last.said.label)
        return is_other and self._verb(last) == self._verb(one) != ""

    def _is_begun(self, one: Pair, after: Pair) -> bool:
        """ "sáng cài 3 người, chiều cài thêm 4 người vneid nữa": more of the same, which is named the second time."""
        if not (one.said.amount.is_person and one.said.amount.why is None and one.group is None):
            return False
        same = one.said.amount.unit == after.said.amount.unit and one.said.label != after.said.label
        return same and after.group is not None and self._verb(one) == self._verb(after) != ""

    def _verb(self, one: Pair) -> str:
        """The last verb before the number, within a few words."""
        places = range(max(0, one.said.first - 3), one.said.first)
        verbs = [self.found.tokens[at].key for at in places if any("action" in hit.tags for hit in self.found.hits[at])]
        return verbs[0] if verbs else ""

    def _link_lists(self, pairs: list[Pair]) -> None:
        """ "7 bà con ấp 2, 5 bà con ấp 3 và 4 bà con ấp 4 cài vneid": what is named last holds for all."""
        for one in reversed(pairs):
            after = one.following
            if after is None or one.group is not None or not self._is_beside(one, after):
                continue
            one.listing = after.listing if after.group is None else None if after.is_after else after

    def _link_labels(self, pairs: list[Pair]) -> None:
        """ "mã QR: 4 quán cơm, 3 tiệm vải, 2 sạp cá": the label holds for the whole line."""
        head: Pair | None = None
        for one in pairs:
            if one.group is not None:
                is_label = one.is_after and self.found.tokens[one.group.end].is_sign(":")
                head = one if is_label and one.said.amount.own is None and one.said.amount.noun == "unit" else None
            elif head is not None:
                near = max(self.found.breaks[head.said.end : one.said.first + 1], default=0) < LINE
                is_listed = near and one.said.amount.noun == "unit" and one.said.amount.own is None
                one.listing = head if is_listed else one.listing

    def _is_beside(self, one: Pair, after: Pair) -> bool:
        """Counted alike, with nothing but a place or a day between."""
        found = self.found
        days = {at for day in found.days for at in range(day.first, day.end)}
        if one.said.amount.noun != "unit" or one.said.amount.unit != after.said.amount.unit:
            return False
        parts = {at for first, end, name in found.marks if name == "part of day" for at in range(first, end)}
        named = {at for at, _ in found.places} | days | parts
        between = range(one.said.end, after.said.first)
        if one.said.amount.own is not None and not named.intersection(between) and not self._are_two_kinds(one, after):
            return False
        rest = [at for at in between if at not in named and at - 1 not in named]
        link = found.tokens[between[-1]] if between else None
        if link is not None and (link.is_sign("+&") or (link.says("và", "với", "cùng") and len(between) <= 3)):
            rest = [at for at in rest if found.hits[at] or found.tokens[at].kind != "word"]  # "3 quán cf + 2 tạp hóa"
        return all(found.tokens[at].says("và", "với") or found.tokens[at].is_sign(",&+") for at in rest)

    def _attending(self, code: str, one: Pair) -> str:
        """People counted for a class are those who came to it."""
        amount = one.said.amount
        is_learner = amount.is_person or amount.unit == "tiểu thương"
        if self.attendee is None or not is_learner or amount.is_volunteer:
            return code
        if code == self.class_code:
            return self._learner(one.said)
        if (code == self.general or amount.unit == "tiểu thương") and one.group is None:
            before = one.previous
            while before is not None and before.group is None and before.said.amount.own == self.general:
                before = before.previous  # "buổi đầu 25 chị, buổi sau 22 chị"
            if before is not None and self._code(before) == self.class_code and not before.said.is_off:
                return self.attendee
            topics = [topic for topic in self.found.topics if topic.code == self.class_code and not topic.is_off]
            if topics and not before:
                return self.attendee
        return code

    def _learner(self, said: Said) -> str:
        """What those taught in a class count for: the team's own members have a kind of their own."""
        noun = self.found.tokens[max(0, said.end - 2) : said.end]
        after = self.found.tokens[said.end : said.end + 1]
        is_others = any(token.says("hội", "chi", "câu", "clb", "hợp") for token in after)
        is_member = noun[-1].says("tổ") or (noun[0].says("thành") and noun[-1].says("viên") and not is_others)
        return (self.words.owner("tập huấn tổ") if is_member else None) or self.attendee or ""

    def _is_membership(self, one: Pair) -> bool:
        """ "mô hình … có 40 chị em", "1 nhóm Zalo, 120 người": who belongs to it was not helped."""
        unit = one.said.amount.unit
        after = self.found.tokens[one.said.end : one.said.end + 2]
        takes_part = unit in ("tiểu thương", "hộ") and len(after) > 1 and after[0].says("tham") and after[1].says("gia")
        if unit != "người" and not takes_part:
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
                item = Item(self._learner(one), one.amount.value, one.amount.unit, one.amount.qualifier)
                self.done.append((Pair(one), item))
            else:
                self.people = (self.people or 0) + one.amount.value

    def _is_head_count(self, said: Said) -> bool:
        """ "Thành viên tham gia: 6": a line's label names the team's own people."""
        tokens = self.found.tokens
        if (
            said.amount.noun != "bare"
            or said.amount.why is not None
            or not tokens[max(0, said.first - 1)].is_sign(":=-")
        ):
            return False
        start = said.first - 1
        while start > 0 and not self.found.breaks[start]:
            start -= 1
        label = range(start, said.first)
        words = [at for at in label if tokens[at].kind == "word"]
        is_named = any("volunteer" in hit.tags for at in label for hit in self.found.hits[at][:1]) or any(
            tokens[at].says("quân", "lực", "nhân") and tokens[at + 1].says("số", "lượng", "sự") for at in label
        )
        return is_named and len(words) <= 5

    def _are_public(self, said: Said) -> bool:
        """Người dân, bà con, cụ, hội viên: not the team, though they took part."""
        noun = self.found.tokens[max(said.first, said.end - 3) : said.end]
        return any(token.says("dân", "bà", "cụ", "hội", "học", "phụ", "nông", "khách", "chúng", "cô") for token in noun)

    def _is_team(self, at: int) -> bool:
        token = self.found.tokens[at]
        return token.text.lower() == "tổ" or (
            token.key == "to" and token.is_bare and self.found.tokens[at - 1].says("làm")
        )

    def _is_helped(self, at: int) -> bool:
        """ "hướng dẫn nhóm tổ hợp tác 7 chị": a group that was helped."""
        return any(
            token.says("dẫn", "giúp", "dạy", "chỉ", "trợ", "hd") for token in self.found.tokens[max(0, at - 2) : at]
        )

    def _is_with_me(self, at: int) -> bool:
        """ "em đi với 4 chị", "tui cùng 2 bạn" """
        before = self.found.tokens[max(0, at - 3) : at]
        if len(before) < 2:
            return False
        last = [token.key for token in before[-2:]]
        if last in (
            ["di", "co"],
            ["chung", "toi"],
            ["tui", "em"],
            ["tui", "tui"],
            ["bon", "em"],
            ["nhom", "em"],
            ["to", "em"],
        ):
            return True  # "đi có 3 người", "tụi em 6 người"
        if before[-1].says("góp", "cử") or (before[-2].says("huy") and before[-1].says("động")):
            return True
        if not before[-1].says("với", "cùng", "chung"):
            return False
        return any(
            token.says("em", "tui", "tôi", "mình", "con", "cháu", "e") or token.text == "đi" for token in before[:-1]
        )

    def _is_own_people(self, one: Pair) -> bool:
        """The team's own people: who took part, not who was helped."""
        amount = one.said.amount
        found = self.found
        has_class = any(topic.code in (self.class_code, self.attendee) for topic in found.topics)
        meets = amount.is_person and any(
            topic.code == self.words.owner(MEETING) and found.tokens[topic.end - 1].says("tổ") for topic in found.topics
        )
        if self._is_head_count(one.said) or (meets and not has_class):
            self.people = (self.people or 0) + amount.value
            return True
        near = (
            any(name == "participants" and 0 <= at - amount.end <= 3 for at, _, name in found.marks)
            and amount.is_person
        )
        before = found.tokens[max(0, amount.first - 3) : amount.first]
        names = ("tổ", "đội", "tụi", "nhóm", "team", "hình")
        start = amount.first - len(before)
        named = [
            place for place, token in enumerate(before, start) if token.says(*names) and not self._is_helped(place)
        ]
        of_team = (
            amount.is_person
            and bool(named)
            and not any(
                "action" in hit.tags for place in range(named[-1] + 1, amount.first) for hit in found.hits[place]
            )
        )
        after = found.tokens[amount.end : amount.end + 1]
        of_team = of_team or (
            amount.is_person
            and any(self._is_team(at) for at in range(amount.end, min(amount.end + 3, len(found.tokens))))
        )
        has_class = any(topic.code in (self.class_code, self.attendee) for topic in found.topics)
        near = (near and not has_class and amount.unit == "người" and not self._are_public(one.said)) or (
            amount.is_person
            and any(token.says("đi", "chia") for token in after)
            and not any(token.says("học") for token in found.tokens[amount.end + 1 : amount.end + 2])
        )
        near = near or (amount.is_person and self._is_with_me(amount.first))
        of_team = of_team or (
            amount.is_person
            and any(
                "volunteer" in hit.tags and hit.end == amount.first
                for at in range(max(0, amount.first - 4), amount.first)
                for hit in found.hits[at]
            )
        )
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
        if parent is None or parent.said.is_off:
            return False
        amount = one.said.amount
        if (
            one.group is None
            and amount.is_person
            and (parent.said.amount.is_person or parent.said.amount.noun == "bare")
        ):
            return True
        if one.group is not None:
            codes = {topic.code for topic in one.group.topics}
            is_same = amount.noun == "unit" and amount.unit == parent.said.amount.unit
            events = all(self.words.own_unit[code] in EVENT_UNITS for code in codes)
            return codes == {self._code(parent)} or (is_same and events)
        return (
            amount.noun != "unit" or amount.own in (None, self._code(parent)) or amount.unit == parent.said.amount.unit
        )

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
            is_added = (
                is_added
                or all(one.listing is not None for one, _ in same[:-1])
                or all(one.listing is not None for one, _ in same[1:])
                or all(one.group is None and one.said.amount.own is None for one, _ in same[:-1])
                or (len(named) == len(same) and "" not in named)
            )
            values = tuple(item.count for _, item in same)
            if is_added or len(set(labels)) == len(labels):
                wholes = [item.of for _, item in same]
                whole = sum(part for part in wholes if part) if all(wholes) else None
                self.items.append(replace(first, count=sum(values), of=whole))
            else:
                self.ask.append(Question(first.category, "two_readings", values, first.unit))

    def _drop_twins(self) -> None:
        """ "tặng sim cho 20 hộ, 20 sim": the same twenty, told twice?"""
        seen: dict[tuple[str, int], list[Item]] = {}
        for item in self.items:
            seen.setdefault((item.category, item.count), []).append(item)
        for (code, count), twins in seen.items():
            if len(twins) > 1 and count and any(item.unit in ("hộ", "người") for item in twins):
                self.items = [item for item in self.items if item not in twins]
                self.ask.append(Question(code, "two_readings", (count,)))

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
            none = [
                end
                for start, end, name in found.marks
                if start == at
                and (name in ("no", "nothing") or (name == "not yet" and found.tokens[end - 1].says("có")))
            ]
            if not none or any(topic.end <= said.first < none[0] + 2 for said in found.said):
                continue
            end = none[0]
            while end < len(found.tokens) and found.tokens[end].says("có", "ai", "ạ", "hết", "luôn", "nào", "em"):
                end += 1
            is_last = end >= len(found.tokens) or found.breaks[end] or found.tokens[end].kind == "sign"
            if is_last or any(other.first == end for other in found.topics):
                self.items.append(Item(topic.code, 0, self.words.own_unit[topic.code]))
                topic.is_off = True


def _link(pairs: list[Pair]) -> None:
    """Lets each know its neighbours, and the whole that it may be a part of."""
    whole: Pair | None = None
    for place, one in enumerate(pairs):
        one.previous = pairs[place - 1] if place else None
        one.following = pairs[place + 1] if place + 1 < len(pairs) else None
        one.whole = whole
        whole = whole if one.said.is_part else one
