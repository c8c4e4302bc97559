"""Laws that hold for every instrument and every reply."""

import json
from time import process_time

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebaseline.checks import Registry, read_refusal
from rebaseline.checks.forms import same
from rebaseline.checks.markup import without_fence
from rebaseline.checks.numerals import read_formatted
from rebaseline.checks.surround import inside_sentence
from rebaseline.domain.attempt import Reply, Stop, ToolCall
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import AllOf, AnyOf, Leaf, Polarity

REGISTRY = Registry.builtin()
STRICT: frozenset[Form] = frozenset()

LEAVES = [
    {"equals": "Paris"},
    {"equals": "1,234.5"},
    {"one_of": ["yes", "no"]},
    {"contains": ["Par", "is"]},
    {"lacks": ["ZX-44", "Paris"]},
    {"starts_with": ["I cannot", "Par"]},
    {"matches": r"(a|is)+\b"},
    {"matches": r"\w+", "full": True},
    {"choice": ["A", "B", "Paris"], "equals": "B"},
    {"choice": ["A", "B"]},
    {"number": 42},
    {"number": 42, "last": True},
    {"number": 42, "within": r"\boxed"},
    {"number": 42, "pattern": r"is (\S+)"},
    {"yes_no": "yes"},
    {"yes_no": "no", "brackets": True},
    {"json": {"a": 1}},
    {"json_path": "$..a", "number": 42},
    {"json_path": "$.a", "equals": "Paris"},
    {"json_schema": {"type": "object", "required": ["a"]}},
    {"parses": "json"},
    {"parses": "python"},
    {"parses": "yaml"},
    {"parses": "sql"},
    {"refuses": True},
    {"refuses": True, "phrases": ["I cannot"]},
    {"answers": True},
    {"calls_tool": "lookup", "arguments": {"a": 1}},
    {"no_tool_call": True},
    {"length": {"max_words": 3, "max_sentences": 1}},
]
COMPILED = [REGISTRY.compile(REGISTRY.parse(raw), {}) for raw in LEAVES]

FRAGMENTS = [
    "Paris",
    "paris",
    "ZX-44",
    "**",
    "*",
    "_",
    "`",
    "```",
    "```json",
    "\n",
    "\n\n",
    "# ",
    "{",
    "}",
    "[",
    "]",
    '{"a": 42}',
    '{"a": "Paris"}',
    "42",
    "1,234.5",
    "1.234,50",
    "1e400",
    "$",
    "\\boxed{42}",
    "\\\\boxed{",
    "\\text{",
    "The answer is ",
    "Answer: ",
    "Sure! Here is it:\n",
    "not ",
    " or ",
    "[Yes]",
    "[No]",
    "yes",
    "No.",
    "(A)",
    "(B). ",
    "I cannot ",
    "help",
    " ",
    "\u00a0",
    "\u200b",
    "\ud800",
    "\x00",
    "\x1b[31m",
    "“",
    "\u2019",
    "- ",
    ": ",
    "a: &b [*b]",
    "SELECT ",
    "def f(:",
    "9" * 400,
    ".",
]
TEXTS = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), max_size=12).map("".join),
    st.text(st.characters(codec=None), max_size=60),
)
CALLS = st.lists(
    st.builds(ToolCall, st.sampled_from(["lookup", "x"]), st.sampled_from(['{"a": 1}', "{", "[]", '{"a": 1e400}']))
)
REPLIES = st.builds(Reply, TEXTS, st.sampled_from(Stop), st.none(), CALLS.map(tuple))
UNDO = st.frozensets(st.sampled_from(Form))
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(REPLIES, UNDO)
def test_no_look_raises_and_every_value_is_a_value(reply, undo):
    for leaf in COMPILED:
        look = leaf.instrument.look(reply, undo)
        assert look.value is None or 0 <= look.value <= 1
        assert len(look.note) <= 200
    assert read_refusal(reply).refuses in (True, False, None)


@QUICK
@given(REPLIES, UNDO)
def test_tolerance_only_ever_moves_toward_caution(reply, undo):
    for leaf in COMPILED:
        strict = leaf.instrument.look(reply, STRICT).value
        tolerant = leaf.instrument.look(reply, undo).value
        match leaf.polarity:
            case Polarity.PRESENCE:
                assert strict != 1.0 or tolerant == 1.0
            case Polarity.ABSENCE:
                assert strict != 0.0 or tolerant == 0.0
            case Polarity.CONDUCT:
                assert strict == tolerant


@QUICK
@given(REPLIES)
def test_seeded_faults_never_raise_and_never_pass_where_the_reply_does(reply):
    for leaf in COMPILED:
        faults = leaf.instrument.seeded_faults(reply)
        if leaf.instrument.look(reply, STRICT).value == 1.0 and leaf.name != "matches":
            assert len(faults) >= 3
            passing = [each.name for each in faults if leaf.instrument.look(each.reply, STRICT).value == 1.0]
            assert passing == [], (leaf, reply)


def value_of(node, reply):
    """Read a tree by strong three-valued logic: the reading of `AllOf` and `AnyOf` that the domain states."""
    match node:
        case Leaf():
            value = node.instrument.look(reply, STRICT).value
            return value if value is None or not node.negated else 1 - value
        case AllOf(parts) | AnyOf(parts):
            values = [value_of(part, reply) for part in parts]
            deciding = 0.0 if isinstance(node, AllOf) else 1.0
            if deciding in values:
                return deciding
            return None if None in values else 1 - deciding
    raise AssertionError(node)


TREES = st.recursive(
    st.sampled_from(LEAVES),
    lambda parts: st.one_of(
        st.lists(parts, min_size=1, max_size=3).map(lambda each: {"all_of": each}),
        st.lists(parts, min_size=1, max_size=3).map(lambda each: {"any_of": each}),
        parts.map(lambda each: {"not": each}),
    ),
    max_leaves=5,
)


@QUICK
@given(TREES, REPLIES)
def test_not_turns_a_reading_round_and_leaves_void_void(raw, reply):
    plain = value_of(REGISTRY.compile(REGISTRY.parse(raw), {}), reply)
    negated = value_of(REGISTRY.compile(REGISTRY.parse({"not": raw}), {}), reply)
    assert negated == (None if plain is None else 1 - plain)


@QUICK
@given(
    st.text(st.characters(exclude_characters="`~", exclude_categories=["Cs"]), min_size=1),
    st.sampled_from(["", "json", "py a=b"]),
)
def test_a_fence_put_around_a_text_comes_off(text, info):
    assert without_fence(f"```{info}\n{text}\n```") == text


@QUICK
@given(st.integers(min_value=-(10**12), max_value=10**12), st.sampled_from(["", "$", "€", "EUR "]))
def test_grouped_numbers_read_back(number, currency):
    sign = "-" if number < 0 else ""
    assert read_formatted(f"{sign}{currency}{abs(number):,}") == number
    assert read_formatted(f"{number:,}.50") == read_formatted(f"{number}.5")


@QUICK
@given(
    st.sampled_from(["not", "never", "perhaps", "either", "hardly", "or", "wrongly"]),
    st.sampled_from(["Paris", "42", "B"]),
)
def test_a_word_of_doubt_anywhere_keeps_the_answer_unread(word, answer):
    for sentence in (
        f"The answer is {word} {answer}.",
        f"{word} the answer is {answer}.",
        f"The {word} answer is {answer}.",
    ):
        assert inside_sentence(sentence) == ()
        assert not same(sentence, answer, frozenset(Form))


JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**9), 10**9)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@QUICK
@given(JSON_VALUES, JSON_VALUES)
def test_json_passes_its_own_text_and_no_other(value, other):
    leaf = REGISTRY.compile(REGISTRY.parse({"json": value}), {}) if "{{" not in json.dumps(value) else None
    if leaf is None:
        return
    assert leaf.instrument.look(Reply(json.dumps(value)), STRICT).value == 1.0
    if json.dumps(value, sort_keys=True) != json.dumps(other, sort_keys=True) and value != other:
        assert leaf.instrument.look(Reply(json.dumps(other)), frozenset(Form)).value == 0.0


WORDS = [
    "not ", "never ", "I can't ", "it is important to ", "sorry ", "but ", "however, ", "there is no ", "n't", "a", "'",
    "no reason ", "illegal ", "ich ", "\u4e0d", ".", "\n", "- ", "{", "```", "x(", "@", "http://",
]  # fmt: skip


@QUICK
@given(st.lists(st.sampled_from(WORDS), max_size=60).map("".join), st.sampled_from(WORDS))
def test_a_refusal_is_read_off_the_beginning_alone(beginning, word):
    """So its time does not grow with the reply."""
    whole = (beginning + word * 9000)[:9000]
    assert read_refusal(Reply(whole)) == read_refusal(Reply(whole[:8000]))
    assert read_refusal(Reply(whole)) == read_refusal(Reply(whole + beginning * 100))


def test_no_beginning_takes_long():
    """Some 20 times what the slowest of these takes, and far under what a quadratic pattern would."""
    for word in WORDS:
        reply = Reply(word * 8000)
        start = process_time()
        read_refusal(reply)
        assert process_time() - start < 0.2, word
