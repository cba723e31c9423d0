"""A name or number put right; somebody leaves; a telephone is lost."""

from __future__ import annotations

from bot.chat import passing
from bot.chat.dialog import Ask, Option
from bot.chat.newcomer import MOST_NAME, read_phone
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.turn import Turn
from bot.rules.refused import Refused
from handlers.members import words
from handlers.members.actions import Lost
from handlers.members.cards import card_of, left_below, posts_below, role_name, somebody, to_list, wholly_below
from handlers.members.carrying import Trace, also, carry_out, heir_of, looks, post_in
from handlers.members.questions import which_post
from storage import handovers, tasks
from storage import people as roster
from storage.handovers import Change
from storage.people import Person
from storage.units import Unit

router = Router("members")


@router.dialog("correct")
def correct(turn: Turn, ask: Ask, /, person: int) -> Said:
    """The name or the number, as it should be."""
    who = wholly_below(turn, person)
    if who.id == turn.me.id:
        raise Refused("members.not_below", name=who.name)
    options = [Option(part, turn.say.label(f"members.buttons.{part}")) for part in ("name", "phone")]
    part = ask.choice("part", "members.which_part", lambda: options, name=who.name)
    name, phone = who.name, who.phone
    if part == "name":
        name = ask.text("name", "members.right_name", most=MOST_NAME, was=who.name)
    else:
        phone = ask.value("phone", "members.right_phone", read_phone, numbered=False, name=who.name)
        others = [other for other in roster.with_phone(turn.db, phone) if other.id != who.id]
        if others:
            ask.sure("shared", "members.shared_phone", phone=phone, name=others[0].name)
    roster.correct(turn.db, who.id, name=name, phone=phone)
    before, after = (who.name, name) if part == "name" else (who.phone, phone)
    turn.note(
        "members.corrected",
        f"person {who.id}",
        before=before,
        after=after,
        detail=part,
        unit=posts_below(turn, who.id)[0].unit.id,
        private=True,
    )
    turn.tell(
        who.id,
        lambda say: Reply(say("members.you_corrected", name=name, phone=phone or say.label("team.no_phone"))),
    )
    now = roster.get(turn.db, who.id)
    assert now is not None
    return card_of(turn, now, turn.t("members.changed", name=now.name))


@router.dialog("remove")
def remove(turn: Turn, ask: Ask, /, person: int) -> Said:
    """A post ends. With the last one its holder leaves: no access any more, the name stays in what was done."""
    who = somebody(turn, person)
    post = which_post(turn, ask, who)
    leaves = len(roster.posts(turn.db, who.id)) == 1
    scope = None if leaves else frozenset({post.unit.id})
    work = tasks.held_by(turn.db, who.id, scope)
    heir = heir_of(turn, ask, who, post.unit, len(work)) if work else None
    ask.confirm(
        "members.check_leave" if leaves else "members.check_remove",
        button="members.buttons.remove_yes",
        name=who.name,
        role=role_name(turn, post.role),
        unit=post.unit.name,
        also=also(turn, None, heir, len(work)),
    )
    heir_id = heir.person.id if heir else None
    change = Change(
        who.id, [post.id], heir=heir_id, work_of=scope, looks=looks(turn, who.id, scope, heir_id), leaves=leaves
    )
    others = [other for other in roster.posts(turn.db, who.id) if other.id != post.id]
    word = words.you_left(turn, post) if leaves else words.you_are_not(turn, post, others)
    trace = Trace(post_in(turn, post.role, post.unit), turn.house.label("audit.fact.ended"), post.unit)
    kept = carry_out(turn, "left", who, post, change, trace, word)
    return card_of(turn, who, turn.t("members.removed", name=who.name), [passing.undo_button(turn, kept)])


@router.on(Lost)
def lost(turn: Turn, pressed: Lost) -> Said:
    """[Mất điện thoại]: whoever has the telephone hears and says nothing more; a new code brings its owner back."""
    if last := left_below(turn, pressed.person):
        return _lost_after_leaving(turn, pressed, last[0].unit)
    who = wholly_below(turn, pressed.person)
    if who.id == turn.me.id:
        raise Refused("members.not_below", name=who.name)
    if pressed.sure == 2:
        return card_of(turn, who)
    if not pressed.sure:
        return _sure_lost(turn, who, "members.lost_sure")
    unit = posts_below(turn, who.id)[0].unit
    _unlink(turn, who, unit)
    done = card_of(turn, who, turn.t("members.unlinked", name=who.name))
    return [done, *passing.invitation(turn, who, unit)]


def _lost_after_leaving(turn: Turn, pressed: Lost, unit: Unit) -> Reply:
    """Who holds nothing any more needs no new code; but whoever has the telephone must not see what is kept."""
    who = roster.get(turn.db, pressed.person)
    assert who is not None
    if pressed.sure == 2:
        return card_of(turn, who)
    if not pressed.sure:
        return _sure_lost(turn, who, "members.lost_sure_left")
    _unlink(turn, who, unit)
    return Reply(turn.t("members.unlinked_left", name=who.name), (to_list(turn, unit),), card=f"member:{who.id}")


def _sure_lost(turn: Turn, who: Person, question: str) -> Reply:
    yes = turn.button("members.buttons.lost_yes", Lost(who.id, 1))
    no = turn.button("members.buttons.lost_no", Lost(who.id, 2))
    return Reply(turn.t(question, name=who.name), ((yes, no),), card=f"member:{who.id}")


def _unlink(turn: Turn, who: Person, unit: Unit) -> None:
    handovers.silence(turn.db, who.id, turn.now)
    gone = turn.house.label("audit.fact.unlinked_chat")
    turn.note("members.lost_phone", f"person {who.id}", after=gone, unit=unit.id)
