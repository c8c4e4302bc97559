"""References that both versions agree against, through the command line."""

from __future__ import annotations

from tests.support.project import NEW, OLD, SUITE, TOTALS

NAME = "invoices/total-right"


def off_by_one(count):
    """The same wrong total to the first probes, the right one to the rest."""
    return {probe: f'{{"total": {total + (n < count)}}}' for n, (probe, total) in enumerate(TOTALS.items())}


def bring_both(project, declared):
    if declared:
        project.suite(SUITE.replace("probes:", "reference_from: {model: model-5, at: 2024}\nprobes:", 1))
    project.bring(OLD, off_by_one(20))
    project.bring(NEW, off_by_one(20))


def test_undeclared_it_fails_and_why_asks(project):
    bring_both(project, declared=False)
    assert project("diff").code == 1
    said = project("diff", "--why", NAME)
    assert "both versions give the same other answer to 20 probes: is the reference right?" in " ".join(
        said.out.split()
    )
    (found,) = project("diff", "--json").document["assertions"]
    assert len(found["new"]["agreed_against"]) == 20
    assert found["old"]["agreed_against"] == []


def test_declared_it_is_invalid_and_the_probes_are_named(project):
    bring_both(project, declared=True)
    said = project("diff", "--json")
    (found,) = said.document["assertions"]
    (reason,) = found["new"]["verdict"]["reasons"]
    assert (said.code, found["new"]["verdict"]["name"], reason["broken"]) == (3, "invalid", "fresh")
    assert "than model-5 2024 wrote to 20 of its probes (inv-00" in reason["detail"]
    why = " ".join(project("diff", "--why", NAME).out.split())
    assert "to 20 probes (blocks Failing)" in why


def test_a_regression_is_failing_all_the_same(project):
    project.suite(SUITE.replace("probes:", "reference_from: model-5\nprobes:", 1))
    project.bring(OLD, off_by_one(0))
    project.bring(NEW, off_by_one(20))
    assert project("diff").code == 1
