"""Which number belongs to which kind of activity: the cheapest way of pairing neighbours, and whether it is certain.

A quantity takes a topic beside it, with no other quantity between, or stands for itself (12 hộ). The costs are small
whole and half steps that say how often people write so; what they leave in doubt is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from bot.rules.reading.costs import MEMBER, ONLY_EVENTS, Costs, Group, gap_break
from bot.rules.reading.message import COMMA, LINE, NONE, Said, Scan, Topic
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.words import ATTENDEE, CLASS, DUTY, EVENT_UNITS, SHARED_UNITS
from bot.rules.vietnamese.tokens import Token

# Another way of pairing that costs hardly more makes the reading doubtful.
MARGIN = 0.13
_MOST = 4


@dataclass(slots=True)
class Pair:
    """A quantity and the topics it counts (none: it stands for itself). `is_after`: the number stands after them.

    `listing`: the last of a list of quantities, whose topics hold for this one too.
    """

    said: Said
    group: Group | None = None
    is_after: bool = False
    is_doubtful: bool = False
    others: list[str] = field(default_factory=list)
    previous: Pair | None = None
    following: Pair | None = None
    whole: Pair | None = None
    listing: Pair | None = None

    @property
    def code(self) -> str | None:
        """The kind of activity: the first of its topics, or what the unit itself belongs to."""
        return self.group.topics[0].code if self.group else self.said.amount.own


@dataclass(frozen=True, slots=True)
class _Choice:
    """What a quantity may take: group `index` of the gap before (side -1) or after it (1), or nothing (0)."""

    side: int
    index: int
    cost: float
    code: str


def pair(found: Scan, lexicon: Lexicon) -> tuple[list[Pair], list[Topic]]:
    """The pairs, from left to right, and the topics that nobody counted."""
    groups = _groups(found, lexicon.owner(ATTENDEE), lexicon.owner(CLASS))
    is_duty = any(topic.code == lexicon.owner(DUTY) or MEMBER in lexicon.own_unit[topic.code] for topic in found.topics)
    said = [one for one in found.said if not one.is_off and (is_duty or not one.amount.is_volunteer)]
    fixed = [one for one in said if _is_fixed(one)]
    said = [one for one in said if not _is_fixed(one)]
    groups = [group for group in groups if not any(_is_told(found, group, one) for one in fixed)]
    gaps = _gaps(said, groups)
    _carry_audience(found, said, gaps, lexicon)
    if not said:
        return [Pair(one) for one in fixed], [topic for group in groups for topic in group.topics]
    costs = Costs(found, lexicon)
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
    if gap_break(found, first, last) != COMMA or found.tokens[first].is_sign(":("):
        return False
    words = sum(token.kind == "word" for token in found.tokens[first:last])
    reached = any(
        token.says("được", "đạt", "đc", "dc", "hiện", "xong") for token in found.tokens[max(first, last - 2) : last]
    )
    return words > 2 and not reached if one.is_after else True


def _is_fixed(one: Said) -> bool:
    """Counted in what only one kind of activity is counted in: 200 tờ rơi, 2 lớp, 10 sản phẩm."""
    return one.amount.own is not None and one.amount.unit not in SHARED_UNITS


def _is_told(found: Scan, group: Group, one: Said) -> bool:
    """A topic that the quantity says itself, in the same sentence."""
    first, last = sorted((group.first, one.first))
    if group.first > one.first and any(
        other.first >= group.end and gap_break(found, group.end, other.first) == NONE and not other.amount.own
        for other in found.said
    ):
        return False  # "phát 1.500 tờ rơi, pano treo thêm 20 tấm"
    is_strong = not any(topic.is_weak for topic in group.topics)
    if (group.first < one.first or is_strong) and any(
        first < other.first < last and not other.amount.own and not other.is_off for other in found.said
    ):
        return False  # "số hóa 5 tuyến đường, 3 di tích"
    return {topic.code for topic in group.topics} == {one.amount.own} and gap_break(found, first + 1, last) < LINE


def _pair(said: Said, choice: _Choice, before: list[Group], after: list[Group]) -> Pair:
    if choice.side == 0:
        return Pair(said)
    return Pair(said, (before if choice.side < 0 else after)[choice.index], is_after=choice.side < 0)


def _forget_learners(found: Scan, attendee: str | None, class_code: str | None) -> None:
    """Of "người học vneid" what is learnt is the kind of activity; of "số người học lớp ban đêm là 27" who learns."""
    gone: list[Topic] = []
    for topic, after in pairwise(found.topics):
        if topic.code == attendee and _is_one_run(found, topic, after):
            gone.append(after if after.code == class_code and after.is_weak else topic)
    found.topics[:] = [topic for topic in found.topics if not any(topic is one for one in gone)]


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
    return not counted and after.first - topic.end < 6 and gap_break(found, topic.end, after.first) == NONE


def _groups(found: Scan, attendee: str | None, class_code: str | None) -> list[Group]:
    _forget_learners(found, attendee, class_code)
    _forget_modifiers(found)
    groups: list[Group] = []
    stops = {one.first for one in found.said}
    for topic in found.topics:
        if groups and not any(groups[-1].end <= stop < topic.first for stop in stops):
            last = groups[-1].topics[-1]
            if last.code == topic.code and gap_break(found, last.end, topic.first) == NONE:
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
    is_deed = any("action" in hit.tags and hit.end == right.end for hit in found.hits[right.first])
    if is_deed and not any("action" in hit.tags for hit in found.hits[left.first]):
        return ""  # "2 gia đình số, số hóa 4 điểm"
    if _has_own(found, left, right):
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
    is_both = _is_both(found, left, between)
    return "verbs" if (is_and or is_both) and is_verb and len(rest) <= 2 else ""


def _is_both(found: Scan, left: Topic, between: Sequence[Token]) -> bool:
    """ "vừa cài VNeID vừa mở ví" """
    before = found.tokens[max(0, left.first - 2) : left.first]
    return any(token.says("vừa") for token in before) and any(token.says("vừa") for token in between)


def _has_own(found: Scan, left: Topic, right: Topic) -> bool:
    """ "10 người vneid, sổ sức khỏe 4 người", "4 hs dvc, mã qr cho 2 quán": each with a number of its own."""
    is_counted = any(
        0 <= left.first - one.end <= 2 and not one.is_off and not any(found.breaks[one.end : left.first + 1])
        for one in found.said
    )
    after = next((one for one in found.said if one.first >= right.end), None)
    return is_counted and after is not None and max(found.breaks[right.end : after.first + 1], default=NONE) == NONE


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
    """ "tuyên truyền lừa đảo trên loa 4 lần, 60 người nghe": the loudspeaker's times, the topic's people."""
    for place in range(len(said) - 1):
        one, following = said[place], said[place + 1]
        is_event = [lexicon.own_unit[group.topics[0].code] in EVENT_UNITS for group in gaps[place]]
        if one.amount.unit not in (*ONLY_EVENTS, "lượt phát") or not following.amount.is_person or gaps[place + 1]:
            continue
        if any(is_event) and not all(is_event) and gap_break(found, one.end, following.first) < LINE:
            gaps[place + 1] = [group for group, event in zip(gaps[place], is_event, strict=True) if not event]
            gaps[place] = [group for group, event in zip(gaps[place], is_event, strict=True) if event]


def _choices(said: Said, before: list[Group], after: list[Group], costs: Costs) -> list[_Choice]:
    found = [_Choice(0, -1, costs.alone(said), costs.own(said, [*before, *after[:1]]))]
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
    return own is not None and all(
        topic.code == general and (topic.is_weak or own == general) for topic in group.topics
    )


def _sweep(
    choices: list[list[_Choice]], gaps: list[list[Group]], costs: Costs
) -> tuple[list[list[float]], list[list[float]]]:
    """For each choice the cheapest way up to it and the cheapest way on from it."""
    losses = [[costs.loss(group) for group in gap] for gap in gaps]
    sums = [sum(loss) for loss in losses]
    forward = [[choice.cost + sums[0] - (losses[0][choice.index] if choice.side < 0 else 0) for choice in choices[0]]]
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
