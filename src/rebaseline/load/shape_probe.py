"""The shape of probes in a suite's file."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, WithJsonSchema, model_validator

from rebaseline.load.secret_names import secret_in
from rebaseline.load.shape import Json, Label, Shape, Text, object_to, require_one

__all__ = ["MOST_SAMPLES", "ProbeDefaultsShape", "ProbeShape", "TableShape", "ToolShape", "TurnShape"]

MOST_SAMPLES = 1000

_OURS = {
    "model": "the target names the model",
    "messages": "write `user` or `turns`",
    "n": "write `samples`",
    "stream": "replies are read whole",
}


def _parameters(parameters: Json) -> Json:
    secret = secret_in(parameters)
    if secret is not None:
        object_to(
            f"`{secret}` looks like a secret", "keys come from the environment: set `api_key_env` in rebaseline.toml"
        )
    for name, remedy in _OURS.items():
        if name in parameters:
            object_to(f"`{name}` is not a parameter that a suite sets", remedy)
    return parameters


def _adversarial(value: Any) -> bool | str:
    if not isinstance(value, bool | str):
        object_to(f"{value!r} is neither true nor false nor a template", 'write true, or "{{ column }}"')
    return value


Parameters = Annotated[Json, AfterValidator(_parameters)]
Samples = Annotated[int, Field(ge=1, le=MOST_SAMPLES)]
Tags = Annotated[list[Label], Field(max_length=100)]


class TurnShape(Shape):
    """One scripted turn: `{user: …}` or `{assistant: …}`."""

    user: Text | None = None
    assistant: Text | None = None

    @model_validator(mode="after")
    def _one_speaker(self) -> TurnShape:
        require_one(self, "user", "assistant")
        return self


class ToolShape(Shape):
    """A tool that the model may call; `result` is returned at each call."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.-]{1,64}$")]
    description: str = ""
    parameters: Json = Field(default_factory=dict)
    result: Any = None


class _Entry(Shape):
    """What a probe and a table of probes share."""

    user: Text | None = None
    turns: Annotated[list[TurnShape], Field(min_length=1, max_length=200)] | None = None
    system: str | None = None
    tools: list[ToolShape] | None = None
    parameters: Parameters = Field(default_factory=dict)
    samples: Samples | None = None
    tags: Tags = Field(default_factory=list)
    fields: Json = Field(default_factory=dict)
    reference: Any = None

    @model_validator(mode="after")
    def _one_reference(self) -> _Entry:
        if "reference" in self.model_fields_set and "reference" in self.fields:
            object_to("`reference` is written twice", "write it beside `id`, or in `fields`")
        return self

    @model_validator(mode="after")
    def _one_conversation(self) -> _Entry:
        require_one(self, "user", "turns")
        if self.turns and self.turns[-1].user is None:
            object_to("the last turn is the assistant's", "end with a user turn: its reply is what is read")
        return self


class ProbeShape(_Entry):
    """A probe that is written out."""

    id: Label
    adversarial: bool = False


class TableShape(_Entry):
    """One probe for each row of a table."""

    each: Annotated[str, Field(pattern=r"\.([cC][sS][vV]|[jJ][sS][oO][nN][lL])$")]
    id: Text | None = None
    adversarial: Annotated[
        Any, AfterValidator(_adversarial), WithJsonSchema({"type": ["boolean", "string"], "default": False})
    ] = False


class ProbeDefaultsShape(Shape):
    """What holds for every probe that does not say otherwise."""

    samples: Samples | None = None
    parameters: Parameters = Field(default_factory=dict)
    system: str | None = None
    tools: list[ToolShape] = Field(default_factory=list)
    tags: Tags = Field(default_factory=list)
