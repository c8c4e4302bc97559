"""Suites' files edited in place: only the text that an edit is about is replaced, all else stays byte for byte.

A file that is read in and written out again loses alignment, quotes or comments somewhere, and then nobody reads the
diff. So the parser only says where things stand, and text is put in or taken out there. What comes out is read again
and held against the edited values, and its comments against those that were there: an edit that would do anything else
is refused.
"""

from __future__ import annotations

from collections.abc import Sequence

from rebaseline.domain.edit import Drop, Edit, Place, Put, Rename
from rebaseline.errors import SuiteErrors
from rebaseline.load.edited_values import edited_value, positions_of
from rebaseline.load.refusals import no_such_value, refused, too_deep
from rebaseline.load.splices import Splice, line_end, newline_of, spliced
from rebaseline.load.yaml_gaps import comments_of
from rebaseline.load.yaml_parts import Part, read_parts
from rebaseline.load.yaml_putting import added, replaced
from rebaseline.load.yaml_render import render_inline, render_key
from rebaseline.load.yaml_sharing import unshared
from rebaseline.load.yaml_taking import entries_of, without
from rebaseline.load.yaml_tree import parse_yaml

__all__ = ["edit_text"]

_MARK = "\ufeff"
_NOTHING = range(0)


def edit_text(text: str, edits: Sequence[Edit], *, shown: str) -> str:
    """Return a suite's text with the edits made, one after the other.

    Args:
        text: The file's text; a byte order mark and line ends of either kind stay.
        edits: What to change.
        shown: How messages name the file.

    Raises:
        SuiteErrors: The text is not YAML that a suite may be.
        UsageError: A place is not there, YAML has no such value, or the edit cannot be made without touching something
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
    before = parse_yaml(text, shown=shown)
    wanted = edited_value(before.value, edit, shown=shown)
    where = f"{shown}:{before.line_of(positions_of(before.value, edit.place))}"
    try:
        if isinstance(edit, Put):
            render_inline(edit.value)
    except (TypeError, ValueError) as fault:
        raise no_such_value(edit, where, fault, "YAML") from fault
    try:
        apart = unshared(text, edit.place)
        splices, gone = _splices(apart, edit)
        made = spliced(apart, splices, newline_of(apart))
        right = parse_yaml(made, shown=shown).value == wanted
    except (LookupError, SuiteErrors) as fault:
        raise refused(edit, where, render_inline) from fault
    if not right or not _keeps(text, apart, _NOTHING) or not _keeps(apart, made, gone):
        raise refused(edit, where, render_inline)
    return made


def _splices(text: str, edit: Edit) -> tuple[list[Splice], range]:
    """Return what changes in the text, and where comments may go with it."""
    parents = _way(text, edit.place)
    depth = len(parents) - 1
    match edit:
        case Rename(name=name):
            key = parents[-1].keys[_required(parents[-1], edit.place[-1])]
            return [Splice(key.body, key.end, render_key(name))], _NOTHING
        case Drop():
            while depth > 0 and len(parents[depth].values) == 1:
                depth -= 1
            index = _required(parents[depth], edit.place[depth])
            entry = entries_of(text, parents[depth])[index]
            return without(text, parents[depth], index), range(entry.start, line_end(text, entry.end))
        case Put(value=value):
            for step in reversed(edit.place[depth + 1 :]):
                value = {step: value}
            at = parents[depth].position(edit.place[depth])
            if at is None:
                return [added(text, parents[depth], edit.place[depth], value)], _NOTHING
            part = parents[depth].values[at]
            return replaced(text, parents[depth], at, value), range(part.lead, line_end(text, part.end))


def _way(text: str, place: Place) -> list[Part]:
    """Return what stands on the way to a place, from the whole to its parent or as far as it is written."""
    parents = [read_parts(text)]
    for step in place[:-1]:
        index = parents[-1].position(step)
        if index is None:
            break
        parents.append(parents[-1].values[index])
    return parents


def _required(part: Part, step: str | int) -> int:
    index = part.position(step)
    if index is None:
        raise LookupError(f"{step!r}: the edit of the values found it, and the text does not")
    return index


def _keeps(before: str, after: str, gone: range) -> bool:
    """Return whether all comments are still there, in order, apart from those that may go."""
    if before == after:
        return True
    left = iter(comments_of(after))
    return all(
        any(comment.text == other.text for other in left)
        for comment in comments_of(before)
        if comment.start not in gone
    )
