"""Opens targets of type `anthropic`: Anthropic's own platform, and gateways that speak its Messages."""

from __future__ import annotations

import anthropic

from rebaseline.targets.anthropic_models import ListingMessagesTarget
from rebaseline.targets.anthropic_settings import api_version_of, beta_headers, client_options
from rebaseline.targets.anthropic_target import Way
from rebaseline.targets.base import Opening
from rebaseline.targets.refused import Opener
from rebaseline.targets.settings import host_of, key_in, text_setting

__all__ = ["ANTHROPIC_KEY_VARIABLE", "ANTHROPIC_URL", "open_adapter", "way_of"]

ANTHROPIC_URL = "https://api.anthropic.com"
ANTHROPIC_KEY_VARIABLE = "ANTHROPIC_API_KEY"


def open_adapter(opening: Opening) -> ListingMessagesTarget:
    """Open a target: see `way_of`."""
    return ListingMessagesTarget(way_of(opening), monotonic=opening.monotonic)


def way_of(opening: Opening) -> Way:
    """Return how a target of type `anthropic` is opened.

    Settings: `base_url` (Anthropic's own unless given), `api_key_env` (the *name* of the variable with the key;
    `ANTHROPIC_API_KEY` unless given), `provider` (`anthropic` at its own address unless given, elsewhere the host, for
    whose models a gateway serves is not ours to say), `api_version` (the SDK's own unless given), `beta` (names of beta
    features).

    The key and the address are given to the SDK, so that it looks for neither: not in `ANTHROPIC_API_KEY`,
    `ANTHROPIC_AUTH_TOKEN` and `ANTHROPIC_BASE_URL`, and not in its profiles and files of credentials.

    Raises:
        ConfigurationError: The address is none, the key is missing, or the proxy or certificates cannot be used.
    """
    target, where = opening.target, opening.where
    base_url = text_setting(target, "base_url") or ANTHROPIC_URL
    host = host_of(base_url, where)
    provider = text_setting(target, "provider") or ("anthropic" if base_url == ANTHROPIC_URL else host)
    variable = text_setting(target, "api_key_env") or ANTHROPIC_KEY_VARIABLE
    key = key_in(opening.environment, variable, where)
    api_version, betas = api_version_of(opening), beta_headers(opening)
    client = anthropic.AsyncAnthropic(api_key=key, **client_options(opening, base_url))
    return Way(
        client,
        provider,
        Opener(provider, where, f"the key in {variable}", f"Check {variable} and what it may use."),
        api_version,
        headers={"Authorization": f"Bearer {key}", "anthropic-version": api_version, **betas},
        secret=lambda: key,
    )
