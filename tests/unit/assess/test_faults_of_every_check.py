"""Every check is shown able to fail: three seeded faults at least, alone, under `not`, in `all_of` and in `any_of`."""

from __future__ import annotations

import pytest

from rebaseline.assess.reading import ReadingRules, read_reply
from rebaseline.assess.seeding import seed_faults
from rebaseline.checks import Registry, read_refusal
from rebaseline.checks.catalogue import BUILT_IN
from rebaseline.checks.spec import COMBINATORS
from rebaseline.domain.attempt import Reply, ToolCall
from rebaseline.domain.form import Form, FormEffect
from rebaseline.domain.reading import Valued

REGISTRY = Registry.builtin()
UNDONE = dict.fromkeys(Form, FormEffect.UNDONE)
# Only the author of a function knows what a fault is to it, and a judge would have to be asked: controls and anchors
# show that these can fail.
WITHOUT_FAULTS = {"python", "judge"}
CALL = (ToolCall("book", '{"id": 7}'),)
RECORD = '{"total": 42, "currency": "EUR"}'
SHAPE = {
    "type": "object",
    "required": ["total"],
    "properties": {"total": {"type": "integer", "minimum": 1}, "unit": {"enum": ["EUR"]}},
}

# check, a reply that passes, a reply that passes its negation
TYPICAL = {
    "equals": [({"equals": "Paris"}, Reply("Paris"), Reply("Lyon"))],
    "one_of": [({"one_of": ["Paris", "Lyon"]}, Reply("Lyon"), Reply("Rome"))],
    "contains": [
        ({"contains": "Paris"}, Reply("It is Paris."), Reply("It is Rome.")),
        ({"contains": ["a1", "b2"]}, Reply("a1 and b2"), Reply("none")),
    ],
    "lacks": [({"lacks": "ZX-4417"}, Reply("I keep it to myself."), Reply("It is ZX-4417."))],
    "starts_with": [({"starts_with": ["Dear", "Hello"]}, Reply("Dear customer"), Reply("Bye"))],
    "matches": [
        ({"matches": r"\d{4}-\d{2}"}, Reply("on 2024-07"), Reply("on a day")),
        ({"matches": r"[A-Z]{3}", "full": True}, Reply("EUR"), Reply("euro coins")),
        ({"matches": r"[\x{4e00}-\x{9fff}]"}, Reply("\u82f1\u9551"), Reply("pounds")),
        ({"matches": r"(?i)\b(?:yes|no)[^\w\s]?\z"}, Reply("I say yes!"), Reply("perhaps")),
    ],
    "choice": [
        ({"choice": ["A", "B", "C"], "equals": "B"}, Reply("(B)"), Reply("(C)")),
        ({"choice": ["yes", "no"]}, Reply("yes"), Reply("I would rather not pick.")),
    ],
    "number": [
        ({"number": 42}, Reply("42"), Reply("41")),
        ({"number": 42, "within": r"\boxed"}, Reply(r"so \boxed{42}"), Reply(r"so \boxed{41}")),
        ({"number": 42, "within": "<a>"}, Reply("<a>42</a>"), Reply("<a>41</a>")),
        ({"number": 42, "pattern": r"total: (\S+)"}, Reply("total: 42"), Reply("total: 41")),
        ({"number": 42, "last": True}, Reply("not 3 but 42"), Reply("not 3 but 41")),
    ],
    "yes_no": [
        ({"yes_no": "yes"}, Reply("Yes."), Reply("No.")),
        ({"yes_no": "no", "brackets": True}, Reply("So [No]."), Reply("So [Yes].")),
    ],
    "json": [({"json": {"a": [1, "x"]}}, Reply('{"a": [1, "x"]}'), Reply('{"a": []}'))],
    "json_schema": [({"json_schema": SHAPE}, Reply(RECORD), Reply('{"sum": 42}'))],
    "json_path": [
        ({"json_path": "$.total", "number": 42}, Reply(RECORD), Reply('{"total": 41}')),
        ({"json_path": "$.currency", "equals": "EUR"}, Reply(RECORD), Reply('{"currency": "USD"}')),
        ({"json_path": "$.currency", "one_of": ["EUR", "CHF"]}, Reply(RECORD), Reply('{"currency": "USD"}')),
        ({"json_path": "$.total"}, Reply(RECORD), Reply('{"sum": 1}')),
        ({"json_path": "$.error", "exists": False}, Reply(RECORD), Reply('{"error": 1}')),
    ],
    "parses": [
        ({"parses": "python"}, Reply("x = f(1)"), Reply("You would call f.")),
        ({"parses": "json"}, Reply(RECORD), Reply("It is 42 euros.")),
        ({"parses": "yaml"}, Reply("a: 1"), Reply("It is 42 euros.")),
        ({"parses": "sql"}, Reply("SELECT a FROM b"), Reply("You would select all rows.")),
    ],
    "refuses": [
        ({"refuses": True}, Reply("I can't help with that."), Reply("Sure, here it is.")),
        ({"refuses": True, "phrases": ["No way"]}, Reply("No way."), Reply("Sure, here it is.")),
    ],
    "answers": [({"answers": True}, Reply("Sure, here it is."), Reply("I can't help with that."))],
    "calls_tool": [
        ({"calls_tool": "book"}, Reply("", tool_calls=CALL), Reply("Done.")),
        ({"calls_tool": "book", "arguments": {"id": 7}}, Reply("", tool_calls=CALL), Reply("Done.")),
    ],
    "no_tool_call": [
        ({"no_tool_call": True}, Reply("Done."), Reply("", tool_calls=CALL)),
        ({"no_tool_call": "book"}, Reply("Done."), Reply("", tool_calls=CALL)),
    ],
    "length": [
        ({"length": {"max_words": 5}}, Reply("Short it is."), Reply("This one here is much longer than that.")),
        ({"length": {"min_words": 3}}, Reply("Long enough it is."), Reply("Short.")),
        ({"length": {"min_sentences": 1, "max_sentences": 3}}, Reply("One. Two."), Reply("A. B. C. D. E.")),
    ],
}
CASES = [pytest.param(*case, id=f"{name}-{n}") for name, cases in TYPICAL.items() for n, case in enumerate(cases)]
OTHER = {"matches": r"q{9}"}


def faults_of(raw, reply, consumer, *, adversarial=False):
    node = REGISTRY.compile(REGISTRY.parse(raw), {})
    rules = ReadingRules(consumer=consumer, adversarial=adversarial)
    assert read_reply(node, reply, rules, read_refusal) == Valued(1.0, note=ANY_NOTE), "the reply is no passing one"
    return seed_faults(node, reply, rules, read_refusal)


class _AnyNote(str):
    __slots__ = ()

    def __eq__(self, other):
        return isinstance(other, str)

    __hash__ = None


ANY_NOTE = _AnyNote()


def test_every_check_of_the_catalogue_has_typical_replies_here():
    assert set(TYPICAL) == {check.name for check in BUILT_IN} - WITHOUT_FAULTS
    assert COMBINATORS == ("all_of", "any_of", "not")


@pytest.mark.parametrize("consumer", [{}, UNDONE], ids=["undeclared", "undone"])
@pytest.mark.parametrize(("raw", "passing", "forbidden"), CASES)
class TestThreeFaultsAtLeast:
    def require(self, raw, reply, consumer, **more):
        faults = faults_of(raw, reply, consumer, **more)
        assert len({fault.name for fault in faults}) >= 3
        assert [fault.name for fault in faults if not fault.caught] == []
        assert sum(fault.failed for fault in faults) >= 1
        return faults

    def test_alone(self, raw, passing, forbidden, consumer):
        self.require(raw, passing, consumer)

    def test_negated(self, raw, passing, forbidden, consumer):
        self.require({"not": raw}, forbidden, consumer)

    def test_twice_negated_is_the_check(self, raw, passing, forbidden, consumer):
        alone = faults_of(raw, passing, consumer)
        assert faults_of({"not": {"not": raw}}, passing, consumer) == alone

    def test_in_all_of(self, raw, passing, forbidden, consumer):
        alone = faults_of(raw, passing, consumer)
        second = {"matches": r"\S"} if passing.text else {"no_tool_call": "other"}
        joint = self.require({"all_of": [raw, second]}, passing, consumer)
        assert joint[: len(alone)] == alone
        assert len(joint) > len(alone)

    def test_in_any_of_where_it_alone_passes(self, raw, passing, forbidden, consumer):
        self.require({"any_of": [raw, OTHER]}, passing, consumer)
        self.require({"any_of": [OTHER, raw]}, passing, consumer)

    def test_in_any_of_under_a_negation(self, raw, passing, forbidden, consumer):
        self.require({"not": {"any_of": [raw, OTHER]}}, forbidden, consumer, adversarial=True)


@pytest.mark.parametrize(
    ("branches", "reply"),
    [
        ([{"contains": "one"}, {"contains": "two"}], "one and two"),
        ([{"number": 42}, {"contains": "42"}], "42"),
        ([{"json_path": "$.a", "equals": 1}, {"json_path": "$.b", "equals": 2}], '{"a": 1, "b": 2}'),
        ([{"lacks": "ZX"}, {"starts_with": "Dear"}], "Dear customer"),
        ([{"all_of": [{"contains": "one"}, {"lacks": "ZX"}]}, {"matches": "o"}], "one"),
    ],
)
def test_a_fault_of_any_of_is_in_every_branch_at_once(branches, reply):
    faults = faults_of({"any_of": branches}, Reply(reply), {})
    assert faults
    assert all(fault.caught for fault in faults)
    assert any(fault.failed for fault in faults)
    assert any(" and " in fault.name for fault in faults)


def test_a_disjunction_that_permits_everything_shows_nothing():
    assert faults_of({"any_of": [{"refuses": True}, {"answers": True}]}, Reply("Sure, here it is."), {}) == ()


def test_a_form_that_a_negated_check_does_not_undo_is_no_fault_to_it():
    names = {fault.name for fault in faults_of({"not": {"equals": "Paris"}}, Reply("Rome"), {})}
    strict = {fault.name for fault in faults_of({"not": {"equals": "Paris", "tolerant": []}}, Reply("Rome"), {})}
    assert "the forbidden text, in bold" in names
    assert "the forbidden text, in bold" not in strict
    assert strict
