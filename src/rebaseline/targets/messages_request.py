"""Neutral requests in the words of Anthropic's Messages."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any, assert_never

from rebaseline.domain.attempt import ToolCall
from rebaseline.domain.suite import Tool
from rebaseline.errors import ConfigurationError
from rebaseline.targets.base import Message, ModelTurn, Request, ToolResult, UserTurn
from rebaseline.targets.wire_json import encoded, schema_of, sent_parameters

__all__ = ["MANDATORY", "RESERVED", "wire_body"]

MANDATORY = frozenset({"max_tokens"})
"""Parameters without which no request is valid."""

RESERVED = frozenset({"messages", "model", "stream", "system", "tools"})
"""Members of the request that are not parameters: the probe says them elsewhere, or the adapter cannot serve them."""


def wire_body(request: Request) -> dict[str, Any]:
    """Return the body of a request, the same for a call and for an entry of a batch.

    Parameters are members of the body as the suite wrote them, null and unknown ones included. The SDK has no argument
    for those that its own version of the API refuses (`temperature` since 2.0) and says to send them as `extra_body`,
    whose members it merges into the body: what we send is the same.

    Raises:
        ConfigurationError: A parameter is a part of the request with a place of its own, `max_tokens` is missing, or
            the arguments of a scripted tool call are no JSON object.
    """
    parameters = sent_parameters(request.parameters, RESERVED)
    missing = sorted(MANDATORY - parameters.keys())
    if missing:
        raise ConfigurationError(
            f"{missing[0]} is missing: Messages takes no request without it",
            where="parameters",
            remedy=f"Write `{missing[0]} = 1024`, say, under `parameters` of the target or of the suite.",
        )
    body: dict[str, Any] = {"model": request.model, "messages": _messages(request.messages)}
    if request.system is not None:
        body["system"] = request.system
    if request.tools:
        body["tools"] = [_tool(tool) for tool in request.tools]
    # There and back, for what JSON or UTF-8 cannot carry: the SDK makes the bytes of what it is given here.
    carried: dict[str, Any] = json.loads(encoded(body | parameters))
    return carried


def _messages(messages: tuple[Message, ...]) -> list[dict[str, Any]]:
    """Return the turns. All results of one turn's calls go into one message: apart, they are refused."""
    turns: list[dict[str, Any]] = []
    for are_results, run in groupby(messages, key=lambda message: isinstance(message, ToolResult)):
        if are_results:
            results = [_result(message) for message in run if isinstance(message, ToolResult)]
            turns.append({"role": "user", "content": results})
        else:
            turns.extend(_message(message) for message in run)
    return turns


def _message(message: Message) -> dict[str, Any]:
    match message:
        case UserTurn(text):
            return {"role": "user", "content": text}
        case ModelTurn(opaque=(_, *_) as blocks):
            return {"role": "assistant", "content": list(blocks)}
        case ModelTurn(text, ()):
            return {"role": "assistant", "content": text}
        case ModelTurn(text, calls):
            said = [{"type": "text", "text": text}] if text else []
            return {"role": "assistant", "content": said + [_call(each.id, each.call) for each in calls]}
        case ToolResult():
            return {"role": "user", "content": [_result(message)]}
        case _:
            assert_never(message)


def _call(call_id: str, call: ToolCall) -> dict[str, Any]:
    try:
        arguments = json.loads(call.arguments)
    except ValueError:
        arguments = None
    if not isinstance(arguments, dict):
        raise ConfigurationError(
            f"the arguments of the call of {call.name!r} are no JSON object, which Messages needs", where="turns"
        )
    return {"type": "tool_use", "id": call_id, "name": call.name, "input": arguments}


def _result(result: ToolResult) -> dict[str, Any]:
    return {"type": "tool_result", "tool_use_id": result.call_id, "content": result.text}


def _tool(tool: Tool) -> dict[str, Any]:
    described = {"description": tool.description} if tool.description else {}
    return {"name": tool.name, **described, "input_schema": schema_of(tool)}
