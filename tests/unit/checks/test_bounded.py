"""Code of others is kept to its contract, and what it said is kept."""

from __future__ import annotations

from rebaseline.checks.bounded import Isolated
from rebaseline.domain.attempt import Reply
from rebaseline.domain.instrument import Look, Polarity
from rebaseline.domain.reading import Assumption


class Talkative:
    polarity = Polarity.PRESENCE
    tolerates = ()
    judges_refusal = False

    def __init__(self, found):
        self.found = found

    def look(self, reply, undo):
        return self.found

    def seeded_faults(self, reply):
        return ()


def test_a_note_that_is_cut_takes_nothing_else_with_it():
    for value, broken in ((0.0, Assumption.READABLE), (None, Assumption.COMPLETE)):
        found = Isolated(Talkative(Look(value, "n" * 500, broken, "41"))).look(Reply("x"), frozenset())
        assert (found.value, found.note, found.broken, found.answer) == (value, "n" * 200, broken, "41")
