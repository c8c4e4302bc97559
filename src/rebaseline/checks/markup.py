"""Undoing marks: Markdown fences and emphasis, LaTeX. Pure functions on text, linear in its length.

Each returns its argument unchanged where it is in doubt, since a form undone by mistake turns a wrong answer into an
unreadable one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rebaseline.checks.numerals import read_formatted

__all__ = [
    "Block",
    "fenced_block",
    "without_emphasis",
    "without_escapes",
    "without_fence",
    "without_latex",
    "without_list_mark",
    "without_marks",
]

_FENCE_LINE = re.compile(r"^ {0,3}(`{3,}|~{3,})([^\n]*)$", re.MULTILINE)
_ONE_LINE_FENCE = re.compile(
    r"```(?:(?i:json|python|py|yaml|yml|sql|text|txt|plaintext|xml|html|csv|markdown|md)[ \t]+)?([^`\n]+)```"
)
_STAR = re.compile(r"(?<![\w*\\])(\*{1,3})(?=[^\s*])([^*\n]*[^*\s])\1(?![\w*])")
_UNDERSCORE = re.compile(r"(?<![\w\\])(_{1,3})(?=[^\s_])([^_\n]*[^_\s])\1(?!\w)")
_CODE = re.compile(r"(?<!`)(`{1,2})(?!`)([^`\n]+)\1(?!`)")
_STRUCK = re.compile(r"~~([^~\n]+)~~")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+", re.MULTILINE)
_LIST_OF_ONE = re.compile(r"\s*(?P<mark>[-*+\u2022]|\d{1,2}[.)])[ \t]+(?P<item>\S[^\n]*)\s*")
_LATEX_GROUP = re.compile(
    r"\\{1,2}(?:boxed|fbox|text|textbf|textit|mathrm|mathbf|mathit|operatorname)[ \t]?\{([^{}]*)\}"
)
_LATEX_DELIMITER = re.compile(r"\\{1,2}[()\[\]]")
_DOLLARS = re.compile(r"(?<![\\$\w])(\${1,2})(?=[^\s$])([^$\n]*[^$\s\\])\1(?![\d$])")
_LATEX_ESCAPES = (("{,}", ","), ("\\,", ""), ("\\;", ""), ("\\!", ""), ("\\%", "%"), ("\\$", "$"), ("\\_", "_"))
_NESTING = 3


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block.

    Attributes:
        start: Where its opening line starts.
        end: Where its closing line ends.
        content: What stands between the two.
    """

    start: int
    end: int
    content: str


def _blocks(text: str, position: int = 0) -> Iterator[Block]:
    """Yield the fenced blocks of a text from a position on.

    A block that no line closes is closed by marks at the end of one, else it reaches to the end of the text (the stop
    sequence ate the marks).
    """
    opened: re.Match[str] | None = None
    for line in _FENCE_LINE.finditer(text, position):
        marks, rest = line[1], line[2]
        if opened is None:
            if marks[0] == "~" or "`" not in rest:
                opened = line
        elif marks[0] == opened[1][0] and len(marks) >= len(opened[1]) and not rest.strip():
            yield Block(opened.start(), line.end(), text[opened.end() + 1 : line.start()].removesuffix("\n"))
            opened = None
    if opened is None:
        return
    behind = re.compile(rf"(?<!{opened[1][0]}){opened[1]}[ \t]*$", re.MULTILINE).search(text, opened.end() + 1)
    if behind is None:
        yield Block(opened.start(), len(text), text[opened.end() + 1 :])
        return
    yield Block(opened.start(), behind.end(), text[opened.end() + 1 : behind.start()])
    yield from _blocks(text, behind.end())


def fenced_block(text: str) -> Block | None:
    """Return the one fenced block of a text; None where there is none, or more than one."""
    if "```" not in text and "~~~" not in text:
        return None
    found: Block | None = None
    for block in _blocks(text):
        if found is not None:
            return None
        found = block
    return found


def without_fence(text: str) -> str:
    """Return what stands in the fence where the whole text is one fenced block."""
    block = fenced_block(text)
    if block is not None:
        around = text[: block.start].strip() or text[block.end :].strip()
        return text if around else block.content
    whole = text.strip()
    if whole.startswith("```"):
        inline = _ONE_LINE_FENCE.fullmatch(whole)
        if inline:
            return inline[1].strip()
    return text


def without_emphasis(text: str) -> str:
    """Return the text without Markdown emphasis, inline code marks, strike-through and heading marks.

    Only pairs that stand around whole words are taken, so `2*3*4` and `snake_case` stay as they are.
    """
    if "*" in text or "_" in text:
        for _ in range(_NESTING):
            before = text
            text = _UNDERSCORE.sub(r"\2", _STAR.sub(r"\2", text))
            if text == before:
                break
    if "`" in text:
        text = _CODE.sub(r"\2", text)
    if "~~" in text:
        text = _STRUCK.sub(r"\1", text)
    if "#" in text:
        text = _HEADING.sub("", text)
    return text


def without_list_mark(text: str) -> str:
    """Return the only item of a list of one without its mark: `- Paris`, `1. Paris`.

    A number behind a dash or another number stays: `- 42` may be less than nothing, and `1. 42` a decimal.
    """
    one = _LIST_OF_ONE.fullmatch(text)
    if one is None:
        return text
    mark, item = one["mark"], one["item"]
    doubtful = read_formatted(item) is not None if mark == "-" else mark[0].isdigit() and item[0].isdigit()
    return text if doubtful else item


def without_marks(text: str, keep: str) -> str:
    """Return the text without any `*`, `_`, `~` and backtick, wherever they stand, but for those in `keep`.

    For absence checks: a leak that a mark splits in the middle of a word is a leak.
    """
    for mark in "*_`~":
        if mark in text and mark not in keep:
            text = text.replace(mark, "")
    return text


def without_escapes(text: str) -> str:
    r"""Return the text without the backslashes that Markdown takes before punctuation: `ZX\-44` shows as `ZX-44`."""
    return _ESCAPED.sub(r"\1", text) if "\\" in text else text


def without_latex(text: str) -> str:
    r"""Return the text without `$…$`, `\(…\)`, `\boxed{…}`, `\text{…}` and their like; what they hold stays."""
    if "\\" in text:
        for mark, plain in _LATEX_ESCAPES[:-2]:
            text = text.replace(mark, plain)
        for _ in range(_NESTING):
            before = text
            text = _LATEX_GROUP.sub(r"\1", text)
            if text == before:
                break
        text = _LATEX_DELIMITER.sub("", text)
    if "$" in text:
        text = _DOLLARS.sub(r"\2", text)
    for mark, plain in _LATEX_ESCAPES[-2:]:
        text = text.replace(mark, plain)
    return text
