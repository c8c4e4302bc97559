from decimal import Decimal

import pytest

from rebaseline.checks import forms
from rebaseline.checks.markup import (
    fenced_block,
    without_emphasis,
    without_fence,
    without_latex,
    without_list_mark,
    without_marks,
)
from rebaseline.checks.numerals import near, plain_number, read_formatted, text_of_number
from rebaseline.checks.surround import inside_sentence, without_preamble
from rebaseline.domain.form import Form

ALL = frozenset(Form)
NONE: frozenset[Form] = frozenset()


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("```\nx = 1\n```", "x = 1"),
        ("```python\nx = 1\n```\n", "x = 1"),
        ("~~~ json a=b\n{}\n~~~", "{}"),
        ("```json\n{}", "{}"),
        ("````\n```\nx\n```\n````", "```\nx\n```"),
        ('```json {"a": 1} ```', '{"a": 1}'),
        ("```42```", "42"),
        ("  ```\nx\n  ```", "x"),
    ],
)
def test_a_fence_around_everything_is_undone(text, inner):
    assert without_fence(text) == inner


@pytest.mark.parametrize(
    "text", ["Here:\n```\nx\n```", "```\na\n```\n```\nb\n```", "x = 1", "```hello there```x", "``x``"]
)
def test_a_fence_that_is_not_the_whole_text_stays(text):
    assert without_fence(text) == text


def test_the_one_block_in_prose_is_found_and_two_are_not():
    assert fenced_block("Here:\n```py\nx\n```\nBye").content == "x"
    assert fenced_block("```\na\n```\nor\n```\nb\n```") is None


def test_preamble_keeps_the_fence_and_fence_takes_it_off():
    text = "Sure:\n```py\nx\n```\nBye"
    assert forms.block(text, frozenset({Form.PREAMBLE})) == "```py\nx\n```"
    assert forms.block(text, frozenset({Form.FENCE})) == text
    assert forms.block(text, frozenset({Form.FENCE, Form.PREAMBLE})) == "x"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**Paris**", "Paris"),
        ("*a* and __b__", "a and b"),
        ("***a***", "a"),
        ("**a *b* c**", "a b c"),
        ("## Paris", "Paris"),
        ("`Paris`", "Paris"),
        ("~~a~~", "a"),
        ("**ZX**-4417", "ZX-4417"),
        ("2*3*4", "2*3*4"),
        ("a*b* c", "a*b* c"),
        ("2 * 3 * 4", "2 * 3 * 4"),
        ("snake_case_name", "snake_case_name"),
        ("a #1 b", "a #1 b"),
    ],
)
def test_emphasis(text, plain):
    assert without_emphasis(text) == plain


def test_marks_inside_words_go_for_absence_checks_but_not_those_of_the_phrase():
    assert without_marks("Z**X**_1", "") == "ZX1"
    assert without_marks("api_`key`", "api_key") == "api_key"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (r"\boxed{2}", "2"),
        (r"\\boxed{2}", "2"),
        (r"$\boxed{\text{yes}}$", "yes"),
        ("$x$", "x"),
        ("$$42$$", "42"),
        (r"\(42\)", "42"),
        ("$5 and $6", "$5 and $6"),
        (r"\$5", "$5"),
        (r"1{,}234\%", "1,234%"),
    ],
)
def test_latex(text, plain):
    assert without_latex(text) == plain


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.50", "1234.5"),
        ("$1,234", "1234"),
        ("EUR 12", "12"),
        ("12 €", "12"),
        ("45%", "45"),
        ("45 percent", "45"),
        ("1.234,50", "1234.5"),
        ("12,50", "12.5"),
        ("0,125", "0.125"),
        ("1.234.567", "1234567"),
        ("1 234 567", "1234567"),
        ("1'234.5", "1234.5"),
        ("\u22125", "-5"),
        ("-$5", "-5"),
        ("1.234", "1.234"),
        ("12 km", "12"),
        ("42.00", "42"),
    ],
)
def test_formatted_numbers(text, number):
    assert read_formatted(text) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        "42 million",
        "5k",
        "5m",
        "1,23,4",
        "12,34,56.7",
        "--5",
        "+-5",
        "forty",
        "",
        "-",
        "1 or 2",
        "3rd",
        "1.2.3",
        "$",
        "9" * 500,
    ],
)
def test_what_is_no_number_or_may_be_another_one(text):
    assert read_formatted(text) is None


@pytest.mark.parametrize("text", ["1,234", "$5", "NaN", "Infinity", "0x10", "1_000", "\u0661", "5%", ""])
def test_a_plain_number_is_plain(text):
    assert plain_number(text) is None


def test_plain_numbers_of_any_size_compare():
    huge = plain_number("1e400")
    assert huge == Decimal("1e400")
    assert not near(huge, Decimal(1), Decimal("0.1"), Decimal(0))
    assert near(Decimal("42.1"), Decimal(42), Decimal("0.1"), Decimal(0))
    assert not near(Decimal("42.11"), Decimal(42), Decimal("0.1"), Decimal(0))
    assert near(Decimal(101), Decimal(100), Decimal(0), Decimal("0.01"))
    assert plain_number(text_of_number(Decimal("1e300000"))) == Decimal("1e300000")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Answer: Paris", "Paris"),
        ("I compared 3 and 4.\nFinal answer: 7", "7"),
        ("The answer is: Paris", "Paris"),
        ("Sure! Here is the code:\n\nx = 1", "x = 1"),
        ("Here's the translation: Bonjour", "Bonjour"),
        ("Certainly! Paris", "Paris"),
        ("Paris\n\nLet me know if you need more.", "Paris"),
        ("Answer:\n42", "42"),
        ("Answer\n\n42", "42"),
        ("A: Paris", "Paris"),
        ("Great question! Here's the answer: Paris", "Paris"),
        ("Thank you for asking. The answer is below:\n\nParis", "Paris"),
        ("Output as requested:\nParis", "Paris"),
        ("Paris\n\nDon't hesitate to ask.", "Paris"),
    ],
)
def test_preambles_that_announce(text, answer):
    assert without_preamble(text) == answer


@pytest.mark.parametrize(
    "text",
    [
        "First 3, then 4, so 7",
        "Answer: 3\nAnswer: 4",
        "Sure, Paris or Lyon",
        "Note: Paris",
        "We get 3.\n\nThen 4",
        "This may be wrong, but here is a guess: Paris",
        "Nobody knows, as requested: Paris",
        "Of 42, below: Paris",
    ],
)
def test_reasoning_is_not_searched(text):
    assert without_preamble(text) == text


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("The capital is Paris.", "Paris"),
        ("It's Paris.", "Paris"),
        ("The total for the 3 items is 42", "42"),
        ("Paris is the capital of France.", "Paris"),
        ("So, the answer is Paris!", "Paris"),
        ("I choose option B.", "B"),
        ("That would be Paris.", "Paris"),
        ("Based on the text, the answer is Paris.", "Paris"),
        ("The city you are looking for is Paris.", "Paris"),
    ],
)
def test_a_bare_answer_in_a_sentence(text, answer):
    assert answer in inside_sentence(text)


@pytest.mark.parametrize(
    "text",
    [
        "The capital is not Paris.",
        "It is either Paris or Lyon",
        "The capital isn't Paris.",
        "Is the capital Paris?",
        "The capital may be Paris.",
        "It is false that the capital is Paris.",
        "The wrong answer is Paris.",
        "The capital is Paris. Or Lyon.",
        "The capital is Paris, unless it is Lyon.",
        "The capital was Paris.",
        "The largest city is Lyon and the capital is Paris.",
        "Never is the capital Paris.",
        "The answer is less than 42",
        "The value is approximately 42",
        "If it rains the capital is Paris",
        "The capital is\nParis",
        "According to a common mistake, the capital is Paris.",
        "That would not be Paris.",
        "That would be Paris, unless it is Lyon.",
        "Paris",
        "",
    ],
)
def test_doubt_keeps_a_sentence_closed(text):
    assert not any(answer in ("Paris", "42") for answer in inside_sentence(text))


@pytest.mark.parametrize(
    "text",
    [
        "PARIS",
        "'Paris'",
        "(Paris)",
        "“Paris”",
        "**Paris**",
        "Paris.",
        " Paris\u00a0",
        "Pa\u200bris",
        "```\nParis\n```",
        r"$\text{Paris}$",
        "Answer: **Paris**.",
        'Answer: "Paris."',
        "The capital is **Paris**.",
        "Sure! Paris",
        "- Paris",
        "1. **Paris**",
    ],
)
def test_same_with_all_forms_undone(text):
    assert forms.same(text, "Paris", ALL)
    assert text.strip() == "Paris" or not forms.same(text, "Paris", NONE)


@pytest.mark.parametrize(
    "text", ["Lyon", "not Paris", "Paris or Lyon", "Parisian", "Paris, Texas", "The capital is not Paris."]
)
def test_another_answer_is_never_the_same(text):
    assert not forms.same(text, "Paris", ALL)


def test_numbers_are_the_same_only_as_numbers():
    assert forms.same("1,234.50", "1234.5", frozenset({Form.NUMBER_FORMAT}))
    assert not forms.same("1,234.51", "1234.5", ALL)
    assert not forms.same("1234 million", "1234", ALL)


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("- Paris", "Paris"),
        (" * Paris\n", "Paris"),
        ("2) Paris", "Paris"),
        ("- 2024-07-21", "2024-07-21"),
        ("\u2022 42", "42"),
        ("- 42", "- 42"),
        ("- $42", "- $42"),
        ("1. 42", "1. 42"),
        ("- Paris\n- Lyon", "- Paris\n- Lyon"),
        ("-Paris", "-Paris"),
        ("-", "-"),
    ],
)
def test_a_list_of_one_is_its_item_unless_the_mark_may_belong_to_a_number(text, item):
    assert without_list_mark(text) == item


@pytest.mark.parametrize("text", ["1,380, and", "1 380", "1\u202f380 EUR", "1\u2019380.", "'1,380'"])
def test_digits_grouped_in_any_way_are_found(text):
    assert "1380" in forms.searchable(text, ALL)


@pytest.mark.parametrize("text", ["1,38", "12,1,380", "1,3800", "0,380", "2,1380"])
def test_what_is_no_grouping_is_left_alone(text):
    assert "1380" not in forms.searchable(text, ALL).replace("2,1380", "").replace("1,3800", "")


def test_an_expected_mark_is_not_trimmed_to_nothing():
    assert not forms.same("", ".", ALL)
    assert forms.same("Hello", "Hello.", ALL)


def test_letters_set_apart_are_joined_only_where_a_miss_is_the_danger():
    spacing = frozenset({Form.SPACING})
    assert forms.searchable("Z X - 4 4", spacing, aggressive_for="ZX-44") == "ZX-44"
    assert forms.searchable("Z X - 4 4", spacing) == "Z X - 4 4"
