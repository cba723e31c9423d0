"""The first words with a stranger: who this is, consent, then the code or number that says who they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.action import Action, unpack
from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import codes, people
from bot.rules.refused import Refused
from storage import audit, chats, consents, drafts, invites, outbox, tasks
from storage import people as roster
from storage.people import Person

CONSENT = "2026-11"  # of the text start.consent; a changed text is a new version, and is asked anew
TRIES_AN_HOUR = 5
HOUR_MS = 3_600_000

router = Router("start")


@dataclass(frozen=True, slots=True)
class Consent(Action, code="co"):
    """Agree or decline; `start` is the code of the deep link they came by."""

    agree: int
    start: str


@dataclass(frozen=True, slots=True)
class Stop(Action, code="st"):
    really: int


@router.hook("welcome")
def welcome(turn: Turn) -> Said:
    """A stranger said something: a code, a number, or anything at all."""
    if not _consented(turn):
        return _ask_consent(turn, codes.read_invitation(turn.incoming.text) or _came_by(turn))
    if turn.incoming.contact is not None:
        return _by_number(turn)
    said = turn.incoming.text.strip()
    return _by_code(turn, said) if said and not said.startswith("/") else _ask_code(turn)


@router.hook("start")
def start(turn: Turn, payload: str) -> Said:
    """/start, perhaps with the code of an invitation link."""
    code = codes.read_invitation(payload) or ""
    if turn.person is not None and not code:
        return [_here_already(turn)]
    if not _consented(turn):
        return _ask_consent(turn, code)
    return _by_code(turn, code) if code else _ask_code(turn)


@router.command("batdau", open=True)
def begin(turn: Turn) -> Said:
    """The same as /start, in Vietnamese."""
    return start(turn, "")


@router.on(Consent, open=True)
def consent(turn: Turn, pressed: Consent) -> Said:
    """Nothing is kept before this, and there is no default."""
    if not pressed.agree:
        return Reply(turn.t("start.declined"), card="consent")
    if not _consented(turn):
        consents.give(turn.db, turn.address.channel, turn.address.chat, CONSENT, turn.now)
        turn.note("start.agreed", "consent", after=CONSENT)
    return _by_code(turn, pressed.start) if pressed.start else _ask_code(turn)


@router.command("dung", about="start.about_stop", rank=98)
def stop(turn: Turn) -> Said:
    """Withdraw the consent, after one question."""
    yes = turn.button("start.buttons.stop", Stop(1))
    no = turn.button("start.buttons.go_on", Stop(0))
    return Reply(turn.t("start.stop_sure"), ((yes, no),), card="stop")


@router.on(Stop)
def stopped(turn: Turn, pressed: Stop) -> Said:
    if not pressed.really:
        return Reply(turn.t("start.kept_going"), card="stop")
    reply = Reply(turn.t("start.stopped"), card="stop")
    where = turn.address
    linked, gone = turn.house.label("audit.fact.linked"), turn.house.label("audit.fact.unlinked")
    turn.note("start.stopped", audit.person(turn.me.id), before=linked, after=gone)
    consents.withdraw(turn.db, where.channel, where.chat, turn.now)
    drafts.forget(turn.db, where.channel, where.chat)
    outbox.hush(turn.db, where.channel, where.chat, turn.now)
    turn.become(None)
    turn.use_commands()
    return reply


@router.command("tiengviet", about="start.about_vietnamese", open=True, rank=95)
def vietnamese(turn: Turn) -> Said:
    return _speak(turn, "vi")


@router.command("english", about="start.about_english", open=True, rank=96)
def english(turn: Turn) -> Said:
    return _speak(turn, "en")


def _speak(turn: Turn, language: str) -> Said:
    """From now on in this language: every word, the menu and the list of commands. A stranger hears who this is."""
    chat = turn.chat or chats.Chat(language, ())
    turn.post.remember(turn.address, replace(chat, language=language))
    turn.say = replace(turn.say, language=language)
    turn.use_commands()
    if turn.person is None:
        return [Reply(turn.t("start.speaks")), _ask_code(turn) if _consented(turn) else _ask_consent(turn, "")]
    turn.person = _learn(turn, turn.person, language)
    return Reply(turn.t("start.speaks"), menu=True)


def _learn(turn: Turn, person: Person, language: str) -> Person:
    """The person is spoken to in this language."""
    roster.speak(turn.db, person.id, language)
    if language != person.language:
        turn.note("start.language", audit.person(person.id), before=person.language, after=language)
    return replace(person, language=language)


def _consented(turn: Turn) -> bool:
    return consents.given(turn.db, turn.address.channel, turn.address.chat, CONSENT)


def _came_by(turn: Turn) -> str:
    """The code of the link a stranger came by, still on the button that waits for their answer."""
    for choice in turn.chat.choices if turn.chat else ():
        asked = unpack(choice.action)
        if isinstance(asked, Consent):
            return asked.start
    return ""


def _ask_consent(turn: Turn, code: str) -> Reply:
    agree = turn.button("start.buttons.agree", Consent(1, code))
    decline = turn.button("start.buttons.decline", Consent(0, code))
    hello = turn.t("start.hello", team=turn.settings.team)
    return Reply(paragraphs(hello, turn.t("start.consent")), ((agree, decline),), card="consent")


def _ask_code(turn: Turn, reason: Text = ()) -> Reply:
    has_button = turn.around.abilities(turn.address).buttons and turn.incoming.contact is None
    number = turn.t("start.code_or_number") if has_button else ()
    return Reply(paragraphs(reason or turn.t("start.code_please"), number), contact=True)


def _here_already(turn: Turn) -> Reply:
    post = people.home(turn.posts)
    key = "start.welcome_back" if people.is_member(turn.posts) else "start.welcome_back_admin"
    hello = turn.t(key, name=turn.me.name, unit=post.unit.name if post else "")
    waiting = [duty for duty in tasks.open_duties(turn.db, turn.me.id) if duty.assignment.state != "reported"]
    return Reply(lines(hello, turn.t("start.waiting", count=len(waiting)) if waiting else ()), menu=True)


def _by_code(turn: Turn, said: str) -> Said:
    where = turn.address
    tried = invites.tries(turn.db, where.channel, where.chat, turn.now - HOUR_MS)
    if tried >= TRIES_AN_HOUR:
        return Reply(turn.t("start.too_many_tries"))
    code = codes.read_invitation(said)
    if code is None:
        return _ask_code(turn, turn.t("start.not_a_code", said=said[:40]))
    person_id = invites.take(turn.db, code, turn.now)
    if person_id is None:
        invites.tried(turn.db, where.channel, where.chat, turn.now)
        left = TRIES_AN_HOUR - tried - 1
        return Reply(turn.t("start.wrong_code", left=left) if left else turn.t("start.too_many_tries"))
    person = roster.get(turn.db, person_id)
    assert person is not None
    return _link(turn, person)


def _by_number(turn: Turn) -> Said:
    contact = turn.incoming.contact
    assert contact is not None
    if not contact.own:
        return _ask_code(turn, turn.t("start.not_your_number"))
    number = codes.read_phone(contact.phone)
    found = roster.with_phone(turn.db, number) if number else []
    if len(found) != 1:
        return _ask_code(turn, turn.t("start.shared_number" if found else "start.unknown_number"))
    return _link(turn, found[0])


def _link(turn: Turn, person: Person) -> Said:
    where = turn.address
    if turn.person is None and turn.say.language != turn.settings.language:  # chosen here with /english
        person = _learn(turn, person, turn.say.language)
    roster.link(turn.db, where.channel, where.chat, person.id, turn.now)
    consents.belongs(turn.db, where.channel, where.chat, person.id)
    drafts.park(turn.db, where.channel, where.chat)
    turn.become(person)
    turn.note("start.linked", audit.person(person.id), after=turn.house.label("audit.fact.linked"))
    post = people.home(turn.posts)
    if post is None:
        raise Refused("reports.no_team")
    turn.use_commands()
    role = turn.say.label(f"start.role.{post.role}")
    return Reply(
        turn.t(
            "start.linked" if people.is_member(turn.posts) else "start.linked_admin",
            name=person.name,
            role=role,
            unit=post.unit.name,
        ),
        menu=True,
    )
