"""Finding the known words in a message: those of the language and those of the kinds of activity."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from bot.rules.reading import words
from bot.rules.reading.records import Category, Counted
from bot.rules.vietnamese.numerals import Tokens
from bot.rules.vietnamese.slips import is_syllable
from bot.rules.vietnamese.spelling import Spelling, spell
from bot.rules.vietnamese.text import fold
from bot.rules.vietnamese.tokens import Token, tokenise

_FINALS = (("ng", "n"), ("nh", "n"), ("ch", "t"), ("c", "t"))
_INITIALS = (("tr", "ch"), ("s", "x"), ("gi", "d"), ("v", "d"))
# Shorter ones run into other words when written together.
_SHORTEST_JOINED = 4
_LEAFLETS = ("roi", "buom", "gap", "tl")
_HOOK_OR_TILDE = ("\u0309", "\u0303")


@dataclass(frozen=True, slots=True)
class Hit:
    """A known phrase that takes the tokens up to `end`. `is_bare`: one word typed without the marks it should have."""

    end: int
    tags: frozenset[str] = frozenset()
    unit: str = ""
    codes: tuple[str, ...] = ()
    is_bare: bool = False


@dataclass(slots=True)
class _Entry:
    words: tuple[Spelling, ...]
    tags: set[str] = field(default_factory=set)
    unit: str = ""
    codes: list[str] = field(default_factory=list)

    @property
    def is_strict(self) -> bool:
        """The little words of the grammar are taken only as they are spelled."""
        return not self.unit and not self.codes


@dataclass(slots=True)
class _Node:
    children: dict[str, _Node] = field(default_factory=dict)
    entries: dict[tuple[str, ...], _Entry] = field(default_factory=dict)


class Lexicon:
    """All phrases in one tree, by how their words sound, and what the grammar wants to know of the categories."""

    def __init__(self, categories: Sequence[Category], counted: Sequence[Counted] = ()) -> None:
        self._root = _Node()
        self.single: set[str] = set()
        """Bare words that are known as they are: no slip of the keyboard."""
        self._exact: set[str] = set()
        """Single words as they are spelled, with their marks."""
        self.own_unit = {category.code: category.units[0] if category.units else "" for category in categories}
        self.order = {category.code: place for place, category in enumerate(categories)}
        self._owner: dict[str, str] = {}
        self._owner_bare: dict[str, str] = {}
        self.of_people: set[str] = set()
        """Categories whose own words name people."""
        for canonical, typed in words.UNITS.items():
            for phrase in _split(typed):
                self._add(phrase).unit = canonical
        for one in counted:
            for phrase in (one.name, *one.words):
                self._add(phrase).unit = one.name
        for phrase in _split(words.VOLUNTEERS):
            entry = self._add(phrase)
            entry.unit = phrase if phrase == "lượt thành viên" else "người"
            entry.tags.add("volunteer")
        for phrase in _split(words.CLASSIFIERS):
            self._add(phrase).tags.add("classifier")
        for tag, typed in words.TAGS.items():
            for phrase in _split(typed):
                self._add(phrase).tags.add(tag)
        for category in categories:
            self._add_category(category)
        for category in categories:
            for name in category.names:
                if name and "," not in name and not self._holds_other(name, category.code):
                    self._add(name).codes.append(category.code)
        units = [category.units[0] for category in categories if category.units and category.units[0]]
        for category in categories:
            if category.units and units.count(category.units[0]) == 1:
                self._owner.setdefault(category.units[0], category.code)

    def _add_category(self, category: Category) -> None:
        for phrase in _variants(category.words):
            entry = self._add(phrase)
            entry.codes.append(category.code)
            if entry.unit in ("người", "tiểu thương", "hộ kinh doanh"):
                self.of_people.add(category.code)
            self._owner.setdefault(phrase, category.code)
            if " " in phrase:
                self._owner_bare.setdefault(fold(phrase), category.code)

    def _holds_other(self, name: str, code: str) -> bool:
        """ "Sản phẩm lên sàn" holds a word of another category, which it would hide."""
        tokens = tokenise(name)
        hits = self.hits(tokens)
        return any(hit.codes and code not in hit.codes for at in range(len(tokens)) for hit in hits[at])

    def _add(self, phrase: str) -> _Entry:
        tokens = tokenise(phrase)
        texts = tuple(token.text.casefold() for token in tokens)
        node = self._root
        for token in tokens:
            node = node.children.setdefault(_sound(token), _Node())
        entry = node.entries.setdefault(texts, _Entry(tuple(spell(text) for text in texts)))
        self.single.update(token.key for token in tokens if token.kind == "word" and not is_syllable(token.key))
        if len(tokens) == 1:
            self.single.add(tokens[0].key)
            self._exact.add(texts[0])
        elif len(joined := "".join(token.key for token in tokens)) >= _SHORTEST_JOINED and joined.isalpha():
            together = self._root.children.setdefault(_sound_of(joined), _Node())
            together.entries.setdefault((joined,), entry)
            self.single.add(joined)
        return entry

    def owner(self, word: str) -> str | None:
        """The category that this word or unit belongs to, when it is one category's alone."""
        return self._owner.get(word) or self._owner_bare.get(word)

    def hits(self, tokens: Tokens) -> list[tuple[Hit, ...]]:
        """For each token the known phrases that begin there, the longest first."""
        sounds = [_sound(token) for token in tokens]
        hits = [tuple(self._hits_at(tokens, sounds, at)) for at in range(len(tokens))]
        for at, token in enumerate(tokens):
            if token.text in self.order and not hits[at] and _is_beside_number(tokens, at):
                hits[at] = (Hit(at + 1, codes=(token.text,)),)  # the code itself: TTS 2
        is_handed = any(token.key in ("phat", "dan") and after.kind == "number" for token, after in pairwise(tokens))
        if not is_handed and not any(token.key in _LEAFLETS for token in tokens):
            # A bare "to" is a team; a sheet only where leaflets are spoken of.
            for at, token in enumerate(tokens):
                if token.key == "to" and token.is_bare:
                    hits[at] = tuple(replace(hit, unit="") if hit.unit == "tờ" else hit for hit in hits[at])
        return hits

    def _hits_at(self, tokens: Tokens, sounds: list[str], at: int) -> list[Hit]:
        found: list[Hit] = []
        matched: dict[int, list[_Entry]] = {}
        node = self._root
        for end in range(at + 1, len(tokens) + 1):
            following = node.children.get(sounds[end - 1])
            if following is None or (end > at + 1 and tokens[end - 1].begins_line):
                break
            node = following
            entries = [entry for entry in node.entries.values() if _fits(entry, tokens, at, end, self._exact)]
            if entries and end == at + 1:
                entries = _without_guesses(entries, tokens[at])
            if entries:
                matched[end] = entries
        _settle_first(matched, tokens[at])
        for end, entries in matched.items():
            hit = _hit(entries, tokens, at, end)
            if hit.is_bare and hit.codes and self._owner.get(hit.unit) not in hit.codes:
                hit = replace(hit, unit="")  # a bare "vi" is ví rather than vị
            found.append(hit)
        found.reverse()
        return found


def _is_beside_number(tokens: Tokens, at: int) -> bool:
    after = at + 1
    while after < len(tokens) and tokens[after].is_sign(":=-"):
        after += 1
    return after < len(tokens) and tokens[after].kind == "number"


def _settle_first(matched: dict[int, list[_Entry]], token: Token) -> None:
    """A longer phrase tells which word a bare one is: the "ma" of "ma qr" is mã rather than má."""
    if len(matched) < 2 or not token.is_bare:
        return
    first = {(*entry.words[0].marks, entry.words[0].tone) for entry in matched[max(matched)]}
    shortest = min(matched)
    same = [entry for entry in matched[shortest] if (*entry.words[0].marks, entry.words[0].tone) in first]
    matched[shortest] = same or matched[shortest]


def _without_guesses(entries: list[_Entry], token: Token) -> list[_Entry]:
    """ "cho" is itself before it is "chờ": a little word typed exactly leaves out others that it might be."""
    if token.kind == "word" and token.is_bare and token.key not in words.CLEAR_WHEN_BARE:
        entries = [
            entry
            for entry in entries
            if not entry.is_strict or entry.words[0].is_bare or not entry.tags.intersection(words.GUARDED)
        ]
    given = spell(token.text)
    exact = [entry for entry in entries if (entry.words[0].marks, entry.words[0].tone) == (given.marks, given.tone)]
    if token.kind != "word" or not exact:
        return entries
    return [
        entry
        for entry in entries
        if not entry.is_strict or (entry.words[0].marks, entry.words[0].tone) == (given.marks, given.tone)
    ]


def _hit(entries: list[_Entry], tokens: Tokens, at: int, end: int) -> Hit:
    bare = end == at + 1 and tokens[at].is_bare and not any(entry.words[0].is_bare for entry in entries)
    tags = frozenset[str]().union(*(entry.tags for entry in entries))
    unit = next((entry.unit for entry in entries if entry.unit), "")
    codes = tuple(dict.fromkeys(code for entry in entries for code in entry.codes))
    return Hit(end, tags, unit, codes, bare)


def _fits(entry: _Entry, tokens: Tokens, at: int, end: int, known: Container[str]) -> bool:
    """One word as it is spelled; of several, one may be misspelled the way it sounds, unless that is a `known` word."""
    phrase = entry.words
    if len(phrase) != end - at:
        # Written together.
        return end == at + 1 and tokens[at].key == "".join(word.key for word in phrase)
    slips = 0
    for word, token in zip(phrase, tokens[at:end], strict=True):
        if entry.is_strict and _is_itself(token, word, known):
            return False
        if token.kind == "word" and not _agrees(spell(token.text), word):
            slips += 1
            is_clear = len(phrase) == 1 and len(word.letters) > 4 and token.key == word.key
            if token.key != word.key and not token.is_bare and token.text.casefold() in known:
                return False  # "lượt đăng" is no "lượt dân"
            if token.key != word.key and token.says(*words.KIN):
                return False  # "anh Toàn" is no "an toàn"
            if slips > 1 or entry.is_strict or (len(phrase) == 1 and not is_clear):
                return False
    return slips == 0 or sum(len(word.letters) for word in phrase) > 4


def _is_itself(token: Token, word: Spelling, known: Container[str]) -> bool:
    """ "chú không có mạng" is no "chứ không": typed with its marks it is another word that is known."""
    if token.kind != "word" or token.is_bare or token.key != word.key or token.text.casefold() not in known:
        return False
    given = spell(token.text)
    return (given.marks, given.tone) != (word.marks, word.tone)


def _agrees(given: Spelling, word: Spelling) -> bool:
    if given.key != word.key:
        return False
    if not all(mark in ("", other) for mark, other in zip(given.marks, word.marks, strict=True)):
        return False
    same_tone = given.tone == word.tone or (given.tone in _HOOK_OR_TILDE and word.tone in _HOOK_OR_TILDE)
    return given.is_bare or same_tone


def _sound(token: Token) -> str:
    return _sound_of(token.key) if token.kind == "word" else token.text


@lru_cache(maxsize=8192)
def _sound_of(key: str) -> str:
    """Words that Southerners spell for one another come out alike: hướng and hướn, lượt and lược, số and xố."""
    for ending, short in _FINALS:
        if key.endswith(ending):
            key = key[: -len(ending)] + short
            break
    for beginning, short in _INITIALS:
        if key.startswith(beginning):
            return short + key[len(beginning) :]
    return key


_SHORT = (("được", ("dc", "đc")), ("làm", ("lm",)), ("gì", ("j",)))


def _split(typed: str) -> list[str]:
    phrases = [phrase.strip() for phrase in typed.replace("\n", " ").split("|") if phrase.strip()]
    noes = words.NEGATIONS.split("|")
    written = [phrase.replace("{no}", no) for phrase in phrases for no in (noes if "{no}" in phrase else noes[:1])]
    return list(dict.fromkeys(short for phrase in written for short in _shortened(phrase)))


def _shortened(phrase: str) -> Iterator[str]:
    """A phrase of several words also as it is typed in haste: "không làm được gì", "không lm dc j"."""
    forms = [phrase]
    for long, shorts in _SHORT if " " in phrase else ():
        padded = [f" {form} " for form in forms]
        forms += [
            form.replace(f" {long} ", f" {short} ").strip()
            for form in padded
            if f" {long} " in form
            for short in shorts
        ]
    yield from forms


def _variants(phrases: Sequence[str]) -> list[str]:
    """With the short forms that people type inside them: thanh toán k tiền mặt, tk dịch vụ công."""
    found = list(phrases)
    for long, short in (("không", "k"), ("không", "ko"), ("tài khoản", "tk"), ("hồ sơ", "hs")):
        found += [phrase.replace(long, short) for phrase in phrases if long in phrase and phrase != long]
    return list(dict.fromkeys(found))


@lru_cache(maxsize=8)
def lexicon(categories: tuple[Category, ...], counted: tuple[Counted, ...] = ()) -> Lexicon:
    """Built once for each set of categories and units of count."""
    return Lexicon(categories, counted)
