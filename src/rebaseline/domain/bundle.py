"""What a bundle holds: stored attempts and all that says whose they are, for a reader without the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from rebaseline.domain.record import SessionHeader

__all__ = ["BundleChoice", "Manifest", "Member", "PackedSession", "SuiteMark"]


@dataclass(frozen=True, slots=True)
class BundleChoice:
    """What to pack.

    Attributes:
        suites: Suite ids. What their judges answered goes with them, whole: it is about the same replies.
        target: Target name.
        models: Served ids.
    """

    suites: tuple[str, ...]
    target: str
    models: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackedSession:
    """A session with those whom it met.

    Attributes:
        header: The session.
        met: By number of the model version, counted from 1 in the order of the bundle: whether it answered in the
            session, or was only asked for.
    """

    header: SessionHeader
    met: Mapping[int, bool]


@dataclass(frozen=True, slots=True)
class Member:
    """One file in a bundle.

    Attributes:
        sha256: Digest of its bytes, in hex.
        size: Its bytes, not compressed.
        lines: Its lines.
    """

    sha256: str
    size: int
    lines: int


@dataclass(frozen=True, slots=True, order=True)
class SuiteMark:
    """Which state of a suite was asked.

    Attributes:
        id: Suite id.
        version: Its version.
        fingerprint: Its fingerprint.
    """

    id: str
    version: int
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle says of itself.

    Attributes:
        tool: Version of rebaseline that made it.
        made_at: When, in ISO 8601 with time zone.
        choice: What was asked for.
        suites: Every state of the suites that was asked, sorted.
        replies: Replies that hold their words.
        rejections: Rejections.
        faults: Faults.
        purged: Attempts without their words.
        members: By name.
    """

    tool: str
    made_at: str
    choice: BundleChoice
    suites: tuple[SuiteMark, ...]
    replies: int
    rejections: int
    faults: int
    purged: int
    members: Mapping[str, Member]
