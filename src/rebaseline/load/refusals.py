"""How an edit is refused that its text does not allow: in suites and in the project file alike."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rebaseline.domain.edit import Drop, Edit, Put, Rename
from rebaseline.errors import UsageError
from rebaseline.load.edited_values import words_of

__all__ = ["no_such_value", "refused", "too_deep"]


def refused(edit: Edit, where: str, render: Callable[[Any], str]) -> UsageError:
    """Return the refusal of an edit that would touch something else, with what to do by hand.

    Args:
        edit: The edit.
        where: File and line.
        render: Writes a value as the file's language does.
    """
    return UsageError(
        f"{words_of(edit.place)} cannot be edited where it stands without touching something else",
        where=where,
        remedy=f"edit the file by hand: {_by_hand(edit, render)}",
    )


def _by_hand(edit: Edit, render: Callable[[Any], str]) -> str:
    match edit:
        case Put(value=value):
            return f"set {words_of(edit.place)} to {render(value)}"
        case Drop():
            return f"take out {words_of(edit.place)}"
        case Rename(name=name):
            return f"rename {words_of(edit.place)} to {name}"


def no_such_value(edit: Edit, where: str, fault: Exception, language: str) -> UsageError:
    """Return the refusal of a value that a language has no words for."""
    return UsageError(f"{words_of(edit.place)}: {fault}", where=where, remedy=f"give a value that {language} has")


def too_deep(where: str) -> UsageError:
    """Return the refusal of a text or a value that is nested too deep to be read."""
    return UsageError(
        "values stand too deep within each other to be edited", where=where, remedy="edit the file by hand"
    )
