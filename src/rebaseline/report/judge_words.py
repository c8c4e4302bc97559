"""Judges in words: how they read their anchors, and which of judge and model moved."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.evidence import AnchorEvidence
from rebaseline.domain.judge_shift import JudgeShift
from rebaseline.report.words import count_of, number_of, one_line, wrapped

__all__ = ["anchor_lines", "change_words", "shift_lines", "shift_words"]


def anchor_lines(anchors: AnchorEvidence) -> Iterator[str]:
    """Yield how a judge reads the transcripts that people labelled."""
    name = f"{one_line(anchors.judge)} ({one_line(anchors.version, 60)})"
    if anchors.pending:
        waiting = anchors.anchors - anchors.read - anchors.unread
        yield from wrapped("  judge      ", f"{name}: {count_of(waiting, anchors.anchors)} anchors are not judged yet")
        return
    words = f"{count_of(anchors.agreed, anchors.anchors)} anchors read as people do, {_kappa(anchors)}"
    yield from wrapped("  judge      ", f"{name}: {words}")
    yield from wrapped("             ", f"people say -> the judge says: {_matrix(anchors)}")
    if anchors.unread:
        yield f"             {number_of(anchors.unread, 'anchor')} whose judgement cannot be read"
    if anchors.middle:
        gone = f"; it has gone binary, {_blocks(anchors)}" if anchors.gone_binary else ""
        kept = f"{count_of(anchors.middle_kept, anchors.middle)} anchors from the middle of the scale are read there"
        yield f"             {kept}{gone}"
    if anchors.moved_from:
        moved = f"the old readings are {one_line(anchors.moved_from, 60)}'s: two judges' readings make no pairs"
        yield from wrapped("             ", f"{moved}, {_blocks(anchors)}")


def _blocks(anchors: AnchorEvidence) -> str:
    """Return what a judge stands in the way of: of a failure only where it may be its cause."""
    return "blocks Holds and Failing" if anchors.decides else "blocks Holds"


def _kappa(anchors: AnchorEvidence) -> str:
    """Return the agreement beside its floor, and what follows where it does not reach it."""
    if anchors.kappa is None:
        return f"kappa is not defined (floor {anchors.floor:.2f}), {_blocks(anchors)}"
    if anchors.misreads:
        return f"kappa {anchors.kappa:.2f}, floor {anchors.floor:.2f}: below it, {_blocks(anchors)}"
    return f"kappa {anchors.kappa:.2f} (floor {anchors.floor:.2f})"


def _matrix(anchors: AnchorEvidence) -> str:
    """Return the counts that are not 0: agreement first, then what is taken for what."""
    names = anchors.categories
    cells = [
        (row == column, f"{said} -> {read} {anchors.matrix[row][column]}")
        for row, said in enumerate(names)
        for column, read in enumerate(names)
        if anchors.matrix[row][column]
    ]
    return ", ".join(words for _, words in sorted(cells, key=lambda cell: not cell[0])) or "nothing read"


def shift_words(shift: JudgeShift) -> str:
    """Return in one sentence which of judge and model is shown to have moved."""
    moved = [name for name, found in (("the judge", shift.judge_moved), ("the model", shift.model_moved)) if found]
    who = " and ".join(moved) + " moved" if moved else "neither is shown to have moved"
    return (
        f"judge {one_line(shift.judge)} {one_line(shift.old_version, 60)} -> {one_line(shift.new_version, 60)}: {who}"
    )


def shift_lines(shift: JudgeShift) -> Iterator[str]:
    """Yield what the same replies show under two judges."""
    old, new = one_line(shift.old_version, 60), one_line(shift.new_version, 60)
    yield ""
    yield from wrapped("", f"Who moved: {shift_words(shift)}")
    alike = f"{count_of(shift.agreed, shift.replies)} replies read alike by both"
    yield from wrapped("  judge    ", f"the same replies, {old} -> {new}: {change_words(shift.of_judge)}; {alike}")
    yield from wrapped("  model    ", f"by {new}: {change_words(shift.of_model_by_new)}")
    if shift.of_model_by_old is None:
        yield from wrapped("           ", f"by {old}: not known, since it did not judge both models' replies")
    else:
        yield from wrapped("           ", f"by {old}: {change_words(shift.of_model_by_old)}")


def change_words(change: ChangeEvidence) -> str:
    """Return what pairs show: `worse shown, mean difference -0.60 to -0.55 in 60 pairs`."""
    if change.lowest is None or change.highest is None:
        return str(change.change)
    span = " to ".join(dict.fromkeys(f"{value:+.2f}" for value in (change.lowest, change.highest)))
    return f"{change.change}, mean difference {span} in {number_of(change.pairs, 'pair')}"
