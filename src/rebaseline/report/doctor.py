"""What ails a project, on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rebaseline.domain.ailment import Ailment, AilmentKind
from rebaseline.report.words import number_of, one_line, wrapped

__all__ = ["ailments_document", "render_ailments"]

_MEANINGS = {
    AilmentKind.DAMAGED: "not as it was written",
    AilmentKind.NEVER_VALID: "accepted, and did not measure the claim even then",
    AilmentKind.EXPIRED: "over its day",
    AilmentKind.WAITING: "proposed, and not accepted yet",
    AilmentKind.STALE: "not what is asked, read or answered now",
    AilmentKind.UNOWNED: "nobody answers for it",
    AilmentKind.UNUSED: "nothing refers to it",
    AilmentKind.RETIRED: "out of use",
}
_LONGEST = 400


def render_ailments(ailments: Sequence[Ailment]) -> str:
    """Return the screen: what is wrong by kind, and under each finding what mends it."""
    return "\n".join(_lines(ailments)) + "\n"


def _lines(ailments: Sequence[Ailment]) -> Iterator[str]:
    if not ailments:
        yield "nothing to mend"
        return
    for kind in AilmentKind:
        found = [ailment for ailment in ailments if ailment.kind is kind]
        if not found:
            continue
        title = f"{kind.upper()}  {_MEANINGS[kind]}"
        yield f"{title:<76}{len(found):>4}"
        for ailment in found:
            yield from wrapped(f"  {one_line(ailment.subject, 80)}  ", one_line(ailment.words, _LONGEST))
            if ailment.where and ailment.where != ailment.subject and ailment.where not in ailment.mend:
                yield f"      at    {one_line(ailment.where, 200)}"
            yield f"      mend  {one_line(ailment.mend, _LONGEST)}"
        yield ""
    yield number_of(len(ailments), "finding")


def ailments_document(ailments: Sequence[Ailment]) -> dict[str, Any]:
    """Return the same as plain values, for JSON."""
    return {
        "findings": [
            {
                "kind": str(ailment.kind),
                "subject": ailment.subject,
                "words": ailment.words,
                "mend": ailment.mend,
                "where": ailment.where,
            }
            for ailment in ailments
        ]
    }
