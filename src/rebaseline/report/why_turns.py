"""What would change a verdict, computed by deciding it again."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.domain.account import Account, ReadAs, TurningPoint, VoidSplit
from rebaseline.domain.comparison import Comparison, Preview
from rebaseline.domain.suite import Never
from rebaseline.domain.verdict import Failing, Inconclusive, Invalid, Unmeasured, Verdict, VerdictName
from rebaseline.report.words import answer_words, count_of, more_words, number_of, unsettled_words, wrapped

__all__ = ["turning_lines"]


def turning_lines(comparison: Comparison) -> Iterator[str]:
    """Yield what would change the verdict on the new version; nothing where nothing is known to."""
    lines = list(_lines(comparison))
    if lines:
        yield from ("", "What would change the verdict")
        yield from lines


def _lines(comparison: Comparison) -> Iterator[str]:
    verdict, account = comparison.new.verdict, comparison.account or Account()
    if isinstance(verdict, Unmeasured):
        yield from wrapped("  ", "replies to what was asked: with none, every other verdict is open")
    if account.in_order is not None:
        how = f"mend it in {comparison.assertion.where}" if isinstance(verdict, Invalid) else "they are not settled yet"
        mended = f"a check whose own tests come out right ({how}): {account.in_order}, by the same replies"
        yield from wrapped("  ", mended)
    for point in account.turning:
        yield from wrapped("  ", _point(point, never=isinstance(comparison.assertion.bar, Never), verdict=verdict))
    if isinstance(verdict, Inconclusive) and verdict.needed:
        yield from wrapped("  ", f"{more_words(verdict.needed)}, at the rate seen so far: settled")
    if account.void_split is not None:
        yield from wrapped("  ", _split(account.void_split))
    if comparison.preview is not None:
        yield from _preview(comparison, comparison.preview)


def _point(point: TurningPoint, *, never: bool, verdict: Verdict) -> str:
    what = "probes" if point.whole_probes else "replies"
    least = "" if point.exact else " at most"
    if never and point.read_as is ReadAs.FAIL:
        return f"one confirmed violation among the {point.of:,} {what} that do not fail: {point.verdict}"
    if never and isinstance(verdict, Failing):
        them = "the violation" if point.number == 1 else f"each of the {point.number:,} violations"
        return f"if {them} were shown to be none, since one is enough: {point.verdict}"
    if point.read_as is ReadAs.PASS:
        return f"if{least} {point.number:,} of the {point.of:,} {what} that do not pass were passes: {point.verdict}"
    return f"if{least} {point.number:,} of the {point.of:,} {what} that do not fail were fails: {point.verdict}"


def _split(split: VoidSplit) -> str:
    if split.all_pass is split.all_fail:
        return f"reading the voids changes nothing: all passes or all fails, {split.all_pass}"
    parts = []
    if split.holds_from is not None:
        parts.append(f"with {_at_least(split.holds_from, split.voids)} of them passes it holds")
    else:
        parts.append(f"with all of them passes it is {split.all_pass}")
    if split.fails_to is not None:
        parts.append(f"with {_at_most(split.fails_to)} passes it fails")
    else:
        parts.append(f"with none of them passes it is {split.all_fail}")
    whichever = "" if split.exact else " (of those that count least for it)"
    return f"a check that reads all {number_of(split.voids, 'void reply')}: {', '.join(parts)}{whichever}"


def _at_least(number: int, most: int) -> str:
    return f"all {most:,}" if number == most else f"{number:,} or more"


def _at_most(number: int) -> str:
    return "no" if number == 0 else f"{number:,} or fewer"


def _preview(comparison: Comparison, preview: Preview) -> Iterator[str]:
    what = " and ".join(form.replace("_", " ") for form in preview.forms)
    if_undone, if_broken = f"consumer undoes {what}", f"consumer breaks on {what}"
    if not preview.forms:
        if_undone, if_broken = "the second reading is right", "the check is right"
    yield f"  {if_undone}: {_name(preview.undone)}, {count_of(preview.undone_passes, preview.replies)} pass"
    yield f"  {if_broken}: {_name(preview.breaks)}, {count_of(preview.breaks_passes, preview.replies)} pass"
    if preview.forms:
        yield from wrapped("  say so in ", f"{comparison.assertion.where}: {' or '.join(answer_words(preview.forms))}")


def _name(verdict: Verdict) -> str:
    name = VerdictName.of(verdict)
    if isinstance(verdict, Inconclusive):
        return f"{name} ({unsettled_words(verdict)})"
    return str(name)
