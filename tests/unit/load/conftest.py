"""A grammar of a few checks, and ways to load a suite from text."""

from pathlib import Path

import pytest

from rebaseline.domain.canonical import fingerprint
from rebaseline.domain.suite import CheckSpec
from rebaseline.errors import ConfigurationError, SuiteErrors
from rebaseline.load import load_suite

MARK = "# <-"


class FewChecks:
    """Stands in for the registry, which stages do not import."""

    names = ("all_of", "any_of", "contains", "equals", "lacks", "no_tool_call", "not", "refuses")

    def parse(self, raw):
        name = next((name for name in raw if name in self.names), None)
        if name is None:
            raise ConfigurationError(f"unknown check `{min(raw)}`", remedy="known: contains")
        options = {key: value for key, value in raw.items() if key not in {name, "tolerant"}}
        if options:
            raise ConfigurationError(f"unknown option `{min(options)}`", remedy="take it out")
        return CheckSpec(name, raw[name], options, fingerprint=fingerprint(dict(raw)))

    def schema(self):
        return {"oneOf": [{"required": [name]} for name in self.names]}


@pytest.fixture(scope="session")
def grammar():
    return FewChecks()


@pytest.fixture
def write(tmp_path):
    """Writes files and returns the path of the suite's."""

    def write_files(text, **files) -> Path:
        for name, content in files.items():
            path = tmp_path / name.replace("_", ".")
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(content, encoding="utf-8", newline="")
        path = tmp_path / "suite.yaml"
        path.write_text(text, encoding="utf-8", newline="")
        return path

    return write_files


@pytest.fixture
def load(write, grammar):
    """Loads a suite that can be used."""
    return lambda text, **files: load_suite(write(text, **files), grammar)


@pytest.fixture
def errors_of(write, grammar):
    """Loads a suite that cannot be used and returns its problems."""

    def load_broken(text, **files):
        with pytest.raises(SuiteErrors) as caught:
            load_suite(write(text, **files), grammar)
        return caught.value.problems

    return load_broken


@pytest.fixture
def one_error(errors_of):
    """Returns the message and remedy of the only problem, which must stand on the line that is marked."""

    def only(text, **files):
        problems = errors_of(text, **files)
        assert len(problems) == 1, problems
        (problem,) = problems
        marked = [number for number, line in enumerate(text.splitlines(), start=1) if MARK in line]
        assert [problem.line] == marked, problem
        assert problem.path == "suite.yaml"
        return str(problem)

    return only


@pytest.fixture
def head():
    return "suite: {id: s, version: 1, kind: functional, owner: me}\n"


@pytest.fixture
def probes():
    return "probes: [{id: p, user: hi, tags: [t]}]\n"


@pytest.fixture
def assertions():
    return "assertions: [{id: a, claim: c, check: {contains: x}}]\n"
