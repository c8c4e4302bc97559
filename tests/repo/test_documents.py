"""What the documents tell people to write works as it stands."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from tests.support.project import Project

from rebaseline.load.shape_project import (
    ChecksShape,
    LedgerShape,
    PathsShape,
    PolicyShape,
    RunShape,
    StoreShape,
    SystemShape,
)
from rebaseline.load.shape_targets import TARGET_SHAPES, AuthShape, PriceShape, ReadShape

ROOT = Path(__file__).resolve().parents[2]
ROWS = "id,text,reference\n" + "".join(f"inv-{n},Invoice {n},{3 * n + 7}\n" for n in range(60))


def blocks(name: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture
def project(tmp_path, capsys, monkeypatch) -> Project:
    return Project(tmp_path, capsys, monkeypatch)


def lint_of(project: Project, settings: str, suite: str, table: str, rows: str) -> str:
    for path in project.root.glob("probes/**/*.yaml"):
        path.unlink()
    project.write("rebaseline.toml", settings)
    project.write("probes/it/suite.yaml", suite)
    project.write(f"probes/it/{table}", rows)
    return project("lint").out


def test_the_suite_of_the_grammar_lints_without_a_warning(project):
    said = lint_of(
        project,
        '[system]\nname = "desk"\n',
        blocks("docs/suites.md", "yaml")[0],
        "rates.csv",
        blocks("docs/suites.md", "csv")[0],
    )
    assert "0 errors, 0 warnings" in said, said


def test_the_project_of_the_readme_lints_without_a_warning(project):
    said = lint_of(project, blocks("README.md", "toml")[0], blocks("README.md", "yaml")[0], "invoices.csv", ROWS)
    assert "0 errors, 0 warnings" in said, said


def test_the_project_file_of_the_document_is_taken(project):
    said = lint_of(project, blocks("docs/project.md", "toml")[0], blocks("README.md", "yaml")[0], "invoices.csv", ROWS)
    assert "0 errors, 0 warnings" in said, said


def undocumented(shape, *documents):
    text = "".join((ROOT / "docs" / name).read_text(encoding="utf-8") for name in documents)
    keys = [field.alias or name for name, field in shape.model_fields.items()]
    return [key for key in keys if f"`{key}`" not in text]


@pytest.mark.parametrize(
    "shape", [SystemShape, RunShape, StoreShape, ChecksShape, LedgerShape, PathsShape, PolicyShape]
)
def test_every_key_of_the_project_file_is_documented(shape):
    assert undocumented(shape, "project.md") == []


@pytest.mark.parametrize("shape", [*TARGET_SHAPES.values(), AuthShape, PriceShape, ReadShape])
def test_every_key_of_a_target_is_documented(shape):
    assert undocumented(shape, "targets.md") == []


def test_no_document_cites_one_that_is_not_there():
    documents = [
        *ROOT.glob("docs/**/*.md"),
        *ROOT.glob("*.md"),
        *ROOT.glob("src/**/*.py"),
        *ROOT.glob("benchmarks/**/*.py"),
    ]
    assert [path.name for path in documents if re.search(r"\bDESIGN\b", path.read_text(encoding="utf-8"))] == []


DOCUMENTS = sorted([*ROOT.glob("docs/**/*.md"), *ROOT.glob("*.md")])
SESSIONS = {
    node.name
    for node in ast.parse((ROOT / "noxfile.py").read_text(encoding="utf-8")).body
    if isinstance(node, ast.FunctionDef) and any("nox.session" in ast.unparse(each) for each in node.decorator_list)
}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_script_and_session_that_a_document_names_exists(document):
    text = document.read_text(encoding="utf-8")
    scripts = re.findall(r"\b(?:benchmarks|tests|src)/[\w/]+\.py\b", text) + re.findall(
        r"\bpython3? ([\w/]+\.py)\b", text
    )
    sessions = re.findall(r"\bnox (?:-s|--session) ([\w-]+)", text)
    assert [script for script in scripts if not (ROOT / script).is_file()] == []
    assert [session for session in sessions if session not in SESSIONS] == []


def test_the_documents_name_scripts_and_sessions():
    """Or the test above reads nothing."""
    text = "".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
    assert "python benchmarks/behaviour_notes.py" in text
    assert "nox -s verdicts" in text
    assert {"check", "verdicts", "mutation"} <= SESSIONS
