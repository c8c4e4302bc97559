from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from rebaseline.domain.batch import Batch, BatchItem
from rebaseline.domain.model import Provenance, Target, TargetKind
from rebaseline.domain.record import SessionHeader, SessionKind
from rebaseline.errors import StoreError
from rebaseline.store import open_store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TARGET = Target("app", "openai", TargetKind.MODEL, "alias")


def begin(store, key="s1", *, suite="s", target=TARGET):
    store.begin_session(SessionHeader(key, SessionKind.RUN, suite, 1, "fp", target, Provenance(), NOON))


def batch(key="k1", *cells, session="s1", at=NOON):
    items = tuple(BatchItem(f"{key}-{n:05}", *cell) for n, cell in enumerate(cells or [("p", "fp", 0)]))
    return Batch(key, session, at, items)


@pytest.fixture
def store(tmp_path):
    with open_store("sqlite:///results.db", root=tmp_path) as opened:
        begin(opened)
        yield opened


@pytest.fixture
def ledger(store):
    return store.batches("s", "app", TARGET.fingerprint)


def test_a_noted_batch_is_open_and_comes_back_as_it_was(ledger):
    noted = batch("k1", ("p", "fp", 0), ("p\0\ud800", "fp", 1))
    ledger.note(noted)
    assert ledger.open() == [noted]


def test_a_batch_survives_the_process(tmp_path, store, ledger):
    ledger.note(batch())
    ledger.submitted("k1", "batch_1")
    store.close()
    with open_store("sqlite:///results.db", root=tmp_path) as again:
        assert again.batches("s", "app", TARGET.fingerprint).open() == [replace(batch(), provider_id="batch_1")]


def test_open_batches_come_oldest_first(ledger):
    ledger.note(batch("late", ("p", "fp", 0), at=NOON + timedelta(hours=1)))
    ledger.note(batch("early", ("p", "fp", 1)))
    assert [each.key for each in ledger.open()] == ["early", "late"]


def test_a_closed_batch_is_open_no_more_and_closing_it_again_does_nothing(ledger):
    ledger.note(batch())
    ledger.submitted("k1", "batch_1")
    ledger.close("k1", at=NOON)
    ledger.close("k1", at=NOON)
    assert ledger.open() == []
    assert ledger.known() == {"batch_1"}


def test_its_cells_may_be_asked_for_again_once_it_is_closed(ledger):
    ledger.note(batch())
    ledger.close("k1", at=NOON)
    ledger.note(batch("k2"))
    assert [each.key for each in ledger.open()] == ["k2"]


def test_a_cell_of_an_open_batch_is_not_noted_twice(ledger):
    ledger.note(batch("k1", ("p", "fp", 0), ("q", "fp", 0)))
    with pytest.raises(StoreError, match="1 of 2 requests are in a batch that is open already"):
        ledger.note(batch("k2", ("q", "fp", 0), ("r", "fp", 0)))
    assert [each.key for each in ledger.open()] == ["k1"]


def test_a_reworded_probe_is_another_request(ledger):
    ledger.note(batch("k1", ("p", "fp", 0)))
    ledger.note(batch("k2", ("p", "other wording", 0)))
    assert len(ledger.open()) == 2


def test_a_batch_that_never_came_to_be_is_dropped_without_a_trace(ledger):
    ledger.note(batch())
    ledger.drop("k1")
    assert ledger.open() == []
    ledger.note(batch())


def test_a_batch_that_the_provider_took_is_not_dropped(ledger):
    ledger.note(batch())
    ledger.submitted("k1", "batch_1")
    with pytest.raises(StoreError, match="it is paid for"):
        ledger.drop("k1")
    assert len(ledger.open()) == 1


@pytest.mark.parametrize("act", [lambda ledger: ledger.submitted("k1", "b"), lambda ledger: ledger.drop("k1")])
def test_what_is_not_open_is_neither_submitted_nor_dropped(ledger, act):
    with pytest.raises(StoreError, match="No batch 'k1' is open"):
        act(ledger)
    ledger.note(batch())
    ledger.close("k1", at=NOON)
    with pytest.raises(StoreError, match="No batch 'k1' is open"):
        act(ledger)


def test_a_batch_of_a_session_that_was_never_begun_is_refused(ledger):
    with pytest.raises(StoreError, match="never begun"):
        ledger.note(batch(session="nobody"))
    assert ledger.open() == []


def test_each_suite_target_and_way_to_ask_has_its_own_batches(store, ledger):
    other = replace(TARGET, settings={"parameters": {"temperature": 0}})
    begin(store, "s2", suite="t")
    begin(store, "s3", target=other)
    ledger.note(batch())
    store.batches("t", "app", TARGET.fingerprint).note(batch("k2", session="s2"))
    store.batches("s", "app", other.fingerprint).note(batch("k3", session="s3"))
    assert [each.key for each in ledger.open()] == ["k1"]
    assert ledger.elsewhere() == 1
    assert ledger.sessions() == {"s1"}


def test_the_sessions_of_batches_are_known_after_they_are_closed(ledger):
    ledger.note(batch())
    ledger.close("k1", at=NOON)
    assert ledger.sessions() == {"s1"}


def test_ten_thousand_requests_are_noted_and_read_back(ledger):
    noted = batch("k1", *(("p", "fp", sample) for sample in range(10_000)))
    ledger.note(noted)
    assert ledger.open() == [noted]
