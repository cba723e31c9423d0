"""Keeps the phones to this machine: only loopback, no foreign names, no foreign pages, a strict content policy."""

from __future__ import annotations

import ipaddress
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_OWN = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?", re.IGNORECASE)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}


class Guard:
    """Refuses with 403 what does not come from this machine's own browser, and seals every answer.

    The Host is checked because a foreign name may be pointed at 127.0.0.1 (DNS rebinding); the Origin because any page
    open in the same browser may post to loopback.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
            await send(message)

        _check(scope)
        await self._app(scope, receive, sealed)


def _check(scope: Scope) -> None:
    headers = Headers(scope=scope)
    client = scope.get("client")
    if client is not None and not ipaddress.ip_address(client[0]).is_loopback:
        raise HTTPException(403, "Điện thoại thử chỉ mở được trên chính máy đang chạy bot.")
    host = headers.get("host", "")
    if not _OWN.fullmatch(host):
        raise HTTPException(403, "Hãy mở trang bằng địa chỉ localhost hoặc 127.0.0.1.")
    origin = headers.get("origin")
    if scope["method"] not in {"GET", "HEAD"} and origin not in {None, f"http://{host}", f"https://{host}"}:
        raise HTTPException(403, "Trang khác không được gửi thay cho điện thoại này.")
