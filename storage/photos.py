"""Photos the bot has fetched: which are to be, which are kept under which hash, and which look alike.

A file that is a picture waits, is fetched and cleaned, and is kept, refused or lost (see 0012_photos.sql).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from storage import units
from storage.db import Db
from storage.files import COLUMNS, WIDTH, StoredFile, get
from storage.reports import code_of
from storage.units import Unit

LEADER = "photos"  # what the process that fetches them leads
AT_ONCE = 500  # hashes looked up in one statement
ALIKE = 7  # bits in which the looks of two copies of one picture may differ; two pictures differ in about 32
_QUARTERS = ("quarter1", "quarter2", "quarter3", "quarter4")
_PLACES = tuple(tuple(bit for bit in range(64) if (bit // 8 + bit) % 4 == quarter) for quarter in range(4))


@dataclass(frozen=True, slots=True)
class Due:
    """A picture to be fetched now; `tries`: how often that was begun before."""

    file: StoredFile
    tries: int


@dataclass(frozen=True, slots=True)
class Photo:
    """What is kept under a hash: pixels, bytes, and its looks as signed 64 bits (None: too plain to tell)."""

    hash: str
    width: int
    height: int
    size: int
    looks: int | None


def due(db: Db, now: int, but: Collection[int]) -> Due | None:
    """The next picture to be fetched, but for those in hand."""
    rows = db.all(
        "SELECT id, tries FROM files WHERE state = 'waiting' AND due_at <= :now ORDER BY due_at, id LIMIT :most",
        now=now,
        most=len(but) + 1,
    )
    row = next((row for row in rows if row[0] not in but), None)
    file = get(db, row[0]) if row else None
    return Due(file, row[1]) if row and file else None


def next_due(db: Db) -> int | None:
    """When the next picture is to be fetched; None: none waits."""
    row = db.one("SELECT MIN(due_at) FROM files WHERE state = 'waiting'")
    return row[0] if row else None


def put_off(db: Db, file_id: int, tries: int, due_at: int) -> None:
    """To be fetched then, and so often tried."""
    db.run(
        "UPDATE files SET tries = :tries, due_at = :due WHERE id = :id AND state = 'waiting'",
        tries=tries,
        due=due_at,
        id=file_id,
    )


def keep(db: Db, file_id: int, photo: Photo, now: int) -> bool:
    """The file's content is in the folder under this hash; False when the file is no more, or was settled before."""
    settled = _settle(db, file_id, "kept", hash=photo.hash)
    quarters = _quarters(photo.looks) if photo.looks is not None else (None,) * 4
    db.run(
        "INSERT INTO photos (hash, width, height, size, looks, quarter1, quarter2, quarter3, quarter4, unused, kept_at)"
        " VALUES (:hash, :width, :height, :size, :looks, :q1, :q2, :q3, :q4, 0, :now)"
        " ON CONFLICT (hash) DO UPDATE SET unused = 0",
        hash=photo.hash,
        width=photo.width,
        height=photo.height,
        size=photo.size,
        looks=photo.looks,
        q1=quarters[0],
        q2=quarters[1],
        q3=quarters[2],
        q4=quarters[3],
        now=now,
    )
    release(db, [photo.hash])
    return settled


def refuse(db: Db, file_id: int, why: str) -> bool:
    """It is not kept, and why; False when the file is no more, or was settled before."""
    return _settle(db, file_id, "refused", why=why)


def lose(db: Db, file_id: int) -> bool:
    """The channel does not give it any more; False when the file is no more, or was settled before."""
    return _settle(db, file_id, "lost")


def _settle(db: Db, file_id: int, state: str, *, hash: str = "", why: str = "") -> bool:
    return (
        db.run(
            "UPDATE files SET state = :state, hash = :hash, why = :why WHERE id = :id AND state = 'waiting'",
            state=state,
            hash=hash,
            why=why,
            id=file_id,
        )
        == 1
    )


def place(db: Db, file: StoredFile) -> tuple[int, int]:
    """Which one it is of how many that came in the same message."""
    rows = db.all(
        "SELECT id FROM files WHERE person_id = :person AND created_at = :at ORDER BY id",
        person=file.person_id,
        at=file.created_at,
    )
    ids = [row[0] for row in rows]
    return (ids.index(file.id) + 1, len(ids)) if file.id in ids else (1, 1)


# What nobody refers to any more


def release(db: Db, hashes: Collection[str]) -> None:
    """Of these, what no file refers to any more is to be removed from the folder."""
    db.many(
        "UPDATE photos SET unused = 1 WHERE hash = :hash"
        " AND NOT EXISTS (SELECT 1 FROM files f WHERE f.hash = photos.hash)",
        ({"hash": one} for one in hashes),
    )


def unused(db: Db, most: int) -> list[str]:
    """What is to be removed from the folder."""
    return [row[0] for row in db.all("SELECT hash FROM photos WHERE unused = 1 ORDER BY hash LIMIT :most", most=most)]


def removed(db: Db, hashes: Collection[str]) -> None:
    """These are no longer in the folder."""
    db.many("DELETE FROM photos WHERE hash = :hash AND unused = 1", ({"hash": one} for one in hashes))


def known(db: Db, hashes: Collection[str]) -> set[str]:
    """Those of these that there is a record of."""
    found: set[str] = set()
    listed = sorted(hashes)
    for at in range(0, len(listed), AT_ONCE):
        some = {f"h{number}": one for number, one in enumerate(listed[at : at + AT_ONCE])}
        names = ", ".join(f":{name}" for name in some)
        found.update(row[0] for row in db.all(f"SELECT hash FROM photos WHERE hash IN ({names})", **some))
    return found


def folder_name(db: Db) -> str:
    """What the folder is called that is this database's; "": none is yet."""
    row = db.one("SELECT name FROM photo_folder")
    return row[0] if row else ""


def name_folder(db: Db, name: str, now: int) -> None:
    """Where it has none yet."""
    db.run("INSERT INTO photo_folder (name, since) VALUES (:name, :now)", name=name, now=now)


def total(db: Db) -> tuple[int, int]:
    """How many photos are kept, and their bytes."""
    row = db.one("SELECT COUNT(*), COALESCE(SUM(size), 0) FROM photos")
    return (row[0], int(row[1])) if row else (0, 0)


# Looks


@dataclass(frozen=True, slots=True)
class Likeness:
    """A kept report with a photo that looks like another; `bits`: in how many of 64 bits of its looks it differs."""

    hash: str
    bits: int
    report_id: int
    day: str
    author_id: int
    author: str
    unit_id: int
    unit: str

    @property
    def code(self) -> str:
        return code_of(self.report_id)


def alike(db: Db, looks: int, most: int = ALIKE) -> list[tuple[str, int]]:
    """Hashes of photos that look like this, and in how many bits they differ, the nearest first; `most` up to 7.

    Bits that differ are spread over four quarters, so where seven or fewer differ some quarter differs in one at most:
    17 values a quarter are looked up in its index, whatever the number of photos.
    """
    seen: dict[int, int] = {}
    for quarter, value in zip(_QUARTERS, _quarters(looks), strict=True):
        near = ", ".join(str(one) for one in _within_a_bit(value))
        seen |= db.all(  # the index has both columns: no photo is read
            f"SELECT looks, {db.bits_apart} FROM photos WHERE {quarter} IN ({near}) AND {db.bits_apart} <= :most",
            looks=looks,
            most=most,
        )
    found = [(hash, bits) for other, bits in seen.items() for hash in _looking(db, other)]
    return sorted(found, key=lambda one: (one[1], one[0]))


def _looking(db: Db, looks: int) -> list[str]:
    value = _quarters(looks)[0]
    rows = db.all("SELECT hash FROM photos WHERE quarter1 = :value AND looks = :looks", value=value, looks=looks)
    return [row[0] for row in rows]


def near(db: Db, looks: int, *, but: int = 0, within: Unit | None = None) -> list[Likeness]:
    """Reports with a photo that looks like this, but one, in a unit and all below it; the oldest first."""
    bits = dict(alike(db, looks))
    scope, values = units.scope(db, within, "r.unit_id") if within else ("", {})
    likenesses: dict[int, Likeness] = {}
    for hash in bits:
        rows = db.all(
            "SELECT r.id, r.day, p.id, p.name, u.id, u.name FROM files f JOIN report_files t ON t.file_id = f.id"
            f" JOIN reports r ON r.id = t.report_id{scope} JOIN people p ON p.id = r.author_id"
            " JOIN units u ON u.id = r.unit_id"
            " WHERE f.hash = :hash AND r.id <> :but AND r.state IN ('kept', 'returned')",
            hash=hash,
            but=but,
            **values,
        )
        for row in rows:  # the nearest come first
            likenesses.setdefault(row[0], Likeness(hash, bits[hash], *row))
    return sorted(likenesses.values(), key=lambda one: one.report_id)


def looks_of(db: Db, report_id: int) -> list[int]:
    """The looks of a report's kept photos, but for those too plain to be told from others."""
    rows = db.all(
        "SELECT DISTINCT h.looks FROM report_files t JOIN files f ON f.id = t.file_id JOIN photos h ON h.hash = f.hash"
        " WHERE t.report_id = :id AND f.hash <> '' AND h.looks IS NOT NULL ORDER BY h.looks",
        id=report_id,
    )
    return [row[0] for row in rows]


def looks_among(db: Db, file_ids: Collection[int]) -> list[int]:
    """The same of these files, of no report yet."""
    listed = ", ".join(map(str, file_ids)) or "NULL"
    rows = db.all(
        "SELECT DISTINCT h.looks FROM files f JOIN photos h ON h.hash = f.hash"
        f" WHERE f.id IN ({listed}) AND f.hash <> '' AND h.looks IS NOT NULL ORDER BY h.looks"
    )
    return [row[0] for row in rows]


def duty_of(db: Db, file_id: int) -> tuple[int, int, int] | None:
    """The part of a task that has this file: its id, the task's and the unit's."""
    row = db.one(
        "SELECT a.id, a.task_id, a.unit_id FROM assignment_files t JOIN assignments a ON a.id = t.assignment_id"
        " WHERE t.file_id = :id ORDER BY a.id DESC LIMIT 1",
        id=file_id,
    )
    return (row[0], row[1], row[2]) if row else None


def report_of(db: Db, file_id: int) -> int | None:
    """The report that has this file."""
    row = db.one("SELECT report_id FROM report_files WHERE file_id = :id ORDER BY report_id DESC LIMIT 1", id=file_id)
    return row[0] if row else None


def _quarters(looks: int) -> tuple[int, ...]:
    """Sixteen bits each, some of every row and every column of the picture: though all skies look the same, no quarter
    of the bits does."""
    return tuple(sum((looks >> bit & 1) << at for at, bit in enumerate(bits)) for bits in _PLACES)


def _within_a_bit(value: int) -> Iterator[int]:
    yield value
    yield from (value ^ (1 << bit) for bit in range(16))


# The gallery


def in_days(
    db: Db, unit: Unit, first: str, last: str, skip: int, most: int
) -> tuple[int, list[tuple[StoredFile, int]]]:
    """How many photos the reports of a unit and all below have of these days, and some of them, each with its report:
    the newest report first. What was sent as a file is there once it is cleaned."""
    scope, values = units.scope(db, unit, "r.unit_id")
    what = (
        f" FROM reports r{scope} JOIN report_files t ON t.report_id = r.id JOIN files f ON f.id = t.file_id"
        " WHERE r.day BETWEEN :first AND :last AND r.state IN ('kept', 'returned')"
        " AND (f.state = 'kept' OR (f.state = 'waiting' AND f.kind = 'photo'))"
    )
    values |= {"first": first, "last": last}
    counted = db.one(f"SELECT COUNT(*){what}", **values)
    rows = db.all(
        f"SELECT {COLUMNS}, r.id{what} ORDER BY r.day DESC, r.id DESC, f.id LIMIT :most OFFSET :skip",
        most=most,
        skip=skip,
        **values,
    )
    return (counted[0] if counted else 0), [(StoredFile(*row[:WIDTH]), row[WIDTH]) for row in rows]
