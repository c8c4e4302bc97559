"""What askings take: calls, tokens, money and time, expected and at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from rebaseline.domain.model import Price

__all__ = ["Asking", "Demand", "Estimate", "Grade", "Measured", "add_demands", "demand_of", "estimate_askings"]

_BYTES_A_TOKEN = 4.0


class Grade(StrEnum):
    """How well the tokens of a probe are known."""

    MEASURED = "measured"
    """Counted by the provider for the same request."""
    SCALED = "scaled"
    """Counted for other probes of the suite, and scaled by bytes."""
    ROUGH = "rough"
    """Nothing is stored: a token for each four bytes."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One asking of a probe, as far as it can be known before.

    Attributes:
        probe: Probe id.
        calls: Calls that its script takes, at least 1.
        most_calls: Calls where the model also calls tools in every round that it may.
        request_bytes: Bytes of text of the requests of all `calls`.
        most_input_tokens: Bound on the tokens of these requests; None where replies or results of tools go into later
            requests and nothing bounds them.
        output_limit: Limit on the tokens of one reply; None where none is named.
    """

    probe: str
    calls: int
    most_calls: int
    request_bytes: int
    most_input_tokens: int | None
    output_limit: int | None


@dataclass(frozen=True, slots=True)
class Measured:
    """What the stored replies to a probe took, each in all calls of its conversation; None where it was not told.

    Attributes:
        input_tokens: Mean tokens of the requests.
        output_tokens: Mean tokens of the replies.
        seconds: Mean latency.
    """

    input_tokens: float | None = None
    output_tokens: float | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one asking of a probe takes.

    Attributes:
        asking: The asking.
        grade: How well its tokens are known.
        input_tokens: Expected tokens of requests.
        output_tokens: Expected tokens of replies; None where nothing is stored to tell.
        seconds: Expected time of its calls, one after the other; None where nothing is stored to tell.
    """

    asking: Asking
    grade: Grade
    input_tokens: float
    output_tokens: float | None
    seconds: float | None

    @property
    def most_input_tokens(self) -> int | None:
        """Bound on the tokens of its requests."""
        return self.asking.most_input_tokens

    @property
    def most_output_tokens(self) -> int | None:
        """Bound on the tokens of its replies."""
        limit = self.asking.output_limit
        return None if limit is None else limit * self.asking.most_calls


def estimate_askings(askings: Iterable[Asking], measured: Mapping[str, Measured]) -> dict[str, Estimate]:
    """Return what one asking of each probe takes, by probe id.

    Args:
        askings: One a probe.
        measured: By probe id, what the stored replies of the newest version took.
    """
    listed = tuple(askings)
    known = [(each, measured[each.probe]) for each in listed if each.probe in measured]
    usual_input = _ratio([(found.input_tokens, each.request_bytes) for each, found in known])
    usual_output = _ratio([(found.output_tokens, each.calls) for each, found in known])
    usual_seconds = _ratio([(found.seconds, each.calls) for each, found in known])
    return {
        each.probe: _estimate(each, measured.get(each.probe, Measured()), usual_input, usual_output, usual_seconds)
        for each in listed
    }


def _ratio(pairs: list[tuple[float | None, int]]) -> float | None:
    told = [(amount, base) for amount, base in pairs if amount is not None and base]
    return sum(amount for amount, _ in told) / sum(base for _, base in told) if told else None


def _estimate(
    asking: Asking,
    found: Measured,
    usual_input: float | None,
    usual_output: float | None,
    usual_seconds: float | None,
) -> Estimate:
    if found.input_tokens is not None:
        grade, input_tokens = Grade.MEASURED, found.input_tokens
    elif usual_input is not None:
        grade, input_tokens = Grade.SCALED, usual_input * asking.request_bytes
    else:
        grade, input_tokens = Grade.ROUGH, asking.request_bytes / _BYTES_A_TOKEN
    return Estimate(
        asking,
        grade,
        input_tokens,
        _own_or_scaled(found.output_tokens, usual_output, asking.calls),
        _own_or_scaled(found.seconds, usual_seconds, asking.calls),
    )


def _own_or_scaled(own: float | None, usual: float | None, calls: int) -> float | None:
    if own is not None:
        return own
    return None if usual is None else usual * calls


@dataclass(frozen=True, slots=True)
class Demand:
    """What some askings take together.

    Attributes:
        askings: Askings.
        calls: Calls of their scripts; retries of faulted calls come on top.
        most_calls: Calls where the model also calls tools in every round that it may.
        batched: Of the askings, those that go through a batch API.
        input_tokens: Expected tokens of requests.
        output_tokens: Expected tokens of replies; None where nothing is stored to tell.
        most_input_tokens: Bound on them; None where there is none.
        most_output_tokens: Bound on them; None where a request names no limit.
        usd: Expected cost; None where price or tokens are not known: unknown is not 0.
        most_usd: Bound on the cost; None where price or a bound is not known.
        seconds: Expected time of the live calls one after the other; None where nothing is stored to tell.
        longest_seconds: Of these, the longest asking.
        grades: Askings by how well their tokens are known.
    """

    askings: int = 0
    calls: int = 0
    most_calls: int = 0
    batched: int = 0
    input_tokens: float = 0.0
    output_tokens: float | None = 0.0
    most_input_tokens: int | None = 0
    most_output_tokens: int | None = 0
    usd: float | None = 0.0
    most_usd: float | None = 0.0
    seconds: float | None = 0.0
    longest_seconds: float = 0.0
    grades: tuple[tuple[Grade, int], ...] = ()


def demand_of(estimate: Estimate, askings: int, price: Price | None, *, batch: bool = False) -> Demand:
    """Return what so many askings of one probe take.

    Args:
        estimate: One of them.
        askings: How many, 0 or more.
        price: What tokens cost; None where nobody said.
        batch: They go through a batch API: at its price, and no call of them is waited for.
    """
    if not askings:
        return Demand()
    asking = estimate.asking
    output = _times(askings, estimate.output_tokens)
    most_input, most_output = estimate.most_input_tokens, estimate.most_output_tokens
    most_input = None if most_input is None else askings * most_input
    most_output = None if most_output is None else askings * most_output
    return Demand(
        askings=askings,
        calls=askings * asking.calls,
        most_calls=askings * asking.most_calls,
        batched=askings if batch else 0,
        input_tokens=askings * estimate.input_tokens,
        output_tokens=output,
        most_input_tokens=most_input,
        most_output_tokens=most_output,
        usd=_usd(price, askings * estimate.input_tokens, output, batch=batch),
        most_usd=_usd(price, most_input, most_output, batch=batch),
        seconds=0.0 if batch else _times(askings, estimate.seconds),
        longest_seconds=0.0 if batch else estimate.seconds or 0.0,
        grades=((estimate.grade, askings),),
    )


def add_demands(demands: Iterable[Demand]) -> Demand:
    """Return what all of them take; a sum is unknown as soon as one part of it is."""
    listed = tuple(demands)
    grades = {grade: sum(n for each in listed for which, n in each.grades if which is grade) for grade in Grade}
    return Demand(
        askings=sum(each.askings for each in listed),
        calls=sum(each.calls for each in listed),
        most_calls=sum(each.most_calls for each in listed),
        batched=sum(each.batched for each in listed),
        input_tokens=sum(each.input_tokens for each in listed),
        output_tokens=_sum(each.output_tokens for each in listed),
        most_input_tokens=_count(each.most_input_tokens for each in listed),
        most_output_tokens=_count(each.most_output_tokens for each in listed),
        usd=_sum(each.usd for each in listed),
        most_usd=_sum(each.most_usd for each in listed),
        seconds=_sum(each.seconds for each in listed),
        longest_seconds=max((each.longest_seconds for each in listed), default=0.0),
        grades=tuple((grade, number) for grade, number in grades.items() if number),
    )


def _times(askings: int, amount: float | None) -> float | None:
    return None if amount is None else askings * amount


def _usd(price: Price | None, input_tokens: float | None, output_tokens: float | None, *, batch: bool) -> float | None:
    if price is None or input_tokens is None or output_tokens is None:
        return None
    return price.usd(round(input_tokens), round(output_tokens), batch=batch)


def _sum(amounts: Iterable[float | None]) -> float | None:
    listed = list(amounts)
    known = [amount for amount in listed if amount is not None]
    return sum(known, 0.0) if len(known) == len(listed) else None


def _count(amounts: Iterable[int | None]) -> int | None:
    total = _sum(amounts)
    return None if total is None else int(total)
