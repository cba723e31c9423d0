"""Does what turns order: slow work, one at a time, in a process of its own, so that no turn ever waits for it.

A transaction reads what the work needs; a file it needs is fetched and the work is done outside of any; a second
transaction lets it take effect and says so. A program that is killed in between begins it anew: only the second one
changes anything, and it counts once.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import re
import sys
from asyncio.subprocess import Process
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from bot.channels.channel import Failed, SendError
from bot.chat import turn
from bot.chat.message import File
from bot.chat.reply import Reply, View
from bot.chat.router import Done, Far
from bot.chat.router import Errand as Kind
from bot.chat.texts import Voice
from bot.chat.turn import Outcome, Surroundings, Turn
from bot.rules.refused import Refused
from storage import errands, people
from storage.db import Leadership, StorageError, Store
from storage.errands import Errand

log = logging.getLogger("apso.errands")

ROOT = Path(__file__).parent.parent
LOOK_AGAIN_S = 5.0
MOST_TRIES = 3
MOST_S = 300.0
FAR = re.compile(r"far (\d{1,12}) (\d{1,12})")  # as `bot.work.far` says it


class WorkFailed(Exception):
    """The process that did the work did not come to its end."""


class Errands:
    """Looks for ordered work and does it. `said` is told of each turn that was committed; `fetch` gets a file from the
    channel that keeps it, and raises SendError; `copy` makes a backup, and raises StorageError (None: nothing is kept
    that could be copied)."""

    def __init__(
        self,
        store: Store,
        around: Surroundings,
        now: Callable[[], int],
        said: Callable[[Outcome], None],
        fetch: Callable[[File], Awaitable[bytes]],
        copy: Callable[[], Awaitable[Path]] | None = None,
    ) -> None:
        self._store = store
        self._around = around
        self._now = now
        self._said = said
        self._fetch = fetch
        self._copy = copy
        self._rung = asyncio.Event()
        self.work = work  # where there are no other processes, as in a simulated world, something else does it

    def ring(self) -> None:
        """Something was ordered."""
        self._rung.set()

    async def run(self, leadership: Leadership) -> None:
        """Do what is ordered for as long as this is the process that does it."""
        while True:
            self._rung.clear()
            try:
                did = leadership.held() and await self.do_next()
            except Exception as error:
                log.error("errands: %s", type(error).__name__)  # its own words may quote what was worked on
                did = False
            if not did:
                try:
                    async with asyncio.timeout(LOOK_AGAIN_S):
                        await self._rung.wait()
                except TimeoutError:
                    pass

    async def do_next(self) -> bool:
        """The next of what is ordered; False when there is nothing, or it has to be tried again later."""
        begun = await self._turn(self._begin)
        if begun is None:
            return False
        errand, kind, given = begun
        if kind is None:
            return True
        copy, trouble = await self._copied(kind)
        try:
            made = b"" if trouble or not kind.by else await self._work(errand, kind, given)
        except Failed:
            await self._turn(lambda one: self._give_up(one, errand))
            return True
        except SendError as error:
            log.error("errand=%s id=%d try=%d: %s", errand.what, errand.id, errand.tries + 1, type(error).__name__)
            return False
        except WorkFailed as failed:
            log.error("errand=%s id=%d try=%d: %s", errand.what, errand.id, errand.tries + 1, failed)
            return False
        await self._turn(
            lambda one: self._finish(one, kind, Done(errand.id, errand.params, given, made, copy, trouble))
        )
        log.info("errand=%s id=%d done", errand.what, errand.id)
        return True

    async def _copied(self, kind: Kind) -> tuple[str, str]:
        """The name of the backup that was made before, or why there is none."""
        if not kind.copies or self._copy is None:
            return "", ""
        try:
            return (await self._copy()).name, ""
        except StorageError as error:
            log.error("errand=%s is not done, without a backup: %s", kind.name, error)
            return "", str(error)

    async def _work(self, errand: Errand, kind: Kind, given: Any) -> bytes:
        async def told(done: int, total: int) -> None:
            if kind.far is not None:
                far = Far(errand.id, errand.params, done, total)
                await self._turn(lambda one: self._show_far(one, kind, far))

        return await self.work(kind.by, await self._with_file(kind, given), told)

    @staticmethod
    def _show_far(one: Turn, kind: Kind, far: Far) -> None:
        one.become(people.get(one.db, errands.whose(one.db, far.id)))
        if kind.far is not None and one.person is not None:
            kind.far(one, far)

    async def _with_file(self, kind: Kind, given: Any) -> Any:
        if not kind.fetches:
            return given
        content = await self._fetch(File(**given["file"]))
        return {**given, "content": base64.b64encode(content).decode()}

    def _give_up(self, one: Turn, errand: Errand) -> None:
        """The channel does not give the file, and never will."""
        one.become(people.get(one.db, errand.person_id))
        self._refuse(one, errand.id, Refused("chat.no_file"))

    async def _turn(self, job: Callable[[Turn], Any]) -> Any:
        found: list[Any] = [None]

        def ring(one: Turn) -> None:  # perhaps more than once before it is committed
            found[0] = job(one)

        self._said(await self._store.run(lambda db: turn.ring(db, ring, self._now(), self._around)))
        return found[0]

    def _begin(self, one: Turn) -> tuple[Errand, Kind | None, Any] | None:
        """What is to be done and what it needs; without a kind it came to its end already."""
        errand = errands.first(one.db)
        if errand is None:
            return None
        one.become(people.get(one.db, errand.person_id))
        kind = self._around.routes.errands.get(errand.what)
        if kind is None or errand.tries >= MOST_TRIES:
            errands.end(one.db, errand.id, "failed", one.now)
            _tell(one, errand.id, _failed)
            return errand, None, None
        errands.begin(one.db, errand, one.now)
        try:
            with one.db.undoable():
                return errand, kind, kind.given(one, **errand.params)
        except Refused as refused:
            self._refuse(one, errand.id, refused)
            return errand, None, None
        except Exception as error:  # the try is counted: it must not stand before everything else for ever
            log.error("errand=%s id=%d cannot begin: %s", errand.what, errand.id, type(error).__name__)
            return errand, None, None

    def _finish(self, one: Turn, kind: Kind, done: Done) -> None:
        one.become(people.get(one.db, errands.whose(one.db, done.id)))
        there = people.address(one.db, one.me.id, anyway=True) if one.person else None
        one.through = there.channel if there else ""
        if not errands.end(one.db, done.id, "done", one.now):
            return
        one.feature = kind.feature
        try:
            with one.db.undoable():
                kind.finish(one, done)
        except Refused as refused:
            one.post.undone()
            self._refuse(one, done.id, refused, was="done")

    def _refuse(self, one: Turn, errand_id: int, refused: Refused, was: str = "ordered") -> None:
        """It may no longer be done: whoever ordered it is told why."""
        errands.end(one.db, errand_id, "failed", one.now, was)

        def view(say: Voice) -> Reply:
            return Reply(say(refused.key, **refused.values), card=turn.errand_card(errand_id))

        _tell(one, errand_id, view)


def _failed(say: Voice) -> Reply:
    return Reply(say("chat.errand_failed"))


def _tell(one: Turn, errand_id: int, view: View) -> None:
    if one.person is not None:
        one.refresh(one.me.id, lambda say: Reply(view(say).text, card=turn.errand_card(errand_id)))
        one.tell(one.me.id, lambda say: Reply(view(say).text), urgent=True, anyway=True)


Told = Callable[[int, int], Awaitable[None]]


async def nobody(done: int, total: int) -> None:
    """Is told how far the work is."""


async def work(by: str, given: Any, told: Told = nobody) -> bytes:
    """What the module makes of it, in a process of its own that knows no secrets. Raises WorkFailed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot.work",
        by,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={"PYTHONPATH": str(ROOT), "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8"},
    )
    try:
        async with asyncio.timeout(MOST_S):
            _, made, kind = await asyncio.gather(_give(process, given), _made(process), _last_words(process, told))
            await process.wait()
    except TimeoutError:
        raise WorkFailed(f"it took more than {MOST_S:.0f} s") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()  # to its end, so that no pipe is left open
    if process.returncode:
        raise WorkFailed(f"it ended with {process.returncode} {kind}".strip())
    return made


async def _give(process: Process, given: Any) -> None:
    assert process.stdin is not None
    with suppress(BrokenPipeError, ConnectionResetError):  # it ended before it had read all
        process.stdin.write(json.dumps(given).encode())
        await process.stdin.drain()
    process.stdin.close()


async def _made(process: Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.read()


async def _last_words(process: Process, told: Told) -> str:
    """The kind of fault it ended with; what follows that may quote what was worked on."""
    assert process.stderr is not None
    last = ""
    async for line in process.stderr:
        said = line.decode("utf-8", "replace").strip()
        if far := FAR.fullmatch(said):
            await told(int(far[1]), int(far[2]))
        else:
            last = said or last
    return last.partition(":")[0][:80]
