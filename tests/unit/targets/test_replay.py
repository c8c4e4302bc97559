import asyncio
import json
import os
import sys

import pytest

from rebaseline.domain.attempt import Answered, Faulted, Rejected, Stop, ToolCall, Usage
from rebaseline.domain.model import Target, TargetKind
from rebaseline.errors import ConfigurationError
from rebaseline.targets.base import Opening, Request, UserTurn
from rebaseline.targets.replay import open_adapter

LINES = (
    {"probe": "a", "response": "zéro", "stop_reason": "max_tokens", "served_model": "m-6.2", "request_id": "r-1"},
    {"probe": "a", "response": "one", "usage": {"input_tokens": 3, "output_tokens": 4}, "latency_seconds": 0.5},
    {"probe": "b", "sample": 7, "response": "seven", "tool_calls": [{"name": "f", "arguments": {"x": 1}}]},
    {"probe": "c", "response": None, "error": {"status": 400, "message": "no such parameter"}},
    {"probe": "d", "response": None, "error": {"status": 503}},
)


def opened(root, name="june.jsonl"):
    target = Target("june", "replay", TargetKind.MODEL, "june", {"file": name})
    return open_adapter(Opening(target, {}, lambda: 0.0, root))


def written(tmp_path, *lines, name="june.jsonl", between=b"\n"):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(between.join(json.dumps(line).encode() for line in lines))
    return tmp_path


def ask(target, *places):
    async def all_of():
        try:
            return [
                await target.ask(Request("june", (UserTurn("?"),), probe=probe, sample=sample))
                for probe, sample in places
            ]
        finally:
            await target.aclose()

    return asyncio.run(all_of())


@pytest.mark.parametrize("between", [b"\n", b"\r\n", b"\n\n \n"])
def test_replies_are_found_by_probe_and_sample_and_say_what_their_lines_say(tmp_path, between):
    target = opened(written(tmp_path, *LINES, between=between))
    places = [("b", 7), ("a", 1), ("a", 0), ("c", 0), ("d", 0)]
    b7, a1, a0, c0, d0 = (asked.attempt for asked in ask(target, *places))
    assert (a0.reply.text, a0.reply.stop, a0.served_model, a0.request_id) == ("zéro", Stop.CUT, "m-6.2", "r-1")
    assert (a1.reply.text, a1.usage, a1.latency_seconds, a1.served_model) == ("one", Usage(3, 4), 0.5, None)
    assert (b7.reply.text, b7.reply.tool_calls) == ("seven", (ToolCall("f", '{"x": 1}'),))
    assert c0 == Rejected(400, hint="no such parameter")
    assert (d0.kind, d0.status) == ("server", 503)


def test_what_is_replayed_is_final(tmp_path):
    asked = ask(opened(written(tmp_path, *LINES)), ("a", 0), ("d", 0), ("nobody", 0))
    assert [each.final for each in asked] == [True, True, True]


@pytest.mark.parametrize("place", [("a", 2), ("b", 0), ("z", 0)])
def test_what_was_not_recorded_is_a_fault_that_says_so(tmp_path, place):
    (asked,) = ask(opened(written(tmp_path, *LINES)), place)
    probe, sample = place
    hint = f"june.jsonl has no reply for sample {sample} of probe {probe!r}"
    assert asked.attempt == Faulted("unrecorded", hint=hint)


def test_a_byte_order_mark_does_no_harm(tmp_path):
    (tmp_path / "june.jsonl").write_bytes(b"\xef\xbb\xbf" + json.dumps(LINES[0]).encode() + b"\n")
    (asked,) = ask(opened(tmp_path), ("a", 0))
    assert isinstance(asked.attempt, Answered)


def test_lines_that_cannot_be_used_are_named_before_anything_is_replayed(tmp_path):
    (tmp_path / "june.jsonl").write_text(f'{json.dumps(LINES[0])}\n{{"response": "x"}}\nnot json\n', encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"line 2 has no `probe`; line 3 is not one JSON object") as caught:
        opened(tmp_path)
    assert caught.value.where == "june.jsonl"


def test_the_same_sample_twice_is_refused(tmp_path):
    with pytest.raises(ConfigurationError, match="stands on line 1 already"):
        opened(
            written(tmp_path, {"probe": "a", "sample": 0, "response": "x"}, {"probe": "a", "sample": 0, "error": ""})
        )


def test_a_file_that_was_changed_meanwhile_is_not_taken_for_what_it_was(tmp_path):
    target = opened(written(tmp_path, *LINES))
    written(tmp_path, *(line | {"probe": "other"} for line in LINES))
    with pytest.raises(ConfigurationError, match="changed while it was replayed"):
        ask(target, ("a", 1))


def test_memory_does_not_grow_with_the_length_of_the_replies(tmp_path):
    target = opened(written(tmp_path, *({"probe": f"p{n}", "response": "x" * 100_000} for n in range(20))))
    places = target._recording.places
    assert sys.getsizeof(places) + sum(sys.getsizeof(each) for each in places.items()) < 10_000
    assert [len(asked.attempt.reply.text) for asked in ask(target, ("p19", 0), ("p0", 0))] == [100_000, 100_000]


@pytest.mark.parametrize(
    "name", ["", "../june.jsonl", "/etc/hosts", "~/june.jsonl", "C:/june.jsonl", "a\\june.jsonl", "a/../../june.jsonl"]
)
def test_a_file_outside_of_the_project_is_refused(tmp_path, name):
    root = tmp_path / "project"
    root.mkdir()
    written(tmp_path, *LINES)
    with pytest.raises(ConfigurationError, match="not inside the project's folder"):
        opened(root, name)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_project_is_refused(tmp_path):
    root = tmp_path / "project"
    root.mkdir()
    written(tmp_path, *LINES)
    (root / "june.jsonl").symlink_to(tmp_path / "june.jsonl")
    with pytest.raises(ConfigurationError, match="a link out of the project's folder"):
        opened(root)


def test_a_file_in_a_folder_of_the_project_is_found(tmp_path):
    target = opened(written(tmp_path, *LINES, name="logs/june.jsonl"), "logs/june.jsonl")
    assert isinstance(ask(target, ("a", 0))[0].attempt, Answered)


@pytest.mark.parametrize("name", ["none.jsonl", "folder"])
def test_what_is_no_file_is_named(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(ConfigurationError, match="cannot be read") as caught:
        opened(tmp_path, name)
    assert caught.value.where == name


def test_without_a_project_there_is_no_file():
    with pytest.raises(ConfigurationError, match="no project"):
        opened(None)


def test_who_gives_them_again(tmp_path):
    target = opened(written(tmp_path, *LINES))
    asyncio.run(target.aclose())
    assert (target.provider, target.mandatory, target.provenance.sdk) == ("replay", frozenset(), "replay")
