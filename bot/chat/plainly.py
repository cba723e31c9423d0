"""How a Reply looks where the channel shows less: numbered lines for buttons, several messages for a long text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.chat.message import Button, Span, Text
from bot.chat.reply import Reply
from bot.chat.texts import Voice, lines, paragraphs
from bot.rules.vietnamese import fold
from storage.chats import Choice

MOST_CHOICES = 40


@lru_cache(4096)
def word(label: str) -> str:
    """A label as it is typed: folded, without its picture."""
    return " ".join(fold("".join(sign if sign.isalnum() else " " for sign in label)).split())


def as_words(reply: Reply) -> list[Choice]:
    """What may be typed instead of pressing, where the buttons are shown."""
    return [Choice(0, word(button.label), button.action) for button in _each(reply)]


def as_lines(reply: Reply, voice: Voice, after: int) -> tuple[Text, list[Choice]]:
    """The text with its choices as lines. Numbers go on after `after`, so that two messages never share one;
    `after` < 0 or an unnumbered reply: words only, with the code of the thing they are about."""
    buttons = list(_each(reply))
    if not buttons:
        return reply.text, []
    if reply.numbered and after >= 0:
        choices = [Choice(after + n, word(b.label), b.action) for n, b in enumerate(buttons, 1)]
        rows = [(Span(f"{choice.number}. {button.label}"),) for choice, button in zip(choices, buttons, strict=True)]
        return paragraphs(reply.text, lines(*rows, voice("chat.pick_number"))), choices
    suffix = f" {reply.code}" if reply.code else ""
    choices = [Choice(0, word(button.label + suffix), button.action) for button in buttons]
    rows = [(Span(f"• {bare(button.label)}{suffix}"),) for button in buttons]
    return paragraphs(reply.text, lines(voice("chat.or_type"), *rows)), choices


def meant(choices: Sequence[Choice], text: str) -> str | None:
    """The action of the choice that was typed, by number or by its words."""
    typed = word(text)
    number = int(typed) if typed.isdecimal() and len(typed) <= 3 else 0
    for choice in reversed(choices):
        if (number and choice.number == number) or (choice.word and choice.word == typed):
            return choice.action
    return None


def split(text: Text, limit: int) -> list[Text]:
    """Parts of at most `limit` UTF-16 units, cut between lines; a line that is too long itself, between words."""
    parts: list[list[Span]] = [[]]
    room = limit
    for line in _lines(text):
        size = sum(units(span.text) for span in line)
        if size <= room:
            parts[-1] += line
            room -= size
            continue
        parts.append([])
        room = limit
        for span in line:
            room = _fill(parts, span, room, limit)
    return [part for part in map(_trimmed, parts) if part]


def _lines(text: Text) -> list[list[Span]]:
    """Each line's spans, its end included."""
    found: list[list[Span]] = [[]]
    for span in text:
        for piece in span.text.splitlines(keepends=True):
            found[-1].append(Span(piece, span.style))
            if piece.endswith("\n"):
                found.append([])
    return [line for line in found if line]


def _fill(parts: list[list[Span]], span: Span, room: int, limit: int) -> int:
    """Put a span of a long line into the last part and as many new ones as it needs; returns the room left."""
    rest = span.text
    while units(rest) > room:
        cut = _cut(rest, room, start=room == limit)
        if cut:
            parts[-1].append(Span(rest[:cut], span.style))
        rest = rest[cut:].lstrip(" ")
        parts.append([])
        room = limit
    if rest:
        parts[-1].append(Span(rest, span.style))
    return room - units(rest)


def _trimmed(part: list[Span]) -> Text:
    """Without the empty lines at either end."""
    while part and not part[0].text.strip():
        part = part[1:]
    while part and not part[-1].text.strip():
        part = part[:-1]
    if part:
        part[-1] = Span(part[-1].text.rstrip("\n"), part[-1].style)
    return tuple(part)


def units(text: str) -> int:
    """Length in UTF-16 units, as channels count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def _cut(text: str, room: int, *, start: bool) -> int:
    most = room
    while units(text[:most]) > room:
        most -= 1
    at = text.rfind(" ", 0, most + 1)
    if at > 0:
        return at
    return most if start else 0


def _each(reply: Reply) -> Iterable[Button]:
    return (button for row in reply.buttons for button in row)


def bare(label: str) -> str:
    """A label without its picture."""
    return label.lstrip("".join(sign for sign in label if not sign.isalnum())) or label
