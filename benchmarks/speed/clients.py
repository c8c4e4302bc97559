"""Bare loops that ask the server and keep nothing: what each way through a client costs at least.

    python benchmarks/speed/clients.py NAME BASE_URL CALLS AT_ONCE

One loop a process, so that none warms another. It prints wall and CPU seconds of the loop as JSON; imports are not in
them, making the client and its connections is.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from importlib.util import find_spec
from typing import Any

__all__ = ["ROWS", "installed"]

_Ask = Callable[[str], Awaitable[object]]
_Loop = Callable[[str, int, int], Coroutine[Any, Any, None]]
_TIMEOUT_SECONDS = 30.0


def _body(text: str) -> dict[str, Any]:
    return {"model": "bench", "messages": [{"role": "user", "content": text}]}


async def _workers(ask: _Ask, calls: int, at_once: int) -> None:
    numbers = iter(range(calls))

    async def work() -> None:
        for number in numbers:
            await ask(f"What is the total of invoice {number}?")

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())


async def _aiohttp(base_url: str, calls: int, at_once: int) -> None:
    import aiohttp  # noqa: PLC0415 - each process loads the one client that it measures

    url = f"{base_url}/chat/completions"
    connector = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=connector) as session:

        async def ask(text: str) -> object:
            async with session.post(url, json=_body(text), headers={"Authorization": "Bearer none"}) as response:
                assert response.status == 200
                return json.loads(await response.read())

        await _workers(ask, calls, at_once)


async def _httpx2(base_url: str, calls: int, at_once: int) -> None:
    import httpx2  # noqa: PLC0415

    url = f"{base_url}/chat/completions"
    limits = httpx2.Limits(max_connections=at_once, max_keepalive_connections=at_once)
    async with httpx2.AsyncClient(limits=limits, timeout=_TIMEOUT_SECONDS) as client:

        async def ask(text: str) -> object:
            response = await client.post(url, json=_body(text), headers={"Authorization": "Bearer none"})
            assert response.status_code == 200
            return response.json()

        await _workers(ask, calls, at_once)


def _sdk(how: str, *, over_aiohttp: bool) -> _Loop:
    async def loop(base_url: str, calls: int, at_once: int) -> None:
        import openai  # noqa: PLC0415

        transport = openai.DefaultAioHttpClient() if over_aiohttp else None
        async with openai.AsyncOpenAI(
            api_key="none", base_url=base_url, max_retries=0, timeout=_TIMEOUT_SECONDS, http_client=transport
        ) as client:
            await _workers(_asking(client, how), calls, at_once)

    return loop


def _asking(client: Any, how: str) -> _Ask:
    import httpx2  # noqa: PLC0415

    create, raw = client.chat.completions.create, client.chat.completions.with_raw_response.create

    async def parsed(text: str) -> object:
        return (await create(**_body(text))).choices[0].message.content

    async def as_bytes(text: str) -> object:
        return json.loads((await raw(**_body(text))).content)

    async def low_level(text: str) -> object:
        response = await client.post("/chat/completions", cast_to=httpx2.Response, body=_body(text))
        return json.loads(response.content)

    return {"parsed": parsed, "as_bytes": as_bytes, "low_level": low_level}[how]


ROWS: dict[str, _Loop] = {
    "aiohttp": _aiohttp,
    "httpx2": _httpx2,
    "openai SDK, as documented": _sdk("parsed", over_aiohttp=False),
    "openai SDK, raw response": _sdk("as_bytes", over_aiohttp=False),
    "openai SDK on aiohttp": _sdk("parsed", over_aiohttp=True),
    "openai SDK on aiohttp, raw response": _sdk("as_bytes", over_aiohttp=True),
    "openai SDK on aiohttp, client.post": _sdk("low_level", over_aiohttp=True),
    "the same on uvloop": _sdk("low_level", over_aiohttp=True),
}
"""Loops by what the table calls them."""


def installed(name: str) -> bool:
    """Say whether what a row needs is installed: uvloop is no dependency."""
    return "uvloop" not in name or find_spec("uvloop") is not None


def main(name: str, base_url: str, calls: int, at_once: int) -> None:
    """Run one loop and print what it took."""
    import openai  # noqa: F401, PLC0415 - loaded before the clock starts

    runner: Any = asyncio.run
    if "uvloop" in name:
        import uvloop  # noqa: PLC0415

        runner = uvloop.run
    wall, cpu = time.perf_counter(), time.process_time()
    runner(ROWS[name](base_url, calls, at_once))
    print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
