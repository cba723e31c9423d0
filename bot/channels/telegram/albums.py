"""Parts of one album, each an update of its own, put together into one Incoming."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from bot.channels.telegram.hear import Update
from bot.channels.telegram.render import ALBUM_LIMIT
from bot.chat.message import Incoming


@dataclass(frozen=True, slots=True)
class Turn:
    """What is heard at once: an Incoming and the ids of the updates it was made of."""

    incoming: Incoming
    ids: tuple[int, ...]
    query: str = ""


def merge(parts: Sequence[Update]) -> Turn:
    """One turn of all parts: the key of the first update, files in the order of the messages, the first caption."""
    heard = [part.incoming for part in sorted(parts, key=lambda part: part.order) if part.incoming]
    first = min(parts, key=lambda part: part.id)
    assert first.incoming is not None, "only understood updates are merged"
    incoming = replace(
        first.incoming,
        text=next((one.text for one in heard if one.text), ""),
        files=tuple(file for one in heard for file in one.files),
    )
    return Turn(incoming, tuple(sorted(part.id for part in parts)))


def turns(updates: Iterable[Update]) -> list[Turn]:
    """What a batch says, in order; an album stands where its first part stood."""
    albums: dict[str, list[Update]] = {}
    found: list[Update] = []
    for update in updates:
        if update.incoming is None:
            continue
        if update.album:
            parts = albums.setdefault(update.album, [])
            parts.append(update)
            if len(parts) > 1:
                continue
        found.append(update)
    return [
        merge(albums[update.album]) if update.album else Turn(update.incoming, (update.id,), update.query)
        for update in found
        if update.incoming is not None
    ]


class Growing:
    """Tells which albums of a batch may have more parts on the way: those not complete that have just grown."""

    def __init__(self) -> None:
        self._sizes: dict[str, int] = {}

    def ripe(self, batch: Sequence[Update]) -> Sequence[Update]:
        """The updates before the first album that may still grow."""
        albums: dict[str, list[Update]] = {}
        for update in batch:
            if update.album:
                albums.setdefault(update.album, []).append(update)
        before, self._sizes = self._sizes, {album: len(parts) for album, parts in albums.items()}
        for album, parts in albums.items():
            if before.get(album) != len(parts) and not _complete(parts, batch):
                return [update for update in batch if update.id < parts[0].id]
        return batch


def _complete(parts: Sequence[Update], batch: Sequence[Update]) -> bool:
    chat = parts[0].album.partition(":")[0]
    later = [update for update in batch if update.id > parts[-1].id and update.incoming is not None]
    return (
        len(parts) >= ALBUM_LIMIT
        # the parts come one after the other, so who went on speaking has finished sending
        or any(update.incoming is not None and update.incoming.address.chat == chat for update in later)
        # an old album from a queue that has piled up
        or any(update.date > parts[-1].date + 2 for update in later)
    )
