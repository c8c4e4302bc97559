"""Whatever the text of a suite looks like, an edit of it means what the edit means, and no comment of others goes."""

from __future__ import annotations

import json
import re

from hypothesis import given
from hypothesis import strategies as st
from tests.support.yaml_writer import Writer

from rebaseline.domain.edit import Drop, Put, Rename
from rebaseline.errors import UsageError
from rebaseline.load.edited_values import edited_value
from rebaseline.load.editing import edit_text
from rebaseline.load.yaml_tree import parse_yaml

WORDS = st.sampled_from(
    ["a", "b", "id", "x y", "é", "no", "1", "", "a: b", "# c", "- d", "it's", 'q"', "日本", "{", "?"]
)
TEXTS = st.one_of(WORDS, st.sampled_from(["two  words", "line\nand # line\n", "kept\n\n", "a, b", "tab\there"]))
SCALARS = st.one_of(st.none(), st.booleans(), st.integers(-9, 99), st.sampled_from([0.5, -1e9]), TEXTS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3), max_leaves=8
)
WHOLES = st.dictionaries(WORDS, VALUES, min_size=1, max_size=4) | st.lists(VALUES, min_size=1, max_size=4)


@st.composite
def suites(draw):
    """Return plain values, a YAML text of theirs, and who wrote it."""
    value = draw(WHOLES)
    writer = Writer(draw)
    if draw(st.integers(0, 4)) == 0:
        writer.lines[-1] += "---"
        writer.newline(())
    if draw(st.booleans()):
        writer.comment((), "")
        writer.newline(())
    if draw(st.integers(0, 3)):
        writer.block(value, (), 0)
    else:
        writer.flow(value, ())
    if "|2" in "".join(writer.lines) or draw(st.booleans()):
        writer.newline(())
    return value, draw(st.sampled_from(["\n", "\r\n"])).join(writer.lines), writer


def places(value, path=()):
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, it in children:
        yield (*path, step)
        yield from places(it, (*path, step))


def value_at(node, place):
    for step in place:
        node = node[step] if isinstance(node, dict) or step < len(node) else None
    return node


def edits_of(draw, value):
    new = draw(VALUES)
    place = draw(st.sampled_from(list(places(value))))
    choices = [Put(place, new), Drop(place), Drop(place)]
    node = value_at(value, place)
    if isinstance(node, dict):
        choices.append(Put((*place, draw(WORDS)), new))
    if isinstance(node, list):
        choices.append(Put((*place, len(node)), new))
    if isinstance(place[-1], str):
        choices.append(Rename(place, "another name"))
    return draw(st.sampled_from(choices))


def gone_with(value, edit):
    """Return the place of which all text may go; None where nothing may."""
    place = edit.place
    match edit:
        case Rename():
            return None
        case Drop():
            while len(place) > 1 and len(value_at(value, place[:-1])) == 1:
                place = place[:-1]
    return place


def numbers_in(text):
    return [int(number) for number in re.findall(r"~(\d+)~", text)]


@given(suites(), st.data())
def test_any_edit_of_any_text_is_right_or_refused(written, data):
    value, text, writer = written
    read = parse_yaml(text, shown="suite.yaml").value
    assert json.dumps(read) == json.dumps(value)
    edit = edits_of(data.draw, value)
    made, refusal = "", None
    try:
        made = edit_text(text, [edit], shown="suite.yaml")
    except UsageError as wrong:
        refusal = wrong
    if refusal is not None:  # nothing would be left, an anchor that others use would go, or no colon is there
        assert refusal.where.startswith("suite.yaml")
        assert refusal.remedy
        assert not edited_value(value, edit) or "*n" in text or writer.bare
        return
    assert json.dumps(parse_yaml(made, shown="suite.yaml").value, sort_keys=True) == json.dumps(
        edited_value(value, edit), sort_keys=True
    )
    gone = gone_with(value, edit)
    kept = [
        number
        for number, (line, inside) in writer.comments.items()
        if gone is None
        or not (
            inside[: len(gone)] == gone
            or (writer.owners[line] and all(owner[: len(gone)] == gone for owner in writer.owners[line]))
        )
    ]
    left = numbers_in(made)
    assert left == sorted(left)
    assert set(kept) <= set(left)
    if made.count("\n") > 1 and "\r\n" in text:
        assert made.count("\n") == made.count("\r\n")
