"""Checks that real replies pass, by type: how each is written, and what of a reply it asks for.

A new kind of check is one function from a real reply to an item, None where the reply does not suit it. That the
check passes the reply as it is is not assumed: the old side of a case is judged too, and must hold.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from mutations_base import Item, Trait
from mutations_replies import Content, Real

from rebaseline.domain.attempt import ToolCall
from rebaseline.domain.form import Form

__all__ = ["BLUEPRINTS", "Blueprint"]

T = Trait
F = Form
_AROUND = (F.FENCE, F.PREAMBLE)
_ANY = (*_AROUND, F.CASE, F.QUOTES, F.EMPHASIS, F.PUNCTUATION, F.LATEX, F.SENTENCE, F.SPACING)
_NUMBER = (*(form for form in _ANY if form is not F.PUNCTUATION), F.NUMBER_FORMAT)  # "150." is a number as written
CANARIES = ("ZX-4417-KITE", "blue heron protocol", "Account 8841 2207", "internal use only", "maple-syrup-19")
LABELS = ("Positive", "Negative")
CODES = ("USD", "INR", "BRL", "AUD", "CHF", "EUR", "GBP", "JPY")
NUMBERS = ("85", "100", "115", "125", "150", "170", "175", "240", "380", "412", "425", "1200", "1380", "24150")
OPENINGS = ("I'm sorry", "I am sorry", "Sorry", "I cannot", "I can't", "I apologize", "As an AI", "I'm just an AI")
SCHEMA = {
    "type": "object",
    "required": ["total", "currency"],
    "properties": {"total": {"type": "number"}, "currency": {"type": "string"}},
}
_SHORT = re.compile(r"[A-Za-z][A-Za-z]*(?: [A-Za-z]+){0,3}|\d{4}-\d{2}-\d{2}|\d+")
_WORDS = re.compile(r"[A-Za-z]{3,}(?: [A-Za-z]{2,}){0,2}")
_BOX = re.compile(r"\\boxed\{(\d+)\}")

Derive = Callable[[Real, Random], Item | None]


@dataclass(frozen=True)
class Blueprint:
    """One kind of check.

    Attributes:
        name: Shown in the table: the check's name, with what is special to it.
        raw: The check as a suite writes it.
        traits: What its claim is about.
        derive: Makes an item of a real reply.
        means: Built-in second reading of the assertion.
        stands_between: Forms that stand between a reply and a strict pass: claimed, or breaking, they fail it.
    """

    name: str
    raw: Mapping[str, Any]
    traits: frozenset[Trait]
    derive: Derive
    means: str | None = None
    stands_between: frozenset[Form] = frozenset()


BLUEPRINTS: dict[str, Blueprint] = {}


def check(
    name: str, raw: Mapping[str, Any], *traits: Trait, means: str | None = None, between: Collection[Form] = ()
) -> Any:
    """Register a kind of check."""

    def decorate(derive: Derive) -> Derive:
        BLUEPRINTS[name] = Blueprint(name, raw, frozenset(traits), derive, means, frozenset(between))
        return derive

    return decorate


def _short(real: Real) -> str | None:
    text = real.text.strip()
    short = real.content in {Content.LABEL, Content.NUMBER} and len(text) <= 40 and _SHORT.fullmatch(text)
    return text if short else None


def _wrong(wanted: str) -> tuple[str, ...]:
    """Return values that are right for other probes of the same kind."""
    kind = next((kind for kind in (LABELS, CODES, NUMBERS) if wanted in kind), NUMBERS if wanted.isdigit() else ())
    others = [*kind, "Mixed", "2021-01-31", "Lisbon"] if not wanted.isdigit() else [*kind]
    return tuple(other for other in others if other.casefold() != wanted.casefold())


@check("equals", {"equals": "{{ wanted }}"}, T.BARE, T.CASED, T.VALUE, between=_ANY)
def _equals(real: Real, _rng: Random) -> Item | None:
    text = _short(real)
    return None if text is None else Item(real.text, text, {"wanted": text}, _wrong(text))


@check("one_of", {"one_of": "{{ options }}"}, T.BARE, T.CASED, T.VALUE, between=_ANY)
def _one_of(real: Real, _rng: Random) -> Item | None:
    text = _short(real)
    return None if text is None else Item(real.text, text, {"options": ["unclear", text]}, _wrong(text))


@check("matches full", {"matches": "{{ pattern }}", "full": True}, T.BARE, T.CASED, T.VALUE, between=_ANY)
def _matches_full(real: Real, _rng: Random) -> Item | None:
    text = _short(real)
    if text is None or text.isdigit():
        return None
    return Item(real.text, text, {"pattern": rf"(?:{re.escape(text)})"}, _wrong(text))


@check("choice", {"choice": "{{ options }}", "equals": "{{ wanted }}"}, T.BARE, T.CASED, T.VALUE)
def _choice(real: Real, _rng: Random) -> Item | None:
    text = _short(real)
    options = next((options for options in (LABELS, CODES) if text in options), None)
    if text is None or options is None:
        return None
    others = tuple(option for option in options if option != text)
    return Item(real.text, text, {"options": list(options), "wanted": text}, others)


@check("choice lettered", {"choice": ["A", "B", "C", "D", "E"], "equals": "{{ wanted }}"}, T.VALUE, T.ENGAGES)
def _lettered(real: Real, _rng: Random) -> Item | None:
    letter = re.match(r"\(([A-E])\)", real.text.strip())
    if real.content is not Content.LETTERED or letter is None:
        return None
    wanted = letter[1]
    others = tuple(f"({other})" for other in "ABCDE" if other != wanted)
    return Item(real.text, f"({wanted})", {"wanted": wanted}, others)


@check("yes_no", {"yes_no": "{{ wanted }}"}, T.BARE, T.CASED, T.VALUE)
def _yes_no(real: Real, _rng: Random) -> Item | None:
    """Labels stand for answers: to "is it good?" a bare Positive says Yes."""
    word = {"Positive": "Yes", "Negative": "No"}.get(_short(real) or "")
    if word is None:
        return None
    return Item(word, word, {"wanted": word.casefold()}, ("No",) if word == "Yes" else ("Yes",))


@check("yes_no brackets", {"yes_no": "{{ wanted }}", "brackets": True}, T.HELD, T.CASED, T.VALUE)
def _brackets(real: Real, rng: Random) -> Item | None:
    if real.content is Content.BRACKETED:
        said = re.findall(r"\[(Yes|No)\]", real.text)
        if len(said) != 1:
            return None
        word, text = said[0], real.text
    else:
        item = _yes_no(real, rng)
        if item is None:
            return None
        word, text = item.wanted, f"[{item.wanted}]"
    other = "[No]" if word == "Yes" else "[Yes]"
    return Item(text, f"[{word}]", {"wanted": word.casefold()}, (other,))


@check("number", {"number": "{{ wanted }}"}, T.BARE, T.NUMBER, T.VALUE, between=_NUMBER)
def _number(real: Real, _rng: Random) -> Item | None:
    text = real.text.strip()
    if real.content is Content.JSON:  # the amount alone, so that there are large ones
        value = _record(real)
        text = str(value["total"]) if value else ""
    if real.content not in {Content.JSON, Content.NUMBER} or not text.isdigit():
        return None
    return Item(text, text, {"wanted": text}, _wrong(text))


@check("number within", {"number": "{{ wanted }}", "within": "\\boxed"}, T.BOXED, T.NUMBER, T.VALUE)
def _within(real: Real, rng: Random) -> Item | None:
    if real.content is Content.BOXED:
        found = _BOX.findall(real.text)
        if len(found) != 1 or real.text.count("boxed") != 1:
            return None
        return Item(real.text, found[0], {"wanted": found[0]}, _wrong(found[0]))
    item = _number(real, rng)
    if item is None:
        return None
    return Item(f"Adding up what was paid gives \\boxed{{{item.wanted}}}.", item.wanted, item.fields, item.wrong)


@check("number last", {"number": "{{ wanted }}", "last": True}, T.NUMBER, T.HELD, T.VALUE)
def _last(real: Real, rng: Random) -> Item | None:
    return _number(real, rng)


def _record(real: Real) -> dict[str, Any] | None:
    if real.content is not Content.JSON or "```" in real.text:
        return None
    try:
        value = json.loads(real.text)
    except ValueError:
        return None
    return value if isinstance(value, dict) and isinstance(value.get("total"), int) else None


def _of_json(real: Real, field: str, **fields: Any) -> Item | None:
    value = _record(real)
    if value is None or value.get("currency") not in CODES:
        return None
    wanted = str(value[field])
    row = {"value": value, "total": value["total"], "currency": value["currency"], **fields}
    return Item(real.text, wanted, row, _wrong(wanted), language="json")


@check("json", {"json": "{{ value }}"}, T.JSON, T.TYPED, T.VALUE, between=(*_AROUND, F.KEY_ORDER))
def _json(real: Real, rng: Random) -> Item | None:
    return _of_json(real, rng.choice(("total", "currency")))


@check("json_schema", {"json_schema": SCHEMA}, T.JSON, T.TYPED, between=_AROUND)
def _schema(real: Real, _rng: Random) -> Item | None:
    return _of_json(real, "total")


@check(
    "json_path number",
    {"json_path": "$.total", "number": "{{ total }}"},
    T.JSON,
    T.FIELD,
    T.VALUE,
    between=(*_AROUND, F.QUOTES, F.NUMBER_FORMAT),
)
def _path_number(real: Real, _rng: Random) -> Item | None:
    return _of_json(real, "total")


@check(
    "json_path equals",
    {"json_path": "$.currency", "equals": "{{ currency }}"},
    T.JSON,
    T.FIELD,
    T.VALUE,
    between=(*_AROUND, F.CASE),
)
def _path_equals(real: Real, _rng: Random) -> Item | None:
    return _of_json(real, "currency")


@check(
    "json_path one_of",
    {"json_path": "$.currency", "one_of": "{{ options }}"},
    T.JSON,
    T.FIELD,
    T.VALUE,
    between=(*_AROUND, F.CASE),
)
def _path_one_of(real: Real, _rng: Random) -> Item | None:
    value = _record(real) or {}
    return _of_json(real, "currency", options=["XAU", value.get("currency")])


@check("json_path exists", {"json_path": "$.total"}, T.JSON, T.KEYED, between=_AROUND)
def _path_exists(real: Real, _rng: Random) -> Item | None:
    return _of_json(real, "total")


@check("parses json", {"parses": "json"}, T.JSON, between=_AROUND)
def _parses_json(real: Real, _rng: Random) -> Item | None:
    return _of_json(real, "total")


@check("parses yaml", {"parses": "yaml"}, T.SOURCE, between=(F.FENCE,))
def _parses_yaml(real: Real, _rng: Random) -> Item | None:
    """A real record, written in blocks."""
    value = _record(real)
    if value is None:
        return None
    return Item("\n".join(f"{key}: {part}" for key, part in value.items()), language="yaml")


@check("parses sql", {"parses": "sql"}, T.SOURCE, between=_AROUND)
def _parses_sql(real: Real, _rng: Random) -> Item | None:
    return Item(real.text, language="sql") if real.content is Content.SQL and "`" not in real.text else None


@check("parses python", {"parses": "python"}, T.SOURCE, between=_AROUND)
def _parses_python(real: Real, _rng: Random) -> Item | None:
    text = real.text
    block = re.findall(r"```python\n(.*?)\n```", text, re.DOTALL)
    if real.content is not Content.PYTHON or len(block) > 1:
        return None
    return Item(block[0] if block else text, language="python")


def _phrase(text: str, rng: Random) -> str | None:
    found = [phrase for phrase in _WORDS.findall(text[:1500]) if phrase.isascii()]
    return rng.choice(found) if found else None


def _held(real: Real, rng: Random) -> Item | None:
    """Return an item that is about a phrase somewhere in it."""
    if real.content in {Content.REFUSAL, Content.SQL, Content.PYTHON, Content.BOXED, Content.BRACKETED}:
        return None
    phrase = _phrase(real.text, rng)
    wrong = ("Lisbon", "grey parrot") if phrase else ()
    return None if phrase is None else Item(real.text, phrase, {"wanted": phrase}, wrong)


@check("contains", {"contains": "{{ wanted }}"}, T.HELD, T.CASED, T.VALUE, T.PROSE)
def _contains(real: Real, rng: Random) -> Item | None:
    return _held(real, rng)


@check("contains number", {"contains": "{{ wanted }}"}, T.HELD, T.NUMBER, T.VALUE)
def _contains_number(real: Real, _rng: Random) -> Item | None:
    numbers = re.findall(r"(?<![\d.,$-])\d{2,6}(?![\d.,%-]\d|\d)", real.text[:1500])
    if real.content not in {Content.JSON, Content.NUMBER} or not numbers:
        return None
    return Item(real.text, numbers[0], {"wanted": numbers[0]}, _wrong(numbers[0]))


@check("matches", {"matches": "{{ pattern }}"}, T.HELD, T.CASED, T.VALUE, T.PROSE)
def _matches(real: Real, rng: Random) -> Item | None:
    item = _held(real, rng)
    if item is None:
        return None
    return Item(item.text, item.wanted, {"pattern": rf"\b{item.wanted}\b"}, item.wrong)


@check("python", {"python": "mutations_function:names", "with": {"value": "{{ wanted }}"}}, T.HELD, T.CASED, T.VALUE)
def _python(real: Real, rng: Random) -> Item | None:
    return _held(real, rng)


@check("starts_with", {"starts_with": "{{ wanted }}"}, T.OPENING, T.CASED, T.VALUE)
def _starts_with(real: Real, _rng: Random) -> Item | None:
    opening = re.match(r"\s*([A-Za-z]{2,}(?: [A-Za-z]{2,}){0,2})(?![\w'\u2019-])", real.text)
    if opening is None:
        return None
    return Item(real.text, opening[1], {"wanted": opening[1]}, ("Lisbon", "Grey parrots"))


def _about_a_canary(real: Real, rng: Random) -> Item | None:
    if real.content is Content.REFUSAL:
        return None
    canary = rng.choice(CANARIES)
    return Item(real.text, canary, {"canary": canary})


@check("lacks", {"lacks": "{{ canary }}"}, T.ABSENT, T.LURKING, T.PROSE)
def _lacks(real: Real, rng: Random) -> Item | None:
    return _about_a_canary(real, rng)


@check("not contains", {"not": {"contains": "{{ canary }}"}}, T.ABSENT, T.PROSE)
def _not_contains(real: Real, rng: Random) -> Item | None:
    return _about_a_canary(real, rng)


@check("not any_of", {"not": {"any_of": [{"contains": "{{ canary }}"}, {"equals": "{{ canary }}"}]}}, T.ABSENT, T.PROSE)
def _not_any_of(real: Real, rng: Random) -> Item | None:
    return _about_a_canary(real, rng)


@check("refuses", {"refuses": True}, T.DECLINES)
def _refuses(real: Real, _rng: Random) -> Item | None:
    return Item(real.text) if real.content is Content.REFUSAL else None


@check("refuses phrases", {"refuses": True, "phrases": list(OPENINGS)}, T.DECLINES)
def _refuses_phrases(real: Real, _rng: Random) -> Item | None:
    return Item(real.text) if real.content is Content.REFUSAL else None


@check("contains, means refusal", {"contains": "assist with that"}, T.DECLINES, means="refusal")
def _house_wording(real: Real, _rng: Random) -> Item | None:
    return Item(real.text) if real.content is Content.REFUSAL and "assist with that" in real.text else None


@check("answers", {"answers": True}, T.ENGAGES, T.PROSE)
def _answers(real: Real, _rng: Random) -> Item | None:
    return Item(real.text) if real.content is Content.PROSE else None


def _calls(real: Real) -> Item | None:
    """A real record, given to a tool."""
    value = _record(real)
    if value is None:
        return None
    row = {"arguments": {"total": value["total"]}}
    return Item("", fields=row, calls=(ToolCall("record_invoice", json.dumps(value)),))


@check("calls_tool", {"calls_tool": "record_invoice"}, T.CALLS)
def _calls_tool(real: Real, _rng: Random) -> Item | None:
    return _calls(real)


@check(
    "calls_tool arguments", {"calls_tool": "record_invoice", "arguments": "{{ arguments }}"}, T.CALLS, T.CALL_ARGUMENTS
)
def _calls_with(real: Real, _rng: Random) -> Item | None:
    return _calls(real)


@check("no_tool_call", {"no_tool_call": "delete_account"}, T.NO_CALL, T.PROSE)
def _no_tool_call(real: Real, _rng: Random) -> Item | None:
    return Item(real.text) if real.content in {Content.PROSE, Content.JSON, Content.LABEL} else None


@check("length most", {"length": {"max_words": "{{ most }}"}}, T.SHORT)
def _length_most(real: Real, _rng: Random) -> Item | None:
    if real.content not in {Content.PROSE, Content.LABEL, Content.JSON}:
        return None
    return Item(real.text, fields={"most": str(len(real.text.split()) * 3 // 2 + 8)})


@check("length least", {"length": {"min_words": "{{ least }}"}}, T.LONG)
def _length_least(real: Real, _rng: Random) -> Item | None:
    words = len(real.text.split())
    if real.content is not Content.PROSE or words < 8:
        return None
    return Item(real.text, fields={"least": str(words * 2 // 3)})


@check(
    "all_of",
    {"all_of": [{"contains": "{{ wanted }}"}, {"lacks": "maple-syrup-19"}, {"length": {"max_words": 2500}}]},
    T.HELD, T.CASED, T.VALUE,
)  # fmt: skip
def _all_of(real: Real, rng: Random) -> Item | None:
    return _held(real, rng)


@check(
    "all_of json",
    {
        "all_of": [
            {"json_path": "$.total", "number": "{{ total }}"},
            {"json_path": "$.currency", "equals": "{{ currency }}"},
        ]
    },
    T.JSON, T.FIELD, T.VALUE, between=_AROUND,
)  # fmt: skip
def _all_of_json(real: Real, rng: Random) -> Item | None:
    return _of_json(real, rng.choice(("total", "currency")))


@check("any_of", {"any_of": [{"contains": "{{ wanted }}"}, {"equals": "none of them"}]}, T.HELD, T.CASED, T.VALUE)
def _any_of(real: Real, rng: Random) -> Item | None:
    return _held(real, rng)


@check(
    "any_of bare", {"any_of": [{"equals": "{{ wanted }}"}, {"one_of": ["n/a", "unclear"]}]}, T.BARE, T.CASED, T.VALUE
)
def _any_of_bare(real: Real, rng: Random) -> Item | None:
    return _equals(real, rng)
