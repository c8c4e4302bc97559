"""What targets of Anthropic's models share, whichever platform serves them: versions, betas, and a bare client."""

from __future__ import annotations

import os
from importlib import import_module
from types import ModuleType
from typing import Any

import anthropic

# The SDK has no public name for the version that it asks for: its clients for clouds put it into the body unseen.
from anthropic._constants import ANTHROPIC_API_VERSION

from rebaseline.errors import ConfigurationError
from rebaseline.targets.base import Opening
from rebaseline.targets.http_client import open_client
from rebaseline.targets.settings import text_setting

__all__ = ["api_version_of", "beta_headers", "client_options", "library"]


def api_version_of(opening: Opening, unless_given: str = ANTHROPIC_API_VERSION) -> str:
    """Return the setting `api_version`, or what is asked for where it is not given: the SDK's own version.

    Raises:
        ConfigurationError: It is nothing that a header could hold.
    """
    return _sendable(text_setting(opening.target, "api_version") or unless_given, "api_version", opening)


def beta_headers(opening: Opening) -> dict[str, str]:
    """Return the header that asks for the beta features of the setting `beta`; none without any.

    Raises:
        ConfigurationError: A name is nothing that a header could hold.
    """
    features = [_sendable(feature, "beta", opening) for feature in opening.target.settings.get("beta") or ()]
    return {"anthropic-beta": ",".join(features)} if features else {}


def client_options(opening: Opening, base_url: str) -> dict[str, Any]:
    """Return the arguments that every client of the SDK gets: no retries, no traces, and our HTTP client.

    Each client also sends the headers that the variable `ANTHROPIC_CUSTOM_HEADERS` of the process lists, one a line:
    what is measured would depend on something that no target says. A header of `omit` takes such a one out.

    Raises:
        ConfigurationError: The proxy or the certificates of the environment cannot be used.
    """
    lines = os.environ.get("ANTHROPIC_CUSTOM_HEADERS", "").split("\n")
    names = [line.partition(":")[0].strip() for line in lines if ":" in line]
    return {
        "base_url": base_url,
        "max_retries": 0,
        "open_telemetry": False,
        "default_headers": dict.fromkeys(names, anthropic.omit),
        "http_client": open_client(anthropic.DefaultAioHttpClient, base_url, where=opening.where),
    }


def library(name: str, extra: str, opening: Opening) -> ModuleType:
    """Return a module of a cloud's own library, which only its extra installs.

    Raises:
        ConfigurationError: It is not installed.
    """
    try:
        return import_module(name)
    except ImportError:
        problem = f"targets of type {opening.target.type!r} need {name.partition('.')[0]!r}, which is not installed"
    raise ConfigurationError(problem, where=opening.where, remedy=f"pip install 'rebaseline[{extra}]'")


def _sendable(text: Any, name: str, opening: Opening) -> str:
    if isinstance(text, str) and text and text.isascii() and text.isprintable():
        return text
    raise ConfigurationError(
        f"{name} holds {text!r}, which no header can", where=opening.where, remedy="Write printable ASCII."
    )
