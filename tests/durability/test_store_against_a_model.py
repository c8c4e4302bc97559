"""The store against plain dictionaries: whatever is recorded in whatever order, killed and opened again in between."""

from __future__ import annotations

import shutil
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Reply, Stop
from rebaseline.domain.model import ModelVersion, Provenance, Target, TargetKind
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.store import Store, open_store
from rebaseline.store.rows import standing_of

URL = "sqlite:///results.db"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TARGET = Target("app", "recorded", TargetKind.MODEL, "alias")
MODELS = ("M1", "M2", "alias")

Cell = tuple[str, str, int]
"""Probe, fingerprint of its request, sample."""


def answered(text: str) -> Answered:
    return Answered(Reply(text, Stop.COMPLETE, "stop"))


ATTEMPTS = st.one_of(
    st.sampled_from(["yes", "no", ""]).map(answered),
    st.just(Faulted("timeout", 504, "slow")),
    st.sampled_from([Rejected(400, None, "no"), Rejected(400, "temperature", "no")]),
)
CELLS = st.tuples(st.sampled_from("ab"), st.sampled_from(["f1", "f2"]), st.integers(0, 1))
SAID = st.tuples(CELLS, st.sampled_from(["M1", "M2"]), st.booleans(), ATTEMPTS)


class RecordingMachine(RuleBasedStateMachine):
    """Replies by model and cell, the first one of each; and how much was ever known of a cell."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.replies: dict[tuple[str, Cell], Attempt] = {}
        self.known: dict[Cell, int] = {}
        self.recorded: list[tuple[Cell, Attempt]] = []
        self.sessions: list[str] = []
        self.store: Store | None = None
        self.opened = 0

    @initialize()
    def open_the_first(self) -> None:
        folder = self.folder / "0"
        folder.mkdir()
        shutil.copy(_empty(), folder / "results.db")
        self.store = open_store(URL, root=folder)

    def teardown(self) -> None:
        if self.store is not None:
            self.store.close()
        shutil.rmtree(self.folder)

    @rule()
    def begin_session(self) -> None:
        assert self.store is not None
        self.sessions.append(f"s{len(self.sessions)}")
        at = NOON + timedelta(hours=len(self.sessions))
        self.store.begin_session(
            SessionHeader(self.sessions[-1], SessionKind.RUN, "s", 1, "fp", TARGET, Provenance(), at)
        )

    @rule()
    def close_and_open(self) -> None:
        assert self.store is not None
        self.store.close()
        self.store = open_store(URL, root=self.store.path.parent)

    @rule()
    def kill_and_open(self) -> None:
        """Go on with the files as they are now, which is what a killed process leaves."""
        assert self.store is not None
        self.opened += 1
        folder = self.folder / str(self.opened)
        folder.mkdir()
        for path in self.store.path.parent.glob("results.db*"):
            if not path.name.endswith("-shm"):
                shutil.copy(path, folder)
        self.store.close()
        self.store = open_store(URL, root=folder)

    @rule(said=st.lists(SAID, min_size=1, max_size=6), late=st.booleans(), minutes=st.integers(-90, 90))
    def record(self, *, said: list[tuple[Cell, str, bool, Attempt]], late: bool, minutes: int) -> None:
        if not self.sessions:
            self.begin_session()
        session = self.sessions[-1] if not late else self.sessions[0]
        at = NOON + timedelta(minutes=minutes)
        records = [
            AttemptRecord(probe, fingerprint, sample, _model(attempt, served, named=named), attempt, at, session)
            for (probe, fingerprint, sample), served, named, attempt in said
        ]
        assert self.store is not None
        told = self.store.record(records)
        assert told.new + told.known == len(records)
        kept, differing = self._remember(records)
        unanswered = sum(not isinstance(record.attempt, Answered) for record in records)
        assert kept <= told.new <= kept + unanswered
        assert told.differing == differing

    def _remember(self, records: list[AttemptRecord]) -> tuple[int, int]:
        """Return how many replies are new, and how many found another one in their place."""
        kept = 0
        for record in records:
            cell = (record.probe, record.probe_fingerprint, record.sample)
            self.known[cell] = max(self.known.get(cell, 0), standing_of(record.attempt))
            self.recorded.append((cell, record.attempt))
            if isinstance(record.attempt, Answered):
                kept += (record.model.served, cell) not in self.replies
                self.replies.setdefault((record.model.served, cell), record.attempt)
        replies = [record for record in records if isinstance(record.attempt, Answered)]
        return kept, sum(
            self.replies[record.model.served, (record.probe, record.probe_fingerprint, record.sample)] != record.attempt
            for record in replies
        )

    def _standing(self) -> dict[str, dict[Cell, Attempt]]:
        assert self.store is not None
        views: dict[str, dict[Cell, Attempt]] = {}
        for model in MODELS:
            records = list(self.store.attempts("s", "app", model))
            views[model] = {(each.probe, each.probe_fingerprint, each.sample): each.attempt for each in records}
            assert len(views[model]) == len(records), "a cell came twice"
        return views

    @invariant()
    def each_reply_is_the_first_that_its_model_gave(self) -> None:
        if self.store is None:
            return
        stored = {
            (model, cell): attempt
            for model, view in self._standing().items()
            for cell, attempt in view.items()
            if isinstance(attempt, Answered)
        }
        assert stored == self.replies

    @invariant()
    def what_was_known_best_of_a_cell_is_still_known(self) -> None:
        if self.store is None:
            return
        best: dict[Cell, int] = {}
        for view in self._standing().values():
            for cell, attempt in view.items():
                assert (cell, attempt) in self.recorded
                best[cell] = max(best.get(cell, 0), standing_of(attempt))
        assert best == self.known

    @invariant()
    def what_is_done_needs_no_asking_and_what_is_not_does(self) -> None:
        if self.store is None:
            return
        done = self.store.done_cells("s", "app", TARGET.fingerprint, "alias")
        assert done == {cell for cell, standing in self.known.items() if standing > 0}


def _model(attempt: Attempt, served: str, *, named: bool) -> ModelVersion:
    """A reply names who gave it; a fault or a rejection may, in a log, and else names who was asked."""
    return ModelVersion("p", "alias", served if named or isinstance(attempt, Answered) else "alias")


def _empty() -> Path:
    return EMPTY[0]


EMPTY: list[Path] = []


@pytest.fixture(autouse=True, scope="module")
def empty(tmp_path_factory):
    """A database without replies: making the tables anew for each example would take most of the time."""
    folder = tmp_path_factory.mktemp("empty")
    open_store(URL, root=folder).close()
    EMPTY.append(folder / "results.db")
    yield
    EMPTY.clear()


TestRecording = RecordingMachine.TestCase
TestRecording.settings = settings(max_examples=40, stateful_step_count=10)
