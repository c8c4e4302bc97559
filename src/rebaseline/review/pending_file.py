"""A proposal that waits for somebody else to accept it, as a file apart from what is accepted. Read as untrusted."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.decision import Actor, Decision
from rebaseline.errors import UsageError
from rebaseline.review.decision_content import decision_content, decision_from

__all__ = ["FOLDER", "Pending", "parse_pending", "render_pending"]

FOLDER = "pending"
"""Name of the folder of proposals below that of the baselines."""

_FORMAT = 1
_LONGEST = 4_000_000


@dataclass(frozen=True, slots=True)
class Pending:
    """What is proposed.

    Attributes:
        decisions: What to decide.
        models: The old model version, None where there is none, and the new one.
        target: Target name.
        by: Who proposes.
        at: When, with time zone.
        seen: By path relative to the project: SHA-256 of the files that it was proposed upon.
    """

    decisions: tuple[Decision, ...]
    models: tuple[str | None, str]
    target: str
    by: Actor
    at: datetime
    seen: Mapping[str, str] = field(default_factory=dict)


def render_pending(pending: Pending) -> tuple[str, bytes]:
    """Return the name and the content of a proposal's file."""
    content = {
        "format": _FORMAT,
        "proposed": {
            "by": {"name": pending.by.name, "email": pending.by.email},
            "at": pending.at.astimezone(UTC).isoformat(),
        },
        "models": list(pending.models),
        "target": pending.target,
        "decisions": [decision_content(decision) for decision in pending.decisions],
        "seen": dict(pending.seen),
    }
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n"
    return f"{pending.at.astimezone(UTC):%Y%m%dT%H%M%SZ}-{fingerprint(content)[:8]}.json", text.encode()


def parse_pending(raw: bytes, *, shown: str) -> Pending:
    """Return the proposal that a file holds. Whatever it says of being verified is not taken over.

    Args:
        raw: The file's bytes.
        shown: How messages name it.

    Raises:
        UsageError: It is none, or damaged.
    """
    try:
        return _pending(json.loads(_bounded(raw)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(
            f"this is no proposal, or a damaged one: {error}",
            where=shown,
            remedy="take the file back from git, or propose again; nothing was changed",
        ) from error


def _bounded(raw: bytes) -> bytes:
    if len(raw) > _LONGEST:
        raise ValueError(f"{len(raw):,} bytes are too many")
    return raw


def _pending(content: Any) -> Pending:
    if content["format"] != _FORMAT:
        raise ValueError(f"it has format {content['format']!r}")
    old, new = content["models"]
    by, at = content["proposed"]["by"], datetime.fromisoformat(content["proposed"]["at"])
    if at.tzinfo is None or not isinstance(new, str) or not isinstance(old, str | None):
        raise ValueError("its time has no time zone, or its models are no names")
    decisions = tuple(replace(decision_from(it), verified=False, review_seconds=0.0) for it in content["decisions"])
    if not decisions:
        raise ValueError("it decides nothing")
    return Pending(
        decisions=decisions,
        models=(old, new),
        target=str(content["target"]),
        by=Actor(str(by["name"]), str(by["email"])),
        at=at,
        seen={str(path): str(digest) for path, digest in content["seen"].items()},
    )
