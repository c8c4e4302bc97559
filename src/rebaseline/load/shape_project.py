"""The shape of `rebaseline.toml`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from rebaseline.domain.model import SystemStage
from rebaseline.domain.spans import seconds_of
from rebaseline.load.shape import InnerPath, Json, Shape, Text, object_to, require_one
from rebaseline.load.target_values import Calls, no_password

__all__ = ["LedgerShape", "ProjectShape"]

Outcome = Literal["failing", "invalid", "stale", "unbaselined", "retired", "inconclusive", "unmeasured"]


def _seconds(value: Any) -> float:
    seconds = seconds_of(value) if isinstance(value, str) else None
    if seconds is None:
        object_to(f"{value!r} is not a span of time", 'write a whole number and s, m, h, d or w, such as "24h"')
    return seconds


Seconds = Annotated[float, BeforeValidator(_seconds, json_schema_input_type=str)]


class SystemShape(Shape):
    """`[system]`."""

    name: Text
    stage: Annotated[SystemStage, Field(strict=False)] = SystemStage.PROTOTYPE
    owner: str = ""


class PathsShape(Shape):
    """`[paths]`, relative to the project."""

    probes: InnerPath = "probes"
    baselines: InnerPath = "baselines"
    reports: InnerPath = "reports"
    labels: InnerPath = "labels"


class RunShape(Shape):
    """`[run]`."""

    reuse_within: Seconds = 86400.0
    max_usd: Annotated[float, Field(gt=0)] | None = None
    max_calls: Annotated[int, Field(ge=1)] | None = None
    concurrency: Calls = 8


class RedactShape(Shape):
    """One entry of `redact` under `[store]`."""

    pattern: Text | None = None
    preset: Literal["card", "email", "iban", "phone"] | None = None
    replacement: Annotated[str | None, Field(alias="with", max_length=200)] = None

    @model_validator(mode="after")
    def _one(self) -> RedactShape:
        require_one(self, "pattern", "preset")
        return self


class StoreShape(Shape):
    """`[store]`."""

    url: Annotated[str, Field(pattern=r"^[a-z][a-z0-9+]*:"), AfterValidator(no_password)] = (
        "sqlite:///.rebaseline/results.db"
    )
    retention_days: Annotated[int, Field(ge=1)] | None = None
    redact: Annotated[list[RedactShape], Field(max_length=100)] = Field(default_factory=list)


class ChecksShape(Shape):
    """`[checks]`."""

    python: bool = False


class LedgerShape(Shape):
    """`[ledger]`."""

    signed: bool = False
    signed_since: date | None = None
    signers: InnerPath | None = None
    separate_duties: bool = False

    @model_validator(mode="after")
    def _since_what(self) -> LedgerShape:
        if self.signed_since is not None and not self.signed:
            object_to("`signed_since` stands without `signed = true`", "write that, too, or take this out")
        return self


class PolicyShape(Shape):
    """`[policy.STAGE]`."""

    block: list[Outcome] | None = None
    warn: list[Outcome] | None = None
    max_waiver_days: Annotated[int, Field(ge=1, le=3650)] | None = None

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
    ledger: LedgerShape = Field(default_factory=LedgerShape)
    policy: dict[Annotated[SystemStage, Field(strict=False)], PolicyShape] = Field(default_factory=dict)
    paths: PathsShape = Field(default_factory=PathsShape)
