"""Who answered, and what came of the attempts, in the JSON of a diff."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from rebaseline.domain.comparison import Provider
from rebaseline.domain.model import ModelVersion

__all__ = ["ModelDocument", "ProviderDocument", "model_document", "provider_document"]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ModelDocument(_Model):
    """Who answered."""

    provider: str
    requested: str
    served: str


class ProviderDocument(_Model):
    """What came of the attempts."""

    answered: int
    confirmed: int
    rejected: int
    faulted: int
    unknown_model: int
    culprits: dict[str, int]
    novelty: dict[str, int]
    input_tokens: int
    output_tokens: int
    uncounted: int


def model_document(model: ModelVersion) -> ModelDocument:
    """Return the document of who answered."""
    return ModelDocument(provider=model.provider, requested=model.requested, served=model.served)


def provider_document(provider: Provider) -> ProviderDocument:
    """Return the document of what came of the attempts."""
    return ProviderDocument(
        answered=provider.answered,
        confirmed=provider.confirmed,
        rejected=provider.rejected,
        faulted=provider.faulted,
        unknown_model=provider.unknown_model,
        culprits=dict(provider.culprits or {}),
        novelty=dict(provider.novelty or {}),
        input_tokens=provider.input_tokens,
        output_tokens=provider.output_tokens,
        uncounted=provider.uncounted,
    )
