"""The shape of a suite's file as a whole."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from rebaseline.load.shape import Json, Name, Shape
from rebaseline.load.shape_assertion import AssertionShape, Bar, Consumer, KindName, Layer, ReferenceFrom
from rebaseline.load.shape_judge import JudgeShape
from rebaseline.load.shape_probe import ProbeDefaultsShape, ProbeShape, TableShape

__all__ = ["DefaultsShape", "HeaderShape", "PreludeShape", "SuiteShape"]


class HeaderShape(Shape):
    """Which suite this is."""

    id: Name
    version: Annotated[int, Field(ge=1)]
    kind: KindName
    owner: str
    layers: list[Layer] = Field(default_factory=list)
    description: str = ""


class DefaultsShape(ProbeDefaultsShape):
    """What holds for every probe and assertion that does not say otherwise."""

    bar: Bar | None = None


class PreludeShape(Shape):
    """Everything in a suite's file but its probes and assertions, which are read one by one."""

    suite: HeaderShape
    defaults: DefaultsShape = Field(default_factory=DefaultsShape)
    vars: Json = Field(default_factory=dict)
    consumer: Consumer = Field(default_factory=dict)
    judges: dict[Name, JudgeShape] = Field(default_factory=dict)
    reference_from: ReferenceFrom | None = None


class SuiteShape(PreludeShape):
    """A suite's file, for the schema that editors read."""

    probes: ProbeShape | TableShape | Annotated[list[ProbeShape | TableShape], Field(min_length=1)]
    assertions: Annotated[list[AssertionShape], Field(min_length=1)]
