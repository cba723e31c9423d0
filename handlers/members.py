"""/thanhvien: who is in one's teams; bring in, correct, move, promote and remove people below oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.chat import passing, pick
from bot.chat.action import Action
from bot.chat.dialog import Ask, Option
from bot.chat.message import Button, Text
from bot.chat.newcomer import MOST_NAME, newcomer, read_phone
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import below, lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from storage import absences, audit, handovers, tasks, units
from storage import people as roster
from storage.handovers import Begin, Change, Handover
from storage.people import Member, Person, Post
from storage.units import Unit

PAGE = 8
MOST_NEAR = 12
MOST_LABEL = 40

router = Router("members")


@dataclass(frozen=True, slots=True)
class Page(Action, code="hl"):
    """A page of the people of a unit and below."""

    unit: int
    number: int


@dataclass(frozen=True, slots=True)
class Show(Action, code="hp"):
    person: int


@dataclass(frozen=True, slots=True)
class Find(Action, code="hf"):
    unit: int


@dataclass(frozen=True, slots=True)
class Add(Action, code="ha"):
    unit: int


@dataclass(frozen=True, slots=True)
class Do(Action, code="hd"):
    """Begin what is done to somebody: role, move, correct or remove."""

    person: int
    what: str


@dataclass(frozen=True, slots=True)
class Lost(Action, code="hx"):
    """Their telephone is lost. sure: 0 asks first, 1 does it, 2 leaves it."""

    person: int
    sure: int


@router.command("thanhvien", about="members.about", who=rights.has("members"), rank=55)
def show(turn: Turn) -> Said:
    """The people of the unit one looks after; of several, the one that is chosen."""
    offices = rights.offices(turn.posts, "members")
    if len(offices) == 1:
        return _page(turn, offices[0], 0)
    places = zip(offices, pick.places(turn, offices), strict=True)
    rows = tuple((Button(name[:MOST_LABEL], Page(unit.id, 0).pack()),) for unit, name in places)
    return Reply(turn.t("members.which_unit"), rows, card="members")


@router.on(Page)
def page(turn: Turn, pressed: Page) -> Said:
    return _page(turn, _unit(turn, pressed.unit), pressed.number)


def _unit(turn: Turn, unit_id: int) -> Unit:
    return rights.check(turn.posts, "members", units.get(turn.db, unit_id))


def _page(turn: Turn, unit: Unit, number: int) -> Reply:
    total = roster.count(turn.db, unit)
    number = max(0, min(number, (total - 1) // PAGE))
    shown = roster.page(turn.db, unit, number * PAGE, PAGE)
    rows = [(Button(_label(turn, member, unit), Show(member.person.id).pack()),) for member in shown]
    turning = []
    if number:
        turning.append(turn.button("members.buttons.previous", Page(unit.id, number - 1)))
    if (number + 1) * PAGE < total:
        turning.append(turn.button("members.buttons.next", Page(unit.id, number + 1)))
    doing = (turn.button("members.buttons.find", Find(unit.id)), turn.button("members.buttons.add", Add(unit.id)))
    pages = -(-total // PAGE)
    at = turn.t("members.page", number=number + 1, of=pages) if pages > 1 else ()
    text = paragraphs(turn.t("members.title", unit=unit.name, count=total), at)
    return Reply(text, (*rows, *([tuple(turning)] if turning else []), doing), card="members")


def _label(turn: Turn, member: Member, within: Unit) -> str:
    role = _role(turn, member.role)
    where = f", {member.unit.name}" if member.unit.id != within.id else ""
    return f"{member.person.name} ({role}{where})"[:MOST_LABEL]


def _role(turn: Turn, role: str) -> str:
    return turn.say.label(f"start.role.{role}")


@router.on(Find)
def find(turn: Turn, pressed: Find) -> Said:
    return find_person.begin(turn, unit=_unit(turn, pressed.unit).id)


@router.dialog("find_person")
def find_person(turn: Turn, ask: Ask, /, unit: int) -> Said:
    """By name or number."""
    member = pick.person(turn, ask, "who", "members.find_whom", [_unit(turn, unit)])
    return _card(turn, member.person)


@router.on(Show)
def show_person(turn: Turn, pressed: Show) -> Said:
    return _card(turn, _seen(turn, pressed.person))


def _seen(turn: Turn, person_id: int) -> Person:
    """Somebody with a post where one may look after members. Raises Refused."""
    person = roster.get(turn.db, person_id)
    if person is None or not _posts_seen(turn, person_id):
        raise Refused("chat.not_for_you")
    return person


def _posts_seen(turn: Turn, person_id: int) -> list[Post]:
    return [post for post in roster.posts(turn.db, person_id) if rights.may(turn.posts, "members", post.unit)]


def _posts_below(turn: Turn, person_id: int) -> list[Post]:
    """Of somebody's posts those that are below one's own."""
    return [post for post in _posts_seen(turn, person_id) if rights.outranks(turn.posts, [post])]


def _wholly_below(turn: Turn, person_id: int) -> Person:
    """Somebody all of whose posts are below one's own: what concerns the whole person. Raises Refused."""
    person = _seen(turn, person_id)
    if not rights.outranks(turn.posts, roster.posts(turn.db, person_id)):
        raise Refused("members.not_below", name=person.name)
    return person


def _card(turn: Turn, person: Person, heading: Text = (), first: Sequence[Button] = ()) -> Reply:
    """Somebody as their lead sees them, with what may be done."""
    seen = _posts_seen(turn, person.id)
    rows: list[tuple[Button, ...]] = [tuple(first)] if first else []
    beneath = _posts_below(turn, person.id)
    if beneath and person.id != turn.me.id:
        rows.append((_do(turn, person, "role"), _do(turn, person, "move")))
        if rights.outranks(turn.posts, roster.posts(turn.db, person.id)):
            lost = turn.button("members.buttons.lost", Lost(person.id, 0))
            rows.append((_do(turn, person, "correct"), lost))
        rows.append((_do(turn, person, "remove"),))
    if seen:
        rows.append((turn.button("members.buttons.list", Page(_office_of(turn, seen[0].unit).id, 0)),))
    text = _about(turn, person, seen) if seen else turn.t("members.gone", name=person.name)
    return Reply(paragraphs(heading, text), tuple(rows), card=f"member:{person.id}")


def _do(turn: Turn, person: Person, what: str) -> Button:
    return turn.button(f"members.buttons.{what}", Do(person.id, what))


def _office_of(turn: Turn, unit: Unit) -> Unit:
    return next(office for office in rights.offices(turn.posts, "members") if office.holds(unit))


def _about(turn: Turn, person: Person, seen: list[Post]) -> Text:
    identities = roster.identities(turn.db, person.id)
    reached = any(identity.unreachable_at is None for identity in identities)
    chat = "members.joined" if reached else ("members.not_reachable" if identities else "members.not_joined")
    work = tasks.held_by(turn.db, person.id)
    absence = absences.now_on(turn.db, person.id)
    return lines(
        turn.t("members.name", name=person.name),
        *(
            turn.t("members.post", role=_role(turn, post.role), unit=post.unit.name, since=turn.when(post.since).date())
            for post in seen
        ),
        turn.t("members.phone", phone=person.phone or turn.say.label("team.no_phone")),
        turn.t(chat),
        turn.t("members.work", count=len(work)) if work else (),
        turn.t("away.is_away", until=date.fromisoformat(absence.last_day), name=absence.stand_in) if absence else (),
    )


@router.on(Do)
def do(turn: Turn, pressed: Do) -> Said:
    """Begin it; whether it is allowed is asked in the dialog, at each answer."""
    dialogs = {"role": role, "move": move, "correct": correct, "remove": remove}
    if pressed.what not in dialogs:
        raise Refused("chat.stale_button")
    return dialogs[pressed.what].begin(turn, person=_seen(turn, pressed.person).id)


# Bringing somebody in.


@router.on(Add)
def begin_to_add(turn: Turn, pressed: Add) -> Said:
    return add.begin(turn, unit=_unit(turn, pressed.unit).id)


@router.dialog("add", questions=2)
def add(turn: Turn, ask: Ask, /, unit: int) -> Said:
    """Name and number, where to, and what they are to be."""
    office = rights.check_open(turn.posts, "members", units.get(turn.db, unit))
    new = newcomer(turn, ask, "members")
    place = office
    if units.children(turn.db, office):
        place = pick.unit(turn, ask, "unit", "members.where", [office], near=lambda: _near(turn, office))
    if new.known and any(p.unit.id == place.id for p in roster.posts(turn.db, new.known.id)):
        raise Refused("members.here_already", name=new.known.name, unit=place.name)
    wanted, demoted = _wanted_role(turn, ask, place, new.known.id if new.known else 0)
    ask.confirm(
        "members.check_add",
        name=new.known.name if new.known else new.name,
        phone=new.phone or turn.say.label("team.no_phone"),
        role=_role(turn, wanted),
        unit=place.name,
        also=_also(turn, demoted, None, 0),
    )
    person = new.person(turn)
    change = Change(person.id, *_posts(demoted, Begin(person.id, place.id, wanted)))
    kept = _carry_out(turn, "add", person, None, change, f"{wanted} unit {place.id}")
    _tell_demoted(turn, demoted)
    told = turn.tell(
        person.id,
        lambda say: Reply(
            say("members.you_are", role=say.label(f"start.role.{wanted}"), unit=place.name, by=turn.me.name)
        ),
    )
    done = _card(turn, person, turn.t("members.added", name=person.name), [passing.undo_button(turn, kept)])
    return done if told else [done, *passing.invitation(turn, person, place)]


def _near(turn: Turn, office: Unit) -> list[Unit]:
    return [office, *units.children(turn.db, office)][:MOST_NEAR]


def _name(turn: Turn, person_id: int) -> str:
    person = roster.get(turn.db, person_id)
    return person.name if person else "?"


def _wanted_role(turn: Turn, ask: Ask, unit: Unit, person_id: int, but: str = "") -> tuple[str, Post | None]:
    """What somebody is to be in a unit, among what one may give there; and who is head there now, if they are to be
    deputy for it: there is one head."""
    may_be = [role for role in rights.grants(turn.posts, unit) if role != but]
    if not may_be:
        raise Refused("members.no_role", unit=unit.name)
    wanted = may_be[0]
    if len(may_be) > 1:
        options = [Option(role, _role(turn, role)) for role in reversed(may_be)]
        wanted = ask.choice("role", "members.which_role", lambda: options, of=str(unit.id), unit=unit.name)  # type: ignore[assignment]
        if wanted not in may_be:
            raise Refused("chat.not_for_you")
    head = roster.head(turn.db, unit.id) if wanted == "head" else None
    if head is None or head.person_id == person_id:
        return wanted, None
    ask.sure("one_head", "members.one_head", unit=unit.name, name=_name(turn, head.person_id))
    return wanted, head


def _posts(demoted: Post | None, *begins: Begin, ends: Sequence[int] = ()) -> tuple[list[int], list[Begin]]:
    """What ends and begins; the head of before becomes deputy."""
    if demoted is None:
        return [*ends], [*begins]
    return [demoted.id, *ends], [Begin(demoted.person_id, demoted.unit.id, "deputy"), *begins]


def _carry_out(
    turn: Turn, kind: str, person: Person, post: Post | None, change: Change, detail: str, word: View | None = None
) -> Handover:
    kept = handovers.add(
        turn.db,
        kind=kind,
        person_id=person.id,
        post_id=post.id if post else None,
        taker_id=change.heir,
        by_id=turn.me.id,
        day=turn.today.isoformat(),
        leaves=change.leaves,
        state="planned",
        now=turn.now,
    )
    passed = passing.carry_out(turn, kept, change, word)
    audit.note(turn.db, turn.me.id, f"members.{kind}", f"person {person.id}", detail, turn.now)
    if change.heir is not None and passed.parts:
        _tell_heir(turn, person, change.heir, [duty.task.code for duty, _ in passed.parts])
        parts = [duty for duty, _ in passed.parts]
        passing.tell_givers(turn, parts, _name(turn, change.heir), (turn.me.id, change.heir, person.id))
    return kept


def _tell_heir(turn: Turn, person: Person, heir_id: int, codes: list[str]) -> None:
    if heir_id != turn.me.id:
        turn.tell(
            heir_id,
            lambda say: Reply(
                say("members.you_take_over", name=person.name, count=len(codes)), passing.work_buttons(say, codes)
            ),
        )


def _tell_demoted(turn: Turn, demoted: Post | None) -> None:
    if demoted is None:
        return
    audit.note(turn.db, turn.me.id, "members.role", f"person {demoted.person_id}", "head → deputy", turn.now)
    turn.tell(
        demoted.person_id,
        lambda say: Reply(
            say("members.you_are", role=say.label("start.role.deputy"), unit=demoted.unit.name, by=turn.me.name)
        ),
    )


# Changing what somebody is, and where.


def _which_post(turn: Turn, ask: Ask, person: Person) -> Post:
    """The post that is meant, of those below one's own. Raises Refused."""
    held = {str(post.id): post for post in _posts_below(turn, person.id) if post.unit.closed_at is None}
    if not held or person.id == turn.me.id:
        raise Refused("members.not_below", name=person.name)
    if len(held) == 1:
        return next(iter(held.values()))
    options = [Option(key, f"{_role(turn, post.role)} {post.unit.name}") for key, post in held.items()]
    chosen = ask.choice("post", "members.which_post", lambda: options, columns=1, name=person.name)
    if chosen not in held:
        raise Refused("members.not_below", name=person.name)
    return held[chosen]


@router.dialog("role")
def role(turn: Turn, ask: Ask, /, person: int) -> Said:
    """Head, deputy or member: anything below one's own."""
    who = _seen(turn, person)
    post = _which_post(turn, ask, who)
    wanted, demoted = _wanted_role(turn, ask, post.unit, who.id, but=post.role)
    ask.confirm(
        "members.check_role",
        name=who.name,
        unit=post.unit.name,
        was=_role(turn, post.role),
        role=_role(turn, wanted),
        also=_also(turn, demoted, None, 0),
    )
    change = Change(
        who.id,
        *_posts(demoted, Begin(who.id, post.unit.id, wanted), ends=[post.id]),
        looks={} if wanted in rights.LEADS else _looks(turn, who.id, frozenset({post.unit.id}), None),
    )
    kept = _carry_out(turn, "role", who, post, change, f"{post.role} → {wanted}")
    _tell_demoted(turn, demoted)
    turn.tell(
        who.id,
        lambda say: Reply(
            say("members.you_are", role=say.label(f"start.role.{wanted}"), unit=post.unit.name, by=turn.me.name)
        ),
    )
    return _card(turn, who, turn.t("members.changed", name=who.name), [passing.undo_button(turn, kept)])


@router.dialog("move")
def move(turn: Turn, ask: Ask, /, person: int) -> Said:
    """Into another of one's units; what they had to do in the old one stays there, with somebody."""
    who = _seen(turn, person)
    post = _which_post(turn, ask, who)
    offices = rights.offices(turn.posts, "members")
    place = pick.unit(turn, ask, "unit", "members.where_to", offices, near=lambda: _others(turn, offices, post.unit))
    if any(held.unit.id == place.id for held in roster.posts(turn.db, who.id)):
        raise Refused("members.here_already", name=who.name, unit=place.name)
    wanted, demoted = _wanted_role(turn, ask, place, who.id)
    work = tasks.held_by(turn.db, who.id, {post.unit.id})
    heir = _heir(turn, ask, who, post.unit, len(work)) if work else None
    ask.confirm(
        "members.check_move",
        name=who.name,
        was=f"{_role(turn, post.role)} {post.unit.name}",
        place=f"{_role(turn, wanted)} {place.name}",
        also=_also(turn, demoted, heir, len(work)),
    )
    heir_id = heir.person.id if heir else None
    scope = frozenset({post.unit.id})
    change = Change(
        who.id,
        *_posts(demoted, Begin(who.id, place.id, wanted), ends=[post.id]),
        heir=heir_id,
        work_of=scope,
        looks=_looks(turn, who.id, scope, heir_id),
    )
    kept = _carry_out(turn, "move", who, post, change, f"unit {post.unit.id} → unit {place.id}")
    _tell_demoted(turn, demoted)
    turn.tell(
        who.id,
        lambda say: Reply(
            say("members.you_moved", role=say.label(f"start.role.{wanted}"), unit=place.name, by=turn.me.name)
        ),
    )
    return _card(turn, who, turn.t("members.changed", name=who.name), [passing.undo_button(turn, kept)])


def _others(turn: Turn, offices: Sequence[Unit], but: Unit) -> list[Unit]:
    near = [unit for office in offices for unit in (office, *units.children(turn.db, office))]
    return [unit for unit in near if unit.id != but.id][:MOST_NEAR]


def _also(turn: Turn, demoted: Post | None, heir: Member | None, count: int) -> Text:
    return below(
        turn.t("members.was_head", name=_name(turn, demoted.person_id)) if demoted else (),
        turn.t("members.work_goes", count=count, name=heir.person.name) if heir else (),
    )


def _heir(turn: Turn, ask: Ask, leaver: Person, unit: Unit, count: int) -> Member:
    """Who answers for the work next: the head first, anybody of the team, of what is below, or a lead above."""
    near = passing.successors(turn, unit, leaver.id)
    above = {one.id for one in units.above(turn.db, unit)}

    def fits(member: Member) -> bool:
        mine = member.person.id == turn.me.id
        near_enough = unit.holds(member.unit) or (member.unit.id in above and member.role in rights.LEADS)
        return member.person.id != leaver.id and (mine or (near_enough and member.role != "admin"))

    me = [m for office in rights.offices(turn.posts, "members") for m in roster.holding(turn.db, office, turn.me.id)]
    within = [unit, *units.above(turn.db, unit)]
    return pick.person(
        turn,
        ask,
        "heir",
        "members.who_goes_on",
        within,
        near=lambda: [*near, *me],
        fits=fits,
        name=leaver.name,
        count=count,
    )


def _looks(turn: Turn, person_id: int, scope: frozenset[int] | None, heir_id: int | None) -> dict[int, int]:
    first = heir_id if heir_id is not None else turn.me.id
    return passing.looks(turn, person_id, scope, first)


# Correcting the name or number.


@router.dialog("correct")
def correct(turn: Turn, ask: Ask, /, person: int) -> Said:
    """The name or the number, as it should be."""
    who = _wholly_below(turn, person)
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
    audit.note(turn.db, turn.me.id, "members.corrected", f"person {who.id}", part, turn.now)
    turn.tell(
        who.id,
        lambda say: Reply(say("members.you_corrected", name=name, phone=phone or say.label("team.no_phone"))),
    )
    now = roster.get(turn.db, who.id)
    assert now is not None
    return _card(turn, now, turn.t("members.changed", name=now.name))


# Somebody leaves; a telephone is lost.


@router.dialog("remove")
def remove(turn: Turn, ask: Ask, /, person: int) -> Said:
    """A post ends. With the last one its holder leaves: no access any more, the name stays in what was done."""
    who = _seen(turn, person)
    post = _which_post(turn, ask, who)
    leaves = len(roster.posts(turn.db, who.id)) == 1
    scope = None if leaves else frozenset({post.unit.id})
    work = tasks.held_by(turn.db, who.id, scope)
    heir = _heir(turn, ask, who, post.unit, len(work)) if work else None
    ask.confirm(
        "members.check_leave" if leaves else "members.check_remove",
        send="members.buttons.remove_yes",
        name=who.name,
        role=_role(turn, post.role),
        unit=post.unit.name,
        also=_also(turn, None, heir, len(work)),
    )
    heir_id = heir.person.id if heir else None
    change = Change(
        who.id, [post.id], heir=heir_id, work_of=scope, looks=_looks(turn, who.id, scope, heir_id), leaves=leaves
    )
    word = "members.you_left" if leaves else "members.you_are_not"
    kept = _carry_out(
        turn,
        "left",
        who,
        post,
        change,
        f"{post.role} unit {post.unit.id}",
        lambda say: Reply(say(word, unit=post.unit.name, by=turn.me.name)),
    )
    return _card(turn, who, turn.t("members.removed", name=who.name), [passing.undo_button(turn, kept)])


@router.on(Lost)
def lost(turn: Turn, pressed: Lost) -> Said:
    """[Mất điện thoại]: whoever has the telephone hears and says nothing more; a new code brings its owner back."""
    who = _wholly_below(turn, pressed.person)
    if who.id == turn.me.id:
        raise Refused("members.not_below", name=who.name)
    if pressed.sure == 2:
        return _card(turn, who)
    if not pressed.sure:
        yes = turn.button("members.buttons.lost_yes", Lost(who.id, 1))
        no = turn.button("members.buttons.lost_no", Lost(who.id, 2))
        return Reply(turn.t("members.lost_sure", name=who.name), ((yes, no),), card=f"member:{who.id}")
    handovers.silence(turn.db, who.id, turn.now)
    audit.note(turn.db, turn.me.id, "members.lost_phone", f"person {who.id}", "", turn.now)
    unit = _posts_below(turn, who.id)[0].unit
    done = _card(turn, who, turn.t("members.unlinked", name=who.name))
    return [done, *passing.invitation(turn, who, unit)]
