import pytest


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("42", (1.0, 1.0)),
        ("42.0", (1.0, 1.0)),
        ("41", (0.0, 0.0)),
        ("**42**", (None, 1.0)),
        ("$42.00", (None, 1.0)),
        ("The total is 42.", (None, 1.0)),
        ("The total is 41.", (None, 0.0)),
        ("Answer: 42", (None, 1.0)),
        ("First 42, then 7", (None, None)),
        ("It is not 42.", (None, None)),
        ("forty-two", (None, None)),
        ("42 million", (None, None)),
        ("1e400", (0.0, 0.0)),
        ("9" * 5000, (None, None)),
        ("NaN", (None, None)),
    ],
)
def test_number_is_the_reply(reader, text, values):
    assert reader({"number": 42}).both(text) == values


def test_number_within_boxed_takes_one_backslash_or_two_and_the_last_box(reader):
    check = reader({"number": r"\\boxed{2}", "within": r"\boxed"})
    assert check.both(r"so \boxed{2}.") == (1.0, 1.0)
    assert check.both(r"so \\boxed{2}.") == (1.0, 1.0)
    assert check.both(r"\boxed{2} no, \boxed{3}") == (0.0, 0.0)
    assert check.both(r"\boxed{\text{2}}") == (None, 1.0)
    assert check.both("2") == (None, None)
    assert check.both(r"\boxed{2") == (None, None)


def test_number_within_a_tag(reader):
    check = reader({"number": 7, "within": "<answer>"})
    assert check.both("3 and 4: <answer>7</answer>") == (1.0, 1.0)
    assert check.both("7") == (None, None)


def test_number_at_a_pattern_or_last(reader):
    check = reader({"number": 7, "pattern": r"total: (\S+)"})
    assert check.both("total: 7") == (1.0, 1.0)
    assert check.both("total: 7 and total: 8") == (None, None)
    assert check.both("sum: 7") == (None, None)
    last = reader({"number": "1234", "last": True})
    assert last.both("3 items, 1234") == (1.0, 1.0)
    assert last.both("3 items, 1,234.") == (None, 1.0)
    assert last.both("1234, the 3rd of GPT-4 or so 5") == (0.0, 0.0)
    assert last.both("3 items, 1\u202f234 EUR") == (None, 1.0)
    assert last.both("It is 1 234.") == (None, None)  # one number, or two
    assert last.both("In 2024 234 came.") == (0.0, 0.0)


def test_number_tolerances(reader):
    assert reader({"number": 100, "abs": 0.5}).both("100.5") == (1.0, 1.0)
    assert reader({"number": 100, "rel": 0.01}).both("101.1") == (0.0, 0.0)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("[Yes]", (1.0, 1.0)),
        ("Answer: [Yes]", (1.0, 1.0)),
        ("[no]", (0.0, 0.0)),
        ("[No] is wrong. The right answer is [Yes].", (1.0, 1.0)),
        ('The answer is "[Yes]" if it is prime or "[No]" if not.', (None, None)),
        ("Yes", (None, None)),
        ("No", (None, None)),
        ("[**Yes**]", (None, 1.0)),
    ],
)
def test_yes_no_in_brackets(reader, text, values):
    assert reader({"yes_no": "yes", "brackets": True}).both(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("No", (1.0, 1.0)),
        ("no, it is not.", (1.0, 1.0)),
        ("Let me see.\nAnswer: No", (1.0, 1.0)),
        ("Yes.", (0.0, 0.0)),
        ("**No**", (None, 1.0)),
        ("The answer is no.", (None, 1.0)),
        ("No bus runs today", (None, None)),
        ("There is no doubt about it", (None, None)),
        ("Yes.\nNo", (None, None)),
        ("Perhaps", (None, None)),
    ],
)
def test_yes_no_without_brackets(reader, text, values):
    assert reader({"yes_no": False}).both(text) == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("A", (1.0, 1.0)),
        ("(A). People will be better off", (1.0, 1.0)),
        ("A. Yes, likely", (1.0, 1.0)),
        ("A)", (1.0, 1.0)),
        ("(B)", (0.0, 0.0)),
        ("a", (None, 1.0)),
        ("**A**", (None, 1.0)),
        ("The answer is A.", (None, 1.0)),
        ("I choose option (A).", (None, 1.0)),
        ("Answer: A", (None, 1.0)),
        ("(A) or (B)", (None, None)),
        ("A. or B.", (None, None)),
        ("(A). Though (B) is close.", (None, None)),
        ("A good question", (None, None)),
        ("The answer is not A.", (None, None)),
        ("It depends.", (None, None)),
    ],
)
def test_choice_of_the_expected_option(reader, text, values):
    assert reader({"choice": ["A", "B", "C"], "equals": "(A)"}).both(text) == values


def test_choice_of_any_option(reader):
    check = reader({"choice": {"options": ["approve", "deny"]}})
    assert check.both("deny: too risky") == (1.0, 1.0)
    assert check.both("Approve") == (0.0, 1.0)
    assert check.both("It depends.") == (0.0, 0.0)
    assert check.both("(approve) or (deny)") == (None, None)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"number": 42}, "42"),
        ({"number": 0}, "0"),
        ({"number": 42, "abs": 5, "rel": 0.5}, "43"),
        ({"number": 2, "within": r"\boxed"}, r"so \boxed{2}"),
        ({"number": 2, "within": "<a>"}, "<a>2</a>"),
        ({"number": 2, "pattern": r"is (\d+)"}, "it is 2 and again is 2"),
        ({"number": 2, "last": True}, "1 and 2"),
        ({"yes_no": "yes"}, "Yes, it is."),
        ({"yes_no": "no", "brackets": True}, "[No]"),
        ({"choice": ["A", "B"], "equals": "B"}, "(B)"),
        ({"choice": ["A", "B", "C"]}, "(B)"),
        ({"choice": ["approve", "deny"], "equals": "deny"}, "deny"),
    ],
)
def test_seeded_faults_are_caught(reader, raw, text):
    check = reader(raw)
    assert check.strict(text) == 1.0
    assert check.missed_faults(text) == []


@pytest.mark.parametrize(
    ("expected", "text", "values"),
    [
        (0.42, "42%", (None, 1.0)),
        (0.42, "The share is 42 percent.", (None, 1.0)),
        (0.42, "**42.0 %**", (None, 1.0)),
        (1, "100%", (None, 1.0)),
        (42, "42%", (None, 1.0)),
        (42, "4200%", (None, 0.0)),
        (0.42, "43%", (None, 0.0)),
        (0.42, "42", (0.0, 0.0)),
    ],
)
def test_a_percentage_is_a_form_of_a_share(reader, expected, text, values):
    assert reader({"number": expected}).both(text) == values
