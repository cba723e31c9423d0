"""What people know they did and what the outbox ever held, kept apart from the bot, and what must be true of both."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.chat.reply import Kind
from tests.rig import ZONE, moment
from tests.simulation.network import Network
from tests.simulation.store import Failing

FINAL = {"sent", "failed", "unknown", "dropped"}
TOKEN = re.compile(r"#\d{5}")

# When the clock rings, as an administrator would say it: job → (weekday or None, hour, minute).
SLOTS = {
    "upkeep.tidy": (None, 3, 0),
    "reminders.morning": (None, 7, 0),
    "reminders.overdue": (None, 7, 15),
    "summaries.weekly": (4, 16, 0),
}


@dataclass
class Meant:
    """A report as its author means it. `code` once they were told it is kept; `maybe`: a change nobody confirmed."""

    author: int
    token: str
    category: str
    count: int
    pressed: bool = False
    code: str = ""
    maybe: int = 0
    changed: bool = False
    undo_pressed: bool = False
    undone: bool = False


@dataclass
class Given:
    """A task as its giver knows it."""

    giver: int
    token: str
    pressed: bool = False
    code: str = ""


@dataclass
class Letter:
    """A letter as it was committed, and as it was seen last."""

    id: int
    kind: str
    chat: str
    person: int | None
    broadcast: int | None
    body: str
    card: str
    edits: int
    created_at: int
    state: str
    error: str = ""


@dataclass
class Ledger:
    """Everything to compare with. `broken`: what was found wrong, in words."""

    connection: Failing
    network: Network
    reports: dict[str, Meant] = field(default_factory=dict)
    tasks: dict[str, Given] = field(default_factory=dict)
    broadcasts: dict[str, str] = field(default_factory=dict)
    approved: set[tuple[str, str]] = field(default_factory=set)
    letters: dict[int, Letter] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    closed: dict[str, list[Any]] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    turns: int = 0
    _runs: int = 0
    _first: dict[str, int] = field(default_factory=dict)
    _assignments: int = 0
    _epoch: int = 0

    def expect(self, holds: object, words: str) -> None:
        if not holds:
            self.broken.append(words)

    # While it happens

    def committed(self, now: int) -> None:
        """Something was committed: look at what is new."""
        new = [Letter(*row) for row in self.connection.plainly(_NEW_LETTERS, max(self.letters, default=0))]
        self.letters |= {letter.id: letter for letter in new}
        self._look_at_sender()
        self._look_at_assignments(new)
        self._look_at_jobs(new, now)

    def _look_at_sender(self) -> None:
        """A new sender: nobody knows what became of what the old one had in hand."""
        rows = self.connection.plainly("SELECT epoch FROM senders WHERE name = 'sender'")
        epoch = rows[0][0] if rows else 0
        if epoch != self._epoch:
            self.expect(epoch > self._epoch, "the sender's epoch went back")
            self._epoch = epoch
            for chat, body in self.connection.plainly("SELECT chat, body FROM outbox WHERE state = 'sending'"):
                self.network.doubts[chat, body] += 1

    def _look_at_assignments(self, new: list[Letter]) -> None:
        """Whoever can be reached is told in the same commit."""
        told = {letter.card for letter in new if letter.kind == "TASK"}
        for number, reachable in self.connection.plainly(_NEW_ASSIGNMENTS, self._assignments):
            self._assignments = number
            self.expect(not reachable or f"duty:{number}" in told, f"assignment {number} was given and never told")

    def _look_at_jobs(self, new: list[Letter], now: int) -> None:
        for row, job, slot in self.connection.plainly(
            "SELECT rowid, job, slot FROM job_runs WHERE rowid > ? ORDER BY rowid", self._runs
        ):
            self._runs = row
            if self._first.setdefault(job, slot) == slot:
                continue  # not a ringing: its history begins
            if job == "reminders.morning":
                self._look_at_reminders(now)
            if job == "summaries.weekly":
                self._look_at_summaries(new)

    def _look_at_reminders(self, now: int) -> None:
        """At seven: everybody whose work is due by tonight or tomorrow night, and is not done, is reminded of it."""
        local = datetime.fromtimestamp(now / 1000, ZONE)
        end = int(datetime(local.year, local.month, local.day, tzinfo=ZONE).timestamp() * 1000) + 2 * 24 * 3600_000
        if not 6 * 60 + 30 <= local.hour * 60 + local.minute < 21 * 60:
            return  # rung late, in the quiet hours: other days count
        for person, code, due_at in self.connection.plainly(_UNFINISHED, now, end, now):
            words = "hôm nay tới hạn" if due_at < end - 24 * 3600_000 else "mai là tới hạn"
            reminders = (one for one in self.letters.values() if one.kind == "REMINDER" and one.person == person)
            reminded = any(code in one.body and words in one.body for one in reminders)
            self.expect(reminded, f"person {person} was not reminded of {code}: {words}")

    def _look_at_summaries(self, new: list[Letter]) -> None:
        told = {one.person for one in new if one.kind == "SUMMARY"}
        wanted = {
            row[0] for row in self.connection.plainly("SELECT person_id FROM identities WHERE unreachable_at IS NULL")
        }
        self.expect(told >= wanted, f"no summary for {wanted - told}")

    def heard(self, key: str, repeated: bool) -> None:
        """The bot confirmed an update."""
        self.turns += 1
        kept = self.connection.plainly("SELECT 1 FROM seen WHERE channel = 'phone' AND key = ?", key)
        self.expect(kept, f"update {key} was confirmed and is not kept")
        self.expect(repeated or key not in self.acknowledged, f"update {key} was taken in twice")
        self.acknowledged.add(key)

    def look_at_letters(self) -> None:
        """Once a day: what is decided about a letter stays."""
        rows = {row[0]: row[1:] for row in self.connection.plainly("SELECT id, state, body, error FROM outbox")}
        for letter in self.letters.values():
            row = rows.get(letter.id)
            if row is None:
                self.expect(letter.state in FINAL, f"letter {letter.id} ({letter.state}) was forgotten")
                continue
            state, body, error = row
            changed = letter.state in FINAL and state != letter.state
            self.expect(
                not changed or (letter.state, state) == ("unknown", "sent"),
                f"letter {letter.id} ({letter.kind}) was {letter.state} and is {state}",
            )
            letter.state, letter.body, letter.error = state, body, error

    def close_week(self, monday: str) -> None:
        """The figures of the week before this Monday are final."""
        first = (datetime.fromisoformat(monday) - timedelta(days=7)).date().isoformat()
        self.closed[first] = self.figures(first)

    def figures(self, first: str) -> list[Any]:
        last = (datetime.fromisoformat(first) + timedelta(days=6)).date().isoformat()
        return self.connection.plainly(_FIGURES, first, last)

    # At the end

    def close(self, now: int) -> None:
        """Everything came to rest: add it all up."""
        self.look_at_letters()
        for check in (self._letters, self._reports, self._tasks, self._broadcasts, self._figures, self._surprises):
            for words in check():
                self.broken.append(words)
        self.broken += self._slots(now)

    def _letters(self) -> Iterator[str]:
        """Each committed letter was delivered, or is unknown, or was refused; twins only where there was doubt."""
        by_said: defaultdict[tuple[str, str], list[Letter]] = defaultdict(list)
        for letter in self.letters.values():
            by_said[letter.chat, letter.body].append(letter)
        for said, letters in by_said.items():
            states = Counter(letter.state for letter in letters)
            took, doubts = self.network.took[said], self.network.doubts[said]
            which = f"{letters[0].kind} to {said[0]}: {said[1][:90]} {dict(states)} took {took} doubts {doubts}"
            if states["queued"] + states["sending"]:
                yield f"still not said: {which}"
            if took < states["sent"]:
                yield f"recorded as said, but the phone has it not: {which}"
            if took > states["sent"] + states["unknown"] + doubts:
                yield f"said more often than it was written, without any doubt: {which}"
            kind = Kind[letters[0].kind]
            if not kind.again and not letters[0].edits and took > len(letters):
                yield f"a kind that is never repeated was: {which}"
            if states["failed"] > self.network.refused[said] + sum(one.error == "hushed" for one in letters):
                yield f"given up though nobody refused it: {which} {letters[-1].error}"
            for letter in letters:
                if letter.state == "dropped" and not self._is_outdone(letter):
                    yield f"dropped without need: {which}"
                if letter.error in ("surprise", "unreadable"):
                    yield f"the sender stumbled: {which}"
        for said in self.network.took.keys() - by_said.keys():
            if not any(one.chat == said[0] and one.card for one in self.letters.values()):
                yield f"said though never written: {said}"

    def _is_outdone(self, letter: Letter) -> bool:
        if '"t"' not in letter.body:
            return True  # took the buttons off something that is not there
        later = (one for one in self.letters.values() if one.chat == letter.chat and one.id > letter.id)
        if letter.kind == Kind.REPLY.name and letter.card and not letter.edits and letter.chat in self.network.plain:
            return any(one.kind == Kind.REPLY.name for one in later)  # it waited for more, and that came
        return bool(letter.edits) and any(one.card == letter.card or one.edits for one in later)

    def _reports(self) -> Iterator[str]:
        """One report for one [Gửi], as its author saw it."""
        rows: defaultdict[str, list[Any]] = defaultdict(list)
        for row in self.connection.plainly(_REPORTS):
            found = TOKEN.search(row[2])
            if found is None:
                yield f"a report nobody made: {row}"
            else:
                rows[found[0]].append(row)
        for token, meant in self.reports.items():
            kept = rows.pop(token, [])
            if len(kept) > 1:
                yield f"report {token} is kept {len(kept)} times"
            if meant.code and not kept:
                yield f"report {token} was confirmed as {meant.code} and is lost"
            if kept and not meant.pressed:
                yield f"report {token} was never sent and is kept"
            for number, author, _, state, category, count, changes in kept:
                if (author, category) != (meant.author, meant.category) or count not in (meant.count, meant.maybe):
                    yield f"report {token} says {category} {count} of {author}, meant was {meant}"
                if meant.changed and count != meant.count:
                    yield f"report {token} was changed to {meant.count} and says {count}"
                if changes > (1 if meant.maybe else 0):
                    yield f"report {token} was changed {changes} times"
                if meant.code and meant.code != f"B-{number:04d}":
                    yield f"report {token} goes by {number}, told was {meant.code}"
                if (state == "undone") != meant.undone and not (meant.undo_pressed and not meant.undone):
                    yield f"report {token} is {state}, meant was {meant}"
        if rows:
            yield f"reports of nobody: {dict(rows)}"

    def _tasks(self) -> Iterator[str]:
        rows: defaultdict[str, list[Any]] = defaultdict(list)
        for row in self.connection.plainly(_TASKS):
            rows[TOKEN.search(row[1])[0]].append(row)  # type: ignore[index]
        for token, given in self.tasks.items():
            found = rows.pop(token, [])
            if len(found) > 1:
                yield f"task {token} was given {len(found)} times"
            if given.code and not found:
                yield f"task {token} was confirmed as {given.code} and is lost"
            if found and not given.pressed:
                yield f"task {token} was never sent and is given"
            for _, _, parts, traces in found:
                if parts != 2 or traces != 1:
                    yield f"task {token} has {parts} parts and {traces} traces"
        for number, state, reported, returned, approved in self.connection.plainly(_LIVES):
            if reported != returned + (state in ("reported", "done")) or approved != (state == "done"):
                yield f"assignment {number} is {state}: reported {reported}, returned {returned}, approved {approved}"
        for code, name in sorted(self.approved):
            state = self.connection.plainly(_STATE, int(code[2:]), name)
            if state != [("done",)]:
                yield f"{code} of {name} was accepted and is {state}"

    def _broadcasts(self) -> Iterator[str]:
        """Once to each, whatever happened, and the result adds up."""
        for token, code in self.broadcasts.items():
            rows = self.connection.plainly(_BROADCASTS, f"%{token}%")
            if len(rows) > 1 or (code and not rows):
                yield f"broadcast {token} ({code}) is there {len(rows)} times"
            for _, author, people, letters, finished in rows:
                if people != letters or not finished:
                    yield f"broadcast {token}: {letters} letters for {people} people, finished {finished}"
                for chat in self.network.phones:
                    times = sum(
                        count
                        for (to, body), count in self.network.took.items()
                        if to == chat and token in body and "Thông báo của" in body
                    )
                    if times > 1 and chat != f"p{author}":
                        yield f"broadcast {token} was said {times} times to {chat}"
        for person, body in self._once("SUMMARY"):
            yield f"two summaries of a week for {person}: {body}"

    def _once(self, kind: str) -> Iterator[tuple[int | None, str]]:
        weeks: Counter[tuple[int | None, str]] = Counter()
        for letter in self.letters.values():
            if letter.kind == kind:
                day = datetime.fromtimestamp(letter.created_at / 1000, ZONE).date()
                weeks[letter.person, (day - timedelta(days=(day.weekday() - 4) % 7)).isoformat()] += 1
        yield from (key for key, count in weeks.items() if count > 1)

    def _figures(self) -> Iterator[str]:
        for first, figures in self.closed.items():
            now = self.figures(first)
            if now != figures:
                yield f"the figures of the week of {first} were {figures} and are {now}"

    def _surprises(self) -> Iterator[str]:
        for row in self.connection.plainly("SELECT chat, key, said FROM surprises"):
            yield f"a turn was a surprise: {row}"

    def _slots(self, now: int) -> list[str]:
        """Each slot of each job once, none left out."""
        found = []
        for job, (weekday, hour, minute) in SLOTS.items():
            ran = self.connection.plainly("SELECT slot FROM job_runs WHERE job = ? ORDER BY slot", job)
            first = self._first[job]
            wanted = [(first,)]
            day = datetime.fromtimestamp(first / 1000, ZONE).replace(hour=hour, minute=minute, second=0)
            while (at := moment(day.strftime("%Y-%m-%d %H:%M"))) <= now:
                if at > first and weekday in (None, day.weekday()):
                    wanted.append((at,))
                day += timedelta(days=1)
            if ran != wanted:
                lacking, surplus = sorted(set(wanted) - set(ran)), sorted(set(ran) - set(wanted))
                found.append(f"{job}: {len(ran)} slots of {len(wanted)}, lacking {lacking}, surplus {surplus}")
        return found

    def size(self) -> dict[str, int]:
        """How much happened."""
        states = Counter(letter.state for letter in self.letters.values())
        kept = sum(bool(meant.code) for meant in self.reports.values())
        return {"turns": self.turns, "letters": len(self.letters), "reports": kept, **dict(sorted(states.items()))}


_NEW_LETTERS = (
    "SELECT id, kind, chat, person_id, broadcast_id, body, card, edits, created_at, state FROM outbox"
    " WHERE id > ? ORDER BY id"
)
_NEW_ASSIGNMENTS = (
    "SELECT a.id, EXISTS (SELECT 1 FROM identities i WHERE i.person_id = a.person_id AND i.unreachable_at IS NULL)"
    " FROM assignments a WHERE a.id > ? ORDER BY a.id"
)
_UNFINISHED = (
    "SELECT a.person_id, printf('V-%04d', t.id), t.due_at FROM assignments a JOIN tasks t ON t.id = a.task_id"
    " WHERE a.state IN ('given', 'accepted') AND t.cancelled_at IS NULL AND t.due_at >= ? AND t.due_at < ?"
    " AND a.changed_at < ?"
    " AND EXISTS (SELECT 1 FROM identities i WHERE i.person_id = a.person_id AND i.unreachable_at IS NULL)"
)
_REPORTS = (
    "SELECT r.id, r.author_id, r.note, r.state, i.category, i.count,"
    " (SELECT COUNT(*) FROM audit a WHERE a.object = printf('B-%04d', r.id) AND a.act = 'reports.changed')"
    " FROM reports r JOIN report_items i ON i.report_id = r.id"
)
_TASKS = (
    "SELECT t.id, t.title, (SELECT COUNT(*) FROM assignments a WHERE a.task_id = t.id),"
    " (SELECT COUNT(*) FROM audit u WHERE u.object = printf('V-%04d', t.id) AND u.act = 'tasks.given') FROM tasks t"
)
_LIVES = (
    "SELECT a.id, a.state,"
    " (SELECT COUNT(*) FROM audit u WHERE u.detail = 'assignment ' || a.id AND u.act = 'tasks.reported'),"
    " (SELECT COUNT(*) FROM audit u WHERE u.detail = 'assignment ' || a.id AND u.act = 'tasks.returned'),"
    " (SELECT COUNT(*) FROM audit u WHERE u.detail = 'assignment ' || a.id AND u.act = 'tasks.approved')"
    " FROM assignments a"
)
_STATE = "SELECT a.state FROM assignments a JOIN people p ON p.id = a.person_id WHERE a.task_id = ? AND p.name = ?"
_BROADCASTS = (
    "SELECT b.id, b.author_id, b.people, (SELECT COUNT(*) FROM outbox o WHERE o.broadcast_id = b.id), b.finished_at"
    " FROM broadcasts b WHERE b.text LIKE ?"
)
_FIGURES = (
    "SELECT r.unit_id, i.category, SUM(i.count), COUNT(*) FROM reports r JOIN report_items i ON i.report_id = r.id"
    " WHERE r.state = 'kept' AND r.day BETWEEN ? AND ? GROUP BY r.unit_id, i.category ORDER BY 1, 2"
)
