"""The tree holds itself to its own rules."""

from __future__ import annotations

import ast
import importlib
import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from rebaseline.app.schemas import SCHEMAS, schema_of
from rebaseline.checks.registry import Registry
from rebaseline.cli.main import COMMANDS
from rebaseline.domain.form import Form
from rebaseline.domain.verdict import VerdictName
from rebaseline.gate import ExitCode

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "rebaseline"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if "versions" not in path.parts)
README = (ROOT / "README.md").read_text(encoding="utf-8")
_SCHEMA_FILES = {
    "suite": SOURCE / "load" / "schemas" / "suite.schema.json",
    "diff": SOURCE / "report" / "schemas" / "diff.schema.json",
    "plan": SOURCE / "report" / "schemas" / "plan.schema.json",
    "repair": SOURCE / "report" / "schemas" / "repair.schema.json",
}


@cache
def tracked() -> tuple[Path, ...]:
    """Files under version control; outside a checkout, in an unpacked source distribution, what belongs to it."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        return tuple(ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())
    folders = ("src", "tests", "docs", "benchmarks", "probes")
    return tuple(path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file())


def texts():
    for path in tracked():
        try:
            yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def module_name(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_what_a_module_exports_is_there(path):
    name = module_name(path)
    if name.endswith(("__main__", "migrations.env")):
        pytest.skip("it runs when it is imported")
    module = importlib.import_module(name)
    exported = getattr(module, "__all__", ())
    assert len(set(exported)) == len(exported)
    missing = [each for each in exported if not hasattr(module, each)]
    assert not missing


def test_modules_stay_short():
    long = {
        module_name(path): lines for path in MODULES if (lines := path.read_text(encoding="utf-8").count("\n")) >= 400
    }
    assert not long


def test_every_module_says_what_it_is():
    silent = [module_name(path) for path in MODULES if not ast.get_docstring(ast.parse(path.read_bytes()))]
    assert not silent


def test_nothing_is_left_to_do():
    words = re.compile(r"\b(?:TO" r"DO|FIX" r"ME|XX" r"X)\b")
    assert not [name for name, text in texts() if words.search(text)]


def test_no_path_of_a_machine():
    places = re.compile(r"/(?:root|home/(?!me/)\w+|Users/(?!me/)\w+|work/\w+)/|\b[A-Z]:\\Users\\")
    found = [f"{name}: {match.group()}" for name, text in texts() for match in places.finditer(text)]
    assert not [line for line in found if not line.startswith("tests/repo/")]


def test_no_host_of_a_package_index():
    hosts = re.compile(r"py" r"pi\.org|python" r"hosted\.org|artifactory|nexus\.|jfrog|devpi|index-url", re.IGNORECASE)
    assert not [name for name, text in texts() if hosts.search(text) and not name.startswith("tests/repo/")]


def test_no_key_stands_in_a_file():
    keys = re.compile(r"\bsk-(?:ant-|proj-)?[A-Za-z0-9]{24,}|AKIA[0-9A-Z]{16}|-----BEGIN [A-Z ]*PRIVATE KEY")
    assert not [name for name, text in texts() if keys.search(text) and not name.startswith("tests/repo/")]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_in_the_readme(command):
    table = README.partition("## Commands")[2].partition("Exit codes")[0]
    assert re.search(rf"^\|[^|]*`{command}`", table, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_a_module_with_help(command):
    found = importlib.import_module(f"rebaseline.cli.{command}_command").command
    assert found.name == command
    assert found.help


def test_the_exit_codes_of_the_readme_are_those_of_the_gate():
    paragraph = README.partition("Exit codes: ")[2].partition("Several at once")[0]
    codes = [int(part.split()[0]) for part in paragraph.split("·")]
    assert codes == sorted(codes)
    assert set(codes) == {int(code) for code in ExitCode}


def test_the_precedence_of_the_readme_is_that_of_the_gate():
    from rebaseline import gate  # noqa: PLC0415 - its private table is what is documented

    written = re.search(r"the first of ([\d, ]+)\.", " ".join(README.split()))
    assert written is not None
    assert [int(code) for code in written[1].split(",")] == [int(code) for code in gate._PRECEDENCE]


def test_the_help_names_every_exit_code():
    from rebaseline.cli import main  # noqa: PLC0415 - the package's function has the module's name

    help_text = sys.modules[main.__module__]._cli.help or ""
    listed = {int(number) for number in re.findall(r"\b(\d+) [a-z]", help_text.partition("Exit codes:")[2])}
    assert listed == {int(code) for code in ExitCode}


def test_ci_runs_the_readmes_test_command():
    commands = re.findall(r"```sh\n(.*?)\n```", README, re.DOTALL)
    install, _, gate = next(command for command in commands if "nox" in command).rpartition(" && ")
    run = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    called = next(line for line in run.splitlines() if "nox" in line)
    assert called.startswith(install + " && ")
    assert called.split()[-2:] == gate.split()[-2:] == ["-s", "check"]


@pytest.mark.parametrize("what", SCHEMAS)
def test_published_schemas_are_in_step(what):
    text = json.dumps(schema_of(what), indent=2, ensure_ascii=False) + "\n"
    kept = _SCHEMA_FILES[what].read_text(encoding="utf-8") if _SCHEMA_FILES[what].exists() else ""
    where = _SCHEMA_FILES[what].relative_to(ROOT).as_posix()
    assert kept == text, f"write it anew: rebaseline schema {what} > {where}"


@pytest.mark.parametrize("check", Registry.builtin().names())
def test_every_check_is_documented(check):
    table = (
        (ROOT / "docs" / "checks.md").read_text(encoding="utf-8").partition("## What there is")[2].partition("\n## ")[0]
    )
    assert re.search(rf"`{check}[`:]", table)


@pytest.mark.parametrize("form", list(Form))
def test_every_form_is_documented(form):
    assert f"`{form}`" in (ROOT / "docs" / "checks.md").read_text(encoding="utf-8")
    assert f"`{form}`" in (ROOT / "docs" / "verdicts.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verdict", list(VerdictName))
def test_every_verdict_is_in_the_readme(verdict):
    assert f"| {verdict} |" in README


def test_links_of_the_documents_lead_somewhere():
    broken = []
    for name in ("README.md", "ARCHITECTURE.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))):
        folder = (ROOT / name).parent
        links = re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text(encoding="utf-8"))
        broken += [f"{name}: {link}" for link in links if not (folder / link).exists()]
    if not (ROOT / "recordings" / "old").exists():  # they are being made
        broken = [line for line in broken if "recordings/" not in line]
    assert not broken


def test_files_that_the_readme_names_in_commands_are_there():
    for name in ("constraints.txt", "noxfile.py", ".ci/run"):
        assert name not in README or (ROOT / name).exists(), name
