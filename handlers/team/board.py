"""Who has come in: a sentence, a line per unit or person, the words to pass on, and the numbers to call."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.chat.action import Action, Typed
from bot.chat.message import Button, Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import counted, lines, paragraphs
from bot.chat.turn import Turn
from bot.rules import people, rights
from bot.rules.refused import Refused
from storage import invites, joining, reports, units
from storage import people as roster
from storage.people import Member
from storage.units import Unit

LINES = 20  # on a page: 2,000 signs hold them with the longest names
BAR = 5

router = Router("team")


@dataclass(frozen=True, slots=True)
class Board(Action, code="mb"):
    """Who of a unit has come in."""

    unit: int
    page: int


@dataclass(frozen=True, slots=True)
class Waiting(Action, code="mw"):
    """Who under this unit has not joined."""

    unit: int
    page: int


@dataclass(frozen=True, slots=True)
class ForGroup(Action, code="mg"):
    """Words to be forwarded to a unit's own group."""

    unit: int


@dataclass(frozen=True, slots=True)
class Came:
    """How far people are: ids, each once. `invited`: they have joined, or have a code that can be used."""

    people: frozenset[int]
    invited: frozenset[int]
    joined: frozenset[int]
    reported: frozenset[int]

    def of(self, some: Iterable[int]) -> Came:
        """The same of some of them."""
        chosen = frozenset(some)
        return Came(self.people & chosen, self.invited & chosen, self.joined & chosen, self.reported & chosen)


def office_of(turn: Turn) -> Unit:
    """The unit whose team this person looks after. Raises Refused."""
    post = people.office(turn.posts)
    if post is None:
        raise Refused("chat.not_for_you")
    return post.unit


def watched(turn: Turn, unit_id: int) -> Unit:
    """The unit, if they may look into it. Raises Refused."""
    return rights.check(turn.posts, "watch", units.get(turn.db, unit_id))


@router.command("vaobot", about="team.about_board", who=rights.has("watch"), rank=74)
def joined(turn: Turn) -> Said:
    """Who has come in, of the own team and below."""
    return _board(turn, office_of(turn), 0)


@router.on(Board)
def board(turn: Turn, pressed: Board) -> Said:
    return _board(turn, watched(turn, pressed.unit), pressed.page)


def _board(turn: Turn, office: Unit, page: int) -> Reply:
    members = roster.under(turn.db, office)
    came = _came(turn, office, members)
    rows = _lines(turn, office, members, came)
    page = min(max(page, 0), max(len(rows) - 1, 0) // LINES)
    heading = turn.t("team.board_heading", unit=office.name)
    text = paragraphs(lines(heading, *_sentence(turn, came)), lines(*rows[page * LINES : (page + 1) * LINES]))
    buttons = [_turning(turn, len(rows), page, lambda to: Board(office.id, to)), *_buttons(turn, office, came)]
    return Reply(text, tuple(row for row in buttons if row), card="who came")


def _came(turn: Turn, office: Unit, members: list[Member]) -> Came:
    once = frozenset(member.person.id for member in members)
    joined = frozenset(member.person.id for member in members if member.joined)
    invited = joined | (invites.usable(turn.db, office, turn.now) & once)
    return Came(once, invited, joined, frozenset(reports.authors_under(turn.db, office)) & joined)


def _sentence(turn: Turn, came: Came) -> list[Text]:
    total, inside = len(came.people), len(came.joined)
    if not total:
        return [turn.t("team.alone")]
    if inside == total:
        return [turn.t("team.board_all", total=total, reported=len(came.reported))]
    away = len(came.invited - came.joined)
    said = turn.t("team.board_some", joined=inside, total=total, reported=len(came.reported))
    never = total - inside - away
    rest = counted(turn.say, {"team.away.invited": away, "team.away.never": never})
    return [said, turn.t("team.board_away", what=rest)]


def _lines(turn: Turn, office: Unit, members: list[Member], came: Came) -> list[Text]:
    children = units.children(turn.db, office)
    if not children:
        once = {member.person.id: member for member in reversed(members)}.values()
        return [_person_line(turn, member, came) for member in reversed(once)]
    below: dict[int, set[int]] = {child.id: set() for child in children}
    own = {member.person.id for member in members if member.unit.id == office.id}
    depth = office.path.count("/")
    for member in members:
        if member.unit.id != office.id:
            child = int(member.unit.path.split("/")[depth])
            below.setdefault(child, set()).add(member.person.id)
    found = [_unit_line(turn, office.name, came.of(own))] if own else []
    return found + [_unit_line(turn, child.name, came.of(below[child.id])) for child in children]


def _unit_line(turn: Turn, name: str, came: Came) -> Text:
    if not came.people:
        return turn.t("team.board_empty", unit=name)
    return turn.t(
        "team.board_line",
        bar=_bar(len(came.joined), len(came.people)),
        unit=name,
        joined=len(came.joined),
        people=len(came.people),
        invited=len(came.invited),
        reported=len(came.reported),
    )


def _bar(part: int, whole: int) -> str:
    """Full only when all are in, empty only when nobody is."""
    filled = part * BAR // whole
    filled = max(filled, 1) if part else 0
    return "▰" * filled + "▱" * (BAR - filled)


def _person_line(turn: Turn, member: Member, came: Came) -> Text:
    who = member.person.id
    stage = next(
        (name for name, those in (("reported", came.reported), ("joined", came.joined), ("invited", came.invited))
         if who in those), "never",
    )  # fmt: skip
    return turn.t(f"team.board_person.{stage}", name=member.person.name)


def _buttons(turn: Turn, office: Unit, came: Came) -> list[tuple[Button, ...]]:
    rows: list[tuple[Button, ...]] = []
    if came.joined != came.people:
        rows.append((turn.button("team.buttons.waiting", Waiting(office.id, 0)),))
        rows.append((turn.button("team.buttons.for_group", ForGroup(office.id)),))
    if rights.may(turn.posts, "members", office):
        rows.append((turn.button("team.buttons.invite", Typed("/moi")),))
        rows.append(asking(turn, office))
    return rows


def asking(turn: Turn, office: Unit) -> tuple[Button, ...]:
    """The button to those who wait to be let in or confirmed, where there are any and one may."""
    if not rights.may(turn.posts, "members", office):
        return ()
    count = len(joining.open_under(turn.db, office)) + len(joining.claims_under(turn.db, office))
    return (turn.button("team.buttons.requests", Typed("/choduyet"), count=count),) if count else ()


def _turning(turn: Turn, count: int, page: int, to: Callable[[int], Action]) -> tuple[Button, ...]:
    found = []
    if page > 0:
        found.append(turn.button("chat.buttons.previous", to(page - 1)))
    if (page + 1) * LINES < count:
        found.append(turn.button("chat.buttons.next", to(page + 1)))
    return tuple(found)


@router.on(Waiting)
def waiting(turn: Turn, pressed: Waiting) -> Said:
    """Who has not joined, with the numbers to call: all of them, page by page."""
    office = watched(turn, pressed.unit)
    once = {member.person.id: member for member in roster.under(turn.db, office) if not member.joined}
    away = list(once.values())
    if not away:
        return Reply(turn.t("team.waiting_none"))
    last = (len(away) - 1) // LINES
    page = min(max(pressed.page, 0), last)
    rows = [waiting_line(turn, member) for member in away[page * LINES : (page + 1) * LINES]]
    where = turn.t("team.waiting_page", page=page + 1, pages=last + 1) if last else ()
    buttons = [_turning(turn, len(away), page, lambda to: Waiting(office.id, to))]
    if rights.may(turn.posts, "members", office):
        buttons.append((turn.button("team.buttons.invite", Typed("/moi")),))
    text = lines(turn.t("team.waiting_title", count=len(away)), *rows, where)
    return Reply(text, tuple(row for row in buttons if row), card="who is away")


def waiting_line(turn: Turn, member: Member) -> Text:
    """Whom to call, and where."""
    phone = member.person.phone or turn.say.label("team.no_phone")
    return turn.t("team.waiting_line", name=member.person.name, unit=member.unit.name, phone=phone)


@router.on(ForGroup)
def for_group(turn: Turn, pressed: ForGroup) -> Said:
    """Words that shame nobody, apart, so that they can be forwarded as they are."""
    office = watched(turn, pressed.unit)
    link = turn.settings.link("")
    key = "team.for_group" if link else "team.for_group_no_link"
    values = {"link": link} if link else {}
    letter = turn.t(key, team=turn.settings.team, unit=office.name, **values)
    return Reply(letter), Reply(turn.t("team.for_group_aside"))
