"""Coroutines in tests."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T], seconds: float = 30) -> T:
    """Run in a thread of its own: the browser of another test leaves its loop running in this one."""

    async def within() -> T:
        return await asyncio.wait_for(work, seconds)

    with ThreadPoolExecutor(1) as own:
        return own.submit(asyncio.run, within()).result()
