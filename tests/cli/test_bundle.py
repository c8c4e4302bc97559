"""`rebaseline bundle`, and every reading command on a bundle in place of the store."""

from __future__ import annotations

import gc
import hashlib
import json
import zipfile

import pytest
from tests.support.project import HOSTILE, NEW, OLD, TOTALS, replies_of

READING = [
    ("diff", "--json"),
    ("diff",),
    ("diff", "--why", "total-right", "--all"),
    ("score", "--model", NEW),
    ("export", "--model", NEW, "--suite", "invoices"),
    ("models",),
    ("lint",),
]


@pytest.fixture
def mixed(project):
    """Old replies, all right, an accepted baseline of them, and new ones of which some are wrong or hostile."""
    project.bring(OLD, replies_of())
    project.bring("model-5.9", replies_of())
    project.accept(OLD)
    new = replies_of('```json\n{{"total": {0}}}\n```')
    for probe, text in zip(list(TOTALS)[: len(HOSTILE)], HOSTILE, strict=True):
        new[probe] = text
    project.bring(NEW, new)
    return project


def bundled(project, *more: str, name: str = "it.bundle"):
    said = project("bundle", "--out", name, *more)
    assert said.code == 0, said.both
    return project.root / name


@pytest.mark.parametrize("command", READING, ids=" ".join)
def test_a_command_says_the_same_of_a_bundle_as_of_the_store_it_was_made_of(mixed, command):
    bundled(mixed, "--model", OLD, "--model", NEW, "--model", "model-5.9")
    of_store = mixed(*command)

    mixed.without_store()
    of_bundle = mixed("--bundle", "it.bundle", *command)

    assert of_bundle.out == of_store.out
    assert of_bundle.code == of_store.code
    assert not mixed.store.exists()


@pytest.mark.parametrize("command", READING[:3], ids=" ".join)
def test_what_a_diff_compares_is_packed_by_default(mixed, command):
    bundled(mixed)
    of_store = mixed(*command)
    mixed.without_store()

    assert mixed("--bundle", "it.bundle", *command).out == of_store.out
    assert "model-5.9" not in mixed("--bundle", "it.bundle", "models").out


def test_the_option_stands_after_the_command_too_and_in_the_environment(mixed, monkeypatch):
    path = bundled(mixed)
    mixed.without_store()
    before = mixed("--bundle", str(path), "models").out

    assert mixed("models", "--bundle", str(path)).out == before
    monkeypatch.setenv("REBASELINE_BUNDLE", str(path))
    assert mixed("models").out == before


def test_a_bundle_of_a_bundle_holds_the_same(mixed, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    first = bundled(mixed)
    again = bundled(mixed, name="again.bundle")
    mixed.without_store()
    assert mixed("--bundle", "it.bundle", "bundle", "--out", "third.bundle").code == 0

    assert first.read_bytes() == again.read_bytes() == (mixed.root / "third.bundle").read_bytes()


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("judge",),
        ("import", "replies-invoices.jsonl", "--suite", "invoices", "--model", NEW),
    ],
)
def test_what_would_be_stored_is_refused_before_anything_is_asked(mixed, command):
    bundled(mixed)

    said = mixed("--bundle", "it.bundle", *command)

    assert said.code == 2
    if command != ("judge",):  # there is none to ask
        assert "nothing can be stored" in said.err


def test_a_baseline_is_accepted_from_a_bundle(mixed):
    bundled(mixed)
    mixed.without_store()

    said = mixed("--bundle", "it.bundle", "accept", "--model", NEW, "--as", "Ada", "--reason", "reviewed elsewhere")

    assert (mixed.root / "baselines" / "invoices" / "app" / f"{NEW}.json").exists(), said.both


def test_a_file_that_is_there_is_replaced_only_where_told(mixed):
    path = mixed.write("it.bundle", "mine")

    said = mixed("bundle", "--out", "it.bundle")

    assert said.code == 2
    assert "--force" in said.err
    assert path.read_text() == "mine"
    bundled(mixed, "--force")
    assert zipfile.is_zipfile(path)
    assert not list(mixed.root.glob(".writing-*"))


def test_the_manifest_says_what_is_inside(mixed):
    with zipfile.ZipFile(bundled(mixed)) as bundle:
        manifest = json.loads(bundle.read("manifest.json"))
        members = {name: bundle.read(name) for name in manifest["members"]}

    assert manifest["chosen"] == {"suites": ["invoices"], "target": "app", "models": [OLD, NEW]}
    assert manifest["counts"] == {"replies": 120, "rejections": 0, "faults": 0, "purged": 0}
    assert manifest["suites"][0]["id"] == "invoices"
    for name, content in members.items():
        assert manifest["members"][name]["sha256"] == hashlib.sha256(content).hexdigest()


def test_a_version_of_which_nothing_is_stored_is_named(mixed):
    said = mixed("bundle", "--out", "x.bundle", "--model", "model-9")

    assert said.code == 6
    assert "model-9" in said.err
    assert not (mixed.root / "x.bundle").exists()


def test_two_ways_to_choose_do_not_go_together(mixed):
    assert mixed("bundle", "--out", "x.bundle", "--model", NEW, "--to", NEW).code == 2


def test_nothing_of_a_bundle_stays_behind(mixed, tmp_path, monkeypatch):
    folder = tmp_path / "scratch"
    folder.mkdir()
    bundled(mixed)
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    mixed("--bundle", "it.bundle", "diff")

    gc.collect()
    assert not list(folder.iterdir())


def test_a_file_that_is_no_bundle_is_named(mixed):
    mixed.write("it.bundle", "PK but no zip")

    for name in ("it.bundle", "missing.bundle", "probes"):
        said = mixed("--bundle", name, "diff")
        assert said.code == 2
        assert name in said.err
