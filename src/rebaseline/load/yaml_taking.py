"""What is taken out of a YAML text: the lines that an entry has for itself, else what stands between its neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from rebaseline.load.bracket_taking import without_run
from rebaseline.load.splices import Splice, line_end, line_start
from rebaseline.load.yaml_gaps import sign_in
from rebaseline.load.yaml_parts import Part

__all__ = ["Entry", "entries_of", "without"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An item with its dash, or a key with its value.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        comma: Where the comma behind it stands, -1 for none.
    """

    start: int
    end: int
    comma: int = -1


def entries_of(text: str, parent: Part) -> list[Entry]:
    """Return what a mapping or a list holds, in order."""
    heads = parent.keys if parent.kind == "map" else parent.values
    ends = [max(head.end, value.end) for head, value in zip(heads, parent.values, strict=True)]
    if not parent.flow:
        return [Entry(head.lead, end) for head, end in zip(heads, ends, strict=True)]
    stops = [*(head.lead for head in heads[1:]), parent.end]
    return [
        Entry(head.lead, end, sign_in(text, end, stop, ",")) for head, end, stop in zip(heads, ends, stops, strict=True)
    ]


def without(text: str, parent: Part, index: int) -> list[Splice]:
    """Return the splices that take out one entry, with the comment on its line where that is its own."""
    entries = entries_of(text, parent)
    if parent.flow:
        return without_run(text, entries, index, index)
    start, end = entries[index].start, entries[index].end
    line, stop = line_start(text, start), line_end(text, end)
    lead = text[line:start]
    if not lead.strip():
        newline = text.find("\n", stop)
        return [Splice(line, len(text) if newline < 0 else newline + 1)]
    following = entries[index + 1]  # it stands behind the dash of an outer item: the next one moves there
    if "#" not in text[stop : following.start]:
        return [Splice(start, following.start)]
    return [Splice(line + len(lead.rstrip()), stop)]
