"""Edits made on plain values: what the text of a file must mean once it is edited."""

from __future__ import annotations

from typing import Any

from rebaseline.domain.edit import Drop, Edit, Place, Put, Rename
from rebaseline.errors import UsageError

__all__ = ["edited_value", "positions_of", "words_of"]


def edited_value(value: Any, edit: Edit, *, shown: str = "") -> Any:
    """Return plain values with an edit made; `value` stays as it is.

    Raises:
        UsageError: The place is not there, or a key of the new name is.
    """
    whole = _copied(value)
    parent = _parent(whole, edit, shown)
    last = edit.place[-1]
    match edit:
        case Put(value=new):
            _put(parent, last, _copied(new), edit, shown)
        case Drop():
            _drop(whole, edit.place, shown)
        case Rename(name=name):
            if not isinstance(parent, dict) or last not in parent:
                raise _missing(edit.place, shown)
            if name in parent:
                raise UsageError(
                    f"there is a key `{name}` beside {words_of(edit.place)} already",
                    where=shown,
                    remedy="take one out first",
                )
            items = [(name if key == last else key, it) for key, it in parent.items()]
            parent.clear()
            parent.update(items)
    return whole


def _copied(value: Any) -> Any:
    """Return a copy in which nothing is shared, as what aliases stand for is in the tree."""
    if isinstance(value, dict):
        return {key: _copied(it) for key, it in value.items()}
    return [_copied(it) for it in value] if isinstance(value, list | tuple) else value


def _parent(whole: Any, edit: Edit, shown: str) -> Any:
    """Return what holds the last part of the place; a Put makes the mappings that lead there."""
    node = whole
    for at, part in enumerate(edit.place[:-1]):
        found = _at(node, part)
        if found is None and isinstance(edit, Put) and isinstance(node, dict) and isinstance(part, str):
            node[part] = {}
            node = node[part]
            continue
        if not isinstance(found, dict | list):
            raise _missing(edit.place[: at + 1], shown)
        node = found
    return node


def _at(node: Any, part: str | int) -> Any:
    if isinstance(node, dict):
        return node.get(part)
    index = _index(node, part)
    return None if index is None else node[index]


def _index(node: Any, part: str | int) -> int | None:
    if not isinstance(node, list):
        return None
    if isinstance(part, int):
        return part if 0 <= part < len(node) else None
    return next((at for at, item in enumerate(node) if isinstance(item, dict) and item.get("id") == part), None)


def _put(parent: Any, last: str | int, new: Any, edit: Edit, shown: str) -> None:
    if isinstance(parent, dict) and isinstance(last, str):
        parent[last] = new
        return
    index = _index(parent, last)
    if index is not None:
        parent[index] = new
    elif isinstance(parent, list) and last == len(parent):
        parent.append(new)
    else:
        raise _missing(edit.place, shown)


def _drop(whole: Any, place: Place, shown: str) -> None:
    nodes = [whole]
    for part in place[:-1]:
        nodes.append(_at(nodes[-1], part))
    for node, part in zip(reversed(nodes), reversed(place), strict=True):
        if isinstance(node, dict):
            if part not in node:
                raise _missing(place, shown)
            del node[part]
        else:
            index = _index(node, part)
            if index is None:
                raise _missing(place, shown)
            del node[index]
        if node:
            return


def positions_of(value: Any, place: Place) -> Place:
    """Return a place with the items on its way named by position; what is not there stays as it is named."""
    node, found = value, []
    for part in place:
        index = _index(node, part)
        found.append(part if index is None else index)
        node = _at(node, part)
    return tuple(found)


def words_of(place: Place) -> str:
    """Return a place as people read it."""
    return ".".join(str(part) for part in place)


def _missing(place: Place, shown: str) -> UsageError:
    return UsageError(
        f"{words_of(place)} does not stand there",
        where=shown,
        remedy="the file may have changed: look at it, and try again",
    )
