"""Which probes an open assertion rests on."""

from __future__ import annotations

import pytest
from tests.support.readings import assertion, contains, probe, suite

from rebaseline.app.settling import Open, Settling
from rebaseline.domain.suite import AliveIf, Expectation, LiveArm

PROBES = [probe(tag, tag) for tag in ("claimed", "kind", "wrong", "right", "other")]


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({}, ["claimed"]),
        ({"alive_if": AliveIf("kind", contains("yes"))}, ["claimed", "kind"]),
        ({"live": LiveArm("wrong", Expectation.FAILS)}, ["claimed", "wrong"]),
        ({"live": LiveArm("wrong", Expectation.FAILS, against="right")}, ["claimed", "wrong", "right"]),
    ],
)
def test_an_open_assertion_rests_on_its_own_probes_and_on_its_arms(more, asked):
    claim = assertion(on="claimed", **more)
    settling = Settling(None, None, suite(PROBES, claim), None, 60)
    assert [found.id for found in settling.probes_of((Open(claim, 1),))] == asked


def test_a_claim_about_all_probes_rests_on_all():
    settling = Settling(None, None, suite(PROBES, assertion()), None, 60)
    assert len(settling.probes_of((Open(assertion(), 1),))) == len(PROBES)
