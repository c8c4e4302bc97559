"""Where a control stands that cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rebaseline.domain.suite import Assertion
from rebaseline.errors import ConfigurationError, Problem, SuiteErrors

__all__ = ["controls_of"]


@contextmanager
def controls_of(assertion: Assertion) -> Iterator[None]:
    """Say of what an assertion's controls lack in which suite file, on which line and in which assertion it is.

    Raises:
        SuiteErrors: A control cannot be read, as a rule because its `given` lacks a field that the check names.
    """
    try:
        yield
    except ConfigurationError as wrong:
        message = f"{assertion.id}: a control cannot be read: {wrong.problem}"
        remedy = "give the control the fields that the check's templates name: `given: {…}`"
        raise SuiteErrors([Problem(assertion.where.path, assertion.where.line, "error", message, remedy)]) from wrong
