"""Suites' files edited in place: only the text that an edit is about is replaced, all else stays byte for byte.

A file that is read in and written out again loses alignment, quotes or comments somewhere, and then nobody reads the
diff. So the parser only says where things stand, and text is put in or taken out there. What comes out is read again
and held against the edited values: an edit that would do anything else is refused.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rebaseline.domain.edit import Drop, Edit, Place, Put, Rename
from rebaseline.errors import SuiteErrors, UsageError
from rebaseline.load.edited_values import edited_value, words_of
from rebaseline.load.yaml_parts import Part, read_parts
from rebaseline.load.yaml_render import render_block, render_inline, render_key
from rebaseline.load.yaml_tree import parse_yaml

__all__ = ["edit_text"]

_MARK = "\ufeff"
_ALIAS_END = re.compile(r"\s*,")


def edit_text(text: str, edits: Sequence[Edit], *, shown: str) -> str:
    """Return a suite's text with the edits made, one after the other.

    Args:
        text: The file's text; a byte order mark and line ends of either kind stay.
        edits: What to change.
        shown: How messages name the file.

    Raises:
        SuiteErrors: The text is not YAML that a suite may be.
        UsageError: A place is not there, or the edit cannot be made without touching something else.
    """
    mark, body = (_MARK, text[1:]) if text.startswith(_MARK) else ("", text)
    for edit in edits:
        before = parse_yaml(body, shown=shown).value
        wanted = edited_value(before, edit, shown=shown)
        made = _made(body, edit)
        _require_as_wanted(made, wanted, edit, shown)
        body = made
    return mark + body


def _require_as_wanted(made: str, wanted: Any, edit: Edit, shown: str) -> None:
    try:
        read = parse_yaml(made, shown=shown).value
    except SuiteErrors:
        read = None
    if read != wanted:
        raise UsageError(
            f"{shown}: {words_of(edit.place)} cannot be edited where it stands without touching something else",
            remedy=f"edit the file by hand: {_by_hand(edit)}",
        )


def _by_hand(edit: Edit) -> str:
    match edit:
        case Put(value=value):
            return f"set {words_of(edit.place)} to {render_inline(value)}"
        case Drop():
            return f"take out {words_of(edit.place)}"
        case Rename(name=name):
            return f"rename {words_of(edit.place)} to {name}"


def _made(text: str, edit: Edit) -> str:
    text = _unshared(text, edit.place)
    root = read_parts(text)
    parents = [root]
    for part in edit.place[:-1]:
        index = _position(parents[-1], part)
        if index is None:
            break
        parents.append(parents[-1].values[index])
    depth = len(parents) - 1
    match edit:
        case Rename(name=name):
            key = parents[-1].keys[_required(parents[-1], edit.place[-1])]
            return _spliced(text, key.start, key.end, render_key(name))
        case Drop():
            while depth > 0 and len(parents[depth].values) == 1:
                depth -= 1
            return _without(text, parents[depth], _required(parents[depth], edit.place[depth]))
        case Put(value=value):
            for part in reversed(edit.place[depth + 1 :]):
                value = {part: value}
            return _with(text, parents[depth], edit.place[depth], value)


def _position(part: Part, step: str | int) -> int | None:
    if isinstance(step, int):
        return step if part.kind == "list" and 0 <= step < len(part.values) else None
    return part.key_index(step) if part.kind in {"map", "list"} else None


def _required(part: Part, step: str | int) -> int:
    index = _position(part, step)
    if index is None:
        raise LookupError(f"{step!r}: the edit of the values found it, and the text does not")
    return index


def _spliced(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new.replace("\n", _line_end(text)) + text[end:]


def _line_end(text: str) -> str:
    first = text.find("\n")
    return "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"


def _column(text: str, at: int) -> int:
    return at - (text.rfind("\n", 0, at) + 1)


def _with(text: str, parent: Part, step: str | int, value: Any) -> str:
    """Set one value: in its place, or as a new key or item of its parent."""
    index = _position(parent, step)
    if index is not None:
        return _replaced(text, parent, index, value)
    if parent.kind == "scalar":  # a key without a value
        return _spliced(text, parent.start, parent.end, " " + render_inline({str(step): value}))
    if parent.flow:
        new = render_inline(value) if parent.kind == "list" else f"{render_key(str(step))}: {render_inline(value)}"
        if not parent.values:
            return _spliced(text, parent.body + 1, parent.end - 1, new)
        return _spliced(text, parent.values[-1].end, parent.values[-1].end, f", {new}")
    if parent.kind == "list":
        column = _column(text, _dash(text, parent, len(parent.values) - 1))
        lines = _item_lines(value, column)
    else:
        column = _column(text, parent.keys[0].start)
        lines = f"{' ' * column}{render_key(str(step))}:{render_block(value, column)}"
    at = _end_of_line(text, parent.values[-1].end)
    return _spliced(text, at, at, f"\n{lines}")


def _item_lines(value: Any, column: int) -> str:
    lead = " " * column
    if not isinstance(value, dict) or not value:
        return f"{lead}- {render_inline(value)}"
    keys = [f"{render_key(str(key))}:{render_block(it, column + 2)}" for key, it in value.items()]
    return f"{lead}- " + f"\n{lead}  ".join(keys)


def _replaced(text: str, parent: Part, index: int, value: Any) -> str:
    part = parent.values[index]
    if part.flow or part.kind in {"alias", "scalar"}:
        written = part.end > part.start
        block = not parent.flow and parent.kind == "map" and written
        new = render_block(value, _column(text, parent.keys[index].start))[1:] if block else render_inline(value)
        if "\n" in new or (block and render_block(value, 0).startswith("\n")):
            new = render_inline(value)
        return _spliced(text, part.start, part.end, new if written else f" {new}")
    start = part.start
    if parent.kind == "map":  # a block below its key: the value goes behind the colon
        start = text.index(":", parent.keys[index].end) + 1
        return _spliced(text, start, part.end, render_block(value, _column(text, parent.keys[index].start)))
    return _spliced(text, start, part.end, render_inline(value))


def _end_of_line(text: str, at: int) -> int:
    """Return where the line ends on which something ends, a comment behind it included."""
    end = text.find("\n", at)
    if end < 0:
        return len(text)
    return end - 1 if text[end - 1] == "\r" and end - 1 >= at else end


def _dash(text: str, parent: Part, index: int) -> int:
    """Return where the dash of an item of a block list stands."""
    return text.rindex("-", 0, max(parent.values[index].start, 1))


def _without(text: str, parent: Part, index: int) -> str:
    value = parent.values[index]
    first = parent.keys[index].start if parent.kind == "map" else value.start
    if parent.flow:
        if index + 1 < len(parent.values):
            following = parent.keys[index + 1] if parent.kind == "map" else parent.values[index + 1]
            return _spliced(text, first, following.start, "")
        if index:
            return _spliced(text, parent.values[index - 1].end, value.end, "")
        comma = _ALIAS_END.match(text, value.end)
        return _spliced(text, first, comma.end() if comma else value.end, "")
    start = first if parent.kind == "map" else _dash(text, parent, index)
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():  # the first key of an item stands behind its dash: the next one moves there
        return _spliced(text, start, parent.keys[index + 1].start, "")
    end = text.find("\n", value.end)
    return _spliced(text, line, len(text) if end < 0 else end + 1, "")


def _unshared(text: str, place: Place) -> str:
    """Return the text with whatever stands on the way to a place written out, where it is shared by an anchor.

    Others that share it keep it: an alias on the way becomes a copy; of an anchor on the way the next alias takes over.
    """
    while True:
        root = read_parts(text)
        shared = _shared_on_way(root, place)
        if shared is None:
            return text
        values = {str(part.anchor): part for part in root.walk() if part.anchor and part.kind != "alias"}
        if shared.kind == "alias":
            text = _spliced(text, shared.start, shared.end, render_inline(_value_of(text, values[str(shared.anchor)])))
            continue
        name = shared.anchor
        heir = next((part for part in root.walk() if part.kind == "alias" and part.anchor == name), None)
        if heir is not None:
            copied = f"&{name} {render_inline(_value_of(text, shared))}"
            text = _spliced(text, heir.start, heir.end, copied)
        text = _spliced(text, shared.start, shared.body, "")


def _shared_on_way(root: Part, place: Place) -> Part | None:
    node = root
    for step in place:
        index = _position(node, step)
        if index is None:
            return None
        node = node.values[index]
        if node.anchor is not None:
            return node
    return None


def _value_of(text: str, part: Part) -> Any:
    """Return the plain value of a part: that of the whole text at the same way."""
    whole = parse_yaml(text, shown="").value
    root = read_parts(text)

    def find(node: Part, value: Any) -> Any:
        if node.start == part.start and node.kind == part.kind:
            return value
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for child, it in zip(node.values, children, strict=True):
            if child.start <= part.start < child.end:
                return find(child, it)
        raise LookupError("a part stands in its own text")

    return find(root, whole)
