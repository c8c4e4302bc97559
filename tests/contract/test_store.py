"""What every store must do with attempts; so far there is one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.bundle import BundleChoice
from rebaseline.domain.label import reply_digest
from rebaseline.domain.model import ModelVersion, Provenance, Target, TargetKind
from rebaseline.domain.record import AttemptRecord, Recorded, SessionHeader, SessionKind
from rebaseline.errors import StoreError, UsageError
from rebaseline.store import open_store

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
APP = Target("app", "recorded", TargetKind.MODEL, "alias", {"temperature": 0, "stop": ["a", "b"]}, {"build": "7"})
TIMEOUT = Faulted("timeout", 504, "too slow")
REFUSED = Rejected(400, None, "unsupported value")


@pytest.fixture(params=["sqlite"])
def store(request, tmp_path):
    with open_store("sqlite:///results.db", root=tmp_path) as opened:
        yield opened


def header(key, *, suite="s", target=APP, day=0, version=1):
    return SessionHeader(
        key,
        SessionKind.RUN,
        suite,
        version,
        "suite-fp",
        target,
        Provenance("sdk 1", "v1", "0.1"),
        NOON + timedelta(day),
    )


def begin(store, *keys, **options):
    for day, key in enumerate(keys):
        store.begin_session(header(key, day=day, **options))


def answer(text="yes", **fields):
    return Answered(Reply(text, Stop.COMPLETE, "stop"), **fields)


def record(session, probe, sample, attempt, *, served="M1", requested="alias", fingerprint="fp", at=NOON):
    """An attempt; one that is no reply names no model of its own."""
    served = served if isinstance(attempt, Answered) else requested
    return AttemptRecord(probe, fingerprint, sample, ModelVersion("p", requested, served), attempt, at, session)


def seen(store, model="M1", **options):
    return [(r.probe, r.sample, r.attempt) for r in store.attempts("s", "app", model, **options)]


# what comes in comes back


@pytest.mark.parametrize(
    "attempt",
    [
        Answered(
            Reply(
                "text",
                Stop.TOOL,
                "tool_use",
                (ToolCall("f", '{"a": 1}'), ToolCall("g\0\ud800", "\ud83d\ude00 not json")),
            ),
            served_model="M1",
            system_fingerprint="fp_1",
            usage=Usage(3, 5),
            latency_seconds=0.1,
            request_id="req_1",
        ),
        Answered(Reply("")),
        Answered(Reply("x" * 10_000_000)),
        Rejected(422, "temperature", "no\0 \udfff"),
        Rejected(),
        Faulted("connection", None, ""),
    ],
    ids=["full", "bare", "ten megabytes", "rejected", "rejected bare", "faulted"],
)
def test_an_attempt_comes_back_as_it_was(store, attempt):
    begin(store, "s1")
    given_record = record("s1", "p", 0, attempt)
    store.record([given_record])
    model = "M1" if isinstance(attempt, Answered) else "alias"
    assert list(store.attempts("s", "app", model)) == [given_record]


ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)  # lone surrogates and NUL included


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(ANY_TEXT, min_size=1, max_size=5), name=ANY_TEXT.filter(bool))
def test_any_text_comes_back_exactly(store, texts, name):
    key = f"{len(store.sessions())} {name}"  # one store serves all examples
    store.begin_session(header(key, suite=key))
    calls = tuple(ToolCall(text, text) for text in texts)
    records = [
        record(key, name, n, Answered(Reply(text, Stop.UNKNOWN, text, calls), text, text, request_id=text), served=name)
        for n, text in enumerate(texts)
    ]
    store.record(records)
    assert list(store.attempts(key, "app", name)) == records


def test_instants_keep_their_moment_in_any_zone(store):
    begin(store, "s1")
    at = datetime(2026, 3, 29, 2, 30, 0, 123456, tzinfo=timezone(timedelta(hours=-9, minutes=-30)))
    store.record([record("s1", "p", 0, answer(), at=at)])
    (back,) = store.attempts("s", "app", "M1")
    assert back.received_at == at


def test_an_instant_without_zone_is_refused_and_nothing_is_stored(store):
    begin(store, "s1")
    with pytest.raises(UsageError, match="no time zone"):
        store.record([record("s1", "p", 0, answer()), record("s1", "p", 1, answer(), at=NOON.replace(tzinfo=None))])
    assert store.holdings() == []


def test_a_number_beyond_64_bits_is_refused_and_nothing_is_stored(store):
    begin(store, "s1")
    with pytest.raises(UsageError, match="64 bits"):
        store.record([record("s1", "p", 0, answer()), record("s1", "p", 1, answer(usage=Usage(2**63)))])
    assert store.holdings() == []


def test_sessions_come_back_oldest_first(store):
    other = Target("other", "recorded", TargetKind.APPLICATION, "m")
    store.begin_session(header("late", day=5))
    store.begin_session(header("early", day=1))
    store.begin_session(header("elsewhere", day=3, suite="t", target=other))
    assert store.sessions() == [
        header("early", day=1),
        header("elsewhere", day=3, suite="t", target=other),
        header("late", day=5),
    ]
    assert [s.key for s in store.sessions(suite="s")] == ["early", "late"]
    assert [s.key for s in store.sessions(target="other")] == ["elsewhere"]


def test_a_session_may_be_begun_again_but_not_for_something_else(store):
    begin(store, "s1")
    store.begin_session(header("s1", day=9))
    assert store.sessions() == [header("s1")]
    with pytest.raises(StoreError, match="another suite_version"):
        store.begin_session(header("s1", version=2))


def test_an_attempt_of_an_unknown_session_is_refused_with_all_of_its_batch(store):
    begin(store, "s1")
    with pytest.raises(StoreError, match="'lost' was never begun"):
        store.record([record("s1", "p", 0, answer()), record("lost", "p", 0, answer())])
    assert store.holdings() == []


# one attempt a cell


def test_a_reply_is_never_overwritten(store):
    begin(store, "s1", "s2")
    assert store.record([record("s1", "p", 0, answer("first"))]) == Recorded(new=1, replaced=0, known=0)
    again = [
        record("s2", "p", 0, answer("second")),
        record("s2", "p", 1, answer("third")),
        record("s2", "p", 0, TIMEOUT),
    ]
    assert store.record(again) == Recorded(new=2, replaced=0, known=1, differing=1)
    assert seen(store) == [("p", 0, answer("first")), ("p", 1, answer("third"))]


@pytest.mark.parametrize("field", ["suite", "target", "probe", "sample", "fingerprint", "served", "requested"])
def test_each_part_of_the_key_tells_replies_apart(store, field):
    begin(store, "s1")
    base = {"session": "s1", "probe": "p", "sample": 0, "fingerprint": "fp", "served": "M1", "requested": "alias"}
    if field in {"suite", "target"}:
        target = Target("app", "recorded", TargetKind.MODEL, "alias", {"temperature": 1})
        store.begin_session(header("x", **({"suite": "t"} if field == "suite" else {"target": target})))
        change = {"session": "x"}
    else:
        change = {field: 1 if field == "sample" else "other"}
    store.record([record(attempt=answer(), **base)])
    assert store.record([record(attempt=answer(), **{**base, **change})]).new == 1


def test_a_later_attempt_that_says_more_takes_the_place_of_one_that_says_less(store):
    begin(store, "s1", "s2")
    known_culprit = Rejected(400, "temperature", "unsupported value")
    steps = [("s1", TIMEOUT, 0), ("s1", REFUSED, 1), ("s2", known_culprit, 1), ("s2", answer(), 1)]
    for session, attempt, replaced in steps:
        assert store.record([record(session, "p", 0, attempt)]) == Recorded(new=1, replaced=replaced, known=0)
    assert seen(store) == [("p", 0, answer())]
    assert seen(store, "alias") == []


def test_a_weaker_attempt_of_the_same_session_is_left_out(store):
    begin(store, "s1")
    store.record([record("s1", "p", 0, REFUSED)])
    assert store.record([record("s1", "p", 0, TIMEOUT), record("s1", "p", 0, REFUSED)]) == Recorded(0, 0, 2)
    assert seen(store, "alias") == [("p", 0, REFUSED)]


def test_of_one_cell_met_twice_in_one_call_the_attempt_that_says_most_is_kept(store):
    begin(store, "s1")
    assert store.record([record("s1", "p", 0, TIMEOUT), record("s1", "p", 0, REFUSED)]).new == 1
    assert seen(store, "alias") == [("p", 0, REFUSED)]
    twice = [record("s1", "q", 0, answer("first")), record("s1", "q", 0, answer("second"))]
    assert store.record(twice) == Recorded(new=1, replaced=0, known=1, differing=1)
    assert ("q", 0, answer("first")) in seen(store)


def test_the_same_batch_again_in_a_new_session_doubles_nothing(store):
    begin(store, "s1", "s2")
    attempts = [answer(), TIMEOUT, REFUSED]
    store.record([record("s1", "p", n, attempt) for n, attempt in enumerate(attempts)])
    before = seen(store)
    store.record([record("s2", "p", n, attempt) for n, attempt in enumerate(attempts)])
    assert seen(store) == before
    (holding,) = store.holdings()
    assert (holding.answered, holding.rejected, holding.faulted) == (1, 1, 1)


# whose fault is it


def test_a_fault_stands_against_the_model_that_answered_in_its_session(store):
    begin(store, "s1")
    store.record([record("s1", "a", 0, TIMEOUT), record("s1", "b", 0, answer())])
    assert seen(store) == [("a", 0, TIMEOUT), ("b", 0, answer())]
    assert seen(store, "alias") == []


def test_where_nobody_answered_it_stands_against_the_id_that_was_asked_for(store):
    begin(store, "s1")
    store.record([record("s1", "a", 0, REFUSED)])
    assert seen(store, "alias") == [("a", 0, REFUSED)]
    (holding,) = store.holdings()
    assert (holding.model.name, holding.rejected) == ("alias", 1)


def test_a_moved_alias_neither_inherits_nor_erases_the_faults_of_its_past(store):
    begin(store, "old", "new")
    store.record([record("old", "a", 0, answer("old")), record("old", "b", 0, TIMEOUT)])
    store.record([record("new", "a", 0, answer("new"), served="M2"), record("new", "b", 0, answer("new"), served="M2")])
    assert seen(store, "M1") == [("a", 0, answer("old")), ("b", 0, TIMEOUT)]
    assert seen(store, "M2") == [("a", 0, answer("new")), ("b", 0, answer("new"))]


def test_a_fault_before_the_first_reply_of_a_moved_alias_is_kept_for_it(store):
    begin(store, "old", "new")
    store.record([record("old", "a", 0, answer("old")), record("old", "b", 0, TIMEOUT)])
    store.record([record("new", "b", 0, REFUSED)])
    store.record([record("new", "a", 0, answer("new"), served="M2")])
    assert seen(store, "M1") == [("a", 0, answer("old")), ("b", 0, TIMEOUT)]
    assert seen(store, "M2") == [("a", 0, answer("new")), ("b", 0, REFUSED)]


def test_a_session_that_only_met_known_replies_still_tells_who_answered_in_it(store):
    begin(store, "s1", "s2")
    store.record([record("s1", "a", 0, answer())])
    store.record([record("s2", "a", 0, answer()), record("s2", "b", 0, TIMEOUT)])
    assert seen(store) == [("a", 0, answer()), ("b", 0, TIMEOUT)]


def test_a_fault_that_names_its_model_stands_against_that_one_alone(store):
    begin(store, "s1")
    named = AttemptRecord("b", "fp", 0, ModelVersion("p", "alias", "M2"), TIMEOUT, NOON, "s1")
    store.record([record("s1", "a", 0, answer()), named])
    assert seen(store, "M1") == [("a", 0, answer())]
    assert seen(store, "M2") == [("b", 0, TIMEOUT)]


def test_holdings_count_what_the_stream_gives(store):
    begin(store, "old", "new")
    store.record([record("old", "a", n, answer(), at=NOON + timedelta(n)) for n in range(3)])
    store.record([record("old", "b", 0, TIMEOUT), record("old", "b", 1, REFUSED)])
    store.record([record("new", "a", n, answer(), served="M2", at=NOON + timedelta(9)) for n in range(2)])
    store.record([record("new", "a", 2, TIMEOUT, at=NOON + timedelta(10))])
    for holding in store.holdings("s", "app"):
        kinds = [type(attempt).__name__ for _, _, attempt in seen(store, holding.model.name)]
        assert holding.answered == kinds.count("Answered")
        assert holding.rejected == kinds.count("Rejected")
        assert holding.faulted == kinds.count("Faulted")
    assert [(h.model.name, h.first_received_at, h.last_received_at) for h in store.holdings()] == [
        ("M1", NOON, NOON + timedelta(2)),
        ("M2", NOON + timedelta(9), NOON + timedelta(10)),
    ]
    assert store.holdings(suite="none") == store.holdings(target="none") == []


# streams


def test_the_stream_is_ordered_by_probe_and_sample_whatever_the_order_of_arrival(store):
    begin(store, "s1")
    cells = [("b", 10), ("a", 1), ("b", 2), ("a", 0), ("c", 0)]
    store.record([record("s1", probe, sample, answer()) for probe, sample in cells])
    assert [(probe, sample) for probe, sample, _ in seen(store)] == sorted(cells)


def test_only_the_requests_that_are_asked_for_come_and_the_others_are_counted(store):
    begin(store, "s1")
    store.record(
        [record("s1", "a", 0, answer("old"), fingerprint="v1"), record("s1", "a", 0, answer(), fingerprint="v2")]
    )
    store.record([record("s1", "b", 0, answer(), fingerprint="v1"), record("s1", "c", 0, TIMEOUT, fingerprint="v1")])
    wanted = {"a": "v2", "c": "v1"}
    assert seen(store, probe_fingerprints=wanted) == [("a", 0, answer()), ("c", 0, TIMEOUT)]
    assert store.left_out("s", "app", "M1", probe_fingerprints=wanted).stale == 2
    assert len(seen(store)) == 4


def test_two_ways_to_ask_never_mix_and_the_newest_is_the_default(store):
    before, after = (Target("app", "recorded", TargetKind.MODEL, "alias", {"prompt": n}) for n in (1, 2))
    store.begin_session(header("s1", target=before, day=0))
    store.begin_session(header("s2", target=after, day=1))
    store.record([record("s1", "a", n, answer("before")) for n in range(2)] + [record("s2", "a", 0, answer("after"))])
    assert seen(store) == [("a", 0, answer("after"))]
    assert len(seen(store, target_fingerprint=before.fingerprint)) == 2
    assert seen(store, target_fingerprint="unknown") == []
    assert {h.target_fingerprint for h in store.holdings()} == {before.fingerprint, after.fingerprint}


def test_a_way_that_the_model_answered_goes_before_a_newer_one_that_only_asked_for_it(store):
    before, after = (Target("app", "recorded", TargetKind.MODEL, "alias", {"prompt": n}) for n in (1, 2))
    store.begin_session(header("s1", target=before, day=0))
    store.begin_session(header("s2", target=after, day=1))
    store.record([record("s1", "a", 0, answer(), served="alias"), record("s2", "a", 0, TIMEOUT)])
    assert seen(store, "alias") == [("a", 0, answer())]
    assert seen(store, "alias", target_fingerprint=after.fingerprint) == [("a", 0, TIMEOUT)]


def test_an_answer_to_another_id_takes_no_fault_of_this_one(store):
    begin(store, "s1")
    store.record([record("s1", "a", 0, answer(), requested="pinned"), record("s1", "b", 0, TIMEOUT)])
    assert seen(store, "M1") == [("a", 0, answer())]
    assert seen(store, "alias") == [("b", 0, TIMEOUT)]
    assert {(h.model.name, h.answered, h.faulted) for h in store.holdings()} == {("M1", 1, 0), ("alias", 0, 1)}


def test_a_fault_beside_a_reply_of_the_same_cell_is_not_counted(store):
    begin(store, "s1", "s2")
    store.record([record("s1", "a", 0, answer()), record("s1", "b", 0, answer())])
    store.record([record("s2", "b", 0, answer()), record("s2", "a", 0, TIMEOUT)])
    (holding,) = store.holdings()
    assert (holding.answered, holding.faulted) == (2, 0)


def test_a_stream_may_be_left_halfway_and_written_beside(store):
    begin(store, "s1")
    store.record([record("s1", "a", n, answer()) for n in range(1200)])
    stream = store.attempts("s", "app", "M1")
    next(stream)
    store.record([record("s1", "b", 0, answer())])
    assert sum(1 for _ in stream) == 1199
    next(store.attempts("s", "app", "M1"))


def test_nothing_stored_is_an_empty_stream(store):
    assert seen(store) == []
    assert store.attempt("s", "app", "M1", "a", 0) is None
    assert store.done_cells("s", "app", APP.fingerprint, "alias") == set()
    assert store.left_out("s", "app", "M1", probe_fingerprints={}).stale == 0
    assert store.record([]) == Recorded(0, 0, 0)


def test_one_attempt_is_found_by_its_cell(store):
    begin(store, "s1")
    store.record([record("s1", "a", 0, answer("old"), fingerprint="v1")])
    store.record([record("s1", "a", 0, answer("new"), fingerprint="v2", at=NOON + timedelta(1))])
    assert store.attempt("s", "app", "M1", "a", 0).attempt == answer("new")
    assert store.attempt("s", "app", "M1", "a", 0, probe_fingerprint="v1").attempt == answer("old")
    assert store.attempt("s", "app", "M1", "a", 0, probe_fingerprint="v3") is None
    assert store.attempt("s", "app", "M1", "a", 1) is None


# resume


def test_replies_and_rejections_need_no_asking_and_faults_do(store):
    begin(store, "s1")
    store.record([record("s1", "a", 0, answer()), record("s1", "b", 0, REFUSED), record("s1", "c", 0, TIMEOUT)])
    assert store.done_cells("s", "app", APP.fingerprint, "alias") == {("a", "fp", 0), ("b", "fp", 0)}
    assert store.done_cells("s", "app", APP.fingerprint, "another") == set()
    assert store.done_cells("s", "app", "another way", "alias") == set()


def test_what_the_model_before_the_move_answered_is_not_done_for_the_one_after(store):
    begin(store, "old", "new")
    store.record([record("old", "a", 0, answer()), record("old", "b", 0, answer())])
    store.record([record("new", "a", 0, answer(), served="M2")])
    assert store.done_cells("s", "app", APP.fingerprint, "alias", served="M2") == {("a", "fp", 0)}


def test_old_replies_are_not_done(store):
    begin(store, "s1")
    store.record([record("s1", "a", n, answer(), at=NOON + timedelta(n)) for n in range(3)])
    since = NOON + timedelta(1)
    assert store.done_cells("s", "app", APP.fingerprint, "alias", since=since) == {("a", "fp", 1), ("a", "fp", 2)}


# retention


def test_a_purge_takes_the_words_and_makes_room(store):
    begin(store, "s1")
    store.record(
        [record("s1", "a", 0, answer("secret-4417")), record("s1", "b", 0, Rejected(400, None, "secret-4417"))]
    )
    store.record([record("s1", "a", 1, answer("kept"), at=NOON + timedelta(2))])
    assert store.purge(before=NOON + timedelta(1), at=NOON + timedelta(3)) == 2
    assert seen(store) == [("a", 1, answer("kept")), ("b", 0, Rejected(400, None, ""))]
    assert store.left_out("s", "app", "M1", probe_fingerprints={"a": "fp", "b": "fp"}).purged == 1
    assert ("a", "fp", 0) not in store.done_cells("s", "app", APP.fingerprint, "alias")
    assert store.record([record("s1", "a", 0, answer("asked again"))]).new == 1
    assert store.left_out("s", "app", "M1", probe_fingerprints={}).purged == 0
    assert store.purge(before=NOON, at=NOON) == 0


def test_a_purged_reply_keeps_the_digest_by_which_labels_know_it(store):
    begin(store, "s1")
    store.record([record("s1", "a", 0, answer("secret-4417"))])
    store.purge(before=NOON + timedelta(1), at=NOON)
    with store.packed(BundleChoice(("s",), "app", ("M1",))) as packed:
        [(_, _, columns)] = packed.attempts()
    assert columns["digest"] == reply_digest(Reply("secret-4417"))
    assert columns["text"] is None


def test_what_is_redacted_is_stored_so_and_marked_whoever_stores_it(tmp_path):
    def redact(attempt):
        return replace(attempt, reply=Reply("[x]"))

    with open_store("sqlite:///redacting.db", root=tmp_path, redact=redact) as store:
        begin(store, "s1")
        store.record([record("s1", "a", 0, answer("secret-4417"))])
        with store.packed(BundleChoice(("s",), "app", ("M1",))) as packed:
            [(_, _, columns)] = packed.attempts()
    assert (columns["text"], columns["redacted"]) == ("[x]", True)
    assert columns["digest"] == reply_digest(Reply("[x]"))
    assert all(b"secret-4417" not in path.read_bytes() for path in tmp_path.iterdir())


def test_a_log_that_a_reader_holds_is_named_and_emptied_by_the_next_purge(store):
    begin(store, "s1")
    store.record([record("s1", "a", n, answer("secret-4417")) for n in range(3)])
    reading = store.attempts("s", "app", "M1")
    next(reading)
    other = open_store("sqlite:///results.db", root=store.path.parent, wait_seconds=0.05)
    with other, pytest.raises(StoreError, match="still holds them"):
        other.purge(before=NOON + timedelta(1), at=NOON)
    reading.close()
    assert store.purge(before=NOON + timedelta(1), at=NOON) == 0
    assert all(b"secret-4417" not in path.read_bytes() for path in store.path.parent.iterdir())
