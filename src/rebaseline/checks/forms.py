"""Undoing named forms, one fixed order for all checks.

The order, whichever forms are asked for:

1. `preamble`: the one fenced block between lines of prose;
2. `fence`: what stands in it;
3. `emphasis`; 4. `latex`; 5. `spacing`;
6. `preamble`: a label or an announcement before the answer;
7. `sentence`: the bare answer in one short sentence, as a further candidate;
8. `punctuation` and `quotes` around a candidate, until nothing changes;
9. `number_format`, `spacing`, typographic `quotes` (dashes and full-width characters with them) and `case`, on both
   sides of a comparison.

White space at either end of a reply is never meaningful, not even in a strict reading, unless a check says so. Every
function is linear in its text.
"""

from __future__ import annotations

import re
import unicodedata

from rebaseline.checks.markup import (
    fenced_block,
    without_emphasis,
    without_escapes,
    without_fence,
    without_latex,
    without_list_mark,
    without_marks,
)
from rebaseline.checks.numerals import read_formatted
from rebaseline.checks.surround import inside_sentence, without_preamble
from rebaseline.domain.form import Form

__all__ = ["block", "candidates", "folded", "is_worded", "same", "searchable"]

_PLAIN_QUOTES = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201a\u201b\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
)
_DASHES = "\u058a\u05be\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\u2e3a\u2e3b\ufe58\ufe63"
_PLAIN_TYPE = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | str.maketrans(dict.fromkeys(_DASHES, "-"))
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_PAIRS = dict(zip("\"'([<{`\u201c\u2018\u00ab\u201e", "\"')]>}`\u201d\u2019\u00bb\u201c", strict=True))
_LAST_MARKS = ".!,;:…。"
_SPACED_OUT = re.compile(r"(?<!\w)\S(?: \S){3,}(?!\w)")
_SET_APART = re.compile(r" \S \S ")
_GROUPED = re.compile(
    r"(?<![\d.,])[1-9]\d{0,2}(?:(?:,\d{3})+|(?:[ \u00a0\u2009\u202f]\d{3})+|(?:['\u2019]\d{3})+)(?!,?\d)"
)
_NO_DIGIT = re.compile(r"\D")
_LONGEST_ANSWER = 20_000


def block(text: str, undo: frozenset[Form]) -> str:
    """Return the code or data of a reply with `preamble` and `fence` undone as far as `undo` allows."""
    if Form.PREAMBLE in undo:
        fenced = fenced_block(text)
        if fenced is not None:
            text = text[fenced.start : fenced.end]
    return without_fence(text) if Form.FENCE in undo else text


def candidates(text: str, undo: frozenset[Form]) -> tuple[str, ...]:
    """Return what may be the answer with the forms in `undo` undone; the strict reading is `(text.strip(),)`.

    The text itself is not among them unless nothing was undone: a caller that must not lose a strict pass asks strictly
    first.
    """
    if not undo:
        return (text.strip(),)
    body = block(text, undo)
    if Form.EMPHASIS in undo:
        body = without_emphasis(without_list_mark(body))
    if Form.LATEX in undo:
        body = without_latex(body)
    if Form.PREAMBLE in undo:
        body = without_preamble(body)
    found = [body.strip()]
    if Form.SENTENCE in undo:
        found += inside_sentence(" ".join(body.split()) if Form.SPACING in undo else body)
    return tuple(dict.fromkeys(_unwrapped(each, undo) for each in found))


def _unwrapped(answer: str, undo: frozenset[Form]) -> str:
    """Return an answer without the marks that end it and the quotation marks or brackets around it."""
    answer = answer.strip()
    if len(answer) > _LONGEST_ANSWER:
        return answer
    for _ in range(4):
        before = answer
        if Form.PUNCTUATION in undo:
            answer = answer.rstrip(_LAST_MARKS).rstrip() or answer
        if Form.QUOTES in undo:
            answer = _unquoted(answer)
        if answer == before:
            break
    return answer


def _unquoted(answer: str) -> str:
    close = _PAIRS.get(answer[:1])
    inner = answer[1:-1]
    if close is None or len(answer) <= 2 or answer[-1] != close or close in inner or answer[0] in inner:  # noqa: PLR2004
        return answer
    return inner.strip() or answer


def is_worded(phrase: str) -> bool:
    """Say whether a phrase holds a letter or a digit; in one that is all marks the very marks are what is meant."""
    return any(map(str.isalnum, phrase))


def folded(text: str, undo: frozenset[Form], *, typed: bool = True) -> str:
    """Return a text as it is compared: spaces, typographic characters and case levelled where `undo` says so.

    Args:
        text: A reply, or what it is compared with.
        undo: The forms to undo.
        typed: Level dashes and full-width characters as well as quotation marks; not where a dash is what is meant.
    """
    ascii_only = text.isascii()  # plain text, the usual case, holds nothing invisible and no typographic quote
    if Form.SPACING in undo:
        text = " ".join((text if ascii_only else _INVISIBLE.sub("", text)).split())
    if Form.QUOTES in undo and not ascii_only:
        text = text.translate(_PLAIN_QUOTES)
        text = text.translate(_PLAIN_TYPE) if typed else text
    if Form.CASE in undo:
        text = text.casefold()
    return text


def same(text: str, expected: str, undo: frozenset[Form]) -> bool:
    """Say whether a reply is `expected`, as written or with the forms in `undo` undone."""
    if text.strip() == expected:
        return True
    if not undo:
        return False
    wanted = {folded(expected, undo), folded(_unwrapped(expected, undo), undo)} - {""}
    number = read_formatted(expected) if Form.NUMBER_FORMAT in undo else None
    for answer in candidates(text, undo):
        if folded(answer, undo) in wanted:
            return True
        if number is not None and read_formatted(answer) == number:
            return True
    return False


def searchable(text: str, undo: frozenset[Form], *, typed: bool = True, aggressive_for: str | None = None) -> str:
    """Return a text as phrases are looked for in it.

    Args:
        text: A reply, or a phrase.
        undo: The forms to undo.
        typed: As for `folded`.
        aggressive_for: The phrase looked for where a miss is the danger (absence checks): marks are taken out of the
            middle of words, escapes are undone, compatibility characters are levelled (NFKC), and letters set apart by
            single spaces are joined.
    """
    if not undo:
        return text
    if aggressive_for is not None:
        text = _bared(text, undo, aggressive_for, typed=typed)
    else:
        text = without_emphasis(text) if Form.EMPHASIS in undo else text
        text = without_latex(text) if Form.LATEX in undo else text
    text = folded(text, undo, typed=typed)
    if Form.NUMBER_FORMAT in undo:
        text = _GROUPED.sub(lambda match: _NO_DIGIT.sub("", match[0]), text)
    if aggressive_for is not None and Form.SPACING in undo and _SET_APART.search(text):
        text = _SPACED_OUT.sub(lambda match: match[0].replace(" ", ""), text)
    return text


def _bared(text: str, undo: frozenset[Form], phrase: str, *, typed: bool) -> str:
    """Return a text without whatever may stand in the middle of a leak, but for what the phrase itself holds."""
    if not text.isascii():
        if typed and Form.QUOTES in undo:
            text = unicodedata.normalize("NFKC", text)
        if Form.SPACING in undo:
            text = _INVISIBLE.sub("", text)
    if Form.LATEX in undo:
        text = without_latex(text)
    if Form.EMPHASIS in undo:
        if "\\" not in phrase:
            text = without_escapes(text)
        text = without_marks(text, phrase)
    return text
