"""From a code or a number to a person of the roster: linked at once, or waiting to be confirmed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.chat.action import Action, Typed
from bot.chat.message import Address, Button, Text
from bot.chat.reply import Reply, View
from bot.chat.router import Router, Said
from bot.chat.texts import Voice, lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import codes, people, rights
from bot.rules import joining as rules
from bot.rules.refused import Refused
from storage import audit, consents, drafts, invites, joining, units
from storage import people as roster
from storage.audit import Entry
from storage.invites import Invite
from storage.joining import Claim
from storage.people import Member, Person, Post

CONSENT = "2026-11"  # of the text start.consent; a changed text is a new version, and is asked anew
LIKE_A_CODE = re.compile(r"\s*[A-Za-z2-9]{4}\s*[-–]\s*[A-Za-z2-9]{4}\s*")
MOST_OF_A_NUMBER = 6  # people who share one: more is a mistake of the roster

router = Router("start")


@dataclass(frozen=True, slots=True)
class Me(Action, code="me"):
    """Of those who share the number that was sent, this one."""

    person: int


@dataclass(frozen=True, slots=True)
class Switch(Action, code="sw"):
    """A chat that is somebody's becomes the one's whose code it came with, or stays (`invitation` is "")."""

    invitation: str


@dataclass(frozen=True, slots=True)
class Confirm(Action, code="cf"):
    """Whoever outranks the person says that the chat is theirs, or is not. `at`: which of the person's claims."""

    person: int
    at: int
    yes: int


def consented(turn: Turn) -> bool:
    return consents.given(turn.db, turn.address.channel, turn.address.chat, CONSENT)


def ask_code(turn: Turn, reason: Text = ()) -> list[Reply]:
    """For the code or the number; and the way in without either."""
    has_button = _has_contact(turn) and turn.incoming.contact is None
    number = turn.t("start.code_or_number") if has_button else ()
    asked = Reply(paragraphs(reason or turn.t("start.code_please"), number), contact=True)
    request = turn.button("start.buttons.request", Typed("/xinvao"))
    return [asked, Reply(turn.t("start.no_code"), ((request,),), card="no code")]


def _has_contact(turn: Turn) -> bool:
    return turn.around.abilities(turn.address).buttons


# By code


def by_code(turn: Turn, said: str) -> Said:
    """Somebody sent a code, or came by the link of one."""
    where = turn.address
    hour_ago = turn.now - rules.HOUR_MS
    tried = invites.tries(turn.db, where.channel, where.chat, hour_ago)
    if tried >= rules.TRIES_AN_HOUR:
        return Reply(turn.t("start.too_many_tries"))
    code = codes.read_invitation(said)
    if code is None:
        return ask_code(turn, turn.t("start.not_a_code", said=said[:40]))
    if invites.all_tries(turn.db, hour_ago) >= rules.WRONG_AN_HOUR:
        return Reply(turn.t("start.codes_rest"), contact=turn.person is None)
    found = invites.find(turn.db, code)
    if found is None:
        _count_wrong(turn)
        left = rules.TRIES_AN_HOUR - tried - 1
        return Reply(turn.t("start.wrong_code", left=left) if left else turn.t("start.too_many_tries"))
    person = roster.get(turn.db, found.person_id)
    assert person is not None
    if turn.person is not None and turn.person.id == person.id:
        return Reply(turn.t("start.your_own_code", name=person.name), menu=True)
    over = _over(found, turn.now)
    if over:
        return Reply(turn.t(over))
    return _switch(turn, person, code) if turn.person is not None else _use(turn, person, found, code)


def _count_wrong(turn: Turn) -> None:
    """One more wrong code; the administrators hear of it when it is the last that is taken for a while."""
    where = turn.address
    invites.tried(turn.db, where.channel, where.chat, turn.now)
    if invites.all_tries(turn.db, turn.now - rules.HOUR_MS) < rules.WRONG_AN_HOUR:
        return
    wrong = turn.house.label("audit.fact.wrong_codes", count=rules.WRONG_AN_HOUR)
    top = units.top(turn.db)
    turn.note("start.codes_rest", "invites", after=wrong, unit=top.id if top else None)
    for member in roster.team(turn.db, top) if top else ():
        if member.role == "admin":
            turn.tell(
                member.person.id, lambda say: Reply(say("start.codes_guessed", count=rules.WRONG_AN_HOUR)), urgent=True
            )


def _over(invite: Invite, now: int) -> str:
    """Why a code that once was good is so no more; "" when it is."""
    if invite.used_at is not None:
        return "start.used_code"
    if invite.void_at is not None:
        return "start.void_code"
    return "" if invite.expires_at > now else "start.expired_code"


def _use(turn: Turn, person: Person, invite: Invite, code: str) -> Said:
    if not invites.take(turn.db, code, turn.now):
        return Reply(turn.t("start.used_code"))
    return _enter(turn, person, trusted=invite.trusted or _number_of(turn) == person.phone != "")


def _switch(turn: Turn, other: Person, code: str) -> Said:
    """Nothing changes before this is answered."""
    keep = turn.button("start.buttons.keep", Switch(""))
    change = turn.button("start.buttons.switch", Switch(code))
    return Reply(turn.t("start.switch_sure", me=turn.me.name, other=other.name), ((change,), (keep,)), card="switch")


@router.on(Switch)
def switch(turn: Turn, pressed: Switch) -> Said:
    """The chat becomes another person's, or stays."""
    if not pressed.invitation:
        return Reply(turn.t("start.kept_as", name=turn.me.name), card="switch")
    code = codes.read_invitation(pressed.invitation)
    found = invites.find(turn.db, code) if code else None
    person = roster.get(turn.db, found.person_id) if found else None
    if code is None or found is None or person is None:
        raise Refused("chat.stale_button")
    over = _over(found, turn.now)
    return Reply(turn.t(over), card="switch") if over else _use(turn, person, found, code)


@router.said(rank=20)
def typed_code(turn: Turn) -> Said:
    """A code typed by somebody whose chat is linked already: as on channels without links."""
    said = turn.incoming.text
    return by_code(turn, said) if len(said) <= codes.MOST_SIGNS and LIKE_A_CODE.fullmatch(said) else None


# By number


def by_number(turn: Turn) -> Said:
    """The channel's contact: matched to the roster's number."""
    contact = turn.incoming.contact
    assert contact is not None
    if not contact.own:
        return ask_code(turn, turn.t("start.not_your_number"))
    number = codes.read_phone(contact.phone)
    where = turn.address
    if number:
        joining.vouch(turn.db, where.channel, where.chat, number, turn.now)
    claim = joining.claim_of(turn.db, where.channel, where.chat)
    if claim is not None:
        return _prove(turn, claim, number)
    found = _numbered(turn, number)
    if not found:
        return ask_code(turn, turn.t("start.unknown_number"))
    if len(found) > 1:
        return _which(turn, found)
    return _enter(turn, found[0], trusted=True)


def _numbered(turn: Turn, number: str) -> list[Person]:
    """Those of the roster with this number who hold a post."""
    found = roster.with_phone(turn.db, number) if number else []
    return [person for person in found if roster.posts(turn.db, person.id)]


def _number_of(turn: Turn) -> str:
    """The chat's own number, when it was sent within the hour."""
    where = turn.address
    return joining.vouched(turn.db, where.channel, where.chat, turn.now - rules.HOUR_MS)


def _which(turn: Turn, found: list[Person]) -> Reply:
    """A family shares one telephone: it says which of them has it in hand."""
    rows = tuple((Button(_short(person.name), Me(person.id).pack()),) for person in found[:MOST_OF_A_NUMBER])
    return Reply(turn.t("start.which_of_you", count=len(found)), rows, card="which of you")


def _short(name: str) -> str:
    """As much of a name as a button shows; the given name stands last in Vietnamese."""
    return name if len(name) <= 24 else f"…{name[-23:]}"


@router.on(Me, open=True)
def me(turn: Turn, pressed: Me) -> Said:
    """One of those who share the number that the channel vouched for."""
    if turn.person is not None:
        raise Refused("chat.stale_button")
    number = _number_of(turn)
    person = next((one for one in _numbered(turn, number) if one.id == pressed.person), None)
    if person is None:
        return ask_code(turn, turn.t("start.number_again"))
    return _enter(turn, person, trusted=False)


# In


def _enter(turn: Turn, person: Person, *, trusted: bool) -> Said:
    """Linked, or where the code or a shared number alone is not enough: waiting."""
    turn.db.hold(f"person {person.id}")
    posts = roster.posts(turn.db, person.id)
    if not posts:
        raise Refused("reports.no_team")
    if rules.needs_proof(posts) and not trusted:
        return _wait(turn, person, posts)
    return _link(turn, person)


def learn(turn: Turn, person: Person, language: str) -> Person:
    """The person is spoken to in this language."""
    roster.speak(turn.db, person.id, language)
    if language != person.language:
        was, now = (turn.house.label(f"mydata.language.{one}") for one in (person.language, language))
        turn.note("start.language", audit.person(person.id), before=was, after=now)
    return replace(person, language=language)


def _link(turn: Turn, person: Person) -> Said:
    if turn.person is None and turn.say.language != turn.settings.language:  # chosen here with /english
        person = learn(turn, person, turn.say.language)
    drafts.park(turn.db, turn.address.channel, turn.address.chat)
    lost = lost_phone(turn, person)
    _link_to(turn, turn.address, person, by=person.id)
    turn.become(person)
    turn.use_commands()
    hello = _hello(turn, person, turn.posts, lost)(turn.say)
    waits = waiting(turn, person, turn.posts)
    return [replace(hello, menu=True), *([waits(turn.say)] if waits else []), _try_it(turn.say)]


def _try_it(say: Voice) -> Reply:
    """Whoever comes in may practise first."""
    practise = Button(say.label("start.buttons.practise"), Typed("/tapsu").pack())
    return Reply(say("start.try_it"), ((practise,),), card="try it")


def greet(turn: Turn, where: Address, person: Person, *, by: int) -> None:
    """Somebody is let in by another: the chat is theirs, and hears so."""
    lost = lost_phone(turn, person)
    _link_to(turn, where, person, by=by)
    posts = roster.posts(turn.db, person.id)
    turn.greet(person, where, _hello(turn, person, posts, lost))
    waits = waiting(turn, person, posts)
    if waits is not None:
        turn.tell(person.id, waits)
    turn.tell(person.id, _try_it)


def _link_to(turn: Turn, where: Address, person: Person, *, by: int) -> None:
    """The chat is this person's from now on; whatever it was waiting for is over. `by`: who let it in."""
    was = roster.heard(turn.db, where.channel, where.chat, turn.now)
    if was is not None and was.id != person.id:
        _note(turn, by, "start.switched", was.id, where, "audit.fact.unlinked_chat", before="audit.fact.linked")
    joining.withdraw(turn.db, where.channel, where.chat, turn.now)
    roster.link(turn.db, where.channel, where.chat, person.id, turn.now)
    consents.belongs(turn.db, where.channel, where.chat, person.id)
    _note(turn, by, "start.linked", person.id, where, "audit.fact.linked")


def _note(turn: Turn, by: int | None, act: str, whose: int, where: Address, after: str, *, before: str = "") -> None:
    """Leave a trace of what became of a chat; `by`: who let it in, None for the chat itself."""
    was, became = (turn.house.label(key) if key else "" for key in (before, after))
    home = people.home(roster.posts(turn.db, whose))
    audit.note(
        turn.db,
        by,
        act,
        audit.person(whose),
        "",
        turn.now,
        before=was,
        after=became,
        channel=where.channel,
        unit_id=home.unit.id if home else None,
    )


def _hello(turn: Turn, person: Person, posts: list[Post], lost: Entry | None) -> View:
    """What somebody hears who has just come in; and what became of the telephone they `lost`."""
    post = people.home(posts)
    if post is None:
        raise Refused("reports.no_team")

    def view(say: Voice) -> Reply:
        key = "start.linked" if people.is_member(posts) else "start.linked_admin"
        role = say.label(f"start.role.{post.role}")
        hello = say(key, name=person.name, role=role, unit=post.unit.name)
        return Reply(paragraphs(hello, _old_phone(turn, say, lost) if lost else ()))

    return view


def lost_phone(turn: Turn, person: Person) -> Entry | None:
    """Who unlinked their telephone as lost, and when, if they have not come in since."""
    came = ("members.lost_phone", "start.linked")
    entries = [one for one in audit.of(turn.db, audit.person(person.id)) if one.act in came]
    return entries[-1] if entries and entries[-1].act == "members.lost_phone" else None


def _old_phone(turn: Turn, say: Voice, lost: Entry) -> Text:
    by = roster.get(turn.db, lost.person_id or 0)
    name, phone = (by.name, by.phone) if by else ("?", "")
    return say("start.old_phone", at=turn.when(lost.at), name=name, phone=phone or say.label("team.no_phone"))


def waiting(turn: Turn, person: Person, posts: list[Post]) -> View | None:
    """Everything that waits for somebody, of each feature a line with its buttons; None: nothing does."""
    asked = [waits(turn, person.id, posts) for waits in turn.around.routes.waiting]
    found = [one for one in asked if one is not None]

    def view(say: Voice) -> Reply:
        shown = [one(say) for one in found]
        rows = tuple(row for one in shown for row in one.buttons)
        return Reply(lines(say("start.waits_for_you"), *(one.text for one in shown)), rows, card="waits")

    return view if found else None


# Waiting to be confirmed


def _wait(turn: Turn, person: Person, posts: list[Post]) -> Reply:
    where = turn.address
    who = confirmer(turn, person, posts)
    earlier = joining.claim_of(turn.db, where.channel, where.chat)
    if earlier is not None and earlier.person_id == person.id:  # asked for already: once is enough
        return _waiting(turn, person, posts, who)
    joining.claim(turn.db, where.channel, where.chat, person.id, turn.now)
    _note(turn, None, "start.claimed", person.id, where, "audit.fact.to_confirm")
    claim = Claim(where.channel, where.chat, person.id, turn.now)
    if who is not None:
        turn.tell(who.person.id, to_confirm(claim, person, posts))
    return _waiting(turn, person, posts, who)


def still_waiting(turn: Turn) -> list[Reply] | None:
    """What is missing, for a chat that waits to be confirmed or let in; None for any other."""
    where = turn.address
    claim = joining.claim_of(turn.db, where.channel, where.chat) if turn.person is None else None
    person = roster.get(turn.db, claim.person_id) if claim else None
    posts = roster.posts(turn.db, person.id) if person else []
    if person is not None and posts:
        return [_waiting(turn, person, posts, confirmer(turn, person, posts))]
    request = joining.open_of(turn.db, where.channel, where.chat) if turn.person is None else None
    unit = units.get(turn.db, request.unit_id) if request else None
    return [Reply(turn.t("joining.still_open", unit=unit.name), contact=True)] if unit else None


def _waiting(turn: Turn, person: Person, posts: list[Post], who: Member | None) -> Reply:
    post = posts[0]
    role = turn.say.label(f"start.role.{post.role}")
    parts = [turn.t("start.waits", name=person.name, role=role, unit=post.unit.name)]
    if _has_contact(turn) and person.phone:
        parts.append(turn.t("start.waits_number"))
    if who is not None:
        parts.append(turn.t("start.waits_person", who=who.person.name, unit=who.unit.name))
    else:
        parts.append(turn.t("start.waits_nobody"))
    return Reply(paragraphs(*parts), contact=True)


def confirmer(turn: Turn, person: Person, posts: list[Post]) -> Member | None:
    """The nearest who outranks this person and can be reached: the lead of their own unit, else one above."""
    for unit in [posts[0].unit, *units.above(turn.db, posts[0].unit)]:
        for member in roster.team(turn.db, unit):
            if member.reachable and rights.outranks(roster.posts(turn.db, member.person.id), posts):
                return member
    return None


def claim_card(claim: Claim) -> str:
    return f"claim:{claim.person_id}:{claim.at}"


def to_confirm(claim: Claim, person: Person, posts: list[Post]) -> View:
    """One message with two buttons, for whoever may say yes."""

    def view(say: Voice) -> Reply:
        role = say.label(f"start.role.{posts[0].role}")
        phone = person.phone or say.label("team.no_phone")
        text = say("start.confirm_please", name=person.name, role=role, unit=posts[0].unit.name, phone=phone)
        yes = Button(say.label("start.buttons.is_them"), Confirm(person.id, claim.at, 1).pack())
        no = Button(say.label("start.buttons.not_them"), Confirm(person.id, claim.at, 0).pack())
        return Reply(text, ((yes, no),), card=claim_card(claim))

    return view


def _prove(turn: Turn, claim: Claim, number: str) -> Said:
    """Who waits sends their own number: it opens the rest when it is the roster's."""
    person = roster.get(turn.db, claim.person_id)
    posts = roster.posts(turn.db, claim.person_id)
    if person is None or not posts:
        joining.drop_claim(turn.db, claim.channel, claim.chat)
        raise Refused("reports.no_team")
    if person.phone and number == person.phone:
        return _enter(turn, person, trusted=True)
    waiting = _waiting(turn, person, posts, confirmer(turn, person, posts))
    return replace(waiting, text=paragraphs(turn.t("start.other_number"), waiting.text))


@router.on(Confirm)
def confirm(turn: Turn, pressed: Confirm) -> Said:
    """Somebody who outranks the person says yes or no; the chat hears of it."""
    turn.db.hold(f"person {pressed.person}")
    person = roster.get(turn.db, pressed.person)
    posts = roster.posts(turn.db, pressed.person)
    if person is None or not rights.outranks(turn.posts, posts):
        raise Refused("chat.not_for_you")
    claims = joining.claims_for(turn.db, person.id)
    claim = next((claim for claim in claims if claim.at == pressed.at), None)
    card = claim_card(Claim("", "", person.id, pressed.at))
    if claim is None or not joining.drop_claim(turn.db, claim.channel, claim.chat):
        return Reply(turn.t("start.confirmed_already", name=person.name), card=card)
    where = Address(claim.channel, claim.chat)
    if not pressed.yes:
        _note(turn, turn.me.id, "start.denied", person.id, where, "audit.fact.denied", before="audit.fact.to_confirm")
        turn.tell_chat(where, _language_of(turn, where), lambda say: Reply(say("start.denied")))
        return Reply(turn.t("start.you_denied", name=person.name), card=card)
    greet(turn, where, person, by=turn.me.id)
    return Reply(turn.t("start.you_confirmed", name=person.name), card=card)


def _language_of(turn: Turn, where: Address) -> str:
    chat = turn.post.chat(where)
    return chat.language if chat else turn.settings.language
