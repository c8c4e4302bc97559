"""From the fields of one line to an attempt."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rebaseline.domain.attempt import Answered, Attempt, Reply, ToolCall, Usage
from rebaseline.domain.stops import stop_of
from rebaseline.interop.lines import LineError
from rebaseline.interop.reply_errors import parse_error

__all__ = ["KEYS", "Numbering", "Said", "parse_fields", "read_probe", "read_sample"]

KEYS = frozenset(
    {
        *("probe", "sample", "response", "stop_reason", "served_model", "fingerprint", "system_fingerprint", "usage"),
        *("latency_seconds", "tool_calls", "error", "received_at", "request_id"),
    }
)
_LARGEST = 2**53
_END_OF_TIME = 253_402_300_800  # the year 10000, where Python's dates end


@dataclass(frozen=True, slots=True)
class Said:
    """What a line says beside its key.

    Attributes:
        attempt: What came of the asking.
        served_model: The model that is named as the one that answered.
        received_at: When.
    """

    attempt: Attempt
    served_model: str | None
    received_at: datetime | None


@dataclass(slots=True)
class Numbering:
    """Which samples of which probes a file has had so far, and on which line.

    Attributes:
        lines: Line by probe and sample.
        following: Next number for a line of the probe that gives none.
    """

    lines: dict[tuple[str, int], int] = field(default_factory=dict)
    following: dict[str, int] = field(default_factory=dict)

    def take(self, probe: str, sample: int | None, *, line: int) -> int:
        """Return the sample of a line and keep it from all others.

        Raises:
            LineError: An earlier line has this sample.
        """
        if sample is None:
            sample = self.following.get(probe, 0)
            while (probe, sample) in self.lines:
                sample += 1
            self.following[probe] = sample + 1
        earlier = self.lines.setdefault((probe, sample), line)
        if earlier != line:
            raise LineError(f"sample {sample} of probe {probe!r} stands on line {earlier} already")
        return sample


def read_probe(fields: Mapping[str, Any]) -> str:
    """Return the probe id of a line.

    Raises:
        LineError: It has none.
    """
    probe = fields.get("probe")
    if not isinstance(probe, str) or not probe:
        raise LineError("has no `probe`" if probe is None else f"`probe` must be a probe id, not {_short(probe)}")
    return probe


def read_sample(fields: Mapping[str, Any]) -> int | None:
    """Return the sample that a line states, None where it states none.

    Raises:
        LineError: It is no whole number from 0.
    """
    return _whole(fields.get("sample"), "sample")


def parse_fields(fields: Mapping[str, Any]) -> Said:
    """Return what a line says beside its key.

    Raises:
        LineError: A field cannot be read, or the fields contradict each other.
    """
    served_model = _text(fields, "served_model")
    received_at = _instant(fields.get("received_at"))
    response, error = fields.get("response"), fields.get("error")
    if response is not None and error is not None:
        raise LineError("has both a `response` and an `error`: it was either answered or not")
    if error is not None:
        return Said(parse_error(error), served_model, received_at)
    calls = _tool_calls(fields.get("tool_calls"))
    if response is None and not calls:
        raise LineError("has neither a `response` nor an `error`")
    if response is not None and not isinstance(response, str):
        raise LineError(f"`response` must be the reply's text, not {_short(response)}")
    stop = _text(fields, "stop_reason")
    answered = Answered(
        Reply(response or "", stop_of(stop), stop, calls),
        served_model=served_model,
        system_fingerprint=_text(fields, "system_fingerprint") or _text(fields, "fingerprint"),
        usage=_usage(fields.get("usage")),
        latency_seconds=_seconds(fields.get("latency_seconds")),
        request_id=_text(fields, "request_id"),
    )
    return Said(answered, served_model, received_at)


def _text(fields: Mapping[str, Any], key: str) -> str | None:
    value = fields.get(key)
    if value is not None and not isinstance(value, str):
        raise LineError(f"`{key}` must be text, not {_short(value)}")
    return value or None


def _whole(value: Any, key: str) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < _LARGEST:
        raise LineError(f"`{key}` must be a whole number from 0, not {_short(value)}")
    return value


def _seconds(value: Any) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < math.inf:
        raise LineError(f"`latency_seconds` must be a number from 0, not {_short(value)}")
    return float(value)


def _usage(value: Any) -> Usage:
    if value is None:
        return Usage()
    if not isinstance(value, dict):
        raise LineError(f"`usage` must be an object, not {_short(value)}")
    counts = [
        next((number for key in keys if (number := _whole(value.get(key), f"usage.{key}")) is not None), None)
        for keys in (("input_tokens", "prompt_tokens"), ("output_tokens", "completion_tokens"))
    ]
    return Usage(input_tokens=counts[0], output_tokens=counts[1])


def _instant(value: Any) -> datetime | None:
    if value is None:
        return None
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 <= value < _END_OF_TIME:
            raise LineError(f"`received_at` must be seconds since 1970, not {_short(value)}")
        return datetime.fromtimestamp(value, UTC)
    try:
        instant = datetime.fromisoformat(value)
        if instant.tzinfo is None:
            raise LineError(f"`received_at` has no time zone: {_short(value)}; write 2026-11-22T09:00:00Z")
        return instant.astimezone(UTC)
    except (TypeError, ValueError, OverflowError) as error:
        raise LineError(f"`received_at` must be an ISO 8601 instant, not {_short(value)}") from error


def _tool_calls(value: Any) -> tuple[ToolCall, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise LineError(f"`tool_calls` must be a list, not {_short(value)}")
    return tuple(_tool_call(call) for call in value)


def _tool_call(call: Any) -> ToolCall:
    inner = call.get("function", call) if isinstance(call, dict) else None  # as OpenAI has it
    if not isinstance(inner, dict) or not isinstance(inner.get("name"), str):
        raise LineError(f"a tool call needs a `name`: {_short(call)}")
    arguments = inner.get("arguments", inner.get("input", {}))  # `input` as Anthropic has it
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    return ToolCall(inner["name"], arguments)


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004 - a line of a terminal
