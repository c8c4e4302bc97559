"""What people's labels say of a check: in words, and in the words of `--json`."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.domain.evidence import LabelEvidence
from rebaseline.report.words import count_of, number_of

__all__ = ["LabelDocument", "label_document", "label_lines"]


class LabelDocument(BaseModel):
    """What people's labels of a random sample say of the check, over all replies of complete rounds."""

    model_config = ConfigDict(extra="forbid")

    replies: int
    drawn: int = Field(description="labelled after a draw at random; the rates rest on these alone")
    chosen: int
    unclear: int
    read: tuple[float, float] = Field(description="mean of the check's readings, every doubt against and for the claim")
    corrected: tuple[float, float] | None = Field(description="prediction-powered estimate of the pass rate")
    bounds: tuple[float, float] = Field(description="shown bounds of the corrected rate, each at 1/20")
    alarm_bounds: tuple[float, float] = Field(description="the same at 1/200: these block verdicts")
    false_passes: int
    passes_checked: int
    false_pass_bound: float = Field(description="Clopper and Pearson's upper bound at 1/20")
    false_fails: int
    fails_checked: int
    false_fail_bound: float
    foreign_draws: int = Field(description="draws from other replies than are read here")


def label_document(evidence: LabelEvidence) -> LabelDocument:
    """Return the evidence as `--json` writes it."""
    return LabelDocument(
        replies=evidence.replies,
        drawn=evidence.drawn,
        chosen=evidence.chosen,
        unclear=evidence.unclear,
        read=evidence.read,
        corrected=evidence.corrected,
        bounds=evidence.bounds,
        alarm_bounds=evidence.alarm_bounds,
        false_passes=evidence.false_passes,
        passes_checked=evidence.passes_checked,
        false_pass_bound=evidence.false_pass_bound,
        false_fails=evidence.false_fails,
        fails_checked=evidence.fails_checked,
        false_fail_bound=evidence.false_fail_bound,
        foreign_draws=evidence.foreign_draws,
    )


def label_lines(evidence: LabelEvidence) -> Iterator[str]:
    """Yield what the labels say, each line in the layout of `--why`."""
    doubt = f", {evidence.unclear} unclear" if evidence.unclear else ""
    chosen = f"; {evidence.chosen} more were chosen" if evidence.chosen else ""
    yield f"  labels     {evidence.drawn} of {number_of(evidence.replies, 'reply')} drawn at random{doubt}{chosen}"
    if evidence.foreign_draws:
        yield f"             {number_of(evidence.foreign_draws, 'draw')} from other replies than these: not counted"
    if evidence.corrected is None:
        return
    if evidence.passes_checked:
        wrong = count_of(evidence.false_passes, evidence.passes_checked)
        yield f"             {wrong} passes are a person's fail: at most {evidence.false_pass_bound:.1%} (exact)"
    if evidence.fails_checked:
        wrong = count_of(evidence.false_fails, evidence.fails_checked)
        yield f"             {wrong} fails are a person's pass: at most {evidence.false_fail_bound:.1%} (exact)"
    rate, read = _range(evidence.corrected), _range(evidence.read)
    low, high = evidence.bounds
    yield f"             rate corrected by them {rate} (the check alone: {read}), shown {low:.3f} to {high:.3f}"
    yield "             mean(check) + mean(label - check) (Angelopoulos et al. 2023), bounds by bets on the draws"


def _range(pair: tuple[float, float]) -> str:
    low, high = pair
    return f"{low:.3f}" if f"{low:.3f}" == f"{high:.3f}" else f"{low:.3f} to {high:.3f}"
