"""Where an OpenAI-compatible target is and what opens it, read from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from rebaseline.domain.model import Target
from rebaseline.targets.settings import host_of, key_in, text_setting

__all__ = ["OPENAI_KEY_VARIABLE", "OPENAI_URL", "Endpoint", "endpoint_of"]

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_KEY_VARIABLE = "OPENAI_API_KEY"

_OPENAI = "openai"
"""The type of a target whose vendor is known, whatever its address."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, and with which key.

    Attributes:
        base_url: Address up to and including the version, `https://…/v1`.
        provider: The setting `provider`, or else the vendor of a target of type `openai`, the host of any other.
        key_variable: The environment variable that holds the key; None for an endpoint without one.
        key: The key itself, never shown; None for none.
        organization: OpenAI's organization; None for none.
        project: OpenAI's project; None for none.
        where: The target's place in the project file.
    """

    base_url: str
    provider: str
    key_variable: str | None
    key: str | None = field(repr=False)
    organization: str | None
    project: str | None
    where: str


def endpoint_of(target: Target, environment: Mapping[str, str]) -> Endpoint:
    """Return the endpoint that the settings of a target name.

    Settings: `base_url` (OpenAI's own unless given), `api_key_env` (the *name* of the variable with the key; on
    OpenAI's own address `OPENAI_API_KEY` unless given, elsewhere none), `provider`, `organization`, `project`.

    Raises:
        ConfigurationError: The address is none, or the variable that should hold the key is not set.
    """
    where = f"targets.{target.name}"
    base_url = text_setting(target, "base_url") or OPENAI_URL
    host = host_of(base_url, where)
    variable = text_setting(target, "api_key_env") or (OPENAI_KEY_VARIABLE if base_url == OPENAI_URL else None)
    return Endpoint(
        base_url=base_url,
        provider=text_setting(target, "provider") or (_OPENAI if target.type == _OPENAI else host),
        key_variable=variable,
        key=None if variable is None else key_in(environment, variable, where),
        organization=text_setting(target, "organization"),
        project=text_setting(target, "project"),
        where=where,
    )
