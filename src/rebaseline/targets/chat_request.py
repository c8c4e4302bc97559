"""Neutral requests in the words of OpenAI's Chat Completions, which many other servers speak too."""

from __future__ import annotations

from typing import Any, assert_never

from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError
from rebaseline.targets.base import Message, ModelTurn, Request, ToolResult, UserTurn

__all__ = ["RESERVED", "wire_messages", "wire_parameters", "wire_tools"]

RESERVED = frozenset({"messages", "model", "stream", "stream_options", "tools"})
"""Members of the request that are not parameters: the probe says them elsewhere, or the adapter cannot serve them."""


def wire_messages(request: Request) -> list[dict[str, Any]]:
    """Return the `messages` of the request, the system prompt first."""
    system = [] if request.system is None else [{"role": "system", "content": _sendable(request.system)}]
    return system + [_message(message) for message in request.messages]


def wire_tools(tools: tuple[Tool, ...]) -> list[dict[str, Any]]:
    """Return the `tools` of the request. A tool without a schema takes no arguments."""
    return [{"type": "function", "function": _function(tool)} for tool in tools]


def wire_parameters(request: Request) -> dict[str, Any]:
    """Return the parameters as the suite wrote them, null included.

    Raises:
        ConfigurationError: One of them is a member of the request that is no parameter.
    """
    taken = sorted(RESERVED & request.parameters.keys())
    if taken:
        raise ConfigurationError(
            f"{taken[0]!r} is no request parameter",
            where="parameters",
            remedy="Replies are read whole, and model, turns and tools have places of their own: take it out.",
        )
    return dict(request.parameters)


def _message(message: Message) -> dict[str, Any]:
    match message:
        case UserTurn(text):
            return {"role": "user", "content": _sendable(text)}
        case ModelTurn(text, ()):
            return {"role": "assistant", "content": _sendable(text)}
        case ModelTurn(text, calls):
            issued = [
                {
                    "id": each.id,
                    "type": "function",
                    "function": {"name": each.call.name, "arguments": each.call.arguments},
                }
                for each in calls
            ]
            return {"role": "assistant", "content": _sendable(text) or None, "tool_calls": issued}
        case ToolResult(call_id, text):
            return {"role": "tool", "tool_call_id": call_id, "content": _sendable(text)}
        case _:
            assert_never(message)


def _function(tool: Tool) -> dict[str, Any]:
    parameters = dict(tool.parameters) or {"type": "object", "properties": {}}
    described = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "parameters": parameters}


def _sendable(text: str) -> str:
    """Replace lone surrogates: replies may hold them, UTF-8 cannot carry them back."""
    return text.encode("utf-8", "replace").decode("utf-8")
