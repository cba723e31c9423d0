"""Words of the grammar and names of kinds of activity as they are met: each is marked where it stands."""

from __future__ import annotations

from dataclasses import replace

from bot.rules.reading.labels import Labels
from bot.rules.reading.message import Scan, Topic
from bot.rules.reading.phrases import Hit, Lexicon
from bot.rules.reading.skips import Names
from bot.rules.reading.topics import Topics
from bot.rules.reading.words import PERSON_UNITS

# The words of the grammar that are marked where they stand.
_MARKS = (
    "plan", "done", "no", "not yet", "failed", "denied", "total", "parts", "each", "also", "background",
    "changed to", "cumulative", "handled", "unsure", "change", "remaining", "target", "wish", "leave", "announce",
    "correction", "question", "thanks", "nothing", "participants", "assign", "note", "gift", "invite", "in charge",
    "off by", "in turn",
)  # fmt: skip

_MUCH = ("hỏi", "đông", "rất", "xài", "dùng", "đi", "nói", "làm", "quá", "mất", "cũng", "còn")
_LEADS_TO_A_LANE = ("ở", "đầu", "trong", "cuối", "vô", "ra", "ngoài", "con", "mấy", "các")


class Marks:
    """Takes them down."""

    def __init__(self, found: Scan, lexicon: Lexicon, names: Names, labels: Labels, topics: Topics) -> None:
        self.found = found
        self.tokens, self.hits = found.tokens, found.hits
        self.lexicon, self.names, self.labels, self.topics = lexicon, names, labels, topics

    def take(self, at: int) -> int:
        """Takes the word of the grammar or the name of a kind of activity that begins here."""
        token, hits = self.tokens[at], self.hits[at]
        if self.labels.is_myself(at):
            self.labels.begin(at, "person")
        if token.text in self.lexicon.order and self.topics.is_headed(at + 1, is_unit=False):
            return self._code(at)
        if not hits or self._is_other_word(at, hits[0]):
            return at + 1
        hit = hits[0]
        if "part of day" in hit.tags:
            self.found.marks.append((at, hit.end, "part of day"))
            if not self.labels.is_me(at):
                self.labels.begin(at, "part")
        if token.key == "sap" and token.is_bare and at and self.tokens[at - 1].kind == "number":
            return hit.end  # "6 sap" are stalls
        self._mark(at, hit)
        if hit.unit in ("hồ sơ", "tài khoản", "gian hàng", "thẻ", "mã"):
            self.found.mentioned.append(at)
        return self._named(at, hit)

    def _code(self, at: int) -> int:
        """ "AT 60 người": the code itself, in capitals."""
        self.found.topics.append(Topic(at, at + 1, self.tokens[at].text))
        return at + 1

    def _is_other_word(self, at: int, hit: Hit) -> bool:
        """Names, and words that only look like those of the grammar."""
        token = self.tokens[at]
        if token.key == "chiu" and token.is_bare:
            return True  # chịu rather than chiều
        if token.text.lower() == "nhieu" and hit.end == at + 1 and at and self.tokens[at - 1].says(*_MUCH):
            return True  # nhiều
        if "correction" in hit.tags and token.says("nhập", "gõ", "sai") and self.topics.is_times(hit.end):
            return True  # "nhập sai 5 lần"
        if token.key == "hem" and token.is_bare and at and self.tokens[at - 1].says(*_LEADS_TO_A_LANE):
            return True  # hẻm
        if token.key == "toi" and hit.end == at + 2 and self.tokens[at + 1].key == "day":
            return token.is_bare and self.tokens[at + 1].is_bare  # "tôi dạy" rather than "tới đây"
        if token.text[0].isupper() and self._is_in_name(at):
            return True
        if token.says("nhà") and "other" in hit.tags and any("kin" in one.tags for one in self.hits[at + 1]):
            self.found.marks.append((at, hit.end, "visited"))
            return True
        return False

    def _mark(self, at: int, hit: Hit) -> None:
        if end := self._is_each_person(at):
            self.found.marks.append((at, end, "each"))
        if "wish" in hit.tags:
            self.found.marks.append((at, hit.end, "plan"))
        self.found.marks += [(at, hit.end, name) for name in hit.tags.intersection(_MARKS)]

    def _is_each_person(self, at: int) -> int:
        """ "moi nguoi di 4 nha": mỗi rather than mọi, where a number follows. Where the words end; else 0."""
        words = self.tokens[at : at + 2]
        is_each = len(words) == 2 and words[0].text.lower() == "moi" and words[1].key in ("nguoi", "ng")
        follows = any(token.kind == "number" for token in self.tokens[at + 2 : at + 5])
        return at + 2 if is_each and follows else 0

    def _named(self, at: int, hit: Hit) -> int:
        """Takes the kind of activity that the words name, if they do; returns where they end."""
        if hit.codes and hit.end > at + 1 and not hit.unit and self.names.places.at(hit.end - 1) is not None:
            # "xuống ấp 6" is where they went; "họp tổ 6" is a meeting all the same.
            shorter = next((one for one in self.hits[at] if one.codes and one.end < hit.end), None)
            if shorter is None:
                return hit.end - 1
            hit = shorter
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
        before = self.tokens[at - 1] if at > 1 and not is_first else None
        if (
            before is not None
            and before.text[0].isupper()
            and before.text[1:].islower()
            and not self.found.breaks[at - 1]
        ):
            return True  # "xã An Định"
        following = self.tokens[at + 1] if at + 1 < len(self.tokens) else None
        return not is_first and following is not None and following.text[0].isupper() and following.text[1:].islower()
