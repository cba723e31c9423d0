"""What the database holds of one person: all of it to be shown, and taken out when they ask for that."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from storage import keeping, keys, moving, units
from storage.db import Db
from storage.people import Person
from storage.units import Unit

_MINE = "(channel, chat) IN (SELECT channel, chat FROM identities WHERE person_id = :id)"
_REPORTS = "SELECT id FROM reports WHERE author_id = :id"
_PARTS = "SELECT id FROM assignments WHERE person_id = :id"
_PHOTOS = (
    f"(person_id = :id OR id IN (SELECT file_id FROM report_files WHERE report_id IN ({_REPORTS})"
    f" UNION ALL SELECT file_id FROM assignment_files WHERE assignment_id IN ({_PARTS})))"
)

MOST_PRACTICE = 1_000_000  # all of it

# Which rows of a table are about a person, in the order in which they are shown.
PARTS: Mapping[str, str] = {
    "people": "id = :id",
    "posts": "person_id = :id",
    "identities": "person_id = :id",
    "consents": f"person_id = :id OR (person_id IS NULL AND {_MINE})",
    "claims": "person_id = :id",
    "vouched": _MINE,
    "join_requests": f"decided_by = :id OR {_MINE}",
    "invites": "person_id = :id",
    "invite_tries": _MINE,
    "reports": "author_id = :id OR written_by = :id OR accepted_by = :id",
    "report_items": f"report_id IN ({_REPORTS})",
    "report_files": f"report_id IN ({_REPORTS})",
    "report_people": f"person_id = :id OR report_id IN ({_REPORTS})",
    "tasks": "giver_id = :id",
    "assignments": "person_id = :id",
    "assignment_files": f"assignment_id IN ({_PARTS})",
    "files": _PHOTOS,
    "photos": f"hash IN (SELECT hash FROM files WHERE {_PHOTOS})",
    "reminded": f"assignment_id IN ({_PARTS})",
    "summaries": "person_id = :id",
    "reforms": "author_id = :id",
    "reform_hearers": "person_id = :id",
    "handovers": "person_id = :id OR taker_id = :id OR by_id = :id",
    "handed": "handover_id IN (SELECT id FROM handovers WHERE person_id = :id OR taker_id = :id OR by_id = :id)",
    "absences": "person_id = :id OR stand_in_id = :id",
    "imports": "person_id = :id",
    "import_changes": "what IN ('person', 'left', 'back', 'chat') AND thing = :id",
    "broadcasts": "author_id = :id",
    "outbox": f"person_id = :id OR (person_id IS NULL AND {_MINE})",
    "cards": _MINE,
    "chats": _MINE,
    "drafts": _MINE,
    "inbox": _MINE,
    "surprises": _MINE,
    "errands": "person_id = :id",
    "data_requests": "person_id = :id OR answered_by = :id",
    "practice": "person_id = :id",
    "corrections": "person_id = :id",
    "audit": "person_id = :id OR object = :about",
}
# Tables that hold nothing of a person, and why.
EXEMPT: Mapping[str, str] = {
    "units": "the tree of units",
    "unit_edges": "the tree of units",
    "unit_names": "the tree of units",
    "unit_heirs": "the tree of units",
    "reform_changes": "what a reform changed of units, posts and tasks, by number",
    "vacancies": "parts of tasks of units where nobody is",
    "categories": "kinds of work",
    "counted": "units of count",
    "periods": "when a period begins and closes",
    "forms": "what is reported in which period",
    "targets": "how much units are to reach",
    "seen": "numbers of updates, which name nobody",
    "senders": "which process sends",
    "job_runs": "what the clock rang",
    "pauses": "whether the sender rests",
    "photo_folder": "which folder of photos belongs to the database",
    "pulses": "signs of life of the program",
    "troubles": "what is wrong with the program",
    "tidied": "how much was forgotten",
    "erasures": "hashes by which nobody is found",
    "made": "the very file that is being made, until it is sent; or sheets for others",
}
# Columns that open or spell something for the program, and tell nothing of the person.
HIDDEN: Mapping[str, tuple[str, ...]] = {
    "invites": ("hash",),
    "people": ("key",),
    "chats": ("choices",),
    "outbox": ("lane", "epoch", "attempts", "edits", "card", "not_before"),
    "drafts": ("view", "asked"),
    "audit": ("private",),
    "files": ("tries", "due_at"),
    "photos": ("looks", "quarter1", "quarter2", "quarter3", "quarter4", "unused"),
    # The list of others that waits to be decided, and how many of them there are.
    "imports": (
        *("content", "figures", "sha256", "units_first", "units_last"),
        *("people_first", "people_last", "posts_first", "posts_last"),
    ),
}


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept of a person."""

    reports: int
    tasks: int
    photos: int
    messages: int
    chats: int
    traces: int
    drafts: int


@dataclass(frozen=True, slots=True)
class Consent:
    channel: str
    version: str
    given_at: int
    withdrawn_at: int | None


@dataclass(frozen=True, slots=True)
class Chat:
    channel: str
    chat: str
    since: int


@dataclass(frozen=True, slots=True)
class Work:
    """A part of a task that is not finished yet."""

    assignment: int
    task: int
    unit_id: int

    @property
    def code(self) -> str:
        return f"V-{self.task:04d}"


def export(db: Db, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """All rows about a person, by table; times are as they are kept."""
    about = f"person {person_id}"
    columns = {table.name: table.columns for table in moving.tables()}
    found = {}
    for name, where in PARTS.items():
        shown = [column for column in columns[name] if column not in HIDDEN.get(name, ())]
        values = {"id": person_id} | ({"about": about} if ":about" in where else {})
        rows = db.all(f"SELECT {', '.join(shown)} FROM {name} WHERE {where} ORDER BY 1, 2", **values)
        found[name] = [dict(zip(shown, row, strict=True)) for row in rows]
    return found


def held(db: Db, person_id: int) -> Held:
    """How much is kept of a person, in a few numbers."""
    wanted = ("reports", "assignments", "files", "outbox", "identities", "audit", "drafts")
    counts = []
    for name in wanted:
        where = PARTS[name].replace(" OR object = :about", "")
        if name == "reports":
            where = f"({where}) AND state NOT LIKE 'practice%'"
        row = db.one(f"SELECT COUNT(*) FROM {name} WHERE {where}", id=person_id)
        counts.append(row[0] if row else 0)
    return Held(*counts)


def consents(db: Db, person_id: int) -> list[Consent]:
    rows = db.all(
        f"SELECT channel, version, given_at, withdrawn_at FROM consents WHERE {PARTS['consents']} ORDER BY id",
        id=person_id,
    )
    return [Consent(*row) for row in rows]


def chats(db: Db, person_id: int) -> list[Chat]:
    """Where the person is linked, that used last first."""
    rows = db.all(
        "SELECT channel, chat, since FROM identities WHERE person_id = :id ORDER BY used_at DESC, chat", id=person_id
    )
    return [Chat(*row) for row in rows]


def administrators(db: Db, unit: Unit) -> list[int]:
    """Who looks after a unit: the administrators of it and of all above it, the nearest first."""
    above = [int(part) for part in unit.path.strip("/").split("/") if part.isdecimal()]
    found = []
    for unit_id in reversed(above):
        rows = db.all(
            "SELECT person_id FROM posts WHERE unit_id = :unit AND role = 'admin' AND until IS NULL ORDER BY id",
            unit=unit_id,
        )
        found += [row[0] for row in rows]
    return list(dict.fromkeys(found))


# Correct and restrict


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's own change of `what`: name or phone."""

    id: int
    person_id: int
    what: str
    before: str
    after: str
    at: int
    taken_back_at: int | None


def rename(db: Db, person_id: int, name: str) -> None:
    db.run("UPDATE people SET name = :name, key = :key WHERE id = :id", name=name, key=keys.key(name), id=person_id)


def renumber(db: Db, person_id: int, phone: str) -> None:
    db.run("UPDATE people SET phone = :phone WHERE id = :id", phone=phone, id=person_id)


def correct(db: Db, person_id: int, what: str, before: str, after: str, now: int) -> int:
    """Remember a correction, so that it can be taken back; returns its id."""
    row = db.one(
        "INSERT INTO corrections (person_id, what, before, after, at) VALUES (:person, :what, :before, :after, :now)"
        " RETURNING id",
        person=person_id,
        what=what,
        before=before,
        after=after,
        now=now,
    )
    assert row is not None
    correction_id: int = row[0]
    return correction_id


def correction(db: Db, correction_id: int) -> Correction | None:
    row = db.one(
        "SELECT id, person_id, what, before, after, at, taken_back_at FROM corrections WHERE id = :id", id=correction_id
    )
    return Correction(*row) if row else None


def take_back(db: Db, correction_id: int, now: int) -> bool:
    """False when it was taken back before."""
    return (
        db.run(
            "UPDATE corrections SET taken_back_at = :now WHERE id = :id AND taken_back_at IS NULL",
            now=now,
            id=correction_id,
        )
        == 1
    )


def restricted_at(db: Db, person_id: int) -> int | None:
    """Since when the person's data are kept but not used."""
    row = db.one("SELECT restricted_at FROM people WHERE id = :id", id=person_id)
    return row[0] if row else None


def restrict(db: Db, person_id: int, at: int | None) -> None:
    db.run("UPDATE people SET restricted_at = :at WHERE id = :id", at=at, id=person_id)


# Erase


def open_work(db: Db, person_id: int) -> list[Work]:
    """What somebody else has to go on with."""
    rows = db.all(
        "SELECT a.id, a.task_id, a.unit_id FROM assignments a JOIN tasks t ON t.id = a.task_id"
        " WHERE a.person_id = :id AND a.state <> 'done' AND t.cancelled_at IS NULL ORDER BY a.id",
        id=person_id,
    )
    return [Work(*row) for row in rows]


def open_gifts(db: Db, person_id: int) -> list[tuple[int, int]]:
    """Tasks (id, unit) the person gave that are not finished."""
    rows = db.all(
        "SELECT t.id, t.unit_id FROM tasks t WHERE t.giver_id = :id AND t.cancelled_at IS NULL"
        " AND EXISTS (SELECT 1 FROM assignments a WHERE a.task_id = t.id AND a.state <> 'done') ORDER BY t.id",
        id=person_id,
    )
    return [(row[0], row[1]) for row in rows]


def pass_on(db: Db, work: Work, to: int, now: int) -> bool:
    """Make somebody else accountable; False when they answer for a part of this task in this unit already."""
    taken = db.one(
        "SELECT 1 FROM assignments WHERE task_id = :task AND unit_id = :unit AND person_id = :to",
        task=work.task,
        unit=work.unit_id,
        to=to,
    )
    if taken is not None:
        return False
    db.run(
        "UPDATE assignments SET person_id = :to, version = version + 1, changed_at = :now WHERE id = :id",
        to=to,
        now=now,
        id=work.assignment,
    )
    return True


def give_on(db: Db, task_id: int, to: int) -> None:
    """From now on somebody else judges this task."""
    db.run("UPDATE tasks SET giver_id = :to WHERE id = :id", to=to, id=task_id)


def erase(db: Db, person_id: int, stand_in: str, now: int) -> None:
    """Take out who it was. What must be accounted for (figures, posts, traces) stays, under the stand-in.

    Photos, words of one's own, chats, messages and drafts go; proof of consent stays without the chat.
    """
    row = db.one("SELECT name, created_at FROM people WHERE id = :id AND erased_at IS NULL", id=person_id)
    if row is None:
        return
    name, created_at = row
    for _ in iter(lambda: keeping.drop_files(db, _PHOTOS, id=person_id, most=500), 0):
        pass
    keeping.drop_practice(db, "author_id = :id", id=person_id, most=MOST_PRACTICE)
    for table in (
        "practice",
        "drafts",
        "inbox",
        "surprises",
        "invite_tries",
        "chats",
        "cards",
        "vouched",
        "join_requests",
    ):
        mine = PARTS[table].removeprefix("decided_by = :id OR ")
        db.run(f"DELETE FROM {table} WHERE {mine}", id=person_id)
    _cut_letters(db, person_id)
    db.run(f"DELETE FROM import_changes WHERE {PARTS['import_changes']}", id=person_id)
    for table in ("invites", "claims", "summaries", "corrections"):
        db.run(f"DELETE FROM {table} WHERE person_id = :id", id=person_id)
    db.run(
        "UPDATE consents SET chat = '', person_id = :id, withdrawn_at = COALESCE(withdrawn_at, :now)"
        f" WHERE {PARTS['consents']}",
        now=now,
        id=person_id,
    )
    db.run("DELETE FROM identities WHERE person_id = :id", id=person_id)
    _cut_words(db, person_id, name, stand_in)
    db.run("UPDATE posts SET until = :now WHERE person_id = :id AND until IS NULL", now=now, id=person_id)
    db.run(
        "UPDATE people SET name = :name, key = :key, phone = '', birth = 0, erased_at = :now,"
        " left_at = COALESCE(left_at, :now) WHERE id = :id",
        name=stand_in,
        key=keys.key(stand_in),
        now=now,
        id=person_id,
    )
    remember(db, [sign(person_id, created_at)], now)


def _cut_letters(db: Db, person_id: int) -> None:
    """Whom a broadcast reached is counted; nothing else of what was said stays."""
    theirs = PARTS["outbox"]
    for card, table in (("correction", "corrections"), ("request", "data_requests")):  # what others were told of them
        for row in db.all(f"SELECT id, at FROM {table} WHERE person_id = :id", id=person_id):
            db.run(
                "DELETE FROM outbox WHERE created_at >= :at AND card = :card AND state <> 'sending'",
                at=row[1],
                card=f"{card}:{row[0]}",
            )
    db.run(
        "UPDATE outbox SET body = '{}', chat = '',"
        " state = CASE WHEN state IN ('queued', 'sending') THEN 'failed' ELSE state END"
        f" WHERE broadcast_id IS NOT NULL AND ({theirs})",
        id=person_id,
    )
    db.run(f"DELETE FROM outbox WHERE broadcast_id IS NULL AND ({theirs})", id=person_id)


def _cut_words(db: Db, person_id: int, name: str, stand_in: str) -> None:
    """Words of one's own, and the name where others' words in one's own units have it."""
    about = f"person {person_id}"
    db.run("UPDATE reports SET note = '', said = '', place = '', returned = '' WHERE author_id = :id", id=person_id)
    db.run("DELETE FROM report_people WHERE person_id = :id", id=person_id)
    db.run("UPDATE assignments SET note = '', stuck = '', returned = '' WHERE person_id = :id", id=person_id)
    db.run("UPDATE data_requests SET said = '', answer = '' WHERE person_id = :id", id=person_id)
    db.run("UPDATE errands SET params = '{}' WHERE person_id = :id AND state <> 'ordered'", id=person_id)
    db.run(
        "UPDATE audit SET before = '', after = '', detail = ''"
        " WHERE private = 1 AND (person_id = :id OR object = :about)",
        id=person_id,
        about=about,
    )
    mine = "unit_id IN (SELECT unit_id FROM posts WHERE person_id = :id)"
    for column in ("detail", "before", "after"):
        db.run(
            f"UPDATE audit SET {column} = REPLACE({column}, :name, :stand_in)"
            f" WHERE {column} LIKE :named AND (person_id = :id OR object = :about OR {mine})",
            name=name,
            stand_in=stand_in,
            named=f"%{name}%",
            id=person_id,
            about=about,
        )


def sign(person_id: int, created_at: int) -> str:
    """By which an erased person is known in a backup of before, and by nothing else."""
    return hashlib.sha256(f"apso {person_id} {created_at}".encode()).hexdigest()


def remember(db: Db, signs: Collection[str], now: int) -> None:
    """These were erased."""
    db.many(
        "INSERT INTO erasures (hash, at) VALUES (:hash, :now) ON CONFLICT (hash) DO NOTHING",
        ({"hash": one, "now": now} for one in signs),
    )


def erased(db: Db) -> list[str]:
    return [row[0] for row in db.all("SELECT hash FROM erasures ORDER BY hash")]


def erase_again(db: Db, signs: Collection[str], stand_in: str, now: int) -> int:
    """Erase those who had been erased and came back with a backup; returns how many. `stand_in` has "{code}" in it."""
    wanted, count = set(signs), 0
    rows = db.all("SELECT id, created_at FROM people WHERE erased_at IS NULL") if wanted else []
    for person_id, created_at in rows:
        if sign(person_id, created_at) in wanted:
            erase(db, person_id, stand_in.format(code=f"{person_id:04d}"), now)
            count += 1
    remember(db, wanted, now)
    return count


# Requests


@dataclass(frozen=True, slots=True)
class Request:
    """Something asked of the administrators. kind: erase or ask; `due_day` is ISO text."""

    id: int
    person_id: int
    unit_id: int
    kind: str
    said: str
    state: str
    at: int
    due_day: str
    answer: str
    answered_at: int | None

    @property
    def code(self) -> str:
        return f"Y-{self.id:04d}"


_REQUEST = "q.id, q.person_id, q.unit_id, q.kind, q.said, q.state, q.at, q.due_day, q.answer, q.answered_at"


def ask(db: Db, person: Person, unit_id: int, kind: str, said: str, due_day: str, now: int) -> Request:
    row = db.one(
        "INSERT INTO data_requests (person_id, unit_id, kind, said, state, at, due_day, reminded_day, answer)"
        " VALUES (:person, :unit, :kind, :said, 'open', :now, :due, '', '') RETURNING id",
        person=person.id,
        unit=unit_id,
        kind=kind,
        said=said,
        due=due_day,
        now=now,
    )
    assert row is not None
    return Request(row[0], person.id, unit_id, kind, said, "open", now, due_day, "", None)


def request(db: Db, request_id: int) -> Request | None:
    row = db.one(f"SELECT {_REQUEST} FROM data_requests q WHERE q.id = :id", id=request_id)
    return Request(*row) if row else None


def open_of(db: Db, person_id: int, kind: str) -> Request | None:
    row = db.one(
        f"SELECT {_REQUEST} FROM data_requests q WHERE q.person_id = :id AND q.kind = :kind AND q.state = 'open'"
        " ORDER BY q.id LIMIT 1",
        id=person_id,
        kind=kind,
    )
    return Request(*row) if row else None


def open_under(db: Db, top: Unit) -> list[Request]:
    """What waits for an answer in a subtree, the most urgent first."""
    scope, values = units.scope(db, top, "q.unit_id")
    rows = db.all(
        f"SELECT {_REQUEST} FROM data_requests q{scope} WHERE q.state = 'open' ORDER BY q.due_day, q.id", **values
    )
    return [Request(*row) for row in rows]


def due(db: Db, day: str, today: str) -> list[Request]:
    """What is open, due by `day`, and was not spoken of today."""
    rows = db.all(
        f"SELECT {_REQUEST} FROM data_requests q WHERE q.state = 'open' AND q.due_day <= :day"
        " AND q.reminded_day <> :today ORDER BY q.due_day, q.id",
        day=day,
        today=today,
    )
    return [Request(*row) for row in rows]


def reminded(db: Db, request_id: int, today: str) -> None:
    db.run("UPDATE data_requests SET reminded_day = :today WHERE id = :id", today=today, id=request_id)


def answer(db: Db, request_id: int, state: str, words: str, by: int, now: int) -> bool:
    """False when it was answered before."""
    return (
        db.run(
            "UPDATE data_requests SET state = :state, answer = :words, answered_at = :now, answered_by = :by"
            " WHERE id = :id AND state = 'open'",
            state=state,
            words=words,
            now=now,
            by=by,
            id=request_id,
        )
        == 1
    )
