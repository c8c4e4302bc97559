from rebaseline.domain.model import Target, TargetKind
from rebaseline.domain.suite import Probe, Role, Turn
from rebaseline.run.rounds import Plan

TARGET = Target("t", "scripted", TargetKind.MODEL, "m")


def plan(*samples, done=frozenset()):
    probes = tuple(
        Probe(name, (Turn(Role.USER, name),), samples=count) for name, count in zip("abc", samples, strict=False)
    )
    return Plan(probes, TARGET, "s", done)


def order(of):
    return "".join(f"{cell.probe.id}{cell.sample}" for cell in of.cells())


def test_all_probes_of_a_round_come_before_the_next_round():
    assert order(plan(2, 3, 1)) == "a0b0c0a1b1b2"


def test_what_is_stored_is_left_out():
    left = plan(2, 2, done={("a", 0), ("b", 1), ("gone", 7)})
    assert order(left) == "b0a1"
    assert left.size == 2


def test_an_empty_plan_has_nothing_to_ask():
    assert order(plan()) == ""
    assert plan().size == 0
