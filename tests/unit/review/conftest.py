"""Repositories of git that no setting of whoever runs the tests reaches, and people with keys."""

from __future__ import annotations

import pytest
from tests.support.repository import Repository, keys_of, start_repository


@pytest.fixture
def repository(tmp_path, monkeypatch) -> Repository:
    return start_repository(tmp_path / "repository", monkeypatch)


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    """Paths of SSH keys by who has them."""
    return keys_of(tmp_path_factory.mktemp("keys"), "ada", "bob", "eve")
