"""One message of somebody who is telling what they did: what is told so far, and how a question is put to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.chat.dialog import Ask, Prompt, once_polite
from bot.chat.message import Text
from bot.chat.plainly import bare
from bot.chat.texts import paragraphs
from bot.chat.turn import Turn
from bot.rules import people
from bot.rules import reports as of_reports
from bot.rules import told as rules
from bot.rules.told import Told
from handlers.reports.cards import qualifier
from storage import categories, counted, files
from storage.categories import Category
from storage.reports import Item, Report

STORE = "~told"  # the answer under which it is kept: no question's own
SKIP, BACK = "skip", "back"

Rows = Sequence[Sequence[tuple[str, str]]]


@dataclass
class Talk:
    """`kept`: the sent report that is being changed. `notice`: what is said once above the question that is put;
    `then`: above the one after it.

    `captioned`: the words came with photos, so what is no answer is a note.
    """

    turn: Turn
    ask: Ask
    told: Told
    kept: Report | None = None
    notice: Text = ()
    then: Text = ()
    captioned: bool = False
    known: dict[str, Category] = field(default_factory=dict)

    @property
    def is_asking(self) -> bool:
        """Whether a question is put, rather than the card (or the photos it begins with) shown."""
        told = self.told
        return bool(told.part or told.among or told.doubt or told.twice or told.against)

    @property
    def send_key(self) -> str:
        """The text key of the button that sends it, or mends what was sent."""
        return "reports_told.buttons.mend" if self.kept else "chat.buttons.send"

    @property
    def send(self) -> str:
        """What stands on that button, in words."""
        return bare(self.label(self.send_key))

    def keep(self, told: Told) -> None:
        """From here on this is what is told."""
        self.told = told
        self.ask.draft.answers[STORE] = [rules.as_json(told), ""]

    def label(self, key: str, /, **values: object) -> str:
        return self.turn.say.label(key, **values)

    def prompt(
        self, text: Text, rows: Rows, *, numbered: bool = True, last: bool = False, gathers: bool = False
    ) -> Prompt:
        text = once_polite(text) if self.notice else text
        return Prompt(paragraphs(self.notice, text), rows, numbered, counted=False, last=last, gathers=gathers)

    @property
    def question(self) -> str:
        """The key of the question that is asked: a button of an earlier one answers none of the later."""
        return f"q{self.told.asked}"

    @property
    def stays(self) -> bool:
        """Whether a sent report that counts would be as it was."""
        one, kept = self.told, self.kept
        if kept is None or kept.state not in ("kept", "practice"):
            return False
        sent = sorted(file.id for file in files.of_report(self.turn.db, kept.id))
        now = (set(one.items), one.day, one.team, one.note, one.place, sorted(one.files))
        return now == (set(kept.items), kept.day, kept.unit_id, kept.note, kept.place, sent)

    @property
    def moves(self) -> bool:
        """Whether it may go to another team: of several of one's own, and of one's own report."""
        is_own = self.kept is None or of_reports.is_own(self.kept, self.turn.me)
        return is_own and len(people.teams(self.turn.posts)) > 1

    @property
    def skip(self) -> list[tuple[str, str]]:
        return [(self.label("reports_told.buttons.skip"), SKIP)]

    @property
    def photos(self) -> int:
        """How many there are, without those that could not be kept."""
        return files.count_shown(self.turn.db, self.told.files)

    def category(self, code: str) -> Category:
        if code not in self.known:
            self.known[code] = categories.get(self.turn.db, code)
        return self.known[code]

    def unit(self, code: str, unit: str) -> str:
        """A unit of count in the hearer's language; "": the kind's own."""
        return self.category(code).counted(unit, self.turn.say.language)

    def any_unit(self, unit: str) -> str:
        """The same, of no kind that is known."""
        return counted.english(self.turn.db).get(unit, unit) if self.turn.say.language == "en" else unit

    def amount(self, item: Item) -> str:
        """ "hơn 12 hồ sơ" """
        parts = (qualifier(self.turn.say, item), self.turn.say.write(item.count), self.unit(item.category, item.unit))
        return " ".join(part for part in parts if part)

    def short(self, item: Item) -> str:
        """An item on a button."""
        return f"{self.amount(item)} {self.category(item.category).name(self.turn.say.language)}"
