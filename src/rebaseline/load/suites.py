"""Suites: from files to domain records, all problems at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

from pydantic import ValidationError

from rebaseline.domain.judge import Judge
from rebaseline.domain.suite import Assertion, Location, Probe, Suite
from rebaseline.errors import ConfigurationError, Problem, SuiteErrors
from rebaseline.load.arms import ArmRules, tags_written
from rebaseline.load.assertions import AssertionReader, with_judges
from rebaseline.load.complaints import read_shape
from rebaseline.load.digests import suite_digest
from rebaseline.load.findings import ERROR, Findings, closest
from rebaseline.load.grammar import CheckGrammar
from rebaseline.load.judges import JudgeReader
from rebaseline.load.page import Loc, Page
from rebaseline.load.probes import ProbeReader, Tables
from rebaseline.load.settings import Project
from rebaseline.load.shape_suite import PreludeShape, SuiteShape
from rebaseline.load.source import SUITE_BYTES, load_text, shown_path
from rebaseline.load.tables import Table, load_table
from rebaseline.load.yaml_tree import Node, parse_yaml

__all__ = ["Loaded", "load_each", "load_suite", "load_suite_text", "load_suites", "named_tables", "parse_suite"]

_BODY = {
    "probes": "write at least one probe: `- {id: …, user: …}`",
    "assertions": "write at least one assertion: `- {id: …, claim: …, check: …}`",
}


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
    return load_suite_text(text, path, grammar, root=root)


def load_suite_text(text: str, path: Path, grammar: CheckGrammar, *, root: Path | None = None) -> Loaded:
    """Return the suite that a file would hold if this were its text, with the tables that it names.

    Args:
        text: What the file is to hold; a byte order mark is passed over.
        path: The suite's file; tables are looked for in its folder.
        grammar: The checks that there are.
        root: The project's folder; messages name files relative to it.

    Raises:
        SuiteErrors: Everything that is wrong with it.
    """
    shown = shown_path(path, root)
    tree = parse_yaml(text.removeprefix("\ufeff"), shown=shown)
    tables = {name: _table(path.parent, name, shown) for name in _named_tables(tree.value)}
    return parse_suite(tree, grammar, shown=shown, tables=tables)


def load_suites(project: Project, grammar: CheckGrammar) -> tuple[Loaded, ...]:
    """Return every suite of a project: each YAML file under its folder of probes, in the order of their paths.

    Args:
        project: The project.
        grammar: The checks that there are.

    Raises:
        SuiteErrors: Everything that is wrong with any of them.
    """
    loaded, problems = load_each(project, grammar)
    findings = Findings()
    findings.extend(problems)
    if findings.failed:
        findings.extend(problem for each in loaded for problem in each.problems)
    findings.raise_if_failed()
    return loaded


def load_each(project: Project, grammar: CheckGrammar) -> tuple[tuple[Loaded, ...], tuple[Problem, ...]]:
    """Return the suites that load, and everything that is wrong with the others: lint shows both.

    Args:
        project: The project.
        grammar: The checks that there are.
    """
    findings = Findings()
    loaded: list[Loaded] = []
    files = _suite_files(project)
    for path in files:
        try:
            loaded.append(load_suite(path, grammar, root=project.root))
        except SuiteErrors as errors:
            findings.extend(errors.problems)
    if not files:
        shown = shown_path(project.paths.probes, project.root)
        findings.error(shown, 0, "there is no suite in this folder", "write one, such as `example.yaml`")
    first: dict[str, Suite] = {}
    for suite in (each.suite for each in loaded):
        # Ids name folders of baselines, and on Windows and macOS folders that differ in case are one.
        earlier = first.setdefault(suite.id.casefold(), suite)
        if earlier is not suite:
            message = f"the suite id `{suite.id}` is taken (first at {earlier.where})"
            findings.error(suite.where.path, suite.where.line, message, "rename one")
    return tuple(loaded), tuple(findings.problems)


def _suite_files(project: Project) -> tuple[Path, ...]:
    """Return the YAML files under the folder of probes; what a name hides with a leading dot is left out."""
    folder = project.paths.probes
    found = [path for pattern in ("*.yaml", "*.yml") for path in folder.rglob(pattern) if path.is_file()]
    inner = {path.relative_to(folder).as_posix(): path for path in found}
    return tuple(inner[name] for name in sorted(inner) if not any(part.startswith(".") for part in name.split("/")))


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
    page = Page(shown, tree.line_of, Findings())
    sections = _sections(tree, page)
    header = {key: value for key, value in sections.items() if key not in _BODY}
    prelude = read_shape(PreludeShape, header, page)
    # With a broken beginning the rest is read all the same, so that its own problems are found too.
    standing = prelude or _stand_in(header)
    probes = ProbeReader(standing, tables or {}, page).read(sections["probes"]) if "probes" in sections else ()
    rules = ArmRules(probes, tags_written(sections, probes), page)
    judges = JudgeReader(standing.vars, tables or {}, page)
    bench = judges.read(standing.judges)
    read = _assertions(sections.get("assertions", []), AssertionReader(standing, grammar, page), rules)
    assertions = _judged(read, judges, bench, probes)
    if prelude is None or page.findings.failed:
        raise SuiteErrors(page.findings.problems)
    where = Location(shown, tree.line_of(("suite",)))
    suite = _suite(prelude, probes, assertions, where)
    return Loaded(replace(suite, judges=bench), page.findings.problems)


def _judged(
    assertions: tuple[tuple[Assertion, Loc], ...],
    reader: JudgeReader,
    judges: Mapping[str, Judge],
    probes: tuple[Probe, ...],
) -> tuple[Assertion, ...]:
    """Return the assertions with their judges looked up; one whose judge is missing has been noted."""
    read = []
    for assertion, loc in assertions:
        tags = {assertion.on, *([assertion.alive_if.on] if assertion.alive_if else [])}
        arm = tuple(probe for probe in probes if None in tags or not probe.tags.isdisjoint(tags))
        if reader.check_use(assertion, judges, arm, loc):
            read.append(with_judges(assertion, judges))
    unused = judges.keys() - {name for assertion, _ in assertions for name in assertion.judges}
    for name in sorted(unused):
        reader.page.warning(("judges", name), f"no check asks the judge `{name}`", "use it, or take it out")
    return tuple(read)


def _stand_in(header: Mapping[str, Any]) -> PreludeShape:
    """Return what is sound of a broken beginning."""
    kept: dict[str, Any] = {"suite": {"id": "suite", "version": 1, "kind": "functional", "owner": ""}}
    for key in ("vars", "defaults", "judges"):
        try:
            PreludeShape.model_validate({**kept, key: header.get(key, {})})
        except ValidationError:
            continue
        kept[key] = header.get(key, {})
    return PreludeShape.model_validate(kept)


def _sections(tree: Node, page: Page) -> Mapping[str, Any]:
    """Return the sections of the file, with a problem noted for each that is unknown, missing or empty."""
    if not isinstance(tree.value, dict):
        page.error((), "this is not a suite", "write `suite`, `probes` and `assertions`")
        page.findings.raise_if_failed()
    known = SuiteShape.model_fields
    sections = dict(tree.value)
    for name in sections.keys() - known.keys():
        del sections[name]
        page.error((name,), f"unknown key `{name}`", closest(name, known))
    for name, remedy in _BODY.items():
        section = sections.get(name)
        if not section or not isinstance(section, list | (dict if name == "probes" else list)):
            lack = "missing" if name not in sections else "not a list" if section else "empty"
            page.error((name,), f"`{name}` is {lack}", remedy)
            sections.pop(name, None)
    return sections


def _assertions(raw: Sequence[Any], reader: AssertionReader, rules: ArmRules) -> tuple[tuple[Assertion, Loc], ...]:
    read: list[tuple[Assertion, Loc]] = []
    lines: dict[str, int] = {}
    for index, entry in enumerate(raw):
        loc: Loc = ("assertions", index)
        rules.check_written(entry, loc)
        assertion = reader.read(entry, loc)
        if assertion is not None:
            rules.check_controls(assertion, entry, loc)
            read.append((assertion, loc))
        name = entry.get("id") if isinstance(entry, dict) else None
        if not isinstance(name, str):
            continue
        if name in lines:
            reader.page.error((*loc, "id"), f"the id `{name}` is taken (first on line {lines[name]})", "rename one")
        lines.setdefault(name, reader.page.line_of((*loc, "id")))
    return tuple(read)


def _suite(
    prelude: PreludeShape, probes: tuple[Probe, ...], assertions: tuple[Assertion, ...], where: Location
) -> Suite:
    header = prelude.suite
    in_use = tuple(assertion for assertion in assertions if assertion.retired is None)
    return Suite(
        id=header.id,
        version=header.version,
        kind=header.kind,
        owner=header.owner,
        layers=tuple(header.layers),
        probes=probes,
        assertions=in_use,
        where=where,
        fingerprint=suite_digest(probes, in_use),
        retired=tuple(assertion for assertion in assertions if assertion.retired is not None),
    )


def named_tables(path: Path) -> tuple[str, ...]:
    """Return every table that a suite's file names, relative to its folder.

    Raises:
        SuiteErrors: It is not YAML.
        ConfigurationError: It cannot be read.
    """
    text = load_text(path, shown=path.name, limit_bytes=SUITE_BYTES)
    return _named_tables(parse_yaml(text, shown=path.name).value)


def _named_tables(content: Any) -> tuple[str, ...]:
    """Return every table that is named in the content of a suite's file, as far as it can be made out."""
    probes = content.get("probes") if isinstance(content, dict) else None
    entries: Sequence[Any] = probes if isinstance(probes, list) else [probes]
    names = [entry.get("each") for entry in entries if isinstance(entry, dict)]
    judges = content.get("judges") if isinstance(content, dict) else None
    if isinstance(judges, dict):
        names += [judge.get("anchors") for judge in judges.values() if isinstance(judge, dict)]
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str)))


def _table(folder: Path, name: str, shown: str) -> Table | ConfigurationError:
    try:
        return load_table(folder, name, shown=(PurePosixPath(shown).parent / name).as_posix())
    except ConfigurationError as refusal:
        return refusal
