"""Which day a message speaks of."""

from __future__ import annotations

from datetime import date, datetime, time

from bot.rules.reading.message import Scan
from bot.rules.vietnamese.dates import Unclear, day_of, place
from bot.rules.vietnamese.mentions import Mention, Period, SomeDay, Written

_A_PAIR = 2  # figures of more days are of a longer time


class When:
    """Chooses among the days that were said."""

    def __init__(self, found: Scan, today: date, is_correction: bool) -> None:
        self.found = found
        self.today = today
        self.is_correction = is_correction

    def day(self) -> tuple[date | None, Unclear | None]:
        """The day, or what has to be asked about it; neither where none was said, or a longer time."""
        found = self.found
        ahead = {at for at, _, name in found.marks if name == "plan"}
        mentions = [mention for mention in found.days if mention.first not in ahead and not self._is_aside(mention)]
        clear = [mention for mention in mentions if not self._is_loose(mention)]
        mentions = clear or mentions  # "hổm rày … nên bữa nay"
        mentions = self._without_idle(mentions)
        day = day_of(found.text, found.tokens, mentions, self.today)
        if isinstance(day, Unclear):
            is_period = (
                (day.reason == "two_days" and len(mentions) > _A_PAIR and found.has("total"))
                or found.has("length")
                or self._are_ends(mentions)
                or all(self._is_long(mention) for mention in mentions)
            )
            return None, None if is_period else day
        return day, None

    def _is_aside(self, mention: Mention) -> bool:
        """ "chiều thứ 6 tính làm tiếp", or in a correction "hồi nãy em ghi": no day of what is reported."""
        found = self.found
        telling = found.tokens[mention.first : mention.end]
        said_of_telling = self.is_correction and telling[0].says("hồi") and telling[-1].says("nãy")
        is_next = any(at == mention.end and name == "plan" for at, _, name in found.marks)
        after = found.tokens[mention.end : mention.end + 2]
        is_late = len(after) == 2 and after[0].says("báo", "gửi", "gởi", "ghi") and after[1].says("bù")
        return said_of_telling or ((is_next or is_late) and len(found.days) > 1)

    def _is_loose(self, mention: Mention) -> bool:
        """ "hổm rày …", "bữa trước than khó nên nay …": some day of which nothing is counted."""
        if not isinstance(mention.said, SomeDay):
            return False
        after = min((day.first for day in self.found.days if day.first > mention.first), default=mention.end)
        return self._is_long(mention) or not any(mention.end <= one.first < after for one in self.found.said)

    def _without_idle(self, mentions: list[Mention]) -> list[Mention]:
        """ "hôm kia bận đám cưới, hôm qua mới đi được, 6 hộ thôi": of a day before the last nothing is told."""
        if len(mentions) < 2 or not self.found.said:
            return mentions
        last = mentions[-1]
        is_told = any(one.first < last.first for one in self.found.everything)
        between = self.found.tokens[mentions[-2].end : last.first]
        says_more = sum(token.kind == "word" for token in between) > 1
        return mentions if is_told or not says_more else [last]

    def _are_ends(self, mentions: list[Mention]) -> bool:
        """ "từ 1/7 đến 30/9": a time with its first and last day."""
        if len(mentions) != 2 or not all(isinstance(one.said, Written) for one in mentions):
            return False
        between = self.found.tokens[mentions[0].end : mentions[1].first]
        return 0 < len(between) < 3 and (between[0].says("đến", "tới") or between[0].is_sign("-–"))

    def _is_long(self, mention: Mention) -> bool:
        """A period, or the days until today: "hổm rày", "mấy bữa nay"."""
        until_now = self.found.tokens[mention.end - 1].says("rày", "nay", "giờ")
        return isinstance(mention.said, Period) or (isinstance(mention.said, SomeDay) and until_now)

    def ahead(self) -> date | None:
        """The day a plan is for, where one and no longer time was said."""
        now = datetime.combine(self.today, time())
        days = {place(mention, now).day for mention in self.found.days if not isinstance(mention.said, Period)}
        return days.pop() if len(days) == 1 else None
