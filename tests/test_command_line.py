"""The command line as an operator uses it, against the fake Bot API."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from tests.engine import url_of
from tests.servers.bot_api import BotApi

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
        f'base_url = "{api.base_url}"\nbase_file_url = "{api.base_file_url}"\n[web]\nport = 0\n',
        "utf-8",
    )
    return path


def spoil_token(config: Path) -> None:
    config.write_text(config.read_text("utf-8").replace('token = "', 'token = "1'), "utf-8")


async def apso(*arguments: str | Path) -> tuple[int, str, str]:
    """Run one command; returns status, output and errors."""
    command = [sys.executable, "-W", "error", "-m", "bot", *map(str, arguments)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


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

    status, said, _ = await apso("invites", "--unit", "xa dai dien", "--out", out, "--config", config)
    assert f"unused codes that {count[1]} of them had do not work any more" in said

    status, _, err = await apso("invites", "--unit", "Ấp 1", "--out", out, "--config", config)
    assert status == 1
    assert "Several units are called 'Ấp 1'" in err
    status, _, err = await apso("invites", "--unit", "Nowhere", "--out", out, "--config", config)
    assert (status, err) == (1, "apso: There is no unit called 'Nowhere'.\n")
    status, _, err = await apso("invites", "--out", tmp_path / "moi.txt", "--config", config)
    assert status == 1
    assert "end with .pdf" in err
    status, _, err = await apso(
        "invites", "--unit", "xa dai dien", "--out", tmp_path / "no" / "moi.pdf", "--config", config
    )
    assert status == 1
    assert "cannot be written" in err


async def test_a_sample_province(config: Path) -> None:
    status, _, err = await apso("init", "x", "--admin", "Lê Minh Quân", "--sample", "--config", config)
    assert (status, err) == (0, "")
    status, _, err = await apso("invite", "Nguyễn", "--config", config)
    assert status == 1
    assert "Several are called" in err


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
