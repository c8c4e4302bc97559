"""A quick server of OpenAI's chat wire format that keeps a ledger: which text it gave to which call, and whether whole.

Each reply has a text of its own that names the probe, so a test can hold what is stored against what was sent: nothing
made up, nothing twice, nothing under another probe's name.

    with LedgerServer() as server:
        ... base_url=server.base_url ...
    assert texts_in_the_store <= server.sent.keys()
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from types import TracebackType
from typing import Any, Self

__all__ = ["MODEL", "Deed", "LedgerCall", "LedgerServer", "failed"]

MODEL = "model-1"
"""The id that claims to have answered."""


@dataclass(frozen=True)
class Deed:
    """What the server does with one call; as it is, it answers with a reply of its own.

    `cut_after` resets the connection after so many bytes of the body, `drip_seconds` is the pause before each byte,
    `length_added` makes `content-length` wrong by so much, `closes` closes the connection after the reply without a
    word, while the client keeps it for its next call.
    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    cut_after: int | None = None
    drip_seconds: float = 0.0
    length_added: int = 0
    closes: bool = False

    @property
    def whole(self) -> bool:
        """The client can read a reply out of it."""
        spoilt = self.status != 200 or self.body is not None or self.cut_after is not None
        return not (spoilt or self.drip_seconds or self.length_added)


@dataclass
class LedgerCall:
    """One call: what it asked, what it was given, and whether all of it went out."""

    number: int
    prompt: str
    deed: Deed
    padding: int = 0
    sent: bool = False

    @property
    def text(self) -> str:
        """The reply that is this call's alone."""
        return f"reply {self.number} to {self.prompt}{'.' * self.padding}"


def failed(status: int, **headers: str) -> Deed:
    """Return an error in OpenAI's envelope; `_` in the names of headers stands for `-`."""
    error = {"message": "try later", "type": "server_error", "param": None, "code": None}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Deed(status, named, json.dumps({"error": error}).encode())


class LedgerServer:
    """Answers on 127.0.0.1 until the block ends; `choose` says what is done with the call of a number and a prompt.

    Replies come after `delay_seconds` on average, each with so many characters of `padding`.

    Attributes:
        calls: Every call that was received whole, in the order of arrival.
    """

    def __init__(
        self, choose: Callable[[int, str], Deed] | None = None, *, delay_seconds: float = 0.002, padding: int = 0
    ) -> None:
        self.calls: list[LedgerCall] = []
        self._choose = choose or (lambda number, prompt: Deed())
        self._delay_seconds = delay_seconds
        self._padding = padding
        self._chance = Random(0)
        self._watched: deque[tuple[int, threading.Event]] = deque()
        self._loop = asyncio.new_event_loop()
        self._connections: set[_Connection] = set()
        self._thread = threading.Thread(target=self._serve, name="ledger", daemon=True)
        self._ready = threading.Event()
        self._stop = asyncio.Event()
        self._port = 0

    @property
    def base_url(self) -> str:
        """Address for the SDK."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def sent(self) -> dict[str, LedgerCall]:
        """By text, the calls whose replies went out whole and readable."""
        return {call.text: call for call in self.calls if call.sent and call.deed.whole}

    def after_replies(self, count: int) -> threading.Event:
        """Return what is set once so many more calls were answered, well or badly."""
        event = threading.Event()
        self._loop.call_soon_threadsafe(self._watched.append, (sum(call.sent for call in self.calls) + count, event))
        return event

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()

    def _serve(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._until_stopped())

    async def _until_stopped(self) -> None:
        server = await self._loop.create_server(lambda: _Connection(self), "127.0.0.1", 0, backlog=128)
        self._port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for connection in list(self._connections):
            connection.drop()

    def received(self, connection: _Connection, body: Any) -> None:
        """Note a call and do with it what is chosen, after a moment."""
        prompt, number = str(body["messages"][-1]["content"]), len(self.calls)
        call = LedgerCall(number, prompt, self._choose(number, prompt), self._padding)
        self.calls.append(call)
        wait_seconds = self._chance.uniform(0, 2 * self._delay_seconds)
        self._loop.call_later(wait_seconds, connection.answer, call)

    def answered(self, call: LedgerCall) -> None:
        """Note that all of a reply went out."""
        call.sent = True
        count = sum(each.sent for each in self.calls)
        for due, event in list(self._watched):
            if count >= due:
                event.set()
                self._watched.remove((due, event))

    def opened(self, connection: _Connection) -> None:
        """Remember a connection, to drop it at the end."""
        self._connections.add(connection)

    def closed(self, connection: _Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)


class _Connection(asyncio.Protocol):
    """One connection: requests in, one after the other, and replies out."""

    def __init__(self, owner: LedgerServer) -> None:
        self._owner = owner
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._owner.opened(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._owner.closed(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, blank, rest = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        headers = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
        length = int(headers[b"content-length"])
        if len(rest) >= length:
            self._buffer = rest[length:]
            self._owner.received(self, json.loads(rest[:length]))

    def answer(self, call: LedgerCall) -> None:
        """Do what was chosen for the call; one whose client has left is not answered."""
        if self._transport is None or self._transport.is_closing():
            return
        deed = call.deed
        body = _completion(call) if deed.body is None else deed.body
        self._transport.write(_head(deed, len(body)))
        if deed.drip_seconds:
            self._drip(call, body)
            return
        self._transport.write(body[: deed.cut_after])
        self._owner.answered(call)
        if deed.cut_after is not None:
            self._reset()
        elif deed.closes or deed.length_added > 0:
            self._transport.close()

    def drop(self) -> None:
        """Close the connection now."""
        if self._transport is not None:
            self._transport.abort()

    def _drip(self, call: LedgerCall, body: bytes) -> None:
        if self._transport is None or self._transport.is_closing():
            return
        self._transport.write(body[:1])
        if len(body) == 1:
            self._owner.answered(call)
            return
        asyncio.get_running_loop().call_later(call.deed.drip_seconds, self._drip, call, body[1:])

    def _reset(self) -> None:
        assert self._transport is not None
        raw = self._transport.get_extra_info("socket")
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._transport.close()


def _head(deed: Deed, length: int) -> bytes:
    headers = {"content-type": "application/json", "content-length": str(length + deed.length_added), **deed.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"HTTP/1.1 {deed.status} X\r\n{lines}\r\n".encode()


def _completion(call: LedgerCall) -> bytes:
    message = {"role": "assistant", "content": call.text}
    return json.dumps(
        {
            "id": f"chatcmpl-{call.number}",
            "object": "chat.completion",
            "created": 1,
            "model": MODEL,
            "choices": [{"index": 0, "finish_reason": "stop", "message": message}],
            "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
        }
    ).encode()
