"""Checks that installed packages bring: used like any other, and unable to break or replace what is ours."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from tests.support.project import NEW, OLD, SUITE, TOTALS

from rebaseline.domain.instrument import Look, Polarity

PLUGGED = SUITE.split("    check:")[0] + "    check: {shouts: true, least: 3}\n    bar: {at_least: 0.8}\n"


@dataclass(frozen=True)
class Shouts:
    """Passes a reply in capitals of at least so many letters."""

    least: int
    name: str = "shouts"
    polarity: Polarity = Polarity.PRESENCE
    tolerates: tuple = ()
    judges_refusal: bool = False

    def look(self, reply, undo):
        if "boom" in reply.text:
            raise RuntimeError("\x1b[31mboom")
        return Look(1.0 if reply.text.isupper() and len(reply.text) >= self.least else 0.0)

    def seeded_faults(self, reply):
        return ()


def build(argument, options):
    """Capitals."""
    return Shouts(options["least"])


@dataclass(frozen=True)
class Point:
    name: str
    loaded: object

    @property
    def value(self):
        return f"capitals:{self.name}"

    def load(self):
        if isinstance(self.loaded, Exception):
            raise self.loaded
        return self.loaded


@pytest.fixture
def install(monkeypatch):
    def installed(*points):
        monkeypatch.setattr("rebaseline.app.workspace.entry_points", lambda group: points)

    return installed


def test_a_suite_uses_a_check_of_another_package(project, install):
    install(Point("shouts", build))
    project.suite(PLUGGED)
    assert project("lint").code == 0
    project.bring(OLD, dict.fromkeys(TOTALS, "LOUD"))
    project.bring(NEW, dict.fromkeys(TOTALS, "quiet"))
    said = project("diff")
    assert said.code == 1
    assert "FAILING" in said.out


def test_what_it_raises_makes_the_reply_void(project, install):
    install(Point("shouts", build))
    project.suite(PLUGGED)
    project.bring(OLD, dict.fromkeys(TOTALS, "LOUD"))
    project.bring(NEW, dict.fromkeys(TOTALS, "boom"))
    said = project("diff")
    assert said.code == 3
    assert "60 of 60 void" in said.out


def test_without_the_package_the_check_is_unknown(project):
    project.suite(PLUGGED)
    said = project("lint")
    assert said.code == 2
    assert "unknown check" in said.out


@pytest.mark.parametrize(
    "points",
    [
        [Point("broken", ImportError("no module \x1b[31m"))],
        [Point("broken", SyntaxError("x"))],
        [Point("broken", 3)],
        [Point("broken", build), Point("broken", build)],
        [Point("contains", build)],
        [Point("all_of", build)],
    ],
    ids=["import", "syntax", "no check", "twice", "ours", "a combinator"],
)
def test_a_broken_package_is_named_and_is_no_bug_of_ours(asked, install, points):
    install(*points)
    said = asked("diff")
    assert said.code == 2
    assert points[0].name in said.err


@pytest.mark.parametrize("options", ["{shouts: true}", "{shouts: true, least: x}"])
def test_a_check_that_cannot_be_built_is_a_fault_of_the_suite(project, install, options):
    def careful(argument, options):
        return Shouts(int(options["least"]))

    install(Point("shouts", careful))
    project.suite(PLUGGED.replace("{shouts: true, least: 3}", options))
    said = project("lint")
    assert said.code == 2
    assert "shouts" in said.out
