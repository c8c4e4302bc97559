"""A server that fails in every way it can: each reply is still accounted for once, under its own probe's name."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from tests.support.ledger_project import LedgerProject
from tests.support.ledger_server import MODEL, Deed, LedgerServer, failed

from rebaseline.app.workspace import open_workspace
from rebaseline.domain.attempt import Faulted
from rebaseline.domain.model import Provenance
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.run.engine import Surroundings, run_plan
from rebaseline.run.limits import Backoff, Limits
from rebaseline.run.rounds import Plan
from rebaseline.run.tally import RunCounts
from rebaseline.targets.registry import open_target

pytestmark = pytest.mark.slow

FAULTS = {
    "429": failed(429),
    "429 with a wait": failed(429, retry_after="3"),
    "429 with a wait in milliseconds": failed(429, retry_after_ms="700"),
    "500": failed(500),
    "503 with a wait": failed(503, retry_after="2"),
    "529": failed(529),
    "reset before the body": Deed(cut_after=0),
    "reset in mid-body": Deed(cut_after=150),
    "a byte at a time": Deed(drip_seconds=0.05),
    "half of a JSON": Deed(body=b'{"choices": [{"message": {"content": "reply 0 to pr'),
    "JSON of another kind": Deed(body=b'{"choices": []}'),
    "a page": Deed(body=b"<html>gateway</html>"),
    "nothing": Deed(body=b""),
    "a length that is too long": Deed(length_added=7),
    "a length that is too short": Deed(length_added=-9),
}
CLOSES = Deed(closes=True)


def faulty(seed: int, share: float) -> Callable[[int, str], Deed]:
    """Return what spoils so large a share of the replies, the same ones each time, and closes some connections."""

    def choose(number: int, prompt: str) -> Deed:
        chance = Random(f"{seed} {number}")
        if chance.random() < share:
            return chance.choice([*FAULTS.values()])
        return CLOSES if chance.random() < 0.05 else Deed()

    return choose


LIMITS = Limits(concurrency=8, tries=20, timeout_seconds=0.4, backoff=Backoff(base_seconds=0.01))


def jumping(seed: int) -> Callable[[], datetime]:
    """Return a wall clock that jumps over decades, back and forth."""
    chance = Random(seed)
    return lambda: datetime(2026, 11, 22, tzinfo=UTC) + timedelta(days=chance.uniform(-9000, 9000))


async def _shortly(seconds: float) -> None:
    await asyncio.sleep(min(seconds, 0.01))


def ask(project: LedgerProject, limits: Limits = LIMITS, seed: int = 0) -> RunCounts:
    """Ask what is missing, as `rebaseline run` does, with pauses that take no time; return the counts."""
    workspace, now = open_workspace(project.root, {}), jumping(seed)
    (suite,), target = workspace.suites(), workspace.target()

    async def all_of_it() -> RunCounts:
        adapter = open_target(target, {}, monotonic=time.monotonic)
        try:
            return await run_plan(plan, adapter, store.record, Surroundings(now, _shortly, Random(1)), limits)
        finally:
            await adapter.aclose()

    with workspace.open_store() as store:
        session = f"s{len(store.sessions())}"
        store.begin_session(
            SessionHeader(session, SessionKind.RUN, suite.id, 1, suite.fingerprint, target, Provenance(), now())
        )
        done = store.done_cells(suite.id, target.name, target.fingerprint, target.model)
        plan = Plan(suite.probes, target, session, frozenset((probe, sample) for probe, _, sample in done))
        return asyncio.run(all_of_it())


def standing(project: LedgerProject) -> list[AttemptRecord]:
    """Return what stands for the model, as a diff reads it."""
    with open_workspace(project.root, {}).open_store() as store:
        return list(store.attempts("ledger", "app", MODEL))


@pytest.mark.parametrize("seed", range(4))
def test_through_all_faults_every_cell_gets_its_own_reply_once(tmp_path, seed):
    with LedgerServer(faulty(seed, 0.3)) as server:
        project = LedgerProject(tmp_path, server)
        counts = ask(project, seed=seed)
        project.assert_complete()
        assert (counts.answered, counts.rejected, counts.faulted) == (len(project.cells), 0, 0)
        assert set(project.replies().values()) == set(server.sent)
        spoilt = [call for call in server.calls if not call.deed.whole]
        assert len(server.calls) == len(project.cells) + len(spoilt)
        # A call may be lost on a connection that the server has just closed: it is made again, and is counted.
        assert 0 <= counts.calls - len(server.calls) <= sum(call.deed.closes for call in server.calls)
        assert len(spoilt) >= len(project.cells) // 5
        again = ask(project)
        assert (again.answered, again.calls, again.known) == (0, 0, len(project.cells))


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_alone_is_a_fault_and_the_next_reply_is_its_own(tmp_path, name):
    """Every other reply is spoilt; what is left over on a connection must not be taken for the next reply."""
    with LedgerServer(lambda number, _: FAULTS[name] if number % 2 == 0 else Deed()) as server:
        project = LedgerProject(tmp_path, server, probes=8, samples=1)
        counts = ask(project, replace(LIMITS, concurrency=2))
        project.assert_complete()
        assert (counts.answered, counts.rejected, counts.faulted) == (8, 0, 0)
        assert counts.calls == len(server.calls)
        assert set(project.replies().values()) == set(server.sent)


def test_final_faults_are_stored_once_and_give_way_to_the_reply_that_comes_later(tmp_path):
    kinds = [fault for name, fault in FAULTS.items() if not name.startswith(("429", "529"))]  # these are waited out
    with LedgerServer(lambda number, _: kinds[number % len(kinds)] if number % 3 else Deed()) as server:
        project = LedgerProject(tmp_path, server, probes=30, samples=2)
        missing = len(project.cells)
        while missing:
            calls, sent = len(server.calls), len(server.sent)
            counts = ask(project, replace(LIMITS, tries=1, silence=1000))
            stored = standing(project)
            assert counts.calls == len(server.calls) - calls == missing
            assert counts.answered == len(server.sent) - sent
            assert counts.answered + counts.faulted == missing
            assert counts.known == len(project.cells) - missing
            assert {(record.probe, record.sample) for record in stored} == project.cells
            assert len(stored) == len(project.cells)
            missing -= counts.answered
            assert sum(isinstance(record.attempt, Faulted) for record in stored) == missing
        project.assert_complete()


def test_rejections_are_stored_once_and_not_asked_again(tmp_path):
    refused = {f"probe p-{number:03}" for number in range(0, 20, 5)}
    with LedgerServer(lambda _, prompt: failed(422) if prompt in refused else Deed()) as server:
        project = LedgerProject(tmp_path, server, probes=20, samples=2)
        counts = ask(project)
        assert (counts.answered, counts.rejected, counts.faulted) == (32, 8, 0)
        assert counts.calls == len(server.calls)
        assert sorted(cell.probe for cell in project.stored() if cell.outcome == "rejected") == sorted(
            2 * [prompt.removeprefix("probe ") for prompt in refused]
        )
        assert len(project.replies()) == 32
        assert ask(project).calls == 0
