import pytest

from rebaseline.errors import ConfigurationError
from rebaseline.template import has_template, names_in, render


def test_strings_are_rendered_wherever_they_stand():
    value = {"a": ["{{ x }}!", 1], "b": {"{{ k }}": "{{ y.z[1] | upper }}"}}
    assert render(value, {"x": "hi", "y": {"z": ["a", "b"]}}) == {"a": ["hi!", 1], "b": {"{{ k }}": "B"}}


def test_what_is_no_text_is_written_as_json_unless_native():
    fields = {"x": [1, "é"], "t": True, "n": None}
    assert render("{{ x }} {{ t }} {{ n }}", fields) == '[1, "é"] true null'
    assert render("{{ x }}", fields, native=True) == [1, "é"]
    assert render(" {{ x[0] }}\n", fields, native=True) == 1
    assert render("{{ x }}!", fields, native=True) == '[1, "é"]!'


def test_fields_are_not_rendered_again_and_statements_are_text():
    assert render("{{ x }}", {"x": "{{ y }}"}) == "{{ y }}"
    assert render("{% if a %}{# b #}{{ x }}\n", {"x": 1}) == "{% if a %}{# b #}1\n"
    assert render('{{ "{{" }} a }}', {}) == "{{ a }}"
    assert render("{% for %}", {}) == "{% for %}"


@pytest.mark.parametrize("native", [False, True])
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ x() }}", "not allowed"),
        ("{{ x + 1 }}", "not allowed"),
        ("{{ x if y }}", "not allowed"),
        ("{{ [1] }}", "not allowed"),
        ("{{ x.__class__ }}", "no attribute"),
        ("{{ x.upper }}", "no attribute"),
        ("{{ x | urlize }}", "unknown filter"),
        ("{{ x", "cannot be read"),
        ("{{ range }}", "unknown field"),
        ("{{ self }}", "reserved"),
        ("{{ y | round }}", "y"),
    ],
)
def test_nothing_else_is_allowed(text, said, native):
    with pytest.raises(ConfigurationError, match=said) as caught:
        render(text, {"x": "a", "y": "b"}, native=native)
    assert caught.value.remedy


def test_an_unknown_name_suggests_the_nearest():
    with pytest.raises(ConfigurationError, match='unknown field "refrence"') as caught:
        render("{{ refrence }}", {"reference": 1})
    assert caught.value.remedy == 'did you mean "reference"?'
    assert render("{{ refrence | default('-') }}", {}) == "-"


def test_names():
    assert names_in("{{ a.b }} {{ c | default(d) }} e") == {"a", "c", "d"}
    assert names_in("a.b") == frozenset()
    assert has_template({"a": [{"b": "{{ c }}"}]})
    assert not has_template({"{{ a }}": [1, "b", None]})
