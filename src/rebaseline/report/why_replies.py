"""Which replies a verdict rests on or hangs on, so that each can be fetched."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rebaseline.domain.account import Account, Cited, CitedGroup, GroupKind
from rebaseline.domain.comparison import Comparison, Diff
from rebaseline.domain.reading import Valued, Void
from rebaseline.domain.suite import Never
from rebaseline.report.words import WIDTH, number_of, one_line, reading_words, reply_words, void_cause, wrapped

__all__ = ["SHOWN_REPLIES", "reply_lines"]

SHOWN_REPLIES = 12
"""Replies of each group that are listed unless all are wanted."""
_NAME_WIDTH = 24
_HEADINGS = {
    GroupKind.FAILS: "fail",
    GroupKind.PARTIAL: "with a score between",
    GroupKind.WORSE: "worse than their partner in the baseline",
    GroupKind.BETTER: "better than their partner in the baseline",
    GroupKind.ARM: "of the arm that must show engagement do not pass",
}


def reply_lines(diff: Diff, comparison: Comparison, *, everything: bool) -> Iterator[str]:
    """Yield the replies that decide, group by group, and how to get their full texts.

    Args:
        diff: The diff.
        comparison: The assertion.
        everything: List every reply.
    """
    groups = (comparison.account or Account()).groups
    if not groups:
        return
    yield ""
    yield "Which replies decide"
    for group in groups:
        most = len(group.replies) if everything else SHOWN_REPLIES
        yield from wrapped("  ", f"{_heading(group, comparison)}:")
        for cited in group.replies[:most]:
            yield _line(cited, group)
        hidden = len(group.replies) - most
        if hidden > 0:
            yield f"    ... and {hidden:,} more: --why {comparison.name} --all, or --json"
    export = ["rebaseline", "export", "--suite", comparison.suite, "--target", diff.target, "--model", diff.new.name]
    yield "  in full    a line a reply; #1 is sample 0:"
    yield f"    {one_line(shlex.join(export), 400)}"


def _heading(group: CitedGroup, comparison: Comparison) -> str:
    count = len(group.replies)
    if group.kind is GroupKind.FAILS and isinstance(comparison.assertion.bar, Never):
        return number_of(count, "confirmed violation")
    if group.kind is GroupKind.VOIDS:
        return f"{count:,} void, {void_cause(group.broken, group.forms)}"
    return f"{count:,} {_HEADINGS[group.kind]}"


def _line(cited: Cited, group: CitedGroup) -> str:
    name = f"{one_line(cited.probe, 60)} #{cited.sample + 1}"
    words = [_remark(cited, group)]
    if cited.text is not None:
        words.append(reply_words(cited.text, WIDTH))
    start = f"    {name:<{_NAME_WIDTH}}  "
    return start + one_line(" | ".join(filter(None, words)), WIDTH - len(start))


def _remark(cited: Cited, group: CitedGroup) -> str:
    """Return what the heading does not say yet: what was read, or what is wrong with the partner."""
    reading = cited.reading
    if group.kind in {GroupKind.WORSE, GroupKind.BETTER}:
        return f"was {reading_words(cited.old_reading)}, is {reading_words(reading)}"
    if group.kind is GroupKind.VOIDS and isinstance(reading, Valued):
        return f"is {reading_words(reading)}; its partner is void"
    if isinstance(reading, Void) and group.kind is GroupKind.VOIDS:
        return one_line(reading.note, 32)
    return one_line(reading_words(reading), 48)
