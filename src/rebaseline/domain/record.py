"""Attempts as they are stored: keyed by the model version that answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from rebaseline.domain.attempt import Attempt
from rebaseline.domain.model import ModelVersion, Provenance, Target

__all__ = [
    "AttemptRecord",
    "Holding",
    "LeftOut",
    "Purgeable",
    "PurgedCell",
    "PurgedVersion",
    "Recorded",
    "SessionHeader",
    "SessionKind",
]


class SessionKind(StrEnum):
    """How attempts came in."""

    RUN = "run"
    IMPORT = "import"


@dataclass(frozen=True, slots=True)
class SessionHeader:
    """One run or import of one suite on one target.

    Attributes:
        key: Unique name of the session, given by whoever opens it.
        kind: Run or import.
        suite: Suite id.
        suite_version: Its version.
        suite_fingerprint: Its fingerprint.
        target: What was asked.
        provenance: With what.
        started_at: When, with time zone.
    """

    key: str
    kind: SessionKind
    suite: str
    suite_version: int
    suite_fingerprint: str
    target: Target
    provenance: Provenance
    started_at: datetime


@dataclass(frozen=True, slots=True)
class AttemptRecord:
    """One attempt with its key.

    Attributes:
        probe: Probe id.
        probe_fingerprint: Fingerprint of the request that was made.
        sample: Which asking of the probe, from 0. Round `r` is sample `r` of every probe.
        model: Who answered; for a rejection or a fault, who was asked.
        attempt: What came of it.
        received_at: When, with time zone.
        session: Key of its session.
    """

    probe: str
    probe_fingerprint: str
    sample: int
    model: ModelVersion
    attempt: Attempt
    received_at: datetime
    session: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one call to record did.

    Attributes:
        new: Attempts stored, those that took the place of another among them.
        replaced: Stored faults and rejections that a later attempt took the place of.
        known: Attempts that were stored already and left alone.
        differing: Of those known, replies that say something else than what is stored in their place.
    """

    new: int
    replaced: int
    known: int
    differing: int = 0


@dataclass(frozen=True, slots=True)
class Holding:
    """What the store holds of one suite on one target and model version.

    Attributes:
        suite: Suite id.
        target: Target name.
        model: The model version.
        answered: Replies.
        rejected: Rejections.
        faulted: Faults.
        first_received_at: Oldest attempt.
        last_received_at: Newest attempt.
        target_fingerprint: Fingerprint of the way to ask; a target that was changed has a holding for each.
    """

    suite: str
    target: str
    model: ModelVersion
    answered: int
    rejected: int
    faulted: int
    first_received_at: datetime
    last_received_at: datetime
    target_fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class Purgeable:
    """What a purge would take of one suite on one target and model version.

    Attributes:
        suite: Suite id, or the name under which a judge's answers are stored.
        target: Target name.
        model: The served id; of what nobody answered, the id that was asked for.
        attempts: Attempts that still hold words.
        first_received_at: The oldest of them.
    """

    suite: str
    target: str
    model: str
    attempts: int
    first_received_at: datetime


@dataclass(frozen=True, slots=True)
class PurgedCell:
    """A cell whose reply was purged.

    Attributes:
        probe: Probe id.
        probe_fingerprint: Fingerprint of the request.
        sample: Sample index.
        received_at: When the last reply to it that was purged had been received.
    """

    probe: str
    probe_fingerprint: str
    sample: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class PurgedVersion:
    """A model version of which replies were purged, all of them or some.

    Attributes:
        suite: Suite id.
        model: The served id.
        last_received_at: When the last of them had been received.
    """

    suite: str
    model: str
    last_received_at: datetime


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is stored of a model and was not read.

    Attributes:
        stale: Attempts of another request than the one asked for, or of probes not asked for.
        purged: Replies whose words were purged.
    """

    stale: int
    purged: int
