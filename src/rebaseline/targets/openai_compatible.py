"""Opens targets of OpenAI, and of whatever else speaks its formats at an address of its own."""

from __future__ import annotations

from rebaseline.targets.base import Opening
from rebaseline.targets.endpoint import Endpoint, endpoint_of
from rebaseline.targets.openai_access import Access, WireFormat, format_of
from rebaseline.targets.openai_models import ListingOpenAITarget
from rebaseline.targets.refused import Opener

__all__ = ["access_of", "open_adapter"]

_OPENAI = "openai"


def open_adapter(opening: Opening) -> ListingOpenAITarget:
    """Open a target of type `openai` or `openai-compatible`.

    Raises:
        ConfigurationError: A setting is wrong, or the key is missing.
    """
    access, wire_format = access_of(opening)
    return ListingOpenAITarget(access, wire_format, monotonic=opening.monotonic)


def access_of(opening: Opening) -> tuple[Access, WireFormat]:
    """Return how a target of type `openai` or `openai-compatible` is opened, and in which format it is asked.

    Raises:
        ConfigurationError: A setting is wrong, or the key is missing.
    """
    default = "responses" if opening.target.type == _OPENAI else "chat"
    wire_format = format_of(opening.target, default)
    return _access(endpoint_of(opening.target, opening.environment)), wire_format


def _access(endpoint: Endpoint) -> Access:
    variable = endpoint.key_variable
    opener = Opener(
        provider=endpoint.provider,
        where=endpoint.where,
        name=f"the key in {variable}" if variable else "a request without a key",
        remedy=f"Check {variable} and what it may use." if variable else "Name its variable in api_key_env.",
        secret=endpoint.key,
    )
    headers = {
        "Authorization": None if endpoint.key is None else f"Bearer {endpoint.key}",
        "OpenAI-Organization": endpoint.organization,
        "OpenAI-Project": endpoint.project,
    }
    return Access(endpoint.base_url, opener, {name: value for name, value in headers.items() if value is not None})
