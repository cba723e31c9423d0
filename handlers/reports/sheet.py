"""[Sửa]: what is told, part by part; each is changed by button or by typing, before sending and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.chat.dialog import MOST_NOTE, Heard, Miss
from bot.chat.message import in_rows
from bot.chat.plainly import units
from bot.rules import people
from bot.rules import told as telling
from bot.rules.told import Doubt, Told
from handlers.reports import added, asked, doubts, heard, own, whose
from handlers.reports.choosing import options_of_teams
from handlers.reports.talk import BACK, Rows, Talk


def begin(told: Told) -> Told:
    """What is changed on purpose may be asked about anew."""
    return replace(told, part=telling.FIX, asked=0)


def change(talk: Talk) -> Told | None:
    """Ask for the part that is being changed. Returns what is told then; None: it stays as it was sent."""
    what, _, at = talk.told.part.partition(":")
    return _PARTS.get(what, _parts)(talk, int(at or -1))


def _done(told: Told) -> Told:
    return replace(told, part="")


def _back(talk: Talk) -> tuple[str, str]:
    return talk.label("chat.buttons.back"), BACK


def _words(talk: Talk, text: str) -> Told:
    """The whole said again, or a part of it: figures take the place of those of the same kind."""
    return _done(added.words(talk, text, mends=True))


def _parts(talk: Talk, _: int) -> Told | None:
    """Which part?"""
    told = talk.told
    items = [(talk.short(item), f"item:{at}") for at, item in enumerate(told.items)]
    open_ones = [
        (
            talk.label("reports_told.open_item", category=talk.category(one.category).name(talk.turn.say.language)),
            f"open:{at}",
        )
        for at, one in enumerate(told.doubts)
        if one.category
    ]
    answers = [
        (talk.label("reports_told.answer", answer=item.answer or "…"), f"answer:{at}")
        for at, item in enumerate(told.items)
        if talk.category(item.category).question_vi
    ]
    items = [*items, *answers]
    names = ["add", "day", *(["team"] if talk.moves else []), *(["whose"] if whose.may_be(talk) else [])]
    names += ["note", "photos"]
    others = [(talk.label(f"reports_told.part.buttons.{name}"), name) for name in names]
    known = [value for _, value in (*items, *open_ones, *others)]

    def answer(said: Heard) -> Told | None:
        if said.value == BACK:
            return None if talk.stays else _done(told)
        if said.value is None:
            return _words(talk, said.text)
        if said.value not in known:
            raise Miss(talk.turn.t("chat.pick_one"))
        if said.value.startswith("open:"):
            at = int(said.value.removeprefix("open:"))
            rest = [one for place, one in enumerate(told.doubts) if place != at]
            return replace(_done(told), doubts=(told.doubts[at], *rest))
        return replace(told, part=said.value)

    rows = [
        *([one] for one in (*items, *open_ones)),
        *map(list, in_rows(others, 2)),
        [(talk.label("chat.buttons.unchanged"), BACK)],
    ]
    return talk.ask.once(telling.FIX, answer, lambda: talk.prompt(talk.turn.t("reports_told.fix_what"), rows))


def _item(talk: Talk, at: int) -> Told:
    """One figure: another number, another kind, or away with it."""
    told = talk.told
    if not 0 <= at < len(told.items):
        return begin(told)
    item = told.items[at]
    category = talk.category(item.category)

    def answer(said: Heard) -> Told:
        match said.value:
            case "back":
                return begin(told)
            case "kind":
                return replace(told, part=f"kind:{at}")
            case "remove":
                return _done(telling.remove(told, at))
        number = asked.amount(talk, said.text, category, item.unit) if said.text else None
        if number is None:
            return _words(talk, said.text)
        return _done(telling.change(told, at, replace(number, answer=item.answer)))

    rows = [
        [
            (talk.label("reports_told.buttons.other_kind"), "kind"),
            (talk.label("reports_told.buttons.remove"), "remove"),
        ],
        [_back(talk)],
    ]
    text = talk.turn.t(
        "reports_told.this_item", amount=talk.amount(item), category=category.about(talk.turn.say.language)
    )
    return talk.ask.once(f"item-{at}", answer, lambda: talk.prompt(text, rows, numbered=False))


def _kind(talk: Talk, at: int) -> Told:
    """The same number of another kind; what it was counted in goes with the kind, unless it was said otherwise."""
    told = talk.told
    if not 0 <= at < len(told.items):
        return begin(told)
    item = told.items[at]

    def answer(said: Heard) -> Told:
        if said.value == BACK:
            return replace(told, part=f"item:{at}")
        code = asked.kind(talk, said)
        if code is None:
            return _words(talk, said.text)
        if code == item.category or item.unit != talk.category(item.category).unit_vi:
            return _done(telling.change(told, at, replace(item, category=code, answer="")))
        again = Doubt("missing", code, (item.count,), qualifier=item.qualifier)
        return replace(_done(telling.remove(told, at)), doubts=(again, *told.doubts))

    text = talk.turn.t("reports_told.which_kind", amount=talk.amount(item))
    return talk.ask.once(f"kind-{at}", answer, lambda: talk.prompt(text, [*asked.choices(talk), [_back(talk)]]))


def _answer(talk: Talk, at: int) -> Told:
    """To the question of a figure's own category."""
    if not 0 <= at < len(talk.told.items) or not talk.category(talk.told.items[at].category).question_vi:
        return begin(talk.told)
    return own.put(talk, at)


def _add(talk: Talk, _: int) -> Told:
    told = talk.told

    def answer(said: Heard) -> Told:
        if said.value == BACK:
            return begin(told)
        code = asked.kind(talk, said)
        if code is None:
            return _done(added.words(talk, said.text))
        return replace(_done(told), doubts=(Doubt("missing", code), *told.doubts))

    text = talk.turn.t("reports_told.add_what")
    return talk.ask.once("add", answer, lambda: talk.prompt(text, [*asked.choices(talk), [_back(talk)]]))


def _day(talk: Talk, _: int) -> Told:
    def answer(said: Heard) -> Told:
        if said.value == BACK:
            return begin(talk.told)
        if said.value is None and heard.says_figures(talk.turn, said.text):
            return _words(talk, said.text)
        return replace(_done(talk.told), day=doubts.day(talk, said), dated=True)

    text = talk.turn.t("reports.which_day")
    return talk.ask.once(
        "day", answer, lambda: talk.prompt(text, [*doubts.day_rows(talk), [_back(talk)]], numbered=False)
    )


def _team(talk: Talk, _: int) -> Told:
    options = options_of_teams(talk.turn, [post.unit for post in people.teams(talk.turn.posts)])

    def answer(said: Heard) -> Told:
        if said.value == BACK:
            return begin(talk.told)
        return replace(_done(talk.told), team=int(talk.ask.chosen(options, said)))

    def rows() -> Rows:
        return [*talk.ask.pages(options, 1), [_back(talk)]]

    return talk.ask.once("team", answer, lambda: talk.prompt(talk.turn.t("reports.which_team"), rows()))


def _whose(talk: Talk, _: int) -> Told:
    options = whose.everybody(talk)

    def answer(said: Heard) -> Told:
        if said.value == BACK:
            return begin(talk.told)
        return whose.of(talk, _done(talk.told), int(talk.ask.chosen(options, said)))

    def rows() -> Rows:
        return [*talk.ask.pages(options, 1), [_back(talk)]]

    return talk.ask.once("whose", answer, lambda: talk.prompt(talk.turn.t("behalf.whose"), rows()))


def _note(talk: Talk, _: int) -> Told:
    told = talk.told

    def answer(said: Heard) -> Told:
        if said.value == BACK:
            return begin(told)
        if said.value == "clear":
            return replace(_done(told), notes=(), place="")
        words = said.text.strip()
        if not words or units(words) > MOST_NOTE:
            too_long = talk.turn.t("chat.too_long", most=MOST_NOTE, length=units(words))
            raise Miss(too_long if words else talk.turn.t("chat.words_please"))
        return replace(_done(told), notes=(words,))

    clear = [(talk.label("reports_told.buttons.no_note"), "clear")] if told.notes or told.place else []
    shown = talk.turn.t("reports.note", note=told.note) if told.note else ()
    text = talk.turn.t("reports_told.which_note", shown=shown)
    return talk.ask.once("note", answer, lambda: talk.prompt(text, [[*clear, _back(talk)]], numbered=False))


def _photos(talk: Talk, _: int) -> Told:
    told = talk.told

    def answer(said: Heard) -> Told:
        match said.value:
            case "back":
                return begin(told)
            case "last":
                return replace(told, files=told.files[:-1], unkept=0)
            case "clear":
                return replace(told, files=(), unkept=0)
            case "done":
                return _done(told)
        return _words(talk, said.text)

    fewer = [
        (talk.label("reports_told.buttons.not_last"), "last"),
        (talk.label("reports_told.buttons.no_photo"), "clear"),
    ]
    rows = [fewer if told.files else [], [(talk.label("chat.buttons.done"), "done"), _back(talk)]]
    text = talk.turn.t("reports_told.which_photos", count=talk.photos)
    return talk.ask.once("photos", answer, lambda: talk.prompt(text, rows))


_PARTS: Mapping[str, Callable[[Talk, int], Told | None]] = {
    telling.FIX: _parts,
    "item": _item,
    "kind": _kind,
    "answer": _answer,
    "add": _add,
    "day": _day,
    "team": _team,
    "whose": _whose,
    "note": _note,
    "photos": _photos,
}
