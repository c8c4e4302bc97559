"""Neutral requests in the words of OpenAI's Chat Completions, which many other servers speak too."""

from __future__ import annotations

from typing import Any, assert_never

from rebaseline.domain.suite import Tool
from rebaseline.targets.base import Message, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.wire_json import schema_of, sent_parameters

__all__ = ["RESERVED", "wire_body"]

RESERVED = frozenset({"messages", "model", "stream", "stream_options", "tools"})
"""Members of the request that are not parameters: the probe says them elsewhere, or the adapter cannot serve them."""


def wire_body(request: Request) -> dict[str, Any]:
    """Return the body of a request: what was asked and nothing else.

    Raises:
        ConfigurationError: A parameter is a member of the request that is no parameter.
    """
    system = [] if request.system is None else [{"role": "system", "content": request.system}]
    tools = {"tools": [{"type": "function", "function": _function(tool)} for tool in request.tools]}
    return {
        "model": request.model,
        "messages": system + [_message(message) for message in request.messages],
        **(tools if request.tools else {}),
        **sent_parameters(request.parameters, RESERVED),
    }


def _message(message: Message) -> dict[str, Any]:
    match message:
        case UserTurn(text):
            return {"role": "user", "content": text}
        case ModelTurn(text, ()):
            return {"role": "assistant", "content": text}
        case ModelTurn(text, calls):
            issued = [
                {
                    "id": each.id,
                    "type": "function",
                    "function": {"name": each.call.name, "arguments": each.call.arguments},
                }
                for each in calls
            ]
            return {"role": "assistant", "content": text or None, "tool_calls": issued}
        case ToolResult(call_id, text):
            return {"role": "tool", "tool_call_id": call_id, "content": text}
        case _:
            assert_never(message)


def _function(tool: Tool) -> dict[str, Any]:
    described = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "parameters": schema_of(tool)}
