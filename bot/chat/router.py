"""What handlers react to: each handler file fills a Router, and all of them together are the Routes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from bot.chat.action import Action
from bot.chat.message import Buttons, Text
from bot.chat.plainly import word
from bot.chat.reply import Reply
from bot.chat.texts import LANGUAGES, Texts
from storage.people import Post

if TYPE_CHECKING:
    from bot.chat.dialog import Dialog, Dropped, Script
    from bot.chat.reply import View
    from bot.chat.turn import Turn

Said = Reply | Sequence[Reply] | None
Handler = Callable[["Turn"], Said]
Pressed = Callable[["Turn", Any], Said]
Job = Callable[["Turn"], None]
Who = Callable[[Sequence[Post]], bool]
Waits = Callable[["Turn", int, Sequence[Post]], "View | None"]
"""Of somebody (their id, the posts they hold): what waits for them, a line and its buttons; None: nothing does."""

H = TypeVar("H", bound=Callable[..., Any])


def anyone(posts: Sequence[Post]) -> bool:
    """Everybody whose chat is linked to a person."""
    return True


@dataclass(frozen=True, slots=True)
class Command:
    """`/word`. `menu` and `about` are text keys: its label in the menu and its line in the help ("": not there).

    `who` says from a person's posts whether it is theirs; `open`: strangers may too; `left`: who left may. `rank`
    orders menu and help.
    `said`: what people say for it without the stroke, besides the word itself. `practice`: whose it is while they
    practise (None: nobody's).
    """

    word: str
    run: Handler
    feature: str
    menu: str
    about: str
    who: Who
    open: bool
    rank: int
    said: tuple[str, ...] = ()
    left: bool = False
    practice: Who | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """Slow work that a turn orders by `name`, done outside of any transaction, in a process of its own.

    `given(turn, **params)` reads, in one transaction, what the work needs to know (JSON); `by` names the module whose
    `make(given)` does it, in bytes; `finish(turn, done)` is the turn in which it takes effect, once.

    `fetches`: what is given has a "file", a File's fields by name; the work gets what is in it, too: "content", base64.
    `copies`: a backup is made first; without one nothing is done, and `finish` says why. `by` "": that is all there is
    to do. `far(turn, far)` shows how far the work says that it is.
    """

    name: str
    feature: str
    by: str
    given: Callable[..., Any]
    finish: Callable[[Turn, Done], None]
    fetches: bool = False
    copies: bool = False
    far: Callable[[Turn, Far], None] | None = None


@dataclass(frozen=True, slots=True)
class Far:
    """How far ordered work is: `done` of `total`, whatever it counts."""

    id: int
    params: dict[str, Any]
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Done:
    """Work that was done: `params` as ordered, what was `given` to it and what it `made`.

    copy: the name of the backup that was made first; trouble: why there is none, and so nothing was done.
    """

    id: int
    params: dict[str, Any]
    given: Any
    made: bytes
    copy: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Timer:
    """Something the clock rings for. `at`: "07:00", "fri 16:00", or "" with `every` seconds."""

    name: str
    run: Job
    at: str
    every: float


@dataclass
class Router:
    """Collects what one feature reacts to; `feature` is the name of its file."""

    feature: str
    commands: list[Command] = field(default_factory=list)
    actions: dict[type[Action], tuple[Pressed, bool, bool]] = field(default_factory=dict)
    dialogs: list[Dialog] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    errands: list[Errand] = field(default_factory=list)
    listeners: list[tuple[int, Handler]] = field(default_factory=list)
    hooks: dict[str, Callable[..., Any]] = field(default_factory=dict)
    waiting: list[tuple[int, Waits]] = field(default_factory=list)
    practised: set[object] = field(default_factory=set)
    stand_ins: dict[str, Handler] = field(default_factory=dict)

    def command(
        self,
        word: str,
        *,
        about: str = "",
        menu: str = "",
        who: Who = anyone,
        open: bool = False,
        rank: int = 100,
        said: Sequence[str] = (),
        left: bool = False,
        practice: Who | None = None,
    ) -> Callable[[H], H]:
        """React to `/word`, or to its label in the menu."""

        def add(run: H) -> H:
            command = Command(word, run, self.feature, menu, about, who, open, rank, tuple(said), left, practice)
            self.commands.append(command)
            return run

        return add

    def on(
        self, action: type[Action], *, open: bool = False, left: bool = False, practice: bool = False
    ) -> Callable[[H], H]:
        """React to a button; `open` to strangers, or for who `left` and sees their own data. `practice`: while
        practising, too."""

        def add(run: H) -> H:
            assert action not in self.actions, f"{action.__name__} has two handlers"
            self.actions[action] = (run, open, left)
            if practice:
                self.practised.add(action)
            return run

        return add

    def dialog(
        self,
        name: str,
        *,
        questions: int = 0,
        intro: str = "",
        open: bool = False,
        left: bool = False,
        places: bool = False,
        dropped: Dropped | None = None,
    ) -> Callable[[Script], Dialog]:
        """A conversation of several questions, written as a script; `questions` and `intro` are told first.

        `places`: it takes a point sent from the map. `dropped`: puts it aside, and says more than that.
        """
        from bot.chat.dialog import Dialog  # the dialog needs the turn, the turn the routes

        def add(script: Script) -> Dialog:
            dialog = Dialog(
                f"{self.feature}.{name}", self.feature, script, questions, open, intro, left, places, dropped
            )
            self.dialogs.append(dialog)
            return dialog

        return add

    def daily(self, at: str) -> Callable[[H], H]:
        """At "HH:MM" each day, in the configured zone."""
        return self._timer(at=at)

    def weekly(self, at: str) -> Callable[[H], H]:
        """At "fri 16:00" each week."""
        return self._timer(at=at)

    def every(self, seconds: float) -> Callable[[H], H]:
        """Again and again; nothing is made up for when the program was down."""
        return self._timer(every=seconds)

    def _timer(self, at: str = "", every: float = 0) -> Callable[[H], H]:
        def add(run: H) -> H:
            self.timers.append(Timer(f"{self.feature}.{run.__name__}", run, at, every))
            return run

        return add

    def errand(
        self,
        name: str,
        *,
        given: Callable[..., Any],
        by: str = "",
        fetches: bool = False,
        copies: bool = False,
        far: Callable[[Turn, Far], None] | None = None,
    ) -> Callable[[H], H]:
        """How slow work that was ordered takes effect; see `Errand`."""

        def add(run: H) -> H:
            self.errands.append(Errand(f"{self.feature}.{name}", self.feature, by, given, run, fetches, copies, far))
            return run

        return add

    def said(self, rank: int = 100, *, practice: bool = False) -> Callable[[H], H]:
        """React to words or files outside a dialog; None when they are not for this feature. Low ranks first.
        `practice`: while practising, too."""

        def add(run: H) -> H:
            self.listeners.append((rank, run))
            if practice:
                self.practised.add(run)
            return run

        return add

    def stands_in(self, word: str) -> Callable[[H], H]:
        """React to a command of another feature while practising."""

        def add(run: H) -> H:
            self.stand_ins[word] = run
            return run

        return add

    def waits(self, rank: int = 100) -> Callable[[H], H]:
        """Say what of this feature waits for somebody who comes in. Low ranks first."""

        def add(run: H) -> H:
            self.waiting.append((rank, run))
            return run

        return add

    def hook(self, name: str) -> Callable[[H], H]:
        """Serve one of the named places of the conversation: welcome, start, lost, human, passed, photo, taught,
        earnest."""

        def add(run: H) -> H:
            self.hooks[name] = run
            return run

        return add


@dataclass(frozen=True)
class Routes:
    """All routers together. Raises AssertionError at start when two features want the same thing."""

    commands: dict[str, Command]
    labels: dict[str, Command]
    words: dict[str, Command]
    actions: dict[type[Action], tuple[Pressed, bool, bool, str]]
    dialogs: dict[str, Dialog]
    timers: dict[str, Timer]
    errands: dict[str, Errand]
    listeners: list[tuple[Handler, str]]
    welcome: Handler
    start: Callable[[Turn, str], Said]
    lost: Handler
    human: Callable[[Turn], Text]
    passed: Callable[..., None]
    photo: Callable[[Turn, int], None]
    waiting: list[Waits]
    practised: frozenset[object]
    stand_ins: dict[str, Handler]
    taught: Callable[[Turn, list[Reply]], list[Reply]]
    earnest: Callable[[Turn, str], Buttons]

    @classmethod
    def of(cls, routers: Iterable[Router], texts: Texts) -> Routes:
        """Merge what was found."""
        found = sorted(routers, key=lambda router: router.feature)
        hooks = {name: hook for router in found for name, hook in router.hooks.items()}
        commands = [command for router in found for command in router.commands]
        commands.sort(key=lambda command: command.rank)
        by_label = [(_label(texts, language, c), c) for c in commands if c.menu for language in LANGUAGES]
        listeners = [(rank, run, router.feature) for router in found for rank, run in router.listeners]
        return cls(
            commands=_unique("command", ((command.word, command) for command in commands)),
            labels=dict(by_label),
            words={word(said): command for command in commands for said in (command.word, *command.said)},
            actions=_unique("action", ((a, (*how, r.feature)) for r in found for a, how in r.actions.items())),
            dialogs=_unique("dialog", ((dialog.name, dialog) for router in found for dialog in router.dialogs)),
            timers=_unique("timer", ((timer.name, timer) for router in found for timer in router.timers)),
            errands=_unique("errand", ((errand.name, errand) for router in found for errand in router.errands)),
            listeners=[(run, feature) for _, run, feature in sorted(listeners, key=lambda listener: listener[0])],
            welcome=hooks["welcome"],
            start=hooks["start"],
            lost=hooks["lost"],
            human=hooks["human"],
            passed=hooks["passed"],
            practised=frozenset(one for router in found for one in router.practised),
            stand_ins=_unique("stand-in", ((word, run) for r in found for word, run in r.stand_ins.items())),
            taught=hooks["taught"],
            earnest=hooks["earnest"],
            photo=hooks["photo"],
            waiting=[waits for _, waits in sorted((one for r in found for one in r.waiting), key=lambda one: one[0])],
        )

    def of_person(self, posts: Sequence[Post], *, known: bool, left: bool = False) -> list[Command]:
        """The commands that are told to this person, in order; a stranger's are the open ones, and to who `left` one
        or two more."""
        return [
            c for c in self.commands.values() if c.about and (c.who(posts) if known else c.open or (left and c.left))
        ]

    def menu(self, posts: Sequence[Post]) -> list[Command]:
        """What stands in the person's menu."""
        return [command for command in self.of_person(posts, known=True) if command.menu]


def _label(texts: Texts, language: str, command: Command) -> str:
    return word(texts.label(language, command.menu, {}))


def _unique(what: str, pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for key, value in pairs:
        assert key not in found, f"the {what} {key} is taken twice"
        found[key] = value
    return found
