"""A category as its administrator sees it, and a page of the list."""

from __future__ import annotations

from bot.chat import settings
from bot.chat.action import Typed
from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import categories as rules
from bot.rules import rights
from bot.rules.refused import Refused
from bot.rules.wording import words_of
from handlers.categories.actions import Add, Back, Do, Find, Page, Retire, Show
from storage import categories, units
from storage.categories import Category
from storage.units import Unit

PAGE = 8
PARTS = ("names", "words", "unit", "usual", "question")


def office(turn: Turn) -> Unit:
    """The top unit, to its administrator: categories are everybody's. Raises Refused."""
    top = units.top(turn.db)
    if not rights.has("settings")(turn.posts):
        raise Refused("chat.not_for_you")
    if top is None or not rights.may(turn.posts, "settings", top):
        raise Refused("settings.only_the_top", unit=top.name if top else "?")
    return top


def known(turn: Turn, code: str) -> Category:
    """One of them. Raises Refused."""
    office(turn)
    try:
        return categories.get(turn.db, code)
    except KeyError:
        raise Refused("chat.stale_button") from None


def page_of(turn: Turn, number: int, *, retired: bool = False) -> Reply:
    """A page of those in use, or of those no longer; the first is 0."""
    office(turn)
    everything = categories.by_code(turn.db).values()
    some = [one for one in everything if (one.retired_at is not None) == retired]
    number = max(0, min(number, (len(some) - 1) // PAGE))
    rows = [(_button(turn, one),) for one in some[number * PAGE : (number + 1) * PAGE]]
    turning = []
    if number:
        turning.append(turn.button("categories.buttons.previous", Page(number - 1, int(retired))))
    if (number + 1) * PAGE < len(some):
        turning.append(turn.button("categories.buttons.next", Page(number + 1, int(retired))))
    gone = len(everything) - len(some)
    key = "categories.buttons.in_use" if retired else "categories.buttons.retired"
    other = [turn.button(key, Page(0, int(not retired)), count=gone)] if retired or gone else []
    doing = (turn.button("categories.buttons.find", Find()), turn.button("categories.buttons.add", Add()))
    files = (turn.button("categories.buttons.by_file", Typed("/cauhinh file")),)
    pages = -(-len(some) // PAGE)
    at = turn.t("categories.page", number=number + 1, of=pages) if pages > 1 else ()
    title = turn.t("categories.title_retired" if retired else "categories.title", count=len(some))
    rows_of_all = (*rows, *([tuple(turning)] if turning else []), doing, (*other, *files))
    return Reply(paragraphs(title, at), rows_of_all, card="categories")


def _button(turn: Turn, one: Category) -> Button:
    label = f"{one.code} · {one.name(turn.say.language)} ({one.unit(turn.say.language) or '…'})"
    return Button(label, Show(one.code).pack())


def card_of(turn: Turn, one: Category, heading: Text = ()) -> Reply:
    """One of them, with what may be done."""
    doing = [turn.button(f"categories.buttons.{part}", Do(part, one.code)) for part in PARTS]
    if one.retired_at is None:
        doing.append(turn.button("categories.buttons.retire", Retire(0, one.code)))
    else:
        doing = [turn.button("categories.buttons.back", Back(one.code))]
    rows = list(in_rows(doing, 2))
    rows.append((turn.button("categories.buttons.list", Page(0, 0)),))
    return Reply(paragraphs(heading, about(turn, one)), tuple(rows), card=f"category:{one.code}")


def about(turn: Turn, one: Category) -> Text:
    """All of it in words."""
    count = categories.reported(turn.db, one.code)
    words = ", ".join(words_of(one.words)) or turn.say.label("settings.fact.no_words")
    same = one.unit_vi == one.unit_en
    key = "categories.counted_in_vi" if same else "categories.counted_in"
    unit = turn.t(key, unit=one.unit_vi, **({} if same else {"english": one.unit_en}))
    is_english = (one.name_en, one.about_en) != (one.name_vi, one.about_vi)
    return lines(
        turn.t("categories.name", name=one.name_vi, code=one.code),
        turn.t("categories.about_it", about=one.about_vi) if one.about_vi != one.name_vi else (),
        turn.t("categories.english", name=one.name_en, about=one.about_en) if is_english else (),
        unit if one.unit_vi else turn.t("categories.counted_as_said"),
        turn.t("categories.called", words=words),
        turn.t("categories.asked_again", usual=one.usual),
        turn.t("categories.asks", question=settings.question_fact(turn.say, one)) if one.question_vi else (),
        turn.t("categories.reported", count=count) if count else turn.t("categories.never_reported"),
        turn.t("categories.is_retired", day=turn.when(one.retired_at).date()) if one.retired_at is not None else (),
    )


def warned(turn: Turn, one: Category) -> Text:
    """Words that are another's once their marks are left out: said, for the bot will then ask."""
    found = rules.alike(one, categories.everything(turn.db))
    return lines(*(turn.t("categories.alike", word=word, other=other.name_vi) for word, other in found[:4]))


def checked(turn: Turn, one: Category) -> Category:
    """The category as it may be kept now. Raises Refused."""
    return rules.check(one, categories.by_code(turn.db).values())


def write(turn: Turn, was: Category | None, to: Category) -> Category:
    """Check and write it, with its trace. Raises Refused."""
    top = office(turn)
    turn.db.hold(settings.LOCK)
    tidy = checked(turn, to)
    settings.write(turn.db, settings.CATEGORIES, was, tidy, turn.house, turn.note, top.id)
    return tidy
