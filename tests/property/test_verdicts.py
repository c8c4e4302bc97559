"""Invariants of verdicts: caution about voids, blindness to order, symmetry, monotony. For all three bars and methods.

Steadiness is left out of the first two on purpose and looked at by itself: it is a fact about two sessions, known from
outside, and a void can make two rounds agree that did not, or differ that did.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.support.readings import SIGNS

from rebaseline.assess.labelling import settled_by
from rebaseline.assess.pairs import pair_tables, weigh_pairs
from rebaseline.assess.table import ReadingTable, find_steady
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide.verdict import decide_verdict
from rebaseline.domain.evidence import ArmEvidence, GroupFacts, Method, Outlook
from rebaseline.domain.label import Label, LabelValue
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.domain.verdict import Failing, Holds, Invalid, Unmeasured

rates = st.sampled_from([0.05, 0.3, 0.5, 0.6, 0.8, 0.95])
alone = st.one_of(st.builds(AtLeast, rates), st.builds(Never, rates))
margins = st.builds(NoWorse, st.sampled_from([0.05, 0.1, 0.3, 0.6, 0.9]))
priors = st.one_of(st.none(), st.sampled_from([0.0, 0.4, 0.9, 1.0]))
broken = st.sampled_from([Assumption.READABLE, Assumption.FORM, Assumption.DELIVERED, Assumption.ACCEPTED])
voids = st.builds(Void, broken)
groups = st.builds(
    GroupFacts,
    missed_faults=st.sampled_from([(), ("x",)]),
    false_alarms=st.sampled_from([(), ("y",)]),
    alive=st.sampled_from([None, ArmEvidence(True, False, 9, 9), ArmEvidence(False, True, 0, 9)]),  # noqa: FBT003
)


@st.composite
def tables(draw, signs="1111111100hvfx", rounds=None, *, holes=True):
    """Draw a table, now and then with rounds that all pass or all fail, since little is ever shown else."""
    probes = draw(st.sampled_from([1, 2, 5, 12, 20]))
    count = draw(st.integers(1, 3)) if rounds is None else rounds
    columns = []
    for _ in range(count):
        kind = draw(st.sampled_from(["mixed", "1", "0", "v"]))
        if kind == "mixed":
            columns.append(
                [SIGNS[sign] for sign in draw(st.lists(st.sampled_from(signs), min_size=probes, max_size=probes))]
            )
        else:
            columns.append([SIGNS[kind]] * probes)
    if holes and draw(st.integers(0, 4)) == 0:
        columns[-1][draw(st.integers(0, probes - 1))] = None
    return ReadingTable(
        tuple(f"p{number}" for number in range(probes)), tuple(zip(*columns, strict=True)), draw(st.integers(1, 3))
    )


def put(table, probe, sample, reading):
    rows = [list(row) for row in table.readings]
    rows[probe][sample] = reading
    return replace(table, readings=tuple(tuple(row) for row in rows))


@st.composite
def cells(draw, table):
    """Draw a cell that was asked."""
    asked = [
        (probe, sample)
        for probe, row in enumerate(table.readings)
        for sample, reading in enumerate(row)
        if reading is not None
    ]
    assume(asked)
    return draw(st.sampled_from(asked))


def judge(table, bar, prior=None, group=None, old=None, steady=None):
    if isinstance(bar, NoWorse):
        evidence = weigh_pairs(pair_tables(old, table), table, bar, steady=steady is not None)
    else:
        evidence = weigh_table(table, bar, prior_rate=prior, steady_probes=steady)
    return decide_verdict(evidence, bar, group or GroupFacts(), Outlook())


def check_void(before, after):
    assert not isinstance(after, Holds) or isinstance(before, Holds)
    assert not isinstance(after, Failing) or isinstance(before, Failing)


@settings(max_examples=300)
@given(tables(), alone, priors, groups, st.data())
def test_a_void_never_makes_a_claim_hold_or_fail(table, bar, prior, group, data):
    """By e-process and at one look: the rounds planned are drawn with the table."""
    voided = put(table, *data.draw(cells(table)), data.draw(voids))
    check_void(judge(table, bar, prior, group), judge(voided, bar, prior, group))


@settings(max_examples=300)
@given(tables(), margins, groups, st.booleans(), st.data())
def test_a_void_on_either_side_never_makes_pairs_hold_or_fail(table, bar, group, steady, data):
    old = data.draw(tables().filter(lambda other: other.width >= 1))
    cell = data.draw(cells(table))
    known = 20 if steady else None
    before = judge(table, bar, group=group, old=old, steady=known)
    check_void(before, judge(put(table, *cell, data.draw(voids)), bar, group=group, old=old, steady=known))
    again = put(old, *data.draw(cells(old)), data.draw(voids))
    check_void(before, judge(table, bar, group=group, old=again, steady=known))


@given(tables(rounds=2, holes=False), alone, st.data())
def test_a_void_never_makes_arithmetic_hold_or_fail_while_the_target_stays_known_to_be_steady(table, bar, data):
    voided = put(table, *data.draw(cells(table)), data.draw(voids))
    check_void(judge(table, bar, steady=20), judge(voided, bar, steady=20))


def test_a_void_can_make_two_sessions_agree_which_is_why_steadiness_asks_for_twenty_probes():
    """The one way in which a void may help: two voids hide a flip. Then the claim hangs on them, and does not hold."""
    rows = [(SIGNS["1"], SIGNS["1"])] * 19 + [(SIGNS["1"], SIGNS["0"])]
    table = ReadingTable(tuple(f"p{number}" for number in range(20)), tuple(rows), 2, ("s1", "s2"))
    assert find_steady([table]) is None
    hidden = put(put(table, 19, 0, SIGNS["v"]), 19, 1, SIGNS["v"])
    assert find_steady([hidden]) == 20
    assert isinstance(judge(hidden, AtLeast(0.96), steady=20), Invalid)
    assert isinstance(judge(hidden, AtLeast(0.95), steady=20), Holds)  # whatever the void was: 19 of 20 is .95


@given(tables("11110hvf", holes=False), st.builds(Never, rates), priors, groups, st.data())
def test_a_violation_that_a_person_saw_is_never_masked(table, bar, prior, group, data):
    """Every reply is labelled, by people who saw one violation at least; whatever the check said, and its controls."""
    count = sum(len(row) for row in table.readings)
    words = data.draw(st.lists(st.sampled_from(["pass", "fail"]), min_size=count, max_size=count))
    assume("fail" in words)
    said = iter(words)
    rows = tuple(tuple(labelled(reading, next(said)) for reading in row) for row in table.readings)
    group = replace(group, confirmed=words.count("fail"))
    assert isinstance(judge(replace(table, readings=rows), bar, prior, group), Failing)


def labelled(reading, word):
    label = Label("p", "f", "d", LabelValue(word), "Ada", datetime(2026, 11, 25, tzinfo=UTC))
    return settled_by(reading, label, all_or_nothing=True)


@settings(max_examples=200)
@given(tables(), st.one_of(alone, margins), priors, st.data())
def test_order_within_a_round_is_irrelevant(table, bar, prior, data):
    old = data.draw(tables())
    order = data.draw(st.permutations(range(len(table.probes))))
    turned = replace(
        table,
        probes=tuple(table.probes[place] for place in order),
        readings=tuple(table.readings[place] for place in order),
    )
    assert judge(turned, bar, prior, old=old) == judge(table, bar, prior, old=old)


def mirrored(table):
    flip = {True: lambda reading: Valued(1.0 - reading.value), False: lambda reading: reading}
    return replace(
        table,
        readings=tuple(tuple(flip[isinstance(reading, Valued)](reading) for reading in row) for row in table.readings),
    )


@settings(max_examples=200)
@given(tables(), st.sampled_from([0.25, 0.5, 0.75, 0.875]), st.sampled_from([None, 0.0, 0.25, 0.75, 1.0]))
def test_swapping_pass_and_fail_mirrors_the_evidence_exactly(table, theta, prior):
    """Bars and priors are dyadic, so that 1 - x is exact."""
    here = weigh_table(table, AtLeast(theta), prior_rate=prior, steady_probes=None)
    turned_prior = None if prior is None else 1.0 - prior
    there = weigh_table(mirrored(table), AtLeast(1.0 - theta), prior_rate=turned_prior, steady_probes=None)
    assert (here.passes, here.fails, here.voids) == (there.fails, there.passes, there.voids)
    for mine, other in ((here.low, there.high), (here.high, there.low)):
        assert (mine.log_e_above, mine.last_above, mine.p_above) == (other.log_e_below, other.last_below, other.p_below)
        assert (mine.log_e_below, mine.last_below, mine.p_below) == (other.log_e_above, other.last_above, other.p_above)


@settings(max_examples=200)
@given(tables(), margins, st.data())
def test_swapping_old_and_new_mirrors_the_change(table, bar, data):
    """A drop seen from one side is a gain seen from the other; nothing else could tell the sides apart."""
    old = data.draw(tables())
    there, back = (
        weigh_pairs(pair_tables(*sides), sides[1], bar, steady=False) for sides in ((old, table), (table, old))
    )
    if there.method is Method.NONE:
        return
    assert abs(there.low.mean + back.high.mean - 1.0) < 1e-12
    assert there.rounds == back.rounds
    assert there.void_count == back.void_count


@settings(max_examples=300)
@given(tables(), alone, priors, groups, st.data())
def test_raising_a_value_never_loses_holds(table, bar, prior, group, data):
    probe, sample = data.draw(cells(table))
    raised = put(table, probe, sample, Valued(1.0))
    if isinstance(judge(table, bar, prior, group), Holds):
        assert isinstance(judge(raised, bar, prior, group), Holds)
    if isinstance(judge(raised, bar, prior), Failing):
        assert isinstance(judge(table, bar, prior), Failing | Invalid)


@settings(max_examples=200)
@given(tables(), margins, st.data())
def test_raising_a_value_never_loses_holds_of_pairs(table, bar, data):
    old = data.draw(tables())
    raised = put(table, *data.draw(cells(table)), Valued(1.0))
    if isinstance(judge(table, bar, old=old), Holds):
        assert isinstance(judge(raised, bar, old=old), Holds)


@given(tables(signs="x", holes=False), st.one_of(alone, margins))
def test_faults_alone_are_unmeasured(table, bar):
    lost = replace(table, readings=tuple(tuple(SIGNS["x"] for _ in row) for row in table.readings))
    assert isinstance(judge(lost, bar, old=lost), Unmeasured)


@settings(max_examples=200)
@given(tables(), st.one_of(alone, margins), groups, st.data())
def test_an_invalid_verdict_has_its_reasons_and_faults_are_none(table, bar, group, data):
    found = judge(table, bar, group=group, old=data.draw(tables()))
    if isinstance(found, Invalid):
        assert found.reasons
        assert all(reason.broken is not Assumption.DELIVERED for reason in found.reasons)
