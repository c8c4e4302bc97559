"""The seam at the network: a request in neutral words goes in, an attempt comes out.

Requests are neutral, so that a suite means the same on every provider. Parameters alone are the provider's own: they
are sent as the suite wrote them, since whether a provider still takes them is one of the things that we measure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from rebaseline.domain.attempt import Attempt, ToolCall
from rebaseline.domain.model import KnownModel, Provenance, Target
from rebaseline.domain.suite import Tool

__all__ = [
    "Allowance",
    "Asked",
    "IssuedCall",
    "ListsModels",
    "Message",
    "ModelTurn",
    "Opening",
    "Request",
    "TargetAdapter",
    "ToolResult",
    "UserTurn",
]


@dataclass(frozen=True, slots=True)
class UserTurn:
    """What the user says.

    Attributes:
        text: The words.
    """

    text: str


@dataclass(frozen=True, slots=True)
class IssuedCall:
    """A tool call together with the name that ties its result to it.

    Attributes:
        id: The provider's id of the call, or one made up where there was none. It is no part of what was said.
        call: What was called.
    """

    id: str
    call: ToolCall


@dataclass(frozen=True, slots=True)
class ModelTurn:
    """What the model said, or what a script puts into its mouth.

    The conversation hands the turn back to the adapter that made it, unread.

    Attributes:
        text: The words; may be empty beside calls.
        calls: The tool calls of this turn.
        opaque: The turn in the provider's own items, where it wants them back unchanged, such as signed reasoning.
            They hold the text and the calls too, and so are sent in their place; empty for a turn of a script.
    """

    text: str
    calls: tuple[IssuedCall, ...] = ()
    opaque: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool returned.

    Attributes:
        call_id: The `IssuedCall.id` that it answers.
        text: The result.
    """

    call_id: str
    text: str


Message = UserTurn | ModelTurn | ToolResult


@dataclass(frozen=True, slots=True)
class Request:
    """One call.

    Attributes:
        model: The id to ask for.
        messages: The conversation so far, the system prompt left out.
        system: System prompt; None for none.
        tools: Tools that the model may call.
        parameters: The provider's own parameters, sent as written.
        timeout_seconds: From sending to the last byte, above 0.
        probe: Id of the probe that is asked. Never sent; replays and functions of the project go by it.
        sample: Which asking of the probe, from 0. Never sent.
    """

    model: str
    messages: tuple[Message, ...]
    system: str | None = None
    tools: tuple[Tool, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    timeout_seconds: float = 120.0
    probe: str = ""
    sample: int = 0


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a provider still allows, by the headers of a reply; None where it does not say.

    Attributes:
        requests: Requests left until the reset, at least 0.
        requests_reset_seconds: When the count of requests is full again, from the reply on.
        tokens: Tokens left until the reset, at least 0; of several kinds, the scarcest.
        tokens_reset_seconds: When the count of tokens is full again, from the reply on.
    """

    requests: int | None = None
    requests_reset_seconds: float | None = None
    tokens: int | None = None
    tokens_reset_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What one call brought, and what only the one who goes on asking needs to know.

    Attributes:
        attempt: What came of the call.
        retry_after_seconds: How long the provider asks to be left alone; None where it does not say.
        turn: The model's turn in the form in which it goes back in the next request; None makes the conversation
            build it from the reply.
        allowance: What the headers say is left; None where they say nothing.
        final: The attempt ends the probe whatever it is: asking again would bring the same, so a fault is not tried
            again, and a reply is not answered, since it is the one with which a recorded conversation ended.
    """

    attempt: Attempt
    retry_after_seconds: float | None = None
    turn: ModelTurn | None = None
    allowance: Allowance | None = None
    final: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What an adapter is opened with.

    Attributes:
        target: What to ask.
        environment: Where keys are looked up, by the names that the settings give.
        monotonic: Seconds of a clock that never goes back.
        root: Folder of the project; None where there is none.
    """

    target: Target
    environment: Mapping[str, str]
    monotonic: Callable[[], float]
    root: Path | None = None

    @property
    def where(self) -> str:
        """The target's place in the project file, for errors."""
        return f"targets.{self.target.name}"


class TargetAdapter(Protocol):
    """One way to ask one provider.

    `ask` answers with a value whatever the model or the network did; it raises only where a person must act
    (`ProviderError`: the key, the account) or where the request cannot be expressed at all (`ConfigurationError`).
    It never retries: the engine does, and counts.
    """

    @property
    def provider(self) -> str:
        """Who is asked: a vendor, or the host of a compatible endpoint."""

    @property
    def provenance(self) -> Provenance:
        """With what it is asked."""

    @property
    def mandatory(self) -> frozenset[str]:
        """Parameters without which no request is valid: a minimal request keeps them."""

    async def ask(self, request: Request) -> Asked:
        """Make one call."""

    async def aclose(self) -> None:
        """Let go of connections. No call may follow."""


@runtime_checkable
class ListsModels(Protocol):
    """An adapter whose provider lists the models that it may be asked for.

    Not every one does. An application, a function and a replay have no models to choose from. The SDK's clients for
    Bedrock and Vertex have no such call: what a cloud serves, and until when, is asked of the cloud's own catalogue,
    with rights of its own. Azure lists the models that can be deployed, while a request names a deployment.
    """

    async def known_models(self) -> tuple[KnownModel, ...]:
        """Return the whole list, in the provider's order and without repetition; it may be empty.

        It costs nothing, and is bounded in time and pages. Nothing is tried again.

        Raises:
            ProviderError: The list cannot be had, or not to its end.
        """
