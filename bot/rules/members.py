"""Somebody new, introduced in one message: "Nguyễn Thị Ba 0912345678 Ấp 3", in any order, with or without marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.rules.rights import Role
from bot.rules.roster.naming import proper_name, untitled
from bot.rules.roster.phones import dialled
from bot.rules.vietnamese import fold, has_diacritics, normalise
from bot.rules.vietnamese.spelling import agrees
from bot.rules.vietnamese.units import split_kind, words

MOST_SIGNS = 200  # a longer message introduces nobody
MOST_NAME = 60
NEARLY = 6  # digits that must be meant for a number, though they are none
BREAK = " ; "

_APART = re.compile(r"[,;|\n]|\s[-–—]\s")
_DIGITS = re.compile(r"\+?\(?\d[\d.\-() ]*")
_LABEL = re.compile(r"\b(?:(?:số|so) )?(?:sđt|sdt|đt|dt|điện thoại|dien thoai|zalo|số|so)\b[ :.]*(?=;)", re.I)
_ADD = re.compile(r"^(?:thêm|them|add)\s+(?:(?:người|nguoi)\s+)?", re.I)
_BESIDE = frozenset(("là", "làm", "ở", "o", "tại", "vào", "vao", "cho", "as", "in"))  # between a name and the rest
_ROLES: tuple[tuple[str, Role], ...] = (
    ("phó tổ trưởng", "deputy"),
    ("tổ phó", "deputy"),
    ("phó tổ", "deputy"),
    ("tổ trưởng", "head"),
    ("thành viên", "member"),
    ("tổ viên", "member"),
    ("deputy head", "deputy"),
    ("deputy", "deputy"),
    ("head", "head"),
    ("member", "member"),
)


@dataclass(frozen=True, slots=True)
class Introduced:
    """What was understood; "" and None: not said. `phone`: ten digits. `place`: the words that name a unit.

    `wrong_phone`: digits that are no number, or the second of two; `unread`: words that mean nothing here.
    """

    name: str = ""
    phone: str = ""
    role: Role | None = None
    place: str = ""
    wrong_phone: str = ""
    unread: str = ""


def introduced(said: str, is_place: Callable[[str], bool]) -> Introduced:
    """Read it; `is_place` says whether words are wholly the name of a unit that may be meant."""
    if len(said) > MOST_SIGNS:
        return Introduced(unread=said)
    text, numbers, wrong = _numbers(_APART.sub(BREAK, normalise(said)))
    text = _LABEL.sub(" ", _ADD.sub("", text))
    without_role, role, is_bare = _role(text)
    found = _named(without_role, is_place)
    if is_bare and len(found.name.split()) < 2:  # "To Truong Son" is somebody's name
        role, found = None, _named(text, is_place)
    if len(numbers) > 1:
        return Introduced(found.name, "", role, found.place, " / ".join(numbers), found.unread)
    return Introduced(found.name, "".join(numbers), role, found.place, wrong, found.unread)


def same_name(said: str, name: str) -> bool:
    """Word for word; marks that were typed agree."""
    one, other = normalise(said).split(), normalise(name).split()
    return len(one) == len(other) and all(agrees(a, b) for a, b in zip(one, other, strict=True))


def names_unit(said: str, name: str, above: Sequence[str]) -> bool:
    """Whether words are a unit's whole name, perhaps followed by that of one it stands in: "ap 3 dai dien"."""
    given = said.split()
    for cut in range(len(given), 0, -1):
        rest = " ".join(given[cut:])
        if _is_called(" ".join(given[:cut]), name) and (not rest or any(_is_called(rest, up) for up in above)):
            return True
    return False


def _is_called(said: str, name: str) -> bool:
    """The same words, marks left out or not; the kind may be left out too."""
    given, right = split_kind(said), split_kind(name)
    one, other = words(given.name), words(right.name)
    alike = len(one) == len(other) and all(agrees(a, b) for a, b in zip(one, other, strict=True))
    return alike and given.kind in ("", right.kind)


def _numbers(text: str) -> tuple[str, list[str], str]:
    """The text with breaks for its telephone numbers, these, and digits that are none though they should be."""
    numbers: list[str] = []
    wrong: list[str] = []

    def take(found: re.Match[str]) -> str:
        groups = re.findall(r"\d+", found[0])
        first, end, number = _number_in(groups)
        if number:
            numbers.append(number)
            rest = _DIGITS.sub(take, " ".join(groups[end:]))
            return f"{' '.join(groups[:first])}{BREAK}{rest} "
        if sum(map(len, groups)) >= NEARLY:
            wrong.append(found[0].strip())
            return BREAK
        return found[0]

    text = _DIGITS.sub(take, text)
    return text, list(dict.fromkeys(numbers)), "".join(wrong[:1])


def _number_in(groups: Sequence[str]) -> tuple[int, int, str]:
    """Which of the groups of digits are together a telephone number, and that as it is dialled; "": none."""
    for first in range(len(groups)):
        for end in range(len(groups), first, -1):
            digits = "".join(groups[first:end])
            if len(digits) >= 9 and (number := dialled(digits)[0]):
                return first, end, number
    return 0, 0, ""


def _role(text: str) -> tuple[str, Role | None, bool]:
    """The text with a break for the role that is named, the role, and whether it was typed without marks."""
    pieces = text.split()
    for phrase, role in _ROLES:
        asked = phrase.split()
        for at in range(len(pieces) - len(asked) + 1):
            there = pieces[at : at + len(asked)]
            if all(agrees(one, other) for one, other in zip(there, asked, strict=True)):
                rest = " ".join([*pieces[:at], BREAK, *pieces[at + len(asked) :]])
                return rest, role, not has_diacritics(" ".join(there))
    return text, None, False


def _named(text: str, is_place: Callable[[str], bool]) -> Introduced:
    """Name and place of what is left, and what is neither."""
    pieces = [piece.split() for piece in text.split(";") if piece.strip()]
    place = ""
    for look in (_kind_and_name, _whole, _kind_and_anything):
        for at, piece in enumerate(pieces):
            first, end = look(piece, is_place, len(pieces))
            if end and not place:
                place = " ".join(piece[first:end])
                pieces[at : at + 1] = [piece[:first], piece[end:]]
                break
    left = [words_ for piece in pieces if (words_ := " ".join(_alone(piece)))]
    name = next((one for one in left if _may_be_name(one)), "")
    unread = ", ".join(one for one in left if one != name)
    return Introduced(name=proper_name(untitled(name)), place=place, unread=unread)


def _alone(piece: list[str]) -> list[str]:
    """Without what joins it to what follows: "Nguyễn Thị Ba ở"."""
    while piece and piece[-1] in _BESIDE:
        piece = piece[:-1]
    return piece


def _may_be_name(said: str) -> bool:
    return len(fold(said)) >= 2 and len(said) <= MOST_NAME and not any(char.isdigit() for char in said)


def _spans(piece: list[str]) -> Iterator[tuple[int, int]]:
    """Its ends and its beginnings, the longest first: a name stands before a place or behind it."""
    count = len(piece)
    for length in range(count, 0, -1):
        yield count - length, count
        yield 0, length


def _kind_and_name(piece: list[str], is_place: Callable[[str], bool], pieces: int) -> tuple[int, int]:
    """Words with a kind (ấp, xã) or a number that are wholly some unit's name."""
    for first, end in _spans(piece):
        said = " ".join(piece[first:end])
        if (split_kind(said).kind or (first + 1 < end and any(map(str.isdigit, said)))) and is_place(said):
            return first, end
    return 0, 0


def _whole(piece: list[str], is_place: Callable[[str], bool], pieces: int) -> tuple[int, int]:
    """A unit's bare name that stands alone, where something else is left to be the person's."""
    return (0, len(piece)) if pieces > 1 and is_place(" ".join(piece)) else (0, 0)


def _kind_and_anything(piece: list[str], is_place: Callable[[str], bool], pieces: int) -> tuple[int, int]:
    """What must be meant for a unit, though none is called so: "ấp 9"; a person's name has no numbers."""
    for first, end in _spans(piece):
        parts = split_kind(" ".join(piece[first:end]))
        sure = parts.name[:1].isdigit() or (has_diacritics(piece[first]) and (first >= 2 or end == len(piece) > 1))
        if parts.kind and sure and len(parts.name.split()) <= 4:
            return first, end
    return 0, 0
