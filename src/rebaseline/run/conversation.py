"""Drives a probe to the reply that is read. No I/O: it says what to ask next and takes what came of it."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import assert_never

from rebaseline.domain.attempt import Answered, Attempt, Faulted, Rejected, Reply, Stop, ToolCall, Usage
from rebaseline.domain.suite import Probe, Role
from rebaseline.run.frame import Frame
from rebaseline.targets.base import Asked, IssuedCall, Message, ModelTurn, Request, ToolResult, UserTurn

__all__ = ["MOST_TOOL_ROUNDS", "Conversation"]

MOST_TOOL_ROUNDS = 8
"""A model that still calls tools after this many rounds of results is read as it stands."""

_TOOLS_MAY_RUN = frozenset({Stop.TOOL, Stop.COMPLETE, Stop.UNSTATED})
"""Servers say any of these beside whole calls; after any other reason the calls may be cut or withheld."""

_SCRIPT_GOES_ON = frozenset({Stop.COMPLETE, Stop.UNSTATED})


class Conversation:
    """One asking of a probe: scripted turns, scripted tool results, and the model in between.

    It ends early at a reply in the middle that is not whole (cut, refused, filtered, of an unknown reason, or without
    a word): going on would rest the final reply on it and hide why it stopped.
    """

    def __init__(self, probe: Probe, frame: Frame, *, sample: int = 0) -> None:
        self._probe = probe
        self._frame = frame
        self._sample = sample
        self._script = deque(probe.turns)
        self._messages: list[Message] = []
        self._calls: list[ToolCall] = []
        self._heard: list[Answered] = []
        self._tool_rounds = 0
        self._speak()

    @property
    def request(self) -> Request:
        """What to ask next."""
        return Request(
            model=self._frame.model,
            messages=tuple(self._messages),
            system=self._frame.system,
            tools=self._frame.tools,
            parameters=self._frame.parameters,
            timeout_seconds=self._frame.timeout_seconds,
            probe=self._probe.id,
            sample=self._sample,
        )

    def take(self, asked: Asked) -> Attempt | None:
        """Take what came of `request`.

        Returns:
            The attempt with which the conversation ends; None where there is more to ask.
        """
        match asked.attempt:
            case Answered() as answered:
                return self._hear(answered, asked)
            case Rejected() | Faulted() as end:
                return end
            case _:
                assert_never(asked.attempt)

    def _hear(self, answered: Answered, asked: Asked) -> Attempt | None:
        reply, turn = answered.reply, asked.turn
        issued = self._issued(reply, turn)
        self._heard.append(answered)
        self._calls.extend(reply.tool_calls)
        if asked.final or not self._goes_on(reply, issued):
            return self._end()
        self._messages.append(replace(turn or ModelTurn(reply.text), calls=issued))
        if issued:
            self._tool_rounds += 1
            self._messages.extend(ToolResult(each.id, self._frame.results[each.call.name]) for each in issued)
        else:
            self._speak()
        return None

    def _goes_on(self, reply: Reply, issued: tuple[IssuedCall, ...]) -> bool:
        """Say whether there is something to answer the reply with.

        Calls that an application made itself stand in the reply and not in the turn: they wait for no result.
        """
        if issued:
            scripted = all(each.call.name in self._frame.results for each in issued)
            return scripted and reply.stop in _TOOLS_MAY_RUN and self._tool_rounds < MOST_TOOL_ROUNDS
        return bool(self._script) and reply.stop in _SCRIPT_GOES_ON and bool(reply.text.strip())

    def _speak(self) -> None:
        """Say the scripted turns up to where the model must answer: before the next user turn, or at the end."""
        while self._script:
            turn = self._script.popleft()
            self._messages.append(UserTurn(turn.text) if turn.role is Role.USER else ModelTurn(turn.text))
            if turn.role is Role.USER and self._script and self._script[0].role is Role.USER:
                return

    def _issued(self, reply: Reply, turn: ModelTurn | None) -> tuple[IssuedCall, ...]:
        """Return the calls of a turn, each with an id: the provider's, or its place in the conversation."""
        issued = turn.calls if turn else tuple(IssuedCall("", call) for call in reply.tool_calls)
        first = len(self._calls)
        return tuple(
            each if each.id else replace(each, id=f"call_{number}") for number, each in enumerate(issued, start=first)
        )

    def _end(self) -> Answered:
        """Return the last reply with the calls and the cost of the whole conversation."""
        last = self._heard[-1]
        latencies = [answered.latency_seconds for answered in self._heard]
        return replace(
            last,
            reply=replace(last.reply, tool_calls=tuple(self._calls)),
            usage=Usage(
                _sum([answered.usage.input_tokens for answered in self._heard]),
                _sum([answered.usage.output_tokens for answered in self._heard]),
            ),
            latency_seconds=None if None in latencies else sum(each for each in latencies if each is not None),
            novelty=tuple(dict.fromkeys(news for answered in self._heard for news in answered.novelty)),
            unread=tuple(dict.fromkeys(kind for answered in self._heard for kind in answered.unread)),
        )


def _sum(counts: list[int | None]) -> int | None:
    """Return the sum; None as soon as one count is missing, for a part is not the sum."""
    known = [count for count in counts if count is not None]
    return sum(known) if len(known) == len(counts) else None
