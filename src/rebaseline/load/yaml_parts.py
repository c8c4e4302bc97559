"""A YAML text as a tree of parts that know where their text begins and ends: what an edit replaces."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ruamel.yaml import YAML
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from rebaseline.load.yaml_gaps import sign_in

__all__ = ["Part", "PartKind", "read_parts"]

PartKind = str
"""`map`, `list`, `scalar` or `alias`."""


@dataclass(slots=True)
class Part:
    """One value, as it is written.

    Attributes:
        kind: `map`, `list`, `scalar` or `alias`.
        start: Where its text begins, its anchor included.
        end: Where its text ends; of a block, where the last thing in it does.
        flow: A mapping in `{}` or a list in `[]`.
        anchor: Name of its anchor, or of the anchor that an alias stands for.
        body: Where it begins after its anchor.
        lead: Where the sign stands that announces it: the dash of an item, the question mark of a key, the colon of a
            value. Its own start where there is none.
        keys: Of a mapping, its keys.
        values: Of a mapping or a list, what it holds.
        text: Of a scalar, its characters with escapes read.
    """

    kind: PartKind
    start: int
    end: int
    flow: bool = False
    anchor: str | None = None
    body: int = 0
    lead: int = 0
    keys: list[Part] = field(default_factory=list)
    values: list[Part] = field(default_factory=list)
    text: str = ""

    def key_index(self, name: str) -> int | None:
        """Return the position of a key, or of the list item whose `id` it is; None where there is none."""
        if self.kind == "map":
            return next((at for at, key in enumerate(self.keys) if key.text == name), None)
        for at, value in enumerate(self.values):
            found = value.key_index("id") if value.kind == "map" else None
            if found is not None and value.values[found].text == name:
                return at
        return None

    def position(self, step: str | int) -> int | None:
        """Return the position of what a step of a place leads to; None where nothing is."""
        if isinstance(step, int):
            return step if self.kind == "list" and 0 <= step < len(self.values) else None
        return self.key_index(step) if self.kind in {"map", "list"} else None

    def walk(self) -> Iterator[Part]:
        """Yield it and everything in it, in the order of the text."""
        yield self
        for value in self.values:
            yield from value.walk()


def read_parts(text: str) -> Part:
    """Return the tree of a text that `parse_yaml` takes.

    Args:
        text: Without a byte order mark.
    """
    stack: list[Part] = []
    root: Part | None = None
    for event in YAML(typ="safe", pure=True).parse(text):
        if isinstance(event, CollectionEndEvent):
            part = stack.pop()
            if part.flow:
                part.end = event.end_mark.index
            elif part.values:
                part.end = max(part.end, *(each.end for each in (*part.keys, *part.values)))
            root = _hand_in(stack, part, text) or root
        elif isinstance(event, NodeEvent):
            made = _part_of(event, text)
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                stack.append(made)
            else:
                root = _hand_in(stack, made, text) or root
    if root is None:
        raise ValueError("the text holds no value")
    return root


def _part_of(event: NodeEvent, text: str) -> Part:
    start, end = event.start_mark.index, event.end_mark.index
    anchor = event.anchor
    body = start
    if anchor is not None and not isinstance(event, AliasEvent):
        body = text.index(anchor, start) + len(anchor)
        while body < len(text) and text[body] in " \t":
            body += 1
    if isinstance(event, AliasEvent):
        return Part("alias", start, end, anchor=anchor, body=start)
    if isinstance(event, ScalarEvent):
        if event.style in {"|", ">"}:
            end = start + len(text[start:end].rstrip())
        return Part("scalar", start, end, anchor=anchor, body=body, text=event.value)
    kind = "map" if isinstance(event, MappingStartEvent) else "list"
    flow = bool(getattr(event, "flow_style", None))
    return Part(kind, start, end, flow=flow, anchor=anchor, body=body)


def _hand_in(stack: list[Part], part: Part, text: str) -> Part | None:
    """Put a finished part where it belongs; return it where it is the whole."""
    if not stack:
        return part
    parent = stack[-1]
    key = parent.keys[-1] if len(parent.keys) > len(parent.values) else None
    before = key or (parent.values[-1] if parent.values else None)
    gap = before.end if before else parent.body
    sign = ":" if key else "?" if parent.kind == "map" else "-"
    at = -1 if parent.flow and sign == "-" else sign_in(text, gap, part.start, sign)
    if key is None and parent.kind == "map":
        part.lead = part.start if at < 0 else at
        parent.keys.append(part)
        return None
    if part.kind == "scalar" and part.start == part.end:
        # The parser puts a value that is not written at the next thing that it meets, behind others' comments.
        part.start = part.end = part.body = at + 1 if at >= 0 else key.end if key else part.start
    part.lead = part.start if at < 0 else at
    parent.values.append(part)
    return None
