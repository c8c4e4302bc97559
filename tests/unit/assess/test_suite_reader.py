"""Attempts to tables: grids, arms, sessions, counts."""

from __future__ import annotations

import pytest
from tests.support.readings import Log, assertion, compile_says, contains, lacks, probe, refuses, suite

from rebaseline.assess.suite_reader import read_suite, rules_of, rules_of_controls
from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.model import TargetKind
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.suite import AliveIf, AtLeast, Expectation, LiveArm, Never, OnRefusal


def read(of, log, kind=TargetKind.MODEL):
    return read_suite(of, iter(log.records), compile_check=compile_says, refusal=refuses, target_kind=kind)


def signs(table):
    def sign(reading):
        match reading:
            case None:
                return "."
            case Valued(value=value):
                return f"{value:.0f}"
            case Void(broken=broken):
                return broken[0]

    return ["".join(sign(reading) for reading in row) for row in table.readings]


TWO = suite([probe("p", samples=2), probe("q", samples=2)], assertion())


def test_attempts_come_in_any_order():
    log = Log().add("q", "yes", 1).add("p", "yes", 0).add("q", "x", 0).add("p", "x", 1)
    table = read(TWO, log).claims["a"]
    assert table.probes == ("p", "q")
    assert signs(table) == ["10", "01"]
    assert table.planned_rounds == 2


def test_attempts_that_were_not_made_leave_holes():
    found = read(TWO, Log().add("q", "yes", 1))
    assert signs(found.claims["a"]) == ["", ".1"]
    assert found.claims["a"].complete_rounds() == ()


def test_unknown_probes_are_passed_over():
    found = read(TWO, Log().add("gone", "yes").add("p", "yes"))
    assert found.attempts == 1


def test_the_fewest_samples_of_any_probe_are_the_planned_rounds():
    uneven = suite([probe("p", samples=3), probe("q", samples=1)], assertion())
    assert read(uneven, Log()).claims["a"].planned_rounds == 1


def test_an_assertion_reads_the_probes_of_its_arm():
    of = suite([probe("p", "x"), probe("q")], assertion(on="x"), assertion(key="b"), assertion(key="c", on="none"))
    found = read(of, Log().add("p", "yes").add("q", "yes"))
    assert [found.claims[key].probes for key in "abc"] == [("p",), ("p", "q"), ()]
    assert found.attempts == 2


def test_checks_see_the_row_of_the_probe():
    of = suite([probe("p", fields={"w": "left"}), probe("q", fields={"w": "right"})], assertion(check=contains("{w}")))
    log = Log().add("p", "left").add("q", "left").add("p", "right", 1).add("q", "right", 1)
    assert signs(read(of, log).claims["a"]) == ["10", "01"]


def test_adversarial_probes_are_read_as_such():
    of = suite([probe("p", adversarial=True), probe("q")], assertion(check=lacks("secret")))
    assert signs(read(of, Log().add("p", "no").add("q", "no")).claims["a"]) == ["1", "e"]


@pytest.mark.parametrize(("kind", "sign"), [(TargetKind.MODEL, "c"), (TargetKind.APPLICATION, "0")])
def test_the_kind_of_target_decides_about_cuts(kind, sign):
    log = Log().add("p", Answered(Reply("yes", Stop.CUT)))
    assert signs(read(TWO, log, kind).claims["a"])[0] == sign


LEAK = assertion(check=lacks("secret"), on="attack", alive_if=AliveIf("benign", contains("nine"), 0.5))


def test_the_arm_that_must_show_engagement_is_read_by_its_own_check():
    of = suite([probe("p", "attack"), probe("q", "benign")], LEAK)
    found = read(of, Log().add("p", "x").add("q", "at nine"))
    assert signs(found.alive["a"]) == ["1"]
    assert found.live == {}


@pytest.mark.parametrize(
    "rules",
    [
        {"on_refusal": OnRefusal.PASS},
        {"on_refusal": OnRefusal.VOID},
        {"means": "refusal"},
        {"form_claimed": frozenset({Form.FENCE})},
    ],
)
def test_what_refusals_mean_for_the_claim_does_not_make_a_refusing_model_look_alive(rules):
    claim = assertion(check=lacks("secret"), on="attack", alive_if=AliveIf("benign", contains("nine")), **rules)
    of = suite([probe("p", "attack"), probe("q", "benign"), probe("r", "benign")], claim)
    found = read(of, Log().add("q", "no").add("r", "at nine"))
    assert signs(found.alive["a"]) == ["0", "1"]


def test_refusals_of_an_arm_are_fails_though_its_check_looks_for_an_absence():
    claim = assertion(check=lacks("secret"), on="attack", alive_if=AliveIf("benign", lacks("sorry")))
    of = suite([probe("p", "attack"), probe("q", "benign", adversarial=True)], claim)
    assert signs(read(of, Log().add("q", "no")).alive["a"]) == ["0"]


def test_a_live_arm_is_read_by_the_assertions_own_check():
    claim = assertion(on="x", live=LiveArm("y", Expectation.FAILS))
    of = suite([probe("p", "x"), probe("q", "y")], claim)
    found = read(of, Log().add("p", "yes").add("q", "other"))
    assert (signs(found.claims["a"]), signs(found.live["a"])) == (["1"], ["0"])
    assert found.against == {}


def test_two_live_arms_are_read_by_the_assertions_own_check():
    claim = assertion(on="x", live=LiveArm("y", Expectation.FAILS, against="z"))
    of = suite([probe("p", "x"), probe("q", "y"), probe("r", "z")], claim)
    found = read(of, Log().add("p", "yes").add("q", "other").add("r", "yes"))
    assert (signs(found.live["a"]), signs(found.against["a"])) == (["0"], ["1"])


def test_rounds_know_their_session_and_a_mixed_round_knows_none():
    log = Log().add("p", "a", 0, "s1").add("q", "a", 0, "s1").add("p", "a", 1, "s1").add("q", "a", 1, "s2")
    log.add("p", "a", 3, "s3")
    found = read(TWO, log)
    assert found.sessions == ("s1", "", "", "s3")
    assert found.claims["a"].sessions == found.sessions


def test_what_came_of_the_attempts_is_counted():
    log = Log().add("p", "yes").add("q", Answered(Reply("yes"), served_model="other"))
    log.add("p", Rejected(404), 1).add("q", Rejected(400, "seed"), 1).add("p", Faulted("timeout"), 2)
    found = read(TWO, log).provider
    assert (found.answered, found.confirmed, found.rejected, found.unknown_model, found.faulted) == (2, 1, 1, 1, 1)
    assert found.culprits == {"seed": 1}


def test_manner_is_of_replies_only():
    found = read(TWO, Log().add("p", "```x```").add("q", Faulted("timeout"))).traits.manner()
    assert (found.replies, found.shares["fences"]) == (1, 1.0)


def test_the_rules_of_an_assertion_and_its_probe():
    claim = assertion(form_claimed=frozenset({Form.FENCE}), consumer={Form.CASE: FormEffect.UNDONE}, means="refusal")
    rules = rules_of(claim, probe("p", adversarial=True), TargetKind.APPLICATION)
    assert rules.adversarial
    assert (rules.form_claimed, rules.means, rules.target_kind) == (
        claim.form_claimed,
        "refusal",
        TargetKind.APPLICATION,
    )
    assert not rules_of(claim, None, TargetKind.MODEL).adversarial


@pytest.mark.parametrize(
    ("probes", "adversarial"),
    [
        ([probe("p", "x", adversarial=True)], True),
        ([probe("p", "x", adversarial=True), probe("q")], True),
        ([probe("p", "x", adversarial=True), probe("q", "x")], False),
        ([probe("q", adversarial=True)], False),
    ],
)
def test_controls_are_read_as_replies_to_the_assertions_own_probes(probes, adversarial):
    claim = assertion(on="x", check=lacks("secret"))
    assert rules_of_controls(suite(probes, claim), claim, TargetKind.MODEL).adversarial is adversarial


def test_a_rejection_is_void_for_every_claim_about_the_probe():
    of = suite([probe("p")], assertion(), assertion(key="b", check=lacks("x")))
    found = read(of, Log().add("p", Rejected(400)))
    assert {table.readings[0][0].broken for table in found.claims.values()} == {Assumption.ACCEPTED}


def test_replies_that_a_cache_gave_again_count_once():
    """Two samples under one request id are one reply; the same id at another probe is another request."""
    log = Log()
    for key, sample, request in (("p", 0, "r1"), ("p", 1, "r1"), ("q", 0, "r1"), ("q", 1, None)):
        log.add(key, Answered(Reply("yes"), request_id=request), sample)
    found = read(TWO, log)
    assert found.provider.copies == 1
    assert signs(found.claims["a"]) == ["1", "11"]
    assert found.claims["a"].complete_rounds() == (0,)


def test_a_second_check_is_compiled_for_each_probe_and_read_on_its_arms():
    claim = assertion(check=contains("yes"), means=contains("{word}"), live=LiveArm("live", Expectation.FAILS))
    probes = [probe("p0", fields={"word": "because"}), probe("p1", "live", fields={"word": "therefore"})]
    log = Log().add("p0", "yes, because").add("p1", "yes, because")
    found = read(suite(probes, claim), log)
    assert signs(found.claims["a"])[0] == "1"
    assert signs(found.claims["a"])[1] == "a"
    assert found.live["a"].readings[0][0].if_undone == 0.0


def test_only_where_anything_under_a_pass_is_a_violation_does_a_near_miss_contradict():
    assert rules_of(assertion(Never()), None, TargetKind.MODEL).all_or_nothing
    assert not rules_of(assertion(AtLeast(0.8)), None, TargetKind.MODEL).all_or_nothing


def test_content_that_was_not_read_is_told_and_no_absence_rests_on_it():
    claim = assertion(check=lacks("4417"))
    said = Answered(Reply("clean", Stop.COMPLETE), unread=("content block: owl",), novelty=("role: owl",))
    found = read(suite([probe("p0")], claim), Log().add("p0", said))
    assert found.provider.novelty == {"content block: owl": 1, "role: owl": 1}
    assert found.claims["a"].readings[0][0].broken is Assumption.COMPLETE
