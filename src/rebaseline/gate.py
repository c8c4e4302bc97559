"""Verdicts and policy to an exit code. One documented enumeration, one precedence (docs/project.md)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.evidence import Method
from rebaseline.domain.verdict import Inconclusive, Unmeasured, VerdictName

__all__ = ["DEFAULT_BLOCK", "ExitCode", "Outcome", "decide_outcome"]


class ExitCode(IntEnum):
    """What a command's exit status means. The pytest plugin keeps pytest's own."""

    OK = 0
    """Nothing blocks."""
    FAILING = 1
    """Behaviour is below a bar."""
    USAGE = 2
    """The command, the project file, a suite or the ledger is wrong."""
    INVALID = 3
    """An assertion no longer measures its claim: a re-baseline is needed."""
    INCONCLUSIVE = 4
    """More replies are needed, and the policy blocks on that."""
    PROVIDER = 5
    """The provider or the way to it does not work."""
    NO_BASELINE = 6
    """Nothing is stored or accepted for this model."""
    RETIRED = 7
    """The model is retired or unknown to the provider."""
    BUG = 70
    """A fault of ours."""
    INTERRUPTED = 130
    """Stopped by the user."""


_PRECEDENCE = (
    ExitCode.USAGE,
    ExitCode.PROVIDER,
    ExitCode.RETIRED,
    ExitCode.NO_BASELINE,
    ExitCode.FAILING,
    ExitCode.INVALID,
    ExitCode.INCONCLUSIVE,
)
_SETTLED = (VerdictName.HOLDS, VerdictName.FAILING, VerdictName.INVALID)
DEFAULT_BLOCK = frozenset({"failing", "invalid", "unmeasured", "unbaselined", "retired"})
"""What blocks where the project sets no policy for its stage."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a diff means for whoever called.

    Attributes:
        code: The exit code.
        reasons: Every finding that blocks, with its code, in order of precedence.
        warnings: Findings that the policy does not block on.
    """

    code: ExitCode
    reasons: tuple[tuple[ExitCode, str], ...]
    warnings: tuple[str, ...]


def decide_outcome(diff: Diff, block: Collection[str] = DEFAULT_BLOCK) -> Outcome:
    """Return the exit code of a diff. Nothing measured is never green.

    A finding with a waiver that is not over does not block, and is counted among the warnings; one whose waiver is over
    blocks as if there had been none, and is named.

    Args:
        diff: The diff.
        block: Words of the policy: `failing`, `invalid`, `inconclusive`, `unmeasured`, `unbaselined`, `retired`.
    """
    counts = dict.fromkeys(VerdictName, 0)
    for comparison in diff.comparisons:
        counts[VerdictName.of(comparison.new.verdict)] += 1
    waived = [comparison for comparison in diff.comparisons if comparison.is_waived]
    of_waived = [VerdictName.of(comparison.new.verdict) for comparison in waived]
    open_ = {name: count - of_waived.count(name) for name, count in counts.items()}
    unbaselined = sum(_is_unbaselined(comparison) for comparison in diff.comparisons)
    found = [
        ("failing", ExitCode.FAILING, open_[VerdictName.FAILING], _with_expired("failing", diff, VerdictName.FAILING)),
        ("invalid", ExitCode.INVALID, open_[VerdictName.INVALID], _with_expired("invalid", diff, VerdictName.INVALID)),
        ("inconclusive", ExitCode.INCONCLUSIVE, counts[VerdictName.INCONCLUSIVE], "unsettled"),
        ("unbaselined", ExitCode.NO_BASELINE, unbaselined, "without a baseline"),
        ("retired", ExitCode.RETIRED, diff.new_provider.unknown_model, "requests answered with: no such model"),
        ("unmeasured", ExitCode.PROVIDER, _unmeasured(diff, block), "unmeasured"),
    ]
    blocking = [(code, f"{count} {words}") for name, code, count, words in found if count and name in block]
    if not any(_is_measured(comparison) for comparison in diff.comparisons):
        blocking.append((_nothing_measured(diff, counts), "nothing was measured"))
    elif not any(counts[name] for name in _SETTLED):
        blocking.append((ExitCode.INCONCLUSIVE, "nothing is settled yet"))
    blocking.sort(key=lambda item: _PRECEDENCE.index(item[0]))
    warnings = tuple(f"{count} {words}" for name, _, count, words in found if count and name not in block)
    if waived:
        warnings = (*warnings, _waived_words(waived))
    return Outcome(blocking[0][0] if blocking else ExitCode.OK, tuple(blocking), warnings)


def _waived_words(waived: Sequence[Comparison]) -> str:
    """Say how many are waived, and until when the first of them is."""
    until = min(comparison.waiver.expires_on for comparison in waived if comparison.waiver is not None)
    first = "until" if len(waived) == 1 else "the first until"
    return f"{len(waived)} waived ({first} {until:%d %b %Y})"


def _with_expired(words: str, diff: Diff, name: VerdictName) -> str:
    """Name the findings of a verdict whose waiver is over."""
    over = [
        f"waiver of {it.name} expired {it.waiver_over_days} {'day' if it.waiver_over_days == 1 else 'days'} ago, "
        f"owner {it.waiver.owner}"
        for it in diff.comparisons
        if it.waiver is not None and it.waiver_over_days and VerdictName.of(it.new.verdict) is name
    ]
    return f"{words} ({'; '.join(over)})" if over else words


def _is_measured(comparison: Comparison) -> bool:
    """Return whether a verdict rests on replies: on a complete round, or on a fact that an incomplete one shows."""
    match comparison.new.verdict:
        case Unmeasured():
            return False
        case Inconclusive():
            return comparison.new.evidence.method is not Method.NONE
        case _:
            return True


def _lacks_baseline(comparison: Comparison) -> bool:
    """Return whether nothing but the baseline was missing: the replies to be compared with it are there."""
    return isinstance(comparison.new.verdict, Unmeasured) and _is_unbaselined(comparison) and _has_replies(comparison)


def _is_unbaselined(comparison: Comparison) -> bool:
    """Return whether the baseline lacks the assertion, or has no reply that answers its probes as they are worded."""
    return comparison.old is None or isinstance(comparison.old.verdict, Unmeasured)


def _has_replies(comparison: Comparison) -> bool:
    evidence = comparison.new.evidence
    return evidence.replies > evidence.outstanding


def _unmeasured(diff: Diff, block: Collection[str]) -> int:
    """Leave to `retired` what the provider answered with "no such model", and to `unbaselined` what lacks a partner."""
    if diff.new_provider.unknown_model and "retired" in block:
        return 0
    return sum(
        isinstance(comparison.new.verdict, Unmeasured) and not _lacks_baseline(comparison)
        for comparison in diff.comparisons
    )


def _nothing_measured(diff: Diff, counts: Mapping[VerdictName, int]) -> ExitCode:
    if diff.new_provider.unknown_model:
        return ExitCode.RETIRED
    if counts[VerdictName.INCONCLUSIVE]:
        return ExitCode.INCONCLUSIVE
    if diff.comparisons and all(_lacks_baseline(comparison) for comparison in diff.comparisons):
        return ExitCode.NO_BASELINE
    return ExitCode.PROVIDER
