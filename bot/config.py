"""The settings of config.toml, each mistake said in a sentence a person can act on."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationError, model_validator

from bot.clock import trigger
from bot.rules import calendar
from bot.rules.units import GROUPINGS, KINDS, Levels
from storage import address


class ConfigError(Exception):
    """The configuration is wrong; one sentence per mistake."""


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise ValueError(f'{name!r} is not a time zone; for Vietnam write "Asia/Ho_Chi_Minh"') from None
    return name


def _hour_minute(text: str) -> str:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", text):
        raise ValueError(f'{text!r} is not a time of day; write it like "21:00"')
    return text


def _schedule(entries: dict[str, str]) -> dict[str, str]:
    for name, at in entries.items():
        try:
            trigger(at, ZoneInfo("UTC"))
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
    return entries


def _time_or_never(at: str) -> str:
    if at:
        trigger(at, ZoneInfo("UTC"))
    return at


def _address(url: SecretStr) -> SecretStr:
    if mistake := address.mistake(url.get_secret_value()):
        raise ValueError(mistake)
    return url


HourMinute = Annotated[str, AfterValidator(_hour_minute)]


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Bot(_Table):
    """[bot]"""

    zone: Annotated[str, AfterValidator(_zone)] = "Asia/Ho_Chi_Minh"
    language: Literal["vi", "en"] = "vi"
    team: str = "Tổ công nghệ số cộng đồng"
    quiet_from: HourMinute = "21:00"
    quiet_until: HourMinute = "06:30"
    undo_minutes: int = Field(default=10, ge=1, le=1440)
    invite_days: int = Field(default=30, ge=1, le=365)
    log_level: Literal["debug", "info", "warning", "error"] = "info"


class Storage(_Table):
    """[storage]"""

    url: Annotated[SecretStr, AfterValidator(_address)] = SecretStr("apso.db")
    connections: int = Field(default=4, ge=1, le=64)

    @property
    def is_server(self) -> bool:
        """Whether it names a PostgreSQL database, not a file."""
        return address.is_server(self.url.get_secret_value())

    @property
    def where(self) -> str:
        """The file, or the address without its password."""
        return address.shown(self.url.get_secret_value())


class Telegram(_Table):
    """[telegram]"""

    token: SecretStr = SecretStr("")
    mode: Literal["polling", "webhook"] = "polling"
    base_url: str = "https://api.telegram.org/bot"
    base_file_url: str = "https://api.telegram.org/file/bot"
    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    per_second: float = Field(default=28, ge=0, le=30)
    chat_per_second: float = Field(default=1, ge=0, le=30)
    chat_burst: int = Field(default=4, ge=1, le=20)
    poll_seconds: int = Field(default=25, ge=0, le=50)
    connect_seconds: float = Field(default=5, gt=0)
    answer_seconds: float = Field(default=20, gt=0)
    upload_seconds: float = Field(default=60, gt=0)
    watchdog_seconds: float = Field(default=90, gt=0)


class Web(_Table):
    """[web]"""

    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)


class Limits(_Table):
    """[limits]"""

    burst: int = Field(default=5, ge=0)
    seconds_per_message: float = Field(default=2, gt=0)
    photo_burst: int = Field(default=10, ge=0)
    photos_per_minute: float = Field(default=3, gt=0)
    waiting: int = Field(default=2000, ge=0)


class Files(_Table):
    """[files]"""

    dir: str = "photos"
    longest_side: int = Field(default=1600, ge=640, le=4000)
    most_kb: int = Field(default=600, ge=100, le=5000)
    most_megapixels: int = Field(default=50, ge=5, le=100)


class Backup(_Table):
    """[backup]"""

    dir: str = "backups"
    at: Annotated[str, AfterValidator(_time_or_never)] = "02:00"
    daily: int = Field(default=7, ge=1, le=366)
    weekly: int = Field(default=4, ge=0, le=520)
    monthly: int = Field(default=12, ge=0, le=1200)
    recipient: str = ""
    pg_dump: str = "pg_dump"


class Keep(_Table):
    """[keep]"""

    messages_days: int = Field(default=365, ge=0)
    photos_days: int = Field(default=365, ge=0)
    surprises_days: int = Field(default=30, ge=0)
    drafts_days: int = Field(default=1, ge=1)
    seen_days: int = Field(default=8, ge=2)
    audit_days: int = Field(default=730, ge=0)
    requests_days: int = Field(default=730, ge=0)
    codes_days: int = Field(default=90, ge=0)
    practice_days: int = Field(default=7, ge=1)


class Calendar(_Table):
    """[calendar]"""

    holidays: tuple[date, ...] = calendar.HOLIDAYS
    working_days: tuple[date, ...] = calendar.WORKING_DAYS


class Units(_Table):
    """[units]"""

    levels: list[str] = Field(default=list(KINDS), min_length=1)
    groupings: list[str] = list(GROUPINGS)
    kinds: dict[str, list[str]] = {level: list(kinds) for level, kinds in KINDS.items()}

    @model_validator(mode="after")
    def _every_level_has_kinds(self) -> Units:
        for level in self.kinds:
            if level not in self.levels:
                raise ValueError(f"kinds: there is no level {level!r}; levels has {', '.join(self.levels)}")
        for level in self.levels:
            if not self.kinds.get(level, KINDS.get(level)):
                raise ValueError(f'kinds: say which kinds {level!r} has, as {level} = ["xã", "phường"]')
        return self

    @property
    def as_levels(self) -> Levels:
        """With the usual kinds for levels of which nothing is said."""
        kinds = {level: self.kinds.get(level) or KINDS[level] for level in self.levels}
        return Levels(tuple(self.levels), kinds, tuple(self.groupings))


class Config(_Table):
    """The whole file."""

    bot: Bot = Bot()
    storage: Storage = Storage()
    telegram: Telegram = Telegram()
    web: Web = Web()
    limits: Limits = Limits()
    files: Files = Files()
    backup: Backup = Backup()
    keep: Keep = Keep()
    calendar: Calendar = Calendar()
    units: Units = Units()
    schedule: Annotated[dict[str, str], AfterValidator(_schedule)] = {}

    @property
    def photo_folder(self) -> Path:
        """Where photos are kept: beside the SQLite file, or from where the program was started."""
        where = Path(self.files.dir).expanduser()
        return where if self.storage.is_server else Path(self.storage.where).absolute().parent / where


SECRETS = {
    "APSO_STORAGE_URL": ("storage", "url"),
    "APSO_TELEGRAM_TOKEN": ("telegram", "token"),
    "APSO_TELEGRAM_WEBHOOK_SECRET": ("telegram", "webhook_secret"),
}


def load(path: Path | None, environment: Mapping[str, str] = os.environ) -> Config:
    """Read the file (None: defaults) and the secrets of the environment. Raises ConfigError."""
    raw: dict[str, Any] = {}
    if path is not None:
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except FileNotFoundError:
            raise ConfigError(f"There is no {path}. Copy config.example.toml to it and fill in the token.") from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path} cannot be read: {error}.") from None
    for variable, (table, key) in SECRETS.items():
        if environment.get(variable) and isinstance(raw.get(table, {}), dict):
            raw.setdefault(table, {})[key] = environment[variable]
    try:
        config = Config.model_validate(raw)
    except ValidationError as error:
        raise ConfigError("\n".join(_sentence(problem) for problem in error.errors())) from None
    _check_webhook(config.telegram)
    return config


def _check_webhook(telegram: Telegram) -> None:
    if telegram.mode != "webhook":
        return
    if not telegram.webhook_url.startswith("https://"):
        raise ConfigError('[telegram] webhook_url: Telegram only calls an address that begins with "https://".')
    if not telegram.webhook_url.endswith("/telegram"):
        raise ConfigError('[telegram] webhook_url: it must end in "/telegram", which is where [web] listens.')
    secret = telegram.webhook_secret.get_secret_value()
    if len(secret) < 16 or not all(sign.isascii() and (sign.isalnum() or sign in "_-") for sign in secret):
        raise ConfigError("[telegram] webhook_secret: at least 16 signs of A-Z, a-z, 0-9, _ and - are needed.")


def _sentence(problem: Any) -> str:
    table, *rest = [str(part) for part in problem["loc"]]
    if (table, *rest[:1]) in SECRETS.values() and problem["type"] != "value_error":
        return f"[{table}] {rest[0]}: write it as text in quotation marks."
    where = f"[{table}] {'.'.join(rest)}" if rest else f"[{table}]"
    match problem["type"]:
        case "extra_forbidden":
            return f"{where}: there is no such setting. See config.example.toml for those there are."
        case "model_type":  # what stands there may be a secret
            return f"{where}: write it as a line of its own, [{table}], with its settings below."
        case "literal_error":
            return f"{where}: {problem['input']!r} is not allowed; choose {problem['ctx']['expected']}."
        case "value_error":
            return f"{where}: {problem['ctx']['error']}."
        case _:
            return f"{where}: {problem['msg'].lower()} (it is {problem['input']!r})."
