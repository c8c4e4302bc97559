"""Attempts as lines of a bundle. A reply must match its digest, or it is not what was stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rebaseline.domain.attempt import Stop
from rebaseline.domain.model import ModelVersion
from rebaseline.store.bundle_lines import BadLineError, Fields
from rebaseline.store.rows import READ, columns_of, record_of

__all__ = ["attempt_line", "columns_of_line"]

_OUTCOMES = frozenset({"answered", "rejected", "faulted"})
_STOPS = frozenset(stop.value for stop in Stop)
_TEXTS = (
    *("stop_as_received", "served_model", "system_fingerprint", "request_id"),
    *("culprit", "fault_kind", "hint", "tool_calls", "text", "novelty", "trace"),
)
_NUMBERS = ("input_tokens", "output_tokens", "status")
_NOBODY = ModelVersion("", "", "")


def attempt_line(session: int, model: int, columns: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is written of an attempt: what is not known is left out.

    Args:
        session: Number of its session in the bundle, from 1.
        model: Number of its model version, from 1.
        columns: What the database says of it.
    """
    said = {
        name: value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
        for name, value in columns.items()
        if value is not None and value is not False
    }
    return {"session": session, "model": model, **said}


def columns_of_line(fields: Fields) -> dict[str, Any]:
    """Return the columns of an attempt, its session and model left out.

    Raises:
        BadLineError: It is no attempt as it is stored here, or its words do not match its digest.
    """
    key = {
        "probe": fields.text("probe"),
        "probe_fingerprint": fields.text("probe_fingerprint"),
        "sample": fields.whole("sample"),
        "received_at": fields.instant("received_at"),
        "purged_at": fields.instant_or_none("purged_at"),
        "redacted": fields.flag("redacted"),
    }
    said: dict[str, Any] = {"outcome": fields.word("outcome", _OUTCOMES), "digest": fields.text_or_none("digest")}
    said["stop"] = fields.word("stop", _STOPS) if said["outcome"] == "answered" else fields.text_or_none("stop")
    said |= {name: fields.text_or_none(name) for name in _TEXTS}
    said |= {name: fields.whole_or_none(name) for name in _NUMBERS}
    said["latency_seconds"] = fields.seconds_or_none("latency_seconds")
    fields.end()
    _check(said, purged=key["purged_at"] is not None)
    if key["purged_at"] is not None:
        return {**key, **said, "size": 0}
    values = {"id": 0, "session_id": 0, "model_id": 0, **key, **said}
    _, record = record_of([values[column.name] for column in READ], {0: _NOBODY}, {0: ""})
    again = columns_of(record.attempt)
    if again["digest"] != said["digest"]:
        raise BadLineError(f"its words do not match its digest {said['digest']!r}: they were changed")
    return {**key, **again}


def _check(said: Mapping[str, Any], *, purged: bool) -> None:
    """Refuse what the database would never hold."""
    if said["outcome"] == "answered":
        if said["digest"] is None:
            raise BadLineError("it is a reply and has no `digest`")
        if (said["text"] is None) is not purged:
            raise BadLineError("it is purged and has a `text`" if purged else "it is a reply and has no `text`")
    elif said["hint"] is None or (said["outcome"] == "faulted" and said["fault_kind"] is None):
        raise BadLineError(f"it is {said['outcome']} and does not say why: `hint` or `fault_kind` is missing")
    calls, news = _json("tool_calls", said["tool_calls"]), _json("novelty", said["novelty"])
    if calls is not None and not (isinstance(calls, list) and all(_texts(call, 2) for call in calls)):
        raise BadLineError("its `tool_calls` are no list of names and arguments")
    parts = [news.get("novelty"), news.get("unread")] if isinstance(news, dict) else [news]
    if news is not None and not all(_texts(part) for part in parts):
        raise BadLineError("its `novelty` is no list of texts")


def _json(name: str, text: str | None) -> Any:
    try:
        return None if text is None else json.loads(text)
    except (ValueError, RecursionError):
        raise BadLineError(f"its `{name}` is not JSON") from None


def _texts(value: object, length: int | None = None) -> bool:
    return (
        isinstance(value, list)
        and (length is None or len(value) == length)
        and all(isinstance(each, str) for each in value)
    )
