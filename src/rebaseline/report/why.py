"""The whole chain of one verdict, in words that an auditor follows."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.assess.rules import describe_bar
from rebaseline.domain.account import Account
from rebaseline.domain.behaviour import Flicker
from rebaseline.domain.comparison import Comparison, Diff, Side
from rebaseline.domain.evidence import ArmEvidence, Evidence, GroupFacts, LimitEvidence, Method, SeparationEvidence
from rebaseline.domain.levels import ALARM_ALPHA, HOLDS_ALPHA, LEADING_VOIDS, VOID_TOLERANCE
from rebaseline.domain.suite import AtLeast, Bar, CheckSpec, Never, NoWorse
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Unmeasured, VerdictName
from rebaseline.report.behaviour import flicker_words
from rebaseline.report.judge_words import anchor_lines, shift_lines
from rebaseline.report.labels import label_lines
from rebaseline.report.odds import stake_words
from rebaseline.report.repairs import tried_lines
from rebaseline.report.rows import waiver_lines
from rebaseline.report.topics import topics_of
from rebaseline.report.why_replies import SHOWN_REPLIES, reply_lines
from rebaseline.report.why_rule import rule_lines
from rebaseline.report.why_standing import standing_lines
from rebaseline.report.why_turns import turning_lines
from rebaseline.report.words import (
    WIDTH,
    count_of,
    invalid_words,
    number_of,
    one_line,
    percent,
    reading_words,
    reply_words,
    rule_words,
    seen_words,
    unsettled_words,
    void_words,
    wrapped,
)

__all__ = ["SHOWN_REPLIES", "render_why"]


def render_why(diff: Diff, comparison: Comparison, *, everything: bool = False) -> str:
    """Return the chain of one verdict: claim, rule, replies, readings, evidence, rule of decision, consequence.

    Args:
        diff: The diff.
        comparison: The assertion, with its account.
        everything: List every reply that decides, not only the first ones.
    """
    lines = [
        *_lines(diff, comparison),
        *reply_lines(diff, comparison, everything=everything),
        *turning_lines(comparison),
        *tried_lines(comparison),
        *_topics(comparison),
    ]
    return "\n".join(lines) + "\n"


def _lines(diff: Diff, comparison: Comparison) -> Iterator[str]:
    assertion = comparison.assertion
    yield f"{comparison.name}   {comparison.transition}"
    yield from wrapped("  claim      ", one_line(assertion.claim, 400))
    yield f"  rule       {assertion.check.name}, {describe_bar(assertion.bar)}   {assertion.where}"
    if assertion.means is not None:
        yield f"  means      {_second_words(assertion.means)}"
    yield f"  on         {assertion.on or 'all probes'}; kind {assertion.kind}; owner {assertion.owner or 'nobody'}"
    if diff.redactions:
        rules = number_of(diff.redactions, "rule")
        yield f"  redacted   replies are stored and read without what {rules} of [store] redact take out"
    for change in comparison.rule_changes:
        yield f"  changed    {rule_words(change)}, since the baseline was accepted"
    if comparison.waiver is not None:
        yield from wrapped("  waiver     ", one_line(" ".join(" ".join(waiver_lines(comparison)).split()), 400))
    if comparison.old is not None:
        yield ""
        yield f"Old: {one_line(diff.old.name)}"
        yield from _side(comparison.old, comparison)
        yield from _flicker(comparison.old_flicker)
    yield ""
    yield f"New: {one_line(diff.new.name)}"
    yield from _side(comparison.new, comparison)
    yield from _flicker(comparison.new_flicker)
    yield from rule_lines(comparison.new, assertion.bar, comparison.account or Account())
    yield from standing_lines(diff, comparison)
    yield from _change(comparison)
    for shift in comparison.judge_shifts:
        yield from shift_lines(shift)
    yield from _example(comparison)


def _second_words(means: str | CheckSpec) -> str:
    return f"{means}, the built-in second reading" if isinstance(means, str) else f"{means.name}, a second reading"


def _side(side: Side, comparison: Comparison) -> Iterator[str]:
    evidence = side.evidence
    yield from wrapped("  verdict    ", f"{VerdictName.of(side.verdict)}: {_because(side, comparison)}")
    voids = void_words(evidence)
    partial = f", {evidence.partial} between" if evidence.partial else ""
    what = "pairs" if evidence.paired else "readings"
    either = " (a pair is void where either reply is)" if evidence.paired and evidence.void_count else ""
    yield f"  {what:<9}  {evidence.passes} pass, {evidence.fails} fail{partial}; void: {voids}{either}"
    yield (
        f"  replies    {evidence.replies}, from {number_of(evidence.probes, 'probe')} in {evidence.rounds} of "
        f"{evidence.planned_rounds} planned rounds{_unread(evidence)}"
    )
    if not isinstance(side.verdict, Unmeasured):  # figures of no reply would only look like some
        yield f"  method     {_method(evidence)}"
        yield from _limits(evidence)
    yield from _group(side.group)


def _flicker(flicker: Flicker | None) -> Iterator[str]:
    if flicker is not None and flicker.probes:
        yield f"  flicker    {flicker_words(flicker)}"


def _unread(evidence: Evidence) -> str:
    parts = []
    if evidence.unread:
        parts.append(f"{evidence.unread} of unfinished rounds or without a partner not read")
    if evidence.pairs_missing:
        parts.append(f"{number_of(evidence.pairs_missing, 'probe')} without a partner in the baseline")
    return "; " + "; ".join(parts) if parts else ""


def _method(evidence: Evidence) -> str:
    match evidence.method:
        case Method.E_PROCESS:
            return "e-process, read at the end of complete rounds (Ville 1939; Waudby-Smith and Ramdas 2024)"
        case Method.ONE_LOOK:
            return "one look at one reply a probe: exact binomial, valid for unequal probes (Hoeffding 1956)"
        case Method.STEADY:
            flips = "" if evidence.flip_bound is None else f"; flips at most {percent(evidence.flip_bound)}"
            why = "compared with itself, or both sides steady" if evidence.paired else "steady"
            return f"{why}: arithmetic about these replies, no error level{flips}"
        case Method.NONE:
            return "no complete round to read"


def _limits(evidence: Evidence) -> Iterator[str]:
    if evidence.low.mean is None:
        return
    scale = "y = (1 + new - old) / 2" if evidence.paired else "x = share of passes"
    yield f"  bar        theta = {evidence.theta:.4g} on the scale {scale}"
    yield f"  harshest   every void against the claim: {_limit(evidence.low, evidence)}"
    yield f"  kindest    every void in its favour:     {_limit(evidence.high, evidence)}"
    if evidence.log_e_drop is not None and evidence.paired:
        drop = stake_words(evidence.log_e_drop)
        yield f"  any drop   e = {drop} on the kindest reading (an alarm needs {1 / ALARM_ALPHA:.0f})"
    low, high = evidence.bounds
    what = "mean difference" if evidence.paired else "rate of passes"
    if evidence.method is not Method.STEADY:
        yield f"  bounds     {what} shown to be {low:.3f} or more, and {high:.3f} or less, each at 95 %"


def _limit(limit: LimitEvidence, evidence: Evidence) -> str:
    mean = "no mean" if limit.mean is None else f"mean {limit.mean:.4f}"
    if evidence.method is Method.ONE_LOOK and limit.p_above is not None and limit.p_below is not None:
        return f"{mean}, p(above bar) = {limit.p_above:.3g}, p(below bar) = {limit.p_below:.3g}"
    return f"{mean}, e(above bar) = {stake_words(limit.log_e_above)}, e(below bar) = {stake_words(limit.log_e_below)}"


def _group(group: GroupFacts) -> Iterator[str]:
    for anchors in group.anchors:
        yield from anchor_lines(anchors)
    for name, items, effect in (
        ("passes what must fail", group.missed_faults, "blocks Holds"),
        ("fails what must pass", group.false_alarms, "blocks Failing"),
        ("passes seeded faults", group.dead_faults, "blocks Holds"),
    ):
        if items:
            items_shown = "; ".join(one_line(item, 60) for item in items)
            yield from wrapped("  control    ", f"{name}: {items_shown} ({effect})")
    if group.alive is not None:
        arm = group.alive
        yield f"  alive arm  {count_of(arm.passes, arm.replies)} read as they should; engagement: {_state(arm)}"
    if group.separation is not None:
        yield from _separation(group.separation)
    if group.fresh is not None:
        effect = " (blocks Failing)" if group.fresh.blocks else ": is the reference right?"
        answers = f"both versions give the same other answer to {number_of(len(group.fresh.probes), 'probe')}{effect}"
        names = ", ".join(one_line(probe, 40) for probe in group.fresh.probes[:5])
        yield from wrapped("  reference  ", f"{answers}; such as {names}")
    if group.labels is not None:
        yield from label_lines(group.labels)


def _separation(found: SeparationEvidence) -> Iterator[str]:
    right, wrong = found.must_pass, found.must_fail
    told_apart = f"told apart: {_state(found)}"
    if found.lowest is None or found.highest is None:
        yield f"  live arms  no round of both arms is complete; {told_apart}"
        return
    between = " to ".join(dict.fromkeys((f"{found.lowest:.3f}", f"{found.highest:.3f}")))
    yield (
        f"  live arms  passes {count_of(right.passes, right.replies)} where it must pass, "
        f"{count_of(wrong.passes, wrong.replies)} where it must fail; {told_apart}"
    )
    yield (
        f"             J = {between}, floor {found.floor:g} (share of passes in the one less that in the other, Youden "
        "1950)"
    )
    yield (
        f"             e(J under its floor) = {stake_words(found.log_e_below)}, an alarm needs {1 / ALARM_ALPHA:.0f}; "
        f"e(J reaches it) = {stake_words(found.log_e_reached)}, to hold needs {1 / HOLDS_ALPHA:.0f}"
    )


def _state(found: ArmEvidence | SeparationEvidence) -> str:
    return "shown" if found.shown else "refuted" if found.refuted else "not settled"


def _because(side: Side, comparison: Comparison) -> str:
    evidence = side.evidence
    match side.verdict:
        case Holds():
            return f"the harshest reading {_shown(evidence)} above the bar{_level(evidence, HOLDS_ALPHA)}"
        case Failing():
            return _why_failing(evidence, comparison.assertion.bar)
        case Invalid() as verdict:
            return _why_invalid(verdict, evidence)
        case Inconclusive() as verdict:
            return "; ".join(filter(None, (unsettled_words(verdict, evidence), seen_words(verdict))))
        case Unmeasured(fault=fault):
            return one_line(fault, 120)


def _why_failing(evidence: Evidence, bar: Bar) -> str:
    level, shown = _level(evidence, ALARM_ALPHA), _shown(evidence)
    match bar:
        case Never():
            return f"{number_of(evidence.violations, 'confirmed violation')}; the bar is never"
        case NoWorse():
            return f"a drop {shown}{level} and its kindest estimate exceeds the margin"
        case AtLeast():
            return f"even the kindest reading {shown} below the bar{level}"


def _shown(evidence: Evidence) -> str:
    return "is" if evidence.method is Method.STEADY else "is shown"


def _level(evidence: Evidence, alpha: float) -> str:
    """Return the level of an error; arithmetic has none."""
    return "" if evidence.method is Method.STEADY else f" (error level 1/{1 / alpha:.0f})"


def _why_invalid(verdict: Invalid, evidence: Evidence) -> str:
    if not verdict.straddles:
        return invalid_words(verdict, evidence)
    if verdict.proven:
        rule = "the harshest reading is shown below the bar and the kindest above it"
    elif _nothing_readable(evidence):
        rule = f"every reply so far is void, {LEADING_VOIDS} at least"
    else:
        rule = (
            f"all planned replies are in, the bar lies between the readings, and voids are shown to exceed "
            f"{percent(VOID_TOLERANCE)} (error level 1/{1 / ALARM_ALPHA:.0f})"
        )
    return f"{invalid_words(verdict, evidence)}; {rule}"


def _nothing_readable(evidence: Evidence) -> bool:
    """Return whether not one reply that came could be read, of so many that it is no chance of the order."""
    came = evidence.replies - evidence.outstanding
    return LEADING_VOIDS <= evidence.leading_voids == came


def _change(comparison: Comparison) -> Iterator[str]:
    change = comparison.change
    if change.lowest is None or change.highest is None or isinstance(comparison.new.verdict, Unmeasured):
        return
    yield ""
    span = " to ".join(dict.fromkeys((f"{change.lowest:+.3f}", f"{change.highest:+.3f}")))
    yield f"Change: {change.change}, {number_of(change.pairs, 'pair')}, mean difference {span}"
    worse, better = stake_words(change.log_e_worse), stake_words(change.log_e_better)
    yield f"  e(worse) = {worse}, e(better) = {better}; shown from {1 / ALARM_ALPHA:.0f} on"


def _example(comparison: Comparison) -> Iterator[str]:
    example = comparison.example
    if example is None:
        return
    yield ""
    yield f"Example: {one_line(example.probe)} #{example.sample + 1}"
    for side, text, reading in (
        ("old", example.old_text, example.old_reading),
        ("new", example.new_text, example.new_reading),
    ):
        gone = "(purged)" if side == "old" and example.old_purged else "(reply not at hand)"
        shown = gone if text is None else reply_words(text, 3 * WIDTH)
        yield from wrapped(f"  {side}  ", reading_words(reading))
        yield from wrapped("       ", shown)


def _topics(comparison: Comparison) -> Iterator[str]:
    yield ""
    yield from wrapped("More: rebaseline explain ", " | ".join(topics_of(comparison)))
