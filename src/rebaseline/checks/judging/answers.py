"""What a judge's answers say: the vote of one answer, and what several votes come to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rebaseline.checks.kind import shown
from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Stop
from rebaseline.domain.instrument import Look
from rebaseline.domain.judge import Judge, JudgeKind

__all__ = ["read_vote", "sum_up"]

_LINE = re.compile(
    r"[\W_]*(verdict|points|better)[*_`\s]*[:=][*_`\s]*([a-z0-9]+(?: tell)?)(?:\s*(?:/|of)\s*([0-9]+))?[\W_]*"
)
_LONGEST_LINE = 200
_WHOLE = frozenset({Stop.COMPLETE, Stop.UNSTATED})
_VERDICTS = {"pass": 1.0, "fail": 0.0}
_BETTER = {"first": 1.0, "equal": 0.5, "second": 0.0}
_UNTOLD = "cannot tell"
_HALF = 0.5


def read_vote(judge: Judge, attempt: Attempt) -> Look | None:
    """Return what an answer of the judge says; None where it is to be asked again.

    A vote without a value is a void of the judge, never a fail of the reply. Of pairs the value is that of the reply
    that stands first.
    """
    match attempt:
        case Faulted():
            return None
        case Rejected():
            return Look(None, "the judge's provider did not take the request")
        case Answered(reply=reply) if reply.stop not in _WHOLE:
            return Look(None, f"the judge's answer is not whole ({reply.stop})")
        case Answered(reply=reply):
            return _read(judge, reply.text)


def _read(judge: Judge, text: str) -> Look:
    """Read the line that names the outcome. Two lines that differ, or none, are no answer."""
    wanted = _name_of(judge)
    lines = (line.strip().lower() for line in text.splitlines() if len(line) <= _LONGEST_LINE)
    found = {
        (match[2], match[3]) for line in lines if (match := _LINE.fullmatch(line)) is not None and match[1] == wanted
    }
    if len(found) != 1:
        return Look(None, "the judge's answer cannot be read" if not found else "the judge contradicts itself")
    word, of = found.pop()
    if word == _UNTOLD:
        return Look(None, "the judge cannot tell")
    value = _points(word, of, judge.scale) if wanted == "points" else (_VERDICTS | _BETTER).get(word)
    if value is None or not _fits(wanted, word):
        return Look(None, f"the judge's answer cannot be read: {shown(word, 40)}")
    return Look(value, shown(text, 120))


def _name_of(judge: Judge) -> str:
    if judge.kind is JudgeKind.PAIRWISE:
        return "better"
    return "verdict" if judge.scale is None else "points"


def _fits(wanted: str, word: str) -> bool:
    return word in {"verdict": _VERDICTS, "better": _BETTER}.get(wanted, {word})


def _points(word: str, of: str | None, scale: int | None) -> float | None:
    """Return points as a share of the way from 1 to the highest; "4/5" and "4 of 5" are taken on a scale of five."""
    if scale is None or not word.isascii() or not word.isdigit() or len(word) > len(str(scale)):
        return None
    points = int(word)
    if not 1 <= points <= scale or (of is not None and of != str(scale)):
        return None
    return (points - 1) / (scale - 1)


def sum_up(judge: Judge, votes: Sequence[Sequence[Look]]) -> Look:
    """Return what the votes come to.

    Args:
        judge: The judge.
        votes: By request, one vote a sample, all of them there. Of pairs the first request shows the reply first and
            the second shows it second.
    """
    first = next((vote for one in votes for vote in one), Look(None, "no vote"))
    unread = next((vote for one in votes for vote in one if vote.value is None), None)
    if judge.kind is JudgeKind.PAIRWISE:
        return unread or _of_pairs([_values(one, 0.0) for one in votes], first.note)
    # What cannot be read is read both ways, as voids are everywhere: where that decides, the votes do not.
    low, high = (_outcome(judge, _mean(_values(votes[0], as_if))) for as_if in (0.0, 1.0))
    if low is None or low != high:
        return unread or Look(None, "its votes are even")
    return Look(low, first.note)


def _outcome(judge: Judge, mean: float) -> float | None:
    """Return what the mean of all votes comes to; None where they are even."""
    if judge.scale is None:
        return None if mean == _HALF else float(mean > _HALF)
    if judge.passes_from is not None:
        return float(1.0 + mean * (judge.scale - 1) >= judge.passes_from)
    return mean


def _values(votes: Sequence[Look], unread: float) -> list[float]:
    return [unread if vote.value is None else vote.value for vote in votes]


def _of_pairs(read: Sequence[Sequence[float]], note: str) -> Look:
    """Average both orders; a judge that prefers a place, whichever reply stands there, has not compared them."""
    shown_first, shown_second = _mean(read[0]), 1.0 - _mean(read[1])
    if abs(shown_first - shown_second) > _HALF:
        return Look(None, "the judge prefers a place, whichever reply stands there")
    return Look((shown_first + shown_second) / 2.0, note)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
