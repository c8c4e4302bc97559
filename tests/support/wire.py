"""A local HTTP server that speaks OpenAI's chat wire format, or breaks it on purpose.

The SDKs carry their own HTTP library, so patching `httpx` does nothing: what they do is seen on a socket.

    with WireServer(lambda received: completion("hello")) as server:
        ... base_url=server.base_url ...
    assert server.received[0].body["model"] == "m"
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

__all__ = ["Received", "WireReply", "WireServer", "completion", "refusal", "tool_call", "wire_error"]


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire; header names in lower case."""

    path: str
    headers: Mapping[str, str]
    body: Any
    number: int

    @property
    def prompt(self) -> str:
        """The text of the last message."""
        return str(self.body["messages"][-1]["content"])


@dataclass(frozen=True)
class WireReply:
    """What goes back.

    `reset_after` closes the connection with a reset after so many bytes of the body; `drip_seconds` is the pause
    before each of its bytes.
    """

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    reset_after: int | None = None
    drip_seconds: float = 0.0


class WireServer:
    """Answers on 127.0.0.1 with what `respond` returns; keeps what it received and how many asked at a time."""

    def __init__(self, respond: Callable[[Received], WireReply]) -> None:
        self.received: list[Received] = []
        self.in_flight = 0
        self.most_in_flight = 0
        self._respond = respond
        self._lock = threading.Lock()
        self.stopping = threading.Event()
        self._server = _Server(self)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, name="wire", daemon=True
        )

    @property
    def base_url(self) -> str:
        """Address for the SDK."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    @property
    def prompts(self) -> list[str]:
        """Last message of each request, in the order of their arrival."""
        return [received.prompt for received in self.received]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, path: str, headers: Mapping[str, str], body: bytes) -> WireReply:
        """Note the request and return its reply, after its delay."""
        with self._lock:
            received = Received(path, headers, json.loads(body or b"null"), len(self.received))
            self.received.append(received)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            reply = self._respond(received)
            self.stopping.wait(reply.delay_seconds)
            return reply
        finally:
            with self._lock:
                self.in_flight -= 1


def completion(
    text: str | None,
    *,
    model: str | None = "model-1",
    finish_reason: str | None = "stop",
    message: Mapping[str, Any] | None = None,
    usage: tuple[int, int] | None = (10, 5),
    headers: Mapping[str, str] | None = None,
    delay_seconds: float = 0.0,
    **members: Any,
) -> WireReply:
    """Return a completion of `text`; `message` and `members` add to the message and to the body."""
    choice = {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": text}}
    choice["message"].update(message or {})
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": int(time.time()),
        "choices": [choice],
    }
    if model is not None:
        body["model"] = model
    if usage is not None:
        body["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return WireReply(json.dumps(body | members).encode(), headers=headers or {}, delay_seconds=delay_seconds)


def refusal(text: str) -> WireReply:
    """Return a refusal in the member that the format has for it."""
    return completion(None, message={"refusal": text})


def tool_call(name: str, arguments: str = "{}", *, call_id: str = "call_a", **more: Any) -> WireReply:
    """Return a completion that calls one tool."""
    call = {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}
    return completion(None, finish_reason="tool_calls", message={"tool_calls": [call]}, **more)


def wire_error(
    status: int,
    message: str = "no",
    *,
    kind: str = "invalid_request_error",
    param: str | None = None,
    code: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> WireReply:
    """Return an error in OpenAI's envelope."""
    error = {"message": message, "type": kind, "param": param, "code": code}
    return WireReply(json.dumps({"error": error}).encode(), status, headers or {})


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, owner: WireServer) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: clients that give up in the middle are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.owner.answer(self.path, headers, body)
        self.send_response(reply.status)
        for name, value in ({"content-type": "application/json"} | dict(reply.headers)).items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(reply.body)))
        self.end_headers()
        self._write(reply.body[: reply.reset_after], reply.drip_seconds)
        if reply.reset_after is not None:
            self._reset()

    def _write(self, body: bytes, drip_seconds: float) -> None:
        if not drip_seconds:
            self.wfile.write(body)
            return
        for byte in body:
            if self.server.owner.stopping.wait(drip_seconds):
                return
            self.wfile.write(bytes([byte]))

    def _reset(self) -> None:
        self.wfile.flush()
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def log_message(self, *_: Any) -> None:
        """Write no log."""
