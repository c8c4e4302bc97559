"""TOML texts, and the places in them."""

from __future__ import annotations

import tomllib
from typing import Any

from rebaseline.domain.edit import Place
from rebaseline.errors import Problem, SuiteErrors
from rebaseline.load.findings import ERROR

__all__ = ["begins_with", "parse_toml"]


def parse_toml(text: str, *, shown: str) -> dict[str, Any]:
    """Return what a text says.

    Raises:
        SuiteErrors: It is not TOML.
    """
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        remedy = "check quotes, brackets and equals signs"
        raise SuiteErrors([Problem(shown, 0, ERROR, f"this is not TOML: {fault}", remedy)]) from fault


def begins_with(path: Place, place: Place) -> bool:
    """Return whether a path leads to a place or below it."""
    return path[: len(place)] == place
