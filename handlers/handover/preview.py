"""What goes and what stays, in numbers, before anything is done."""

from __future__ import annotations

from bot.chat.message import Text
from bot.chat.texts import below, lines, some
from bot.chat.turn import Turn
from handlers.handover.questions import name_of
from storage import people as roster
from storage import reports, tasks
from storage.people import Member, Post


def scope_of(post: Post, leaves: bool) -> frozenset[int] | None:
    return None if leaves else frozenset({post.unit.id})


def what_goes(turn: Turn, post: Post, leaves: bool) -> Text:
    """What passes with the post, in numbers that sum over nothing twice."""
    scope = scope_of(post, leaves)
    work = len(tasks.held_by(turn.db, post.person_id, scope))
    given = tasks.looked_after_by(turn.db, post.person_id, scope)
    parts = [part.assignment for task in given for part in tasks.parts(turn.db, task.id)]
    reviews = sum(part.state == "reported" for part in parts)
    stuck = sum(bool(part.stuck) for part in parts)
    if not work and not given:
        return turn.t("handover.goes_nothing")
    return lines(
        turn.t("handover.goes_work", count=work) if work else (),
        turn.t("handover.goes_given", count=len(given)) if given else (),
        turn.t("handover.goes_reviews", count=reviews) if reviews else (),
        turn.t("handover.goes_stuck", count=stuck) if stuck else (),
    )


def what_stays(turn: Turn, post: Post) -> Text:
    count = reports.made(turn.db, post.person_id, post.unit.id)
    return turn.t("handover.stays", name=name_of(turn, post.person_id), count=count)


def what_then(turn: Turn, post: Post, leaves: bool, asked: list[Member]) -> Text:
    name = name_of(turn, post.person_id)
    alone = len(roster.posts(turn.db, post.person_id)) == 1
    return below(
        turn.t("handover.then_leaves", name=name) if leaves else (),
        turn.t("handover.then_member", name=name, unit=post.unit.name) if alone and not leaves else (),
        turn.t("handover.must_agree", names=some([m.person.name for m in asked])) if asked else (),
    )
