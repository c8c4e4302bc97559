"""Which words of two replies differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Piece", "differing"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]+", re.UNICODE)
_MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text.

    Attributes:
        text: The stretch.
        differs: The other text has none like it there.
    """

    text: str
    differs: bool


def differing(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Return two texts in pieces, those that differ told apart; joined, the pieces are the texts.

    Words are compared, the first 500 of each: behind them all counts as one piece that differs.
    """
    ours, theirs = _WORDS.findall(old), _WORDS.findall(new)
    rests = "".join(ours[_MOST_WORDS:]), "".join(theirs[_MOST_WORDS:])
    ours, theirs = ours[:_MOST_WORDS], theirs[:_MOST_WORDS]
    left: list[Piece] = []
    right: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        left += _piece(ours[a:b], differs=kind != "equal")
        right += _piece(theirs[c:d], differs=kind != "equal")
    left += _piece([rests[0]], differs=rests[0] != rests[1])
    right += _piece([rests[1]], differs=rests[0] != rests[1])
    return tuple(left), tuple(right)


def _piece(words: Sequence[str], *, differs: bool) -> list[Piece]:
    text = "".join(words)
    return [Piece(text, differs)] if text else []
