"""What an application's target says is looked at when the project is loaded, not when the first call is made."""

import re
from pathlib import Path

import pytest

from rebaseline.domain.model import TargetKind
from rebaseline.errors import SuiteErrors
from rebaseline.load.project import parse_project

DOCUMENT = (Path(__file__).resolve().parents[3] / "docs" / "targets.md").read_text(encoding="utf-8")
HEAD = '[system]\nname = "n"\n\n[targets.t]\n'
HTTP = 'type = "http"\nurl = "https://h/ask"\nread = { reply = "$.a" }\n'


def loaded(text):
    return parse_project(text, root=Path("root"))


@pytest.mark.parametrize(
    ("type_", "kind"),
    [("http", TargetKind.APPLICATION), ("python", TargetKind.APPLICATION), ("replay", TargetKind.MODEL)],
)
def test_the_examples_of_the_document_load(type_, kind):
    section = DOCUMENT.partition(f"\n## `{type_}`\n")[2].partition("\n## ")[0]
    (target,) = loaded(
        '[system]\nname = "n"\n\n' + re.findall(r"```toml\n(.*?)```", section, re.DOTALL)[0]
    ).targets.values()
    assert (target.type, target.kind) == (type_, kind)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        (HTTP.replace("$.a", "answer"), "`answer` is not a JSONPath"),
        (HTTP.replace("$.a", "$.a["), "path '$.a['"),
        (HTTP.replace("$.a", "$.a[?search(@.b, 'x')]"), "function 'search' is not defined"),
        (HTTP + 'identity = { build = "$.[" }\n', "path '$.['"),
        (HTTP + 'request = { q = "{{ usr }}" }\n', "`request` names `usr`"),
        (HTTP + 'request = { q = "fixed" }\n', "every probe would be asked the same"),
        (HTTP + 'request = { q = "{{ user" }\n', "cannot be read"),
        (HTTP.replace("//h", "//me@h"), "the URL holds a user"),
        (HTTP + 'auth = { token_env = "T", header = "X\\nY" }\n', "cannot carry a token"),
        (HTTP + 'auth = { token_env = "T", header = "Host" }\n', "cannot carry a token"),
        (HTTP + 'auth = { token_env = "T", scheme = "Bea rer" }\n', "scheme"),
        ('type = "replay"\nfile = "../june.jsonl"\n', "`../june.jsonl` does not lie in the project"),
        ('type = "replay"\nfile = "/june.jsonl"\n', "`/june.jsonl` does not lie in the project"),
        ('type = "python"\nfunction = "app.py"\n', "does not name a function"),
    ],
)
def test_what_cannot_work_is_named_with_its_line_and_a_remedy(target, said):
    with pytest.raises(SuiteErrors) as caught:
        loaded(HEAD + target)
    (problem,) = caught.value.problems
    assert said in problem.message
    assert problem.line > 4
    assert problem.remedy
