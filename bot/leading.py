"""Work that only one process does at a time: it goes on here for as long as this is the one."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from storage.db import Leadership, Store

log = logging.getLogger("apso.leading")

Work = Callable[[Leadership], Awaitable[None]]


async def lead(store: Store, what: str, work: Work, bell: Callable[[], None] = lambda: None) -> None:
    """Wait until this process leads, then do `work`; again and again when another took over meanwhile.

    Returns, or raises, when the work ends by itself.
    """
    while True:
        leadership = await store.lead(what, bell)
        doing = asyncio.ensure_future(work(leadership))
        lost = asyncio.ensure_future(leadership.lost())
        try:
            await asyncio.wait({doing, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            ended = doing.done()
            for task in (doing, lost):
                task.cancel()
            await asyncio.gather(doing, lost, return_exceptions=True)
            await leadership.resign()
        if ended:
            return doing.result()
        log.warning("leading=%s: no longer here; standing again", what)
