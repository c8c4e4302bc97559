"""Which cells a run still asks: blocks of samples are completed, reused while young, and followed by the next."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from rebaseline.domain.model import ModelVersion, Target, TargetKind
from rebaseline.domain.record import Holding
from rebaseline.domain.suite import Probe
from rebaseline.plan.blocks import answered_last, plan_blocks, plan_remaining

TARGET = Target("app", "openai", TargetKind.MODEL, "alias")

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
        (FIRST | {("a", 2), ("b", 1)}, {("a", 0), ("a", 2), ("b", 1)}, set()),
        (FIRST | {("a", 2), ("b", 1)}, [], {("a", 4), ("a", 5), ("b", 2)}),
    ],
    ids=[
        *("new", "young", "partly young", "old", "begun", "second begun", "second young"),
        *("more samples than a young block has", "more samples than an old block has"),
    ],
)
def test_blocks(stored, young, left):
    assert asked(stored, young) == left


def test_a_hole_in_an_earlier_block_is_left_alone():
    assert asked(SECOND, SECOND) == set()


def test_replies_to_another_wording_or_of_a_probe_that_is_gone_are_asked_again():
    probes = (Probe("a", (), samples=2, fingerprint="new"), Probe("b", (), fingerprint="b"))
    stored = {("a", "old", 0), ("a", "new", 1), ("b", "b", 0), ("gone", "x", 0)}
    remaining = plan_remaining(probes, stored, stored)
    assert [remaining.left(probe) for probe in remaining.probes] == [1, 0]


def holding(served, *, requested="alias", answered=1, day=1):
    at = datetime(2026, 1, day, tzinfo=UTC)
    return Holding("s", "app", ModelVersion("p", requested, served), answered, 0, 0, at, at)


def test_who_answered_last_is_found_by_what_was_asked_for():
    held = [
        holding("old", day=1),
        holding("new", day=3),
        holding("silent", day=4, answered=0),
        holding("other", day=5, requested="another"),
    ]
    assert answered_last(held, TARGET) == "new"


def test_nobody_answered_last_where_nobody_ever_did():
    assert answered_last([holding("silent", answered=0)], TARGET) is None
