"""A target without a network: a function answers. For tests, and for whoever wants to see what would be asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from rebaseline.domain.attempt import Answered, Attempt, Reply, Stop
from rebaseline.domain.model import Provenance
from rebaseline.targets.base import Asked, Request

__all__ = ["ScriptedTarget", "says"]


class ScriptedTarget:
    """An adapter whose answers come from a function.

    Attributes:
        provider: Who it claims to be.
        provenance: With what it claims to ask.
        mandatory: Parameters that a minimal request keeps.
        closed: `aclose` was called.
    """

    def __init__(self, answer: Callable[[Request], Awaitable[Asked | Attempt]], *, provider: str = "scripted") -> None:
        self.provider = provider
        self.provenance = Provenance(sdk="scripted")
        self.mandatory: frozenset[str] = frozenset()
        self.closed = False
        self._answer = answer

    async def ask(self, request: Request) -> Asked:
        """Return what the function makes of the request."""
        answer = await self._answer(request)
        return answer if isinstance(answer, Asked) else Asked(answer)

    async def aclose(self) -> None:
        """Remember that it was closed."""
        self.closed = True


def says(text: str, *, served_model: str | None = None) -> Answered:
    """Return a complete reply of `text`."""
    return Answered(Reply(text, Stop.COMPLETE, "stop"), served_model=served_model)
