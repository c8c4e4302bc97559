"""Every rule of the grammar, each broken once, found on its own line and nowhere else."""

import pytest

HEAD = "suite: {id: s, version: 1, kind: functional, owner: me}\n"
PROBES = "probes: [{id: p, user: hi, tags: [t]}]\n"
ASSERTIONS = "assertions: [{id: a, claim: c, check: {contains: x}}]\n"


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("id: s, version: 0, kind: functional, owner: me", "`version` is `0`; expected is at least 1"),
        ("id: s, version: 1.5, kind: functional, owner: me", "`version` is `1.5`; expected is a whole number"),
        ("id: s, version: yes, kind: functional, owner: me", "`version` is `yes`; expected is a whole number"),
        ("id: s, version: 1, kind: functonal, owner: me", "did you mean `functional`?"),
        ("id: s, version: 1, kind: functional", "`owner` is missing"),
        ("id: s, version: 1, kind: functional, ownr: me, owner: me", "unknown key `ownr` (did you mean `owner`?)"),
        ("id: s/t, version: 1, kind: functional, owner: me", "`id` is `s/t`"),
        ("id: .., version: 1, kind: functional, owner: me", "`id` is `..`"),
        ("id: s, version: 1, kind: functional, owner: me, layers: [polcy]", "did you mean `policy`?"),
        ("id: s, version: 1, kind: functional, owner: me, layers: model", "expected is a list"),
        ("id: 2024, version: 1, kind: functional, owner: me", "put it in quotes"),
    ],
)
def test_a_broken_header(one_error, header, said):
    assert said in one_error(f"# first\nsuite: {{{header}}} # <-\n{PROBES}{ASSERTIONS}")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("probs: []", "unknown key `probs` (did you mean `probes`?)"),
        ("defaults: {sampels: 2}", "unknown key `sampels` (did you mean `samples`?)"),
        ("defaults: {samples: 0}", "expected is at least 1"),
        ("defaults: {parameters: {api_key: abc}}", "`api_key` looks like a secret"),
        ("defaults: {parameters: {extra_headers: {Authorization: abc}}}", "`Authorization` looks like a secret"),
        ("defaults: {parameters: {model: gpt}}", "the target names the model"),
        ("defaults: {bar: {at_least: 1.0}}", "use `never`"),
        ("consumer: {fense: undone}", "the key `fense` is none of"),
        ("consumer: {fence: undon}", "did you mean `undone`?"),
        ("vars: [a]", "`vars` is a list; expected is a mapping"),
    ],
)
def test_a_broken_section(one_error, line, said):
    assert said in one_error(f"{HEAD}{line} # <-\n{PROBES}{ASSERTIONS}")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{id: q, usr: hi, user: hi}", "unknown key `usr` (did you mean `user`?)"),
        ("{id: q}", "exactly one of `user` or `turns` is needed, here is none of them"),
        ("{id: q, user: a, turns: [{user: b}]}", "here are `user` and `turns`"),
        ("{id: q, user: null}", "exactly one of `user` or `turns` is needed, here is none of them"),
        ("{id: q, turns: [{user: null}]}", "exactly one of `user` or `assistant`"),
        ("{user: a}", "`id` is missing"),
        ("{id: p, user: a}", "the id `p` is taken (first at suite.yaml:3)"),
        ('{id: " q", user: a}', "white space around it"),
        ("{id: q, turns: [{user: a, assistant: b}]}", "exactly one of `user` or `assistant`"),
        ("{id: q, turns: [{user: a}, {assistant: b}]}", "end with a user turn"),
        ("{id: q, turns: []}", "expected is a list or mapping that is not empty"),
        ("{id: q, user: a, tools: [{nam: x, name: x}]}", "unknown key `nam` (did you mean `name`?)"),
        ("{id: q, user: a, tools: [{name: a b}]}", "`name` is `a b`"),
        ("{id: q, user: a, samples: 1001}", "expected is at most 1000"),
        ("{id: q, user: a, parameters: {seed: 1}, samples: 2}", "every sample would be a copy of the first"),
        ("{id: q, user: a, parameters: {password: x}}", "`password` looks like a secret"),
        ("{id: q, user: a, parameters: {n: 2}}", "write `samples`"),
        ("{id: q, user: a, adversarial: maybe}", "expected is true or false"),
        (
            '{id: q, user: "{{ canry }}"}',
            "a template names `canry`, which is no variable or field (did you mean `canary`?)",
        ),
        ('{id: q, user: "{{ canary"}', "cannot be read"),
        ('{id: q, user: "{{ canary.__class__() }}"}', "not allowed"),
        ("{id: q, user: a, parameters: {headers: [{x-api-key: x}]}}", "`x-api-key` looks like a secret"),
        ("{each: none.csv, user: a, adversarial: 3}", "3 is neither true nor false nor a template"),
        ("{each: none.csv, user: a}", "there is no file `none.csv`"),
        ("{each: cases.txt, user: a}", "ends in `.csv` or `.jsonl`"),
        ("{each: ../../etc/passwd.csv, user: a}", "not inside the suite's folder"),
        ("{each: /etc/passwd.csv, user: a}", "not inside the suite's folder"),
        ('{each: "C:\\\\x.csv", user: a}', "not inside the suite's folder"),
        ("just text", "this entry is `just text`, not a mapping"),
    ],
)
def test_a_broken_probe(one_error, entry, said):
    text = f"{HEAD}probes:\n  - {{id: p, user: hi, tags: [t], samples: 2}}\n  - {entry} # <-\n"
    assert said in one_error(f"{text}{ASSERTIONS}vars: {{canary: z}}\ndefaults: {{samples: 2}}\n")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{claim: c, check: {contains: x}}", "`id` is missing"),
        ("{id: b, check: {contains: x}}", "`claim` is missing"),
        ("{id: b, claim: c}", "`check` is missing"),
        ("{id: b, claim: c, check: {}}", "not empty"),
        ("{id: b, claim: c, check: {contans: x}}", "unknown check `contans` (known: contains)"),
        ("{id: b, claim: c, check: {tolerant: [case]}}", "unknown check `tolerant`"),
        ("{id: b, claim: c, check: {contains: x, numbr: 1}}", "unknown option `numbr` (take it out)"),
        ("{id: b, claim: c, check: [x]}", "`check` is a list; expected is a mapping"),
        ("{id: b, claim: c, check: {contains: x}, on: T}", "no probe has the tag `T` (did you mean `t`?)"),
        ("{id: b, claim: c, check: {contains: x}, on: p}", "`p` is the id of a probe, and `on` names a tag"),
        ("{id: b, claim: c, check: {contains: x}, form_claimed: [fense]}", "did you mean `fence`?"),
        ("{id: b, claim: c, check: {contains: x}, means: refuse}", "did you mean `refusal`?"),
        ("{id: b, claim: c, check: {contains: x}, means: {}}", "`means` names no check"),
        ("{id: b, claim: c, check: {contains: x}, means: {contans: y}}", "unknown check `contans`"),
        ("{id: b, claim: c, check: {contains: x}, means: [y]}", "neither `refusal` nor `compliance` nor a check"),
        ("{id: b, claim: c, check: {contains: x}, means: {contains: x}}", "the second reading is the check itself"),
        ('{id: b, claim: c, check: {contains: x}, means: {contains: "{{ canry }}"}}', "asks for `canry`, which probe"),
        ("{id: b, claim: c, check: {contains: x}, on_refusal: viod}", "did you mean `void`?"),
        ("{id: b, claim: c, check: {contains: x}, kind: governence}", "did you mean `governance`?"),
        ("{id: b, claim: c, check: {contains: x}, bar: 0.9}", "`bar` is `0.9`, not a mapping"),
        ("{id: b, claim: c, check: {contains: x}, bar: {at_least: 1}}", "use `never`"),
        ("{id: b, claim: c, check: {contains: x}, bar: {at_least: 0}}", "not strictly between 0 and 1"),
        ("{id: b, claim: c, check: {contains: x}, bar: {at_last: .5}}", "did you mean `at_least`?"),
        ("{id: b, claim: c, check: {contains: x}, bar: {}}", "exactly one of `at_least` or `never` or `no_worse`"),
        ("{id: b, claim: c, check: {contains: x}, bar: {never: {}, no_worse: .1}}", "`never` and `no_worse`"),
        ("{id: b, claim: c, check: {contains: x}, bar: {never: {ceiling: 1.0}}}", "expected is less than 1"),
        ("{id: b, claim: c, check: {contains: x}, bar: {no_worse: 0}}", "expected is greater than 0"),
        ("{id: b, claim: c, check: {contains: x}, bar: nver}", "`bar` is `nver`, not a mapping"),
        ('{id: b, claim: c, check: {contains: "{{ canry }}"}}', "the check asks for `canry`, which probe `p`"),
        ('{id: b, claim: c, check: {contains: "{{ canary"}}', "cannot be read"),
        (
            "{id: b, claim: c, check: {contains: x}, alive_if: {on: u, check: {contains: x}}}",
            "no probe has the tag `u`",
        ),
        ("{id: b, claim: c, check: {contains: x}, alive_if: {on: t, check: {contans: x}}}", "unknown check `contans`"),
        ("{id: b, claim: c, check: {contains: x}, alive_if: {on: t, check: {contains: x}, rate: 1.0}}", "less than 1"),
        ('{id: b, claim: c, check: {contains: x}, alive_if: {on: t, check: {contains: "{{ no }}"}}}', "asks for `no`"),
        ("{id: b, claim: c, check: {contains: x}, controls: {pases: [x]}}", "did you mean `passes`?"),
        (
            "{id: b, claim: c, check: {contains: x}, controls: {passes: [1]}}",
            "entry 1 of `passes` is `1`, not a mapping",
        ),
        ("{id: b, claim: c, check: {contains: x}, controls: {passes: x}}", "expected is a list"),
        ("{id: b, claim: c, check: {contains: x}, controls: {passes: [{text: x, stop: ct}]}}", "did you mean `cut`?"),
        ('{id: b, claim: c, check: {contains: x}, controls: {passes: ["{{ canry }}"]}}', 'unknown field "canry"'),
        (
            "{id: b, claim: c, check: {contains: x}, controls: {live: {on: u, expected: fails}}}",
            "no probe has the tag `u`",
        ),
        ("{id: b, claim: c, check: {contains: x}, controls: {live: {expected: voids}}}", "`passes` or `fails`"),
        ("{id: b, claim: c, check: {contains: x}, controls: {live: {floor: 2}}}", "than 1"),
        (
            "{id: b, claim: c, check: {contains: x}, controls: {live: {on: t, passes: t}}}",
            "a live control has `on` and `passes`",
        ),
        ("{id: b, claim: c, check: {contains: x}, controls: {live: {}}}", "a live control has no arm"),
        (
            "{id: b, claim: c, check: {contains: x}, controls: {live: {passes: t, fails: u}}}",
            "no probe has the tag `u`",
        ),
        (
            "{id: b, claim: c, check: {contains: x}, controls: {live: {on: t, expected: fails}}}",
            "probe `p` would be in both arms",
        ),
        (
            "{id: b, claim: c, check: {contains: x}, controls: {live: {passes: t, fails: t}}}",
            "probe `p` would be in both arms",
        ),
        ("{id: a, claim: c, check: {contains: x}}", "the id `a` is taken (first on line 4)"),
        ("3", "this entry is `3`, not a mapping"),
    ],
)
def test_a_broken_assertion(one_error, entry, said):
    text = f"{HEAD}{PROBES}assertions:\n  - {{id: a, claim: c, check: {{contains: x}}}}\n  - {entry} # <-\n"
    assert said in one_error(f"{text}vars: {{canary: z}}\n")


def test_a_control_that_lacks_what_the_check_asks_for(one_error):
    text = f"""{HEAD}probes: [{{id: p, user: hi, fields: {{total: 4}}}}]
assertions:
  - id: a
    claim: c
    check: {{contains: "{{{{ total }}}}"}}
    controls:
      passes:
        - {{text: "4", given: {{total: 4}}}}
        - "4"  # <-
"""
    assert "the check asks for `total`, which this control is not given" in one_error(text)


@pytest.mark.parametrize("section", ["probes", "assertions"])
@pytest.mark.parametrize(
    ("content", "said"), [("", "missing"), ("{}: []", "empty"), ("{}:", "empty"), ("{}: x", "not a list")]
)
def test_an_empty_suite(errors_of, section, content, said):
    other = ASSERTIONS if section == "probes" else PROBES
    (problem,) = errors_of(f"{HEAD}{other}{content.format(section)}\n")
    assert f"`{section}` is {said}" in problem.message


def test_every_problem_is_found_at_once(errors_of):
    text = """suite: {id: s, version: 0, kind: functional, owner: me}
vars: {canary: z}
probes:
  - {id: p, user: "{{ cnary }}", tags: [attack]}
  - {id: q, usr: x}
assertions:
  - id: a
    on: atack
    check: {lack: x}
  - {id: a, claim: c, check: {contains: "{{ canary }}"}, bar: {at_least: 1}}
"""
    found = {(problem.line, problem.message.partition(" (")[0]) for problem in errors_of(text)}
    assert {line for line, _ in found} == {1, 4, 5, 7, 8, 9, 10}
    assert len(found) == 8  # line 10 repeats an id and has a bar of 1


def test_problems_come_in_the_order_of_lines(errors_of):
    lines = [problem.line for problem in errors_of("suite: {id: 1}\nprobes: [{id: 1}]\nassertions: [{id: 1}]\n")]
    assert lines == sorted(lines)
    assert set(lines) == {1, 2, 3}


def test_a_broken_entry_hides_no_unknown_tag_and_invents_none(errors_of):
    text = f"""{HEAD}probes:
  - {{id: p, usr: hi, tags: [seen]}}
  - {{id: q, user: hi, tags: [other]}}
assertions:
  - {{id: a, claim: c, check: {{contains: x}}, on: seen}}
  - {{id: b, claim: c, check: {{contains: x}}, on: sen}}
"""
    messages = [problem.message for problem in errors_of(text) if problem.line > 4]
    assert messages == ["no probe has the tag `sen`"]


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{id: b, claim: c, check: {lacks: x}, on: attack}", "refuses everything would pass"),
        ("{id: b, claim: c, check: {no_tool_call: true}, on: attack}", "refuses everything would pass"),
        ("{id: b, claim: c, check: {not: {contains: x}}, on: attack}", "refuses everything would pass"),
        ("{id: b, claim: c, check: {not: {refuses: true}}, on: attack}", None),
        ("{id: b, claim: c, check: {all_of: [{contains: y}, {lacks: x}]}, on: attack}", None),
        ("{id: b, claim: c, check: {any_of: [{contains: y}, {lacks: x}]}, on: attack}", "would pass"),
        ("{id: b, claim: c, check: {lacks: x}, on: benign}", None),
        ("{id: b, claim: c, check: {contains: x}, on: attack}", None),
        ("{id: b, claim: c, check: {lacks: x}, on: attack, alive_if: {on: benign, check: {contains: y}}}", None),
    ],
)
def test_an_absence_on_adversarial_probes_wants_proof_of_life(load, entry, said):
    loaded = load(
        f"{HEAD}probes:\n  - {{id: p, user: a, tags: [attack], adversarial: true}}\n"
        f"  - {{id: q, user: b, tags: [benign]}}\nassertions:\n  - {entry}\n"
    )
    if said is None:
        assert loaded.problems == ()
    else:
        (problem,) = loaded.problems
        assert (problem.level, problem.line) == ("warning", 6)
        assert said in problem.message


def test_an_arm_with_different_samples_is_warned_of(load):
    loaded = load(f"{HEAD}probes: [{{id: p, user: a, samples: 3}}, {{id: q, user: b, samples: 5}}]\n{ASSERTIONS}")
    (problem,) = loaded.problems
    assert (problem.level, problem.line) == ("warning", 3)
    assert "asked 3 to 5 times" in problem.message


def test_a_seed_without_samples_is_asked_once(load):
    assert load(f"{HEAD}probes: {{id: p, user: a, parameters: {{seed: 1}}}}\n{ASSERTIONS}").suite.probes[0].samples == 1


def test_a_schema_may_describe_a_password(load):
    text = "probes: {id: p, user: a, parameters: {response_format: {properties: {password: {type: string}}}}}\n"
    assert load(f"{HEAD}{text}{ASSERTIONS}").suite.probes[0].parameters["response_format"]


def test_a_template_with_a_default_asks_for_nothing(load):
    loaded = load(f"{HEAD}probes: {{id: p, user: \"{{{{ x | default('none') }}}}\"}}\n{ASSERTIONS}")
    assert loaded.suite.probes[0].turns[0].text == "none"


def test_a_broken_beginning_invents_no_problems_further_on(errors_of):
    text = """suite: {id: s, version: 0, kind: functional, owner: me}
defaults: {samples: 2, tags: [t]}
vars: {canary: z}
probes: [{id: p, user: "{{ canary }}", samples: 2}, {id: q, user: b}]
assertions: [{id: a, claim: c, check: {contains: x}, on: t}]
"""
    assert [problem.line for problem in errors_of(text)] == [1]


def test_a_second_check_needs_its_fields_of_probes_and_of_controls(errors_of):
    entry = '{id: b, claim: c, check: {contains: x}, means: {contains: "{{ k }}"}, controls: {passes: [x]}}'
    problems = errors_of(f"{HEAD}{PROBES}assertions:\n  - {entry}\n")
    assert [problem.message for problem in problems] == [
        "the check asks for `k`, which probe `p` (suite.yaml:2) does not have",
        "the check asks for `k`, which this control is not given",
    ]
