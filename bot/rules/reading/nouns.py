"""What a number counts: người, hộ, hồ sơ; or money, time, an age, a place, a thing, nothing known."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.reading.phrases import Hit, Lexicon
from bot.rules.reading.quantities import Quantity, is_marked
from bot.rules.reading.rows import Rows
from bot.rules.reading.words import EVENT_UNITS, PERSON_UNITS
from bot.rules.vietnamese.numerals import Tokens

_NO_COUNT = 1_000_000  # so many of anything were never done: "mất 5tr vì tin app giả"
_OF_DAYS = ("qua", "nay", "rày", "giờ", "kia", "ni")
_GLUED_ONLY = ("h", "g", "p", "t", "k", "đ", "tr", "m", "n", "d", "c", "a")


class Nouns:
    """Those of one message. `heads`: nouns whose number follows; `begins`: where one more of a row begins."""

    def __init__(self, tokens: Tokens, hits: list[tuple[Hit, ...]], breaks: list[int], lexicon: Lexicon) -> None:
        self.tokens = tokens
        self.breaks = breaks
        self.hits = hits
        self.lexicon = lexicon
        self.is_marked = is_marked(tokens)
        rows = Rows(tokens, hits, breaks)
        self.heads, self.begins = rows.heads, rows.begins

    def with_noun(self, quantity: Quantity) -> Quantity:
        kind, unit, end, volunteer, own = self.noun(quantity.end)
        last = self.tokens[quantity.end - 1]
        is_sum = last.text.lower() in ("k", "tr") or last.says("triệu", "tỷ")
        is_sum = is_sum or any(
            token.text.lower() == "tr" or token.says("triệu", "tỷ")
            for token in self.tokens[quantity.first : quantity.end]
        )
        spent = self.tokens[max(0, quantity.first - 5) : quantity.first]
        is_price = last.says("ngàn", "nghìn") and any(
            token.says(
                "mua", "chi", "tốn", "giá", "xăng", "tiền", "phí", "thưởng", "đóng", "tặng", "nạp", "biếu", "rút", "trả"
            )
            for token in spent
        )
        if kind == "bare" and is_price and not self.topic_at(end):
            kind = "money"
        spends = any(token.says("tiền", "xăng", "phí", "giá") for token in spent)
        if is_sum and spends and kind != "money" and not self.topic_at(end):
            kind, unit, own, end, volunteer = "money", "", None, quantity.end, False
        if kind == "bare" and is_sum and quantity.value >= _NO_COUNT:
            kind = "money"
        if kind == "bare" and is_sum and not self.topic_at(end) and (quantity.value >= 1000 or quantity.why):
            kind = "money"
        if kind == "bare" and is_sum and quantity.value >= 1000 and self.tokens[end].says("quét", "trả", "chuyển"):
            kind = "money"  # "ly cà phê 15k quét mã"
        if tuple(token.key for token in self.tokens[max(0, quantity.first - 2) : quantity.first]) == ("tri", "gia"):
            kind, unit, own, volunteer = "thing", "", None, False  # "trị giá 3 bộ máy là 36 triệu"
        if kind == "bare" and quantity.why == "not_whole" and not self.topic_at(end):
            kind = "bare"
        following = self.tokens[quantity.end : quantity.end + 3]
        if kind == "bare" and len(following) == 3 and following[0].is_sign(",-–") and following[2].says("tuổi"):
            kind = "age" if following[1].kind == "number" else kind  # "toàn 60, 70 tuổi"
        before = self.tokens[max(0, quantity.first - 3) : quantity.first]
        is_helped = any(token.says("cho", "giúp", "dẫn", "chỉ", "dạy") for token in before)
        volunteer = volunteer and not is_helped and not self._is_done_for(quantity.first)
        if unit in ("lượt", "lần") and any(
            token.says("sẻ", "xem", "like", "thích", "view", "cập", "tác") for token in before
        ):
            own = None
        if unit == "máy" and any(token.says("cài") for token in before):
            own = None
        first_noun = self.tokens[quantity.end] if quantity.end < len(self.tokens) else None
        if first_noun is not None and first_noun.says("cái", "chiếc"):
            quantity = replace(quantity, is_piece=True)
        return replace(quantity, noun=kind, unit=unit, end=end, is_volunteer=volunteer, own=own)

    def noun(self, at: int) -> tuple[str, str, int, bool, str | None]:
        """Kind, unit, end, whether it is the team's own people, and the category that the unit belongs to."""
        bare = ("bare", "", at, False, None)
        if at >= len(self.tokens) or self.breaks[at]:
            return bare
        token = self.tokens[at]
        if token.is_sign("%"):
            return "percent", "", at + 1, False, None
        if token.kind == "sign" and token.text in "$₫":
            return "money", "", at + 1, False, None
        if token.kind != "word":
            return bare
        if token.text.lower() in ("nam", "nữ") and any(one.text.lower() == "nữ" for one in self.tokens):
            return "unknown", "", at + 1, False, None  # "18 nữ với 13 nam"
        if token.says("sáng", "chiều", "tối") and self.tokens[at - 1].text.lower() == "một":
            return "time", "", at + 1, False, None  # "chỉ một sáng mà …"
        if token.text.lower() == "co" and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "number":
            return bare  # "Tan Thach 2 co 33 nguoi"
        if token.text == "to" and not self.is_marked and not self.topic_at(at):
            is_team = any(one.key in ("kien", "vien", "lap") for one in self.tokens)
            return ("thing", "", at + 1, False, None) if is_team else bare  # tổ or tờ
        if token.says("bữa", "hôm") and at + 1 < len(self.tokens) and self.tokens[at + 1].says(*_OF_DAYS):
            return bare if self.tokens[at + 1].says("qua") else ("time", "", at + 1, False, None)
        if token.says("buổi") and self._is_session(at):
            return "unit", "buổi", at + 1, False, self.lexicon.owner("buổi")
        if token.says("chỉ", "kế") and at + 2 < len(self.tokens) and self.tokens[at + 1].says("tiêu", "hoạch"):
            aimed = self.noun(at + 2)
            return aimed if aimed[0] == "unit" else bare
        if token.says("phần") and at + 1 < len(self.tokens) and self.tokens[at + 1].says("trăm"):
            return "percent", "", at + 2, False, None
        hits = self.hits[at]
        if token.is_bare and self._is_no_person(at):
            hits = tuple(hit for hit in hits if hit.end > at + 1)
        if not hits:
            is_short = len(token.text) == 1 and token.glued
            return ("unknown", "", at + 1, False, None) if token.kind == "word" and not is_short else bare
        return self._known_noun(at, hits)

    def _is_done_for(self, at: int) -> bool:
        """ "cài VssID 3 đồng chí": what was done stands right before."""
        for start in range(max(0, at - 6), at):
            hit = self.hits[start][0] if self.hits[start] else None
            if hit is not None and hit.end == at and hit.codes and not hit.unit:
                return self.lexicon.own_unit[hit.codes[0]] not in EVENT_UNITS
        return False

    def _is_session(self, at: int) -> bool:
        """ "dạy kns 1 buổi tối", "trực 1 buổi sáng nay": a session that was held in the evening, in the morning."""
        following = self.tokens[at + 1 : at + 2]
        is_part = bool(following) and following[0].says("sáng", "trưa", "chiều", "tối")
        return is_part and any(
            token.says("dạy", "lớp", "huấn", "kns", "trực") for token in self.tokens[max(0, at - 10) : at]
        )

    def _is_no_person(self, at: int) -> bool:
        """A bare "di" is to go and "ma" a code rather than an aunt and a mother."""
        key = self.tokens[at].key
        if key == "ma" and self.topic_at(at):
            return False  # "9 ma qr"
        if key in ("di", "ma", "cau", "mo", "do", "o") and not self.is_marked:
            return True
        before = self.tokens[max(0, at - 3) : at - 1]
        return key == "anh" and any(token.says("chụp", "gửi", "gởi", "hình", "đăng") for token in before)

    def _known_noun(self, at: int, hits: tuple[Hit, ...]) -> tuple[str, str, int, bool, str | None]:
        bare = ("bare", "", at, False, None)
        token = self.tokens[at]
        hit = hits[0]
        if token.text.lower() in _GLUED_ONLY and not token.glued:
            hits = tuple(one for one in hits if one.end > at + 1)
            if not hits:
                return bare
            hit = hits[0]
        if "classifier" in hit.tags and not hit.unit:
            inner = self.noun(hit.end)
            if inner[0] == "bare" and token.says("trường") and not self.topic_at(hit.end):
                return "unit", "trường hợp", hit.end, False, None
            if inner[0] == "bare" and token.says("đứa", "thằng") and not self.topic_at(hit.end):
                return "unit", "người", hit.end, False, self.lexicon.owner("người")
            return inner if inner[0] != "unknown" else ("unknown", "", hit.end, False, None)
        for kind in ("money", "time", "age"):
            if kind in hit.tags and not hit.unit:
                return kind, "", hit.end, False, None
        if at in self.heads or (hit.unit and hit.codes and self._heads(at, hit)):
            return bare
        if hit.unit and not self._is_address(at, hit):
            own = hit.codes[0] if len(hit.codes) == 1 else self.lexicon.owner(hit.unit)
            return "unit", hit.unit, hit.end, "volunteer" in hit.tags, own
        counted = next((one for one in hits[1:] if one.unit and set(one.codes) & set(hit.codes)), None)
        if counted is not None:
            # "10 sản phẩm lên sàn" is a category's name too.
            has_more = any(one.codes for place in range(counted.end, hit.end) for one in self.hits[place])
            return "unit", counted.unit, counted.end if has_more else hit.end, False, counted.codes[0]
        if "place" in hit.tags and hit.codes and not hit.unit:
            return "place", "", hit.end, False, None  # "21 trung tâm hành chính công có 168 tình nguyện viên"
        if hit.codes:
            # "tài khoản dvc": the unit is the beginning of the topic, which is read again.
            unit = next((one for one in hits[1:] if self._is_unit_of(one, hit)), None)
            return ("unit", unit.unit, at, False, None) if unit else bare
        if "thing" in hit.tags and self.topic_at(hit.end) and token.says("app", "ứng", "phần", "việc", "phiên"):
            return bare
        if "unit name" in hit.tags and token.says("tổ") and hit.end > at + 2:
            return "thing", "", hit.end - 1, False, None  # "9 tổ công nghệ số ấp"
        if "unit name" in hit.tags and hit.end < len(self.tokens) and self.tokens[hit.end].kind == "number":
            return bare  # "ấp 2 được 5 ấp 3 được 7": the place that follows has its own number
        for kind in ("place", "thing"):
            if kind in hit.tags:
                noun = " ".join(one.text.lower() for one in self.tokens[at : hit.end])
                return kind, noun if kind == "place" else "", hit.end, False, None
        if token.says("nhà") and hit.end == at + 2 and any("kin" in one.tags for one in self.hits[at + 1]):
            return "unit", "hộ", at + 1, False, self.lexicon.owner("hộ")  # "chín nhà, anh Ba …"
        if (
            token.says("người")
            and "other" in hit.tags
            and hit.end == at + 2
            and self.tokens[at + 1].says("nhà", "thân")
        ):
            return "unit", "người", at + 1, False, self.lexicon.owner("người")  # "ba người nhà chị Năm"
        if "other" in hit.tags and len(hit.tags) == 1:
            return "unknown", "", hit.end, False, None
        return bare

    def _is_unit_of(self, unit: Hit, topic: Hit) -> bool:
        """ "tài khoản" of "tài khoản dvc"; not "gia đình" of "gia đình số"."""
        owner = self.lexicon.owner(unit.unit) if unit.unit else ""
        is_person = unit.unit in PERSON_UNITS and not unit.is_bare and "kin" not in unit.tags
        return owner is None or is_person or (owner in topic.codes and not unit.is_bare and "kin" not in unit.tags)

    def _heads(self, at: int, hit: Hit) -> bool:
        """ "dvc:7 ho:20", "dvc 7 ho 20": the word belongs to the number that follows."""
        tokens = self.tokens
        if hit.end + 1 < len(tokens) and tokens[hit.end].is_sign(":=") and tokens[hit.end + 1].kind == "number":
            return True
        if hit.end >= len(tokens) or tokens[hit.end].kind != "number" or tokens[hit.end].begins_line or at < 2:
            return False
        after = hit.end + 1
        is_bare = after >= len(tokens) or tokens[after].kind == "sign" or not self.unit_at(after)
        return is_bare and any(one.codes and one.end == at - 1 for one in self.hits[at - 2])

    def _is_address(self, at: int, hit: Hit) -> bool:
        """Who is spoken to rather than counted: "được 12 anh ơi", "12 em ạ", "duoc 12 nha"."""
        if hit.end != at + 1:
            return False
        following = self.tokens[hit.end] if hit.end < len(self.tokens) else None
        if self.tokens[at].text.lower() == "nha":
            if self.is_marked:
                return True
            before = self.tokens[:at]
            goes = any(
                one.says("đi", "ghé", "đến", "thăm", "xuống", "vô", "gõ", "hết", "từng", "tới") for one in before
            )
            is_first = at > 1 and self.tokens[at - 2].is_sign(":")  # "chị Năm: 5 nha, 3 nguoi"
            if is_first or (following is not None and following.says("do", "vì", "mà", "thôi", "tại")):
                return False  # "chi dc 3 nha do nuoc lon"
            is_counted = (
                following is not None
                and hit.end < len(self.hits)
                and bool({"verb"} & (self.hits[hit.end][0].tags if self.hits[hit.end] else frozenset()))
            )
            return not goes and not is_counted
        if not ({"kin", "filler"} & hit.tags):
            return False
        if self.tokens[at].says("bạn") and any(token.says("lớp") for token in self.tokens[max(0, at - 4) : at]):
            return False  # "mỗi lớp 25 bạn nha"
        if following is not None and following.says("ơi", "ạ", "nha", "nhé", "nghen", "à", "nhe", "hen"):
            return True
        is_pupil = any(token.says("sinh", "cháu", "bé", "nhi", "em") for token in self.tokens[max(0, at - 10) : at])
        return self.tokens[at].says("em") and (following is None or following.kind == "sign") and not is_pupil

    def unit_at(self, at: int) -> bool:
        return at < len(self.hits) and any(hit.unit for hit in self.hits[at][:1])

    def topic_at(self, at: int) -> bool:
        return at < len(self.hits) and any(hit.codes for hit in self.hits[at][:1])
