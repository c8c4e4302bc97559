"""What a review shows: one item, its keys with their consequences, the summary before anything is written. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.repair import Counts, Trial
from rebaseline.domain.verdict import Inconclusive, Verdict, VerdictName
from rebaseline.review.marking import differing
from rebaseline.review.queue import Item, ReplyPair, sharing
from rebaseline.review.session import Session
from rebaseline.review.style import Style, clean, side_by_side, wrap_pieces, wrap_words

__all__ = ["decision_words", "item_lines", "key_lines", "preview_words", "summary_lines", "trial_words"]

_TWO_COLUMNS = 110
_REPLY_LINES = 8
_LISTED = 9
_SHARED = 2
_NO_BREAK = "\u00a0"
_OTHER_KEYS = (
    "m more replies",
    "y why, the whole chain",
    "? this again",
    "s p next, back",
    "u undo",
    "f filter",
    "w write, asks first",
    "q quit, decisions are kept",
)


def item_lines(item: Item, place: tuple[int, int], session: Session, style: Style, *, pair: int = 0) -> Iterator[str]:
    """Show one item: claim, reason, replies, question, what was tried.

    Args:
        item: The item.
        place: Its number from 1, and how many there are.
        session: What was decided so far.
        style: What the terminal can do.
        pair: Which of its pairs of replies.
    """
    verdict = str(item.verdict).upper()
    head = f"{place[0]} of {place[1]}   {item.name}"
    aside = f"{item.kind}, {item.owner or 'no owner'}"
    yield style.strong(f"{head}   {verdict}") + f"   {style.faint(clean(aside))}"
    yield from wrap_words(f"claim: {item.claim}", style.width, "  ", "       ")
    for line in item.why:
        yield from wrap_words(line, style.width, "  ")
    if item.pairs:
        yield from _reply_lines(item.pairs[pair % len(item.pairs)], style, (pair % len(item.pairs), len(item.pairs)))
    yield from _trial_lines(item, style)
    decided = session.decision_of(item.name)
    if decided is not None:
        yield from wrap_words(f"decided, not written: {decision_words(decided)}", style.width, "  ")


def _reply_lines(pair: ReplyPair, style: Style, place: tuple[int, int]) -> Iterator[str]:
    more = f", {place[0] + 1} of {place[1]}" if place[1] > 1 else ""
    yield f"  {clean(pair.probe)} #{pair.sample + 1}{more}"
    old, new = differing(pair.old or "", pair.new or "")
    wide = style.width >= _TWO_COLUMNS
    width = (style.width - 6) // 2 if wide else style.width - 7
    left = wrap_pieces(old, style, width, _REPLY_LINES) if pair.old is not None else [("(not at hand)", 13)]
    right = wrap_pieces(new, style, width, _REPLY_LINES) if pair.new is not None else [("(none)", 6)]
    if wide:
        heads = (f"old: {clean(pair.old_read)}"[:width], f"new: {clean(pair.new_read)}"[:width])
        yield f"  {style.faint(heads[0])}{' ' * (width - len(heads[0]))}  {style.faint(heads[1])}"
        yield from (f"  {row}" for row in side_by_side(left, right, width))
        return
    for name, lines, read in (("old", left, pair.old_read), ("new", right, pair.new_read)):
        yield from (f"  {name if not at else '   '}  {line}".rstrip() for at, (line, _) in enumerate(lines))
        yield f"       {style.faint('read as ' + clean(read)[: style.width - 16])}"


def _trial_lines(item: Item, style: Style) -> Iterator[str]:
    trials = item.trials
    question = ""
    for number, trial in enumerate(trials[:_LISTED], 1):
        if trial.proposal.question != question:
            question = trial.proposal.question
            yield from wrap_words(f"? {question}" if question else "or", style.width, "  ")
        yield from wrap_words(trial_words(trial), style.width, f"    {number}  ")
    if trials:
        hidden = f", {len(trials) - _LISTED} of them not shown" if len(trials) > _LISTED else ""
        yield f"    {len(trials)} tried on stored replies{hidden}"


def trial_words(trial: Trial) -> str:
    """Return one repair with what came of it: `yes: consumer: {fence: undone} -> holds, 58 of 60; … verified`."""
    answer = f"{trial.proposal.answer}: " if trial.proposal.answer else ""
    preview = preview_words(trial)
    state = "; ".join(filter(None, ["verified" if trial.verified else "not verified", trial.doubt, *trial.objections]))
    return f"{answer}{trial.proposal.words}{' -> ' + preview if preview else ''}   {state}"


def preview_words(trial: Trial) -> str:
    """Return what the verdicts are with a repair: `holds, 58 of 60; old model holds, 60 of 60`; empty if not tried."""
    if trial.new is None:
        return ""
    words = f"{_verdict(trial.new)}{_counts(trial.new_counts)}"
    return words if trial.old is None else f"{words}; old model {_verdict(trial.old)}{_counts(trial.old_counts)}"


def _verdict(verdict: Verdict) -> str:
    return "unsettled" if isinstance(verdict, Inconclusive) else str(VerdictName.of(verdict))


def _counts(counts: Counts | None) -> str:
    if counts is None:
        return ""
    voids = f", {counts.voids:,} void" if counts.voids else ""
    return f", {counts.passes:,} of {counts.replies:,}{voids}"


def key_lines(item: Item, items: Sequence[Item], style: Style) -> Iterator[str]:
    """Show every key with its consequence. Enter has none."""
    trials = item.trials[:_LISTED]
    keys: list[tuple[str, str]] = []
    if trials:
        digits = "1" if len(trials) == 1 else f"1-{len(trials)}"
        keys.append((digits, "take that repair: the suite's file is edited when you write"))
        shared = sharing(items, trials[0])
        if len(shared) >= _SHARED:
            keys.append(("a", f"take repair 1 for all {len(shared)} items that share it"))
        keys.append(("d", "show the edit of a repair"))
    if Action.REBASELINE in item.actions:
        keys.append(("b", f"re-baseline: accept it as {item.verdict}, as it is read now"))
    if Action.WAIVE in item.actions:
        keys.append(("v", f"waive: it stays {item.verdict} and does not block until a day"))
    if Action.REJECT in item.actions:
        keys.append(("x", "reject: the finding stands, is recorded and blocks"))
    if Action.RETIRE in item.actions:
        keys.append(("t", "retire: the assertion is out of use"))
    keys.append(("l", "label replies, without seeing which version answered"))
    for key, words in keys:
        yield from wrap_words(words, style.width, f"  {key:<4} ")
    unbroken = "   ".join(each.replace(" ", _NO_BREAK) for each in _OTHER_KEYS)
    yield from (line.replace(_NO_BREAK, " ") for line in wrap_words(unbroken, style.width, "  "))


def decision_words(decision: Decision) -> str:
    """Return a decision in words."""
    why = f" ({clean(decision.reason)})" if decision.reason else ""
    match decision.action:
        case Action.REPAIR:
            return f"repair: {clean(decision.words)}{'' if decision.verified else ', not verified'}{why}"
        case Action.WAIVE:
            until = "" if decision.expires_on is None else f" until {decision.expires_on:%d %b %Y}"
            return f"waive{until}, {clean(decision.owner)} answers for it{why}"
        case _:
            return f"{decision.action}{why}"


def summary_lines(session: Session, items: Sequence[Item], style: Style) -> Iterator[str]:
    """Show what is about to be written."""
    by_suite: dict[str, list[Decision]] = {}
    for taken in session.taken:
        by_suite.setdefault(taken.decision.suite, []).append(taken.decision)
    for suite, decisions in by_suite.items():
        yield style.strong(suite)
        for decision in decisions:
            yield from wrap_words(f"{decision.assertion}: {decision_words(decision)}", style.width, "  ", "    ")
        done = {decision.assertion for decision in decisions}
        left = [item.assertion for item in items if item.suite == suite and item.assertion not in done]
        if left:
            yield from wrap_words(f"left in the queue: {', '.join(left)}", style.width, "  ", "    ")
        edited = any(decision.action in {Action.REPAIR, Action.RETIRE} for decision in decisions)
        renewed = any(decision.action in {Action.REPAIR, Action.REBASELINE} for decision in decisions)
        files = ["the suite's file, its version raised"] * edited + ["a baseline of the new version"] * renewed
        yield from wrap_words(f"writes {', '.join([*files, 'an entry of the ledger'])}", style.width, "  ", "    ")
