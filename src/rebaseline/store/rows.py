"""Between attempts and rows of the table `attempts`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any, assert_never

from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.model import ModelVersion
from rebaseline.domain.record import AttemptRecord

__all__ = ["attempt_of", "columns_of", "record_of", "reply_digest", "standing_of"]

_EMPTY: Mapping[str, Any] = dict.fromkeys(
    (
        *("digest", "stop", "stop_as_received", "served_model", "system_fingerprint", "input_tokens"),
        *("output_tokens", "latency_seconds", "request_id", "status", "culprit", "fault_kind", "hint"),
        *("tool_calls", "text"),
    )
)


def reply_digest(reply: Reply) -> str:
    """Return the SHA-256 of what the model said: its text and its tool calls. It outlives a purge."""
    content = canonical_json([reply.text, [[call.name, call.arguments] for call in reply.tool_calls]])
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def standing_of(attempt: Attempt) -> int:
    """Return how much an attempt says: a higher one may take the place of a lower one, never the reverse."""
    match attempt:
        case Answered():
            return 3
        case Rejected(culprit=culprit):
            return 1 if culprit is None else 2
        case Faulted():
            return 0
        case _ as never:
            assert_never(never)


def columns_of(attempt: Attempt) -> dict[str, Any]:
    """Return the columns that say what came of an attempt."""
    match attempt:
        case Answered():
            return _answered_columns(attempt)
        case Rejected(status=status, culprit=culprit, hint=hint):
            return {
                **_EMPTY,
                "outcome": "rejected",
                "size": len(hint),
                "status": status,
                "culprit": culprit,
                "hint": hint,
            }
        case Faulted(kind=kind, status=status, hint=hint):
            return {
                **_EMPTY,
                "outcome": "faulted",
                "size": len(hint),
                "status": status,
                "fault_kind": kind,
                "hint": hint,
            }
        case _ as never:
            assert_never(never)


def _answered_columns(attempt: Answered) -> dict[str, Any]:
    reply = attempt.reply
    # Raw characters, not \u escapes: two escaped halves of a pair would come back as one character.
    calls = json.dumps([[call.name, call.arguments] for call in reply.tool_calls], ensure_ascii=False)
    return {
        "outcome": "answered",
        "size": len(reply.text) + len(calls),
        "digest": reply_digest(reply),
        "stop": reply.stop.value,
        "stop_as_received": reply.stop_as_received,
        "served_model": attempt.served_model,
        "system_fingerprint": attempt.system_fingerprint,
        "input_tokens": attempt.usage.input_tokens,
        "output_tokens": attempt.usage.output_tokens,
        "latency_seconds": attempt.latency_seconds,
        "request_id": attempt.request_id,
        "status": None,
        "culprit": None,
        "fault_kind": None,
        "hint": None,
        "tool_calls": calls if reply.tool_calls else None,
        "text": reply.text,
    }


def attempt_of(row: Any) -> Attempt:
    """Return the attempt that a row holds."""
    if row.outcome == "answered":
        calls = () if row.tool_calls is None else tuple(ToolCall(*call) for call in json.loads(row.tool_calls))
        return Answered(
            Reply(row.text, Stop(row.stop), row.stop_as_received, calls),
            served_model=row.served_model,
            system_fingerprint=row.system_fingerprint,
            usage=Usage(row.input_tokens, row.output_tokens),
            latency_seconds=row.latency_seconds,
            request_id=row.request_id,
        )
    if row.outcome == "rejected":
        return Rejected(row.status, row.culprit, row.hint)
    return Faulted(row.fault_kind, row.status, row.hint)


def record_of(row: Any, models: Mapping[int, ModelVersion], session_keys: Mapping[int, str]) -> AttemptRecord:
    """Return the attempt that a row holds, with its key."""
    return AttemptRecord(
        probe=row.probe,
        probe_fingerprint=row.probe_fingerprint,
        sample=row.sample,
        model=models[row.model_id],
        attempt=attempt_of(row),
        received_at=row.received_at,
        session=session_keys[row.session_id],
    )
