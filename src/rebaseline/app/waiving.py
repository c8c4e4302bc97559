"""Waivers: those that stand, what they cover, and how one is taken back."""

from __future__ import annotations

from datetime import datetime

from rebaseline.app.appending import append_entries
from rebaseline.app.ledgering import ledger_of
from rebaseline.app.workspace import Workspace
from rebaseline.domain.decision import Actor, Waiver
from rebaseline.domain.ledger import Entry
from rebaseline.errors import UsageError
from rebaseline.review.admissible import MAX_WAIVER_DAYS
from rebaseline.review.ledger import Record
from rebaseline.review.signatures import verify_signature
from rebaseline.review.signed import SignatureState
from rebaseline.review.waivers import WITHDRAW, standing_waivers
from rebaseline.store.transaction import transaction

__all__ = ["max_waiver_days", "waivers_of", "withdraw"]


def waivers_of(workspace: Workspace) -> tuple[Waiver, ...]:
    """Return the waivers that stand, expired ones included.

    None counts where the ledger cannot be relied upon: what is missing may have taken one back. None stands for longer
    than the policy allows. Where the project demands signed entries, a waiver whose entry is not
    signed by whoever it names does not count.

    Raises:
        LedgerError: The ledger cannot be read.
    """
    settings, root = workspace.project.ledger, workspace.project.root

    def is_trusted(record: Record) -> bool:
        if not settings.signed:
            return True
        entry = record.entry
        found = verify_signature(
            record.content, record.signature, entry.actor, entry.at, root, signers=settings.signers
        )
        return found.state is SignatureState.GOOD

    ledger = ledger_of(workspace)
    if ledger.gaps:
        return ()
    return standing_waivers(ledger, is_trusted, max_days=max_waiver_days(workspace))


def max_waiver_days(workspace: Workspace) -> int:
    """Return the longest that a waiver may be given for, as the policy says."""
    policy = workspace.project.policy.max_waiver_days
    return MAX_WAIVER_DAYS if policy is None else policy


def withdraw(
    workspace: Workspace, suite: str, assertion: str, *, target: str | None, actor: Actor, at: datetime, reason: str
) -> tuple[Waiver, ...]:
    """Take back every waiver of an assertion on a target.

    Returns:
        What was taken back.

    Raises:
        UsageError: There is none, or no reason is given.
        LedgerError: An entry of the ledger cannot be relied upon.
        ChangeError: The entry cannot be written.
    """
    if not reason.strip():
        raise UsageError("taking a waiver back needs a reason", remedy="give --reason")
    name = workspace.target(target).name
    with transaction(workspace.changeable) as change:
        taken = tuple(
            it for it in waivers_of(workspace) if (it.suite, it.assertion, it.target) == (suite, assertion, name)
        )
        if not taken:
            raise UsageError(
                f"{suite}/{assertion} has no waiver on target {name}", remedy="`rebaseline ledger show` lists decisions"
            )
        known = {it.id: it.version for it in workspace.suites()}
        entry = Entry(
            action=WITHDRAW,
            at=at,
            actor=actor,
            reason=reason.strip(),
            suite=suite,
            suite_version=known.get(suite, 0),
            target=name,
            model=taken[-1].model,
            items={assertion: {"action": WITHDRAW, "reason": reason.strip(), "entries": [it.entry for it in taken]}},
        )
        appended = append_entries(workspace, [entry], sign=None)
        change.commit([file for one in appended for file in one.files])
    return taken
