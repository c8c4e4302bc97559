"""YAML 1.2 as a tree of plain values that know their lines.

The tree is built from the parser's events, not by a loader: so there are no tags and no objects, nesting and the size
that aliases unfold to are bounded before memory is spent, and every key keeps its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
)

from rebaseline.errors import Problem, SuiteErrors
from rebaseline.load.findings import ERROR
from rebaseline.load.yaml_scalar import parse_scalar

__all__ = ["Node", "parse_yaml"]

_NODES = 200_000
_DEPTH = 50


@dataclass(slots=True)
class Node:
    """One value and its place.

    Attributes:
        line: Line from 1 on which it is written.
        value: The plain value: None, bool, int, float, str, list or dict.
        keys: Lines of a mapping's keys.
        children: The nodes of a mapping, or of a list by position.
        size: Number of nodes in it when aliases are written out.
        depth: Levels in it when aliases are written out.
    """

    line: int
    value: Any = None
    keys: dict[str, int] = field(default_factory=dict)
    children: dict[str | int, Node] = field(default_factory=dict)
    size: int = 1
    depth: int = 1

    def line_of(self, loc: Sequence[str | int]) -> int:
        """Return the line of what `loc` leads to, or of the last part of the way that exists.

        A key counts for its value, so that a message points at what a person looks for. Parts of `loc` that name no
        child are stepped over: validators put the names of alternatives there.
        """
        node, line = self, self.line
        for part in loc:
            child = node.children.get(part)
            if child is not None:
                line = node.keys.get(part, child.line) if isinstance(part, str) else child.line
                node = child
        return line


def parse_yaml(text: str, *, shown: str) -> Node:
    """Return the one document in `text`.

    Args:
        text: YAML 1.2.
        shown: How messages name the file.

    Raises:
        SuiteErrors: It is not YAML, or it holds what a suite may not: tags, several documents, a key twice,
            deep nesting, aliases that unfold to very much.
    """
    builder = _Builder(shown)
    for event in _events(text, shown):
        builder.take(event)
    if builder.root is None:
        raise _refusal(shown, 0, "the file is empty", "write `suite`, `probes` and `assertions`")
    return builder.root


def _events(text: str, shown: str) -> Iterator[Event]:
    remedy = "check indentation, quotes and colons"
    try:
        yield from YAML(typ="safe", pure=True).parse(text)
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        said = " ".join(str(part) for part in (fault.context, fault.problem) if part)
        raise _refusal(shown, mark.line + 1 if mark else 0, f"this is not YAML: {said}", remedy) from fault
    except (YAMLError, ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as fault:
        # On some malformed input the parser trips over itself instead of saying so.
        raise _refusal(shown, 0, f"this is not YAML: {fault}".strip(), remedy) from fault


def _refusal(shown: str, line: int, problem: str, remedy: str) -> SuiteErrors:
    return SuiteErrors([Problem(shown, line, ERROR, problem, remedy)])


class _Builder:
    """Builds the tree; an explicit stack, since depth comes from outside."""

    def __init__(self, shown: str) -> None:
        self.root: Node | None = None
        self._shown = shown
        self._stack: list[Node] = []
        self._pending: list[tuple[str, int] | None] = []
        self._anchors: dict[str, Node] = {}
        self._named: list[str | None] = []
        self._count = 0

    def take(self, event: Event) -> None:
        """Take the next event of the parser."""
        if isinstance(event, DocumentStartEvent) and self.root is not None:
            raise self._refuse(event, "a second document begins", "keep one suite in a file: take out `---`")
        if isinstance(event, CollectionEndEvent):
            self._close()
        elif isinstance(event, AliasEvent):
            self._alias(event)
        elif isinstance(event, NodeEvent):
            self._open(event)

    def _open(self, event: Any) -> None:
        if event.tag is not None:
            raise self._refuse(event, f"the tag `{event.tag}` is not allowed", "write plain values, without `!`")
        node = Node(line=event.start_mark.line + 1)
        if isinstance(event, ScalarEvent):
            self._add(node, event, event.value if self._awaits_key() else self._scalar(event))
            if event.anchor:
                self._anchors[event.anchor] = node
            return
        if self._awaits_key():
            raise self._refuse(event, "a list or mapping cannot be a key", "write a plain word before the colon")
        node.value = {} if isinstance(event, MappingStartEvent) else []
        self._stack.append(node)
        self._pending.append(None)
        self._named.append(event.anchor)
        self._bound_depth(event, 0)

    def _bound_depth(self, event: Any, deeper: int) -> None:
        if len(self._stack) + deeper > _DEPTH:
            raise self._refuse(event, f"nested more than {_DEPTH} deep", "flatten it")

    def _scalar(self, event: Any) -> Any:
        try:
            return parse_scalar(event.value, plain=event.style in {None, ""})
        except ValueError as fault:
            raise self._refuse(event, str(fault), "put it in quotes to make it text") from fault

    def _close(self) -> None:
        node, name = self._stack.pop(), self._named.pop()
        self._pending.pop()
        if name:
            self._anchors[name] = node
        self._add(node, None, node.value)

    def _alias(self, event: Any) -> None:
        target = self._anchors.get(event.anchor)
        if target is None:
            raise self._refuse(event, f"the alias `*{event.anchor}` names no earlier anchor", "define it first")
        if self._awaits_key():
            raise self._refuse(event, "an alias cannot be a key", "write the word itself")
        self._bound_depth(event, target.depth)
        self._add(target, event, target.value)

    def _awaits_key(self) -> bool:
        return bool(self._stack) and isinstance(self._stack[-1].value, dict) and self._pending[-1] is None

    def _add(self, node: Node, event: Any, value: Any) -> None:
        """Put a finished node where it belongs: the document, a list, a mapping's key or its value."""
        self._count += node.size if event is not None else 1
        if self._count > _NODES:
            raise self._refuse(event, f"more than {_NODES:,} values", "move rows to a table; use fewer aliases")
        node.value = value
        if not self._stack:
            self.root = node
            return
        parent = self._stack[-1]
        if isinstance(parent.value, list):
            self._attach(parent, len(parent.value), node)
            parent.value.append(value)
        elif self._pending[-1] is None:
            self._key(parent, event, value, node.line)
        else:
            key, line = self._pending[-1]
            self._pending[-1] = None
            self._attach(parent, key, node)
            parent.keys[key] = line
            parent.value[key] = value

    def _attach(self, parent: Node, part: str | int, node: Node) -> None:
        parent.children[part] = node
        parent.size += node.size
        parent.depth = max(parent.depth, node.depth + 1)

    def _key(self, parent: Node, event: Any, key: str, line: int) -> None:
        if key in parent.value:
            first = parent.keys[key]
            raise self._refuse(event, f"the key `{key}` is written twice (first on line {first})", "keep one of them")
        if key == "<<":
            raise self._refuse(event, "merge keys (`<<`) are not part of YAML 1.2", "use `defaults`")
        self._pending[-1] = (key, line)

    def _refuse(self, event: Any, problem: str, remedy: str) -> SuiteErrors:
        line = event.start_mark.line + 1 if event is not None else 0
        return _refusal(self._shown, line, problem, remedy)
