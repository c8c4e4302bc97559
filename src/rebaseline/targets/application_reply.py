"""What an application says with a reply: JSON-like values, under our names for them, to an attempt.

Shared by whatever answers in its own words: an endpoint, whose words are found by paths, and a function.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import NoneType
from typing import Any

from rebaseline.domain.attempt import Answered, Reply, ToolCall, Usage
from rebaseline.domain.stops import stop_of

__all__ = ["ANSWER_KEYS", "TRACE_CHARACTERS", "UnreadableError", "answered_of", "kind_of"]

ANSWER_KEYS = ("reply", "model", "stop", "input_tokens", "output_tokens", "tool_calls", "trace", "request_id")
"""The names under which an application says something; `reply` is needed."""

TRACE_CHARACTERS = 1_000_000
"""Longest trace that is kept, as JSON text. A longer one is left out whole: part of a JSON text is none."""

_KINDS: Mapping[type, str] = {
    NoneType: "null",
    bool: "a truth value",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "a text",
}


class UnreadableError(Exception):
    """A value is of another kind than was promised; it becomes a fault and never leaves the package.

    Attributes:
        key: Under which name.
        problem: What it is and what it should be.
    """

    def __init__(self, key: str, problem: str) -> None:
        self.key = key
        self.problem = problem
        super().__init__(key, problem)


def kind_of(value: Any) -> str:
    """Return what kind of value it is, in the words of JSON; the name of its type where JSON has none for it."""
    return _KINDS.get(type(value)) or f"a Python {type(value).__name__}"


def answered_of(
    values: Mapping[str, Any], identity: Mapping[str, Any], *, latency_seconds: float, novelty: tuple[str, ...] = ()
) -> Answered:
    """Return the attempt that the values describe.

    Args:
        values: Values by the names in `ANSWER_KEYS`. One that is missing or null says nothing; a reply that is null
            is an empty one.
        identity: What the application says of itself, by names of the project's own; null says nothing.
        latency_seconds: From sending to the last byte.
        novelty: What was noticed before.

    Raises:
        UnreadableError: A value is of another kind than its name promises.
    """
    stop = _text(values, "stop")
    trace = None if values.get("trace") is None else _json_text(values["trace"], "trace")
    news = [*novelty, *(f"identity: {name} is missing" for name, value in identity.items() if value is None)]
    if trace is not None and len(trace) > TRACE_CHARACTERS:
        trace = None
        news.append(f"trace: longer than {TRACE_CHARACTERS:,} characters and left out")
    return Answered(
        Reply(_text(values, "reply") or "", stop_of(stop), stop, _tool_calls(values.get("tool_calls"))),
        served_model=_text(values, "model"),
        usage=Usage(_count(values, "input_tokens"), _count(values, "output_tokens")),
        latency_seconds=latency_seconds,
        request_id=_text(values, "request_id"),
        novelty=tuple(news),
        trace=trace,
        identity={name: _as_text(value, name) for name, value in identity.items() if value is not None},
    )


def _text(values: Mapping[str, Any], key: str) -> str | None:
    """Return a text that says something."""
    value = values.get(key)
    if value is not None and not isinstance(value, str):
        raise UnreadableError(key, f"{kind_of(value)}, not a text")
    return value or None


def _count(values: Mapping[str, Any], key: str) -> int | None:
    value = values.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise UnreadableError(key, f"{kind_of(value)}, not a whole number from 0")
    return value


def _tool_calls(value: Any) -> tuple[ToolCall, ...]:
    if value is None:
        return ()
    if not isinstance(value, list | tuple):
        raise UnreadableError("tool_calls", f"{kind_of(value)}, not a list")
    return tuple(_tool_call(call) for call in value)


def _tool_call(call: Any) -> ToolCall:
    name = call.get("name") if isinstance(call, Mapping) else None
    if not isinstance(name, str) or not name:
        raise UnreadableError("tool_calls", "a list with something else than objects with a `name` and `arguments`")
    arguments = call.get("arguments")
    if isinstance(arguments, str):
        return ToolCall(name, arguments)
    return ToolCall(name, _json_text({} if arguments is None else arguments, "tool_calls"))


def _as_text(value: Any, name: str) -> str:
    return value if isinstance(value, str) else _json_text(value, f"identity.{name}")


def _json_text(value: Any, key: str) -> str:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise UnreadableError(key, f"{kind_of(value)} that JSON cannot carry ({type(error).__name__})") from error
