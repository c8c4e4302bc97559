"""What is the same in every request of a probe, made once and not for each of its askings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rebaseline.domain.model import Target
from rebaseline.domain.suite import Probe, Tool
from rebaseline.errors import ConfigurationError

__all__ = ["Frame", "Manner", "frame_of", "manner_of"]

_KINDS = {
    "parameters": "a table of names and values, such as { temperature = 0 }",
    "system": "a text",
    "tools": "a list of tools",
}


@dataclass(frozen=True, slots=True)
class Manner:
    """How every probe of a target is asked.

    Attributes:
        model: The id to ask for.
        parameters: The target's own parameters; the probe's win.
        timeout_seconds: For each call.
        system: The target's own system prompt; the probe's wins. None for none.
        tools: The target's own tools; of one name, the probe's wins.
    """

    model: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    timeout_seconds: float = 120.0
    system: str | None = None
    tools: tuple[Tool, ...] = ()


def manner_of(target: Target, timeout_seconds: float) -> Manner:
    """Return how a target is asked, from its settings `parameters`, `system` and `tools`.

    Raises:
        ConfigurationError: A setting is not of its kind. The project file was checked; other callers may err.
    """
    parameters, system, tools = (target.settings.get(name) for name in ("parameters", "system", "tools"))
    for name, value, kind in (("parameters", parameters, Mapping), ("system", system, str), ("tools", tools, list)):
        if value is not None and not isinstance(value, kind):
            raise ConfigurationError(
                f"{name} is {type(value).__name__}, not {_KINDS[name]}",
                where=f"targets.{target.name}.{name}",
                remedy=f"Write {_KINDS[name]}.",
            )
    return Manner(
        target.model, dict(parameters or {}), timeout_seconds, system, tuple(Tool(**each) for each in tools or ())
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """The parts of a probe's requests that no turn changes.

    Attributes:
        model: The id to ask for.
        system: System prompt; None for none.
        tools: Tools that the model may call.
        parameters: The provider's own parameters.
        timeout_seconds: For each call.
        results: Scripted results by tool.
        key: Equal for requests that differ in their words only: same model, parameters and tools, and a system prompt
            or none.
    """

    model: str
    system: str | None
    tools: tuple[Tool, ...]
    parameters: Mapping[str, Any]
    timeout_seconds: float
    results: Mapping[str, str]
    key: str


def frame_of(probe: Probe, manner: Manner) -> Frame:
    """Return what is the same in every request of a probe."""
    system = manner.system if probe.system is None else probe.system
    tools = tuple({tool.name: tool for tool in (*manner.tools, *probe.tools)}.values())
    parameters = {**manner.parameters, **probe.parameters}
    shown = [(tool.name, tool.description, tool.parameters) for tool in tools]
    return Frame(
        model=manner.model,
        system=system,
        tools=tools,
        parameters=parameters,
        timeout_seconds=manner.timeout_seconds,
        results={tool.name: tool.result for tool in tools if tool.result is not None},
        key=json.dumps([manner.model, parameters, system is not None, shown], sort_keys=True, default=repr),
    )
