"""What the one contract suite of all adapters needs to know of a vendor: how it is addressed, and its words.

A dialect makes replies in its vendor's words and reads what a server received back into ours, so that one suite can
say what every adapter must do. It is registered in `dialects.DIALECTS`. What makes no sense for it, it names in `lacks`
with the reason: a test that needs it is then not made for this dialect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from tests.support.wire import Received, WireReply

from rebaseline.domain.attempt import Stop
from rebaseline.targets.base import Message

__all__ = ["ABILITIES", "SECRET", "Dialect", "Seen"]

SECRET = "sk-canary-4417"
"""What opens every provider of the tests."""

ABILITIES = frozenset(
    {
        "account",  # 401, 402 and 403 are about the key or the account
        "allowance",  # headers say what is left
        "filtered",  # a filter may withhold a reply, and says so
        "funds",  # money spent is told apart from a rate limit by a typed member
        "model",  # the reply names the model that answered
        "novel_content",  # content comes in kinds, of which there may be new ones
        "novel_stop",  # the reply says why it stopped, in words of which there may be new ones
        "parameters",  # parameters are sent as written
        "refusal",  # the provider says that the model refused
        "reserved",  # parameters that are none
        "sdk",  # an SDK asks
        "silence",  # a reply without model, usage and stop reason is a reply
        "system",  # a system prompt has a place of its own
        "tools",  # tools can be given
        "turns",  # a request holds a conversation
        "unknown_model",  # 404 says that there is no such model
    }
)
"""What a dialect may lack."""


@dataclass(frozen=True)
class Seen:
    """What a server received, in our words; what the dialect has no place for is empty.

    Attributes:
        model: The id asked for.
        system: The system prompt; None for none.
        turns: The conversation.
        tools: Name, description (empty for none) and schema of each tool.
        parameters: Every other member of the request, except those that every request needs (`Dialect.needed`).
    """

    model: str | None
    system: str | None
    turns: tuple[Message, ...]
    tools: tuple[tuple[str, str, Mapping[str, Any]], ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


class Dialect(Protocol):
    """One way to be asked.

    Attributes:
        name: Names the tests.
        type: The target's type.
        lacks: Of `ABILITIES`, what makes no sense here, each with the reason.
        needed: Parameters without which no request is valid.
        reserved: Parameters that are parts of the request with a place of their own.
        opener: What an error about the account must name for people, such as the variable with the key.
        words: The provider's own word, by why a reply stopped; None where it says none.
        malformed: Bodies that are no reply.
        sdk: How `Provenance.sdk` begins.
    """

    name: str
    type: str
    lacks: Mapping[str, str]
    needed: Mapping[str, Any]
    reserved: tuple[str, ...]
    opener: str
    words: Mapping[Stop, str | None]
    malformed: tuple[bytes, ...]
    sdk: str

    def settings(self, root_url: str) -> dict[str, Any]:
        """Return the target's settings for a server at `root_url` (no path); its key is `SECRET`."""

    def environment(self) -> dict[str, str]:
        """Return the environment in which the target opens."""

    def answer(
        self,
        text: str,
        *,
        model: str = "model-1",
        request_id: str | None = None,
        usage: tuple[int, int] = (10, 5),
        headers: Mapping[str, str] | None = None,
    ) -> WireReply:
        """Return a whole reply."""

    def silent(self) -> WireReply:
        """Return an empty reply that does not say which model, why it stopped, or what it cost."""

    def cut(self, text: str) -> WireReply:
        """Return a reply that the limit on its length ended."""

    def refusal(self, text: str) -> WireReply:
        """Return a refusal that the provider calls one."""

    def filtered(self, text: str) -> WireReply:
        """Return a reply that a filter ended."""

    def novel_stop(self, word: str) -> WireReply:
        """Return a reply that ended for a reason that nobody has seen before."""

    def novel_content(self, text: str, kind: str) -> WireReply:
        """Return a reply of `text` and of a kind of content that nobody has seen before."""

    def tool_call(self, name: str, arguments: Mapping[str, Any], call_id: str) -> WireReply:
        """Return a reply that calls one tool."""

    def error(self, status: int, words: str = "no", headers: Mapping[str, str] | None = None) -> WireReply:
        """Return an error."""

    def out_of_funds(self) -> WireReply:
        """Return the error of an account without money that looks like a rate limit or a bad request."""

    def allowance(self, requests: int, tokens: int, seconds: int) -> Mapping[str, str]:
        """Return the headers that say how many requests and tokens are left until both are reset in `seconds`."""

    def seen(self, received: Received) -> Seen:
        """Return what a server received."""
