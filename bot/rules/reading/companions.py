"""Those who went or worked along with the team: told beside the result, none of it."""

from __future__ import annotations

from bot.rules.reading.grammar import Grammar
from bot.rules.reading.message import Said

_A_FEW = 10


class Companions(Grammar):
    """Finds them."""

    def are(self, said: Said) -> bool:
        return self._lends_a_hand(said) or self._are_companions(said) or self._are_doers(said)

    def _are_doers(self, said: Said) -> bool:
        """Who did it, named first: "hai chị em làm mã QR cho 4 tiểu thương", "2 ông già tụi tui đi có 3 nhà"."""
        tokens, found = self.found.tokens, self.found
        is_first = said.first == 0 or bool(found.breaks[said.first])
        later = [one for one in found.said if one.first >= said.end and not one.is_off]
        if not is_first or not later or said.amount.value > _A_FEW:
            return False
        end = said.end + tokens[said.end].says("già", "trẻ", "lớn")
        if said.amount.why is None and tokens[end].says("tui", "tụi", "mình", "tôi"):
            return True
        if max(found.breaks[said.end : later[0].first + 1]):
            return False
        acts = any({"action"} & hit.tags for at in range(said.end, said.end + 1) for hit in found.hits[at][:1])
        return acts and tokens[later[0].first - 1].says("cho", "giúp")

    def _lends_a_hand(self, said: Said) -> bool:
        """ "có 2 bạn sinh viên phụ, …": who helped, where others are counted."""
        found = self.found
        after = found.tokens[said.end : said.end + 5]
        for place, token in enumerate(after):
            end = said.end + place + 1
            is_last = end >= len(found.tokens) or bool(found.breaks[end]) or found.tokens[end].kind == "sign"
            if token.says("phụ", "trợ", "giúp", "theo", "tiếp") and is_last:
                return any(one is not said and not one.is_off for one in found.said)
            if token.kind != "word" or found.breaks[end - 1] or token.says("điểm", "bàn", "ghé", "tới", "đến"):
                break
        return False

    def _are_companions(self, said: Said) -> bool:
        """ "cùng 3 anh công an làm căn cước cho 17 người", "1 anh bên viettel với em đăng ký …" """
        tokens, breaks = self.found.tokens, self.found.breaks
        if not any(one.first > said.first and not one.is_off for one in self.found.said):
            return False
        before = said.first - 1
        begins = before >= 0 and (before == 0 or bool(breaks[before]))
        if before >= 0 and (tokens[before].says("nhờ") or (begins and tokens[before].says("cùng", "với"))):
            return True
        if self._works_along(said) or self._sets_out(said.end):
            return True
        for at in range(said.end, min(said.end + 4, len(tokens) - 1)):
            if breaks[at] or any(hit.codes or {"verb", "action"} & hit.tags for hit in self.found.hits[at]):
                return False
            if tokens[at].says("với", "cùng") and tokens[at + 1].says("em", "tui", "tôi", "tụi", "mình", "tổ"):
                return True
        return False

    def _sets_out(self, end: int) -> bool:
        """ "3 chị chi hội trưởng đi vận động, …" """
        tokens = self.found.tokens
        stop = next((at for at in range(end, len(tokens)) if self.found.breaks[at]), len(tokens))
        works = ("vận", "hướng", "hỗ", "phát", "thăm", "từng", "tuyên")
        return any(tokens[at].says("đi") and tokens[at + 1].says(*works) for at in range(end, min(end + 5, stop - 1)))

    def _works_along(self, said: Said) -> bool:
        """ "phối hợp với đoàn thanh niên 6 bạn, cài vneid cho 18 người" """
        found = self.found
        start, stop = said.first, said.end
        while start > 0 and not found.breaks[start]:
            start -= 1
        while stop < len(found.tokens) and not found.breaks[stop]:
            stop += 1
        is_along = any(found.tokens[at].says("phối") for at in range(start, said.first))
        return is_along and stop < len(found.tokens) and not any(start <= one.first < stop for one in found.topics)
