"""What a project file sets, as frozen records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from rebaseline.domain.model import Price, System, SystemStage, Target
from rebaseline.domain.redaction import RedactionRule

__all__ = ["LedgerSettings", "Paths", "Policy", "Project", "RunSettings", "StoreSettings", "TargetLimits"]


@dataclass(frozen=True, slots=True)
class Paths:
    """Folders of the project, absolute.

    Attributes:
        probes: Suites.
        baselines: Accepted baselines and the ledger.
        reports: Reports that commands write.
        labels: What people said of replies, and the draws that chose these.
    """

    probes: Path
    baselines: Path
    reports: Path
    labels: Path


@dataclass(frozen=True, slots=True)
class RunSettings:
    """Bounds of a run.

    Attributes:
        reuse_within_seconds: Stored replies that are younger are not asked for again; 0 reuses none.
        max_usd: Most that a run may cost; None for no bound.
        max_calls: Most calls of a run; None for no bound.
        concurrency: Calls at a time, where the target does not say.
    """

    reuse_within_seconds: float = 86400.0
    max_usd: float | None = None
    max_calls: int | None = None
    concurrency: int = 8


@dataclass(frozen=True, slots=True)
class StoreSettings:
    """Where replies are kept.

    Attributes:
        url: Database URL; a path in it is absolute.
        retention_days: Replies are purged after so many days; None keeps them.
        redact: What is taken out of replies before they are stored, in this order.
    """

    url: str
    retention_days: int | None = None
    redact: tuple[RedactionRule, ...] = ()


@dataclass(frozen=True, slots=True)
class LedgerSettings:
    """What the project demands of its ledger.

    Attributes:
        signed: Every entry is signed by whoever it names as acting.
        signers: Who may sign with which SSH key, a file as `ssh-keygen` reads it, absolute; None takes the one that git
            is set up with.
        separate_duties: Who accepts a changed rule or gives a waiver is not who proposed it.
        signed_since: Entries that were made before this day, in UTC, need no signature; None for no such day.
    """

    signed: bool = False
    signers: Path | None = None
    separate_duties: bool = False
    signed_since: date | None = None


@dataclass(frozen=True, slots=True)
class TargetLimits:
    """How fast one target may be asked, and what it costs.

    Attributes:
        timeout_seconds: For each call; None for the usual.
        concurrency: Calls at a time; None for the run's.
        price: What its tokens cost; None where nobody said: unknown is not 0.
    """

    timeout_seconds: float | None = None
    concurrency: int | None = None
    price: Price | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """What findings mean for a system at one stage.

    Attributes:
        block: Words of findings that block; None where the file does not say, and the gate's own hold.
        warn: Words of findings that are shown as warnings.
        max_waiver_days: The longest that a waiver may be given for; None where the file does not say.
    """

    block: frozenset[str] | None = None
    warn: frozenset[str] = frozenset()
    max_waiver_days: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    """A project file, read.

    Attributes:
        root: Folder of the project file, absolute.
        system: The system under test.
        targets: Ways to ask it, by name, in the order of the file.
        paths: Its folders.
        run: Bounds of a run.
        store: Where replies are kept.
        limits: How fast each target may be asked, by its name.
        policies: By stage, where the file sets them.
        python_checks: Whether suites may bring Python checks.
        ledger: What is demanded of the ledger.
    """

    root: Path
    system: System
    targets: Mapping[str, Target]
    paths: Paths
    run: RunSettings
    store: StoreSettings
    limits: Mapping[str, TargetLimits] = field(default_factory=dict)
    policies: Mapping[SystemStage, Policy] = field(default_factory=dict)
    python_checks: bool = False
    ledger: LedgerSettings = field(default_factory=LedgerSettings)

    @property
    def policy(self) -> Policy:
        """The policy for the stage that the system is at."""
        return self.policies.get(self.system.stage, Policy())
