"""What a project file demands of the ledger, read without the rest of it."""

from __future__ import annotations

import pytest

from rebaseline.errors import ConfigurationError, SuiteErrors
from rebaseline.load.demands import parse_demands
from rebaseline.load.settings import LedgerSettings


def read(text, root):
    return parse_demands(text if isinstance(text, bytes) else text.encode(), root=root, shown="rebaseline.toml of main")


def test_a_file_that_says_nothing_demands_nothing(tmp_path):
    demands = read("", tmp_path)
    assert (demands.ledger, demands.baselines) == (LedgerSettings(), tmp_path / "baselines")


def test_what_is_demanded_is_read_whatever_else_stands_there(tmp_path):
    text = '[other]\n[targets.app]\ntype = "new"\n[ledger]\nsigned = true\nsigners = "s"\n[paths]\nbaselines = "b"\n'
    demands = read(text, tmp_path)
    assert demands.ledger == LedgerSettings(signed=True, signers=tmp_path / "s")
    assert demands.baselines == tmp_path / "b"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[ledger", "not TOML"),
        ("[ledger]\nsigned = 1", "true or false"),
        ('[ledger]\nsigners = "../s"', "does not lie in the project"),
        ("[ledger]\ntwice = true", "unknown key"),
        ("paths = 3", "not a mapping"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_the_file_named(tmp_path, text, says):
    with pytest.raises(SuiteErrors, match=says) as caught:
        read(text, tmp_path)
    assert "rebaseline.toml of main" in str(caught.value)


def test_bytes_that_are_no_text_are_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        read(b"\xff", tmp_path)
