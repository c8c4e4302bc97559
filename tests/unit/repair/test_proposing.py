"""For each assumption that breaks there is a proposal, and its edits say what it says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from tests.support.readings import table_of

from rebaseline.assess.weigh import weigh_table
from rebaseline.checks.registry import Registry
from rebaseline.domain.change import ChangeEvidence
from rebaseline.domain.comparison import Comparison, Side
from rebaseline.domain.edit import Drop, Put, Rename
from rebaseline.domain.evidence import AnchorEvidence, ArmEvidence, FreshEvidence, GroupFacts
from rebaseline.domain.form import Form
from rebaseline.domain.reading import OUTSTANDING, Assumption
from rebaseline.domain.repair import RepairKind
from rebaseline.domain.verdict import Change, Invalid, Reason, Transition
from rebaseline.load.suites import parse_suite
from rebaseline.load.yaml_tree import parse_yaml
from rebaseline.repair.facts import Facts, ReplyFact
from rebaseline.repair.output_limits import enough_tokens
from rebaseline.repair.registry import PROPOSERS, propose

SUITE = """
suite: {id: s, version: 1, kind: functional, owner: o}
defaults: {parameters: {temperature: 0, max_tokens: 100}}
reference_from: model-1
probes:
  - {id: p, user: Is it?, tags: [claim], fields: {prompt: x}}
  - {id: q, user: Hello?, tags: [benign]}
assertions:
  - id: a
    claim: It is.
    on: claim
    check: CHECK
"""


def facts_of(broken, check="{equals: 'yes'}", more="", *, forms=(), group=None, **known):
    text = SUITE.replace("CHECK", check) + more
    tree = parse_yaml(text, shown="s.yaml")
    suite = parse_suite(tree, Registry.builtin(), shown="s.yaml").suite
    assertion = suite.assertions[0]
    evidence = weigh_table(table_of("v" * 12), assertion.bar, prior_rate=None, steady_probes=None)
    side = Side(Invalid((Reason(broken, 12, forms),)), evidence, group or GroupFacts())
    comparison = Comparison(
        suite="s",
        assertion=assertion,
        old=None,
        new=side,
        change=ChangeEvidence(Change.UNKNOWN, 0, None, None, 0.0, 0.0),
        transition=Transition.NEW,
    )
    return Facts(suite, comparison, tree.value, target="t", **known)


def proposals(*args, **more):
    return {proposal.kind: proposal for proposal in propose(facts_of(*args, **more))}


CUT = ReplyFact(is_new=True, probe="p", text="x", reading=None, is_cut=True, output_tokens=100)
ANCHORS = AnchorEvidence(
    judge="j", version="v2", anchors=4, read=4, unread=0, matrix=((0, 2), (2, 0)), categories=("fail", "pass"),
    agreed=0, kappa=-1.0, floor=0.6,
)  # fmt: skip
JUDGE = """
judges:
  j: {target: grader, version: v2, rubric: Good., previous: {target: grader, version: v1}, anchors: [
    {reply: good, label: pass}, {reply: bad, label: fail}]}
"""
CASES = {
    Assumption.ACCEPTED: (RepairKind.DROP_PARAMETER, {"culprits": {"temperature": 3}}),
    Assumption.COMPLETE: (RepairKind.RAISE_LIMIT, {"replies": (CUT,)}),
    Assumption.ENGAGED: (RepairKind.ON_REFUSAL, {}),
    Assumption.READABLE: (RepairKind.UNDO_FORM, {"tolerates": (Form.CASE,), "reads_more": {Form.FENCE: 5}}),
    Assumption.FORM: (RepairKind.DECLARE_UNDONE, {"forms": (Form.FENCE,)}),
    Assumption.AGREEMENT: (RepairKind.SWITCH_CHECK, {"check": "{refuses: true, phrases: [I cannot]}"}),
    Assumption.CONTROLS: (RepairKind.ADD_ARM, {"more": "    controls: {live: {on: benign, expected: fails}}\n"}),
    Assumption.ALIVE: (
        RepairKind.SWITCH_CHECK,
        {
            "more": "    alive_if: {on: benign, check: {contains: branch}}\n",
            "group": GroupFacts(alive=ArmEvidence(shown=False, refuted=True, passes=0, replies=9)),
        },
    ),
    Assumption.ANCHORS: (
        RepairKind.REPIN_JUDGE, {"check": "{judge: j}", "more": JUDGE, "group": GroupFacts(anchors=(ANCHORS,))},
    ),
    Assumption.FRESH: (
        RepairKind.RENEW_REFERENCE, {"group": GroupFacts(fresh=FreshEvidence(("p",), 1, "model-1", blocks=True))},
    ),
}  # fmt: skip


def test_every_assumption_that_asking_again_does_not_mend_has_proposals():
    assert set(PROPOSERS) == set(CASES) == set(Assumption) - OUTSTANDING


@pytest.mark.parametrize("broken", CASES)
def test_each_broken_assumption_has_its_own_proposal_beside_retiring(broken):
    kind, known = CASES[broken]
    found = proposals(broken, **known)
    assert kind in found
    assert found[kind].mends is broken
    assert list(found)[-1] is RepairKind.RETIRE


def test_a_form_is_declared_for_the_assertion():
    found = proposals(Assumption.FORM, forms=(Form.FENCE,))
    assert found[RepairKind.DECLARE_UNDONE].edits == (Put(("assertions", "a", "consumer", "fence"), "undone"),)
    assert found[RepairKind.DECLARE_BREAKS].edits == (Put(("assertions", "a", "consumer", "fence"), "breaks"),)


def test_the_forms_that_help_most_are_undone_one_each_and_three_at_most():
    counts = {Form.FENCE: 2, Form.CASE: 9, Form.QUOTES: 5, Form.LATEX: 5}
    found = propose(facts_of(Assumption.READABLE, tolerates=(Form.SPACING,), reads_more=counts))
    tolerant = [proposal.edits[0].value for proposal in found if proposal.kind is RepairKind.UNDO_FORM]
    assert [edit["tolerant"] if isinstance(edit, dict) else edit for edit in tolerant] == [
        ["spacing", "case"],
        ["spacing", "latex"],
        ["spacing", "quotes"],
    ]


@pytest.mark.parametrize(("seen", "sizes"), [(1, [1]), (2, [1, 2]), (3, [1, 2, 3]), (5, [1, 2, 3, 5])])
def test_forms_are_declared_from_the_one_seen_most_on_with_both_answers(seen, sizes):
    forms = tuple(Form)[:seen]
    found = [each for each in propose(facts_of(Assumption.FORM, forms=forms)) if each.question]
    declared = [([edit.place[-1] for edit in each.edits], each.answer) for each in found]
    assert declared == [(list(forms[:size]), answer) for size in sizes for answer in ("yes", "no")]


def test_the_document_counts_the_forms():
    page = (Path(__file__).parents[3] / "docs" / "repairs.md").read_text(encoding="utf-8")
    assert f"one of {len(Form)} fixed entries" in page


def test_a_culprit_is_dropped_or_renamed_wherever_it_stands_and_must_be_asked_anew():
    known = {"culprits": {"max_tokens": 3}, "provider": "openai", "target_parameters": {"max_tokens": 50}}
    found = proposals(Assumption.ACCEPTED, **known)
    dropped, renamed = found[RepairKind.DROP_PARAMETER], found[RepairKind.RENAME_PARAMETER]
    assert dropped.edits == (Drop(("defaults", "parameters", "max_tokens")),)
    assert dropped.project_edits == (Drop(("targets", "t", "parameters", "max_tokens")),)
    assert renamed.edits == (Rename(("defaults", "parameters", "max_tokens"), "max_completion_tokens"),)
    assert "calls" in dropped.asks


def test_a_default_moves_to_the_targets_that_still_take_it():
    found = proposals(Assumption.ACCEPTED, culprits={"temperature": 3}, other_targets=("u",))
    moved = found[RepairKind.MOVE_PARAMETER]
    assert moved.edits == (Drop(("defaults", "parameters", "temperature")),)
    assert moved.project_edits == (Put(("targets", "u", "parameters", "temperature"), 0),)


def test_of_two_parameters_that_clash_either_may_go():
    facts = facts_of(Assumption.ACCEPTED, culprits={"temperature with max_tokens": 3})
    words = [proposal.words for proposal in propose(facts) if proposal.kind is RepairKind.DROP_PARAMETER]
    assert words[:2] == ["drop temperature", "drop max_tokens"]


def test_a_culprit_that_stands_in_no_file_has_no_edit():
    assert RepairKind.DROP_PARAMETER not in proposals(Assumption.ACCEPTED, culprits={"messages": 3})


def test_a_limit_is_raised_where_it_stands():
    raised = proposals(Assumption.COMPLETE, replies=(CUT,) * 3)[RepairKind.RAISE_LIMIT]
    assert raised.edits == (Put(("defaults", "parameters", "max_tokens"), 200),)
    assert raised.asks


def test_a_limit_rests_on_a_quantile_where_the_lengths_bound_one():
    tokens, how = enough_tokens([*range(1, 201)], 1, 200, [])
    assert (tokens, "95 %" in how) == (250, True)


def test_a_refusal_that_passes_comes_with_an_arm_of_benign_probes():
    found = proposals(Assumption.ENGAGED, "{lacks: secret}")
    (arm,) = [edit for edit in found[RepairKind.ADD_ARM].edits if edit.place[-1] == "alive_if"]
    assert arm.value == {"on": "benign", "check": {"answers": True}}


def test_a_presence_is_never_met_by_a_refusal():
    facts = facts_of(Assumption.ENGAGED)
    assert not [each for each in propose(facts) if Put(("assertions", "a", "on_refusal"), "pass") in each.edits]


def test_a_live_arm_becomes_an_assertion_with_the_controls_turned_round():
    more = "    controls: {passes: ['yes'], fails: ['no'], live: {on: benign, expected: fails, floor: 0.4}}\n"
    found = proposals(Assumption.CONTROLS, more=more)[RepairKind.ADD_ARM]
    drop, put = found.edits
    assert drop == Drop(("assertions", "a", "controls", "live"))
    assert put.value["check"] == {"not": {"equals": "yes"}}
    assert put.value["controls"] == {"fails": ["yes"], "passes": ["no"]}
    assert put.value["bar"] == {"at_least": 0.4}
    assert found.adds == (put.value["id"],) == ("a-arm",)


def test_a_judge_is_pinned_to_who_judged_before_and_must_be_asked():
    _, known = CASES[Assumption.ANCHORS]
    found = [each for each in propose(facts_of(Assumption.ANCHORS, **known)) if each.edits]
    assert found[0].edits[1] == Put(("judges", "j", "version"), "v1")
    assert found[0].asks


def test_references_that_are_right_lose_who_wrote_them():
    _, known = CASES[Assumption.FRESH]
    first = propose(facts_of(Assumption.FRESH, **known))[0]
    assert (first.answer, first.edits) == ("yes", (Drop(("reference_from",)),))


def test_a_change_that_mends_two_assumptions_is_proposed_once():
    facts = facts_of(Assumption.READABLE, "{number: 4, within: '\\boxed'}")
    both = Invalid((Reason(Assumption.READABLE, 6), Reason(Assumption.CONTROLS)))
    facts = replace(facts, comparison=replace(facts.comparison, new=replace(facts.comparison.new, verdict=both)))
    changes = [repr(each.edits) for each in propose(facts) if each.edits]
    assert len(changes) == len(set(changes))


def test_nothing_is_proposed_where_nothing_is_invalid():
    facts = facts_of(Assumption.FORM, forms=(Form.FENCE,))
    sound = SimpleNamespace(verdict=None)
    assert propose(replace(facts, comparison=replace(facts.comparison, new=sound))) == ()


@pytest.mark.parametrize(("lowest", "bar"), [(0.559, 0.55), (0.41, 0.4), (0.405, 0.4), (0.399, None), (0.9, None)])
def test_a_bar_is_moved_under_what_is_shown_and_never_to_less_than_half(lowest, bar):
    """The bar is .8."""
    facts = facts_of(Assumption.READABLE)
    side = facts.comparison.new
    shown = replace(side, evidence=replace(side.evidence, bounds=(lowest, 1.0)))
    found = propose(replace(facts, comparison=replace(facts.comparison, new=shown)))
    moved = [each.edits[0].value["at_least"] for each in found if each.kind is RepairKind.MOVE_BAR]
    assert moved == ([] if bar is None else [bar])
