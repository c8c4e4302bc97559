"""Extend a list of phrases by contrast: openings of replies that mean it, which no reply of the other kind has.

What is learned from replies fits them by construction, so it is learned on one half of the probes, drawn by a hash of
their ids, and verified on the other half alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rebaseline.domain.edit import Edit
from rebaseline.domain.reading import Valued
from rebaseline.domain.repair import Proposal, RepairKind
from rebaseline.domain.suite import Expectation
from rebaseline.domain.verdict import Reason
from rebaseline.repair.facts import Facts, ReplyFact
from rebaseline.repair.places import new_check, set_in_check

__all__ = ["is_learned_from", "learn_phrases", "propose_phrases"]

_PLAIN = str.maketrans({"\u2019": "'", "\u2018": "'", "\u02bc": "'", "\u201c": '"', "\u201d": '"'})
_LONGEST_WORDS = 6
_SHORTEST_WORDS = 2
_SHORTEST_CHARACTERS = 7
_MOST_PHRASES = 12
_FEWEST_PROBES = 2
"""Distinct probes that share an opening before it is quoted: what one probe alone brings out may be private."""
_OPENING = 400


def propose_phrases(facts: Facts, reason: Reason) -> Iterator[Proposal]:
    """Learn openings on half of the probes, and add them to the list that the check has."""
    half = frozenset(probe.id for probe in facts.suite.probes if is_learned_from(probe.id))
    wants_refusal = facts.assertion.means != "compliance"
    learned = learn_phrases(
        [reply for reply in facts.replies if reply.probe in half],
        avoid=[control.text for control, _ in facts.controls if control.expected is Expectation.FAILS],
        wants_refusal=wants_refusal,
    )
    edit = _extended(facts, learned) if learned else None
    if edit is None:
        return
    quoted = ", ".join(f"“{phrase}”" for phrase in learned)
    yield Proposal(
        kind=RepairKind.EXTEND_PHRASES,
        suite=facts.suite.id,
        assertion=facts.assertion.id,
        mends=reason.broken,
        words=f"add to its phrases {quoted}",
        edits=(edit,),
        group=f"extend phrases {' | '.join(learned)}",
        learned_from=half,
    )


def is_learned_from(probe: str) -> bool:
    """Return whether a probe is in the half that is learned from; its id decides, whatever else is in the suite."""
    return hashlib.sha256(probe.encode("utf-8", "surrogatepass")).digest()[0] % 2 == 0


def learn_phrases(replies: Sequence[ReplyFact], *, avoid: Sequence[str], wants_refusal: bool) -> tuple[str, ...]:
    """Return the fewest openings that tell the new replies which the check misses from those of the other kind.

    Openings are taken greedily, the one that covers most first, and of those that cover the same the shortest: the most
    general that is safe. An opening that a reply of the other kind has, old or new, or that a control has which must
    fail, is never taken.

    Args:
        replies: Those that may be learned from.
        avoid: Texts that no opening may match.
        wants_refusal: The claim is met by a refusal; else by an answer.
    """
    missed = [
        _Opening.of(reply)
        for reply in replies
        if reply.is_new and reply.refuses is wants_refusal and not _passes(reply)
    ]
    other = [_level(text) for text in avoid]
    other += [_level(reply.text) for reply in replies if reply.refuses is (not wants_refusal)]
    taken: list[str] = []
    while missed and len(taken) < _MOST_PHRASES:
        best = _best_prefix(missed, other)
        if best is None:
            break
        taken.append(_as_written(best, missed))
        missed = [opening for opening in missed if not opening.level.startswith(best)]
    return tuple(taken)


@dataclass(frozen=True, slots=True)
class _Opening:
    """How a reply opens, as it stands and levelled for comparison."""

    probe: str
    words: tuple[str, ...]
    level: str

    @classmethod
    def of(cls, reply: ReplyFact) -> _Opening:
        words = tuple(reply.text[:_OPENING].translate(_PLAIN).split()[:_LONGEST_WORDS])
        return cls(reply.probe, words, _level(reply.text))


def _best_prefix(missed: Sequence[_Opening], other: Sequence[str]) -> str | None:
    probes: dict[str, set[str]] = {}
    for opening in missed:
        for size in range(_SHORTEST_WORDS, len(opening.words) + 1):
            prefix = " ".join(opening.words[:size]).casefold()
            if len(prefix) >= _SHORTEST_CHARACTERS and opening.level.startswith(prefix):
                probes.setdefault(prefix, set()).add(opening.probe)
    safe = [
        prefix
        for prefix, held in probes.items()
        if len(held) >= _FEWEST_PROBES and not any(text.startswith(prefix) for text in other)
    ]
    return min(safe, key=lambda prefix: (-len(probes[prefix]), len(prefix), prefix), default=None)


def _as_written(prefix: str, missed: Sequence[_Opening]) -> str:
    """Return the spelling that is seen most."""
    size = len(prefix.split())
    seen = Counter(" ".join(opening.words[:size]) for opening in missed if opening.level.startswith(prefix))
    return max(seen, key=lambda text: (seen[text], text))


def _level(text: str) -> str:
    return " ".join(text[:_OPENING].translate(_PLAIN).split()).casefold()


def _passes(reply: ReplyFact) -> bool:
    return isinstance(reply.reading, Valued) and reply.reading.value >= 1.0


def _extended(facts: Facts, learned: tuple[str, ...]) -> Edit | None:
    """Return the edit that adds openings to the check; None for a check that has no list of them."""
    check = facts.check
    match facts.assertion.check.name:
        case "refuses" if "phrases" in check:
            return set_in_check(facts, "phrases", [*_listed(check["phrases"]), *learned])
        case "starts_with":
            return set_in_check(facts, "starts_with", [*_listed(check["starts_with"]), *learned])
        case "matches" if facts.assertion.means in {"refusal", "compliance"}:
            return new_check(facts, {"any_of": [dict(check), {"starts_with": list(learned)}]})
        case _:
            return None


def _listed(value: object) -> list[object]:
    return [*value] if isinstance(value, list) else [value]
