"""Static controls that follow the answer to an open question: what was void because nobody had said."""

from __future__ import annotations

from rebaseline.domain.edit import Drop, Edit, Put
from rebaseline.domain.suite import Expectation
from rebaseline.repair.facts import Facts

__all__ = ["moved_controls"]


def moved_controls(facts: Facts, positions: tuple[int, ...], to: Expectation) -> tuple[Edit, ...]:
    """Return the edits that make controls which had to be void ones that must pass, or fail.

    Args:
        facts: The assertion.
        positions: Which of its `voids`, counted from 0.
        to: What they must be from now on.
    """
    written = facts.entry.get("controls")
    voids = written.get("voids") if isinstance(written, dict) else None
    if not positions or not isinstance(written, dict) or not isinstance(voids, list):
        return ()
    stand = written.get(to.value)
    edits: list[Edit] = []
    if isinstance(stand, list):
        start = len(stand)
        puts = (
            Put(facts.place("controls", to.value, start + number), voids[position])
            for number, position in enumerate(positions)
        )
        edits.extend(puts)
    else:
        edits.append(Put(facts.place("controls", to.value), [voids[position] for position in positions]))
    # From the last to the first, so that positions stay what they are.
    edits.extend(Drop(facts.place("controls", "voids", position)) for position in sorted(positions, reverse=True))
    return tuple(edits)
