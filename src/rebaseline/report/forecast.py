"""The screen of a run that was not made: what it takes, and what chance each bar has."""

from __future__ import annotations

from collections.abc import Iterator

from rebaseline.assess.rules import describe_bar
from rebaseline.domain.suite import Never
from rebaseline.plan.chance import LIKELY, Basis, RemedyKind
from rebaseline.plan.demand import Demand, Grade
from rebaseline.plan.forecast import AssertionForecast, Forecast, SuiteForecast
from rebaseline.report.words import count_of, figure, number_of, one_line, wrapped

__all__ = ["render_forecast", "usd_words"]

_LABEL = 10
_CENT = 0.01
_MINUTE, _HOUR = 60.0, 3600.0


def render_forecast(forecast: Forecast) -> str:
    """Return the screen: first what decides, then every assertion, the weak ones first."""
    return "\n".join(line.rstrip() for line in _lines(forecast)) + "\n"


def _lines(forecast: Forecast) -> Iterator[str]:
    target = f"target {one_line(forecast.target, 40)}"
    yield f"{one_line(forecast.system, 60)}   {target}   nothing was asked"
    yield ""
    if forecast.asked:
        yield from _asked(forecast)
    else:
        yield from _said("calls", "none: its replies are imported, and its plan is what was imported")
    yield from _judges(forecast)
    yield ""
    yield from _chances([each for suite in forecast.suites for each in suite.assertions])


def _judges(forecast: Forecast) -> Iterator[str]:
    """Say what judges take, apart from the target: they are asked once the replies are there."""
    for suite in forecast.suites:
        for judge in suite.judges:
            demand = judge.demand
            cost = "cost unknown" if demand.usd is None or not judge.priced else _about(demand.usd)
            before = f", {judge.stored:,} stored and not made again" if judge.stored else ""
            yield from _said(
                "judge",
                f"{one_line(suite.suite, 40)}/{one_line(judge.judge, 40)} ({one_line(judge.version, 60)}): "
                f"{number_of(demand.calls, 'call')}, {judge.anchors:,} about anchors{before}; {cost}",
            )


def _said(label: str, text: str) -> list[str]:
    return wrapped(f"  {label:<{_LABEL}}", text)


def _asked(forecast: Forecast) -> Iterator[str]:
    demand = forecast.demand
    yield from _said("calls", _calls(forecast, demand))
    yield from _said("cost", _cost(forecast, demand))
    yield from _said("tokens", _tokens(demand))
    yield from _said("time", _time(forecast))
    if forecast.batch:
        yield from _said("batch", f"{count_of(demand.batched, demand.askings)} requests; a batch may take a day")
    for warning in _bounds(forecast, demand):
        yield from _said("bound", warning)
    yield from _answering(forecast)
    if len(forecast.suites) > 1:
        yield ""
        yield from (line for suite in forecast.suites for line in _suite(suite, forecast))


def _calls(forecast: Forecast, demand: Demand) -> str:
    planned = sum(suite.planned for suite in forecast.suites)
    stored = sum(suite.stored for suite in forecast.suites)
    count = f"{demand.calls:,}"
    if demand.most_calls > demand.calls:
        count += f" to {demand.most_calls:,} (more where the model calls tools)"
    parts = [f"{number_of(planned, 'reply')} planned"]
    if stored:
        parts.append(f"{stored:,} of them stored and not asked again")
    if demand.askings > planned - stored:
        parts.append(f"{demand.askings - planned + stored:,} more to learn who answers today")
    return f"{count} now: {', '.join(parts)}"


def _cost(forecast: Forecast, demand: Demand) -> str:
    if not forecast.priced:
        return f"unknown (set price in [targets.{one_line(forecast.target, 40)}])"
    most = "no bound: " + _unbounded(demand) if demand.most_usd is None else f"at most {usd_words(demand.most_usd)}"
    about = "unknown until replies are stored" if demand.usd is None else _about(demand.usd)
    return f"{about}; {most}; retries after faults not counted"


def _unbounded(demand: Demand) -> str:
    if demand.most_output_tokens is None:
        return "some request names no output limit"
    return "results of tools or replies go into later requests"


def _tokens(demand: Demand) -> str:
    output = "an unknown number" if demand.output_tokens is None else f"about {round(demand.output_tokens):,}"
    rough = dict(demand.grades).get(Grade.ROUGH, 0)
    scaled = dict(demand.grades).get(Grade.SCALED, 0)
    text = f"about {round(demand.input_tokens):,} in, {output} out"
    if demand.most_output_tokens is not None:
        text += f" (at most {demand.most_output_tokens:,})"
    if rough:
        text += "; rough: a token for each four bytes, since no reply is stored"
    elif scaled:
        text += f"; {number_of(scaled, 'asking')} by other probes of the suite"
    return text


def _time(forecast: Forecast) -> str:
    seconds = forecast.seconds
    at_a_time = f"{number_of(forecast.concurrency, 'call')} at a time"
    if seconds is None:
        return f"unknown until replies are stored with their latency; {at_a_time}"
    return f"about {_span(seconds)}, {at_a_time}"


def _span(seconds: float) -> str:
    if seconds < _MINUTE:
        return f"{max(1, round(seconds))} s"
    return f"{seconds / _MINUTE:.0f} min" if seconds < 2 * _HOUR else f"{seconds / _HOUR:.1f} h"


def _about(usd: float) -> str:
    return usd_words(usd) if usd < _CENT else f"about {usd_words(usd)}"


def usd_words(usd: float) -> str:
    """Return US dollars in cents, and never 0 for what is not.

    >>> [usd_words(usd) for usd in (0.0, 0.004, 0.42, 1234.5)]
    ['$0', 'under $0.01', '$0.42', '$1,234.50']
    """
    if usd == 0.0:
        return "$0"
    return f"under ${_CENT}" if usd < _CENT else f"${usd:,.2f}"


def _bounds(forecast: Forecast, demand: Demand) -> Iterator[str]:
    if forecast.max_calls is not None and demand.calls > forecast.max_calls:
        yield f"max_calls {forecast.max_calls:,} ends the run early; the same command then asks the rest"
    if forecast.max_usd is not None and not forecast.priced:
        yield f"max_usd {usd_words(forecast.max_usd)} cannot be kept without a price"
    if forecast.max_usd is not None and forecast.priced and demand.usd is not None and demand.usd > forecast.max_usd:
        yield f"max_usd {usd_words(forecast.max_usd)} is less than this is expected to cost"


def _answering(forecast: Forecast) -> Iterator[str]:
    served = {suite.served: None for suite in forecast.suites if suite.served is not None}
    yield ""
    if served:
        names = ", ".join(one_line(name, 60) for name in served)
        text = f"As if {names} still answers: it answered last. `rebaseline run` asks one probe first to learn that."
    else:
        text = "Nobody has answered yet. `rebaseline run` asks one probe first to learn who does."
    yield from wrapped("  ", text)


def _suite(suite: SuiteForecast, forecast: Forecast) -> list[str]:
    demand = suite.demand
    cost = f", {_about(demand.usd)}" if forecast.priced and demand.usd is not None else ""
    stored = f", {suite.stored:,} stored" if suite.stored else ""
    return wrapped(f"  {one_line(suite.suite, 30):<30} ", f"{number_of(demand.calls, 'call')}{stored}{cost}")


def _chances(assertions: list[AssertionForecast]) -> Iterator[str]:
    weak = sum(each.chance.weak for each in assertions)
    yield f"Chance of Holds for a model that did not change: {count_of(weak, len(assertions))} under {figure(LIKELY)}"
    sources = {_source(each): None for each in assertions if each.seen is not None}
    if sources:
        yield from wrapped("  at the rates of ", ", ".join(sources))
    for each in sorted(assertions, key=lambda each: (each.chance.judged, each.suite, each.assertion.id)):
        name = one_line(f"{each.suite}/{each.assertion.id}", 38)
        words = f"{_plan(each)}, {_rate(each, named=len(sources) > 1)}"
        yield from wrapped(f"  {figure(each.chance.judged):<11}{name:<39}", words)
        if each.chance.weak:
            yield from wrapped(" " * 13, _help(each))


def _source(each: AssertionForecast) -> str:
    if each.seen is None:
        return "no model"
    basis = "accepted baseline" if each.seen.basis is Basis.BASELINE else "stored replies"
    return f"{one_line(each.seen.model, 60)} ({basis}{', steady' if each.seen.steady else ''})"


def _plan(each: AssertionForecast) -> str:
    return f"{describe_bar(each.assertion.bar)}, {number_of(each.probes, 'probe')} x {each.rounds}"


def _rate(each: AssertionForecast, *, named: bool) -> str:
    if each.seen is None:
        at = " and ".join(f"{figure(chance)} at {figure(rate)}" for rate, chance in each.chance.at)
        return f"assumed: {at}" if at else "no probe"
    source = f" of {one_line(each.seen.model, 30)}" if named else ""
    return f"at {figure(each.seen.rate)} in {number_of(each.seen.replies, 'reply')}{source}"


def _help(each: AssertionForecast) -> str:
    remedy = each.chance.remedy
    samples = f"samples: {remedy.samples} ({number_of(remedy.replies, 'reply')})"
    words = {
        RemedyKind.NONE: "",
        RemedyKind.SAMPLES: f"{samples} would bring it to {figure(LIKELY)}",
        RemedyKind.SAMPLES_AND_BASELINE: (
            f"{samples}, and a baseline accepted with as many, would bring it to {figure(LIKELY)}"
        ),
        RemedyKind.TOO_MANY: (f"it would take more than {remedy.replies:,} replies, or a looser bar"),
        RemedyKind.NO_NUMBER: "no number of replies would do: " + _hopeless(each),
        RemedyKind.PROBES: "no probe of it can be read",
    }
    return words[remedy.kind]


def _hopeless(each: AssertionForecast) -> str:
    if isinstance(each.assertion.bar, Never):
        return "it was violated, or may have been by a void reply, and one violation is Failing"
    return "the rate does not lie above the bar"
