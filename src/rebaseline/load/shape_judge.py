"""The shape of judges in a suite's file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, model_validator

from rebaseline.domain.judge import KAPPA_FLOOR, JudgeKind
from rebaseline.load.shape import Fraction, Json, Shape, Text, object_to
from rebaseline.load.shape_probe import Parameters, Samples

__all__ = ["AnchorShape", "AnchorTable", "JudgeShape"]

MOST_POINTS = 10


class JudgeVersionShape(Shape):
    """Who judges, or judged before."""

    target: Text
    version: Text


class AnchorShape(Shape):
    """A transcript that people labelled."""

    reply: Text
    label: str | int | float
    prompt: str = ""
    given: Json = Field(default_factory=dict)


AnchorTable = Annotated[str, Field(pattern=r"\.([cC][sS][vV]|[jJ][sS][oO][nN][lL])$")]


def _anchors(value: Any) -> Any:
    if not isinstance(value, str | list):
        object_to(
            "`anchors` is neither a list nor the name of a table",
            "write `anchors: labelled.jsonl` with columns `reply` and `label`, or a list of `{reply, label}`",
        )
    return value


class JudgeShape(JudgeVersionShape):
    """A model as an instrument."""

    kind: Annotated[JudgeKind, Field(strict=False)] = JudgeKind.RUBRIC
    rubric: str = ""
    reference: Text = "{{ reference }}"
    scale: Annotated[int, Field(ge=2, le=MOST_POINTS)] | None = None
    passes_from: Annotated[int, Field(ge=2)] | None = None
    samples: Samples = 1
    parameters: Parameters = Field(default_factory=dict)
    anchors: Annotated[
        Annotated[list[AnchorShape], Field(min_length=1)] | AnchorTable,
        BeforeValidator(_anchors, json_schema_input_type=list[AnchorShape] | AnchorTable),
    ]
    floor: Fraction = KAPPA_FLOOR
    previous: JudgeVersionShape | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> JudgeShape:
        if self.kind is JudgeKind.RUBRIC and not self.rubric.strip():
            object_to("a judge by rubric needs a `rubric`", "say in one sentence what must be true of the reply")
        if self.kind is JudgeKind.PAIRWISE and self.scale is not None:
            object_to("a pairwise judge gives no points", "take `scale` out")
        if self.passes_from is not None and self.passes_from > (self.scale or 0):
            object_to(
                f"`passes_from` is {self.passes_from}, and `scale` is {self.scale or 'not set'}",
                "write the fewest points that are a pass, from 2 to `scale`",
            )
        if self.previous is not None and (self.previous.target, self.previous.version) == (self.target, self.version):
            object_to("`previous` is the judge itself", "name who judged before, or take it out")
        return self
