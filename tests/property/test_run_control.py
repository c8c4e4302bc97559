"""Differential control against simulated providers: whatever they object to is named exactly, with few calls."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from rebaseline.domain.attempt import Faulted, Rejected
from rebaseline.domain.suite import Tool
from rebaseline.run.control import Accepted, Blamed, RefusesAll, control
from rebaseline.targets.base import Asked, Request, UserTurn
from rebaseline.targets.scripted import says

PARAMETERS = ("logprobs", "max_tokens", "reasoning", "seed", "temperature", "top_p")
ANSWERED, REJECTED = Asked(says("x")), Asked(Rejected(400, hint="no"))


def request_of(names, *, system=False, tools=False):
    return Request(
        "m",
        (UserTurn("Claim 7?"),),
        system="Be brief." if system else None,
        tools=(Tool("lookup"),) if tools else (),
        parameters={name: {"effort": "high"} if name == "reasoning" else 500 for name in names},
    )


def holds(request):
    """Return what of ours is in a request, as the culprits are named; a mandatory number counts at its full height."""
    named = {name for name, value in request.parameters.items() if value != 64}
    return named | ({"system"} if request.system is not None else set()) | ({"tools"} if request.tools else set())


def run(steps, answer):
    """Drive a control; return what it found and the calls that it took."""
    calls = 0
    try:
        trial = next(steps)
        while True:
            calls += 1
            trial = steps.send(answer(trial))
    except StopIteration as end:
        return end.value, calls


def named(causes, mandatory):
    """Return what is to be named: what is in every cause, as leaving it out mends all; else what is one by itself.

    By itself is beside what is mandatory, unless that is rejected by itself.
    """
    in_all = frozenset.intersection(*causes)
    if in_all:
        return " with ".join(sorted(in_all))
    beside = frozenset(name for name in mandatory if frozenset({name}) not in causes)
    alone = {name for cause in causes for name in cause if len(cause) == 1 or cause - {name} <= beside - {name}}
    return ", ".join(sorted(alone - beside)) or None


@st.composite
def situations(draw):
    parameters = draw(st.sets(st.sampled_from(PARAMETERS), min_size=1))
    mandatory = draw(st.sampled_from([frozenset(), frozenset({"max_tokens"})]))
    request = request_of(sorted(parameters), system=draw(st.booleans()), tools=draw(st.booleans()))
    options = sorted(holds(request))
    groups = [frozenset(group) for size in (1, 2) for group in combinations(options, size)]
    drawn = draw(st.sets(st.sampled_from(groups), min_size=1, max_size=4))
    causes = [cause for cause in drawn if not any(other < cause for other in drawn)]
    return request, mandatory, options, causes


@given(situations())
def test_what_a_provider_objects_to_is_named_exactly(situation):
    request, mandatory, options, causes = situation

    def provider(trial):
        return REJECTED if any(cause <= holds(trial) for cause in causes) else ANSWERED

    found, calls = run(control(request, mandatory), provider)
    assert found == Blamed(named(causes, mandatory))
    assert calls <= 3 + 2 * len(options)


@given(situations())
def test_a_conversation_that_is_rejected_alone_is_the_culprit(situation):
    request, mandatory, _, _ = situation

    def provider(trial):
        return REJECTED if trial.messages == request.messages else ANSWERED

    assert run(control(request, mandatory), provider) == (Blamed("messages"), 3)


@given(situations())
def test_a_model_that_rejects_everything_is_told_from_our_request(situation):
    request, mandatory, _, _ = situation
    assert run(control(request, mandatory), lambda trial: REJECTED) == (RefusesAll(REJECTED.attempt), 2)


@given(situations())
def test_a_rejection_that_passes_is_no_rejection(situation):
    request, mandatory, _, _ = situation
    assert run(control(request, mandatory), lambda trial: ANSWERED) == (Accepted(ANSWERED), 1)


@given(situations(), st.integers(0, 10), st.sampled_from([None, Asked(Faulted("timeout"))]))
def test_a_fault_or_a_bound_leaves_the_culprit_unknown(situation, number, nothing):
    request, mandatory, _, causes = situation
    calls = iter(range(100))

    def provider(trial):
        if next(calls) == number:
            return nothing
        return REJECTED if any(cause <= holds(trial) for cause in causes) else ANSWERED

    found, taken = run(control(request, mandatory), provider)
    assert found == Blamed(None, settled=False) or taken <= number


@given(situations())
def test_every_trial_keeps_the_model_and_what_is_mandatory_and_adds_nothing(situation):
    request, mandatory, _, causes = situation
    trials = []

    def provider(trial):
        trials.append(trial)
        return REJECTED if any(cause <= holds(trial) for cause in causes) else ANSWERED

    run(control(request, mandatory), provider)
    for trial in trials:
        assert trial.model == request.model
        assert mandatory & request.parameters.keys() <= trial.parameters.keys() <= request.parameters.keys()
        for name, value in trial.parameters.items():
            assert value == request.parameters[name] or (name in mandatory and value == 64)
