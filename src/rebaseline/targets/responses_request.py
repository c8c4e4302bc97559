"""Neutral requests in the words of OpenAI's Responses."""

from __future__ import annotations

from typing import Any, assert_never

from rebaseline.domain.suite import Tool
from rebaseline.targets.base import Message, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.wire_json import schema_of, sent_parameters

__all__ = ["RESERVED", "wire_body"]

RESERVED = frozenset({"background", "input", "instructions", "model", "stream", "stream_options", "tools"})
"""Members of the request that are not parameters: the probe says them elsewhere, or the adapter cannot serve them."""


def wire_body(request: Request) -> dict[str, Any]:
    """Return the body of a request: what was asked, and `strict` of each tool (see `_function`).

    The system prompt is `instructions`, which the API has for it. Nothing is said of `store`: the provider's own
    setting is part of what is measured.

    Raises:
        ConfigurationError: A parameter is a member of the request that is no parameter.
    """
    return {
        "model": request.model,
        **({} if request.system is None else {"instructions": request.system}),
        "input": [item for message in request.messages for item in _items(message)],
        **({"tools": [_function(tool) for tool in request.tools]} if request.tools else {}),
        **sent_parameters(request.parameters, RESERVED),
    }


def _items(message: Message) -> list[dict[str, Any]]:
    match message:
        case UserTurn(text):
            return [{"role": "user", "content": text}]
        case ModelTurn() if message.opaque:
            return _returned(message)
        case ModelTurn(text, calls):
            said = [{"role": "assistant", "content": text}] if text or not calls else []
            return said + [_call(each.id, each.call.name, each.call.arguments) for each in calls]
        case ToolResult(call_id, text):
            return [{"type": "function_call_output", "call_id": call_id, "output": text}]
        case _:
            assert_never(message)


def _call(call_id: str, name: str, arguments: str) -> dict[str, Any]:
    return {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments}


def _returned(turn: ModelTurn) -> list[dict[str, Any]]:
    """Return the items of a reply as they came, reasoning included: without it, models forget why they called.

    A call that came without an id bears the one that the conversation made up, which its result names.
    """
    ids = iter([each.id for each in turn.calls])
    return [
        {**item, "call_id": next(ids)} if item.get("type") == "function_call" else dict(item) for item in turn.opaque
    ]


def _function(tool: Tool) -> dict[str, Any]:
    """Return a tool. Unless told, this API rewrites schemas into its strict form, and Chat Completions does not.

    `strict` is therefore sent: the schema is meant as the suite wrote it, on every provider.
    """
    described = {"description": tool.description} if tool.description else {}
    return {"type": "function", "name": tool.name, **described, "parameters": schema_of(tool), "strict": False}
