"""Whose report a message says it is: "báo giúp chị Bảy: 5 hộ", "chị Bảy nhờ em báo: 5 hộ", "sửa lại của anh Tâm …"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.rules.vietnamese import Token, normalise, phrase_at, tokenise
from bot.rules.vietnamese.spelling import agrees

MOST_WORDS = 4  # of a name
MOST_BEFORE = 12  # words before it is said
_GIVE = ("giúp", "giùm", "dùm", "zùm", "jùm", "hộ", "thay", "thế", "thay cho", "giúp cho", "giùm cho", "dùm cho")
_REPORT = ("báo", "báo cáo", "bc", "bcao")
_FOR = tuple(f"{report} {give}" for report in _REPORT for give in _GIVE)
_OF = (*_FOR, "báo cáo của", "báo cáo cho", "bc của", "report for", "reporting for", "on behalf of")
_MEND = ("sửa", "sửa lại", "sửa báo cáo", "sửa lại báo cáo")
_MEND_OF = (*_GIVE, "của", "cho")
_ASKED = tuple(
    f"nhờ {by}{report}{give}"
    for by in ("", "em ", "tui ", "tôi ", "mình ", "con ", "cháu ", "anh ", "chị ")
    for report in _REPORT
    for give in ("", *(f" {give}" for give in _GIVE))
)
_KIN = (
    *("anh", "chị", "cô", "chú", "bác", "dì", "dượng", "cậu", "mợ", "thím", "ông", "bà", "em", "cháu", "con", "bạn"),
    *("chế", "đồng chí", "đc", "a", "c", "mr", "mrs", "ms"),
)
_ONESELF = ("em", "con", "cháu", "mình", "tui", "tôi", "me")
_BEGINS = ("dạ", "em", "con", "cháu", "cho", "nhờ", "thưa", "chào", "xin", "tui", "tôi", "mình", "anh", "chị", "please")
_SHORT = re.compile(r"(?<![^\W_])([đdb])/c(?![^\W_])", re.IGNORECASE)  # đ/c: đồng chí; b/c: báo cáo
_LEFT_OVER = re.compile(r"[\s:,;.\-–]*((nha|nhe|nhé|nghen|ạ|a|voi|với|là|la)(?![^\W_])[\s:,;.\-–]*)*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Behalf:
    """`words`: what may be the name, of which the first so many are it; `ends`: where in the `text` each ends.

    `first`: where it begins to be said. `is_sure`: a name stands there, whether or not it is anybody's that is known.
    `is_whole`: all of the words are the name.
    """

    text: str
    first: int
    words: tuple[str, ...]
    ends: tuple[int, ...]
    named: int
    is_sure: bool
    is_whole: bool = False

    def fits(self, name: str) -> int:
        """How many of the words are the end of somebody's name: of "Phạm Thị Bảy" one is "Bảy", two "Thị Bảy"."""
        own = name.split()
        counts = [len(self.words)] if self.is_whole else range(min(len(self.words), len(own)), 0, -1)
        return next((n for n in counts if n <= len(own) and self._are(n, own[-n:])), 0)

    def _are(self, count: int, own: list[str]) -> bool:
        return all(agrees(word, other) for word, other in zip(self.words[:count], own, strict=True))

    def called(self, count: int) -> str:
        """What says it, up to so many words of the name."""
        return self.text[self.first : self.ends[count - 1]]

    def rest(self, count: int) -> str:
        """The message without it."""
        after = self.text[self.ends[count - 1] :]
        left_over = _LEFT_OVER.match(after)
        return f"{self.text[: self.first]}{after[left_over.end() :] if left_over else after}".strip(" ,;:-–\n")


def behalf(text: str) -> Behalf | None:
    """Whose report it is said to be, where that is said."""
    text = _SHORT.sub(r"\1c", normalise(text))
    tokens = tokenise(text)
    for at in range(min(len(tokens), MOST_BEFORE)):
        is_begin = all(token.says(*_BEGINS) or token.kind == "sign" for token in tokens[:at])
        found = _reported(text, tokens, at, is_begin=is_begin) or (_asked(text, tokens, at) if is_begin else None)
        if found is not None:
            return found
    return None


def others(text: str) -> Iterator[Behalf]:
    """Where in the rest of a message somebody else may be named: "5 hộ, anh Tâm 3 hộ"."""
    tokens = tokenise(text)
    for at in range(1, len(tokens)):
        parts = text[tokens[at - 1].end : tokens[at].start]
        if not ("\n" in parts or tokens[at - 1].is_sign(",;.+-") or tokens[at - 1].says("và", "còn")):
            continue
        first = at + phrase_at(tokens, at, *_OF)
        kin, words = _called(tokens, first)
        if kin and words:
            names, ends = tuple(word.text for word in words), tuple(word.end for word in words)
            yield Behalf(text, tokens[at].start, names, ends, 1, is_sure=False)


def _reported(text: str, tokens: tuple[Token, ...], at: int, *, is_begin: bool) -> Behalf | None:
    """ "báo giúp chị Bảy", "sửa lại của chị Bảy" """
    mends = phrase_at(tokens, at, *_MEND)
    first = at + mends
    says = phrase_at(tokens, first, *(_MEND_OF if mends else _OF))
    if not says:
        return None
    kin, words = _called(tokens, first + says)
    if not words or (words[0].says(*_KIN, *_ONESELF) and not _is_capital(words[0])):
        return None  # "báo giùm anh em", "báo giúp bà con"
    sign = next((n for n, token in enumerate(tokens[first + says + kin :][: MOST_WORDS + 1]) if token.is_sign(":,")), 0)
    is_oneself = tokens[first + says].says(*_ONESELF)
    is_named = _is_capital(words[0]) or bool(sign)
    if not kin and not (is_begin and is_named):
        return None
    named = sign or len(_capitals(words)) or 1
    return Behalf(
        text,
        tokens[0 if is_begin and not mends else first].start,
        tuple(word.text for word in words),
        tuple(word.end for word in words),
        min(named, len(words)),
        bool(kin) and is_named and not is_oneself,
    )


def _asked(text: str, tokens: tuple[Token, ...], at: int) -> Behalf | None:
    """ "chị Bảy nhờ em báo giùm: …" """
    kin, words = _called(tokens, at)
    if not kin:
        return None
    for count in range(1, len(words) + 1):
        says = phrase_at(tokens, at + kin + count, *_ASKED)
        if says:
            end = tokens[at + kin + count + says - 1].end
            name = tuple(word.text for word in words[:count])
            return Behalf(text, tokens[at].start, name, (end,) * count, count, is_sure=True, is_whole=True)
    return None


def _called(tokens: tuple[Token, ...], at: int) -> tuple[int, tuple[Token, ...]]:
    """How many tokens say what they are called by ("chị", "a."), and the words behind that may be the name."""
    kin = phrase_at(tokens, at, *_KIN)
    if kin and at + kin < len(tokens) and tokens[at + kin].is_sign(".") and tokens[at + kin].glued:
        kin += 1
    words = []
    for token in tokens[at + kin : at + kin + MOST_WORDS]:
        if token.kind != "word":
            break
        words.append(token)
    return kin, tuple(words)


def _capitals(words: tuple[Token, ...]) -> tuple[Token, ...]:
    count = next((n for n, word in enumerate(words) if not _is_capital(word)), len(words))
    return words[:count]


def _is_capital(word: Token) -> bool:
    return word.text[:1].isupper()
