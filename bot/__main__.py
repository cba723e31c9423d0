"""The command line: run the bot, try it in a browser, look after it."""

from __future__ import annotations

import argparse
import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot import log
from bot.config import Config, ConfigError, load
from storage import address
from storage.db import InUse, StorageError, Store

CONFIG = Path("config.toml")
SETTINGS = ("categories", "counted", "periods", "forms", "targets")
ABOUT = "Ấp Số: the chat bot of the digital hamlet teams."
LANGUAGE = "Commands speak English; those for the office (import, settings, audit) the [bot] language."
TYPED = (
    'A DAY is written 2026-11-25, 25/11/2026 or 25/11; a UNIT by its code, its name, or "Xã An Hiệp, Huyện Châu Thành".'
)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 well, 1 a sentence on standard error says why not, 130 Ctrl-C."""
    told = _parser().parse_args(arguments)
    try:
        status: int = asyncio.run(told.command(told))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:  # whoever read it, `head` for one, has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 128 + signal.SIGPIPE
    except _plain_errors() as error:
        print(f"apso: {error}", file=sys.stderr)
        return 1
    return status


def _plain_errors() -> tuple[type[Exception], ...]:
    from bot.channels.telegram import Stopped
    from bot.web.server import CannotServe

    return (ConfigError, StorageError, CannotServe, Stopped)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="apso", description=ABOUT, epilog=LANGUAGE)
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, about: str, run: Callable[[argparse.Namespace], Awaitable[int]]) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=about, description=about)
        one.set_defaults(command=run)
        return one

    demo = command("demo", "A whole invented province on three phones in your browser.", _demo)
    demo.add_argument("--port", type=int, default=8080, help="port on this machine (0: any free one)")
    demo.add_argument("--no-browser", action="store_true", help="only print the address")
    demo.add_argument("--keep", type=Path, metavar="FILE", help="keep the database in FILE and go on with it next time")
    run = command("run", "Run the bot with the settings of config.toml.", _run)
    run.add_argument(
        "--role",
        choices=("all", "web", "send", "clock"),
        default="all",
        help="what this process does, where several work on one PostgreSQL database (default: all)",
    )
    run.add_argument("--port", type=int, help="where this process answers /healthz (default: [web] port)")
    init = command("init", "Begin a new database: the top unit and its first administrator.", _init)
    init.add_argument("unit", help='name of the top unit, as "Tỉnh Bến Tre"')
    init.add_argument("--admin", required=True, metavar="NAME", help="name of the first administrator")
    init.add_argument("--phone", default="", help="their telephone number")
    init.add_argument("--sample", action="store_true", help="fill it with the demonstration's units and people")
    invite = command(
        "invite", "Print a new personal code for somebody (stop the bot first, or use /moi in the chat).", _invite
    )
    invite.add_argument("who", help="a name, a telephone number, or the number shown when several have that name")
    invites = command(
        "invites",
        "Draw invitations to print for everybody who has not joined (stop the bot first, or use /moi).",
        _invites,
    )
    invites.add_argument("--unit", default="", metavar="UNIT", help="of this unit and below (default: of all)")
    invites.add_argument("--out", type=Path, default=Path("giay-moi.pdf"), metavar="FILE.pdf", help="the sheets")
    invites.add_argument("--again", action="store_true", help="also for those whose earlier code still works")
    roster = command("import", "Take over an office's list of people (Excel or CSV): shown first, then asked.", _import)
    roster.add_argument("file", type=Path, nargs="?", help="the list, as the office keeps it")
    roster.add_argument("--dry-run", action="store_true", help="only say what it would change")
    roster.add_argument("--yes", action="store_true", help="do not ask")
    roster.add_argument("--json", action="store_true", help="figures and doubtful rows as JSON")
    roster.add_argument(
        "--marked", type=Path, metavar="FILE", help="write a copy with the doubtful cells marked (.xlsx)"
    )
    roster.add_argument("--under", default="", metavar="UNIT", help="the unit the list belongs to (default: the top)")
    roster.add_argument("--remove-gone", action="store_true", help="let go whoever is here and not in the list")
    roster.add_argument("--undo", action="store_true", help="take back the last import, while nothing is built on it")
    roster.add_argument("--language", choices=("vi", "en"), help="of what it says (default: [bot] language)")
    settings = command("settings", "What is reported, counted, by when and how much: taken from a file.", _settings)
    settings.add_argument("kind", choices=SETTINGS, help="what the file is of")
    settings.add_argument("file", type=Path, help="Excel or CSV, as --export writes it")
    settings.add_argument("--dry-run", action="store_true", help="only say what it would change")
    settings.add_argument("--export", action="store_true", help="instead: write what is kept into the file")
    backup = command("backup", "Copy the database, while the bot runs or not, and check the copy.", _backup)
    backup.add_argument("--to", type=Path, metavar="DIR", help="where to; copies there are never removed")
    restore = command("restore", "Bring a backup back, with the sender paused. Stop the bot first.", _restore)
    restore.add_argument("file", type=Path, help="the backup")
    restore.add_argument("--identity", type=Path, metavar="FILE", help="the secret key of age, for a sealed backup")
    restore.add_argument("--yes", action="store_true", help="do not ask")
    resume = command("resume", "After a restore: let the sender say what waits.", _resume)
    resume.add_argument("--discard", action="store_true", help="do not say what waits, only what comes from now on")
    move = command("move", "Carry everything into another, empty database. Stop the bot first.", _move)
    move.add_argument("--from", dest="source", metavar="URL", help="where it is now (default: [storage] url)")
    move.add_argument(
        "--to", dest="target", required=True, metavar="URL", help="a file, or postgresql://user@host/name"
    )
    migrate = command("migrate", "Bring the database up to this program, after a copy, and say what changed.", _migrate)
    reform = command("reform", "Merge, rename and move units by a plan in a file. Stop the bot first.", _reform)
    reform.add_argument("plan", type=Path, nargs="?", help="CSV: old_code, old_name, old_parent, new_code, new_name …")
    reform.add_argument("--date", default="", metavar="DAY", help="date of effect")
    reform.add_argument("--under", default="", metavar="UNIT", help="what the new units stand under")
    reform.add_argument("--dry-run", action="store_true", help="say what would be done, and change nothing")
    reform.add_argument("--json", action="store_true", help="say it as JSON")
    reform.add_argument("--skip-unknown", action="store_true", help="leave out rows of units that are not kept here")
    reform.add_argument("--undo", type=int, metavar="N", help="take reform number N back instead")
    status = command("status", "How the running bot is: what is wrong, what waits, what it did last.", _status)
    status.add_argument("--port", type=int, help="where it answers /healthz (default: [web] port)")
    parse = command("parse", "Read messages, one a line, and print what they report as JSON, one a line.", _parse)
    parse.add_argument("file", type=Path, nargs="?", help="the messages (default: standard input)")
    parse.add_argument("--today", default="", metavar="DAY", help="the day they were written (default: today)")
    audit = command("audit", "The log of changes: who did what, when, from what to what.", _audit)
    audit.add_argument("--since", default="", metavar="DAY", help="from this day on")
    audit.add_argument("--person", default="", metavar="NAME", help="only what is by or about somebody")
    audit.add_argument("--unit", default="", metavar="UNIT", help="only what concerns this unit and below")
    audit.add_argument("--csv", type=Path, metavar="FILE", help="into a new file that a spreadsheet opens")
    audit.add_argument("--kept", action="store_true", help="instead: what was forgotten because its time was over")
    doctor = command(
        "doctor", "Check configuration, database, what backups need, token, webhook, clock and disk.", _doctor
    )
    for one in (invites, roster, reform, parse, audit):
        one.epilog = TYPED
    readers = (
        run,
        init,
        invite,
        invites,
        roster,
        settings,
        status,
        audit,
        doctor,
        backup,
        restore,
        resume,
        move,
        migrate,
        reform,
    )
    for one in readers:
        one.add_argument("--config", type=Path, default=CONFIG, help="settings file (default: config.toml)")
    return parser


def _configured(told: argparse.Namespace) -> Config:
    config = load(told.config)
    secrets = [config.telegram.token.get_secret_value(), config.telegram.webhook_secret.get_secret_value()]
    log.set_up(config.bot.log_level, [*secrets, *address.secrets(config.storage.url.get_secret_value())])
    return config


def _begun(config: Config) -> Config:
    """Only `init` makes a database: another folder's `run` would talk to everybody as to strangers."""
    if not config.storage.is_server and not Path(config.storage.where).exists():
        raise ConfigError(
            f'There is no {config.storage.where} here. Begin with: apso init "Tỉnh …" --admin "Name"; or name the '
            "right file in [storage] url."
        )
    return config


async def _demo(told: argparse.Namespace) -> int:
    from bot.demo.run import demo

    log.set_up("warning")
    return await demo(told.port, browser=not told.no_browser, keep=told.keep, stop=_stop_signal())


async def _run(told: argparse.Namespace) -> int:
    from bot.app import ROLES, App, check_schedule, open_store, real_now, telegram
    from bot.backup import back_up, chores
    from bot.restore import waiting_lines

    config = _configured(told)
    if not config.telegram.token.get_secret_value():
        raise ConfigError("[telegram] token is empty. Get one from @BotFather, or try `apso demo` first.")
    check_schedule(config)
    roles = ROLES if told.role == "all" else (told.role,)
    if len(roles) < len(ROLES) and not config.storage.is_server:
        raise ConfigError(
            f"--role {told.role}: on one file one process does everything. Several need a [storage] url like "
            '"postgresql://user@host/apso".'
        )
    port = told.port if told.port is not None or "web" in roles else 0
    _begun(config)
    store = await _alone(open_store(config, real_now()))
    channels = {"telegram": telegram(config, real_now)}
    app = App(
        config,
        store,
        channels,
        roles=roles,
        port=port,
        chores=chores(config, real_now),
        copy=lambda: back_up(config, real_now()),
    )
    stop = _stop_signal()
    gc.freeze()  # what is loaded by now stays: looking through it again and again was 7 % of the time
    gc.set_threshold(20_000, 50, 100)
    try:
        await app.start()
        where = app.server.url if app.server else "nowhere"
        for line in await store.run(lambda db: waiting_lines(db, real_now())):
            print(line, file=sys.stderr, flush=True)
        log.started(f"{told.role}, {config.telegram.mode} with {config.storage.where}, health at {where}/healthz")
        await _first(app.wait(), stop.wait())
    finally:
        await app.stop()
    return 0


async def _alone(opening: Awaitable[Store]) -> Store:
    try:
        return await opening
    except InUse as error:
        raise InUse(
            f"{error} Another bot needs a file of its own, named in the [storage] url of its own config."
        ) from None


async def _init(told: argparse.Namespace) -> int:
    from bot.setup import begin

    return await begin(_configured(told), told.unit, told.admin, told.phone, sample=told.sample)


async def _invite(told: argparse.Namespace) -> int:
    from bot.setup import invite

    return await invite(_begun(_configured(told)), told.who)


async def _invites(told: argparse.Namespace) -> int:
    from bot.setup import invite_all

    return await invite_all(_begun(_configured(told)), told.unit, told.out, again=told.again)


async def _import(told: argparse.Namespace) -> int:
    from bot import importing

    if told.undo:
        config = _begun(_configured(told))
        return await importing.undo(config, told.language or config.bot.language)
    if told.file is None:
        raise ConfigError("Name the file of the list.")
    # To look at a list no settings and no database are needed.
    config = _configured(told) if told.config.exists() or not told.dry_run else load(None)
    order = importing.Order(
        told.file,
        dry_run=told.dry_run,
        as_json=told.json,
        marked=told.marked,
        under=told.under,
        remove_gone=told.remove_gone,
        yes=told.yes,
        language=told.language or config.bot.language,
    )
    return await importing.command(config, order)


async def _settings(told: argparse.Namespace) -> int:
    from bot import settings

    config = _begun(_configured(told))
    return await settings.command(config, settings.Order(told.kind, told.file, told.dry_run, told.export))


async def _backup(told: argparse.Namespace) -> int:
    from bot.app import real_now
    from bot.backup import command

    return await command(_begun(_configured(told)), real_now(), told.to)


async def _restore(told: argparse.Namespace) -> int:
    from bot.restore import restore

    return await restore(_configured(told), told.file, told.identity, ask=not told.yes)


async def _resume(told: argparse.Namespace) -> int:
    from bot.restore import resume

    return await resume(_begun(_configured(told)), discard=told.discard)


async def _move(told: argparse.Namespace) -> int:
    from bot.moving import move

    config = load(told.config if told.source is None or told.config.exists() else None)
    source = told.source or config.storage.url.get_secret_value()
    log.set_up(config.bot.log_level, [*address.secrets(source), *address.secrets(told.target)])
    return await move(config, source, told.target)


async def _migrate(told: argparse.Namespace) -> int:
    from bot.migrate import migrate

    return await migrate(_configured(told))


async def _reform(told: argparse.Namespace) -> int:
    from bot.reforming import reform, undo

    config = _begun(_configured(told))
    if told.undo is not None:
        return await undo(config, told.undo)
    if told.plan is None:
        raise ConfigError("Name the file with the plan, or --undo N.")
    return await reform(
        config,
        told.plan,
        day=told.date,
        under=told.under,
        dry_run=told.dry_run,
        as_json=told.json,
        skip_unknown=told.skip_unknown,
    )


async def _status(told: argparse.Namespace) -> int:
    from bot.status import report

    return await report(_configured(told), told.port)


async def _audit(told: argparse.Namespace) -> int:
    from bot.ledger import Wanted, forgotten, report

    config = _begun(_configured(told))
    if told.kept:
        return await forgotten(config)
    return await report(config, Wanted(told.since, told.person, told.unit, told.csv))


async def _doctor(told: argparse.Namespace) -> int:
    from bot.doctor import examine

    return await examine(told.config)


async def _parse(told: argparse.Namespace) -> int:
    from bot import typed
    from bot.chat.texts import Voice, load
    from bot.config import Bot
    from bot.parsing import parse

    today = typed.today(Bot().zone)
    return parse(told.file, typed.day(told.today, today, Voice(load(), "en")) if told.today else today)


async def _first(*waits: Awaitable[object]) -> None:
    """Until one of them is over; raises what it raised."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    for task in done:
        task.result()


def _stop_signal() -> asyncio.Event:
    """Set by Ctrl-C or by a polite kill."""
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


if __name__ == "__main__":
    sys.exit(main())
