"""Which number belongs to which kind of activity: the cheapest way of pairing neighbours, and whether it is certain.

A quantity takes a topic beside it, with no other quantity between, or stands for itself (12 hộ). The costs are small
whole and half steps that say how often people write so; what they leave in doubt is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.scan import COMMA, LINE, NONE, STOP, Said, Scan, Topic
from bot.rules.reading.words import ATTENDEE, CLASS, DUTY, EVENT_UNITS, GENERAL, SHARED_UNITS

# Another way of pairing that costs hardly more makes the reading doubtful.
MARGIN = 0.13
_MOST = 4
MEMBER = "thành viên"
_ONLY_EVENTS = ("buổi", "đợt", "cuộc", "lần", "lớp")


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


@dataclass(slots=True)
class Pair:
    """A quantity and the topics it counts (none: it stands for itself). `is_after`: the number stands after them."""

    said: Said
    group: Group | None = None
    is_after: bool = False
    is_doubtful: bool = False
    others: list[str] = field(default_factory=list)
    previous: Pair | None = None
    following: Pair | None = None
    whole: Pair | None = None


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a quantity may take: group `index` of the gap before (side -1) or after it (1), or nothing (0)."""

    side: int
    index: int
    cost: float
    code: str


def pair(found: Scan, lexicon: Lexicon) -> tuple[list[Pair], list[Topic]]:
    """The pairs, from left to right, and the topics that nobody counted."""
    groups = _groups(found, lexicon.owner(ATTENDEE))
    is_duty = any(
        topic.code == lexicon.owner(DUTY) or MEMBER in lexicon.own_unit[topic.code] for topic in found.topics
    )
    said = [one for one in found.said if not one.is_off and (is_duty or not one.amount.is_volunteer)]
    fixed = [one for one in said if _is_fixed(one)]
    said = [one for one in said if not _is_fixed(one)]
    groups = [group for group in groups if not any(_is_told(found, group, one) for one in fixed)]
    gaps = _gaps(said, groups)
    _carry_audience(found, said, gaps, lexicon)
    if not said:
        return [Pair(one) for one in fixed], [topic for group in groups for topic in group.topics]
    costs = _Costs(found, lexicon)
    choices = [_choices(one, gaps[place], gaps[place + 1], costs) for place, one in enumerate(said)]
    forward, backward = _sweep(choices, gaps, costs)
    pairs: list[Pair] = []
    used: set[int] = set()
    for place, one in enumerate(said):
        totals = [ahead + behind for ahead, behind in zip(forward[place], backward[place], strict=True)]
        best = min(range(len(totals)), key=totals.__getitem__)
        pairs.append(_pair(one, choices[place][best], gaps[place], gaps[place + 1]))
        rivals = [
            choice.code
            for choice, total in zip(choices[place], totals, strict=True)
            if total - totals[best] < MARGIN and choice.code != choices[place][best].code
        ]
        pairs[-1].is_doubtful = bool(rivals) or _is_far(found, pairs[-1])
        pairs[-1].others = [code for rival in rivals for code in rival.split("+") if code]
        if (group := pairs[-1].group) is not None:
            used.update(topic.first for topic in group.topics)
    left = [topic for group in groups for topic in group.topics if topic.first not in used]
    pairs = sorted((*pairs, *(Pair(one) for one in fixed)), key=lambda one: one.said.first)
    return pairs, left


def _is_far(found: Scan, one: Pair) -> bool:
    """A bare number and its topic with a comma and more between them: "em cài 4, đều là vneid"."""
    if one.group is None or one.said.amount.noun != "bare":
        return False
    first, last = (one.group.end, one.said.first) if one.is_after else (one.said.end, one.group.first)
    if _gap_break(found, first, last) != COMMA or found.tokens[first].is_sign(":("):
        return False
    words = sum(token.kind == "word" for token in found.tokens[first:last])
    reached = any(token.says("được", "đạt", "đc", "dc", "hiện", "xong") for token in found.tokens[max(first, last - 2) : last])
    return words > 2 and not reached if one.is_after else True


def _is_fixed(one: Said) -> bool:
    """Counted in what only one kind of activity is counted in: 200 tờ rơi, 2 lớp, 10 sản phẩm."""
    return one.amount.own is not None and one.amount.unit not in SHARED_UNITS


def _is_told(found: Scan, group: Group, one: Said) -> bool:
    """A topic that the quantity says itself, in the same sentence."""
    first, last = sorted((group.first, one.first))
    return {topic.code for topic in group.topics} == {one.amount.own} and _gap_break(found, first + 1, last) < LINE


def _pair(said: Said, choice: _Choice, before: list[Group], after: list[Group]) -> Pair:
    if choice.side == 0:
        return Pair(said)
    return Pair(said, (before if choice.side < 0 else after)[choice.index], is_after=choice.side < 0)


def _forget_learners(found: Scan, attendee: str | None) -> None:
    """ "người học vneid": what is learnt is the kind of activity."""
    kept = [
        topic
        for topic, after in zip(found.topics, [*found.topics[1:], None], strict=False)
        if topic.code != attendee or after is None or not _is_one_run(found, topic, after)
    ]
    found.topics[:] = kept


def _forget_modifiers(found: Scan) -> None:
    """ "3 hộ OCOP lên sàn": a topic right after what is counted only says which ones, when another one follows."""
    ends = {one.end for one in found.said if one.amount.noun == "unit"}
    kept = [
        topic
        for topic, after in zip(found.topics, [*found.topics[1:], None], strict=False)
        if topic.first not in ends
        or after is None
        or after.code == topic.code
        or after.is_aside
        or topic.end == after.first
        or any("verb" in hit.tags for hit in found.hits[topic.first])
        or not _is_one_run(found, topic, after)
        or any(token.says("và", "với") for token in found.tokens[topic.end : after.first])
    ]
    found.topics[:] = kept


def _is_one_run(found: Scan, topic: Topic, after: Topic) -> bool:
    """ "người học vneid", "dự buổi tuyên truyền lừa đảo": no number and no stop between."""
    counted = any(topic.end <= one.first < after.first for one in found.said)
    return not counted and after.first - topic.end < 6 and _gap_break(found, topic.end, after.first) == NONE


def _groups(found: Scan, attendee: str | None) -> list[Group]:
    _forget_learners(found, attendee)
    _forget_modifiers(found)
    groups: list[Group] = []
    stops = {one.first for one in found.said}
    for topic in found.topics:
        if groups and not any(groups[-1].end <= stop < topic.first for stop in stops):
            last = groups[-1].topics[-1]
            if last.code == topic.code and _gap_break(found, last.end, topic.first) == NONE:
                groups[-1].topics.append(topic)
                continue
            joined = _joined(found, last, topic)
            if joined:
                groups[-1].topics.append(topic)
                groups[-1].has_verbs = groups[-1].has_verbs or joined == "verbs"
                continue
        groups.append(Group([topic]))
    return groups


def _joined(found: Scan, left: Topic, right: Topic) -> str:
    """ "nouns" or "verbs" when the two are named in one breath, else ""."""
    between = found.tokens[left.end : right.first]
    if not between or len(between) > 4 or left.is_weak or right.is_weak or left.is_aside or right.is_aside:
        return ""
    if any(found.breaks[at] >= LINE for at in range(left.end, right.first + 1)) or left.is_off != right.is_off:
        return ""
    is_and = any(token.says("và", "với", "lẫn", "kèm", "cùng") or token.is_sign("+&") for token in between)
    rest = [
        token
        for token in between
        if not (token.is_sign(",/+&-") or token.says("và", "với", "cùng", "lẫn", "kèm", "cả"))
    ]
    if not rest:
        return "nouns"
    places = range(right.first - len(between), right.first)
    is_verb = any("verb" in hit.tags and hit.end == right.first for at in places for hit in found.hits[at][:1])
    return "verbs" if is_and and is_verb and len(rest) <= 2 else ""


def _gaps(said: list[Said], groups: list[Group]) -> list[list[Group]]:
    """The groups before the first quantity, between each two, and after the last."""
    gaps: list[list[Group]] = [[] for _ in range(len(said) + 1)]
    place = 0
    for group in groups:
        while place < len(said) and said[place].first < group.first:
            place += 1
        gaps[place].append(group)
    return gaps


def _carry_audience(found: Scan, said: list[Said], gaps: list[list[Group]], lexicon: Lexicon) -> None:
    """ "tuyên truyền lừa đảo trên loa 4 lần, 60 người nghe": the times are the loudspeaker's, the people the topic's."""
    for place in range(len(said) - 1):
        one, following = said[place], said[place + 1]
        is_event = [lexicon.own_unit[group.topics[0].code] in EVENT_UNITS for group in gaps[place]]
        if one.amount.unit not in (*_ONLY_EVENTS, "lượt phát") or not following.amount.is_person or gaps[place + 1]:
            continue
        if any(is_event) and not all(is_event) and _gap_break(found, one.end, following.first) < LINE:
            gaps[place + 1] = [group for group, event in zip(gaps[place], is_event, strict=True) if not event]
            gaps[place] = [group for group, event in zip(gaps[place], is_event, strict=True) if event]


def _choices(said: Said, before: list[Group], after: list[Group], costs: _Costs) -> list[_Choice]:
    found = [_Choice(0, -1, costs.alone(said), costs.own(said, before))]
    start = max(0, len(before) - _MOST)
    for index in range(start, len(before)):
        group = before[index]
        if _is_only_verb(said, group, costs.general):
            continue
        found.append(_Choice(-1, index, costs.edge(said, group, is_after=True), costs.code(said, group)))
    for index, group in enumerate(after[:_MOST]):
        if _is_only_verb(said, group, costs.general):
            continue
        found.append(_Choice(1, index, costs.edge(said, group, is_after=False), costs.code(said, group)))
    return found


def _is_only_verb(said: Said, group: Group, general: str | None) -> bool:
    """ "hướng dẫn 12 hộ": what is counted says more than the verb."""
    own = said.amount.own
    return own is not None and all(topic.is_weak and topic.code == general for topic in group.topics)


def _sweep(
    choices: list[list[_Choice]], gaps: list[list[Group]], costs: _Costs
) -> tuple[list[list[float]], list[list[float]]]:
    """For each choice the cheapest way up to it and the cheapest way on from it."""
    losses = [[costs.loss(group) for group in gap] for gap in gaps]
    sums = [sum(loss) for loss in losses]
    forward = [
        [choice.cost + sums[0] - (losses[0][choice.index] if choice.side < 0 else 0) for choice in choices[0]]
    ]
    for place in range(1, len(choices)):
        forward.append(
            [
                choice.cost
                + min(
                    total + _between(left, choice, losses[place], sums[place])
                    for left, total in zip(choices[place - 1], forward[-1], strict=True)
                )
                for choice in choices[place]
            ]
        )
    last = len(choices) - 1
    backward = [[sums[-1] - (losses[-1][one.index] if one.side > 0 else 0) for one in choices[last]]]
    for place in range(last - 1, -1, -1):
        backward.insert(
            0,
            [
                min(
                    right.cost + total + _between(choice, right, losses[place + 1], sums[place + 1])
                    for right, total in zip(choices[place + 1], backward[0], strict=True)
                )
                for choice in choices[place]
            ],
        )
    return forward, backward


def _between(left: _Choice, right: _Choice, losses: list[float], total: float) -> float:
    """What is left uncounted between two quantities, and a little for turning round."""
    if left.side > 0 and right.side < 0 and left.index >= right.index:
        return float("inf")
    cost = total
    if left.side > 0:
        cost -= losses[left.index]
    if right.side < 0:
        cost -= losses[right.index]
    turned = left.side != 0 and right.side != 0 and left.side != right.side
    return cost + (0.1 if turned else 0)


def _gap_break(found: Scan, first: int, last: int) -> int:
    return max(found.breaks[first : last + 1], default=NONE)


class _Costs:
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
        follows = any(topic.first == said.end and not (topic.is_off or topic.is_weak) for topic in self.found.topics)
        return self._alone(said) + (0.6 if follows and said.amount.noun == "unit" else 0)

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
        return any(token.says("đi", "ghé", "đến", "tới", "thăm", "xuống", "gõ", "vô", "được", "động", "truyền") for token in before)

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
        own = said.amount.own
        if own not in (None, self.general, self.household) and own in {topic.code for topic in group.topics}:
            # "25 tiểu thương cài ví, tạo mã QR": who is counted says which of the two it is.
            cost -= 0.8
        return max(0.0, cost + self._fit(said, group, topic))

    def _distance(self, first: int, last: int, is_after: bool, said: Said) -> float:
        tokens = self.found.tokens[first:last]
        links = [
            token.is_sign(":=-–—>→(➡👉")
            or token.says("là", "được", "đc", "dc", "đạt", "có", "cho", "thì", "khoảng", "đã", "sl", "hết", "rồi", "tổng")
            for token in tokens
        ]
        level = _gap_break(self.found, first, last)
        if is_after and all(links) and level < LINE:
            return 0.0
        words = sum(not link for link in links)
        cost = 0.0 if is_after else 0.05
        cost += min(0.3, 0.03 * words)
        if level == COMMA:
            commas = sum(self.found.breaks[at] == COMMA for at in range(first, last + 1))
            is_told = is_after and last > first and any(
                token.says("được", "đc", "dc", "xong", "có") for token in self.found.tokens[last - 1 : last]
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
        if topic.code == self.class_code and amount.unit == "tiểu thương":
            return 0.1
        cost = 0.3 * topic.is_weak + (0.1 if said.first < topic.first else 0.3) * topic.is_aside + 0.2 * topic.is_off
        if amount.noun in ("unknown", "place") and amount.whole is None:
            return cost + 0.9
        if amount.noun == "bare":
            return cost
        if amount.own == topic.code or amount.unit == unit or amount.unit in unit.split():
            return cost - 0.1 - 0.3 * topic.is_weak
        if amount.own and amount.unit not in SHARED_UNITS:
            return cost + 1.5
        if amount.own not in (None, self.general, self.household) and amount.unit in ("tin", "máy", "bộ", "thiết bị"):
            cost += 0.4 if amount.unit == "tin" else 0
        is_event = unit in EVENT_UNITS
        if amount.unit in _ONLY_EVENTS:
            return cost + (0.0 if is_event else 0.35)
        if amount.is_person and is_event:
            cost += 0.0 if topic.code == self.duty and amount.is_volunteer else 0.1 if topic.code == self.class_code else 1.2 if topic.is_aside else 0.6
        if amount.is_volunteer and MEMBER in unit:
            return cost - 0.3
        if amount.is_volunteer and topic.code != self.duty:
            cost += 0.4
        if (amount.unit == "hộ" or amount.is_person) and unit in ("cuộc", "đợt") and not amount.is_volunteer:
            cost += 1.2
        elif amount.unit == "hộ" and unit == "lớp":
            cost += 0.6
        return cost + (0.1 if amount.unit == "hộ" else 0)
