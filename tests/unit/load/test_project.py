"""`rebaseline.toml`, found from below and read as strictly as suites."""

import pytest

from rebaseline.domain.model import SystemStage, TargetKind
from rebaseline.errors import ConfigurationError, SuiteErrors
from rebaseline.load import Policy, load_project, load_suites, parse_project
from rebaseline.load.suites import load_each

FULL = """\
[system]
name = "claims"
stage = "production"
owner = "retail"

[targets.gpt]
type = "openai-compatible"
base_url = "https://llm.internal.example/v1"
model = "gpt-main"
api_key_env = "LLM_KEY"
parameters = { temperature = 0 }
timeout_seconds = 30
concurrency = 4

[targets.old]
type = "recorded"

[run]
reuse_within = "36h"
max_usd = 20
max_calls = 1000
concurrency = 2

[store]
url = "sqlite:///data/results.db"
retention_days = 90

[checks]
python = true

[policy.production]
block = ["failing", "invalid"]
warn = ["inconclusive"]

[paths]
probes = "evals/probes"
"""
LEAST = '[system]\nname = "claims"\n'


def problems_of(text, tmp_path):
    with pytest.raises(SuiteErrors) as caught:
        parse_project(text, root=tmp_path)
    return caught.value.problems


def test_everything(tmp_path):
    project = parse_project(FULL, root=tmp_path)
    assert (project.system.name, project.system.stage, project.system.owner) == (
        "claims",
        SystemStage.PRODUCTION,
        "retail",
    )
    gpt, old = project.targets["gpt"], project.targets["old"]
    assert (gpt.name, gpt.type, gpt.kind, gpt.model) == ("gpt", "openai-compatible", TargetKind.MODEL, "gpt-main")
    assert gpt.settings == {
        "base_url": "https://llm.internal.example/v1",
        "api_key_env": "LLM_KEY",
        "parameters": {"temperature": 0},
    }
    assert (old.type, old.model, old.settings) == ("recorded", "", {})
    assert (project.limits["gpt"].timeout_seconds, project.limits["gpt"].concurrency) == (30, 4)
    run = project.run
    assert (run.reuse_within_seconds, run.max_usd, run.max_calls, run.concurrency) == (129_600, 20, 1000, 2)
    assert project.store.url == f"sqlite:///{(tmp_path / 'data' / 'results.db').as_posix()}"
    assert project.store.retention_days == 90
    assert project.python_checks is True
    assert project.policy == Policy(frozenset({"failing", "invalid"}), frozenset({"inconclusive"}))
    assert project.paths.probes == tmp_path / "evals" / "probes"
    assert project.paths.baselines == tmp_path / "baselines"


def test_defaults(tmp_path):
    project = parse_project(LEAST, root=tmp_path)
    assert (project.system.stage, project.system.owner) == (SystemStage.PROTOTYPE, "")
    assert (dict(project.targets), project.python_checks, project.policy) == ({}, False, Policy())
    assert project.store.url == f"sqlite:///{tmp_path.as_posix()}/.rebaseline/results.db"
    assert (project.store.retention_days, project.run.reuse_within_seconds, project.run.max_usd) == (None, 86_400, None)
    assert [project.paths.probes.name, project.paths.reports.name] == ["probes", "reports"]


def test_how_fast_a_target_is_asked_is_no_part_of_its_fingerprint(tmp_path):
    fast = parse_project(FULL, root=tmp_path).targets["gpt"]
    slow = parse_project(FULL.replace("concurrency = 4", "concurrency = 1").replace("30", "60"), root=tmp_path)
    other = parse_project(FULL.replace("temperature = 0", "temperature = 1"), root=tmp_path)
    assert fast.fingerprint == slow.targets["gpt"].fingerprint
    assert fast.fingerprint != other.targets["gpt"].fingerprint


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("sqlite:///:memory:", True),
        ("sqlite:////var/x.db", True),
        ("sqlite:///C:/x.db", True),
        ("postgresql://host/db", True),
        ("sqlite:///x.db", False),
    ],
)
def test_only_relative_sqlite_paths_are_anchored(tmp_path, url, kept):
    project = parse_project(f'{LEAST}[store]\nurl = "{url}"\n', root=tmp_path)
    assert (project.store.url == url) is kept
    assert kept or project.store.url.endswith(f"{tmp_path.as_posix()}/x.db")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('name = "claims"', 'nam = "x"\nname = "claims"', 2, "unknown key `nam` (did you mean `name`?)"),
        ('stage = "production"', 'stage = "prod"', 3, "did you mean `production`?"),
        ('name = "claims"', "", 1, "`name` is missing"),
        ("[run]", "[rum]", 18, "unknown key `rum` (did you mean `run`?)"),
        ("max_usd = 20", "max_usd = 0", 20, "expected is greater than 0"),
        ("max_usd = 20", 'max_usd = "20"', 20, "expected is a number"),
        ("max_calls = 1000", "max_calls = 1.5", 21, "expected is a whole number"),
        ("concurrency = 2", "concurency = 2", 22, "did you mean `concurrency`?"),
        ('"36h"', '"a day"', 19, "is not a span of time"),
        ('"36h"', "36", 19, "is not a span of time"),
        ('type = "recorded"', 'type = "record"', 16, "no target type `record` (did you mean `recorded`?)"),
        ('type = "recorded"', 'tpye = "recorded"', 15, "the target `old` has no `type`"),
        ('type = "recorded"', 'type = "recorded"\nmodl = "x"', 17, "did you mean `model`?"),
        ('model = "gpt-main"', "", 6, "`model` is missing"),
        ('"https://llm', '"ftp://llm', 8, "not an HTTP address"),
        ('"https://llm', '"https://me:pw@llm', 8, "the URL holds a password"),
        ('"https://llm', '"https://[llm', 8, "this is not a URL"),
        ("[targets.old]", "[targets.'a b']", 15, "a target cannot be named `a b`"),
        ("temperature = 0", "stream = true", 11, "replies are read whole"),
        ("retention_days = 90", "retention_days = 0", 26, "at least 1"),
        ('"sqlite:///data/results.db"', '"results.db"', 25, "not written as it must be"),
        ('"sqlite:///data/results.db"', '"postgresql://u:pw@h/d"', 25, "the URL holds a password"),
        ("python = true", 'python = "yes"', 29, "expected is true or false"),
        ("[policy.production]", "[policy.produktion]", 31, "did you mean `production`?"),
        ('"invalid"]', '"invald"]', 32, "did you mean `invalid`?"),
        ('["inconclusive"]', '["failing"]', 31, "`failing` stands under `block` and under `warn`"),
        ("block =", "blok =", 32, "did you mean `block`?"),
        ('"evals/probes"', '"../probes"', 36, "does not lie in the project"),
        ('"evals/probes"', '"C:/probes"', 36, "does not lie in the project"),
        ('"evals/probes"', "'evals\\probes'", 36, "does not lie in the project"),
    ],
)
def test_a_broken_line(tmp_path, old, new, line, said):
    (problem,) = problems_of(FULL.replace(old, new, 1), tmp_path)
    assert (problem.path, problem.line) == ("rebaseline.toml", line)
    assert said in str(problem)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('api_key = "sk-very-secret"', "api_key"),
        ('apiKey = "sk-very-secret"', "apiKey"),
        ('API-KEY = "sk-very-secret"', "API-KEY"),
        ('token = "sk-very-secret"', "token"),
        ('parameters = { extra_headers = { Authorization = "sk-very-secret" } }', "Authorization"),
        ('extra = [{ password = "sk-very-secret" }]', "password"),
    ],
)
def test_a_literal_secret_is_refused_and_not_repeated(tmp_path, line, name):
    problems = problems_of(f'{LEAST}[targets.a]\ntype = "openai-compatible"\nmodel = "m"\n{line}\n', tmp_path)
    assert f"`{name}` looks like a secret" in problems[0].message
    assert "name an environment variable" in problems[0].remedy
    assert problems[0].line == 6
    assert "sk-very-secret" not in "".join(map(str, problems))


def test_a_key_in_place_of_its_variable_is_not_repeated(tmp_path):
    (problem,) = problems_of(FULL.replace('"LLM_KEY"', '"sk-very-secret"'), tmp_path)
    assert problem.line == 10
    assert "sk-very-secret" not in str(problem)
    assert "never the key itself" in str(problem)


def test_max_tokens_is_no_secret(tmp_path):
    text = FULL.replace("temperature = 0", "max_tokens = 5, max_completion_tokens = 5, logit_bias = {}")
    assert parse_project(text, root=tmp_path).targets["gpt"].settings["parameters"]["max_tokens"] == 5


def test_every_problem_at_once(tmp_path):
    text = (
        FULL.replace('"production"', '"prod"').replace('"recorded"', '"record"').replace("max_usd = 20", "max_usd = 0")
    )
    assert [problem.line for problem in problems_of(text, tmp_path)] == [3, 16, 20]


def test_text_that_is_no_toml(tmp_path):
    (problem,) = problems_of("[system]\nname = \n", tmp_path)
    assert "this is not TOML" in problem.message
    assert "line 2" in problem.message
    assert problems_of("a = " + "[" * 20_000, tmp_path)


def test_the_project_is_found_from_below(tmp_path):
    (tmp_path / "rebaseline.toml").write_text(LEAST, encoding="utf-8")
    (tmp_path / "a" / "b").mkdir(parents=True)
    assert load_project(tmp_path / "a" / "b").root == tmp_path.resolve()
    assert load_project(tmp_path / "rebaseline.toml").root == tmp_path.resolve()


def test_without_a_project_the_remedy_is_said(tmp_path):
    with pytest.raises(ConfigurationError, match="rebaseline init") as caught:
        load_project(tmp_path)
    assert "there is no rebaseline.toml" in caught.value.problem


def test_a_project_file_that_is_binary(tmp_path):
    (tmp_path / "rebaseline.toml").write_bytes(b"\xff")
    with pytest.raises(ConfigurationError, match="not UTF-8"):
        load_project(tmp_path)


SUITE = """suite: {{id: {id}, version: 1, kind: functional, owner: me}}
probes: {{id: p, user: hi}}
assertions: [{{id: a, claim: c, check: {{{check}: x}}}}]
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "probes" / "deep").mkdir(parents=True)
    return parse_project(LEAST, root=tmp_path)


def write_suite(project, name, **words):
    (project.paths.probes / name).write_text(SUITE.format(**{"check": "contains", **words}), encoding="utf-8")


def test_all_suites_of_a_project(project, grammar):
    write_suite(project, "b.yaml", id="two")
    write_suite(project, "deep/a.yml", id="three")
    write_suite(project, "a.yaml", id="one")
    write_suite(project, ".hidden.yaml", id="one")
    (project.paths.probes / "cases.csv").write_text("id\n", encoding="utf-8")
    loaded = load_suites(project, grammar)
    assert [each.suite.id for each in loaded] == ["one", "two", "three"]
    assert [each.suite.where.path for each in loaded] == ["probes/a.yaml", "probes/b.yaml", "probes/deep/a.yml"]


def test_problems_of_all_suites_come_together(project, grammar):
    write_suite(project, "a.yaml", id="one", check="contans")
    write_suite(project, "b.yaml", id="two", check="contans")
    write_suite(project, "c.yaml", id="three")
    with pytest.raises(SuiteErrors) as caught:
        load_suites(project, grammar)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [
        ("probes/a.yaml", 3),
        ("probes/b.yaml", 3),
    ]


def test_sound_suites_come_beside_the_problems_of_broken_ones(project, grammar):
    write_suite(project, "a.yaml", id="one", check="contans")
    write_suite(project, "b.yaml", id="two")
    loaded, problems = load_each(project, grammar)
    assert [each.suite.id for each in loaded] == ["two"]
    assert [(problem.path, problem.line) for problem in problems] == [("probes/a.yaml", 3)]


def test_two_suites_with_one_id_even_in_another_case(project, grammar):
    write_suite(project, "a.yaml", id="one")
    write_suite(project, "b.yaml", id="One")
    with pytest.raises(SuiteErrors) as caught:
        load_suites(project, grammar)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("probes/b.yaml", 1)
    assert "first at probes/a.yaml:1" in problem.message


def test_a_project_without_suites(project, grammar):
    with pytest.raises(SuiteErrors, match="there is no suite in this folder"):
        load_suites(project, grammar)


def test_a_project_without_a_folder_of_probes(tmp_path, grammar):
    with pytest.raises(SuiteErrors, match="there is no suite in this folder"):
        load_suites(parse_project(LEAST, root=tmp_path), grammar)


@pytest.mark.parametrize("tail", ["?api_key=s3cret", "#s3cret"])
def test_an_address_with_a_query_may_hold_a_secret_and_is_not_repeated(tmp_path, tail):
    text = f'[system]\nname = "n"\n\n[targets.t]\ntype = "openai-compatible"\nmodel = "m"\nbase_url = "http://h/v1{tail}"\n'
    with pytest.raises(SuiteErrors) as raised:
        parse_project(text, root=tmp_path)
    assert "query or a fragment" in str(raised.value)
    assert "s3cret" not in str(raised.value)


def test_a_target_may_be_an_application(tmp_path):
    text = '[system]\nname = "n"\n\n[targets.t]\ntype = "recorded"\nkind = "application"\n'
    assert parse_project(text, root=tmp_path).targets["t"].kind is TargetKind.APPLICATION


def test_what_is_demanded_of_the_ledger_is_read(tmp_path):
    text = '[system]\nname = "claims"\n[ledger]\nsigned = true\nsigners = "people/signers"\nseparate_duties = true\n'
    ledger = parse_project(text, root=tmp_path).ledger
    assert (ledger.signed, ledger.signers, ledger.separate_duties) == (True, tmp_path / "people" / "signers", True)
    assert not parse_project('[system]\nname = "claims"\n', root=tmp_path).ledger.signed


def test_signers_outside_the_project_are_refused(tmp_path):
    with pytest.raises(SuiteErrors, match="does not lie in the project"):
        parse_project('[system]\nname = "claims"\n[ledger]\nsigners = "../signers"\n', root=tmp_path)
