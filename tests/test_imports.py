"""The rooms of the house: who may import whom, and that each outside library has one home."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Room (the longest prefix counts) → what of this project it may import. A prefix stands for everything under it.
TABLE: dict[str, tuple[str, ...]] = {
    "storage": ("storage",),
    "bot.rules": ("bot.rules", "storage"),
    # Reading what people type is part of the conversation, so the chat may use the Vietnamese of the rules.
    "bot.chat": (
        "bot.chat",
        "storage",
        "bot.rules.keeping",
        "bot.rules.refused",
        "bot.rules.sensitive",
        "bot.rules.vietnamese",
        "bot.rules.calendar",
        "bot.rules.health",
        "bot.rules.units",
        "bot.rules.codes",
        "bot.rules.rights",
        "bot.rules.roster",
        "bot.rules.forms",
        "bot.rules.periods",
        "bot.rules.settings",
        "bot.rules.targets",
        "bot.rules.wording",
        "bot.texts",
    ),
    "bot.texts": (),
    "bot.channels": ("bot.channels", "bot.chat.message"),
    "bot.clock": ("bot.chat", "bot.rules", "storage"),
    "bot.leading": ("storage",),
    "bot.sender": ("bot.chat", "bot.rules", "bot.channels.channel", "storage"),
    "bot.web": ("bot.web", "bot.chat", "bot.rules", "storage"),
    "bot.flood": ("bot.chat.message",),
    "bot.log": (),
    "bot.metrics": ("bot.rules", "storage"),
    "bot.watching": ("bot.rules", "storage"),
    "bot.config": ("bot.clock", "bot.rules.calendar", "bot.rules.units", "storage.address"),
    "bot.errands": ("bot.channels.channel", "bot.chat", "bot.rules", "storage"),
    "bot.photos": ("bot.photos", "bot.channels.channel", "bot.chat", "storage"),
    "bot.work": (),
    "bot.copying": (),
    "bot.strips": (),
    "bot.bars": (),
    "bot.demo": ("bot", "storage"),
    "bot.app": ("bot", "storage", "handlers"),
    "bot.sheets": ("bot.sheets", "bot.rules"),
    "bot.importing": ("bot", "storage"),
    "bot.examining": ("bot.chat", "bot.rules", "bot.sheets", "bot.work"),
    "bot.marking": ("bot.chat", "bot.examining", "bot.rules"),
    "bot.tabling": ("bot.rules.settings", "bot.sheets"),
    "bot.settings": ("bot", "storage"),
    "bot.progress": (),
    "bot.setup": ("bot", "storage"),
    "bot.erasures": ("storage",),
    "bot.backup": ("bot.clock", "bot.config", "bot.erasures", "bot.rules", "bot.sealing", "storage"),
    "bot.sealing": ("storage",),
    "bot.restore": ("bot", "storage"),
    "bot.moving": ("bot", "storage"),
    "bot.migrate": ("bot", "storage"),
    "bot.reforming": ("bot", "storage"),
    "bot.doctor": ("bot", "storage"),
    "bot.status": ("bot", "storage"),
    "bot.parsing": ("bot.config", "bot.rules"),
    "bot.typed": ("bot.chat", "bot.config", "bot.rules", "storage"),
    "bot.ledger": ("bot", "storage"),
    "bot.__main__": ("bot", "storage"),
    "handlers": ("bot.chat", "bot.rules", "storage"),
}
# The generated province is data for the demonstration; only these know how it gets into a database and runs.
PURE = ("bot.demo.names", "bot.demo.province", "bot.demo.history")

HOMES: dict[str, str | tuple[str, ...]] = {
    "telegram": "bot.channels.telegram",
    "aiohttp": "bot.channels.telegram",
    "apscheduler": "bot.clock",
    "aiosqlite": "storage.sqlite",
    "sqlite3": ("storage.sqlite", "storage.backup", "storage.restore"),
    "psycopg": ("storage.postgres", "storage.dump"),
    "starlette": "bot.web",
    "uvicorn": "bot.web",
    "pydantic": "bot.config",
    "prometheus_client": "bot.metrics",
    "tqdm": "bot.progress",
    "fpdf": "bot.strips",
    "segno": "bot.strips",
    "PIL": ("bot.bars", "bot.photos"),
    "python_calamine": "bot.sheets",
    "xlsxwriter": "bot.sheets",
}


def modules() -> Iterator[tuple[str, Path]]:
    for room in ("bot", "handlers", "storage"):
        for path in sorted((ROOT / room).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            yield ".".join(parts[:-1] if parts[-1] == "__init__" else parts), path


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def under(name: str, prefixes: tuple[str, ...]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


def room_of(module: str) -> str:
    return max((room for room in TABLE if under(module, (room,))), key=len, default="")


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_only_downwards(module: str, path: Path) -> None:
    room = room_of(module)
    if module in ("bot", "handlers", "storage"):
        return
    assert room, f"{module} is in no room of the table"
    allowed = TABLE[room]
    if under(module, ("handlers",)):
        feature = ".".join(module.split(".")[:2])
        allowed = (*allowed, feature)  # a feature may be a folder; it never uses another feature
    for name in imported(path):
        if name.split(".")[0] in ("bot", "handlers", "storage"):
            assert under(name, allowed), f"{module} may not import {name}"


@pytest.mark.parametrize(("module", "path"), list(modules()), ids=lambda value: value if isinstance(value, str) else "")
def test_each_library_has_one_home(module: str, path: Path) -> None:
    for name in imported(path):
        library = name.split(".")[0]
        if library in HOMES:
            homes = HOMES[library]
            may = (homes,) if isinstance(homes, str) else homes
            assert under(module, may), f"{library} belongs to {homes}, not to {module}"


def test_nobody_but_the_command_line_builds_the_app() -> None:
    may = (
        "__main__",
        "demo.run",
        "reforming.command",
        "reforming.undoing",
        "setup",
        "doctor",
        "restore",
        "status",
        "moving",
        "importing.command",
        "importing.undoing",
        "migrate",
        "ledger",
        "settings",
    )
    for module, path in modules():
        if any(under(name, ("bot.app",)) for name in imported(path)):
            assert module.removeprefix("bot.") in may, f"{module} imports bot.app"


def test_rules_wait_for_nothing() -> None:
    for module, path in modules():
        if under(module, ("bot.rules", "storage")) and module not in (
            "storage.sqlite",
            "storage.postgres",
            "storage.db",
        ):
            tree = ast.parse(path.read_text("utf-8"))
            assert not [node for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef | ast.Await)], module
    for module, path in modules():
        if under(module, ("handlers",)):
            assert "async " not in path.read_text("utf-8"), f"{module}: a handler never waits"
