"""One entry of the ledger as a file: canonical JSON that holds its own digest, under a name that sorts by time."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rebaseline.domain.canonical import canonical_json
from rebaseline.domain.decision import Actor
from rebaseline.domain.ledger import Entry, FileChange
from rebaseline.review.flaws import Flaw, FlawKind

__all__ = ["FORMAT", "NAME", "compose_entry", "name_of", "parse_entry"]

FORMAT = 1
"""The format that is written. Older ones are read; a newer one is refused."""

NAME = re.compile(r"[0-9]{8}T[0-9]{12}Z-[0-9a-f]{12}\.json")
"""What the name of an entry's file looks like: UTC to the microsecond, and the start of its digest."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
_SHA256_OR_NONE = re.compile(r"([0-9a-f]{64})?")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONFLICT = re.compile(rb"^(?:<<<<<<<|=======|>>>>>>>)(?: |\r?$)", re.MULTILINE)
_RESTORE = "take it from git history: `git log -- FILE`, then `git checkout COMMIT -- FILE`"


def compose_entry(entry: Entry) -> tuple[str, bytes, str]:
    """Return the name, the content and the digest of an entry's file. Nothing is written.

    Args:
        entry: The entry; its time has a time zone, its parents are the heads that the ledger has now.

    Returns:
        The file's name, its bytes, and the SHA-256 that names it as a parent: of its canonical content without it.

    Raises:
        ValueError: The time has no time zone.
        TypeError: An item holds what JSON cannot express.
    """
    if entry.at.tzinfo is None:
        raise ValueError(f"the time of an entry needs a time zone: {entry.at.isoformat()}")
    content = _content_of(entry)
    digest = _digest_of(content)
    return name_of(entry.at, digest), _render({**content, "digest": digest}), digest


def name_of(at: datetime, digest: str) -> str:
    """Return the name of an entry's file.

    >>> name_of(datetime(2026, 11, 26, 10, 15, tzinfo=UTC), "0f" * 32)
    '20261126T101500000000Z-0f0f0f0f0f0f.json'
    """
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S%f}Z-{digest[:12]}.json"


def parse_entry(name: str, raw: bytes) -> tuple[Entry, str, bytes] | Flaw:
    """Return the entry that a file holds, its digest and its canonical bytes; or what is wrong with the file.

    Line ends may have been changed on checkout; nothing else may differ from what was written.
    """
    if _CONFLICT.search(raw):
        remedy = f"entries are never merged: {_RESTORE}"
        return Flaw(FlawKind.CONFLICTED, name, "it holds a merge conflict", remedy)
    try:
        content = json.loads(raw.decode(), object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        reason = "it is empty" if not raw.strip() else f"it is cut short or no JSON: {error}"
        return Flaw(FlawKind.DAMAGED, name, reason, _RESTORE)
    if not isinstance(content, dict) or type(content.get("format")) is not int or not _is_digest(content.get("digest")):
        return Flaw(
            FlawKind.FOREIGN,
            name,
            "it is JSON, but no entry: it names no format and no digest",
            f"take it out of the ledger's folder; if it was an entry, {_RESTORE}",
        )
    if content["format"] > FORMAT:
        return Flaw(
            FlawKind.NEWER,
            name,
            f"it has format {content['format']}; this version of rebaseline knows formats up to {FORMAT}",
            "upgrade rebaseline",
        )
    return _read(name, raw, content)


def _read(name: str, raw: bytes, content: dict[str, Any]) -> tuple[Entry, str, bytes] | Flaw:
    digest = content["digest"]
    bare = {key: value for key, value in content.items() if key != "digest"}
    if _digest_of(bare) != digest:
        return Flaw(FlawKind.EDITED, name, "it was edited: its digest does not fit its content", _RESTORE)
    canonical = _render(content)
    if raw.replace(b"\r\n", b"\n") != canonical:
        return Flaw(FlawKind.EDITED, name, "it was edited: it is not laid out as it was written", _RESTORE)
    try:
        entry = _entry_from(bare)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return Flaw(FlawKind.FOREIGN, name, f"it lacks something or holds something unknown: {error}", _RESTORE)
    if name_of(entry.at, digest) != name:
        known_as = name_of(entry.at, digest)
        remedy = f"it was written as {known_as}: give it that name again, or take it away if that file is there, too"
        return Flaw(FlawKind.RENAMED, name, "its name does not fit its content", remedy)
    return entry, digest, canonical


def _content_of(entry: Entry) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "action": entry.action,
        "at": f"{entry.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}Z",
        "actor": _person(entry.actor),
        "reason": entry.reason,
        "suite": entry.suite,
        "suite_version": entry.suite_version,
        "target": entry.target,
        "model": entry.model,
        "compared_with": entry.compared_with,
        "items": {key: dict(item) for key, item in entry.items.items()},
        "files": [{"path": it.path, "before": it.before, "after": it.after} for it in entry.files],
        "evidence": entry.evidence,
        "parents": sorted(entry.parents),
        "proposed_by": None if entry.proposed_by is None else _person(entry.proposed_by),
    }


def _person(actor: Actor) -> dict[str, str]:
    return {"name": actor.name, "email": actor.email}


def _entry_from(content: Mapping[str, Any]) -> Entry:
    at = datetime.fromisoformat(_text(content["at"]))
    if at.tzinfo is None:
        raise ValueError(f"the time has no time zone: {content['at']}")
    entry = Entry(
        action=_text(content["action"]),
        at=at,
        actor=_actor_from(content["actor"]),
        reason=_text(content["reason"]),
        suite=_text(content["suite"]),
        suite_version=int(content["suite_version"]),
        target=_text(content["target"]),
        model=_text(content["model"]),
        compared_with=_text(content["compared_with"]),
        items={_text(key): dict(item) for key, item in content["items"].items()},
        files=tuple(_file_from(each) for each in content["files"]),
        evidence=_text(content["evidence"]),
        parents=tuple(_text(parent) for parent in content["parents"]),
        proposed_by=None if content["proposed_by"] is None else _actor_from(content["proposed_by"]),
    )
    if not all(map(_is_digest, entry.parents)):
        raise ValueError("a parent is no digest")
    if _content_of(entry) != dict(content):
        raise ValueError("a field that this format does not have, or one of another kind")
    return entry


def _actor_from(content: Mapping[str, Any]) -> Actor:
    actor = Actor(_text(content["name"]), _text(content["email"]))
    if any(unicodedata.category(letter) == "Cc" for letter in actor.name + actor.email):
        raise ValueError("a control character in the name of a person")
    return actor


def _file_from(content: Mapping[str, Any]) -> FileChange:
    change = FileChange(_text(content["path"]), _text(content["before"]), _text(content["after"]))
    if not _SHA256_OR_NONE.fullmatch(change.before) or not _SHA256_OR_NONE.fullmatch(change.after):
        raise ValueError(f"no SHA-256 of {change.path!r}")
    return change


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _is_digest(value: Any) -> bool:
    return isinstance(value, str) and _DIGEST.fullmatch(value) is not None


def _digest_of(content: Mapping[str, Any]) -> str:
    return hashlib.sha256(canonical_json(content).encode("utf-8", "surrogatepass")).hexdigest()


def _render(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return (_SURROGATE.sub(lambda half: f"\\u{ord(half.group()):04x}", text) + "\n").encode()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that stands twice would show readers one value and hide another."""
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON")
