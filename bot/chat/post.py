"""Puts what is said into the outbox, in the transaction of the turn that says it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bot.chat import plainly, wire
from bot.chat.message import Abilities, Address, File, Message, Text
from bot.chat.reply import Kind, Reply
from bot.chat.texts import Voice, paragraphs
from storage import chats, drafts, outbox
from storage.chats import Chat, Choice
from storage.db import Db
from storage.outbox import Letter

JOINS_MS = 60 * 1000  # a card is brought up to date where it stands for so long; then it comes anew, to be seen
QUIET_MS = 4 * 1000  # so long is waited for what belongs to a first message, where its card cannot be edited later
MORE_QUIET_MS = 10 * 1000  # and so long once more came: photos follow each other slowly on a poor line
MOST_QUIET_MS = 60 * 1000  # whoever goes on and on sees a card all the same
AGAIN_AFTER_MS = 10 * 60 * 1000  # a channel that cannot edit gets a changed card anew at most this often
MOST_FILES = 10
CAPTION_LIMIT = 1024


@dataclass(slots=True)
class Post:
    """One turn's way to the outbox. `epoch`: the sender of this process, 0 when there is none; what it may say at once
    (`handed`) is born claimed, so that a reply costs no second trip to the store."""

    db: Db
    abilities: Callable[[Address], Abilities]
    epoch: int
    now: int
    handed: list[tuple[Letter, Message]] = field(default_factory=list)
    queued: bool = False
    answered: set[Address] = field(default_factory=set)
    known: dict[Address, Chat | None] = field(default_factory=dict)

    def undone(self) -> None:
        """What was said so far in this turn was rolled back."""
        self.handed.clear()
        self.answered.clear()
        self.known.clear()

    def say(
        self,
        to: Address,
        voice: Voice,
        reply: Reply,
        *,
        kind: Kind,
        person_id: int | None = None,
        edits: bool = False,
        target: str = "",
        not_before: int = 0,
        menu: tuple[tuple[str, ...], ...] | None = None,
        broadcast_id: int | None = None,
        waits: bool = False,
    ) -> None:
        """Say it there. `edits`: in place of the card's earlier showing, `target` being its message when known.
        `waits`: once nothing more comes."""
        abilities = self.abilities(to)
        text = self._with_choices(to, voice, reply, abilities, menu, kind)
        messages = _messages(reply, text, abilities, menu, voice)
        edits = edits and abilities.edits and len(messages) == 1 and not reply.files and menu is None
        if waits and len(messages) == 1:
            self._wait(to, messages[0], reply, person_id)
            return
        if edits and kind is not Kind.REPLY and self._is_shown(to, person_id, reply.card, messages[-1]):
            return
        for message in messages:
            last = message is messages[-1]
            self._put(to, message, kind, person_id, reply.card if last else "", edits, target, not_before, broadcast_id)

    def _wait(self, to: Address, message: Message, reply: Reply, person_id: int | None) -> None:
        """It waits in the outbox, so that it is said even if the program ends, and what comes next takes its place."""
        due = self.now + (MORE_QUIET_MS if reply.joins else QUIET_MS)
        if not outbox.put_off(
            self.db, to.channel, to.chat, reply.card, wire.pack(message), due, MOST_QUIET_MS, self.now
        ):
            self._put(to, message, Kind.REPLY, person_id, reply.card, False, "", due, None)

    def refresh(
        self, to: Address, voice: Voice, reply: Reply, *, person_id: int | None, anew: bool, last: bool, not_before: int
    ) -> None:
        """Show a card as it is now. Where it cannot be edited, or is not shown yet, it comes anew only if `anew`, and
        then not more than once in ten minutes but for its `last` showing, nor before `not_before`. An edit makes no
        sound and does not wait. A card that still waits to be said is said as it is now."""
        self.db.hold(to.line)  # of two who change what it shows, the later shows what both did
        showing = outbox.showing(self.db, to.channel, to.chat, reply.card)
        unsaid = "" if showing else outbox.unsaid(self.db, to.channel, to.chat, reply.card)
        if unsaid == "queued":
            self._show_again(to, voice, reply, 0, person_id)
        elif (showing or unsaid) and self.abilities(to).edits:
            target = showing[0] if showing else ""
            self.say(to, voice, reply, kind=Kind.NOTICE, person_id=person_id, edits=True, target=target)
        elif anew:
            later = showing[1] + AGAIN_AFTER_MS if showing and not last else 0
            self._show_again(to, voice, reply, max(not_before, later), person_id)

    def _show_again(self, to: Address, voice: Voice, reply: Reply, not_before: int, person_id: int | None) -> None:
        """A new showing of a card, taking the place of one that still waits to be sent."""
        text = self._with_choices(to, voice, reply, self.abilities(to), None, Kind.NOTICE)
        shown = Message(text=text, buttons=reply.buttons if self.abilities(to).buttons else ())
        if not self._replaced(to, reply.card, shown):
            self.say(to, voice, reply, kind=Kind.NOTICE, person_id=person_id, not_before=not_before)

    def lately(self, to: Address, card: str, person_id: int) -> str | None:
        """The message by which a card is shown since a moment ago ("": it is on its way); None: there is none, or
        something was said below it, and nobody would see it change."""
        if outbox.newest_card(self.db, person_id, to.channel, to.chat) != card:
            return None
        showing = outbox.showing(self.db, to.channel, to.chat, card)
        if showing is None:
            return ""
        return showing[0] if self.now - showing[1] < JOINS_MS else None

    def retire(self, to: Address, card: str, keep: str) -> None:
        """A card is about to be shown by another message: its earlier one loses its buttons."""
        showing = outbox.showing(self.db, to.channel, to.chat, card)
        if showing and showing[0] != keep and self.abilities(to).edits:
            self._put(to, Message(), Kind.REPLY, None, "", True, showing[0], 0, None)

    def commands(self, to: Address, commands: tuple[tuple[str, str], ...]) -> None:
        """Set the list of commands of a chat."""
        self._put(to, Message(commands=commands), Kind.REPLY, None, "", False, "", 0, None)

    def _replaced(self, to: Address, card: str, message: Message) -> bool:
        return outbox.replace_queued(self.db, to.channel, to.chat, card, wire.pack(message), self.now)

    def _is_shown(self, to: Address, person_id: int | None, card: str, message: Message) -> bool:
        """Whether a letter that waits shows the card so now, or it says so already: nobody changes it to the same."""
        if self._replaced(to, card, message):
            return True
        return outbox.newest_showing(self.db, person_id, to.channel, to.chat, card) == wire.pack(message)

    def _put(
        self,
        to: Address,
        message: Message,
        kind: Kind,
        person_id: int | None,
        card: str,
        edits: bool,
        target: str,
        not_before: int,
        broadcast_id: int | None,
    ) -> None:
        at_once = self.epoch if kind is Kind.REPLY and not not_before else 0
        body = wire.pack(message)
        letter_id = outbox.add(
            self.db,
            lane=kind.lane,
            kind=kind.name,
            channel=to.channel,
            chat=to.chat,
            person_id=person_id,
            body=body,
            card=card,
            edits=edits,
            epoch=at_once,
            not_before=not_before,
            now=self.now,
            broadcast_id=broadcast_id,
        )
        if not at_once:
            self.queued = True
            return
        letter = Letter(
            letter_id,
            kind.lane,
            kind.name,
            to.channel,
            to.chat,
            person_id,
            broadcast_id,
            body,
            card,
            int(edits),
            0,
            at_once,
            target,
        )
        self.handed.append((letter, message))

    def _with_choices(
        self,
        to: Address,
        voice: Voice,
        reply: Reply,
        abilities: Abilities,
        menu: tuple[tuple[str, ...], ...] | None,
        kind: Kind,
    ) -> Text:
        answer = kind is Kind.REPLY
        first = answer and to not in self.answered  # a second answer of the same turn adds its choices
        if answer:
            self.answered.add(to)
        chat = self.chat(to)
        earlier = [] if first or chat is None else list(chat.choices)
        busy = not answer and drafts.active(self.db, to.channel, to.chat) is not None
        if abilities.buttons:
            if answer or (reply.buttons and not busy):
                self._remember(to, voice, earlier, plainly.as_words(reply))
            return reply.text
        after = -1 if busy else max((choice.number for choice in earlier), default=0)
        text, choices = plainly.as_lines(reply, voice, after)
        if menu and not reply.buttons:
            text = _with_menu(text, menu, voice)
        if answer or choices:
            self._remember(to, voice, earlier, choices)
        return text

    def _remember(self, to: Address, voice: Voice, earlier: list[Choice], choices: list[Choice]) -> None:
        known = self.chat(to)
        wanted = tuple([*earlier, *choices][-plainly.MOST_CHOICES :])
        if (known.choices if known else ()) != wanted:
            self.remember(to, Chat(known.language if known else voice.language, wanted))

    def chat(self, to: Address) -> Chat | None:
        """What is known of a chat, read once a turn."""
        if to not in self.known:
            self.known[to] = chats.get(self.db, to.channel, to.chat)
        return self.known[to]

    def remember(self, to: Address, chat: Chat) -> None:
        """Keep something new about a chat."""
        chats.save(self.db, to.channel, to.chat, chat)
        self.known[to] = chat


def _with_menu(text: Text, menu: tuple[tuple[str, ...], ...], voice: Voice) -> Text:
    labels = " · ".join(plainly.bare(label) for row in menu for label in row)
    return paragraphs(text, voice("chat.menu_words", words=labels))


def _messages(
    reply: Reply, text: Text, abilities: Abilities, menu: tuple[tuple[str, ...], ...] | None, voice: Voice
) -> list[Message]:
    buttons = reply.buttons if abilities.buttons else ()
    shown_menu = menu if abilities.buttons and not buttons else None
    contact = voice.label("chat.buttons.my_number") if reply.contact and abilities.buttons else ""
    if len(reply.files) == 1 and sum(plainly.units(span.text) for span in text) <= min(
        CAPTION_LIMIT, abilities.text_limit
    ):
        return [Message(text, buttons, reply.files, shown_menu, contact)]
    albums = [Message(files=album) for album in _albums(reply.files)]
    parts = plainly.split(text, abilities.text_limit)
    words = [Message(part) for part in parts[:-1]]
    if parts:
        words.append(Message(parts[-1], buttons, (), shown_menu, contact))
    return albums + words


def _albums(files: tuple[File, ...]) -> Iterator[tuple[File, ...]]:
    """Photos and documents never stand in one."""
    for kind in ("photo", "document"):
        same = tuple(file for file in files if file.kind == kind)
        yield from (same[at : at + MOST_FILES] for at in range(0, len(same), MOST_FILES))
