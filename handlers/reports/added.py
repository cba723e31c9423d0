"""What a further message adds to what is told: figures, day, place, notes, photos."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from bot.chat.dialog import Miss
from bot.chat.turn import Turn
from bot.rules import people, vietnamese
from bot.rules import reports as rules
from bot.rules import told as telling
from bot.rules.places import with_words
from bot.rules.reading import MEMBERS, TEAMS, Question, Reading
from bot.rules.reading import Item as Read
from bot.rules.refused import Refused
from bot.rules.told import Doubt, Told
from handlers.reports import behalf, heard
from handlers.reports.behalf import Opening
from handlers.reports.talk import Talk
from storage import categories

TOGETHER_MS = 10 * 60 * 1000  # photos and words that come within this time of each other belong together
REPORTS = ("report", "zero", "correction")


def words(talk: Talk, text: str, *, notes: bool = True, mends: bool = False) -> Told:
    """Words that are no answer to what was asked. `mends`: figures take the place of those of the same kind.

    Raises Miss for what is neither a report nor (with `notes`) something to be noted.
    """
    told = _with_words(talk, text, notes=notes, mends=mends)
    was_asking, is_asking = bool(talk.told.doubt), bool(told.part or told.doubt)
    talk.ask.joins = not is_asking  # a question is put below what was said, where it is seen
    if was_asking and is_asking:
        talk.then = talk.turn.t("reports_told.added")
    return told


def _with_words(talk: Talk, text: str, *, notes: bool, mends: bool) -> Told:
    if not text.strip():
        raise Miss(talk.turn.t("chat.pick_one"))
    theirs = behalf.of(talk.turn, text)
    if theirs is not None and not talk.kept and not theirs.rest:
        return replace(behalf.given(talk.turn, talk.told, theirs), said=(*talk.told.said, text))
    reading = heard.hear(talk.turn, text)
    if reading.kind in REPORTS:
        return _with_figures(talk, text, reading, mends=mends)
    day = heard.read_day(talk.turn, text)
    if day is not None:
        return replace(talk.told, day=_checked(talk, day), dated=True)
    if heard.is_polite(text):
        raise Miss(talk.turn.t("chat.do_or_fix", button=talk.send) if notes else talk.turn.t("chat.pick_one"))
    if text.rstrip().endswith("?"):
        raise Miss(talk.turn.t("reports_told.a_question"))
    if not notes and not talk.captioned:
        raise Miss(talk.turn.t("reports_told.no_answer", said=text[:60]))
    return telling.with_note(replace(talk.told, said=(*talk.told.said, text)), text.strip())


def _with_figures(talk: Talk, text: str, reading: Reading, *, mends: bool) -> Told:
    is_more = heard.is_more(text)
    if reading.kind == "correction" and behalf.is_of_other(talk.told, behalf.of(talk.turn, text)):
        raise Miss(talk.turn.t("behalf.after_this"))
    if talk.kept and not mends and reading.kind != "correction" and not is_more:
        return replace(talk.told, doubts=(*talk.told.doubts, Doubt("apart", words=text)))
    if mends and reading.kind == "report" and not is_more:
        reading = replace(reading, kind="correction")
    return reported(talk.turn, talk.told, text, reading)


def _checked(talk: Talk, day: date) -> str:
    try:
        return rules.check_day(day, talk.turn.today).isoformat()
    except Refused as refused:
        raise Miss(talk.turn.t(refused.key, **refused.values)) from None


def reported(turn: Turn, told: Told, text: str, reading: Reading, *, same_day: bool = False) -> Told:
    """The figures of one message, with all it says besides. `same_day`: its day is that of the rest."""
    if (theirs := behalf.of(turn, text)) is not None:
        return _theirs(turn, told, text, theirs, same_day=same_day)
    if not same_day and (parts := heard.by_day(turn, text, reading)):
        told = reported(turn, told, parts[0], heard.hear(turn, parts[0]))
        return replace(told, later=(*told.later, *parts[1:]))
    other = None if same_day else _other_day(turn, told, reading)
    if other is not None:
        return replace(told, doubts=(*told.doubts, Doubt("other_day", days=(other.isoformat(),), words=text)))
    told = _with_photos_of_old(turn, told)
    if reading.kind == "correction":
        reading = _of_what_was_told(turn, told, text, _with_units_kept(turn, told, text, reading))
    told = telling.take(told, reading, more=heard.is_more(text), numbers=heard.numbers(text))
    told = _with_place(turn, _with_day(turn, told, reading.day), reading.unit)
    told = telling.with_note(told, "; ".join(heard.unread(turn, text, reading)), *_sayings(turn, reading))
    return replace(told, said=(*told.said, text))


def _theirs(turn: Turn, told: Told, text: str, theirs: Opening, *, same_day: bool) -> Told:
    """Figures of somebody else's than what was told before are a report of their own."""
    if not told.version and told.has_content and behalf.is_of_other(told, theirs):
        return replace(told, later=(*told.later, text))
    first = told if told.version else behalf.given(turn, told, theirs)
    after = reported(turn, first, theirs.rest, heard.hear(turn, theirs.rest), same_day=same_day)
    later = (*first.later, *(theirs.before(one) for one in after.later[len(first.later) :]))
    doubts = tuple(
        replace(one, words=theirs.before(one.words)) if one.words == theirs.rest else one for one in after.doubts
    )
    later = (*later, *([theirs.later] if theirs.later else []))
    said = (*first.said, text) if len(after.said) > len(first.said) else after.said
    return replace(after, later=later, doubts=doubts, said=said)


def _other_day(turn: Turn, told: Told, reading: Reading) -> date | None:
    """The day of a message that says figures of another day than what was told before."""
    later = turn.today if told.opened != turn.today.isoformat() else None
    day = reading.day or later
    says_figures = reading.items or reading.ask or reading.kind == "zero"
    if day is None or day.isoformat() == told.day or not told.items or not says_figures:
        return None
    return day if told.dated or reading.day is None else None


def _with_units_kept(turn: Turn, told: Told, text: str, reading: Reading) -> Reading:
    """ "qr là 9": the number is another one, what was counted is still what was said before."""
    bare = heard.bare_numbers(text)
    counted = {item.category: item.unit for item in told.items}

    def kept(item: Read) -> Read:
        is_own = item.unit == categories.get(turn.db, item.category).unit_vi
        unit = counted.get(item.category, item.unit) if is_own and item.count in bare else item.unit
        return replace(item, unit=unit)

    return replace(reading, items=tuple(kept(item) for item in reading.items))


def _of_what_was_told(turn: Turn, told: Told, text: str, reading: Reading) -> Reading:
    """ "sửa lại 21 người", of twelve who installed something: another number of what was told, and no other kind."""
    there = {item.category for item in told.items}
    if all(item.category in there for item in reading.items):
        return reading
    unsaid = {(code, count) for code, count in heard.by_unit_alone(turn, text) if code not in there}
    of_told = [item for item in reading.items if (item.category, item.count) in unsaid]
    asked = [Question(None, "category", (item.count,), item.unit) for item in of_told]
    items = tuple(item for item in reading.items if item not in of_told)
    return replace(reading, items=items, ask=(*reading.ask, *asked))


def _with_day(turn: Turn, told: Told, day: date | None) -> Told:
    if day is None:
        return told
    if not rules.is_reportable(day, turn.today):
        return replace(told, doubts=(*told.doubts, Doubt("day")))
    return replace(told, day=day.isoformat(), dated=True)


def _with_place(turn: Turn, told: Told, said: str | None) -> Told:
    """The team whose name was said; the name of anything else stays a word."""
    if not said:
        return told
    for post in people.teams(turn.posts):
        if vietnamese.fold(post.unit.name) == vietnamese.fold(said):
            return replace(told, team=post.unit.id)
    return replace(told, place=with_words(told.place, said))


def _with_photos_of_old(turn: Turn, told: Told) -> Told:
    """Photos that came just before belong to these words; of older ones it is asked."""
    is_old = told.photos_at and turn.now - told.photos_at > TOGETHER_MS and not told.has_content
    if is_old and told.files:
        told = replace(told, files=(), doubts=(*told.doubts, Doubt("photos", files=told.files)))
    return replace(told, photos_at=0)


def register(turn: Turn, reading: Reading) -> str:
    """How many teams and members there are, in words: kept as such, counted nowhere."""
    keys = {TEAMS: "reports_told.teams", MEMBERS: "reports_told.members"}
    return ", ".join(turn.say.label(keys[item.category], count=item.count) for item in reading.register)


def _sayings(turn: Turn, reading: Reading) -> list[str]:
    """What was said beside the counts: who took part, and of how many."""
    said = [turn.say.label("reports_told.took_part", count=reading.people)] if reading.people else []
    said += [register(turn, reading)] if reading.register else []
    for item in reading.items:
        if item.of is not None:
            kind, language = categories.get(turn.db, item.category), turn.say.language
            name, unit = kind.name(language), kind.counted(item.unit, language)
            said.append(turn.say.label("reports_told.of_all", category=name, count=item.count, all=item.of, unit=unit))
    return said


def photos(talk: Talk) -> None:
    """Photos are taken before anything else is done with the message they came with."""
    said = talk.ask.heard
    if said is None or not said.files:
        return
    talk.turn.did("photo")
    told = telling.with_photos(talk.told, talk.turn.keep_files())
    told = told if told.has_content else replace(told, photos_at=talk.turn.now)
    if told.part == telling.FIX:  # which part was asked, and they are one: next comes the card that sends it
        told = replace(told, part="")
    talk.keep(told)
    talk.captioned = True
    if talk.is_asking:
        talk.notice = talk.turn.t("chat.got_photos", count=talk.photos)
    talk.ask.joins = True
    talk.ask.heard = replace(said, files=False) if said.text.strip() else None
