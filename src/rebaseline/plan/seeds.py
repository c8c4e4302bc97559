"""A fixed seed with several samples: the provider would be paid for copies, and a copy counts once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rebaseline.domain.model import Target
from rebaseline.domain.suite import Probe, Suite
from rebaseline.errors import Problem, SuiteErrors

__all__ = ["find_copies", "refuse_copies"]


def refuse_copies(suites: Iterable[Suite], target: Target) -> None:
    """Stop before anything is paid for.

    Raises:
        SuiteErrors: A fixed seed stands beside several samples.
    """
    problems = [problem for suite in suites for problem in find_copies(suite, target)]
    if problems:
        raise SuiteErrors(problems)


def find_copies(suite: Suite, target: Target) -> tuple[Problem, ...]:
    """Return what stops a suite from being asked on a target: a fixed seed beside several samples.

    The parameters of a probe win over those of its target, so `seed: null` in a suite takes a target's seed back.

    Args:
        suite: The suite.
        target: The target; one that cannot be asked has no parameters, and so no seed.

    Returns:
        One problem for each place that fixes the seed, at the first of the probes that it concerns; none where all is
        well.
    """
    settled = target.settings.get("parameters")
    usual: Mapping[str, Any] = settled if isinstance(settled, Mapping) else {}
    own: list[Probe] = []
    inherited: list[Probe] = []
    for probe in suite.probes:
        if probe.samples > 1 and {**usual, **probe.parameters}.get("seed") is not None:
            (own if "seed" in probe.parameters else inherited).append(probe)
    return (
        *_problem(own, "its parameters fix `seed`", "write `samples: 1`, or take `seed` out of its parameters"),
        *_problem(
            inherited,
            f"targets.{target.name} fixes `seed` in its `parameters`",
            "write `samples: 1`, or take `seed` out of the target's parameters",
        ),
    )


def _problem(probes: list[Probe], cause: str, remedy: str) -> Iterator[Problem]:
    if not probes:
        return
    first, more = probes[0], len(probes) - 1
    others = f" (and {more:,} more {'probe' if more == 1 else 'probes'})" if more else ""
    yield Problem(
        first.where.path,
        first.where.line,
        "error",
        f"probe `{first.id}`{others} is asked {first.samples} times and {cause}: every sample would be a copy of the "
        "first, and copies count once",
        remedy,
    )
