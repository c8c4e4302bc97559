"""Both versions against the reference: what counts as agreement, and that no regression is laundered by it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.readings import Log, assertion, probe, suite, tables

from rebaseline.app.assessing import Instruments, assess_assertion
from rebaseline.app.comparing import SuiteSide, judge_suite
from rebaseline.assess.fresh import agreed_against
from rebaseline.assess.group import ControlFindings
from rebaseline.assess.reading import answer_of
from rebaseline.assess.suite_reader import read_suite
from rebaseline.checks import Registry, read_refusal
from rebaseline.domain.attempt import Reply
from rebaseline.domain.comparison import Provider
from rebaseline.domain.model import ModelVersion, TargetKind
from rebaseline.domain.reading import Assumption
from rebaseline.domain.suite import AtLeast, Never, NoWorse, ReferenceFrom
from rebaseline.domain.verdict import Failing, Invalid

REGISTRY = Registry.builtin()
NUMBER = REGISTRY.parse({"number": "{{ reference }}"})
WRITTEN = ReferenceFrom("gpt-0", "2024")


def answer(raw, text):
    return answer_of(REGISTRY.compile(REGISTRY.parse(raw), {}), Reply(text), read_refusal)


@pytest.mark.parametrize(
    ("raw", "one", "other"),
    [
        ({"number": 42}, "41", "41.0"),
        ({"number": 42}, "41", "The answer is **41**."),
        ({"choice": ["A", "B", "C"], "equals": "A"}, "(B)", "B. Because it is so."),
        ({"yes_no": "yes"}, "No.", "no, it is not"),
        ({"equals": "Paris"}, "Lyon", " lyon\n"),
        ({"one_of": ["Paris", "Lutetia"]}, "Old  Lyon", "old lyon"),
        ({"json": {"a": 1, "b": 2}}, '{"a": 3, "b": 2}', '{"b":2,"a":3}'),
        ({"json_path": "$.total", "number": 42}, '{"total": 41}', '{"total": 41, "new": true}'),
        ({"json_path": "$.total", "equals": "x"}, '{"total": "y"}', '```json\n{"total": "y"}\n```'),
    ],
)
def test_equal_answers_are_equal_however_they_are_written(raw, one, other):
    assert answer(raw, one) == answer(raw, other) != ""


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"number": 42}, "no number at all"),
        ({"number": 42}, "42"),
        ({"equals": "Paris"}, "I'm sorry, but I can't help with that."),
        ({"equals": "Paris"}, ""),
        ({"equals": "Paris"}, "a" * 2000),
        ({"lacks": "Paris"}, "Paris"),
        ({"not": {"equals": "Paris"}}, "Paris"),
        ({"all_of": [{"equals": "Paris"}]}, "Lyon"),
        ({"contains": "Paris"}, "Lyon"),
        ({"json_path": "$.total"}, "{}"),
        ({"json": 1}, "[" * 900 + "]" * 900),
    ],
)
def test_what_is_no_answer_agrees_with_nothing(raw, text):
    assert answer(raw, text) == ""


def side(replies, claim, probes, name):
    """Replies by probe, a list of samples each."""
    log = Log(model=ModelVersion("host", name, name))
    for key, texts in replies.items():
        for sample, text in enumerate(texts):
            log.add(key, text, sample, session=f"{name}{sample}")
    found = read_suite(
        suite(probes, claim),
        iter(log.records),
        compile_check=REGISTRY.compile,
        refusal=read_refusal,
        target_kind=TargetKind.MODEL,
    )
    read = replace(tables(found.claims), answers=found.answers)
    return SuiteSide(log.model, read, lambda *_: None, None, Provider(), sessions=(name,))


def verdict(old, new, bar=None, source=WRITTEN, **more):
    claim = assertion(bar or AtLeast(0.8), check=NUMBER, reference_from=source, **more)
    samples = max(len(texts) for texts in new.values())
    probes = [probe(key, samples=samples, fields={"reference": 42}) for key in new]
    sides = side(old, claim, probes, "old"), side(new, claim, probes, "new")
    return judge_suite(suite(probes, claim), *sides, Instruments(REGISTRY.compile, read_refusal), TargetKind.MODEL)["a"]


def said(*texts, count=30):
    return {f"p{n}": list(texts) for n in range(count)}


def test_where_both_agree_against_a_declared_reference_no_failure_is_shown():
    found = verdict(said("41"), said("41"))
    assert isinstance(found, Invalid)
    (reason,) = found.reasons
    assert reason.broken is Assumption.FRESH
    assert "than gpt-0 2024 wrote to 30 of its probes (p0, p1, p10, p11, p12, …)" in reason.detail


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (said("41"), said("40")),  # another wrong answer
        (said("42"), said("41")),  # the old version had it right
        (said("42", "41"), said("41", "41")),  # it had it right once
        (said("no idea"), said("41")),  # it gave no answer
        (said("I can't help with that."), said("I can't help with that.")),  # declining is no answer
    ],
)
def test_what_is_no_agreement_is_failing(old, new):
    assert isinstance(verdict(old, new), Failing)


def test_undeclared_it_is_only_told():
    assert isinstance(verdict(said("41"), said("41"), source=None), Failing)
    claim = assertion(AtLeast(0.8), check=NUMBER)
    probes = [probe(f"p{n}", fields={"reference": 42}) for n in range(30)]
    old, new = side(said("41"), claim, probes, "old"), side(said("41"), claim, probes, "new")
    agreed = agreed_against(
        old.tables.claims["a"], new.tables.claims["a"], old.tables.answers["a"], new.tables.answers["a"]
    )
    found = assess_assertion(
        claim, replace(new.tables, agreed={"a": agreed}), ControlFindings((), ()), prior=None, anchor=None
    )
    assert isinstance(found.verdict, Failing)
    assert (found.group.fresh.replies, found.group.fresh.source, found.group.fresh.blocks) == (30, "", False)


def test_a_failure_that_stands_without_these_replies_stands():
    old = said("41", count=10) | {f"p{n}": ["42"] for n in range(10, 40)}
    new = said("41", count=10) | {f"p{n}": ["40"] for n in range(10, 40)}
    assert isinstance(verdict(old, new), Failing)
    new = said("41", count=10) | {f"p{n}": ["42"] for n in range(10, 40)}
    assert not isinstance(verdict(old, new, AtLeast(0.95)), Failing)


def test_never_and_pairs():
    assert isinstance(verdict(said("41"), said("41"), Never()), Invalid)
    assert isinstance(verdict(said("42") | {"p0": ["41"]}, said("41"), Never()), Failing)
    assert isinstance(verdict(said("42"), said("41"), NoWorse(0.1)), Failing)
    assert not isinstance(verdict(said("41"), said("41"), NoWorse(0.1)), Failing | Invalid)


def test_what_a_second_reading_confirms_is_a_fail_whoever_agrees():
    assert isinstance(verdict(said("41"), said("41"), means=REGISTRY.parse({"contains": "42"})), Failing)


ANSWERS = st.sampled_from(["42", "41", "40", "no idea"])


@settings(max_examples=60, deadline=None)
@given(
    new=st.lists(ANSWERS, min_size=30, max_size=30),
    bar=st.sampled_from([AtLeast(0.5), AtLeast(0.9), Never(), NoWorse(0.1)]),
)
def test_an_old_version_that_passed_everywhere_takes_no_failure_back(new, bar):
    """Whatever the new one says: with and without a declared source the verdict is the same, and none is `fresh`."""
    replies = {f"p{n}": [text] for n, text in enumerate(new)}
    declared = verdict(said("42"), replies, bar)
    assert declared == verdict(said("42"), replies, bar, source=None)
    if isinstance(declared, Invalid):
        assert all(reason.broken is not Assumption.FRESH for reason in declared.reasons)


@settings(max_examples=60, deadline=None)
@given(
    old=st.lists(ANSWERS, min_size=30, max_size=30),
    new=st.lists(ANSWERS, min_size=30, max_size=30),
    bar=st.sampled_from([AtLeast(0.5), AtLeast(0.9), Never()]),
)
def test_a_declared_source_gives_no_verdict_but_invalid_for_failing(old, new, bar):
    replies = [{f"p{n}": [text] for n, text in enumerate(texts)} for texts in (old, new)]
    declared, plain = verdict(*replies, bar), verdict(*replies, bar, source=None)
    if declared != plain:
        assert isinstance(plain, Failing)
        assert isinstance(declared, Invalid)
        assert [reason.broken for reason in declared.reasons] == [Assumption.FRESH]
