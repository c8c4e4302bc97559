"""Killed in the middle of a write to the database, as the kernel does it at a bound on the size of files.

The bound is moved through the first creation, a migration and a checkpoint, so that each page is once the last one.
"""

from __future__ import annotations

import contextlib
import signal
import sqlite3
from pathlib import Path

import pytest
from tests.support.ledger_project import LedgerProject
from tests.support.ledger_server import LedgerServer

from rebaseline.store import open_store

pytestmark = pytest.mark.slow

PAGE = 4096
OLD_SCHEMA = Path(__file__).parents[1] / "migrations" / "schema_0001.sql"


def killed(nursery, project: LedgerProject, dies_beyond: int) -> bool:
    """Run under the bound; return whether it killed. What was counted as done is stored, and the database opens."""
    run = nursery.start(project.root, "run", dies_beyond=dies_beyond)
    assert run.wait() in {0, -signal.SIGXFSZ}, run.said
    kept = project.replies()
    assert len(kept) >= max(run.told, default=0)
    open_store("sqlite:///.rebaseline/results.db", root=project.root).close()
    assert project.replies() == kept
    return run.code != 0


def resume(nursery, project: LedgerProject) -> None:
    run = nursery.start(project.root, "run")
    assert run.wait() == 0, run.said
    project.assert_complete()


def test_a_database_whose_making_was_cut_is_made_by_the_next_run(nursery, tmp_path, server):
    sizes = (max(512, number * PAGE) for number in range(100))
    deaths, cut = 0, True
    while cut:
        root = tmp_path / str(deaths)
        root.mkdir()
        project = LedgerProject(root, server, probes=2, samples=1)
        cut = killed(nursery, project, next(sizes))
        deaths += cut
        if deaths % 5 == 1:
            resume(nursery, project)
    assert deaths >= 12  # one a page of the empty tables


def old_database(project: LedgerProject, journal_mode: str) -> list[str]:
    project.store.parent.mkdir()
    with contextlib.closing(sqlite3.connect(project.store)) as connection:
        connection.executescript(OLD_SCHEMA.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA journal_mode = {journal_mode}")
    return old_rows(project)


def old_rows(project: LedgerProject) -> list[str]:
    with contextlib.closing(sqlite3.connect(project.store)) as connection:
        return connection.execute("SELECT id, probe, sample, text FROM attempts WHERE suite = 'invoices'").fetchall()


@pytest.mark.parametrize("journal_mode", ["DELETE", "WAL"])
def test_a_migration_that_was_cut_is_made_by_the_next_run(nursery, tmp_path, server, journal_mode):
    deaths = 0
    for pages in range(0, 24, 2):
        root = tmp_path / str(pages)
        root.mkdir()
        project = LedgerProject(root, server, probes=2, samples=1)
        before = old_database(project, journal_mode)
        deaths += killed(nursery, project, 512 + pages * PAGE)
        assert old_rows(project) == before
    assert deaths >= 4
    resume(nursery, project)


@pytest.mark.parametrize("megabytes", [4.5, 5.5, 6.5])
def test_a_checkpoint_that_was_cut_loses_nothing(nursery, tmp_path, megabytes):
    """The log holds four megabytes at most, so beyond that it is the database itself that grows."""
    with LedgerServer(padding=60_000) as server:
        project = LedgerProject(tmp_path, server, probes=60, samples=2)
        assert killed(nursery, project, int(megabytes * 2**20))
        resume(nursery, project)
