"""Whose report it is that is told, where it is not one's own: shown on the card, asked, changed, looked at when it is
sent."""

from __future__ import annotations

from bot.chat.dialog import Heard, Miss, Option
from bot.chat.message import Text
from bot.rules import people
from bot.rules.told import Told
from handlers.reports import added, behalf, heard
from handlers.reports.cards import author_of, mates_of
from handlers.reports.talk import Talk
from storage import people as roster
from storage.units import Unit


def put(talk: Talk) -> Told:
    """Several have that name: which of them? Whatever else is asked, this is never left open."""
    told = talk.told
    options = [one for one in everybody(talk) if int(one.id) in (*told.among, talk.turn.me.id)]

    def answer(said: Heard) -> Told:
        try:
            return of(talk, told, int(talk.ask.chosen(options, said)))
        except Miss:
            if said.text and heard.hear(talk.turn, said.text).kind in added.REPORTS:
                return added.words(talk, said.text, notes=False)
            raise

    rows = [[(one.label, one.id)] for one in options]
    return talk.ask.once("among", answer, lambda: talk.prompt(talk.turn.t("behalf.which"), rows))


def of(talk: Talk, told: Told, person_id: int) -> Told:
    """What was chosen."""
    return behalf.theirs(talk.turn, told, person_id)


def everybody(talk: Talk) -> list[Option]:
    """Whose it may be: the mates' in one's teams, or one's own."""
    turn = talk.turn
    mates = [one.person for post in people.teams(turn.posts) for one in mates_of(turn, post.unit, turn.me.id)]
    named = {str(one.id): one.name for one in mates}
    mine = Option(str(turn.me.id), talk.label("behalf.buttons.mine"))
    return [*(Option(person_id, name) for person_id, name in named.items()), mine]


def may_be(talk: Talk) -> bool:
    """Whether it may be said to be somebody else's: of what is not sent yet, and is no practice."""
    return talk.kept is None and talk.turn.practice is None and len(everybody(talk)) > 1


def is_mate(talk: Talk, unit: Unit) -> bool:
    """Whether whose it is (oneself: yes) is still in the team it goes to."""
    whose = talk.told.whose
    return not whose or any(one.person.id == whose for one in mates_of(talk.turn, unit, talk.turn.me.id))


def line(talk: Talk) -> Text:
    """What the card says of it; of a sent report, where it is not one's own that is changed."""
    turn, kept = talk.turn, talk.kept
    if kept is not None:
        return turn.t("behalf.of", name=author_of(turn, kept)) if kept.author_id != turn.me.id else ()
    if talk.told.stranger:
        return turn.t("behalf.stranger")
    person = roster.get(turn.db, talk.told.whose) if talk.told.whose else None
    return turn.t("behalf.theirs", name=person.name) if person else ()
