"""Every exception that rebaseline raises on purpose.

Outcomes of models and providers are values (`Attempt`, `Reading`), not exceptions: an exception means that a person
must change something, or that we have a bug.

    RebaselineError            carries `problem`, `where`, `remedy`; its text is made of these three
    ├── UsageError             a command or a call was used wrongly                        exit 2
    ├── ConfigurationError     rebaseline.toml, a suite or a file named by one is wrong    exit 2
    │   └── SuiteErrors        every problem of one load, together
    ├── StoreError             the results database cannot be used as it is                exit 2
    ├── ChangeError            files of the project cannot be changed together             exit 2
    ├── LedgerError            the ledger is damaged, or may not be written as asked       exit 2
    ├── BaselineError          a baseline file is damaged, foreign or conflicted           exit 2
    ├── NoBaselineError        nothing is stored or accepted for this model                exit 6
    ├── UnknownModelError      the model is retired or unknown                             exit 7
    └── ProviderError          the provider or the way to it does not work                 exit 5
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "BaselineError",
    "ChangeError",
    "ConfigurationError",
    "LedgerError",
    "NoBaselineError",
    "Problem",
    "ProviderError",
    "RebaselineError",
    "StoreError",
    "SuiteErrors",
    "UnknownModelError",
    "UsageError",
]


class RebaselineError(Exception):
    """Something a person must change, with its parts kept as attributes.

    Attributes:
        problem: What is wrong, with the offending value.
        where: File and line, probe, column or option; empty where there is no place.
        remedy: What to do about it; empty only where the problem says it already.
    """

    def __init__(self, problem: str, *, where: str = "", remedy: str = "") -> None:
        self.problem = problem
        self.where = where
        self.remedy = remedy
        super().__init__(problem, where, remedy)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        remedy = f"\n  {self.remedy}" if self.remedy else ""
        return f"{place}{self.problem}{remedy}"


class UsageError(RebaselineError):
    """A command or an API call was used wrongly."""


class ConfigurationError(RebaselineError):
    """The project file, a suite, or a file that one of them names is wrong."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One finding of a load or a lint.

    Attributes:
        path: File, relative to the project where possible.
        line: Line from 1; 0 where the finding is about the whole file.
        level: `error` stops the suite from being used, `warning` does not.
        message: What is wrong, with the offending value.
        remedy: What to do; may be empty.
    """

    path: str
    line: int
    level: str
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        remedy = f" ({self.remedy})" if self.remedy else ""
        return f"{place}: {self.level}: {self.message}{remedy}"


class SuiteErrors(ConfigurationError):
    """All problems that one load found, never only the first.

    Attributes:
        problems: The findings, in the order of the files.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StoreError(RebaselineError):
    """The results database cannot be used as it is."""


class ChangeError(RebaselineError):
    """Files of the project cannot be changed together: one moved meanwhile, or an earlier change is unfinished."""


class BaselineError(RebaselineError):
    """A baseline file is damaged, foreign or holds a merge conflict."""


class LedgerError(RebaselineError):
    """The ledger, or an entry of it, is damaged, cannot be signed, or may not be written by whoever acts."""


class NoBaselineError(RebaselineError):
    """Nothing is stored or accepted for the model that was asked for."""


class UnknownModelError(RebaselineError):
    """The provider does not know the model, or no longer serves it."""


class ProviderError(RebaselineError):
    """The provider, or the way to it, does not work."""
