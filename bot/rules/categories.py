"""What may be a kind of activity, and whose a word is. Checked the same in the chat and for a file."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from bot.rules.refused import Refused
from bot.rules.vietnamese import fold
from bot.rules.wording import check_line, check_words, words_of
from storage.categories import Category
from storage.counted import Counted

MOST_NAME = 24  # a button's width
MOST_ABOUT = 100
MOST_QUESTION = 150
MOST_ANSWERS = 6
MOST_USUAL = 100_000
USUAL = 40
_CODE = re.compile(r"[A-Z][A-Z0-9]{1,9}")


def code_for(name: str, taken: Collection[str]) -> str:
    """A code made of the first letters of a name: "Trồng cây xanh" is TCX, or TCX2 where that is taken."""
    letters = "".join(word[0] for word in fold(name).split() if word[0].isalpha()).upper()[:6]
    code = letters if len(letters) > 1 else f"{letters or 'H'}M"
    numbered = (f"{code}{number}" for number in range(2, 1000))
    return code if code not in taken else next(one for one in numbered if one not in taken)


def check_code(said: str) -> str:
    """Raises Refused."""
    code = fold(said).upper().replace(" ", "")
    if not _CODE.fullmatch(code):
        raise Refused("categories.code_wrong", said=said[:20])
    return code


def check_unit(said: str, counted: Mapping[str, Counted]) -> Counted:
    """The unit of count in use that is meant: by its name, or by a word for it. Raises Refused."""
    asked = fold(" ".join(said.split()))
    used = [one for one in counted.values() if one.retired_at is None]
    for one in used:
        if asked in (fold(one.name), fold(one.name_en)) or asked in map(fold, words_of(one.words)):
            return one
    raise Refused("categories.no_such_unit", said=said[:40])


def check(one: Category, everything: Iterable[Category]) -> Category:
    """The category as it may be kept beside the others. Raises Refused that says what is wrong, and whose a word is."""
    tidy = replace(
        one,
        code=check_code(one.code),
        name_vi=check_line(one.name_vi, MOST_NAME),
        name_en=check_line(one.name_en or one.name_vi, MOST_NAME),
        about_vi=check_line(one.about_vi or one.name_vi, MOST_ABOUT),
        about_en=check_line(one.about_en or one.name_en or one.name_vi, MOST_ABOUT),
        words="\n".join(words_of(one.words)),
    )
    if not 1 <= one.usual <= MOST_USUAL:
        raise Refused("categories.usual_wrong", most=MOST_USUAL)
    check_words(words_of(tidy.words))
    tidy = check_question(tidy)
    if tidy.retired_at is None:
        _check_alone(tidy, [other for other in everything if other.code != tidy.code and other.retired_at is None])
    return tidy


def check_question(one: Category) -> Category:
    if not one.question_vi.strip():
        if one.question_en.strip() or one.answers.strip():
            raise Refused("categories.answers_alone")
        return replace(one, question_vi="", question_en="", answers="", may_skip=1)
    answers = list(dict.fromkeys(" ".join(line.split()) for line in one.answers.split("\n") if line.strip()))
    if answers and not 2 <= len(answers) <= MOST_ANSWERS:
        raise Refused("categories.answers_count", count=len(answers), most=MOST_ANSWERS)
    return replace(
        one,
        question_vi=check_line(one.question_vi, MOST_QUESTION),
        question_en=check_line(one.question_en or one.question_vi, MOST_QUESTION),
        answers="\n".join(check_line(answer, MOST_NAME) for answer in answers),
    )


def _check_alone(one: Category, others: list[Category]) -> None:
    """No name and no word of it is another's: the reader would not know whose it is."""
    mine = words_of(one.words)
    for other in others:
        names = {name.casefold() for name in (other.name_vi, other.name_en)}
        for name in (one.name_vi, one.name_en):
            if name.casefold() in names:
                raise Refused("categories.name_taken", name=name, other=other.name_vi, code=other.code)
            if name.casefold() in words_of(other.words):
                raise Refused("categories.name_is_word", name=name, other=other.name_vi, code=other.code)
        for word in mine:
            if word in words_of(other.words) or word in names:
                raise Refused("categories.word_taken", word=word, other=other.name_vi, code=other.code)


def alike(one: Category, everything: Iterable[Category]) -> list[tuple[str, Category]]:
    """Words of it that are another's when they are typed without marks: the reader then asks which is meant."""
    mine = {fold(word): word for word in words_of(one.words)}
    return [
        (mine[fold(word)], other)
        for other in everything
        if other.code != one.code and other.retired_at is None
        for word in words_of(other.words)
        if fold(word) in mine
    ]
