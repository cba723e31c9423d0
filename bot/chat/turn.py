"""One thing a person did, and everything that follows from it, as one function in one transaction."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from functools import cached_property
from traceback import format_tb
from typing import Any, Literal
from zoneinfo import ZoneInfo

from bot.chat import albums, answers, door, plainly
from bot.chat.action import Action, Stale, Typed, unpack
from bot.chat.message import KEPT, Abilities, Address, Button, File, Heard, Incoming, Message, Text, in_rows
from bot.chat.post import Post
from bot.chat.reply import Kind, Reply, View
from bot.chat.router import Command, Done, Handler, Routes, Said, Who
from bot.chat.texts import Texts, Voice
from bot.rules.calendar import WorkingDays, after_quiet, is_quiet
from bot.rules.health import Facts, Process
from bot.rules.keeping import Keep
from bot.rules.refused import Real, Refused
from bot.rules.sensitive import Sensitive
from bot.rules.units import Levels
from storage import audit, chats, drafts, errands, files, outbox, people, practice
from storage.chats import Chat
from storage.db import Db
from storage.drafts import Draft
from storage.files import StoredFile
from storage.outbox import Letter
from storage.people import Person
from storage.practice import Practice

log = logging.getLogger("apso.turn")

DRAFT_LIVES_MS = 24 * 3600 * 1000
CLOCK = "clock"  # where from, of what nobody did
MOST_TYPED = 50  # bytes of words that a button carries inside another
MADE = "made"  # the "channel" of files that no channel keeps: the database does


@dataclass(frozen=True, slots=True)
class Settings:
    """What handlers may know of the configuration. `link` makes the deep link of a code ("" where there is none)."""

    zone: ZoneInfo
    language: str = "vi"
    team: str = "Tổ công nghệ số cộng đồng"
    quiet: tuple[time, time] = (time(21), time(6, 30))
    undo_minutes: int = 10
    invite_days: int = 30
    levels: Levels = field(default_factory=Levels)  # of units, from the top down
    link: Callable[[str], str] = lambda code: ""
    keep: Keep = field(default_factory=Keep)
    working_days: WorkingDays = field(default_factory=WorkingDays)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every turn of a process shares. `epoch()`: of this process's sender, 0 when it has none; `fresh_card`: the
    card of a message it sent so lately that the database does not know yet; `facts`: of the bot's own health."""

    texts: Texts
    routes: Routes
    settings: Settings
    abilities: Callable[[Address], Abilities]
    epoch: Callable[[], int] = lambda: 0
    fresh_card: Callable[[Address, str], str] = lambda address, message_id: ""
    facts: Callable[[Db, int], Facts] = lambda db, now: Facts(now, Process(now))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a committed turn leaves to do: letters to put on the wire, a nudge for the sender, or (`ordered`) for
    whoever does errands and fetches photos, a line in the log."""

    heard: Heard
    feature: str = ""
    result: str = "ok"
    handed: Sequence[tuple[Letter, Message]] = ()
    queued: bool = False
    ordered: bool = False


@dataclass
class Turn:
    """What a handler sees. It reads and writes through storage functions with `db`, and returns what it wants said.

    `slot`: of a turn of the clock, when it should have rung; `now` is later if the program was down. `through`: the
    channel on which somebody ordered what is finished now.

    `practice`: the person only tries things out. Then nobody else hears of what is done and no trace is left of it;
    `done`: what it was, in a word each, for whoever teaches.
    """

    db: Db
    now: int
    around: Surroundings
    incoming: Incoming
    post: Post
    person: Person | None = None
    feature: str = ""
    slot: int = 0
    through: str = ""
    ordered: bool = False
    practice: Practice | None = None
    done: list[str] = field(default_factory=list)
    _pressed_card: str = ""
    _pressed: bool = False  # or its number or words were typed
    _meant: str = ""

    @property
    def settings(self) -> Settings:
        return self.around.settings

    @property
    def address(self) -> Address:
        return self.incoming.address

    @property
    def chat(self) -> Chat | None:
        return self.post.chat(self.address)

    @cached_property
    def posts(self) -> list[people.Post]:
        return people.posts(self.db, self.person.id) if self.person else []

    @property
    def me(self) -> Person:
        """The person whose chat this is; only for handlers that strangers cannot reach."""
        assert self.person is not None
        return self.person

    @cached_property
    def former(self) -> Person | None:
        """Of a stranger's chat: whose it was until they left."""
        return people.former(self.db, self.address.channel, self.address.chat) if self.person is None else None

    def admits(self, left: bool) -> bool:
        """Whether this is for who `left`, and they are the ones who ask; then it is their turn."""
        if not left or self.former is None:
            return False
        self.become(self.former)
        return True

    @cached_property
    def say(self) -> Voice:
        """The catalogue in the language of this chat."""
        if self.person is not None:
            return self._voice(self.person, self.address)
        language = self.chat.language if self.chat else self.settings.language
        return Voice(self.around.texts, language, self.around.abilities(self.address).buttons)

    def _voice(self, hearer: Person, to: Address) -> Voice:
        return Voice(self.around.texts, hearer.language, self.around.abilities(to).buttons)

    def become(self, person: Person | None) -> None:
        """From here on the chat is this person's (None: a stranger's)."""
        self.person = person
        for known in ("posts", "say") if person else ("posts", "say", "former"):
            self.__dict__.pop(known, None)

    def t(self, key: str, /, **values: Any) -> Text:
        return self.say(key, **values)

    @cached_property
    def house(self) -> Voice:
        """The catalogue in the language of the house: what is kept in words is kept in it."""
        return Voice(self.around.texts, self.settings.language)

    def did(self, what: str) -> None:
        """Something that is practised was done."""
        self.done.append(what)

    def note(
        self,
        act: str,
        object: str,
        *,
        before: str = "",
        after: str = "",
        detail: str = "",
        unit: int | None = None,
        private: bool = False,
    ) -> None:
        """Leave a trace of a change this person makes here, in words; see `audit.note`."""
        if self.practice is not None:
            return
        audit.note(
            self.db,
            self.person.id if self.person else None,
            act,
            object,
            detail,
            self.now,
            before=before,
            after=after,
            channel=self.address.channel or self.through or CLOCK,
            unit_id=unit,
            private=private,
        )

    def button(self, key: str, action: Action, /, **values: Any) -> Button:
        return Button(self.say.label(key, **values), action.pack())

    @cached_property
    def local(self) -> datetime:
        """Now, on the province's clocks."""
        return self.when(self.now)

    @property
    def today(self) -> date:
        return self.local.date()

    def when(self, at: int) -> datetime:
        """A stored moment on the province's clocks."""
        return datetime.fromtimestamp(at / 1000, UTC).astimezone(self.settings.zone)

    def moment(self, local: datetime) -> int:
        """A local time as it is stored."""
        return int(local.replace(tzinfo=self.settings.zone).timestamp() * 1000)

    def keep_files(self) -> list[int]:
        """Keep the photos and documents that came with this message; returns their ids. Pictures will be fetched."""
        self.ordered = True
        return [
            files.add(
                self.db,
                kind=file.kind,
                channel=file.channel,
                ref=file.ref,
                unique=file.unique,
                name=file.name,
                mime=file.mime,
                size=file.size,
                now=self.now,
                person_id=self.person.id if self.person else None,
                is_picture=file.is_picture,
            )
            for file in self.incoming.files
        ]

    def tell(
        self,
        person_id: int,
        view: View,
        *,
        kind: Kind = Kind.NOTICE,
        not_before: int = 0,
        urgent: bool = False,
        anyway: bool = False,
    ) -> bool:
        """Say something to somebody else, in their language; False when nothing reaches them.

        `urgent`: in the quiet hours too. `anyway`: it answers what they asked, so also when they want to hear no more.
        """
        hearer = people.get(self.db, person_id)
        identity = people.address(self.db, person_id, anyway=anyway) if hearer else None
        if hearer is None or identity is None or self.practice is not None:
            return False
        to = Address(identity.channel, identity.chat)
        voice = self._voice(hearer, to)
        if anyway and people.has_left(self.db, person_id):
            person_id = 0  # an answer in a chat that is nobody's
        not_before = max(not_before, 0 if urgent else self.undisturbed())
        self.post.say(to, voice, view(voice), kind=kind, person_id=person_id or None, not_before=not_before)
        return True

    def voice_of(self, person: Person) -> Voice:
        """The catalogue in somebody's language, for whatever chat they have."""
        return Voice(self.around.texts, person.language)

    def tell_chat(self, to: Address, language: str, view: View) -> None:
        """Say something in the chat of somebody who is no person of the roster (yet)."""
        voice = Voice(self.around.texts, language, self.around.abilities(to).buttons)
        self.post.say(to, voice, view(voice), kind=Kind.NOTICE, not_before=self.undisturbed())

    def greet(self, person: Person, to: Address, view: View) -> None:
        """The first words in a chat that somebody else just linked to this person, with their menu and commands."""
        voice = self._voice(person, to)
        posts = people.posts(self.db, person.id)
        self.post.say(
            to,
            voice,
            view(voice),
            kind=Kind.NOTICE,
            person_id=person.id,
            not_before=self.undisturbed(),
            menu=self._menu(voice, posts),
        )
        self.post.commands(to, self._commands(voice, posts, known=True))

    def broadcast(self, hearers: Sequence[Person], view: View, broadcast_id: int) -> None:
        """Say the same to many, each in their language and once per broadcast."""
        for hearer in hearers:
            identity = people.address(self.db, hearer.id)
            if identity is None:
                continue
            to = Address(identity.channel, identity.chat)
            voice = self._voice(hearer, to)
            self.post.say(
                to,
                voice,
                view(voice),
                kind=Kind.BROADCAST,
                person_id=hearer.id,
                not_before=self.undisturbed(),
                broadcast_id=broadcast_id,
            )

    def order(self, what: str, **params: Any) -> str:
        """Have slow work done ("team.sheet") for this person, after the turn; returns the card that shows how it goes.

        Raises Refused while the same is being done for them already.
        """
        self.db.hold(f"person {self.me.id}")
        if errands.is_ordered(self.db, what, self.me.id):
            raise Refused("chat.errand_waits")
        self.ordered = True
        return errand_card(errands.order(self.db, what, params, self.me.id, self.now))

    def made(self, done: Done, name: str, mime: str) -> File:
        """What an errand made, as a document or (PNG) a picture; with `made_card` as the card of its message."""
        kept = errands.keep(self.db, done.id, made_card(done.id), done.made, self.now)
        return File(
            "photo" if mime == "image/png" else "document", MADE, str(kept), f"made-{kept}", name, mime, len(done.made)
        )

    def undisturbed(self) -> int:
        """When somebody who did not ask may be spoken to next: 0 for now, else the end of the quiet hours."""
        quiet = self.settings.quiet
        return self.moment(after_quiet(self.local, quiet)) if is_quiet(self.local, quiet) else 0

    def refresh(
        self, person_id: int, view: View, *, anew: bool = False, last: bool = False, urgent: bool = False
    ) -> None:
        """Bring a card somebody has up to date, quietly; `anew`: show it even where it is not shown yet.

        `last`: it is final now, so it is shown anew at once. `urgent`: in the quiet hours too; they wait for it.
        """
        hearer = people.get(self.db, person_id)
        identity = people.address(self.db, person_id) if hearer else None
        if hearer is None or identity is None or self.practice is not None:
            return
        if self.person and self.person.id == person_id and view(self.say).card == self._pressed_card:
            return  # the reply to this press shows it already
        to = Address(identity.channel, identity.chat)
        voice = self._voice(hearer, to)
        not_before = 0 if urgent else self.undisturbed()
        self.post.refresh(
            to, voice, view(voice), person_id=person_id, anew=anew or last, last=last, not_before=not_before
        )

    def is_expired(self, draft: Draft) -> bool:
        """A day of silence ends a dialog."""
        return draft.touched_at < self.now - DRAFT_LIVES_MS

    def menu(self) -> tuple[tuple[str, ...], ...] | None:
        """The person's main menu, two labels a row."""
        return self._menu(self.say, self.posts) if self.person is not None and self.former is None else None

    def _menu(self, voice: Voice, posts: Sequence[people.Post]) -> tuple[tuple[str, ...], ...]:
        labels = [voice.label(command.menu) for command in self.around.routes.menu(posts)]
        return in_rows(labels, 2)

    def use_commands(self) -> None:
        """Let the channel list the commands that are this person's."""
        known = self.person is not None and self.former is None
        self.post.commands(self.address, self._commands(self.say, self.posts, known=known))

    def _commands(self, voice: Voice, posts: Sequence[people.Post], *, known: bool) -> tuple[tuple[str, str], ...]:
        found = self.around.routes.of_person(posts, known=known, left=self.former is not None)
        return tuple((c.word, plain_about(voice, c)) for c in found)


def errand_card(errand_id: int) -> str:
    """What shows how an errand goes."""
    return f"errand:{errand_id}"


def made_card(errand_id: int) -> str:
    """What shows the document that an errand made."""
    return f"made:{errand_id}"


def plain_about(say: Voice, command: Command) -> str:
    """One line about a command, without markup."""
    return say.label(command.about)


def run(db: Db, incoming: Incoming, now: int, around: Surroundings) -> Outcome:
    """Take one update in: everything it causes, or nothing. A repeated update does nothing.

    A part of an album only waits, until `ripen` or until its chat goes on. What was said before and is changed now was
    read already, and perhaps sent: that it stands as it was is all that is said.
    """
    brought, incoming = incoming, door.clean(incoming)
    where = incoming.address
    if not chats.see(db, where.channel, incoming.key, now):
        return Outcome(Heard(repeated=True), result="repeated")
    forbidden = door.forbidden(incoming)
    if forbidden is not None:
        return _turn_away(db, incoming, now, around, forbidden)
    if incoming.edited:
        return _instead(db, incoming, now, around, "chat.edited", "edited")
    if incoming.album:
        albums.keep(db, incoming, now)
        return Outcome(Heard(), feature="chat", result="part")
    before = [_hear(db, album, now, around) for album in albums.take(db, where)]
    return _together([*before, _hear(db, incoming, now, around, cut=door.is_cut(brought))])


def ripen(db: Db, where: Address, newest: str, now: int, around: Surroundings) -> Outcome:
    """The albums that wait in a chat become turns, unless a part came after `newest`."""
    if albums.newest(db, where) != newest:
        return Outcome(Heard(), feature="chat", result="part")
    return _together([_hear(db, album, now, around) for album in albums.take(db, where)])


def _together(outcomes: list[Outcome]) -> Outcome:
    if not outcomes:
        return Outcome(Heard(), feature="chat", result="part")
    handed = tuple(letter for outcome in outcomes for letter in outcome.handed)
    return replace(
        outcomes[-1],
        handed=handed,
        queued=any(outcome.queued for outcome in outcomes),
        ordered=any(outcome.ordered for outcome in outcomes),
    )


def _hear(db: Db, incoming: Incoming, now: int, around: Surroundings, *, cut: bool = False) -> Outcome:
    """One turn; `cut`: more was said than is read."""
    where = incoming.address
    post = Post(db, around.abilities, around.epoch(), now)
    turn = Turn(db, now, around, incoming, post, people.heard(db, where.channel, where.chat, now))
    over = _begin_practice(turn)
    result = "ok"
    try:
        with db.undoable():
            replies = list(_replies(_dispatch(turn)))
    except Refused as refused:
        result = f"refused {refused.key}"
        post.undone()
        replies = [_refusal(turn, refused)]
    except Exception as error:
        result = "surprise"
        post.undone()
        replies = [_surprised(turn, error)]
    if turn.practice is not None:
        replies = turn.around.routes.taught(turn, replies)
    replies = [*over, *replies]
    if cut:
        replies.insert(0, Reply(turn.t("chat.cut_off", most=door.MOST_TEXT)))
    toast = _answer(turn, replies)
    return Outcome(Heard(toast=toast), turn.feature, result, tuple(post.handed), post.queued, turn.ordered)


def _begin_practice(turn: Turn) -> list[Reply]:
    """Whether what is done now is practice; one that was silent for too long is over, and whoever practised is told."""
    turn.practice = practice.going_on(turn.db, turn.person.id) if turn.person else None
    if turn.practice is None or turn.now < turn.practice.until:
        return []
    practice.end(turn.db, turn.practice.person_id, turn.now)
    turn.practice = None
    return [Reply(turn.t("practice.over_by_itself"))]


def _refusal(turn: Turn, refused: Refused) -> Reply:
    words = turn.t(refused.key, **refused.values)
    if not isinstance(refused, Real):
        return Reply(words)
    return Reply(words, turn.around.routes.earnest(turn, turn._meant or _as_typed(turn.incoming.text)))


def press(turn: Turn, packed: str) -> list[Reply]:
    """What is said to a press of this button, which stands for another one; what it refuses is undone and said."""
    try:
        with turn.db.undoable():
            return list(_replies(_press(turn, packed)))
    except Refused as refused:
        turn.post.undone()
        return [_refusal(turn, refused)]


def _turn_away(db: Db, incoming: Incoming, now: int, around: Surroundings, what: Sensitive) -> Outcome:
    """Nothing of a message with such a number is kept or read, nor of the album it came in; whoever sent it is told."""
    if incoming.album:
        albums.refuse(db, incoming, now)
    return _instead(db, incoming, now, around, f"chat.forbidden.{what}", "forbidden")


def warn(db: Db, incoming: Incoming, now: int, around: Surroundings) -> Outcome:
    """Instead of the turn: whoever is too fast is told so, and what they said is let go."""
    incoming = door.clean(incoming)
    if not chats.see(db, incoming.address.channel, incoming.key, now):
        return Outcome(Heard(repeated=True), result="repeated")
    return _instead(db, incoming, now, around, "chat.too_fast", "too fast")


def _instead(db: Db, incoming: Incoming, now: int, around: Surroundings, key: str, result: str) -> Outcome:
    """One sentence instead of the turn."""
    where = incoming.address
    post = Post(db, around.abilities, around.epoch(), now)
    turn = Turn(db, now, around, incoming, post, people.heard(db, where.channel, where.chat, now), feature="chat")
    post.answered.add(where)  # the choices shown last can still be typed
    _answer(turn, [Reply(turn.t(key))])
    return Outcome(Heard(), turn.feature, result, tuple(post.handed), post.queued)


def ring(db: Db, job: Callable[[Turn], None], now: int, around: Surroundings) -> Outcome:
    """A turn of the clock: nobody said anything, but things are due."""
    nobody = Incoming(Address("", ""), "", now)
    post = Post(db, around.abilities, 0, now)
    job(Turn(db, now, around, nobody, post))
    return Outcome(Heard(), queued=post.queued)


def _dispatch(turn: Turn) -> Said:
    incoming = turn.incoming
    if incoming.press is not None:
        message_id = incoming.press.message_id
        turn._pressed_card = outbox.shown(
            turn.db, turn.address.channel, turn.address.chat, message_id
        ) or turn.around.fresh_card(turn.address, message_id)
        return _press(turn, incoming.press.action)
    if incoming.start is not None:
        turn.feature = "start"
        _only_in_earnest(turn, Typed(incoming.start or "/batdau").pack() if len(incoming.start) < 40 else "")
        return turn.around.routes.start(turn, incoming.start)
    text = incoming.text.strip()
    if text and not text.startswith("/") and turn.chat is not None:
        action = plainly.meant(turn.chat.choices, text)
        if action is not None:
            return _press(turn, action)
    return _typed(turn, text, in_dialog=True)


def _typed(turn: Turn, text: str, *, in_dialog: bool) -> Said:
    draft = _draft(turn) if in_dialog else None
    if draft is not None and answers.leaves(text):
        return _leave(turn, draft)
    command = _command(turn, text, answering=draft is not None)
    if command is not None:
        return _run_command(turn, command)
    if draft is not None:
        dialog = turn.around.routes.dialogs[draft.dialog]
        turn.feature = dialog.feature
        if turn.person is None and not dialog.open and not turn.admits(dialog.left):
            drafts.drop(turn.db, draft.id)
            return turn.around.routes.welcome(turn)
        return dialog.hear(turn, draft)
    if turn.person is None:
        turn.feature = "start"
        return turn.around.routes.welcome(turn)
    routes = turn.around.routes
    for listener, feature in routes.listeners:
        turn.feature = feature
        if turn.practice is not None and listener not in routes.practised:
            _only_tried(turn, listener)
            continue
        said = listener(turn)
        if said is not None:
            return said
    turn.feature = "help"
    if text:
        _only_in_earnest(turn)
    return routes.lost(turn)


def _only_tried(turn: Turn, listener: Handler) -> None:
    """A listener that cannot be practised is only asked whether it would take the message. Raises Real if so."""
    try:
        with turn.db.undoable():
            if listener(turn) is not None:
                raise Real
    except Refused:
        _only_in_earnest(turn)


def _only_in_earnest(turn: Turn, packed: str = "") -> None:
    """Nothing of this can be practised; the button `packed`, or saying it again, does it in earnest. Raises Real while
    practising."""
    if turn.practice is not None:
        turn._meant = packed
        raise Real


def _as_typed(text: str) -> str:
    """The button that says so, where it is short enough to be one."""
    said = text.strip()
    return Typed(said).pack() if said and len(said.encode()) <= MOST_TYPED else ""


def _press(turn: Turn, packed: str) -> Said:
    from bot.chat import dialog  # the dialog needs the turn

    turn._pressed = True
    try:
        action = unpack(packed)
    except Stale:
        turn.feature = "chat"
        raise Refused("chat.stale_button") from None
    if isinstance(action, dialog.Answer | dialog.Resume):
        return dialog.pressed(turn, action)
    if isinstance(action, Typed):
        turn.incoming = replace(turn.incoming, text=action.words)
        return _typed(turn, action.words, in_dialog=False)
    turn._meant = packed
    handler, open, left, turn.feature = turn.around.routes.actions[type(action)]
    if turn.practice is not None and type(action) not in turn.around.routes.practised:
        raise Real
    if turn.person is None and not open and not turn.admits(left):
        return turn.around.routes.welcome(turn)
    return handler(turn, action)


def _leave(turn: Turn, draft: Draft) -> Said:
    dialog = turn.around.routes.dialogs[draft.dialog]
    turn.feature = dialog.feature
    return dialog.drop(turn, draft)


def _command(turn: Turn, text: str, *, answering: bool) -> Command | None:
    """A command by its stroke or its label in the menu; by its bare word only where no question is asked, for "Tuấn"
    and "đổi" are answers too."""
    routes = turn.around.routes
    if text.startswith("/"):
        return routes.commands.get(text[1:].split()[0].lower() if len(text) > 1 else "")
    if not text or len(text) > 40:
        return None
    said = plainly.word(text)
    return routes.labels.get(said) or (None if answering else routes.words.get(said))


def _run_command(turn: Turn, command: Command) -> Said:
    turn.feature = command.feature
    if turn.person is None and not command.open and not turn.admits(command.left):
        return turn.around.routes.welcome(turn)
    run, who = _practised(turn, command) if turn.practice is not None else (command.run, command.who)
    if turn.person is not None and not who(turn.posts):
        raise Refused("chat.not_for_you")
    left = drafts.active(turn.db, turn.address.channel, turn.address.chat)
    if left is not None:
        drafts.park(turn.db, turn.address.channel, turn.address.chat)
    replies = list(_replies(run(turn)))
    begun = drafts.active(turn.db, turn.address.channel, turn.address.chat)
    parked = drafts.parked(turn.db, turn.address.channel, turn.address.chat)
    waits = left is not None and parked is not None and parked.id == left.id  # the command may have dropped it
    if left is not None and waits and left.is_answered and begun is None:
        from bot.chat.dialog import offer_back

        replies.append(offer_back(turn, left))
    return replies


def _practised(turn: Turn, command: Command) -> tuple[Handler, Who]:
    """What a command does while practising, and for whom. Raises Real, or Refused to whom it is not for."""
    stand_in = turn.around.routes.stand_ins.get(command.word)
    if stand_in is not None:
        return stand_in, command.who
    if command.practice is None and not command.who(turn.posts):
        raise Refused("chat.not_for_you")
    if command.practice is None:
        raise Real(turn.say.label(command.about) if command.about else "")
    return command.run, command.practice


def _draft(turn: Turn) -> Draft | None:
    draft = drafts.active(turn.db, turn.address.channel, turn.address.chat)
    if draft is None:
        return None
    known = draft.dialog in turn.around.routes.dialogs
    if not known or turn.is_expired(draft):
        drafts.drop(turn.db, draft.id)
        return None
    return draft


def _replies(said: Said) -> Iterable[Reply]:
    if said is None:
        return ()
    return (said,) if isinstance(said, Reply) else said


def _surprised(turn: Turn, error: Exception) -> Reply:
    incoming = turn.incoming
    where = incoming.address
    said = incoming.text or (incoming.press.action if incoming.press else "")
    if turn.person is None:
        said = ""  # nothing of a stranger's is kept
    code = chats.surprised(turn.db, where.channel, where.chat, incoming.key, said, turn.now)
    # An exception's own words may quote what the person said: only its kind and place go into the log.
    place = "".join(format_tb(error.__traceback__))
    log.error("%s turn %s/%s failed: %s\n%s", code, where.channel, incoming.key, type(error).__name__, place)
    return Reply(turn.t("chat.surprise", code=code))


def _answer(turn: Turn, replies: list[Reply]) -> str:
    """Say the replies in this chat. The first answer to a press takes the pressed message's place if it may."""
    voice = turn.say
    pressed = turn.incoming.press
    waits = _waits(turn, replies)
    _let_go(turn, [] if waits else replies)
    for reply in replies:
        menu = turn.menu() if reply.menu else None
        edits = bool(pressed and pressed.message_id and reply.card and _takes_place(turn, reply))
        if edits and pressed and turn._pressed_card != reply.card:
            outbox.show(turn.db, turn.address.channel, turn.address.chat, reply.card, pressed.message_id, turn.now)
        if edits:
            turn._pressed_card = ""
        target = pressed.message_id if edits and pressed else None
        if reply.joins and not pressed and turn.person:
            target = turn.post.lately(turn.address, reply.card, turn.person.id)
        if reply.card and (reply.joins or not reply.card.startswith("dialog")):
            turn.post.retire(turn.address, reply.card, target or "")
        turn.post.say(
            turn.address,
            voice,
            reply,
            kind=Kind.REPLY,
            person_id=turn.person.id if turn.person else None,
            edits=target is not None,
            target=target or "",
            menu=menu,
            waits=waits,
        )
    return next((reply.toast for reply in replies if reply.toast), "")


def _waits(turn: Turn, replies: Sequence[Reply]) -> bool:
    """Whether the answer is a card that more may come to, where it could not be edited then. Whoever presses wants to
    see it now, and of practice no word of the instructor's may be lost."""
    gathers = len(replies) == 1 and replies[0].gathers and not turn._pressed and turn.practice is None
    return gathers and not turn.around.abilities(turn.address).edits


def _let_go(turn: Turn, replies: Sequence[Reply]) -> None:
    """What waits until nothing more comes is not said where it is shown now, or its dialog goes on no more."""
    where = turn.address
    if turn.around.abilities(where).edits:
        return
    going = drafts.active(turn.db, where.channel, where.chat)
    for card in outbox.put_off_cards(turn.db, where.channel, where.chat):
        is_over = card.startswith("dialog:") and (going is None or card != dialog_card(going))
        if is_over or any(reply.card == card for reply in replies):
            outbox.let_go(turn.db, where.channel, where.chat, card, turn.now)


def dialog_card(draft: Draft) -> str:
    """What shows the question that is asked."""
    return f"dialog:{draft.id}"


def _takes_place(turn: Turn, reply: Reply) -> bool:
    # A dialog's own message is used up by its answer; a thing's card is replaced only by the same thing.
    return turn._pressed_card != "" and (turn._pressed_card == reply.card or turn._pressed_card.startswith("dialog"))


def shown_files(turn: Turn, stored: Sequence[StoredFile]) -> Reply:
    """Kept files as an answer, and how many are still on their way; that they are gone where they are."""
    if not stored:
        return Reply(turn.t("photos.gone"))
    files = sent_files(stored)
    late = len(stored) - len(files)
    return Reply(turn.t("photos.on_the_way", count=late) if late else (), files=files)


def sent_files(stored: Iterable[StoredFile]) -> tuple[File, ...]:
    """Kept files, to be said again: pictures as photos, and what was sent as a picture but is not cleaned yet not at
    all, for a document still has in it where it was taken."""
    return tuple(_shown(file) for file in stored if file.kind == "photo" or file.state != "waiting")


def _shown(file: StoredFile) -> File:
    if file.hash and file.kind != "photo":
        return File("photo", KEPT, file.hash, file.hash, mime="image/jpeg", kept=file.hash)
    return sent_file(file)


def sent_file(file: StoredFile) -> File:
    """A kept file as it was sent, to be fetched or said again."""
    kind: Literal["photo", "document"] = "photo" if file.kind == "photo" else "document"
    return File(kind, file.channel, file.ref, file.unique, file.name, file.mime, file.size, file.hash)
