"""In English what was counted is English too, whatever it was counted in."""

from __future__ import annotations

import pytest

from bot.rules.reading.words import UNITS
from storage import counted
from storage.counted import Counted
from tests.handlers.test_targets import set_target
from tests.rig import Village


async def test_what_was_counted_otherwise_than_its_kind_is(here: Village) -> None:
    """The card, the sheet, a question, the team's card, the results, history, search, judging and a correction."""
    for who in (here.an, here.tam):
        await who.says("/english")
    await here.an.says("giup 5 ng nop dvc, cài vneid 3 hộ")
    await here.an.sees("✔ 5 people – ", "✔ 3 households – ")
    await here.an.presses("Change")
    await here.an.presses("5 people Online public services")
    await here.an.sees("Now: 5 people")
    await here.an.says("6")
    await here.an.presses("Send")
    await here.an.sees("B-0001", "✔ 6 people")
    await here.tam.sees("Nguyễn Văn An: 6 people Online public services, 3 households")
    await here.an.says("/ketqua")
    await here.an.sees("6 people – Online public services")
    await here.an.says("/lichsu people")
    await here.an.sees("B-0001", "6 people Online public services")
    await here.tam.says("B-0001")
    await here.tam.presses("Change")
    await here.tam.says("dvc 9 người")
    await here.tam.sees("Before: 6 people Online public services", "✔ 9 people")
    await here.tam.presses("Correct it")
    await here.an.sees("6 people Online public services, 3 households", "9 people Online public services")


async def test_what_counts_not_towards_a_target(here: Village) -> None:
    await set_target(here, "40 hồ sơ")
    await here.an.says("dvc 6 người")
    await here.an.presses("Gửi")
    await here.an.says("/english")
    await here.an.says("/ketqua")
    assert "people" in await here.an.sees("Online public services: 0/40 dossiers")


async def test_the_whole_of_a_ratio(here: Village) -> None:
    await here.an.says("/english")
    await here.an.says("qr 25/40 tiểu thương")
    await here.an.sees("✔ 25 market traders", "25 of 40 market traders")


async def test_of_a_number_that_belongs_to_no_kind(here: Village) -> None:
    await here.an.says("/english")
    await here.an.says("giúp 12 người")
    await here.an.sees("12 people")


async def test_the_offices_own_word_comes_first(here: Village) -> None:
    await here.store.run(lambda db: counted.put(db, Counted("quán", "food stalls")))
    await here.an.says("/english")
    await here.an.says("qr 3 quán")
    await here.an.sees("✔ 3 food stalls")


@pytest.mark.parametrize("english", ["quán", ""])
async def test_an_office_that_named_none_in_english_hears_the_common_one(here: Village, english: str) -> None:
    await here.store.run(lambda db: counted.put(db, Counted("quán", english)))
    assert (await here.store.run(counted.english))["quán"] == "small shops"


async def test_everything_that_is_read_has_an_english_name(here: Village) -> None:
    known = await here.store.run(counted.english)
    assert set(UNITS) - set(known) == set(), "to be named in storage/seed/units.toml"
