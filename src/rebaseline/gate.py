"""Verdicts and policy to an exit code. One documented enumeration, one precedence (DESIGN section 9)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from rebaseline.domain.comparison import Diff
from rebaseline.domain.verdict import VerdictName

__all__ = ["DEFAULT_BLOCK", "ExitCode", "Outcome", "decide_outcome"]


class ExitCode(IntEnum):
    """What a command's exit status means. The pytest plugin keeps pytest's own."""

    OK = 0
    """Nothing blocks."""
    FAILING = 1
    """Behaviour is below a bar."""
    USAGE = 2
    """The command, the project file or a suite is wrong."""
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

    Args:
        diff: The diff.
        block: Words of the policy: `failing`, `invalid`, `inconclusive`, `unmeasured`, `unbaselined`, `retired`.
    """
    counts = dict.fromkeys(VerdictName, 0)
    for comparison in diff.comparisons:
        counts[VerdictName.of(comparison.new.verdict)] += 1
    unbaselined = sum(comparison.old is None for comparison in diff.comparisons)
    found = [
        ("failing", ExitCode.FAILING, counts[VerdictName.FAILING], "failing"),
        ("invalid", ExitCode.INVALID, counts[VerdictName.INVALID], "invalid"),
        ("inconclusive", ExitCode.INCONCLUSIVE, counts[VerdictName.INCONCLUSIVE], "unsettled"),
        ("unbaselined", ExitCode.NO_BASELINE, unbaselined, "without a baseline"),
        ("retired", ExitCode.RETIRED, diff.new_provider.unknown_model, "requests answered with: no such model"),
        ("unmeasured", ExitCode.PROVIDER, _unmeasured(diff, counts), "unmeasured"),
    ]
    blocking = [(code, f"{count} {words}") for name, code, count, words in found if count and name in block]
    if not any(counts[name] for name in VerdictName if name is not VerdictName.UNMEASURED):
        blocking.append((_nothing_measured(diff), "nothing was measured"))
    blocking.sort(key=lambda item: _PRECEDENCE.index(item[0]))
    warnings = tuple(f"{count} {words}" for name, _, count, words in found if count and name not in block)
    return Outcome(blocking[0][0] if blocking else ExitCode.OK, tuple(blocking), warnings)


def _unmeasured(diff: Diff, counts: dict[VerdictName, int]) -> int:
    """Leave to `retired` what the provider answered with "no such model"."""
    return 0 if diff.new_provider.unknown_model else counts[VerdictName.UNMEASURED]


def _nothing_measured(diff: Diff) -> ExitCode:
    return ExitCode.RETIRED if diff.new_provider.unknown_model else ExitCode.PROVIDER
