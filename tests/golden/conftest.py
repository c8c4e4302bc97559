"""The desk, laid out once: commands that only read share it."""

from __future__ import annotations

import pytest
from tests.support.project import Project


@pytest.fixture
def project(tmp_path, capsys, monkeypatch) -> Project:
    return Project(tmp_path, capsys, monkeypatch)
