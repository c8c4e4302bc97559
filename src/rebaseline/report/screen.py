"""The screen of a diff, in plain text: read in half a minute."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rebaseline.domain.comparison import Comparison, Diff, Difference, ShownBy
from rebaseline.domain.levels import ALARM_ALPHA
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import Invalid, VerdictName
from rebaseline.gate import ExitCode, Outcome
from rebaseline.report.behaviour import manner_lines, placebo_words
from rebaseline.report.repairs import repairs_words
from rebaseline.report.rows import (
    failing_lines,
    holding_lines,
    invalid_lines,
    new_lines,
    recovered_lines,
    rule_lines,
    unmeasured_lines,
    unsettled_lines,
)
from rebaseline.report.topics import main_topic
from rebaseline.report.view import DiffView, Row, Survival
from rebaseline.report.words import WIDTH, count_of, dollars, number_of, one_line, percent, wrapped
from rebaseline.stats.multiplicity import false_alarm_bound

__all__ = ["HEAD_DIGITS", "Typed", "render_screen"]

HEAD_DIGITS = 12
"""How much of a digest stands for it on a screen."""

_DETAILED = 5
_LISTED = 20
_NAMED = 3
_WIDTH = 80


@dataclass(frozen=True, slots=True)
class Typed:
    """What the caller typed beside `rebaseline diff`: the next steps repeat it, so that they speak of the same diff.

    Attributes:
        scope: Suites and target, which other commands take too.
        sides: `--from` and `--to`.
        first: What must be done before any of the next steps.
    """

    scope: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    first: tuple[str, ...] = ()

    def command(self, name: str, *options: str) -> str:
        """Return a command of ours on the same scope, quoted for a shell."""
        sides = self.sides if name in {"diff", "review"} else ()
        return shlex.join(["rebaseline", name, *self.scope, *sides, *options])


_NOTHING_TYPED = Typed()


def render_screen(
    view: DiffView, outcome: Outcome, *, everything: bool = False, typed: Typed | None = _NOTHING_TYPED
) -> str:
    """Return the screen.

    Args:
        view: What to show.
        outcome: What it means for the caller.
        everything: List every assertion, each in full; else the first few of each section that needs someone.
        typed: What the caller typed; None for a screen without next steps.
    """
    sections: list[tuple[str, str, Sequence[Comparison], Callable[[Comparison], Iterator[str]]]] = [
        ("FAILING", "below the bar", view.failing, failing_lines),
        ("INVALID", "the check no longer measures the claim", view.invalid, invalid_lines),
        ("UNSETTLED", "more replies would tell", view.unsettled, unsettled_lines),
        ("UNMEASURED", "nothing to judge by", view.unmeasured, unmeasured_lines),
        ("HOLDS", "the bar is shown to be met", view.holding, holding_lines)
        if everything
        else ("RECOVERED", "hold now, and did not", view.recovered, recovered_lines),
        ("NO BASELINE", "new, or asked otherwise before", view.unbaselined, new_lines),
        ("RULES CHANGED", "since the baseline was accepted", view.rule_changes, rule_lines),
    ]
    lines = [*_head(view), *_table(view, everything=everything)]
    for title, meaning, comparisons, describe in sections:
        lines += _section(title, meaning, comparisons, describe, everything=everything)
    lines += manner_lines(view.diff, everything=everything)
    lines += _foot(view, outcome, typed)
    return "\n".join(lines) + "\n"


def _head(view: DiffView) -> Iterator[str]:
    diff = view.diff
    replies = diff.new_provider.answered
    system, old, new = one_line(diff.system.name), one_line(diff.old.name), one_line(diff.new.name)
    cost = "" if diff.usd is None else f", {dollars(diff.usd)}"
    counts = f"{number_of(view.assertions, 'assertion')}, {number_of(replies, 'reply')}{cost}"
    line = f"{system}   {old} -> {new}   {counts}"
    yield from [line] if len(line) <= WIDTH else [f"{system}   {counts}", f"  from  {old}", f"  to    {new}"]
    yield from wrapped("Changed: ", _changed(diff))
    if diff.new_provider.rejected:
        yield from wrapped("Rejected: ", _rejected(diff))
    if diff.new_provider.novelty:
        yield from wrapped("Not read: ", f"new kinds of content: {_counted(diff.new_provider.novelty)}")
    for note in (*diff.accepted, *diff.notes):
        yield from wrapped("", one_line(note, 3 * WIDTH))


def _changed(diff: Diff) -> str:
    what = [_difference(difference) for difference in diff.attribution.differences] or ["nothing that is known"]
    only = " only" if what == ["model"] else ""
    equal = f" ({', '.join(diff.attribution.equal)} equal)" if diff.attribution.equal else ""
    unknown = f"   not known: {', '.join(diff.attribution.unknown)}" if diff.attribution.unknown else ""
    return f"{', '.join(what)}{only}{equal}   {_served(diff)}{unknown}"


def _difference(difference: Difference) -> str:
    """Name what differs; of an application and a judge also from what to what, for no other line says it."""
    if not difference.what.startswith(("identity", "judge ")):
        return difference.what
    return f"{difference.what} ({one_line(difference.old, 60)} -> {one_line(difference.new, 60)})"


def _rejected(diff: Diff) -> str:
    """Say which parameters the provider no longer takes; a rejection without a culprit is said to have none."""
    provider = diff.new_provider
    culprits = f": {_counted(provider.culprits)}" if provider.culprits else "; no parameter is known to be the cause"
    return f"{number_of(provider.rejected, 'request')} no longer taken as written{culprits}"


def _counted(names: Mapping[str, int]) -> str:
    return ", ".join(f"{one_line(name)} ({count:,})" for name, count in sorted(names.items()))


def _served(diff: Diff) -> str:
    """Imported replies often do not name who answered: that is no doubt about who did."""
    confirmed, answered = diff.new_provider.confirmed, diff.new_provider.answered
    return f"served id confirmed {count_of(confirmed, answered)}" if confirmed else "no reply names a served id"


def _table(view: DiffView, *, everything: bool) -> Iterator[str]:
    yield ""
    headline = f"  {_survived(view.survival)}"
    yield f"{headline:<42}{view.need_someone} {'needs' if view.need_someone == 1 else 'need'} someone"
    yield f"  {'':<24}now: holds  failing  invalid  unsettled  unmeasured"
    yield from (_row(f"{row.kind} held", row) for row in view.rows)
    if view.others.count:
        yield _row("not held before", view.others)
    yield (
        f"  Sensitivity: {count_of(view.able_to_fail, view.assertions)} shown able to fail.   "
        f"Unmeasured: {len(view.unmeasured)}."
    )
    yield from _sensitivity(view, everything=everything)
    if view.diff.placebo is not None:
        yield from wrapped("  Placebo: ", f"{placebo_words(view.diff.placebo, recorded=view.diff.recorded)}.")


def _sensitivity(view: DiffView, *, everything: bool) -> Iterator[str]:
    """Name what nothing has shown able to fail, in short; with everything also what showed it of the others."""
    names = {by: [one_line(c.name) for c in view.diff.comparisons if c.shown_by is by] for by in (*ShownBy, None)}
    for by, found in names.items():
        if found and (everything or by is None):
            few = found if everything else found[:_NAMED]
            more = f" and {len(found) - len(few)} more (--all)" if len(found) > len(few) else ""
            yield from wrapped(f"    {f'by a {by}' if by else 'not shown'}: ", ", ".join(few) + more)


def _survived(survival: Survival) -> str:
    """Say what is sure, and what is open: a bare bracket would leave the reader to guess."""
    open_ended = survival.most - survival.survived
    more = f", {open_ended} more may" if open_ended else ""
    return f"{survival.survived} of {survival.held} survived{more}"


def _row(label: str, row: Row) -> str:
    now = row.now
    return (
        f"  {label:<16}{row.count:<7} {now[VerdictName.HOLDS]:>9}  {now[VerdictName.FAILING]:>7}  "
        f"{now[VerdictName.INVALID]:>7}  {now[VerdictName.INCONCLUSIVE]:>9}  {now[VerdictName.UNMEASURED]:>10}"
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


def _foot(view: DiffView, outcome: Outcome, typed: Typed | None) -> Iterator[str]:
    diff = view.diff
    yield ""
    alarms = false_alarm_bound(view.assertions, ALARM_ALPHA)
    scope = "About this 1 probe" if diff.probes == 1 else f"About these {diff.probes:,} probes"
    yield f"{scope}, not all prompts.   A false alarm somewhere in this diff: at most {percent(alarms)}."
    made = diff.concessions
    if made.since is not None and (made.loosened or made.waived):
        yield f"Rules loosened since {made.since:%d %b %Y}: {made.loosened}; waivers given: {made.waived}."
    if diff.ledger_head:
        yield f"Ledger head {diff.ledger_head[:HEAD_DIGITS]}."
    steps = [] if typed is None else [*typed.first, *_next_steps(view, typed)]
    yield from (f"{'Next:' if index == 0 else '':<6} {step}" for index, step in enumerate(steps))
    yield _exit_line(outcome)


def _next_steps(view: DiffView, typed: Typed) -> Iterator[str]:
    first = next(iter((*view.failing, *view.invalid, *view.unsettled)), None)
    if first is not None:
        yield typed.command("diff", "--why", first.name)
        says = "broke, and what to do" if isinstance(first.new.verdict, Invalid) else "that means"
        yield f"rebaseline explain {main_topic(first)}   says what {says}"
    items = len(view.failing) + len(view.invalid)
    if items:
        tried = [each.repairs for each in view.invalid if each.repairs is not None]
        words = f", {repairs_words(tried)}" if tried else ""
        rest = view.need_someone - items
        some = f"{items} of the {view.need_someone} that need someone" if rest else number_of(items, "item")
        yield f"{typed.command('review')}   {some}{words}"
    if any(_is_unfinished(comparison) for comparison in (*view.unsettled, *view.unmeasured)):
        if view.diff.recorded:
            yield "rebaseline import   brings in what is still missing"
        else:
            yield f"{typed.command('run')}   asks what is still missing"
    if view.survival.held and not view.need_someone:
        accept = typed.command("accept", "--model", one_line(view.diff.new.name), "--as")
        yield f"{accept} YOU --reason WHY   makes it the baseline"


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
