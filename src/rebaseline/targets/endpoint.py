"""Where an OpenAI-compatible target is and what opens it, read from its settings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from rebaseline.domain.model import Target
from rebaseline.errors import ConfigurationError

__all__ = ["OPENAI_KEY_VARIABLE", "OPENAI_URL", "Endpoint", "endpoint_of"]

OPENAI_URL = "https://api.openai.com/v1"
OPENAI_KEY_VARIABLE = "OPENAI_API_KEY"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask, and with which key.

    Attributes:
        base_url: Address up to and including the version, `https://…/v1`.
        provider: The setting `provider`, or else the host of the address.
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
    base_url = _setting(target, "base_url") or OPENAI_URL
    host = _host(base_url, where)
    variable = _setting(target, "api_key_env") or (OPENAI_KEY_VARIABLE if base_url == OPENAI_URL else None)
    return Endpoint(
        base_url=base_url,
        provider=_setting(target, "provider") or host,
        key_variable=variable,
        key=None if variable is None else _key(environment, variable, where),
        organization=_setting(target, "organization"),
        project=_setting(target, "project"),
        where=where,
    )


def _setting(target: Target, name: str) -> str | None:
    value: Any = target.settings.get(name)
    if value is None or (isinstance(value, str) and value):
        return value
    raise ConfigurationError(
        f"{name} is {type(value).__name__} {value!r}, not a text that says something", where=f"targets.{target.name}"
    )


def _host(base_url: str, where: str) -> str:
    """Return the host of the address, which must be one that can be asked and must carry no user or password."""
    try:
        parts = urlsplit(base_url)
        host, secret = parts.hostname, parts.username or parts.password
    except ValueError:
        host, secret, parts = None, None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise ConfigurationError("base_url is no http or https address", where=where, remedy="Write https://host/v1.")
    if secret:
        raise ConfigurationError(
            "base_url carries a user or a password",
            where=where,
            remedy="Take it out: settings are stored. Name an environment variable in api_key_env instead.",
        )
    return host


def _key(environment: Mapping[str, str], variable: str, where: str) -> str:
    """Return the key. White space around it comes from files and is dropped; anything else odd is a mistake."""
    key = environment.get(variable, "").strip()
    if not key:
        raise ConfigurationError(
            f"the environment variable {variable} is not set", where=where, remedy=f"Set {variable} to the API key."
        )
    if not (key.isascii() and key.isprintable()):
        raise ConfigurationError(
            f"the environment variable {variable} holds characters that no API key has",
            where=where,
            remedy=f"Set {variable} to the API key and nothing else.",
        )
    return key
