"""Opens targets of type `anthropic-vertex`: Anthropic's models as Google serves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import anthropic

from rebaseline.errors import ConfigurationError
from rebaseline.targets.anthropic_settings import api_version_of, beta_headers, client_options, library
from rebaseline.targets.anthropic_target import MessagesTarget, Way
from rebaseline.targets.base import Opening
from rebaseline.targets.refused import Opener
from rebaseline.targets.settings import host_of, text_setting

__all__ = ["open_adapter"]

_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
_REGION_VARIABLES = ("CLOUD_ML_REGION", "GOOGLE_CLOUD_LOCATION")
_PROJECT_VARIABLES = ("ANTHROPIC_VERTEX_PROJECT_ID", "GOOGLE_CLOUD_PROJECT")
_TOKEN_VARIABLE = "CLOUDSDK_AUTH_ACCESS_TOKEN"  # noqa: S105 - a name, no token
_GROUPS = {
    "global": "https://aiplatform.googleapis.com/v1",
    "us": "https://aiplatform.us.rep.googleapis.com/v1",
    "eu": "https://aiplatform.eu.rep.googleapis.com/v1",
}
_LOG_IN = "Log in (`gcloud auth application-default login`), or set GOOGLE_APPLICATION_CREDENTIALS."


def open_adapter(opening: Opening) -> MessagesTarget:
    """Open a target.

    Settings: `region` (`CLOUD_ML_REGION` or `GOOGLE_CLOUD_LOCATION` unless given), `project_id` (as Google's tools find
    it unless given), `base_url` (Google's own for the region unless given), `provider` (`vertex-REGION` unless given,
    or the host of `base_url`), `api_version`, `beta`.

    Raises:
        ConfigurationError: The extra is not installed, no region or project is named, nobody is logged in, or a setting
            is wrong.
    """
    errors = library("google.auth.exceptions", "vertex", opening)
    region = _named(opening, "region", _REGION_VARIABLES)
    if region is None:
        raise ConfigurationError(
            "no region of Google's cloud is named",
            where=opening.where,
            remedy=f"Write `region` (`global` is one), or set {_REGION_VARIABLES[0]}.",
        )
    given = text_setting(opening.target, "base_url")
    base_url = given or _GROUPS.get(region, f"https://{region}-aiplatform.googleapis.com/v1")
    host = host_of(base_url, opening.where)
    provider = text_setting(opening.target, "provider") or (host if given else f"vertex-{region}")
    project, credentials, secret = _account(opening, errors.GoogleAuthError)
    api_version, headers = api_version_of(opening), beta_headers(opening)
    client = anthropic.AsyncAnthropicVertex(
        region=region, project_id=project, **credentials, **client_options(opening, base_url)
    )
    way = Way(
        client,
        provider,
        Opener(provider, opening.where, "the Google credentials", f"Check what they may use in {project}."),
        api_version,
        headers=headers,
        extra={"anthropic_version": api_version},
        secret=secret,
        refusals=(errors.GoogleAuthError,),
        failures=(errors.TransportError,),
    )
    return MessagesTarget(way, monotonic=opening.monotonic)


def _account(opening: Opening, unknown: type[Exception]) -> tuple[str, dict[str, Any], Callable[[], str | None]]:
    """Return the project, what opens it as arguments of the client, and how to learn the token that is sent.

    A token in `CLOUDSDK_AUTH_ACCESS_TOKEN`, which gcloud takes too, wins; else Google's library looks for credentials.
    They are given to the client: it would look for them only after it had needed the project that they name.
    """
    project = _named(opening, "project_id", _PROJECT_VARIABLES)
    token = opening.environment.get(_TOKEN_VARIABLE, "").strip()
    if token:
        return _needed(project, opening), {"access_token": token}, lambda: token
    try:
        credentials, found = library("google.auth", "vertex", opening).default(scopes=[_SCOPE])
    except unknown as error:
        problem = f"no Google credentials can be had ({type(error).__name__})"
    else:
        return _needed(project or found, opening), {"credentials": credentials}, lambda: credentials.token
    raise ConfigurationError(problem, where=opening.where, remedy=_LOG_IN)


def _named(opening: Opening, setting: str, variables: tuple[str, ...]) -> str | None:
    found = (opening.environment.get(variable) for variable in variables)
    return text_setting(opening.target, setting) or next(filter(None, found), None)


def _needed(project: str | None, opening: Opening) -> str:
    if not project:
        raise ConfigurationError(
            "no project of Google's cloud is named",
            where=opening.where,
            remedy=f"Write `project_id`, or set {_PROJECT_VARIABLES[-1]}.",
        )
    return project
