"""What the bot can do, said from what there is; and what it says when it does not understand."""

from __future__ import annotations

from bot.chat.message import Text
from bot.chat.reply import Reply
from bot.chat.router import Router, Said, anyone
from bot.chat.texts import lines, paragraphs
from bot.chat.turn import Turn, plain_about
from bot.rules import people, rights, vietnamese
from storage import people as roster
from storage import units

SMALL_TALK = {
    "help.welcome": ("cam on", "da cam on", "thank", "thanks", "thank you"),
    "help.hello": ("chao", "xin chao", "em oi", "alo", "hello", "hi"),
    "help.all_right": ("ok", "oke", "da", "vang", "u", "duoc roi"),
}
MOST_SMALL_TALK = 5  # words; more is something to be understood

router = Router("help")


@router.command("help", open=True, practice=anyone)
@router.command("trogiup", about="help.about_help", menu="help.menu.help", open=True, rank=60, practice=anyone)
def show(turn: Turn) -> Said:
    """Every command that is this person's, in one line each."""
    known, left = turn.person is not None, turn.former is not None
    found = turn.around.routes.of_person(turn.posts, known=known, left=left)
    rows = [turn.t("help.line", word=c.word, about=plain_about(turn.say, c)) for c in found]
    return Reply(paragraphs(turn.t("help.help"), lines(*rows), human(turn) if turn.person else ()), menu=True)


@router.command("huy", open=True, said=("thoi",), practice=anyone)
def nothing_begun(turn: Turn) -> Said:
    """Somebody wants to leave what they are asked, and nothing is; in a dialog this never comes here."""
    return Reply(turn.t("help.nothing_begun"), menu=True)


@router.said(rank=200, practice=True)
def small_talk(turn: Turn) -> Said:
    """Thanks and greetings get an answer, not a lesson."""
    said = vietnamese.fold(turn.incoming.text).split()
    for key, words in SMALL_TALK.items():
        if len(said) <= MOST_SMALL_TALK and any(said[: len(word.split())] == word.split() for word in words):
            return Reply(turn.t(key), menu=True)
    return None


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
            if lead and lead.person.id != turn.me.id and lead.person.phone and lead.role in rights.LEADS:
                role = turn.say.label(f"start.role.{lead.role}")
                return turn.t("help.human", name=lead.person.name, role=role, unit=unit.name, phone=lead.person.phone)
    return turn.t("help.nobody")
