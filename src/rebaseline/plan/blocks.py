"""Which askings of a suite are left, given what is stored."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from rebaseline.domain.model import Target
from rebaseline.domain.record import Holding
from rebaseline.domain.suite import Probe

__all__ = ["Remaining", "answered_last", "plan_blocks", "plan_remaining"]


@dataclass(frozen=True, slots=True)
class Remaining:
    """What one model version is still to be asked.

    Attributes:
        probes: The probes, with as many samples as are planned in all blocks so far.
        done: Probe id and sample of what is not to be asked again.
        stored: Of these, what is stored; the rest lies in blocks that were left behind.
        block: Number of the block to ask, from 0.
    """

    probes: tuple[Probe, ...]
    done: frozenset[tuple[str, int]]
    stored: frozenset[tuple[str, int]] = frozenset()
    block: int = 0

    def left(self, probe: Probe) -> int:
        """Return how many samples of one of `probes` are to be asked."""
        return sum((probe.id, sample) not in self.done for sample in range(probe.samples))


def answered_last(held: Iterable[Holding], target: Target) -> str | None:
    """Return the served id that answered last when the target's model was asked for; None where none ever did."""
    answered = [holding for holding in held if holding.answered and holding.model.requested == target.model]
    newest = max(answered, key=lambda holding: holding.last_received_at, default=None)
    return None if newest is None else newest.model.served


def plan_remaining(
    probes: tuple[Probe, ...], stored: AbstractSet[tuple[str, str, int]], young: AbstractSet[tuple[str, str, int]]
) -> Remaining:
    """Return what is still to be asked.

    Samples come in blocks of what the suite plans. A block that was begun is completed. One that is complete is left
    alone while any of its replies is younger than `reuse_within`; after that the next block is asked: a stored reply is
    never overwritten, and more samples continue the evidence.

    Args:
        probes: The probes as the suite words them now; replies to another wording do not count.
        stored: Probe id, fingerprint of its request and sample of every stored reply and rejection.
        young: Of these, the ones that may be reused.
    """
    wording = {probe.id: probe.fingerprint for probe in probes}

    def current(cells: AbstractSet[tuple[str, str, int]]) -> set[tuple[str, int]]:
        return {(probe, sample) for probe, asked, sample in cells if wording.get(probe) == asked}

    held = current(stored)
    blocks, done = plan_blocks(probes, held, current(young))
    planned = probes if blocks == 1 else tuple(replace(probe, samples=blocks * probe.samples) for probe in probes)
    return Remaining(planned, done, frozenset(held), blocks - 1)


def plan_blocks(
    probes: tuple[Probe, ...], stored: set[tuple[str, int]], young: set[tuple[str, int]]
) -> tuple[int, frozenset[tuple[str, int]]]:
    """Return how many blocks of samples to plan, and the cells of them that are not to be asked.

    Args:
        probes: The probes; a block holds `samples` of each.
        stored: Probe id and sample of every stored reply and rejection.
        young: Of these, the ones that may be reused.
    """
    samples = {probe.id: probe.samples for probe in probes}
    begun = max((sample // samples[probe] for probe, sample in stored), default=0)
    last = _block_to_ask(probes, stored, young, begun)
    earlier = {(probe.id, index) for probe in probes for index in range(last * probe.samples)}
    return last + 1, frozenset(stored | earlier)


def _block_to_ask(
    probes: tuple[Probe, ...], stored: set[tuple[str, int]], young: set[tuple[str, int]], begun: int
) -> int:
    """Return the newest complete block while it may be reused, else the one after it, else the newest that was begun.

    What lies beyond a complete block that may be reused was asked to settle an assertion: it is no block of the suite.
    Nor is it the next one once it is old: the probes that it asked would get no new reply then.
    """

    def cells(number: int) -> set[tuple[str, int]]:
        return {(probe.id, number * probe.samples + index) for probe in probes for index in range(probe.samples)}

    for number in range(begun, -1, -1):
        block = cells(number)
        if not block <= stored:
            continue
        if block & young:
            return number
        return begun + 1 if begun == number or not cells(begun) & young else begun
    return begun
