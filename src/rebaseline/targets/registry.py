"""Opens a target by its type. A module that loads an SDK is imported only when a target that needs it is opened."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from types import MappingProxyType

from rebaseline.domain.model import Target
from rebaseline.errors import ConfigurationError, UsageError
from rebaseline.targets.base import Opening, TargetAdapter

__all__ = ["RECORDED", "TARGET_TYPES", "open_target"]

RECORDED = "recorded"
"""The type of a target whose replies are imported: nobody can be asked."""

_MODULES: Mapping[str, str] = MappingProxyType(
    {
        "anthropic": "anthropic_messages",
        "anthropic-bedrock": "anthropic_bedrock",
        "anthropic-vertex": "anthropic_vertex",
        "azure-openai": "azure_openai",
        "http": "http_endpoint",
        "openai": "openai_compatible",
        "openai-compatible": "openai_compatible",
        "python": "python_callable",
        "replay": "replay",
    }
)
"""By type, the module of this package whose `open_adapter` opens it."""

TARGET_TYPES = (*sorted(_MODULES), RECORDED)
"""Every type that a project file may name."""


def open_target(
    target: Target, environment: Mapping[str, str], *, monotonic: Callable[[], float], root: Path | None = None
) -> TargetAdapter:
    """Return the adapter that asks `target`. Whoever opens it closes it.

    Args:
        target: What to ask.
        environment: Where keys are looked up, by the names that the settings give.
        monotonic: Seconds of a clock that never goes back, for latencies.
        root: Folder of the project, for targets that are files or functions in it; None where there is none.

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
    module = _MODULES.get(target.type)
    if module is None:
        near = difflib.get_close_matches(target.type, TARGET_TYPES, n=1)
        meant = f"Did you mean {near[0]!r}? " if near else ""
        raise ConfigurationError(
            f"target type {target.type!r} is unknown",
            where=f"targets.{target.name}",
            remedy=f"{meant}Known: {', '.join(TARGET_TYPES)}.",
        )
    open_adapter: Callable[[Opening], TargetAdapter] = import_module(f"rebaseline.targets.{module}").open_adapter
    return open_adapter(Opening(target, environment, monotonic, root))
