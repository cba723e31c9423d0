"""Kinds of activity that a message names, and how clearly: alone, aside, before its number, as a mere unit."""

from __future__ import annotations

from bot.rules.reading.message import LINE, NONE, Scan, Topic
from bot.rules.reading.nouns import Nouns
from bot.rules.reading.phrases import Hit, Lexicon
from bot.rules.reading.words import ATTENDEE, DUTY, EVENT_UNITS, PERSON_UNITS, SHARED_UNITS
from bot.rules.vietnamese.numerals import read_numeral

_SPOKEN = frozenset(("mot", "hai", "ba", "bon", "nam", "sau", "bai", "tam", "chin", "muoi", "ham", "tram"))
_THINGS = ("sơ", "hs", "khoản", "tk")


class Topics:
    """Takes them down."""

    def __init__(self, found: Scan, lexicon: Lexicon, nouns: Nouns) -> None:
        self.found = found
        self.tokens = found.tokens
        self.hits = found.hits
        self.lexicon = lexicon
        self.nouns = nouns
        self.clear_verbs = (lexicon.owner(DUTY), lexicon.owner("số hóa"))

    def take(self, at: int, hit: Hit) -> None:
        is_general = bool(hit.unit) or "verb" in hit.tags or (hit.is_bare and hit.end == at + 1)
        is_context = bool(hit.unit) and hit.unit not in SHARED_UNITS and hit.unit not in PERSON_UNITS
        following = self.hits[at + 1][:1] if at + 1 < len(self.hits) else ()
        is_group = self.tokens[at].says("nhóm") and hit.end == at + 1
        if is_group and (not self.has_groups() or any("kin" in one.tags for one in following)):
            return  # "nhóm anh Ba"
        if is_context and not self.is_headed(hit.end):
            self.found.topics.append(Topic(at, hit.end, self.chosen(hit.codes), is_weak=True))
            return
        before = self.hits[at - 1] if at else ()
        is_made = any("action" in one.tags and one.end == at for one in before) and hit.unit in ("hồ sơ", "gian hàng")
        if (
            hit.unit
            and not is_made
            and (not self.is_headed(hit.end) or (at and self.tokens[at - 1].says("mỗi", "từng", "một")))
        ):
            return
        if hit.is_bare and not self.is_headed(hit.end, bool(hit.unit)) and not self._is_led(at):
            return
        if hit.unit in PERSON_UNITS and self._is_for_whom(at):
            return
        if hit.unit in PERSON_UNITS and hit.end < len(self.tokens) and self.tokens[hit.end].says("dự", "học"):
            return  # "người dự: 57"
        before = self.hits[at - 1] if at else ()
        longer = self.hits[at - 2] if at > 1 else ()
        # "tối qua phát loa"; who went to a class yesterday attended it themselves
        is_day = any(day.end == at for day in self.found.days) and self.lexicon.owner(ATTENDEE) not in hit.codes
        is_aside = not is_day and any("aside" in one.tags and one.end == at for one in (*before[:1], *longer[:1]))
        if not is_aside and not hit.is_bare:
            is_aside = any(
                token.says("để", "nhằm") and max(self.found.breaks[place : at + 1]) == NONE
                for place, token in enumerate(self.tokens[max(0, at - 5) : at], max(0, at - 5))
            )
        is_aside = is_aside and not self._is_sold_there(at)
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
        is_aside = is_aside or (is_market and not self.is_headed(hit.end))
        code = self.chosen(hit.codes)
        is_set_up = (
            hit.is_bare and at > 0 and self.tokens[at - 1].key in ("mo", "cai", "nop", "dk", "lam", "tao", "lap")
        )  # "mo vi"
        is_weak = is_general and not is_set_up and not hit.unit and code not in self.clear_verbs
        unit = hit.unit or ("người" if self.tokens[at].says("người") else "")  # "người học"
        self.found.topics.append(Topic(at, hit.end, code, is_weak, is_aside, unit=unit))

    def _is_for_whom(self, at: int) -> bool:
        """ "hồ sơ DVC nộp hộ bà con là 6": for them; what was done is named before."""
        if at == 0 or not self.tokens[at - 1].says("cho", "hộ", "giùm", "dùm", "giúp"):
            return False
        last = self.found.topics[-1] if self.found.topics else None
        return last is not None and max(self.found.breaks[last.end : at + 1]) == NONE

    def _is_sold_there(self, at: int) -> bool:
        """ "đã bán hàng trên Postmart"; who was only urged to has not yet."""
        sells = at > 1 and self.tokens[at - 1].says("trên") and self.tokens[at - 2].says("hàng")
        return sells and not any(token.says("vận", "động") for token in self.tokens[max(0, at - 9) : at])

    def _joins(self, at: int) -> int | None:
        """ "tích hợp thẻ bảo hiểm lên VNeID": where the joining begins; what it is joined to was not set up."""
        for place in range(at - 2, max(-1, at - 9), -1):
            if self.found.breaks[place + 1] or self.tokens[place].kind == "number":
                return None
            if self.tokens[place].says("hợp", "bộ") and place and self.tokens[place - 1].says("tích", "đồng"):
                return place
        return None

    def chosen(self, codes: tuple[str, ...]) -> str:
        return min(codes, key=lambda code: self.lexicon.order[code])

    def _is_purpose(self, verb: int) -> bool:
        return bool(verb) and self.tokens[verb - 1].says("để", "nhằm")

    def is_headed(self, at: int, is_unit: bool = True) -> bool:
        """A unit word is a topic only where its number follows: "ho: 20", "hồ sơ được 12"; not "bà con 6 hồ sơ"."""
        is_explicit = at < len(self.tokens) and self.tokens[at].is_sign(":=")
        if is_unit and at - 1 in self.nouns.heads:
            return True
        if is_unit and not is_explicit and self._is_label(at):
            return True
        is_thing = at > 0 and self.tokens[at - 1].says(*_THINGS) and self._is_only_thing()
        is_visited = 0 < at < len(self.tokens) and self.tokens[at - 1].says("hộ") and self.tokens[at].says("được")
        is_thing = is_thing or is_visited
        if is_unit and (self._is_kind_of(at) or self._is_told_as(at) or (is_thing and self._ends_piece(at))):
            return True
        while at < len(self.tokens) and (
            self.tokens[at].is_sign(":=-–>")
            or self.tokens[at].says("là", "được", "đạt", "dc", "đc", "có", "khoảng", "thì")
            or (self.tokens[at].says("đi", "vô", "tới", "ghé", "mở", "mới") and self.tokens[at - 1].says("thì", "mở"))
            or (self.tokens[at].says("đúng") and self.tokens[at + 1 : at + 2] and self.tokens[at + 1].says("là"))
        ):
            at += 1
        if at >= len(self.tokens) or self.found.breaks[at] != NONE:
            return False
        if self.tokens[at].kind == "word" and is_unit:
            return self._is_spoken(at)
        if self.tokens[at].kind not in ("number", "odd"):
            return False
        if is_unit and not is_explicit and at + 1 < len(self.hits):
            people = any(hit.unit in PERSON_UNITS and hit.end == at for near in self.hits[at - 2 : at] for hit in near)
            is_piece = people and any("classifier" in hit.tags for hit in self.hits[at + 1][:1])
            if is_piece and self.tokens[at].kind == "number":
                return False  # "bà con 9 ca nộp hồ sơ"
        is_last = at + 1 < len(self.tokens) and self.found.breaks[at + 1] >= LINE
        return is_explicit or not is_unit or is_last or not self.nouns.unit_at(at + 1) or self._is_number(at + 2)

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

    def _is_told_as(self, at: int) -> bool:
        """ "số hộ vận động đúng là 23", "số hộ đã đến là hai mươi hai" """
        if at < 2 or self.tokens[at - 2].key != "so":
            return False
        for place in range(at, min(at + 7, len(self.tokens) - 1)):
            if self.tokens[place].says("là") or self.tokens[place].is_sign(":"):
                return read_numeral(self.tokens, place + 1) is not None
            is_topic = any(hit.codes and "verb" not in hit.tags for hit in self.hits[place][:1])
            if self.tokens[place].kind == "sign" or is_topic:
                return False
        return False

    def _is_only_thing(self) -> bool:
        """But for parts of it: "hồ sơ nộp trực tuyến 23, trong đó 5 hs hộ tịch"."""
        parts = next((end for end, one in enumerate(self.tokens) if one.says("đó", "gồm")), len(self.tokens))
        return sum(one.says(*_THINGS) for one in self.tokens[:parts]) == 1

    def _ends_piece(self, at: int) -> bool:
        """ "hồ sơ nộp giúp dân 17": the noun begins what is said, its number ends it."""
        start = at - (2 if self.tokens[at - 1].says("sơ", "khoản") else 1)
        if start > 0 and not self.found.breaks[start] and self.tokens[start - 1].kind != "sign":
            return False
        for place in range(at, min(at + 8, len(self.tokens))):
            if self.tokens[place].kind == "number":
                is_last = place + 1 >= len(self.tokens) or self.tokens[place + 1].is_sign(",;.")
                return place > at + 1 and is_last
            if self.tokens[place].is_sign(":") and place > at and self._is_number(place + 1):
                continue
            is_counted = any(hit.codes and "verb" not in hit.tags for hit in self.hits[place][:1])
            if self.tokens[place].kind != "word" or is_counted or "unit name" in self._tags(place):
                return False
        return False

    def _tags(self, at: int) -> frozenset[str]:
        return self.hits[at][0].tags if self.hits[at] else frozenset()

    def _is_spoken(self, at: int) -> bool:
        """ "hộ ba mươi hai": a number in words that counts nothing after it."""
        token = self.tokens[at]
        is_clear = not token.is_bare or (self.nouns.is_marked and token.key in ("ba", "hai"))
        if token.key not in _SPOKEN or not is_clear:
            return False
        numeral = read_numeral(self.tokens, at)
        if numeral is None or numeral.value is None:
            return False
        return numeral.end >= len(self.tokens) or self.tokens[numeral.end].kind == "sign"

    def _is_number(self, at: int) -> bool:
        """ "hộ 120 người 200": each word before its number."""
        return at < len(self.tokens) and self.tokens[at].kind == "number" and not self.nouns.unit_at(at + 1)

    def _is_label(self, at: int) -> bool:
        """ "Hộ được tiếp cận: 26": a line's label begins with what is counted."""
        if at < 1 or (
            at > 1
            and not self.found.breaks[at - 1]
            and not (self.found.breaks[at - 2] and any(hit.end == at for hit in self.hits[at - 2]))
            and not self.tokens[at - 2].says("số", "tổng")
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
        if at + 1 < len(self.tokens) and self.tokens[at + 1].is_sign(":"):
            return True
        at_work = at + 1 < len(self.tokens) and self.tokens[at + 1].says(
            "ở", "tại", "ủy", "ubnd", "một", "bộ", "trung", "bên", "hcc", "pvhcc"
        )
        if self.tokens[at].key == "truc" and at_work:
            return True
        if at == 0:
            return False
        before = self.tokens[at - 1]
        makes = before.kind == "word" and before.key in ("mo", "cai", "lam", "tao", "lap", "xai", "dung", "dk", "co")
        is_counted = bool(self.found.said) and self.found.said[-1].end == at
        is_verb = any("verb" in hit.tags for hit in self.hits[at][:1])
        if is_counted and self.found.said[-1].amount.is_volunteer:
            return True  # "3 anh em truc"
        return makes or ((is_counted or before.kind == "number") and not is_verb)

    def is_times(self, at: int) -> bool:
        """ "5 lần" """
        return self._is_number(at) and at + 1 < len(self.tokens) and self.tokens[at + 1].says("lần")

    def is_being_changed(self, at: int) -> bool:
        """ "sửa số hộ hôm qua từ 12 thành 14" """
        return any(token.says("từ") for token in self.tokens[at : at + 4]) and any(
            token.says("sửa", "đổi", "chỉnh") for token in self.tokens[:at]
        )

    def runs_on(self, at: int, hit: Hit) -> bool:
        """ "đến nhà văn hóa" is no visit to a house: the last word begins a longer one."""
        if hit.end - at < 2:
            return False
        following = self.hits[hit.end - 1]
        if following and "number name" in following[0].tags and not self._is_number(following[0].end):
            return False  # "chữ ký số nha anh": no number of a house
        return bool(following) and following[0].end > hit.end and bool({"place", "other"} & following[0].tags)

    def has_groups(self) -> bool:
        """Whether groups on the net are spoken of, rather than groups of people."""
        words = ("zalo", "lập", "tạo", "mở", "oa", "facebook", "fb", "viber", "group")
        return any(token.says(*words) for token in self.tokens)
