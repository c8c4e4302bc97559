"""How much the samples of one probe disagree on one model version: measured, shown, and never read as drift."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable

from rebaseline.assess.table import ReadingTable
from rebaseline.domain.behaviour import Flicker
from rebaseline.domain.reading import Assumption, Reading, Valued, Void
from rebaseline.stats.pair_power import within_probes

__all__ = ["flicker_of"]

_VOID = "void"


def flicker_of(table: ReadingTable) -> Flicker:
    """Return how much the readings of one probe differ from sample to sample, over all samples that there are.

    Every sample counts, those of incomplete rounds too: nothing is concluded from these figures. A void differs from
    every value, whatever made it void; a reply that never came is left out.

    For a probe with n readings, c of each kind, 1 - sum c (c - 1) / (n (n - 1)) is the unbiased estimate of the
    probability that two of its samples differ (Simpson 1949).

    References:
        Simpson, E. H. (1949). Measurement of Diversity. Nature 163, 688.
    """
    disagreements: list[float] = []
    names: list[str] = []
    rows: list[list[float]] = []
    for probe, row in zip(table.probes, table.readings, strict=True):
        kinds = [_kind(reading) for reading in _delivered(row)]
        if len(kinds) < 2:  # noqa: PLR2004 - one reading cannot disagree
            continue
        disagreements.append(_disagreement(kinds))
        if disagreements[-1]:
            names.append(probe)
        rows.append([reading.value for reading in row if isinstance(reading, Valued)])
    return Flicker(
        probes=len(disagreements),
        flickering=len(names),
        disagreement=sum(disagreements) / len(disagreements) if disagreements else None,
        variance=within_probes(rows),
        names=frozenset(names),
    )


def _delivered(row: Iterable[Reading | None]) -> list[Reading]:
    return [
        reading
        for reading in row
        if reading is not None and not (isinstance(reading, Void) and reading.broken is Assumption.DELIVERED)
    ]


def _kind(reading: Reading) -> Hashable:
    return reading.value if isinstance(reading, Valued) else _VOID


def _disagreement(kinds: list[Hashable]) -> float:
    if kinds.count(kinds[0]) == len(kinds):
        return 0.0
    n = len(kinds)
    return 1.0 - sum(count * (count - 1) for count in Counter(kinds).values()) / (n * (n - 1))
