"""The rows of the screen: one assertion each, its title first, then what shows it."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.domain.comparison import Comparison, Example, Preview
from rebaseline.domain.suite import Kind, NoWorse
from rebaseline.domain.verdict import (
    Change,
    Failing,
    Inconclusive,
    Invalid,
    Transition,
    Unmeasured,
    Verdict,
    VerdictName,
)
from rebaseline.report.behaviour import flicker_words
from rebaseline.report.judge_words import shift_words
from rebaseline.report.repairs import repair_lines
from rebaseline.report.words import (
    WIDTH,
    answer_words,
    count_of,
    figure,
    form_words,
    invalid_words,
    number_of,
    one_line,
    reply_words,
    rule_words,
    seen_words,
    standing_words,
    unsettled_words,
    wrapped,
)

__all__ = [
    "failing_lines",
    "holding_lines",
    "invalid_lines",
    "new_lines",
    "recovered_lines",
    "rule_lines",
    "unmeasured_lines",
    "unsettled_lines",
    "waiver_lines",
]

_WIDTH = 80
_MARKS = {
    VerdictName.FAILING: "x",
    VerdictName.INVALID: "!",
    VerdictName.INCONCLUSIVE: "~",
    VerdictName.UNMEASURED: "?",
    VerdictName.HOLDS: "+",
}


def failing_lines(comparison: Comparison) -> Iterator[str]:
    """Show behaviour below its bar."""
    old = None if comparison.old is None else comparison.old.evidence
    words = standing_words(comparison.new.evidence, comparison.assertion.bar, old=old)
    claimed = "   you claimed this form" if _fails_on_claimed_form(comparison) else ""
    yield _title(comparison, words + claimed)
    yield _claim(comparison)
    if comparison.assertion.retired is not None:
        yield "     retired, and it fails: what fails is not taken out of use. Take `retired` out again"
    yield from waiver_lines(comparison)
    yield from _beside(f"{_standing(comparison)}{_change(comparison)}", _where(comparison))
    yield from _flicker(comparison)
    yield from _shifts(comparison)
    yield from _replies(comparison.example)


def invalid_lines(comparison: Comparison) -> Iterator[str]:
    """Show why a check no longer measures its claim, and the question that would settle it."""
    verdict = comparison.new.verdict
    if not isinstance(verdict, Invalid):
        return
    yield _title(comparison, invalid_words(verdict, comparison.new.evidence))
    yield _claim(comparison)
    yield from waiver_lines(comparison)
    if comparison.transition is Transition.NEVER_VALID:
        yield "     never valid: it did not measure the claim on the old version either"
    yield from _beside(_why_invalid(comparison, verdict), _where(comparison))
    yield from _flicker(comparison)
    yield from _shifts(comparison)
    yield from _replies(comparison.example)
    if comparison.preview is not None:
        yield from _question(comparison, comparison.preview)
    yield from repair_lines(comparison)


def waiver_lines(comparison: Comparison) -> Iterator[str]:
    """Say until when a finding is waived, or that its waiver is over."""
    waiver = comparison.waiver
    if waiver is not None:
        owner, reason = one_line(waiver.owner, 60), one_line(waiver.reason, 200)
        state = "waived until" if comparison.is_waived else "its waiver is over since"
        yield from wrapped("     ", f"{state} {waiver.expires_on:%d %b %Y}, owner {owner}: {reason}")


def unsettled_lines(comparison: Comparison) -> Iterator[str]:
    """Show what is open, and where the replies stand so far."""
    verdict = comparison.new.verdict
    if not isinstance(verdict, Inconclusive):
        return
    yield _title(comparison, unsettled_words(verdict, comparison.new.evidence))
    yield _claim(comparison)
    old = None if comparison.old is None else comparison.old.evidence
    words = [standing_words(comparison.new.evidence, comparison.assertion.bar, old=old)]
    if comparison.change.change in {Change.BETTER, Change.WORSE}:
        words.append(_change(comparison))
    words.append(seen_words(verdict))
    yield from wrapped("     ", "; ".join(filter(None, words)))
    yield from _shifts(comparison)
    yield from _flicker(comparison)
    if comparison.preview is not None:
        yield from _question(comparison, comparison.preview)


def unmeasured_lines(comparison: Comparison) -> Iterator[str]:
    """Show why there is nothing to judge by."""
    verdict = comparison.new.verdict
    if isinstance(verdict, Unmeasured):
        yield _title(comparison, one_line(verdict.fault))
        yield _claim(comparison)


def recovered_lines(comparison: Comparison) -> Iterator[str]:
    """Show what an assertion was that holds now."""
    yield _title(comparison, _was(comparison))
    yield from repair_lines(comparison)


def holding_lines(comparison: Comparison) -> Iterator[str]:
    """Show an assertion that holds, and how it came to."""
    if comparison.transition is Transition.SURVIVED:
        how = "survived"
    elif comparison.transition is Transition.RECOVERED:
        how = f"recovered, {_was(comparison)}"
    elif comparison.old is not None and isinstance(comparison.old.verdict, Inconclusive):
        how = "not settled before"
    else:
        how = "new"
    old = None if comparison.old is None else comparison.old.evidence
    yield _title(comparison, f"{how}; {standing_words(comparison.new.evidence, comparison.assertion.bar, old=old)}")


def new_lines(comparison: Comparison) -> Iterator[str]:
    """Show what an assertion without a baseline is now."""
    yield _title(comparison, f"{_short(comparison.new.verdict)} on the new version")


def rule_lines(comparison: Comparison) -> Iterator[str]:
    """Name what changed: a bar that was lowered must not pass for a claim that held."""
    yield _title(comparison, "; ".join(rule_words(change) for change in comparison.rule_changes))


def _title(comparison: Comparison, words: str) -> str:
    mark = _MARKS[VerdictName.of(comparison.new.verdict)]
    governance = " (governance)" if comparison.assertion.kind is Kind.GOVERNANCE else ""
    name = f"{comparison.name}{governance}"
    line = f" {mark} {name:<30}  {words}"
    return line if len(line) <= WIDTH else "\n".join([f" {mark} {name}", *wrapped("     ", words)])


def _claim(comparison: Comparison) -> str:
    return f"     claim: {one_line(comparison.assertion.claim, WIDTH - 12)}"


def _was(comparison: Comparison) -> str:
    return (
        "was failing" if comparison.old is not None and isinstance(comparison.old.verdict, Failing) else "was invalid"
    )


def _beside(words: str, aside: str) -> Iterator[str]:
    """Put two things on one line where they fit on it."""
    line = f"     {words}   {aside}" if aside else f"     {words}"
    if len(line) <= _WIDTH or not aside:
        yield line
    else:
        yield from (f"     {words}", f"     {aside}")


def _fails_on_claimed_form(comparison: Comparison) -> bool:
    example = comparison.example
    forms = () if example is None or example.new_reading is None else example.new_reading.forms
    return any(form in comparison.assertion.form_claimed for form in forms)


def _standing(comparison: Comparison) -> str:
    if comparison.transition is Transition.STILL_FAILING:
        return "failing before too; "
    if comparison.transition is Transition.NEVER_VALID:
        return "not valid on the old version either; "
    if comparison.transition is Transition.NEW:
        return "not established on the old version; "
    return "" if comparison.stands is not False else "does not stand at 5 % false discoveries; "


def _change(comparison: Comparison) -> str:
    change = comparison.change
    words = str(change.change)
    if change.change is Change.UNKNOWN or change.lowest is None or change.highest is None:
        return words
    ends = dict.fromkeys(f"{value:+.2f}".replace("0.", ".") for value in (change.lowest, change.highest))
    return f"{words} ({' to '.join(ends)} in {number_of(change.pairs, 'pair')})"


def _where(comparison: Comparison) -> str:
    """Name the example's probe; of one whose old samples disagree the reader is told, for its change shows little."""
    example, flicker = comparison.example, comparison.old_flicker
    if example is None:
        return ""
    flickers = " (flickered before)" if flicker is not None and example.probe in flicker.names else ""
    return f"{one_line(example.probe, 60)} #{example.sample + 1}{flickers}"


def _flicker(comparison: Comparison) -> Iterator[str]:
    """Say that samples of one probe disagreed on the old version already, where they did: that is no drift."""
    flicker = comparison.old_flicker
    if flicker is not None and flicker.flickering:
        yield f"     flickers on the old version: {flicker_words(flicker)}"


def _shifts(comparison: Comparison) -> Iterator[str]:
    """Say whether the judge moved: what looks like the model's doing may be the judge's."""
    for shift in comparison.judge_shifts:
        yield from wrapped("     ", shift_words(shift))


def _replies(example: Example | None) -> Iterator[str]:
    if example is None:
        return
    for side, text in (("old", example.old_text), ("new", example.new_text)):
        if text is not None:
            yield f"     {side}  {reply_words(text, _WIDTH - 10)}"
        elif side == "old" and example.old_purged:
            yield f"     {side}  (purged)"


def _why_invalid(comparison: Comparison, verdict: Invalid) -> str:
    if not verdict.straddles:
        return "the instrument is out: what it reads tells nothing of the claim"
    evidence = comparison.new.evidence
    low, high = evidence.low.mean, evidence.high.mean
    if isinstance(comparison.assertion.bar, NoWorse) and low is not None and high is not None:
        span = f"a change of {2 * low - 1:+.2f} to {2 * high - 1:+.2f}".replace("0.", ".")
        return f"{span} straddles the margin: more samples will not settle it"
    return f"{figure(low)} to {figure(high)} straddles the bar: more samples will not settle it"


def _question(comparison: Comparison, preview: Preview) -> Iterator[str]:
    """Ask what only a person can know; say what follows from either answer, and where to write it."""
    if preview.forms:
        yield f"     ? Does what reads this reply undo {form_words(preview.forms[:3])}?"
    else:
        yield "     ? Is the second reading right?"
    old = ""
    if preview.old_undone is not None:
        old = f" (old {count_of(preview.old_undone_passes, preview.old_replies)})"
    yield (
        f"       yes -> {_short(preview.undone)}, {count_of(preview.undone_passes, preview.replies)} pass{old}     "
        f"no -> {_short(preview.breaks)}, {count_of(preview.breaks_passes, preview.replies)} pass"
    )
    if preview.forms:
        undone, breaks = answer_words(preview.forms)
        answers = [f"yes: {undone}", f"no: {breaks}", f"in {comparison.assertion.where}"]
        line = f"       {'   '.join(answers)}"
        yield from [line] if len(line) <= WIDTH else (f"       {answer}" for answer in answers)


def _short(verdict: Verdict) -> str:
    return VerdictName.of(verdict) if not isinstance(verdict, Inconclusive) else "unsettled"
