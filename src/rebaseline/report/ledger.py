"""The ledger for people and for programs: a screen that an auditor can follow, rows, and documents."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC
from typing import Any

from rebaseline.report.screen import HEAD_DIGITS
from rebaseline.report.words import count_of, number_of, one_line, wrapped
from rebaseline.review.flaws import Flaw
from rebaseline.review.ledger import Ledger, Record
from rebaseline.review.signed import SignatureState, Signed

__all__ = [
    "COLUMNS",
    "document_of_record",
    "entry_lines",
    "findings_document",
    "findings_lines",
    "rows_of_record",
    "signing_lines",
]

COLUMNS = (
    "at",
    "actor",
    "email",
    "action",
    "suite",
    "suite_version",
    "assertion",
    "decided",
    "verdict",
    "verdict_after",
    "rules",
    "words",
    "owner",
    "expires_on",
    "target",
    "model",
    "compared_with",
    "reason",
    "proposed_by",
    "signature",
    "evidence",
    "entry",
    "parents",
    "file",
)
"""Of the CSV: a row for each assertion of an entry, or one for an entry that names none."""

_REASON = 400
_CELL = 10_000


def entry_lines(record: Record, signed: Signed, *, only: str = "") -> Iterator[str]:
    """Return the lines of one entry: when, what, who, why, what changed, and the digests that hold it.

    Args:
        record: The entry.
        signed: What is known of its signature.
        only: The assertion that is asked for; empty for all.
    """
    entry = record.entry
    version = f"{entry.suite} {entry.suite_version}"
    model = f"{entry.compared_with} -> {entry.model}" if entry.compared_with else entry.model
    at = f"{entry.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    yield f"{at}   {one_line(entry.action)}   {one_line(version)}   {one_line(f'{entry.target}: {model}', 160)}"
    yield f"  by    {one_line(str(entry.actor))}   {_signed_words(signed)}"
    if entry.proposed_by is not None:
        yield f"  from  {one_line(str(entry.proposed_by))}, who proposed it"
    yield from wrapped("  why   ", one_line(entry.reason, _REASON))
    for name, item in entry.items.items():
        if not only or name == only:
            yield from _item_lines(name, item)
    for change in entry.files:
        done = "taken away" if not change.after else "changed" if change.before else "written"
        yield f"  file  {one_line(change.path, 90)}   {done}"
    evidence = f"evidence {one_line(entry.evidence.removeprefix('sha256:')[:HEAD_DIGITS])}   " if entry.evidence else ""
    after = ", ".join(parent[:HEAD_DIGITS] for parent in entry.parents)
    yield f"  {evidence}entry {record.digest[:HEAD_DIGITS]}" + (f" after {after}" if after else ", the first")


def _signed_words(signed: Signed) -> str:
    if signed.state is SignatureState.GOOD:
        return f"signed by {one_line(signed.by)}"
    return f"{signed.state}: {one_line(signed.why, 200)}" if signed.why else str(signed.state)


def _item_lines(name: str, item: Mapping[str, Any]) -> Iterator[str]:
    verdicts = " -> ".join(_text(item, key) for key in ("verdict", "verdict_after") if _text(item, key))
    verified = "verified" if item.get("verified") is True else "not verified" if item.get("verified") is False else ""
    facts = [_text(item, "action"), verdicts, _text(item, "words"), verified, _waiver_words(item)]
    yield from wrapped(f"    {one_line(name)}   ", one_line("; ".join(fact for fact in facts if fact), _REASON) or "-")
    yield from (line for words in _rules(item) for line in wrapped("      rule  ", one_line(words, _REASON)))
    if _text(item, "reason"):
        yield from wrapped("      why   ", one_line(_text(item, "reason"), _REASON))


def _waiver_words(item: Mapping[str, Any]) -> str:
    owner, until = _text(item, "owner"), _text(item, "expires_on")
    return f"until {until}, answered for by {owner}" if owner and until else ""


def _rules(item: Mapping[str, Any]) -> list[str]:
    """Return each changed rule with its direction. Entries are files: what is not as we write it is shown as it is."""
    rules = item.get("rules") or []
    return [_rule(rule) for rule in (rules if isinstance(rules, list) else [rules])]


def _rule(rule: Any) -> str:
    if not isinstance(rule, Mapping):
        return str(rule)
    direction = f" ({_text(rule, 'direction')})" if _text(rule, "direction") else ""
    return f"{_text(rule, 'what')}: {_text(rule, 'old')} -> {_text(rule, 'new')}{direction}"


def _text(item: Mapping[str, Any], key: str) -> str:
    value = item.get(key)
    return "" if value is None else str(value)


def findings_lines(ledger: Ledger, flaws: Sequence[Flaw], compared: int | None, ref: str | None) -> Iterator[str]:
    """Return what looking over a ledger found, and last what that means."""
    for flaw in flaws:
        yield from wrapped(f"{flaw.kind}  ", f"{one_line(flaw.where, 200)}: {one_line(flaw.message, 300)}")
        yield from wrapped("    ", one_line(flaw.remedy, 300))
    if flaws:
        yield ""
    if compared is not None:
        yield f"{number_of(compared, 'entry')} of {one_line(ref or '')} looked for here."
    entries = number_of(len(ledger.records), "entry")
    heads = f", {number_of(len(ledger.heads), 'head')} {ledger.head_digest}" if ledger.records else ""
    yield f"{entries}{heads}."
    blocking = sum(flaw.blocks for flaw in flaws)
    if blocking:
        yield f"exit 2 ({count_of(blocking, len(flaws))} findings: the ledger cannot be relied upon)"
    elif flaws:
        yield f"exit 0 ({number_of(len(flaws), 'warning')})"
    else:
        yield "exit 0 (every entry is as it was written)"


def signing_lines(record: Record, outcome: str, was: str) -> Iterator[str]:
    """Return what became of an entry that was to be signed, and what it says: nobody signs what they did not see."""
    entry = record.entry
    if outcome == "left":
        yield from wrapped(f"{outcome:<8}  ", f"{record.name} to be signed by {one_line(str(entry.actor))}")
        return
    yield f"{outcome:<8}  {record.name}" + (" is signed already" if outcome == "good" else "")
    if outcome == "good":
        return
    if was:
        yield from wrapped("    ", f"instead of one that was no good: {one_line(was, 300)}")
    about = one_line(f"{entry.action} {entry.suite} {entry.suite_version} ({entry.target}: {entry.model})", 200)
    items = "".join(f"; {one_line(name, 80)}: {one_line(_text(it, 'action'), 40)}" for name, it in entry.items.items())
    yield from wrapped("    ", f"{about}: {one_line(entry.reason, _REASON)}{items}")


def findings_document(ledger: Ledger, flaws: Sequence[Flaw], compared: int | None) -> dict[str, Any]:
    """Return the same for programs."""
    return {
        "format": 1,
        "entries": len(ledger.records),
        "heads": list(ledger.heads),
        "head_digest": ledger.head_digest or None,
        "compared": compared,
        "findings": [
            {
                "kind": str(flaw.kind),
                "where": flaw.where,
                "message": flaw.message,
                "remedy": flaw.remedy,
                "blocks": flaw.blocks,
            }
            for flaw in flaws
        ],
        "exit_code": 2 if any(flaw.blocks for flaw in flaws) else 0,
    }


def document_of_record(record: Record, signed: Signed) -> dict[str, Any]:
    """Return an entry as it stands in its file, with the name of the file and what is known of its signature."""
    content: dict[str, Any] = json.loads(record.content)
    return {
        "file": record.name,
        **content,
        "signature": {"state": str(signed.state), "by": signed.by or None, "why": signed.why or None},
    }


def rows_of_record(record: Record, signed: Signed) -> Iterator[dict[str, Any]]:
    """Return a row of `COLUMNS` for each assertion of an entry, or one where it names none."""
    for name, item in record.entry.items.items() or [("", {})]:
        row = _row(record, signed, name, item)
        yield {key: one_line(value, _CELL) if isinstance(value, str) else value for key, value in row.items()}


def _row(record: Record, signed: Signed, name: str, item: Mapping[str, Any]) -> dict[str, Any]:
    entry = record.entry
    return {
        "at": entry.at.astimezone(UTC).isoformat(),
        "actor": entry.actor.name,
        "email": entry.actor.email,
        "action": entry.action,
        "suite": entry.suite,
        "suite_version": entry.suite_version,
        "assertion": name,
        "decided": _text(item, "action"),
        **{key: _text(item, key) for key in ("verdict", "verdict_after", "words", "owner", "expires_on")},
        "rules": "; ".join(_rules(item)),
        "target": entry.target,
        "model": entry.model,
        "compared_with": entry.compared_with,
        "reason": _text(item, "reason") or entry.reason,
        "proposed_by": "" if entry.proposed_by is None else str(entry.proposed_by),
        "signature": str(signed.state),
        "evidence": entry.evidence,
        "entry": record.digest,
        "parents": " ".join(entry.parents),
        "file": record.name,
    }
