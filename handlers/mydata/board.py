"""/yeucau: what waits for an answer; "/yeucau 3 xong" answers it at once."""

from __future__ import annotations

from datetime import date

from bot.chat.message import Button, Text, in_rows
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import codes, rights
from bot.rules import mydata as rules
from bot.rules.refused import Refused
from handlers.mydata.actions import Open
from handlers.mydata.answers import typed
from handlers.mydata.requests import about, card, checked, name_of
from storage import mydata
from storage.mydata import Request

MOST_SHOWN = 10

router = Router("mydata")


@router.command("yeucau", about="mydata.about_requests", who=rights.has("data"), rank=86)
def board(turn: Turn) -> Said:
    """What waits for an answer, the most urgent first; with a number after it that request, with an answer too."""
    said = turn.incoming.text.split(maxsplit=1)
    if len(said) > 1 and said[0].startswith("/"):
        return _typed(turn, said[1])
    found = [one for top in rights.offices(turn.posts, "data") for one in mydata.open_under(turn.db, top)]
    if not found:
        return Reply(turn.t("mydata.no_requests"))
    rows = [_line(turn, one) for one in found[:MOST_SHOWN]]
    buttons = [Button(one.code, Open(one.id).pack()) for one in found[:MOST_SHOWN]]
    more = turn.t("mydata.more_requests", count=len(found) - MOST_SHOWN) if len(found) > MOST_SHOWN else ()
    text = paragraphs(
        turn.t("mydata.requests_title", count=len(found)),
        lines(*rows, more),
        turn.t("mydata.how_to_answer", number=str(found[0].id)),
    )
    return Reply(text, in_rows(buttons, 3), card="requests")


def _line(turn: Turn, one: Request) -> Text:
    sign = "🔴" if date.fromisoformat(one.due_day) <= turn.today else "▫️"
    kind = turn.say.label(f"mydata.kind.{one.kind}")
    due = date.fromisoformat(one.due_day)
    return turn.t("mydata.request_line", sign=sign, code=one.code, name=name_of(turn, one), kind=kind, due=due)


def _typed(turn: Turn, text: str) -> Said:
    said = rules.read_answer(text)
    if said is None:
        raise Refused("mydata.not_read", said=text[:40])
    try:
        made = checked(turn, said.number)
    except Refused:
        raise Refused("mydata.no_such_request", code=f"Y-{said.number:04d}") from None
    if not said.done and not said.words:
        return card(turn, made)(turn.say)
    return typed(turn, made, said)


@router.said(rank=10)
def by_code(turn: Turn) -> Said:
    """Somebody typed Y-0003: an administrator, or who asked; or an administrator "Y-0003 xong"."""
    text = turn.incoming.text
    thing = codes.read_thing(text)
    if thing is None and text[:1] in ("y", "Y") and rights.has("data")(turn.posts):
        said = rules.read_answer(text)
        return _typed(turn, text) if said is not None and said.done else None
    if thing is None or thing[0] != "Y":
        return None
    made = mydata.request(turn.db, thing[1])
    if made is not None and made.person_id == turn.me.id:
        return Reply(about(turn, turn.say, made), code=made.code)
    return card(turn, checked(turn, thing[1]))(turn.say)
