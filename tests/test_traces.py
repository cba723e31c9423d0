"""Whoever changes something leaves a trace that says who, what, from what to what and from where, in known words."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.chat.texts import LANGUAGES, load
from storage import moving
from tests.machines.desk import Desk, open_desk
from tests.test_statements import CASES, Work

ROOT = Path(__file__).parent.parent
ONE_ENGINE = True

# What keeps the conversation going, or is counted and marked by the clock: no change that anybody made.
NO_CHANGE = {
    "senders": "who sends",
    "seen": "which updates were taken in",
    "drafts": "what is being answered",
    "outbox": "what is said",
    "chats": "how a chat is spoken to",
    "cards": "what is shown where",
    "files": "counts with the report or task that has it",
    "photos": "copies of what files say",
    "inbox": "parts of albums",
    "pulses": "signs of life",
    "job_runs": "what the clock rang",
    "reminded": "marks of the clock, so that nobody is reminded twice",
    "summaries": "marks of the clock, so that nobody hears twice",
    "invite_tries": "counts wrong codes by the hour",
    "tidied": "its own trace of what was forgotten",
    "audit": "the trace itself",
    "troubles": "what is wrong with the program",
    "pauses": "whether the sender rests",
    "photo_folder": "which folder of photos belongs to the database",
    "practice": "who tries things out, which counts nowhere",
}
# Columns of the others that are such marks.
MARKS = {
    "identities": {"used_at", "unreachable_at"},
    "categories": {"uses"},
    "broadcasts": {"finished_at"},
    "data_requests": {"reminded_day"},
}


def changeable(desk: Desk) -> dict[str, list[object]]:
    found = {}
    for table in moving.tables():
        if table.name not in NO_CHANGE:
            columns = [column for column in table.columns if column not in MARKS.get(table.name, ())]
            found[table.name] = desk.look(f"SELECT {', '.join(columns)} FROM {table.name} ORDER BY 1, 2")
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_a_change_leaves_a_trace(case: Callable[[Desk], Work]) -> None:
    desk = open_desk()
    work = case(desk)
    before, last = changeable(desk), desk.look("SELECT COALESCE(MAX(id), 0) FROM audit")[0][0]
    desk.do(work)
    changed = [name for name, rows in changeable(desk).items() if rows != before[name]]
    traces = desk.look("SELECT act, object, before, after, channel, unit_id FROM audit WHERE id > ?", last)
    assert bool(traces) >= bool(changed), f"{changed} changed without a trace"
    for act, object, was, became, channel, unit_id in traces:
        assert f"audit.act.{act}" in load().templates["vi"], f"nobody knows what {act} means"
        assert object
        assert was or became, f"{act} does not say what changed"
        assert channel, f"{act} does not say from where"
        assert unit_id or act == "start.agreed", f"{act} is in no unit"


def acts() -> Iterator[tuple[str, str]]:
    """Every act that a handler or command notes, with the file: the constant that reaches the parameter `act`."""
    for path in (path for room in ("handlers", "bot", "storage") for path in (ROOT / room).rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        passing = {"note": 0, "audit.note": 2}
        passing |= {f.name: place for f in ast.walk(tree) if isinstance(f, ast.FunctionDef) for place in _act_place(f)}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            said = ast.unparse(call.func)
            place = passing.get(said, passing.get(said.rpartition(".")[2]))
            if place is not None and len(call.args) > place and isinstance(call.args[place], ast.Constant):
                yield str(ast.literal_eval(call.args[place])), str(path.relative_to(ROOT))


def _act_place(function: ast.FunctionDef) -> list[int]:
    names = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    return [names.index("act")] if "act" in names and names[:1] != ["self"] else []


def test_every_act_has_words_in_every_language() -> None:
    texts, found = load(), list(acts())
    assert len(found) > 15, "the acts are found"
    for act, path in found:
        for language in LANGUAGES:
            assert f"audit.act.{act}" in texts.templates[language], f"{path}: {act} has no words in audit.toml"
