"""A review at a real terminal, key by key: what is shown, what is kept, and what is written in the end."""

import json
import re
import sys

import pytest
from tests.support.project import HOSTILE, NEW, OLD, SUITE, assert_printable, replies_of

if sys.platform == "win32":
    pytest.skip("there are no pseudo-terminals", allow_module_level=True)

from tests.support.terminal import Terminal, plain

FENCED = '```json\n{{"total": {0}}}\n```'
MORE = """
  - id: total-at-times
    claim: The total is right at times.
    check: {json_path: $.total, number: "{{ reference }}"}
    bar: {at_least: 0.5}   # low on purpose
    controls: {passes: ['{"total": 42}'], fails: ['{"total": 41}'], given: {reference: 42}}
  - id: bare-json
    claim: Nothing surrounds the JSON.
    check: {parses: json}
    form_claimed: [fence]
    bar: {at_least: 0.9}
    controls: {passes: ['{"total": 42}'], fails: ["total 41"]}
"""
FAILING, FIRST, SECOND = "invoices/bare-json", "invoices/total-right", "invoices/total-at-times"
SUITE_FILE = "probes/invoices/suite.yaml"
CONTROL = re.compile("\x1b(?!\\[[0127]m)|[\x00-\x09\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\r(?!\n)")


@pytest.fixture
def fenced(project):
    """The new version puts every total in a fence: one assertion fails by that, two cannot be read any more."""
    project.suite(SUITE + MORE)
    project.bring(OLD, replies_of())
    project.bring(NEW, replies_of(FENCED))
    return project


def at(project, *more, **given):
    return Terminal(project.root, "review", "--as", "Ada Ruiz", *more, **given)


def kept(project):
    """Return the decisions that are kept and not written, by name."""
    found = {}
    for path in project.root.glob(".rebaseline/review/*.json"):
        for taken in json.loads(path.read_text())["taken"]:
            decision = taken["decision"]
            found[f"{decision['suite']}/{decision['assertion']}"] = decision["action"]
    return found


def files_of(project):
    """Return every file of the project that a review could write: all but what is under .rebaseline."""
    return {
        path.relative_to(project.root).as_posix(): path.read_bytes()
        for path in project.root.rglob("*")
        if path.is_file() and ".rebaseline" not in path.parts
    }


def entries_of(project):
    return [json.loads(path.read_text()) for path in project.root.glob("baselines/ledger/**/*.json")]


def waived(terminal, owner="Grace Ito", until="30", reason="the consumer copes until May"):
    terminal.press("v", "who answers for it?")
    terminal.type(owner)
    terminal.wait_for("until which day")
    terminal.type(until)
    terminal.wait_for("why?")
    terminal.type(reason)
    return terminal.wait_for("waive until", "Grace Ito answers for it")


def test_a_review_from_start_to_finish_leaves_a_project_in_which_nothing_needs_a_person(fenced):
    before = files_of(fenced)
    with at(fenced) as terminal:
        shown = terminal.wait_for("q quit")
        assert "1 of 3   invoices/bare-json   FAILING" in shown
        waived(terminal)
        shown = terminal.wait_for("2 of 3", "q quit")
        assert "Does what reads this reply undo a fence?" in shown
        assert "holds, 60 of 60; old model holds, 60 of 60" in " ".join(shown.split())
        shown = terminal.press("a", "all 3 are decided")
        assert FIRST in shown
        assert SECOND in shown
        assert files_of(fenced) == before  # nothing is written yet
        shown = terminal.press("w", "type yes")
        assert "the suite's file, its version raised" in shown
        terminal.type("yes")
        terminal.wait_for("3 written, 0 open")
        assert terminal.ended() == 0
    text = (fenced.root / SUITE_FILE).read_text()
    assert "fence: undone" in text
    assert "# low on purpose" in text
    assert "version: 2" in text
    assert f"baselines/invoices/app/{NEW}.json" in files_of(fenced)
    assert not kept(fenced)
    rows = fenced("diff", "--from", OLD, "--json").document["assertions"]
    verdicts = {f"{row['suite']}/{row['id']}": row["new"]["verdict"]["name"] for row in rows}
    assert verdicts == {FAILING: "failing", FIRST: "holds", SECOND: "holds"}
    with at(fenced, "--from", OLD) as terminal:
        terminal.wait_for("nothing needs a person")
        assert terminal.ended() == 0


def test_the_ledger_keeps_who_decided_what_and_how_long_it_took(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        waived(terminal)
        terminal.wait_for("q quit")
        terminal.press("a", "all 3 are decided")
        terminal.press("w", "type yes")
        terminal.type("yes")
        shown = terminal.wait_for("0 open")
        terminal.ended()
    assert re.search(r"3 written, 0 open; \d+ keys, \d+\.\d minutes", shown)
    items = {name: item for entry in entries_of(fenced) for name, item in entry["items"].items()}
    assert {name: item["action"] for name, item in items.items()} == {
        "bare-json": "waive",
        "total-right": "repair",
        "total-at-times": "repair",
    }
    assert items["bare-json"]["owner"] == "Grace Ito"
    assert items["bare-json"]["review_seconds"] > 0
    assert {entry["actor"]["name"] for entry in entries_of(fenced)} == {"Ada Ruiz"}


def test_neither_enter_nor_a_key_that_stands_for_nothing_decides_or_writes(fenced):
    before = files_of(fenced)
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        for key in ("\r", "\n", "\x1b[A", "\x1b[3~", "k", "Y", "9", "é"):
            shown = terminal.press(key, "? shows the item again")
            assert len(shown.strip().split("\n")) == 1  # a line, and not the whole item anew
        for key in (" ", "?"):
            assert "1 of 3" in terminal.press(key)
        terminal.press("v", "who answers for it?")
        terminal.type("")
        terminal.wait_for("cancelled: nothing decided")
        terminal.press("x", "why does the finding stand?")
        terminal.type("   ")
        terminal.wait_for("cancelled: nothing decided")
        terminal.press("s", "2 of 3", "q quit")
        terminal.press("1", "repair:", "q quit")
        assert list(kept(fenced)) == [FIRST]
        for answer in ("", "y", "no"):
            terminal.press("w", "type yes")
            terminal.type(answer)
            terminal.wait_for("nothing is written")
        terminal.press("q", "decided and kept, not written")
        assert terminal.ended() == 0
    assert files_of(fenced) == before


def test_what_was_decided_last_is_taken_back_one_by_one_even_by_a_later_sitting(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        terminal.press("x", "why does the finding stand?")
        terminal.type("it broke the import")
        terminal.wait_for("2 of 3", "q quit")
        terminal.press("1", "3 of 3", "q quit")
        terminal.press("2", "all 3 are decided")
        assert f"taken back: {SECOND}" in terminal.press("u")
        terminal.press("q", "kept")
        terminal.ended()
    assert list(kept(fenced)) == [FAILING, FIRST]
    with at(fenced) as terminal:
        terminal.wait_for("of an earlier sitting kept", "q quit")
        assert f"taken back: {FIRST}" in terminal.press("u")
        assert f"taken back: {FAILING}" in terminal.press("u")
        terminal.press("u", "there is nothing to undo")
        terminal.press("q", "3 open")
        terminal.ended()
    assert not kept(fenced)


def test_a_group_that_was_taken_together_is_taken_back_together(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        terminal.press("s", "2 of 3", "q quit")
        shown = terminal.press("a")
        assert f"{FIRST}: repair" in shown
        assert f"{SECOND}: repair" in shown
        assert sorted(kept(fenced)) == sorted([FIRST, SECOND])
        shown = terminal.press("u")
        assert f"taken back: {FIRST}" in shown
        assert f"taken back: {SECOND}" in shown
        assert not kept(fenced)


@pytest.mark.parametrize("way", ["quit", "interrupt", "hang up", "kill", "end of input"])
def test_however_it_ends_decisions_are_kept_and_the_next_sitting_goes_on(fenced, way):
    before = files_of(fenced)
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        terminal.press("s", "2 of 3", "q quit")
        terminal.press("1", "3 of 3", "q quit")
        match way:
            case "quit":
                terminal.press("q", "kept")
                assert terminal.ended() == 0
            case "interrupt":
                terminal.interrupt()
                terminal.wait_for("decisions are kept")
                assert terminal.ended() == 130
            case "hang up":
                terminal.hang_up()
            case "kill":
                terminal.kill()
            case _:
                terminal.press("\x04", "kept")
                assert terminal.ended() == 0
    assert kept(fenced) == {FIRST: "repair"}
    assert files_of(fenced) == before
    with at(fenced) as terminal:
        shown = terminal.wait_for("of an earlier sitting", "q quit")
        assert f"3 of 3   {SECOND}" in shown  # where it stopped
        assert "decided, not written: repair" in terminal.press("p")
        terminal.press("w", "type yes")
        terminal.type("yes")
        terminal.wait_for("written:", "q quit")
    assert "fence: undone" in (fenced.root / SUITE_FILE).read_text()


def test_ctrl_c_at_a_question_leaves_it_and_a_second_one_quits(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        terminal.press("s", "2 of 3", "q quit")
        terminal.press("1", "3 of 3", "q quit")
        terminal.press("x", "why does the finding stand? (empty: cancel)")
        terminal.write("half a reas")
        terminal.interrupt()
        terminal.wait_for("cancelled: nothing decided")
        terminal.press("w", "type yes to write this (empty: cancel)")
        terminal.interrupt()
        terminal.wait_for("nothing is written; decisions are kept")
        terminal.interrupt()
        terminal.wait_for("decisions are kept: `rebaseline review` goes on")
        assert terminal.ended() == 130
    assert kept(fenced) == {FIRST: "repair"}


def test_keys_may_be_typed_ahead_and_answers_may_not(fenced):
    before = files_of(fenced)
    with at(fenced) as terminal:
        terminal.write("s11wyes\r")  # all this before the first item is shown
        shown = terminal.wait_for("type yes")
        assert "2 of 3" in shown
        assert sorted(kept(fenced)) == sorted([FIRST, SECOND])
        assert "left out what was typed before the question: 4 characters" in shown
        terminal.type("")
        terminal.wait_for("nothing is written")
    assert files_of(fenced) == before


def test_a_reply_is_not_labelled_by_a_key_that_was_typed_before_it_was_shown(fenced):
    with at(fenced, "--only", FAILING, "--from", OLD) as terminal:
        terminal.wait_for("q quit")
        terminal.press("l", "label 1 of", "q stop")
        terminal.write("ppp")
        shown = terminal.wait_for("label 2 of", "q stop")
        assert "left out what was typed before the question: 2 characters" in shown
        terminal.press("q", "1 label, not settled", "q quit")
        terminal.interrupt()
        terminal.wait_for(f"`rebaseline review --from {OLD} --only {FAILING}` goes on")
    assert labels_of(fenced) == ["pass"]


def test_what_is_pasted_behind_an_answer_is_not_taken_for_keys(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        terminal.press("x", "why does the finding stand?")
        terminal.write("it broke the import\r1sauw\ryes\r")
        shown = terminal.wait_for("2 of 3", "q quit")
        assert "left out what was typed behind that line: 10 characters" in shown
        terminal.press("k", "? shows the item again")
    assert kept(fenced) == {FAILING: "reject"}


def test_a_suite_edited_by_hand_during_the_review_is_named_and_not_overwritten(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        terminal.press("s", "2 of 3", "q quit")
        terminal.press("1", "3 of 3", "q quit")
        edited = (SUITE + MORE).replace(
            "at_least: 0.9}\n    controls: {passes: ['{\"total\": 42}'], fails: ['{",
            "at_least: 0.8}\n    controls: {passes: ['{\"total\": 42}'], fails: ['{",
        )
        assert edited != SUITE + MORE
        fenced.suite(edited)
        before = files_of(fenced)
        terminal.press("w", "type yes")
        terminal.type("yes")
        shown = terminal.wait_for("decisions are kept; nothing is written")
        assert SUITE_FILE in shown
        assert files_of(fenced) == before
        terminal.press("q", "kept")
        terminal.ended()
    with at(fenced) as terminal:
        shown = terminal.wait_for("q quit")
        assert FIRST in shown.split("FAILING")[0]  # what it was decided about is another rule now
        terminal.press("w", "nothing is decided yet")
    assert files_of(fenced) == before


def test_a_baseline_that_came_meanwhile_is_named_and_not_overwritten(fenced):
    with at(fenced, "--from", OLD) as terminal:
        terminal.wait_for("q quit")
        terminal.press("s", "2 of 3", "q quit")
        terminal.press("1", "3 of 3", "q quit")
        fenced.accept(NEW)
        before = files_of(fenced)
        terminal.press("w", "type yes")
        terminal.type("yes")
        shown = terminal.wait_for("decisions are kept; nothing is written")
        assert f"baselines/invoices/app/{NEW}.json" in shown
    assert files_of(fenced) == before


def test_replies_that_came_meanwhile_set_a_decision_aside_by_name(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        terminal.press("s", "2 of 3", "q quit")
        terminal.press("1", "3 of 3", "q quit")
        terminal.press("q", "kept")
        terminal.ended()
    assert fenced.bring(NEW, {probe: [text, f"{text}\n"] for probe, text in replies_of(FENCED).items()}).code == 0
    with at(fenced) as terminal:
        shown = terminal.wait_for("q quit")
        assert f"{FIRST}: what was decided about changed since" in shown
        terminal.press("w", "nothing is decided yet")


def test_a_narrow_screen_has_one_reply_under_the_other_and_a_wide_one_two_columns(fenced):
    with at(fenced, columns=60, environment={"NO_COLOR": "1"}) as terminal:
        shown = terminal.wait_for("q quit")
        assert max(map(len, shown.split("\n"))) <= 60
        assert '  old  {"total": 7}\n' in shown
        assert "  new  [```json]\n" in shown
        terminal.resize(140)
        shown = terminal.press("?")
        assert max(map(len, shown.split("\n"))) <= 140
        (row,) = [line for line in shown.split("\n") if "[```json]" in line]
        assert row.lstrip().startswith('{"total": 7}')


def test_what_differs_is_reversed_in_colour_and_in_brackets_without(fenced):
    with at(fenced) as terminal:
        terminal.wait_for("q quit")
        assert "\x1b[7m```json\x1b[0m" in terminal.text
        assert "[```json]" not in plain(terminal.text)
    for environment in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        with at(fenced, environment=environment) as terminal:
            terminal.wait_for("q quit")
            assert "\x1b" not in terminal.text
            assert "[```json]" in terminal.text


@pytest.mark.parametrize("environment", [{}, {"NO_COLOR": "1"}], ids=["colour", "no colour"])
def test_a_hostile_reply_does_nothing_to_the_terminal(project, environment):
    project.suite(SUITE + MORE)
    project.bring(
        OLD, {probe: f"{HOSTILE[n % len(HOSTILE)]} {text}" for n, (probe, text) in enumerate(replies_of().items())}
    )
    project.bring(
        NEW, {probe: text + HOSTILE[n % len(HOSTILE)] for n, (probe, text) in enumerate(replies_of(FENCED).items())}
    )
    with at(project, "--from", OLD, columns=140, environment=environment) as terminal:
        shown = terminal.wait_for("q quit")
        for _ in range(8):
            shown += terminal.press("m", "#1")
        shown += terminal.press("y", "More: rebaseline explain")
        terminal.press("l", "label 1 of")
        for number in range(2, 9):
            terminal.press("u", f"label {number} of", "q stop")
        terminal.press("q", "q quit")
        assert "evil.example" in terminal.text
        assert_printable(plain(terminal.text))
        found = CONTROL.search(terminal.text)
        assert found is None, repr(terminal.text[found.start() - 40 : found.end() + 40])


@pytest.mark.slow
def test_labels_do_not_say_which_version_answered_and_end_where_the_verdict_is_settled(fenced):
    with at(fenced, "--only", FIRST, environment={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("1 of 1", "q quit")
        shown = terminal.press("l", "label 1 of", "p it meets the claim")
        while "settled by" not in shown:
            assert not re.search(r"model-6\.[12]", shown)
            terminal.write("p")
            shown = terminal.wait_for_one("q stop", "settled by")
        assert "holds" in shown


def labels_of(project):
    path = project.root / "labels/invoices/bare-json.jsonl"
    return [json.loads(line)["label"] for line in path.read_text().splitlines()] if path.exists() else []


def draws_of(project):
    return (project.root / "labels/invoices/draws/bare-json.jsonl").read_text().splitlines()


def test_labels_are_kept_as_they_are_given_the_last_is_taken_back_and_a_begun_draw_goes_on(fenced):
    with at(fenced, "--only", FAILING) as terminal:
        terminal.wait_for("q quit")
        terminal.press("l", "label 1 of", "q stop")
        terminal.press("\r", "this key is no label", "q stop")  # nor is it shown anew
        terminal.press("?", "label 1 of", "q stop")
        terminal.press("p", "label 2 of", "q stop")
        terminal.press("p", "label 3 of", "q stop")
        assert labels_of(fenced) == ["pass"]
        terminal.press("z", "label 2 of", "q stop")
        terminal.press("z", "only the last one can be taken back")
        shown = terminal.press("u", "label 3 of", "q stop")
        reply = [line for line in shown.split("\n") if line.startswith("  | ")]
        terminal.press("q", "q quit")
    assert labels_of(fenced) == ["pass", "unclear"]
    with at(fenced, "--only", FAILING) as terminal:
        terminal.wait_for("q quit")
        shown = terminal.press("l", "label 1 of", "q stop")
        assert [line for line in shown.split("\n") if line.startswith("  | ")] == reply
        terminal.press("f", "label 2 of", "q stop")
        terminal.kill()
    assert len(draws_of(fenced)) == 1


def test_a_failing_assertion_is_settled_by_labels_only_once_they_show_it_by_themselves(fenced):
    with at(fenced, "--only", FAILING, environment={"NO_COLOR": "1"}) as terminal:
        terminal.wait_for("q quit")
        shown, given = terminal.press("l", "label 1 of", "q stop"), 0
        while "settled by" not in shown:
            terminal.write("f" if "```" in shown else "p")
            shown, given = terminal.wait_for_one("q stop", "settled by"), given + 1
        assert given > 1
        assert f"settled by {given} labels: failing" in shown


def test_in_ci_nothing_is_written_even_at_a_terminal(fenced):
    before = files_of(fenced)
    with at(fenced, environment={"CI": "true"}) as terminal:
        shown = terminal.wait_for("CI is set")
        assert terminal.ended() == 2
    assert f"rebaseline waive {FAILING}" in shown
    assert files_of(fenced) == before
    assert not kept(fenced)


def test_without_a_terminal_the_queue_is_printed_with_a_command_for_each_decision(fenced):
    before = files_of(fenced)
    said = fenced("review")
    assert said.code == 2
    assert "there is no terminal to review in" in said.err
    for action in ("waive", "reject"):
        assert f"rebaseline {action} {FAILING}" in said.out
    assert f"rebaseline retire {FAILING}" not in said.out  # nor taken out of use
    assert f"rebaseline retire {FIRST}" in said.out
    assert f"rebaseline accept --assertion {FAILING}" not in said.out  # a failing one is never accepted
    assert f"rebaseline repair {FIRST.split('/', maxsplit=1)[0]} --assertion {FIRST} --apply 1" in said.out
    assert files_of(fenced) == before
