"""What commands owe the operator where everything is in one file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.program import apso

ONE_ENGINE = True


@pytest.mark.parametrize("command", [("run",), ("invite", "An"), ("invites",), ("resume",), ("backup",)])
async def test_the_wrong_folder_gets_no_empty_database(command: tuple[str, ...], tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(f'[storage]\nurl = "{tmp_path}/apso.db"\n[telegram]\ntoken = "1234567:{"x" * 35}"\n')
    status, _, err = await apso(*command, "--config", config)
    assert status == 1
    assert "Begin with: apso init" in err
    assert os.listdir(tmp_path) == ["config.toml"]
