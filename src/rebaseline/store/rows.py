"""Between attempts and rows of the table `attempts`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.label import reply_digest
from rebaseline.domain.model import ModelVersion
from rebaseline.domain.record import AttemptRecord
from rebaseline.store.schema import attempts

__all__ = ["READ", "columns_of", "record_of", "reply_digest", "standing_of"]

_EMPTY: Mapping[str, Any] = dict.fromkeys(
    (
        *("digest", "stop", "stop_as_received", "served_model", "system_fingerprint", "input_tokens"),
        *("output_tokens", "latency_seconds", "request_id", "status", "culprit", "fault_kind", "hint"),
        *("tool_calls", "text", "novelty", "trace"),
    )
)
_CONTENT = ("content block: ", "content: ", "output: ")
"""How adapters name content that they did not read."""
_STOPS = {stop.value: stop for stop in Stop}


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
    calls = reply.tool_calls and json.dumps(
        [(call.name, call.arguments) for call in reply.tool_calls], ensure_ascii=False
    )
    return {
        "outcome": "answered",
        "size": len(reply.text) + len(calls) + len(attempt.trace or ""),
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
        "tool_calls": calls or None,
        "text": reply.text,
        "novelty": _novelty_text(attempt),
        "trace": attempt.trace,
    }


def _novelty_text(attempt: Answered) -> str | None:
    """Return what is new about a reply: a list, or an object where some of its content was not read."""
    if attempt.unread:
        return json.dumps({"novelty": attempt.novelty, "unread": attempt.unread}, ensure_ascii=False)
    return json.dumps(attempt.novelty, ensure_ascii=False) if attempt.novelty else None


def _news_of(text: str | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what was new, and what was not read. Lists of earlier versions hold both, told apart by our own marks."""
    if text is None:
        return (), ()
    held = json.loads(text)
    if isinstance(held, dict):
        return tuple(held["novelty"]), tuple(held["unread"])
    unread = tuple(each for each in held if each.startswith(_CONTENT))
    return tuple(each for each in held if each not in unread), unread


READ = (
    *(attempts.c.id, attempts.c.session_id, attempts.c.model_id),
    *(attempts.c.probe, attempts.c.probe_fingerprint, attempts.c.sample, attempts.c.received_at, attempts.c.outcome),
    *(attempts.c.stop, attempts.c.stop_as_received, attempts.c.served_model, attempts.c.system_fingerprint),
    *(attempts.c.input_tokens, attempts.c.output_tokens, attempts.c.latency_seconds, attempts.c.request_id),
    *(attempts.c.status, attempts.c.culprit, attempts.c.fault_kind, attempts.c.hint),
    *(attempts.c.tool_calls, attempts.c.text, attempts.c.novelty, attempts.c.trace),
)
"""The columns that make up a record, in the order in which `record_of` takes them."""


def record_of(
    row: Sequence[Any], models: Mapping[int, ModelVersion], session_keys: Mapping[int, str]
) -> tuple[int, AttemptRecord]:
    """Return the id of a row of the columns `READ`, and the attempt that it holds."""
    # Taken apart by position: by name it would take twice the time, and there may be a million rows.
    row_id, session_id, model_id, probe, probe_fingerprint, sample, received_at, outcome, *said = row
    attempt = _answered_of(*said) if outcome == "answered" else _unanswered_of(outcome, *said[8:12])
    return row_id, AttemptRecord(
        probe, probe_fingerprint, sample, models[model_id], attempt, received_at, session_keys[session_id]
    )


def _answered_of(  # noqa: PLR0913, PLR0917 - one a column
    stop: str,
    stop_as_received: str | None,
    served_model: str | None,
    system_fingerprint: str | None,
    input_tokens: int | None,
    output_tokens: int | None,
    latency_seconds: float | None,
    request_id: str | None,
    _status: None,
    _culprit: None,
    _fault_kind: None,
    _hint: None,
    tool_calls: str | None,
    text: str,
    novelty: str | None,
    trace: str | None,
) -> Answered:
    calls = () if tool_calls is None else tuple(ToolCall(*call) for call in json.loads(tool_calls))
    news, unread = _news_of(novelty)
    return Answered(
        Reply(text, _STOPS[stop], stop_as_received, calls),
        served_model,
        system_fingerprint,
        Usage(input_tokens, output_tokens),
        latency_seconds,
        request_id,
        news,
        unread,
        trace,
    )


def _unanswered_of(
    outcome: str, status: int | None, culprit: str | None, fault_kind: str, hint: str
) -> Rejected | Faulted:
    return Rejected(status, culprit, hint) if outcome == "rejected" else Faulted(fault_kind, status, hint)
