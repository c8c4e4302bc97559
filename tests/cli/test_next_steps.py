"""What a screen advises can be typed as it stands, and speaks of the same diff."""

from __future__ import annotations

import shlex

from tests.support.project import NEW, OLD, PROJECT, SUITE, replies_of

FENCED = '```json\n{{"total": {0}}}\n```'
ASKED = '\n[targets.live]\ntype = "openai-compatible"\nmodel = "m"\nbase_url = "https://example.invalid/v1"\n'


def step_of(said):
    return said.line("Next:").removeprefix("Next:").split("   ")[0].strip()


def test_the_next_step_repeats_what_was_typed_and_no_more(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(FENCED))
    assert step_of(project("diff")) == "rebaseline diff --why invoices/total-right"
    typed = ("diff", "invoices", "--target", "app", "--from", OLD, "--to", NEW)
    step = step_of(project(*typed, "--all"))
    assert step == f"rebaseline {' '.join(typed)} --why invoices/total-right"
    assert "What would change the verdict" in project(*shlex.split(step)[1:]).out


def test_the_answer_that_the_screen_asks_for_settles_the_question(project):
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(FENCED))
    answers = project("diff").line("yes: consumer:")
    for answer, code in (("yes", 0), ("no", 1)):
        line = answers.split(f"{answer}: ")[1].split("   ")[0]
        project.suite(SUITE.replace("    bar:", f"    {line}\n    bar:"))
        assert project("diff").code == code
    path, number = answers.split(" in ")[1].split(":")
    assert "id: total-right" in (project.root / path).read_text(encoding="utf-8").splitlines()[int(number) - 1]


def test_the_page_that_is_offered_is_about_the_assertion_that_is_named(project):
    also = """  - id: in-words
    claim: The total is written out.
    check: {contains: seven}
    bar: {at_least: 0.9}
"""
    project.suite(SUITE + also)
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(FENCED))
    said = project("diff")
    assert (" x invoices/in-words" in said.out, " ! invoices/total-right" in said.out) == (True, True)
    assert step_of(said) == "rebaseline diff --why invoices/in-words"
    assert "rebaseline explain failing   says what that means" in said.out
    assert "rebaseline explain form" not in said.out


def test_nobody_is_sent_to_ask_a_recorded_target(project):
    project.write("rebaseline.toml", PROJECT + ASKED)
    some = dict(list(replies_of().items())[:20])
    for target, advice in (("app", "rebaseline import"), ("live", "rebaseline run --target live")):
        project.bring(OLD, replies_of(), target=target)
        project.bring(NEW, some, target=target)
        said = project("diff", "--target", target)
        steps = said.out.partition("Next:")[2]
        assert advice in steps
        assert ("rebaseline run" in steps) is (target == "live")


def test_a_baseline_is_offered_for_the_target_that_was_compared(project):
    for model in (OLD, NEW):
        project.bring(model, replies_of())
    said = project("diff", "--target", "app")
    assert step_of(said) == f"rebaseline accept --target app --model {NEW} --as YOU --reason WHY"


def test_a_lint_that_could_load_nothing_does_not_count_checks(project):
    project.suite(SUITE.replace("json_path", "jsn_path"))
    said = project("lint")
    assert said.code == 2
    assert said.out.endswith("no suite could be loaded, so no check was tried: 1 error, 0 warnings\n")
