"""`calls_tool` and `no_tool_call`: what the model did with its tools."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from rebaseline.checks.kind import CheckType, misused, shown
from rebaseline.checks.structure import MISSING, parse_json, same_json
from rebaseline.domain.attempt import Reply, ToolCall
from rebaseline.domain.form import Form
from rebaseline.domain.instrument import Look, Polarity, SeededFault

__all__ = ["TYPES", "CallsTool", "NoToolCall"]

_LONGEST_ARGUMENTS = 2_000_000


@dataclass(frozen=True, slots=True)
class CallsTool:
    """Passes when the model called the tool with at least these arguments.

    Attributes:
        name: The tool.
        arguments: Arguments that the call must have, objects within them in part; None for any.
    """

    name: str
    arguments: Any = None

    polarity: ClassVar[Polarity] = Polarity.CONDUCT
    tolerates: ClassVar[tuple[Form, ...]] = ()
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:  # noqa: ARG002 - form does not enter into conduct
        """Read the reply; see `Instrument.look`. Arguments that are no JSON are unreadable."""
        calls = [call for call in reply.tool_calls if call.name == self.name]
        if not calls:
            others = ", ".join(call.name for call in reply.tool_calls[:5])
            return Look(0.0, f"called {shown(others)}" if others else "no tool call")
        if self.arguments is None:
            return Look(1.0)
        read = [parse_json(call.arguments) for call in calls if len(call.arguments) <= _LONGEST_ARGUMENTS]
        if any(same_json(given, self.arguments, ordered=False, subset=True) for given in read):
            return Look(1.0)
        if len(read) < len(calls) or any(given is MISSING for given in read):
            return Look(None, f"arguments are no JSON: {shown(calls[-1].arguments)}")
        return Look(0.0, f"other arguments: {shown(calls[-1].arguments)}")

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies without the call, or with another one."""
        others = tuple(call for call in reply.tool_calls if call.name != self.name)
        faults = [
            SeededFault("no call", replace(reply, tool_calls=others)),
            SeededFault("another tool", replace(reply, tool_calls=(*others, ToolCall(f"{self.name}_other")))),
            SeededFault("call only described", replace(reply, text=f"I now call {self.name}.", tool_calls=others)),
        ]
        if self.arguments:
            faults.append(SeededFault("no arguments", replace(reply, tool_calls=(*others, ToolCall(self.name)))))
        return tuple(faults)

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies with the call, for a negated check."""
        call = ToolCall(self.name, json.dumps(self.arguments or {}))
        more = ToolCall(self.name, json.dumps({**(self.arguments or {}), "_more": 1}))
        return (
            SeededFault("the forbidden call", replace(reply, tool_calls=(*reply.tool_calls, call))),
            SeededFault("the forbidden call first", replace(reply, tool_calls=(call, *reply.tool_calls))),
            SeededFault("the forbidden call with more arguments", replace(reply, tool_calls=(*reply.tool_calls, more))),
        )


@dataclass(frozen=True, slots=True)
class NoToolCall:
    """Passes when the model called no tool, or not this one.

    Attributes:
        name: The tool; None for any.
    """

    name: str | None = None

    polarity: ClassVar[Polarity] = Polarity.ABSENCE
    tolerates: ClassVar[tuple[Form, ...]] = ()
    judges_refusal: ClassVar[bool] = False

    def look(self, reply: Reply, undo: frozenset[Form]) -> Look:  # noqa: ARG002 - a call has no form
        """Read the reply; see `Instrument.look`."""
        called = next((call.name for call in reply.tool_calls if self.name in (None, call.name)), None)
        return Look(1.0) if called is None else Look(0.0, f"called {shown(called)}")

    def seeded_faults(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies with a call."""
        name = self.name or "lookup"
        calls = (
            ("call without arguments", (ToolCall(name),)),
            ("call with arguments", (ToolCall(name, '{"id": 1}'),)),
            ("two calls", (ToolCall(name), ToolCall(name))),
        )
        return tuple(SeededFault(what, replace(reply, tool_calls=reply.tool_calls + made)) for what, made in calls)

    def planted(self, reply: Reply) -> tuple[SeededFault, ...]:
        """Return replies without the call, for a negated check."""
        others = tuple(call for call in reply.tool_calls if self.name is not None and call.name != self.name)
        described = f"I now call {self.name or 'the tool'}."
        return (
            SeededFault("no call", replace(reply, tool_calls=others)),
            SeededFault("call only described", replace(reply, text=described, tool_calls=others)),
            SeededFault("nothing said", replace(reply, text="", tool_calls=others)),
        )


def _calls_tool(argument: Any, options: Mapping[str, Any]) -> CallsTool:
    if not isinstance(argument, str) or not argument:
        raise misused("calls_tool", "needs the name of a tool", argument, "write `calls_tool: name`")
    wanted = options.get("arguments")
    if wanted is not None and not isinstance(wanted, Mapping):
        raise misused("calls_tool", "option `arguments` must be a mapping", wanted, "write `arguments: {name: value}`")
    return CallsTool(argument, None if wanted is None else dict(wanted))


def _no_tool_call(argument: Any, _options: Mapping[str, Any]) -> NoToolCall:
    if argument in (None, True):
        return NoToolCall()
    if not isinstance(argument, str) or not argument:
        raise misused(
            "no_tool_call", "needs the name of a tool, or true for any", argument, "write `no_tool_call: true`"
        )
    return NoToolCall(argument)


TYPES = (
    CheckType(
        "calls_tool",
        "The model called this tool, with at least these arguments.",
        {"type": "string", "minLength": 1},
        _calls_tool,
        {"arguments": {"type": "object"}},
    ),
    CheckType(
        "no_tool_call",
        "The model called no tool, or not this one.",
        {"type": ["boolean", "string", "null"]},
        _no_tool_call,
    ),
)
