"""Do two readers of the same items agree, beyond what chance alone would give them?

The share of items on which two readers agree says little where one category is rare: a judge that passes everything
agrees with people on 95 % of replies, if people pass 95 % of them. Cohen's kappa sets the disagreement that was seen
against the one that two readers with the same habits, but blind to the items, would have had,

    kappa = 1 - sum w_ij n_ij / n  /  sum w_ij r_i c_j / n^2

with n_ij items that the first reader puts into i and the second into j, r and c the sums of rows and columns, and w_ij
what that disagreement weighs. It is 1 for readers who always agree, 0 for what chance gives, and less below that.

Where both readers put every item into one and the same category, chance alone explains all agreement: kappa is 0 / 0,
and undefined here, neither 0 nor 1. The matrix then still says what happened.

References:
    Cohen (1960), A coefficient of agreement for nominal scales, Educational and Psychological Measurement 20.
    Cohen (1968), Weighted kappa: nominal scale agreement with provision for scaled disagreement or partial credit,
    Psychological Bulletin 70.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Agreement", "Weights", "agreement_of", "agreement_of_matrix"]


class Weights(StrEnum):
    """What a disagreement weighs, by how far apart the two categories stand in their order."""

    NOMINAL = "nominal"
    """Every disagreement weighs the same."""
    LINEAR = "linear"
    """By the number of steps between the categories."""
    QUADRATIC = "quadratic"
    """By the square of it: near misses weigh little."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two readers read the same items.

    Attributes:
        categories: The categories, in their order.
        matrix: Items by the first reader's category (row) and the second reader's (column).
        observed: Share of items that both put into the same category, in [0, 1]; None without an item.
        expected: The share that chance alone would give readers with these habits, in [0, 1]; None without an item.
        kappa: Cohen's kappa with the weights that were asked for, at most 1; None where it is undefined.
    """

    categories: tuple[str, ...]
    matrix: tuple[tuple[int, ...], ...]
    observed: float | None
    expected: float | None
    kappa: float | None

    @property
    def items(self) -> int:
        """How many items both read."""
        return sum(map(sum, self.matrix))

    def count(self, first: str, second: str) -> int:
        """Return how many items the first reader put into one category and the second into another.

        Raises:
            ValueError: A category that is not among `categories`.
        """
        return self.matrix[self.categories.index(first)][self.categories.index(second)]


def agreement_of(
    pairs: Iterable[tuple[str, str]], categories: Sequence[str], weights: Weights = Weights.NOMINAL
) -> Agreement:
    """Count how two readers read the same items, and weigh it against chance.

    Args:
        pairs: For each item, the first reader's category and the second reader's.
        categories: Every category, each once; for weights other than `NOMINAL` in their order.
        weights: What a disagreement weighs.

    Returns:
        The matrix, the shares and kappa.

    Raises:
        ValueError: A category twice, or an item in a category that is not among them.

    Example:
        >>> agreement_of([("pass", "pass")] * 3, ["pass", "fail"]).kappa is None
        True
    """
    counted = Counter(pairs)
    foreign = sorted({name for pair in counted for name in pair} - set(categories))
    if foreign:
        raise ValueError(f"an item is in category {foreign[0]!r}, which is not one of {list(categories)!r}")
    matrix = tuple(tuple(counted[first, second] for second in categories) for first in categories)
    return agreement_of_matrix(categories, matrix, weights)


def agreement_of_matrix(
    categories: Sequence[str],
    matrix: Sequence[Sequence[int]],
    weights: Weights | Sequence[Sequence[float]] = Weights.NOMINAL,
) -> Agreement:
    """Weigh a counted matrix against chance.

    Args:
        categories: Every category, each once.
        matrix: Items, 0 or more, by the first reader's category (row) and the second reader's (column).
        weights: What a disagreement weighs: by the order of the categories, or a matrix of weights, 0 or more, with
            zeros on its diagonal.

    Returns:
        The matrix, the shares and kappa.

    Raises:
        ValueError: A category twice, a matrix that is not square over the categories or holds a negative count, or
            weights that are negative, not finite, or not zero on the diagonal.

    Example:
        Cohen (1968), table 1: .492 without weights, .348 with the weights given there.

        >>> seen = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]
        >>> round(agreement_of_matrix(["a", "b", "c"], seen).kappa, 3)
        0.492
        >>> round(agreement_of_matrix(["a", "b", "c"], seen, [[0, 1, 3], [1, 0, 6], [3, 6, 0]]).kappa, 3)
        0.348
    """
    size = len(categories)
    if len(set(categories)) != size:
        raise ValueError(f"a category stands twice in {list(categories)!r}")
    _require_square(matrix, size, "the matrix")
    if any(count < 0 for row in matrix for count in row):
        raise ValueError("a matrix of counts holds a negative number")
    counts = tuple(tuple(row) for row in matrix)
    items = sum(map(sum, counts))
    if items == 0:
        return Agreement(tuple(categories), counts, None, None, None)
    rows = [sum(row) for row in counts]
    columns = [sum(row[j] for row in counts) for j in range(size)]
    return Agreement(
        categories=tuple(categories),
        matrix=counts,
        observed=sum(counts[i][i] for i in range(size)) / items,
        expected=sum(rows[i] * columns[i] for i in range(size)) / items**2,
        kappa=_kappa(counts, rows, columns, _weights_of(weights, size)),
    )


def _kappa(
    counts: tuple[tuple[int, ...], ...], rows: list[int], columns: list[int], weights: list[list[float]]
) -> float | None:
    items, places = sum(rows), range(len(rows))
    by_chance = sum(weights[i][j] * rows[i] * columns[j] for i in places for j in places)
    if by_chance == 0:
        return None
    seen = sum(weights[i][j] * counts[i][j] for i in places for j in places)
    return 1.0 - seen * items / by_chance


def _weights_of(weights: Weights | Sequence[Sequence[float]], size: int) -> list[list[float]]:
    if isinstance(weights, Weights):
        return [[_distance(abs(i - j), weights) for j in range(size)] for i in range(size)]
    _require_square(weights, size, "the weights")
    given = [[float(weight) for weight in row] for row in weights]
    if not all(0.0 <= weight < float("inf") for row in given for weight in row) or any(
        given[i][i] for i in range(size)
    ):
        raise ValueError("weights are 0 or more, finite, and 0 where the readers agree")
    return given


def _distance(steps: int, weights: Weights) -> float:
    match weights:
        case Weights.NOMINAL:
            return float(steps > 0)
        case Weights.LINEAR:
            return float(steps)
        case Weights.QUADRATIC:
            return float(steps**2)


def _require_square(matrix: Sequence[Sequence[float]], size: int, name: str) -> None:
    if len(matrix) != size or any(len(row) != size for row in matrix):
        raise ValueError(f"{name} must be {size} by {size}, one row and one column a category")
