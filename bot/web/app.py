"""Everything the bot serves over HTTP, as one ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot.web.body import MEGABYTE, read
from bot.web.phone.pages import PhonePages

Webhook = Callable[[Mapping[str, str], bytes], Awaitable[int]]
"""Takes the headers (names in lower case) and the body of a call; returns the HTTP status to answer."""

Healthy = Callable[[], Awaitable[dict[str, object]]]
"""What is worth knowing about the bot's health; {"ok": False, …} when something is wrong."""

Figures = Callable[[], Awaitable[tuple[bytes, str]]]
"""The page for Prometheus and its content type."""


def build(
    *,
    phone: PhonePages | None = None,
    telegram_webhook: Webhook | None = None,
    telegram_path: str = "/telegram",
    healthy: Healthy | None = None,
    figures: Figures | None = None,
) -> Starlette:
    """The application with the parts that are given, and always /healthz. `figures` are served as /metrics.

    `app.state.close()` ends the streams that would otherwise stay open for ever; the server calls it when it stops.
    """
    routes: list[BaseRoute] = [Route("/healthz", _health(healthy))]
    if figures is not None:
        routes.append(Route("/metrics", _metrics(figures)))
    if telegram_webhook is not None:
        routes.append(Route(telegram_path, _webhook(telegram_webhook), methods=["POST"]))
    if phone is not None:
        routes += phone.routes()
    app = Starlette(routes=routes, exception_handlers={HTTPException: _refused, Exception: _broken})
    app.state.close = phone.close if phone is not None else lambda: None
    return app


def _health(healthy: Healthy | None) -> Callable[[Request], Awaitable[Response]]:
    async def health(request: Request) -> Response:
        state = await healthy() if healthy is not None else {"ok": True}
        return JSONResponse(state, 503 if state.get("ok") is False else 200, {"cache-control": "no-store"})

    return health


def _metrics(figures: Figures) -> Callable[[Request], Awaitable[Response]]:
    async def metrics(request: Request) -> Response:
        page, kind = await figures()
        return Response(page, headers={"content-type": kind, "cache-control": "no-store"})

    return metrics


def _webhook(take: Webhook) -> Callable[[Request], Awaitable[Response]]:
    async def webhook(request: Request) -> Response:
        return Response(status_code=await take(request.headers, await read(request, MEGABYTE)))

    return webhook


async def _refused(request: Request, refused: Exception) -> Response:
    assert isinstance(refused, HTTPException)
    return JSONResponse({"error": refused.detail}, refused.status_code, refused.headers)


async def _broken(request: Request, error: Exception) -> Response:
    return JSONResponse({"error": "Có lỗi ở phía bot. Xin thử lại; nếu vẫn vậy, xin xem nhật ký."}, 500)
