"""Files that are no suite at all."""

import os
from pathlib import Path

import pytest

from rebaseline.errors import ConfigurationError, SuiteErrors
from rebaseline.load import load_suite
from rebaseline.load.source import SUITE_BYTES, inside, shown_path


def problem_of(path, grammar, **options):
    with pytest.raises(SuiteErrors) as caught:
        load_suite(path, grammar, **options)
    (problem,) = caught.value.problems
    return problem


def test_a_missing_file(tmp_path, grammar):
    problem = problem_of(tmp_path / "none.yaml", grammar)
    assert (problem.path, problem.line, problem.message) == ("none.yaml", 0, "does not exist")


def test_a_folder(tmp_path, grammar):
    assert problem_of(tmp_path, grammar).message == "is a folder"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is not UTF-8 text (byte 0)"),
        (b"a: b\x00c", "holds a zero byte"),
        ("a: é".encode("utf-16"), "is not UTF-8 text (byte 0)"),
        (b"a: \x01", "this is not YAML"),
        (b"#" * (SUITE_BYTES + 1), "is larger than 2 MB"),
    ],
)
def test_files_that_are_no_text(tmp_path, grammar, raw, said):
    (tmp_path / "s.yaml").write_bytes(raw)
    assert said in problem_of(tmp_path / "s.yaml", grammar).message


def test_two_megabytes_are_still_read(tmp_path, grammar):
    (tmp_path / "s.yaml").write_bytes(b"#" * SUITE_BYTES)
    assert problem_of(tmp_path / "s.yaml", grammar).message == "the file is empty"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="permissions do not bind here")
def test_a_file_that_may_not_be_read(tmp_path, grammar):
    path = tmp_path / "s.yaml"
    path.write_text("a", encoding="utf-8")
    path.chmod(0)
    assert "cannot be read" in problem_of(path, grammar).message


def test_messages_name_files_from_the_project(tmp_path, grammar):
    path = tmp_path / "probes" / "s.yaml"
    assert problem_of(path, grammar, root=tmp_path).path == "probes/s.yaml"
    assert problem_of(path, grammar).path == "s.yaml"
    assert shown_path(Path("probes") / "s.yaml", None) == "probes/s.yaml"
    assert shown_path(tmp_path / "s.yaml", tmp_path / "elsewhere") == "s.yaml"


@pytest.mark.parametrize(
    "name",
    [
        "../x.csv",
        "a/../../x.csv",
        "..",
        "/etc/passwd",
        "C:/x.csv",
        "C:x.csv",
        "a\\..\\x.csv",
        "\\\\host\\x.csv",
        "~/x.csv",
    ],
)
def test_names_that_lead_out(tmp_path, name):
    with pytest.raises(ConfigurationError, match="is not inside the suite's folder"):
        inside(tmp_path, name)


@pytest.mark.parametrize("name", ["", ".", "a\x00b.csv", "a\nb.csv"])
def test_names_that_name_nothing(tmp_path, name):
    with pytest.raises(ConfigurationError):
        inside(tmp_path, name)


def test_a_name_inside(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.csv").write_text("", encoding="utf-8")
    assert inside(tmp_path, "a/x.csv") == tmp_path / "a" / "x.csv"
    assert inside(tmp_path, "./a/x.csv") == tmp_path / "a" / "x.csv"
    with pytest.raises(ConfigurationError, match=r"did you mean `x\.csv`"):
        inside(tmp_path, "a/y.csv")
    with pytest.raises(ConfigurationError, match=r"no file `a/x\.csv/z`"):
        inside(tmp_path, "a/x.csv/z")
