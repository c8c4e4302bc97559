"""Who really answered, and what was asked of whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from rebaseline.domain.canonical import fingerprint

__all__ = ["KnownModel", "ModelVersion", "Price", "Provenance", "System", "SystemStage", "Target", "TargetKind"]


_WAY_THERE = frozenset(
    {
        *("api_key_env", "api_version", "auth", "base_url", "endpoint", "organization", "project", "project_id"),
        *("provider", "region", "url"),
    }
)


class SystemStage(StrEnum):
    """The state of the company's system; each has standards of its own."""

    PROTOTYPE = "prototype"
    MVP = "mvp"
    PRODUCTION = "production"


@dataclass(frozen=True, slots=True)
class System:
    """What the company runs.

    Attributes:
        name: Its name.
        stage: Its state.
        owner: Who answers for it; empty while nobody does.
    """

    name: str
    stage: SystemStage = SystemStage.PROTOTYPE
    owner: str = ""


class TargetKind(StrEnum):
    """Whether the suite or the application sets the limits of a reply."""

    MODEL = "model"
    """A provider's model: the suite sets its parameters, so a cut reply is the suite's doing."""
    APPLICATION = "application"
    """The application's own endpoint: what it returns is what its users get."""


@dataclass(frozen=True, slots=True)
class Target:
    """One way to ask the system.

    Attributes:
        name: Its name in `rebaseline.toml`.
        type: The adapter: `openai-compatible`, `recorded`, ….
        kind: Who sets the limits of a reply.
        model: The id that requests name.
        settings: Whatever else goes into the wire request or the way to it; never a secret.
        identity: What the application says of itself: build, prompt, index. Empty for a bare model.
    """

    name: str
    type: str
    kind: TargetKind
    model: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)

    @property
    def fingerprint(self) -> str:
        """Digest of what shapes the wire request; model id, address, API version and keys are left out."""
        settings = {key: value for key, value in self.settings.items() if key not in _WAY_THERE}
        return fingerprint({"type": self.type, "settings": settings, "identity": dict(self.identity)})


@dataclass(frozen=True, slots=True)
class Price:
    """What a target costs. No price is built in: one of ours would be out of date within weeks.

    Attributes:
        input_usd: For a million tokens of requests.
        output_usd: For a million tokens of replies.
        batch: Factor on both for what is asked through the provider's batch API.
    """

    input_usd: float
    output_usd: float
    batch: float = 0.5

    def usd(self, input_tokens: int, output_tokens: int, *, batch: bool = False) -> float:
        """Return what a call costs.

        >>> Price(2.5, 10.0).usd(1_000_000, 100_000)
        3.5
        """
        live = (input_tokens * self.input_usd + output_tokens * self.output_usd) / 1e6
        return live * self.batch if batch else live


@dataclass(frozen=True, slots=True, order=True)
class ModelVersion:
    """The version that answered.

    Attributes:
        provider: Who was asked: a vendor, or the host of a compatible endpoint.
        requested: The id that the request named.
        served: The id that the reply named; equal to `requested` where the provider names none.
    """

    provider: str
    requested: str
    served: str

    @property
    def name(self) -> str:
        """The id by which people name it: what really answered."""
        return self.served


@dataclass(frozen=True, slots=True)
class KnownModel:
    """A model as its provider lists it. Each member is the provider's word, untrusted; instants bear a time zone.

    Attributes:
        id: The id to ask for; not empty.
        created_at: When it was made or released; None where the list does not say. Some servers name the instant at
            which they were asked.
        lifecycle: The provider's own word for its state, such as `deprecated`; empty where the list has none.
        retires_at: When it is to be shut down, or was; None where nothing is announced. Where only a day is named, the
            start of it in UTC.
        deprecated_at: When that was announced; None where the list does not say.
    """

    id: str
    created_at: datetime | None = None
    lifecycle: str = ""
    retires_at: datetime | None = None
    deprecated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """What was used to ask; it explains a change and is no key.

    Attributes:
        sdk: Name and version of the client library.
        api_version: The provider's API version.
        tool: Version of rebaseline.
    """

    sdk: str = ""
    api_version: str = ""
    tool: str = ""
