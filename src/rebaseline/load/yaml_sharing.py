"""What is shared by an anchor, written out where an edit leads through it: the others that share it keep it."""

from __future__ import annotations

from typing import Any

from rebaseline.domain.edit import Place
from rebaseline.load.splices import Splice, newline_of, spliced
from rebaseline.load.yaml_parts import Part, read_parts
from rebaseline.load.yaml_render import render_inline
from rebaseline.load.yaml_tree import parse_yaml

__all__ = ["unshared"]


def unshared(text: str, place: Place) -> str:
    """Return the text with whatever stands on the way to a place written out, where it is shared by an anchor.

    An alias on the way becomes a copy; of an anchor on the way the next alias takes over.

    Raises:
        LookupError: It is the key of a mapping that is shared.
        SuiteErrors: The text would be YAML no longer.
    """
    while True:
        root = read_parts(text)
        shared = _shared_on_way(root, place)
        if shared is None:
            return text
        text = spliced(text, _apart(text, root, shared), newline_of(text))
        parse_yaml(text, shown="")


def _apart(text: str, root: Part, shared: Part) -> list[Splice]:
    """Return the splices that part an alias from its anchor, or an anchor from its aliases."""
    same = [part for part in root.walk() if part.anchor == shared.anchor]
    if shared.kind == "alias":
        meant = [part for part in same if part.kind != "alias" and part.start < shared.start]
        if not meant:
            raise LookupError(f"*{shared.anchor}: what it stands for is no value")
        return [Splice(shared.start, shared.end, render_inline(_value_of(text, root, meant[-1])))]
    splices = [Splice(shared.start, shared.body)]
    heir = next((part for part in same if part.start > shared.start), None)
    if heir is not None and heir.kind == "alias":
        copied = f"&{shared.anchor} {render_inline(_value_of(text, root, shared))}"
        splices.append(Splice(heir.start, heir.end, copied))
    return splices


def _shared_on_way(root: Part, place: Place) -> Part | None:
    node = root
    for step in place:
        index = node.position(step)
        if index is None:
            return None
        node = node.values[index]
        if node.anchor is not None:
            return node
    return None


def _value_of(text: str, root: Part, part: Part) -> Any:
    """Return the plain value of a part: that of the whole text at the same way."""

    def find(node: Part, value: Any) -> Any:
        if node is part:
            return value
        children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        for child, it in zip(node.values, children, strict=True):
            if child is part or child.start <= part.start < child.end:
                return find(child, it)
        raise LookupError("a part stands in its own text")

    return find(root, parse_yaml(text, shown="").value)
