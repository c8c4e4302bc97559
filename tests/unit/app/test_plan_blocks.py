"""Which cells a run still asks: blocks of samples are completed, reused while young, and followed by the next."""

from __future__ import annotations

import pytest

from rebaseline.app.running import plan_blocks
from rebaseline.domain.suite import Probe

PROBES = (Probe("a", (), samples=2), Probe("b", (), samples=1))
FIRST = {("a", 0), ("a", 1), ("b", 0)}
SECOND = {("a", 2), ("a", 3), ("b", 1)}


def asked(stored, young) -> set[tuple[str, int]]:
    blocks, done = plan_blocks(PROBES, set(stored), set(young))
    cells = {(probe.id, sample) for probe in PROBES for sample in range(blocks * probe.samples)}
    return cells - done


@pytest.mark.parametrize(
    ("stored", "young", "left"),
    [
        ([], [], FIRST),
        (FIRST, FIRST, set()),
        (FIRST, [("b", 0)], set()),
        (FIRST, [], SECOND),
        (FIRST - {("a", 1)}, [], {("a", 1)}),
        (FIRST | {("a", 2)}, [("a", 2)], SECOND - {("a", 2)}),
        (FIRST | SECOND, SECOND, set()),
    ],
    ids=["new", "young", "partly young", "old", "begun", "second begun", "second young"],
)
def test_blocks(stored, young, left):
    assert asked(stored, young) == left


def test_a_hole_in_an_earlier_block_is_left_alone():
    assert asked(SECOND, SECOND) == set()
