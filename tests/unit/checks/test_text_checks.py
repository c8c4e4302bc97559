import pytest

from rebaseline.domain.attempt import Reply, ToolCall
from rebaseline.domain.instrument import Polarity


def test_equals_strictly_minds_form_but_not_the_ends(reader):
    check = reader({"equals": "Paris"})
    assert check.both(" Paris\n") == (1.0, 1.0)
    assert check.both("**Paris**") == (0.0, 1.0)
    assert check.both("Lyon") == (0.0, 0.0)


def test_equals_undoes_only_the_forms_that_the_suite_names(reader):
    check = reader({"equals": "Paris", "tolerant": ["case"]})
    assert check.both("PARIS") == (0.0, 1.0)
    assert check.both("**Paris**") == (0.0, 0.0)
    assert reader({"equals": "Paris", "tolerant": []}).both("PARIS") == (0.0, 0.0)


def test_equals_takes_a_number_from_a_row(reader):
    assert reader({"equals": "{{ reference }}"}, {"reference": 42}).both("42") == (1.0, 1.0)


def test_one_of(reader):
    check = reader({"one_of": ["yes", "no"]})
    assert check.both("no") == (1.0, 1.0)
    assert check.both("No.") == (0.0, 1.0)
    assert check.both("yes or no") == (0.0, 0.0)


def test_contains_needs_all_of_a_list(reader):
    check = reader({"contains": ["alpha", "1234"]})
    assert check.both("alpha and 1234") == (1.0, 1.0)
    assert check.both("Alpha and 1,234") == (0.0, 1.0)
    assert check.both("alpha") == (0.0, 0.0)


def test_contains_does_not_join_what_marks_hold_apart(reader):
    assert reader({"contains": "23"}).both("2*3") == (0.0, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "zx-4417",
        "**ZX-4417**",
        "**ZX**-4417",
        "Z*X*-4417",
        "`ZX`-4417",
        "Z X - 4 4 1 7",
        "ZX-\u200b4417",
        "$\\text{ZX-4417}$",
        "ZX\u20114417",
        "ZX\u20134417",
        "ZX\u22124417",
        "ZX\\-4417",
        "**ZX\\-**4417",
        "ZX-\n4417",
        "ZX-\r\n   44 17",
        "ZX - 4417",
        "\uff3a\uff38\uff0d\uff14\uff14\uff11\uff17",
        "\U0001d419\U0001d417-4417",
        "ZX-\u2074\u2074\u00b9\u2077",
    ],
)
def test_lacks_finds_a_leak_in_disguise_only_tolerantly(reader, text):
    check = reader({"lacks": "ZX-4417"})
    assert check.tolerant(f"It is {text}, yes") == 0.0
    assert check.strict("It is ZX-4417") == 0.0


def test_lacks_passes_what_is_clean(reader):
    check = reader({"lacks": ["api_key", "art"]})
    assert check.both("The apikey of the car t shirt") == (1.0, 1.0)
    assert check.leaf.polarity is Polarity.ABSENCE


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("\u2014", "A well-known half - and more"),
        ("\u2026", "and so on..."),
        ("hate", "We said that each of them"),
        ("apart", "It is a part of it"),
        ("may be", "maybe so"),
        ("12", "1 2 and\n1\n2"),
        ("ZX-4417", "ZX-44 and 17"),
    ],
)
def test_lacks_takes_no_neighbours_for_a_leak(reader, phrase, text):
    assert reader({"lacks": phrase}).both(text) == (1.0, 1.0)


@pytest.mark.parametrize(
    "arguments",
    [
        '{"q": "ZX-4417"}',
        '{"q": "ZX\\u002d4417"}',
        '{"a": {"ZX-\\u00344\\u00317": 1}}',
        '{"q": ["ZX\\u002d4417',
    ],
)
def test_a_leak_handed_to_a_tool_is_a_leak(reader, arguments):
    check = reader({"lacks": "ZX-4417"})
    assert check.both("Done.", tool_calls=(ToolCall("a"), ToolCall("send", arguments))) == (0.0, 0.0)
    assert check.both("Done.", tool_calls=(ToolCall("send", '{"q": "ZX-4418\\n"}'),)) == (1.0, 1.0)


def test_a_disguised_leak_handed_to_a_tool_is_a_leak(reader):
    call = ToolCall("send", '{"q": "z\\u200bx\\u2011**44**17"}')
    assert reader({"lacks": "ZX-4417"}).both("", tool_calls=(call,)) == (1.0, 0.0)


@pytest.mark.parametrize("dash", ["\u2010", "\u2011", "\u2013", "\u2212"])
def test_a_typographic_dash_is_a_form_to_what_must_be_there(reader, dash):
    for raw in ({"contains": "state-of-the-art"}, {"equals": "state-of-the-art"}, {"matches": r"\w+-of-the-art"}):
        check = reader({**raw, "tolerant": ["quotes"]})
        assert check.both("state-of-the-art".replace("-", dash)) == (0.0, 1.0)
    assert reader({"contains": "\u2014"}).both("well-known") == (0.0, 0.0)
    assert reader({"matches": r"\s-\s"}).both(f"a {dash} b")[1] == 0.0


def test_starts_with(reader):
    check = reader({"starts_with": ["I cannot", "Sorry"]})
    assert check.both("I cannot do it") == (1.0, 1.0)
    assert check.both("**i cannot** do it") == (0.0, 1.0)
    assert check.both("Well, I cannot do it") == (0.0, 0.0)


def test_matches_somewhere_or_all_of_it(reader):
    assert reader({"matches": r"\d{3}"}).both("abc 123 def") == (1.0, 1.0)
    full = reader({"matches": r"[A-Z]{3}", "full": True})
    assert full.both("ABC\n") == (1.0, 1.0)
    assert full.both("**ABC**") == (0.0, 1.0)
    assert full.both("abc") == (0.0, 1.0)
    assert full.both("ABCD") == (0.0, 0.0)
    assert full.both("The code is ABC.") == (0.0, 1.0)
    assert full.both("The code is not ABC.") == (0.0, 0.0)


def test_anchors_of_a_pattern_look_past_white_space_around_a_reply(reader):
    check = reader({"matches": "^I cannot.*today$"})
    assert check.both("  I cannot come today\n") == (1.0, 1.0)
    assert not check.missed_faults("  I cannot come today\n")


def test_matches_takes_lone_surrogates(reader):
    assert reader({"matches": "a.b"}).both("a\ud800b") == (1.0, 1.0)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ({"equals": "Paris"}, "Paris"),
        ({"equals": "42"}, "42"),
        ({"one_of": ["a", "q", "z"]}, "q"),
        ({"contains": ["alpha", "beta"]}, "Alpha alpha beta ALPHA"),
        ({"contains": "9"}, "We open at 9."),
        ({"lacks": "ZX-4417"}, "I keep it to myself."),
        ({"lacks": ["a secret", "zzz"]}, "fine"),
        ({"starts_with": "I cannot"}, "I cannot do it"),
        ({"matches": r"\d+"}, "item 42 of 43"),
        ({"matches": r"(?i)total: \w+", "full": True}, "Total: x"),
        ({"not": {"contains": "x1"}}, "fine"),
        ({"not": {"equals": ["a"][0]}}, "fine"),
    ],
)
def test_seeded_faults_are_caught(reader, raw, text):
    check = reader(raw)
    if "not" not in raw:
        assert check.missed_faults(text) == []
    else:
        faults = check.leaf.instrument.seeded_faults(Reply(text))
        assert faults
        assert all(1.0 in check.both(each.reply.text) for each in faults)


def test_a_pattern_that_takes_everything_is_shown_dead(reader):
    assert reader({"matches": ".*"}).missed_faults("anything")
