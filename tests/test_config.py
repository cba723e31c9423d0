"""Settings: the example runs as it is, and each mistake gets a sentence."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.app import App, find_routers
from bot.config import Config, ConfigError, load
from storage import address
from tests.engine import open_engine

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"


def configured(tmp_path: Path, text: str, **environment: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    return load(path, environment)


def test_the_example_is_the_defaults_and_explains_every_setting() -> None:
    config = load(EXAMPLE, {})
    assert config.model_copy(update={"schedule": {}}) == Config()
    text = EXAMPLE.read_text("utf-8")
    for table, fields in Config.model_fields.items():
        assert f"[{table}]" in text
        for name in getattr(fields.annotation, "model_fields", {}):
            begins = (f"{name} = ", f"[{table}.{name}]")
            assert any(line.startswith(begins) and "#" in line for line in text.splitlines()), name


def test_the_example_names_timers_that_exist() -> None:
    timers = {timer.name: timer.at for router in find_routers() for timer in router.timers}
    for name, at in load(EXAMPLE, {}).schedule.items():
        assert timers[name] == at


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[bot]\nzone = "Saigon"', "[bot] zone: 'Saigon' is not a time zone"),
        ('[bot]\nlanguage = "fr"', "[bot] language: 'fr' is not allowed; choose 'vi' or 'en'."),
        ('[bot]\nquiet_from = "9pm"', "[bot] quiet_from: '9pm' is not a time of day"),
        ("[bot]\nundo_minutes = 0", "[bot] undo_minutes: input should be greater than or equal to 1"),
        ("[telegram]\nper_second = 100", "[telegram] per_second: input should be less than or equal to 30"),
        ("[telegram]\ntokn = 1", "[telegram] tokn: there is no such setting"),
        ("[telegrm]\ntoken = 1", "[telegrm]: there is no such setting"),
        ('[schedule]\n"reminders.morning" = "7 o\'clock"', "reminders.morning"),
        ("[bot\n", "cannot be read"),
        ('[telegram]\nmode = "webhook"', 'webhook_url: Telegram only calls an address that begins with "https://"'),
        (
            '[telegram]\nmode = "webhook"\nwebhook_url = "https://a.vn/telegram"\nwebhook_secret = "short"',
            "webhook_secret: at least 16 signs",
        ),
    ],
)
def test_a_wrong_setting_gets_a_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, text)
    assert sentence in str(error.value)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, '[bot]\nzone = "X"\nlanguage = "fr"')
    assert len(str(error.value).splitlines()) == 2


def test_a_missing_file_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"Copy config.example.toml"):
        load(tmp_path / "config.toml", {})


def test_secrets_come_from_the_environment_and_are_not_shown(tmp_path: Path) -> None:
    config = configured(tmp_path, '[telegram]\ntoken = ""', APSO_TELEGRAM_TOKEN="1:hunter2")
    assert config.telegram.token.get_secret_value() == "1:hunter2"
    assert "hunter2" not in repr(config)


async def test_an_unknown_job_is_named_before_anything_starts(tmp_path: Path) -> None:
    store = await open_engine(":memory:", 1)
    try:
        with pytest.raises(
            ConfigError, match=r"\[schedule\] reminders.evening: there is no such job; there are .*morning"
        ):
            App(Config(schedule={"reminders.evening": "19:00"}), store, {})
    finally:
        await store.close()


def test_a_secret_is_not_echoed_however_wrong_it_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        configured(tmp_path, '[telegram]\ntoken = ["123456789:AAF0xKQZ1v3n4b5m6c7x8z9l0k1j2h3g4f5"]')
    assert "AAF0" not in str(error.value)
    with pytest.raises(ConfigError):
        configured(tmp_path, 'telegram = "x"', APSO_TELEGRAM_TOKEN="1:hunter2")
    with pytest.raises(
        ConfigError, match=r"^\[storage\]: write it as a line of its own, \[storage\], with its settings"
    ):
        configured(tmp_path, 'storage = "postgresql://an:hunter2@db/apso"')


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://apso:gehe@im/wort@127.0.0.1:1/apso",
        "postgresql://apso:gehe/imwort@127.0.0.1:1/apso",
        "postgres://apso:gehe#imwort@127.0.0.1:1/apso",
        "postgres://apso:gehe%imwort@127.0.0.1:1/apso",
        "postgresql://apso:gehe?im=wort@127.0.0.1:1/apso",
        "postgresql://apso:gehe im wort@127.0.0.1:1/apso",
        "postgresql://127.0.0.1:1/apso?user=apso&password=gehe@imwort",
        "postgresql+psycopg://apso:geheimwort@127.0.0.1:1/apso",
        "postgresql:/apso:geheimwort@127.0.0.1:1/apso",
        "Postgresql://apso:geheimwort@127.0.0.1:1/apso",
        "mysql://apso:geheimwort@127.0.0.1:1/apso",
        "apso:geheimwort@127.0.0.1:1/apso",
        "host=127.0.0.1 port=1 password=gehe imwort",
        "host=127.0.0.1 port=1 password='gehe'imwort'",
        "password='geheimwort host=127.0.0.1",
    ],
)
def test_no_piece_of_a_password_is_echoed_however_its_address_is_written(tmp_path: Path, url: str) -> None:
    with pytest.raises(
        ConfigError, match=r"\[storage\] url: .*(as %40|like \"postgresql://|password='two words')"
    ) as error:
        configured(tmp_path, "", APSO_STORAGE_URL=url)
    assert not re.search("gehe|im|wort", str(error.value).replace("written otherwise", ""))


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("apso.db", "apso.db"),
        ("/var/lib/apso/tổ số=1.db", "/var/lib/apso/tổ số=1.db"),
        (":memory:", ":memory:"),
        ("postgresql://db/apso", "postgresql://db/apso"),
        ("postgres://an:gehe%40im@db:5433,[::1]/apso", "postgres://an@db:5433,[::1]/apso"),
        ("postgresql://an:gehe:im!@db", "postgresql://an@db"),
        ("postgresql://an@/apso?password=geheim&host=/run", "postgresql://an@/apso?host=/run"),
        ("host=db password = geheim dbname=apso", "host=db dbname=apso"),
        (r"password='ge \'heim' host='db' user=an ", "host='db' user=an"),
        ("password=geheim", "PostgreSQL"),
    ],
)
def test_an_address_is_shown_without_its_password(tmp_path: Path, url: str, shown: str) -> None:
    storage = configured(tmp_path, "", APSO_STORAGE_URL=url).storage
    assert storage.where == shown
    assert storage.is_server == (shown != url or "postgres" in url)


def test_a_password_is_hidden_from_the_log_as_it_is_and_as_it_is_written() -> None:
    assert address.secrets("postgresql://an:gehe%40im@db/apso?sslpassword=x") == ["gehe%40im", "gehe@im", "x", "x"]
    assert address.secrets(r"host=db password='ge \'heim'") == [r"'ge \'heim'", "ge 'heim"]
    assert address.secrets("apso.db") == []
