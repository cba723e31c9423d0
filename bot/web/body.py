"""Reading what was sent with a request, never more than was agreed."""

from __future__ import annotations

import json
from contextlib import aclosing
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import Message, Receive

MEGABYTE = 1024 * 1024


async def read(request: Request, limit: int) -> bytes:
    """The body; HTTPException 413 as soon as it is sure to be beyond `limit` bytes."""
    parts = bytearray()
    async with aclosing(capped(request, limit).stream()) as stream:
        async for part in stream:
            parts += part
    return bytes(parts)


async def read_json(request: Request, limit: int = MEGABYTE) -> dict[str, Any]:
    """The JSON object in the body (an empty body is an empty object); HTTPException 400 when it is something else."""
    body = await read(request, limit)
    try:
        content = json.loads(body or b"{}")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise HTTPException(400, "Nội dung gửi lên phải là một đối tượng JSON.")
    return content


def capped(request: Request, limit: int) -> Request:
    """The same request, whose body ends in HTTPException 413 beyond `limit` bytes, announced or real."""
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_large(limit)
    return Request(request.scope, _counted(request.receive, limit))


def too_large(limit: int) -> HTTPException:
    """What is answered to a body beyond `limit` bytes."""
    # The connection is closed, or the rest would have to be read to find the next request.
    return HTTPException(413, f"Nội dung quá lớn: tối đa {limit // MEGABYTE} MB.", headers={"connection": "close"})


def _counted(receive: Receive, limit: int) -> Receive:
    read = 0

    async def receive_counted() -> Message:
        nonlocal read
        message = await receive()
        read += len(message.get("body", b""))
        if read > limit:
            raise too_large(limit)
        return message

    return receive_counted
