"""Redaction as the project wants it, and what it would hide from the project's own checks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from rebaseline.app.assessing import Instruments, find_controls
from rebaseline.app.benches import instruments_of
from rebaseline.app.workspace import Workspace
from rebaseline.assess.group import ControlFindings, read_controls
from rebaseline.assess.seeding import shorten
from rebaseline.assess.suite_reader import rules_of_controls
from rebaseline.checks.redaction import Redactor
from rebaseline.domain.instrument import AllOf, AnyOf, CheckNode, Leaf, Polarity
from rebaseline.domain.model import TargetKind
from rebaseline.domain.suite import Assertion, CheckSpec, Control, Suite
from rebaseline.errors import Problem, SuiteErrors
from rebaseline.template import render

__all__ = ["blind_spots", "refuse_blindness"]

_PROBES_TRIED = 2000
_REMEDY = "narrow the pattern under [store] redact, or take another canary that it leaves alone"


def refuse_blindness(workspace: Workspace, suites: Sequence[Suite]) -> None:
    """Refuse to store replies of which redaction would take what a check looks for: it cannot be had back.

    Raises:
        SuiteErrors: Every check that would go blind.
    """
    if workspace.redactor is None:
        return
    found = [
        problem
        for suite in suites
        for instruments in [instruments_of(workspace, None, suite)]
        for name, findings in find_controls(suite, instruments, TargetKind.MODEL).items()
        for assertion in suite.assertions
        if assertion.id == name
        for problem in blind_spots(suite, assertion, findings, instruments, workspace.redactor)
        if problem.level == "error"
    ]
    if found:
        raise SuiteErrors(found)


def blind_spots(
    suite: Suite, assertion: Assertion, found: ControlFindings, instruments: Instruments, redactor: Redactor
) -> Iterator[Problem]:
    """Yield where redaction takes from replies what the check of an assertion looks for.

    A leak whose words are replaced before they are stored is a leak that nobody sees: that is an error.

    Args:
        suite: The suite.
        assertion: The assertion; its check compiles for every probe.
        found: Its controls as they were read.
        instruments: What reads replies.
        redactor: What is taken out before storing.
    """
    yield from _controls(suite, assertion, found, instruments, redactor)
    yield from _wanted(suite, assertion, instruments, redactor)


def _controls(
    suite: Suite, assertion: Assertion, found: ControlFindings, instruments: Instruments, redactor: Redactor
) -> Iterator[Problem]:
    touched = [reading for reading in found.controls if _stored(reading.control, redactor) != reading.control]
    again = read_controls(
        tuple(_stored(reading.control, redactor) for reading in touched),
        partial(instruments.compile_check, assertion.check),
        rules_of_controls(suite, assertion, TargetKind.MODEL),
        instruments.refusal,
        compile_second=instruments.second_for(assertion),
    )
    for before, after in zip(touched, again.controls, strict=True):
        line = before.control.where.line or assertion.where.line
        named = f"{assertion.id}: redaction would change the control {shorten(before.control.text)!r}"
        if before.right and not after.right:
            message = f"{named}, and the check then misreads it: it is blind to what is redacted"
            yield Problem(assertion.where.path, line, "error", message, _REMEDY)
        else:
            yield Problem(assertion.where.path, line, "warning", f"{named}; it is read alike", _REMEDY)


def _stored(control: Control, redactor: Redactor) -> Control:
    return replace(control, text=redactor.text(control.text), tool_calls=redactor.calls(control.tool_calls))


def _wanted(suite: Suite, assertion: Assertion, instruments: Instruments, redactor: Redactor) -> Iterator[Problem]:
    """Say once of an assertion that its check looks for what is never stored."""
    for probe in suite.probes_on(assertion.on)[:_PROBES_TRIED]:
        for spec in assertion.check.leaves():
            for text in _texts(render([spec.argument, dict(spec.options)], probe.fields)):
                if redactor.text(text) == text:
                    continue
                node = instruments.compile_check(assertion.check, probe.fields)
                absent = Polarity.ABSENCE in _polarities(node)
                level = "error" if absent else "warning"
                effect = "a leak of it would never be seen" if absent else "no stored reply can hold it"
                yield Problem(
                    assertion.where.path,
                    assertion.where.line,
                    level,
                    f"{assertion.id}: its check looks for {shorten(text)!r} (probe {probe.id}), which redaction takes "
                    f"out of every reply before it is stored: {effect}",
                    _REMEDY,
                )
                return


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield str(value)
    elif isinstance(value, CheckSpec):
        return  # one of the leaves


def _polarities(node: CheckNode) -> set[Polarity]:
    match node:
        case Leaf():
            return {node.polarity}
        case AllOf(parts=parts) | AnyOf(parts=parts):
            return set().union(*(_polarities(part) for part in parts))
