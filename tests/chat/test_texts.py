"""Texts: markup is read before values, so no name can become markup; the catalogue is checked when it is loaded."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bot.chat.message import Span
from bot.chat.texts import TextError, check, lines, load, paragraphs, parse, some


def entry(vi: str, en: str = "") -> dict[str, str]:
    return {"vi": vi, "en": en or vi}


def test_a_value_cannot_become_markup() -> None:
    texts = check({"a.b": entry("Chào <b>{name}</b>!")})
    said = texts.say("vi", "a.b", {"name": "<i>An</i> & {x} _*["})
    assert said == (Span("Chào "), Span("<i>An</i> & {x} _*[", "b"), Span("!"))


def test_a_text_as_value_keeps_its_styles() -> None:
    texts = check({"a.b": entry("<i>{inner}</i>")})
    assert texts.say("vi", "a.b", {"inner": (Span("x"), Span("y", "code"))}) == (Span("x", "i"), Span("y", "code"))


@pytest.mark.parametrize("wrong", ["<b>a", "a</b>", "<b><i>a</i></b>", "{0}", "{a.b}", "{a:>3}", "{}"])
def test_wrong_markup_names_its_key(wrong: str) -> None:
    with pytest.raises(TextError, match=r"a\.b"):
        parse(wrong, "a.b")


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ({"a.b": {"vi": "x"}}, "it needs vi and en"),
        ({"a.b": {"vi": "x", "en": "x", "fr": "x"}}, "it needs vi and en"),
        ({"a.b": entry("{name}", "{nam}")}, "do not name the same values"),
        ({"a.buttons.b": entry("Một cái nút dài hơn hai mươi bốn chữ")}, "too long for a button"),
    ],
)
def test_a_wrong_catalogue_is_refused(raw: dict[str, dict[str, str]], sentence: str) -> None:
    with pytest.raises(TextError, match=sentence):
        check(raw)


def test_values_in_the_words_of_the_language() -> None:
    texts = load()
    assert texts.write("vi", 1234567) == "1.234.567"
    assert texts.write("en", 1234567) == "1,234,567"
    assert texts.write("vi", date(2026, 11, 27)) == "thứ Sáu 27/11"
    assert texts.write("en", datetime(2026, 11, 27, 7, 5)) == "07:05 Friday 27/11"  # noqa: DTZ001
    with pytest.raises(TypeError):
        texts.write("vi", None)


def test_putting_texts_together() -> None:
    assert lines((Span("a"),), (), (Span("b"),)) == (Span("a"), Span("\n"), Span("b"))
    assert paragraphs((), (Span("a"),)) == (Span("a"),)
    assert some(["a", "b", "c"], 2) == "a, b … (+1)"
