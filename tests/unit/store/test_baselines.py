import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rebaseline.domain.baseline import AcceptedAssertion, Baseline, Earlier, earlier_of
from rebaseline.domain.form import Form
from rebaseline.domain.model import ModelVersion, Provenance
from rebaseline.domain.reading import Assumption, Valued, Void
from rebaseline.domain.suite import AtLeast, Never, NoWorse
from rebaseline.errors import BaselineError, UsageError
from rebaseline.store.baseline_content import digest_of
from rebaseline.store.baseline_path import safe_name
from rebaseline.store.baselines import (
    baseline_digest,
    baseline_path,
    find_baselines,
    load_baseline,
    save_baseline,
    standing_digest,
)

PASS, FENCED = Valued(1.0), Void(Assumption.FORM, (Form.FENCE,), 1.0)
REQUESTS = {"a": "fp-a", "b": "fp-b"}


def assertion(name, bar, readings, requests=None):
    requests = {probe: REQUESTS[probe] for probe in readings} if requests is None else requests
    return AcceptedAssertion(name, "holds", bar, "check", "rule", readings, requests)


BASELINE = Baseline(
    suite="invoices",
    suite_version=7,
    suite_fingerprint="suite",
    target="app",
    target_fingerprint="target",
    target_identity={"build": "7"},
    model=ModelVersion("p", "alias", "meta/llama:8b"),
    sessions=("s1", "s2"),
    provenance=Provenance("sdk 1", "v1", "0.1"),
    assertions={
        "total": assertion("total", NoWorse(0.1), {"a": (PASS, FENCED, None), "b": (PASS, PASS, PASS)}),
        "bare": assertion("bare", AtLeast(0.9), {"b": (Valued(0.75),)}),
        "leak": assertion("leak", Never(0.05), {"a": (PASS,)}, {"a": "another request", "c": "unread"}),
    },
    forms={"fence": 0.82},
    manner={"words": {"mean": 12.5}, "starts": [["Sure", 0.5]]},
    accepted_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
    accepted_by="Änne",
    reason="reviewed, good",
)


@pytest.fixture
def saved(tmp_path):
    path = baseline_path(tmp_path, "invoices", "app", BASELINE.model.name)
    save_baseline(path, BASELINE, replacing=None)
    return path


def damaged(path, change, match):
    text = path.read_text(encoding="utf-8")
    changed = change(text)
    assert changed != text
    path.write_text(changed, encoding="utf-8", newline="")
    with pytest.raises(BaselineError, match=match) as caught:
        load_baseline(path)
    assert str(path) in caught.value.where
    assert caught.value.remedy
    return caught.value


def test_a_baseline_comes_back_as_it_was(saved):
    assert load_baseline(saved) == BASELINE


def test_its_text_is_made_for_diffs(saved, tmp_path):
    assert saved == tmp_path / "invoices" / "app" / "meta%2Fllama%3A8b.json"
    text = saved.read_text(encoding="utf-8")
    assert '\n        "a": "1f[fence]-",\n        "b": "111"\n' in text
    assert '"bar": {\n        "at_least": 0.9\n      }' in text
    assert text.endswith("}\n")
    assert "Änne" in text
    assert b"\r" not in saved.read_bytes()
    keys = list(json.loads(text))
    assert keys == sorted(keys)


def test_equal_baselines_are_equal_bytes_whatever_the_order(saved):
    before = saved.read_bytes()
    shuffled = replace(
        BASELINE,
        assertions=dict(reversed(BASELINE.assertions.items())),
        accepted_at=BASELINE.accepted_at.astimezone(timezone(timedelta(hours=5))),
    )
    save_baseline(saved, shuffled, replacing=baseline_digest(BASELINE))
    assert saved.read_bytes() == before


def test_one_changed_reading_is_one_changed_line_beside_the_digest(saved):
    before = saved.read_text(encoding="utf-8").splitlines()
    total = replace(BASELINE.assertions["total"], readings={"a": (PASS, PASS, None), "b": (PASS, PASS, PASS)})
    save_baseline(
        saved,
        replace(BASELINE, assertions={**BASELINE.assertions, "total": total}),
        replacing=baseline_digest(BASELINE),
    )
    after = saved.read_text(encoding="utf-8").splitlines()
    changed = [new.split('"')[1] for old, new in zip(before, after, strict=True) if old != new]
    assert changed == ["a", "digest"]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(saved):
    saved.write_bytes(b"\xef\xbb\xbf" + saved.read_bytes().replace(b"\n", b"\r\n"))
    assert load_baseline(saved) == BASELINE


@given(st.text(st.characters(exclude_categories=()), min_size=1, max_size=30))
@example("..")
@example(".hidden")
def test_any_words_come_back(tmp_path_factory, words):
    root = tmp_path_factory.mktemp("any")
    words = json.loads(json.dumps(words))  # two halves of a pair are one character to JSON
    baseline = replace(BASELINE, model=ModelVersion("p", words, words), reason=words, target_identity={words: words})
    path = baseline_path(root, "invoices", "app", words)
    save_baseline(path, baseline, replacing=None)
    assert load_baseline(path) == baseline
    assert find_baselines(root, "invoices", "app") == [path]


@pytest.mark.parametrize(
    ("change", "match"),
    [
        (lambda text: text[: len(text) // 2], "cut short"),
        (lambda text: text[:-3], "cut short"),
        (lambda _: "", "cut short"),
        (lambda text: text.replace('"1f[fence]-"', '"111"'), "edited after it was accepted"),
        (lambda text: text.replace('"at_least": 0.9', '"at_least": 0.8'), "edited after it was accepted"),
        (lambda text: text.replace("Änne", "Anne"), "edited after it was accepted"),
        (lambda text: text.replace("12.5", "NaN"), "NaN is no JSON"),
        (lambda text: text.replace('"format": 3', '"format": 4'), "format 4; .* up to 3"),
        (lambda _: '{"name": "left-pad", "version": "1.0.0"}', "no baseline"),
        (lambda _: "[]", "no baseline"),
        (lambda text: f"<<<<<<< HEAD\n{text}=======\n{text}>>>>>>> theirs\n", "merge conflict"),
        (lambda text: text.replace("\n  }", "\n||||||| base\n  }", 1), "merge conflict"),
    ],
)
def test_damage_of_every_kind_is_named(saved, change, match):
    damaged(saved, change, match)


def test_a_conflict_is_named_with_its_line(saved):
    error = damaged(saved, lambda text: text.replace("\n", "\n=======\n", 1), "merge conflict")
    assert error.where.endswith(":2")


def test_bytes_that_are_no_text_are_named(saved):
    saved.write_bytes(b"{\xff")
    with pytest.raises(BaselineError, match="no UTF-8 text: byte 2"):
        load_baseline(saved)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BaselineError, match="cannot be read"):
        load_baseline(baseline_path(tmp_path, "s", "t", "m"))


@pytest.mark.parametrize(
    "path", ["other/app/meta%2Fllama%3A8b.json", "invoices/x/meta%2Fllama%3A8b.json", "invoices/app/m.json"]
)
def test_a_copy_in_another_place_is_no_acceptance(saved, tmp_path, path):
    copy = tmp_path / path
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.write_bytes(saved.read_bytes())
    with pytest.raises(BaselineError, match="wrong place"):
        load_baseline(copy)
    with pytest.raises(BaselineError, match="wrong place"):
        save_baseline(copy, BASELINE, replacing=baseline_digest(BASELINE))


def test_content_that_fits_its_digest_and_no_baseline_is_refused(saved):
    from rebaseline.store.baseline_content import digest_of  # noqa: PLC0415 - to forge a file

    content = json.loads(saved.read_text(encoding="utf-8"))
    content["assertions"]["bare"]["bar"] = {"at_most": 1}
    saved.write_text(json.dumps({**content, "digest": digest_of(content)}), encoding="utf-8")
    with pytest.raises(BaselineError, match="at_most"):
        load_baseline(saved)


def test_a_baseline_is_replaced_only_by_who_saw_it(saved):
    newer = replace(BASELINE, reason="again")
    for seen in (None, "sha256:0", baseline_digest(newer)):
        with pytest.raises(BaselineError, match="moved meanwhile"):
            save_baseline(saved, newer, replacing=seen)
    assert load_baseline(saved) == BASELINE
    digest = save_baseline(saved, newer, replacing=baseline_digest(BASELINE))
    assert (digest, load_baseline(saved)) == (baseline_digest(newer), newer)


def test_a_baseline_that_is_gone_is_not_replaced(saved):
    saved.unlink()
    with pytest.raises(BaselineError, match="none stands here"):
        save_baseline(saved, BASELINE, replacing=baseline_digest(BASELINE))


def test_a_damaged_baseline_is_not_written_over(saved):
    saved.write_text("{", encoding="utf-8")
    with pytest.raises(BaselineError, match="cut short"):
        save_baseline(saved, BASELINE, replacing=None)
    assert saved.read_text(encoding="utf-8") == "{"


def test_a_write_that_fails_leaves_the_old_file_and_no_rubbish(saved, monkeypatch):
    before = saved.read_bytes()

    def fail(_handle):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(BaselineError, match="No space left"):
        save_baseline(saved, replace(BASELINE, reason="again"), replacing=baseline_digest(BASELINE))
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


def test_baselines_are_found_by_suite_and_target(saved, tmp_path):
    (saved.parent / "notes.txt").touch()
    assert find_baselines(tmp_path, "invoices", "app") == [saved]
    assert find_baselines(tmp_path, "invoices", "other") == []


@pytest.mark.parametrize(
    "name", ["con", "NUL.gguf", "com1", "LPT9.x", "..", ".", "a.", "a/b", "a\\b", "a:b*?", "m" * 400, "ä" * 100]
)
def test_names_are_safe_on_every_system(name):
    safe = safe_name(name)
    assert safe.isascii()
    assert not set(safe) & set('<>:"/\\|?*\0 ')
    assert not safe.endswith(".")
    assert safe.partition(".")[0].lower() not in {"con", "nul", "com1", "lpt9", ""}
    assert len(safe) < 200


@given(st.text(min_size=1), st.text(min_size=1))
def test_names_that_differ_stay_apart(one, other):
    assert (safe_name(one) == safe_name(other)) == (one == other)


def test_a_name_that_is_empty_is_refused(tmp_path):
    with pytest.raises(UsageError, match="empty"):
        baseline_path(tmp_path, "s", "", "m")


RULE = {"check": {"name": "lacks", "argument": ["a"], "tolerant": ["case"]}, "controls": ["1f"], "on": "arm"}


def with_rule(rule):
    total = replace(BASELINE.assertions["total"], rule=rule)
    return replace(BASELINE, assertions={**BASELINE.assertions, "total": total})


def test_a_rule_comes_back_as_it_was(saved):
    save_baseline(saved, with_rule(RULE), replacing=standing_digest(saved))
    assert load_baseline(saved) == with_rule(RULE)


def test_a_file_keeps_what_was_accepted_first_and_the_rule_of_what_it_leaves_out(saved):
    day = BASELINE.accepted_at + timedelta(days=1)
    kept = {name: it for name, it in BASELINE.assertions.items() if name != "bare"}
    second = replace(BASELINE, assertions=kept, earlier=earlier_of(BASELINE, kept), accepted_at=day)
    assert {(it.assertion.id, it.accepted_at) for it in second.earlier} == {
        (name, BASELINE.accepted_at) for name in BASELINE.assertions
    }
    save_baseline(saved, second, replacing=standing_digest(saved))
    assert load_baseline(saved) == second
    written = json.loads(saved.read_text(encoding="utf-8"))["earlier"]
    assert [it["id"] for it in written if "accepted" in it] == ["bare"]  # the others stand there unchanged
    worse = {"total": replace(kept["total"], readings={"a": (Valued(0.0),), "b": (PASS,)}, verdict="failing")}
    third = earlier_of(second, worse)
    assert Earlier(BASELINE.accepted_at, kept["total"]) in third
    assert [it for it in third if it.assertion.id == "total"] == [Earlier(BASELINE.accepted_at, kept["total"])]
    assert third == earlier_of(replace(second, earlier=third, assertions=worse), worse)


def test_a_file_of_the_first_format_is_read_without_its_rules_and_can_be_replaced(saved):
    content = {**json.loads(saved.read_text(encoding="utf-8")), "format": 1}
    saved.write_text(json.dumps({**content, "digest": digest_of(content)}), encoding="utf-8")
    assert load_baseline(saved) == BASELINE
    save_baseline(saved, with_rule(RULE), replacing=standing_digest(saved))
    assert load_baseline(saved) == with_rule(RULE)


@pytest.mark.parametrize(
    "rule",
    [
        *({"check": "lacks"}, {"check": {}}, {"check": {"name": "lacks", "tolerant": [1]}}, {"controls": "abc"}),
        *({"form_claimed": [[]]}, {"consumer": []}, {"consumer": {"fence": 1}}, {"on_refusal": 1}, {"means": 1}),
        *({"alive_if": {}}, {"live": {"floor": True}}, {"live": 1}, {"on": []}),
    ],
)
def test_a_rule_of_another_shape_is_refused_though_its_digest_fits(saved, rule):
    save_baseline(saved, with_rule(rule), replacing=standing_digest(saved))
    with pytest.raises(BaselineError, match="holds something unknown: the rule's"):
        load_baseline(saved)
