"""`apso migrate`: the database is brought up to the schema of this program, and who asked is told what that meant."""

from __future__ import annotations

from pathlib import Path

from bot.app import open_store, real_now
from bot.config import Config, ConfigError
from storage import dump, migrations
from storage import restore as kept


async def migrate(config: Config) -> int:
    """Bring it up to date, after a copy. Raises ConfigError or StorageError."""
    before, copies = schema_of(config), list[Path]()
    store = await open_store(config, real_now(), copies.append)
    await store.close()
    new = [one for one in migrations.known() if one.version > before]
    if not new:
        print(f"{config.storage.where} has schema {before}, the newest this apso knows: nothing to do.")
        return 0
    print(f"{config.storage.where}: from {f'schema {before}' if before else 'nothing'} to schema {new[-1].version}.")
    for one in new:
        print(f"  {one.version:04d} {one.name}")
    if before:
        print(
            "\n".join(f"What it was is kept in {copy}." for copy in copies) or "No copy of what it was could be made."
        )
    return 0


def schema_of(config: Config) -> int:
    """The number of the last change it has seen; 0 for a server's database without anything."""
    where = config.storage.where
    if config.storage.is_server:
        present = dump.present(config.storage.url.get_secret_value())
        return present.schema if present else 0
    if not Path(where).exists():
        raise ConfigError(f'There is no {where} yet. Begin with: apso init "Tỉnh …" --admin "Name"')
    return kept.contents(Path(where), still=False).schema
