"""What is the same in every request of a probe."""

import pytest

from rebaseline.domain.suite import Probe, Role, Tool, Turn
from rebaseline.run.frame import Manner, frame_of

MANNER = Manner("m", {"temperature": 0}, system="Be brief.", tools=(Tool("a", result="1"),))


def probe(text="hi", **more):
    return Probe(text, (Turn(Role.USER, text),), **more)


def key(asked, manner=MANNER):
    return frame_of(asked, manner).key


def test_requests_that_differ_in_their_words_only_have_one_key():
    assert key(probe("one")) == key(probe("two", system="Be long.")) == key(probe("x", parameters={"temperature": 0}))


@pytest.mark.parametrize(
    "other",
    [
        probe(parameters={"temperature": 1}),
        probe(parameters={"seed": 1}),
        probe(tools=(Tool("b"),)),
        probe(tools=(Tool("a", "told otherwise"),)),
        probe(tools=(Tool("a", "", {"type": "object"}),)),
    ],
)
def test_what_a_provider_may_object_to_is_in_the_key(other):
    assert key(other) != key(probe())


def test_a_system_prompt_or_none_and_the_model_are_in_the_key():
    assert key(probe(), Manner("m")) != key(probe(system="s"), Manner("m"))
    assert key(probe(), Manner("m")) != key(probe(), Manner("n"))


def test_the_order_of_parameters_is_not_and_values_that_json_lacks_do_no_harm():
    one = probe(
        parameters={
            "a": float("nan"),
            "b": {
                1,
            },
        }
    )
    other = probe(parameters={"b": {1}, "a": float("nan")})
    assert key(one) == key(other)


def test_scripted_results_are_found_by_tool():
    assert frame_of(probe(tools=(Tool("b"), Tool("c", result="2"))), MANNER).results == {"a": "1", "c": "2"}
