"""What stands between the values of a YAML text: blanks, signs and comments."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.tokens import ScalarToken

__all__ = ["Comment", "comments_of", "sign_in"]

_COMMENT = re.compile("#[^\\n\\r\x85\u2028\u2029]*")
_HEADER = re.compile(r"[|>][0-9+-]*[ \t]+(#[^\n\r]*)")


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment.

    Attributes:
        start: Where its `#` stands.
        text: From there to the end of the line.
    """

    start: int
    text: str


def sign_in(text: str, start: int, end: int, sign: str) -> int:
    """Return where a sign stands in what is between two values; -1 where it is not, apart from comments."""
    at = start
    while at < end:
        comment = _COMMENT.match(text, at)
        if comment is None and text[at] == sign:
            return at
        at = comment.end() if comment else at + 1
    return -1


def comments_of(text: str) -> list[Comment]:
    """Return the comments of a text that `parse_yaml` takes, in order. A `#` in a value is none."""
    if "#" not in text:
        return []
    found: list[Comment] = []
    at = 0
    for token in YAML(typ="safe", pure=True).scan(text):
        start, end = token.start_mark.index, token.end_mark.index
        found += [Comment(each.start(), each.group()) for each in _COMMENT.finditer(text, at, max(at, start))]
        if isinstance(token, ScalarToken) and token.style in {"|", ">"}:
            header = _HEADER.match(text, start)
            found += [Comment(header.start(1), header[1])] if header else []
        at = max(at, end)
    return [*found, *(Comment(each.start(), each.group()) for each in _COMMENT.finditer(text, at))]
