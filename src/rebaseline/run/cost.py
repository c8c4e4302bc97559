"""The most that a call can cost, before it is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from rebaseline.targets.base import Request

__all__ = ["most_input_tokens", "named_output_tokens"]

_OUTPUT_LIMITS = frozenset({"max_tokens", "max_completion_tokens", "max_output_tokens"})
_PER_REQUEST = 64
_PER_ITEM = 16
_FOR_TOOLS = 1024
"""Providers put instructions of their own before tools, of up to several hundred tokens."""


def most_input_tokens(request: Request) -> int:
    """Return a bound on the tokens of a request: a token is at least a byte, and some more for how it is framed.

    What the provider or an application adds on its side, such as a prompt of its own, cannot be seen here.
    """
    said = _bytes((request.system, request.messages, request.tools, request.parameters))
    return said + _PER_REQUEST + (_FOR_TOOLS if request.tools else 0)


def named_output_tokens(parameters: Mapping[str, Any]) -> int | None:
    """Return the output limit that the parameters name, at any depth; of several, the largest. None where none does.

    It is for all replies to one request: the limit of one, times `n`.

    >>> named_output_tokens({"generation": {"max_output_tokens": 200}, "n": 3})
    600
    """
    named = list(_limits(parameters))
    several: Any = parameters.get("n")
    return max(named) * (max(1, several) if _is_count(several) else 1) if named else None


def _limits(value: Any) -> list[int]:
    if isinstance(value, Mapping):
        own = [each for name, each in value.items() if name in _OUTPUT_LIMITS and _is_count(each)]
        return own + [limit for each in value.values() for limit in _limits(each)]
    return [limit for each in value for limit in _limits(each)] if isinstance(value, list | tuple) else []


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _bytes(value: Any) -> int:
    """Return the bytes of all text in a value, and an allowance for each thing that it holds."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(value.encode("utf-8", "surrogatepass"))
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_bytes(name) + _bytes(each) + _PER_ITEM for name, each in value.items())
    if isinstance(value, list | tuple):
        return sum(_bytes(each) + _PER_ITEM for each in value)
    if is_dataclass(value):
        return sum(_bytes(getattr(value, each.name)) + _PER_ITEM for each in fields(value))
    return len(repr(value))
