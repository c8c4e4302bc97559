"""What the project file here lets pass that another commit's does not: its policy, its suites and its checks."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from rebaseline.gate import DEFAULT_BLOCK
from rebaseline.load.demands import Demands
from rebaseline.load.settings import Policy, Project
from rebaseline.review.admissible import MAX_WAIVER_DAYS
from rebaseline.review.commit import Commit

__all__ = ["let_pass"]


def let_pass(project: Project, demands: Demands, commit: Commit) -> Iterator[tuple[str, str]]:
    """Return what passes here, and does not in a commit: what each is about, and how it is said.

    Args:
        project: The project here; its policy is that of its stage.
        demands: What the commit's project file says.
        commit: The commit.
    """
    ref, here, there = commit.ref, project.policy, demands.policy
    stage = str(project.system.stage)
    why = "" if stage == demands.stage else f": the stage is `{stage}`, and `{demands.stage}` in {ref}"
    for word in sorted(_block(there) - _block(here)):
        yield f"block {word}", f"`{word}` does not block here, and does in {ref}{why}"
    days = _days(here), _days(there)
    if days[0] > days[1]:
        yield "max_waiver_days", f"a waiver may be given for {days[0]} days, and for {days[1]} in {ref}{why}"
    places = [Path(os.path.relpath(path, commit.root)).as_posix() for path in (project.paths.probes, demands.probes)]
    if places[0] != places[1]:
        yield "probes", f"`probes` is `{places[0]}`, and `{places[1]}` in {ref}"
    if project.python_checks and not demands.python_checks:
        yield "python", f"suites may bring Python checks, and may not in {ref}"


def _block(policy: Policy) -> frozenset[str]:
    return DEFAULT_BLOCK if policy.block is None else policy.block


def _days(policy: Policy) -> int:
    return MAX_WAIVER_DAYS if policy.max_waiver_days is None else policy.max_waiver_days
