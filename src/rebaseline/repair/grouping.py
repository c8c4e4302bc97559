"""Items that share a repair are taken together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rebaseline.domain.repair import Repairs, Trial

__all__ = ["Group", "group_repairs", "leading"]


@dataclass(frozen=True, slots=True)
class Group:
    """Assertions whose first repair is the same.

    Attributes:
        key: What they share.
        trials: The first verified trial of each assertion, by `suite/assertion`; empty where none is verified.
        names: The assertions.
    """

    key: str
    trials: tuple[tuple[str, Trial], ...]
    names: tuple[str, ...]


def leading(repairs: Repairs) -> Trial | None:
    """Return the trial that an item is grouped by: its first verified one, else the first that must be asked for."""
    asking = (trial for trial in repairs.trials if trial.proposal.asks)
    return repairs.best or next(asking, None)


def group_repairs(tried: Iterable[Repairs]) -> tuple[Group, ...]:
    """Return the groups in the order of their first item; items without a repair of their own are the last group."""
    found: dict[str, list[tuple[str, Trial | None]]] = {}
    for repairs in tried:
        trial = leading(repairs)
        found.setdefault("" if trial is None else trial.proposal.group, []).append((repairs.name, trial))
    return tuple(
        Group(
            key,
            tuple((name, trial) for name, trial in items if trial is not None),
            tuple(name for name, _ in items),
        )
        for key, items in sorted(found.items(), key=lambda item: not item[0])
    )
