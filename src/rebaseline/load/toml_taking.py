"""What is taken out of a TOML text: lines where something has its own, else what stands between its neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from rebaseline.domain.edit import Place
from rebaseline.load.bracket_taking import without_run
from rebaseline.load.splices import Splice, line_start
from rebaseline.load.toml_parts import TomlPart
from rebaseline.load.toml_text import begins_with

__all__ = ["without"]


def without(text: str, parts: Sequence[TomlPart], place: Place) -> list[Splice]:
    """Return the splices that take out all that is written of a place. Comments above it stay.

    Raises:
        LookupError: Nothing is written of it.
    """
    splices: list[Splice] = []
    at = 0
    while at < len(parts):
        part = parts[at]
        if not begins_with(part.path, place):
            splices.extend(_held_without(text, part, place))
        elif part.kind == "header":
            while at + 1 < len(parts) and parts[at + 1].kind == "pair":
                at += 1
            splices.append(_section(text, part, parts[at]))
        else:
            splices.append(_lines(text, part.start, part.end))
        at += 1
    if not splices:
        raise LookupError(f"{place}: nothing is written of it")
    return splices


def _section(text: str, header: TomlPart, last: TomlPart) -> Splice:
    """Return the splice of a header with its keys, the comments between them, and the blank lines that set it apart."""
    lines = _lines(text, header.start, last.end)
    start = lines.start
    while start and not text[line_start(text, start - 1) : start].strip():
        start = line_start(text, start - 1)
    return Splice(start, lines.end)


def _lines(text: str, start: int, end: int) -> Splice:
    end = text.find("\n", end)
    return Splice(line_start(text, start), len(text) if end < 0 else end + 1)


def _held_without(text: str, part: TomlPart, place: Place) -> list[Splice]:
    """Return the splices that take something out of the brackets of a value."""
    gone = [begins_with(held.path, place) for held in part.held]
    if not any(gone):
        return [splice for held in part.held for splice in _held_without(text, held, place)]
    if all(gone):
        return [Splice(part.value + 1, part.end - 1)]
    splices: list[Splice] = []
    at = 0
    for out, run in groupby(gone):
        length = len(list(run))
        if out:
            splices.extend(without_run(text, part.held, at, at + length - 1))
        at += length
    return splices
