"""Entries from before signatures were demanded."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date

from rebaseline.review.ledger import Ledger

__all__ = ["exempt_from_signing"]


def exempt_from_signing(ledger: Ledger, since: date | None, *, known: Collection[str] | None = None) -> frozenset[str]:
    """Return the digests of the entries that need no signature where the others do.

    Anybody can write an early date on an entry: one that follows an entry of that day, or of a later one, was made
    after it.

    Args:
        ledger: The ledger.
        since: The first day, in UTC, whose entries need one; None: all do.
        known: Entries that a commit has which demands signatures: all others were made since. None asks about none.
    """
    if since is None:
        return frozenset()
    lineage, late = ledger.lineage, 0
    for digest, bit in lineage.bits.items():
        if ledger.records[digest].entry.at.astimezone(UTC).date() >= since:
            late |= bit
    return frozenset(
        digest
        for digest, bit in lineage.bits.items()
        if not late & (bit | lineage.before[digest]) and (known is None or digest in known)
    )
