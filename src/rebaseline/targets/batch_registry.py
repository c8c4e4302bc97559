"""Opens the batch API of a target by its type. A module that loads an SDK is imported only when it is needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType

from rebaseline.domain.model import Target
from rebaseline.errors import UsageError
from rebaseline.targets.base import Opening
from rebaseline.targets.batching import BatchAdapter

__all__ = ["BATCH_TYPES", "open_batch", "refuse_without_batches"]

_MODULES: Mapping[str, str] = MappingProxyType(
    {"anthropic": "anthropic_batch", "openai": "openai_batch", "openai-compatible": "openai_batch"}
)
"""By type, the module of this package whose `open_batches` opens it."""

BATCH_TYPES = tuple(sorted(_MODULES))
"""Every type of target that can be asked in batches."""

_WHY_NOT = {
    "anthropic-bedrock": "Bedrock takes batches through storage of its own",
    "anthropic-vertex": "Vertex takes batches through storage of its own",
    "azure-openai": "Azure has deployments for batches that answer nothing else",
}


def open_batch(target: Target, environment: Mapping[str, str], *, monotonic: Callable[[], float]) -> BatchAdapter:
    """Return the adapter to the batch API of `target`. Whoever opens it closes it.

    Args:
        target: What to ask.
        environment: Where keys are looked up, by the names that the settings give.
        monotonic: Seconds of a clock that never goes back.

    Raises:
        UsageError: Targets of this type cannot be asked in batches.
        ConfigurationError: The settings are wrong, or a key is missing.
    """
    refuse_without_batches(target)
    module = _MODULES[target.type]
    open_batches: Callable[[Opening], BatchAdapter] = import_module(f"rebaseline.targets.{module}").open_batches
    return open_batches(Opening(target, environment, monotonic))


def refuse_without_batches(target: Target) -> None:
    """Refuse a target that cannot be asked in batches.

    Raises:
        UsageError: With why, and which types can.
    """
    if target.type not in _MODULES:
        why = f": {_WHY_NOT[target.type]}" if target.type in _WHY_NOT else ""
        raise UsageError(
            f"target {target.name!r} of type {target.type!r} cannot be asked in batches{why}",
            where=f"targets.{target.name}",
            remedy=f"Run without --batch. Types with batches: {', '.join(BATCH_TYPES)}.",
        )
