"""`.venv-bench/bin/python -m bench.aiogram_echo TOKEN BASE_URL`: aiogram as its examples use it; says it back."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from aiogram import Bot, Dispatcher  # type: ignore[import-not-found, unused-ignore]
from aiogram.client.session.aiohttp import AiohttpSession  # type: ignore[import-not-found, unused-ignore]
from aiogram.client.telegram import TelegramAPIServer  # type: ignore[import-not-found, unused-ignore]


async def echo(message: Any) -> None:
    """Say it back."""
    await message.answer(message.text or "?")


async def main() -> None:
    """Poll until interrupted."""
    token, base_url = sys.argv[1:]
    server = TelegramAPIServer.from_base(base_url.removesuffix("/bot"))
    dispatcher = Dispatcher()
    dispatcher.message.register(echo)
    await dispatcher.start_polling(Bot(token, session=AiohttpSession(api=server)))


if __name__ == "__main__":
    asyncio.run(main())
