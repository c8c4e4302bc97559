"""How a judge reads the transcripts that people labelled."""

from __future__ import annotations

from collections.abc import Sequence

from rebaseline.domain.evidence import AnchorEvidence
from rebaseline.domain.instrument import Look
from rebaseline.domain.judge import Anchor, Judge, JudgeKind
from rebaseline.domain.reading import Assumption
from rebaseline.stats.agreement import Weights, agreement_of

__all__ = ["weigh_anchors"]

_UNREAD = "unread"


def weigh_anchors(judge: Judge, looks: Sequence[tuple[Anchor, Look]]) -> AnchorEvidence:
    """Return how the judge reads its anchors.

    A judgement that could not be read counts as one that differs from people's: as a category of its own where all
    disagreements weigh alike, and as the far end of the scale where they weigh by their distance.

    Args:
        judge: The judge.
        looks: Every anchor with what the judge says of it; a look that waits for an answer breaks `judged`.
    """
    told = [(anchor, look) for anchor, look in looks if look.value is not None or look.broken is not Assumption.JUDGED]
    names = _categories(judge)
    pairs = [(_name(judge, anchor.label), _said(judge, anchor, look)) for anchor, look in told]
    graded = judge.scale is not None and judge.passes_from is None
    categories = names if graded or all(said in names for _, said in pairs) else (*names, _UNREAD)
    agreement = agreement_of(pairs, categories, Weights.LINEAR if graded else Weights.NOMINAL)
    middle = [look.value for anchor, look in told if look.value is not None and 0.0 < anchor.label < 1.0]
    unread = sum(look.value is None for _, look in told)
    return AnchorEvidence(
        judge=judge.id,
        version=judge.version.served,
        anchors=len(looks),
        read=len(told) - unread,
        unread=unread,
        matrix=agreement.matrix,
        categories=agreement.categories,
        agreed=sum(
            label == said for (_, look), (label, said) in zip(told, pairs, strict=True) if look.value is not None
        ),
        kappa=agreement.kappa,
        floor=judge.floor,
        middle=len(middle) if graded else 0,
        middle_kept=sum(0.0 < value < 1.0 for value in middle),
    )


def _categories(judge: Judge) -> tuple[str, ...]:
    if judge.kind is JudgeKind.PAIRWISE:
        return ("worse", "equal", "better")
    if judge.scale is None or judge.passes_from is not None:
        return ("fail", "pass")
    return tuple(str(points) for points in range(1, judge.scale + 1))


def _name(judge: Judge, value: float) -> str:
    """Return the category of a value; a mean between two goes to the nearer."""
    names = _categories(judge)
    if judge.scale is not None and judge.passes_from is not None:
        return names[1.0 + value * (judge.scale - 1) >= judge.passes_from]
    return names[round(value * (len(names) - 1))]


def _said(judge: Judge, anchor: Anchor, look: Look) -> str:
    if look.value is not None:
        return _name(judge, look.value) if judge.passes_from is None else _categories(judge)[look.value >= 1.0]
    if judge.scale is None or judge.passes_from is not None:
        return _UNREAD
    names = _categories(judge)
    return names[0] if anchor.label > 0.5 else names[-1]  # noqa: PLR2004 - the end that is further away
