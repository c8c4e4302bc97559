"""A server in a process of its own that answers every request after a fixed wait, as Chat Completions does.

It reads heads and lengths only and sends prepared bytes, so that it takes little of what the clients are measured by.

    python benchmarks/speed/server.py MILLISECONDS

It prints its port, serves until its standard input ends, then prints its CPU seconds and how many requests it answered.
"""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

__all__ = ["MODEL", "Server", "serving"]

MODEL = "bench-2026-11-01"

_LENGTH = re.compile(rb"^content-length:\s*(\d+)", re.IGNORECASE | re.MULTILINE)
_BLANK = b"\r\n\r\n"
_BODY = json.dumps(
    {
        "id": "chatcmpl-bench",
        "object": "chat.completion",
        "created": 1793000000,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "The total of the invoice is 42.", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 24, "completion_tokens": 9, "total_tokens": 33},
        "system_fingerprint": "fp_bench",
    }
).encode()
_ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req-bench\r\nContent-Length: "
    + str(len(_BODY)).encode()
    + _BLANK
    + _BODY
)


@dataclass(slots=True)
class Server:
    """A server that runs, and what it took once it has ended.

    Attributes:
        base_url: Address that clients are given, with `/v1`.
        cpu_seconds: CPU that it took from its start; 0 while it runs.
        answered: Requests that it answered; 0 while it runs.
    """

    base_url: str
    cpu_seconds: float = 0.0
    answered: int = 0


@contextmanager
def serving(milliseconds: float) -> Iterator[Server]:
    """Run a server for as long as the block lasts.

    Args:
        milliseconds: What it waits before each answer.
    """
    command = [sys.executable, "-S", __file__, str(milliseconds)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        server = Server(f"http://127.0.0.1:{int(process.stdout.readline())}/v1")
        yield server
        said, _ = process.communicate(timeout=10)
        cpu_seconds, answered = said.split()
        server.cpu_seconds, server.answered = float(cpu_seconds), int(answered)
    finally:
        process.kill()
        process.wait()


class _Connection(asyncio.Protocol):
    """One kept-alive connection."""

    answered = 0

    def __init__(self, wait_seconds: float, loop: asyncio.AbstractEventLoop) -> None:
        self._wait_seconds = wait_seconds
        self._loop = loop
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._held += data
        while (head := self._held.find(_BLANK)) >= 0:
            length = _LENGTH.search(self._held, 0, head)
            end = head + len(_BLANK) + (int(length[1]) if length else 0)
            if len(self._held) < end:
                return
            self._held = self._held[end:]
            self._loop.call_later(self._wait_seconds, self._answer)

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(_ANSWER)
            _Connection.answered += 1


async def _serve(wait_seconds: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(wait_seconds, loop), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(float(sys.argv[1]) / 1000))
    print(time.process_time(), _Connection.answered)
