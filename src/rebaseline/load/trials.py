"""One assertion of a suite as it would be with some edits, its probes being what they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rebaseline.domain.edit import Edit
from rebaseline.domain.suite import Assertion, Suite
from rebaseline.errors import SuiteErrors, UsageError
from rebaseline.load.arms import ArmRules
from rebaseline.load.assertions import AssertionReader, with_judges
from rebaseline.load.complaints import read_shape
from rebaseline.load.edited_values import edited_value
from rebaseline.load.findings import Findings
from rebaseline.load.grammar import CheckGrammar
from rebaseline.load.page import Loc, Page
from rebaseline.load.shape_suite import PreludeShape

__all__ = ["assertion_as_edited"]

_BODY = ("probes", "assertions")


def assertion_as_edited(
    written: Any, edits: Sequence[Edit], suite: Suite, name: str, grammar: CheckGrammar
) -> Assertion:
    """Return an assertion with edits made, read as it would be if the file were so.

    Args:
        written: The suite's file as plain values; it stays as it is.
        edits: Edits of anything but probes.
        suite: The suite as it is; its probes and judges are not read again.
        name: The assertion's id.
        grammar: The checks that there are.

    Raises:
        UsageError: An edit cannot be made, or there is no such assertion.
        SuiteErrors: What comes out is wrong.
    """
    shown = suite.where.path
    value = written
    for edit in edits:
        value = edited_value(value, edit, shown=shown)
    page = Page(shown, _line_of(suite, name), Findings())
    prelude = read_shape(PreludeShape, {key: it for key, it in value.items() if key not in _BODY}, page)
    index = next((at for at, it in enumerate(value["assertions"]) if it.get("id") == name), None)
    if index is None:
        raise UsageError(f"{shown}: there is no assertion `{name}`", remedy="the file may have changed: look at it")
    raw, loc = value["assertions"][index], ("assertions", index)
    assertion = None if prelude is None else AssertionReader(prelude, grammar, page).read(raw, loc)
    rules = ArmRules(suite.probes, None, page)
    rules.check_written(raw, loc)
    if assertion is not None:
        rules.check_controls(assertion, raw, loc)
    if assertion is None or page.findings.failed:
        raise SuiteErrors(page.findings.problems)
    return with_judges(assertion, suite.judges)


def _line_of(suite: Suite, name: str) -> Any:
    """Return what finds a line: that of the assertion as it stands, since the edited file is not written."""
    where = next((each.where for each in suite.assertions if each.id == name), suite.where)

    def line_of(_loc: Loc) -> int:
        return where.line

    return line_of
