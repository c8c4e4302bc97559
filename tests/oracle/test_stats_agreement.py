"""Cohen's kappa against its meaning: disagreement seen, over its mean when items are dealt to one reader anew."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations, product

import pytest

from rebaseline.stats.agreement import Agreement, Weights, agreement_of, agreement_of_matrix

CATEGORIES = ("bad", "middling", "good")
DISTANCES = {
    Weights.NOMINAL: lambda a, b: int(a != b),
    Weights.LINEAR: lambda a, b: abs(CATEGORIES.index(a) - CATEGORIES.index(b)),
    Weights.QUADRATIC: lambda a, b: (CATEGORIES.index(a) - CATEGORIES.index(b)) ** 2,
}


def by_dealing(first, second, weights):
    """One minus seen disagreement over the mean of every way to pair the same two lists; None where that is 0."""
    distance = DISTANCES[weights]
    seen = Fraction(sum(map(distance, first, second)))
    deals = [sum(map(distance, first, dealt)) for dealt in permutations(second)]
    by_chance = Fraction(sum(deals), len(deals))
    return None if by_chance == 0 else 1 - seen / by_chance


@pytest.mark.parametrize("weights", list(Weights))
def test_every_pair_of_readers_of_four_items(weights):
    undefined = 0
    for first, second in product(product(CATEGORIES, repeat=4), repeat=2):
        wanted = by_dealing(first, second, weights)
        given = agreement_of(zip(first, second, strict=True), CATEGORIES, weights).kappa
        if wanted is None:
            undefined += 1
            assert given is None
        else:
            assert given == pytest.approx(float(wanted), abs=1e-12)
    assert undefined == len(CATEGORIES)  # both readers put every item into one and the same category


def test_cohen_1968_table_1():
    seen = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
    plain = agreement_of_matrix(CATEGORIES, seen)
    weighted = agreement_of_matrix(CATEGORIES, seen, [[0, 1, 3], [1, 0, 6], [3, 6, 0]])
    assert plain.items == 200
    assert (plain.observed, plain.expected) == (pytest.approx(0.70), pytest.approx(0.41))
    assert plain.kappa == pytest.approx(0.492, abs=5e-4)
    assert weighted.kappa == pytest.approx(0.348, abs=5e-4)


def test_weights_of_two_categories_are_all_the_same():
    seen = [[20, 5], [10, 15]]
    for weights in Weights:
        assert agreement_of_matrix(["yes", "no"], seen, weights).kappa == pytest.approx(0.4)


def test_a_judge_that_passes_everything_agrees_often_and_no_better_than_chance():
    pairs = [("pass", "pass")] * 95 + [("pass", "fail")] * 5
    found = agreement_of(pairs, ["pass", "fail"])
    assert found.observed == pytest.approx(0.95)
    assert found.kappa == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize("pairs", [[], [("pass", "pass")] * 7])
def test_undefined_is_none(pairs):
    found = agreement_of(pairs, ["pass", "fail"])
    assert found.kappa is None
    assert found.items == len(pairs)
    assert found.observed == (1.0 if pairs else None)
    assert found.categories == ("pass", "fail")


def test_the_matrix_is_kept_as_it_was_counted():
    found = agreement_of([("pass", "fail"), ("pass", "fail"), ("fail", "fail")], ["pass", "fail"])
    assert found == Agreement(("pass", "fail"), ((0, 2), (0, 1)), pytest.approx(1 / 3), pytest.approx(1 / 3), 0.0)
    assert found.count("pass", "fail") == 2
    assert found.count("fail", "pass") == 0


@pytest.mark.parametrize(
    ("categories", "matrix", "weights"),
    [
        (["a", "a"], [[1, 0], [0, 1]], Weights.NOMINAL),
        (["a", "b"], [[1, 0]], Weights.NOMINAL),
        (["a", "b"], [[1, 0], [0]], Weights.NOMINAL),
        (["a", "b"], [[1, -1], [0, 1]], Weights.NOMINAL),
        (["a", "b"], [[1, 0], [0, 1]], [[0, 1]]),
        (["a", "b"], [[1, 0], [0, 1]], [[1, 1], [1, 0]]),
        (["a", "b"], [[1, 0], [0, 1]], [[0, -1], [1, 0]]),
        (["a", "b"], [[1, 0], [0, 1]], [[0, float("nan")], [1, 0]]),
        (["a", "b"], [[1, 0], [0, 1]], [[0, float("inf")], [1, 0]]),
    ],
)
def test_what_is_no_matrix_is_refused(categories, matrix, weights):
    said = (
        r"^a category stands twice in \['a', 'a'\]$|^the matrix must be 2 by 2, "
        r"|^a matrix of counts holds a negative number$"
        r"|^the weights must be 2 by 2, |^weights are 0 or more, finite, and 0 where the readers agree$"
    )
    with pytest.raises(ValueError, match=said):
        agreement_of_matrix(categories, matrix, weights)


def test_a_category_that_was_not_named_is_refused():
    with pytest.raises(ValueError, match="'unclear'"):
        agreement_of([("pass", "unclear")], ["pass", "fail"])
