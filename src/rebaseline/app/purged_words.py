"""What a comparison can no longer show, since replies were purged."""

from __future__ import annotations

from rebaseline.app.comparing import SuiteSide
from rebaseline.domain.suite import Suite

__all__ = ["purged_new", "purged_old"]


def purged_new(suite: Suite, model: str, purged: int) -> str:
    """Say what was purged of the new side, and how that is read."""
    return (
        f"{suite.id}: {purged:,} replies of {model} were purged: what was accepted of them stands, and the rest counts "
        "as a fail and as a pass, whichever is worse"
    )


def purged_old(suite: Suite, old: SuiteSide) -> list[str]:
    """Say what was purged of the old side, and what is left to compare with."""
    if not old.purged:
        return []
    gone = f"{suite.id}: {len(old.purged):,} replies of {old.model.name} were purged"
    if old.baseline is None:
        return [f"{gone}, and no baseline kept their readings: each counts as a fail and as a pass"]
    accepted = old.baseline.assertions
    changed = sorted(
        it.id
        for it in suite.assertions
        if it.id in accepted and accepted[it.id].check_fingerprint != it.check.fingerprint
    )
    notes = [f"{gone}: what was accepted of them stands; their words, manner and labels cannot be read again"]
    if changed:
        notes.append(
            f"{suite.id}: the check changed since it was accepted, and purged replies cannot be read by the new one: "
            f"{', '.join(changed)}"
        )
    return notes
