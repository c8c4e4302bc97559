"""Killed at any point, a run has stored what it counted as done, and the same command asks only what is missing."""

from __future__ import annotations

import signal
from collections.abc import Callable
from random import Random

import pytest
from tests.support.forked import Run
from tests.support.ledger_project import CONCURRENCY

pytestmark = pytest.mark.slow


def start_and_kill(nursery, project, chance: Random) -> Run:
    """Start a run and kill it after some replies, as it counts some as done, or after some time; return what was it."""
    match chance.choice(["replies", "told", "time"]):
        case "replies":
            answered = project.server.after_replies(chance.randrange(24))
            run = nursery.start(project.root, "run")
            until(run, answered.is_set)
        case "told":
            run = nursery.start(project.root, "run", dies_told=chance.randrange(1, 24))
            run.wait()
        case _:
            run = nursery.start(project.root, "run")
            run.ended(chance.uniform(0, 0.25))
    run.kill()
    return run


def until(run, happened: Callable[[], bool]) -> None:
    """Wait without a pause: the kill is to fall right after what happened."""
    while not happened() and not run.ended():
        pass


@pytest.mark.parametrize("seed", range(8))
def test_whatever_was_counted_as_done_is_stored_and_only_the_rest_is_asked_again(nursery, project, server, seed):
    chance, kills, code = Random(seed), 0, -1
    stored: dict[tuple[str, int], str] = {}
    while code != 0:
        run = start_and_kill(nursery, project, chance) if kills < 20 else nursery.start(project.root, "run")
        code = run.wait()
        assert code in {0, -signal.SIGKILL}, run.said
        kills += code != 0
        now = project.replies()
        assert stored.items() <= now.items(), "a stored reply was lost or changed"
        assert len(now) - len(stored) >= max(run.told, default=0), "counted as done and lost"
        stored = now
    project.assert_complete()
    assert kills >= 5
    # Each start asks once who answers today; each kill loses at most what was on its way.
    assert len(server.calls) <= len(project.cells) + kills * CONCURRENCY + kills + 1
