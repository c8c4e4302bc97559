"""Finds out what a provider objects to, by asking with less. No I/O: it says what to ask and takes what came of it.

Nobody's words are read for it: they change between releases and gateways, and the parameter that an error names is not
always the one to blame. What is taken out and put in are whole parameters: of `reasoning: {effort: high}` it can be
shown that `reasoning` is to blame, not which of its members.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable
from dataclasses import dataclass, replace
from typing import Any

from rebaseline.domain.attempt import Answered, Faulted, Rejected
from rebaseline.targets.base import Asked, ModelTurn, Request, ToolResult, UserTurn

__all__ = ["MESSAGES", "Accepted", "Blamed", "Control", "Finding", "RefusesAll", "control"]

MESSAGES = "messages"
"""The culprit where the conversation alone is rejected."""

_SYSTEM = "system"
_TOOLS = "tools"
_OF_TOOLS = frozenset({"tool_choice", "parallel_tool_calls", "max_tool_calls"})
"""Parameters that no provider takes without tools: they come and go with these."""

_LOWERED = 64
"""A mandatory number cannot be left out; this much of it, or less, is taken by everybody."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The very same request is answered now: the rejection was a passing one, of a gateway or of a moment.

    Attributes:
        asked: What came of it.
    """

    asked: Asked


@dataclass(frozen=True, slots=True)
class RefusesAll:
    """A request with nothing of ours in it is rejected too: the account or the model is to blame.

    Attributes:
        rejected: What came of it.
    """

    rejected: Rejected


@dataclass(frozen=True, slots=True)
class Blamed:
    """What the provider objects to.

    Attributes:
        culprit: `temperature`; `max_tokens, temperature` where each alone is rejected; `temperature with top_p` where
            leaving out any one mends it; `system`, `tools`, `messages`. None where it could not be shown.
        settled: The control came to its end; False where a fault or a bound cut it short.
    """

    culprit: str | None
    settled: bool = True


Finding = Accepted | RefusesAll | Blamed
Control = Generator[Request, Asked | None, Finding]
"""Yields what to ask; is sent what came of it, None where no call was left; returns what it found."""


class _CutShortError(Exception):
    """A fault or a bound came in between."""


def control(request: Request, mandatory: Collection[str]) -> Control:
    """Find the culprit of a request that was rejected, in at most 3 + 2 calls for each thing that can be left out.

    It takes the provider to object to single things or to groups that may not stand together. One cause, several single
    ones, and one group are named exactly. Of several groups without a common member nothing is named.

    Args:
        request: What was rejected.
        mandatory: Parameters without which no request is valid. They stay in every request; a number above 64 is
            lowered where others are left out, so that it can be a culprit too.
    """
    try:
        return (yield from _steps(request, _Trials(request, mandatory)))
    except _CutShortError:
        return Blamed(None, settled=False)


def _steps(request: Request, trials: _Trials) -> Control:
    again = yield request
    if again is not None and isinstance(again.attempt, Answered):
        return Accepted(again)
    _is_accepted(again)  # a fault ends it here
    least = yield trials.least()
    if not _is_accepted(least):
        return RefusesAll(_rejected(least))
    if not trials.options or not (yield from _try(trials.with_only(()))):
        return Blamed(MESSAGES)
    mended = yield from _leave_one_out(trials)
    if mended:
        return Blamed(" with ".join(sorted(mended)))
    alone = yield from _put_one_in(trials)
    return Blamed(", ".join(sorted(alone)) or None)


def _leave_one_out(trials: _Trials) -> Generator[Request, Asked | None, list[str]]:
    """Return what each by itself mends the request when it is left out."""
    mended: list[str] = []
    for option in trials.options:
        # Without tools, what goes with them is gone too: it was one of these then, and known by now.
        if option == _TOOLS and not _OF_TOOLS.isdisjoint(mended):
            continue
        if (yield from _try(trials.without(option))):
            mended.append(option)
    return mended


def _put_one_in(trials: _Trials) -> Generator[Request, Asked | None, list[str]]:
    """Return what is rejected each by itself, beside the conversation."""
    rejected: list[str] = []
    taken: set[str] = set()
    for option in sorted(trials.options, key=lambda option: (option not in trials.lowered, option != _TOOLS)):
        beside = taken & trials.lowered
        if option in _OF_TOOLS and _TOOLS in trials.options:
            if _TOOLS in rejected:
                continue
            beside |= {_TOOLS}
        accepted = yield from _try(trials.with_only({option, *beside}))
        (taken.add if accepted else rejected.append)(option)
    return rejected


def _try(request: Request) -> Generator[Request, Asked | None, bool]:
    return _is_accepted((yield request))


def _is_accepted(asked: Asked | None) -> bool:
    if asked is None or isinstance(asked.attempt, Faulted):
        raise _CutShortError
    return isinstance(asked.attempt, Answered)


def _rejected(asked: Asked | None) -> Rejected:
    return asked.attempt if asked is not None and isinstance(asked.attempt, Rejected) else Rejected()


class _Trials:
    """The requests that can be made out of one by leaving things out.

    Attributes:
        options: What can be left out: parameters, `system`, `tools`; mandatory numbers that can be lowered.
        lowered: Of these, the mandatory numbers.
    """

    def __init__(self, request: Request, mandatory: Collection[str]) -> None:
        self._request = request
        self._least = {name: _low(value) for name, value in request.parameters.items() if name in mandatory}
        self.lowered = frozenset(name for name, low in self._least.items() if low != request.parameters[name])
        # Providers reject a conversation about tool calls without the tools.
        self._tied = any(isinstance(each, ToolResult) or _calls(each) for each in request.messages)
        optional = sorted(name for name in request.parameters if name not in self._least or name in self.lowered)
        system = [_SYSTEM] if request.system is not None else []
        tools = [_TOOLS] if request.tools and not self._tied else []
        self.options = (*optional, *system, *tools)

    def least(self) -> Request:
        """Return a request to the same model with nothing of ours in it."""
        return replace(self._request, messages=(UserTurn("Say yes."),), system=None, tools=(), parameters=self._least)

    def with_only(self, options: Iterable[str]) -> Request:
        """Return the conversation with these options and what is mandatory."""
        kept = frozenset(options)
        request = self._request
        parameters = {
            name: value if name in kept else self._least[name]
            for name, value in request.parameters.items()
            if name in kept or name in self._least
        }
        return replace(
            request,
            system=request.system if _SYSTEM in kept else None,
            tools=request.tools if self._tied or _TOOLS in kept else (),
            parameters=parameters,
        )

    def without(self, option: str) -> Request:
        """Return the request without one option."""
        gone = {option} | (_OF_TOOLS if option == _TOOLS else frozenset())
        return self.with_only(each for each in self.options if each not in gone)


def _calls(message: Any) -> bool:
    return isinstance(message, ModelTurn) and bool(message.calls)


def _low(value: Any) -> Any:
    return min(value, _LOWERED) if isinstance(value, int) and not isinstance(value, bool) else value
