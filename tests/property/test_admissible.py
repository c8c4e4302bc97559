"""Whatever is decided, and whatever edits would do: nothing that fails comes out as anything else unopposed."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from rebaseline.domain.comparison import RuleChange
from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.edit import Put
from rebaseline.domain.verdict import VerdictName
from rebaseline.review.admissible import Effect, objections_to

NAMES = ("a", "b", "c")
TODAY = date(2026, 11, 26)
texts = st.sampled_from(["", " ", "why"])
decisions = st.builds(
    Decision,
    st.sampled_from(Action),
    st.just("s"),
    st.sampled_from(NAMES),
    reason=texts,
    edits=st.sampled_from([(), (Put(("assertions", "a", "bar"), "never"),)]),
    verified=st.booleans(),
    owner=texts,
    expires_on=st.one_of(st.none(), st.dates(date(2026, 11, 20), date(2027, 3, 1))),
)
verdicts = st.fixed_dictionaries(dict.fromkeys(NAMES, st.sampled_from(VerdictName)))
rules = st.dictionaries(st.sampled_from(NAMES), st.just((RuleChange("bar", "a", "b", "looser"),)))


@given(st.lists(decisions, min_size=1, max_size=4), verdicts, verdicts, rules)
def test_what_has_no_objection_accepts_no_failure_loosens_nothing_for_no_reason_and_waives_no_longer_than_allowed(
    decided, before, after, changed
):
    effect = Effect(NAMES, before, after, changed)
    if objections_to(decided, effect, today=TODAY, max_waiver_days=90):
        return
    by_name = {decision.assertion: decision for decision in decided}
    assert len(by_name) == len(decided)
    for name in NAMES:
        decision = by_name.get(name)
        if decision is not None and decision.action is Action.RETIRE:
            assert decision.reason.strip()
            continue
        if before[name] is VerdictName.FAILING:
            assert after[name] is VerdictName.FAILING
            assert decision is None or decision.action is not Action.REBASELINE
        if name in changed:
            assert any(it.action is Action.REPAIR and it.reason.strip() for it in decided)
        if decision is not None and decision.action is Action.WAIVE:
            assert decision.owner.strip()
            assert decision.reason.strip()
            assert 0 <= (decision.expires_on - TODAY).days <= 90
