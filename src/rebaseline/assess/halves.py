"""The samples of one model version in two halves, to compare it with itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rebaseline.assess.table import ReadingTable
from rebaseline.domain.behaviour import Split

__all__ = ["Halves", "halve", "halve_table"]


@dataclass(frozen=True, slots=True)
class Halves:
    """Sample indices of both halves.

    Attributes:
        first: Of the first half, ascending.
        second: Of the second.
        split: What they were told apart by.
    """

    first: tuple[int, ...]
    second: tuple[int, ...]
    split: Split


def halve(tables: Iterable[ReadingTable]) -> Halves | None:
    """Put the complete rounds of a suite into two halves: every other session, or every other round of one session.

    Alternating keeps what drifts slowly from looking like a difference between the halves.

    Args:
        tables: The tables of a suite on one model version.

    Returns:
        The halves; None where no table has two complete rounds.
    """
    session_of: dict[int, str] = {}
    for table in tables:
        for sample in table.complete_rounds():
            session_of[sample] = table.sessions[sample] if sample < len(table.sessions) else ""
    samples = sorted(session_of)
    sessions = list(dict.fromkeys(session_of[sample] for sample in samples))
    if len(samples) < 2:  # noqa: PLR2004 - two halves
        return None
    if len(sessions) > 1 and "" not in sessions:
        first = tuple(sample for sample in samples if sessions.index(session_of[sample]) % 2 == 0)
        return Halves(first, tuple(sorted({*samples} - {*first})), Split.SESSIONS)
    return Halves(tuple(samples[0::2]), tuple(samples[1::2]), Split.ROUNDS)


def halve_table(table: ReadingTable, halves: Halves) -> tuple[ReadingTable, ReadingTable]:
    """Return both halves of a table's complete rounds, numbered anew: each is planned as it is."""
    return _rounds(table, halves.first), _rounds(table, halves.second)


def _rounds(table: ReadingTable, samples: tuple[int, ...]) -> ReadingTable:
    complete = {*table.complete_rounds()}
    kept = [sample for sample in samples if sample in complete]
    return ReadingTable(
        probes=table.probes,
        readings=tuple(tuple(row[sample] for sample in kept) for row in table.readings),
        planned_rounds=max(1, len(kept)),
        sessions=tuple(table.sessions[sample] for sample in kept if sample < len(table.sessions)),
    )
