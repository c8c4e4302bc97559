"""What is asked, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from rebaseline.domain.model import Target
from rebaseline.domain.suite import Probe

__all__ = ["Cell", "Plan"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One asking of one probe.

    Attributes:
        probe: What is asked.
        sample: Which asking of it, from 0; it is in the round of the same number.
    """

    probe: Probe
    sample: int


@dataclass(frozen=True, slots=True)
class Plan:
    """The askings of one run, in rounds.

    Evidence is read only at the end of a complete round, so all probes of a round come before any of the next: an
    interrupted run then leaves one round unread, where probe after probe would leave all of them.

    Attributes:
        probes: The probes of the suite, in its order; each is asked `samples` times.
        target: What they are asked of.
        session: Key of the session that the attempts belong to.
        done: Probe id and sample of what is stored and need not be asked again.
    """

    probes: tuple[Probe, ...]
    target: Target
    session: str
    done: AbstractSet[tuple[str, int]] = frozenset()

    def cells(self) -> Iterator[Cell]:
        """Yield what is left to ask, round by round, in the order of the probes."""
        for sample in range(self.rounds):
            for probe in self.probes:
                if sample < probe.samples and (probe.id, sample) not in self.done:
                    yield Cell(probe, sample)

    @property
    def rounds(self) -> int:
        """Rounds of the whole suite, those that are stored included."""
        return max((probe.samples for probe in self.probes), default=0)

    @property
    def size(self) -> int:
        """How many askings are left."""
        return sum(1 for _ in self.cells())
