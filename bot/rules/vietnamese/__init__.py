"""Reading Vietnamese as people type it: with and without marks, in the words of the South."""

from bot.rules.vietnamese.dates import Due, Unclear, read_day, read_due
from bot.rules.vietnamese.matching import matches, rank
from bot.rules.vietnamese.numbers import Amount, Count, Vague, Wrong, find_amounts, read_count
from bot.rules.vietnamese.spans import Span, read_span
from bot.rules.vietnamese.text import fold, has_diacritics, normalise
from bot.rules.vietnamese.tokens import Token, phrase_at, phrase_before, tokenise
from bot.rules.vietnamese.units import unit_key

__all__ = [
    "Amount",
    "Count",
    "Due",
    "Span",
    "Token",
    "Unclear",
    "Vague",
    "Wrong",
    "find_amounts",
    "fold",
    "has_diacritics",
    "matches",
    "normalise",
    "phrase_at",
    "phrase_before",
    "rank",
    "read_count",
    "read_day",
    "read_due",
    "read_span",
    "tokenise",
    "unit_key",
]
