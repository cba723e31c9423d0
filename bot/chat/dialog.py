"""A conversation of several questions, written as a script and replayed from its answers at every message.

Only the answers are kept. A question already answered returns its answer at once; the first one without takes the new
message, or ends the turn with its prompt. So nothing lives in memory, *Quay lại* forgets the last answer, *Sửa* forgets
one and keeps the rest, and after a change of the script people are asked only what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from bot.chat.action import Action
from bot.chat.answers import agrees
from bot.chat.message import Button, Span, Text
from bot.chat.plainly import bare, units, word
from bot.chat.reply import Reply
from bot.chat.router import Said
from bot.chat.texts import paragraphs, some
from bot.chat.turn import Turn, dialog_card
from bot.rules.refused import Refused
from bot.rules.vietnamese import Count, Vague, Wrong, matches, read_count
from storage import drafts
from storage.drafts import Draft

PAGE = 8
MISSES_BEFORE_HUMAN = 2
EARLY = "~early"  # the key under which photos and words wait for the question that takes them
PRACTISED = "~practised"  # the answer of a draft that was begun while practising
MOST_FILES = 10
MOST_NOTE = 1000
MOST_NUMBER = 300  # a longer answer is no number, and looking for one in 4,000 signs takes a third of a second

T = TypeVar("T")

Script = Callable[..., Said]
"""The dialog itself, `(turn, ask, **params)`: asks through `ask`, and acts only after its last question."""

Dropped = Callable[[Turn, Draft], Sequence[Reply]]
"""Puts a dialog aside that its person wants no more, and says what follows."""


@dataclass(frozen=True, slots=True)
class Answer(Action, code="a"):
    """A button of a question. `value` starting with "~" is about the dialog itself."""

    draft: int
    step: str
    value: str


@dataclass(frozen=True, slots=True)
class Resume(Action, code="rs"):
    """Go on with a draft that was put aside."""

    draft: int


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose; `id` is what is kept. `also`: what else people call it."""

    id: str
    label: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Extras:
    """Photos and a few words added to something."""

    files: list[int]
    note: str


@dataclass(frozen=True, slots=True)
class Heard:
    """What the person put to the question asked: words, files, or the value of its button."""

    text: str = ""
    files: bool = False
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question as it is shown; rows are of (label, value). `gathers`: more may come to it at once."""

    text: Text
    rows: Sequence[Sequence[tuple[str, str]]] = ()
    numbered: bool = True
    counted: bool = True
    last: bool = False
    gathers: bool = False


class Asking(BaseException):
    """The script waits for an answer. A BaseException, so that no `except Exception` swallows it."""

    def __init__(self, key: str, prompt: Prompt) -> None:
        super().__init__(key)
        self.key = key
        self.prompt = prompt


class Miss(Exception):
    """The answer does not fit; says why."""

    def __init__(self, reason: Text) -> None:
        super().__init__()
        self.reason = reason


class Unsure(Refused):
    """What was said can mean several things: the `options` are offered as buttons."""

    def __init__(self, key: str, options: Sequence[Option], **values: Any) -> None:
        super().__init__(key, **values)
        self.options = options


class Instead(Exception):
    """The person answered an earlier question anew."""


class Leaving(BaseException):
    """The script puts itself aside, and says so; one press goes on with it. `then`: what comes in its place.

    A BaseException like `Asking`.
    """

    def __init__(self, text: Text, then: Callable[[], Sequence[Reply]] = tuple) -> None:
        super().__init__()
        self.text = text
        self.then = then


@dataclass
class Ask:
    """The questions of one replay. `questions`: how many there are; a script that asks more on some way says so.

    `joins`: what was heard only adds to what is shown, so the showing of a moment ago is brought up to date.
    """

    turn: Turn
    draft: Draft
    heard: Heard | None
    questions: int
    visited: list[str] = field(default_factory=list)
    joins: bool = False

    def _settle(
        self,
        key: str,
        of: str,
        read: Callable[[Heard], Any],
        prompt: Callable[[], Prompt],
        *,
        counts: bool = True,
        collects: bool = False,
    ) -> Any:
        kept = self.draft.answers.get(key)
        if kept is not None and kept[1] == of:
            if counts:
                self.visited.append(key)
            return kept[0]
        reason: Text = ()
        if self.heard is not None:
            heard, self.heard = self.heard, None
            early = heard.files and not collects
            if early:
                _set_aside(self.draft, {"files": self.turn.keep_files()})
            try:
                self._refuse_back(heard)
                value = read(heard)
            except Miss as miss:
                if early:
                    _set_aside(self.draft, {"note": heard.text.strip()})
                    reason = self.turn.t("chat.photos_seen")
                else:
                    reason = miss.reason
                    self.draft.view["misses"] = self.draft.view.get("misses", 0) + 1
            else:
                # An answer given anew goes to the end: *Quay lại* takes back what was said last.
                self.draft.answers.pop(key, None)
                self.draft.answers[key] = [value, of]
                self.draft.view = {}
                if counts:
                    self.visited.append(key)
                return value
        shown = prompt()
        if reason:
            shown = replace(shown, text=once_polite(shown.text))
        if reason and self.draft.view.get("misses", 0) >= MISSES_BEFORE_HUMAN:
            reason = paragraphs(reason, self.turn.around.routes.human(self.turn))
        gathers = (shown.gathers or self.joins) and not reason  # what did not fit is said at once
        raise Asking(key, replace(shown, text=paragraphs(reason, shown.text), gathers=gathers))

    def _refuse_back(self, heard: Heard) -> None:
        """*Quay lại* is a button only where there is something before."""
        if heard.text and word(heard.text) == word(self._label("chat.buttons.back")):
            raise Miss(self._t("chat.first_question", {}))

    def _t(self, what: str, values: dict[str, Any]) -> Text:
        return self.turn.t(what, **values)

    def _label(self, key: str) -> str:
        return self.turn.say.label(key)

    def still(self, key: str, holds: Callable[[Any], bool]) -> None:
        """Forget an answer that was right when it was given and is so no more."""
        kept = self.draft.answers.get(key)
        if kept is not None and not holds(kept[0]):
            del self.draft.answers[key]

    def once(self, key: str, read: Callable[[Heard], T], prompt: Callable[[], Prompt]) -> T:
        """A question whose answer is not kept here: the script puts it where it belongs, and may ask it again."""
        answer: T = self._settle(key, "", read, prompt, counts=False)
        del self.draft.answers[key]
        return answer

    def text(
        self, key: str, what: str, *, most: int = 300, multiline: bool = False, of: str = "", **values: Any
    ) -> str:
        """A few words, `most` UTF-16 units at most."""

        def read(heard: Heard) -> str:
            words = heard.text.strip() if multiline else " ".join(heard.text.split())
            if not words:
                raise Miss(self._t("chat.words_please", {}))
            if units(words) > most:
                raise Miss(self._t("chat.too_long", {"most": most, "length": units(words)}))
            return words

        answer: str = self._settle(key, of, read, lambda: Prompt(self._t(what, values), numbered=False))
        return answer

    def number(
        self,
        key: str,
        what: str,
        *,
        unit: str,
        other: Callable[[str], bool] = lambda words: False,
        of: str = "",
        most: int = 1_000_000,
        **values: Any,
    ) -> int:
        """A whole number of `unit`; what is vague is asked about, and so is a number of something else: `other` says
        whether words mean another unit of count."""

        def read(heard: Heard) -> int:
            count = self._count(heard.text, most)
            if count.unit_words and other(count.unit_words):
                raise Miss(self._t("chat.other_unit", {"said": heard.text[:60], "unit": unit, "count": count.value}))
            return count.value

        def prompt() -> Prompt:
            return Prompt(self._t(what, {"unit": unit, **values}), numbered=False)

        answer: int = self._settle(key, of, read, prompt)
        return answer

    def amount(
        self, key: str, what: str, *, of: str = "", most: int = 1_000_000, most_unit: int = 20, **values: Any
    ) -> tuple[int, str]:
        """A whole number and what it counts ("3 lần"), in one message or in two."""

        def read(heard: Heard) -> list[Any]:
            said: int | None = self.draft.view.pop("count", None)
            words = " ".join(heard.text.split())
            if said is None or read_count(words) is not None:
                count = self._count(words, most)
                said, words = count.value, count.unit_words
            if not words or len(words) > most_unit:
                self.draft.view["count"] = said
                raise Miss(self._t("chat.count_of_what", {"count": said}))
            return [said, words]

        answer = self._settle(key, of, read, lambda: Prompt(self._t(what, values), numbered=False))
        return answer[0], answer[1]

    def _count(self, text: str, most: int) -> Count:
        read = read_count(text) if len(text) <= MOST_NUMBER else None
        if isinstance(read, Vague) or (isinstance(read, Count) and read.qualifier):
            raise Miss(self._t("chat.vague_number", {"said": text[:60]}))
        if isinstance(read, Wrong):
            raise Miss(self._t(f"chat.wrong_number.{read.reason}", {"said": read.text[:60]}))
        if not isinstance(read, Count):
            raise Miss(self._t("chat.number_please", {}))
        if read.value > most:
            raise Miss(self._t("chat.number_too_big", {"most": most}))
        return read

    def value(
        self,
        key: str,
        what: str,
        read: Callable[[str], Any],
        *,
        quick: Callable[[], Sequence[Option]] = tuple,
        numbered: bool = True,
        of: str = "",
        **values: Any,
    ) -> Any:
        """Anything `read` makes of the words (JSON); `read` raises Refused. A quick option's id is read like words."""

        def take(heard: Heard) -> Any:
            try:
                return read(heard.value if heard.value is not None else heard.text)
            except Refused as refused:
                if isinstance(refused, Unsure):
                    self.draft.view["meant"] = [[option.label, option.id] for option in refused.options]
                raise Miss(self._t(refused.key, refused.values)) from None

        def prompt() -> Prompt:
            meant = [(label, value) for label, value in self.draft.view.pop("meant", [])]
            return Prompt(self._t(what, values), _pairs(meant or [(o.label, o.id) for o in quick()]), numbered)

        return self._settle(key, of, take, prompt)

    def choice(
        self,
        key: str,
        what: str,
        options: Callable[[], Sequence[Option]],
        *,
        of: str = "",
        columns: int = 2,
        **values: Any,
    ) -> str:
        """One of several, by button, number or name; long lists come in pages."""

        def read(heard: Heard) -> str:
            return self.chosen(options(), heard)

        def prompt() -> Prompt:
            return Prompt(self._t(what, values), self.pages(options(), columns))

        answer: str = self._settle(key, of, read, prompt)
        return answer

    def chosen(self, known: Sequence[Option], heard: Heard) -> str:
        """The id of the option that is meant. Raises Miss; when it may be several, just those are shown next."""
        if heard.value is not None and any(option.id == heard.value for option in known):
            return heard.value
        found = _named(known, heard.text)
        if word(heard.text).isdecimal():  # a number that happens to stand in a name is no choice of it
            found = [option for option in found if _is_called(heard.text, option.label)]
        if len(found) == 1:
            return found[0].id
        if not found:
            raise Miss(
                self._t("chat.not_in_list", {"said": heard.text[:60]}) if heard.text else self._t("chat.pick_one", {})
            )
        self.draft.view["only"] = [option.id for option in found]
        self.draft.view["page"] = 0
        raise Miss(self._t("chat.which_of_these", {}))

    def pages(self, options: Sequence[Option], columns: int = 2) -> list[list[tuple[str, str]]]:
        """The options as rows of buttons, of a long list those of the page that is open."""
        only = self.draft.view.get("only")
        shown = [option for option in options if only is None or option.id in only]
        return self._page([(o.label, o.id) for o in shown], columns)

    def many(
        self,
        key: str,
        what: str,
        options: Callable[[], Sequence[Option]],
        *,
        of: str = "",
        may_all: bool = True,
        **values: Any,
    ) -> list[str]:
        """Some of several, ticked by button or by typing a name; `may_all`: one button means all of them."""

        def read(heard: Heard) -> list[str]:
            known = options()
            picked: list[str] = [one for one in self.draft.view.get("picked", []) if any(o.id == one for o in known)]
            if may_all and heard.value == "~all" and "only" not in self.draft.view:
                return [option.id for option in known]
            if heard.value == "~done" or word(heard.text) == word(self._label("chat.buttons.done")):
                if not picked:
                    raise Miss(self._t("chat.pick_some", {}))
                return picked
            self._tick(picked, known, heard)
            raise Asking(key, prompt())

        def prompt() -> Prompt:
            picked = self.draft.view.get("picked", [])
            only = self.draft.view.get("only")
            known = [option for option in options() if only is None or option.id in only]
            rows = self._page([(("✅ " if o.id in picked else "▫️ ") + o.label, o.id) for o in known], 2)
            # Beside three names somebody looked for, "all" would be read as all three.
            last = [(self._label("chat.buttons.all"), "~all")] if may_all and only is None else []
            if only is not None:
                last = [(self._label("chat.buttons.whole_list"), "~list")]
            if picked:
                last = [(self.turn.say.label("chat.buttons.picked", count=len(picked)), "~done"), *last]
            shown = {value for row in rows for _, value in row}
            beyond = [option.label for option in options() if option.id in picked and option.id not in shown]
            also = self._t("chat.picked_beyond", {"names": some(beyond)}) if beyond else ()
            return Prompt(paragraphs(self._t(what, values), also), [*rows, last])

        answer: list[str] = self._settle(key, of, read, prompt)
        return answer

    def _tick(self, picked: list[str], known: Sequence[Option], heard: Heard) -> None:
        if heard.value is not None:
            found = [option.id for option in known if option.id == heard.value]
        else:
            found = [option.id for option in _named(known, heard.text)]
            if not found:
                raise Miss(self._t("chat.not_in_list", {"said": heard.text[:60]}))
            if len(found) > 1:
                self.draft.view |= {"only": found, "page": 0}
                raise Miss(self._t("chat.which_of_these", {}))
        for one in found:
            if one in picked:
                picked.remove(one)
            else:
                picked.append(one)
        self.draft.view |= {"picked": picked}
        self.draft.view.pop("only", None)

    def extras(self, key: str, what: str, *, of: str = "", **values: Any) -> Extras:
        """Photos and a note, both optional, in as many messages as the person likes."""

        def read(heard: Heard) -> dict[str, Any]:
            view = self._with_early(self.draft.view)
            if heard.value == "~done":
                return {"files": view.get("files", []), "note": view.get("note", "")}
            self._collect(heard)
            raise Asking(key, replace(prompt(), gathers=self.joins))

        def prompt() -> Prompt:
            return self._collecting(self._t(what, values), skip="chat.buttons.nothing_more")

        answer = self._with_early(self._settle(key, of, read, prompt, collects=True))
        return Extras(answer["files"], answer["note"])

    def photos(self, key: str, what: str, *, of: str = "", **values: Any) -> Extras:
        """At least one photo, with a note if there are words."""

        def read(heard: Heard) -> dict[str, Any]:
            view = self._with_early(self.draft.view)
            if heard.files and not any(file.is_picture for file in self.turn.incoming.files):
                raise Miss(self._t("chat.photo_please", {}))
            if heard.value == "~done":
                if not view.get("files"):
                    raise Miss(self._t("chat.photo_please", {}))
                return {"files": view["files"], "note": view.get("note", "")}
            self._collect(heard)
            if not view.get("files"):
                raise Miss(self._t("chat.photo_please", {}))
            raise Asking(key, replace(prompt(), gathers=self.joins))

        def prompt() -> Prompt:
            return self._collecting(self._t(what, values), skip="")

        answer = self._with_early(self._settle(key, of, read, prompt, collects=True))
        return Extras(answer["files"], answer["note"])

    def _with_early(self, collected: dict[str, Any]) -> dict[str, Any]:
        """Put with the photos and words what came before or after their question was asked."""
        early = self.draft.answers.pop(EARLY, None)
        if early is not None:
            collected |= _joined(collected, early[0])
        return collected

    def _collect(self, heard: Heard) -> None:
        view = self.draft.view
        if heard.value == "~clear":
            view.pop("files", None)
            view.pop("note", None)
        view |= _joined(view, {"files": self.turn.keep_files() if heard.files else [], "note": heard.text.strip()})
        view.pop("misses", None)
        self.joins = heard.files

    def _collecting(self, question: Text, skip: str) -> Prompt:
        view = self._with_early(self.draft.view)
        files, note = view.get("files", []), view.get("note", "")
        if not files and not note:
            rows = [[(self._label(skip), "~done")]] if skip else []
            return Prompt(question, rows)
        got = [
            self.turn.t("chat.got_photos", count=len(files)) if files else (),
            self.turn.t("chat.got_note", note=note) if note else (),
        ]
        clear = (self._label("chat.buttons.clear"), "~clear")
        if not files and not skip:  # words came, but it is a photo that is needed
            return Prompt(paragraphs(*got, question), [[clear]])
        rows = [[(self._label("chat.buttons.done"), "~done"), clear]]
        return Prompt(paragraphs(*got, self.turn.t("chat.more_or_done")), rows)

    def sure(self, key: str, what: str, **values: Any) -> None:
        """Ask whether something out of the ordinary is meant; otherwise the question before it is asked again."""

        def read(heard: Heard) -> bool:
            if heard.value == "yes":
                return True
            if heard.value is None and not heard.text:
                raise Miss(self._t("chat.pick_one", {}))
            previous = self.visited.pop()
            self.draft.answers.pop(previous, None)
            self.heard = replace(heard, files=False) if heard.value is None else None
            raise Instead

        def prompt() -> Prompt:
            return Prompt(
                self._t(what, values),
                [[(self._label("chat.buttons.right"), "yes"), (self._label("chat.buttons.again"), "no")]],
                numbered=False,
                counted=False,
            )

        self._settle(key, repr(sorted(values.items())), read, prompt, counts=False)

    def confirm(
        self, what: str, *, button: str = "chat.buttons.save", quick: Sequence[tuple[str, str]] = (), **values: Any
    ) -> None:
        """The last question: shows what was understood with [Lưu] [Sửa] [Bỏ]. Any answer can be changed here.

        `button` (text key): what the press does, such as to send; what is shown may name it, too.
        `quick`: buttons (text key, "part=value") that set one answer at once, or (text key, "part") that ask it anew.
        """
        for key, kept in list(self.draft.answers.items()):
            if key not in self.visited and not _aside(key, kept):
                del self.draft.answers[key]  # of a branch no longer taken

        called = {"button": bare(self._label(button))}

        def read(heard: Heard) -> bool:
            if heard.value == "~send" or agrees(heard.text) or word(heard.text) == word(self._label(button)):
                return True
            kind, _, part = (heard.value or "").partition(":")
            if kind == "~fix" and part in (*self.visited, *(part for _, part in quick)):
                _fix(self.draft, part)
                raise Instead
            if heard.files:  # more photos, after all
                _set_aside(self.draft, {"note": heard.text.strip()})
                raise Instead
            raise Miss(self._t("chat.do_or_fix", called))

        def prompt() -> Prompt:
            if self.draft.view.get("fixing"):
                parts = [(self._label(f"{self.draft.dialog}.buttons.{key}"), f"~fix:{key}") for key in self.visited]
                keep = [(self._label("chat.buttons.unchanged"), "~keep")]
                return Prompt(self._t("chat.fix_what", {}), [*_pairs(parts), keep], counted=False, last=True)
            send_row = [(self._label(button), "~send"), (self._label("chat.buttons.fix"), "~fix")]
            back_row = [(self._label("chat.buttons.back"), "~back")]
            set_at_once = [(self._label(label), f"~fix:{part}") for label, part in quick]
            return Prompt(self._t(what, called | values), [send_row, set_at_once, back_row], counted=False, last=True)

        self._settle("~confirm", "never kept", read, prompt, counts=False)

    def _page(self, pairs: list[tuple[str, str]], columns: int) -> list[list[tuple[str, str]]]:
        page = self.draft.view.get("page", 0)
        first = page * PAGE if page * PAGE < len(pairs) else 0
        rows = _pairs(pairs[first : first + PAGE], columns)
        turns = []
        if first > 0:
            turns.append((self._label("chat.buttons.previous"), "~prev"))
        if first + PAGE < len(pairs):
            turns.append((self._label("chat.buttons.next"), "~next"))
        return [*rows, turns] if turns else rows


@dataclass(frozen=True)
class Dialog:
    """A script with its name ("reports.report") and how many questions it says it has."""

    name: str
    feature: str
    script: Script
    questions: int
    open: bool
    intro: str = ""
    left: bool = False
    places: bool = False
    dropped: Dropped | None = None

    def __call__(self, turn: Turn) -> Said:
        """A dialog can stand where a handler stands: it begins."""
        return self.begin(turn)

    def begin(
        self,
        turn: Turn,
        answers: dict[str, Any] | None = None,
        /,
        *,
        fixing: bool = False,
        said: str = "",
        **params: Any,
    ) -> Said:
        """Start it in this chat, with some questions answered already if `answers` says so: key → (value, of).

        `fixing`: everything is answered, ask which part to change. `said`: words for the first question, at once.
        """
        draft = drafts.begin(turn.db, turn.address.channel, turn.address.chat, self.name, params, turn.now)
        draft.answers = {
            key: [*kept, *([drafts.GIVEN] if key != EARLY else ())] for key, kept in (answers or {}).items()
        }
        if turn.practice is not None:
            draft.answers[PRACTISED] = [True, "", drafts.GIVEN]
        draft.view = {"fixing": True} if fixing else {}
        return self._replay(turn, draft, Heard(text=said) if said else None)

    def hear(self, turn: Turn, draft: Draft) -> Said:
        """Put a message to the question that is asked."""
        incoming = turn.incoming
        if incoming.location is not None and not self.places:
            return [Reply(turn.t("places.unasked")), *_each(self.show(turn, draft))]
        return self._replay(turn, draft, Heard(text=incoming.text, files=bool(incoming.files)))

    def press(self, turn: Turn, draft: Draft, value: str) -> Said:
        """Put a button to the question that is asked, or turn the dialog itself."""
        view = draft.view
        match value:
            case "~drop":
                return self.drop(turn, draft)
            case "~back":
                _take_back(draft)
            case "~next" | "~prev":
                view["page"] = max(0, view.get("page", 0) + (1 if value == "~next" else -1))
            case "~list":
                view.pop("only", None)
                view["page"] = 0
            case "~fix":
                view["fixing"] = True
            case "~keep":
                view.pop("fixing", None)
            case _:
                return self._replay(turn, draft, Heard(value=value))
        return self._replay(turn, draft, None)

    def drop(self, turn: Turn, draft: Draft) -> Said:
        """The person wants it no more, or not now."""
        return self.dropped(turn, draft) if self.dropped else leave(turn, draft)

    def show(self, turn: Turn, draft: Draft) -> Said:
        """Ask again what is asked."""
        draft.view.pop(drafts.DROPPED, None)
        return self._replay(turn, draft, None)

    def _replay(self, turn: Turn, draft: Draft, heard: Heard | None) -> Said:
        if (PRACTISED in draft.answers) is not (turn.practice is not None):
            drafts.drop(turn.db, draft.id)  # nothing that was begun as practice is ever finished in earnest
            return Reply(turn.t("chat.draft_gone"), menu=True)
        for _ in range(3):  # a question before the asked one may be answered anew, at most once a message
            ask = Ask(turn, draft, heard, self.questions)
            try:
                said = self.script(turn, ask, **draft.params)
            except Instead:
                heard = ask.heard
                continue
            except Refused as refused:
                if ask.heard is None:
                    raise
                drafts.drop(turn.db, draft.id)  # refused before its question: what it was about is over
                return Reply(turn.t(refused.key, **refused.values), card=dialog_card(draft), menu=True)
            except Asking as asking:
                draft.asked = asking.key
                drafts.save(turn.db, draft, turn.now)
                return self._prompt(turn, draft, ask, asking)
            except Leaving as leaving:
                return [leave(turn, draft, leaving.text), *leaving.then()]
            drafts.drop(turn.db, draft.id)
            return _in_place(said, draft)
        raise AssertionError(f"{self.name} does not come to a question")

    def _prompt(self, turn: Turn, draft: Draft, ask: Ask, asking: Asking) -> Reply:
        prompt = asking.prompt

        def button(label: str, value: str) -> Button:
            return Button(label, Answer(draft.id, asking.key, value).pack())

        rows = [tuple(button(label, value) for label, value in row) for row in prompt.rows if row]
        turning = []
        if (ask.visited or "was" in draft.view) and not prompt.last:
            turning.append(button(turn.say.label("chat.buttons.back"), "~back"))
        turning.append(button(turn.say.label("chat.buttons.drop"), "~drop"))
        if prompt.last:
            rows[-1] = (*rows[-1], *turning)
        else:
            rows.append(tuple(turning))
        left = None if draft.is_answered else drafts.parked(turn.db, draft.channel, draft.chat)
        if left is not None and left.is_answered:
            rows.append((Button(turn.say.label("chat.buttons.resume"), Resume(left.id).pack()),))
        given = sum(drafts.GIVEN in draft.answers[key][2:] for key in ask.visited)  # nobody was asked for these
        count, of = len(ask.visited) - given + 1, ask.questions - given
        heading: Text = ()
        if ask.questions and prompt.counted and count <= of and "was" not in draft.view:
            heading = (*turn.t("chat.question_of", number=count, of=of), Span("\n"))
            if self.intro and count == 1 and not draft.view.get("misses"):
                heading = (*turn.t(self.intro), Span("\n"), *heading)
        text = (*heading, *prompt.text)
        return Reply(
            text,
            tuple(rows),
            card=dialog_card(draft),
            numbered=prompt.numbered,
            joins=ask.joins,
            gathers=prompt.gathers,
        )


def pressed(turn: Turn, action: Answer | Resume) -> Said:
    """A button of a dialog: fresh only while its own question is asked."""
    where = turn.address
    left = next((one for one in drafts.aside(turn.db, where.channel, where.chat) if one.id == action.draft), None)
    if isinstance(action, Resume) and left is None:
        raise Refused("chat.draft_gone")
    if left is not None and isinstance(action, Answer) and action.value == "~drop" and left.view.get(drafts.DROPPED):
        turn.feature = "chat"
        return leave(turn, left)  # a second tap of the same finger: dropped it stays
    if left is not None:  # what was put aside is looked at again before anything is done with it
        drafts.resume(turn.db, left, turn.now)
    draft = drafts.active(turn.db, where.channel, where.chat)
    if draft is None or draft.dialog not in turn.around.routes.dialogs or turn.is_expired(draft):
        turn.feature = "chat"
        raise Refused("chat.draft_gone")
    dialog = turn.around.routes.dialogs[draft.dialog]
    turn.feature = dialog.feature
    if turn.person is None and not dialog.open and not turn.admits(dialog.left):
        raise Refused("chat.draft_gone")
    if draft.id != action.draft:
        raise Refused("chat.draft_gone")
    if isinstance(action, Resume) or left is not None or draft.asked != action.step:
        return dialog.show(turn, draft)
    return dialog.press(turn, draft, action.value)


def leave(turn: Turn, draft: Draft, text: Text = ()) -> Reply:
    """Nothing is written, and one press goes on with what was answered. `text`: why, where it was not asked for."""
    drafts.set_aside(turn.db, draft, turn.now)
    back = Button(turn.say.label("chat.buttons.resume"), Resume(draft.id).pack())
    return Reply(text or turn.t("chat.dropped"), ((back,),), card=dialog_card(draft), menu=True)


def offer_back(turn: Turn, left: Draft) -> Reply:
    """A draft was left for something else: it is kept, and one press goes on with it."""
    button = Button(turn.say.label("chat.buttons.resume"), Resume(left.id).pack())
    return Reply(turn.t("chat.draft_kept"), ((button,),), card=dialog_card(left))


def _aside(key: str, kept: list[Any]) -> bool:
    """Not an answer to a question of its own: photos that came early, a "yes, really"."""
    return key == EARLY or kept[0] is True


def _take_back(draft: Draft) -> None:
    """Forget the last answer, and the "yes, really" that belonged to it; photos and words given so far wait.

    An answer that was to be changed stays as it was.
    """
    was, asked = draft.view.get("was"), draft.view
    draft.view = {}
    if was is not None:
        draft.answers[was[0]] = was[1]
        return
    _set_aside(draft, asked)
    for key in reversed([key for key in draft.answers if not key.startswith("~")]):
        kept = draft.answers.pop(key)[0]
        if isinstance(kept, dict):
            _set_aside(draft, kept)
        if kept is not True:
            break


def _fix(draft: Draft, what: str) -> None:
    """Ask "part" anew, remembering what was answered; or set it at once: "part=value"."""
    part, given, value = what.partition("=")
    was = draft.answers.pop(part, [None, ""])
    if given:
        draft.answers[part] = [value, was[1]]
        draft.view = {}
        return
    draft.view = {"was": [part, was]}
    if isinstance(was[0], dict):
        draft.view |= was[0]
    elif isinstance(was[0], list) and all(isinstance(one, str) for one in was[0]):
        draft.view["picked"] = was[0]


def _set_aside(draft: Draft, collected: dict[str, Any]) -> None:
    """Keep photos and words for the question that takes them."""
    joined = _joined(draft.answers.get(EARLY, [{}])[0], collected)
    if joined["files"] or joined["note"]:
        draft.answers[EARLY] = [joined, ""]


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    notes = [note for note in (one.get("note", ""), other.get("note", "")) if note]
    files = [*one.get("files", []), *other.get("files", [])]
    return {"files": files[:MOST_FILES], "note": "\n".join(notes)[:MOST_NOTE]}


def _named(known: Sequence[Option], said: str) -> list[Option]:
    """The options somebody may mean: one called exactly so, else those whose label fits."""
    called = [option for option in known if any(_is_called(said, name) for name in (option.label, *option.also))]
    return called if len(called) == 1 else [option for option in known if matches(said, option.label)]


def _is_called(said: str, name: str) -> bool:
    return word(said) == word(name) and matches(said, name)  # marks that were typed agree


def once_polite(text: Text) -> Text:
    """A question after a sentence that began with "Dạ" need not begin with it again."""
    if not text or not text[0].text.startswith("Dạ, "):
        return text
    first = text[0].text.removeprefix("Dạ, ")
    return (replace(text[0], text=first[:1].upper() + first[1:]), *text[1:])


def _each(said: Said) -> Sequence[Reply]:
    return [said] if isinstance(said, Reply) else said or ()


def _in_place(said: Said, draft: Draft) -> Said:
    """What a finished dialog says takes the place of its last question."""
    if isinstance(said, Reply) and not said.card:
        return Reply(
            said.text,
            said.buttons,
            said.files,
            dialog_card(draft),
            said.code,
            said.toast,
            said.numbered,
            said.menu,
            said.contact,
        )
    return said


def _pairs(pairs: Sequence[tuple[str, str]], columns: int = 2) -> list[list[tuple[str, str]]]:
    """Rows of `columns`, long labels alone."""
    rows: list[list[tuple[str, str]]] = []
    for pair in pairs:
        short = len(pair[0]) <= 36 // columns
        if rows and short and len(rows[-1]) < columns and len(rows[-1][0][0]) <= 36 // columns:
            rows[-1].append(pair)
        else:
            rows.append([pair])
    return rows
