"""Keys to decisions: what each key does, and that nothing else decides anything."""

from __future__ import annotations

import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.project import HOSTILE, assert_printable
from tests.support.reviewing import Held, Script, item, trial

from rebaseline.domain.decision import Action
from rebaseline.domain.repair import RepairKind
from rebaseline.domain.verdict import VerdictName
from rebaseline.errors import ChangeError
from rebaseline.review.queue import ReplyPair
from rebaseline.review.session import Session
from rebaseline.review.shown import shown_mark


@pytest.fixture
def hold():
    """Hold a review of items with keys and lines in this order."""

    def held(items, *given, session=Session(), refusal=None, loosens=""):  # noqa: B008 - frozen
        return Held(items, given, session, refusal, loosens)

    return held


def test_a_number_takes_that_repair_and_goes_on(hold):
    held = hold([item("s/a", trials=[trial("1"), trial("2", group="other")]), item("s/b")], "2")
    assert held.decided == [("s/a", Action.REPAIR)]
    assert held.review.session.taken[0].decision.words == "repair 2"
    assert "2 of 2   s/b" in held.console.text
    assert held.kept[-1].at == "s/b"


@pytest.mark.parametrize(
    ("verified", "unopposed", "said"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_verified_repair_that_nothing_could_object_to_says_so(hold, verified, unopposed, said):
    shown = hold([item(trials=[replace(trial(verified=verified), unopposed=unopposed)])]).console.text
    assert ("no control and no seeded fault could object" in " ".join(shown.split())) is said


@pytest.mark.parametrize("key", ["\r", "\n", "", "\x1b", "9", "0", "z", "é"])
def test_enter_and_unknown_keys_decide_nothing_and_say_how_the_item_is_shown(hold, key):
    held = hold([item(trials=[trial()])], key)
    assert held.decided == []
    assert "? shows the item again" in held.console.shown[-1]


@pytest.mark.parametrize("key", ["?", " "])
def test_the_item_is_shown_again_when_asked_for(hold, key):
    held = hold([item(trials=[trial()])], key)
    assert held.decided == []
    assert held.console.text.count("1 of 1   s/a") == 2


class Interrupting(Script):
    """A console whose user presses Ctrl-C at every question."""

    def line(self, prompt):
        self.shown.append(prompt)
        raise KeyboardInterrupt


@pytest.mark.parametrize("key", ["b", "v", "x", "t", "f", "d"])
def test_ctrl_c_at_a_question_leaves_the_question_only(hold, monkeypatch, key):
    monkeypatch.setattr("tests.support.reviewing.Script", Interrupting)
    held = hold([item(trials=[trial("1"), trial("2", group="other")]), item("s/b")], key, "s")
    assert held.decided == []
    assert "cancelled: nothing decided" in held.console.text
    assert "2 of 2   s/b" in held.console.text  # the next key counts again


@pytest.mark.parametrize("key", ["b", "v", "x", "t", "d"])
def test_an_empty_answer_cancels_and_every_question_says_so(hold, key):
    held = hold([item(trials=[trial("1"), trial("2", group="other")])], key, "")
    assert held.decided == []
    assert "(empty: cancel)" in held.console.text
    assert held.console.shown[-1] == "  cancelled: nothing decided"


def test_what_was_shown_beside_its_version_is_kept_before_anything_else(hold):
    more = ReplyPair("p2", 0, "old text", None, "pass", "pass")
    one = replace(item(), pairs=(*item().pairs, more), cited=(("p9", "cited"),))
    marks = [shown_mark("s", *each) for each in (("p1", "one two"), ("p1", "one 2"), ("p2", "old text"))]
    assert hold([one]).kept[-1].shown == frozenset(marks[:2])
    assert hold([one], "m").kept[-1].shown == frozenset(marks)
    assert hold([one], "y").kept[-1].shown == frozenset([*marks[:2], shown_mark("s", "p9", "cited")])


def test_what_is_failing_is_never_accepted_away(hold):
    held = hold([item(verdict=VerdictName.FAILING)], "b", "because")
    assert held.decided == []
    assert "never accepted away" in held.console.text
    assert "re-baseline" not in held.console.text


@pytest.mark.parametrize(
    ("key", "answers", "action"),
    [
        ("b", ["it reads well"], Action.REBASELINE),
        ("x", ["the model is to blame"], Action.REJECT),
        ("t", ["nobody needs it"], Action.RETIRE),
        ("v", ["ada", "30", "until 6.3"], Action.WAIVE),
    ],
)
def test_decisions_ask_for_what_they_need(hold, key, answers, action):
    held = hold([item()], key, *answers)
    assert held.decided == [("s/a", action)]
    assert held.review.session.taken[0].decision.reason == answers[-1]
    assert hold([item()], key, *answers[:-1], "").decided == []


def test_a_waiver_has_a_last_day_that_is_not_over(hold):
    decision = hold([item()], "v", "ada", "2027-01-31", "why").review.session.taken[0].decision
    assert (decision.owner, str(decision.expires_on)) == ("ada", "2027-01-31")
    for day, until in (("30d", "2026-12-26"), ("2w", "2026-12-10")):
        decision = hold([item()], "v", "ada", day, "why").review.session.taken[0].decision
        assert str(decision.expires_on) == until
    for day in ("2026-11-25", "soon", "2027-02-30", "9" * 30, "12h", "999999w"):
        assert hold([item()], "v", "ada", day, "", "why").decided == []
        again = hold([item()], "v", "ada", day, "2026-12-31", "why")
        assert again.decided == [("s/a", Action.WAIVE)]


def test_what_is_not_verified_needs_a_reason_and_shows_the_objections(hold):
    doubtful = trial("1", verified=False, objections=("12 replies that failed now pass",))
    assert hold([item(trials=[doubtful])], "1", "").decided == []
    held = hold([item(trials=[doubtful])], "1", "I looked at them")
    assert held.review.session.taken[0].decision.reason == "I looked at them"
    assert "12 replies that failed now pass" in held.console.text


def test_what_makes_a_rule_looser_needs_a_reason(hold):
    held = hold([item(trials=[trial()])], "1", "", loosens="consumer: fence")
    assert held.decided == []
    assert "looser: consumer: fence" in held.console.text
    assert hold([item(trials=[trial()])], "1", "it strips them", loosens="x").decided == [("s/a", Action.REPAIR)]


def test_a_repair_is_taken_for_all_that_share_it_and_taken_back_together(hold):
    items = [item("s/a", trials=[trial()]), item("s/b", trials=[trial("1", group="y")]), item("s/c", trials=[trial()])]
    held = hold(items, "a")
    assert held.decided == [("s/a", Action.REPAIR), ("s/c", Action.REPAIR)]
    assert hold(items, "a", "u").decided == []
    assert hold([items[0], items[1]], "a").decided == []


def test_a_repair_that_retires_asks_why(hold):
    retiring = trial("1", verified=False, kind=RepairKind.RETIRE)
    assert hold([item(trials=[retiring])], "1", "unused").decided == [("s/a", Action.RETIRE)]


def test_undo_takes_back_one_press_after_the_other(hold):
    items = [item("s/a"), item("s/b")]
    assert hold(items, "x", "one", "x", "two", "u").decided == [("s/a", Action.REJECT)]
    held = hold(items, "x", "one", "x", "two", "u", "u", "u")
    assert held.decided == []
    assert "nothing to undo" in held.console.text


def test_nothing_is_written_but_by_w_and_the_whole_word_yes(hold):
    items = [item("s/a")]
    for answer in ("", "y", "no", "ja"):
        assert hold(items, "x", "one", "w", answer).written == []
    held = hold(items, "x", "one", "w", "yes")
    assert [len(session.taken) for session in held.written] == [1]
    assert (held.review.written, held.review.left, held.decided) == (1, 0, [])
    assert hold(items, "w", "yes").written == []


def test_a_refusal_is_shown_and_decisions_are_kept(hold):
    refusal = ChangeError("another file stands here than was looked at", where="probes/s.yaml", remedy="look")
    held = hold([item("s/a")], "x", "one", "w", "yes", refusal=refusal)
    assert held.decided == [("s/a", Action.REJECT)]
    assert "probes/s.yaml: another file stands here" in held.console.text


def test_time_and_keys_are_counted_by_item_and_in_all(hold):
    held = hold([item("s/a"), item("s/b")], "x", "four", "x", "four")
    first, second = held.review.session.taken
    assert (first.keys, second.keys) == (6, 6)  # the key, four letters, Enter
    assert first.seconds == second.seconds == 10.0
    assert held.review.session.seconds >= 20.0


def test_a_filter_narrows_the_queue_and_an_empty_one_takes_it_back(hold):
    items = [item("s/a"), item("s/b", owner="bob")]
    assert "1 of 1   s/b" in hold(items, "f", "owner=bob").console.text
    assert "none of the items" in hold(items, "f", "owner=eve").console.text
    assert "1 of 2   s/a" in hold(items, "f", "owner=bob", "f", "").console.text.split("s/b")[-1]


def test_replies_are_shown_without_what_takes_hold_of_a_terminal(hold):
    hostile = "".join(HOSTILE)
    pair = ReplyPair(hostile, 0, hostile, hostile + "x", hostile, hostile)
    held = hold([replace(item(owner=hostile), claim=hostile, pairs=(pair,))], "m", "x", hostile)
    assert_printable(held.console.text)


@given(keys=st.lists(st.sampled_from([*string.printable, "yes", ""]), max_size=30))
def test_whatever_is_typed_a_failing_assertion_is_never_re_baselined(keys):
    items = [item("s/a", verdict=VerdictName.FAILING, trials=[trial()]), item("s/b", verdict=VerdictName.FAILING)]
    held = Held(items, keys, Session(), None, "")
    for session in (*held.written, held.review.session):
        assert all(it.decision.action is not Action.REBASELINE for it in session.taken)
        assert all(it.decision.reason for it in session.taken if it.decision.action is not Action.REPAIR)
