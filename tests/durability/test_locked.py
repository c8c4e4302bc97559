"""Somebody else holds the right to write: a run waits, and where it waits in vain it says so and loses nothing."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest
from tests.support.forked import Nursery
from tests.support.ledger_project import CONCURRENCY, LedgerProject

pytestmark = pytest.mark.slow


@contextlib.contextmanager
def locked(project: LedgerProject):
    """Hold the right to write from a connection of another program."""
    with contextlib.closing(sqlite3.connect(project.store, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def begin(nursery, project: LedgerProject, **conditions):
    """Start a run and return it once ten replies went out."""
    answered = project.server.after_replies(10)
    run = nursery.start(project.root, "run", **conditions)
    while not answered.wait(0.002):
        assert not run.ended(), run.said
    return run


def test_a_run_waits_for_a_lock_and_goes_on(nursery, project, server):
    run = begin(nursery, project)
    with locked(project):
        calls = len(server.calls)
        assert not run.ended(1.0)
        # Who waits for the disk does not go on asking: what is under way is all that a kill could lose.
        assert len(server.calls) - calls <= 2 * CONCURRENCY
    assert run.wait() == 0, run.said
    project.assert_complete()
    assert len(server.calls) == len(project.cells)


def test_a_lock_that_is_held_for_too_long_ends_the_run_and_the_same_command_resumes(nursery, project, server):
    run = begin(nursery, project, wait_seconds=0.3)
    with locked(project):
        assert run.wait() == 2, run.said
    assert "Traceback" not in run.said
    assert "locked by another process" in run.said
    assert "same command" in run.said
    assert str(project.store) in run.said
    kept = project.replies()
    assert len(kept) >= max(run.told, default=0)
    assert len(server.sent) - len(kept) <= 2 * CONCURRENCY
    calls = len(server.calls)
    again = nursery.start(project.root, "run")
    assert again.wait() == 0, again.said
    assert kept.items() <= project.replies().items()
    project.assert_complete()
    assert len(server.calls) - calls <= len(project.cells) - len(kept) + 1


def test_a_lock_at_the_start_is_waited_for_too(nursery, project):
    assert nursery.start(project.root, "run").wait() == 0
    project.assert_complete()
    with locked(project):
        run = nursery.start(project.root, "run", wait_seconds=0.3)
        assert run.wait() == 2, run.said
        waiting = nursery.start(project.root, "run")
        assert not waiting.ended(0.5)
    assert waiting.wait() == 0, waiting.said


def test_a_stop_while_the_lock_is_waited_for_keeps_what_had_finished(nursery, project):
    run = begin(nursery, project)
    with locked(project):
        run.ended(0.2)
        run.kill()
        assert run.wait() == -9
    assert len(project.replies()) >= max(run.told, default=0)
    assert nursery.start(project.root, "run").wait() == 0
    project.assert_complete()


@pytest.mark.parametrize("fresh", [True, False], ids=["at the first creation", "later"])
def test_two_runs_of_one_suite_at_once_both_end_and_no_reply_is_stored_twice(nursery, project, server, fresh):
    if not fresh:
        killed = begin(nursery, project)
        killed.kill()
        killed.wait()
    kept = project.replies()
    with Nursery() as other:
        runs = [each.start(project.root, "run") for each in (nursery, other)]
        for run in runs:
            assert run.wait() == 0, run.said
    assert kept.items() <= project.replies().items()
    project.assert_complete()
    assert len(server.calls) <= 2 * len(project.cells) + 2 + 10 + CONCURRENCY
