"""Which rules of an assertion are not as they were accepted, and in which direction they moved."""

from __future__ import annotations

from collections.abc import Collection

from rebaseline.domain.baseline import AcceptedAssertion
from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.suite import Assertion, AtLeast, Bar, Never, NoWorse

__all__ = ["describe_bar", "rule_changes"]


def describe_bar(bar: Bar) -> str:
    """Return a bar in words short enough for a table."""
    match bar:
        case AtLeast(rate=rate):
            return f"bar {_figure(rate)}"
        case Never(ceiling=ceiling):
            return f"never (ceiling {ceiling:.3g})"
        case NoWorse(margin=margin):
            return f"no worse by {_figure(margin)}"


def _figure(value: float) -> str:
    """Write a share as people who read many of them do: .9, not 0.9."""
    return f"{value:.3g}".removeprefix("0")


def rule_changes(
    accepted: AcceptedAssertion, now: Assertion, probes: Collection[str] | None = None
) -> tuple[RuleChange, ...]:
    """Return every rule that changed since acceptance. A changed bar is named with its direction.

    Args:
        accepted: What was accepted.
        now: The assertion as it stands.
        probes: Ids of the probes that it speaks about now; None where that is not asked. One that was accepted and is
            left out makes the rule looser: a probe that fails could be untagged.
    """
    changes: list[RuleChange] = []
    if accepted.bar != now.bar:
        changes.append(
            RuleChange("bar", describe_bar(accepted.bar), describe_bar(now.bar), _direction(accepted.bar, now.bar))
        )
    if accepted.check_fingerprint != now.check.fingerprint:
        changes.append(RuleChange("check", accepted.check_fingerprint, now.check.fingerprint))
    if not changes and accepted.fingerprint != now.fingerprint:
        changes.append(RuleChange("how replies are read", accepted.fingerprint, now.fingerprint))
    gone = set() if probes is None else set(accepted.readings) - set(probes)
    if gone:
        changes.append(RuleChange("probes", f"{len(accepted.readings)}", f"{len(gone)} of them left out", "looser"))
    return tuple(changes)


def _direction(old: Bar, new: Bar) -> str:
    """A higher share, a lower ceiling and a smaller margin are tighter; bars of different kinds are not compared."""
    match old, new:
        case (AtLeast(rate=before), AtLeast(rate=after)):
            return "tighter" if after > before else "looser"
        case (Never(ceiling=before), Never(ceiling=after)) | (NoWorse(margin=before), NoWorse(margin=after)):
            return "tighter" if after < before else "looser"
        case _:
            return ""
