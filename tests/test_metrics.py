"""The figures for Prometheus: of what happened, under bounded names, and never what anybody said."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import VERSION
from bot.channels.channel import Throttled, Unreachable
from bot.metrics import MOST_AWAITED, Metrics
from bot.rules.health import Facts, Process, Trouble
from storage.outbox import Letter, Result, State
from storage.watching import Lane
from tests.rig import Village
from tests.test_imports import ROOT

FACTS = Facts(1000, Process())


def read(page: bytes) -> dict[str, float]:
    """Name with labels → value."""
    lines = [line for line in page.decode().splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def result(letter_id: int, state: State = "sent", lane: int = 0) -> Result:
    values = {"kind": "REPLY", "channel": "phone", "chat": "p1", "person_id": 7, "broadcast_id": None, "body": "{}"}
    rest = {"card": "", "edits": 0, "attempts": 0, "epoch": 1, "target": ""}
    return Result(Letter(id=letter_id, lane=lane, **values, **rest), state)  # type: ignore[arg-type]


@pytest.fixture
def time() -> list[float]:
    return [100.0]


@pytest.fixture
def metrics(time: list[float]) -> Metrics:
    return Metrics("1.2.3", lambda: time[0], lambda: 4)


@pytest.fixture
def figures(metrics: Metrics) -> Callable[[], dict[str, float]]:
    return lambda: read(metrics.exposed(FACTS, ()))


Figures = Callable[[], dict[str, float]]


def test_turns_by_feature_and_outcome(metrics: Metrics, figures: Figures) -> None:
    for outcome in ("ok", "ok", "refused chat.stale_button", "refused tasks.not_yours", "too fast"):
        metrics.heard("tasks", outcome, 100.0)
    metrics.heard("", "repeated", 100.0)
    metrics.turned_away("dropped")
    turns = {name: value for name, value in figures().items() if name.startswith("apso_turns")}
    assert turns == {
        'apso_turns_total{feature="tasks",outcome="ok"}': 2,
        'apso_turns_total{feature="tasks",outcome="refused"}': 2,
        'apso_turns_total{feature="tasks",outcome="too fast"}': 1,
        'apso_turns_total{feature="none",outcome="repeated"}': 1,
        'apso_turns_total{feature="none",outcome="dropped"}': 1,
    }


def test_a_reply_is_timed_until_the_channel_has_it(metrics: Metrics, time: list[float], figures: Figures) -> None:
    time[0] = 100.004
    metrics.heard("reports", "ok", 100.0, [1, 2, 3])
    time[0] = 100.2
    metrics.told("phone", result(1))
    time[0] = 103.0
    metrics.told("phone", result(2))
    metrics.told("phone", result(3, "failed"))
    metrics.told("phone", result(4, lane=2))
    found = figures()
    assert found["apso_turn_seconds_sum"] == pytest.approx(0.004)
    assert found['apso_turn_seconds_bucket{le="0.005"}'] == 1
    assert found["apso_reply_seconds_count"] == 2, "neither what failed nor what answers nobody"
    assert found["apso_reply_seconds_sum"] == pytest.approx(3.2)
    assert found['apso_letters_total{channel="phone",lane="replies",state="sent"}'] == 2
    assert found['apso_letters_total{channel="phone",lane="replies",state="failed"}'] == 1
    assert found['apso_letters_total{channel="phone",lane="broadcasts",state="sent"}'] == 1


def test_replies_that_another_process_sends_are_not_waited_for(metrics: Metrics, figures: Figures) -> None:
    metrics.heard("reports", "ok", 100.0, range(MOST_AWAITED + 1))
    metrics.told("phone", result(0))
    metrics.told("phone", result(1))
    assert figures()["apso_reply_seconds_count"] == 1, "the first of them was forgotten"


def test_errors_by_their_kind(metrics: Metrics, figures: Figures) -> None:
    metrics.told("telegram", Throttled("wait", 3))
    metrics.told("telegram", Throttled("wait", 3))
    metrics.told("telegram", Unreachable("0912345678 blocked the bot"))
    errors = {name: value for name, value in figures().items() if name.startswith("apso_send_errors")}
    assert errors == {
        'apso_send_errors_total{channel="telegram",kind="Throttled"}': 2,
        'apso_send_errors_total{channel="telegram",kind="Unreachable"}': 1,
    }


def test_the_store_and_the_clock(metrics: Metrics, figures: Figures) -> None:
    metrics.stored(0.0004, committed=True)
    metrics.stored(2.0, committed=False)
    metrics.late("reminders.morning", 3.5)
    found = figures()
    assert found["apso_commits_total"] == 1
    assert found["apso_store_seconds_count"] == 2
    assert found["apso_store_waiting"] == 4
    assert found['apso_clock_late_seconds{job="reminders.morning"}'] == 3.5
    assert found['apso_build_info{version="1.2.3"}'] == 1
    assert found["process_resident_memory_bytes"] > 1_000_000
    assert found["process_open_fds"] > 0


def test_what_is_counted_when_it_is_asked_for(metrics: Metrics) -> None:
    lanes = {"replies": Lane(queued=2, sending=1, due_since=400), "broadcasts": Lane(queued=9, unknown=3)}
    found = read(metrics.exposed(Facts(1000, Process(), lanes=lanes), [Trouble("disk", said="0.4")]))
    assert found['apso_outbox{lane="replies",state="queued"}'] == 2
    assert found['apso_outbox{lane="replies",state="sending"}'] == 1
    assert found['apso_outbox{lane="broadcasts",state="unknown"}'] == 3
    assert found['apso_outbox_oldest_seconds{lane="replies"}'] == pytest.approx(0.6)
    assert found['apso_outbox_oldest_seconds{lane="broadcasts"}'] == 0
    assert found['apso_trouble{kind="disk"}'] == 1
    found = read(metrics.exposed(Facts(2000, Process(), answering=False), [Trouble("store")]))
    assert found['apso_outbox{lane="replies",state="queued"}'] == 2, "the last that is known"
    assert 'apso_trouble{kind="disk"}' not in found


async def test_a_conversation_is_counted_and_nothing_of_it_shown(here: Village) -> None:
    said = "hôm nay bác Bảy 0912345678 nộp hồ sơ"
    await here.an.says(said)
    await here.an.says("/baocao")
    await here.an.says("/giaoviec")
    await here.an.reads()
    heard = here.app.metrics.exposed(FACTS, ())
    found = read(heard)
    turns = {name: value for name, value in found.items() if name.startswith("apso_turns_total")}
    assert sum(turns.values()) == 3
    assert turns['apso_turns_total{feature="tasks",outcome="refused"}'] == 1
    assert found["apso_turn_seconds_count"] == 3
    assert found["apso_commits_total"] >= 3
    assert found["apso_commits_total"] == found["apso_store_seconds_count"]
    for word in ("Bảy", "0912345678", here.an.name, here.an.chat):
        assert word.encode() not in heard


async def test_a_job_that_was_late(here: Village) -> None:
    await here.turns_to("2026-11-24 07:04")
    found = read(here.app.metrics.exposed(FACTS, ()))
    assert found['apso_clock_late_seconds{job="reminders.morning"}'] == 240


def test_the_version_is_the_package_s() -> None:
    assert tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"] == VERSION


def test_every_figure_is_explained(metrics: Metrics) -> None:
    page = metrics.exposed(FACTS, ()).decode()
    names = set(re.findall(r"^# TYPE (apso_\w+)", page, re.MULTILINE))
    assert names == set(re.findall(r"^# HELP (apso_\w+) \S", page, re.MULTILINE))
    manual = Path(ROOT / "docs" / "watching.md").read_text("utf-8")
    assert [name for name in sorted(names) if f"`{name}" not in manual] == []
