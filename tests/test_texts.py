"""The catalogue and the code agree: what is said exists, and what exists is said."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

from bot.app import find_routers
from bot.chat.texts import LABEL_LIMIT, LANGUAGES, is_label, load
from bot.rules.tasks import STANDINGS

ROOT = Path(__file__).parent.parent
FEATURES = {path.stem for path in (ROOT / "bot" / "texts").glob("*.toml")}
KEY = re.compile(r"[a-z_]+(\.[a-z_0-9]+)+")


def sources() -> Iterator[Path]:
    for room in ("bot", "handlers"):
        yield from (ROOT / room).rglob("*.py")


def said() -> tuple[set[str], set[str]]:
    """Keys written whole in the code, and the patterns of those that are put together."""
    whole: set[str] = set()
    patterns: set[str] = set()
    for path in sources():
        tree = ast.parse(path.read_text("utf-8"))
        pieces = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if id(node) in pieces:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                whole.add(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = [part.value if isinstance(part, ast.Constant) else "\0" for part in node.values]
                pattern = "".join(str(part) for part in parts)
                if pattern.split(".")[0] in FEATURES | {"\0"} and "." in pattern and " " not in pattern:
                    patterns.add(re.escape(pattern).replace("\0", "[a-z_.0-9]+"))
    return {key for key in whole if key.split(".")[0] in FEATURES}, patterns


def test_every_key_that_is_said_exists() -> None:
    keys = load().keys()
    whole, _ = said()
    names = {timer.name for router in find_routers() for timer in router.timers}
    names |= {dialog.name for router in find_routers() for dialog in router.dialogs}
    names |= {errand.name for router in find_routers() for errand in router.errands}
    acts = {key for key in whole if key not in keys and _is_an_act(key)}
    files = {key for key in whole if key.endswith(".toml")}
    assert whole - keys - names - acts - files == set()


def _is_an_act(key: str) -> bool:
    """What is noted in the audit log looks like a key; its words are under another one (tests/test_traces.py)."""
    return f"audit.act.{key}" in load().templates["vi"]


def test_every_key_that_exists_is_said() -> None:
    whole, patterns = said()
    unused = {key for key in load().keys() - whole if not any(re.fullmatch(pattern, key) for pattern in patterns)}
    assert unused == set()


def test_every_question_can_be_changed_by_its_name() -> None:
    """[Sửa] offers each question of a confirmed dialog under a label of its own."""
    keys = load().keys()
    for dialog in (dialog for router in find_routers() for dialog in router.dialogs):
        script = inspect.getsource(dialog.script)
        if "ask.confirm(" in script:
            for question in re.findall(
                r"ask\.(?:text|number|amount|choice|value|many|extras|photos)\(\s*\"(\w+)\"", script
            ):
                assert f"{dialog.name}.buttons.{question}" in keys, (dialog.name, question)


def test_labels_fit_their_buttons_when_filled_in() -> None:
    texts = load()
    for key in sorted(texts.keys()):
        if is_label(key):
            for language in LANGUAGES:
                filled = texts.label(language, key, {"count": 999, "code": "V-0567"})
                assert len(filled) <= LABEL_LIMIT, (key, language)


def test_every_standing_has_a_sign() -> None:
    from handlers.tasks.cards import SIGNS

    assert set(SIGNS) == set(STANDINGS)
