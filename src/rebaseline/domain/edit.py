"""Edits of a suite's file, or of the project file: what is to change, apart from how the text is changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["Drop", "Edit", "Place", "Put", "Rename"]

Place = tuple[str | int, ...]
"""The way to a value: keys of mappings, and for an item of a list its position or, where it has one, its `id`."""


@dataclass(frozen=True, slots=True)
class Put:
    """Set what stands at a place, written anew where nothing stands there; mappings on the way are made.

    At the end of a list an item is added by the position one past its last.

    Attributes:
        place: Where.
        value: Plain values: None, bool, int, float, str, list, dict.
    """

    place: Place
    value: Any


@dataclass(frozen=True, slots=True)
class Drop:
    """Take out a key with its value, or an item of a list. A mapping that is left empty goes, too.

    Attributes:
        place: Where; it must stand there.
    """

    place: Place


@dataclass(frozen=True, slots=True)
class Rename:
    """Give a key another name; its value, its comments and its position stay.

    Attributes:
        place: The key; it must stand there, and its mapping may not have `name`.
        name: Its new name.
    """

    place: Place
    name: str


Edit = Put | Drop | Rename
