"""Killed at any point, a run has stored what it counted as done, and the same command asks only what is missing."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
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
            end, answered = time.monotonic() + chance.uniform(0, 0.25), project.server.after_replies(24)
            run = nursery.start(project.root, "run")
            until(run, lambda: answered.is_set() or time.monotonic() >= end)
    run.kill()
    return run


def until(run, happened: Callable[[], bool]) -> None:
    """Wait without a pause: the kill is to fall right after what happened."""
    while not happened() and not run.ended():
        pass


@pytest.mark.parametrize("seed", range(6))
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
    assert kills >= 3  # each falls within some dozen replies of 120, however quick the machine is
    # Each start asks once who answers today; each kill loses at most what was on its way.
    assert len(server.calls) <= len(project.cells) + kills * CONCURRENCY + kills + 1


def test_what_the_screen_said_was_done_is_stored(project):
    """The command itself, started anew by a shell's means, with its progress on a terminal."""
    chance, stored, code = Random(7), project.replies(), -1
    while code != 0:
        code, screen = on_a_terminal(project, replies=chance.randrange(30, 60))
        said = [int(count) for count in re.findall(r"(\d+) of \d+ done", screen)]
        now = project.replies()
        assert stored.items() <= now.items()
        assert len(now) - len(stored) >= max(said, default=0)
        stored = now
    project.assert_complete()


def on_a_terminal(project, replies: int) -> tuple[int, str]:
    """Run until the end or so many replies, then kill; return the exit code and what stood on the terminal."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "rebaseline", "run"]
    answered = project.server.after_replies(replies)
    with subprocess.Popen(command, cwd=project.root, stdout=subprocess.DEVNULL, stderr=theirs) as process:
        os.close(theirs)
        while process.poll() is None and not answered.wait(0.01):
            pass
        process.kill()
        code = process.wait()
    screen = b""
    with contextlib.suppress(OSError):  # Linux says so at the end of a terminal
        while read := os.read(ours, 65536):
            screen += read
    os.close(ours)
    return code, screen.decode()


def test_an_import_that_was_killed_goes_on_where_it_was(nursery, project):
    """A second import of the same file brings what is missing and nothing twice."""
    lines = [
        {"probe": probe, "sample": 10 + number, "response": f"reply {number} to {probe}"}
        for number in range(150)
        for probe, sample in sorted(project.cells)
        if sample == 0
    ]
    log = project.root / "log.jsonl"
    log.write_text("".join(json.dumps(line) + "\n" for line in lines))
    command = ("import", str(log), "--suite", "ledger", "--model", "model-0")
    counts = [0]
    for kib in range(100, 2500, 300):
        run = nursery.start(project.root, *command, dies_beyond=kib * 1024)
        run.wait()
        counts.append(len(project.stored()))
        assert counts[-1] >= counts[-2]
    run = nursery.start(project.root, *command)
    assert run.wait() == 0, run.said
    stored = {(cell.probe, cell.sample, cell.text) for cell in project.stored()}
    assert stored == {(line["probe"], line["sample"], line["response"]) for line in lines}
    assert len(project.stored()) == len(lines)
    assert len(set(counts)) > 1, "no kill fell between two batches"
