"""Decisions that were taken and not written: kept as they are, and only as long as they are about what is there."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.reviewing import item, trial

from rebaseline.domain.decision import Action, Decision
from rebaseline.domain.edit import Drop, Put, Rename
from rebaseline.errors import UsageError
from rebaseline.review.session import Session, parse_session, render_session

words = st.text(max_size=8).filter(lambda text: not any("\ud800" <= mark <= "\udfff" for mark in text))
places = st.lists(st.one_of(words, st.integers(0, 9)), min_size=1, max_size=3).map(tuple)
values = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), words), lambda it: st.lists(it, max_size=2))
edits = st.one_of(st.builds(Put, places, values), st.builds(Drop, places), st.builds(Rename, places, words))
decisions = st.builds(
    Decision,
    action=st.sampled_from(Action),
    suite=st.just("s"),
    assertion=st.sampled_from("abc"),
    reason=words,
    edits=st.lists(edits, max_size=2).map(tuple),
    words=words,
    verified=st.booleans(),
    owner=words,
    expires_on=st.one_of(st.none(), st.dates(date(2000, 1, 1))),
)


@given(st.lists(decisions, max_size=4))
def test_a_session_is_read_back_as_it_was(given_decisions):
    session = Session(at="s/a", seconds=1.5, keys=3)
    for decision in given_decisions:
        session = session.decide([(item(decision.name), decision)], seconds=2.0, keys=2)
    assert parse_session(render_session(session), shown="kept") == session
    names = [it.decision.name for it in session.taken]
    assert len(names) == len(set(names))


def test_a_decision_about_what_changed_since_is_set_aside():
    session = Session()
    for name in ("s/a", "s/b", "s/c"):
        it = item(name)
        session = session.decide([(it, Decision(Action.REJECT, "s", it.assertion, reason="why"))])
    there = [item("s/a"), replace(item("s/b"), state="another")]
    fitted, gone = session.fitted(there)
    assert [it.decision.name for it in fitted.taken] == ["s/a"]
    assert gone == ("s/b", "s/c")


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"format": 2}', render_session(Session())[:-20], json.dumps({"format": 1, "taken": [{}]}), "["],
)
def test_a_damaged_file_is_named_with_what_to_do(text):
    with pytest.raises(UsageError, match="the decisions that were kept cannot be read") as refused:
        parse_session(text, shown=".rebaseline/review/x.json")
    assert "delete the file" in refused.value.remedy


def test_a_kept_repair_is_what_was_tried_whatever_its_file_says():
    tried = trial(verified=False, objections=("12 replies that failed now pass",))
    there = item("s/a", trials=[tried])
    edits = tried.proposal.edits
    forged = Decision(Action.REPAIR, "s", "a", edits=edits, words="harmless", verified=True)
    (taken,) = Session().decide([(there, forged)]).fitted([there])[0].taken
    assert (taken.decision.verified, taken.decision.words) == (False, "repair 1")
    other = replace(forged, edits=(Put(("assertions", "a", "check"), {"answers": True}),))
    assert Session().decide([(there, other)]).fitted([there]) == (Session(presses=1), ("s/a",))
