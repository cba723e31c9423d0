"""What is asked when somebody comes or changes: which post, where to, and what they are to be."""

from __future__ import annotations

from collections.abc import Sequence

from bot.chat import naming, pick
from bot.chat.dialog import Ask, Option
from bot.chat.turn import Turn
from bot.rules import rights
from bot.rules.refused import Refused
from handlers.members.cards import name_of, posts_below, role_name
from storage import people as roster
from storage import units
from storage.drafts import GIVEN
from storage.people import Person, Post
from storage.units import Unit

MOST_NEAR = 12


def which_post(turn: Turn, ask: Ask, person: Person) -> Post:
    """The post that is meant, of those below one's own. Raises Refused."""
    held = {str(post.id): post for post in posts_below(turn, person.id) if post.unit.closed_at is None}
    if not held or person.id == turn.me.id:
        raise Refused("members.not_below", name=person.name)
    if len(held) == 1:
        return next(iter(held.values()))
    options = [Option(key, f"{role_name(turn, post.role)} {post.unit.name}") for key, post in held.items()]
    chosen = ask.choice("post", "members.which_post", lambda: options, columns=1, name=person.name)
    if chosen not in held:
        raise Refused("members.not_below", name=person.name)
    return held[chosen]


def offices_of(turn: Turn, unit: int) -> list[Unit]:
    """The unit, or all that one looks after and that are still there. Raises Refused."""
    if unit:
        return [rights.check_open(turn.posts, "members", units.get(turn.db, unit))]
    return [rights.check_open(turn.posts, "members", one) for one in rights.offices(turn.posts, "members")]


def place_of(turn: Turn, ask: Ask, offices: list[Unit], said: str) -> Unit:
    """Where to: asked where there is a choice, with what was `said` of it."""
    if len(offices) == 1 and not said and not units.children(turn.db, offices[0]):
        return offices[0]
    meant = naming.find(turn.db, offices, said)[:MOST_NEAR] if said else []
    several = meant if len(meant) > 1 else []
    what = "members.which_place" if several else "members.where" if meant or not said else "members.no_such_place"
    return pick.unit(turn, ask, "unit", what, offices, near=lambda: several or near(turn, offices), said=said)


def near(turn: Turn, offices: Sequence[Unit]) -> list[Unit]:
    return [unit for office in offices for unit in (office, *units.children(turn.db, office))][:MOST_NEAR]


def wanted_role(
    turn: Turn, ask: Ask, unit: Unit, person_id: int, *, but: str = "", said: str = ""
) -> tuple[str, Post | None]:
    """What somebody is to be in a unit, among what one may give there; and who is head there now, if they are to be
    deputy for it: there is one head. `said`: what it is to be, if that may be."""
    may_be = [role for role in rights.grants(turn.posts, unit) if role != but]
    if not may_be:
        raise Refused("members.no_role", unit=unit.name)
    wanted, above = may_be[0], bool(said) and said not in may_be
    if len(may_be) > 1 or above:
        if said and not above:
            offer(ask, "role", said, of=str(unit.id))
        options = [Option(role, role_name(turn, role)) for role in reversed(may_be)]
        what = "members.role_above" if above else "members.which_role"
        wanted = ask.choice(  # type: ignore[assignment]
            "role", what, lambda: options, of=str(unit.id), unit=unit.name, said=role_name(turn, said or "member")
        )
        if wanted not in may_be:
            raise Refused("chat.not_for_you")
    head = roster.head(turn.db, unit.id) if wanted == "head" else None
    if head is None or head.person_id == person_id:
        return wanted, None
    ask.sure("one_head", "members.one_head", unit=unit.name, name=name_of(turn, head.person_id))
    return wanted, head


def offer(ask: Ask, key: str, value: str, *, of: str) -> None:
    """An answer that was said beforehand, put there once: it can be changed and taken back like any other."""
    kept = ask.draft.answers
    if f"said {key}" not in kept:
        kept[f"said {key}"] = [True, "", GIVEN]
        kept[key] = [value, of, GIVEN]
