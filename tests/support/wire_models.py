"""Lists of models over the wire, in OpenAI's words and in Anthropic's."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.wire import Received, WireReply

__all__ = ["AnthropicModels", "OpenAIModels", "anthropic_model", "openai_model"]


def openai_model(name: Any, **members: Any) -> dict[str, Any]:
    """Return an entry of OpenAI's list; `members` add to it."""
    return {"id": name, "object": "model", "created": 1_790_000_000, "owned_by": "openai"} | members


def anthropic_model(name: Any, **members: Any) -> dict[str, Any]:
    """Return an entry of Anthropic's list; `members` add to it."""
    named = {"id": name, "type": "model", "display_name": str(name), "created_at": "2026-09-22T00:00:00Z"}
    return named | {"lifecycle": "active", "deprecated_at": None, "retires_at": None} | members


class OpenAIModels:
    """OpenAI's list, in one piece."""

    path = "/v1/models"

    def __init__(self, *models: Mapping[str, Any]) -> None:
        self.models: Sequence[Mapping[str, Any]] = models

    def asks(self, received: Received) -> bool:
        """Say whether a request asks for the list."""
        return received.method == "GET" and urlsplit(received.path).path == self.path

    def __call__(self, received: Received) -> WireReply:
        """Return the list."""
        assert self.asks(received), received.path
        return WireReply(json.dumps({"object": "list", "data": self.models}).encode())


class AnthropicModels(OpenAIModels):
    """Anthropic's list, in pages; retired models are in it only where they are asked for.

    Attributes:
        page: Models of a page at most; the request's own limit, if that is less.
    """

    page = 2

    def __call__(self, received: Received) -> WireReply:
        """Return the page that is asked for."""
        assert self.asks(received), received.path
        query = parse_qs(urlsplit(received.path).query)
        states = query.get("lifecycle[]", ["active", "deprecated"])
        shown = [each for each in self.models if each.get("lifecycle", "active") in states]
        names = [each["id"] for each in shown]
        start = names.index(query["after_id"][0]) + 1 if "after_id" in query else 0
        end = start + min(self.page, int(query.get("limit", ["20"])[0]))
        part = shown[start:end]
        body = {
            "data": part,
            "has_more": end < len(shown),
            "first_id": part[0]["id"] if part else None,
            "last_id": part[-1]["id"] if part else None,
        }
        return WireReply(json.dumps(body).encode())
