"""What the bot can do, said from what there is; and what it says when it does not understand."""

from __future__ import annotations

from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn, plain_about
from bot.rules import people
from storage import people as roster
from storage import units

router = Router("help")


@router.command("help", about="help.about_help", open=True, rank=91)
@router.command("trogiup", about="help.about_help", menu="help.menu.help", open=True, rank=60)
def show(turn: Turn) -> Said:
    """Every command that is this person's, in one line each."""
    found = turn.around.routes.of_person(turn.posts, known=turn.person is not None)
    rows = [turn.t("help.line", word=c.word, about=plain_about(turn.say, c)) for c in found if c.word != "help"]
    return Reply(paragraphs(turn.t("help.help"), lines(*rows), human(turn) if turn.person else ()), menu=True)


@router.hook("lost")
def lost(turn: Turn) -> Said:
    """Nobody knew what to do with the message."""
    said = turn.incoming.text.strip()
    if said.startswith("/"):
        return Reply(turn.t("help.no_such_command", word=said.split()[0][:20]), menu=True)
    if said.isdecimal():
        return Reply(turn.t("help.lost_number", said=said[:20]), menu=True)
    return Reply(turn.t("help.lost") if said else turn.t("help.not_readable"), menu=True)


@router.hook("human")
def human(turn: Turn) -> Text:
    """Whom to call: the nearest head above who is somebody else and has a number."""
    post = people.home(turn.posts)
    if post is not None:
        for unit in [post.unit, *units.above(turn.db, post.unit)]:
            lead = roster.leaders(turn.db, [unit.id]).get(unit.id)
            if lead and lead.person.id != turn.me.id and lead.person.phone and lead.role in people.LEADS:
                role = turn.say.label(f"start.role.{lead.role}")
                return turn.t("help.human", name=lead.person.name, role=role, unit=unit.name, phone=lead.person.phone)
    return turn.t("help.nobody")
