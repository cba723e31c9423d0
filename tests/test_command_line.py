"""The command line as an operator uses it, against the fake Bot API."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from storage import dump, people, units
from storage.db import Db
from tests.engine import is_postgres, new_postgres, open_engine, url_of
from tests.program import Program, apso, write_config
from tests.servers.bot_api import BotApi
from tests.storage.test_dump import PG_DUMP

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as opened:
        yield opened


@pytest.fixture
def config(tmp_path: Path, api: BotApi) -> Path:
    path = tmp_path / "config.toml"
    path.write_text(
        f'[storage]\nurl = "{url_of(tmp_path / "apso.db")}"\n[telegram]\ntoken = "{api.token}"\n'
        f'base_url = "{api.base_url}"\nbase_file_url = "{api.base_file_url}"\n[web]\nport = 0\n'
        f'[backup]\npg_dump = "{PG_DUMP}"\n',
        "utf-8",
    )
    return path


def spoil_token(config: Path) -> None:
    config.write_text(config.read_text("utf-8").replace('token = "', 'token = "1'), "utf-8")


async def test_begin_and_invite(config: Path, api: BotApi) -> None:
    status, out, err = await apso(
        "init", "Tỉnh Bến Tre", "--admin", "Lê Minh Quân", "--phone", "0912.345.678", "--config", config
    )
    assert (status, err) == (0, "")
    code = re.search(r"Lê Minh Quân: ([A-Z2-9]{4}-[A-Z2-9]{4})", out)
    assert code is not None
    assert f"https://t.me/apso_bot?start={code[1]}" in out

    status, _, err = await apso("init", "Tỉnh Bến Tre", "--admin", "X", "--config", config)
    assert status == 1
    assert "has units already" in err

    status, out, _ = await apso("invite", "minh quan", "--config", config)
    assert status == 0
    assert code[1] not in out
    status, out, _ = await apso("invite", "0912345678", "--config", config)
    assert status == 0
    status, _, err = await apso("invite", "Nobody", "--config", config)
    assert status == 1
    assert "Nobody is called 'Nobody'" in err


async def test_inviting_one_of_several(config: Path, tmp_path: Path) -> None:
    await apso("init", "Tỉnh Bến Tre", "--admin", "Nguyễn Văn An", "--config", config)
    store = await open_engine(tmp_path / "apso.db", 1)

    def others(db: Db) -> list[int]:
        top = units.top(db)
        assert top is not None
        hamlet = units.add(db, code="2", name="Ấp 1", kind="ấp", level="hamlet", parent=top, since=1)
        found = []
        for name, roles in (("Nguyễn Văn An", ["head"]), ("Nguyễn Văn Anh", ["member"]), ("Lê An", ["head", "admin"])):
            person = people.add(db, name=name, phone="", language="vi", now=1)
            for role in roles:
                people.appoint(db, person.id, hamlet.id, role, 1)
            found.append(person.id)
        return found

    an, anh, le_an = await store.run(others)
    await store.close()
    status, out, err = await apso("invite", "le an", "--config", config)
    assert (status, err) == (0, "")
    status, out, err = await apso("invite", "nguyen  van AN", "--config", config)
    assert (status, out) == (1, "")
    assert err == (
        "apso: Several are called 'nguyen  van AN'. Say which by the number in front, as: apso invite 1\n"
        "     1  Nguyễn Văn An, administrator in Tỉnh Bến Tre\n"
        f"{an:>6}  Nguyễn Văn An, head in Ấp 1\n"
    ), "not the one whose name goes on"
    status, out, err = await apso("invite", str(an), "--config", config)
    assert (status, err) == (0, "")
    assert out.startswith("Nguyễn Văn An: ")
    status, out, err = await apso("invite", "an", "--config", config)
    assert status == 1
    assert f"{anh:>6}  Nguyễn Văn Anh, member in Ấp 1\n" in err, "a part of a name means all who bear it"
    assert f"{le_an:>6}  Lê An, head in Ấp 1, administrator in Ấp 1\n" in err
    status, _, err = await apso("invite", "77", "--config", config)
    assert (status, err) == (1, "apso: Nobody is called '77'.\n")


async def test_sheets_of_invitations(config: Path, api: BotApi, tmp_path: Path) -> None:
    await apso("init", "x", "--admin", "Lê Minh Quân", "--sample", "--config", config)
    out = tmp_path / "moi.pdf"
    status, said, err = await apso("invites", "--unit", "xa dai dien", "--out", out, "--config", config)
    assert (status, err) == (0, "")
    count = re.search(r"invitations for (\d+) people of Xã Đại Điền", said)
    assert count is not None
    pages = [page.extract_text() for page in PdfReader(out).pages]
    codes = re.findall(r"[A-Z2-9]{4}-[A-Z2-9]{4}", "".join(pages))
    assert len(codes) == len(set(codes)) == int(count[1])
    assert "quét hình vuông" in pages[0]
    assert out.stat().st_mode & 0o077 == 0, "for nobody else on the machine"

    status, _, err = await apso("invites", "--unit", "xa dai dien", "--out", out, "--config", config)
    assert (status, "have a code that still works" in err) == (1, True), "strips handed out stay good"
    status, said, _ = await apso("invites", "--unit", "xa dai dien", "--out", out, "--again", "--config", config)
    assert f"unused codes that {count[1]} of them had do not work any more" in said

    status, _, err = await apso("invites", "--unit", "Ấp 1", "--out", out, "--config", config)
    assert status == 1
    assert re.search(r"\d+ units are called “Ấp 1”. Say what it stands in, as below", err)
    status, _, err = await apso("invites", "--unit", "Nowhere", "--out", out, "--config", config)
    assert (status, err) == (1, "apso: There is no unit called “Nowhere”, nor one with a name like it.\n")
    status, _, err = await apso("invites", "--out", tmp_path / "moi.txt", "--config", config)
    assert status == 1
    assert "end with .pdf" in err
    status, _, err = await apso(
        "invites", "--unit", "xa dai dien", "--again", "--out", tmp_path / "no" / "moi.pdf", "--config", config
    )
    assert status == 1
    assert "cannot be written" in err


async def test_a_sample_province(config: Path) -> None:
    status, _, err = await apso("init", "x", "--admin", "Lê Minh Quân", "--sample", "--config", config)
    assert (status, err) == (0, "")
    status, _, err = await apso("invite", "Nguyễn", "--config", config)
    assert status == 1
    assert "Several are called" in err
    assert re.search(r"\n  and \d+ more: say more of the name, or the telephone number\n$", err)


async def test_a_wrong_telephone_number(config: Path) -> None:
    status, _, err = await apso("init", "Tỉnh", "--admin", "A", "--phone", "12", "--config", config)
    assert status == 1
    assert "write it like 0912345678" in err


async def test_the_doctor(config: Path, api: BotApi, tmp_path: Path) -> None:
    status, out, _ = await apso("doctor", "--config", config)
    assert status == 1
    assert "Begin with: apso init" in out
    assert not (tmp_path / "apso.db").exists()
    await apso("init", "Tỉnh Bến Tre", "--admin", "A", "--config", config)
    status, out, err = await apso("doctor", "--config", config)
    assert (status, err) == (0, "")
    for part in ("configuration", "database", "people: Tỉnh Bến Tre", "outbox", "telegram: @apso_bot", "clock", "disk"):
        assert part in out
    assert api.token not in out


async def test_the_doctor_names_what_is_wrong(config: Path, tmp_path: Path) -> None:
    status, out, _ = await apso("doctor", "--config", tmp_path / "no.toml")
    assert status == 1
    assert "Copy config.example.toml" in out
    spoil_token(config)
    status, out, _ = await apso("doctor", "--config", config)
    assert status == 1
    assert "BAD  telegram" in out


@pytest.mark.skipif(is_postgres(), reason="there any number of programs may use it")
async def test_what_wants_the_file_for_itself_says_that_the_bot_runs(config: Path, tmp_path: Path) -> None:
    await apso("init", "Tỉnh", "--admin", "A", "--config", config)
    _, out, _ = await apso("backup", "--config", config)
    copy = out.partition(": ")[0]
    store = await open_engine(tmp_path / "apso.db", 1)  # as the running bot has it
    try:
        for command in (
            ["resume"],
            ["invite", "A"],
            ["restore", copy, "--yes"],
            ["migrate"],
            ["init", "B", "--admin", "A"],
        ):
            status, out, err = await apso(*command, "--config", config)
            assert (status, out) == (1, ""), command
            assert err == (
                f"apso: {tmp_path / 'apso.db'} is in use: the bot is running, or another apso command is. Only one "
                "program may use it; stop that one first.\n"
            )
        status, out, err = await apso("doctor", "--config", config)
    finally:
        await store.close()
    assert (status, err) == (0, ""), "that it runs is no trouble"
    assert "note database: not looked through. " in out
    assert "How the running bot is: apso status" in out


async def test_running_without_a_token_says_what_to_do(tmp_path: Path) -> None:
    empty = tmp_path / "config.toml"
    empty.write_text("", "utf-8")
    status, _, err = await apso("run", "--config", empty)
    assert status == 1
    assert err == "apso: [telegram] token is empty. Get one from @BotFather, or try `apso demo` first.\n"


async def test_running_with_a_refused_token_stops_with_a_sentence(config: Path) -> None:
    await apso("init", "Tỉnh", "--admin", "A", "--config", config)
    spoil_token(config)
    status, _, err = await apso("run", "--config", config)
    assert status == 1
    assert "apso: " in err.splitlines()[-1]
    assert "token" in err.splitlines()[-1]
    assert "Traceback" not in err


async def test_a_start_that_waits_says_for_what_and_can_be_given_up(tmp_path: Path, api: BotApi) -> None:
    """As while an `apso restore` asks its question in another terminal."""
    url = new_postgres("waited_for")
    path = write_config(tmp_path, api, url=url, poll_seconds=1)
    await apso("init", "Tỉnh", "--admin", "A", "--config", path)
    given_up, going_on = (Program(tmp_path, "bot", "run", "--config", str(path)) for _ in range(2))
    with dump.alone(url):
        given_up.start()
        await waits_aloud(given_up, 1)
        assert await asyncio.to_thread(given_up.interrupt) == 130
        going_on.start()
        await waits_aloud(going_on, 2)
    try:
        async with asyncio.timeout(20):
            while not api.called("getUpdates"):
                await asyncio.sleep(0.05)
    finally:
        assert await asyncio.to_thread(going_on.stop) == 0
    assert going_on.output.count("\n") == 2, "one line of each, and nothing else"


async def waits_aloud(program: Program, lines: int) -> None:
    async with asyncio.timeout(20):
        while program.output.count("waiting for another apso: it is changing the schema") < lines:
            assert program.ended is None, program.output
            await asyncio.sleep(0.05)
