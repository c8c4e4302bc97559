"""Repairs of several suites, as far as a bound on the replies that are read again goes."""

from __future__ import annotations

from collections.abc import Sequence

from rebaseline.app.trials import Sides, with_repairs
from rebaseline.app.workspace import Workspace
from rebaseline.domain.comparison import Comparison
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.repair.facts import is_open_to_repair
from rebaseline.store.store import Store

__all__ = ["repairs_of_suites"]


def repairs_of_suites(
    workspace: Workspace,
    store: Store,
    target: Target,
    parts: Sequence[tuple[Suite, Sides, tuple[Comparison, ...]]],
    *,
    names: frozenset[str] = frozenset(),
    within: int | None = None,
) -> list[tuple[tuple[Comparison, ...], tuple[str, ...]]]:
    """Return, of each suite, its comparisons with what was tried, and what is to be said of what was not.

    Args:
        workspace: The project.
        store: Its store.
        target: What was asked.
        parts: Suites with their sides and comparisons.
        names: Assertion ids to try repairs for; empty for all that are invalid.
        within: Most replies that are read again; None for no bound.
    """
    found: list[tuple[tuple[Comparison, ...], tuple[str, ...]]] = []
    for suite, sides, comparisons in parts:
        replies = sum(side.provider.answered for side in sides if side is not None)
        broken = any(is_open_to_repair(each) for each in comparisons)
        if broken and within is not None and replies > within:
            note = f"{suite.id}: repairs are not tried here, since it has {replies:,} replies; `rebaseline repair` does"
            found.append((comparisons, (note,)))
        elif broken:
            within = None if within is None else within - replies
            tried = with_repairs(workspace, store, target, suite, sides, comparisons, names=names or None)
            found.append((tried, ()))
        else:
            found.append((comparisons, ()))
    return found
