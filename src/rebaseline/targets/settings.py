"""Settings of a target that several types share: texts, an address, and the key that a variable holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from rebaseline.domain.model import Target
from rebaseline.errors import ConfigurationError

__all__ = ["host_of", "key_in", "text_setting"]


def text_setting(target: Target, name: str) -> str | None:
    """Return a setting that is a text; None where it is not given.

    Raises:
        ConfigurationError: It is no text, or an empty one.
    """
    value: Any = target.settings.get(name)
    if value is None or (isinstance(value, str) and value):
        return value
    raise ConfigurationError(
        f"{name} is {type(value).__name__} {value!r}, not a text that says something", where=f"targets.{target.name}"
    )


def host_of(base_url: str, where: str) -> str:
    """Return the host of an address.

    Raises:
        ConfigurationError: The address cannot be asked, or carries a user or a password.
    """
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


def key_in(environment: Mapping[str, str], variable: str, where: str) -> str:
    """Return the key that a variable holds. White space around it comes from files and is dropped.

    Raises:
        ConfigurationError: The variable is not set, or holds characters that no key has.
    """
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
