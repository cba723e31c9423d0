"""A stranger without a code asks to join a unit; its lead, else the one above, says yes or no with one press."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.chat import pick
from bot.chat.action import Action, Typed
from bot.chat.dialog import Ask, Option
from bot.chat.message import Address, Button
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines
from bot.chat.turn import Turn
from bot.rules import codes, people, rights, vietnamese
from bot.rules import joining as rules
from bot.rules.refused import Refused
from handlers.start.entering import ask_code, consented, greet, still_waiting, to_confirm
from storage import audit, chats, joining, units
from storage import people as roster
from storage.joining import Claim, Request
from storage.people import Member, Person, Post
from storage.units import Unit

MOST_NAME = 60
MOST_SHOWN = 5
SKIP = "-"

router = Router("joining")


@dataclass(frozen=True, slots=True)
class Accept(Action, code="ja"):
    """Let a stranger in; `person`: they are this one of the roster (0: somebody new)."""

    request: int
    person: int


@dataclass(frozen=True, slots=True)
class Refuse(Action, code="jr"):
    request: int


@dataclass(frozen=True, slots=True)
class Withdraw(Action, code="jw"):
    """A stranger takes their own request back."""

    request: int


# The stranger


@router.command(
    "xinvao",
    about="joining.about_request",
    open=True,
    who=lambda posts: False,
    rank=10,
    said=("xin vao", "xin vao to", "ask to join"),
)
def request(turn: Turn) -> Said:
    """Ask to be let into a unit, without a code."""
    if turn.person is not None:
        raise Refused("joining.here_already")
    if not consented(turn):
        return turn.around.routes.welcome(turn)
    where = turn.address
    if joining.claim_of(turn.db, where.channel, where.chat) is not None:
        return still_waiting(turn)
    waiting = joining.open_of(turn.db, where.channel, where.chat)
    if waiting is not None:
        unit = units.get(turn.db, waiting.unit_id)
        back = turn.button("joining.buttons.withdraw", Withdraw(waiting.id))
        return Reply(turn.t("joining.waits", unit=unit.name if unit else ""), ((back,),), card="my request")
    _check_often(turn)
    return ask_in(turn)


def _check_often(turn: Turn) -> None:
    where = turn.address
    if joining.refused_at(turn.db, where.channel, where.chat) > turn.now - rules.REFUSED_MS:
        raise Refused("joining.refused_lately")
    if joining.asked_since(turn.db, where.channel, where.chat, turn.now - 7 * rules.DAY_MS) >= rules.MOST_A_WEEK:
        raise Refused("joining.too_often")


@router.dialog("ask", questions=3, open=True)
def ask_in(turn: Turn, ask: Ask, /) -> Said:
    """Unit, name and number, then one message to whoever leads it."""
    top = units.top(turn.db)
    if top is None or turn.person is not None:
        raise Refused("joining.here_already")
    unit = pick.unit(turn, ask, "unit", "joining.which_unit", [top])
    name = ask.value("name", "joining.your_name", _read_name)
    where = turn.address
    phone = joining.vouched(turn.db, where.channel, where.chat, turn.now - rules.HOUR_MS) or _phone(turn, ask)
    place = pick.place(turn, unit, [top])
    shown = phone or turn.say.label("joining.no_phone")
    ask.confirm("joining.check", button="chat.buttons.send", unit=place, name=name, phone=shown)
    _check_often(turn)
    if joining.open_of(turn.db, where.channel, where.chat) is not None:
        raise Refused("joining.asked_already")
    turn.db.hold(f"requests {unit.id}")
    if joining.open_in(turn.db, unit.id) >= rules.MOST_OPEN:
        raise Refused("joining.unit_full", unit=unit.name)
    language = turn.say.language
    made = joining.ask(
        turn.db, channel=where.channel, chat=where.chat, unit_id=unit.id, name=name, phone=phone, language=language,
        now=turn.now,
    )  # fmt: skip
    _note(turn, "joining.asked", made.id, unit.id, "", "open")
    lead = _lead(turn, unit)
    if lead is None:
        return Reply(turn.t("joining.sent_nobody", unit=unit.name))
    turn.tell(lead.person.id, to_decide(turn, made, unit))
    return Reply(turn.t("joining.sent", unit=unit.name, who=lead.person.name, days=rules.REQUEST_DAYS))


def _read_name(said: str) -> str:
    name = " ".join(said.split())
    if not 2 <= len(name) <= MOST_NAME or not any(sign.isalpha() for sign in name) or any(c.isdigit() for c in name):
        raise Refused("joining.not_a_name", said=name[:40])
    return name


def _phone(turn: Turn, ask: Ask) -> str:
    def read(said: str) -> str:
        if said == SKIP or vietnamese.fold(said) in ("bo qua", "khong", "skip", "no"):
            return SKIP
        number = codes.read_phone(said)
        if not number:
            raise Refused("joining.not_a_phone", said=said[:20])
        return number

    skip = [Option(SKIP, turn.say.label("joining.buttons.skip"))]
    phone: str = ask.value("phone", "joining.your_phone", read, quick=lambda: skip, numbered=False)
    return "" if phone == SKIP else phone


def _lead(turn: Turn, unit: Unit) -> Member | None:
    """Whoever decides: the unit's head or deputy who can be reached, else of the unit above, else an administrator."""
    above = [unit, *units.above(turn.db, unit)]
    for roles in (rights.LEADS, ("admin",)):
        for one in above:
            for member in roster.team(turn.db, one):
                if member.role in roles and member.reachable:
                    return member
    return None


@router.on(Withdraw, open=True)
def withdraw(turn: Turn, pressed: Withdraw) -> Said:
    """Of one's own chat only."""
    made = joining.get(turn.db, pressed.request)
    where = turn.address
    if made is None or (made.channel, made.chat) != (where.channel, where.chat):
        raise Refused("chat.stale_button")
    if joining.decide(turn.db, made.id, "withdrawn", None, turn.now):
        _note(turn, "joining.withdrawn", made.id, made.unit_id, "open", "withdrawn")
    return [Reply(turn.t("joining.withdrawn"), card="my request"), *ask_code(turn)]


# The lead


def to_decide(turn: Turn, made: Request, unit: Unit) -> View:
    """One message with its buttons; first of all the one of the roster whom it probably is."""
    probably = _probably(turn, made, unit)

    def view(say: Voice) -> Reply:
        phone = made.phone or say.label("team.no_phone")
        asked = say("joining.asks", name=made.name, unit=unit.name, phone=phone)
        note = say("joining.probably", name=probably.name) if probably else ()
        rows = (
            [(Button(say.label("joining.buttons.is_this"), Accept(made.id, probably.id).pack()),)] if probably else []
        )
        accept = "joining.buttons.is_new" if probably else "joining.buttons.accept"
        rows.append((Button(say.label(accept), Accept(made.id, 0).pack()),))
        rows.append((Button(say.label("joining.buttons.refuse"), Refuse(made.id).pack()),))
        return Reply(lines(asked, note), tuple(rows), card=_card(made.id))

    return view


def _probably(turn: Turn, made: Request, unit: Unit) -> Person | None:
    """The one of the unit's roster who has not joined, is called so and has that number, as far as both are known."""
    for member in roster.team(turn.db, unit):
        same_name = vietnamese.fold(member.person.name) == vietnamese.fold(made.name)
        same_phone = member.person.phone == made.phone or not (member.person.phone and made.phone)
        if not member.joined and same_name and same_phone:
            return member.person
    return None


def _card(request_id: int) -> str:
    return f"request:{request_id}"


def _open(turn: Turn, request_id: int) -> tuple[Request, Unit]:
    """A request and its unit, where this person may let people in. Raises Refused."""
    made = joining.get(turn.db, request_id)
    unit = units.get(turn.db, made.unit_id) if made else None
    rights.check_open(turn.posts, "members", unit)
    assert made is not None
    assert unit is not None
    return made, unit


@router.on(Accept)
def accept(turn: Turn, pressed: Accept) -> Said:
    """A person and a member's post, or somebody the roster knows; and the chat is theirs."""
    made, unit = _open(turn, pressed.request)
    where = Address(made.channel, made.chat)
    person = _of_roster(turn, pressed.person, unit) if pressed.person else None
    if not joining.decide(turn.db, made.id, "accepted", turn.me.id, turn.now):
        return Reply(turn.t("joining.decided_already"), card=_card(made.id))
    turn.db.hold(where.line)
    if roster.heard(turn.db, where.channel, where.chat, turn.now) is not None:
        return Reply(turn.t("joining.came_otherwise", name=made.name), card=_card(made.id))
    if person is None:
        person = roster.add(turn.db, name=made.name, phone=made.phone, language=made.language, now=turn.now)
        roster.appoint(turn.db, person.id, unit.id, "member", turn.now)
    label = turn.house.label("audit.state.open")
    turn.note("joining.accepted", audit.person(person.id), before=label, after=unit.name, unit=unit.id)
    greet(turn, where, person, by=turn.me.id)
    return Reply(turn.t("joining.accepted", name=person.name, unit=unit.name), card=_card(made.id))


def _of_roster(turn: Turn, person_id: int, unit: Unit) -> Person:
    """Somebody of this very unit, not joined yet, below whoever says that it is them. Raises Refused."""
    turn.db.hold(f"person {person_id}")
    found = next((m for m in roster.team(turn.db, unit) if m.person.id == person_id), None)
    if found is None or found.joined or not rights.outranks(turn.posts, roster.posts(turn.db, person_id)):
        raise Refused("joining.not_this_one")
    return found.person


@router.on(Refuse)
def refuse(turn: Turn, pressed: Refuse) -> Said:
    """The stranger is told kindly and may ask again after a day."""
    made, unit = _open(turn, pressed.request)
    if not joining.decide(turn.db, made.id, "refused", turn.me.id, turn.now):
        return Reply(turn.t("joining.decided_already"), card=_card(made.id))
    _note(turn, "joining.refused", made.id, unit.id, "open", "refused")
    name = unit.name
    turn.tell_chat(
        Address(made.channel, made.chat), made.language, lambda say: Reply(say("joining.refused", unit=name))
    )
    return Reply(turn.t("joining.you_refused", name=made.name), card=_card(made.id))


def _note(turn: Turn, act: str, request_id: int, unit_id: int, before: str, after: str) -> None:
    was, became = (turn.house.label(f"audit.state.{state}") if state else "" for state in (before, after))
    turn.note(act, f"request {request_id}", before=was, after=became, unit=unit_id)


@router.command("choduyet", about="joining.about_waiting", who=rights.has("members"), rank=76)
def waiting(turn: Turn) -> Said:
    """Who waits at the door of one's units: strangers who ask, and leads to be confirmed."""
    asked = _asked(turn, turn.posts)
    shown = [to_confirm(*one)(turn.say) for one in _claimed(turn, turn.posts)]
    for made in asked[: MOST_SHOWN + 1]:
        unit = units.get(turn.db, made.unit_id)
        if unit is not None:
            shown.append(to_decide(turn, made, unit)(turn.say))
    if not shown:
        return Reply(turn.t("joining.nobody_waits"))
    if len(shown) <= MOST_SHOWN:
        return shown
    more = turn.button("joining.buttons.more", Typed("/choduyet"))
    return [*shown[:MOST_SHOWN], Reply(turn.t("joining.more_wait"), ((more,),), card="more requests")]


def _asked(turn: Turn, posts: Sequence[Post]) -> list[Request]:
    """The strangers who ask to be let in where these posts look after people."""
    return [one for top in rights.offices(posts, "members") for one in joining.open_under(turn.db, top)]


def _claimed(turn: Turn, posts: Sequence[Post]) -> list[tuple[Claim, Person, list[Post]]]:
    """The leads who wait to be confirmed by whoever holds these posts."""
    found = []
    for claim in (one for top in rights.offices(posts, "members") for one in joining.claims_under(turn.db, top)):
        person, theirs = roster.get(turn.db, claim.person_id), roster.posts(turn.db, claim.person_id)
        if person is not None and rights.outranks(posts, theirs):
            found.append((claim, person, theirs))
    return found


@router.waits(rank=20)
def door(turn: Turn, person_id: int, posts: Sequence[Post]) -> View | None:
    """How many wait at the door."""
    count = len(_asked(turn, posts)) + len(_claimed(turn, posts))

    def view(say: Voice) -> Reply:
        look = Button(say.label("joining.buttons.look"), Typed("/choduyet").pack())
        return Reply(say("joining.wait_for_you", count=count), ((look,),))

    return view if count else None


# The night


@router.daily("03:10")
def expire(turn: Turn) -> None:
    """What nobody decided for two weeks is over; the chat is told in the morning, and may ask anew."""
    for made in joining.open_before(turn.db, turn.now - rules.REQUEST_DAYS * rules.DAY_MS):
        joining.decide(turn.db, made.id, "expired", None, turn.now)
        _note(turn, "joining.expired", made.id, made.unit_id, "open", "expired")
        turn.tell_chat(Address(made.channel, made.chat), made.language, lambda say: Reply(say("joining.expired")))
    for claim in joining.claims_before(turn.db, turn.now - rules.CLAIM_DAYS * rules.DAY_MS):
        joining.drop_claim(turn.db, claim.channel, claim.chat)
        to_confirm, denied = turn.house.label("audit.fact.to_confirm"), turn.house.label("audit.fact.unconfirmed")
        home = people.home(roster.posts(turn.db, claim.person_id))
        turn.note(
            "start.unconfirmed",
            audit.person(claim.person_id),
            before=to_confirm,
            after=denied,
            unit=home.unit.id if home else None,
        )
        chat = chats.get(turn.db, claim.channel, claim.chat)
        language = chat.language if chat else turn.settings.language
        turn.tell_chat(Address(claim.channel, claim.chat), language, lambda say: Reply(say("start.unconfirmed")))
    joining.forget_vouched(turn.db, turn.now - rules.DAY_MS)
    joining.forget_requests(turn.db, turn.now - 30 * rules.DAY_MS)
