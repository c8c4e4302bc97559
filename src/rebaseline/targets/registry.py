"""Opens a target by its type. An SDK is loaded only when a target that needs it is opened."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping

from rebaseline.domain.model import Target
from rebaseline.errors import ConfigurationError, UsageError
from rebaseline.targets.base import TargetAdapter

__all__ = ["RECORDED", "TARGET_TYPES", "open_target"]

RECORDED = "recorded"
"""The type of a target whose replies are imported: nobody can be asked."""


def open_target(target: Target, environment: Mapping[str, str], *, monotonic: Callable[[], float]) -> TargetAdapter:
    """Return the adapter that asks `target`. Whoever opens it closes it.

    Args:
        target: What to ask.
        environment: Where keys are looked up, by the names that the settings give.
        monotonic: Seconds of a clock that never goes back, for latencies.

    Raises:
        UsageError: The target is `recorded`.
        ConfigurationError: The type is unknown, or the settings are wrong, or a key is missing.
    """
    if target.type == RECORDED:
        raise UsageError(
            f"target {target.name!r} is of type {RECORDED!r}: its replies are imported, it cannot be asked",
            where=f"targets.{target.name}",
            remedy="Import replies for it, or name a target that can be asked.",
        )
    factory = _FACTORIES.get(target.type)
    if factory is None:
        near = difflib.get_close_matches(target.type, TARGET_TYPES, n=1)
        meant = f"Did you mean {near[0]!r}? " if near else ""
        raise ConfigurationError(
            f"target type {target.type!r} is unknown",
            where=f"targets.{target.name}",
            remedy=f"{meant}Known: {', '.join(TARGET_TYPES)}.",
        )
    return factory(target, environment, monotonic)


def _openai_compatible(target: Target, environment: Mapping[str, str], monotonic: Callable[[], float]) -> TargetAdapter:
    from rebaseline.targets.endpoint import endpoint_of  # noqa: PLC0415  # beside the import that must wait
    from rebaseline.targets.openai_compatible import OpenAICompatibleTarget  # noqa: PLC0415  # loads the SDK

    return OpenAICompatibleTarget(endpoint_of(target, environment), monotonic=monotonic)


_Factory = Callable[[Target, Mapping[str, str], Callable[[], float]], TargetAdapter]

_FACTORIES: Mapping[str, _Factory] = {"openai-compatible": _openai_compatible}

TARGET_TYPES = (*sorted(_FACTORIES), RECORDED)
"""Every type that a project file may name."""
