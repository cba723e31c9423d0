"""What every part of the grammar knows of a message."""

from __future__ import annotations

from bot.rules.reading.message import Scan
from bot.rules.reading.phrases import Lexicon
from bot.rules.reading.words import ATTENDEE, CLASS, DUTY, GENERAL, MEETING


class Grammar:
    """What was found in it, and the kinds of activity that have a part in the grammar, whatever their codes are."""

    def __init__(self, found: Scan, words: Lexicon) -> None:
        self.found = found
        self.words = words
        self.class_code, self.attendee = words.owner(CLASS), words.owner(ATTENDEE)
        self.general, self.household = words.owner(GENERAL), words.owner("hộ")
        self.duty, self.meeting = words.owner(DUTY), words.owner(MEETING)
