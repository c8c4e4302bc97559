import subprocess
import sys
import types

import jsonschema
import pytest

from rebaseline.checks import LONGEST_REPLY, CheckType, Registry
from rebaseline.domain.attempt import Reply
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import AllOf, AnyOf, Leaf, Look, Polarity
from rebaseline.domain.suite import CheckSpec
from rebaseline.errors import ConfigurationError

REGISTRY = Registry.builtin()
STRICT: frozenset[Form] = frozenset()


def compiled(raw, **fields):
    return REGISTRY.compile(REGISTRY.parse(raw), fields)


@pytest.mark.parametrize(
    ("raw", "problem", "remedy"),
    [
        ({"equalz": 1}, "unknown check `equalz`", 'did you mean "equals"?'),
        ({}, "unknown check", "known"),
        ("equals", "must be a mapping", "contains"),
        ({"lacks": "x", "tolerent": []}, "unknown option `tolerent`", 'did you mean "tolerant"?'),
        ({"lacks": "x", "tolerant": ["cas"]}, "unknown form `cas`", 'did you mean "case"?'),
        ({"equals": "a", "lacks": "b"}, "one name", "all_of"),
        ({"equals": ""}, "not blank", "empty"),
        ({"equals": [1]}, "needs a text", "one text"),
        ({"one_of": "a"}, "needs a list", "equals"),
        ({"contains": ["a", " "]}, "not blank", "every reply"),
        ({"matches": "(?=a)"}, "pattern", "look-ahead"),
        ({"matches": r"(a)\1"}, "pattern", "back-references"),
        ({"matches": "a(b"}, "pattern", "re2"),
        ({"matches": "a", "full": "yes"}, "true or false", "full"),
        ({"choice": ["A"]}, "two options", "choice"),
        ({"choice": ["A", "B"], "equals": "D"}, "one of A, B", "correct"),
        ({"number": "x"}, "needs a number", "number"),
        ({"number": 1, "abs": -1}, "from 0 up", "abs"),
        ({"number": 1, "last": True, "within": r"\boxed"}, "only one of", "leave"),
        ({"number": 1, "within": "boxed"}, "LaTeX command", "boxed"),
        ({"number": 1, "pattern": "a"}, "one group", "total"),
        ({"yes_no": "maybe"}, "needs yes or no", "yes_no"),
        ({"json_path": "$["}, "path", "RFC 9535"),
        ({"json_path": "$.a", "equals": 1, "number": 1}, "only one of", "leave"),
        ({"json_path": "$.a", "abs": 1}, "beside `number`", "number"),
        ({"json_schema": {"type": "objekt"}}, "schema is wrong", "correct"),
        ({"json_schema": {"$ref": "https://example.org/a.json"}}, "leads nowhere", "not followed"),
        ({"json_schema": {"pattern": "(?!a)"}}, "pattern", "look-ahead"),
        ({"parses": "pyton"}, "python, json", 'did you mean "python"?'),
        ({"parses": "sql", "dialect": "postgress"}, "dialect", 'did you mean "postgres"?'),
        ({"parses": "json", "dialect": "mysql"}, "only beside sql", "leave"),
        ({"refuses": "x"}, "no argument", "not"),
        ({"calls_tool": "x", "arguments": [1]}, "mapping", "arguments"),
        ({"length": {"max_word": 1}}, "no such limit", 'did you mean "max_words"?'),
        ({"length": {"max_words": -1}}, "whole number", "max_words"),
        ({"length": {"min_words": 5, "max_words": 4}}, "above", "places"),
        ({"all_of": []}, "list of checks", "all_of"),
        ({"not": {"equalz": 1}}, "unknown check", "equals"),
        ({"python": "os:getcwd"}, "not opted in", "python = true"),
    ],
)
def test_what_is_wrong_is_said_with_what_to_do(raw, problem, remedy):
    with pytest.raises(ConfigurationError) as caught:
        REGISTRY.parse(raw)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy


def test_the_name_of_a_check_may_be_an_option_of_another():
    assert REGISTRY.parse({"json_path": "$.a", "number": 1}).name == "json_path"
    assert REGISTRY.parse({"choice": ["A", "B"], "equals": "A"}).name == "choice"


def test_equal_checks_have_equal_fingerprints_and_others_not():
    one = REGISTRY.parse({"lacks": "x", "tolerant": ["case", "spacing"]})
    assert one.fingerprint == REGISTRY.parse({"tolerant": ["spacing", "case"], "lacks": "x"}).fingerprint
    others = [
        {"lacks": "x"},
        {"lacks": "x", "tolerant": []},
        {"contains": "x"},
        {"lacks": ["x"]},
        {"not": {"lacks": "x"}},
    ]
    assert len({REGISTRY.parse(raw).fingerprint for raw in others} | {one.fingerprint}) == 6


def test_templates_are_rendered_from_the_row():
    spec = REGISTRY.parse({"json_path": "$.{{ key }}", "one_of": "{{ allowed }}"})
    leaf = REGISTRY.compile(spec, {"key": "s", "allowed": ["a", "b"]})
    assert leaf.instrument.look(Reply('{"s": "b"}'), STRICT).value == 1.0
    with pytest.raises(ConfigurationError, match="unknown field") as caught:
        REGISTRY.compile(spec, {"keys": "s", "allowed": []})
    assert 'did you mean "keys"?' in caught.value.remedy


def test_a_check_without_templates_is_compiled_once():
    spec = REGISTRY.parse({"equals": "x"})
    assert REGISTRY.compile(spec, {}) is REGISTRY.compile(spec, {"a": 1})


def test_a_spec_made_by_hand_compiles():
    leaf = REGISTRY.compile(CheckSpec("equals", "{{ reference }}"), {"reference": "x"})
    assert isinstance(leaf, Leaf)
    with pytest.raises(ConfigurationError, match="unknown check"):
        REGISTRY.compile(CheckSpec("equal", "x"), {})


def test_not_is_pushed_to_the_leaves():
    node = compiled({"not": {"all_of": [{"contains": "a"}, {"any_of": [{"lacks": "b"}, {"not": {"equals": "c"}}]}]}})
    assert isinstance(node, AnyOf)
    assert isinstance(node.parts[1], AllOf)
    assert [leaf.negated for leaf in (node.parts[0], *node.parts[1].parts)] == [True, True, False]
    assert [leaf.polarity for leaf in (node.parts[0], *node.parts[1].parts)] == [
        Polarity.ABSENCE, Polarity.PRESENCE, Polarity.PRESENCE,
    ]  # fmt: skip


def test_a_reply_past_the_limit_is_unreadable_for_every_check():
    look = compiled({"lacks": "x"}).instrument.look(Reply("a" * (LONGEST_REPLY + 1)), STRICT)
    assert look.value is None
    assert compiled({"lacks": "x"}).instrument.look(Reply("a" * LONGEST_REPLY), STRICT).value == 1.0


def test_plug_ins_extend_a_copy_and_cannot_replace():
    def crash(argument, options):
        """Say a word.

        More.
        """

        class Broken:
            polarity, tolerates, judges_refusal = Polarity.PRESENCE, (), False

            def look(self, reply, undo):
                return {"raise": None, "bool": True, "big": Look(2.0), "ok": Look(0.5, "n" * 500)}[argument] or 1 / 0

            def seeded_faults(self, reply):
                raise RuntimeError

        return Broken()

    extended = REGISTRY.extended({"acme": crash})
    assert "acme" not in REGISTRY.types
    for argument, value in (("raise", None), ("bool", None), ("big", None), ("ok", 0.5)):
        leaf = extended.compile(extended.parse({"acme": argument, "anything": 1}), {})
        look = leaf.instrument.look(Reply("x"), STRICT)
        assert look.value == value
        assert 0 < len(look.note) <= 200
        assert leaf.instrument.seeded_faults(Reply("x")) == ()
    with pytest.raises(ConfigurationError, match="exists already"):
        REGISTRY.extended({"equals": crash})
    assert isinstance(extended.types["acme"], CheckType)
    assert extended.types["acme"].summary == "Say a word."


@pytest.fixture
def project_module(monkeypatch):
    module = types.ModuleType("project_checks")
    module.long = lambda text, least=3: len(text) >= least
    module.score = lambda text: 0.25
    module.unreadable = lambda text: None
    module.text = lambda text: "yes"
    module.crash = lambda text: 1 / 0
    module.clean = lambda text: "bad" not in text
    monkeypatch.setitem(sys.modules, "project_checks", module)
    return Registry.builtin(allow_python=True)


@pytest.mark.parametrize(
    ("name", "options", "value"),
    [
        ("long", {}, 1.0),
        ("long", {"with": {"least": 9}}, 0.0),
        ("score", {}, 0.25),
        ("unreadable", {}, None),
        ("text", {}, None),
        ("crash", {}, None),
    ],
)
def test_python_functions_where_the_project_opted_in(project_module, name, options, value):
    spec = project_module.parse({"python": f"project_checks:{name}", **options})
    look = project_module.compile(spec, {}).instrument.look(Reply("text"), STRICT)
    assert look.value == value
    assert look.value is not None or look.note


def test_a_python_function_takes_fields_of_the_row(project_module):
    spec = project_module.parse({"python": "project_checks:long", "with": {"least": "{{ least }}"}})
    assert project_module.compile(spec, {"least": 9}).instrument.look(Reply("text"), STRICT).value == 0.0
    assert project_module.compile(spec, {"least": 2}).instrument.look(Reply("text"), STRICT).value == 1.0
    with pytest.raises(ConfigurationError, match="no such function"):
        project_module.parse({"python": "project_checks:lng", "with": {"least": "{{ least }}"}})
    with pytest.raises(ConfigurationError, match="not opted in"):
        Registry.builtin().parse({"python": "project_checks:long", "with": {"least": "{{ least }}"}})


def test_python_absence_is_read_in_every_candidate(project_module):
    raw = {"python": "project_checks:clean", "polarity": "absence", "tolerant": ["emphasis"]}
    leaf = project_module.compile(project_module.parse(raw), {})
    assert leaf.instrument.look(Reply("b**a**d"), frozenset(leaf.tolerant)).value == 1.0
    assert leaf.instrument.look(Reply("**b**ad is `bad`"), STRICT).value == 0.0


def test_python_names_what_is_missing(project_module):
    with pytest.raises(ConfigurationError, match="no such function"):
        project_module.parse({"python": "project_checks:lng"})
    with pytest.raises(ConfigurationError, match="cannot be imported"):
        project_module.parse({"python": "no_such_module_here:f"})


@pytest.mark.parametrize(
    ("raw", "valid"),
    [
        ({"equals": "x"}, True),
        ({"equals": "x", "tolerant": ["case"]}, True),
        ({"json_path": "$.a", "number": "{{ reference }}"}, True),
        ({"not": {"all_of": [{"lacks": ["a"]}]}}, True),
        ({"length": {"max_words": 3}}, True),
        ({"parses": "{{ language }}"}, True),
        ({"equals": "x", "tolerant": ["cas"]}, False),
        ({"equalz": "x"}, False),
        ({"parses": "pyton"}, False),
    ],
)
def test_the_editor_schema_takes_what_the_registry_takes(raw, valid):

    schema = {"$defs": {"check": REGISTRY.schema()}, "$ref": "#/$defs/check"}
    assert jsonschema.Draft202012Validator(schema).is_valid(raw) is valid


def test_import_is_light():
    heavy = ("jsonschema", "sqlglot", "ruamel.yaml", "re2", "jsonpath_rfc9535", "jinja2")
    code = f"import sys, rebaseline.checks; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("raw", "wrong", "meant"),
    [
        ({"json_paht": "$.x", "number": 1}, "json_paht", "json_path"),
        ({"number": 1, "jsonpath": "$.x"}, "jsonpath", "json_path"),
        ({"choise": ["A", "B"], "equals": "A"}, "choise", "choice"),
    ],
)
def test_a_misspelt_check_beside_an_option_that_is_a_check_is_what_is_wrong(raw, wrong, meant):
    with pytest.raises(ConfigurationError, match=f"unknown check `{wrong}`") as caught:
        Registry.builtin().parse(raw)
    assert caught.value.remedy == f'did you mean "{meant}"?'


def test_a_misspelt_option_is_still_an_option():
    with pytest.raises(ConfigurationError, match="check `number`: unknown option `lst`"):
        Registry.builtin().parse({"number": 1, "lst": True})
