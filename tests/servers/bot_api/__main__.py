"""`python -m tests.servers.bot_api --port 8081 --throttle penalty`: the fake Bot API until it is interrupted."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import signal

from tests.servers.bot_api.server import TOKEN, BotApi


async def _serve(port: int, throttle: str, per_chat: int, token: str) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with BotApi(port, token, record=False) as api:
        api.throttle.set(throttle, per_chat=per_chat)  # type: ignore[arg-type]  # argparse checks the choices
        print(f"ready {api.base_url} {api.base_file_url} {api.token}", flush=True)
        await stop.wait()


def main() -> None:
    """Read the arguments and serve."""
    parser = argparse.ArgumentParser(description="a strict Telegram Bot API on 127.0.0.1")
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--throttle", choices=["none", "window", "penalty"], default="none")
    parser.add_argument("--per-chat", type=int, default=0, help="messages a second in one chat, 0: any number")
    parser.add_argument("--token", default=TOKEN)
    asked = parser.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_serve(asked.port, asked.throttle, asked.per_chat, asked.token))


if __name__ == "__main__":
    main()
