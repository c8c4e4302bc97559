"""JSON on its way out: what a suite wrote, in bytes that any server can read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError

__all__ = ["encoded", "schema_of", "sent_parameters"]


def encoded(body: Mapping[str, Any]) -> bytes:
    """Return the bytes of a request's body.

    A lone surrogate becomes a question mark: replies may hold them, UTF-8 cannot carry them back.

    Raises:
        ConfigurationError: A number in it is not finite, which JSON has no word for.
    """
    try:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode("utf-8", "replace")
    except ValueError as error:
        raise ConfigurationError(
            "a parameter is a number that JSON cannot carry", where="parameters", remedy="Write a finite number."
        ) from error


def schema_of(tool: Tool) -> dict[str, Any]:
    """Return the schema of a tool's arguments. A tool without one takes no arguments."""
    return dict(tool.parameters) or {"type": "object", "properties": {}}


def sent_parameters(parameters: Mapping[str, Any], reserved: frozenset[str]) -> dict[str, Any]:
    """Return the parameters as the suite wrote them, null included.

    Args:
        parameters: What the suite and the target say.
        reserved: Members of the request that are no parameters.

    Raises:
        ConfigurationError: One of them is reserved.
    """
    taken = sorted(reserved & parameters.keys())
    if taken:
        raise ConfigurationError(
            f"{taken[0]!r} is no request parameter",
            where="parameters",
            remedy="Replies are read whole, and model, turns and tools have places of their own: take it out.",
        )
    return dict(parameters)
