"""What a decision may write, whatever a change says and whatever `[paths]` says."""

from __future__ import annotations

import pytest

from rebaseline.domain.ledger import FileChange
from rebaseline.errors import ChangeError
from rebaseline.store.changeable import Changeable

MADE, REPLACED, TAKEN = ("", "1" * 64), ("0" * 64, "1" * 64), ("0" * 64, "")
EVERY = (MADE, REPLACED, TAKEN)


def changeable(root, probes="probes", baselines="baselines"):
    return Changeable(root, root / probes, root / baselines, "rebaseline.toml")


@pytest.mark.parametrize("how", EVERY)
@pytest.mark.parametrize(
    "path",
    [
        *("baselines/a/app/model-6.1.json", "baselines/a~b/x/m%2F1.json", "baselines/ledger/2026-x.json"),
        *("baselines/ledger/2026-x.json.sig", "baselines/pending/x.json"),
    ],
)
def test_baselines_entries_and_proposals_are_written_and_taken_away(tmp_path, path, how):
    assert changeable(tmp_path).place(FileChange(path, *how)) == tmp_path.resolve() / path


@pytest.mark.parametrize("path", ["probes/a/suite.yaml", "probes/a.yml", "probes/A.YAML", "rebaseline.toml"])
def test_suites_and_the_project_file_are_replaced_alone(tmp_path, path):
    ours = changeable(tmp_path)
    assert ours.place(FileChange(path, *REPLACED)) == tmp_path.resolve() / path
    for how in (MADE, TAKEN):
        with pytest.raises(ChangeError, match=r"no file that a decision (makes|takes away)") as refused:
            ours.place(FileChange(path, *how))
        assert refused.value.where == path


@pytest.mark.parametrize("folders", [("probes", "baselines"), (".", "."), (".github", ".github"), (".git", ".git")])
@pytest.mark.parametrize(
    "path",
    [
        *(".github/workflows/x.yml", ".github/x.json", ".git/x.yaml", ".git/x.json", ".rebaseline/x.json"),
        *(".gitlab-ci.yml", ".hidden.json", "probes/.x/a.yaml", "baselines/.x.json", "\u200b.github/x.yml"),
        *("\uff0egithub/x.yml", "git~1/x.json", "conftest.py", "x/conftest.py", "Makefile", "x.sig", "../x.json"),
        *("/x.json", "x\\y.json", "c:x.json", "", "x.json/", "sub/rebaseline.toml"),
    ],
)
@pytest.mark.parametrize("how", EVERY)
def test_nothing_else_is_touched_whatever_the_folders_are(tmp_path, folders, path, how):
    with pytest.raises(ChangeError, match="nothing was changed"):
        changeable(tmp_path, *folders).place(FileChange(path, *how))


@pytest.mark.parametrize("link", ["baselines", "baselines/a", "baselines/a/m.json"])
@pytest.mark.parametrize("to", ["inside", "nowhere", "itself"])
def test_no_part_of_a_path_is_a_link_even_within_the_project(tmp_path, link, to):
    (tmp_path / "inside" / "a").mkdir(parents=True)
    place = tmp_path / link
    place.parent.mkdir(parents=True, exist_ok=True)
    place.symlink_to(place if to == "itself" else tmp_path / to)
    with pytest.raises(ChangeError, match="reached by a link"):
        changeable(tmp_path).place(FileChange("baselines/a/m.json", *MADE))


def test_the_project_itself_may_be_reached_by_a_link(tmp_path):
    (tmp_path / "project").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "project")
    found = changeable(tmp_path / "link").place(FileChange("baselines/a/m.json", *MADE))
    assert found == (tmp_path / "project").resolve() / "baselines/a/m.json"
