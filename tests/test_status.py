"""`apso status` as an operator uses it: of a bot that runs, of one that is ill, and of none."""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.rules.health import GIGABYTE, Facts, Process
from bot.watching import as_json
from bot.web.app import build
from bot.web.server import Server
from storage.watching import Lane
from tests import engine
from tests.program import Program, apso, write_config
from tests.rig import ZONE, moment
from tests.servers.bot_api import BotApi


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as opened:
        yield opened


@pytest.fixture
def config(tmp_path: Path, api: BotApi) -> Path:
    return write_config(tmp_path, api, poll_seconds=1)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def serve_at(config: Path, port: int) -> None:
    config.write_text(config.read_text("utf-8").replace("port = 0", f"port = {port}"), "utf-8")


@pytest.fixture
async def running(config: Path, tmp_path: Path, api: BotApi) -> AsyncIterator[Program]:
    """The bot on a port that its config.toml names, having heard from Telegram."""
    serve_at(config, free_port())
    await apso("init", "Tỉnh Bến Tre", "--admin", "Lê Minh Quân", "--config", config)
    program = Program(tmp_path, "bot", "run", "--config", str(config))
    program.start()
    async with asyncio.timeout(20):
        while len(api.called("getUpdates")) < 2:
            await asyncio.sleep(0.05)
    yield program
    await asyncio.to_thread(program.stop)


async def test_a_bot_that_runs(config: Path, running: Program) -> None:
    status, out, err = await apso("status", "--config", config)
    assert (status, err) == (0, "")
    assert "BAD" not in out
    first, *rest = out.splitlines()
    assert first.startswith("ok   running since 2")
    assert "role all, at http://127.0.0.1:" in first
    seen = "\n".join(rest)
    assert "note heard from Telegram " in seen
    assert " s ago (2" in seen
    assert "note sent something: not yet since it runs" in seen
    assert "ok   queue: 0 letters" in seen
    assert " GB free" in seen
    assert "next: " in seen


NOW = moment("2026-11-23 10:12")
ILL = Facts(
    NOW,
    Process(started_at=moment("2026-11-23 08:00"), polls=True, last_commit_at=NOW, disk_free=GIGABYTE // 2),
    last_poll_at=moment("2026-11-23 10:05"),
    last_sent_at=NOW - 3_700_000,
    looked_at=NOW,
    lanes={"replies": Lane(queued=12, unknown=2, due_since=NOW - 200_000), "tasks": Lane(queued=2)},
    since={"poll": moment("2026-11-23 10:07")},
)


async def test_a_bot_that_is_not_well(config: Path) -> None:
    async def ill() -> dict[str, object]:
        return as_json(ILL, ZONE) | {"role": "web", "version": "0.1.0"}

    server = Server(build(healthy=ill), port=0)
    await server.start()
    try:
        status, out, err = await apso("status", "--config", config, "--port", str(server.port))
    finally:
        await server.stop()
    assert (status, err) == (1, "")
    lines = out.splitlines()
    assert (
        lines[0]
        == f"ok   running since 2026-11-23 08:00:00: version 0.1.0, role web, at http://127.0.0.1:{server.port}/healthz"
    )
    assert lines[1:9] == [
        "BAD  Only 0.5 GB are free on the disk. Make room, 1 GB at least. When it is full nothing can be kept.",
        "BAD  since 2026-11-23 10:07:00: Nothing has come from Telegram for 7 minutes, so nobody is heard."
        " Check the server's network. When it is back the bot goes on by itself.",
        "BAD  12 answers could not be sent yet, the oldest for 3 minutes."
        " Check the server's network. Nothing is lost; it will be sent.",
        "note heard from Telegram 7 min ago (2026-11-23 10:05:00)",
        "note sent something 61 min ago (2026-11-23 09:10:20)",
        "note kept something 0 s ago (2026-11-23 10:12:00)",
        "note queue: 14 letters, replies for 3 min",
        "note 2 letters of the last day perhaps arrived, perhaps not",
    ]


async def test_a_bot_that_does_not_run(config: Path, running: Program) -> None:
    assert await asyncio.to_thread(running.stop) == 0
    status, out, err = await apso("status", "--config", config)
    assert (status, err) == (1, "")
    first, queue, last = out.splitlines()
    assert first.startswith("BAD  not running: nothing answers at http://127.0.0.1:")
    assert queue == "note queue: nothing waiting to be sent"
    assert last.startswith("note last sign of life ")
    running.start()  # so that there is something to stop


async def test_a_bot_that_never_ran(config: Path, tmp_path: Path) -> None:
    serve_at(config, free_port())
    status, out, err = await apso("status", "--config", config)
    assert (status, err) == (1, "")
    assert "not running" in out
    if not engine.is_postgres():
        assert f"There is no {tmp_path / 'apso.db'} yet" in out
        assert not (tmp_path / "apso.db").exists(), "to look is not to make"


@pytest.mark.skipif(engine.is_postgres(), reason="there any number of programs may use it")
async def test_any_free_port_cannot_be_known(config: Path, tmp_path: Path, api: BotApi) -> None:
    await apso("init", "Tỉnh Bến Tre", "--admin", "A", "--config", config)
    program = Program(tmp_path, "bot", "run", "--config", str(config))
    program.start()
    try:
        async with asyncio.timeout(20):
            while not api.called("getUpdates"):
                await asyncio.sleep(0.05)
        status, out, err = await apso("status", "--config", config)
    finally:
        await asyncio.to_thread(program.stop)
    assert (status, err) == (1, "")
    assert "[web] port is 0, any free one" in out
    assert "is in use, so the bot is running" in out


async def test_somebody_else_at_that_port(config: Path) -> None:
    server = Server(build(), port=0)
    await server.start()
    try:
        status, out, _ = await apso("status", "--config", config, "--port", str(server.port))
    finally:
        await server.stop()
    assert status == 1
    assert "something else answers at" in out


async def test_who_leads_where_several_processes_work(tmp_path: Path, api: BotApi) -> None:
    config = write_config(tmp_path, api, url=engine.new_postgres("status"), port=free_port(), poll_seconds=1)
    await apso("init", "Tỉnh Bến Tre", "--admin", "Lê Minh Quân", "--config", config)
    one, other = (
        Program(tmp_path, "bot", "run", "--config", str(config), *port) for port in ([], ["--port", str(free_port())])
    )
    does = ("sends", "rings the clock", "asks Telegram for news")
    one.start()
    try:
        async with asyncio.timeout(20):
            while len(api.called("getUpdates")) < 2:
                await asyncio.sleep(0.05)
        other.start()
        status, out, err = await apso("status", "--config", config)
        assert (status, err) == (0, ""), out
        for what in does:
            assert re.search(rf"^ok   {what}: process {one.pid} on {socket.gethostname()}, since 2", out, re.MULTILINE)

        one.kill()
        async with asyncio.timeout(20):
            while f"process {other.pid} on" not in (out := (await apso("status", "--config", config))[1]):
                await asyncio.sleep(0.05)
        status, out, err = await apso("status", "--config", config)
        assert (status, err) == (1, "")
        lines = out.splitlines()
        assert lines[0].startswith("BAD  nothing answers at http://127.0.0.1:")
        assert lines[0].endswith(", but the bot is running elsewhere:")
        assert [line.partition(", since")[0] for line in lines[1:4]] == [
            f"ok   {what}: process {other.pid} on {socket.gethostname()}" for what in does
        ]
    finally:
        ended = [await asyncio.to_thread(program.stop) for program in (one, other) if program.ended is None]
    assert ended == [0]
    status, out, err = await apso("status", "--config", config)
    assert (status, err) == (1, "")
    assert out.startswith("BAD  not running: nothing answers at http://127.0.0.1:")
    assert "elsewhere" not in out


async def test_what_nobody_leads(tmp_path: Path, api: BotApi) -> None:
    config = write_config(tmp_path, api, url=engine.new_postgres("status"), port=free_port(), poll_seconds=1)
    await apso("init", "Tỉnh Bến Tre", "--admin", "Lê Minh Quân", "--config", config)
    clock = Program(tmp_path, "bot", "run", "--role", "clock", "--config", str(config), "--port", str(free_port()))
    clock.start()
    try:
        async with asyncio.timeout(20):
            while "elsewhere" not in (out := (await apso("status", "--config", config))[1]):
                await asyncio.sleep(0.05)
    finally:
        assert await asyncio.to_thread(clock.stop) == 0
    assert f"ok   rings the clock: process {clock.pid} on " in out
    assert "BAD  sends: nobody\n" in out
    assert "BAD  asks Telegram for news: nobody\n" in out
