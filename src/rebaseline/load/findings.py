"""Problems are gathered, not thrown: a person repairs a suite in one pass, not one error at a time."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from rebaseline.errors import Problem, SuiteErrors

__all__ = ["ERROR", "WARNING", "Findings", "closest", "listed", "meant"]

ERROR = "error"
WARNING = "warning"

_LISTED = 12
_BEGINNING = 3


class Findings:
    """The problems of one load, in the order of files and lines."""

    def __init__(self) -> None:
        self._found: dict[Problem, None] = {}

    def error(self, path: str, line: int, message: str, remedy: str = "") -> None:
        """Note what stops the suite from being used."""
        self._found[Problem(path, line, ERROR, message, remedy)] = None

    def warning(self, path: str, line: int, message: str, remedy: str = "") -> None:
        """Note what the suite can be used with."""
        self._found[Problem(path, line, WARNING, message, remedy)] = None

    def extend(self, problems: Iterable[Problem]) -> None:
        """Take over the problems of a part."""
        self._found.update(dict.fromkeys(problems))

    @property
    def failed(self) -> bool:
        """Whether one of them is an error."""
        return any(problem.level == ERROR for problem in self._found)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All of them, each once, by file and line; the order in which they were found decides ties."""
        return tuple(sorted(self._found, key=lambda problem: (problem.path, problem.line)))

    def raise_if_failed(self) -> None:
        """Stop here where there is an error.

        Raises:
            SuiteErrors: With warnings too, so that one look shows all there is to do.
        """
        if self.failed:
            raise SuiteErrors(self.problems)


def closest(name: str, known: Iterable[str]) -> str:
    """Return "did you mean `x`?" for the known name nearest to `name`, else a list of what there is."""
    names = sorted(set(known))
    return meant(name, names) or (f"known: {listed(names)}" if names else "")


def meant(name: str, known: Iterable[str]) -> str:
    """Return "did you mean `x`?" for the known name nearest to `name`, or nothing where none is near."""
    word = name.casefold()[:100]
    folded = {each.casefold(): each for each in known}
    near = get_close_matches(word, folded, n=1, cutoff=0.6) or [
        each for each in folded if len(word) >= _BEGINNING and each.startswith(word)
    ]
    return f"did you mean `{folded[near[0]]}`?" if near else ""


def listed(names: Iterable[str]) -> str:
    """Return names for a message, cut where there are many."""
    every = list(names)
    shown = ", ".join(f"`{each}`" for each in every[:_LISTED])
    return f"{shown} and {len(every) - _LISTED} more" if len(every) > _LISTED else shown
