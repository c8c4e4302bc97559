"""The shape of assertions in a suite's file."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from rebaseline.domain.attempt import Stop
from rebaseline.domain.form import FormEffect
from rebaseline.domain.suite import Expectation, Kind, OnRefusal
from rebaseline.load.findings import closest
from rebaseline.load.shape import FormName, Fraction, Json, Label, Name, Shape, Text, object_to, require_one

__all__ = [
    "CHECK_MARK",
    "AliveIfShape",
    "AssertionShape",
    "BarShape",
    "Consumer",
    "ControlShape",
    "ControlsShape",
    "KindName",
    "Layer",
    "LiveShape",
    "ReferenceFrom",
    "RetiredShape",
    "check_in_full",
]

CHECK_MARK: dict[str, Any] = {"title": "check", "type": "object", "description": "filled in by the registry"}
"""Stands in the generated schema where the registry's checks belong."""

Layer = Literal["data", "retrieval", "identity", "policy", "observability", "interaction", "model"]
KindName = Annotated[Kind, Field(strict=False)]
Consumer = dict[FormName, Annotated[FormEffect, Field(strict=False)]]


def check_in_full(value: Any) -> Any:
    """A check that takes nothing may be written by its name alone: `check: refuses`."""
    return {value: True} if isinstance(value, str) and value else value


Check = Annotated[Json, BeforeValidator(check_in_full), Field(min_length=1), WithJsonSchema(CHECK_MARK)]


MEANINGS = ("refusal", "compliance")
"""Claims that the built-in refusal reading can read a second time."""


def _means(value: Any) -> Any:
    known = isinstance(value, dict) or value is None or value in MEANINGS
    if not known:
        written = str(value)[:60]
        remedy = closest(written, MEANINGS)
        object_to(f"`means` is `{written}`, neither `refusal` nor `compliance` nor a check", remedy)
    if value == {}:
        object_to("`means` names no check", "write for example `means: {contains: text}`")
    return value


Means = Annotated[
    str | Json, BeforeValidator(_means), WithJsonSchema({"anyOf": [{"enum": list(MEANINGS)}, CHECK_MARK]})
]


def _rate(rate: float) -> float:
    if rate == 1:
        object_to("a bar of 1.0 can never be shown by any number of replies", "use `never` for what may not happen")
    if not 0 < rate < 1:
        object_to(f"`at_least` is {rate}, not strictly between 0 and 1", "write a share such as 0.9")
    return rate


class NeverShape(Shape):
    """No violation may be seen, and the rate must be shown under `ceiling`."""

    ceiling: Fraction = 0.05


class BarShape(Shape):
    """The level that a claim must reach: one of three kinds."""

    at_least: Annotated[
        float, AfterValidator(_rate), WithJsonSchema({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1})
    ] = 0.8
    never: NeverShape | None = None
    no_worse: Fraction = 0.1

    @model_validator(mode="after")
    def _one_kind(self) -> BarShape:
        require_one(self, "at_least", "never", "no_worse")
        return self


def _bar(value: Any) -> Any:
    return {"never": {}} if value in ("never", {"never": None}) else value


Bar = Annotated[BarShape, BeforeValidator(_bar, json_schema_input_type=Literal["never"] | BarShape)]


class CallShape(Shape):
    """A tool call of a control; arguments as a mapping, or as the JSON text that was received."""

    name: Text
    arguments: Any = Field(default_factory=dict)


class ControlShape(Shape):
    """A transcript whose right reading is known."""

    text: str = ""
    stop: Annotated[Stop, Field(strict=False)] = Stop.COMPLETE
    tool_calls: list[CallShape] = Field(default_factory=list)
    given: Json = Field(default_factory=dict)


def _control(value: Any) -> Any:
    return {"text": value} if isinstance(value, str) else value


Control = Annotated[ControlShape, BeforeValidator(_control, json_schema_input_type=str | ControlShape)]


def _side(value: Any) -> Expectation:
    if value not in {"passes", "fails"}:
        object_to(f"`expected` is {value!r}", "write `passes` or `fails`")
    return Expectation(value)


class LiveShape(Shape):
    """Probes whose right reading is known: one arm to be told from the claim's own replies, or two from each other."""

    model_config = ConfigDict(
        json_schema_extra={"oneOf": [{"required": ["on", "expected"]}, {"required": ["passes", "fails"]}]}
    )

    on: Label | None = None
    expected: Annotated[Any, AfterValidator(_side), WithJsonSchema({"enum": ["passes", "fails"]})] = None
    passes: Label | None = None
    fails: Label | None = None
    floor: Annotated[float, Field(gt=0, lt=1)] = 0.5

    @model_validator(mode="after")
    def _one_form(self) -> LiveShape:
        given = {name for name in ("on", "expected", "passes", "fails") if getattr(self, name) is not None}
        if given not in ({"on", "expected"}, {"passes", "fails"}):
            object_to(
                f"a live control has {' and '.join(f'`{name}`' for name in sorted(given)) or 'no arm'}",
                "write `on` and `expected` to set one arm against the claim's own replies, or `passes` and `fails` for "
                "two arms of their own",
            )
        return self


class ControlsShape(Shape):
    """What tests the check."""

    passes: list[Control] = Field(default_factory=list)
    fails: list[Control] = Field(default_factory=list)
    voids: list[Control] = Field(default_factory=list)
    given: Json = Field(default_factory=dict)
    live: LiveShape | None = None


def _year(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ReferenceFromShape(Shape):
    """Where reference answers come from."""

    model: Text
    at: Annotated[str, BeforeValidator(_year, json_schema_input_type=str | int)] = ""


def _reference_from(value: Any) -> Any:
    return {"model": value} if isinstance(value, str) else value


ReferenceFrom = Annotated[
    ReferenceFromShape, BeforeValidator(_reference_from, json_schema_input_type=str | ReferenceFromShape)
]


class AliveIfShape(Shape):
    """The arm that shows that the model still engages."""

    on: Label
    check: Check
    rate: Fraction = 0.5


def _day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        object_to(f"`on` is {value[:40]!r}, not a day", "write it as 2026-11-26")
    return value


class RetiredShape(Shape):
    """The assertion is out of use: it stays in the file, and nothing is read for it."""

    reason: Text
    on: Annotated[str, AfterValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
    by: str = ""


class AssertionShape(Shape):
    """A claim about replies."""

    id: Name
    claim: Text
    check: Check
    on: Label | None = None
    bar: Bar | None = None
    kind: KindName | None = None
    layers: list[Layer] | None = None
    owner: str | None = None
    form_claimed: list[FormName] = Field(default_factory=list)
    consumer: Consumer = Field(default_factory=dict)
    on_refusal: Annotated[OnRefusal, Field(strict=False)] | None = None
    means: Means | None = None
    reference_from: ReferenceFrom | None = None
    alive_if: AliveIfShape | None = None
    controls: ControlsShape = Field(default_factory=ControlsShape)
    retired: RetiredShape | None = None
