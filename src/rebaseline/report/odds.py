"""Probabilities, stakes and levels as people read them."""

from __future__ import annotations

import math

__all__ = ["level_words", "odds_words", "short", "stake_words"]

_MILLION = 1e6
_THOUSAND = 1e3
_RARE = 0.095
_ROUNDING = 1e-6
_LOG_MILLION = math.log(_MILLION)


def short(value: float) -> str:
    """Return a figure with three digits, without the zero that says nothing: .0321.

    >>> short(0.0321), short(-0.5), short(1.0), short(2.687e-40)
    ('.0321', '-.5', '1', '2.69e-40')
    """
    text = f"{value:.3g}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text


def odds_words(probability: float) -> str:
    """Return a bound of a probability as a count of cases, for which it is the most.

    >>> odds_words(0.437), odds_words(0.0321), odds_words(1e-9), odds_words(1.0)
    ('at most 44 times in 100', 'at most 1 time in 31', 'less than 1 time in a million', 'perhaps always')
    """
    if probability >= 0.995:  # noqa: PLR2004 - more than 99 in 100 when rounded
        return "perhaps always"
    if probability >= _RARE:
        return f"at most {math.ceil(100 * probability - _ROUNDING)} times in 100"
    if probability < 1.0 / _MILLION:
        return "less than 1 time in a million"
    return f"at most 1 time in {math.floor(1.0 / probability + _ROUNDING):,}"


def level_words(alpha: float) -> str:
    """Return an error level as the fraction that it is: 1/200.

    >>> level_words(0.005)
    '1/200'
    """
    return f"1/{round(1.0 / alpha):,}"


def stake_words(log_e: float) -> str:
    """Return what a stake of 1 is worth; beyond a million only the magnitude matters.

    >>> stake_words(0.0), stake_words(-math.inf), stake_words(math.log(41.23)), stake_words(100.0)
    ('1', '0', '41.2', '10^43.4')
    """
    if log_e == -math.inf:
        return "0"
    if log_e > _LOG_MILLION:
        return f"10^{log_e / math.log(10):.1f}"
    worth = math.exp(log_e)
    return f"{worth:,.0f}" if worth >= _THOUSAND else short(worth)
