"""Repairs on the screen: what was tried for each invalid assertion, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.repair import Counts, Repairs, Trial
from rebaseline.domain.verdict import Inconclusive, Invalid, Verdict, VerdictName
from rebaseline.repair.grouping import group_repairs
from rebaseline.report.words import WIDTH, count_of, invalid_words, number_of, one_line, printable, wrapped

__all__ = ["items_words", "preview_words", "render_repairs", "repair_lines", "repairs_words", "tried_lines"]

Edits = Mapping[tuple[str, str], str]
"""By `suite/assertion` and number of the trial: the edit as a unified diff."""

_LONGEST = 400


def render_repairs(diff: Diff, edits: Edits, *, next_steps: Sequence[str] = ()) -> str:
    """Return the screen of `rebaseline repair`.

    Args:
        diff: A diff with repairs.
        edits: Edits to show.
        next_steps: Commands to go on with.
    """
    items = [comparison for comparison in diff.comparisons if comparison.repairs is not None]
    tried = [comparison.repairs for comparison in items if comparison.repairs is not None]
    head = f"{one_line(diff.system.name)}   {one_line(diff.old.name)} -> {one_line(diff.new.name)}"
    lines = [f"{head}   {items_words(tried)}, {number_of(sum(each.tried for each in tried), 'proposal')} tried"]
    if not items:
        lines += ["", "Nothing is invalid: there is nothing to repair."]
    for group in group_repairs(tried):
        named = [comparison for comparison in items if comparison.name in group.names]
        lines += ["", *_group_title(group.key, named)]
        for comparison in named:
            lines += _item(comparison, edits)
    lines += ["", "Nothing was asked, and nothing is written.   Who tries many repairs finds one that fits by chance."]
    lines += [f"{'Next:' if index == 0 else '':<6} {step}" for index, step in enumerate(next_steps)]
    return "\n".join(lines) + "\n"


def items_words(tried: Sequence[Repairs]) -> str:
    """Return `10 items, 4 distinct repairs`."""
    return f"{number_of(len(tried), 'item')}, {repairs_words(tried)}"


def repairs_words(tried: Sequence[Repairs]) -> str:
    """Return `4 distinct repairs`: items that share one count it once."""
    distinct = sum(bool(group.key) for group in group_repairs(tried))
    return number_of(distinct, "distinct repair") if distinct else "no repair verified"


def repair_lines(comparison: Comparison) -> Iterator[str]:
    """Show what would mend an assertion: the first verified repair, or what must be answered or asked for first."""
    repairs = comparison.repairs
    if repairs is None:
        return
    verified = [trial for trial in repairs.trials if trial.verified]
    yield from _open(comparison, [trial for trial in verified if trial.proposal.question])
    sure = next((trial for trial in verified if not trial.proposal.question), None)
    if sure is not None:
        half = " of the half it was not learned from" if sure.proposal.learned_from else ""
        preview = f"{_preview(sure.new, sure.new_counts)}{half}"
        yield from wrapped("     verified repair: ", f"{_words(sure)} -> {preview}{_doubt([sure])}")
    elif not verified:
        yield from _unverified(repairs)


def _open(comparison: Comparison, trials: Sequence[Trial]) -> Iterator[str]:
    """Show the question that is open, where the diff does not ask it already, and which answers are verified."""
    if not trials:
        return
    question = trials[0].proposal.question
    answers = [trial for trial in trials if trial.proposal.question == question]
    if comparison.preview is not None:
        verified = ", ".join(dict.fromkeys(trial.proposal.answer for trial in answers))
        yield from wrapped("       verified on stored replies: ", f"{verified}{_doubt(answers)}")
        return
    yield from wrapped("     ? ", one_line(question, _LONGEST))
    for trial in answers:
        yield from wrapped(
            "       ", f"{_words(trial)} -> {_preview(trial.new, trial.new_counts)}, verified{_doubt([trial])}"
        )


def _doubt(trials: Sequence[Trial]) -> str:
    """Return `; ` and why verified trials show less than others do; empty where nothing is to be said of any."""
    return "".join(f"; {doubt}" for doubt in dict.fromkeys(trial.doubt for trial in trials) if doubt)


def _unverified(repairs: Repairs) -> Iterator[str]:
    asking = next((trial for trial in repairs.trials if trial.proposal.asks), None)
    if asking is None:
        yield f"     no verified repair; {number_of(repairs.tried, 'proposal')} tried"
        return
    needs = one_line(asking.proposal.asks, 200)
    yield from wrapped("     repair: ", f"{_words(asking)}; to be tried it needs {needs}")


def tried_lines(comparison: Comparison) -> Iterator[str]:
    """Name every repair that was tried and what came of it, for the chain of a verdict."""
    if comparison.repairs is None:
        return
    yield ""
    yield f"Repairs: {number_of(comparison.repairs.tried, 'proposal')} tried on stored replies"
    for trial in comparison.repairs.trials:
        yield from _trial(trial, comparison, "")


def preview_words(trial: Trial, comparison: Comparison) -> str:
    """Return `holds, 58 of 60 (was 49 of 60 void); old model still holds, 60 of 60`."""
    if trial.new is None:
        return ""
    evidence = comparison.new.evidence
    was = f" (was {count_of(evidence.void_count, evidence.replies)} void)" if evidence.void_count else ""
    half = " on the half it was not learned from" if trial.proposal.learned_from else ""
    words = f"{_preview(trial.new, trial.new_counts)}{half}{was}"
    if trial.old is None:
        return words
    same = comparison.old is not None and VerdictName.of(comparison.old.verdict) is VerdictName.of(trial.old)
    return f"{words}; old model {'still ' if same else ''}{_preview(trial.old, trial.old_counts)}"


def _group_title(key: str, items: Sequence[Comparison]) -> Iterator[str]:
    title = one_line(key, WIDTH - 20) if key else "NO REPAIR OF ITS OWN"
    yield f"{title:<{WIDTH - 30}}{number_of(len(items), 'item'):>10}"


def _item(comparison: Comparison, edits: Edits) -> Iterator[str]:
    repairs = comparison.repairs
    if repairs is None:
        return
    yield f" ! {comparison.name}   {_why(comparison)}   {repairs.tried} tried"
    question = ""
    for trial in repairs.trials:
        if trial.proposal.question and trial.proposal.question != question:
            yield from wrapped("     ? ", one_line(trial.proposal.question, _LONGEST))
        question = trial.proposal.question
        yield from _trial(trial, comparison, edits.get((comparison.name, trial.id), ""))


def _why(comparison: Comparison) -> str:
    for side, where in ((comparison.new, ""), (comparison.old, " on the old version")):
        if side is not None and isinstance(side.verdict, Invalid):
            return one_line(invalid_words(side.verdict, side.evidence), 160) + where
    return ""


def _trial(trial: Trial, comparison: Comparison, edit: str) -> Iterator[str]:
    mark = "verified" if trial.verified else "        "
    label = f"   {trial.id:>2} {mark}  "
    yield from wrapped(label, _words(trial))
    pad = " " * len(label)
    preview = preview_words(trial, comparison)
    if preview:
        yield from wrapped(f"{pad}-> ", preview)
    if trial.doubt:
        yield from wrapped(f"{pad}verified, but ", trial.doubt)
    for objection in trial.objections:
        yield from wrapped(f"{pad}not verified: ", one_line(objection, _LONGEST))
    for line in edit.splitlines():
        yield f"{pad}{printable(line)[: 2 * WIDTH]}"


def _words(trial: Trial) -> str:
    answer = f"{trial.proposal.answer}: " if trial.proposal.answer else ""
    return one_line(f"{answer}{trial.proposal.words}", _LONGEST)


def _preview(verdict: Verdict | None, counts: Counts | None) -> str:
    if verdict is None:
        return "not known"
    name = "unsettled" if isinstance(verdict, Inconclusive) else VerdictName.of(verdict).value
    return name if counts is None else f"{name}, {count_of(counts.passes, counts.replies)} pass"
