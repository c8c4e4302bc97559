"""The diff of one target between two model versions, over some or all suites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from rebaseline.app.accepted_rules import baselines_of, gone_since, last_accepted
from rebaseline.app.accounting import Wanted
from rebaseline.app.anchoring import anchor_words, used_anchors
from rebaseline.app.attributing import attribute
from rebaseline.app.baseline_sides import baseline_side
from rebaseline.app.benches import instruments_of, judges_as_asked
from rebaseline.app.comparing import SuiteSide, compare_suite
from rebaseline.app.diff_notes import gone_words, redacted_words, retired_words, taken_out_words
from rebaseline.app.judge_shifts import with_judge_shifts
from rebaseline.app.ledgering import head_words
from rebaseline.app.named_baselines import as_baseline_file, require_place
from rebaseline.app.placebo import SuitePlacebo, add_placebos, placebo_of_suite
from rebaseline.app.purged_words import purged_new, purged_old
from rebaseline.app.retired import with_retired
from rebaseline.app.sides import nothing_stored, purged_of, stored_side, unasked_side
from rebaseline.app.standing import mark_standing
from rebaseline.app.trial_rounds import repairs_of_suites
from rebaseline.app.versions import accepted_baseline, newest_version, older_version
from rebaseline.app.waived import with_concessions
from rebaseline.app.workspace import Workspace
from rebaseline.assess.behaviour import find_behaviour
from rebaseline.assess.providers import add_providers
from rebaseline.assess.traits import add_manners
from rebaseline.domain.baseline import Baseline
from rebaseline.domain.behaviour import Behaviour, Manner
from rebaseline.domain.comparison import Comparison, Diff, Provider
from rebaseline.domain.model import Price, Target
from rebaseline.domain.suite import Suite
from rebaseline.domain.verdict import Failing
from rebaseline.errors import NoBaselineError, UsageError
from rebaseline.store.store import Store
from rebaseline.targets.registry import RECORDED

__all__ = ["REPAIRS_WITHIN", "DiffRequest", "accepted_side", "compared_side", "diff_models"]


REPAIRS_WITHIN = 50_000
"""Replies that a diff reads again to try repairs: about two seconds. `rebaseline repair` knows no bound."""


@dataclass(frozen=True, slots=True)
class DiffRequest:
    """What to compare.

    Attributes:
        suites: Suite ids; empty for all.
        target: Target name; None where the project has one only.
        old: The old model version, or the path of a baseline file; None for the accepted baseline.
        new: The new model version; None for the one that answered last.
        wanted: Which assertions are to be accounted for; None for none.
        today: The day on which waivers must not be over; None for today, in UTC.
        repairs: Try repairs of what is invalid, on stored replies.
        assertions: Ids of assertions whose repairs are tried; empty for all that are invalid.
        repairs_within: Most replies that are read again to try repairs: suites that would take more are passed over,
            and named in a note. None for no bound.
    """

    suites: tuple[str, ...] = ()
    target: str | None = None
    old: str | None = None
    new: str | None = None
    wanted: Wanted | None = None
    today: date | None = None
    repairs: bool = False
    assertions: frozenset[str] = frozenset()
    repairs_within: int | None = None


@dataclass(frozen=True, slots=True)
class _SuiteDiff:
    """One suite's part of the diff."""

    suite: Suite
    old: SuiteSide | None
    new: SuiteSide
    comparisons: tuple[Comparison, ...]
    notes: tuple[str, ...]
    asked: bool
    placebo: SuitePlacebo | None


def diff_models(workspace: Workspace, request: DiffRequest) -> Diff:
    """Return the diff.

    Raises:
        UsageError: The target, the suite or the new model version is not known.
        NoBaselineError: There is neither a baseline nor a stored reply of the old model version.
        SuiteErrors: A suite is wrong.
    """
    if request.old is not None and request.old == request.new:
        raise UsageError(
            f"--from and --to both name {request.new!r}: replies that are compared with themselves show nothing",
            remedy="name another model version, or a baseline file with --from",
        )
    old_file = as_baseline_file(workspace, request.old)
    suites = workspace.suites(request.suites or ([] if old_file is None else [old_file.suite]))
    target = workspace.target(request.target or (None if old_file is None else old_file.target))
    if old_file is not None:
        require_place(old_file, suites, target, request.old or "")
    with workspace.open_store() as store:
        new_name = request.new or newest_version(store, target, suites, request.old, old_file)
        parts = [
            _diff_suite(workspace, store, suite, target, request, old_file, new_name)
            for suite in suites
            if old_file is None or old_file.suite == suite.id
        ]
        if not any(part.asked for part in parts):
            problem, remedy = nothing_stored(store, suites, target, new_name)
            raise UsageError(problem, remedy=remedy)
        if all(part.old is None for part in parts):
            raise _no_baseline(store, suites, target, request.old)
        parts = _try_repairs(workspace, store, target, parts, request)
        kept = [part for part in parts if part.asked or part.old is not None]
        notes = [
            *(note for part in parts for note in part.notes),
            *gone_words(workspace, request.suites, request.old),
            *redacted_words(workspace),
        ]
        silent = [part.suite for part in parts if not part.asked and part.old is None]
        if silent:
            notes.append(f"left out, since no reply of {new_name} is stored: {_names(silent)}")
        diff = _assemble(workspace, store, target, kept, tuple(notes))
    return with_concessions(workspace, diff, request.today or datetime.now(UTC).date())


def _try_repairs(
    workspace: Workspace, store: Store, target: Target, parts: Sequence[_SuiteDiff], request: DiffRequest
) -> list[_SuiteDiff]:
    """Return the parts with repairs of what is invalid, as far as the request wants them and its bound goes."""
    if not request.repairs:
        return [*parts]
    found = repairs_of_suites(
        workspace,
        store,
        target,
        [(part.suite, (part.old, part.new), part.comparisons) for part in parts],
        names=request.assertions,
        within=request.repairs_within,
    )
    return [
        replace(part, comparisons=comparisons, notes=(*part.notes, *notes))
        for part, (comparisons, notes) in zip(parts, found, strict=True)
    ]


def _no_baseline(store: Store, suites: Sequence[Suite], target: Target, old: str | None) -> NoBaselineError:
    remedy = (
        "accept one with `rebaseline accept --model MODEL --as YOU --reason WHY`, or name a stored model version with "
        "--from"
    )
    if old is None:
        return NoBaselineError(
            f"there is no baseline and no stored reply of an older model version on target {target.name}", remedy=remedy
        )
    problem, hint = nothing_stored(store, suites, target, old)
    return NoBaselineError(f"there is no baseline, and {problem}", remedy=hint)


def _diff_suite(
    workspace: Workspace,
    store: Store,
    suite: Suite,
    target: Target,
    request: DiffRequest,
    old_file: Baseline | None,
    new_name: str,
) -> _SuiteDiff:
    in_use, suite = suite, with_retired(workspace, store, suite, target, new_name)
    stored, stale = stored_side(workspace, store, suite, target, new_name)
    new = stored or unasked_side(workspace, suite, target, new_name)
    old, notes = _old_side(workspace, store, suite, target, request, old_file, new)
    if stale:
        notes.insert(0, f"{suite.id}: {stale:,} replies of {new_name} answer an older wording of their probe; left out")
    purged, again = len(purged_of(store, suite, target, new_name)), store.asked_again(suite.id, target.name, new_name)
    notes = [*purged_new(suite, new, purged, again), *notes]
    if old is not None and old.model.name != new_name:
        old = replace(old, purged=frozenset(purged_of(store, suite, target, old.model.name)))
        notes += purged_old(suite, old)
    if stored is None and old is not None:
        notes.append(f"{suite.id}: no reply of {new_name} to its probes is stored: unmeasured")
    if new.provider.copies:
        notes.append(f"{suite.id}: {new.provider.copies:,} replies repeat an earlier request id; copies count once")
    instruments = instruments_of(workspace, store, suite)
    compared = compare_suite(suite, old, new, instruments, target.kind, wanted=request.wanted)
    comparisons = [
        comparison
        for comparison in with_judge_shifts(workspace, store, target, suite, (old, new), compared)
        if comparison.assertion.retired is None or isinstance(comparison.new.verdict, Failing)
    ]
    notes += retired_words(in_use, suite)
    placebo = None if old is None else placebo_of_suite(in_use, old, instruments, target.kind)
    return _SuiteDiff(in_use, old, new, tuple(comparisons), tuple(notes), asked=stored is not None, placebo=placebo)


def _old_side(
    workspace: Workspace,
    store: Store,
    suite: Suite,
    target: Target,
    request: DiffRequest,
    old_file: Baseline | None,
    new: SuiteSide,
) -> tuple[SuiteSide | None, list[str]]:
    """Return what the new side is compared with, None where there is nothing, and what is to be said of it.

    Where no version is named that is the baseline accepted last of another version, else another version's stored
    replies, else the baseline of this very version: a version that is pinned is no frozen system.
    """
    accepted = old_file or accepted_baseline(workspace, suite, target, request.old, new.model.name)
    name = (
        accepted.model.name
        if accepted is not None
        else request.old or older_version(store, suite, target, new.model.name)
    )
    if name is None:
        accepted = accepted_baseline(workspace, suite, target, new.model.name, "")
        name = None if accepted is None else accepted.model.name
    if name is None:
        return None, []
    stored, stale = stored_side(workspace, store, suite, target, name)
    notes = [f"{suite.id}: {stale:,} replies of {name} answer an older wording of their probe; left out"] * bool(stale)
    baselines = baselines_of(workspace, suite, target)
    last = last_accepted(baselines)
    gone = gone_since(workspace, suite, target, last)
    rules = {name: each.assertion for name, each in last.items()}
    if accepted is None:
        side = None if stored is None else replace(stored, accepted_rules=rules)
        return side, [*notes, *taken_out_words(suite, gone, rules)]
    if accepted.model.name == new.model.name:
        if set(accepted.sessions) == set(new.sessions):
            notes.append(f"{suite.id}: these are the replies that were accepted; nothing was asked since")
        elif not set(accepted.sessions) & set(new.sessions):
            stored = None  # other replies of the same version: they are not what was accepted
    side = baseline_side(suite, accepted, stored, judges_as_asked(workspace, suite))
    side = replace(side, accepted_rules={**rules, **accepted.assertions})
    if request.old is None:  # else the caller named what to compare with
        used = used_anchors(baselines, suite, side, new)
        side = replace(side, anchors={name: anchor.table for name, anchor in used.items()})
        notes += anchor_words(baselines, suite, used)
    return side, [*notes, *taken_out_words(suite, {**gone, **accepted.assertions}, side.accepted_rules)]


def compared_side(
    workspace: Workspace, store: Store, suite: Suite, target: Target, old: str | None, new: SuiteSide
) -> SuiteSide | None:
    """Return what a diff compares `new` with, where it names the old version, or names one that it finds by itself.

    A version that is found is anchored as in a diff that names none: that is the diff that people look at.
    """
    found = accepted_side(workspace, store, suite, target, new)
    if old is None or (found is not None and found.model.name == old):
        return found
    return _old_side(workspace, store, suite, target, DiffRequest(old=old), None, new)[0]


def accepted_side(workspace: Workspace, store: Store, suite: Suite, target: Target, new: SuiteSide) -> SuiteSide | None:
    """Return what a diff that names no old version compares `new` with; None where there is nothing."""
    return _old_side(workspace, store, suite, target, DiffRequest(), None, new)[0]


def _names(suites: Sequence[Suite]) -> str:
    return ", ".join(suite.id for suite in suites)


def _assemble(
    workspace: Workspace, store: Store, target: Target, parts: Sequence[_SuiteDiff], notes: tuple[str, ...]
) -> Diff:
    olds = [part.old for part in parts if part.old is not None]
    old_manners = [side.manner for side in olds if side.manner is not None]
    baselines = [side.baseline for side in olds if side.baseline is not None]
    provider = add_providers([part.new.provider for part in parts])
    placebos = [part.placebo for part in parts if part.placebo is not None]
    price = _price(workspace, target)
    ledger_head, ledger_notes = head_words(workspace)
    return Diff(
        system=workspace.project.system,
        target=target.name,
        old=olds[0].model,
        new=next(part.new.model for part in parts if part.asked),
        comparisons=mark_standing([comparison for part in parts for comparison in part.comparisons]),
        attribution=attribute(
            store,
            target,
            [(part.suite, part.old, part.new) for part in parts],
            [(part.suite.id, shift) for part in parts for each in part.comparisons for shift in each.judge_shifts],
        ),
        old_manner=add_manners(old_manners) if old_manners else None,
        new_manner=add_manners([part.new.manner or Manner(0, {}, None, None) for part in parts]),
        old_provider=add_providers([side.provider for side in olds]) if olds else Provider(),
        new_provider=provider,
        old_source="baseline" if baselines else "store",
        accepted=_accepted_words(baselines),
        notes=(*_mixed_old(olds), *notes, *ledger_notes),
        redactions=len(workspace.project.store.redact),
        probes=sum(len(part.suite.probes) for part in parts),
        recorded=target.type == RECORDED,
        usd=_cost(price, provider),
        behaviour=_behaviour(parts, price),
        placebo=add_placebos(placebos, price) if placebos else None,
        ledger_head=ledger_head,
    )


def _behaviour(parts: Sequence[_SuiteDiff], price: Price | None) -> Behaviour | None:
    """Compare the manner of the replies of all suites whose replies are at hand on both sides."""
    sides = [
        (part.old.traits, part.new.traits)
        for part in parts
        if part.old is not None and part.old.traits is not None and part.new.traits is not None
    ]
    return find_behaviour(sides, price) if sides else None


def _price(workspace: Workspace, target: Target) -> Price | None:
    limits = workspace.project.limits.get(target.name)
    return None if limits is None else limits.price


def _cost(price: Price | None, provider: Provider) -> float | None:
    """Return what the replies cost; unknown is not 0."""
    if price is None or provider.uncounted or not provider.answered:
        return None
    return price.usd(provider.input_tokens, provider.output_tokens)


def _accepted_words(baselines: Sequence[Baseline]) -> tuple[str, ...]:
    words = {
        f"Baseline accepted {baseline.accepted_at:%d %b %Y} by {baseline.accepted_by}: {baseline.reason}": None
        for baseline in baselines
    }
    return tuple(words)


def _mixed_old(olds: Sequence[SuiteSide]) -> tuple[str, ...]:
    names = sorted({side.model.name for side in olds})
    return (f"suites have baselines of different versions: {', '.join(names)}",) if len(names) > 1 else ()
