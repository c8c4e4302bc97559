"""What is put into a YAML text: in the place of a value, or behind its neighbours."""

from __future__ import annotations

from typing import Any

from rebaseline.load.splices import Splice, line_end, line_start
from rebaseline.load.yaml_parts import Part
from rebaseline.load.yaml_render import render_block, render_inline, render_key
from rebaseline.load.yaml_taking import entries_of

__all__ = ["added", "replaced"]


def added(text: str, parent: Part, step: str | int, value: Any) -> Splice:
    """Return the splice that adds a key or an item to what is there."""
    if parent.kind == "scalar":  # a key without a value
        return Splice(parent.start, parent.end, " " + render_inline({str(step): value}))
    if parent.flow:
        new = render_inline(value) if parent.kind == "list" else f"{render_key(str(step))}: {render_inline(value)}"
        if parent.values:
            end = entries_of(text, parent)[-1].end
            return Splice(end, end, f", {new}")
        first = parent.body + 1
        return Splice(first, first if text[first : parent.end - 1].strip() else parent.end - 1, new)
    last = entries_of(text, parent)[-1]
    column = _column(text, last.start)
    if parent.kind == "list":
        lines = _item_lines(value, column)
    else:
        lines = f"{' ' * column}{render_key(str(step))}:{render_block(value, column)}"
    at = line_end(text, last.end)
    return Splice(at, at, f"\n{lines}")


def _column(text: str, at: int) -> int:
    return at - line_start(text, at)


def _item_lines(value: Any, column: int) -> str:
    lead = " " * column
    if not isinstance(value, dict) or not value:
        return f"{lead}- {render_inline(value)}"
    keys = [f"{render_key(str(key))}:{render_block(it, column + 2)}" for key, it in value.items()]
    return f"{lead}- " + f"\n{lead}  ".join(keys)


def replaced(text: str, parent: Part, index: int, value: Any) -> list[Splice]:
    """Return the splices that set the value of a key or an item. The comment on the line of the key stays."""
    part = parent.values[index]
    if part.flow or part.kind in {"alias", "scalar"}:
        return [Splice(part.start, part.end, _in_place(text, parent, index, value))]
    if parent.kind == "list":
        return [Splice(part.start, part.end, render_inline(value))]
    new = render_block(value, _column(text, parent.keys[index].lead))
    colon = part.lead + 1
    stop = line_end(text, colon)
    if stop > part.start or not text[colon:stop].strip():
        return [Splice(colon, part.end, new)]
    first, *rest = new.split("\n", 1)  # a comment stands behind the colon: it stays on its line, with the value before
    below = "".join(f"\n{line}" for line in rest)
    return [Splice(colon, colon, first), Splice(stop, line_end(text, part.end), below)]


def _in_place(text: str, parent: Part, index: int, value: Any) -> str:
    """Return what stands in the place of a value that is written on one line, or not at all."""
    part = parent.values[index]
    written = part.end > part.start
    line = render_inline(value)
    if not written:
        return f" {line}"
    if parent.flow or parent.kind == "list":
        return line
    block = render_block(value, _column(text, parent.keys[index].lead))
    return line if "\n" in block else block[1:]
