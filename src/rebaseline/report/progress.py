"""A run in words: where it stands, and what it did."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rebaseline.report.words import dollars, number_of, one_line
from rebaseline.run.batch_parts import Standing
from rebaseline.run.batches import BatchRun
from rebaseline.run.counts import Bound, Progress, RunCounts, Spending

__all__ = ["Settled", "batch_lines", "judge_lines", "outcome_lines", "progress_line", "span_words"]

_MINUTE_SECONDS = 60
_HOUR_SECONDS = 3600
_BOUNDS = {Bound.CALLS: "the bound on calls was reached", Bound.USD: "the bound on cost was reached"}


@dataclass(frozen=True, slots=True)
class Settled:
    """How far the verdicts of a suite are, where a run stops at them.

    Attributes:
        settled: Assertions that more replies would not change.
        assertions: All of them.
    """

    settled: int
    assertions: int


def progress_line(
    suite: str, progress: Progress, settled: Settled | None = None, standing: Standing | None = None
) -> str:
    """Return where a run stands, in one line: what is done first, then what it waits for, then what it costs."""
    parts = [f"{progress.done:,} of {progress.total:,} done"]
    if settled is not None:
        parts.append(f"{settled.settled} of {number_of(settled.assertions, 'assertion')} settled")
    for count, words in (
        (progress.waiting, "waiting"),
        (progress.held, "held by the provider's limits"),
        (progress.retrying, "retrying after a fault"),
        (progress.rejected, "rejected"),
    ):
        if count:
            parts.append(f"{count:,} {words}")
    if progress.faulted:
        parts.append(number_of(progress.faulted, "fault"))
    if standing is not None:
        parts.append(_standing_words(standing))
    cost = _cost_so_far(progress)
    if cost:
        parts.append(cost)
    if progress.left_seconds is not None and progress.done < progress.total:
        parts.append(f"about {span_words(progress.left_seconds)} left")
    return f"{one_line(suite)}  {', '.join(parts)}"


def _standing_words(standing: Standing) -> str:
    """Return how a batch stands, with the provider's own word."""
    state = standing.state
    through = "" if state.done is None else f", {state.done:,} of {len(standing.batch.items):,} through"
    until = "" if state.expires_at is None else f", until {state.expires_at:%Y-%m-%d %H:%M %Z}"
    return f"batch {one_line(standing.batch.provider_id or standing.batch.key)} {one_line(state.word)}{through}{until}"


def batch_lines(run: BatchRun | None, awaited: int) -> Iterator[str]:
    """Yield what was done through batches.

    Args:
        run: What was done; None where nothing was.
        awaited: Askings that were left out of a run without batches, since an open one has them.
    """
    if run is None:
        if awaited:
            yield f"  {number_of(awaited, 'reply')} awaited from an open batch: `rebaseline run --batch` collects"
        return
    if run.submitted:
        yield f"  {number_of(run.submitted, 'request')} submitted in batches, at the price of batches"
    for batch in run.open:
        yield (
            f"  open: batch {one_line(batch.provider_id or batch.key)} of {number_of(len(batch.items), 'request')}, "
            f"submitted {batch.submitted_at:%Y-%m-%d %H:%M %Z}; the same command collects it"
        )
    if run.several_calls:
        yield f"  {number_of(run.several_calls, 'asking')} take several calls and were asked one by one"
    if run.undone:
        yield f"  came back undone: {_counted(run.undone)}"
    if run.lost:
        yield f"  given up: batches whose results the provider keeps no longer ({run.lost:,})"


def _cost_so_far(progress: Progress) -> str:
    usd = progress.spending.usd
    if usd is None:
        return ""
    whole = progress.total_usd
    of = f" of about {dollars(whole)}" if whole is not None and progress.done < progress.total else ""
    return f"{dollars(usd)}{of}"


def span_words(seconds: float) -> str:
    """Return a span of time, no finer than it is known.

    >>> span_words(42.4), span_words(95.0), span_words(7300.0)
    ('42 s', '1 min 35 s', '2 h 2 min')
    """
    whole = round(seconds)
    if whole < _MINUTE_SECONDS:
        return f"{whole} s"
    if whole < _HOUR_SECONDS:
        return f"{whole // _MINUTE_SECONDS} min {whole % _MINUTE_SECONDS} s"
    return f"{whole // _HOUR_SECONDS} h {whole % _HOUR_SECONDS // _MINUTE_SECONDS} min"


def outcome_lines(
    suite: str,
    counts: RunCounts,
    settled: Settled | None = None,
    identities: Sequence[Mapping[str, str]] = (),
) -> Iterator[str]:
    """Yield what a run did with one suite.

    Args:
        suite: Suite id.
        counts: What came of it.
        settled: How far its verdicts are; None where the run does not stop at them.
        identities: What the application said of itself, in the order heard.
    """
    yield f"{one_line(suite)}   {_account(counts)}; {number_of(counts.calls, 'call')}{_spent(counts.spending)}"
    yield from _who_answered(counts, identities)
    yield from _details(counts)
    if settled is not None:
        yield f"  {settled.settled} of {number_of(settled.assertions, 'assertion')} settled"


def judge_lines(judge: str, version: str, anchors: int, replies: int, counts: RunCounts) -> Iterator[str]:
    """Yield what was done with one judge.

    Args:
        judge: Judge id.
        version: The version that was asked.
        anchors: Requests about labelled transcripts and controls.
        replies: Requests about replies.
        counts: What came of those that were not stored.
    """
    wanted = f"{number_of(replies, 'request')} about replies, {anchors:,} about anchors"
    yield f"  judge {one_line(judge)} ({one_line(version)}): {wanted}"
    yield f"    {_account(counts)}; {number_of(counts.calls, 'call')}{_spent(counts.spending)}"
    yield from (f"  {line}" for line in _details(counts))


def _account(counts: RunCounts) -> str:
    """Return what became of what was planned."""
    parts = [f"{counts.answered:,} answered"]
    for count, words in (
        (counts.known, "stored before"),
        (counts.rejected - counts.unknown_model, "rejected"),
        (counts.unknown_model, "answered with: no such model"),
    ):
        if count:
            parts.append(f"{count:,} {words}")
    if counts.faulted:
        parts.append(number_of(counts.faulted, "fault"))
    if counts.unsent:
        why = "" if counts.stopped_by is None else f": {_BOUNDS[counts.stopped_by]}"
        parts.append(f"{counts.unsent:,} not asked{why}")
    return ", ".join(parts)


def _who_answered(counts: RunCounts, identities: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for served, count in counts.served.items():
        yield f"  {count:,} by {one_line(served)}"
    if len(counts.served) > 1:
        yield "  several model versions answered: the alias moved in mid-run; run again to complete the new one"
    for identity in identities:
        yield f"  application: {', '.join(f'{one_line(name)} {one_line(value)}' for name, value in identity.items())}"
    if len(identities) > 1:
        yield "  the application changed in mid-run; run again to complete its new state"


def _details(counts: RunCounts) -> Iterator[str]:
    named = {name: count for name, count in counts.culprits.items() if name}
    if named:
        yield f"  rejected because of {_counted(named)}, as asking with and without it showed"
    for kind, count in sorted(counts.faults.items()):
        words = one_line(counts.fault_words.get(kind, ""), 160)
        yield f"  fault: {one_line(kind)} ({count:,}){f': {words}' if words else ''}"
    if counts.faults:
        yield "  the same command asks these again"
    if counts.novelty:
        yield f"  not read, since it is new to us: {_counted(counts.novelty)}"


def _counted(names: Mapping[str, int]) -> str:
    return ", ".join(f"{one_line(name)} ({count:,})" for name, count in sorted(names.items()))


def _spent(spending: Spending) -> str:
    if spending.usd is None:
        return ""
    more = (
        f", at most {dollars(spending.unstated_usd)} more for calls that stated no tokens"
        if spending.unstated_usd
        else ""
    )
    return f", {dollars(spending.usd)}{more}"
