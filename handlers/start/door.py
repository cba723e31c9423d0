"""The first words with a stranger: who this is, and consent; and the way out."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.chat.action import Action, Typed, unpack
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import paragraphs
from bot.chat.turn import Turn
from bot.rules import codes, people
from handlers.start.entering import CONSENT, ask_code, by_code, by_number, consented, learn, still_waiting, waiting
from storage import audit, chats, consents, drafts, joining, outbox
from storage.people import Person

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
    code = codes.read_invitation(turn.incoming.text) or ""
    if turn.former is not None and turn.incoming.contact is None and not code:
        return _left(turn, turn.former)
    if not consented(turn):
        return _ask_consent(turn, code or _came_by(turn))
    if turn.incoming.contact is not None:
        return by_number(turn)
    said = turn.incoming.text.strip()
    if codes.read_invitation(said) is None and (waiting := still_waiting(turn)) is not None:
        return waiting
    return by_code(turn, said) if said and not said.startswith("/") else ask_code(turn)


@router.hook("start")
def start(turn: Turn, payload: str) -> Said:
    """/start, perhaps with the code of an invitation link."""
    code = codes.read_invitation(payload) or ""
    if turn.person is not None and not code:
        return _here_already(turn)
    if turn.former is not None and not code:
        return _left(turn, turn.former)
    if not consented(turn):
        return _ask_consent(turn, code)
    if code:
        return by_code(turn, code)
    return still_waiting(turn) or ask_code(turn)


def _left(turn: Turn, person: Person) -> Said:
    """Who left: what they may still do here, and how to come back."""
    if (waiting := still_waiting(turn)) is not None:
        return waiting
    own = turn.button("start.buttons.my_data", Typed("/dulieu"))
    request = turn.button("start.buttons.request", Typed("/xinvao"))
    return Reply(turn.t("start.you_left", name=person.name), ((own,), (request,)), card="left")


@router.command("batdau", open=True)
def begin(turn: Turn) -> Said:
    """The same as /start, in Vietnamese."""
    return start(turn, "")


@router.on(Consent, open=True)
def consent(turn: Turn, pressed: Consent) -> Said:
    """Nothing is kept before this, and there is no default."""
    if not pressed.agree:
        return Reply(turn.t("start.declined"), card="consent")
    if not consented(turn):
        consents.give(turn.db, turn.address.channel, turn.address.chat, CONSENT, turn.now)
        turn.note("start.agreed", "consent", after=CONSENT)
    return by_code(turn, pressed.start) if pressed.start else still_waiting(turn) or ask_code(turn)


@router.command("dung", about="start.about_stop", open=True, rank=98)
def stop(turn: Turn) -> Said:
    """Withdraw the consent, after one question."""
    if turn.person is None and turn.former is None and not consented(turn):
        return Reply(turn.t("start.nothing_kept"))
    yes = turn.button("start.buttons.stop", Stop(1))
    no = turn.button("start.buttons.go_on", Stop(0))
    return Reply(turn.t("start.stop_sure"), ((yes, no),), card="stop")


@router.on(Stop, open=True)
def stopped(turn: Turn, pressed: Stop) -> Said:
    if not pressed.really:
        return Reply(turn.t("start.kept_going"), card="stop")
    if turn.former is not None:
        turn.become(turn.former)
    reply = Reply(turn.t("start.stopped" if turn.person else "start.stopped_waiting"), card="stop")
    where = turn.address
    if turn.person is not None:
        linked, gone = turn.house.label("audit.fact.linked"), turn.house.label("audit.fact.unlinked")
        turn.note("start.stopped", audit.person(turn.me.id), before=linked, after=gone)
    joining.withdraw(turn.db, where.channel, where.chat, turn.now)
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
        asked = (still_waiting(turn) or ask_code(turn)) if consented(turn) else [_ask_consent(turn, "")]
        return [Reply(turn.t("start.speaks")), *asked]
    turn.person = learn(turn, turn.person, language)
    return Reply(turn.t("start.speaks"), menu=True)


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


def _here_already(turn: Turn) -> list[Reply]:
    post = people.home(turn.posts)
    key = "start.welcome_back" if people.is_member(turn.posts) else "start.welcome_back_admin"
    hello = turn.t(key, name=turn.me.name, unit=post.unit.name if post else "")
    waits = waiting(turn, turn.me, turn.posts)
    return [Reply(hello, menu=True), *([waits(turn.say)] if waits else [])]
