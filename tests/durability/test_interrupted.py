"""Ctrl-C, once and again, and a request to end: what had finished is stored, and the same command asks for the rest."""

from __future__ import annotations

import signal
from random import Random

import pytest
from tests.support.ledger_project import CONCURRENCY

pytestmark = pytest.mark.slow


def stop(run, server, signals: list[int], chance: Random) -> int:
    """Send the signals after some replies, one shortly after the other; return how it ended."""
    answered = server.after_replies(chance.randrange(2, 40))
    while not answered.wait(0.002) and not run.ended():
        pass
    for number in signals:
        run.kill(number)
        run.ended(chance.uniform(0, 0.02))
    return run.wait()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("signals", "codes"),
    [
        ([signal.SIGINT], {130}),
        ([signal.SIGINT, signal.SIGINT], {130, -signal.SIGINT}),  # the second may fall into Python's own end
        ([signal.SIGTERM], {128 + signal.SIGTERM, -signal.SIGTERM}),  # a shell calls both 143
    ],
    ids=["once", "twice", "terminated"],
)
def test_a_run_that_is_told_to_stop_keeps_what_had_finished(nursery, project, server, signals, codes, seed):
    run = nursery.start(project.root, "run")
    assert stop(run, server, signals, Random(seed)) in codes, run.said
    kept = project.replies()
    assert "Traceback" not in run.said or len(signals) > 1
    assert len(kept) >= max(run.told, default=0)
    assert len(server.sent) - len(kept) <= CONCURRENCY
    calls = len(server.calls)
    again = nursery.start(project.root, "run")
    assert again.wait() == 0, again.said
    assert kept.items() <= project.replies().items()
    project.assert_complete()
    assert len(server.calls) - calls <= len(project.cells) - len(kept) + 1  # and who answers today


def test_a_run_that_is_stopped_before_its_first_reply_leaves_nothing_behind_that_is_in_the_way(
    nursery, project, server
):
    for pause_seconds in (0.0, 0.01, 0.03, 0.06, 0.1):
        run = nursery.start(project.root, "run")
        run.ended(pause_seconds)
        run.kill(signal.SIGINT)
        assert run.wait() in {130, -signal.SIGINT}, run.said
    assert nursery.start(project.root, "run").wait() == 0
    project.assert_complete()
