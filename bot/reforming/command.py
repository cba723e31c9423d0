"""The command: a plan is read, carried out or only looked at, and what came of it is printed."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

from bot import typed
from bot.app import open_store, real_now
from bot.config import Config, ConfigError
from bot.reforming.doing import Doing, Looked, english
from bot.reforming.report import said

MOST_BYTES = 8_000_000


async def reform(
    config: Config,
    plan: Path,
    *,
    day: str = "",
    under: str = "",
    dry_run: bool = False,
    as_json: bool = False,
    skip_unknown: bool = False,
) -> int:
    """Carry out a plan, keep it for its day, or only say what it would do. Raises ConfigError; nothing changed then."""
    text = _text_of(plan)
    when = typed.day(day, typed.today(config.bot.zone), english(), ahead=True) if day else None
    now = real_now()
    store = await open_store(config, now)
    doing = Doing(config, plan.name, text, when, under, skip_unknown, now)
    try:
        try:
            told: dict[str, Any] = await store.run(partial(doing.run, look=dry_run))
        except Looked as looked:
            told = looked.args[0]
    finally:
        await store.close()
    print(json.dumps(told, ensure_ascii=False, indent=2) if as_json else "\n".join(said(told)))
    return 1 if told["problems"] and not (skip_unknown and all(p["absent"] for p in told["problems"])) else 0


def _text_of(plan: Path) -> str:
    try:
        content = plan.read_bytes()[: MOST_BYTES + 1]
    except OSError as error:
        raise ConfigError(f"{plan} cannot be read: {error.strerror}.") from None
    if len(content) > MOST_BYTES:
        raise ConfigError(f"{plan} is larger than {MOST_BYTES // 1_000_000} MB: that is no plan of units.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ConfigError(f"{plan}, line {line}: not UTF-8. In Excel, save it as “CSV UTF-8”.") from None
