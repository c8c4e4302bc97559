"""Sessions for people and for CI. `check` runs in the environment that nox itself runs in."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import nox

# Sessions without an environment of their own use the one that nox runs in, activated or not.
os.environ["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))

nox.options.sessions = ["check"]
PYTHONS = ["3.11", "3.12", "3.13"]


@nox.session(venv_backend="none")
def check(session: nox.Session) -> None:
    """Format, lint, types, architecture, tests."""
    session.run("ruff", "format", "--check", ".")
    session.run("ruff", "check", ".")
    session.run("mypy")
    session.run("lint-imports")
    session.run("pytest", "-q", *session.posargs)


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the tests on every supported Python, each in an environment of its own."""
    session.install("-c", "constraints.txt", ".[test]")
    session.run("pytest", "-q", *session.posargs)


@nox.session(venv_backend="none")
def coverage(session: nox.Session) -> None:
    """Measure branch coverage of the pure core."""
    session.run("coverage", "run", "-m", "pytest", "-q", "tests/unit", "tests/property", "tests/oracle")
    core = ("stats/*", "assess/*", "checks/*", "decide/*", "gate.py")
    session.run("coverage", "report", "--include", ",".join(f"src/rebaseline/{part}" for part in core))


@nox.session
def mutation(session: nox.Session) -> None:
    """Put faults into `stats` and `decide`: the tests must catch them; docs/mutation.md explains what survives."""
    session.install("-c", "constraints.txt", ".[test,mutation]")
    session.run("mutmut", "run", "--max-children", "2", *session.posargs, env={"CI": "1"})
    session.run("mutmut", "results")
    session.run("python", "benchmarks/mutation_rest.py", success_codes=[0, 1])


@nox.session(venv_backend="none")
def benchmarks(session: nox.Session) -> None:
    """Reproduce the figures of the documentation."""
    session.run("python", "benchmarks/startup.py")
    session.run("python", "benchmarks/run_speed.py")
    session.run("python", "benchmarks/load_table.py")
    session.run("python", "benchmarks/refusal_reading.py")
    session.run("python", "benchmarks/diff_scale.py")
    session.run("python", "benchmarks/stats_evidence.py")
    session.run("python", "benchmarks/behaviour_notes.py")
    session.run("python", "benchmarks/review_pace.py")


@nox.session(venv_backend="none")
def verdicts(session: nox.Session) -> None:
    """Prove the verdicts (docs/proof.md): `nox -s verdicts` in full, `nox -s verdicts -- --quick` in under a minute."""
    session.run("python", "benchmarks/verdicts/run.py", *session.posargs)
