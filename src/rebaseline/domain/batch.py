"""Requests that a provider answers together, later and for less."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["Batch", "BatchItem"]


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One request of a batch, and the cell that its reply belongs to.

    Attributes:
        custom_id: Our name of it, by which the provider returns the reply; unique in its batch.
        probe: Probe id.
        probe_fingerprint: Fingerprint of the request that is made.
        sample: Which asking of the probe, from 0.
    """

    custom_id: str
    probe: str
    probe_fingerprint: str
    sample: int

    @property
    def cell(self) -> tuple[str, str, int]:
        """Probe id, request fingerprint and sample."""
        return (self.probe, self.probe_fingerprint, self.sample)


@dataclass(frozen=True, slots=True)
class Batch:
    """A batch whose replies are not stored yet.

    Attributes:
        key: Our own name of it; every `custom_id` of its items begins with it.
        session: Key of the session that its attempts belong to.
        submitted_at: The instant just before it was submitted, with time zone.
        items: Its requests, at least one.
        provider_id: The provider's name of it; None from before it is submitted until the provider's answer is noted.
    """

    key: str
    session: str
    submitted_at: datetime
    items: tuple[BatchItem, ...]
    provider_id: str | None = None
