from collections.abc import Iterator

import pytest
from tests.support.forked import Nursery
from tests.support.ledger_project import LedgerProject
from tests.support.ledger_server import LedgerServer


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
