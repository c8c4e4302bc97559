"""Values of a body that was received: what the wire format says is there, or a complaint that says where it is not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["MalformedError", "count_or_none", "items_at", "mapping_at", "mapping_or_empty", "text_or_none"]


class MalformedError(Exception):
    """The body is not what the wire format says. A reader turns it into a fault; it never leaves an adapter."""


def mapping_at(value: Any, place: str) -> Mapping[str, Any]:
    """Return an object.

    Raises:
        MalformedError: It is none.
    """
    if not isinstance(value, Mapping):
        raise MalformedError(f"{place} is {type(value).__name__}, not an object")
    return value


def mapping_or_empty(value: Any) -> Mapping[str, Any]:
    """Return an object; anything else holds nothing."""
    return value if isinstance(value, Mapping) else {}


def items_at(value: Any, place: str) -> list[Any]:
    """Return a list.

    Raises:
        MalformedError: It is none.
    """
    if not isinstance(value, list):
        raise MalformedError(f"{place} is {type(value).__name__}, not a list")
    return value


def text_or_none(value: Any) -> str | None:
    """Return a text that says something; anything else says nothing."""
    return value if isinstance(value, str) and value else None


def count_or_none(value: Any) -> int | None:
    """Return a count of at least 0; anything else is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None
