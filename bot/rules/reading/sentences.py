"""What a whole sentence makes of its figures: questions, corrections, what a class or a post is about."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from bot.rules.reading.message import LINE, NONE, STOP, Said, Scan, Topic
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.words import ATTENDEE, CLASS, EVENT_UNITS


class Sentences:
    """Switches off what one message does not report."""

    def __init__(self, found: Scan, words: Lexicon) -> None:
        self.found = found
        self.words = words
        self.attendee, self.class_code = words.owner(ATTENDEE), words.owner(CLASS)

    @property
    def is_correction(self) -> bool:
        return any(self._corrects(*mark) for mark in self.found.marks) or self._is_arrow()

    def _corrects(self, at: int, end: int, name: str) -> bool:
        """Words like "sửa" and "đếm lại" correct a number only where one follows in the sentence."""
        tokens, breaks = self.found.tokens, self.found.breaks
        if name not in ("correction", "denied"):
            return False
        is_weak = name == "denied" or (tokens[at].says("sửa") and end == at + 1) or tokens[end - 1].says("lại")
        if not is_weak:
            return True
        stop = next((place for place in range(end, len(tokens)) if breaks[place] >= LINE), len(tokens))
        follows = any(end <= one.first < stop for one in self.found.said) or any(
            end <= topic.first < min(stop, end + 4) for topic in self.found.topics
        )
        starts = name == "correction" and sum(token.kind == "word" for token in tokens[:at]) <= 3
        return follows or starts

    def settle(self) -> None:
        self.drop_questions()
        self.doubt_corrected()
        self.doubt_alternatives()
        self.drop_whole_times()
        if self.is_correction:
            self.drop_replaced()
        self.drop_contents()
        self.drop_named()

    def drop_whole_times(self) -> None:
        """Figures of a longer time, where the day's own stand beside them."""
        said = self.found.said
        if any(not one.is_off and not one.is_cumulative for one in said):
            for one in said:
                one.is_off = one.is_off or one.is_cumulative

    def _is_arrow(self) -> bool:
        """ "vneid 8 → 10", "18 thành 16" """
        for left, right in pairwise(self.found.said):
            between = "".join(token.text.lower() for token in self.found.tokens[left.end : right.first])
            if between not in ("→", "->", "=>", "➡", "-->", "thành", "thanh"):
                continue
            before = [one.amount.value for one in self.found.said if one.first < right.first]
            if len(before) < 2 or sum(before) != right.amount.value:
                return True  # not "2 khai tử, 1 kết hôn, 4 thường trú => 7 hs"
        return False

    def drop_questions(self) -> None:
        """A sentence that asks tells no figures."""
        found = self.found
        starts = [0, *(at for at in range(1, len(found.tokens)) if found.breaks[at] in (LINE, STOP))]
        for start, stop in pairwise([*starts, len(found.tokens)]):
            if stop > start and self._is_question(start, stop):
                for one in found.everything:
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
        told = any(start <= topic.first < stop for topic in self.found.topics) and any(
            one.amount.why is None and start <= one.first < stop and not one.is_off for one in self.found.said
        )
        if "?" in ends and any(token.is_sign("=:") for token in tokens[max(start, stop - 2) : stop]):
            return False  # "VNeID=?"
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
        return (has_word and not certain) or (is_yes_no and not certain and not told and not has_colon)

    def doubt_corrected(self) -> None:
        """ "6 ng nha anh, à 7 ng": said anew without saying that it was wrong."""
        tokens = self.found.tokens
        for left, right in pairwise([one for one in self.found.said if not one.is_off]):
            before = tokens[right.first - 1] if right.first else None
            same = left.amount.unit == right.amount.unit and left.amount.why is None and right.amount.why is None
            if (
                before is not None
                and before.text.lower() in ("à", "ý", "í", "ủa", "quên")
                and same
                and right.first - 1 >= left.end
            ):
                is_begun = self.found.breaks[right.first - 1] > NONE
                if is_begun:
                    left.amount = replace(
                        left.amount, why="two_readings", values=(left.amount.value, right.amount.value)
                    )
                    right.is_off = True

    def doubt_alternatives(self) -> None:
        """ "20 người cài VNeID hay 30 gì đó", "8 hay 9 người": one number, and it is not known which."""
        tokens = self.found.tokens
        for left, right in pairwise([one for one in self.found.said if not one.is_off]):
            between = tokens[left.end : right.first]
            is_open = (
                bool(between) and between[-1].says("hay", "hoặc") and "bare" in (left.amount.noun, right.amount.noun)
            )
            if is_open and not any(self.found.breaks[left.end : right.first]):
                left.amount = replace(left.amount, why="range", values=(left.amount.value, right.amount.value))
                if left.amount.noun == "bare":
                    left.amount = replace(
                        left.amount, noun=right.amount.noun, unit=right.amount.unit, own=right.amount.own
                    )
                right.is_off = True

    def drop_replaced(self) -> None:
        """Of "21 thành 12" and "21 nhầm, 12 mới đúng" the first is no more."""
        found = self.found
        said = [one for one in found.said if not one.is_off]
        for one in said:
            after = found.tokens[one.end : one.end + 3]
            is_wrong = any(token.says("nhầm", "lộn", "sai", "trật") for token in after[:2])
            if is_wrong and not any(token.is_sign(",;.") for token in after[:1]):
                one.is_off = True
            led = found.tokens[max(0, one.first - 2) : one.first]
            is_slip = len(led) == 2 and led[0].says("ghi", "báo", "gõ", "bấm") and led[1].says("nhầm", "lộn", "sai")
            is_last = one.end >= len(found.tokens) or found.tokens[one.end].kind == "sign"
            one.is_off = one.is_off or (is_slip and is_last and len(said) > 1)
            in_brackets = one.first > 2 and any(token.is_sign("(") for token in found.tokens[one.first - 3 : one.first])
            if in_brackets and any(token.says("ghi", "báo") for token in led):
                one.is_off = True  # "hộ được vận động 96 (đã ghi 69)"
                continue
            told = not found.has("denied", one.end) and any(
                token.says("ghi", "báo", "nhắn", "gõ", "nói", "gửi", "gởi") for token in led
            )
            later_on = [other for other in said if other.first > one.end and not other.is_off]
            if told and any(other.amount.unit in (one.amount.unit, "") for other in later_on) and len(said) == 2:
                one.is_off = True  # "hồi nãy em ghi 14 hộ, đúng ra 41 hộ"
            stop = next((at for at in range(one.end, len(found.tokens)) if found.breaks[at]), len(found.tokens))
            later = found.tokens[one.end : min(stop, one.end + 7)]
            wrong = ("trật", "sai", "nhầm", "lộn", "dư", "thiếu")
            is_told_wrong = any(
                word.says("là", "bị") and any(after.says(*wrong) for after in later[place + 1 : place + 3])
                for place, word in enumerate(later)
            )
            one.is_off = one.is_off or is_told_wrong
        for left, right in pairwise(said):
            between = found.tokens[left.end : right.first]
            slip = any(token.says("nhầm", "lộn", "sửa", "quên", "đếm", "tính", "kiểm") for token in between)
            rest = (
                "giờ",
                "đếm",
                "tính",
                "kiểm",
                "mới",
                "à",
                "nhầm",
                "lộn",
                "quên",
                "sửa",
                "lại",
                "ủa",
                "ý",
                "í",
                "là",
                "em",
                "chết",
                "xin",
                "dạ",
                "tui",
            )
            if slip and all(token.says(*rest) or token.is_sign(",.;!…") for token in between):
                left.is_off = True
            links = ("thành", "sang", "lên", "xuống", "còn", "mới", "đúng", "là", "mà", "sửa", "lại", "đổi", "phải")
            if between and all(token.says(*links) or token.is_sign("-=>→➡👉") for token in between):
                left.is_off = True
            if left.is_off and right.amount.noun == "bare" and left.amount.noun == "unit" and right.amount.why is None:
                # "9 hộ, đếm lại là 8": eight of the same.
                value, first, end = right.amount.value, right.amount.first, right.amount.end
                right.amount = replace(left.amount, value=value, first=first, end=end)

    def drop_named(self) -> None:
        """The kind of activity goes with the figure that does not count."""
        ends = {one.end: one for one in self.found.said}
        starts = {one.first: one for one in self.found.said}
        for topic in self.found.topics:
            after, before = starts.get(topic.end), ends.get(topic.first)
            if (before is not None and before.is_off) or (before is None and after is not None and after.is_off):
                topic.is_off = True

    def drop_contents(self) -> None:
        """What a class, a post or a leaflet is about is no activity of its own: 2 bài về lừa đảo, 1 lớp VNeID."""
        found = self.found
        contents: list[int] = []
        for at, said in enumerate(found.said):
            if not self._has_content(said):
                continue
            after = found.said[at + 1 : at + 3]
            is_learner = bool(after) and (after[0].amount.is_person or after[0].amount.unit == "tiểu thương")
            if is_learner and said.amount.own == self.class_code:
                # "1 lớp cho 20 cô chú học cài VNeID": the people too are the class's.
                after = after[1:]
            end = after[0].first if after else len(found.tokens)
            contents += [topic.first for topic in self._said_of(said, end)]
        for topic in found.topics:
            if topic.code == self.class_code and any(
                one.amount.is_person and not one.is_off and 0 <= topic.first - one.end <= 2 for one in found.said
            ):
                # "300 hội viên được tập huấn bán hàng trên sàn"
                contents += [one.first for one in found.topics if self._is_run(topic, one)]
        found.topics[:] = [topic for topic in found.topics if topic.first not in contents]

    def _is_run(self, topic: Topic, after: Topic) -> bool:
        """Whether another follows without a stop or a figure between."""
        if after.first <= topic.first or any(topic.end <= one.first < after.first for one in self.found.said):
            return False
        return max(self.found.breaks[topic.end : after.first + 1], default=NONE) == NONE

    def _has_content(self, said: Said) -> bool:
        own = said.amount.own
        if own is None or said.is_off or self.words.own_unit[own] not in EVENT_UNITS:
            return False
        before = self.found.tokens[max(0, said.first - 2) : said.first]
        is_opened = any(token.says("mở", "chức", "dạy", "huấn", "học") for token in before)
        return is_opened or said.amount.unit not in ("buổi", "đợt", "cuộc", "lượt", "lần")

    def _is_new(self, first: int, end: int) -> bool:
        """ "phát 300 tờ rơi và tuyên truyền qua loa": a verb after "và" begins something of its own."""
        found = self.found
        return any(
            found.tokens[at].says("và", "rồi", "còn") and any("verb" in hit.tags for hit in found.hits[at + 1][:1])
            for at in range(first, end - 1)
        )

    def _said_of(self, said: Said, end: int) -> list[Topic]:
        """The topics that follow at once, without a stop, in what is counted."""
        found = self.found
        own = (said.amount.own, self.attendee)
        first = next((at for at, topic in enumerate(found.topics) if topic.first >= said.end), len(found.topics))
        topics: list[Topic] = []
        for topic in found.topics[first:]:
            is_listed = bool(topics) and topic.first == topics[-1].end + 1 and found.tokens[topics[-1].end].is_sign(",")
            if topic.first >= end or (max(found.breaks[said.end : topic.first + 1], default=NONE) and not is_listed):
                break
            if self._is_new(said.end, topic.first):
                break
            if said.amount.unit != self.words.own_unit[topic.code] and topic.code not in own:
                topics.append(topic)
        return topics
