"""The shapes of `[targets.NAME]`, one a type. Keys come from the environment: a file names variables, never values."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, model_validator

from rebaseline.domain.model import TargetKind
from rebaseline.errors import ConfigurationError
from rebaseline.load.secret_names import secret_in
from rebaseline.load.shape import InnerPath, Json, Name, Shape, Text, object_to
from rebaseline.load.shape_probe import Parameters, ToolShape
from rebaseline.targets.http_request import body_template
from rebaseline.targets.json_places import place_of

__all__ = [
    "RECORDED",
    "TARGET_SHAPES",
    "AskedShape",
    "AuthShape",
    "Calls",
    "PriceShape",
    "ReadShape",
    "TargetShape",
    "no_password",
    "settings_of",
]

RECORDED = "recorded"
"""The type of a target whose replies are imported."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")
_FUNCTION = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*:[A-Za-z_][A-Za-z0-9_.]*")
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_OURS = frozenset({"authorization", "content-length", "content-type", "host", "transfer-encoding"})


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        # The value is not repeated: it may be the key itself.
        object_to("this is not the name of an environment variable", "write its name, never the key itself")
    return name


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        object_to("this is not a URL", "check brackets and the port")


def no_password(url: str) -> str:
    """Refuse an address with a password in it."""
    if _parts(url).password:
        object_to("the URL holds a password", "take it out: the driver reads it from the environment")
    return url


def _http(url: str) -> str:
    parts = _parts(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        object_to("this is not an HTTP address", "write one such as `https://api.openai.com/v1`")
    if parts.query or parts.fragment:
        object_to("the address has a query or a fragment, which may hold a secret", "write the address alone")
    no_password(url)
    if parts.username:
        object_to("the URL holds a user, which may be a secret", "write the address alone")
    return url


def _function(name: str) -> str:
    if not _FUNCTION.fullmatch(name):
        object_to(f"`{name[:60]}` does not name a function", "write `module:function`")
    return name


def _path(path: str) -> str:
    if not path.startswith("$"):
        object_to(f"`{path[:60]}` is not a JSONPath", "begin with `$`, as in `$.answer`")
    return place_of(path).path


def _body(template: Json) -> Json:
    return dict(body_template(template, "").template)


def _told(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Let a check of an adapter's settings object in the words of a file."""

    def read(value: Any) -> Any:
        try:
            return check(value)
        except ConfigurationError as error:
            object_to(error.problem, error.remedy)

    return read


def _headers(headers: dict[str, str]) -> dict[str, str]:
    secret = secret_in(headers)
    if secret is not None:
        object_to(f"the header `{secret}` looks like a secret", "open the endpoint with `auth`")
    for name, value in headers.items():
        if not _HEADER.fullmatch(name) or name.lower() in _OURS:
            object_to(f"the header `{name[:60]}` cannot be set here", "take it out; what opens the endpoint is `auth`")
        if not value.isascii() or not value.isprintable():
            object_to(f"the header `{name}` holds characters that no header can", "write printable ASCII")
    return headers


Calls = Annotated[int, Field(ge=1, le=1000)]
Http = Annotated[str, AfterValidator(_http)]
Variable = Annotated[str, AfterValidator(_variable)]
Body = Annotated[Json, AfterValidator(_told(_body))]
JsonPath = Annotated[str, AfterValidator(_told(_path))]
TargetSort = Annotated[TargetKind, Field(strict=False)]
Timeout = Annotated[float, Field(gt=0, le=3600)]
Usd = Annotated[float, Field(ge=0, le=1e6)]


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
    header: Annotated[str, Field(pattern=_HEADER.pattern)] = "Authorization"
    scheme: str = "Bearer"

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
    headers: Annotated[dict[str, str], AfterValidator(_headers)] = Field(default_factory=dict)
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
    function: Annotated[str, AfterValidator(_function)]
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
