"""A whole little project for every test of the command line."""

from __future__ import annotations

import pytest
from tests.support.project import NEW, OLD, Project, make_project, replies_of


@pytest.fixture
def project(tmp_path, capsys, monkeypatch) -> Project:
    return make_project(tmp_path, capsys, monkeypatch)


@pytest.fixture
def asked(project) -> Project:
    """Old and new replies are stored, all right."""
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of())
    return project
