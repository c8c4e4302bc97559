"""One asking of a probe and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["Answered", "Attempt", "Faulted", "Rejected", "Reply", "Stop", "ToolCall", "Usage"]


class Stop(StrEnum):
    """Why the model stopped, in words common to all providers."""

    COMPLETE = "complete"
    """The model ended its turn, or met a stop sequence of ours."""
    CUT = "cut"
    """A limit on output or context ended the reply."""
    TOOL = "tool"
    """The model waits for the result of a tool call."""
    REFUSED = "refused"
    """The provider says that the model refused."""
    FILTERED = "filtered"
    """A content filter withheld the reply or part of it."""
    UNSTATED = "unstated"
    """The provider, or the log it was imported from, gives no reason."""
    UNKNOWN = "unknown"
    """A reason that we have not seen before. Novelty is never "ok"."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool that the model asked for.

    Attributes:
        name: The tool's name as the model wrote it.
        arguments: The arguments as JSON text, exactly as received.
    """

    name: str
    arguments: str = "{}"


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the provider counted; None where it did not say.

    Attributes:
        input_tokens: Tokens of the request, those read from or written to a cache included.
        output_tokens: Tokens of the reply, reasoning included.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What the model said at the end of a probe.

    Attributes:
        text: The text of the last turn, exactly as received.
        stop: Why it stopped.
        stop_as_received: The provider's own word for it; None where there was none.
        tool_calls: Every tool call of the conversation, in order.
    """

    text: str
    stop: Stop = Stop.UNSTATED
    stop_as_received: str | None = None
    tool_calls: tuple[ToolCall, ...] = ()


@dataclass(frozen=True, slots=True)
class Answered:
    """The provider answered.

    Attributes:
        reply: What the model said.
        served_model: The id that the reply names; None where it names none.
        system_fingerprint: The provider's fingerprint of its own system; it alerts and is no key.
        usage: Tokens.
        latency_seconds: From sending to the last byte; None where it was not measured.
        request_id: The provider's id of the request.
        novelty: What came with the reply that we have not seen before, and that takes nothing from its words, such as
            an identity that is missing: `place: the provider's own word`. It is shown, since novelty is never "ok".
        unread: Content of the reply that was not read, since its kind is new to us: `place: the provider's own word`.
            What the reply does not hold, and how long it is, cannot be told from the rest.
        trace: What an application tells of how it came to the reply, as JSON text; None where it tells nothing.
        identity: What an application says of itself with this reply: build, prompt, index. It is stored with the
            target of the session, not with the attempt.
    """

    reply: Reply
    served_model: str | None = None
    system_fingerprint: str | None = None
    usage: Usage = Usage()
    latency_seconds: float | None = None
    request_id: str | None = None
    novelty: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    trace: str | None = None
    identity: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider no longer takes the request as written.

    Attributes:
        status: HTTP status.
        culprit: The parameter that a differential control showed to be the cause; None while unknown.
        hint: The provider's words. A hint for people, never matched on.
    """

    status: int | None = None
    culprit: str | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Faulted:
    """Infrastructure failed, after the last retry.

    Attributes:
        kind: A short name of our own, such as `timeout`, `connection`, `rate_limit`, `server`, `malformed`.
        status: HTTP status, where there was one.
        hint: The words that came with it.
    """

    kind: str
    status: int | None = None
    hint: str = ""


Attempt = Answered | Rejected | Faulted
