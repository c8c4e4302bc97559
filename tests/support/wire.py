"""A local HTTP server that answers as it is told, or breaks on purpose.

The SDKs carry their own HTTP library, so patching `httpx` does nothing: what they do is seen on a socket. What a vendor
says is made elsewhere (`wire_openai` and its like); this module knows bytes, statuses and headers only.

    with WireServer(lambda received: completion("hello")) as server:
        ... base_url=server.base_url ...
    assert server.received[0].body["model"] == "m"
"""

from __future__ import annotations

import email
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

__all__ = ["Received", "WireReply", "WireServer"]


@dataclass(frozen=True)
class Received:
    """One request as it came over the wire; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    raw: bytes
    number: int

    @property
    def body(self) -> Any:
        """The JSON of the body; None without a body."""
        return json.loads(self.raw or b"null")

    @property
    def parts(self) -> dict[str, bytes]:
        """The parts of a form, by name."""
        form = email.message_from_bytes(b"content-type: " + self.headers["content-type"].encode() + b"\n\n" + self.raw)
        return {
            str(part.get_param("name", header="content-disposition")): part.get_payload(decode=True)
            for part in form.get_payload()
        }

    @property
    def prompt(self) -> str:
        """The text of the last message, where the body has `messages`."""
        return str(self.body["messages"][-1]["content"])


@dataclass(frozen=True)
class WireReply:
    """What goes back.

    `reset_after` closes the connection with a reset after so many bytes of the body; `drip_seconds` is the pause
    before each of its bytes; `hang_up` closes the connection without a byte, as a server does that gave it up as idle
    while the request was on its way.
    """

    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    delay_seconds: float = 0.0
    reset_after: int | None = None
    drip_seconds: float = 0.0
    hang_up: bool = False


class WireServer:
    """Answers on 127.0.0.1 with what `respond` returns; keeps what it received and how many asked at a time."""

    def __init__(self, respond: Callable[[Received], WireReply], *, tls: ssl.SSLContext | None = None) -> None:
        self.received: list[Received] = []
        self.connections = 0
        self.in_flight = 0
        self.most_in_flight = 0
        self.stopping = threading.Event()
        self._respond = respond
        self._lock = threading.Lock()
        self._scheme = "https" if tls else "http"
        self._server = _Server(self, tls)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, name="wire", daemon=True
        )

    @property
    def root_url(self) -> str:
        """Address without a path."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    @property
    def base_url(self) -> str:
        """Address for an SDK that wants the version in it."""
        return f"{self.root_url}/v1"

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

    def connected(self) -> None:
        """Count a connection."""
        with self._lock:
            self.connections += 1

    def answer(self, method: str, path: str, headers: Mapping[str, str], raw: bytes) -> WireReply:
        """Note the request and return its reply, after its delay."""
        with self._lock:
            received = Received(method, path, headers, raw, len(self.received))
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


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def __init__(self, owner: WireServer, tls: ssl.SSLContext | None) -> None:
        self.owner = owner
        super().__init__(("127.0.0.1", 0), _Handler)
        if tls is not None:
            # The handshake belongs to the connection's own thread: one that fails must not hold up the others.
            self.socket = tls.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Stay quiet: clients that give up in the middle are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 10
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.owner.connected()

    def do_GET(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def do_CONNECT(self) -> None:
        self._serve()

    def _serve(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length", 0)))
        headers = {name.lower(): value for name, value in self.headers.items()}
        reply = self.server.owner.answer(self.command, self.path, headers, raw)
        if reply.hang_up:
            self.close_connection = True
            return
        self.send_response_only(reply.status)
        named = {"content-type": "application/json", "date": self.date_time_string()} | dict(reply.headers)
        for name, value in named.items():
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
