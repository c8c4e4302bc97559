import json

import pytest

from rebaseline.domain.attempt import ToolCall
from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError
from rebaseline.targets.base import IssuedCall, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.http_request import body_template

HELLO = (UserTurn("hello"),)
TURNS = (UserTurn("a"), ModelTurn("b"), UserTurn("c"))


def filled(template, messages=HELLO, **members):
    return json.loads(body_template(template, "targets.app.request").fill(Request("m", messages, **members)))


def test_unless_given_the_body_is_the_users_message():
    assert filled(None) == {"message": "hello"}


def test_a_lone_template_keeps_its_type_and_one_in_a_text_is_text():
    body = filled(
        {
            "all": "{{ messages }}",
            "deep": [{"n": "{{ sample }}", "said": "{{ probe }}/{{ sample }}"}],
            "top": "{{ parameters.top }}",
            "who": "{{ model }}",
            "fixed": 3,
            "system": "{{ system }}",
        },
        TURNS,
        probe="inv-1",
        sample=4,
        parameters={"top": [1, 2]},
    )
    assert body == {
        "all": [
            {"role": "user", "content": "a"},
            {"role": "assistant", "content": "b"},
            {"role": "user", "content": "c"},
        ],
        "deep": [{"n": 4, "said": "inv-1/4"}],
        "top": [1, 2],
        "who": "m",
        "fixed": 3,
        "system": None,
    }


def test_what_a_user_says_is_never_a_template():
    assert filled(None, (UserTurn("{{ system }} {{ 1"),)) == {"message": "{{ system }} {{ 1"}


def test_a_lone_surrogate_goes_back_as_something_that_can_be_sent():
    assert (
        filled({"m": "{{ messages }}"}, (UserTurn("a"), ModelTurn("\ud83d"), UserTurn("b")))["m"][1]["content"] == "?"
    )


@pytest.mark.parametrize(
    ("request_of", "lost", "name"),
    [
        ({"messages": TURNS}, "all but the last turn", "messages"),
        ({"messages": HELLO, "system": "Be brief."}, "the system prompt", "system"),
        ({"messages": HELLO, "parameters": {"top": 1}}, "the parameter 'top'", "parameters.top"),
    ],
)
def test_what_the_template_does_not_mention_is_not_dropped_in_silence(request_of, lost, name):
    with pytest.raises(ConfigurationError, match=lost) as caught:
        filled(None, **request_of)
    assert f"{{{{ {name} }}}}" in caught.value.remedy
    assert caught.value.where == "targets.app.request"


def test_a_parameter_is_lost_where_only_another_is_read():
    template = {"q": "{{ user }}", "top": "{{ parameters.top | default(3) }}"}
    assert filled(template) == {"q": "hello", "top": 3}
    assert filled(template, parameters={"top": 5})["top"] == 5
    with pytest.raises(ConfigurationError, match="'depth'"):
        filled(template, parameters={"top": 1, "depth": 2})


def test_a_parameter_that_is_a_table_may_be_read_in_parts_but_in_all_of_them():
    template = {"q": "{{ user }}", "k": "{{ parameters.search.k }}", "n": "{{ parameters['search']['n'] }}"}
    assert filled(template, parameters={"search": {"k": 1, "n": 2}}) == {"q": "hello", "k": 1, "n": 2}
    with pytest.raises(ConfigurationError, match="'search'"):
        filled(template, parameters={"search": {"k": 1, "n": 2, "m": 3}})
    assert filled({"q": "{{ user }}", "p": "{{ parameters }}"}, parameters={"a": {"b": 1}})["p"] == {"a": {"b": 1}}


@pytest.mark.parametrize(
    "request_of",
    [
        {"messages": HELLO, "tools": (Tool("add"),)},
        {"messages": (*HELLO, ModelTurn("", (IssuedCall("i", ToolCall("add")),)), ToolResult("i", "3"))},
    ],
)
def test_tools_of_a_probe_are_refused_since_an_application_calls_its_own(request_of):
    with pytest.raises(ConfigurationError, match="an application calls its own"):
        filled({"m": "{{ messages }}"}, **request_of)


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ({"q": "{{ usr }}"}, "names `usr`"),
        ({"q": "fixed"}, "every probe would be asked the same"),
        ({"q": "{{ user"}, "cannot be read"),
        ({"q": "{{ user.__class__() }}"}, "not allowed"),
    ],
)
def test_a_template_that_cannot_work_is_refused_before_anything_is_asked(template, problem):
    with pytest.raises(ConfigurationError, match=problem) as caught:
        body_template(template, "targets.app.request")
    assert caught.value.where == "targets.app.request"
    assert caught.value.remedy


@pytest.mark.parametrize("value", [float("nan"), object()])
def test_what_json_does_not_have_is_refused(value):
    with pytest.raises(ConfigurationError, match="JSON"):
        filled({"q": "{{ user }}", "x": value})
