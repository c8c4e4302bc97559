"""The manifest of a bundle: what it says it holds, which its members are then held to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from rebaseline.domain.bundle import BundleChoice, Manifest, Member, SuiteMark
from rebaseline.store.bundle_lines import BadLineError, Fields

__all__ = ["ATTEMPTS", "FORMAT", "KIND", "MANIFEST", "MEMBERS", "MODELS", "SESSIONS", "manifest_content", "manifest_of"]

FORMAT = 1
"""Raised with every change that an older version would misread."""
KIND = "rebaseline bundle"
MANIFEST, MODELS, SESSIONS, ATTEMPTS = "manifest.json", "models.jsonl", "sessions.jsonl", "attempts.jsonl"
MEMBERS = (MODELS, SESSIONS, ATTEMPTS)
"""In the order in which they are read: each speaks of the ones before by number."""

_SHA256 = re.compile(r"[0-9a-f]{64}")


def manifest_content(manifest: Manifest) -> dict[str, Any]:
    """Return what stands in the file."""
    return {
        "kind": KIND,
        "format": FORMAT,
        "tool": manifest.tool,
        "made_at": manifest.made_at,
        "chosen": {
            "suites": list(manifest.choice.suites),
            "target": manifest.choice.target,
            "models": list(manifest.choice.models),
        },
        "suites": [{"id": it.id, "version": it.version, "fingerprint": it.fingerprint} for it in manifest.suites],
        "counts": {
            "replies": manifest.replies,
            "rejections": manifest.rejections,
            "faults": manifest.faults,
            "purged": manifest.purged,
        },
        "members": {
            name: {"sha256": member.sha256, "bytes": member.size, "lines": member.lines}
            for name, member in manifest.members.items()
        },
    }


def manifest_of(fields: Fields) -> Manifest:
    """Return the manifest of a file's content.

    Raises:
        BadLineError: It is none, or of a newer format.
    """
    if fields.text_or_none("kind") != KIND:
        raise BadLineError(f"it does not say that it is a {KIND}")
    known = fields.whole("format", least=1)
    if known > FORMAT:
        raise BadLineError(f"its format is {known}; this version of rebaseline reads formats up to {FORMAT}")
    chosen, counts = Fields(fields.mapping("chosen")), Fields(fields.mapping("counts"))
    manifest = Manifest(
        tool=fields.text("tool"),
        made_at=fields.text("made_at"),
        choice=BundleChoice(_texts(chosen.rows("suites")), chosen.text("target"), _texts(chosen.rows("models"))),
        suites=tuple(_suite(row) for row in fields.rows("suites")),
        replies=counts.whole("replies"),
        rejections=counts.whole("rejections"),
        faults=counts.whole("faults"),
        purged=counts.whole("purged"),
        members={name: _member(name, content) for name, content in fields.mapping("members").items()},
    )
    for each in (chosen, counts, fields):
        each.end()
    if set(manifest.members) != set(MEMBERS):
        raise BadLineError(
            f"it lists {', '.join(sorted(manifest.members)) or 'no member'}; {', '.join(MEMBERS)} belong"
        )
    return manifest


def _texts(rows: list[Any]) -> tuple[str, ...]:
    return tuple(Fields({"name": row}).text("name") for row in rows)


def _suite(row: Any) -> SuiteMark:
    fields = Fields(_object("suites", row))
    mark = SuiteMark(fields.text("id"), fields.whole("version"), fields.text("fingerprint"))
    fields.end()
    return mark


def _member(name: str, content: Any) -> Member:
    fields = Fields(_object(name, content))
    member = Member(fields.text("sha256"), fields.whole("bytes"), fields.whole("lines"))
    fields.end()
    if not _SHA256.fullmatch(member.sha256):
        raise BadLineError(f"its digest of {name} is no SHA-256: {member.sha256[:60]!r}")
    return member


def _object(name: str, content: Any) -> Mapping[str, Any]:
    return Fields({name: content}).mapping(name)
