"""Words for what changed in the manner of the replies, for samples that disagree, and for the placebo."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from rebaseline.domain.behaviour import Behaviour, Flicker, Manner, Note, NoteKind, Placebo, Split
from rebaseline.domain.comparison import Diff
from rebaseline.report.words import count_of, figure, number_of, one_line, percent, wrapped

__all__ = ["flicker_words", "manner_lines", "note_words", "placebo_words"]

_SHOWN, _SHOWN_OPENINGS = 6, 3
_NAME, _CHANGE = 36, 21
_TELLING = 0.05
"""Plain shares that differ by less are passed over: nothing is known of their uncertainty."""
_NEAR_ONE = 0.1


def manner_lines(diff: Diff, *, everything: bool) -> Iterator[str]:
    """Show what changed in the manner of the replies; where the old ones are not at hand, plain shares and no claim.

    Args:
        diff: The diff.
        everything: Every note, also the small ones.
    """
    behaviour = diff.behaviour
    if behaviour is None:
        yield from _plain(diff.old_manner, diff.new_manner)
    elif behaviour.probes:
        yield ""
        if not behaviour.notes:
            yield from wrapped("Manner: ", f"no change shown ({_looked_at(behaviour)})")
            return
        title = "MANNER  what changed in the replies, probe by probe"
        yield f"{title:<76}{len(behaviour.notes):>4}"
        shown = behaviour.notes if everything else _first(behaviour.notes)
        yield from (note_words(note) for note in shown)
        if len(shown) < len(behaviour.notes):
            yield f"     ... {len(behaviour.notes) - len(shown)} more (--all)"
        yield from wrapped("     ", f"of {_looked_at(behaviour)}; false discoveries at most {percent(behaviour.level)}")


def _first(notes: Sequence[Note]) -> list[Note]:
    """Return the notes with the largest effects; openings that came and went must not crowd out all others."""
    openings = [note for note in notes if note.kind is NoteKind.OPENING][_SHOWN_OPENINGS:]
    return [note for note in notes if note not in openings][:_SHOWN]


def _looked_at(behaviour: Behaviour) -> str:
    openings = f" and {number_of(behaviour.openings, 'opening')}" if behaviour.openings else ""
    return f"{number_of(behaviour.measures, 'measure')}{openings} over {number_of(behaviour.probes, 'probe')}"


def note_words(note: Note) -> str:
    """Return one note as a line: name, old and new, the change and its interval."""
    match note.kind:
        case NoteKind.SHARE:
            return f"   {note.measure:<{_NAME}}  {_shares(note)}"
        case NoteKind.OPENING:
            opening = f'opens "{one_line(note.measure, _NAME - 8)}"'
            return f"   {opening:<{_NAME}}  {_shares(note)}"
        case NoteKind.RATIO:
            change = f"x{_ratio(note.estimate)} ({_ratio(note.low)} to {_ratio(note.high)})"
            return f"   {note.measure:<{_NAME}}  {change:<{_CHANGE}}  mean {_amount(note.old)} -> {_amount(note.new)}"


def _shares(note: Note) -> str:
    change = f"{percent(note.old)} -> {percent(note.new)}"
    return f"{change:<{_CHANGE}}  {_points(note.estimate)} points ({_points(note.low)} to {_points(note.high)})"


def _points(share: float) -> str:
    points = 100.0 * share
    return f"{points:+.0f}" if abs(points) >= 1.0 or not points else f"{points:+.1g}"


def _amount(amount: float) -> str:
    return f"{amount:,.0f}" if amount >= 100.0 else f"{amount:.2g}"  # noqa: PLR2004 - two digits say enough


def _ratio(ratio: float) -> str:
    if math.isinf(ratio):
        return "any"
    return f"{ratio:.3g}" if abs(ratio - 1.0) < _NEAR_ONE else f"{ratio:.2g}" if ratio < 10.0 else f"{ratio:,.0f}"  # noqa: PLR2004


def _plain(old: Manner | None, new: Manner) -> Iterator[str]:
    if not new.replies:
        return
    yield ""
    if old is None or not old.replies:
        yield "Manner: nothing to compare with: the old replies are not at hand."
        return
    parts = [
        f"{name} {percent(old.shares[name])} -> {percent(share)}"
        for name, share in new.shares.items()
        if name in old.shares and abs(share - old.shares[name]) >= _TELLING
    ]
    shares = "   ".join(parts) or f"none differs by {percent(_TELLING)} or more"
    yield from wrapped("Manner: ", f"no change is claimed, for the old replies are not at hand. Plain shares: {shares}")


def flicker_words(flicker: Flicker | None) -> str:
    """Return how much samples of one probe disagree; empty where no side was read."""
    if flicker is None:
        return ""
    if not flicker.probes:
        return "cannot be seen: no probe has two readings"
    seen = count_of(flicker.flickering, flicker.probes)
    if not flicker.flickering:
        return f"{seen} probes: samples of a probe agree"
    return f"{seen} probes; two samples of a probe disagree in {figure(flicker.disagreement)} of cases"


_SPLITS = {
    Split.ROUNDS: "every other round",
    Split.SESSIONS: "every other session",
    Split.BOTH: "every other session or round",
}


def placebo_words(placebo: Placebo, *, recorded: bool) -> str:
    """Return what the old version against itself shows, or how to come by it.

    Args:
        placebo: The placebo.
        recorded: Replies are imported, so that nobody can be asked.
    """
    if placebo.split is None:
        more = "import a second reply a probe" if recorded else "say `samples: 2`, or ask the old version once more"
        return f"none: the old version has one round, which makes no halves; {more}"
    notes = "" if placebo.notes is None else f", {number_of(placebo.notes, 'note')} on manner"
    alone = f"; {placebo.left_out:,} had one round" if placebo.left_out else ""
    settled = f"; {placebo.unsettled:,} unsettled on half of the replies" if placebo.unsettled else ""
    changed = f": {', '.join(placebo.changed[:3])}" if placebo.changed else ""
    return (
        f"the old version against itself: {count_of(len(placebo.changed), placebo.compared)} changed{changed}{notes} "
        f"({_SPLITS[placebo.split]}{settled}{alone})"
    )
