"""Where the parameters of a request stand, and what it takes to ask it anew."""

from __future__ import annotations

from rebaseline.domain.edit import Place
from rebaseline.repair.facts import Facts

__all__ = ["asks_words", "parameter_places"]


def parameter_places(facts: Facts, name: str) -> tuple[Place, ...]:
    """Return every place at which a parameter is written: the suite's defaults, its probes, the target's settings."""
    found: list[Place] = []
    defaults = facts.written.get("defaults")
    if _has(defaults, name):
        found.append(("defaults", "parameters", name))
    probes = facts.written.get("probes")
    if isinstance(probes, dict) and _has(probes, name):
        found.append(("probes", "parameters", name))
    if isinstance(probes, list):
        found.extend(("probes", at, "parameters", name) for at, entry in enumerate(probes) if _has(entry, name))
    if name in facts.target_parameters:
        found.append(("targets", facts.target, "parameters", name))
    return tuple(found)


def _has(entry: object, name: str) -> bool:
    parameters = entry.get("parameters") if isinstance(entry, dict) else None
    return isinstance(parameters, dict) and name in parameters


def asks_words(facts: Facts) -> str:
    """Return what must be asked anew, and about how many calls that is: another request finds no stored reply."""
    probes = facts.suite.probes_on(facts.assertion.on)
    calls = sum(probe.samples for probe in probes)
    return f"`rebaseline run {facts.suite.id}`: about {calls:,} calls, since another request finds no stored reply"
