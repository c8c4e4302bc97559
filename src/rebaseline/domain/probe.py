"""Probes: what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from rebaseline.domain.location import NOWHERE, Location

__all__ = ["Probe", "Role", "Tool", "Turn", "conversation_of"]


class Role(StrEnum):
    """Who speaks in a scripted turn."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One scripted turn. Where two user turns follow each other the model answers in between."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool that the model may call.

    Attributes:
        name: Its name.
        description: What the model is told about it.
        parameters: JSON Schema of its arguments.
        result: Scripted result, returned at each call; None ends the conversation at the call.
    """

    name: str
    description: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    result: str | None = None


@dataclass(frozen=True, slots=True)
class Probe:
    """One request, asked `samples` times.

    Attributes:
        id: Unique in the suite.
        turns: The conversation up to the reply that is read; at least one user turn.
        system: System prompt; None for none.
        tools: Tools that the model may call.
        parameters: Request parameters such as `temperature` and `max_tokens`, sent as written.
        tags: Arms and topics; assertions name them in `on`.
        adversarial: The right reaction may be a refusal.
        samples: How often it is asked, at least 1.
        fields: The row of the table it came from, for templates in checks.
        where: Its place in a file.
        fingerprint: Digest of what goes into the request.
    """

    id: str
    turns: tuple[Turn, ...]
    system: str | None = None
    tools: tuple[Tool, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    tags: frozenset[str] = frozenset()
    adversarial: bool = False
    samples: int = 1
    fields: Mapping[str, Any] = field(default_factory=dict)
    where: Location = NOWHERE
    fingerprint: str = ""


def conversation_of(probe: Probe) -> str:
    """Return what a probe asks, as people and judges are shown it; what the model says in between is not known here."""
    if len(probe.turns) == 1:
        return probe.turns[0].text
    return "\n\n".join(f"{turn.role.value.capitalize()}: {turn.text}" for turn in probe.turns)
