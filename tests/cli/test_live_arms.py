"""Live controls from the suite to the screen: replies whose right reading is known try the check, not the model."""

from __future__ import annotations

import jsonschema
import pytest
from tests.support.project import NEW, OLD

from rebaseline.app.schemas import schema_of

SUITE = """
suite: {id: primes, version: 1, kind: functional, owner: maths, layers: [model]}
probes:
  each: rows.csv
  user: "Is {{ id }} a prime?"
  tags: ["{{ arm }}"]
assertions:
  - id: knows
    claim: The model recognises primes.
    on: asked
    check: {yes_no: "yes"}
    bar: {at_least: 0.8}
    controls: {passes: ["Yes"], fails: ["No"], live: LIVE}
"""
ARMS = {"asked": 40, "prime": 40, "composite": 40}
TWO, ONE = "{passes: prime, fails: composite, floor: 0.5}", "{on: composite, expected: fails, floor: 0.5}"


def said_by(**answers):
    """What a model answers, arm by arm: one word for every probe, or some of one and the rest of another."""
    return {
        f"{arm}-{number:02}": answers[arm] if isinstance(answers[arm], str) else answers[arm][number]
        for arm, count in ARMS.items()
        for number in range(count)
    }


RIGHT = said_by(asked="Yes", prime="Yes", composite="No")


@pytest.fixture
def primes(project):
    def bring(live, replies):
        project.write("probes/primes/rows.csv", "id,arm\n" + "".join(f"{p},{p.rpartition('-')[0]}\n" for p in RIGHT))
        project.suite(SUITE.replace("LIVE", live), "primes")
        project.bring(OLD, RIGHT, suite="primes")
        project.bring(NEW, replies, suite="primes")
        document = project("diff", "primes", "--from", OLD, "--to", NEW, "--json").document
        jsonschema.validate(document, schema_of("diff"))
        why = project("diff", "primes", "--from", OLD, "--to", NEW, "--why", "primes/knows")
        return document["assertions"][0], why.out

    return bring


def test_a_constant_answer_is_told_by_both_arms_and_said_with_its_figures(primes):
    found, why = primes(TWO, said_by(asked="No", prime=["Yes"] + ["No"] * 39, composite="No"))
    assert found["new"]["verdict"]["name"] == "invalid"
    counts = "passes 1 of 40 where it must pass, 0 of 40 where it must fail"
    assert found["new"]["verdict"]["reasons"][0]["detail"] == f"{counts}: J = 0.03, floor 0.5"
    shown = found["new"]["separation"]
    assert (shown["must_pass"], shown["must_fail"], shown["floor"]) == ([1, 40], [0, 40], 0.5)
    assert shown["refuted"]
    assert shown["lowest"] == shown["highest"] == 0.025
    assert f"live arms  {counts}; told apart: refuted" in why
    assert "J = 0.025, floor 0.5 (share of passes in the one less that in the other, Youden 1950)" in why
    old = found["old"]["separation"]
    assert (old["must_pass"], old["must_fail"], old["shown"], old["lowest"]) == ([40, 40], [0, 40], True, 1.0)
    assert "live arms  passes 40 of 40 where it must pass, 0 of 40 where it must fail; told apart: shown" in why


def test_a_model_that_got_worse_is_failing_where_the_check_still_tells_its_own_arms_apart(primes):
    found, _ = primes(TWO, said_by(asked="No", prime="Yes", composite="No"))
    assert found["new"]["verdict"]["name"] == "failing"
    assert found["new"]["separation"]["shown"]


def test_one_arm_is_set_against_the_claims_own_replies(primes):
    found, _ = primes(ONE, said_by(asked="No", prime="Yes", composite="No"))
    assert found["new"]["verdict"]["name"] == "invalid"
    assert found["new"]["separation"]["must_pass"] == [0, 40]
    assert found["old"]["separation"]["must_pass"] == [40, 40]


def test_void_replies_leave_the_estimate_between_two_figures(primes):
    unread = ["Yes"] * 20 + ["Perhaps."] * 20
    found, why = primes(TWO, said_by(asked="Yes", prime=unread, composite="No"))
    shown = found["new"]["separation"]
    assert (shown["lowest"], shown["highest"]) == (0.5, 1.0)
    assert not shown["refuted"]
    assert "J = 0.500 to 1.000, floor 0.5" in why
