"""Batch APIs over the wire: OpenAI's with its files, and Anthropic's. Which they are is the dialect's matter."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.dialect import SECRET, Dialect, Seen
from tests.support.wire import Received, WireReply

__all__ = ["NOON", "AnthropicBatchServer", "BatchServer", "OpenAIBatchServer", "WireBatch", "found"]

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def found(body: Any) -> WireReply:
    """Return an answer of JSON."""
    return WireReply(json.dumps(body).encode())


@dataclass
class WireBatch:
    """A batch as the server holds it: requests by custom id, in their vendor's words."""

    id: str
    requests: dict[str, Mapping[str, Any]]
    created_at: datetime = NOON
    polls_left: int = 0
    ended: str = ""
    members: Mapping[str, Any] = field(default_factory=dict)


class BatchServer:
    """What both have in common.

    Attributes:
        dialect: Whose words replies are made in.
        outcome: What becomes of a request: a reply or an error over the wire, or the word `expired` or `canceled`.
        polls: So many polls find a batch in progress.
        instead: Popped at each request: what is answered in place of what was asked for; None for nothing.
        batches: What was submitted, by the server's name of it.
        page: Most batches in one page of the list.
    """

    def __init__(self, dialect: Dialect, outcome: Callable[[Seen], WireReply | str] | None = None) -> None:
        self.dialect = dialect
        self.outcome = outcome or (lambda seen: dialect.answer(f"re {seen.turns[-1].text}"))
        self.polls = 0
        self.instead: list[WireReply | None] = []
        self.batches: dict[str, WireBatch] = {}
        self.page = 2
        self.results: bytes | None = None

    def __call__(self, received: Received) -> WireReply:
        """Answer a request."""
        told = self.instead.pop(0) if self.instead else None
        return self.respond(received) if told is None else told

    def respond(self, received: Received) -> WireReply:
        """Answer as the vendor does."""
        raise NotImplementedError

    def seen(self, body: Mapping[str, Any]) -> Seen:
        """Return what a request of a batch says, in our words."""
        headers = {"authorization": f"Bearer {SECRET}"}
        return self.dialect.seen(Received("POST", "/v1/messages", headers, json.dumps(body).encode(), 0))

    def hold(self, requests: Mapping[str, Mapping[str, Any]], **members: Any) -> WireBatch:
        """Take a batch."""
        held = WireBatch(f"batch_{len(self.batches)}", dict(requests), polls_left=self.polls, members=members)
        self.batches[held.id] = held
        return held

    def listed(self, received: Received, after: str) -> WireReply:
        """Return a page of the batches, the newest first."""
        query = parse_qs(urlsplit(received.path).query)
        held = list(reversed(self.batches.values()))
        if after in query:
            held = held[[each.id for each in held].index(query[after][0]) + 1 :]
        page = held[: self.page]
        return found({"data": [self.shown(each) for each in page], "has_more": len(held) > len(page)})

    def polled(self, batch_id: str) -> WireReply:
        """Return how a batch stands."""
        held = self.batches.get(batch_id)
        if held is None:
            return self.dialect.error(404)
        if held.polls_left <= 0 and not held.ended:
            held.ended = "ended"
        held.polls_left -= 1
        return found(self.shown(held))

    def shown(self, held: WireBatch) -> Mapping[str, Any]:
        """Return a batch in the vendor's words."""
        raise NotImplementedError

    def outcomes(self, held: WireBatch) -> dict[str, WireReply | str]:
        """Return what became of each request, the last one first: results come in any order."""
        return {name: self.outcome(self.seen(body)) for name, body in reversed(held.requests.items())}


class OpenAIBatchServer(BatchServer):
    """OpenAI's: a file in, and up to two files out."""

    def __init__(self, dialect: Dialect, outcome: Callable[[Seen], WireReply | str] | None = None) -> None:
        super().__init__(dialect, outcome)
        self.files: dict[str, bytes] = {}
        self.made: list[Mapping[str, Any]] = []

    def respond(self, received: Received) -> WireReply:
        path = urlsplit(received.path).path.removeprefix("/v1")
        match received.method, path.strip("/").split("/"):
            case "POST", ["files"]:
                assert received.parts["purpose"] == b"batch"
                name = f"file-in-{len(self.files)}"
                self.files[name] = received.parts["file"]
                return found({"id": name, "object": "file"})
            case "POST", ["batches"]:
                return self._make(received.body)
            case "GET", ["batches"]:
                return self.listed(received, "after")
            case "GET", ["batches", batch_id]:
                return self.polled(batch_id)
            case "POST", ["batches", batch_id, "cancel"]:
                self.batches[batch_id].ended = "cancelled"
                return found(self.shown(self.batches[batch_id]))
            case "GET", ["files", name, "content"]:
                return WireReply(self._file(name), headers={"content-type": "application/octet-stream"})
        raise AssertionError(f"nobody asks for {received.method} {received.path}")

    def _make(self, body: Mapping[str, Any]) -> WireReply:
        self.made.append(body)
        lines = [json.loads(line) for line in self.files[body["input_file_id"]].decode().strip("\n").split("\n")]
        assert all((line["method"], line["url"]) == ("POST", body["endpoint"]) for line in lines)
        held = self.hold({line["custom_id"]: line["body"] for line in lines}, metadata=body["metadata"])
        return found(self.shown(held))

    def shown(self, held: WireBatch) -> Mapping[str, Any]:
        ended = "completed" if held.ended == "ended" else held.ended
        files = {}
        if ended in {"completed", "expired", "cancelled"}:
            replied = [isinstance(each, WireReply) and each.status < 300 for each in self.outcomes(held).values()]
            files["output_file_id"] = f"output-{held.id}" if any(replied) else None
            files["error_file_id"] = f"error-{held.id}" if not all(replied) else None
        return {
            "id": held.id,
            "object": "batch",
            "status": ended or "in_progress",
            "created_at": int(held.created_at.timestamp()),
            "expires_at": int((held.created_at + timedelta(days=1)).timestamp()),
            "request_counts": {"total": len(held.requests), "completed": 0, "failed": 0},
            **files,
            **held.members,
        }

    def _file(self, name: str) -> bytes:
        if self.results is not None:
            return self.results
        kind, _, batch_id = name.partition("-")
        lines = []
        for custom_id, outcome in self.outcomes(self.batches[batch_id]).items():
            line: dict[str, Any] = {"id": f"batch_req_{custom_id}", "custom_id": custom_id, "error": None}
            if isinstance(outcome, str):
                line |= {
                    "response": None,
                    "error": {"code": f"batch_{outcome.replace('ele', 'elle')}", "message": "no"},
                }
            else:
                body = json.loads(outcome.body)
                line["response"] = {"status_code": outcome.status, "request_id": f"req-{custom_id}", "body": body}
            replied = isinstance(outcome, WireReply) and outcome.status < 300
            if replied is (kind == "output"):
                lines.append(json.dumps(line, ensure_ascii=False) + "\n")
        return "".join(lines).encode("utf-8", "surrogatepass")


class AnthropicBatchServer(BatchServer):
    """Anthropic's: one body in, lines out."""

    def respond(self, received: Received) -> WireReply:
        path = urlsplit(received.path).path.removeprefix("/v1/messages/")
        match received.method, path.strip("/").split("/"):
            case "POST", ["batches"]:
                entries = received.body["requests"]
                return found(self.shown(self.hold({each["custom_id"]: each["params"] for each in entries})))
            case "GET", ["batches"]:
                return self.listed(received, "after_id")
            case "GET", ["batches", batch_id]:
                return self.polled(batch_id)
            case "POST", ["batches", batch_id, "cancel"]:
                self.batches[batch_id].ended = "canceled"
                return found(self.shown(self.batches[batch_id]))
            case "GET", ["batches", batch_id, "results"]:
                headers = {"content-type": "application/x-jsonl"}
                return WireReply(self._lines(self.batches[batch_id]), headers=headers)
        raise AssertionError(f"nobody asks for {received.method} {received.path}")

    def shown(self, held: WireBatch) -> Mapping[str, Any]:
        counts = dict.fromkeys(("processing", "succeeded", "errored", "canceled", "expired"), 0)
        counts["succeeded" if held.ended else "processing"] = len(held.requests)
        return {
            "id": held.id,
            "type": "message_batch",
            "processing_status": "ended" if held.ended else "in_progress",
            "created_at": held.created_at.isoformat().replace("+00:00", "Z"),
            "expires_at": (held.created_at + timedelta(days=1)).isoformat().replace("+00:00", "Z"),
            "request_counts": counts,
            "results_url": "https://elsewhere.invalid/results" if held.ended else None,
            **held.members,
        }

    def _lines(self, held: WireBatch) -> bytes:
        if self.results is not None:
            return self.results
        lines = []
        for custom_id, outcome in self.outcomes(held).items():
            if isinstance(outcome, str):
                result: dict[str, Any] = {"type": outcome}
            elif outcome.status < 300:
                result = {"type": "succeeded", "message": json.loads(outcome.body)}
            else:
                result = {"type": "errored", "error": json.loads(outcome.body)}
            lines.append(json.dumps({"custom_id": custom_id, "result": result}, ensure_ascii=False) + "\n")
        return "".join(lines).encode("utf-8", "surrogatepass")
