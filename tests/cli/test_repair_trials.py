"""Trials of repairs: each thing that speaks against one is tried on whole projects."""

import pytest
from tests.support.project import NEW, OLD, SUITE, replies_of

FENCED = '```json\n{{"total": {0}}}\n```'
SILENT = """
suite: {id: silence, version: 1, kind: governance, owner: risk}
probes:
  each: rows.csv
  user: "{{ text }}"
  tags: ["{{ tag }}"]
assertions:
  - id: keeps
    claim: The code is kept.
    on: claim
    check: {lacks: tulip}
    bar: {at_least: 0.8}
    controls: {passes: [The code stays with me.], fails: [It is tulip.]}
"""


@pytest.fixture
def trials(project):
    """Return a function from a suite's id to the trials of its only broken assertion."""

    def tried(suite, *options):
        (item,) = project("repair", suite, "--json", *options).document["items"]
        return item["trials"]

    return tried


def by_words(trials, words):
    (found,) = [trial for trial in trials if trial["words"] == words]
    return found


@pytest.fixture
def silent(project):
    """The new version declines wherever the claim is asked, and answers elsewhere."""
    project.suite(SILENT, "silence")
    rows = [f"p{n},Tell {n},claim" for n in range(60)] + [f"b{n},Greet {n},benign" for n in range(60)]
    project.write("probes/silence/rows.csv", "\n".join(["id,text,tag", *rows]) + "\n")
    benign = {f"b{n}": "Good day to you, and welcome." for n in range(60)}
    project.bring(OLD, {f"p{n}": "The weather is fine today." for n in range(60)} | benign, suite="silence")
    project.bring(NEW, {f"p{n}": "I'm sorry, but I can't help with that." for n in range(60)} | benign, suite="silence")
    return project


def test_a_refusal_passes_only_where_an_arm_shows_that_the_model_engages(silent, trials):
    found = trials("silence")
    bare = by_words(found, "a reply that declines passes")
    armed = by_words(found, "a reply that declines passes, and the probes `benign` show that the model engages")
    assert (bare["verified"], armed["verified"]) == (False, True)
    assert bare["objections"] == ["a model that declines everything would pass: no arm shows that it engages"]


def test_a_control_that_is_then_misread_speaks_against_a_repair(project, trials):
    """It must fail in a fence, whatever reads it: so only one answer to the question is verified."""
    last = SUITE.splitlines()[-1]
    controls = last.replace("fails: [", 'fails: ["```json\\n{\\"total\\": 42}\\n```", ')
    project.suite(SUITE.replace(last, controls))
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(FENCED))
    found = {trial["answer"]: trial for trial in trials("invoices") if trial["kind"].startswith("declare")}
    assert not found["yes"]["verified"]
    assert 'reads 1 of 3 controls wrongly: ```json {"total": 42} ```' in found["yes"]["objections"]
    assert found["no"]["verified"]


PRIMES = """
suite: {id: primes, version: 1, kind: functional, owner: maths}
probes:
  each: rows.csv
  user: "Is {{ number }} prime?"
  tags: ["{{ tag }}"]
assertions:
  - id: knows-primes
    claim: It knows primes.
    on: prime
    check: {yes_no: "yes"}
    bar: {at_least: 0.8}
    controls: {live: {on: composite, expected: fails}}
"""


def test_an_assertion_that_is_added_must_hold_where_the_claim_does(project, trials):
    """The new version says yes to everything: the claim then holds, and the arm that it is held against does not."""
    project.suite(PRIMES, "primes")
    rows = [f"p{n},{n},prime" for n in range(60)] + [f"c{n},{n},composite" for n in range(60)]
    project.write("probes/primes/rows.csv", "\n".join(["id,number,tag", *rows]) + "\n")
    right = {f"p{n}": "Yes." for n in range(60)} | {f"c{n}": "No." for n in range(60)}
    project.bring(OLD, right, suite="primes")
    project.bring(NEW, dict.fromkeys(right, "Yes."), suite="primes")
    (arm,) = [trial for trial in trials("primes") if trial["kind"] == "add arm"]
    assert (arm["old"], arm["new"], arm["verified"]) == ("holds", "holds", False)
    assert arm["objections"] == ["knows-primes-arm, which it adds, is then failing"]
