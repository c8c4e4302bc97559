"""The project file edited in place: only the text that an edit is about is replaced, all else stays byte for byte.

As with suites, what comes out is read again and held against the edited values: an edit that would do anything else is
refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rebaseline.domain.edit import Drop, Edit, Place, Put, Rename
from rebaseline.errors import SuiteErrors
from rebaseline.load.edited_values import edited_value, positions_of
from rebaseline.load.refusals import no_such_value, refused, too_deep
from rebaseline.load.splices import Splice, newline_of, spliced
from rebaseline.load.toml_lines import lines_of
from rebaseline.load.toml_parts import TomlPart, read_toml_parts
from rebaseline.load.toml_putting import added, replaced
from rebaseline.load.toml_render import render_toml, render_toml_key
from rebaseline.load.toml_taking import without
from rebaseline.load.toml_text import begins_with, parse_toml

__all__ = ["edit_project"]

_MARK = "\ufeff"


def edit_project(text: str, edits: Sequence[Edit], *, shown: str) -> str:
    """Return the project file's text with the edits made, one after the other.

    Args:
        text: The file's text; a byte order mark and line ends of either kind stay.
        edits: What to change.
        shown: How messages name the file.

    Raises:
        SuiteErrors: The text is not TOML.
        UsageError: A place is not there, TOML has no such value, or the edit cannot be made without touching something
            else.
    """
    mark, body = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    for edit in edits:
        try:
            body = _edited(body, edit, shown)
        except RecursionError as fault:
            raise too_deep(shown) from fault
    return mark + body


def _edited(text: str, edit: Edit, shown: str) -> str:
    before = parse_toml(text, shown=shown)
    wanted = edited_value(before, edit, shown=shown)
    where = f"{shown}:{lines_of(text)(edit.place)}"
    made = _tried(text, _positions(before, edit), where)
    try:
        right = parse_toml(made, shown=shown) == wanted
    except SuiteErrors:
        right = False
    if not right:
        raise refused(edit, where, render_toml)
    return made


def _tried(text: str, edit: Edit, where: str) -> str:
    try:
        if isinstance(edit, Put):
            render_toml(edit.value)
        return _made(text, edit)
    except TypeError as fault:
        raise no_such_value(edit, where, fault, "TOML") from fault
    except LookupError as fault:
        raise refused(edit, where, render_toml) from fault


def _positions(whole: Any, edit: Edit) -> Edit:
    """Return the edit with items named by position, and a Drop at the outermost thing that it leaves empty."""
    place = positions_of(whole, edit.place)
    match edit:
        case Put(value=value):
            return Put(place, value)
        case Rename(name=name):
            return Rename(place, name)
        case Drop():
            return Drop(place[: _last_full(whole, place) + 1])


def _last_full(node: Any, place: Place) -> int:
    """Return how far a place leads to the innermost thing that holds something else, too."""
    found = 0
    for depth, step in enumerate(place):
        if len(node) > 1:
            found = depth
        node = node[step]
    return found


def _made(text: str, edit: Edit) -> str:
    newline = newline_of(text)
    match edit:
        case Put(value=value):
            return _put(text, edit.place, value, newline)
        case Drop():
            return _taken(text, edit.place, newline)
        case Rename(name=name):
            return spliced(text, _renamed(read_toml_parts(text), edit.place, render_toml_key(name)), newline)


def _taken(text: str, place: Place, newline: str) -> str:
    return spliced(text, without(text, read_toml_parts(text), place), newline)


def _renamed(parts: Sequence[TomlPart], place: Place, key: str) -> list[Splice]:
    """Return the splices that rename a key wherever it is written: a table's name stands in all its headers."""
    return [
        Splice(name.start, name.end, key)
        for outer in parts
        for part in outer.walk()
        if begins_with(part.path, place)
        for name in part.names
        if name.depth == len(place) - 1
    ]


def _put(text: str, place: Place, value: Any, newline: str) -> str:
    parts = read_toml_parts(text)
    walked = [part for outer in parts for part in outer.walk()]
    valued = next((part for part in walked if part.path == place and part.form), None)
    if valued is not None:
        return spliced(text, [replaced(text, valued, value)], newline)
    below = [part.path for part in walked if begins_with(part.path, place)]
    if below:
        return _put_table(text, below, place, value, newline)
    return spliced(text, [added(text, parts, place, value)], newline)


def _put_table(text: str, below: Sequence[Place], place: Place, value: Any, newline: str) -> str:
    """Set a table that has headers or dotted keys of its own: key by key, so that its comments stay."""
    keys = dict.fromkeys(path[len(place)] for path in below if len(path) > len(place))
    stays = isinstance(value, dict) and (bool(value) or isinstance(place[-1], int))  # an entry's header may stand alone
    if not stays or not all(isinstance(key, str) for key in keys):
        return _put(_taken(text, place, newline), place, value, newline)
    for key, it in value.items():
        text = _put(text, (*place, key), it, newline)
    for key in keys:
        if key not in value:
            text = _taken(text, (*place, key), newline)
    return text
