"""What `--why` says: its answers lead to the verdict that was decided, and its figures are those of the evidence."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.property.test_verdicts import alone, groups, margins, priors, tables

from rebaseline.assess.pairs import pair_tables, weigh_pairs
from rebaseline.assess.weigh import weigh_table
from rebaseline.decide.verdict import decide_verdict
from rebaseline.domain.account import Account
from rebaseline.domain.comparison import Side
from rebaseline.domain.evidence import Method, Outlook
from rebaseline.domain.suite import NoWorse
from rebaseline.domain.verdict import Failing, Holds, Inconclusive, Invalid, Unmeasured
from rebaseline.report.why_rule import steps_of

_LEADS = {
    Failing: ["failing"],
    Holds: ["failing", "holds"],
    Inconclusive: ["failing", "holds", "invalid"],
}


def sides(table, bar, prior, group, old, steady):
    if isinstance(bar, NoWorse):
        evidence = weigh_pairs(pair_tables(old, table), table, bar, steady=steady is not None, with_bounds=False)
    else:
        evidence = weigh_table(table, bar, prior_rate=prior, steady_probes=steady, with_bounds=False)
    return Side(decide_verdict(evidence, bar, group, Outlook()), evidence, group)


@settings(max_examples=400, deadline=None)
@given(tables(), st.one_of(alone, margins), priors, groups, tables(), st.sampled_from([None, None, 20]))
def test_the_answers_lead_to_the_verdict(table, bar, prior, group, old, steady):
    side = sides(table, bar, prior, group, old, steady)
    steps = steps_of(side, bar, Account())
    nothing_read = isinstance(side.verdict, Inconclusive) and side.evidence.method is Method.NONE
    if nothing_read or isinstance(side.verdict, Unmeasured):
        assert steps == ()
        return
    asked, answers = [step.question for step in steps], [step.met for step in steps]
    match side.verdict:
        case Failing() | Holds():
            assert asked == _LEADS[type(side.verdict)]
            assert answers == [False] * (len(asked) - 1) + [True]
        case Invalid(straddles=True):
            assert (asked, answers) == (["failing", "holds", "invalid"], [False, False, True])
        case Invalid():
            assert asked in (["failing", "in order"], ["failing", "holds", "in order"])
            assert answers[-2:] == [True, False]
        case Inconclusive():
            assert not answers[-1]
            assert asked[-1] in {"invalid", "clean", "in order"}
    assert all(step.words for step in steps)
