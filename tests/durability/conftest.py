import os
from collections.abc import Iterator

import pytest
from tests.support.forked import Nursery
from tests.support.ledger_project import LedgerProject
from tests.support.ledger_server import LedgerServer

if not hasattr(os, "waitid"):  # Windows, and macOS before Python 3.13: processes cannot be forked and killed like this
    collect_ignore = [f"test_{name}.py" for name in ("full_disk", "interrupted", "killed", "locked", "torn_writes")]


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def server() -> Iterator[LedgerServer]:
    with LedgerServer() as server:
        yield server


@pytest.fixture
def project(tmp_path, server) -> LedgerProject:
    return LedgerProject(tmp_path, server)
