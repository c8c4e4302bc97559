"""The shapes of `[targets.NAME]`, one a type. Keys come from the environment: a file names variables, never values."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from rebaseline.domain.model import TargetKind
from rebaseline.load.shape import InnerPath, Name, Shape, Text, object_to
from rebaseline.load.shape_probe import Parameters, ToolShape
from rebaseline.load.target_values import (
    Body,
    Calls,
    Function,
    Headers,
    Http,
    JsonPath,
    TargetSort,
    Timeout,
    TokenHeader,
    TokenScheme,
    Usd,
    Variable,
)

__all__ = [
    "RECORDED",
    "TARGET_SHAPES",
    "AskedShape",
    "AuthShape",
    "PriceShape",
    "ReadShape",
    "TargetShape",
    "settings_of",
]

RECORDED = "recorded"
"""The type of a target whose replies are imported."""


class PriceShape(Shape):
    """`price`: US dollars for a million tokens."""

    input: Usd
    output: Usd
    batch: Annotated[float, Field(ge=0, le=1)] = 0.5


class TargetShape(Shape):
    """What every target may say."""

    type: str
    model: str = ""
    kind: TargetSort = TargetKind.MODEL


class AskedShape(TargetShape):
    """What every target may say that can be asked."""

    timeout_seconds: Timeout | None = None
    concurrency: Calls | None = None
    price: PriceShape | None = None


class _ProviderShape(AskedShape):
    """A provider's model."""

    model: Text
    provider: Text | None = None
    system: str | None = None
    tools: list[ToolShape] | None = None
    parameters: Parameters = Field(default_factory=dict)


class OpenAIShape(_ProviderShape):
    """OpenAI's own platform."""

    type: Literal["openai"]
    api: Literal["responses", "chat"] = "responses"
    base_url: Http | None = None
    api_key_env: Variable | None = None
    organization: Text | None = None
    project: Text | None = None


class OpenAICompatibleShape(_ProviderShape):
    """Whatever else speaks OpenAI's Chat Completions or Responses."""

    type: Literal["openai-compatible"]
    api: Literal["responses", "chat"] = "chat"
    base_url: Http | None = None
    api_key_env: Variable | None = None
    organization: Text | None = None
    project: Text | None = None


class AzureOpenAIShape(_ProviderShape):
    """A deployment on Azure. Its Chat Completions name the version that answered; its Responses name the deployment."""

    type: Literal["azure-openai"]
    model: Annotated[str, Field(min_length=1, alias="deployment")]
    endpoint: Http | None = None
    api: Literal["responses", "chat"] = "chat"
    api_version: Text | None = None
    auth: Literal["key", "entra"] = "key"
    api_key_env: Variable | None = None


class _AnthropicShape(_ProviderShape):
    """Anthropic's models, whichever platform serves them."""

    base_url: Http | None = None
    api_version: Text | None = None
    beta: list[Text] = Field(default_factory=list)


class AnthropicShape(_AnthropicShape):
    """Anthropic's own platform."""

    type: Literal["anthropic"]
    api_key_env: Variable | None = None


class AnthropicBedrockShape(_AnthropicShape):
    """Anthropic's models on Bedrock; credentials as the AWS tools find them."""

    type: Literal["anthropic-bedrock"]
    region: Text | None = None
    api: Literal["messages", "invoke"] = "messages"


class AnthropicVertexShape(_AnthropicShape):
    """Anthropic's models on Vertex; credentials as Google's tools find them."""

    type: Literal["anthropic-vertex"]
    region: Text | None = None
    project_id: Text | None = None


class AuthShape(Shape):
    """`auth`: where the token comes from."""

    token_command: Annotated[list[Text], Field(min_length=1)] | None = None
    token_env: Variable | None = None
    header: TokenHeader = "Authorization"
    scheme: TokenScheme = "Bearer"

    @model_validator(mode="after")
    def _one_source(self) -> AuthShape:
        if (self.token_command is None) == (self.token_env is None):
            object_to("exactly one of `token_command` and `token_env` is needed", "keep one of them")
        return self


class ReadShape(Shape):
    """`read`: where things are found in the application's reply, as JSONPath."""

    reply: JsonPath
    model: JsonPath | None = None
    stop: JsonPath | None = None
    input_tokens: JsonPath | None = None
    output_tokens: JsonPath | None = None
    tool_calls: JsonPath | None = None
    trace: JsonPath | None = None
    request_id: JsonPath | None = None


class HttpShape(AskedShape):
    """An application's own endpoint."""

    type: Literal["http"]
    kind: TargetSort = TargetKind.APPLICATION
    url: Http
    headers: Headers = Field(default_factory=dict)
    auth: AuthShape | None = None
    request: Body | None = None
    read: ReadShape
    identity: dict[Name, JsonPath] = Field(default_factory=dict)
    system: str | None = None
    parameters: Parameters = Field(default_factory=dict)


class PythonShape(AskedShape):
    """A function of the project."""

    type: Literal["python"]
    kind: TargetSort = TargetKind.APPLICATION
    function: Function
    system: str | None = None
    tools: list[ToolShape] | None = None
    parameters: Parameters = Field(default_factory=dict)


class ReplayShape(AskedShape):
    """Replies of a file, given again as if they were asked for."""

    type: Literal["replay"]
    file: InnerPath


class RecordedShape(TargetShape):
    """Replies that come by import: nobody can be asked."""

    type: Literal["recorded"]


TARGET_SHAPES: Mapping[str, type[TargetShape]] = MappingProxyType(
    {
        "anthropic": AnthropicShape,
        "anthropic-bedrock": AnthropicBedrockShape,
        "anthropic-vertex": AnthropicVertexShape,
        "azure-openai": AzureOpenAIShape,
        "http": HttpShape,
        "openai": OpenAIShape,
        "openai-compatible": OpenAICompatibleShape,
        "python": PythonShape,
        RECORDED: RecordedShape,
        "replay": ReplayShape,
    }
)


def settings_of(shape: TargetShape) -> dict[str, Any]:
    """Return what goes into the wire request or the way to it; a value that was not written is left out."""
    outside = {"type", "model", "kind", "timeout_seconds", "concurrency", "price"}
    return shape.model_dump(exclude=outside, exclude_none=True, exclude_defaults=True)
