"""The screen of a diff, in plain text: read in half a minute."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Sequence

from rebaseline.domain.comparison import Comparison, Diff, Example, Manner, Preview
from rebaseline.domain.levels import ALARM_ALPHA
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import (
    Change,
    Failing,
    Holds,
    Inconclusive,
    Invalid,
    Transition,
    Unmeasured,
    Verdict,
    VerdictName,
)
from rebaseline.gate import ExitCode, Outcome
from rebaseline.report.view import DiffView
from rebaseline.report.words import (
    WIDTH,
    count_of,
    figure,
    form_words,
    invalid_words,
    one_line,
    percent,
    reply_words,
    rule_words,
    seen_words,
    standing_words,
    unsettled_words,
    wrapped,
)
from rebaseline.stats.multiplicity import false_alarm_bound

__all__ = ["render_screen"]

_DETAILED = 5
_LISTED = 20
_WIDTH = 80
_MARKS = {
    VerdictName.FAILING: "x",
    VerdictName.INVALID: "!",
    VerdictName.INCONCLUSIVE: "~",
    VerdictName.UNMEASURED: "?",
    VerdictName.HOLDS: "+",
}


def render_screen(view: DiffView, outcome: Outcome, *, everything: bool = False) -> str:
    """Return the screen.

    Args:
        view: What to show.
        outcome: What it means for the caller.
        everything: List every assertion in full; else the first few of each section.
    """
    lines = [
        *_head(view),
        *_table(view),
        *_section("FAILING", "below the bar", view.failing, _failing_lines, everything=everything),
        *_section(
            "INVALID", "the check no longer measures the claim", view.invalid, _invalid_lines, everything=everything
        ),
        *_section("UNSETTLED", "more replies would tell", view.unsettled, _unsettled_lines, everything=everything),
        *_section("UNMEASURED", "nothing to judge by", view.unmeasured, _unmeasured_lines, everything=everything),
        *_section("RECOVERED", "hold now, and did not", view.recovered, _recovered_lines, everything=everything),
        *_section("NO BASELINE", "new, or asked otherwise before", view.unbaselined, _new_lines, everything=everything),
        *_section(
            "RULES CHANGED", "since the baseline was accepted", view.rule_changes, _rule_lines, everything=everything
        ),
        *_foot(view, outcome),
    ]
    return "\n".join(lines) + "\n"


def _head(view: DiffView) -> Iterator[str]:
    diff = view.diff
    replies = diff.new_provider.answered
    sides = f"{one_line(diff.system.name)}   {one_line(diff.old.name)} -> {one_line(diff.new.name)}"
    counts = f"{view.assertions} assertions, {replies:,} replies"
    yield from [f"{sides}   {counts}"] if len(sides) + len(counts) + 3 <= WIDTH else [sides, counts]
    yield from wrapped("Changed: ", _changed(diff))
    for note in (*diff.accepted, *diff.notes):
        yield from wrapped("", one_line(note, 3 * WIDTH))


def _changed(diff: Diff) -> str:
    what = [difference.what for difference in diff.attribution.differences] or ["nothing that is known"]
    only = " only" if what == ["model"] else ""
    equal = f" ({', '.join(diff.attribution.equal)} equal)" if diff.attribution.equal else ""
    unknown = f"   not known: {', '.join(diff.attribution.unknown)}" if diff.attribution.unknown else ""
    return f"{', '.join(what)}{only}{equal}   {_served(diff)}{unknown}"


def _served(diff: Diff) -> str:
    """Imported replies often do not name who answered: that is no doubt about who did."""
    confirmed, answered = diff.new_provider.confirmed, diff.new_provider.answered
    return f"served id confirmed {count_of(confirmed, answered)}" if confirmed else "no reply names a served id"


def _table(view: DiffView) -> Iterator[str]:
    survival = view.survival
    yield ""
    span = "" if survival.most == survival.survived else f" ({survival.survived} to {survival.most})"
    headline = f"  {survival.survived} of {survival.held} survived{span}"
    yield f"{headline:<36}{view.need_someone} {'needs' if view.need_someone == 1 else 'need'} someone"
    yield f"  {'':<24}now: holds  failing  invalid  unsettled  unmeasured"
    for row in view.rows:
        now = row.now
        yield (
            f"  {row.kind:<11}held {row.held:<7} {now[VerdictName.HOLDS]:>9}  {now[VerdictName.FAILING]:>7}  "
            f"{now[VerdictName.INVALID]:>7}  {now[VerdictName.INCONCLUSIVE]:>9}  {now[VerdictName.UNMEASURED]:>10}"
        )
    others = view.assertions - survival.held
    if others:
        yield f"  {others} more did not hold on the old version, or are new."
    yield (
        f"  Sensitivity: {count_of(view.able_to_fail, view.assertions)} shown able to fail.   "
        f"Unmeasured: {len(view.unmeasured)}."
    )


def _section(
    title: str,
    meaning: str,
    comparisons: Sequence[Comparison],
    describe: Callable[[Comparison], Iterator[str]],
    *,
    everything: bool,
) -> Iterator[str]:
    if not comparisons:
        return
    yield ""
    yield f"{title + '  ' + meaning:<{_WIDTH - 4}}{len(comparisons):>4}"
    detailed = len(comparisons) if everything else _DETAILED
    for comparison in comparisons[:detailed]:
        yield from describe(comparison)
    rest = comparisons[detailed : len(comparisons) if everything else _LISTED]
    yield from (next(describe(comparison)) for comparison in rest)
    hidden = len(comparisons) - detailed - len(rest)
    if hidden > 0:
        yield f"     ... {hidden} more (--all)"


def _title(comparison: Comparison, words: str) -> str:
    mark = _MARKS[VerdictName.of(comparison.new.verdict)]
    line = f" {mark} {comparison.name:<30}  {words}"
    return line if len(line) <= WIDTH else "\n".join([f" {mark} {comparison.name}", *wrapped("     ", words)])


def _beside(words: str, aside: str) -> Iterator[str]:
    """Put two things on one line where they fit on it."""
    line = f"     {words}   {aside}" if aside else f"     {words}"
    if len(line) <= _WIDTH or not aside:
        yield line
    else:
        yield from (f"     {words}", f"     {aside}")


def _failing_lines(comparison: Comparison) -> Iterator[str]:
    old = None if comparison.old is None else comparison.old.evidence
    words = standing_words(comparison.new.evidence, comparison.assertion.bar, old=old)
    claimed = "   you claimed this form" if _fails_on_claimed_form(comparison) else ""
    yield _title(comparison, words + claimed)
    yield from _beside(f"{_standing(comparison)}{_change(comparison)}", _where(comparison.example))
    yield from _replies(comparison.example)


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
    return f"{words} ({' to '.join(ends)} in {change.pairs} pairs)"


def _where(example: Example | None) -> str:
    return "" if example is None else f"{one_line(example.probe, 60)} #{example.sample + 1}"


def _replies(example: Example | None) -> Iterator[str]:
    if example is None:
        return
    for side, text in (("old", example.old_text), ("new", example.new_text)):
        if text is not None:
            yield f"     {side}  {reply_words(text, _WIDTH - 10)}"


def _new_lines(comparison: Comparison) -> Iterator[str]:
    yield _title(comparison, f"{_short(comparison.new.verdict)} on the new version")


def _rule_lines(comparison: Comparison) -> Iterator[str]:
    """Name what changed: a bar that was lowered must not pass for a claim that held."""
    yield _title(comparison, "; ".join(rule_words(change) for change in comparison.rule_changes))


def _invalid_lines(comparison: Comparison) -> Iterator[str]:
    verdict = comparison.new.verdict
    if not isinstance(verdict, Invalid):
        return
    evidence = comparison.new.evidence
    yield _title(comparison, invalid_words(verdict, evidence))
    if comparison.transition is Transition.NEVER_VALID:
        yield "     never valid: it did not measure the claim on the old version either"
    yield from _beside(_why_invalid(comparison, verdict), _where(comparison.example))
    yield from _replies(comparison.example)
    if comparison.preview is not None:
        yield from _question(comparison.preview)


def _why_invalid(comparison: Comparison, verdict: Invalid) -> str:
    if not verdict.straddles:
        return "the instrument is out: what it reads tells nothing of the claim"
    evidence = comparison.new.evidence
    low, high = evidence.low.mean, evidence.high.mean
    if isinstance(comparison.assertion.bar, NoWorse) and low is not None and high is not None:
        span = f"a change of {2 * low - 1:+.2f} to {2 * high - 1:+.2f}".replace("0.", ".")
        return f"{span} straddles the margin: more samples will not settle it"
    return f"{figure(low)} to {figure(high)} straddles the bar: more samples will not settle it"


def _question(preview: Preview) -> Iterator[str]:
    if preview.forms:
        yield f"     ? Does what reads this reply undo {form_words(preview.forms[:3])}?"
    else:
        yield "     ? Is the second reading right?"
    old = ""
    if preview.old_undone is not None:
        old = f" (old {count_of(preview.old_undone_passes, preview.old_replies)})"
    yield (
        f"       yes -> {_short(preview.undone)} {count_of(preview.undone_passes, preview.replies)}{old}     "
        f"no -> {_short(preview.breaks)} {count_of(preview.breaks_passes, preview.replies)}"
    )


def _short(verdict: Verdict) -> str:
    return VerdictName.of(verdict) if not isinstance(verdict, Inconclusive) else "unsettled"


def _unsettled_lines(comparison: Comparison) -> Iterator[str]:
    verdict = comparison.new.verdict
    if isinstance(verdict, Inconclusive):
        yield _title(comparison, unsettled_words(verdict, comparison.new.evidence))
        old = None if comparison.old is None else comparison.old.evidence
        seen = seen_words(verdict)
        standing = standing_words(comparison.new.evidence, comparison.assertion.bar, old=old)
        yield f"     {standing}{'; ' if seen else ''}{seen}"


def _unmeasured_lines(comparison: Comparison) -> Iterator[str]:
    verdict = comparison.new.verdict
    if isinstance(verdict, Unmeasured):
        yield _title(comparison, one_line(verdict.fault))


def _recovered_lines(comparison: Comparison) -> Iterator[str]:
    if not isinstance(comparison.new.verdict, Holds):
        return
    was = "failing" if comparison.old is not None and isinstance(comparison.old.verdict, Failing) else "invalid"
    yield _title(comparison, f"was {was}")


def _foot(view: DiffView, outcome: Outcome) -> Iterator[str]:
    diff = view.diff
    yield ""
    manner = _manner(diff.old_manner, diff.new_manner)
    if manner:
        yield f"Manner: {manner}"
    alarms = false_alarm_bound(view.assertions, ALARM_ALPHA)
    yield (
        f"About these {diff.probes:,} probes, not all prompts.   "
        f"A false alarm somewhere in this diff: at most {percent(alarms)}."
    )
    steps = list(_next_steps(view))
    yield from (f"{'Next:' if index == 0 else '':<6} {step}" for index, step in enumerate(steps))
    yield _exit_line(outcome)


def _manner(old: Manner | None, new: Manner) -> str:
    if old is None or not old.replies or not new.replies:
        return ""
    parts = [
        f"{name} {percent(old.shares.get(name, 0.0))} -> {percent(share)}"
        for name, share in new.shares.items()
        if abs(share - old.shares.get(name, 0.0)) >= 0.05  # noqa: PLR2004 - a twentieth of the replies is worth a word
    ]
    if old.mean_output_tokens and new.mean_output_tokens:
        parts.append(f"tokens x{new.mean_output_tokens / old.mean_output_tokens:.1f}")
    elif old.mean_characters and new.mean_characters:
        parts.append(f"characters x{new.mean_characters / old.mean_characters:.1f}")
    return "   ".join(parts)


def _next_steps(view: DiffView) -> Iterator[str]:
    first = next(iter((*view.failing, *view.invalid, *view.unsettled)), None)
    if first is not None:
        yield f"rebaseline diff{_sides(view.diff)} --why {shlex.quote(first.name)}"
    if any(_is_unfinished(comparison) for comparison in (*view.unsettled, *view.unmeasured)):
        yield "rebaseline run   asks what is still missing"
    if view.survival.held and not view.need_someone:
        model = shlex.quote(one_line(view.diff.new.name))
        yield f"rebaseline accept --model {model} --as YOU --reason WHY   makes it the baseline"


def _sides(diff: Diff) -> str:
    """Name both sides, so that the command shows this diff; an accepted baseline is found without."""
    old = f" --from {shlex.quote(one_line(diff.old.name))}" if diff.old_source == "store" else ""
    return f"{old} --to {shlex.quote(one_line(diff.new.name))}"


def _is_unfinished(comparison: Comparison) -> bool:
    """Whether a run would ask for more: it asks what is planned and no more, and it asks for no baseline."""
    evidence = comparison.new.evidence
    lacks_baseline = comparison.old is None and isinstance(comparison.assertion.bar, NoWorse)
    return evidence.rounds < evidence.planned_rounds and not lacks_baseline


def _exit_line(outcome: Outcome) -> str:
    if outcome.code is ExitCode.OK:
        warned = f"; not blocking: {', '.join(outcome.warnings)}" if outcome.warnings else ""
        return f"exit 0 (nothing blocks{warned})"
    first, *others = outcome.reasons
    also = "; ".join(f"also {int(code)}: {words}" for code, words in others)
    warned = f"; not blocking: {', '.join(outcome.warnings)}" if outcome.warnings else ""
    return f"exit {int(first[0])} ({first[1]}{'; ' + also if also else ''}{warned})"
