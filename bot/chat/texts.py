"""All words the bot says: read from TOML, checked, and filled in as spans that values cannot break out of."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from importlib import resources
from typing import Any

from bot.chat.message import Span, Style, Text

LANGUAGES = ("vi", "en")
LABEL_LIMIT = 24

# Where there are no buttons nothing is pressed: the same texts say "nhắn" for "bấm". Values are never touched.
TYPED = "-typed"
_PRESSES = {
    "vi": (("bấm nút", "nhắn"), ("Bấm", "Nhắn"), ("bấm", "nhắn")),
    "en": (("Press", "Send"), ("press", "send")),
}

_TAG = re.compile(r"<(/?)(b|i|code)>")


class TextError(ValueError):
    """The catalogue of texts is wrong; the message names the key."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words in one style, or the name of a value to put there."""

    style: Style
    words: str = ""
    name: str = ""
    span: Span = field(init=False)  # the words, ready to be said

    def __post_init__(self) -> None:
        object.__setattr__(self, "span", Span(self.words, self.style))


Template = tuple[Piece, ...]


def parse(template: str, key: str) -> Template:
    """Read `<b>`, `<i>`, `<code>` and `{name}` once, before any value is known."""
    pieces: list[Piece] = []
    style: Style = ""
    at = 0
    for tag in _TAG.finditer(template):
        pieces += _fields(template[at : tag.start()], style, key)
        closing, name = tag.groups()
        if (closing and style != name) or (not closing and style):
            raise TextError(f"{key}: markup does not nest at {tag.group()!r} in {template!r}")
        style = "" if closing else name  # type: ignore[assignment]
        at = tag.end()
    if style:
        raise TextError(f"{key}: <{style}> is not closed in {template!r}")
    return (*pieces, *_fields(template[at:], style, key))


def typed(template: Template, language: str) -> Template:
    """The template for a chat without buttons."""
    return tuple(replace(piece, words=_unpressed(piece.words, language)) for piece in template)


def _unpressed(words: str, language: str) -> str:
    for press, send in _PRESSES[language]:
        words = words.replace(press, send)
    return words


def _fields(words: str, style: Style, key: str) -> Iterator[Piece]:
    for literal, name, spec, _ in string.Formatter().parse(words):
        if literal:
            yield Piece(style, words=literal)
        if name is not None:
            if not name.isidentifier() or spec:
                raise TextError(f"{key}: {{{name}}} is not a plain name")
            yield Piece(style, name=name)


def names(template: Template) -> set[str]:
    """The values a template needs."""
    return {piece.name for piece in template if piece.name}


@dataclass(frozen=True)
class Texts:
    """The whole catalogue: language → key ("feature.what_it_says") → template."""

    templates: Mapping[str, Mapping[str, Template]]

    def say(self, language: str, key: str, values: Mapping[str, Any], *, buttons: bool = True) -> Text:
        """The text in that language. Values are int, str, date, datetime (local) or Text. Raises KeyError."""
        spans: list[Span] = []
        for piece in self.templates[language if buttons else language + TYPED][key]:
            if not piece.name:
                spans.append(piece.span)
                continue
            value = values[piece.name]
            if isinstance(value, tuple):
                spans += (Span(span.text, span.style or piece.style) for span in value)
            else:
                spans.append(Span(self.write(language, value), piece.style))
        return tuple(spans)

    def label(self, language: str, key: str, values: Mapping[str, Any]) -> str:
        """The text as plain words, for a button."""
        return "".join(span.text for span in self.say(language, key, values))

    def write(self, language: str, value: object) -> str:
        """A value in the words of a language: 1.200, "thứ Sáu 27/11", "17:00 thứ Sáu 27/11"."""
        if isinstance(value, bool) or value is None:
            raise TypeError("a text takes words, numbers and dates")
        if isinstance(value, int):
            return f"{value:,}".replace(",", "." if language == "vi" else ",")
        if isinstance(value, datetime):
            return f"{value:%H:%M} {self._day(language, value)}"
        if isinstance(value, date):
            return self._day(language, value)
        return str(value)

    def _day(self, language: str, day: date) -> str:
        weekdays = self.label(language, "chat.weekdays", {}).split(",")
        return f"{weekdays[day.weekday()]} {day.day}/{day.month}"

    def keys(self) -> set[str]:
        return set(self.templates[LANGUAGES[0]])


@cache
def load() -> Texts:
    """Read and check every `bot/texts/*.toml`, once in a process: it takes a tenth of a second. Raises TextError naming
    the key that is wrong."""
    raw: dict[str, dict[str, str]] = {}
    for file in sorted(resources.files("bot.texts").iterdir(), key=lambda file: file.name):
        if file.name.endswith(".toml"):
            raw |= dict(_entries(file.name[:-5], tomllib.loads(file.read_text("utf-8"))))
    return check(raw)


def _entries(prefix: str, table: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    for name, value in table.items():
        if not isinstance(value, dict):
            raise TextError(f"{prefix}: {name!r} stands alone; a text is a table with {' and '.join(LANGUAGES)}")
        if any(isinstance(inner, str) for inner in value.values()):
            yield f"{prefix}.{name}", value
        else:
            yield from _entries(f"{prefix}.{name}", value)


def check(raw: Mapping[str, Mapping[str, str]]) -> Texts:
    """Every key in every language, with the same values; labels (keys under `buttons` or `menu`) short enough."""
    templates: dict[str, dict[str, Template]] = {
        key: {} for language in LANGUAGES for key in (language, language + TYPED)
    }
    for key, entry in raw.items():
        if set(entry) != set(LANGUAGES):
            raise TextError(f"{key}: has {', '.join(sorted(entry))}; it needs {' and '.join(LANGUAGES)}")
        for language in LANGUAGES:
            templates[language][key] = parse(entry[language].strip("\n"), key)
            templates[language + TYPED][key] = typed(templates[language][key], language)
            if is_label(key) and len(entry[language]) > LABEL_LIMIT:
                raise TextError(
                    f"{key}: {entry[language]!r} is longer than {LABEL_LIMIT} characters, too long for a button"
                )
        if len({frozenset(names(templates[language][key])) for language in LANGUAGES}) > 1:
            raise TextError(f"{key}: the languages do not name the same values")
    return Texts(templates)


def is_label(key: str) -> bool:
    """Whether the key is written on a button."""
    return any(part in ("buttons", "menu") for part in key.split(".")[1:])


def lines(*texts: Text) -> Text:
    """One text per line; empty ones leave no line."""
    spans: list[Span] = []
    for text in texts:
        if not text:
            continue
        if spans:
            spans.append(Span("\n"))
        spans += text
    return tuple(spans)


def paragraphs(*texts: Text) -> Text:
    """One text per paragraph; empty ones leave no gap."""
    spans: list[Span] = []
    for text in texts:
        if not text:
            continue
        if spans:
            spans.append(Span("\n\n"))
        spans += text
    return tuple(spans)


def below(*texts: Text) -> Text:
    """What goes under a line that another text ends with: each on a line of its own, nothing where there is nothing."""
    return lines((Span(""),), *texts) if any(texts) else ()


def some(names: Sequence[str], most: int = 12) -> str:
    """As many names as can be read at a glance."""
    shown = ", ".join(names[:most])
    return f"{shown} … (+{len(names) - most})" if len(names) > most else shown


def counted(say: Voice, counts: Mapping[str, int], between: str = ", ") -> str:
    """The counts by text key, in words; of what there is none nothing is said."""
    return between.join(say.label(key, count=count) for key, count in counts.items() if count)


@dataclass(frozen=True, slots=True)
class Voice:
    """The catalogue in one hearer's language; `buttons`: whether they have any to press."""

    texts: Texts
    language: str
    buttons: bool = True

    def __call__(self, key: str, /, **values: Any) -> Text:
        return self.texts.say(self.language, key, values, buttons=self.buttons)

    def label(self, key: str, /, **values: Any) -> str:
        return self.texts.label(self.language, key, values)

    def write(self, value: int | date | datetime) -> str:
        """A number, day or moment in the hearer's words."""
        return self.texts.write(self.language, value)
