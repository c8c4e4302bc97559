"""What a comparison can no longer show, since replies were purged."""

from __future__ import annotations

from rebaseline.app.comparing import SuiteSide
from rebaseline.assess.kept import count_purged
from rebaseline.domain.suite import Suite

__all__ = ["purged_new", "purged_old"]


def purged_new(suite: Suite, new: SuiteSide, purged: int, again: int) -> list[str]:
    """Say what was purged of the new side, and how that is read.

    Args:
        suite: The suite.
        new: Its new side.
        purged: Cells whose reply was purged.
        again: Cells that hold another reply than one that was purged.
    """
    gone = f"{suite.id}: {purged:,} replies of {new.model.name} were purged"
    unknown = max((count_purged(table) for table in new.tables.claims.values()), default=0)
    read = f"{gone}: what the checks had read of them stands"
    lost = f"; what {unknown:,} showed is not known: each counts as a fail and as a pass, whichever is worse"
    redrawn = f"{suite.id}: {again:,} replies of {new.model.name} were purged and asked again: these are other replies"
    return [read + lost * bool(unknown)] * bool(purged) + [redrawn] * bool(again)


def purged_old(suite: Suite, old: SuiteSide) -> list[str]:
    """Say what was purged of the old side, and what is left to compare with."""
    if not old.purged:
        return []
    gone = f"{suite.id}: {len(old.purged):,} replies of {old.model.name} were purged"
    if old.baseline is None and not any(count_purged(table) for table in old.tables.claims.values()):
        return [f"{gone}: what the checks had read of them stands"]
    if old.baseline is None:
        return [f"{gone}, and nothing keeps all of their readings: the rest counts as a fail and as a pass"]
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
