"""Suites: from files to domain records, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from rebaseline.domain.suite import Assertion, Kind, Location, Probe, Suite
from rebaseline.errors import ConfigurationError, Problem, SuiteErrors
from rebaseline.load.arms import ArmRules
from rebaseline.load.assertions import AssertionReader
from rebaseline.load.complaints import Loc, read_shape
from rebaseline.load.digests import suite_digest
from rebaseline.load.findings import ERROR, Findings, closest
from rebaseline.load.grammar import CheckGrammar
from rebaseline.load.probes import ProbeReader, Tables
from rebaseline.load.shape_suite import HeaderShape, PreludeShape, SuiteShape
from rebaseline.load.source import SUITE_BYTES, load_text, shown_path
from rebaseline.load.tables import Table, load_table
from rebaseline.load.yaml_tree import Node, parse_yaml

__all__ = ["Loaded", "load_suite", "parse_suite"]

_BODY = {
    "probes": "write at least one probe: `- {id: …, user: …}`",
    "assertions": "write at least one assertion: `- {id: …, claim: …, check: …}`",
}
_STAND_IN = PreludeShape(suite=HeaderShape(id="suite", version=1, kind=Kind.FUNCTIONAL, owner=""))


@dataclass(frozen=True, slots=True)
class Loaded:
    """A suite that can be used.

    Attributes:
        suite: The suite.
        problems: Warnings, by file and line.
    """

    suite: Suite
    problems: tuple[Problem, ...] = ()


def load_suite(path: Path, grammar: CheckGrammar, *, root: Path | None = None) -> Loaded:
    """Return the suite in a file, with the tables that it names.

    Args:
        path: The suite's file; tables are looked for in its folder.
        grammar: The checks that there are.
        root: The project's folder; messages name files relative to it.

    Raises:
        SuiteErrors: Everything that is wrong with it.
    """
    shown = shown_path(path, root)
    try:
        text = load_text(path, shown=shown, limit_bytes=SUITE_BYTES)
    except ConfigurationError as refusal:
        raise SuiteErrors([Problem(shown, 0, ERROR, refusal.problem, refusal.remedy)]) from refusal
    tree = parse_yaml(text, shown=shown)
    tables = {name: _table(path.parent, name, shown) for name in _named_tables(tree.value)}
    return parse_suite(tree, grammar, shown=shown, tables=tables)


def parse_suite(tree: Node, grammar: CheckGrammar, *, shown: str, tables: Tables | None = None) -> Loaded:
    """Return the suite that a file's tree describes.

    Args:
        tree: From `parse_yaml`.
        grammar: The checks that there are.
        shown: How messages name the file.
        tables: Every table that a probe's `each` names, or why it cannot be read.

    Raises:
        SuiteErrors: Everything that is wrong with it.
    """
    findings = Findings()
    sections = _sections(tree, shown, findings)
    prelude = read_shape(
        PreludeShape,
        {key: value for key, value in sections.items() if key not in _BODY},
        line_of=tree.line_of,
        path=shown,
        findings=findings,
    )
    # What follows reads on with stand-ins for a broken beginning, so that its own problems are found too.
    sound = not findings.failed
    reader = ProbeReader(prelude or _STAND_IN, tables or {}, tree.line_of, shown, findings)
    probes = reader.read(sections["probes"]) if "probes" in sections else ()
    whole = sound and not findings.failed
    rules = ArmRules(probes, whole=whole, line_of=tree.line_of, path=shown, findings=findings)
    asserting = AssertionReader(prelude or _STAND_IN, grammar, tree.line_of, shown, findings)
    assertions = _assertions(sections.get("assertions", []), asserting, rules)
    if prelude is None or findings.failed:
        raise SuiteErrors(findings.problems)
    return Loaded(_suite(prelude, probes, assertions, Location(shown, tree.line_of(("suite",)))), findings.problems)


def _sections(tree: Node, shown: str, findings: Findings) -> Mapping[str, Any]:
    """Return the sections of the file, with a problem noted for each that is unknown, missing or empty."""
    if not isinstance(tree.value, dict):
        findings.error(shown, tree.line, "this is not a suite", "write `suite`, `probes` and `assertions`")
        findings.raise_if_failed()
    sections = dict(tree.value)
    for name in sections.keys() - SuiteShape.model_fields.keys():
        del sections[name]
        findings.error(shown, tree.line_of((name,)), f"unknown key `{name}`", closest(name, SuiteShape.model_fields))
    for name in _BODY:
        section = sections.get(name)
        if not section or not isinstance(section, list | dict):
            findings.error(
                shown, tree.line_of((name,)), f"`{name}` is {'empty' if name in sections else 'missing'}", _BODY[name]
            )
            sections.pop(name, None)
    return sections


def _assertions(raw: Any, reader: AssertionReader, rules: ArmRules) -> tuple[Assertion, ...]:
    findings, path = reader.findings, reader.path
    if isinstance(raw, dict):
        findings.error(
            path, reader.line_of(("assertions",)), "`assertions` is a mapping, not a list", _BODY["assertions"]
        )
        return ()
    read: list[Assertion] = []
    lines: dict[str, int] = {}
    for index, entry in enumerate(raw):
        loc: Loc = ("assertions", index)
        rules.check_written(entry, loc)
        assertion = reader.read(entry, loc)
        if assertion is not None:
            rules.check_controls(assertion, entry, loc)
            read.append(assertion)
        name = entry.get("id") if isinstance(entry, dict) else None
        if isinstance(name, str):
            line = reader.line_of((*loc, "id"))
            first = lines.setdefault(name, line)
            if first != line:
                findings.error(path, line, f"the id `{name}` is taken (first on line {first})", "rename one")
    return tuple(read)


def _suite(
    prelude: PreludeShape, probes: tuple[Probe, ...], assertions: tuple[Assertion, ...], where: Location
) -> Suite:
    header = prelude.suite
    return Suite(
        id=header.id,
        version=header.version,
        kind=header.kind,
        owner=header.owner,
        layers=tuple(header.layers),
        probes=probes,
        assertions=assertions,
        where=where,
        fingerprint=suite_digest(probes, assertions),
    )


def _named_tables(content: Any) -> tuple[str, ...]:
    """Return every table that is named in the content of a suite's file, as far as it can be made out."""
    probes = content.get("probes") if isinstance(content, dict) else None
    entries: Sequence[Any] = probes if isinstance(probes, list) else [probes]
    names = [entry.get("each") for entry in entries if isinstance(entry, dict)]
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))


def _table(folder: Path, name: str, shown: str) -> Table | ConfigurationError:
    try:
        return load_table(folder, name, shown=(PurePosixPath(shown).parent / name).as_posix())
    except ConfigurationError as refusal:
        return refusal
