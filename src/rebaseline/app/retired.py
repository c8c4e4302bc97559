"""Assertions that were retired after they were accepted: to take out of use what fails is no way to pass."""

from __future__ import annotations

from dataclasses import replace

from rebaseline.app.accepted_rules import baselines_of, gone_since, last_accepted
from rebaseline.app.ledgering import ledger_of
from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Action
from rebaseline.domain.model import Target
from rebaseline.domain.suite import Suite
from rebaseline.store.store import Store

__all__ = ["with_retired"]


def with_retired(workspace: Workspace, store: Store, suite: Suite, target: Target, model: str) -> Suite:
    """Return a suite with what was retired and is still to be looked at for a version, in use again.

    That is what some baseline holds and no later entry calls gone, unless the ledger has its retirement from before
    this version first answered: a decision speaks of what there was to be seen, and of the versions that came later.

    Args:
        workspace: The project.
        store: Its store.
        suite: The suite.
        target: The target.
        model: The version.

    Raises:
        BaselineError: A baseline is damaged.
        LedgerError: The ledger cannot be read.
    """
    if not suite.retired:
        return suite
    gone = gone_since(workspace, suite, target, last_accepted(baselines_of(workspace, suite, target)))
    held = {it.id for it in suite.retired} & gone.keys()
    held -= _retired_before(workspace, store, suite, target, model) if held else set()
    if not held:
        return suite
    return replace(
        suite,
        assertions=(*suite.assertions, *(it for it in suite.retired if it.id in held)),
        retired=tuple(it for it in suite.retired if it.id not in held),
    )


def _retired_before(workspace: Workspace, store: Store, suite: Suite, target: Target, model: str) -> set[str]:
    first = min(
        (it.first_received_at for it in store.holdings(suite=suite.id, target=target.name) if it.model.name == model),
        default=None,
    )
    return {
        name
        for record in ledger_of(workspace).records.values()
        if record.entry.suite == suite.id and first is not None and record.entry.at < first
        for name, item in record.entry.items.items()
        if item.get("action") == Action.RETIRE
    }
