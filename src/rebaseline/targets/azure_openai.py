"""Opens deployments of OpenAI's models on Azure.

The formats are OpenAI's; addresses and what opens them are Azure's. With an API version, the classic addresses are
asked, which name the deployment; without one, those of its version 1, which go by the model in the body.
"""

from __future__ import annotations

from urllib.parse import quote

from rebaseline.errors import ConfigurationError
from rebaseline.targets.azure_entra import EntraTokens, default_credential
from rebaseline.targets.base import Opening
from rebaseline.targets.openai_access import CHAT, Access, Tokens, WireFormat, format_of
from rebaseline.targets.openai_target import OpenAITarget
from rebaseline.targets.refused import Opener
from rebaseline.targets.settings import host_of, key_in, text_setting

__all__ = ["open_adapter"]

_PROVIDER = "azure-openai"
_ENDPOINT_VARIABLE = "AZURE_OPENAI_ENDPOINT"
_KEY_VARIABLE = "AZURE_OPENAI_API_KEY"
_CURRENT = "v1"


def open_adapter(opening: Opening, *, tokens: Tokens | None = None) -> OpenAITarget:
    """Open a target of type `azure-openai`.

    Args:
        opening: What to open it with.
        tokens: Where tokens come from under `auth = "entra"`; where Azure's own tools find them unless given.

    Raises:
        ConfigurationError: A setting is wrong, the key is missing, or the package for tokens is.
    """
    wire_format = format_of(opening.target, "chat")
    auth = text_setting(opening.target, "auth") or "key"
    if auth not in {"key", "entra"}:
        raise ConfigurationError(f"auth is {auth!r}, not 'key' or 'entra'", where=f"{opening.where}.auth")
    access = _access(opening, wire_format, None if auth == "key" else tokens or _tokens(opening))
    return OpenAITarget(access, wire_format, monotonic=opening.monotonic)


def _tokens(opening: Opening) -> Tokens:
    return EntraTokens(default_credential(opening.where), where=opening.where)


def _access(opening: Opening, wire_format: WireFormat, tokens: Tokens | None) -> Access:
    endpoint = _endpoint(opening)
    opener, headers = _by_token(opening) if tokens else _by_key(opening)
    version = text_setting(opening.target, "api_version")
    if version is None:
        return Access(f"{endpoint}/openai/v1", opener, headers, tokens=tokens, api_version=_CURRENT)
    deployment = f"/deployments/{quote(opening.target.model, safe='')}" if wire_format is CHAT else ""
    return Access(
        f"{endpoint}/openai",
        opener,
        headers,
        query={"api-version": version},
        tokens=tokens,
        api_version=version,
        path=deployment + wire_format.path,
    )


def _endpoint(opening: Opening) -> str:
    endpoint = text_setting(opening.target, "endpoint") or opening.environment.get(_ENDPOINT_VARIABLE, "").strip()
    if not endpoint:
        raise ConfigurationError(
            f"there is no endpoint, and the environment variable {_ENDPOINT_VARIABLE} is not set",
            where=opening.where,
            remedy='Write endpoint = "https://NAME.openai.azure.com".',
        )
    host_of(endpoint, opening.where)
    return endpoint.rstrip("/")


def _by_key(opening: Opening) -> tuple[Opener, dict[str, str]]:
    variable = text_setting(opening.target, "api_key_env") or _KEY_VARIABLE
    key = key_in(opening.environment, variable, opening.where)
    remedy = f"Check {variable} and what it may use."
    return Opener(_provider(opening), opening.where, f"the key in {variable}", remedy, key), {"api-key": key}


def _by_token(opening: Opening) -> tuple[Opener, dict[str, str]]:
    remedy = "Check the identity of this machine and its role on the resource."
    return Opener(_provider(opening), opening.where, "the token of Microsoft Entra ID", remedy), {}


def _provider(opening: Opening) -> str:
    return text_setting(opening.target, "provider") or _PROVIDER
