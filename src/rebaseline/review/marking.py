"""Which words of two replies differ. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Piece", "differing"]

_WORDS = re.compile(r"\w+|\s+|[^\w\s]+", re.UNICODE)
_MOST_WORDS = 500
_SHORTEST_EQUAL = 4
"""Characters. A blank, a comma or a single "is" between two stretches that differ is equal by chance."""


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

    What is equal and very short between two stretches that differ counts as differing, since it only splits the mark.
    Words are compared, the first 500 of each: behind them all counts as one piece that differs.
    """
    ours, theirs = _WORDS.findall(old), _WORDS.findall(new)
    rests = "".join(ours[_MOST_WORDS:]), "".join(theirs[_MOST_WORDS:])
    ours, theirs = ours[:_MOST_WORDS], theirs[:_MOST_WORDS]
    left: list[Piece] = []
    right: list[Piece] = []
    stretches = SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    for at, (kind, a, b, c, d) in enumerate(stretches):
        differs = kind != "equal" or (0 < at < len(stretches) - 1 and len("".join(ours[a:b]).strip()) < _SHORTEST_EQUAL)
        left += _piece(ours[a:b], differs=differs)
        right += _piece(theirs[c:d], differs=differs)
    left += _piece([rests[0]], differs=rests[0] != rests[1])
    right += _piece([rests[1]], differs=rests[0] != rests[1])
    return tuple(left), tuple(right)


def _piece(words: Sequence[str], *, differs: bool) -> list[Piece]:
    text = "".join(words)
    return [Piece(text, differs)] if text else []
