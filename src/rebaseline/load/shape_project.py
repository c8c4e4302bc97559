"""The shape of `rebaseline.toml`."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rebaseline.domain.model import SystemStage, TargetKind
from rebaseline.load.shape import Json, Shape, Text, object_to
from rebaseline.load.shape_probe import Parameters

__all__ = [
    "TARGET_SHAPES",
    "OpenAICompatibleShape",
    "ProjectShape",
    "RecordedShape",
]

Outcome = Literal["failing", "invalid", "stale", "unbaselined", "retired", "inconclusive", "unmeasured"]

_DURATION = re.compile(r"([0-9]{1,6})\s*([smhdw])")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}")


def _seconds(value: Any) -> float:
    found = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        object_to(f"{value!r} is not a span of time", 'write a whole number and s, m, h, d or w, such as "24h"')
    return float(found[1]) * _UNITS[found[2]]


def _variable(name: str) -> str:
    if not _VARIABLE.fullmatch(name):
        # The value is not repeated: it may be the key itself.
        object_to("`api_key_env` is not the name of an environment variable", "write its name, never the key itself")
    return name


def _parts(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        object_to("this is not a URL", "check brackets and the port")


def _no_password(url: str) -> str:
    if _parts(url).password:
        object_to("the URL holds a password", "take it out: the driver reads it from the environment")
    return url


def _http(url: str) -> str:
    parts = _parts(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        object_to("`base_url` is not an HTTP address", "write one such as `https://api.openai.com/v1`")
    if parts.query or parts.fragment:
        object_to("`base_url` has a query or a fragment, which may hold a secret", "write the address alone")
    return _no_password(url)


def _inner(path: str) -> str:
    if "\\" in path or ":" in path or path.startswith(("/", "~")) or ".." in PurePosixPath(path).parts:
        object_to(f"`{path[:60]}` does not lie in the project", "write a relative path with forward slashes")
    return path


Folder = Annotated[str, Field(min_length=1), AfterValidator(_inner)]
Seconds = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str)]
Calls = Annotated[int, Field(ge=1, le=1000)]
TargetSort = Annotated[TargetKind, Field(strict=False)]
Timeout = Annotated[float, Field(gt=0, le=3600)]


class SystemShape(Shape):
    """`[system]`."""

    name: Text
    stage: Annotated[SystemStage, Field(strict=False)] = SystemStage.PROTOTYPE
    owner: str = ""


class OpenAICompatibleShape(Shape):
    """`[targets.NAME]` of type `openai-compatible`."""

    type: Literal["openai-compatible"]
    model: Text
    base_url: Annotated[str, AfterValidator(_http)] | None = None
    api_key_env: Annotated[str, AfterValidator(_variable)] | None = None
    provider: Text | None = None
    organization: Text | None = None
    project: Text | None = None
    parameters: Parameters = Field(default_factory=dict)
    kind: TargetSort = TargetKind.MODEL
    timeout_seconds: Timeout | None = None
    concurrency: Calls | None = None


class RecordedShape(Shape):
    """`[targets.NAME]` of type `recorded`: its replies come by import."""

    type: Literal["recorded"]
    model: str = ""
    kind: TargetSort = TargetKind.MODEL


TARGET_SHAPES: dict[str, type[OpenAICompatibleShape | RecordedShape]] = {
    "openai-compatible": OpenAICompatibleShape,
    "recorded": RecordedShape,
}


class PathsShape(Shape):
    """`[paths]`, relative to the project."""

    probes: Folder = "probes"
    baselines: Folder = "baselines"
    reports: Folder = "reports"


class RunShape(Shape):
    """`[run]`."""

    reuse_within: Seconds = 86400.0
    max_usd: Annotated[float, Field(gt=0)] | None = None
    max_calls: Annotated[int, Field(ge=1)] | None = None
    concurrency: Calls = 8


class StoreShape(Shape):
    """`[store]`."""

    url: Annotated[str, Field(pattern=r"^[a-z][a-z0-9+]*:"), AfterValidator(_no_password)] = (
        "sqlite:///.rebaseline/results.db"
    )
    retention_days: Annotated[int, Field(ge=1)] | None = None


class ChecksShape(Shape):
    """`[checks]`."""

    python: bool = False


class PolicyShape(Shape):
    """`[policy.STAGE]`."""

    block: list[Outcome] | None = None
    warn: list[Outcome] | None = None

    @model_validator(mode="after")
    def _one_or_the_other(self) -> PolicyShape:
        both = sorted(set(self.block or ()) & set(self.warn or ()))
        if both:
            object_to(f"`{both[0]}` stands under `block` and under `warn`", "keep one of them")
        return self


class ProjectShape(Shape):
    """The project file; each target is read by the shape of its type."""

    system: SystemShape
    targets: dict[str, Json] = Field(default_factory=dict)
    run: RunShape = Field(default_factory=RunShape)
    store: StoreShape = Field(default_factory=StoreShape)
    checks: ChecksShape = Field(default_factory=ChecksShape)
    policy: dict[Annotated[SystemStage, Field(strict=False)], PolicyShape] = Field(default_factory=dict)
    paths: PathsShape = Field(default_factory=PathsShape)
