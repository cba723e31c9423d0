"""What it costs to give a number to a kind of activity: small steps that say how seldom people write so."""

from __future__ import annotations

from dataclasses import dataclass

from bot.rules.reading.message import COMMA, LINE, NONE, STOP, Said, Scan, Topic
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.words import ATTENDEE, CLASS, DUTY, EVENT_UNITS, GENERAL, SHARED_UNITS

MEMBER = "thành viên"
ONLY_EVENTS = ("buổi", "đợt", "cuộc", "lần", "lớp")


@dataclass(slots=True)
class Group:
    """Topics said together: "VNeID và sổ sức khỏe". `has_verbs`: each with a verb of its own."""

    topics: list[Topic]
    has_verbs: bool = False

    @property
    def first(self) -> int:
        return self.topics[0].first

    @property
    def end(self) -> int:
        return self.topics[-1].end


def gap_break(found: Scan, first: int, last: int) -> int:
    return max(found.breaks[first : last + 1], default=NONE)


class Costs:
    """What each possibility costs."""

    def __init__(self, found: Scan, lexicon: Lexicon) -> None:
        self.found = found
        self.lexicon = lexicon
        self.class_code = lexicon.owner(CLASS)
        self.attendee = lexicon.owner(ATTENDEE)
        self.duty = lexicon.owner(DUTY)
        self.general = lexicon.owner(GENERAL)
        self.household = lexicon.owner("hộ")

    def code(self, said: Said, group: Group) -> str:
        codes = dict.fromkeys(topic.code for topic in group.topics)
        if said.amount.is_person and not said.amount.is_volunteer and self.class_code in codes and self.attendee:
            return self.attendee
        return "+".join(codes)

    def own(self, said: Said, before: list[Group]) -> str:
        """What it is by itself: people after a class came to it."""
        own = said.amount.own or ""
        is_class = any(topic.code == self.class_code for group in before for topic in group.topics)
        return self.attendee if own == self.general and is_class and self.attendee else own

    def alone(self, said: Said) -> float:
        """A quantity that stands for itself; hardly where a topic follows at once, as in "11 hồ sơ căn cước"."""
        follows = any(
            topic.first == said.end and not (topic.is_off or topic.is_weak or self._is_event_of(said, topic))
            for topic in self.found.topics
        )
        return self._alone(said) + (0.6 if follows and said.amount.noun == "unit" else 0)

    def _is_event_of(self, said: Said, topic: Topic) -> bool:
        """ "58 lượt công dân, trực 10 buổi": people are no number of sessions."""
        return said.amount.is_person and self.lexicon.own_unit[topic.code] == "buổi"

    def _alone(self, said: Said) -> float:
        amount = said.amount
        if amount.noun != "unit":
            return 0.1 if amount.noun in ("unknown", "place") and amount.whole is None else 1.2
        if amount.is_volunteer:
            return 0.9
        if amount.unit == "hộ":
            return 0.2 if self._is_visited(said) else 0.4
        if amount.own is None:
            return 1.0
        if amount.is_person:
            return 0.55
        return 0.35 if amount.unit in SHARED_UNITS else 0.1

    def _is_visited(self, said: Said) -> bool:
        before = self.found.tokens[max(0, said.first - 3) : said.first]
        return any(
            token.says("đi", "ghé", "đến", "tới", "thăm", "xuống", "gõ", "vô", "được", "động", "truyền")
            for token in before
        )

    def loss(self, group: Group) -> float:
        """Topics that nobody counts."""
        return max(self._loss(topic) for topic in group.topics)

    def _loss(self, topic: Topic) -> float:
        if topic.is_off or topic.is_aside:
            return 0.05 if topic.is_off else 0.25
        if topic.is_weak:
            return 0.03
        return 0.5 if self.lexicon.own_unit[topic.code] in EVENT_UNITS else 1.0

    def edge(self, said: Said, group: Group, is_after: bool) -> float:
        first, last = (group.end, said.first) if is_after else (said.end, group.first)
        cost = self._distance(first, last, is_after, said)
        topic = group.topics[-1] if is_after else group.topics[0]
        if not is_after and said.is_total and any(token.is_sign(":") for token in self.found.tokens[first:last]):
            cost += 2.0  # "tổng cộng 20 người: cài vneid 12 người, mở ví 8 người"
        if not is_after and any(name == "visited" and first <= at < last for at, _, name in self.found.marks):
            cost += 1.2  # "đi 7 nhà, ghé nhà ông Tư cài được vneid": he had it, not the seven
        heard = topic.first > 0 and self.found.tokens[topic.first - 1].says("nghe", "coi", "xem")
        if not is_after and heard and topic in self._events():
            cost += 1.5  # "1k lượt nghe loa": who listened
        if not is_after and topic.is_aside and any(one.end == said.first for one in self._events()):
            cost += 0.5  # "qua loa 5 lượt về lừa đảo"
        if said.is_part and is_after and group.first < said.first:
            cost += 1.0 * any(token.says("đó", "gồm", "thể") for token in self.found.tokens[group.end : said.first])
        follows = any(0 <= one.first - group.end <= 2 for one in self.found.said)
        if (
            not is_after
            and follows
            and said.amount.unit == "hộ"
            and self._is_visited(said)
            and topic.code != self.household
        ):
            cost += 0.6  # "đi được mười bảy hộ nộp hồ sơ giùm hai mươi ba người"
        if is_after and topic.end < len(self.found.tokens) and self.found.tokens[topic.end].is_sign(":"):
            near = any(
                one.amount.is_person
                and 0 <= topic.first - one.end <= 3
                and gap_break(self.found, one.end, topic.first) == NONE
                for one in self.found.said
            )
            cost += 1.2 if near else 0  # "27 người cài VNeID: kp1 10, kp2 8"
        if is_after and topic.end < len(self.found.tokens) and self.found.tokens[topic.end].is_sign(":"):
            others = any(topic.end < one.first < said.first for one in self.found.topics)
            cost += 1.0 if others else 0  # "vneid:   dvc: 5"
        own = said.amount.own
        is_event = said.amount.unit in ONLY_EVENTS
        is_handed_in = is_after and any(token.says("nộp", "gửi", "làm") for token in self.found.tokens[first:last])
        if is_handed_in and said.amount.unit == "hồ sơ" and topic.code != own and gap_break(self.found, first, last):
            cost += 0.6  # "cài VNeID, dán mã QR, nộp được 6 hồ sơ"
        if (
            is_event
            and own is not None
            and topic.code != own
            and any(one.end == said.first for one in self._own_topics(own))
        ):
            # "họp một cuộc": said of the meeting, whatever follows.
            cost += 1.5
        if own not in (None, self.general, self.household) and own in {topic.code for topic in group.topics}:
            # "25 tiểu thương cài ví, tạo mã QR": who is counted says which of the two it is.
            cost -= 0.8
        return max(0.0, cost + self._fit(said, group, topic))

    def _is_spoken_over(self, topic: Topic) -> bool:
        """Whether the loudspeaker begins the piece."""
        first = next((one for one in self.found.topics if one.first < topic.first), None)
        is_loud = first is not None and self.lexicon.own_unit[first.code] == "lượt phát"
        return is_loud and first is not None and gap_break(self.found, first.end, topic.first) < LINE

    def _goes_on_duty(self, said: Said, topic: Topic) -> bool:
        between = self.found.tokens[said.end : topic.first]
        is_on_duty = self.found.tokens[topic.end - 1].says("trực") or self.found.tokens[topic.first].says("trực")
        goes = all(
            token.says("ra", "đi", "thay", "nhau", "luân", "phiên", "đứng", "đến", "xuống", "tới", "sang")
            for token in between
        )
        return bool(between) and goes and is_on_duty

    def _events(self) -> list[Topic]:
        return [topic for topic in self.found.topics if self.lexicon.own_unit[topic.code] in EVENT_UNITS]

    def _own_topics(self, own: str) -> list[Topic]:
        return [topic for topic in self.found.topics if topic.code == own]

    def _distance(self, first: int, last: int, is_after: bool, said: Said) -> float:
        tokens = self.found.tokens[first:last]
        links = [
            token.is_sign(":=-–—>→(➡👉")
            or token.says(
                "là", "được", "đc", "dc", "đạt", "có", "cho", "thì", "khoảng", "đã", "sl", "hết", "rồi", "tổng"
            )
            for token in tokens
        ]
        level = gap_break(self.found, first, last)
        if is_after and all(links) and level < LINE:
            return 0.0
        words = sum(not link for link in links)
        cost = 0.0 if is_after else 0.05
        cost += min(0.3, 0.03 * words)
        if level == COMMA:
            commas = sum(self.found.breaks[at] == COMMA for at in range(first, last + 1))
            is_told = (
                is_after
                and last > first
                and any(token.says("được", "đc", "dc", "xong", "có") for token in self.found.tokens[last - 1 : last])
            )
            cost += commas * (0.2 if is_told else 0.4 if is_after else self._comma(said, first, last))
        elif level == LINE:
            cost += 0.9 if is_after else 2.0
        elif level == STOP:
            cost += 1.2 if is_after else 3.0
        if any(token.says("và", "với", "còn", "rồi", "thêm") for token in tokens):
            cost += 0.4
        if is_after and any("verb" in hit.tags for at in range(first, last) for hit in self.found.hits[at][:1]):
            cost += 0.15
        return cost

    def _comma(self, said: Said, first: int, last: int) -> float:
        """After a comma something of its own begins, but for "6.542 hộ, hợp tác xã đã bán trên Postmart"."""
        if said.amount.own is None:
            return 0.7
        hits = self.found.hits[first + 1] if first + 1 < last else ()
        is_list = any("place" in hit.tags and "verb" not in hit.tags for hit in hits[:1])
        return 0.1 if is_list else 2.0

    def _fit(self, said: Said, group: Group, topic: Topic) -> float:
        """How well the unit of count goes with the kind of activity."""
        amount = said.amount
        unit = self.lexicon.own_unit[topic.code]
        # "trực 3 người", "cử 24 thanh niên túc trực", "cho 45 sinh viên ra trực bàn hướng dẫn"
        is_sent = said.end == topic.first and not any(one.first == topic.end for one in self.found.said)
        is_adjacent = topic.end == said.first or is_sent
        is_adjacent = is_adjacent or self._goes_on_duty(said, topic)
        if topic.code == self.class_code and amount.unit == "tiểu thương":
            return 0.1
        is_aside = topic.is_aside and not (topic.end == said.first and unit in EVENT_UNITS)  # "qua loa 5 lượt"
        cost = 0.3 * topic.is_weak + (0.1 if said.first < topic.first else 0.3) * is_aside + 0.2 * topic.is_off
        if amount.noun in ("unknown", "place") and amount.whole is None:
            return cost + 0.9
        if amount.noun == "bare":
            return cost
        if amount.unit in ("lượt", "lần") and unit == "lượt người" and self._is_spoken_over(topic):
            cost += 0.9  # "loa thôn đọc cảnh báo lừa đảo 14 lượt"
        if amount.unit == "tấm" and amount.own not in (None, topic.code):
            cost += 1.0  # "… hướng dẫn kỹ năng số, treo 6 tấm pano"
        is_street = amount.unit in ("tuyến đường", "tuyến phố", "di tích")
        if is_street and topic.code not in (self.lexicon.owner("số hóa"), self.lexicon.owner("mô hình")):
            cost += 1.5
        if amount.own == topic.code or amount.unit == unit or amount.unit in unit.split():
            return cost - (0.6 if amount.unit in ONLY_EVENTS else 0.1) - 0.3 * topic.is_weak
        if amount.own and amount.unit not in SHARED_UNITS:
            return cost + 1.5
        if amount.own not in (None, self.general, self.household) and amount.unit in ("tin", "máy", "bộ", "thiết bị"):
            cost += 1.0 if amount.unit == "tin" else 0.7
        is_event = unit in EVENT_UNITS
        if amount.unit in ("hồ sơ", "tài khoản") and is_event:
            return cost + 1.5
        if amount.unit in ONLY_EVENTS:
            return cost + (0.0 if is_event else 0.8 if amount.unit == "lần" else 0.35)
        if amount.is_person and unit == "mô hình":
            cost += 1.0
        if amount.is_person and is_event:
            cost += (
                0.0
                if topic.code == self.duty and (amount.is_volunteer or is_adjacent)
                else 0.1
                if topic.code == self.class_code
                else 2.0
                if topic.code == self.duty
                else 1.2
                if topic.is_aside
                else 0.6
            )
        if amount.is_volunteer and MEMBER in unit:
            return cost - 0.3
        if amount.is_volunteer and topic.code != self.duty:
            cost += 2.0
        if (amount.unit == "hộ" or amount.is_person) and unit in ("cuộc", "đợt") and not amount.is_volunteer:
            cost += 1.2
        elif amount.unit == "hộ" and unit == "lớp":
            cost += 0.6
        return cost + (0.1 if amount.unit == "hộ" else 0)
