"""An aiohttp session under python-telegram-bot: its own httpx costs five to nine times as much a call."""

from __future__ import annotations

import io
import json
import os
from typing import Any, Protocol

import aiohttp
from telegram.error import BadRequest, NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.request._requestparameter import RequestParameter

# RetryAfter.retry_after as a timedelta; without it the library warns of its own deprecation at every 429.
os.environ.setdefault("PTB_TIMEDELTA", "true")

MAX_DOWNLOAD = 20 * 1024 * 1024
"""What the cloud Bot API lets a bot download, in bytes."""

_DEFAULT: Any = BaseRequest.DEFAULT_NONE
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # refused, no route, no such name, bad certificate
    aiohttp.ConnectionTimeoutError,  # also: no free connection in the pool in time
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


class Call(Protocol):
    """A method of the Bot API by name. Raises the library's errors."""

    async def __call__(self, method: str, **parameters: Any) -> Any: ...


class NotSent(Exception):
    """The request never left this machine."""


class Lost(Exception):
    """The request was written, at least in part, and no answer came."""


class Transport(BaseRequest):
    """Carries Bot API calls. What goes wrong is a TimedOut or NetworkError caused by NotSent or Lost.

    The causes name aiohttp's exceptions but never hold them: their texts contain the URL, and the URL the token.
    Times are in seconds; `media` is the time an upload may take. `proxy` is an http:// URL or "".
    """

    def __init__(
        self,
        *,
        connect: float = 5.0,
        read: float = 20.0,
        write: float = 20.0,
        media: float = 60.0,
        connections: int = 64,
        proxy: str = "",
    ) -> None:
        self._connect, self._read, self._write, self._media = connect, read, write, media
        self._connections = connections
        self._proxy = proxy or None
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer when the call does not say."""
        return self._read

    def calls(self, url: str) -> Call:
        """The bot's methods without the library's objects, which cost more than the exchange: JSON in and out.

        `url` is the library's base_url; parameters that are None are left out, an InputFile is uploaded.
        """

        async def call(method: str, **parameters: Any) -> Any:
            data = RequestData([RequestParameter.from_input(name, value) for name, value in parameters.items()])
            return await self.post(f"{url}/{method}", data)

        return call

    async def initialize(self) -> None:
        """Allow calls (again); the session itself opens with the first one."""
        self._closed = False

    async def shutdown(self) -> None:
        """Close the session; calls from now on are NotSent."""
        self._closed = True
        await self.renew()

    async def renew(self) -> None:
        """Drop the session with all its connections; the next call opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = _DEFAULT,
        write_timeout: Any = _DEFAULT,
        connect_timeout: Any = _DEFAULT,
        pool_timeout: Any = _DEFAULT,
    ) -> tuple[int, bytes]:
        """One HTTP exchange: status and body."""
        uploads = request_data is not None and request_data.contains_files
        connect = _given(connect_timeout, self._connect)
        read = _given(read_timeout, self._read)
        write = _given(write_timeout, self._media if uploads else self._write)
        timeout = aiohttp.ClientTimeout(total=connect + write + read, connect=connect, sock_read=read)
        if self._closed:
            raise NetworkError("the channel is stopped") from NotSent("the channel is stopped")
        try:
            async with self._open().request(
                method, url, timeout=timeout, allow_redirects=False, **_body(request_data)
            ) as response:
                status, answer = response.status, await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            failure = (NotSent if isinstance(error, _NEVER_LEFT) else Lost)(type(error).__name__)
            kind = TimedOut if isinstance(error, TimeoutError) else NetworkError
        else:
            if status == 413:
                raise BadRequest("Request Entity Too Large")
            if status >= 500 and not answer.startswith(b"{"):
                # A proxy's page; the library would put all of it into its error.
                raise NetworkError(f"HTTP {status} without an answer of Telegram")
            return status, answer
        # Raised outside of the except clause, so that not even __context__ keeps the URL.
        raise kind(f"{type(failure).__name__}: {failure}") from failure

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The JSON of an answer; without the library's error log of every HTML page a proxy sends."""
        try:
            parsed = json.loads(payload)
        except ValueError:
            parsed = None
        if not isinstance(parsed, dict):
            raise NetworkError("Invalid server response")
        return parsed

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._connections),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "apso"},
                proxy=self._proxy,
            )
        return self._session


def _given(timeout: object, default: float) -> float:
    return float(timeout) if isinstance(timeout, int | float) else default


def _body(data: RequestData | None) -> dict[str, Any]:
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": json.dumps(data.parameters), "headers": {"Content-Type": "application/json"}}
    form = aiohttp.MultipartWriter("form-data")
    for name, value in data.json_parameters.items():
        form.append(value, {"Content-Disposition": f'form-data; name="{name}"'})
    for name, (filename, content, mime) in data.multipart_data.items():
        # The name goes as raw UTF-8: Telegram shows the percent signs of an encoded one.
        shown = "".join(" " if c in '"\\\r\n' else c for c in filename)
        disposition = f'form-data; name="{name}"; filename="{shown}"'
        # Bytes go through a BytesIO, because aiohttp warns of bodies over 1 MB.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.append(stream, {"Content-Disposition": disposition, "Content-Type": mime})
    return {"data": form}


async def _read(response: aiohttp.ClientResponse) -> bytes:
    if response.method != "GET":
        return await response.read()
    content = bytearray()
    async for chunk in response.content.iter_chunked(64 * 1024):
        content += chunk
        if len(content) > MAX_DOWNLOAD:
            raise BadRequest("file is too big")
    return bytes(content)
