"""/vang: the days and who stands in, looked at once; then the stand-in and the lead hear of it."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from bot.chat import passing, pick
from bot.chat.dialog import Ask
from bot.chat.message import Button, Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, below
from bot.chat.turn import Turn
from bot.rules import away as rules
from bot.rules import people, rights
from bot.rules.refused import Refused
from handlers.away.actions import Anew, Back
from handlers.away.days import ASKED, ask_days, is_said
from handlers.away.lasting import begin
from storage import absences, audit, handovers, tasks, units
from storage import people as roster
from storage.absences import Absence
from storage.people import Member, Post
from storage.units import Unit

router = Router("away")

_WORDS = re.compile(
    r"(?:(?:dạ|da|em|tôi|toi|xin|báo|bao)\s+)*(?:vắng|vang)(?:\s+mặt|\s+mat)?\s+(.+)", re.IGNORECASE | re.DOTALL
)


@router.command("vang", about="away.about", who=people.is_member, rank=82, said=("vắng",))
def show(turn: Turn) -> Said:
    """What is planned or going on; else the two questions. With days after it these are taken at once."""
    words = turn.incoming.text.strip().partition(" ")[2].strip()
    if words:
        return away.begin(turn, said=words)
    own = absences.of_person(turn.db, turn.me.id)
    return _card(turn, own[0])(turn.say) if own else away.begin(turn)


@router.said(rank=20)
def in_words(turn: Turn) -> Said:
    """ "vắng 3 ngày", "xin vang tu mai den thu 6": where nothing else is said."""
    said = _WORDS.match(turn.incoming.text)
    if said is None or not people.is_member(turn.posts) or not is_said(turn, said[1]):
        return None
    return away.begin(turn, said=said[1])


@router.on(Anew)
def anew(turn: Turn, pressed: Anew) -> Said:
    return away.begin(turn)


@router.dialog("away", questions=ASKED)
def away(turn: Turn, ask: Ask, /) -> Said:
    """Which days, and who stands in."""
    first, last = ask_days(turn, ask)
    helping = rules.overlapping(absences.stood_in_by(turn.db, turn.me.id), first, last)
    if helping is not None:
        raise Refused("away.you_stand_in", name=helping.person, last=date.fromisoformat(helping.last_day))
    member = _stand_in(turn, ask, first, last)
    ends_at = turn.moment(datetime.combine(last + timedelta(days=1), time()))
    ask.confirm(
        "away.check",
        first=first,
        last=last,
        name=member.person.name,
        goes=_goes(turn, ends_at),
        unreached=() if member.reachable else below(turn.t("away.unreached", name=member.person.name)),
    )
    for earlier in absences.of_person(turn.db, turn.me.id):
        turn.around.routes.passed(turn, handovers.come_back(turn.db, earlier, turn.now))
        if earlier.stand_in_id != member.person.id:
            turn.tell(earlier.stand_in_id, lambda say: Reply(say("away.not_you", name=turn.me.name)))
    kept = absences.add(
        turn.db,
        person_id=turn.me.id,
        stand_in_id=member.person.id,
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        ends_at=ends_at,
        now=turn.now,
    )
    away = turn.house.label("audit.fact.away", first=first, last=last, name=member.person.name)
    turn.note("away.planned", audit.person(turn.me.id), after=away)
    turn.tell(member.person.id, lambda say: Reply(_asked(say, turn.me.name, first, last)))
    _tell_lead(turn, kept)
    if first <= turn.today:
        begin(turn, kept)
    return _card(turn, absences.get(turn.db, kept.id) or kept)(turn.say)


def _asked(say: Voice, name: str, first: date, last: date) -> Text:
    return say("away.stand_in_please", name=name, first=first, last=last)


def _stand_in(turn: Turn, ask: Ask, first: date, last: date) -> Member:
    """Somebody of one's teams or a lead above, who is there in these days."""
    teams = [post.unit for post in turn.posts if post.role != "admin"]
    above = {unit.id: unit for team in teams for unit in units.above(turn.db, team)}

    def fits(member: Member) -> bool:
        return rules.may_stand_in(turn.posts, turn.me.id, member, list(above)) and not rules.overlapping(
            absences.of_person(turn.db, member.person.id), first, last
        )

    near = pick.once([*(m for team in teams for m in passing.successors(turn, team, turn.me.id))])
    if not any(fits(member) for member in near):
        raise Refused("away.nobody")
    within = [*teams, *above.values()]
    return pick.person(turn, ask, "stand_in", "away.who", within, near=lambda: near, fits=fits, of=f"{first}/{last}")


def _goes(turn: Turn, ends_at: int) -> Text:
    """What the stand-in takes over, in numbers."""
    own = [duty for duty in tasks.held_by(turn.db, turn.me.id) if duty.task.due_at < ends_at]
    given = tasks.looked_after_by(turn.db, turn.me.id)
    return below(
        turn.t("away.goes_work", count=len(own)) if own else (),
        turn.t("away.goes_given", count=len(given)) if given else (),
    )


def _card(turn: Turn, absence: Absence) -> View:
    first, last = date.fromisoformat(absence.first_day), date.fromisoformat(absence.last_day)

    def view(say: Voice) -> Reply:
        if absence.state == "over":
            return Reply(say("away.over"), card=f"away:{absence.id}")
        going_on = absence.state == "on"
        text = say("away.going_on" if going_on else "away.will_be", first=first, last=last, name=absence.stand_in)
        back = Button(say.label("away.buttons.back" if going_on else "away.buttons.not"), Back(absence.id).pack())
        other = Button(say.label("away.buttons.anew"), Anew().pack())
        return Reply(text, ((back,), (other,)), card=f"away:{absence.id}")

    return view


def _tell_lead(turn: Turn, absence: Absence) -> None:
    """The nearest lead of each team knows who is away and who stands in."""
    told = {turn.me.id, absence.stand_in_id}
    for post in turn.posts:
        lead = _lead(turn, post, told)
        if lead is not None:
            told.add(lead.person.id)
            turn.tell(lead.person.id, lambda say: Reply(_will_be(say, absence)))


def _will_be(say: Voice, absence: Absence) -> Text:
    return say(
        "away.colleague",
        name=absence.person,
        first=date.fromisoformat(absence.first_day),
        last=date.fromisoformat(absence.last_day),
        stand_in=absence.stand_in,
    )


def _lead(turn: Turn, post: Post, but: set[int]) -> Member | None:
    if post.role == "admin":
        return None
    places: list[Unit] = [post.unit, *units.above(turn.db, post.unit)]
    leads = [m for unit in places[:2] for m in roster.team(turn.db, unit) if m.role in rights.LEADS]
    return next((m for m in leads if m.person.id not in but), None)
