"""What one asking of a probe would send, found by leading its conversation as a run would."""

from __future__ import annotations

import pytest

from rebaseline.app.foreseeing import asking_of
from rebaseline.domain.suite import Probe, Role, Tool, Turn
from rebaseline.run.conversation import MOST_TOOL_ROUNDS
from rebaseline.run.frame import Manner

PLAIN = Manner("m")
LIMITED = Manner("m", parameters={"max_tokens": 100})


def user(*texts: str) -> tuple[Turn, ...]:
    return tuple(Turn(Role.USER, text) for text in texts)


def test_one_turn_takes_one_call_and_its_bytes():
    found = asking_of(Probe("p", user("ab" * 50), system="é"), PLAIN)
    assert (found.probe, found.calls, found.most_calls, found.request_bytes) == ("p", 1, 1, 102)
    assert found.output_limit is None
    assert found.most_input_tokens is not None
    assert found.most_input_tokens > 102


def test_each_later_call_sends_again_what_was_said_before():
    found = asking_of(Probe("p", user("a" * 100, "b" * 100, "c" * 100)), PLAIN)
    assert found.calls == found.most_calls == 3
    assert found.request_bytes == pytest.approx(100 + 200 + 300, abs=3)  # and a word for each reply in between


def test_a_script_that_speaks_for_the_model_takes_no_call():
    turns = (Turn(Role.USER, "a"), Turn(Role.ASSISTANT, "b"), Turn(Role.USER, "c"))
    assert asking_of(Probe("p", turns), PLAIN).calls == 1


def test_replies_that_are_sent_on_are_bounded_by_the_limit_alone():
    probe = Probe("p", user("a", "b", "c"))
    free, limited = asking_of(probe, PLAIN), asking_of(probe, LIMITED)
    assert free.most_input_tokens is None
    assert limited.most_input_tokens is not None
    assert limited.most_input_tokens > 3 * 100  # one reply in the second request, two in the third
    assert limited.output_limit == 100


@pytest.mark.parametrize("own", [True, False], ids=["of the probe", "of the target"])
def test_tools_with_scripted_results_may_take_more_calls_and_leave_no_bound(own):
    tool = Tool("look", "looks", result="found")
    probe = Probe("p", user("a"), tools=(tool,) if own else ())
    found = asking_of(probe, Manner("m", parameters={"max_tokens": 9}, tools=() if own else (tool,)))
    assert (found.calls, found.most_calls) == (1, 1 + MOST_TOOL_ROUNDS)
    assert found.most_input_tokens is None


def test_a_tool_without_a_result_ends_the_conversation_at_the_call():
    found = asking_of(Probe("p", user("a"), tools=(Tool("look"),)), LIMITED)
    assert found.most_calls == 1
    assert found.most_input_tokens is not None


def test_the_system_prompt_of_the_target_is_sent_and_the_probes_own_wins():
    manner = Manner("m", system="s" * 30)
    assert asking_of(Probe("p", user("a")), manner).request_bytes == 31
    assert asking_of(Probe("p", user("a"), system="t"), manner).request_bytes == 2
