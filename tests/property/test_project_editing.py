"""Whatever the text of a project file looks like, an edit of it means what the edit means, and comments stay."""

from __future__ import annotations

import json
import tomllib

from hypothesis import given
from hypothesis import strategies as st

from rebaseline.domain.edit import Drop, Put, Rename
from rebaseline.errors import UsageError
from rebaseline.load.edited_values import edited_value
from rebaseline.load.project_editing import edit_project

NAMES = st.one_of(
    st.sampled_from(["a", "b", "max_tokens", "x y", "é", "", 'q"', "a.b"]), st.text("abc", min_size=1, max_size=3)
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SCALARS = st.one_of(st.booleans(), st.integers(), st.floats(allow_nan=False), TEXTS)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3), max_leaves=6
)


@st.composite
def tables(draw):
    """Return plain values and a TOML text of theirs, written in one of the many ways, with comments."""
    table = st.dictionaries(NAMES, VALUES, min_size=1, max_size=3)
    value = draw(st.dictionaries(NAMES, VALUES | table | st.lists(table, min_size=1, max_size=3), max_size=4))
    lines = []
    _write(draw, lines, (), value)
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    return value, newline.join(lines) + draw(st.sampled_from(["", newline]))


def _write(draw, lines, path, value):
    later = []
    for key, it in value.items():
        if isinstance(it, list) and it and all(isinstance(item, dict) for item in it) and draw(st.booleans()):
            later.append((key, it))
        elif isinstance(it, dict) and it and draw(st.booleans()):
            if draw(st.booleans()):
                later.append((key, it))
            else:
                for inner, its in it.items():
                    lines.extend(f"{_key(key)} . {_key(inner)} = {_inline(draw, its)}{draw(COMMENTS)}".split("\n"))
        else:
            lines.extend(f"{_key(key)} = {_inline(draw, it)}{draw(COMMENTS)}".split("\n"))
            lines.extend(draw(st.sampled_from([[], [""], ["# between"]])))
    for key, it in later:
        lines.extend(draw(st.sampled_from([[], [""], ["", "# above"]])))
        name = ".".join(_key(name) for name in (*path, key))
        for table in it if isinstance(it, list) else [it]:
            lines.append(f"[[{name}]]{draw(COMMENTS)}" if isinstance(it, list) else f"[ {name} ]{draw(COMMENTS)}")
            _write(draw, lines, (*path, key), table)


COMMENTS = st.sampled_from(["", " ", "  # [c] = {"])


def _key(name):
    return json.dumps(name)


def _inline(draw, value):
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{_key(key)} = {_inline(draw, it)}" for key, it in value.items()) + " }"
    if isinstance(value, list):
        gap = draw(st.sampled_from(["", " ", "\n  ", " # ]\n"]))
        comma = draw(st.sampled_from(["", ","])) if value else ""
        return "[" + gap + f",{gap or ' '}".join(_inline(draw, it) for it in value) + comma + gap + "]"
    if isinstance(value, float) and value in {float("inf"), float("-inf")}:
        return str(value)
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def places(value, path=()):
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, it in children:
        yield (*path, step)
        yield from places(it, (*path, step))


def value_at(node, place):
    for step in place:
        known = step in node if isinstance(node, dict) else isinstance(node, list) and step < len(node)
        node = node[step] if known else None
    return node


def comments(text):
    return [line for line in text.splitlines() if line.startswith(("# between", "# above"))]


@given(tables(), st.data())
def test_any_edit_of_any_text_means_what_the_edit_means(written, data):
    value, text = written
    assert tomllib.loads(text) == value
    there = list(places(value))
    new = data.draw(VALUES)
    choices = [Put((data.draw(NAMES),), new)]
    if there:
        place = data.draw(st.sampled_from(there))
        choices += [Put(place, new), Drop(place)]
        node = value_at(value, place)
        if isinstance(node, dict):
            choices.append(Put((*place, data.draw(NAMES)), new))
        if isinstance(node, list):
            choices.append(Put((*place, len(node)), new))
        if isinstance(place[-1], str):
            choices.append(Rename(place, "another name"))
    edit = data.draw(st.sampled_from(choices))
    try:
        made = edit_project(text, [edit], shown="rebaseline.toml")
    except UsageError:  # what is no table cannot stand among `[[tables]]`
        assert isinstance(edit, Put)
        assert not isinstance(edit.value, dict)
        assert isinstance(edit.place[-1], int)
        assert "[[" in text
        return
    assert tomllib.loads(made) == edited_value(value, edit)
    was = None if isinstance(edit, Rename) else value_at(value, edit.place)
    if not isinstance(was, dict | list):  # what is taken out whole takes the comments within along
        assert comments(made) == comments(text)
    first = text.find("\n")
    if first > 0 and text[first - 1] == "\r":
        assert made.count("\n") == made.count("\r\n")
