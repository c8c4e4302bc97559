"""Judges in a suite's file: what they become, and everything that is wrong with them at once."""

from __future__ import annotations

import pytest

from rebaseline.checks.registry import Registry
from rebaseline.domain.judge import JudgeKind, JudgeVersion
from rebaseline.errors import SuiteErrors
from rebaseline.load import load_suite

SUITE = """
suite: {{id: tone, version: 1, kind: functional, owner: care}}
vars: {{word: sorry}}
judges:
  apology:
    target: grader
    version: grader-1
    {judge}
probes:
  - {{id: one, user: Hello, fields: {{champion: Hi}}}}
assertions:
  - {{id: apologises, claim: It says sorry., check: {check}}}
"""
ANCHORS = "anchors: [{reply: so sorry, label: pass}, {reply: no, label: fail}]"


@pytest.fixture
def load(tmp_path):
    def loaded(judge=f"rubric: It says sorry.\n    {ANCHORS}", check="{judge: apology}", table=None):
        (tmp_path / "suite.yaml").write_text(SUITE.format(judge=judge, check=check), encoding="utf-8")
        if table is not None:
            (tmp_path / "labelled.csv").write_text(table, encoding="utf-8")
        return load_suite(tmp_path / "suite.yaml", Registry.builtin(), root=tmp_path)

    return loaded


def problems(load, **changed):
    with pytest.raises(SuiteErrors) as wrong:
        load(**changed)
    return [problem.message for problem in wrong.value.problems if problem.level == "error"]


def test_a_judge_is_read_with_its_anchors(load):
    suite = load().suite
    judge = suite.judges["apology"]
    assert judge.version == JudgeVersion("grader", "grader-1")
    assert judge.kind is JudgeKind.RUBRIC
    assert [(anchor.reply, anchor.label) for anchor in judge.anchors] == [("so sorry", 1.0), ("no", 0.0)]
    assert judge.anchors[0].given == {"word": "sorry"}
    assert suite.assertions[0].judges == {"apology"}
    assert suite.asks_judges


def test_few_anchors_are_warned_of(load):
    assert [p.message for p in load().problems] == ["judge `apology` has 2 anchors: kappa says little of so few"]


def test_anchors_come_from_a_table(load):
    rows = "reply,label,prompt,tone\n" + '"so sorry",4,What?,warm\n"no",1,What?,cold\n' * 10
    judge = load(judge="rubric: x\n    scale: 5\n    anchors: labelled.csv", table=rows).suite.judges["apology"]
    assert judge.anchors[0].label == 0.75
    assert judge.anchors[0].asked == "What?"
    assert judge.anchors[0].given == {"word": "sorry", "tone": "warm"}
    assert (judge.anchors[1].where.path, judge.anchors[1].where.line) == ("labelled.csv", 3)


def test_a_judge_is_part_of_what_the_assertion_is(load):
    def prints(**changed):
        assertion = load(**changed).suite.assertions[0]
        return assertion.check.fingerprint, assertion.fingerprint

    usual = prints()
    assert prints() == usual
    for judge in (
        f"rubric: It says sorry twice.\n    {ANCHORS}",
        f"rubric: It says sorry.\n    samples: 3\n    {ANCHORS}",
        f"rubric: It says sorry.\n    parameters: {{temperature: 0}}\n    {ANCHORS}",
    ):
        assert prints(judge=judge)[0] != usual[0]
    # Other anchors are another test of the same instrument.
    other = prints(judge=f"rubric: It says sorry.\n    {ANCHORS.replace('so sorry', 'very sorry')}")
    assert other[0] == usual[0]
    assert other[1] != usual[1]


@pytest.mark.parametrize(
    ("judge", "said"),
    [
        (ANCHORS, "a judge by rubric needs a `rubric`"),
        ("rubric: x", "`anchors` is missing"),
        (f"rubric: x\n    kind: pairwise\n    scale: 5\n    {ANCHORS}", "a pairwise judge gives no points"),
        (f"rubric: x\n    passes_from: 4\n    {ANCHORS}", "`passes_from` is 4, and `scale` is not set"),
        (f"rubric: x\n    scale: 3\n    passes_from: 4\n    {ANCHORS}", "`passes_from` is 4, and `scale` is 3"),
        ("rubric: x\n    anchors: [{reply: a, label: good}, {reply: b, label: fail}]", "`label` is 'good'"),
        ("rubric: x\n    scale: 5\n    anchors: [{reply: a, label: 6}, {reply: b, label: 1}]", "`label` is 6"),
        (
            "rubric: x\n    anchors: [{reply: a, label: pass}, {reply: b, label: pass}]",
            "people give all 2 anchors of judge `apology` the same label",
        ),
        (f"rubric: 'about {{{{ topic }}}}'\n    {ANCHORS}", "judge `apology` asks for `topic`"),
        (f"rubric: 'about {{{{ topic'\n    {ANCHORS}", "cannot be read"),
        (f"rubric: x\n    parameters: {{api_key: sk-1}}\n    {ANCHORS}", "`api_key` looks like a secret"),
        (
            f"rubric: x\n    previous: {{target: grader, version: grader-1}}\n    {ANCHORS}",
            "`previous` is the judge itself",
        ),
        ("rubric: x\n    anchors: missing.csv", "missing.csv"),
        ("rubric: x\n    anchors: ../outside.csv", "outside.csv"),
    ],
)
def test_what_is_wrong_is_said_where_it_is(load, judge, said):
    assert any(said in message for message in problems(load, judge=judge)), problems(load, judge=judge)


def test_a_table_without_labels_is_refused_and_a_wrong_row_is_named(load):
    judge = "rubric: x\n    anchors: labelled.csv"
    assert any("has no column `label`" in said for said in problems(load, judge=judge, table="reply\nso sorry\n"))
    rows = "reply,label\nso sorry,pass\n,fail\nno,perhaps\n"
    said = problems(load, judge=judge, table=rows)
    assert any("`reply` is empty or no text" in each for each in said)
    assert any("`label` is 'perhaps'" in each for each in said)


def test_a_check_that_names_no_judge_is_refused_wherever_it_stands(load):
    for check in ("{judge: apologie}", "{all_of: [{contains: x}, {judge: apologie}]}", "{not: {judge: apologie}}"):
        (said,) = problems(load, check=check)
        assert said == "the suite has no judge `apologie`"


def test_a_judge_that_no_check_asks_is_warned_of(load):
    found = load(check="{contains: x}").problems
    assert "no check asks the judge `apology`" in [problem.message for problem in found]


def test_a_pairwise_judge_takes_the_other_reply_from_the_row(load):
    judge = (
        "kind: pairwise\n    reference: '{{ champion }}'\n"
        "    anchors: [{reply: a, label: better, given: {champion: b}}, {reply: b, label: worse, given: {champion: a}}]"
    )
    assert load(judge=judge).suite.judges["apology"].anchors[0].given["champion"] == "b"
    assert any(
        "asks for `reference`" in said for said in problems(load, judge=judge.replace("champion", "reference", 1))
    )


def test_one_transcript_has_one_label(load):
    anchors = "anchors: [{reply: a, label: pass}, {reply: a, label: fail}, {reply: b, label: fail}]"
    assert any("another label elsewhere" in said for said in problems(load, judge=f"rubric: x\n    {anchors}"))


def test_a_graded_judge_without_anchors_in_the_middle_is_warned_of(load):
    judge = "rubric: x\n    scale: 5\n    anchors: [{reply: a, label: 1}, {reply: b, label: 5}]"
    said = [problem.message for problem in load(judge=judge).problems]
    assert any("gone binary would not show" in each for each in said)


def test_a_yes_or_no_is_no_second_reading_of_points(load):
    judge = "rubric: x\n    scale: 5\n    anchors: [{reply: a, label: 1}, {reply: b, label: 5}]"
    said = problems(load, judge=judge, check="{judge: apology}, means: compliance")
    assert any("is a yes or no, and judge `apology` gives points" in each for each in said)
