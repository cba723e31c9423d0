"""/dulieu: what is kept of me, until when, and what I may do about it; a copy of all of it to take along."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from bot.chat import wire
from bot.chat.action import Typed
from bot.chat.message import Button, File, Text, plain
from bot.chat.reply import Reply, View
from bot.chat.router import Done, Router, Said
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import Turn, errand_card, made_card
from handlers.mydata.actions import Ask, Correct, Download, Erase, Restrict, Show
from storage import mydata
from storage import people as roster

CARD = "my data"
_TIMES = ("at", "since", "until")

router = Router("mydata")


@router.command("dulieu", about="mydata.about", rank=90, left=True)
def show(turn: Turn) -> Said:
    """One page about oneself."""
    return page(turn)


@router.on(Show, left=True)
def show_again(turn: Turn, pressed: Show) -> Said:
    return page(turn)


def page(turn: Turn, first: Text = ()) -> Reply:
    """What is kept, in a few lines, with what can be done about it."""
    held, keep = mydata.held(turn.db, turn.me.id), turn.settings.keep
    who = turn.t("mydata.who", name=turn.me.name, phone=turn.me.phone or turn.say.label("mydata.no_phone"))
    posts = [
        turn.t(
            "mydata.post", role=turn.say.label(f"start.role.{post.role}"), unit=post.unit.name, since=_day(turn, post)
        )
        for post in turn.posts
    ]
    chats = [
        turn.t("mydata.chat", channel=_channel(turn.say, chat.channel), since=turn.when(chat.since).date())
        for chat in mydata.chats(turn.db, turn.me.id)
    ]
    consents = [_consent(turn, one) for one in mydata.consents(turn.db, turn.me.id)]
    kept = [
        turn.t("mydata.kept_reports", count=held.reports) if held.reports else (),
        turn.t("mydata.kept_tasks", count=held.tasks) if held.tasks else (),
        _kept(turn, "photos", held.photos, keep.photos),
        _kept(turn, "messages", held.messages, keep.messages),
        _kept(turn, "traces", held.traces, keep.audit),
    ]
    limited = mydata.restricted_at(turn.db, turn.me.id)
    restricted = turn.t("mydata.restricted_since", at=turn.when(limited)) if limited else ()
    if turn.former is not None:
        restricted = turn.t("mydata.former")
    text = paragraphs(
        first,
        lines(turn.t("mydata.title"), who, *posts, *chats, *consents),
        lines(turn.t("mydata.kept_title"), *kept) if any(kept) else (),
        restricted,
    )
    return Reply(text, _buttons(turn, limited is not None), card=CARD)


def _day(turn: Turn, post: roster.Post) -> Any:
    return turn.when(post.since).date()


def _channel(say: Voice, channel: str) -> str:
    return _label(say, f"audit.from.{channel}", channel)


def _label(say: Voice, key: str, otherwise: str) -> str:
    """What a feature that came later called its own is shown by its own name."""
    return say.label(key) if key in say.texts.templates[say.language] else otherwise


def _consent(turn: Turn, one: mydata.Consent) -> Text:
    given = turn.t("mydata.consent", version=one.version, at=turn.when(one.given_at))
    if one.withdrawn_at is None:
        return given
    return turn.t("mydata.consent_withdrawn", consent=given, at=turn.when(one.withdrawn_at))


def _kept(turn: Turn, kind: str, count: int, days: int) -> Text:
    if not count:
        return ()
    until = turn.t("mydata.kept_days", days=days) if days else turn.t("mydata.kept_for_ever")
    return turn.t(f"mydata.kept_{kind}", count=count, until=until)


def _buttons(turn: Turn, is_restricted: bool) -> tuple[tuple[Button, ...], ...]:
    if turn.former is not None:
        return (
            (turn.button("mydata.buttons.download", Download()), turn.button("mydata.buttons.ask", Ask())),
            (turn.button("mydata.buttons.withdraw", Typed("/dung")), turn.button("mydata.buttons.erase", Erase(0))),
        )
    limit = ("mydata.buttons.lift", Restrict(0)) if is_restricted else ("mydata.buttons.restrict", Restrict(1))
    return (
        (turn.button("mydata.buttons.download", Download()), turn.button("mydata.buttons.correct", Correct())),
        (turn.button(*limit), turn.button("mydata.buttons.ask", Ask())),
        (turn.button("mydata.buttons.withdraw", Typed("/dung")), turn.button("mydata.buttons.erase", Erase(0))),
    )


@router.on(Download, left=True)
def download(turn: Turn, pressed: Download) -> Said:
    """All of it, as two files: one for people, one for programs."""
    return Reply(turn.t("mydata.download_ordered"), card=turn.order("mydata.copy"))


def _everything(turn: Turn) -> dict[str, Any]:
    """What stands in the files: every row about the person, its times on the province's clocks, and words for it."""
    say = Voice(turn.around.texts, turn.me.language)
    data = {name: [_readable(turn, row) for row in rows] for name, rows in mydata.export(turn.db, turn.me.id).items()}
    columns = sorted({column for rows in data.values() for row in rows for column in row})
    return {
        "data": data,
        "title": say.label("mydata.file.title", name=turn.me.name),
        "made": say.label("mydata.file.made", at=turn.local),
        "nothing": say.label("mydata.file.nothing"),
        "tables": {name: _label(say, f"mydata.table.{name}", name) for name in data},
        "columns": {column: _label(say, f"mydata.column.{column}", column) for column in columns},
        "language": turn.me.language,
    }


def _readable(turn: Turn, row: dict[str, Any]) -> dict[str, Any]:
    found = dict(row)
    for column, value in row.items():
        if isinstance(value, int) and (column in _TIMES or column.endswith("_at")):
            found[column] = turn.when(value).isoformat(timespec="seconds")
    if "broadcast_id" in row:
        found["body"] = plain(wire.unpack(row["body"]).text)
    return found


@router.errand("copy", by="bot.copying", given=_everything)
def hand_over(turn: Turn, done: Done) -> None:
    """The files are there: sent once, kept until then."""
    as_page, as_json = json.loads(done.made)
    day = f"{turn.today:%Y-%m-%d}"
    files = [
        turn.made(replace(done, made=as_page.encode()), f"du-lieu-cua-toi-{day}.html", "text/html"),
        turn.made(replace(done, made=as_json.encode()), f"du-lieu-cua-toi-{day}.json", "application/json"),
    ]
    turn.note("mydata.copied", f"person {turn.me.id}", after=turn.house.label("audit.fact.two_files"))
    turn.refresh(turn.me.id, lambda say: Reply(say("mydata.download_done"), card=errand_card(done.id)))
    for key, file in zip(("mydata.download_page", "mydata.download_json"), files, strict=True):
        turn.tell(turn.me.id, _with_file(key, file, made_card(done.id)), urgent=True, anyway=True)


def _with_file(key: str, file: File, card: str) -> View:
    return lambda say: Reply(say(key), files=(file,), card=card)
