"""What a bundle holds comes back as it was, and a bundle that is not what it should be is named as what it is."""

from __future__ import annotations

import hashlib
import json
import struct
import tempfile
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.bundle import BundleChoice
from rebaseline.domain.model import ModelVersion, Provenance, Target, TargetKind
from rebaseline.domain.record import AttemptRecord, SessionHeader, SessionKind
from rebaseline.errors import StoreError
from rebaseline.store import open_store
from rebaseline.store.bundle_reading import Bounds, open_bundle, read_manifest
from rebaseline.store.bundle_writing import write_bundle

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
APP = Target("app", "recorded", TargetKind.MODEL, "alias", {"stop": ["a"]}, {"build": "7"})
CHOICE = BundleChoice(("s",), "app", ("M1", "M2"))


def begin(store, key, *, suite="s", target=APP, day=0):
    made = Provenance("sdk 1", "v1", "0.1")
    store.begin_session(SessionHeader(key, SessionKind.RUN, suite, 1, "suite-fp", target, made, NOON + timedelta(day)))


def record(attempt, *, probe="p", sample=0, served="M1", session="one", at=NOON, fingerprint="fp"):
    served = served if isinstance(attempt, Answered) else "alias"
    return AttemptRecord(probe, fingerprint, sample, ModelVersion("v", "alias", served), attempt, at, session)


def write(store, path, choice=CHOICE):
    return write_bundle(path, store, choice, tool="rebaseline", made_at=NOON.isoformat(), replace=True)


def everything(store):
    """All that a store answers of the models of the choice."""
    held = [each for each in store.holdings() if each.model.served in CHOICE.models]
    read = [
        [*store.attempts(each.suite, each.target, each.model.served, target_fingerprint=each.target_fingerprint)]
        for each in held
    ]
    left = [store.left_out(each.suite, each.target, each.model.served, probe_fingerprints={}) for each in held]
    return held, read, left


texts = st.text(st.characters(exclude_categories=()), max_size=8)
maybe = st.none() | texts
tokens = st.none() | st.integers(0, 2**40)
attempts = st.one_of(
    st.builds(
        Answered,
        st.builds(
            Reply,
            texts,
            st.sampled_from(Stop),
            maybe,
            st.lists(st.builds(ToolCall, texts, texts), max_size=2).map(tuple),
        ),
        maybe,
        maybe,
        st.builds(Usage, tokens, tokens),
        st.none() | st.floats(0, 1e6),
        maybe,
        st.lists(texts, max_size=2).map(tuple),
        st.lists(texts, max_size=2).map(tuple),
        maybe,
    ),
    st.builds(Rejected, st.none() | st.integers(0, 999), maybe, texts),
    st.builds(Faulted, texts, st.none() | st.integers(0, 999), texts),
)
records = st.builds(
    record,
    attempts,
    probe=st.sampled_from(["p", "q\0\ud800"]),
    sample=st.integers(0, 2),
    served=st.sampled_from(["M1", "M2", "M3"]),
    session=st.sampled_from(["one", "two", "judged"]),
    at=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
    fingerprint=st.sampled_from(["fp", "older"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(records, max_size=25), st.integers(-1, 4))
def test_a_store_made_of_a_bundle_answers_as_its_source_does(stored, purged_before):
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        with open_store("sqlite:///source.db", root=root) as source:
            begin(source, "one")
            begin(source, "two", day=1)
            begin(source, "judged", suite="s/judge/j", target=Target("judges", "recorded", TargetKind.MODEL, "alias"))
            source.record(stored)
            source.purge(before=NOON + timedelta(hours=purged_before), at=NOON)
            write(source, root / "first")
            with open_bundle(root / "first", root) as copy:
                assert everything(copy) == everything(source)
                write(copy, root / "second")
        assert (root / "first").read_bytes() == (root / "second").read_bytes()


@pytest.fixture
def bundle(tmp_path):
    with open_store("sqlite:///source.db", root=tmp_path) as source:
        begin(source, "one")
        source.record([record(Answered(Reply(f"said {n}", Stop.COMPLETE)), sample=n) for n in range(3)])
        write(source, tmp_path / "it.bundle")
    return tmp_path / "it.bundle"


def rewritten(path, *, change=None, add=(), drop=(), manifest=None, honest=True, compression=zipfile.ZIP_DEFLATED):
    """Write a bundle anew with other members; with `honest` the manifest is made to fit."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    said = json.loads(members.pop("manifest.json"))
    for name, content in (change or {}).items():
        members[name] = content(members[name])
        if honest:
            said["members"][name] = {
                "sha256": hashlib.sha256(members[name]).hexdigest(),
                "bytes": len(members[name]),
                "lines": members[name].count(b"\n"),
            }
    said |= manifest or {}
    with zipfile.ZipFile(path, "w", compression) as new:
        for name, content in [*members.items(), ("manifest.json", json.dumps(said).encode()), *add]:
            if name not in drop:
                new.writestr(name, content)
    return path


def lines(change):
    """Change the first line of a member of JSON lines."""

    def changed(content):
        first, *rest = content.split(b"\n")
        said = json.loads(first)
        change(said)
        return b"\n".join([json.dumps(said).encode(), *rest])

    return changed


def refused(path, tmp_path, bounds=None):
    folder = tmp_path / "unpacked"
    folder.mkdir()
    before = {each for each in tmp_path.rglob("*") if folder not in each.parents}
    with pytest.raises(StoreError) as caught:
        open_bundle(path, folder, bounds=bounds)
    assert {each for each in tmp_path.rglob("*") if folder not in each.parents} == before, "something was written"
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("name", ["../../evil", "/etc/passwd", "attempts.jsonl/../x", "baselines/s.json"])
def test_a_foreign_member_is_named_and_never_written(bundle, tmp_path, name):
    assert name in refused(rewritten(bundle, add=[(name, b"x")]), tmp_path)


def test_a_member_that_is_missing_is_named(bundle, tmp_path):
    assert "'sessions.jsonl' is missing" in refused(rewritten(bundle, drop=["sessions.jsonl"]), tmp_path)


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_member_that_is_there_twice_is_named(bundle, tmp_path):
    assert "2 times" in refused(rewritten(bundle, add=[("attempts.jsonl", b"{}\n")]), tmp_path)


def test_a_newer_format_is_refused_with_what_to_do(bundle, tmp_path):
    said = refused(rewritten(bundle, manifest={"format": 2}), tmp_path)
    assert "format is 2" in said
    assert "Upgrade" in said


def test_another_kind_of_zip_is_no_bundle(bundle, tmp_path):
    assert "rebaseline bundle" in refused(rewritten(bundle, manifest={"kind": "wheel"}), tmp_path)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.99])
def test_a_bundle_that_was_cut_is_refused(bundle, tmp_path, share):
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[: int(len(whole) * share)])
    assert "cut short" in refused(bundle, tmp_path)


def test_a_reply_that_was_changed_is_found_by_the_digest_of_its_member(bundle, tmp_path):
    said = refused(
        rewritten(bundle, change={"attempts.jsonl": lambda old: old.replace(b"T12", b"T11")}, honest=False), tmp_path
    )
    assert "SHA-256" in said


def test_a_reply_that_was_changed_is_found_by_its_own_digest(bundle, tmp_path):
    said = refused(
        rewritten(bundle, change={"attempts.jsonl": lambda old: old.replace(b"said 1", b"sold 1")}), tmp_path
    )
    assert "attempts.jsonl:2" in said
    assert "do not match its digest" in said


@pytest.mark.parametrize(
    ("member", "change", "words"),
    [
        ("attempts.jsonl", {"session": 2}, "`session`"),
        ("attempts.jsonl", {"session": True}, "`session`"),
        ("attempts.jsonl", {"model": 0}, "`model`"),
        ("attempts.jsonl", {"sample": -1}, "`sample`"),
        ("attempts.jsonl", {"sample": 2**63}, "`sample`"),
        ("attempts.jsonl", {"text": 7}, "`text`"),
        ("attempts.jsonl", {"text": None}, "`text`"),
        ("attempts.jsonl", {"outcome": "guessed"}, "`outcome`"),
        ("attempts.jsonl", {"outcome": "faulted"}, "does not say why"),
        ("attempts.jsonl", {"stop": "whim"}, "`stop`"),
        ("attempts.jsonl", {"digest": None}, "`digest`"),
        ("attempts.jsonl", {"received_at": "2026-11-22T12:00:00"}, "`received_at`"),
        ("attempts.jsonl", {"received_at": "noon"}, "`received_at`"),
        ("attempts.jsonl", {"tool_calls": '[["f"]]'}, "`tool_calls`"),
        ("attempts.jsonl", {"tool_calls": "["}, "`tool_calls`"),
        ("attempts.jsonl", {"novelty": "{}"}, "`novelty`"),
        ("attempts.jsonl", {"latency_seconds": 10**400}, "`latency_seconds`"),
        ("attempts.jsonl", {"latency_seconds": "1"}, "`latency_seconds`"),
        ("attempts.jsonl", {"redacted": 1}, "`redacted`"),
        ("attempts.jsonl", {"purged_at": "2026-11-22T12:00:00+00:00"}, "purged"),
        ("attempts.jsonl", {"secret": "x"}, "'secret'"),
        ("sessions.jsonl", {"met": [[2, True]]}, "`met`"),
        ("sessions.jsonl", {"met": [1]}, "`met`"),
        ("sessions.jsonl", {"kind": "dream"}, "`kind`"),
        ("sessions.jsonl", {"target": []}, "`target`"),
        ("sessions.jsonl", {"started_at": None}, "`started_at`"),
        ("models.jsonl", {"served": 1}, "`served`"),
    ],
)
def test_a_line_that_the_store_would_not_have_written_is_named(bundle, tmp_path, member, change, words):
    said = refused(rewritten(bundle, change={member: lines(lambda line: line.update(change))}), tmp_path)
    assert f"{member}:1" in said
    assert words in said


@pytest.mark.parametrize("member", ["models.jsonl", "sessions.jsonl", "attempts.jsonl"])
def test_a_line_that_is_there_twice_is_refused(bundle, tmp_path, member):
    refused(rewritten(bundle, change={member: lambda old: old + old.split(b"\n")[0] + b"\n"}), tmp_path)


@pytest.mark.parametrize(
    "line", [b"[" * 100_000, b"no json", b"[]", b'{"a": NaN}', b"\xff\xfe", b'{"sample": 1' + b"0" * 5000 + b"}"]
)
def test_a_line_that_is_no_object_is_refused(bundle, tmp_path, line):
    said = refused(rewritten(bundle, change={"attempts.jsonl": lambda _: line + b"\n"}), tmp_path)
    assert "attempts.jsonl:1" in said


def test_more_lines_than_the_manifest_says_are_not_read(bundle, tmp_path):
    with zipfile.ZipFile(bundle) as old:
        members = json.loads(old.read("manifest.json"))["members"]
    members["attempts.jsonl"]["lines"] = 1
    assert "ends before it" in refused(rewritten(bundle, manifest={"members": members}), tmp_path)


def test_what_would_fill_the_disk_is_refused_by_what_it_declares(bundle, tmp_path):
    big = {"attempts.jsonl": lambda old: old + b" " * 3_000_000}
    said = refused(rewritten(bundle, change=big), tmp_path, Bounds(freely=10_000, growth=20))
    assert "bytes when unpacked" in said


def test_a_line_without_end_is_not_read_to_its_end(bundle, tmp_path):
    big = {"attempts.jsonl": lambda old: old + b" " * 3_000_000}
    assert "longer than 1,000,000 bytes" in refused(rewritten(bundle, change=big), tmp_path, Bounds(line=1_000_000))


def test_a_member_that_holds_more_than_it_declares_is_refused(bundle, tmp_path):
    """A bomb whose directory lies: the declared size is that of the real file, the stream goes on."""
    rewritten(bundle, change={"models.jsonl": lambda old: old + b" " * 500_000 + b"\n"})
    with zipfile.ZipFile(bundle) as whole:
        size = whole.getinfo("models.jsonl").file_size
        said = json.loads(whole.read("manifest.json"))["members"]
    said["models.jsonl"]["bytes"] = 60
    rewritten(bundle, manifest={"members": said})
    bundle.write_bytes(bundle.read_bytes().replace(struct.pack("<L", size), struct.pack("<L", 60)))
    refused(bundle, tmp_path)


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_packing_that_we_do_not_use_is_refused(bundle, tmp_path, compression):
    assert "not by deflate" in refused(rewritten(bundle, compression=compression), tmp_path)


def test_an_encrypted_member_is_refused(bundle, tmp_path):
    whole = bytearray(bundle.read_bytes())
    at = whole.index(b"PK\x01\x02") + 8
    whole[at] |= 1
    bundle.write_bytes(whole)
    assert "encrypted" in refused(bundle, tmp_path)


def test_every_bit_that_turns_is_noticed_or_changes_nothing(bundle, tmp_path):
    """A bundle with one byte wrong gives the same answers or is refused in words: no crash, no other answer."""
    whole = bundle.read_bytes()
    with open_bundle(bundle, tmp_path) as store:
        expected = everything(store)
    for at in range(0, len(whole), 7):
        bundle.write_bytes(whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1 :])
        with tempfile.TemporaryDirectory() as folder:
            try:
                with open_bundle(bundle, Path(folder)) as store:
                    assert everything(store) == expected, at
            except StoreError:
                pass


def test_a_store_of_a_bundle_cannot_be_written(bundle, tmp_path):
    with open_bundle(bundle, tmp_path) as store, pytest.raises(StoreError, match="nothing can be stored"):
        begin(store, "two")


def test_only_its_owner_may_read_a_bundle(bundle):
    assert bundle.stat().st_mode & 0o077 == 0


def test_the_manifest_can_be_read_alone(bundle):
    manifest = read_manifest(bundle)
    assert (manifest.replies, manifest.choice) == (3, CHOICE)
