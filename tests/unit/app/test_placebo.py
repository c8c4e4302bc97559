"""The old version against itself."""

from __future__ import annotations

from tests.support.readings import Log, assertion, compile_says, lacks, probe, refuses, suite, table_of, tables

from rebaseline.app.assessing import Instruments
from rebaseline.app.comparing import SuiteSide
from rebaseline.app.placebo import SuitePlacebo, add_placebos, placebo_of_suite
from rebaseline.assess.traits import TraitTally
from rebaseline.domain.behaviour import Placebo, Split
from rebaseline.domain.comparison import Provider
from rebaseline.domain.model import ModelVersion, TargetKind
from rebaseline.domain.suite import AliveIf, AtLeast, Never, NoWorse

INSTRUMENTS = Instruments(compile_says, refuses)
PASS, FAIL = "1" * 40, "0" * 40


def placebo(claims, *assertions, traits=None, **arms):
    probes = [probe(f"p{number}") for number in range(40)]
    side = SuiteSide(
        ModelVersion("h", "old", "old"), tables(claims, **arms), lambda *_: None, None, Provider(), traits=traits
    )
    return placebo_of_suite(suite(probes, *assertions), side, INSTRUMENTS, TargetKind.MODEL)


def test_one_round_has_no_halves():
    assert placebo({"a": table_of(PASS)}, assertion()) == SuitePlacebo(left_out=1)
    assert placebo({}, assertion()) == SuitePlacebo(left_out=1)


def test_an_unchanged_version_did_not_change():
    found = placebo({"a": table_of(*[PASS] * 4)}, assertion(AtLeast(0.8)))
    assert (found.compared, found.left_out, found.changed, found.unsettled) == (1, 0, (), 0)
    assert found.split is Split.ROUNDS


def test_a_version_that_moved_between_its_sessions_did():
    table = table_of(PASS, PASS, FAIL, FAIL, sessions=("m", "m", "n", "n"))
    found = placebo({"a": table}, assertion(AtLeast(0.8)))
    assert (found.changed, found.split) == (("s/a",), Split.SESSIONS)


def test_a_drop_that_crosses_no_bar_is_a_change_too():
    table = table_of(PASS, "0" * 30 + "1" * 10, sessions=("m", "n"))
    found = placebo({"a": table}, assertion(AtLeast(0.1)))
    assert found.changed == ("s/a",)
    assert placebo({"a": table}, assertion(NoWorse(0.1))).changed == ("s/a",)


def test_halves_that_settle_nothing_are_no_change():
    found = placebo({"a": table_of("1" * 36 + "0" * 4, "1" * 30 + "0" * 10)}, assertion(AtLeast(0.85)))
    assert (found.compared, found.changed, found.unsettled) == (1, (), 1)


def test_assertions_with_one_round_are_counted_apart():
    found = placebo({"a": table_of(PASS, PASS), "b": table_of(PASS, "1" * 39 + ".")}, assertion(), assertion(key="b"))
    assert (found.compared, found.left_out) == (1, 1)


def test_samples_that_flicker_are_no_change():
    """Half of the probes pass every other time: the halves differ at many a probe, and in nothing else."""
    first, second = "10" * 20, "01" * 20
    found = placebo({"a": table_of(first, second, second, first)}, assertion(NoWorse(0.1)))
    assert found.changed == ()


def test_notes_are_looked_for_between_the_halves():
    def halves(text):
        tally, log = TraitTally(), Log()
        for number in range(40):
            log.add(f"p{number}", "It is so.", 0).add(f"p{number}", text, 1)
        for record in log.records:
            tally.add(record)
        return placebo({"a": table_of(PASS, PASS)}, assertion(), traits=tally.table())

    assert add_placebos([halves("It is so.")], None).notes == 0
    assert add_placebos([halves("```\nIt is so.\n```")], None).notes > 0


def test_suites_add_up():
    one = SuitePlacebo(1, 2, ("s/a",), 1, Split.ROUNDS)
    assert add_placebos([one], None) == Placebo(2, 1, ("s/a",), 1, Split.ROUNDS, None)
    both = add_placebos([one, SuitePlacebo(3), SuitePlacebo(0, 1, split=Split.SESSIONS)], None)
    assert both == Placebo(3, 4, ("s/a",), 1, Split.BOTH, None)
    assert add_placebos([SuitePlacebo(3)], None) == Placebo(0, 3, (), 0, None, None)


def test_arms_are_halved_with_the_claims():
    claim = assertion(Never(0.05), check=lacks("no"), alive_if=AliveIf("", lacks("x")))
    rounds = [PASS] * 4
    found = placebo({"a": table_of(*rounds)}, claim, alive={"a": table_of(PASS, PASS, FAIL, FAIL, sessions="mmnn")})
    assert found.compared == 1
    assert found.unsettled == 0
