"""A fixed seed beside several samples is found wherever it stands."""

from __future__ import annotations

import pytest

from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.suite import Kind, Location, Probe, Suite
from rebaseline.errors import SuiteErrors
from rebaseline.plan.seeds import find_copies, refuse_copies

SEEDED = {"parameters": {"seed": 7}}


def suite(*probes: Probe) -> Suite:
    return Suite("s", 1, Kind.FUNCTIONAL, "me", (), probes, ())


def target(**settings) -> Target:
    return Target("gpt", "openai", TargetKind.MODEL, "m", settings)


def probe(name="a", samples=3, **parameters) -> Probe:
    return Probe(name, (), samples=samples, parameters=parameters, where=Location("probes/s.yaml", 4))


def test_a_seed_of_the_target_is_named_with_the_first_probe_and_how_many_more_there_are():
    (found,) = find_copies(suite(probe("a"), probe("b"), probe("c", samples=1)), target(**SEEDED))
    assert (found.path, found.line, found.level) == ("probes/s.yaml", 4, "error")
    assert "probe `a` (and 1 more probe) is asked 3 times and targets.gpt fixes `seed`" in found.message
    assert "samples: 1" in found.remedy
    assert "take `seed` out of the target's parameters" in found.remedy


def test_a_seed_of_the_probe_is_found_whatever_the_target_says():
    (found,) = find_copies(suite(probe(seed=0)), target())
    assert "its parameters fix `seed`" in found.message


def test_a_seed_of_the_probe_and_one_of_the_target_are_two_problems():
    assert len(find_copies(suite(probe("a", seed=1), probe("b")), target(**SEEDED))) == 2


@pytest.mark.parametrize(
    ("asked", "settings"),
    [
        (probe(samples=1), SEEDED),
        (probe(seed=None), SEEDED),
        (probe(), {"parameters": {"seed": None}}),
        (probe(), {"parameters": {"temperature": 0}}),
        (probe(), {}),
    ],
    ids=["one sample", "taken back by the probe", "null", "no seed", "no parameters"],
)
def test_nothing_is_found_where_no_copy_would_be_asked(asked, settings):
    assert find_copies(suite(asked), target(**settings)) == ()


def test_every_suite_with_copies_is_refused_at_once():
    with pytest.raises(SuiteErrors) as refused:
        refuse_copies([suite(probe("a")), suite(probe("b", samples=1)), suite(probe("c"))], target(**SEEDED))
    assert [problem.message.split("`")[1] for problem in refused.value.problems] == ["a", "c"]


def test_suites_without_copies_are_let_through():
    refuse_copies([suite(probe())], target())
