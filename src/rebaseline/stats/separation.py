"""Do live controls still tell good replies from bad?

A live control arm is a set of probes whose right reading is known: replies of the positive arm ought to pass, those of
the negative arm ought to fail. Youden's J, mean of x on the positive arm minus mean of x on the negative one, is 1 for
a perfect instrument and 0 for one that reads nothing.

"J is below its floor f" contradicts a *set* of pairs of means, {(a, b): a - b >= f}, and one stake must grow against
all of them. So b is cut into cells [b_i, b_i+1] that cover [0, 1 - f], where b must lie if a - b >= f. For each cell

    E_i = E+_i E-_i     E+_i: bets on the positive arm that a < b_i + f,    E-_i: on the negative arm that b > b_i+1

and the evidence after round r is min_i E_i(r). Proof that it is valid: let the true means be (a, b) with a - b >= f,
and b in cell i. Then a >= b + f >= b_i + f and b <= b_i+1, so E+_i and E-_i are both nonnegative supermartingales at
round ends that start at 1; the arms are asked independently, so given the past the expectation of the product is the
product of the expectations, and E_i is one too. min over all cells <= E_i, so by Ville's inequality it ever reaches
1 / alpha with probability alpha at most; and it is at most an e-value at any stopping time. Which cell is the true one
need not be known. "J is at least f" is shown in the same way against {(a, b): a - b < f}: there a <= b_i+1 + f and
b >= b_i for b in [b_i, b_i+1].

References:
    Youden (1950), Index for rating diagnostic tests, Cancer 3.
    Turner and Gruenwald (2023), Exact anytime-valid confidence intervals for contingency tables and beyond,
    Statistics and Probability Letters 198 (e-values for two streams).
"""

from __future__ import annotations

from itertools import pairwise

from rebaseline.stats.eprocess import EValue, log_e_path, weigh_path
from rebaseline.stats.mixture import hedged_mixture
from rebaseline.stats.tally import Tally

__all__ = ["separation_below", "separation_reached", "youden_j"]

_CELLS = 16


def youden_j(positive: Tally, negative: Tally) -> float | None:
    """The difference of the arms' means.

    Args:
        positive: Values of the arm that ought to pass.
        negative: Values of the arm that ought to fail.

    Returns:
        J in [-1, 1]; None where an arm has no reply.
    """
    if positive.mean is None or negative.mean is None:
        return None
    return positive.mean - negative.mean


def separation_below(positive: Tally, negative: Tally, floor: float) -> EValue:
    """Evidence that J lies under its floor: the instrument no longer tells the arms apart.

    Args:
        positive: Complete rounds of the arm that ought to pass.
        negative: Complete rounds of the arm that ought to fail. Round r of both arms is read together; rounds that
            only one arm has are left unread.
        floor: Smallest J that is good enough, in (0, 1).

    Returns:
        The evidence after each round of both arms.

    Raises:
        ValueError: floor outside (0, 1).
    """
    cells = [
        _added(_under(positive, low + floor), _over(negative, high)) for low, high in pairwise(_cuts(_checked(floor)))
    ]
    return _weakest(cells)


def separation_reached(positive: Tally, negative: Tally, floor: float) -> EValue:
    """Evidence that J is at least its floor.

    Args:
        positive: Complete rounds of the arm that ought to pass.
        negative: Complete rounds of the arm that ought to fail, read together with the positive arm's.
        floor: The J to be shown, in (0, 1).

    Returns:
        The evidence after each round of both arms.

    Raises:
        ValueError: floor outside (0, 1).

    Example:
        >>> separation_reached(Tally.of([[1] * 10]), Tally.of([[0] * 10]), floor=0.5).shows(1 / 20)
        True
    """
    cuts = _cuts(_checked(floor))
    # No reply contradicts "b is at least 0" or "a is at most 1": in the first cell only the positive arm can speak, in
    # the last, which runs on to b = 1, only the negative one.
    first = _over(positive, cuts[1] + floor)
    last = _under(negative, cuts[-2])
    shared = min(len(first), len(last))
    inner = [_added(_over(positive, high + floor), _under(negative, low)) for low, high in pairwise(cuts[1:-1])]
    return _weakest([first[:shared], *inner, last[:shared]])


def _cuts(floor: float) -> list[float]:
    return [(1.0 - floor) * i / _CELLS for i in range(_CELLS + 1)]


def _checked(floor: float) -> float:
    if not 0.0 < floor < 1.0:
        raise ValueError(f"floor must lie strictly between 0 and 1, got {floor!r}")
    return floor


def _over(tally: Tally, theta: float) -> tuple[float, ...]:
    return log_e_path(tally, hedged_mixture(theta))


def _under(tally: Tally, theta: float) -> tuple[float, ...]:
    return log_e_path(tally.mirrored(), hedged_mixture(1.0 - theta))


def _added(positive: tuple[float, ...], negative: tuple[float, ...]) -> tuple[float, ...]:
    """The product of two stakes, over the rounds that both arms have."""
    return tuple(a + b for a, b in zip(positive, negative, strict=False))


def _weakest(cells: list[tuple[float, ...]]) -> EValue:
    return weigh_path(tuple(min(stakes) for stakes in zip(*cells, strict=True)))
