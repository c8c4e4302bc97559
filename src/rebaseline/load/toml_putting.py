"""What is put into a TOML text: in the place of a value, behind its neighbours, or as a table of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from rebaseline.domain.edit import Place
from rebaseline.load.splices import Splice, line_end, line_start
from rebaseline.load.toml_parts import TomlPart
from rebaseline.load.toml_render import TOML_WIDTH, render_toml, render_toml_key, render_toml_list
from rebaseline.load.toml_text import begins_with

__all__ = ["added", "replaced"]

_REST = re.compile(r"[ \t]*(?:#[^\n]*)?\r?(?:\n|$)")


def replaced(text: str, part: TomlPart, value: Any) -> Splice:
    """Return the splice that sets the value of a key or an item which has one.

    Raises:
        TypeError: TOML has no such value.
    """
    new = render_toml(value)
    if isinstance(value, list) and value and part.holder is None:
        lead = _lead(text, part.held[0]) if part.held else None
        if lead is not None:
            new = render_toml_list(value, lead)
        elif part.value - line_start(text, part.start) + len(new) > TOML_WIDTH:
            new = render_toml_list(value)
    return Splice(part.value, part.end, new)


def _lead(text: str, item: TomlPart) -> str | None:
    """Return the blanks before an item on a line of its own; None where something else stands before it."""
    lead = text[line_start(text, item.start) : item.start]
    return None if lead.strip() else lead


def added(text: str, parts: Sequence[TomlPart], place: Place, value: Any) -> Splice:
    """Return the splice that sets what is not there yet; mappings on the way are made.

    Args:
        text: The text.
        parts: What stands in it.
        place: Where; items by position.
        value: The value.

    Raises:
        TypeError: TOML has no such value.
        LookupError: It cannot stand there.
    """
    walked = [part for outer in parts for part in outer.walk()]
    while len(place) > 1 and not any(begins_with(part.path, place[:-1]) for part in walked):
        place, value = place[:-1], {place[-1]: value}
    parent, step = place[:-1], place[-1]
    holder = next((part for part in walked if part.path == parent and part.form in {"list", "map"}), None)
    if holder is not None:
        return _held(text, holder, step, value)
    if isinstance(step, int):
        return _section(text, parts, parent, _headed(place, value))
    beside = [part for part in walked if part.path[:-1] == parent and part.kind == "pair"]
    headers = [part for part in parts if part.path == parent and part.kind == "header"]
    anchor = next(reversed(beside or headers), None)
    if anchor is not None:
        line = _line(text, anchor, step, value)
        if not isinstance(value, dict) or anchor.holder or (parent and len(line.new) <= TOML_WIDTH):
            return line
    if isinstance(value, dict):
        return _section(text, parts, parent, _headed(place, value))
    if parent:
        return _section(text, parts, parent, _headed(parent, {step: value}))
    return Splice(0, 0, f"{_own_line('', step, value)}\n")


def _pair(key: str | int, value: Any) -> str:
    return f"{render_toml_key(str(key))} = {render_toml(value)}"


def _own_line(lead: str, key: str | int, value: Any) -> str:
    """Return a key with its value for a line of their own; a long list takes several."""
    line = f"{lead}{_pair(key, value)}"
    spread = isinstance(value, list) and value and len(line) > TOML_WIDTH
    return f"{lead}{render_toml_key(str(key))} = {render_toml_list(value)}" if spread else line


def _held(text: str, holder: TomlPart, step: str | int, value: Any) -> Splice:
    """Return the splice that adds to what stands in brackets."""
    if holder.form == "map":
        last = holder.held[-1].end if holder.held else holder.value + 1
        new = f", {_pair(step, value)}" if holder.held else f" {_pair(step, value)} "
        return Splice(last, last if holder.held else holder.end - 1, new)
    new = render_toml(value)
    if not holder.held:
        return Splice(holder.value + 1, holder.value + 1, new)
    item = holder.held[-1]
    stop = item.end if item.comma < 0 else item.comma + 1
    lead, end = _lead(text, item), line_end(text, stop)
    comma = item.comma >= 0
    if lead is None or _REST.match(text, stop) is None:
        return Splice(stop, stop, f" {new}," if comma else f", {new}")
    return Splice(end, end, f"\n{lead}{new},") if comma else Splice(stop, end, f",{text[stop:end]}\n{lead}{new}")


def _line(text: str, anchor: TomlPart, step: str | int, value: Any) -> Splice:
    """Return the splice that adds a key behind another of its table, or as the first below a header."""
    dotted = text[anchor.start : anchor.names[-1].start] if anchor.kind == "pair" else ""
    if anchor.holder is not None:
        return Splice(anchor.end, anchor.end, f", {dotted}{_pair(step, value)}")
    at = line_end(text, anchor.end)
    lead = text[line_start(text, anchor.start) : anchor.start]
    return Splice(at, at, f"\n{_own_line(lead + dotted, step, value)}")


def _named(place: Place) -> str:
    """Return how a header names a table: by its keys, without the positions of arrays on the way."""
    return ".".join(render_toml_key(step) for step in place if isinstance(step, str))


def _headed(place: Place, value: Any) -> str:
    """Return a table of its own; one that holds a single table only is named together with that."""
    if isinstance(value, dict):
        only = next(iter(value)) if len(value) == 1 else None
        if only is not None and isinstance(place[-1], str) and isinstance(value[only], dict) and value[only]:
            return _headed((*place, only), value[only])
        header = f"[{_named(place)}]" if isinstance(place[-1], str) else f"[[{_named(place)}]]"
        return "\n".join([header, *(_own_line("", key, it) for key, it in value.items())])
    raise LookupError(f"{place}: what stands below a header is a mapping")


def _section(text: str, parts: Sequence[TomlPart], parent: Place, section: str) -> Splice:
    """Return the splice that puts a section behind the last one that says something of its parent."""
    if not parts:
        lead = "\n" if text and not text.endswith("\n") else ""
        return Splice(len(text), len(text), f"{lead}{section}\n")
    at = max((index for index, part in enumerate(parts) if begins_with(part.path, parent)), default=len(parts) - 1)
    while at + 1 < len(parts) and parts[at + 1].kind == "pair":
        at += 1
    end = line_end(text, parts[at].end)
    return Splice(end, end, f"\n\n{section}")
