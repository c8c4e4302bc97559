"""A run that was not made, as JSON: the published shape. Fields are added, never renamed or removed."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from rebaseline.assess.rules import describe_bar
from rebaseline.plan.demand import Demand
from rebaseline.plan.forecast import AssertionForecast, Forecast, SuiteForecast

__all__ = ["ForecastDocument", "forecast_document"]

_FORMAT: Literal[1] = 1
_Basis = Literal["baseline", "stored", "assumed"]
_Help = Literal["none", "samples", "samples and baseline", "too many", "no number", "probes"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class DemandDocument(_Model):
    """What is to be asked now."""

    askings: int = Field(description="conversations; each takes one call or more")
    calls: int = Field(description="calls of their scripts; retries come on top")
    most_calls: int = Field(description="where the model also calls tools in every round that it may")
    batched: int = Field(description="of the askings, those that go through a batch API")
    input_tokens: int = Field(description="expected")
    output_tokens: int | None = Field(description="expected; null: nothing is stored to tell")
    most_input_tokens: int | None = Field(description="null: nothing bounds them")
    most_output_tokens: int | None = Field(description="null: a request names no limit")
    usd: float | None = Field(description="expected; null: unknown, which is not 0")
    most_usd: float | None = Field(description="null: no bound")
    grades: dict[Literal["measured", "scaled", "rough"], int] = Field(
        description="askings by how well their tokens are known"
    )


class ChanceDocument(_Model):
    """Chance of Holds at one rate."""

    rate: float
    chance: float


class SeenDocument(_Model):
    """What a rate was read from."""

    model: str
    replies: int
    samples: int
    steady: bool


class HelpDocument(_Model):
    """What would bring the chance to .8."""

    kind: _Help
    samples: int = Field(description="of each probe; 0 where more of them do not help")
    replies: int


class AssertionDocument(_Model):
    """The chance of one assertion on a model that did not change."""

    suite: str
    assertion: str
    bar: str
    probes: int
    samples: int
    basis: _Basis = Field(description="where the rate comes from")
    seen: SeenDocument | None
    chances: list[ChanceDocument] = Field(description="one; for assumed rates two")
    chance: float = Field(description="the one that decides whether it is weak")
    weak: bool
    help: HelpDocument


class JudgeDocument(_Model):
    """What one judge would be asked."""

    judge: str
    version: str
    target: str
    anchors: int = Field(description="requests about labelled transcripts and controls")
    stored: int = Field(description="requests that are stored and not made again")
    demand: DemandDocument


class SuiteDocument(_Model):
    """One suite."""

    suite: str
    probes: int
    planned: int = Field(description="askings of one block of samples")
    stored: int = Field(description="of these, stored and not asked again")
    served: str | None = Field(description="taken to answer still, since it answered last; null: nobody ever did")
    demand: DemandDocument
    judges: list[JudgeDocument] = Field(default_factory=list)


class ForecastDocument(_Model):
    """What `rebaseline run` would ask, and what chance each bar has."""

    format: Literal[1]
    system: str
    target: str
    asked: bool = Field(description="false: its replies are imported")
    concurrency: int
    seconds: float | None = Field(description="expected time of the live calls; null: unknown")
    max_calls: int | None
    max_usd: float | None
    demand: DemandDocument
    suites: list[SuiteDocument]
    assertions: list[AssertionDocument]


def forecast_document(forecast: Forecast) -> ForecastDocument:
    """Return the document."""
    return ForecastDocument(
        format=_FORMAT,
        system=forecast.system,
        target=forecast.target,
        asked=forecast.asked,
        concurrency=forecast.concurrency,
        seconds=forecast.seconds if forecast.asked else None,
        max_calls=forecast.max_calls,
        max_usd=forecast.max_usd,
        demand=_demand(forecast.demand, priced=forecast.priced),
        suites=[_suite(suite, priced=forecast.priced) for suite in forecast.suites],
        assertions=[_assertion(each) for suite in forecast.suites for each in suite.assertions],
    )


def _suite(suite: SuiteForecast, *, priced: bool) -> SuiteDocument:
    return SuiteDocument(
        suite=suite.suite,
        probes=suite.probes,
        planned=suite.planned,
        stored=suite.stored,
        served=suite.served,
        demand=_demand(suite.demand, priced=priced),
        judges=[
            JudgeDocument(
                judge=judge.judge,
                version=judge.version,
                target=judge.target,
                anchors=judge.anchors,
                stored=judge.stored,
                demand=_demand(judge.demand, priced=judge.priced),
            )
            for judge in suite.judges
        ],
    )


def _demand(demand: Demand, *, priced: bool) -> DemandDocument:
    return DemandDocument(
        askings=demand.askings,
        calls=demand.calls,
        most_calls=demand.most_calls,
        batched=demand.batched,
        input_tokens=round(demand.input_tokens),
        output_tokens=None if demand.output_tokens is None else round(demand.output_tokens),
        most_input_tokens=demand.most_input_tokens,
        most_output_tokens=demand.most_output_tokens,
        usd=demand.usd if priced else None,
        most_usd=demand.most_usd if priced else None,
        grades={grade.value: number for grade, number in demand.grades},
    )


def _assertion(each: AssertionForecast) -> AssertionDocument:
    seen, chance = each.seen, each.chance
    return AssertionDocument(
        suite=each.suite,
        assertion=each.assertion.id,
        bar=describe_bar(each.assertion.bar),
        probes=each.probes,
        samples=each.rounds,
        basis=chance.basis.value,
        seen=None
        if seen is None
        else SeenDocument(model=seen.model, replies=seen.replies, samples=seen.rounds, steady=seen.steady),
        chances=[ChanceDocument(rate=rate, chance=each_chance) for rate, each_chance in chance.at],
        chance=chance.judged,
        weak=chance.weak,
        help=HelpDocument(kind=chance.remedy.kind.value, samples=chance.remedy.samples, replies=chance.remedy.replies),
    )
