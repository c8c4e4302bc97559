"""`complete`: raise the output limit from the lengths of the replies. It must be asked anew to be tried."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rebaseline.domain.edit import Edit, Put
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts
from rebaseline.repair.requests import asks_words, parameter_places
from rebaseline.stats.exact import binomial_tail_at_least

__all__ = ["enough_tokens", "propose_limit"]

_NAMES = ("max_completion_tokens", "max_output_tokens", "max_tokens")
_QUANTILE = 0.95
_CONFIDENCE = 0.95
_MARGIN = 1.25
_ROUND_TO = 50


def propose_limit(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Raise the limit wherever it stands, to what the lengths of the replies ask for."""
    new = [reply for reply in facts.replies if reply.is_new]
    complete = [reply.output_tokens for reply in new if not reply.is_cut and reply.output_tokens is not None]
    cut = [reply for reply in new if reply.is_cut]
    old = [reply.output_tokens for reply in facts.replies if not reply.is_new and reply.output_tokens is not None]
    for name in _NAMES:
        places = parameter_places(facts, name)
        limits = [limit for limit in (_value_at(facts, place) for place in places) if limit is not None]
        if not limits or not cut:
            continue
        seen = max([*limits, *(reply.output_tokens or 0 for reply in cut)])
        wanted, how = enough_tokens(complete, len(cut), seen, old)
        edits: tuple[Edit, ...] = tuple(
            Put(place, wanted) for place in places if (_value_at(facts, place) or 0) < wanted
        )
        yield Proposal(
            kind=RepairKind.RAISE_LIMIT,
            suite=facts.suite.id,
            assertion=facts.assertion.id,
            mends=reason.broken,
            words=f"raise {name} from {min(limits):,} to {wanted:,} ({how})",
            edits=tuple(edit for edit in edits if edit.place[0] != "targets"),
            project_edits=tuple(edit for edit in edits if edit.place[0] == "targets"),
            group=f"{facts.suite.id}: raise {name} to {wanted:,}",
            asks=asks_words(facts),
        )


def enough_tokens(complete: Sequence[int], cut: int, seen: int, old: Sequence[int]) -> tuple[int, str]:
    """Return a limit that few replies will reach, and how it was found.

    A cut reply is longer than anything that was seen of it. So the order statistic that bounds the .95 quantile from
    above at 95 % is looked up with every cut reply taken as infinitely long; where it is one of those, nothing bounds
    the lengths, and the longest seen is doubled.

    Args:
        complete: Tokens of the replies that are complete.
        cut: How many were cut.
        seen: Tokens of the longest reply seen, or the limit that cut it.
        old: Tokens of the old version's replies.

    References:
        David, H. A. and Nagaraja, H. N. (2003). Order Statistics, 3rd ed. Wiley. Section 7.1.

    >>> enough_tokens(range(1, 201), 2, 200, [])
    (250, '1.25 times 198 tokens, which 95 % of replies are shown not to exceed')
    >>> enough_tokens([100, 110], 8, 120, [])
    (250, 'twice 120 tokens, the longest seen: 8 of 10 replies were cut, so nothing bounds their lengths')
    """
    ordered, count = sorted(complete), len(complete) + cut
    rank = _upper_rank(count)
    if rank is not None and rank <= len(ordered):
        length = ordered[rank - 1]
        if length * _MARGIN > seen:
            return _rounded(length * _MARGIN), (
                f"{_MARGIN:g} times {length:,} tokens, which 95 % of replies are shown not to exceed"
            )
    longest = max([seen, *old])
    return _rounded(2.0 * longest), (
        f"twice {longest:,} tokens, the longest seen: {cut:,} of {count:,} replies were cut, so nothing bounds their "
        "lengths"
    )


def _upper_rank(count: int) -> int | None:
    """Return the least rank whose order statistic is shown not to lie under the quantile; None with too few replies."""
    for rank in range(1, count + 1):
        # P(X_(rank) < quantile) = P(at least `rank` of `count` lie under it).
        if binomial_tail_at_least(rank, count, _QUANTILE) <= 1.0 - _CONFIDENCE:
            return rank
    return None


def _rounded(tokens: float) -> int:
    return math.ceil(tokens / _ROUND_TO) * _ROUND_TO


def _value_at(facts: Facts, place: tuple[str | int, ...]) -> int | None:
    node: object = {"targets": {facts.target: {"parameters": facts.target_parameters}}, **facts.written}
    for step in place:
        if isinstance(node, list) and isinstance(step, int):
            node = node[step]
        elif hasattr(node, "get"):
            node = node.get(step)
    return node if isinstance(node, int) and not isinstance(node, bool) else None
