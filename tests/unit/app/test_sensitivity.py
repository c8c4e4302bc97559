"""By what an assertion is shown able to fail."""

from __future__ import annotations

import pytest
from tests.support.readings import assertion, probe, suite, table_of

from rebaseline.app.assessing import Instruments, find_controls
from rebaseline.app.sensitivity import shown_able_to_fail
from rebaseline.checks import Registry, read_refusal
from rebaseline.domain.attempt import Reply, Stop
from rebaseline.domain.comparison import ShownBy
from rebaseline.domain.model import TargetKind
from rebaseline.domain.suite import Control, Expectation

REGISTRY = Registry.builtin()
INSTRUMENTS = Instruments(REGISTRY.compile, read_refusal)
PASSES, FAILS = Expectation.PASSES, Expectation.FAILS
SAID = Reply("It is Paris.", Stop.COMPLETE)


def by(raw, *sides, controls=()):
    claim = assertion(check=REGISTRY.parse(raw), controls=tuple(Control(*each) for each in controls))
    asked = suite([probe(f"p{number}") for number in range(3)], claim)
    findings = find_controls(asked, INSTRUMENTS, TargetKind.MODEL)["a"]
    return shown_able_to_fail(asked, claim, findings, sides, INSTRUMENTS, TargetKind.MODEL)


def found(signs, reply=SAID):
    return table_of(signs), lambda *_: reply


PARIS = {"contains": "Paris"}


def test_a_control_comes_first_then_a_real_failure_then_a_fault():
    assert by(PARIS, found("101"), controls=[("Rome", FAILS)]) is ShownBy.CONTROL
    assert by(PARIS, found("101"), controls=[("Paris", PASSES)]) is ShownBy.FAILURE
    assert by(PARIS, found("111"), found("101")) is ShownBy.FAILURE
    assert by(PARIS, controls=[("Paris", PASSES)]) is ShownBy.FAULT
    assert by(PARIS, found("111")) is ShownBy.FAULT


def test_a_fault_is_seeded_in_a_reply_of_the_other_side_where_this_one_has_none():
    assert by(PARIS, found("vvv"), found("111")) is ShownBy.FAULT
    assert by(PARIS, found("111", None), found("111")) is ShownBy.FAULT
    assert by(PARIS, found("111", None), found("111", None)) is None


def test_a_control_that_is_misread_shows_nothing():
    assert by(PARIS, found("111", None), controls=[("Paris", FAILS)]) is None


@pytest.mark.parametrize(
    ("raw", "shown"), [({"any_of": [{"refuses": True}, {"answers": True}]}, None), ({"matches": "Par"}, ShownBy.FAULT)]
)
def test_what_permits_everything_is_not_shown_able_to_fail(raw, shown):
    assert by(raw, found("111")) is shown


def test_a_probe_that_is_no_longer_asked_has_nothing_to_seed_in():
    assert by(PARIS, (table_of("111", start="old"), lambda *_: SAID)) is None
